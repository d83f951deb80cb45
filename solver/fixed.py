"""Fixed duties made complete: breaks and desks that the problem leaves open, chosen so that every rule is kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from solver.arrays import HOME, SITE, Block, slots_up
from solver.compiled_desks import cap_or_no_limit, released_desks
from solver.faults import InputFault, UnusableInputError
from solver.layout import Layout, plan_layout
from solver.models.exact import solve_exact
from solver.problem import Agent, FixedDuty, PreviousDuty, Problem, SpanOfTime, Window
from solver.roster import Roster
from solver.rules import Rule
from solver.shapes import break_need_slots
from solver.timeline import subtract

MOST_CHOICES = 3000
EXACT_SECONDS = 20.0


@dataclass(frozen=True)
class FixedPlan:
    """Fixed duties by agent index, complete but for what could not be found.

    :param open_breaks: agents for whom no breaks were found
    :param open_desks: duties (agent, start) for which no desk was found
    """

    blocks: dict[int, list[Block]]
    open_breaks: tuple[int, ...]
    open_desks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CompletedFixed:
    """Fixed duties by agent index, every break and desk chosen, and the desks released for them."""

    blocks: dict[int, list[Block]]
    released: tuple[str, ...]


def completed_fixed(problem: Problem, layout: Layout) -> CompletedFixed:
    """Complete the fixed duties, at first simply, where that fails with the exact model.

    :raises UnusableInputError: where there is no way to choose breaks and desks so that every rule is kept
    """
    plan = complete_fixed(problem, layout.released)
    if not plan.open_breaks and not plan.open_desks:
        return CompletedFixed(plan.blocks, layout.released)
    roster = solve_exact(_fixed_alone(problem), time_limit_seconds=EXACT_SECONDS).roster
    if roster is None:
        raise UnusableInputError(list(_faults(problem, plan)))
    released = plan_layout(problem, keep=roster.released_desks).released
    if not set(roster.released_desks) <= set(released):
        released = tuple(roster.released_desks)
    return CompletedFixed(_blocks_of(problem, roster, released), released)


def _fixed_alone(problem: Problem) -> Problem:
    """The problem in which nobody can be present but in fixed duties."""
    booked = {agent.id for agent in problem.agents if agent.fixed}
    agents = [
        agent.model_copy(
            update={
                "availability": _all_but_fixed(problem, agent),
                "not_together_with": [other for other in agent.not_together_with if other.agent in booked],
                "previous": [],
            }
        )
        for agent in problem.agents
        if agent.fixed
    ]
    # A copy must not inherit what has been computed of the whole problem.
    alone = {**{name: getattr(problem, name) for name in Problem.model_fields}, "agents": agents, "demand": []}
    return Problem.model_construct(**alone)


def _all_but_fixed(problem: Problem, agent: Agent) -> list[Window]:
    timeline = problem.timeline
    taken = [(timeline.minute_of(duty.start), timeline.minute_of(duty.end)) for duty in agent.fixed]
    return [
        Window(start=timeline.instant_of(start), end=timeline.instant_of(end), kind="blocked")
        for start, end in subtract([(0, timeline.minutes)], taken)
    ]


def _blocks_of(problem: Problem, roster: Roster, released: Sequence[str]) -> dict[int, list[Block]]:
    timeline = problem.timeline
    slot = timeline.slot_minutes
    desks = {desk: number for number, (desk, _room) in enumerate(released_desks(problem, released))}
    index_of = {agent.id: number for number, agent in enumerate(problem.agents)}
    fixed = {(agent.id, duty.start, duty.end) for agent in problem.agents for duty in agent.fixed}
    blocks: dict[int, list[Block]] = {}
    for duty in roster.duties:
        if (duty.agent, duty.start, duty.end) in fixed:
            spans = [
                (timeline.minute_of(part.start) // slot, timeline.minute_of(part.end) // slot)
                for part in [duty, *duty.breaks]
            ]
            place = SITE if duty.place == "site" else HOME
            desk = desks[duty.desk] if duty.desk is not None else -1
            block = Block(*spans[0], place, tuple(sorted(spans[1:])), desk)
            blocks.setdefault(index_of[duty.agent], []).append(block)
    return blocks


def _faults(problem: Problem, plan: FixedPlan) -> Iterator[InputFault]:
    for index in plan.open_breaks:
        agent = problem.agents[index]
        yield InputFault(f"agents[{index}].fixed", "fixed_breaks_rule", {"rule": Rule.BREAKS, "agent": agent.id})
    for index, start in plan.open_desks:
        agent = problem.agents[index]
        minute = start * problem.horizon.slot_minutes
        facts: dict[str, str | int | float | None] = {"rule": Rule.DESK, "agent": agent.id, "start_minute": minute}
        yield InputFault(f"agents[{index}].fixed", "fixed_breaks_rule", facts)


def complete_fixed(problem: Problem, released: Sequence[str]) -> FixedPlan:
    """Choose breaks and desks of the fixed duties one after the other, as short and as near as they may be."""
    blocks: dict[int, list[Block]] = {}
    open_breaks = []
    for index, agent in enumerate(problem.agents):
        if agent.fixed:
            chosen = _with_breaks(problem, agent)
            if chosen is None:
                open_breaks.append(index)
            else:
                blocks[index] = chosen
    open_desks = _seat(problem, blocks, released)
    return FixedPlan(blocks, tuple(open_breaks), tuple(open_desks))


def _with_breaks(problem: Problem, agent: Agent) -> list[Block] | None:
    timeline = problem.timeline
    by_day: dict[int, list[FixedDuty]] = {}
    for duty in sorted(agent.fixed, key=lambda duty: duty.start):
        by_day.setdefault(timeline.day_index_of(timeline.minute_of(duty.start)), []).append(duty)
    chosen: list[Block] = []
    for duties in by_day.values():
        day = _day_with_breaks(problem, agent, duties)
        if day is None:
            return None
        chosen += day
    return chosen if _run_holds(problem, chosen) and _weeks_hold(problem, agent, chosen) else None


def _day_with_breaks(problem: Problem, agent: Agent, duties: Sequence[FixedDuty]) -> list[Block] | None:
    """The choice with the shortest pauses that keeps the day's rules."""
    published = _published_breaks(problem, agent)
    choices = [list(_choices(problem, duty, published)) for duty in duties]
    found = itertools.islice(itertools.product(*choices), MOST_CHOICES)
    ordered = sorted(found, key=lambda day: (any(_differs(published, block) for block in day), -_work(day)))
    return next((list(day) for day in ordered if _day_holds(problem, agent, day)), None)


def _work(day: Sequence[Block]) -> int:
    return sum(block.work for block in day)


def _published_breaks(problem: Problem, agent: Agent) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
    """Breaks of the published duties by their start and end, in slots: bookings keep theirs where they may."""

    def span(part: PreviousDuty | SpanOfTime) -> tuple[int, int]:
        slot = problem.horizon.slot_minutes
        return problem.timeline.minute_of(part.start) // slot, problem.timeline.minute_of(part.end) // slot

    return {span(duty): tuple(sorted(span(part) for part in duty.breaks)) for duty in agent.previous}


def _differs(published: Mapping[tuple[int, int], tuple[tuple[int, int], ...]], block: Block) -> bool:
    return published.get((block.start, block.end), block.breaks) != block.breaks


def _choices(
    problem: Problem, duty: FixedDuty, published: Mapping[tuple[int, int], tuple[tuple[int, int], ...]]
) -> Iterator[Block]:
    """The duty without a break, with one, two … breaks of every length, evenly spread."""
    timeline = problem.timeline
    slot = timeline.slot_minutes
    start, end = timeline.minute_of(duty.start) // slot, timeline.minute_of(duty.end) // slot
    place = SITE if duty.place == "site" else HOME
    if duty.breaks is not None:
        spans = sorted(
            (timeline.minute_of(span.start) // slot, timeline.minute_of(span.end) // slot) for span in duty.breaks
        )
        yield Block(start, end, place, tuple(spans))
        return
    if published.get((start, end)):
        yield Block(start, end, place, published[start, end])
    yield Block(start, end, place)
    edge = slots_up(problem.duties.break_edge_minutes, slot)
    part = max(1, slots_up(problem.labour.min_break_part_minutes, slot))
    for parts in range(1, 5):
        for pause in range(parts * part, end - start - 2 * edge - parts + 2):
            spread = _spread(start, end, edge, parts, pause)
            if spread:
                yield Block(start, end, place, spread)


def _spread(start: int, end: int, edge: int, parts: int, pause: int) -> tuple[tuple[int, int], ...]:
    """Breaks of nearly equal length with runs of nearly equal length between them."""
    work = end - start - pause
    runs = [work * (number + 1) // (parts + 1) - work * number // (parts + 1) for number in range(parts + 1)]
    sizes = [pause // parts + (number < pause % parts) for number in range(parts)]
    if min(runs) < 1 or runs[0] < edge or runs[-1] < edge:
        return ()
    spans, moment = [], start
    for run, size in zip(runs, sizes, strict=False):
        spans.append((moment + run, moment + run + size))
        moment += run + size
    return tuple(spans)


def _day_holds(problem: Problem, agent: Agent, day: Sequence[Block]) -> bool:
    slot = problem.horizon.slot_minutes
    part = max(1, slots_up(problem.labour.min_break_part_minutes, slot))
    work = sum(block.work for block in day)
    own = agent.limits.max_work_minutes_per_day
    cap = min(problem.labour.max_work_minutes_per_day, own if own is not None else 1 << 30)
    gaps = [after.start - before.end for before, after in itertools.pairwise(day)]
    pauses = sum(end - start for block in day for start, end in block.breaks) + sum(gap for gap in gaps if gap >= part)
    return work * slot <= cap and pauses >= break_need_slots(problem, work) and _run_holds(problem, day)


def _run_holds(problem: Problem, blocks: Sequence[Block]) -> bool:
    """Whether no work goes on too long without a pause, over all duties."""
    slot = problem.horizon.slot_minutes
    part = max(1, slots_up(problem.labour.min_break_part_minutes, slot))
    worked, last_end = 0, None
    for block in blocks:
        if last_end is not None and block.start - last_end >= part:
            worked = 0
        moment = block.start
        for start, end in [*block.breaks, (block.end, block.end)]:
            worked += start - moment
            if worked * slot > problem.labour.max_run_minutes:
                return False
            if start < block.end:
                worked = 0
            moment = end
        last_end = block.end
    return True


def _weeks_hold(problem: Problem, agent: Agent, blocks: Sequence[Block]) -> bool:
    timeline = problem.timeline
    work = [0] * timeline.runs
    for block in blocks:
        day = timeline.day_index_of(block.start * timeline.slot_minutes)
        work[timeline.run_of(day)] += block.work * timeline.slot_minutes
    return max(work) <= agent.weekly_minutes.max


def _seat(problem: Problem, blocks: dict[int, list[Block]], released: Sequence[str]) -> list[tuple[int, int]]:
    """Give each duty on site a desk, those with a named one first; returns those that found none."""
    desks = released_desks(problem, released)
    index = {desk: number for number, (desk, _room) in enumerate(desks)}
    floor = Floor(problem, desks)
    duties = [
        (problem.agents[agent].fixed, agent, number)
        for agent, own in blocks.items()
        for number, block in enumerate(own)
        if block.place == SITE
    ]
    wanted = []
    for fixed, agent, number in duties:
        ordered = sorted(fixed, key=lambda duty: duty.start)
        name = ordered[number].desk
        wanted.append((name is None, blocks[agent][number].start, agent, number, name))
    unseated = []
    for _open, start, agent, number, name in sorted(wanted, key=lambda entry: entry[:4]):
        block = blocks[agent][number]
        published = {duty.start: duty.desk for duty in problem.agents[agent].previous}
        liked = index.get(published.get(_start_of(problem, block)) or "", -1)
        desk = floor.find(agent, block, index.get(name, -1) if name is not None else None, liked)
        if desk < 0:
            unseated.append((agent, start))
        blocks[agent][number] = replace(block, desk=desk)
    return unseated


def _start_of(problem: Problem, block: Block) -> datetime:
    return problem.timeline.instant_of(block.start * problem.horizon.slot_minutes)


class Floor:
    """Who sits where while duties are seated one after the other."""

    def __init__(self, problem: Problem, desks: Sequence[tuple[str, int]]) -> None:
        self.problem = problem
        self.desks = desks
        self.gap = slots_up(problem.hygiene.cleaning_gap_minutes, problem.horizon.slot_minutes)
        self.features = {desk.id: set(desk.features) for room in problem.rooms for desk in room.desks}
        self.caps = [cap_or_no_limit(problem, room) for room in problem.rooms]
        self.taken: list[list[tuple[int, Block]]] = [[] for _desk in desks]

    def find(self, agent: int, block: Block, named: int | None, liked: int = -1) -> int:
        """A free desk that suits, the liked one first, -1 for none; a named one is taken as it is."""
        if named is not None:
            chosen = named
        else:
            chosen = next((number for number in self._by_liking(agent, liked) if self._fits(agent, block, number)), -1)
        if chosen >= 0:
            self.take(agent, block, chosen)
        return chosen

    def take(self, agent: int, block: Block, desk: int) -> None:
        """Seat somebody without asking."""
        self.taken[desk].append((agent, block))

    def _by_liking(self, agent: int, liked: int) -> list[int]:
        usual = self.problem.agents[agent].usual_desk
        return sorted(
            range(len(self.desks)),
            key=lambda number: (
                number != liked,
                self.desks[number][0] != usual,
                len(self.features[self.desks[number][0]]),
                number,
            ),
        )

    def _fits(self, agent: int, block: Block, number: int) -> bool:
        name, room = self.desks[number]
        person = self.problem.agents[agent]
        if not set(person.desk_needs) <= self.features[name]:
            return False
        for other, taken in self.taken[number]:
            gap = 0 if other == agent else self.gap
            if block.start < taken.end + gap and taken.start < block.end + gap:
                return False
        present = [
            (other, taken)
            for desk, taken_here in enumerate(self.taken)
            if self.desks[desk][1] == room
            for other, taken in taken_here
            if taken.start < block.end and block.start < taken.end
        ]
        if self.problem.hygiene.cohort_rule == "same_room" and person.cohort is not None:
            cohorts = {self.problem.agents[other].cohort for other, _taken in present} - {None, person.cohort}
            if cohorts:
                return False
        return all(
            sum(taken.start <= slot < taken.end for _other, taken in present) < self.caps[room]
            for slot in range(block.start, block.end)
        )
