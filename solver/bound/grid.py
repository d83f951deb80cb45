"""When duties may start and end, as arrays: the part of a problem that all agents share."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.problem import Labour, Problem
from solver.timeline import MINUTES_PER_CLOCK_DAY, Timeline, parse_clock

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# More distinct rest classes or work units than these only slow the search down; beyond them, both are rounded
# in the agent's favour, which keeps the bound valid.
MOST_REST_CLASSES = 48
# Duties that start on one day end before the end of the next: no day has more work.
MOST_DAY_MINUTES = 2 * MINUTES_PER_CLOCK_DAY + 60


class Grid(NamedTuple):
    """Starts, lengths and breaks that a duty may have.

    :param slots: slots of the horizon
    :param starts: slot of each possible start, day by day
    :param start_class: how late a start is among those that an end on the evening before can forbid
    :param start_limit: first slot after the latest end of a duty with that start
    :param day_first: index of each day's first start, one more than days
    :param day_slot: slot of each local midnight, one more than days
    :param ready_class: per day and end slot, the first start class allowed on the next day
    :param class_count: number of start classes per day
    :param lengths: work lengths in slots, ascending
    :param length_units: the same in units of work, rounded down
    :param single_need: least break slots of a day with one duty of that length
    :param need_by_units: least pause slots of a day with so many units of work
    :param unit_slots: slots per unit of work
    :param most_break: most break slots in a duty
    :param least_part: least slots of a break part
    :param edge: least slots between a duty's ends and its breaks
    :param most_run: most slots of work without a pause
    :param rest: least slots between workdays
    :param widest: most start classes of a day
    :param pause_levels: one more than the most pause slots that a day may need
    """

    slots: int
    starts: Integers
    start_class: Integers
    start_limit: Integers
    day_first: Integers
    day_slot: Integers
    ready_class: Integers
    class_count: Integers
    lengths: Integers
    length_units: Integers
    single_need: Integers
    need_by_units: Integers
    unit_slots: int
    most_break: int
    least_part: int
    edge: int
    most_run: int
    rest: int
    widest: int
    pause_levels: int

    @property
    def shapes(self) -> int:
        """Number of starts × lengths × break slots."""
        return len(self.starts) * len(self.lengths) * (self.most_break + 1)


def free_on(problem: Problem, days_named: Sequence[str]) -> list[bool]:
    """Whether each day of the horizon is free by a list of weekdays and ``holiday``."""
    timeline = problem.timeline
    named, holidays = set(days_named), set(problem.site.holidays)
    dates = [timeline.day(day_index) for day_index in range(timeline.days)]
    return [WEEKDAYS[on.weekday()] in named or ("holiday" in named and on in holidays) for on in dates]


def slots_up(minutes: int, slot_minutes: int) -> int:
    """Slots that hold so many minutes, rounded up."""
    return -(-minutes // slot_minutes)


def needed_pause(labour: Labour, work_minutes: int) -> int:
    """Pause minutes that a day with so much work needs (§ 4 ArbZG where the problem says so)."""
    exceeded = [rule for rule in labour.breaks if work_minutes > rule.work_over_minutes]
    return max(exceeded, key=lambda rule: rule.work_over_minutes).break_minutes if exceeded else 0


def build_grid(problem: Problem) -> Grid:
    """Lay out starts, lengths and break rules of a problem."""
    timeline, labour, slot = problem.timeline, problem.labour, problem.horizon.slot_minutes
    lengths = sorted({minutes // slot for minutes in problem.duties.work_minutes if minutes % slot == 0})
    lengths = [length for length in lengths if length * slot <= labour.max_work_minutes_per_day]
    unit = _unit(lengths, len(problem.agents))
    rest = slots_up(labour.min_rest_minutes, slot)
    starts, limits = _starts(problem)
    classes = _RestClasses(timeline, starts, limits, rest)
    needs = _need_by_units(problem, lengths, unit)
    return Grid(
        slots=timeline.slots,
        starts=np.array([start for day in starts for start in day], dtype=np.int64),
        start_class=np.array([index for day in classes.of_starts for index in day], dtype=np.int64),
        start_limit=np.array([limit for day, limit in zip(starts, limits, strict=True) for _ in day], dtype=np.int64),
        day_first=np.cumsum([0, *(len(day) for day in starts)], dtype=np.int64),
        day_slot=np.array(timeline.day_start_minutes, dtype=np.int64) // slot,
        ready_class=classes.of_ends,
        class_count=classes.count,
        lengths=np.array(lengths, dtype=np.int64),
        length_units=np.array([length // unit for length in lengths], dtype=np.int64),
        single_need=np.array([slots_up(needed_pause(labour, size * slot), slot) for size in lengths], dtype=np.int64),
        need_by_units=needs,
        unit_slots=unit,
        most_break=problem.duties.max_break_minutes // slot,
        least_part=max(1, slots_up(labour.min_break_part_minutes, slot)),
        edge=slots_up(problem.duties.break_edge_minutes, slot),
        most_run=labour.max_run_minutes // slot,
        rest=rest,
        widest=int(classes.count.max()),
        pause_levels=int(needs.max()) + 1,
    )


def _unit(lengths: list[int], agents: int) -> int:
    """Slots per unit of work: the greatest common divisor, coarser where a large site would get too many."""
    if not lengths:
        return 1
    most_units_per_day = 96 if agents <= 500 else 32
    return max(reduce(math.gcd, lengths), slots_up(lengths[-1], most_units_per_day))


def _starts(problem: Problem) -> tuple[list[list[int]], list[int]]:
    """Slots of the possible starts of each day, and the first slot after each day's latest end."""
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    earliest, latest = parse_clock(problem.duties.earliest_start), parse_clock(problem.duties.latest_end)
    starts, limits = [], []
    for day_index, is_free in enumerate(free_on(problem, problem.labour.free_days)):
        first, after = timeline.day_start_minutes[day_index : day_index + 2]
        opens = max(first, timeline.clock_minute(day_index, earliest))
        limits.append(min(timeline.minutes, timeline.clock_minute(day_index, latest)) // slot)
        minutes = range(slots_up(opens, slot) * slot, after, slot) if not is_free else range(0)
        step = problem.duties.start_step_minutes
        starts.append([minute // slot for minute in minutes if timeline.clock_of(minute) % step == 0])
    return starts, limits


class _RestClasses:
    """Starts and ends of neighbouring days, reduced to what the rest period can tell apart.

    A start is forbidden by an end on the evening before when its class is lower than that end's.
    """

    def __init__(self, timeline: Timeline, starts: list[list[int]], limits: list[int], rest: int) -> None:
        self.of_starts: list[list[int]] = []
        self.count = np.ones(timeline.days, dtype=np.int64)
        self.of_ends = np.zeros((timeline.days, timeline.slots + 1), dtype=np.int64)
        for day_index, own in enumerate(starts):
            told_apart = bisect_left(own, limits[day_index - 1] + rest) if day_index else 0
            width = max(1, slots_up(told_apart, MOST_REST_CLASSES))
            self.of_starts.append([min(index, told_apart) // width for index in range(len(own))])
            self.count[day_index] = told_apart // width + 1
            if day_index:
                ready = np.searchsorted(own, np.arange(timeline.slots + 1) + rest)
                self.of_ends[day_index - 1] = np.minimum(ready, told_apart) // width


def _need_by_units(problem: Problem, lengths: list[int], unit: int) -> Integers:
    """Pause slots that a day's work needs; where units round work down, the least of all it may stand for."""
    labour, slot = problem.labour, problem.horizon.slot_minutes
    most_minutes = min(labour.max_work_minutes_per_day, MOST_DAY_MINUTES)
    most = most_minutes // (slot * unit)
    exact = all(length % unit == 0 for length in lengths) and not any(agent.fixed for agent in problem.agents)
    needs = [slots_up(needed_pause(labour, units * unit * slot), slot) for units in range(most + 2)]
    if not exact:
        every = [slots_up(needed_pause(labour, work), slot) for work in range(0, most_minutes + 1, slot)]
        needs = [min(every[units * unit :], default=0) for units in range(most + 2)]
    return np.array(needs, dtype=np.int64)
