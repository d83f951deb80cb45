"""Where duties may start, and the classes in which the rest period is counted."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from solver.arrays import NO_LIMIT, FixedBlocks, Ints, slots_up
from solver.problem import Agent, Problem
from solver.timeline import Timeline, parse_clock


class StartGrid:
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
        thresholds += [rested_slot(agent, problem, last) - int(self.base[0]) for agent in problem.agents]
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


def rested_slot(agent: Agent, problem: Problem, last: int) -> int:
    """First slot at which the rest after ``history.last_end`` is over."""
    if agent.history is None or agent.history.last_end is None:
        return -NO_LIMIT
    timeline, labour = problem.timeline, problem.labour
    rest_minutes = max(labour.min_rest_minutes, labour.min_break_part_minutes)
    return min(last, slots_up(timeline.minute_of(agent.history.last_end) + rest_minutes, timeline.slot_minutes))
