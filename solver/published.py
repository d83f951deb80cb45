"""The roster published before, as a start for planning again, and as an answer where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from solver.arrays import HOME, SITE, Block, Compiled
from solver.checks import Verdict, judge
from solver.compiled_desks import released_desks
from solver.fixed import Floor
from solver.problem import Agent, Duty, PreviousDuty, Problem, SpanOfTime
from solver.roster import Roster
from solver.rules import Finding

# Duties in the way are dropped for so many rounds, after those all duties of everybody concerned.
ROUNDS_BY_DUTY = 4
MOST_ROUNDS = 10
Draft = Callable[[Sequence[Duty]], Roster]


def published_tours(problem: Problem, compiled: Compiled, draft: Draft) -> dict[int, list[Block]]:
    """What was published before and still keeps every rule together, by agent index.

    Duties that break a rule now are left out, the rest of the week stays. Who sat at a desk that is no longer
    released sits elsewhere.

    :param draft: makes a roster of duties
    """
    desks = {desk: number for number, desk in enumerate(compiled.desk_ids)}
    found = ((index, _tour(problem, compiled, index, agent, desks)) for index, agent in enumerate(problem.agents))
    tours = _seated(problem, compiled, {index: tour for index, tour in found if tour})
    for number in range(MOST_ROUNDS):
        everything = [*compiled.fixed.items(), *tours.items()]
        roster = draft([duty for index, blocks in everything for duty in _duties(compiled, index, blocks)])
        findings = judge(problem, roster).findings
        if not findings:
            return tours
        tours = _without(problem, tours, findings, by_duty=number < ROUNDS_BY_DUTY)
    return {}


def _seated(problem: Problem, compiled: Compiled, tours: Mapping[int, list[Block]]) -> dict[int, list[Block]]:
    """The tours with a desk for everybody on site, without the duties for which there is none."""
    floor = Floor(problem, released_desks(problem, compiled.desk_ids))
    for index, blocks in [*compiled.fixed.items(), *tours.items()]:
        for block in blocks:
            if block.desk >= 0:
                floor.take(index, block, block.desk)
    seated: dict[int, list[Block]] = {}
    for index, blocks in tours.items():
        seated[index] = [
            replace(block, desk=floor.find(index, block, None)) if block.place == SITE and block.desk < 0 else block
            for block in blocks
        ]
    kept = {
        index: [block for block in blocks if block.place == HOME or block.desk >= 0] for index, blocks in seated.items()
    }
    return {index: blocks for index, blocks in kept.items() if blocks}


def _without(
    problem: Problem, tours: Mapping[int, list[Block]], findings: Sequence[Finding], *, by_duty: bool
) -> dict[int, list[Block]]:
    """The tours without what the findings name: duties in their span, or whole tours where there is no such duty."""
    spans: dict[str, list[Finding]] = {}
    for finding in findings:
        for agent in finding.agents:
            spans.setdefault(agent, []).append(finding)
    left: dict[int, list[Block]] = {}
    for index, blocks in tours.items():
        named = spans.get(problem.agents[index].id, [])
        kept = [block for block in blocks if not any(_meets(problem, block, finding) for finding in named)]
        if named and (not by_duty or len(kept) == len(blocks)):
            kept = []
        if kept:
            left[index] = kept
    return left


def _meets(problem: Problem, block: Block, finding: Finding) -> bool:
    slot = problem.horizon.slot_minutes
    start = 0 if finding.start_minute is None else finding.start_minute
    end = problem.timeline.minutes if finding.end_minute is None else finding.end_minute
    return block.start * slot < end and start < block.end * slot


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
        if len(block.breaks) > arrays.most_parts:
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
