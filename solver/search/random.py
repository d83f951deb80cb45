"""Random numbers for one thread, the same on every machine (xorshift64*, Vigna 2016)."""

from __future__ import annotations

import numpy as np

from solver.search.handles import kernel
from solver.search.state import State


@kernel
def random_share(state: State) -> float:
    """A number from 0 to below 1."""
    word = state.random[0]
    word ^= word >> np.uint64(12)
    word ^= word << np.uint64(25)
    word ^= word >> np.uint64(27)
    state.random[0] = word
    return ((word * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@kernel
def random_below(state: State, limit: int) -> int:
    """A whole number from 0 to below ``limit``."""
    return int(random_share(state) * limit)
