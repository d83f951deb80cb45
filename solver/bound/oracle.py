"""Prices in, a lower bound and its slope out.

Lagrangian relaxation (Held and Karp, "The traveling-salesman problem and minimum spanning trees", 1970; Fisher,
"The Lagrangian relaxation method for solving integer programming problems", 1981): what couples the agents
(coverage, limits of the floor) is priced, and each agent then does what is best for her alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np

from solver.bound.coverage import Coverage
from solver.bound.crew import Crew, Team
from solver.bound.day_kernels import Worth, place_values
from solver.bound.break_kernels import work_values
from solver.bound.floor import Floor
from solver.bound.grid import Grid, Reals
from solver.bound.team_kernels import Doings, price_team


@dataclass(frozen=True)
class Prices:
    """One multiplier per relaxed rule and slot, none negative.

    :param serving: queues × slots, for serving no more than work there
    :param floor: floor limits × slots
    :param cohorts: cohorts × slots
    :param arrivals: slots
    """

    serving: Reals
    floor: Reals
    cohorts: Reals
    arrivals: Reals

    def flat(self) -> Reals:
        """All multipliers in one row."""
        return np.concatenate([getattr(self, part.name).ravel() for part in fields(self)])


@dataclass(frozen=True)
class Answer:
    """What the prices prove.

    :param value: no roster costs less
    :param slope: how fast the value would grow with each multiplier, shaped as :meth:`Prices.flat`
    """

    value: float
    slope: Reals


@dataclass(frozen=True)
class Site:
    """All that stays the same from one set of prices to the next."""

    grid: Grid
    crew: Crew
    teams: list[Team]
    floor: Floor
    home_allowed: list[bool]
    most_in_row: int
    day_of_slot: Reals


class Oracle:
    """Answers for one cost function on one site."""

    def __init__(self, site: Site, coverage: Coverage, should_stop: Callable[[], bool]) -> None:
        self.site, self.coverage, self.should_stop = site, coverage, should_stop
        grid = site.grid
        shape = (len(grid.starts), len(grid.lengths), grid.most_break + 1)
        self.site_values, self.home_values = np.empty(shape), np.empty(shape)
        self.last, self.first = np.empty(shape), np.empty(shape)

    def no_prices(self) -> Prices:
        """All multipliers at nothing."""
        floor, slots = self.site.floor, self.site.grid.slots
        return Prices(
            np.zeros(self.coverage.required.shape),
            np.zeros((len(floor.limits), slots)),
            np.zeros((len(floor.cohorts), slots)),
            np.zeros(slots),
        )

    def shaped(self, flat: Reals) -> Prices:
        """Put a row of multipliers back into shape."""
        parts, first = [], 0
        for part in fields(Prices):
            like = getattr(self.no_prices(), part.name)
            parts.append(flat[first : first + like.size].reshape(like.shape))
            first += like.size
        return Prices(*parts)

    def ceiling(self) -> Reals:
        """Greatest sensible multipliers, in a row."""
        prices, floor = self.no_prices(), self.site.floor
        most = float(self.coverage.ceiling.max(initial=0.0))
        return np.concatenate([
            self.coverage.ceiling.ravel(),
            np.full(prices.floor.size, most),
            np.full(prices.cohorts.size, most),
            np.full(prices.arrivals.size, most * self.site.grid.slots if floor.arrivals is not None else 0.0),
        ])  # fmt: skip

    def answer(self, prices: Prices) -> Answer | None:
        """Price every agent; None where the search was asked to stop before the end."""
        least, served = self.coverage.least(prices.serving)
        floor_value, floor_slope, cohort_slope = self._floor(prices)
        working = np.zeros_like(prices.serving)
        present = np.zeros((2, len(self.site.floor.cohorts.T), self.site.grid.slots + 1))
        arrivals = np.zeros(self.site.grid.slots + 1)
        total = 0.0
        for queues, teams in groupby(self.site.teams, key=lambda team: team.queues):
            if self.should_stop():
                return None
            total += self._price_queues(queues, list(teams), prices, working, present, arrivals)
        persons = np.cumsum(present, axis=2)[:, :, :-1]
        for row, limit in enumerate(self.site.floor.limits):
            floor_slope[row] += limit.members @ persons[1 if limit.cleaned else 0]
        cohort_slope += self.site.floor.cohorts @ persons[0]
        most_arrivals = self.site.floor.arrivals
        arrival_slope = np.zeros(self.site.grid.slots)
        if most_arrivals is not None:
            arrival_slope = arrivals[:-1] - most_arrivals
            floor_value += most_arrivals * prices.arrivals.sum()
        slope = Prices(served - working, floor_slope, cohort_slope, arrival_slope)
        return Answer(least - floor_value - total, slope.flat())

    def _floor(self, prices: Prices) -> tuple[float, Reals, Reals]:
        """What the limits of the floor are worth at most, and minus their part of the slope."""
        floor = self.site.floor
        capacity = np.array([[float(limit.capacity)] for limit in floor.limits]).reshape(-1, 1)
        value = float((capacity * prices.floor).sum())
        slope = np.zeros_like(prices.floor) - capacity
        cohort_slope = np.zeros_like(prices.cohorts)
        if len(floor.cohorts):
            worth = prices.cohorts * floor.cohort_capacity[:, None]
            first_slots = self.site.day_of_slot if floor.cohort_days else np.arange(self.site.grid.slots)
            turns = np.zeros((len(worth), int(first_slots[-1]) + 1))
            np.add.at(turns.T, first_slots, worth.T)
            value += float(turns.max(axis=0).sum())
            chosen = turns.argmax(axis=0)[first_slots]
            cohort_slope[chosen, np.arange(self.site.grid.slots)] -= floor.cohort_capacity[chosen]
        return value, slope, cohort_slope

    def _price_queues(
        self,
        queues: tuple[int, ...],
        teams: list[Team],
        prices: Prices,
        working: Reals,
        present: Reals,
        arrivals: Reals,
    ) -> float:
        """Price all teams with one set of queues; add what they do to the sums."""
        site = self.site
        at_home = tuple(queue for queue in queues if site.home_allowed[queue])
        site_best, site_prefix = _best_queue(prices.serving, queues)
        home_best, home_prefix = _best_queue(prices.serving, at_home)
        if any(team.site for team in teams):
            work_values(site_prefix, site.grid, self.site_values)
        if any(team.home for team in teams):
            work_values(home_prefix, site.grid, self.home_values)
        site_work, home_work = np.zeros(site.grid.slots), np.zeros(site.grid.slots)
        total = 0.0
        for team in teams:
            worth = self._worth(team, prices, site_prefix, home_prefix)
            place_values(site.grid, worth, self.site_values, self.home_values, team.site, team.home)
            changes = present[:, team.profile]
            doings = Doings(site_work, home_work, changes[0], changes[1], arrivals)
            values = self.site_values if team.site else np.full_like(self.site_values, -1e30)
            total += price_team(site.grid, site.crew, team.agents, site.most_in_row, worth, values, doings)
        slots = np.arange(site.grid.slots)
        if queues:
            np.add.at(working, (site_best, slots), site_work)
        if at_home:
            np.add.at(working, (home_best, slots), home_work)
        return total

    def _worth(self, team: Team, prices: Prices, site_prefix: Reals, home_prefix: Reals) -> Worth:
        floor = self.site.floor
        cleaned = np.zeros(self.site.grid.slots)
        plain = floor.cohorts[:, team.profile] @ prices.cohorts
        for limit, price in zip(floor.limits, prices.floor, strict=True):
            if limit.members[team.profile]:
                if limit.cleaned:
                    cleaned += price
                else:
                    plain = plain + price
        return Worth(
            self.last,
            self.first,
            site_prefix,
            home_prefix,
            _prefix(plain),
            _prefix(cleaned),
            np.append(prices.arrivals, 0.0),
            floor.cleaning_slots,
        )


def _best_queue(serving: Reals, queues: tuple[int, ...]) -> tuple[Reals, Reals]:
    """Which of the queues pays best in each slot, and the running sum of what it pays."""
    if not queues:
        slots = serving.shape[1]
        return np.zeros(slots, dtype=np.int64), np.zeros(slots + 1)
    rows = serving[list(queues)]
    best = rows.argmax(axis=0)
    return np.array(queues)[best], _prefix(rows.max(axis=0))


def _prefix(values: Reals) -> Reals:
    return np.concatenate([[0.0], np.cumsum(values)])
