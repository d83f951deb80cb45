"""The best breaks of a duty, compiled: which slots to give up at least loss."""

from __future__ import annotations

import numpy as np

from solver.bound.compiling import kernel, part
from solver.bound.grid import Grid, Integers, Reals

NOTHING = -1e30
LOSS_UNKNOWN = 1e30


@part
def break_losses(
    prefix: Reals, start: int, span: int, most: int, least_part: int, edge: int, most_run: int, ended: Reals, by: Reals
) -> None:
    """Find the least value lost by breaks of a duty that starts in ``start``.

    ``ended[k, i]`` is for k break slots whose last ends i slots after the start, ``by[k, i]`` for any end up to
    there. Runs of work between two breaks are not limited here, the first run is.

    :param prefix: value of all slots before each slot
    """
    for after in range(span + 1):
        by[0, after] = 0.0 if edge <= after <= most_run else LOSS_UNKNOWN
        ended[0, after] = LOSS_UNKNOWN
        for taken in range(1, most + 1):
            best = LOSS_UNKNOWN
            if (
                taken >= least_part
                and after >= least_part
                and by[taken - least_part, after - least_part] < LOSS_UNKNOWN
            ):
                lost = prefix[start + after] - prefix[start + after - least_part]
                best = by[taken - least_part, after - least_part] + lost
            if after > 0 and taken > least_part and ended[taken - 1, after - 1] < LOSS_UNKNOWN:
                longer = ended[taken - 1, after - 1] + prefix[start + after] - prefix[start + after - 1]
                best = min(best, longer)
            ended[taken, after] = best
            by[taken, after] = best if after == 0 else min(best, by[taken, after - 1])


@part
def least_loss(present: int, taken: int, edge: int, most_run: int, ended: Reals, by: Reals) -> tuple[float, int]:
    """Find the least loss of a duty of ``present`` slots with ``taken`` break slots, and where its last break ends."""
    if taken == 0:
        return (0.0 if present <= most_run else LOSS_UNKNOWN), 0
    last = present - edge
    if last < 1:
        return LOSS_UNKNOWN, 0
    first = max(1, present - most_run)
    if by[taken, last] >= LOSS_UNKNOWN:
        return LOSS_UNKNOWN, 0
    best, where = LOSS_UNKNOWN, 0
    for after in range(last, first - 1, -1):
        if ended[taken, after] < best:
            best, where = ended[taken, after], after
        if first == 1 and best <= by[taken, last]:
            break
    return best, where


@kernel
def work_values(prefix: Reals, grid: Grid, values: Reals) -> None:
    """Fill the value of the best breaks for each start, length and number of break slots, NOTHING where illegal.

    :param prefix: value of all slots before each slot, of one set of queues at one place
    :param values: starts × lengths × (most break slots + 1)
    """
    if len(grid.lengths) == 0:
        return
    span = grid.lengths[-1] + grid.most_break
    ended = np.empty((grid.most_break + 1, span + 1))
    by = np.empty((grid.most_break + 1, span + 1))
    for index in range(len(grid.starts)):
        start = grid.starts[index]
        reach = min(span, grid.start_limit[index] - start)
        values[index] = NOTHING
        if reach <= 0:
            continue
        break_losses(prefix, start, reach, grid.most_break, grid.least_part, grid.edge, grid.most_run, ended, by)
        for size in range(len(grid.lengths)):
            for taken in range(grid.most_break + 1):
                present = grid.lengths[size] + taken
                if present > reach:
                    break
                lost, _ = least_loss(present, taken, grid.edge, grid.most_run, ended, by)
                if lost < LOSS_UNKNOWN:
                    values[index, size, taken] = prefix[start + present] - prefix[start] - lost


@part
def best_breaks(
    prefix: Reals,
    start: int,
    present: int,
    taken: int,
    least_part: int,
    edge: int,
    most_run: int,
    on_break: Integers,
) -> None:
    """Mark in ``on_break`` (one entry per slot of presence) the breaks that cost least."""
    on_break[:present] = 0
    if taken == 0:
        return
    ended = np.empty((taken + 1, present + 1))
    by = np.empty((taken + 1, present + 1))
    break_losses(prefix, start, present, taken, least_part, edge, most_run, ended, by)
    _, after = least_loss(present, taken, edge, most_run, ended, by)
    while taken > 0 and after > 0:
        longer = LOSS_UNKNOWN
        if taken > least_part:
            longer = ended[taken - 1, after - 1] + prefix[start + after] - prefix[start + after - 1]
        if longer <= ended[taken, after]:
            on_break[after - 1] = 1
            taken, after = taken - 1, after - 1
            continue
        on_break[after - least_part : after] = 1
        taken, after = taken - least_part, after - least_part
        if taken > 0:
            while ended[taken, after] > by[taken, after]:
                after -= 1
