"""From seats counted in pools to desks: everybody in the order of their starts.

In that order a desk that is free at a start stays free, so hardly anybody is left standing while pools are kept.
Where a room has more desks than seats it matters who sits there (the desk of somebody who leaves at a change of shift
is cleaned while another takes the seat), and where features are scarce who sits at them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.arrays import SITE, Arrays, Bytes, Floats, Ints2
from solver.day_plans import USUAL_DESK_MINUTES
from solver.search.desks import book_desk, book_presence, desk_free, own_desk, room_open
from solver.search.handles import Handle, entry_kernel, kernel
from solver.search.pools import ALL_SEATS, IN_SPARED, book_pools
from solver.search.state import DESK, END, PLACE, START, WISHES, Bench, State

WORTH_WEIGHT = 20.0
OTHER_KIND = 500.0
LAST_RESORT = 1000.0


class Settling(NamedTuple):
    """Who is to be seated, and what has been done."""

    rows: Ints2  # (duties, 3) agent, day and number, by start
    leaving: Ints2  # (rooms, padded T) people whose presence ends
    spare: Floats  # (rooms,) desks more than seats
    unseated: Bytes  # (A,)


def settle(arrays: Arrays, state: State, handles: tuple[Handle, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Give every duty on site that has no desk one; the agents for some of whose duties there was none.

    :param handles: of arrays, state and bench
    """
    blocks = state.blocks
    waiting = np.argwhere((blocks[..., END] > 0) & (blocks[..., PLACE] == SITE) & (blocks[..., DESK] < 0))
    starts = blocks[waiting[:, 0], waiting[:, 1], waiting[:, 2], START]
    lengths = blocks[waiting[:, 0], waiting[:, 1], waiting[:, 2], END] - starts
    order = np.lexsort((waiting[:, 0], lengths, arrays.need_class[waiting[:, 0]] == 0, starts))
    desks = np.bincount(arrays.desk_room, minlength=len(arrays.room_cap))
    settling = Settling(
        np.ascontiguousarray(waiting[order], dtype=np.int32),
        np.zeros((len(desks), arrays.padded_slots), dtype=np.int32),
        np.maximum(0, desks - arrays.room_cap).astype(np.float64),
        np.zeros(arrays.agents, dtype=np.uint8),
    )
    seat_in_turn(*handles, Handle(settling))
    return np.flatnonzero(settling.unseated)


@entry_kernel
def seat_in_turn(arrays: Arrays, state: State, bench: Bench, settling: Settling) -> None:
    """Seat duties that coverage and tiers already count."""
    for entry in range(len(settling.rows)):
        agent, day, number = settling.rows[entry, 0], settling.rows[entry, 1], settling.rows[entry, 2]
        block = state.blocks[agent, day, number]
        start, end = block[START], block[END]
        spared = block[DESK] == IN_SPARED
        desk = own_desk(arrays, state, agent, day, start, end)
        # A seat of the other kind would be missed by somebody who was counted on it.
        if desk < 0 or spared != (arrays.room_closes[arrays.desk_room[desk]] > 0):
            desk = _seat_for(arrays, state, settling, agent, spared, start, end)
        if desk < 0:
            settling.unseated[agent] = 1
            continue
        book_pools(arrays, state, bench, agent, block[DESK], start, end, -1)
        block[DESK] = desk
        book_pools(arrays, state, bench, agent, desk, start, end, 1)
        state.starter[desk, start] = agent + 1
        book_desk(arrays, state, desk, start, end, 1)
        book_presence(arrays, state, agent, desk, start, end, 1)
        for slot in range(end, end + arrays.desk_gap[desk]):
            state.load[slot] += 1
        settling.leaving[arrays.desk_room[desk], end] += 1
        if arrays.has_usual[agent] and desk != arrays.usual_desk[agent]:
            state.tiers[WISHES] += USUAL_DESK_MINUTES


@kernel
def _seat_for(
    arrays: Arrays,
    state: State,
    settling: Settling,
    agent: int,
    spared: bool,  # noqa: FBT001  # kernels take places only
    start: int,
    end: int,
) -> int:
    """The desk that others will miss least, in rooms of the kind counted on where there is one."""
    need = arrays.need_class[agent]
    best, best_score = -1, 1e300
    room, opened = -1, True
    for desk in range(len(arrays.desk_room)):
        if arrays.desk_room[desk] != room:
            room, opened = arrays.desk_room[desk], True
        if not opened or not arrays.desk_meets[need, desk] or state.busy[desk, start] > 0:
            continue
        score = WORTH_WEIGHT * arrays.desk_worth[desk] + _room_score(arrays, state, settling, room, start, end)
        if spared != (arrays.room_closes[room] > 0):
            score += OTHER_KIND
        if score >= best_score or not desk_free(arrays, state, desk, start, end):
            continue
        opened = room_open(arrays, state, agent, desk, start, end)
        if opened:
            best, best_score = desk, score
    return best


@kernel
def _waited_for(arrays: Arrays, state: State, end: int) -> bool:
    """Whether all seats are taken when somebody leaves."""
    return state.pool_load[ALL_SEATS, end] >= arrays.pool_cap[ALL_SEATS, end] - 1


@kernel
def _room_score(arrays: Arrays, state: State, settling: Settling, room: int, start: int, end: int) -> float:
    """How much cleaning in a room will be in the way of those who wait for a seat.

    Rooms with few spare desks for their free seats come first while they can: they need people who leave at many
    different times, and whoever comes last has no choice.
    """
    spare = settling.spare[room]
    if spare <= 0.0:
        return 0.0
    choosy = min(1.0, 0.2 * spare / (arrays.room_cap[room] - state.room_count[room, start]))
    leaving = settling.leaving[room, end]
    if not _waited_for(arrays, state, end):
        return 100.0 * choosy
    return LAST_RESORT if leaving >= spare else 100.0 * choosy + 10.0 * leaving / spare
