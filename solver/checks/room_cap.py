"""No room holds more people than it may."""

from __future__ import annotations

import math
from collections.abc import Iterator

from solver.checks.case import Case, crowded
from solver.problem import Hygiene, Room
from solver.rules import Finding, Rule

TOLERANCE_PERSONS = 1e-9


def room_cap(case: Case) -> Iterator[Finding]:
    """Persons present in a room, breaks included, at the fullest moment of each stretch above its cap."""
    for room in case.problem.rooms:
        cap = cap_of(room, case.problem.hygiene)
        if cap is None:
            continue
        for excess in crowded(case.in_room.get(room.id, ()), cap):
            facts = (("persons", cap + excess.amount), ("limit", cap))
            yield Finding(
                Rule.ROOM_CAP,
                "too_full",
                tuple(sorted(excess.agents)),
                (room.id,),
                excess.start,
                excess.end,
                excess.amount,
                "persons",
                facts,
            )


def cap_of(room: Room, hygiene: Hygiene) -> int | None:
    """The smaller of the room's own cap and its area by the area per person; None where there is neither."""
    caps = [] if room.max_persons is None else [room.max_persons]
    if hygiene.min_area_per_person_m2:
        persons = room.area_m2 / hygiene.min_area_per_person_m2 + TOLERANCE_PERSONS
        if math.isfinite(persons):
            caps.append(math.floor(persons))
    return min(caps, default=None)
