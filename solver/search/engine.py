"""Drives the compiled search: first draft, phases of annealing, progress and stopping.

The clock is asked between short runs of moves only, so that a number of iterations alone decides the roster where
one is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Compiled, Floats, Ints
from solver.problem import OBJECTIVES
from solver.search.anneal import anneal, construct, keep_record, new_record, return_to_record
from solver.search.handles import Handle
from solver.search.setup import start_state
from solver.search.state import CHANGES, SHORTFALL, TIERS, new_bench

CHUNK_SECONDS = 0.15
CHUNK_MOVES = 64
DRAFT_AGENTS = 64
STEP_DOWN = 0.004
STEP_UP = 300.0


@dataclass(frozen=True)
class Phase:
    """One stretch of annealing.

    :param focus: how many tiers, in the order of objectives, no move may make worse
    :param weights: what a minute of each tier costs
    :param heat_first: temperature in weighted minutes at its beginning
    :param share: of all time or moves
    """

    focus: int
    weights: Floats
    heat_first: float
    heat_last: float
    noise: float
    share: float


def active_order(compiled: Compiled) -> list[int]:
    """Indices of the tiers that matter, in the order of the problem's objectives."""
    order = [OBJECTIVES.index(name) for name in compiled.problem.objectives]
    return [tier for tier in order if tier != CHANGES or compiled.arrays.any_previous]


def phase_weights(order: list[int], focus: int) -> Floats:
    """One for the tier in focus, much more for those before it, little for those after."""
    weights = np.zeros(TIERS)
    for rank, tier in enumerate(order):
        weights[tier] = STEP_UP ** (focus - rank) if rank < focus else STEP_DOWN ** (rank - focus)
    return weights


def phases(compiled: Compiled) -> list[Phase]:
    """The plan of a search: the first tier longest, then each later one."""
    order = active_order(compiled)
    minutes = float(compiled.arrays.slot_minutes)
    hot = 0.1 if compiled.arrays.any_previous else 0.6
    shares = {1: [1.0], 2: [0.6, 0.4], 3: [0.55, 0.3, 0.15], 4: [0.5, 0.25, 0.15, 0.1], 5: [0.45, 0.2, 0.15, 0.1, 0.1]}
    plan = []
    for focus, tier in enumerate(order):
        heat = hot * minutes if tier == SHORTFALL else 2.0 * minutes
        noise = 0.1 if focus == 0 else 0.02
        share = shares[len(order)][focus]
        plan.append(Phase(focus, phase_weights(order, focus), heat, minutes / 300.0, noise, share))
    return plan


class Worker:
    """One searching thread: its own state, the problem's arrays shared with all."""

    def __init__(self, compiled: Compiled, seed: int) -> None:
        self.compiled = compiled
        self.bench = new_bench(compiled.arrays)
        self.state = start_state(compiled.arrays, self.bench, compiled.fixed, seed)
        self.record = new_record(compiled.arrays, self.state)
        self.order = np.array(active_order(compiled), dtype=np.int32)
        self.handles = tuple(Handle(part) for part in (compiled.arrays, self.state, self.bench, self.record))

    def draft(self, weights: Floats, agents: Ints) -> None:
        """Give each of some agents the tour that is best at the moment."""
        construct(*self.handles, weights, agents)

    def keep(self) -> None:
        """Make the present roster the record."""
        keep_record(self.handles[1], self.handles[3])

    def back(self) -> None:
        """Return to the record."""
        return_to_record(*self.handles)

    def moves(self, phase: Phase, heat: float, count: int) -> None:
        """Make some moves of a phase."""
        anneal(*self.handles, phase.weights, self.order, phase.focus, heat, phase.noise, 3, count)

    @property
    def missing_agent_minutes(self) -> float:
        """Missing minutes of the present roster."""
        arrays = self.compiled.arrays
        missing = np.maximum(0, arrays.required - self.state.serving)
        return float(missing.sum()) * arrays.slot_minutes


@dataclass
class Limit:
    """When a search ends: by the clock, by moves, or because somebody asks for it."""

    started: float
    seconds: float
    moves: int | None
    should_stop: Callable[[], bool] | None

    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self.should_stop is not None and self.should_stop()

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started


class Search:
    """A search for one compiled problem.

    :param report: told the phase's name after every chunk
    """

    def __init__(self, compiled: Compiled, limit: Limit, seed: int, report: Callable[[Search, str], None]) -> None:
        self.compiled = compiled
        self.limit = limit
        self.report = report
        self.worker = Worker(compiled, seed)
        self.seed = seed
        self.plan = phases(compiled)
        self.moves_made = 0

    @property
    def arrays(self) -> Arrays:
        """The compiled problem."""
        return self.compiled.arrays

    @property
    def shortfall(self) -> float:
        """Of the best roster so far."""
        return float(self.worker.record.tiers[SHORTFALL])

    def run(self) -> None:
        """Search until the limit; afterwards the state is the best roster found."""
        if self.arrays.agents:
            self._draft()
            for phase in self.plan:
                if self._ended():
                    break
                self._anneal(phase)
        self.worker.back()

    def _ended(self) -> bool:
        return self.limit.stopped() or (self.limit.moves is None and self.limit.elapsed() >= self.limit.seconds)

    def _draft(self) -> None:
        order = np.random.default_rng(self.seed).permutation(self.arrays.agents).astype(np.int32)
        weights = self.plan[0].weights if self.plan else np.zeros(TIERS)
        for first in range(0, len(order), DRAFT_AGENTS):
            self.worker.draft(weights, order[first : first + DRAFT_AGENTS])
            if self._ended():
                break
            self.report(self, "draft")
        self.worker.keep()

    def _anneal(self, phase: Phase) -> None:
        """Cool from the phase's first to its last temperature."""
        self.worker.back()
        cooling = phase.heat_last / phase.heat_first
        for progress, count in self._chunks(phase.share):
            self.worker.moves(phase, phase.heat_first * cooling**progress, count)
            self.moves_made += count
            self.report(self, self.compiled.problem.objectives[0] if phase.focus == 0 else "later tiers")

    def _chunks(self, share: float) -> Iterator[tuple[float, int]]:
        """How far the phase is (0 to 1), and how many moves to make next."""
        if self.limit.moves is not None:
            total = round(self.limit.moves * share)
            for made in range(0, total, CHUNK_MOVES):
                if self.limit.stopped():
                    return
                yield made / total, min(CHUNK_MOVES, total - made)
            return
        first, count = self.limit.elapsed(), 4
        last = min(self.limit.seconds, first + share * self.limit.seconds)
        now = first
        while now < last and not self.limit.stopped():
            yield (now - first) / (last - first), count
            seconds = self.limit.elapsed() - now
            count = max(1, min(2 * count, int(count * CHUNK_SECONDS / max(seconds, 1e-6))))
            now += seconds
