"""The roster published before, as a start for planning again, and as an answer where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from solver.arrays import HOME, SITE, Block, Compiled
from solver.checks import Verdict, judge
from solver.problem import Agent, Duty, PreviousDuty, Problem, SpanOfTime
from solver.roster import Roster

MOST_ROUNDS = 6
Draft = Callable[[Sequence[Duty]], Roster]


def published_tours(problem: Problem, compiled: Compiled, draft: Draft) -> dict[int, list[Block]]:
    """Tours published before that still keep every rule together, by agent index.

    :param draft: makes a roster of duties
    """
    desks = {desk: number for number, desk in enumerate(compiled.desk_ids)}
    found = ((index, _tour(problem, compiled, index, agent, desks)) for index, agent in enumerate(problem.agents))
    tours = {index: tour for index, tour in found if tour}
    for _round in range(MOST_ROUNDS):
        everything = [*compiled.fixed.items(), *tours.items()]
        roster = draft([duty for index, blocks in everything for duty in _duties(compiled, index, blocks)])
        blamed = {agent for finding in judge(problem, roster).findings for agent in finding.agents}
        if not blamed:
            return tours
        tours = {index: tour for index, tour in tours.items() if problem.agents[index].id not in blamed}
    return {}


def _tour(
    problem: Problem, compiled: Compiled, index: int, agent: Agent, desks: Mapping[str, int]
) -> list[Block] | None:
    """An agent's published duties without the fixed ones, None where they do not fit the form of the search."""
    arrays = compiled.arrays
    fixed = {(block.start, block.end) for block in compiled.fixed.get(index, [])}
    blocks = [_block(problem, duty, desks) for duty in agent.previous]
    own = sorted((block for block in blocks if (block.start, block.end) not in fixed), key=lambda block: block.start)
    by_day = groupby(own, key=lambda block: int(arrays.day_of_slot[block.start]))
    for day, duties in by_day:
        if len(list(duties)) > arrays.most_blocks or arrays.fixed_day[index, day]:
            return None
    for block in own:
        if len(block.breaks) > arrays.most_parts or (block.place == SITE and block.desk < 0):
            return None
    return own


def _block(problem: Problem, duty: PreviousDuty, desks: Mapping[str, int]) -> Block:
    timeline = problem.timeline
    slot = timeline.slot_minutes

    def span(part: SpanOfTime) -> tuple[int, int]:
        return timeline.minute_of(part.start) // slot, timeline.minute_of(part.end) // slot

    start, end = span(duty)
    place = SITE if duty.place == "site" else HOME
    desk = desks.get(duty.desk or "", -1) if place == SITE else -1
    return Block(start, end, place, tuple(sorted(span(pause) for pause in duty.breaks)), desk)


def _duties(compiled: Compiled, index: int, blocks: Sequence[Block]) -> list[Duty]:
    timeline = compiled.problem.timeline
    slot = timeline.slot_minutes

    def instants(start: int, end: int) -> SpanOfTime:
        return SpanOfTime(start=timeline.instant_of(start * slot), end=timeline.instant_of(end * slot))

    return [
        Duty(
            agent=compiled.problem.agents[index].id,
            start=timeline.instant_of(block.start * slot),
            end=timeline.instant_of(block.end * slot),
            breaks=[instants(*pause) for pause in block.breaks],
            place="site" if block.place == SITE else "home",
            desk=compiled.desk_ids[block.desk] if block.place == SITE else None,
        )
        for block in blocks
    ]


def published_roster(problem: Problem, draft: Draft) -> tuple[Roster, Verdict] | None:
    """The published roster as it was, with its verdict; None where there is none or it breaks a rule now."""
    duties = [
        Duty(**{**duty.model_dump(), "agent": agent.id})
        for agent in problem.agents
        for duty in sorted(agent.previous, key=lambda duty: duty.start)
    ]
    if not duties:
        return None
    roster = draft(duties)
    verdict = judge(problem, roster)
    return None if verdict.findings else (roster, verdict)
