"""Released desks keep their distance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from solver.checks.case import Case
from solver.problem import Desk, Room
from solver.rules import Finding, Rule

TOLERANCE_M = 1e-9


def distance(case: Case) -> Iterator[Finding]:
    """Pairs of released desks of one room, centre to centre, without a screen between them."""
    least = case.problem.hygiene.min_distance_m
    if least is None:
        return
    released = set(case.roster.released_desks)
    for room in case.problem.rooms:
        screened = {frozenset(pair) for pair in room.partitions}
        for one, other, apart in close_pairs([desk for desk in room.desks if desk.id in released], least):
            if frozenset((one.id, other.id)) not in screened:
                yield _finding(room, one, other, apart, least)


def close_pairs(desks: Sequence[Desk], least_m: float) -> Iterator[tuple[Desk, Desk, float]]:
    """Pairs closer than ``least_m`` by more than the tolerance, with their distance in metres."""
    ordered = sorted(desks, key=lambda desk: (desk.x_m, desk.y_m, desk.id))
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.x_m - one.x_m >= least_m:
                break
            apart = math.hypot(other.x_m - one.x_m, other.y_m - one.y_m)
            if apart < least_m - TOLERANCE_M:
                yield one, other, apart


def _finding(room: Room, one: Desk, other: Desk, apart: float, least: float) -> Finding:
    first, second = sorted((one.id, other.id))
    return Finding(
        Rule.DISTANCE,
        "too_close",
        (),
        (room.id, first, second),
        amount=least - apart,
        unit="metres",
        facts=(("distance_m", apart), ("limit_m", least)),
    )
