"""Which shifts to open: few shapes that together cover what is required and nobody serves yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models import CurrentDuty
from app.services.duty_breaks import breaks_of, presence_minutes, shapes_of
from solver.problem import Problem
from solver.shapes import Shape
from solver.timeline import parse_clock

MOST_SHAPES_PER_DAY = 4
LEAST_USEFUL_SHARE = 0.6
"""A shift of which less is needed than this share of its work is not opened."""

Placed = tuple[int, Shape]


@dataclass(frozen=True)
class Derived:
    """A shift to open for one queue."""

    queue: str
    starts_at: datetime
    shape: Shape
    places: int

    def ends_at(self, problem: Problem) -> datetime:
        """End of the presence."""
        return self.starts_at + timedelta(minutes=presence_minutes(problem, self.shape))


def derived_shifts(problem: Problem, duties: Sequence[CurrentDuty], now: datetime) -> list[Derived]:
    """Shifts for what a problem requires beyond what duties serve, day by day and queue by queue, from now on."""
    found = []
    for queue in problem.queues:
        missing = _missing(problem, queue.id, duties)
        for day in range(problem.timeline.days):
            for (start, shape), places in sorted(_cover(problem, missing, day, now).items(), key=_start):
                starts_at = problem.timeline.instant_of(start * problem.horizon.slot_minutes)
                found.append(Derived(queue.id, starts_at, shape, places))
    return found


def _start(item: tuple[Placed, int]) -> tuple[int, int]:
    return item[0][0], item[0][1].work


def _missing(problem: Problem, queue: str, duties: Sequence[CurrentDuty]) -> list[int]:
    """Agents required and not there, per slot."""
    timeline = problem.timeline
    missing = [0] * timeline.slots
    for entry in problem.demand:
        if entry.queue == queue:
            first = timeline.minute_of(entry.start) // timeline.slot_minutes
            missing[first : first + len(entry.required)] = entry.required
    for duty in duties:
        for work in duty.serves:
            if work.queue == queue:
                start, end = timeline.minute_of(work.starts_at), timeline.minute_of(work.ends_at)
                for slot in range(
                    max(0, start // timeline.slot_minutes), min(timeline.slots, end // timeline.slot_minutes)
                ):
                    missing[slot] -= 1
    return missing


def _cover(problem: Problem, missing: list[int], day: int, now: datetime) -> Counter[Placed]:
    """Open the most useful shift again and again until none is useful; after a few shapes only more of the same."""
    candidates = {placed: _work_slots(problem, placed) for placed in _placed(problem, day, now)}
    chosen: Counter[Placed] = Counter()
    while True:
        allowed = candidates if len(chosen) < MOST_SHAPES_PER_DAY else chosen
        useful = {placed: sum(missing[slot] > 0 for slot in candidates[placed]) for placed in allowed}
        best = max(useful, key=lambda placed: (_worth(placed, useful[placed]), -placed[0]), default=None)
        if best is None or useful[best] < LEAST_USEFUL_SHARE * best[1].work:
            return chosen
        chosen[best] += 1
        for slot in candidates[best]:
            missing[slot] -= 1


def _worth(placed: Placed, useful: int) -> float:
    """Long shifts that serve before short ones; a slot too many takes back half of one that serves."""
    return useful - (placed[1].work - useful) / 2


def _placed(problem: Problem, day: int, now: datetime) -> Iterator[Placed]:
    """Shapes at every start that the rules of duties allow: the shortest, a middle and the longest length."""
    timeline, rules = problem.timeline, problem.duties
    shapes = shapes_of(problem)
    lengths = sorted({0, len(shapes) // 2, len(shapes) - 1}) if shapes else []
    latest = timeline.clock_minute(day, parse_clock(rules.latest_end))
    for clock in range(0, parse_clock(rules.latest_end), rules.start_step_minutes):
        start = timeline.clock_minute(day, clock)
        if clock < parse_clock(rules.earliest_start) or start % timeline.slot_minutes:
            continue
        for index in lengths:
            end = start + presence_minutes(problem, shapes[index])
            if end <= min(latest, timeline.minutes) and timeline.instant_of(start) > now:
                yield start // timeline.slot_minutes, shapes[index]


def _work_slots(problem: Problem, placed: Placed) -> list[int]:
    timeline, (start, shape) = problem.timeline, placed
    starts_at = timeline.instant_of(start * timeline.slot_minutes)
    away: set[int] = set()
    for span in breaks_of(problem, shape, starts_at):
        first, last = (timeline.minute_of(edge) // timeline.slot_minutes for edge in (span.starts_at, span.ends_at))
        away.update(range(first, last))
    return [slot for slot in range(start, start + shape.work + shape.pause) if slot not in away]
