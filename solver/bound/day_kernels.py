"""What one agent could do on one day, compiled: units of work, start class, end class, greatest value.

A day of one duty comes straight from the table of duty values. A day that may have several duties, or has
fixed ones, is built from its last duty to its first: ``Tail`` holds the best rest of a day from each slot on.
"""

# Compiled kernels: calls between them cost nothing only while they stay few, and take no keywords.
# ruff: noqa: C901, FBT001, PLR0912

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.break_kernels import LOSS_UNKNOWN, NOTHING, best_breaks, break_losses, least_loss
from solver.bound.compiling import kernel, part
from solver.bound.crew import FAR, Crew
from solver.bound.grid import Grid, Integers, Reals

ALONE = 0
GAPS = 1024


class Worth(NamedTuple):
    """Prices of one team, ready to look up.

    :param last: value of the last duty of a day, starts × lengths × break slots, the better place taken
    :param first: the same for an earlier duty, whose cleaning is not charged: the person may come back before its end
    :param site: value of all slots of work on site before each slot
    :param home: the same at home
    :param present: price of presence on site before each slot
    :param cleaned: price of presence that counts with its cleaning, before each slot
    :param arrival: price of a start on site in each slot
    :param apart: price of presence anywhere that keeps care partners away, before each slot
    :param apart_after: the same up to the end of what must lie between their presences, after each last duty
    :param cleaning: slots of cleaning after a presence
    """

    last: Reals
    first: Reals
    site: Reals
    home: Reals
    present: Reals
    cleaned: Reals
    arrival: Reals
    apart: Reals
    apart_after: Reals
    cleaning: int


class Blocks(NamedTuple):
    """Duties that could stand on a several-duty day, by ascending start."""

    start: Integers
    end: Integers
    units: Integers
    taken: Integers
    code: Integers
    last: Reals
    first: Reals


class Tail(NamedTuple):
    """Best rest of a day: units × pause still needed × end class × slot from which it may start."""

    value: Reals
    choice: Integers


@part
def stay_price(worth: Worth, start: int, end: int, is_last: bool) -> float:
    """Price of one presence anywhere; what must lie between care partners follows the last of a day."""
    left = worth.apart_after[end] if is_last else worth.apart[end]
    price: float = left - worth.apart[start]
    return price


@part
def site_price(worth: Worth, start: int, end: int, is_last: bool) -> float:
    """Price of one presence on site; cleaning follows the last of a day."""
    after = min(end + worth.cleaning, len(worth.cleaned) - 1) if is_last else end
    price: float = worth.cleaned[after] - worth.cleaned[start] + worth.present[end] - worth.present[start]
    price += worth.arrival[start] + stay_price(worth, start, end, is_last)
    return price


@kernel
def place_values(grid: Grid, worth: Worth, site_values: Reals, home_values: Reals, site: bool, home: bool) -> None:
    """Fill ``worth.last`` and ``worth.first`` from the values of work at the two places."""
    for index in range(len(grid.starts)):
        start = grid.starts[index]
        for size in range(len(grid.lengths)):
            for taken in range(grid.most_break + 1):
                last = first = NOTHING
                end = start + grid.lengths[size] + taken
                if home and home_values[index, size, taken] > NOTHING:
                    work = home_values[index, size, taken]
                    last = work - stay_price(worth, start, end, is_last=True)
                    first = work - stay_price(worth, start, end, is_last=False)
                if site and site_values[index, size, taken] > NOTHING:
                    work = site_values[index, size, taken]
                    last = max(last, work - site_price(worth, start, end, is_last=True))
                    first = max(first, work - site_price(worth, start, end, is_last=False))
                worth.last[index, size, taken] = last
                worth.first[index, size, taken] = first


@part
def single_duty_day(
    grid: Grid, end_limit: NDArray[np.int32], day_slots: int, day: int, last: Reals, best: Reals, code: Integers
) -> None:
    """Fill ``best[length, start class, end class]`` for a day of at most one duty."""
    best[: len(grid.lengths)] = NOTHING
    breaks = grid.most_break + 1
    for index in range(grid.day_first[day], grid.day_first[day + 1]):
        limit = end_limit[index]
        if limit == 0:
            continue
        start, opens = grid.starts[index], grid.start_class[index]
        for size in range(len(grid.lengths)):
            length = grid.lengths[size]
            if length > day_slots or start + length > limit:
                break
            for taken in range(grid.single_need[size], breaks):
                end = start + length + taken
                if end > limit:
                    break
                closes = grid.ready_class[day, end]
                if last[index, size, taken] > best[size, opens, closes]:
                    best[size, opens, closes] = last[index, size, taken]
                    code[size, opens, closes] = (index * len(grid.lengths) + size) * breaks + taken


@part
def gather_blocks(
    grid: Grid, crew: Crew, worth: Worth, agent: int, day: int, first_fixed: int, after_fixed: int
) -> Blocks:
    """List the duties that could stand on a day of several or fixed duties."""
    shapes = (grid.day_first[day + 1] - grid.day_first[day]) * len(grid.lengths) * (grid.most_break + 1)
    room = shapes
    for fixed in range(first_fixed, after_fixed):
        room += crew.fixed_end[fixed] - crew.fixed_start[fixed] + 1
    start, end = np.empty(room, np.int64), np.empty(room, np.int64)
    units, taken_of, code = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    last, first = np.empty(room), np.empty(room)
    blocks = Blocks(start, end, units, taken_of, code, last, first)
    count, fixed = 0, first_fixed
    for index in range(grid.day_first[day], grid.day_first[day + 1]):
        limit, opens = crew.end_limit[agent, index], grid.starts[index]
        while fixed < after_fixed and crew.fixed_start[fixed] <= opens:
            count = _fixed_blocks(grid, crew, worth, fixed, count, blocks)
            fixed += 1
        for other in range(first_fixed, after_fixed):
            if crew.fixed_start[other] <= opens < crew.fixed_end[other]:
                limit = 0
            elif opens < crew.fixed_start[other]:
                limit = min(limit, crew.fixed_start[other])
        for size in range(len(grid.lengths)):
            if opens + grid.lengths[size] > limit or grid.lengths[size] > crew.day_slots[agent]:
                break
            for taken in range(grid.most_break + 1):
                closes = opens + grid.lengths[size] + taken
                if closes > limit:
                    break
                if worth.first[index, size, taken] <= NOTHING:
                    continue
                start[count], end[count] = opens, closes
                units[count], taken_of[count] = grid.length_units[size], taken
                code[count] = (index * len(grid.lengths) + size) * (grid.most_break + 1) + taken
                last[count], first[count] = worth.last[index, size, taken], worth.first[index, size, taken]
                count += 1
    while fixed < after_fixed:
        count = _fixed_blocks(grid, crew, worth, fixed, count, blocks)
        fixed += 1
    return Blocks(
        start[:count], end[:count], units[:count], taken_of[:count], code[:count], last[:count], first[:count]
    )


@part
def _fixed_blocks(grid: Grid, crew: Crew, worth: Worth, fixed: int, count: int, blocks: Blocks) -> int:
    """Add a fixed duty with every number of break slots it might have."""
    start, end, given = crew.fixed_start[fixed], crew.fixed_end[fixed], crew.fixed_break[fixed]
    prefix = worth.home if crew.fixed_home[fixed] else worth.site
    present = end - start
    whole = prefix[end] - prefix[start]
    least, most = (given, given) if given >= 0 else (0, max(0, present - 2 * grid.edge))
    ended = np.empty((most + 1, present + 1))
    by = np.empty((most + 1, present + 1))
    if given < 0:
        break_losses(prefix, start, present, most, grid.least_part, grid.edge, grid.most_run, ended, by)
    before = count
    for taken in range(least, most + 1):
        lost = 0.0
        if given < 0:
            lost, _ = least_loss(present, taken, grid.edge, grid.most_run, ended, by)
        for pause in range(crew.fixed_pause_first[fixed], crew.fixed_pause_first[fixed + 1]):
            lost += prefix[crew.pause_end[pause]] - prefix[crew.pause_start[pause]]
        if lost >= LOSS_UNKNOWN:
            continue
        _write_fixed(grid, crew, worth, fixed, count, taken, whole - lost, blocks)
        count += 1
    if count == before:
        # Breaks of no use to the rules as modelled: let it be all work that counts for nothing.
        _write_fixed(grid, crew, worth, fixed, count, present, whole, blocks)
        count += 1
    return count


@part
def _write_fixed(
    grid: Grid, crew: Crew, worth: Worth, fixed: int, count: int, taken: int, value: float, blocks: Blocks
) -> None:
    start, end = crew.fixed_start[fixed], crew.fixed_end[fixed]
    blocks.start[count], blocks.end[count], blocks.taken[count] = start, end, taken
    blocks.units[count] = (end - start - taken) // grid.unit_slots
    blocks.code[count] = -1 - fixed
    if crew.fixed_home[fixed]:
        blocks.last[count] = value - stay_price(worth, start, end, is_last=True)
        blocks.first[count] = value - stay_price(worth, start, end, is_last=False)
    else:
        blocks.last[count] = value - site_price(worth, start, end, is_last=True)
        blocks.first[count] = value - site_price(worth, start, end, is_last=False)


@part
def next_fixed(crew: Crew, first_fixed: int, after_fixed: int, after: int) -> int:
    """Slot of the first fixed start at or after a slot."""
    for fixed in range(first_fixed, after_fixed):
        if crew.fixed_start[fixed] >= after:
            found: int = crew.fixed_start[fixed]
            return found
    return FAR


@part
def make_tail(
    grid: Grid, crew: Crew, blocks: Blocks, day: int, first_fixed: int, after_fixed: int, units_most: int, endless: bool
) -> Tail:
    """Find the best rest of a day from each slot on.

    :param endless: whether any number of duties may follow each other (a relaxation where more than two are
        allowed), else one
    """
    needs = grid.pause_levels
    classes = grid.class_count[day + 1] if day + 1 < len(grid.class_count) else 1
    base, top = 0, -1
    if len(blocks.start) > 0:
        base, top = blocks.start[0], blocks.start[-1]
    value = np.full((units_most + 1, needs, classes, top - base + 2), NOTHING)
    choice = np.full((units_most + 1, needs, classes, top - base + 2), -1)
    block = len(blocks.start) - 1
    for slot in range(top, base - 1, -1):
        here = slot - base
        if next_fixed(crew, first_fixed, after_fixed, slot) > slot:
            for units in range(units_most + 1):
                for need in range(needs):
                    for closes in range(classes):
                        value[units, need, closes, here] = value[units, need, closes, here + 1]
                        choice[units, need, closes, here] = choice[units, need, closes, here + 1]
        while block >= 0 and blocks.start[block] == slot:
            units, taken, end = blocks.units[block], blocks.taken[block], blocks.end[block]
            forced = next_fixed(crew, first_fixed, after_fixed, max(end, slot + 1))
            if forced == FAR and units <= units_most:
                closes = grid.ready_class[day, end]
                for need in range(min(taken, needs - 1) + 1):
                    if blocks.last[block] > value[units, need, closes, here]:
                        value[units, need, closes, here] = blocks.last[block]
                        choice[units, need, closes, here] = block * GAPS + ALONE
            if endless:
                for gap in range(needs):
                    there = end + gap - base
                    if end + gap > min(forced, top):
                        break
                    pause = taken + (gap if gap >= grid.least_part else 0)
                    for more in range(units_most - units + 1):
                        for need in range(needs):
                            rest = max(0, need - pause)
                            for closes in range(classes):
                                found = blocks.first[block] + value[more, rest, closes, there]
                                if found > value[units + more, need, closes, here]:
                                    value[units + more, need, closes, here] = found
                                    choice[units + more, need, closes, here] = block * GAPS + gap + 1
            block -= 1
    return Tail(value, choice)


# Longer than fifty lines: one loop over blocks, what may follow them and when.
@part
def several_duty_day(
    grid: Grid,
    crew: Crew,
    blocks: Blocks,
    tail: Tail,
    day: int,
    first_fixed: int,
    after_fixed: int,
    most_blocks: int,
    units_most: int,
    best: Reals,
    code: Integers,
) -> None:
    """Fill ``best[units, start class, end class]`` for a day of several or fixed duties."""
    classes = grid.class_count[day + 1] if day + 1 < len(grid.class_count) else 1
    best[: units_most + 1] = NOTHING
    if len(blocks.start) == 0:
        return
    base, top = blocks.start[0], blocks.start[-1]
    earliest_fixed = next_fixed(crew, first_fixed, after_fixed, 0)
    lively = np.zeros(units_most + 1, np.bool_)
    for more in range(units_most + 1):
        for closes in range(classes):
            # A fixed duty ends what can start before it, so that what follows it is not seen from the start.
            if after_fixed > first_fixed or tail.value[more, 0, closes, 0] > NOTHING:
                lively[more] = True
    for block in range(len(blocks.start)):
        start, end, units, taken = blocks.start[block], blocks.end[block], blocks.units[block], blocks.taken[block]
        if start > earliest_fixed:
            break
        forced = next_fixed(crew, first_fixed, after_fixed, max(end, start + 1))
        opens = start_class(grid, day, start)
        if forced == FAR and units <= units_most and taken >= grid.need_by_units[units]:
            closes = grid.ready_class[day, end]
            if blocks.last[block] > best[units, opens, closes]:
                best[units, opens, closes] = blocks.last[block]
                code[units, opens, closes] = block * GAPS + ALONE
        if most_blocks < 2:
            continue
        for more in range(units_most - units + 1):
            if not lively[more]:
                continue
            need = grid.need_by_units[units + more]
            # A longer gap than the pause still needed gains nothing: the rest may start later anyway.
            for gap in range(max(0, need - taken) + 1):
                if end + gap > min(forced, top):
                    break
                rest = max(0, need - taken - (gap if gap >= grid.least_part else 0))
                for closes in range(classes):
                    found = blocks.first[block] + tail.value[more, rest, closes, end + gap - base]
                    if found > best[units + more, opens, closes]:
                        best[units + more, opens, closes] = found
                        code[units + more, opens, closes] = block * GAPS + gap + 1


@part
def start_class(grid: Grid, day: int, start: int) -> int:
    """Class of any start, a fixed one off the steps too."""
    index, after = grid.day_first[day], grid.day_first[day + 1]
    while index < after and grid.starts[index] < start:
        index += 1
    found: int = grid.start_class[index] if index < after else grid.class_count[day] - 1
    return found


@part
def break_marks(
    grid: Grid, crew: Crew, worth: Worth, blocks: Blocks, block: int, at_home: bool, marks: Integers
) -> None:
    """Mark the break slots of one block."""
    start, end, fixed = blocks.start[block], blocks.end[block], -1 - blocks.code[block]
    if fixed >= 0 and crew.fixed_break[fixed] >= 0:
        marks[: end - start] = 0
        for pause in range(crew.fixed_pause_first[fixed], crew.fixed_pause_first[fixed + 1]):
            marks[crew.pause_start[pause] - start : crew.pause_end[pause] - start] = 1
        return
    prefix = worth.home if at_home else worth.site
    taken = min(blocks.taken[block], max(0, end - start - 2 * grid.edge))
    best_breaks(prefix, start, end - start, taken, grid.least_part, grid.edge, grid.most_run, marks)
