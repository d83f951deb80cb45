"""Where the breaks of a duty lie that nobody planned: as few as the law allows, and in the middle."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models import StoredSpan
from solver.problem import Problem
from solver.shapes import Shape, duty_shapes


def shapes_of(problem: Problem) -> list[Shape]:
    """For each length of work the shape with the shortest breaks that suffice, shortest work first."""
    shortest: dict[int, Shape] = {}
    for shape in duty_shapes(problem).shapes:
        if shape.alone and (shape.work not in shortest or shape.pause < shortest[shape.work].pause):
            shortest[shape.work] = shape
    return [shortest[work] for work in sorted(shortest)]


def presence_minutes(problem: Problem, shape: Shape) -> int:
    """Work and breaks together."""
    return (shape.work + shape.pause) * problem.horizon.slot_minutes


def breaks_of(problem: Problem, shape: Shape, starts_at: datetime) -> tuple[StoredSpan, ...]:
    """The breaks of a duty of a shape that starts at an instant."""
    if not shape.parts:
        return ()
    slot = timedelta(minutes=problem.horizon.slot_minutes)
    runs = _shared(shape.work, shape.parts + 1)
    if shape.parts == 1:
        first = min(max(runs[0], shape.low), shape.high)
        runs = [first, shape.work - first]
    spans, at = [], starts_at
    for run, pause in zip(runs, _shared(shape.pause, shape.parts), strict=False):
        begins_at = at + run * slot
        at = begins_at + pause * slot
        spans.append(StoredSpan(starts_at=begins_at, ends_at=at))
    return tuple(spans)


def breaks_for(problem: Problem, starts_at: datetime, ends_at: datetime) -> tuple[StoredSpan, ...]:
    """The breaks of a duty from one instant to another; none where no shape is so long."""
    minutes = round((ends_at - starts_at).total_seconds() / 60)
    for shape in reversed(shapes_of(problem)):
        if presence_minutes(problem, shape) == minutes:
            return breaks_of(problem, shape, starts_at)
    return ()


def _shared(whole: int, parts: int) -> list[int]:
    """Whole slots shared out as evenly as they go."""
    return [whole * (number + 1) // parts - whole * number // parts for number in range(parts)]
