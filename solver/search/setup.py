"""The first state of a search: nobody works but in fixed duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from solver.arrays import PREVIOUS_HOME, PREVIOUS_SITE, SITE, Arrays, Block
from solver.search.coverage import refresh_gain
from solver.search.handles import Handle, entry_kernel
from solver.search.moves import book_block, owed_minutes
from solver.search.state import (
    BREAKS,
    CHANGES,
    CONTRACT,
    DESK,
    END,
    FIRST_BREAK,
    FIXED,
    PLACE,
    SHORTFALL,
    START,
    Bench,
    State,
    empty_state,
)


def start_state(arrays: Arrays, bench: Bench, fixed: Mapping[int, Sequence[Block]], seed: int) -> State:
    """A state that holds the fixed duties only."""
    state = empty_state(arrays, seed)
    handles = Handle(arrays), Handle(state), Handle(bench)
    refresh_all(handles[0], handles[1])
    for agent, blocks in fixed.items():
        numbers = [0] * arrays.days
        for block in blocks:
            day = int(arrays.day_of_slot[block.start])
            write_block(state.blocks[agent, day, numbers[day]], block, fixed=True)
            book(*handles, agent, day, numbers[day])
            numbers[day] += 1
    return state


def write_block(row: np.ndarray[tuple[int, ...], np.dtype[np.int32]], block: Block, *, fixed: bool) -> None:
    """Write a duty into the state's form."""
    row[START], row[END], row[PLACE], row[FIXED] = block.start, block.end, block.place, int(fixed)
    row[DESK] = block.desk if block.place == SITE else -1
    row[BREAKS] = len(block.breaks)
    for number, (start, end) in enumerate(block.breaks):
        row[FIRST_BREAK + 2 * number : FIRST_BREAK + 2 * number + 2] = start, end


@entry_kernel
def refresh_all(arrays: Arrays, state: State) -> None:
    """Compute gains and tiers of a roster without duties."""
    shortfall = 0.0
    for slot in range(arrays.slots):
        refresh_gain(arrays, state, slot)
        for queue in range(arrays.queues):
            missing = arrays.required[slot, queue]
            if missing > 0:
                shortfall += arrays.worth[queue] * 2.0 * missing
    owed, published = 0.0, 0
    for agent in range(arrays.agents):
        owed += owed_minutes(arrays, state, agent)
        if arrays.any_previous:
            for slot in range(arrays.slots):
                if arrays.marks[agent, slot] & (PREVIOUS_SITE | PREVIOUS_HOME):
                    published += 1
    state.tiers[:] = 0.0
    state.tiers[SHORTFALL] = shortfall
    state.tiers[CONTRACT] = owed
    state.tiers[CHANGES] = published * arrays.slot_minutes


@entry_kernel
def book(arrays: Arrays, state: State, bench: Bench, agent: int, day: int, number: int) -> None:
    """Count a duty in."""
    book_block(arrays, state, bench, agent, day, number, 1)
