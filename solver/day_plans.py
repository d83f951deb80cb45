"""What one agent could do on one day, and what each choice is worth under the present marginal values.

The worth of a duty is a difference of prefix sums; the best place for a single break is a range minimum over
sliding windows, answered by two look-ups in a table of powers of two (Bender and Farach-Colton, "The LCA problem
revisited", 2000). Of all duties only those that no other dominates are kept: later start, earlier end, same work,
more worth.
"""

from __future__ import annotations

from solver.arrays import PREFERRED, PREVIOUS_HOME, PREVIOUS_SITE, UNDESIRED, Arrays, Floats
from solver.search.handles import kernel
from solver.search.pools import fill_crowding
from solver.search.random import random_share
from solver.search.state import CHANGES, PAUSES, SHORTFALL, SITE_PRESENCE, WISHES, Bench, Floats3, State

NOTHING = -1e18
USUAL_DESK_MINUTES = 60.0


@kernel
def slot_values(
    arrays: Arrays, state: State, bench: Bench, agent: int, weights: Floats, noise: float, start: int, end: int
) -> bool:
    """Fill worth and cost of the agent's slots from ``start`` to ``end``; whether home is worth what the site is."""
    site, home = arrays.site_class[agent], arrays.home_class[agent]
    same = site == home or site < 0 or home < 0
    jitter = bench.jitter[0]
    first = site if site >= 0 else home
    _fill_values(arrays, state, bench.value_site, first, weights[SHORTFALL], noise, jitter, start, end)
    _sums(bench.value_site, bench.sum_site, start, end)
    _least_breaks(arrays, bench.sum_site, bench.least_site, start, end)
    if not same:
        _fill_values(arrays, state, bench.value_home, home, weights[SHORTFALL], noise, jitter, start, end)
        _sums(bench.value_home, bench.sum_home, start, end)
        _least_breaks(arrays, bench.sum_home, bench.least_home, start, end)
    _presence_costs(arrays, state, bench, agent, weights, start, end)
    return same


@kernel
def _fill_values(
    arrays: Arrays,
    state: State,
    values: Floats,
    skill_class: int,
    weight: float,
    noise: float,
    jitter: float,
    start: int,
    end: int,
) -> None:
    low, high = arrays.pair_start[skill_class], arrays.pair_start[skill_class + 1]
    for slot in range(start, end):
        best = 0.0
        for pair in range(low, high):
            best = max(best, state.gain[slot, arrays.pair_queue[pair]])
        values[slot] = best * weight
    if noise > 0.0 or jitter > 0.0:
        for slot in range(start, end):
            share = random_share(state) - 0.5
            values[slot] += (noise * values[slot] + jitter) * share


@kernel
def _sums(values: Floats, sums: Floats, start: int, end: int) -> None:
    total = 0.0
    sums[start] = 0.0
    for slot in range(start, end):
        total += values[slot]
        sums[slot + 1] = total


@kernel
def _least_breaks(arrays: Arrays, sums: Floats, least: Floats3, start: int, end: int) -> None:
    for index in range(len(arrays.break_lengths)):
        length = arrays.break_lengths[index]
        last = end - length + 1
        row = least[index, 0]
        for slot in range(start, last):
            row[slot] = sums[slot + length] - sums[slot]
        for level in range(1, least.shape[1]):
            step = 1 << (level - 1)
            row = least[index, level - 1]
            above = least[index, level]
            for slot in range(start, last - 2 * step + 1):
                above[slot] = min(row[slot], row[slot + step])


@kernel
def _presence_costs(
    arrays: Arrays, state: State, bench: Bench, agent: int, weights: Floats, start: int, end: int
) -> None:
    minutes_of_change = arrays.slot_minutes * arrays.any_previous
    on_site = weights[SITE_PRESENCE] * arrays.slot_minutes
    wishes = weights[WISHES] * arrays.slot_minutes
    unwilling = on_site + (wishes if arrays.prefers_home[agent] else 0.0)
    fill_crowding(arrays, state, bench, agent, start, end)
    marks = arrays.marks[agent]
    total_site = total_home = 0.0
    bench.cost_site[start] = bench.cost_home[start] = 0.0
    for slot in range(start, end):
        mark = marks[slot]
        both = 0.0
        if mark & UNDESIRED:
            both += wishes
        if mark & PREFERRED:
            both -= wishes
        changes = (weights[CHANGES] + bench.stay[arrays.day_of_slot[slot]]) * minutes_of_change
        site = home = changes
        if mark & PREVIOUS_SITE:
            site, home = -changes, 0.0
        elif mark & PREVIOUS_HOME:
            site, home = 0.0, -changes
        total_site += both + unwilling + site + bench.price[slot] * bench.price_share[0] + bench.crowding[slot]
        total_home += both + home
        bench.cost_site[slot + 1] = total_site
        bench.cost_home[slot + 1] = total_home


@kernel
def parts_loss(arrays: Arrays, bench: Bench, sums: Floats, shape: int, start: int) -> float:  # noqa: C901  # one compiled loop
    """Least worth lost to a pause in several breaks of nearly equal length; the breaks are left in bench.breaks."""
    parts, pause = arrays.shape_parts[shape], arrays.shape_break[shape]
    length = arrays.shape_work[shape] + pause
    best, origin = bench.positions, bench.origins
    taken = 0
    for number in range(parts):
        size = pause // parts + (1 if number < pause % parts else 0)
        for offset in range(length + 1):
            best[number, offset] = 1e300
        for offset in range(arrays.edge, length - arrays.edge - size + 1):
            before = 1e300
            if number == 0:
                before = 0.0 if offset <= arrays.run else 1e300
            else:
                for end in range(max(0, offset - arrays.run), offset):
                    if best[number - 1, end] < before:
                        before = best[number - 1, end]
                        origin[number, offset + size] = end
            if before < 1e300:
                best[number, offset + size] = before + sums[start + offset + size] - sums[start + offset]
        taken += size
    loss, end = 1e300, -1
    for offset in range(max(0, length - arrays.run), length - arrays.edge + 1):
        if best[parts - 1, offset] < loss:
            loss, end = best[parts - 1, offset], offset
    if end >= 0:
        for number in range(parts - 1, -1, -1):
            size = pause // parts + (1 if number < pause % parts else 0)
            bench.breaks[2 * number], bench.breaks[2 * number + 1] = start + end - size, start + end
            end = origin[number, end]
    return loss


@kernel
def break_loss(arrays: Arrays, bench: Bench, sums: Floats, least: Floats3, shape: int, start: int) -> float:
    """Worth lost to the breaks of a duty, placed where they cost least."""
    parts = arrays.shape_parts[shape]
    if parts == 0:
        return 0.0
    if parts > 1:
        return parts_loss(arrays, bench, sums, shape, start)
    row = least[arrays.shape_length[shape], arrays.shape_level[shape]]
    return min(row[start + arrays.shape_low[shape]], row[start + arrays.shape_tail[shape]])


@kernel
def add_option(
    bench: Bench, day: int, value: float, units: int, start_class: int, end_class: int, first: int, second: int
) -> None:
    """Keep a plan of a day unless one that starts no earlier and ends no later is worth as much."""
    front = bench.front[units]
    count = bench.options[day]
    if front[end_class] >= value or count >= bench.option_value.shape[1]:
        return
    later = end_class
    while later < len(front) and front[later] < value:
        front[later] = value
        later += 1
    bench.option_value[day, count] = value
    bench.option_units[day, count] = units
    bench.option_start_class[day, count] = start_class
    bench.option_end_class[day, count] = end_class
    bench.option_first[day, count] = first
    bench.option_second[day, count] = second
    bench.options[day] = count + 1


@kernel
def end_class_of(arrays: Arrays, day: int, end: int) -> int:
    """Class of the rest that a workday ending at ``end`` asks of the days after it."""
    after = end + arrays.rest - arrays.base[day + 1]
    if after <= 0:
        return 0
    return min(arrays.classes - 1, (after + arrays.unit - 1) // arrays.unit)


@kernel
def start_class_of(arrays: Arrays, day: int, start: int) -> int:
    """Greatest class of rest that a workday starting at ``start`` keeps."""
    return min(arrays.classes - 1, (start - arrays.base[day]) // arrays.unit)


@kernel
def day_options(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, weights: Floats, same: bool) -> None:  # noqa: C901, FBT001
    """Fill the plans of one day that are worth considering, single duties and pairs."""
    bench.options[day] = 0
    bench.front[:] = NOTHING
    low, high = arrays.first_start[day], arrays.first_start[day + 1]
    sum_home = bench.sum_site if same else bench.sum_home
    least_home = bench.least_site if same else bench.least_home
    away = weights[WISHES] * USUAL_DESK_MINUTES if arrays.has_usual[agent] else 0.0
    usual = arrays.usual_desk[agent]
    paired = arrays.blocks[agent] > 1
    if paired:
        bench.pair_value[:] = NOTHING
    at_home = arrays.home_class[agent] >= 0
    for start_index in range(high - 1, low - 1, -1):
        start = arrays.start_slot[start_index]
        if start < arrays.low[agent, day]:
            break
        last_home = min(bench.last_home[start_index], arrays.high[agent, day]) if at_home else 0
        last_site = min(bench.last_site[start_index], arrays.high[agent, day])
        last = max(last_home, last_site)
        start_class = start_class_of(arrays, day, start)
        for shape in range(len(arrays.shape_work)):
            end = start + arrays.shape_work[shape] + arrays.shape_break[shape]
            if end > last or arrays.shape_work[shape] > arrays.day_cap[agent]:
                continue
            value, place = NOTHING, 0
            pause = weights[PAUSES] * arrays.shape_break[shape]
            if end <= last_site:
                value = bench.sum_site[end] - bench.sum_site[start] - bench.cost_site[end] + bench.cost_site[start]
                value -= break_loss(arrays, bench, bench.sum_site, bench.least_site, shape, start) + pause
                if usual < 0 or state.next_busy[usual, start_index] - arrays.desk_gap[usual] < end:
                    value -= away
            if end <= last_home:
                home = sum_home[end] - sum_home[start] - bench.cost_home[end] + bench.cost_home[start]
                home -= break_loss(arrays, bench, sum_home, least_home, shape, start) + pause
                if home >= value:
                    value, place = home, 1
            if arrays.shape_alone[shape]:
                code = (start_index * len(arrays.shape_work) + shape) * 2 + place
                end_class = end_class_of(arrays, day, end)
                add_option(bench, day, value, arrays.shape_units[shape], start_class, end_class, code, -1)
            if paired and arrays.shape_paired[shape]:
                bench.pair_value[start_index - low, shape] = value
                bench.pair_place[start_index - low, shape] = place
        if paired:
            _pair_options(arrays, bench, agent, day, start_index)


@kernel
def _pair_options(arrays: Arrays, bench: Bench, agent: int, day: int, first_index: int) -> None:
    """Add the plans of two duties whose first starts here: a gap of a break's length at least between them."""
    low, high = arrays.first_start[day], arrays.first_start[day + 1]
    shapes = len(arrays.shape_work)
    start = arrays.start_slot[first_index]
    start_class = start_class_of(arrays, day, start)
    for shape in range(shapes):
        value = bench.pair_value[first_index - low, shape]
        if value <= NOTHING:
            continue
        end = start + arrays.shape_work[shape] + arrays.shape_break[shape]
        code = (first_index * shapes + shape) * 2 + bench.pair_place[first_index - low, shape]
        for second in range(shapes):
            work = arrays.shape_work[shape] + arrays.shape_work[second]
            if work > arrays.day_cap[agent] or not arrays.shape_paired[second]:
                continue
            pause = arrays.need[work] - arrays.shape_break[shape] - arrays.shape_break[second]
            earliest = end + max(arrays.part, pause)
            units = arrays.shape_units[shape] + arrays.shape_units[second]
            for index in range(high - 1, first_index, -1):
                if arrays.start_slot[index] < earliest:
                    break
                both = bench.pair_value[index - low, second]
                if both > NOTHING:
                    last = arrays.start_slot[index] + arrays.shape_work[second] + arrays.shape_break[second]
                    end_class = end_class_of(arrays, day, last)
                    other = (index * shapes + second) * 2 + bench.pair_place[index - low, second]
                    add_option(bench, day, value + both, units, start_class, end_class, code, other)
