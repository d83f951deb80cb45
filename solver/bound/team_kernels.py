"""One team's agents at given prices, compiled: the sum of their best values, and what they would do."""

# Compiled kernels: calls between them cost nothing only while they stay few, and take no keywords.
# ruff: noqa: FBT001

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.bound.break_kernels import NOTHING, best_breaks
from solver.bound.compiling import kernel, part
from solver.bound.crew import Crew
from solver.bound.day_kernels import (
    ALONE,
    GAPS,
    Blocks,
    Tail,
    Worth,
    break_marks,
    gather_blocks,
    make_tail,
    several_duty_day,
    single_duty_day,
    site_price,
)
from solver.bound.grid import Grid, Integers, Reals
from solver.bound.week_kernels import Options, best_week, keep_useful, new_options, new_states, rows_counted


class Doings(NamedTuple):
    """What priced agents do, added up; presence as differences from slot to slot.

    :param site_work: agents of the team at work on site per slot
    :param home_work: agents at work at home
    :param present: change of presence on site
    :param cleaned: change of presence with cleaning
    :param arrivals: starts on site
    :param stayed: change of presence anywhere, the ends of each day's last duty not counted
    :param ended: those ends
    """

    site_work: Reals
    home_work: Reals
    present: Reals
    cleaned: Reals
    arrivals: Reals
    stayed: Reals
    ended: Reals


@kernel
def price_team(
    grid: Grid,
    crew: Crew,
    agents: Integers,
    most_in_row: int,
    worth: Worth,
    site_values: Reals,
    doings: Doings,
) -> float:
    """Add up the best value of each agent of a team under the prices in ``worth``.

    :param most_in_row: most workdays in a row
    :param site_values: value of work on site alone, to tell the place of a duty from its value
    :return: an upper bound on the value of anything the agents may legally do
    """
    days = len(grid.class_count)
    widest, most_units, counted, most_days, week_units = grid.widest, 0, 1, 0, 0
    for agent in agents:
        most_units = max(most_units, crew.day_slots[agent] // grid.unit_slots)
        most_days, week_units = max(most_days, crew.days[agent]), max(week_units, crew.week_units[agent])
        counted = max(counted, rows_counted(days, crew.days[agent], most_in_row, crew.days_before[agent]))
    rows = max(len(grid.lengths), most_units + 1)
    best = np.empty((rows, widest, widest))
    reach = np.empty((rows, widest, widest))
    code = np.zeros((rows, widest, widest), np.int64)
    options = new_options(days, rows * widest * widest)
    states = new_states(days, counted, most_days, week_units, widest)
    chosen = np.empty(days, np.int64)
    total = 0.0
    for agent in agents:
        fill_options(grid, crew, worth, agent, best, code, reach, options)
        value = best_week(
            options,
            grid.class_count,
            crew.week_units[agent],
            crew.days[agent],
            most_in_row,
            crew.days_before[agent],
            states,
            chosen,
        )
        if value <= NOTHING:
            # No legal run as modelled: every slot at its best price is still an upper bound.
            value = max(worth.site[-1], 0.0) + max(worth.home[-1], 0.0)
        total += value
        do_week(grid, crew, worth, site_values, agent, options, chosen, best, code, doings)
    return total


@part
def fill_options(
    grid: Grid, crew: Crew, worth: Worth, agent: int, best: Reals, code: Integers, reach: Reals, options: Options
) -> None:
    """List what an agent could usefully do, day by day."""
    fixed = crew.fixed_first[agent]
    for day in range(len(grid.class_count)):
        first_fixed = fixed
        while fixed < crew.fixed_first[agent + 1] and crew.fixed_day[fixed] == day:
            fixed += 1
        most = most_blocks(grid, crew, agent, fixed - first_fixed)
        several = fixed > first_fixed or most > 1
        used = len(grid.lengths)
        if several:
            used = crew.day_slots[agent] // grid.unit_slots + 1
            fill_several(grid, crew, worth, agent, day, first_fixed, fixed, most, best, code)
        elif most == 1:
            limits, slots = crew.end_limit[agent], crew.day_slots[agent]
            single_duty_day(grid, limits, slots, day, worth.last, best, code)
        else:
            best[:used] = NOTHING
        keep_useful(grid, day, used, several, fixed > first_fixed, best, code, reach, options)


@part
def do_week(
    grid: Grid,
    crew: Crew,
    worth: Worth,
    site_values: Reals,
    agent: int,
    options: Options,
    chosen: Integers,
    best: Reals,
    code: Integers,
    doings: Doings,
) -> None:
    """Record the days of an agent's best run."""
    for day in range(len(chosen)):
        option = chosen[day]
        if option < 0:
            continue
        if options.several[day]:
            row, opens, closes = options.units[day, option], options.opens[day, option], options.closes[day, option]
            do_several(grid, crew, worth, site_values, agent, day, row, opens, closes, best, code, doings)
        else:
            do_single(grid, worth, site_values, options.code[day, option], doings)


@part
def most_blocks(grid: Grid, crew: Crew, agent: int, fixed: int) -> int:
    """How many duties a day of an agent can have at most."""
    if len(grid.lengths) == 0:
        return fixed
    by_work = fixed + crew.day_slots[agent] // grid.lengths[0]
    most: int = max(fixed, min(crew.blocks[agent], by_work))
    return most


@part
def fill_several(
    grid: Grid,
    crew: Crew,
    worth: Worth,
    agent: int,
    day: int,
    first_fixed: int,
    after_fixed: int,
    most: int,
    best: Reals,
    code: Integers,
) -> tuple[Blocks, Tail]:
    """Fill ``best[units, start class, end class]`` for a day of several or fixed duties."""
    units_most = crew.day_slots[agent] // grid.unit_slots
    blocks = gather_blocks(grid, crew, worth, agent, day, first_fixed, after_fixed)
    tail = make_tail(grid, crew, blocks, day, first_fixed, after_fixed, units_most, most > 2)
    several_duty_day(grid, crew, blocks, tail, day, first_fixed, after_fixed, most, units_most, best, code)
    return blocks, tail


@part
def do_single(grid: Grid, worth: Worth, site_values: Reals, picked: int, doings: Doings) -> None:
    """Record a duty taken from the table of values."""
    breaks = grid.most_break + 1
    taken, size, index = picked % breaks, picked // breaks % len(grid.lengths), picked // breaks // len(grid.lengths)
    start = grid.starts[index]
    present = grid.lengths[size] + taken
    site_value, value = site_values[index, size, taken], worth.last[index, size, taken]
    on_site = is_on_site(worth, site_value, value, start, start + present, is_last=True)
    marks = np.zeros(present, np.int64)
    prefix = worth.site if on_site else worth.home
    best_breaks(prefix, start, present, taken, grid.least_part, grid.edge, grid.most_run, marks)
    record(worth, start, present, marks, on_site, True, doings)  # noqa: FBT003


@part
def is_on_site(worth: Worth, site_value: float, value: float, start: int, end: int, is_last: bool) -> bool:
    """Tell whether a value is that of a duty on site, by working it out again."""
    return bool(site_value > NOTHING and site_value - site_price(worth, start, end, is_last) >= value)


@part
def do_several(
    grid: Grid,
    crew: Crew,
    worth: Worth,
    site_values: Reals,
    agent: int,
    day: int,
    row: int,
    opens: int,
    closes: int,
    best: Reals,
    code: Integers,
    doings: Doings,
) -> None:
    """Record a day of several duties by finding it once more, now with the way to it."""
    first_fixed = crew.fixed_first[agent]
    while first_fixed < crew.fixed_first[agent + 1] and crew.fixed_day[first_fixed] < day:
        first_fixed += 1
    after_fixed = first_fixed
    while after_fixed < crew.fixed_first[agent + 1] and crew.fixed_day[after_fixed] == day:
        after_fixed += 1
    most = most_blocks(grid, crew, agent, after_fixed - first_fixed)
    blocks, tail = fill_several(grid, crew, worth, agent, day, first_fixed, after_fixed, most, best, code)
    picked, need, left = code[row, opens, closes], grid.need_by_units[row], row
    while picked >= 0:
        block, step = picked // GAPS, picked % GAPS
        do_block(grid, crew, worth, site_values, blocks, block, step == ALONE, doings)
        if step == ALONE:
            break
        gap = step - 1
        pause = blocks.taken[block] + (gap if gap >= grid.least_part else 0)
        need, left = max(0, need - pause), left - blocks.units[block]
        picked = tail.choice[left, need, closes, blocks.end[block] + gap - blocks.start[0]]


@part
def do_block(
    grid: Grid,
    crew: Crew,
    worth: Worth,
    site_values: Reals,
    blocks: Blocks,
    block: int,
    is_last: bool,
    doings: Doings,
) -> None:
    """Record one duty of a day of several."""
    start, end = blocks.start[block], blocks.end[block]
    if blocks.code[block] < 0:
        on_site = crew.fixed_home[-1 - blocks.code[block]] == 0
    else:
        breaks = grid.most_break + 1
        picked = blocks.code[block]
        taken, size = picked % breaks, picked // breaks % len(grid.lengths)
        site_value = site_values[picked // breaks // len(grid.lengths), size, taken]
        value = blocks.last[block] if is_last else blocks.first[block]
        on_site = is_on_site(worth, site_value, value, start, end, is_last)
    marks = np.zeros(end - start, np.int64)
    break_marks(grid, crew, worth, blocks, block, not on_site, marks)
    record(worth, start, end - start, marks, on_site, is_last, doings)


@part
def record(
    worth: Worth, start: int, present: int, marks: Integers, on_site: bool, is_last: bool, doings: Doings
) -> None:
    """Add one duty to what is done."""
    work = doings.site_work if on_site else doings.home_work
    for slot in range(present):
        if marks[slot] == 0:
            work[start + slot] += 1.0
    end = start + present
    doings.stayed[start] += 1.0
    if is_last:
        doings.ended[end] += 1.0
    else:
        doings.stayed[end] -= 1.0
    if on_site:
        after = min(end + worth.cleaning, len(worth.cleaned) - 1) if is_last else end
        doings.present[start] += 1.0
        doings.present[end] -= 1.0
        doings.cleaned[start] += 1.0
        doings.cleaned[after] -= 1.0
        doings.arrivals[start] += 1.0
