"""Making room by exchanging desks: where no desk is free all through a duty although one is free at any moment.

On desks that are alike, people fit whenever there are never more of them than desks (interval graphs are perfect).
The proof is the method: a desk that is free until the next duty begins there changes the rest of its day with one
that is free then, as often as needed.
"""

from __future__ import annotations

from solver.arrays import Arrays
from solver.day_plans import USUAL_DESK_MINUTES
from solver.search.desks import book_desk, book_presence, find_desk, room_open
from solver.search.handles import kernel
from solver.search.state import DESK, END, FIXED, START, WISHES, Bench, State

MOST_EXCHANGES = 8
MOST_TRIES = 24


@kernel
def seat(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, start: int, end: int) -> int:
    """Find a desk for a duty, exchanging others' desks where that is needed; -1 for none."""
    desk = find_desk(arrays, state, agent, day, start, end)
    if desk >= 0 or arrays.cohort_rule == 1:
        return desk
    need = arrays.need_class[agent]
    desk = _longest_free(arrays, state, need, start, -1)
    if desk < 0:
        return -1
    for _exchange in range(MOST_EXCHANGES):
        free_end = _free_until(arrays, state, desk, start)
        wanted = end + arrays.desk_gap[desk]
        if free_end >= wanted:
            return desk if room_open(arrays, state, agent, desk, start, end) else -1
        other = _partner(arrays, state, need, desk, free_end, wanted)
        if other < 0:
            return -1
        until = _both_free(arrays, state, desk, other, wanted)
        if bench.exchange_count[0] >= len(bench.exchanges):
            return -1
        exchange_desks(arrays, state, desk, other, free_end, until)
        entry = bench.exchanges[bench.exchange_count[0]]
        entry[0], entry[1], entry[2], entry[3] = desk, other, free_end, until
        bench.exchange_count[0] += 1
    return -1


@kernel
def undo_exchanges(arrays: Arrays, state: State, bench: Bench, keep: int) -> None:
    """Exchange back, the last first, until so many exchanges are left."""
    while bench.exchange_count[0] > keep:
        bench.exchange_count[0] -= 1
        entry = bench.exchanges[bench.exchange_count[0]]
        exchange_desks(arrays, state, entry[0], entry[1], entry[2], entry[3])


@kernel
def _free_until(arrays: Arrays, state: State, desk: int, start: int) -> int:
    """First busy slot at or after ``start``."""
    slot = start
    last = min(arrays.padded_slots, start + arrays.longest + arrays.gap + 1)
    while slot < last and state.busy[desk, slot] == 0:
        slot += 1
    return slot if slot < last else arrays.padded_slots


@kernel
def _longest_free(arrays: Arrays, state: State, need: int, start: int, without: int) -> int:
    """The suited desk that stays free longest from ``start`` on."""
    best, best_end = -1, start
    for desk in range(len(arrays.desk_room)):
        if arrays.desk_meets[need, desk] and desk != without and state.busy[desk, start] == 0:
            end = _free_until(arrays, state, desk, start)
            if end > best_end:
                best, best_end = desk, end
    return best


@kernel
def _spanned(state: State, desk: int, slot: int) -> bool:
    """Whether a duty or its cleaning goes on across the beginning of a slot."""
    beginning = 1 if state.starter[desk, slot] > 0 else 0
    return state.busy[desk, slot] > beginning


@kernel
def _both_free(arrays: Arrays, state: State, desk: int, other: int, slot: int) -> int:
    """First boundary from ``slot`` on that no duty at either desk crosses."""
    while slot < arrays.slots and (_spanned(state, desk, slot) or _spanned(state, other, slot)):
        slot += 1
    return min(slot, arrays.slots)


@kernel
def _partner(arrays: Arrays, state: State, need: int, desk: int, slot: int, wanted: int) -> int:
    """A suited desk free at ``slot``, as long as possible, whose people may change with those of ``desk``."""
    best, best_end, tries = -1, slot, 0
    for other in range(len(arrays.desk_room)):
        if other == desk or not arrays.desk_meets[need, other] or state.busy[other, slot] > 0:
            continue
        end = _free_until(arrays, state, other, slot)
        if end <= best_end:
            continue
        until = _both_free(arrays, state, desk, other, wanted)
        if _may_move(arrays, state, desk, other, slot, until) and _may_move(arrays, state, other, desk, slot, until):
            best, best_end = other, end
        tries += 1
        if best_end >= wanted or tries >= MOST_TRIES:
            break
    return best


@kernel
def _may_move(arrays: Arrays, state: State, desk: int, other: int, start: int, end: int) -> bool:
    """Whether all duties beginning at a desk in a span suit another desk; fixed ones stay where they are."""
    if arrays.desk_gap[desk] != arrays.desk_gap[other]:
        return False
    room = arrays.desk_room[other]
    if arrays.desk_room[desk] != room:
        for slot in range(start, min(arrays.slots, end + arrays.gap)):
            if state.room_count[room, slot] > arrays.room_cap[room] - 2:
                return False
    for slot in range(start, end):
        agent = state.starter[desk, slot] - 1
        if agent >= 0:
            if not arrays.desk_meets[arrays.need_class[agent], other]:
                return False
            day, number = block_at(arrays, state, agent, slot)
            if state.blocks[agent, day, number, FIXED]:
                return False
    return True


@kernel
def block_at(arrays: Arrays, state: State, agent: int, start: int) -> tuple[int, int]:
    """Day and number of the agent's duty that starts in a slot."""
    day = arrays.day_of_slot[start]
    for number in range(arrays.most_blocks):
        block = state.blocks[agent, day, number]
        if block[END] > 0 and block[START] == start:
            return day, number
    return day, 0


@kernel
def exchange_desks(arrays: Arrays, state: State, desk: int, other: int, start: int, end: int) -> None:
    """Give all duties beginning in a span at one of two desks the other one."""
    _lift(arrays, state, desk, start, end)
    _lift(arrays, state, other, start, end)
    for slot in range(start, end):
        first, second = state.starter[desk, slot], state.starter[other, slot]
        state.starter[desk, slot], state.starter[other, slot] = second, first
    _lower(arrays, state, desk, start, end)
    _lower(arrays, state, other, start, end)


@kernel
def _lift(arrays: Arrays, state: State, desk: int, start: int, end: int) -> None:
    for slot in range(start, end):
        agent = state.starter[desk, slot] - 1
        if agent >= 0:
            day, number = block_at(arrays, state, agent, slot)
            block = state.blocks[agent, day, number]
            book_desk(arrays, state, desk, block[START], block[END], -1)
            book_presence(arrays, state, agent, desk, block[START], block[END], -1)
            if arrays.has_usual[agent] and desk != arrays.usual_desk[agent]:
                state.tiers[WISHES] -= USUAL_DESK_MINUTES


@kernel
def _lower(arrays: Arrays, state: State, desk: int, start: int, end: int) -> None:
    for slot in range(start, end):
        agent = state.starter[desk, slot] - 1
        if agent >= 0:
            day, number = block_at(arrays, state, agent, slot)
            block = state.blocks[agent, day, number]
            block[DESK] = desk
            book_desk(arrays, state, desk, block[START], block[END], 1)
            book_presence(arrays, state, agent, desk, block[START], block[END], 1)
            if arrays.has_usual[agent] and desk != arrays.usual_desk[agent]:
                state.tiers[WISHES] += USUAL_DESK_MINUTES
