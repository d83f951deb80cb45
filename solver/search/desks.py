"""Desks, rooms and arrivals: what is free, and booking it.

A desk is busy during a duty and the cleaning gap after it, so two duties keep the gap exactly when their busy
spans do not meet. For each desk and each slot in which a duty may start, the first busy slot is kept; the best
desk of each bay follows from that, and so does the latest end of a duty on site in a few words per bay.
"""

from __future__ import annotations

from solver.arrays import BLOCKED, NO_LIMIT, Arrays, Ints
from solver.search.handles import kernel
from solver.search.pools import pool_ends
from solver.search.random import random_below
from solver.search.state import DESK, END, START, Bench, State

SAME_ROOM, SAME_SITE, SAME_DAY = 1, 2, 3
FAR_SLOTS = 40
MOST_CANDIDATES = 48


@kernel
def first_start_from(arrays: Arrays, slot: int) -> int:
    """Index of the first start at or after a slot."""
    low, high = 0, len(arrays.start_slot)
    while low < high:
        middle = (low + high) // 2
        if arrays.start_slot[middle] < slot:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def book_desk(arrays: Arrays, state: State, desk: int, start: int, end: int, change: int) -> None:
    """Mark a desk busy for a duty and the cleaning after it, or free it again."""
    busy_end = end + arrays.desk_gap[desk]
    for slot in range(start, busy_end):
        state.busy[desk, slot] += change
    low = first_start_from(arrays, start - arrays.longest - arrays.gap)
    high = first_start_from(arrays, busy_end)
    if low < high:
        _refresh_next_busy(arrays, state, desk, low, high, busy_end)
        _refresh_bay(arrays, state, desk, low, high)


@kernel
def _refresh_next_busy(arrays: Arrays, state: State, desk: int, low: int, high: int, busy_end: int) -> None:
    reach = arrays.longest + arrays.gap + 1
    busy = state.busy[desk]
    following = busy_end
    last = min(arrays.padded_slots, busy_end + reach)
    while following < last and busy[following] == 0:
        following += 1
    slot = busy_end - 1
    for start_index in range(high - 1, low - 1, -1):
        start = arrays.start_slot[start_index]
        while slot >= start:
            if busy[slot] > 0:
                following = slot
            slot -= 1
        state.next_busy[desk, start_index] = min(following, start + reach, arrays.padded_slots)


@kernel
def _refresh_bay(arrays: Arrays, state: State, desk: int, low: int, high: int) -> None:
    bay = 0
    bays_high = len(arrays.bay_room)
    while bays_high - bay > 1:
        middle = (bay + bays_high) // 2
        if arrays.bay_desk[middle] <= desk:
            bay = middle
        else:
            bays_high = middle
    for need in range(len(arrays.desk_meets)):
        if arrays.desk_meets[need, desk] == 0:
            continue
        free = state.bay_free[need, bay]
        free[low:high] = 0
        for other in range(arrays.bay_desk[bay], arrays.bay_desk[bay + 1]):
            if arrays.desk_meets[need, other]:
                following = state.next_busy[other]
                for start_index in range(low, high):
                    free[start_index] = max(free[start_index], following[start_index] - arrays.desk_gap[other])


@kernel
def book_presence(arrays: Arrays, state: State, agent: int, desk: int, start: int, end: int, change: int) -> None:
    """Count a person in or out of a room."""
    room = arrays.desk_room[desk]
    cohort = arrays.cohort[agent]
    for slot in range(start, end):
        state.room_count[room, slot] += change
    if cohort >= 0 and arrays.cohort_rule == SAME_ROOM:
        for slot in range(start, end):
            state.room_cohort[room, cohort, slot] += change
    if arrays.room_closes[room]:
        _refresh_room(arrays, state, room, start, end)


@kernel
def book_site(arrays: Arrays, state: State, agent: int, start: int, end: int, change: int) -> None:
    """Count a person in or out of the site, wherever it sits."""
    cohort = arrays.cohort[agent]
    state.arrivals[start] += change
    for slot in range(start, end):
        state.site_count[slot] += change
        if cohort >= 0:
            state.site_cohort[cohort, slot] += change


@kernel
def _refresh_room(arrays: Arrays, state: State, room: int, start: int, end: int) -> None:
    low = first_start_from(arrays, start - arrays.longest - 1)
    high = first_start_from(arrays, end)
    cap = arrays.room_cap[room]
    count = state.room_count[room]
    following = end
    last = min(arrays.slots, end + arrays.longest + 1)
    while following < last and count[following] < cap:
        following += 1
    slot = end - 1
    for start_index in range(high - 1, low - 1, -1):
        first = arrays.start_slot[start_index]
        while slot >= first:
            if count[slot] >= cap:
                following = slot
            slot -= 1
        state.room_closed[room, start_index] = following


@kernel
def _other_cohort(state: State, room: int, cohort: int, slot: int) -> bool:
    """Whether another cohort is in a room, or with room -1 on the site."""
    counts = state.site_cohort if room < 0 else state.room_cohort[room]
    for other in range(len(counts)):  # noqa: SIM110  # kernels know no generators
        if other != cohort and counts[other, slot] > 0:
            return True
    return False


@kernel
def _flag_presence(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:
    """Slots in which the agent cannot be present at all: blocked, or too close to a care partner's presence."""
    flags, marks = bench.flags, arrays.marks[agent]
    for slot in range(arrays.slots):
        flags[slot] = marks[slot] & BLOCKED
    for entry in range(arrays.partner_start[agent], arrays.partner_start[agent + 1]):
        other, gap = arrays.partner[entry], arrays.partner_gap[entry]
        for day in range(arrays.days):
            for number in range(arrays.most_blocks):
                block = state.blocks[other, day, number]
                if block[END] > 0:
                    for slot in range(max(0, block[START] - gap), min(arrays.slots, block[END] + gap)):
                        flags[slot] |= 1


@kernel
def _flag_site(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:  # noqa: C901  # one compiled loop
    """Slots in which the agent cannot be on site although it could be present."""
    flags, cohort = bench.flags, arrays.cohort[agent]
    if arrays.site_cap < NO_LIMIT:
        for slot in range(arrays.slots):
            if state.site_count[slot] >= arrays.site_cap:
                flags[slot] |= 2
    if cohort < 0 or arrays.cohort_rule < SAME_SITE:
        return
    if arrays.cohort_rule == SAME_SITE:
        for slot in range(arrays.slots):
            if _other_cohort(state, -1, cohort, slot):
                flags[slot] |= 2
        return
    for day in range(arrays.days):
        closed = False
        for slot in range(arrays.day_start[day], arrays.day_start[day + 1]):
            closed = closed or _other_cohort(state, -1, cohort, slot)
        if closed:
            for slot in range(arrays.day_start[day], arrays.day_start[day + 1]):
                flags[slot] |= 2


@kernel
def latest_ends(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:
    """Compute for each start the latest end of a duty of the agent, on site and at home, as others leave it."""
    _flag_presence(arrays, state, bench, agent)
    on_site = arrays.site_class[agent] >= 0 and len(arrays.desk_room) > 0
    if on_site:
        _flag_site(arrays, state, bench, agent)
        if bench.without_desks[0]:
            pool_ends(arrays, state, bench, agent)
        else:
            _desk_ends(arrays, state, bench, agent)
    at_all = at_site = arrays.slots
    slot = arrays.slots - 1
    for start_index in range(len(arrays.start_slot) - 1, -1, -1):
        start = arrays.start_slot[start_index]
        while slot >= start:
            flag = bench.flags[slot]
            if flag & 1:
                at_all = slot
            if flag:
                at_site = slot
            slot -= 1
        bench.last_home[start_index] = at_all
        if not on_site or state.arrivals[start] >= arrays.arrivals_cap:
            bench.last_site[start_index] = 0
        else:
            bench.last_site[start_index] = min(bench.last_site[start_index], at_site)


@kernel
def _desk_ends(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:
    """Latest end at the best desk that meets the agent's needs, its room neither full nor another cohort's."""
    need, cohort = arrays.need_class[agent], arrays.cohort[agent]
    last = bench.last_site
    if need == 0 and arrays.exchangeable[0] and not bench.exactly[0]:
        _any_desk_ends(arrays, state, last)
        return
    last[:] = 0
    apart = arrays.cohort_rule == SAME_ROOM and cohort >= 0
    for bay in range(len(arrays.bay_room)):
        room = arrays.bay_room[bay]
        free = state.bay_free[need, bay]
        if apart:
            _raise_apart(arrays, state, last, free, room, cohort)
        # People with needs have few desks to choose from: whether room can be made for them is tried, not foreseen
        # (with it foreseen, replanning changed 5 % more on the average of five seeds).
        elif arrays.room_closes[room] and need == 0:
            closed = state.room_closed[room]
            for start_index in range(len(last)):
                last[start_index] = max(last[start_index], min(free[start_index], closed[start_index]))
        else:
            for start_index in range(len(last)):
                last[start_index] = max(last[start_index], free[start_index])


@kernel
def _any_desk_ends(arrays: Arrays, state: State, last: Ints) -> None:
    """Latest end at which at any moment some desk is free: others exchange theirs."""
    following = arrays.padded_slots
    slot = arrays.padded_slots - 1
    for start_index in range(len(last) - 1, -1, -1):
        start = arrays.start_slot[start_index]
        while slot >= start:
            if state.load[slot] >= arrays.exchangeable[0]:
                following = slot
            slot -= 1
        last[start_index] = following


@kernel
def _raise_apart(arrays: Arrays, state: State, last: Ints, free: Ints, room: int, cohort: int) -> None:
    following = arrays.slots
    slot = arrays.slots - 1
    for start_index in range(len(last) - 1, -1, -1):
        start = arrays.start_slot[start_index]
        while slot >= start:
            if _other_cohort(state, room, cohort, slot):
                following = slot
            slot -= 1
        end = min(free[start_index], following, state.room_closed[room, start_index])
        last[start_index] = max(last[start_index], end)


@kernel
def room_open(arrays: Arrays, state: State, agent: int, desk: int, start: int, end: int) -> bool:
    """Whether a desk's room has place for the agent all the time, and no other cohort in it."""
    cohort, room = arrays.cohort[agent], arrays.desk_room[desk]
    for slot in range(start, end):
        if state.room_count[room, slot] >= arrays.room_cap[room]:
            return False
    if cohort >= 0 and arrays.cohort_rule == SAME_ROOM:
        for slot in range(start, end):
            if _other_cohort(state, room, cohort, slot):
                return False
    return True


@kernel
def desk_free(arrays: Arrays, state: State, desk: int, start: int, end: int) -> bool:
    """Whether nobody is at a desk, nor is it cleaned, and whoever comes next finds it clean."""
    for slot in range(start, end + arrays.desk_gap[desk]):  # noqa: SIM110  # kernels know no generators
        if state.busy[desk, slot] > 0:
            return False
    return True


@kernel
def find_desk(arrays: Arrays, state: State, agent: int, day: int, start: int, end: int) -> int:
    """Choose a desk: one of the agent's own day, the usual one, or the one whose free time fits best; -1 for none."""
    desk = own_desk(arrays, state, agent, day, start, end)
    return desk if desk >= 0 else _best_fit(arrays, state, agent, start, end)


@kernel
def own_desk(arrays: Arrays, state: State, agent: int, day: int, start: int, end: int) -> int:
    """A desk of the agent's own day or the usual one; -1 where they do not suit."""
    for number in range(arrays.most_blocks):
        block = state.blocks[agent, day, number]
        if block[END] > 0 and block[DESK] >= 0 and _own_desk_fits(arrays, state, agent, block, start, end):
            return block[DESK]
    usual = arrays.usual_desk[agent]
    if (
        usual >= 0
        and arrays.desk_meets[arrays.need_class[agent], usual]
        and desk_free(arrays, state, usual, start, end)
        and room_open(arrays, state, agent, usual, start, end)
    ):
        return usual
    return -1


@kernel
def _own_desk_fits(arrays: Arrays, state: State, agent: int, block: Ints, start: int, end: int) -> bool:
    """Whether the desk of another duty of the day serves here too: between one person's duties nobody cleans."""
    desk = block[DESK]
    gap = arrays.desk_gap[desk]
    for slot in range(start, end + gap):
        own = 1 if block[START] <= slot < block[END] + gap else 0
        if state.busy[desk, slot] > own:
            return False
    return room_open(arrays, state, agent, desk, start, end)


@kernel
def _best_fit(arrays: Arrays, state: State, agent: int, start: int, end: int) -> int:
    need = arrays.need_class[agent]
    start_index = first_start_from(arrays, start)
    on_grid = start_index < len(arrays.start_slot) and arrays.start_slot[start_index] == start
    best, best_score = -1, 1e300
    candidates, bays = 0, len(arrays.bay_room)
    first = random_below(state, bays) if bays > 0 else 0
    for turn in range(bays):
        bay = (first + turn) % bays
        if candidates >= MOST_CANDIDATES:
            break
        if on_grid and state.bay_free[need, bay, start_index] < end:
            continue
        room = arrays.bay_room[bay]
        if on_grid and arrays.room_closes[room] and state.room_closed[room, start_index] < end:
            continue
        for desk in range(arrays.bay_desk[bay], arrays.bay_desk[bay + 1]):
            if not arrays.desk_meets[need, desk]:
                continue
            if on_grid and state.next_busy[desk, start_index] - arrays.desk_gap[desk] < end:
                continue
            candidates += 1
            score = _looseness(arrays, state, desk, start, end, best_score)
            if score >= best_score or not desk_free(arrays, state, desk, start, end):
                continue
            if room_open(arrays, state, agent, desk, start, end):
                best, best_score = desk, score
    return best


@kernel
def _looseness(arrays: Arrays, state: State, desk: int, start: int, end: int, limit: float) -> float:
    """Free slots left before and after a duty at a desk, and how much others would miss the desk."""
    score = arrays.desk_worth[desk]
    slot = end + arrays.desk_gap[desk]
    while slot < arrays.padded_slots and slot < end + arrays.desk_gap[desk] + FAR_SLOTS and state.busy[desk, slot] == 0:
        slot += 1
        score += 1.0
    if score >= limit:
        return score
    slot = start - 1
    while slot >= 0 and slot > start - FAR_SLOTS and state.busy[desk, slot] == 0:
        slot -= 1
        score += 1.0
    return score
