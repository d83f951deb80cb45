"""The best tour of one agent: which plan on which day, over the whole horizon.

A shortest path over days with resources (Irnich and Desaulniers, "Shortest path problems with resource
constraints", 2005): work and workdays in the run of seven days, class of the rest still owed, and where the limit
can bind the workdays in a row.
"""

from __future__ import annotations

from solver.arrays import Arrays, Floats
from solver.day_plans import NOTHING, day_options, end_class_of, slot_values, start_class_of
from solver.search.desks import latest_ends
from solver.search.handles import kernel
from solver.search.state import CONTRACT, END, START, Bench, State

IMPOSSIBLE = -1e17


@kernel
def best_tour(arrays: Arrays, state: State, bench: Bench, agent: int, weights: Floats, noise: float) -> float:
    """Choose an option for each day (bench.chosen, -1 for none); the worth of the tour.

    The agent must have been taken out. Where fixed duties leave no way through, all days but theirs stay free.
    """
    start, end = arrays.slots, 0
    for day in range(arrays.days):
        if arrays.high[agent, day] > arrays.low[agent, day]:
            start, end = min(start, arrays.low[agent, day]), max(end, arrays.high[agent, day])
    if start < end:
        latest_ends(arrays, state, bench, agent)
        same = slot_values(arrays, state, bench, agent, weights, noise, start, end)
        for day in range(arrays.days):
            if arrays.high[agent, day] > arrays.low[agent, day] and not arrays.fixed_day[agent, day]:
                day_options(arrays, state, bench, agent, day, weights, same)
            else:
                bench.options[day] = 0
    else:
        bench.options[:] = 0
    return _shortest_path(arrays, state, bench, agent, weights[CONTRACT] * arrays.slot_minutes)


@kernel
def _dimensions(arrays: Arrays, agent: int) -> tuple[int, int, int]:
    days = units = 0
    for run in range(arrays.runs):
        days = max(days, min(7, arrays.workdays[agent, run]))
        units = max(units, min(7 * arrays.most_day_units, arrays.weekly_units[agent, run]))
    return arrays.streak_states[agent], days + 1, units + 1


@kernel
def _shortest_path(arrays: Arrays, state: State, bench: Bench, agent: int, contract: float) -> float:
    streaks, counts, units = _dimensions(arrays, agent)
    size = streaks * counts * arrays.classes * units
    today, tomorrow = bench.best[0], bench.best[1]
    today[:size] = NOTHING
    streak = arrays.streak[agent] if streaks > 1 else 0
    rest_class = min(arrays.rest_class[agent], arrays.classes - 1)
    today[(streak * counts * arrays.classes + rest_class) * units] = 0.0
    for day in range(arrays.days):
        if day > 0 and day % 7 == 0:
            tomorrow[:size] = NOTHING
            _change_run(arrays, bench, agent, day, today, tomorrow, contract)
            today, tomorrow = tomorrow, today
        tomorrow[:size] = NOTHING
        if arrays.fixed_day[agent, day]:
            _fixed_day(arrays, state, bench, agent, day, today, tomorrow)
        else:
            _free_day(arrays, bench, agent, day, today, tomorrow)
            if bench.options[day] > 0:
                _workday(arrays, bench, agent, day, today, tomorrow)
        today, tomorrow = tomorrow, today
    best, last = NOTHING, -1
    run = arrays.runs - 1
    for index in range(size):
        if today[index] > IMPOSSIBLE:
            value = today[index] - contract * max(
                0.0, arrays.contract_slots[agent, run] - (index % units) * arrays.work_unit
            )
            if value > best:
                best, last = value, index
    _trace(arrays, bench, agent, last)
    return best


@kernel
def _change_run(
    arrays: Arrays, bench: Bench, agent: int, day: int, today: Floats, tomorrow: Floats, contract: float
) -> None:
    """Begin a new run of seven days: work and workdays count from nothing, contract time not reached is paid."""
    streaks, counts, units = _dimensions(arrays, agent)
    owed = arrays.contract_slots[agent, day // 7 - 1]
    for streak in range(streaks):
        for count in range(counts):
            for rest_class in range(arrays.classes):
                base = ((streak * counts + count) * arrays.classes + rest_class) * units
                target = (streak * counts * arrays.classes + rest_class) * units
                for unit in range(units):
                    value = today[base + unit] - contract * max(0.0, owed - unit * arrays.work_unit)
                    if value > tomorrow[target] and value > IMPOSSIBLE:
                        tomorrow[target] = value
                        bench.run_end[day, target] = base + unit


@kernel
def _free_day(arrays: Arrays, bench: Bench, agent: int, day: int, today: Floats, tomorrow: Floats) -> None:
    streaks, counts, units = _dimensions(arrays, agent)
    passed = (arrays.base[day + 1] - arrays.base[day]) // arrays.unit
    choice = bench.choice[day]
    for streak in range(streaks):
        for count in range(counts):
            for rest_class in range(arrays.classes):
                base = ((streak * counts + count) * arrays.classes + rest_class) * units
                target = (count * arrays.classes + max(0, rest_class - passed)) * units
                for unit in range(units):
                    if today[base + unit] > tomorrow[target + unit]:
                        tomorrow[target + unit] = today[base + unit]
                        choice[target + unit] = -1 - (base + unit)


@kernel
def _fixed_day(
    arrays: Arrays, state: State, bench: Bench, agent: int, day: int, today: Floats, tomorrow: Floats
) -> None:
    streaks, counts, units = _dimensions(arrays, agent)
    first, last = arrays.slots, 0
    for number in range(arrays.most_blocks):
        block = state.blocks[agent, day, number]
        if block[END] > 0:
            first, last = min(first, block[START]), max(last, block[END])
    start_class, end_class = start_class_of(arrays, day, first), end_class_of(arrays, day, last)
    choice = bench.choice[day]
    for streak in range(streaks):
        next_streak = streak + 1 if streaks > 1 else 0
        if next_streak >= streaks:
            continue
        for count in range(counts):
            for rest_class in range(min(start_class, arrays.classes - 1) + 1):
                base = ((streak * counts + count) * arrays.classes + rest_class) * units
                target = ((next_streak * counts + count) * arrays.classes + end_class) * units
                for unit in range(units):
                    if today[base + unit] > tomorrow[target + unit]:
                        tomorrow[target + unit] = today[base + unit]
                        choice[target + unit] = -1 - (base + unit)


@kernel
def _reach(arrays: Arrays, bench: Bench, agent: int, day: int, today: Floats) -> None:
    """Best with a rest class of at most each, so that an option asks one place only."""
    streaks, counts, units = _dimensions(arrays, agent)
    reached, origin = bench.reached, bench.from_class[day]
    for row in range(streaks * counts):
        base = row * arrays.classes * units
        for unit in range(units):
            reached[base + unit] = today[base + unit]
            origin[base + unit] = 0
        for rest_class in range(1, arrays.classes):
            below = base + (rest_class - 1) * units
            here = below + units
            for unit in range(units):
                if today[here + unit] > reached[below + unit]:
                    reached[here + unit] = today[here + unit]
                    origin[here + unit] = rest_class
                else:
                    reached[here + unit] = reached[below + unit]
                    origin[here + unit] = origin[below + unit]


@kernel
def _workday(arrays: Arrays, bench: Bench, agent: int, day: int, today: Floats, tomorrow: Floats) -> None:
    streaks, counts, units = _dimensions(arrays, agent)
    _reach(arrays, bench, agent, day, today)
    run = day // 7
    most_units = min(units - 1, arrays.weekly_units[agent, run])
    most_count = min(counts - 1, arrays.workdays[agent, run])
    reached, choice = bench.reached, bench.choice[day]
    for option in range(bench.options[day]):
        value, more = bench.option_value[day, option], bench.option_units[day, option]
        start_class, end_class = bench.option_start_class[day, option], bench.option_end_class[day, option]
        for streak in range(max(1, streaks - 1)):
            next_streak = streak + 1 if streaks > 1 else 0
            for count in range(min(most_count, day % 7 + 1)):
                base = ((streak * counts + count) * arrays.classes + start_class) * units
                target = ((next_streak * counts + count + 1) * arrays.classes + end_class) * units + more
                for unit in range(most_units - more + 1):
                    better = reached[base + unit] + value
                    if better > tomorrow[target + unit]:
                        tomorrow[target + unit] = better
                        choice[target + unit] = option


@kernel
def _trace(arrays: Arrays, bench: Bench, agent: int, last: int) -> None:
    streaks, counts, units = _dimensions(arrays, agent)
    bench.chosen[:] = -1
    index = last
    if index < 0:
        return
    for day in range(arrays.days - 1, -1, -1):
        choice = bench.choice[day, index]
        if choice < 0:
            index = -1 - choice
        else:
            bench.chosen[day] = choice
            row = index // (arrays.classes * units)
            unit = index % units - bench.option_units[day, choice]
            streak = row // counts - (1 if streaks > 1 else 0)
            row = streak * counts + row % counts - 1
            place = (row * arrays.classes + bench.option_start_class[day, choice]) * units + unit
            index = (row * arrays.classes + bench.from_class[day, place]) * units + unit
        if day > 0 and day % 7 == 0:
            index = bench.run_end[day, index]
