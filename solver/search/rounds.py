"""A round of a parted search: parts are drawn, each is searched by a worker of its own, and all are put together."""

from __future__ import annotations

import numpy as np

from solver.search.parts import draw_groups, part_of, share_required, share_seats
from solver.search.worker import Worker


class Round:
    """Workers for the parts of one worker's roster, which has seats but no desks yet.

    :param count: parts
    :param turn: number of the round: with the same seed and turn the parts are the same
    """

    def __init__(self, whole: Worker, count: int, seed: int, turn: int) -> None:
        arrays = whole.compiled.arrays
        self.whole, self.count = whole, count
        self.groups = draw_groups(arrays, count, np.random.default_rng((seed, turn)))
        parts = [part_of(whole.compiled, agents) for agents in self.groups]
        share_required(arrays, whole.state, self.groups, parts, turn)
        self.workers = [
            Worker(part, (seed + 1) * 1_000_003 + turn * count + number) for number, part in enumerate(parts)
        ]
        for worker, agents in zip(self.workers, self.groups, strict=True):
            worker.count_seats(0.0)
            worker.take_over(whole.state.blocks[agents])
        share_seats(arrays, parts, [worker.state for worker in self.workers], turn)

    def end(self) -> None:
        """Put the best of all parts together in the whole worker's roster."""
        for worker in self.workers:
            worker.back()
        blocks = self.whole.state.blocks.copy()
        for worker, agents in zip(self.workers, self.groups, strict=True):
            blocks[agents] = worker.state.blocks
        changed = np.flatnonzero((blocks != self.whole.state.blocks).any(axis=(1, 2, 3))).astype(np.int32)
        self.whole.exchange(changed, np.ascontiguousarray(blocks[changed]))
        self.whole.keep_better()
