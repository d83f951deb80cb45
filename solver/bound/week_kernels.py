"""The best run of days of one agent, compiled: a longest path over days with resources.

State after each day: workdays in a row, workdays and units of work of the present run of seven days, and the
first start class that the rest period still allows (Irnich and Desaulniers, "Shortest path problems with
resource constraints", 2005).
"""

# Compiled kernels: calls between them cost nothing only while they stay few, and take no keywords.
# ruff: noqa: C901, FBT001, PLR0912

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.break_kernels import NOTHING
from solver.bound.compiling import part
from solver.bound.grid import Grid, Integers, Reals

OFF = -1
IMPOSSIBLE = -2


class Options(NamedTuple):
    """What an agent could do, per day and option.

    :param number: number of options of each day
    :param must: 1 for days with a fixed duty
    :param several: 1 for days whose code speaks of several duties
    """

    number: Integers
    must: Integers
    several: Integers
    units: Integers
    opens: Integers
    closes: Integers
    code: Integers
    value: Reals


@part
def new_options(days: int, most: int) -> Options:
    """Make room for ``most`` options a day."""
    return Options(
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros((days, most), np.int64),
        np.zeros((days, most), np.int64),
        np.zeros((days, most), np.int64),
        np.zeros((days, most), np.int64),
        np.zeros((days, most)),
    )


@part
def keep_useful(
    grid: Grid,
    day: int,
    rows: int,
    several: bool,
    must: bool,
    best: Reals,
    code: Integers,
    reach: Reals,
    options: Options,
) -> None:
    """Keep a day's options that no other beats: less work, later start, earlier end, more value."""
    opening = grid.class_count[day]
    closing = grid.class_count[day + 1] if day + 1 < len(grid.class_count) else 1
    count = 0
    worthless = NOTHING if must else 0.0
    for row in range(rows):
        for opens in range(opening - 1, -1, -1):
            for closes in range(closing):
                beaten_by = worthless
                if row > 0:
                    beaten_by = max(beaten_by, reach[row - 1, opens, closes])
                if opens + 1 < opening:
                    beaten_by = max(beaten_by, reach[row, opens + 1, closes])
                if closes > 0:
                    beaten_by = max(beaten_by, reach[row, opens, closes - 1])
                value = best[row, opens, closes]
                if value > beaten_by:
                    options.units[day, count] = row if several else grid.length_units[row]
                    options.opens[day, count], options.closes[day, count] = opens, closes
                    options.code[day, count], options.value[day, count] = code[row, opens, closes], value
                    count += 1
                    beaten_by = value
                reach[row, opens, closes] = beaten_by
    options.number[day] = count
    options.must[day] = 1 if must else 0
    options.several[day] = 1 if several else 0


class States(NamedTuple):
    """Room for the states of :func:`best_week`: rows × workdays × units × classes, the last three with the days before.

    ``took`` and ``came`` say per day which option led to a state and from where; ``fresh`` which state was the
    best when a run of seven days ended.
    """

    now: Reals
    then: Reals
    took: NDArray[np.int32]
    came: NDArray[np.int32]
    fresh: Integers
    best: Reals
    source: Integers


@part
def new_states(days: int, rows: int, most_days: int, week_units: int, widest: int) -> States:
    """Make room for the largest agent of a team."""
    return States(
        np.full((rows, most_days + 1, week_units + 1, widest), NOTHING),
        np.full((rows, most_days + 1, week_units + 1, widest), NOTHING),
        np.empty((days, rows, most_days + 1, week_units + 1, widest), np.int32),
        np.empty((days, rows, most_days + 1, week_units + 1, widest), np.int32),
        np.empty((days, rows, widest, 2), np.int64),
        np.empty(widest),
        np.empty(widest, np.int64),
    )


@part
def rows_counted(days: int, most_days: int, most_in_row: int, days_before: int) -> int:
    """How many numbers of workdays in a row must be told apart; 1 where workdays so far say it all.

    In a horizon of one run only the workdays that continue those before it can get too many in a row, as long
    as no more days may be worked than may be worked in a row.
    """
    if days + days_before <= most_in_row or (days <= 7 and most_days <= most_in_row):
        return 1
    return min(most_in_row, days + days_before) + 1


# Longer than fifty lines: one loop over five dimensions, whose inner part runs a hundred thousand times for each
# agent; parts of it as functions of their own would each take all its arrays.
@part
def best_week(
    options: Options,
    class_count: Integers,
    week_units: int,
    most_days: int,
    most_in_row: int,
    days_before: int,
    states: States,
    chosen: Integers,
) -> float:
    """Find the greatest value of a run of days, and which option each day takes.

    :param most_days: most workdays in a run of seven days
    :param most_in_row: most workdays in a row, ``days_before`` counted in
    :param chosen: filled with an option, OFF or IMPOSSIBLE per day
    :return: the value, NOTHING where the options leave no legal run
    """
    days = len(options.number)
    rows = rows_counted(days, most_days, most_in_row, days_before)
    now, then, took, came, best, source = (
        states.now, states.then, states.took, states.came, states.best, states.source
    )  # fmt: skip
    widest = len(best)
    now[:rows, : most_days + 1, 0] = NOTHING
    now[min(days_before, most_in_row) if rows > 1 else 0, 0, 0, 0] = 0.0
    most = 0
    for day in range(days):
        classes = class_count[day]
        if day % 7 == 0 and day > 0:
            _start_run(now, states.fresh[day], rows, most_days, most, classes)
            most = 0
        heaviest = 0
        for option in range(options.number[day]):
            heaviest = max(heaviest, options.units[day, option])
        reach = min(week_units, most + heaviest)
        then[:rows, : most_days + 1, : reach + 1] = NOTHING
        for row in range(rows):
            for worked in range(min(most_days, day % 7) + 1):
                barred = worked >= most_days or (rows > 1 and row >= most_in_row)
                if rows == 1 and worked == day and days_before + worked >= most_in_row:
                    barred = True
                into = row + 1 if rows > 1 else 0
                for units in range(most + 1):
                    # An option may follow any ready class that is not above its start class.
                    best[0], source[0] = now[row, worked, units, 0], 0
                    for opens in range(1, classes):
                        best[opens], source[opens] = now[row, worked, units, opens], opens
                        if best[opens - 1] >= best[opens]:
                            best[opens], source[opens] = best[opens - 1], source[opens - 1]
                    top = best[classes - 1]
                    if top <= NOTHING:
                        continue
                    if options.must[day] == 0 and top > then[0, worked, units, 0]:
                        then[0, worked, units, 0] = top
                        took[day, 0, worked, units, 0] = OFF
                        came[day, 0, worked, units, 0] = row * widest + source[classes - 1]
                    if barred:
                        continue
                    for option in range(options.number[day]):
                        total = units + options.units[day, option]
                        opens = options.opens[day, option]
                        if total > week_units or best[opens] <= NOTHING:
                            continue
                        found = best[opens] + options.value[day, option]
                        closes = options.closes[day, option]
                        if found > then[into, worked + 1, total, closes]:
                            then[into, worked + 1, total, closes] = found
                            took[day, into, worked + 1, total, closes] = option
                            came[day, into, worked + 1, total, closes] = row * widest + source[opens]
        most = reach
        now, then = then, now
    return _trace(options, now, took, came, states.fresh, rows, most_days, most, widest, chosen)


@part
def _start_run(now: Reals, fresh: Integers, rows: int, most_days: int, most: int, classes: int) -> None:
    """Forget work and workdays of the run of seven days that ends."""
    for row in range(rows):
        for opens in range(classes):
            best = NOTHING
            for worked in range(most_days + 1):
                for units in range(most + 1):
                    if now[row, worked, units, opens] > best:
                        best = now[row, worked, units, opens]
                        fresh[row, opens, 0], fresh[row, opens, 1] = worked, units
                    now[row, worked, units, opens] = NOTHING
            now[row, 0, 0, opens] = best


@part
def _trace(
    options: Options,
    now: Reals,
    took: NDArray[np.int32],
    came: NDArray[np.int32],
    fresh: Integers,
    rows: int,
    most_days: int,
    most: int,
    widest: int,
    chosen: Integers,
) -> float:
    best, row, worked, units, opens = NOTHING, 0, 0, 0, 0
    for some_row in range(rows):
        for some_days in range(most_days + 1):
            for some_units in range(most + 1):
                if now[some_row, some_days, some_units, 0] > best:
                    best, row, worked, units = now[some_row, some_days, some_units, 0], some_row, some_days, some_units
    chosen[:] = IMPOSSIBLE
    if best <= NOTHING:
        return best
    for day in range(len(options.number) - 1, -1, -1):
        option = took[day, row, worked, units, opens]
        source = came[day, row, worked, units, opens]
        chosen[day] = option
        if option >= 0:
            worked, units = worked - 1, units - options.units[day, option]
        row, opens = source // widest, source % widest
        if day % 7 == 0 and day > 0:
            worked, units = fresh[day, row, opens, 0], fresh[day, row, opens, 1]
    return best
