"""A problem compiled to NumPy arrays: what the compiled search reads and never writes.

All times are slots (see :mod:`solver.timeline`), all spans half-open. Agents, days, queues, rooms and desks are
indices in the order of the problem; only released desks are numbered, sorted by room.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.array_of import ArrayOf
from solver.problem import Agent, Problem, Room
from solver.shapes import Shapes, break_need_slots, duty_shapes
from solver.timeline import Timeline, parse_clock

Ints = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 1)]
Ints2 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 2)]
Longs = Annotated[npt.NDArray[np.int64], ArrayOf("int64", 1)]
Bytes = Annotated[npt.NDArray[np.uint8], ArrayOf("uint8", 1)]
Bytes2 = Annotated[npt.NDArray[np.uint8], ArrayOf("uint8", 2)]
Floats = Annotated[npt.NDArray[np.float64], ArrayOf("float64", 1)]
Floats2 = Annotated[npt.NDArray[np.float64], ArrayOf("float64", 2)]
Ints4 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 4)]

BLOCKED, UNDESIRED, PREFERRED, PREVIOUS_SITE, PREVIOUS_HOME = 1, 2, 4, 8, 16
SITE, HOME = 0, 1
NO_LIMIT = 1 << 28
COHORT_RULES = {"none": 0, "same_room": 1, "same_site": 2, "same_day": 3}
MOST_QUEUES = 62
DESKS_PER_BAY = 16
FEATURED_RESERVE = 1.5
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Block:
    """One duty in slots; ``desk`` is the index of a released desk, -1 at home.

    :param breaks: (start, end) in slots, ascending
    """

    start: int
    end: int
    place: int
    breaks: tuple[tuple[int, int], ...] = ()
    desk: int = -1

    @property
    def work(self) -> int:
        """Slots of presence less breaks."""
        return self.end - self.start - sum(end - start for start, end in self.breaks)


FixedBlocks = Mapping[int, Sequence[Block]]


class Arrays(NamedTuple):
    """The problem for the compiled kernels. A = agents, T = slots, Q = queues, K = skill classes, N = released desks.

    The queue with index Q is idleness: required by nobody, known to everybody.
    """

    slot_minutes: int
    slots: int
    padded_slots: int
    days: int
    runs: int
    agents: int
    queues: int
    gap: int
    edge: int
    part: int
    run: int
    rest: int
    unit: int
    classes: int
    work_unit: int
    most_blocks: int
    most_parts: int
    site_cap: int
    arrivals_cap: int
    cohort_rule: int
    cohorts: int
    any_previous: int
    longest: int  # slots of the longest duty
    most_day_units: int
    day_start: Ints  # (days + 1,)
    base: Ints  # (days + 1,) slot that the rest classes of a day count from
    first_start: Ints  # (days + 1,) index into start_slot
    start_slot: Ints
    run_of_day: Ints
    day_of_slot: Ints  # (T + 1,)
    required: Ints2  # (T, Q + 1)
    worth: Floats  # (Q + 1,) weight times slot minutes
    class_mask: Longs  # (K,)
    pair_queue: Ints
    pair_start: Ints  # (K + 1,)
    pair_of: Ints2  # (K, Q + 1), -1 where the class has no such skill
    site_class: Ints  # (A,), -1 never on site
    home_class: Ints
    shape_work: Ints
    shape_break: Ints
    shape_units: Ints
    shape_parts: Ints
    shape_low: Ints
    shape_high: Ints
    shape_level: Ints  # power of two of positions that two look-ups cover
    shape_tail: Ints  # where the second look-up begins
    shape_paired: Bytes  # 1 where tried beside a second duty of the day
    shape_alone: Bytes
    shape_length: Ints  # index into break_lengths
    break_lengths: Ints
    need: Ints  # pause slots needed by work slots of a day
    low: Ints2  # (A, days) first slot a duty of the day may cover
    high: Ints2  # (A, days) last end, <= low where the agent cannot work
    marks: Bytes2  # (A, T)
    day_cap: Ints  # (A,)
    blocks: Ints  # (A,)
    weekly_units: Ints2  # (A, runs) work units left beside fixed duties
    workdays: Ints2  # (A, runs)
    contract_slots: Floats2  # (A, runs) least work not yet reached by fixed duties
    rest_class: Ints  # (A,)
    streak: Ints  # (A,) workdays in a row before the horizon
    streak_states: Ints  # (A,) 1 where the limit cannot bind
    most_streak: int
    prefers_home: Bytes
    usual_desk: Ints  # -1 none released
    has_usual: Bytes
    need_class: Ints
    cohort: Ints
    partner_start: Ints
    partner: Ints
    partner_gap: Ints
    desk_room: Ints
    bay_desk: Ints  # (bays + 1,) a bay is a few desks of one room, looked at together
    bay_room: Ints  # (bays,)
    desk_meets: Bytes2  # (need classes, N)
    desk_worth: Floats
    room_cap: Ints
    room_closes: Bytes  # 1 where a room may be full while a desk is free
    desk_gap: Ints  # (N,) slots of cleaning after a duty before the next at the same desk
    desk_counted: Bytes  # (N,) 1 where people at the desk count against the room's cap
    desk_afterwards: Ints  # (N,) slots for which they still count when they have gone
    room_afterwards: Ints  # (rooms,)
    exchangeable: Ints  # (1,) desks at which people may change places freely, 0 where caps or cohorts tell rooms apart
    fixed_day: Bytes2  # (A, days)


@dataclass(frozen=True)
class Compiled:
    """The arrays with the names that lead back from indices to ids."""

    problem: Problem
    arrays: Arrays
    desk_ids: list[str]
    fixed: dict[int, list[Block]]


def slots_up(minutes: int, slot_minutes: int) -> int:
    """Slots that hold at least so many minutes."""
    return -(-minutes // slot_minutes)


def compile_problem(problem: Problem, released: Iterable[str], fixed: Mapping[int, Sequence[Block]]) -> Compiled:
    """Compile a problem for the search.

    :param released: ids of the desks that may be used
    :param fixed: fixed duties by agent index, breaks and desks chosen; a block's desk counts in the order of
        :func:`released_desks`
    """
    timeline = problem.timeline
    desks = released_desks(problem, released)
    shapes = duty_shapes(problem)
    grid = _Grid(problem, timeline, fixed)
    parts = {
        **_scalars(problem, timeline, shapes, grid, fixed),
        **_demand(problem, timeline),
        **_skills(problem),
        **_shape_arrays(problem, shapes),
        **_agent_limits(problem, timeline, shapes, grid, fixed),
        **_people(problem, desks),
        **_desk_arrays(problem, desks),
        "marks": _marks(problem, timeline),
        "day_start": grid.day_start,
        "base": grid.base,
        "first_start": grid.first_start,
        "start_slot": grid.start_slot,
        "run_of_day": np.arange(timeline.days, dtype=np.int32) // 7,
        "day_of_slot": np.append(np.repeat(np.arange(timeline.days), np.diff(grid.day_start)), timeline.days).astype(
            np.int32
        ),
    }
    return Compiled(
        problem,
        Arrays(**parts),  # type: ignore[arg-type]
        [desk for desk, _room in desks],
        {agent: list(blocks) for agent, blocks in fixed.items()},
    )


def released_desks(problem: Problem, released: Iterable[str]) -> list[tuple[str, int]]:
    """Ids of the released desks with their room's index, in the order of the problem."""
    wanted = set(released)
    return [(desk.id, index) for index, room in enumerate(problem.rooms) for desk in room.desks if desk.id in wanted]


class _Grid:
    """Where duties may start, and the classes in which the rest period is counted."""

    def __init__(self, problem: Problem, timeline: Timeline, fixed: FixedBlocks) -> None:
        slot = timeline.slot_minutes
        self.day_start = np.array(timeline.day_start_minutes, dtype=np.int32) // slot
        starts = [self._starts(problem, timeline, day) for day in range(timeline.days)]
        self.start_slot = np.array([start for day in starts for start in day], dtype=np.int32)
        self.first_start = np.cumsum([0, *map(len, starts)], dtype=np.int32)
        self.rest = slots_up(max(problem.labour.min_rest_minutes, problem.labour.min_break_part_minutes), slot)
        every = [*self.start_slot.tolist(), *(block.start for blocks in fixed.values() for block in blocks)]
        self.unit = reduce(math.gcd, (start - every[0] for start in every), 0) or 1
        self.base = self._bases(starts, every[0] if every else 0)
        last = timeline.slots
        ends = [self._latest_end(problem, timeline, day) for day in range(timeline.days)]
        ends += [block.end for blocks in fixed.values() for block in blocks]
        thresholds = [
            min(end + self.rest, last) - int(self.base[self._day_of(end - 1) + 1]) for end in ends if 0 < end <= last
        ]
        thresholds += [
            min(self.rest + end, last) - int(self.base[day + 1]) for day, end in enumerate(ends[: len(starts)])
        ]
        thresholds += [_history_slot(agent, problem, last) - int(self.base[0]) for agent in problem.agents]
        self.classes = 2 + max(0, *(slots_up(value, self.unit) for value in thresholds), 0)

    def _day_of(self, slot: int) -> int:
        return int(np.searchsorted(self.day_start, slot, side="right")) - 1

    def _starts(self, problem: Problem, timeline: Timeline, day: int) -> list[int]:
        slot, step = timeline.slot_minutes, problem.duties.start_step_minutes
        earliest = timeline.clock_minute(day, parse_clock(problem.duties.earliest_start))
        minutes = range(timeline.day_start_minutes[day], timeline.day_start_minutes[day + 1], slot)
        return [minute // slot for minute in minutes if minute >= earliest and timeline.clock_of(minute) % step == 0]

    def _latest_end(self, problem: Problem, timeline: Timeline, day: int) -> int:
        end = timeline.clock_minute(day, parse_clock(problem.duties.latest_end)) // timeline.slot_minutes
        return max(0, min(end, timeline.slots))

    def _bases(self, starts: list[list[int]], origin: int) -> Ints:
        """First start of each day, or where there is none the first slot of the lattice in it."""
        bases = [
            day[0] if day else start + (origin - start) % self.unit
            for start, day in zip(self.day_start.tolist(), [*starts, []], strict=True)
        ]
        return np.array(bases, dtype=np.int32)


def _history_slot(agent: Agent, problem: Problem, last: int) -> int:
    """First slot at which the rest after ``history.last_end`` is over."""
    if agent.history is None or agent.history.last_end is None:
        return -NO_LIMIT
    timeline, labour = problem.timeline, problem.labour
    rest_minutes = max(labour.min_rest_minutes, labour.min_break_part_minutes)
    return min(last, slots_up(timeline.minute_of(agent.history.last_end) + rest_minutes, timeline.slot_minutes))


def _scalars(
    problem: Problem, timeline: Timeline, shapes: Shapes, grid: _Grid, fixed: FixedBlocks
) -> dict[str, object]:
    slot, hygiene, labour = timeline.slot_minutes, problem.hygiene, problem.labour
    gap = slots_up(hygiene.cleaning_gap_minutes, slot)
    by_day = [
        sum(int(grid.day_start[day]) <= block.start < int(grid.day_start[day + 1]) for block in blocks)
        for blocks in fixed.values()
        for day in range(timeline.days)
    ]
    fixed_parts = [len(block.breaks) for blocks in fixed.values() for block in blocks]
    two = any(agent.max_blocks_per_day > 1 for agent in problem.agents)
    return {
        "slot_minutes": slot,
        "slots": timeline.slots,
        "padded_slots": timeline.slots + gap + 1,
        "days": timeline.days,
        "runs": timeline.runs,
        "agents": len(problem.agents),
        "queues": len(problem.queues),
        "gap": gap,
        "edge": slots_up(problem.duties.break_edge_minutes, slot),
        "part": max(1, slots_up(labour.min_break_part_minutes, slot)),
        "run": min(NO_LIMIT, labour.max_run_minutes // slot),
        "rest": grid.rest,
        "unit": grid.unit,
        "classes": grid.classes,
        "work_unit": shapes.work_unit,
        "most_blocks": max([2 if two else 1, *by_day]),
        "most_parts": max([1, shapes.most_parts, *fixed_parts]),
        "site_cap": NO_LIMIT if hygiene.max_persons_on_site is None else hygiene.max_persons_on_site,
        "arrivals_cap": NO_LIMIT if hygiene.max_arrivals_per_slot is None else hygiene.max_arrivals_per_slot,
        "cohort_rule": COHORT_RULES[hygiene.cohort_rule],
        "cohorts": len({agent.cohort for agent in problem.agents} - {None}),
        "any_previous": int(any(agent.previous for agent in problem.agents)),
        "longest": max([1, *(shape.work + shape.pause for shape in shapes.shapes)]),
        "most_day_units": (labour.max_work_minutes_per_day // slot) // shapes.work_unit,
        "most_streak": labour.max_consecutive_workdays,
    }


def _demand(problem: Problem, timeline: Timeline) -> dict[str, object]:
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    required = np.zeros((timeline.slots, len(index) + 1), dtype=np.int32)
    for demand in problem.demand:
        start = timeline.minute_of(demand.start) // timeline.slot_minutes
        required[start : start + len(demand.required), index[demand.queue]] = demand.required
    worth = [queue.weight * timeline.slot_minutes for queue in problem.queues]
    return {"required": required, "worth": np.array([*worth, 0.0])}


def _skills(problem: Problem) -> dict[str, object]:
    """Agents sorted into classes of equal skills, those at home without the queues that are not allowed there."""
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    at_home = sum(1 << index[queue.id] for queue in problem.queues if queue.home_allowed)
    idle = 1 << len(index)
    classes: dict[int, int] = {}
    site, home = [], []
    for agent in problem.agents:
        mask = sum(1 << index[queue] for queue in set(agent.queues))
        site.append(-1 if agent.home == "only" else classes.setdefault(mask | idle, len(classes)))
        home.append(-1 if agent.home == "none" else classes.setdefault(mask & at_home | idle, len(classes)))
    pair_of = np.full((max(1, len(classes)), len(index) + 1), -1, dtype=np.int32)
    queues: list[int] = []
    starts = [0]
    for mask, number in classes.items():
        for queue in range(len(index) + 1):
            if mask >> queue & 1:
                pair_of[number, queue] = len(queues)
                queues.append(queue)
        starts.append(len(queues))
    return {
        "class_mask": np.array(list(classes) or [idle], dtype=np.int64),
        "pair_queue": np.array(queues or [len(index)], dtype=np.int32),
        "pair_start": np.array(starts if classes else [0, 1], dtype=np.int32),
        "pair_of": pair_of if classes else np.array([[-1] * len(index) + [0]], dtype=np.int32),
        "site_class": np.array(site, dtype=np.int32),
        "home_class": np.array(home, dtype=np.int32),
    }


def _shape_arrays(problem: Problem, shapes: Shapes) -> dict[str, object]:
    lengths = sorted({shape.pause for shape in shapes.shapes if shape.pause})
    columns = {
        "shape_work": [shape.work for shape in shapes.shapes],
        "shape_break": [shape.pause for shape in shapes.shapes],
        "shape_units": [shape.work // shapes.work_unit for shape in shapes.shapes],
        "shape_parts": [shape.parts for shape in shapes.shapes],
        "shape_low": [shape.low for shape in shapes.shapes],
        "shape_high": [shape.high for shape in shapes.shapes],
        "shape_length": [lengths.index(shape.pause) if shape.pause else -1 for shape in shapes.shapes],
    }
    levels = [max(0, shape.high - shape.low + 1).bit_length() - 1 for shape in shapes.shapes]
    columns["shape_level"] = [max(0, level) for level in levels]
    columns["shape_tail"] = [
        shape.high + 1 - (1 << max(0, level)) for shape, level in zip(shapes.shapes, levels, strict=True)
    ]
    arrays: dict[str, object] = {name: np.array(values, dtype=np.int32) for name, values in columns.items()}
    arrays["shape_alone"] = np.array([shape.alone for shape in shapes.shapes], dtype=np.uint8)
    first_of_work = [
        not index or shapes.shapes[index - 1].work != shape.work for index, shape in enumerate(shapes.shapes)
    ]
    arrays["shape_paired"] = np.array(first_of_work, dtype=np.uint8)
    arrays["break_lengths"] = np.array(lengths, dtype=np.int32)
    longest_day = max(problem.labour.max_work_minutes_per_day, *problem.duties.work_minutes, 0)
    slots = longest_day // problem.horizon.slot_minutes
    arrays["need"] = np.array([break_need_slots(problem, work) for work in range(slots + 1)], dtype=np.int32)
    return arrays


def _agent_limits(
    problem: Problem, timeline: Timeline, shapes: Shapes, grid: _Grid, fixed: FixedBlocks
) -> dict[str, object]:
    agents, slot, labour = problem.agents, timeline.slot_minutes, problem.labour
    shape = (len(agents), timeline.days)
    low, high = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    windows: dict[tuple[object, ...], tuple[Ints, Ints]] = {}
    fixed_day = np.zeros(shape, dtype=np.uint8)
    fixed_work = np.zeros((len(agents), timeline.runs), dtype=np.int64)
    for index, blocks in fixed.items():
        for block in blocks:
            day = int(np.searchsorted(grid.day_start, block.start, side="right")) - 1
            fixed_day[index, day] = 1
            fixed_work[index, day // 7] += block.work
    fixed_days = np.add.reduceat(fixed_day, np.arange(0, timeline.days, 7), axis=1).astype(np.int64)
    for index, agent in enumerate(agents):
        limits = agent.limits
        key = (limits.earliest_start, limits.latest_end, tuple(limits.free_days))
        if key not in windows:
            windows[key] = _windows(problem, timeline, agent)
        low[index], high[index] = windows[key]
        if agent.max_blocks_per_day == 0:
            high[index] = 0
    weekly = np.array([[agent.weekly_minutes.min, agent.weekly_minutes.max] for agent in agents]).reshape(-1, 2)
    most_days = np.array([agent.max_workdays for agent in agents], dtype=np.int64).reshape(-1, 1)
    return {
        "low": low,
        "high": high,
        "fixed_day": fixed_day,
        "day_cap": np.array([_day_cap(problem, agent) // slot for agent in agents], dtype=np.int32),
        "blocks": np.array([agent.max_blocks_per_day for agent in agents], dtype=np.int32),
        "weekly_units": np.maximum(0, (weekly[:, 1:] // slot - fixed_work) // shapes.work_unit).astype(np.int32),
        "workdays": np.maximum(0, most_days - fixed_days).astype(np.int32),
        "contract_slots": np.maximum(0.0, weekly[:, :1] / slot - fixed_work),
        "rest_class": np.array(
            [
                max(0, slots_up(_history_slot(agent, problem, timeline.slots) - int(grid.base[0]), grid.unit))
                for agent in agents
            ],
            dtype=np.int32,
        ),
        "streak": np.array(
            [
                min(labour.max_consecutive_workdays, agent.history.consecutive_workdays if agent.history else 0)
                for agent in agents
            ],
            dtype=np.int32,
        ),
        "streak_states": np.array(
            [
                _streak_states(problem, agent, (high[index] > low[index]) | (fixed_day[index] > 0))
                for index, agent in enumerate(agents)
            ],
            dtype=np.int32,
        ),
    }


def _day_cap(problem: Problem, agent: Agent) -> int:
    own = agent.limits.max_work_minutes_per_day
    law = problem.labour.max_work_minutes_per_day
    return law if own is None else min(law, own)


def _windows(problem: Problem, timeline: Timeline, agent: Agent) -> tuple[Ints, Ints]:
    """First slot and last end of duties starting on each day; an empty window on free days."""
    slot, limits, rules = timeline.slot_minutes, agent.limits, problem.duties
    free = {*problem.labour.free_days, *limits.free_days}
    holidays = set(problem.site.holidays)
    low, high = [], []
    for day in range(timeline.days):
        on = timeline.day(day)
        starts = [
            timeline.clock_minute(day, parse_clock(text))
            for text in (rules.earliest_start, limits.earliest_start)
            if text
        ]
        ends = [timeline.clock_minute(day, parse_clock(text)) for text in (rules.latest_end, limits.latest_end) if text]
        off = _WEEKDAYS[on.weekday()] in free or ("holiday" in free and on in holidays)
        low.append(max(timeline.day_start_minutes[day] // slot, slots_up(max(starts), slot)))
        high.append(
            0 if off or problem.labour.max_consecutive_workdays == 0 else min(min(ends) // slot, timeline.slots)
        )
    return np.array(low, dtype=np.int32), np.array(high, dtype=np.int32)


def _streak_states(problem: Problem, agent: Agent, workable: npt.NDArray[np.bool_]) -> int:
    """How many lengths of a run of workdays the tour must tell apart; 1 where the limit cannot bind."""
    most = problem.labour.max_consecutive_workdays
    before = agent.history.consecutive_workdays if agent.history else 0
    longest = current = 0
    for day in workable:
        current = current + 1 if day else 0
        longest = max(longest, current)
    leading = int(np.argmin(workable)) if not workable.all() else len(workable)
    if len(workable) <= 7:
        longest, leading = min(longest, agent.max_workdays), min(leading, agent.max_workdays)
    if longest <= most and (not leading or leading + before <= most):
        return 1
    return most + 1


def _people(problem: Problem, desks: Sequence[tuple[str, int]]) -> dict[str, object]:
    agents = problem.agents
    desk_index = {desk: number for number, (desk, _room) in enumerate(desks)}
    cohorts = {name: number for number, name in enumerate(sorted({agent.cohort for agent in agents if agent.cohort}))}
    needs = _need_classes(problem)
    partner_start, partner, partner_gap = _partners(problem)
    return {
        "prefers_home": np.array([agent.home == "preferred" for agent in agents], dtype=np.uint8),
        "usual_desk": np.array([desk_index.get(agent.usual_desk or "", -1) for agent in agents], dtype=np.int32),
        "has_usual": np.array([agent.usual_desk is not None for agent in agents], dtype=np.uint8),
        "need_class": np.array([needs[frozenset(agent.desk_needs)] for agent in agents], dtype=np.int32),
        "cohort": np.array([cohorts[agent.cohort] if agent.cohort else -1 for agent in agents], dtype=np.int32),
        "partner_start": partner_start,
        "partner": partner,
        "partner_gap": partner_gap,
    }


def _need_classes(problem: Problem) -> dict[frozenset[str], int]:
    classes: dict[frozenset[str], int] = {frozenset(): 0}
    for agent in problem.agents:
        classes.setdefault(frozenset(agent.desk_needs), len(classes))
    return classes


def _partners(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """For each agent those it must not be present with, and the slots between them, both ways."""
    index = {agent.id: number for number, agent in enumerate(problem.agents)}
    gaps: list[dict[int, int]] = [{} for _agent in problem.agents]
    for number, agent in enumerate(problem.agents):
        for named in agent.not_together_with:
            other = index[named.agent]
            slots = slots_up(named.handover_minutes, problem.horizon.slot_minutes)
            gaps[number][other] = gaps[other][number] = max(slots, gaps[number].get(other, 0))
    starts = np.cumsum([0, *map(len, gaps)], dtype=np.int32)
    return (
        starts,
        np.array([other for gap in gaps for other in gap], dtype=np.int32),
        np.array([slots for gap in gaps for slots in gap.values()], dtype=np.int32),
    )


def _desk_arrays(problem: Problem, desks: Sequence[tuple[str, int]]) -> dict[str, object]:
    features = {desk.id: set(desk.features) for room in problem.rooms for desk in room.desks}
    needs = _need_classes(problem)
    meets = np.zeros((len(needs), len(desks)), dtype=np.uint8)
    for need, number in needs.items():
        meets[number] = [need <= features[desk] for desk, _room in desks]
    rooms = np.array([room for _desk, room in desks], dtype=np.int32)
    room_desk = np.searchsorted(rooms, np.arange(len(problem.rooms) + 1))
    bay_starts = [
        (start, room)
        for room in range(len(problem.rooms))
        for start in range(int(room_desk[room]), int(room_desk[room + 1]), DESKS_PER_BAY)
    ]
    caps = np.array([room_cap(problem, room) for room in problem.rooms], dtype=np.int32)
    gap = slots_up(problem.hygiene.cleaning_gap_minutes, problem.horizon.slot_minutes)
    told_apart = bool((caps < np.diff(room_desk)).any()) or problem.hygiene.cohort_rule == "same_room"
    wanted = {agent.usual_desk for agent in problem.agents}
    worth = meets[1:].sum(axis=0) / 4.0 + np.array([0.5 * (desk in wanted) for desk, _room in desks])
    return {
        "desk_room": rooms,
        "bay_desk": np.array([*(start for start, _room in bay_starts), len(desks)], dtype=np.int32),
        "bay_room": np.array([room for _start, room in bay_starts], dtype=np.int32),
        "desk_gap": np.full(len(desks), gap, dtype=np.int32),
        "desk_counted": np.ones(len(desks), dtype=np.uint8),
        "desk_afterwards": np.zeros(len(desks), dtype=np.int32),
        "room_afterwards": np.zeros(len(problem.rooms), dtype=np.int32),
        "exchangeable": np.array([0 if told_apart else len(desks)], dtype=np.int32),
        "room_closes": (caps < np.diff(room_desk)).astype(np.uint8),
        "desk_meets": meets,
        "desk_worth": worth.astype(np.float64),
        "room_cap": caps,
    }


def keep_seats_only(compiled: Compiled) -> None:
    """Tell in each room seats from desks: as many seats as persons may be there, then all seats are alike.

    Desks with features that people need, or with fixed duties, become a seat each. The other seats of a room
    change hands without a pause, for the desks that are more than its cap can be cleaned meanwhile; that there are
    enough of these is kept as a cap on persons and desks in cleaning. Which desk it is, is said at the end
    (:func:`solver.search.decode.seat_at_desks`). Changes the arrays in place; where cohorts must not share a
    room, nothing changes.
    """
    arrays = compiled.arrays
    if arrays.cohort_rule == COHORT_RULES["same_room"]:
        return
    for room, cap in enumerate(arrays.room_cap.tolist()):
        desks = np.flatnonzero(arrays.desk_room == room)
        if len(desks):
            _tell_seats(compiled, desks, min(cap, len(desks)))
    arrays.exchangeable[0] = int(arrays.desk_meets[0].sum())


def _tell_seats(compiled: Compiled, desks: npt.NDArray[np.int64], cap: int) -> None:
    arrays = compiled.arrays
    named = {block.desk for blocks in compiled.fixed.values() for block in blocks}
    room = int(arrays.desk_room[desks[0]])
    featured = arrays.desk_meets[1:, desks].any(axis=0)
    own = [desk for desk, suits in zip(desks.tolist(), np.atleast_1d(featured), strict=True) if suits or desk in named]
    own = sorted(own, key=lambda desk: (desk not in named, -arrays.desk_worth[desk], desk))
    share = float((arrays.need_class > 0).mean()) * FEATURED_RESERVE
    own = own[: min(cap, len(named & set(own)) + math.ceil(share * cap))]
    plain = [desk for desk in desks.tolist() if desk not in own]
    shared, spare = plain[: cap - len(own)], plain[cap - len(own) :]
    arrays.desk_meets[:, spare] = 0
    arrays.desk_counted[own] = 0
    if not spare:
        arrays.desk_counted[shared] = 0
        arrays.room_closes[room] = 0
        return
    arrays.desk_meets[1:, shared] = 0
    arrays.desk_gap[shared] = 0
    arrays.desk_afterwards[shared] = arrays.gap
    arrays.room_afterwards[room] = arrays.gap
    arrays.room_cap[room] = len(plain)
    arrays.room_closes[room] = 1


def room_cap(problem: Problem, room: Room) -> int:
    """Most persons at once in a room."""
    cap = NO_LIMIT if room.max_persons is None else room.max_persons
    area = problem.hygiene.min_area_per_person_m2
    return min(cap, math.floor(room.area_m2 / area + 1e-9)) if area else cap


def _marks(problem: Problem, timeline: Timeline) -> Bytes:
    """What is known of each agent in each slot, as bits."""
    marks = np.zeros((len(problem.agents), timeline.slots), dtype=np.uint8)
    bits = {"blocked": BLOCKED, "undesired": UNDESIRED, "preferred": PREFERRED}
    slot = timeline.slot_minutes
    for index, agent in enumerate(problem.agents):
        row = marks[index]
        for window in agent.availability:
            start, end = timeline.minute_of(window.start) // slot, timeline.minute_of(window.end) // slot
            row[max(0, start) : max(0, end)] |= bits[window.kind]
        for duty in agent.previous:
            start, end = timeline.minute_of(duty.start) // slot, timeline.minute_of(duty.end) // slot
            row[start:end] |= PREVIOUS_SITE if duty.place == "site" else PREVIOUS_HOME
    return marks
