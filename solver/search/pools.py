"""Seats counted rather than searched: how many people a large site holds, slot by slot.

On desks that are alike, people fit whenever there are never more of them than desks (interval graphs are perfect), so
a large search needs to know which desk somebody sits at only when it is over. A *pool* counts those who want one
kind of seat, and they may never be more than its limit. Rooms are of two kinds: in *plain* ones each desk is a seat,
and it is empty while it is cleaned; *spared* ones have more desks than their cap lets people in, so that a seat may
change hands at once. Other pools count those who need some feature, and those who need one set of features.

Near the limit of a pool a slot has a price that rises with every person (a barrier, as in interior-point methods;
Fiacco and McCormick, 1968): who can come at another hour does so before the doors are closed.
"""

from __future__ import annotations

from solver.arrays import NO_LIMIT, Arrays, Ints
from solver.search.handles import kernel
from solver.search.state import Bench, State

# Rows of Arrays.pool_cap; one for each set of features follows.
SPARED_SEATS, SPARED_DESKS, PLAIN_DESKS, ALL_SEATS, FEATURED = range(5)
# What stands for a desk while seats are counted; -1 is no desk at all.
IN_SPARED, IN_PLAIN = -2, -3
RAMP_WIDTH, RAMP_HEIGHT = 0, 1
LONG_SHARE = 0.8


@kernel
def are_counted(arrays: Arrays) -> bool:
    """Whether seats are counted in pools for this problem at all."""
    return arrays.pool_cap[ALL_SEATS, 0] < NO_LIMIT


@kernel
def in_pool(arrays: Arrays, agent: int, desk: int, pool: int) -> bool:
    """Whether an agent at a desk, or in rooms of a kind, counts in a pool."""
    if pool > ALL_SEATS:
        need = arrays.need_class[agent]
        return need > 0 and (pool == FEATURED or pool == FEATURED + need)
    spared = desk == IN_SPARED
    if desk >= 0:
        spared = arrays.room_closes[arrays.desk_room[desk]] > 0
    return pool == ALL_SEATS or spared == (pool != PLAIN_DESKS)


@kernel
def cleaned_in_pool(arrays: Arrays, pool: int, desk: int) -> int:
    """Slots for which somebody who has left still counts."""
    return 0 if pool == SPARED_SEATS or (pool == ALL_SEATS and desk == IN_SPARED) else arrays.gap


@kernel
def crowd_price(arrays: Arrays, state: State, bench: Bench, pool: int, slot: int) -> float:
    """What one person more in a pool costs: nothing far from the limit, the ramp's height at it."""
    cap = arrays.pool_cap[pool, slot]
    reach = bench.ramp[RAMP_WIDTH] * cap
    free = cap - state.pool_load[pool, slot]
    if pool < ALL_SEATS or cap >= NO_LIMIT or free >= reach:
        return 0.0
    return bench.ramp[RAMP_HEIGHT] * (1.0 - max(0.0, free - 1.0) / reach)


@kernel
def book_pools(
    arrays: Arrays, state: State, bench: Bench, agent: int, desk: int, start: int, end: int, change: int
) -> None:
    """Count a duty on site in (change 1) or out (-1), and what the crowd costs with it."""
    if not are_counted(arrays):
        return
    for pool in range(len(arrays.pool_cap)):
        if in_pool(arrays, agent, desk, pool):
            for slot in range(start, end + cleaned_in_pool(arrays, pool, desk)):
                if change < 0:
                    state.pool_load[pool, slot] -= 1
                if slot < end and bench.ramp[RAMP_WIDTH] > 0.0:
                    bench.crowd[0] += change * crowd_price(arrays, state, bench, pool, slot)
                if change > 0:
                    state.pool_load[pool, slot] += 1


@kernel
def fill_crowding(arrays: Arrays, state: State, bench: Bench, agent: int, start: int, end: int) -> None:
    """Fill ``bench.crowding`` with what the agent's presence costs others in each slot."""
    for slot in range(start, end):
        bench.crowding[slot] = 0.0
    if bench.ramp[RAMP_WIDTH] <= 0.0:
        return
    for pool in range(ALL_SEATS, len(arrays.pool_cap)):
        if in_pool(arrays, agent, IN_PLAIN, pool):
            for slot in range(start, end):
                bench.crowding[slot] += crowd_price(arrays, state, bench, pool, slot)


@kernel
def pool_ends(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:
    """Fill ``bench.last_site`` with the latest end of a duty at which no pool of the agent overflows."""
    last, other = bench.last_site, bench.last_home
    if not are_counted(arrays):
        last[:] = arrays.slots
        return
    _ends_in_rooms(arrays, state, agent, IN_SPARED, last)
    _ends_in_rooms(arrays, state, agent, IN_PLAIN, other)
    for start_index in range(len(last)):
        last[start_index] = max(last[start_index], other[start_index])


@kernel
def _ends_in_rooms(arrays: Arrays, state: State, agent: int, kind: int, last: Ints) -> None:
    last[:] = arrays.slots
    for pool in range(len(arrays.pool_cap)):
        if not in_pool(arrays, agent, kind, pool):
            continue
        gap = cleaned_in_pool(arrays, pool, kind)
        following = arrays.padded_slots
        slot = arrays.padded_slots - 1
        for start_index in range(len(last) - 1, -1, -1):
            while slot >= arrays.start_slot[start_index]:
                if state.pool_load[pool, slot] >= arrays.pool_cap[pool, slot]:
                    following = slot
                slot -= 1
            last[start_index] = min(last[start_index], following - gap)


@kernel
def kind_of_room(arrays: Arrays, state: State, agent: int, start: int, end: int) -> int:
    """Rooms for a duty that fits into those of one kind at least.

    Where somebody else waits for the seat it is one that changes hands at once; but rooms that stand empty for
    cleaning do so least often if those sit there who stay long.
    """
    if not are_counted(arrays):
        return IN_PLAIN
    waited_for = state.pool_load[ALL_SEATS, end] >= arrays.pool_cap[ALL_SEATS, end] - 1
    brief = end - start < LONG_SHARE * arrays.longest
    first, second = (IN_SPARED, IN_PLAIN) if waited_for and brief else (IN_PLAIN, IN_SPARED)
    return first if _fits(arrays, state, agent, first, start, end) else second


@kernel
def _fits(arrays: Arrays, state: State, agent: int, kind: int, start: int, end: int) -> bool:
    for pool in range(len(arrays.pool_cap)):
        if in_pool(arrays, agent, kind, pool):
            for slot in range(start, end + cleaned_in_pool(arrays, pool, kind)):
                if state.pool_load[pool, slot] >= arrays.pool_cap[pool, slot]:
                    return False
    return True
