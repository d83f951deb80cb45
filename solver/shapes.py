"""The shapes a duty may have: work, pauses and where in the duty they may lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce

from solver.problem import Problem

# Every pause is tried unless there are so many plans of a day that looking at them all would take too long.
MOST_PAUSES_PER_WORK = 12
LEAST_PAUSES_PER_WORK = 4
MOST_PLANS_PER_DAY = 4000


@dataclass(frozen=True)
class Shape:
    """One length of duty, in slots.

    :param pause: slots of break in it
    :param parts: how many breaks share the pause
    :param low: a single break starts at least so many slots after the start
    :param high: and at most so many
    :param alone: whether the pause is enough where this is the day's only duty
    """

    work: int
    pause: int
    parts: int
    low: int
    high: int
    alone: bool


@dataclass(frozen=True)
class Shapes:
    """All shapes of a problem.

    :param work_unit: slots that every shape's work is a multiple of
    :param most_parts: most breaks in any shape
    """

    shapes: tuple[Shape, ...]
    work_unit: int
    most_parts: int


def break_need_slots(problem: Problem, work_slots: int) -> int:
    """Pause that a day's work needs: that of the highest ``work_over_minutes`` exceeded, in whole slots."""
    work_minutes = work_slots * problem.horizon.slot_minutes
    exceeded = [
        (rule.work_over_minutes, rule.break_minutes)
        for rule in problem.labour.breaks
        if work_minutes > rule.work_over_minutes
    ]
    minutes = max(exceeded, default=(0, 0))[1]
    return -(-minutes // problem.horizon.slot_minutes)


def duty_shapes(problem: Problem) -> Shapes:
    """Every work length with the pauses worth trying, shortest first."""
    slot = problem.horizon.slot_minutes
    works = sorted({minutes // slot for minutes in problem.duties.work_minutes if minutes % slot == 0})
    works = [work for work in works if work * slot <= problem.labour.max_work_minutes_per_day]
    published = _published_pauses(problem)
    most = most_pauses(problem, len(works))
    shapes = [shape for work in works for shape in _shapes_of(problem, work, most, published.get(work, set()))]
    unit = reduce(math.gcd, (shape.work for shape in shapes), 0) or 1
    return Shapes(tuple(shapes), unit, max([1, *(shape.parts for shape in shapes)]))


def most_pauses(problem: Problem, works: int) -> int:
    """How many pauses of each work length are tried."""
    starts = 24 * 60 // problem.duties.start_step_minutes
    return max(LEAST_PAUSES_PER_WORK, min(MOST_PAUSES_PER_WORK, MOST_PLANS_PER_DAY // max(1, starts * works)))


def _published_pauses(problem: Problem) -> dict[int, set[int]]:
    """Pauses of published duties by their work, in slots: what was published must be possible again."""
    slot = problem.horizon.slot_minutes
    found: dict[int, set[int]] = {}
    for agent in problem.agents:
        for duty in agent.previous:
            pause = sum((part.end - part.start).total_seconds() for part in duty.breaks) / 60
            work = (duty.end - duty.start).total_seconds() / 60 - pause
            found.setdefault(int(work) // slot, set()).add(int(pause) // slot)
    return found


def _shapes_of(problem: Problem, work: int, most_tried: int, published: set[int]) -> list[Shape]:
    slot = problem.horizon.slot_minutes
    need = break_need_slots(problem, work)
    most = problem.duties.max_break_minutes // slot
    shapes = []
    if work * slot <= problem.labour.max_run_minutes:
        shapes.append(Shape(work, 0, 0, 0, 0, need == 0))
    pauses = [pause for pause in range(max(1, need), most + 1) if _divided(problem, work, pause)]
    for pause in sorted({*_thinned(pauses, most_tried), *(published & set(pauses))}):
        shape = _divided(problem, work, pause)
        if shape is not None:
            shapes.append(shape)
    return shapes


def _thinned(pauses: list[int], most: int) -> list[int]:
    """Few pauses spread evenly, the shortest and the longest among them."""
    if len(pauses) <= most:
        return pauses
    return sorted({pauses[round(number * (len(pauses) - 1) / (most - 1))] for number in range(most)})


def _divided(problem: Problem, work: int, pause: int) -> Shape | None:
    """The pause in as few breaks as the run limit allows, None where it cannot be placed."""
    slot = problem.horizon.slot_minutes
    edge = -(-problem.duties.break_edge_minutes // slot)
    part = max(1, -(-problem.labour.min_break_part_minutes // slot))
    run = problem.labour.max_run_minutes // slot
    for parts in range(1, pause // part + 1):
        if run < edge or work < 2 * edge + parts - 1:
            return None
        if work <= (parts + 1) * run:
            low, high = max(edge, work - run), min(work - edge, run)
            if parts > 1 or low <= high:
                return Shape(work, pause, parts, low, high, alone=True)
    return None
