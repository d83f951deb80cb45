"""How good any roster could be: proven lower bounds on shortfall and missing minutes.

Coverage and the limits of the floor are priced, each agent's best run of days at those prices is found exactly or
too well, never too badly, and the prices are improved until time is up: whatever the prices, the sum is a bound.
See ``docs/bound.md``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.bound.ascent import Ascent
from solver.bound.coverage import Coverage, missing_coverage, required_agents, shortfall_coverage
from solver.bound.crew import build_crew, build_teams
from solver.bound.floor import build_floor
from solver.bound.grid import build_grid
from solver.bound.oracle import Oracle, Site, Tables, make_batches
from solver.bound.partners import build_pairs, pairs_of_agents
from solver.bound.proof import careful, least_missing, least_shortfall, unreachable_missing, whole_slots
from solver.bound.reach import most_serving
from solver.layout import Layout
from solver.problem import Problem
from solver.roster import Bound

__all__ = ["lower_bound"]

SHORTFALL_SHARE = 0.6
USUAL_BATCHES = 100
LEAST_BATCH = 2
# More kinds of duties (starts × lengths × breaks) than these take too much memory to price.
MOST_SHAPES = 5_000_000


def lower_bound(
    problem: Problem,
    layout: Layout,
    *,
    seconds: float,
    should_stop: Callable[[], bool] | None = None,
    iterations: int | None = None,
    upper: float | None = None,
    on_progress: Callable[[Bound], None] | None = None,
) -> Bound:
    """Prove how little shortfall and how few missing minutes any roster for the problem could have.

    :param layout: of this problem at its own distance, without desks kept on top of those that ``fixed`` duties
        name; only its caps and upper bounds are used, not which desks it chose
    :param seconds: when to stop; what is proven by then is returned
    :param should_stop: asked many times a second
    :param iterations: rounds for each of the two bounds; without it, until time is up or nothing moves any more.
        With it and enough seconds the result is the same every time
    :param upper: shortfall of a roster that is known: there is nothing left to prove beyond it
    :param on_progress: told whenever more is proven
    :return: both bounds; 0 is the least there is
    """
    search = _Search(problem, layout, _Clock(seconds, should_stop), on_progress)
    search.run(iterations, upper)
    return search.bound


@dataclass
class _Clock:
    """When to stop: at a time, or when asked."""

    seconds: float
    asked: Callable[[], bool] | None
    share: float = 1.0

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    def is_over(self) -> bool:
        """Whether the share of the time given to the present ascent is over, or the whole search is."""
        if self.asked is not None and self.asked():
            return True
        return time.monotonic() - self.started >= self.seconds * self.share


class _Search:
    """Two ascents on one site, and the best that both together prove."""

    def __init__(
        self, problem: Problem, layout: Layout, clock: _Clock, on_progress: Callable[[Bound], None] | None
    ) -> None:
        self.clock, self.on_progress = clock, on_progress
        self.slot_minutes = problem.horizon.slot_minutes
        site, self.shortfall_cost, self.missing_cost = build_site(problem, layout)
        batches = make_batches(site.teams, max(LEAST_BATCH, -(-len(problem.agents) // USUAL_BATCHES)))
        tables = Tables(site.grid, MOST_SHAPES)
        oracles = [Oracle(site, cost, tables, clock.is_over) for cost in (self.shortfall_cost, self.missing_cost)]
        self.shortfall, self.missing = (Ascent(oracle, batches) for oracle in oracles)
        self.bound = Bound(shortfall=0.0, missing_agent_minutes=0.0)
        self._conclude()

    def run(self, iterations: int | None, upper: float | None) -> None:
        """Raise the prices for shortfall first, those for missing minutes from where they got to, then go on."""
        self.clock.share = SHORTFALL_SHARE if iterations is None else 1.0
        self._raise(self.shortfall, iterations, upper)
        self.clock.share = 1.0
        if self.shortfall.mixtures:
            self.missing.follow(self.shortfall)
        self._raise(self.missing, iterations, None)
        if iterations is None:
            self._raise(self.shortfall, None, upper)

    def _raise(self, ascent: Ascent, iterations: int | None, upper: float | None) -> None:
        rounds = 0
        if ascent.oracle.site.grid.shapes > MOST_SHAPES:
            return
        while not ascent.settled and (iterations is None or rounds < iterations):
            if upper is not None and (self.bound.shortfall or 0.0) >= upper:
                return
            if not ascent.round():
                return
            rounds += 1
            self._conclude()

    def _conclude(self) -> None:
        """Combine what is proven, and tell it where it is more than before."""
        slot, cost = self.slot_minutes, self.shortfall_cost
        shortfall = careful(self.shortfall.proven.value, cost)
        missing = max(
            unreachable_missing(cost, slot),
            whole_slots(careful(self.missing.proven.value, self.missing_cost), slot),
            least_missing(shortfall, cost, slot),
        )
        shortfall = max(shortfall, least_shortfall(missing, cost, slot))
        if (shortfall, missing) != (self.bound.shortfall, self.bound.missing_agent_minutes):
            self.bound = Bound(shortfall=shortfall, missing_agent_minutes=missing)
            if self.on_progress is not None:
                self.on_progress(self.bound)


def build_site(problem: Problem, layout: Layout) -> tuple[Site, Coverage, Coverage]:
    """Lay a problem out in arrays, with the cost of shortfall and of missing minutes."""
    grid = build_grid(problem)
    crew = build_crew(problem, grid)
    floor = build_floor(problem, layout)
    pairs = build_pairs(problem)
    teams = build_teams(problem, floor.profiles, pairs_of_agents(pairs, len(problem.agents)))
    home_allowed = [queue.home_allowed for queue in problem.queues]
    days = np.diff(grid.day_slot)
    site = Site(
        grid=grid,
        crew=crew,
        teams=teams,
        floor=floor,
        pairs=pairs,
        home_allowed=home_allowed,
        most_in_row=problem.labour.max_consecutive_workdays,
        day_of_slot=np.repeat(np.arange(len(days)), days),
    )
    required = required_agents(problem)
    most = most_serving(grid, crew, teams, home_allowed, floor.persons, required)
    return site, shortfall_coverage(problem, required, most), missing_coverage(problem, required, most)
