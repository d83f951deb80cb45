"""Taking agents out and putting them back, with everything that follows updated in the touched slots only."""

from __future__ import annotations

from solver.arrays import HOME, PREFERRED, PREVIOUS_HOME, PREVIOUS_SITE, SITE, UNDESIRED, Arrays, Floats, Ints
from solver.day_plans import USUAL_DESK_MINUTES, parts_loss
from solver.search.coverage import add_unit, remove_unit
from solver.search.desks import book_desk, book_presence, book_site
from solver.search.handles import kernel
from solver.search.pools import book_pools, kind_of_room
from solver.search.seating import seat, undo_exchanges
from solver.search.state import (
    BREAKS,
    CHANGES,
    CONTRACT,
    DESK,
    END,
    FIRST_BREAK,
    FIXED,
    PLACE,
    SITE_PRESENCE,
    START,
    WISHES,
    Bench,
    Ints3,
    State,
)
from solver.tours import best_tour


@kernel
def book_block(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, number: int, change: int) -> None:
    """Count a duty in (change 1) or out (-1): coverage, desk, presence and tiers."""
    block = state.blocks[agent, day, number]
    start, end = block[START], block[END]
    skill_class = arrays.site_class[agent] if block[PLACE] == SITE else arrays.home_class[agent]
    work_start = start
    for number_of_break in range(block[BREAKS] + 1):
        last = number_of_break == block[BREAKS]
        work_end = end if last else block[FIRST_BREAK + 2 * number_of_break]
        for slot in range(work_start, work_end):
            if change > 0:
                add_unit(arrays, state, bench, slot, skill_class)
            else:
                remove_unit(arrays, state, bench, slot, skill_class)
        if not last:
            work_start = block[FIRST_BREAK + 2 * number_of_break + 1]
    if block[PLACE] == SITE:
        book_pools(arrays, state, bench, agent, block[DESK], start, end, change)
        book_site(arrays, state, agent, start, end, change)
        cleaned = end + arrays.desk_gap[block[DESK]] if block[DESK] >= 0 else end
        for slot in range(start, cleaned):
            state.load[slot] += change
    if block[DESK] >= 0:
        state.starter[block[DESK], start] = agent + 1 if change > 0 else 0
        book_desk(arrays, state, block[DESK], start, end, change)
        book_presence(arrays, state, agent, block[DESK], start, end, change)
    _book_tiers(arrays, state, agent, block, change)


@kernel
def _book_tiers(arrays: Arrays, state: State, agent: int, block: Ints, change: int) -> None:
    minutes = change * arrays.slot_minutes
    marks = arrays.marks[agent]
    changes = wishes = 0
    on_site = block[PLACE] == SITE
    for slot in range(block[START], block[END]):
        mark = marks[slot]
        if mark & UNDESIRED:
            wishes += 1
        if mark & PREFERRED:
            wishes -= 1
        if mark & PREVIOUS_SITE:
            changes -= 1 if on_site else 0
        elif mark & PREVIOUS_HOME:
            changes -= 0 if on_site else 1
        else:
            changes += 1
    if on_site:
        presence = block[END] - block[START]
        state.tiers[SITE_PRESENCE] += minutes * presence
        if arrays.prefers_home[agent]:
            wishes += presence
        if arrays.has_usual[agent] and block[DESK] >= 0 and block[DESK] != arrays.usual_desk[agent]:
            state.tiers[WISHES] += change * USUAL_DESK_MINUTES
    state.tiers[WISHES] += minutes * wishes
    if arrays.any_previous:
        state.tiers[CHANGES] += minutes * changes


@kernel
def owed_minutes(arrays: Arrays, state: State, agent: int) -> float:
    """Contract minutes that an agent does not reach."""
    owed = 0.0
    for run in range(arrays.runs):
        owed += max(0.0, arrays.contract_slots[agent, run] - state.run_work[agent, run])
    return owed * arrays.slot_minutes


@kernel
def block_work(block: Ints) -> int:
    """Slots of work in a duty."""
    work = block[END] - block[START]
    for number in range(block[BREAKS]):
        work -= block[FIRST_BREAK + 2 * number + 1] - block[FIRST_BREAK + 2 * number]
    return work


@kernel
def take_out(arrays: Arrays, state: State, bench: Bench, agent: int) -> None:
    """Remove all duties of an agent but the fixed ones."""
    state.tiers[CONTRACT] -= owed_minutes(arrays, state, agent)
    for day in range(arrays.days):
        for number in range(arrays.most_blocks):
            block = state.blocks[agent, day, number]
            if block[END] > 0 and not block[FIXED]:
                book_block(arrays, state, bench, agent, day, number, -1)
                block[END] = 0
    state.run_work[agent, :] = 0
    state.tiers[CONTRACT] += owed_minutes(arrays, state, agent)


@kernel
def copy_block(target: Ints, source: Ints) -> None:
    """Copy a duty number by number: slices may allocate."""
    for field in range(len(source)):
        target[field] = source[field]


@kernel
def copy_tour(target: Ints3, source: Ints3) -> None:
    """Copy an agent's duties."""
    for day in range(source.shape[0]):
        for number in range(source.shape[1]):
            copy_block(target[day, number], source[day, number])


@kernel
def put_back(arrays: Arrays, state: State, bench: Bench, agent: int, tour: Ints3) -> None:
    """Book the duties of a tour that was in the roster before, at its desks."""
    state.tiers[CONTRACT] -= owed_minutes(arrays, state, agent)
    for day in range(arrays.days):
        for number in range(arrays.most_blocks):
            if tour[day, number, END] > 0 and not tour[day, number, FIXED]:
                copy_block(state.blocks[agent, day, number], tour[day, number])
                book_block(arrays, state, bench, agent, day, number, 1)
                state.run_work[agent, arrays.run_of_day[day]] += block_work(tour[day, number])
    state.tiers[CONTRACT] += owed_minutes(arrays, state, agent)


@kernel
def put_tour(arrays: Arrays, state: State, bench: Bench, agent: int) -> bool:
    """Book the tour that ``best_tour`` chose, each duty on site with a desk at once; whether all found one."""
    seated = True
    state.tiers[CONTRACT] -= owed_minutes(arrays, state, agent)
    for day in range(arrays.days):
        option = bench.chosen[day]
        if option < 0:
            continue
        second = bench.option_second[day, option]
        first_seated = _put_duty(arrays, state, bench, agent, day, 0, bench.option_first[day, option])
        seated = seated and first_seated
        if first_seated and second >= 0 and not _put_duty(arrays, state, bench, agent, day, 1, second):
            _drop_duty(arrays, state, bench, agent, day, 0)
            seated = False
    state.tiers[CONTRACT] += owed_minutes(arrays, state, agent)
    return seated


@kernel
def _drop_duty(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, number: int) -> None:
    block = state.blocks[agent, day, number]
    book_block(arrays, state, bench, agent, day, number, -1)
    state.run_work[agent, arrays.run_of_day[day]] -= block_work(block)
    block[END] = 0


@kernel
def _put_duty(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, number: int, code: int) -> bool:
    shapes = len(arrays.shape_work)
    place, shape, start = code % 2, code // 2 % shapes, arrays.start_slot[code // 2 // shapes]
    end = start + arrays.shape_work[shape] + arrays.shape_break[shape]
    desk = -1
    if place == SITE and bench.without_desks[0]:
        desk = kind_of_room(arrays, state, agent, start, end)
    elif place == SITE:
        desk = seat(arrays, state, bench, agent, day, start, end)
        if desk < 0:
            return False
    block = state.blocks[agent, day, number]
    block[PLACE], block[DESK], block[FIXED] = place, desk, 0
    same = arrays.site_class[agent] < 0 or arrays.site_class[agent] == arrays.home_class[agent]
    sums = bench.sum_home if place == HOME and not same and arrays.site_class[agent] >= 0 else bench.sum_site
    _place_breaks(arrays, bench, sums, block, shape, start)
    block[START], block[END] = start, end
    book_block(arrays, state, bench, agent, day, number, 1)
    state.run_work[agent, arrays.run_of_day[day]] += arrays.shape_work[shape]
    return True


@kernel
def _place_breaks(arrays: Arrays, bench: Bench, sums: Floats, block: Ints, shape: int, start: int) -> None:
    parts = arrays.shape_parts[shape]
    block[BREAKS] = parts
    if parts == 1:
        pause = arrays.shape_break[shape]
        best, loss = start + arrays.shape_low[shape], 1e300
        for slot in range(start + arrays.shape_low[shape], start + arrays.shape_high[shape] + 1):
            lost = sums[slot + pause] - sums[slot]
            if lost < loss:
                best, loss = slot, lost
        block[FIRST_BREAK], block[FIRST_BREAK + 1] = best, best + pause
    elif parts > 1:
        parts_loss(arrays, bench, sums, shape, start)
        for entry in range(2 * parts):
            block[FIRST_BREAK + entry] = bench.breaks[entry]


@kernel
def replan(arrays: Arrays, state: State, bench: Bench, agent: int, weights: Floats, noise: float) -> None:
    """Give an agent who has been taken out the tour that is best now."""
    exchanges = bench.exchange_count[0]
    bench.exactly[0] = 0
    best_tour(arrays, state, bench, agent, weights, noise)
    if not put_tour(arrays, state, bench, agent):
        take_out(arrays, state, bench, agent)
        undo_exchanges(arrays, state, bench, exchanges)
        bench.exactly[0] = 1
        best_tour(arrays, state, bench, agent, weights, noise)
        put_tour(arrays, state, bench, agent)
