"""Drives the compiled search: first draft, phases of annealing, progress and stopping.

The clock is asked between short runs of moves only, so that a number of iterations alone decides the roster where
one is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from solver.arrays import COHORT_RULES, Arrays, Block, Compiled, Floats, Ints
from solver.compiled_desks import pool_seats
from solver.search.anneal import compare, give_back, tidy
from solver.search.parts import may_be_parted
from solver.search.rounds import Round
from solver.search.state import CHANGES, PAUSES, SHORTFALL, TIERS
from solver.search.worker import Phase, Worker, active_order

PRICE_PASSES = 16
PRICED_SHARE = 0.97
AGENTS_ON_SEATS = 500
PARTS = 40
HARD_PASSES = 2
DRAFT_RAMPS = (0.1, 0.05)
RAMP_SHARE = 0.8
POOLED_SHARE = 0.7
SEATED_SHARE = 0.15
SEATED_HEAT = 0.05
PART_CHUNKS = 64
PRICE_STEP = 1.2
PRICE_TIME_SHARE = 0.2
GATHER_CHUNKS = 12
CHUNK_SECONDS = 0.15
CHUNK_MOVES = 64
STEP_DOWN = 0.004
STEP_UP = 300.0
PAUSE_WEIGHT = 0.02
TIDY_SHARE = 0.97
STAYING_FIRST, STAYING_LAST, STAYING_TIME_SHARE = 0.2, 0.001, 0.75


def phase_weights(order: list[int], focus: int) -> Floats:
    """One for the tier in focus, much more for those before it, little for those after."""
    weights = np.zeros(TIERS + 1)
    for rank, tier in enumerate(order):
        weights[tier] = STEP_UP ** (focus - rank) if rank < focus else STEP_DOWN ** (rank - focus)
    weights[PAUSES] = PAUSE_WEIGHT * STEP_DOWN ** max(0, len(order) - 1 - focus)
    return weights


def phases(compiled: Compiled) -> list[Phase]:
    """The plan of a search: the first tier longest, then each later one."""
    order = active_order(compiled)
    minutes = float(compiled.arrays.slot_minutes)
    shares = {1: [1.0], 2: [0.6, 0.4], 3: [0.55, 0.3, 0.15], 4: [0.5, 0.25, 0.15, 0.1], 5: [0.45, 0.2, 0.15, 0.1, 0.1]}
    plan = []
    for focus, tier in enumerate(order):
        heat = 0.6 * minutes if tier == SHORTFALL else 2.0 * minutes
        noise = 0.1 if focus == 0 else 0.02
        share = shares[len(order)][focus]
        weights = phase_weights(order, focus)
        staying = 0.0
        if focus == 0 and tier == SHORTFALL and CHANGES in order:
            staying, weights[CHANGES] = STAYING_FIRST, STAYING_LAST
        plan.append(Phase(focus, weights, heat, minutes / (150.0 if staying else 300.0), noise, share, staying))
    if plan and plan[0].staying:
        shares_staying = [STAYING_TIME_SHARE, *((1.0 - STAYING_TIME_SHARE) * part for part in shares[len(order) - 1])]
        plan = [replace(phase, share=share) for phase, share in zip(plan, shares_staying, strict=True)]
    return plan


def pooled_phases(plan: Sequence[Phase]) -> list[Phase]:
    """The first tier while seats are counted, then once more with desks, and the later tiers in what is left."""
    first, *later = plan
    rest = (1.0 - POOLED_SHARE - SEATED_SHARE) / max(1e-9, 1.0 - first.share)
    return [
        replace(first, share=POOLED_SHARE),
        replace(first, share=SEATED_SHARE, heat_first=first.heat_first * SEATED_HEAT),
        *(replace(phase, share=phase.share * rest) for phase in later),
    ]


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

    def ended(self) -> bool:
        """Whether the time is up or somebody asked to stop; moves are counted elsewhere."""
        return self.stopped() or (self.moves is None and self.elapsed() >= self.seconds)


class Search:
    """A search for one compiled problem.

    :param threads: asked before every round how many workers may run; at most ``workers`` ever do
    :param report: told the phase's name after every chunk
    """

    def __init__(
        self,
        compiled: Compiled,
        limit: Limit,
        seed: int,
        report: Callable[[Search, str], None],
        *,
        workers: int = 1,
        threads: Callable[[], int] | None = None,
    ) -> None:
        self.compiled = compiled
        self.limit = limit
        self.report = report
        self.most_workers = workers
        self.threads = threads or (lambda: workers)
        self.others: list[Worker] = []
        self.round: Round | None = None
        self.rounds = 0
        self.seed = seed
        told_apart = compiled.arrays.cohort_rule == COHORT_RULES["same_room"]
        self.plan = phases(compiled)
        self.loaded_shortfall = 0.0
        large = compiled.arrays.agents >= AGENTS_ON_SEATS and len(compiled.desk_ids) > 0
        self.pooled = large and not told_apart and len(self.plan) > 0
        if self.pooled:
            pool_seats(compiled)
            self.plan = pooled_phases(self.plan)
        self.worker = Worker(compiled, seed)

    @property
    def arrays(self) -> Arrays:
        """The compiled problem."""
        return self.compiled.arrays

    @property
    def shortfall(self) -> float:
        """Of the best roster so far."""
        return float(self.worker.record.tiers[SHORTFALL])

    def run(self, published: Mapping[int, Sequence[Block]]) -> None:
        """Search until the limit; afterwards the first worker's state is the best roster found.

        :param published: tours to start from, by agent; all of them together keep every rule
        """
        if self.arrays.agents:
            if self.pooled and not published:
                self._draft_on_seats()
            else:
                self.pooled, self.plan = False, phases(self.compiled)
                self._draft(published)
            with ThreadPoolExecutor(self.most_workers) as pool:
                for number, phase in enumerate(self.plan):
                    if number > 0:
                        self._settle()
                    if self.limit.ended():
                        break
                    self._anneal(phase, pool)
            self._settle()
            self._tidy()
        self.worker.back()

    def _settle(self) -> None:
        """Give the best roster desks, where it has only seats."""
        if self.pooled:
            self.worker.back()
            self.worker.settle(self.plan[0].weights)
            self.pooled = False

    def _draft_on_seats(self) -> None:
        """Everybody's best tour while seats are only counted, with prices where they become few."""
        order = np.random.default_rng(self.seed).permutation(self.arrays.agents).astype(np.int32)
        for width in DRAFT_RAMPS:
            self.worker.count_seats(width)
            for _part in self._pass_over(self.plan[0].weights, order, needed=width == DRAFT_RAMPS[0]):
                pass
        self.worker.keep()

    def _draft(self, published: Mapping[int, Sequence[Block]]) -> None:
        order = np.random.default_rng(self.seed).permutation(self.arrays.agents).astype(np.int32)
        weights = self.plan[0].weights if self.plan else np.zeros(TIERS + 1)
        if published:
            self.worker.load(published)
            self.loaded_shortfall = float(self.worker.state.tiers[SHORTFALL])
            weights = weights.copy()
            weights[CHANGES] = 1.0
            order = np.array([agent for agent in order.tolist() if agent not in published], dtype=np.int32)
        else:
            self._price_desks(weights, order)
        for number in range(HARD_PASSES if self.worker.bench.price.any() else 1):
            for _part in self._pass_over(weights, order, needed=number == 0):
                pass
        self.worker.keep()

    def _pass_over(self, weights: Floats, order: Ints, *, needed: bool = False) -> Iterator[None]:
        """Give everybody the tour that is best at the moment, a part of them at a time.

        :param needed: goes on when the time is up, but not when somebody asks to stop
        """
        for part in np.array_split(order, max(1, min(len(order), PARTS))):
            if self.limit.stopped() or (not needed and self.limit.ended()):
                return
            self.worker.draft(weights, part)
            self.report(self, "draft")
            yield

    def _price_desks(self, weights: Floats, order: Ints) -> None:
        """Let everybody sit anywhere, and raise the price of slots in which there are not desks enough.

        Agents who pay such prices leave room for each other: an early and a late duty at one desk rather than one
        in the middle of the day (Lagrangian relaxation of the number of desks, by subgradient steps).
        """
        worker, bench = self.worker, self.worker.bench
        if not len(self.arrays.desk_room):
            return
        bench.without_desks[0], bench.price_share[0] = 1, 1.0
        step = PRICE_STEP * float(self.arrays.worth[:-1].mean()) / PARTS
        for number in range(PRICE_PASSES):
            for _part in self._pass_over(weights, order):
                if number > 0:
                    bench.price[:] = np.maximum(0.0, bench.price + step * (worker.crowding() - PRICED_SHARE))
            if number == 0 and (worker.crowding() <= 1.0).all():
                break
            if self.limit.moves is None and self.limit.elapsed() > PRICE_TIME_SHARE * self.limit.seconds:
                break
        bench.without_desks[0] = 0
        if not bench.price.any() or self.limit.ended():
            worker.clear()
        worker.keep()

    def _anneal(self, phase: Phase, pool: ThreadPoolExecutor) -> None:
        """Cool from the phase's first to its last temperature."""
        self.worker.back()
        name = self.compiled.problem.objectives[phase.focus] if phase.focus == 0 else "later tiers"
        cooling = phase.heat_last / phase.heat_first
        for number, (progress, count) in enumerate(self._chunks(phase.share)):
            heat = phase.heat_first * cooling**progress
            team = self._parts(number) if self.pooled else self._team(number)
            for worker in team:
                if self.pooled:
                    worker.count_seats(DRAFT_RAMPS[-1] * max(0.0, 1.0 - progress / RAMP_SHARE))
            if len(team) == 1:
                team[0].moves(phase, progress, heat, count)
            else:
                waiting = [pool.submit(worker.moves, phase, progress, heat, count) for worker in team]
                for future in waiting:
                    future.result()
            self.report(self, name)
        self._end_round()
        self._gather()
        if CHANGES in self.worker.order[: phase.focus + 1] and self.arrays.any_previous:
            self._give_back(phase)

    def _give_back(self, phase: Phase) -> None:
        """Give everybody the published week, or days of it, wherever that makes nothing worse that comes before."""
        self._one_by_one(give_back, phase)

    def _tidy(self) -> None:
        """Leave out pauses that nobody needs."""
        if self.plan:
            self._one_by_one(tidy, self.plan[-1])

    def _one_by_one(self, step: Callable[..., None], phase: Phase) -> None:
        agents = np.arange(self.arrays.agents, dtype=np.int32)
        self.worker.back()
        for part in np.array_split(agents, max(1, min(len(agents), PARTS))):
            if self.limit.ended():
                return
            step(*self.worker.handles, phase.weights, self.worker.order, part)
            self.report(self, "later tiers")

    def _parts(self, number: int) -> list[Worker]:
        """The workers that move while seats are counted: each has its own part of the site."""
        wanted = max(1, min(self.most_workers, self.threads()))
        if self.round is not None and (self.round.count != wanted or number % PART_CHUNKS == 0):
            self._end_round()
        if wanted == 1 or not may_be_parted(self.arrays):
            return [self.worker]
        if self.round is None:
            self.worker.back()
            self.rounds += 1
            self.round = Round(self.worker, wanted, self.seed, self.rounds)
        return self.round.workers

    def _end_round(self) -> None:
        if self.round is not None:
            self.round.end()
            self.round = None

    def _team(self, number: int) -> list[Worker]:
        """The workers that move now; every so often all go on from the best roster."""
        wanted = max(1, min(self.most_workers, self.threads()))
        if wanted > 1 + len(self.others):
            for seed in range(len(self.others) + 1, wanted):
                self.others.append(Worker(self.compiled, self.seed * 1000 + seed))
                self.others[-1].follow(self.worker)
        if self.others and number % GATHER_CHUNKS == 0:
            self._gather()
        return [self.worker, *self.others][:wanted]

    def _gather(self) -> None:
        """Let every worker go on from the best record of all."""
        if not self.others:
            return
        best = self.worker
        for worker in self.others:
            if compare(worker.record.tiers, best.record.tiers, worker.order) < 0:
                best = worker
        if best is not self.worker:
            self.worker.follow(best)
        for worker in self.others:
            if worker is not best:
                worker.follow(self.worker)

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
        last = min(TIDY_SHARE * self.limit.seconds, first + share * self.limit.seconds)
        now = first
        while now < last and not self.limit.stopped():
            yield (now - first) / (last - first), count
            seconds = self.limit.elapsed() - now
            count = max(1, min(2 * count, int(count * CHUNK_SECONDS / max(seconds, 1e-6))))
            now += seconds
