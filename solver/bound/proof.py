"""From what prices prove to what can be said: rounding that stays a proof.

Missing people are whole people, so missing minutes are whole slots, and each of the two bounds says something
about the other.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from itertools import islice

import numpy as np

from solver.bound.coverage import Coverage
from solver.bound.grid import Integers

# Sums of a million products of floats are not exact; a bound gives this share of the largest sum away.
FLOAT_SHARE = 1e-11
FLOAT_LEAST = 1e-7


def careful(value: float, coverage: Coverage) -> float:
    """Take off what rounding errors could have added; never below nothing."""
    largest = float(np.sum(coverage.unit * coverage.required))
    return max(0.0, value - FLOAT_SHARE * largest - FLOAT_LEAST)


def whole_slots(missing_minutes: float, slot_minutes: int) -> float:
    """Round missing minutes up to whole slots."""
    return float(math.ceil(missing_minutes / slot_minutes - FLOAT_LEAST) * slot_minutes)


def least_missing(shortfall: float, coverage: Coverage, slot_minutes: int) -> float:
    """Missing minutes without which no shortfall gets so large: each missing person costs at most the ceiling."""
    dearest = float(coverage.ceiling.max(initial=0.0))
    return whole_slots(shortfall / dearest * slot_minutes, slot_minutes) if dearest > 0 else 0.0


def unreachable_missing(coverage: Coverage, slot_minutes: int) -> float:
    """Missing minutes where more are required than could ever be at work."""
    return float(np.sum(coverage.required - coverage.most) * slot_minutes)


def least_shortfall(missing_minutes: float, coverage: Coverage, slot_minutes: int) -> float:
    """The least that so many missing minutes can cost, spread where they cost least.

    People who cannot be there at all are missing in any case; the others are spread one by one over the slots,
    always where one more costs least, which is best because costs are convex.
    """
    forced = coverage.required - coverage.most
    more = round(missing_minutes / slot_minutes) - int(forced.sum())
    cheapest = islice(_cheapest_first(coverage, forced), max(0, more))
    least = math.fsum([float(np.sum(coverage.cost(forced))), *cheapest])
    simple = round(least, 6)
    return simple if math.isclose(simple, least, rel_tol=1e-13) else least * (1.0 - FLOAT_SHARE)


def _cheapest_first(coverage: Coverage, forced: Integers) -> Iterator[float]:
    """Costs of one more missing person after another, the cheapest of all queues and slots first."""
    unit, required = np.broadcast_to(coverage.unit, forced.shape), coverage.required
    places = [
        (float(unit[place]), int(required[place]), int(forced[place]))
        for place in zip(*np.nonzero(required), strict=True)
    ]
    waiting = [(_next_cost(*place), index, *place) for index, place in enumerate(places) if place[2] < place[1]]
    heapq.heapify(waiting)
    while waiting:
        cost, index, unit_cost, most, missing = waiting[0]
        yield cost
        if missing + 1 < most:
            following = (_next_cost(unit_cost, most, missing + 1), index, unit_cost, most, missing + 1)
            heapq.heapreplace(waiting, following)
        else:
            heapq.heappop(waiting)


def _next_cost(unit_cost: float, required: int, missing: int) -> float:
    """Cost of one more missing person where ``missing`` are missing already."""
    return unit_cost * (1.0 + (2.0 * missing + 1.0) / required)
