"""Rooms and released desks as arrays, and when seats may stand for desks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from solver.arrays import COHORT_RULES, NO_LIMIT, Compiled, slots_up
from solver.compiled_people import need_classes
from solver.layout import room_cap
from solver.problem import Problem, Room

DESKS_PER_BAY = 16
FEATURED_RESERVE = 1.5


def released_desks(problem: Problem, released: Iterable[str]) -> list[tuple[str, int]]:
    """Ids of the released desks with their room's index, in the order of the problem."""
    wanted = set(released)
    return [(desk.id, index) for index, room in enumerate(problem.rooms) for desk in room.desks if desk.id in wanted]


def desk_arrays(problem: Problem, desks: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Rooms, their caps, and what each released desk has.

    :param desks: as :func:`released_desks` gives them
    """
    features = {desk.id: set(desk.features) for room in problem.rooms for desk in room.desks}
    needs = need_classes(problem)
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
    caps = np.array([cap_or_no_limit(problem, room) for room in problem.rooms], dtype=np.int32)
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


def cap_or_no_limit(problem: Problem, room: Room) -> int:
    """Most persons at once in a room, ``NO_LIMIT`` where nothing limits."""
    cap = room_cap(problem, room)
    return NO_LIMIT if cap is None else cap
