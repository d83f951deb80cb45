"""Rooms and released desks as arrays, and when seats may stand for desks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from solver.arrays import NO_LIMIT, Compiled, slots_up
from solver.compiled_people import need_classes
from solver.layout import room_cap
from solver.problem import Problem, Room

DESKS_PER_BAY = 16
SPARE_SHARE = 0.8


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
        "exchangeable": np.array([0 if told_apart else len(desks)], dtype=np.int32),
        "room_closes": (caps < np.diff(room_desk)).astype(np.uint8),
        "desk_meets": meets,
        "desk_worth": worth.astype(np.float64),
        "room_cap": caps,
        "pool_cap": np.full((len(needs) + 4, problem.timeline.slots + gap + 1), NO_LIMIT, dtype=np.int32),
    }


def pool_seats(compiled: Compiled) -> None:
    """Say how many seats of each kind there are: from then on they may be counted. Changes the arrays in place.

    Where a room has more desks than seats, a seat may change hands at once while the spare desks are cleaned; not all
    changes fall where the spare desks are, so some of these are left out of the count.
    """
    arrays = compiled.arrays
    rooms = len(arrays.room_cap)
    desks = np.bincount(arrays.desk_room, minlength=rooms)
    seats = np.minimum(desks, arrays.room_cap)
    spared = arrays.room_closes > 0
    kinds = seats[spared].sum(), desks[spared].sum(), seats[~spared].sum()
    arrays.pool_cap[0], arrays.pool_cap[2], arrays.pool_cap[3] = kinds[0], kinds[2], seats.sum()
    arrays.pool_cap[1] = kinds[0] + int(SPARE_SHARE * (kinds[1] - kinds[0]))
    suited = [arrays.desk_meets[1:].any(axis=0), *arrays.desk_meets[1:].astype(bool)]
    for row, suits in enumerate(suited, start=4):
        arrays.pool_cap[row] = np.minimum(np.bincount(arrays.desk_room[suits], minlength=rooms), seats).sum()


def cap_or_no_limit(problem: Problem, room: Room) -> int:
    """Most persons at once in a room, ``NO_LIMIT`` where nothing limits."""
    cap = room_cap(problem, room)
    return NO_LIMIT if cap is None else cap
