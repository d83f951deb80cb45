"""Prices in, a lower bound and its slope out.

Lagrangian relaxation (Held and Karp, "The traveling-salesman problem and minimum spanning trees", 1970; Fisher,
"The Lagrangian relaxation method for solving integer programming problems", 1981): what couples the agents
(coverage, limits of the floor) is priced, and each agent then does what is best for her alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import groupby

import numpy as np

from solver.bound.break_kernels import NOTHING, work_values
from solver.bound.coverage import Coverage
from solver.bound.crew import Crew, Team
from solver.bound.day_kernels import Worth, place_values
from solver.bound.floor import Floor
from solver.bound.grid import Grid, Integers, Reals
from solver.bound.partners import Pair
from solver.bound.team_kernels import Doings, price_team


@dataclass(frozen=True)
class Prices:
    """One multiplier per relaxed rule and slot, none negative.

    :param serving: queues × slots, for serving no more than work there
    :param floor: floor limits × slots
    :param cohorts: cohorts × slots
    :param arrivals: slots
    :param pairs: pairs of care partners × slots
    """

    serving: Reals
    floor: Reals
    cohorts: Reals
    arrivals: Reals
    pairs: Reals

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
    pairs: tuple[Pair, ...]
    home_allowed: list[bool]
    most_in_row: int
    day_of_slot: Integers


@dataclass(frozen=True)
class Batch:
    """Agents with one set of queues that are priced together.

    :param teams: parts of teams
    """

    queues: tuple[int, ...]
    teams: tuple[Team, ...]


def make_batches(teams: list[Team], most: int) -> list[Batch]:
    """Cut the teams into batches of at most ``most`` agents each."""
    batches = []
    for queues, alike in groupby(teams, key=lambda team: team.queues):
        parts: list[Team] = []
        for team in alike:
            for agent in team.agents:
                if sum(len(part.agents) for part in parts) >= most:
                    batches.append(Batch(queues, tuple(parts)))
                    parts = []
                if parts and parts[-1].kind == team.kind:
                    parts[-1] = replace(parts[-1], agents=np.append(parts[-1].agents, agent))
                else:
                    parts.append(replace(team, agents=np.array([agent])))
        batches.append(Batch(queues, tuple(parts)))
    return batches


class Tables:
    """Room for the values of all duties of one team, used again for every team."""

    def __init__(self, grid: Grid, most_shapes: int) -> None:
        shape = (len(grid.starts), len(grid.lengths), grid.most_break + 1)
        if grid.shapes > most_shapes:
            shape = (0, 0, 0)
        self.site, self.home, self.last, self.first = (np.empty(shape) for _ in range(4))
        self.nowhere = np.full(shape, NOTHING)


class Oracle:
    """Answers for one cost function on one site."""

    def __init__(self, site: Site, coverage: Coverage, tables: Tables, should_stop: Callable[[], bool]) -> None:
        self.site, self.coverage, self.tables, self.should_stop = site, coverage, tables, should_stop

    def no_prices(self) -> Prices:
        """All multipliers at nothing."""
        floor, slots = self.site.floor, self.site.grid.slots
        return Prices(
            np.zeros(self.coverage.required.shape),
            np.zeros((len(floor.limits), slots)),
            np.zeros((len(floor.cohorts), slots)),
            np.zeros(slots),
            np.zeros((len(self.site.pairs), slots)),
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
            np.full(prices.pairs.size, most),
        ])  # fmt: skip

    def frame(self, prices: Prices) -> Answer:
        """Price demand and the limits of the floor, without agents and the cohorts' turns."""
        least, served = self.coverage.least(prices.serving)
        floor = self.site.floor
        capacity = np.array([[float(limit.capacity)] for limit in floor.limits]).reshape(-1, 1)
        arrivals = float(floor.arrivals or 0)
        worth = float((capacity * prices.floor).sum()) + arrivals * float(prices.arrivals.sum())
        worth += float(prices.pairs.sum())
        slope = Prices(
            served,
            np.zeros_like(prices.floor) - capacity,
            np.zeros_like(prices.cohorts),
            np.full_like(prices.arrivals, -arrivals),
            np.full_like(prices.pairs, -1.0),
        )
        return Answer(least - worth, slope.flat())

    def turns(self, prices: Prices) -> Answer:
        """Give the site to the cohort that pays most, slot by slot or day by day."""
        floor, slots = self.site.floor, self.site.grid.slots
        slope = self.no_prices()
        worth = prices.cohorts * floor.cohort_capacity[:, None]
        turn_of_slot = self.site.day_of_slot if floor.cohort_days else np.arange(slots)
        turns = np.zeros((len(worth), int(turn_of_slot[-1]) + 1))
        np.add.at(turns.T, turn_of_slot, worth.T)
        chosen = turns.argmax(axis=0)[turn_of_slot]
        slope.cohorts[chosen, np.arange(slots)] = -floor.cohort_capacity[chosen]
        return Answer(-float(turns.max(axis=0).sum()), slope.flat())

    def price(self, batch: Batch, prices: Prices) -> Answer:
        """Price one batch of agents with the same queues: minus their best value, and what they then do."""
        site, slots, tables = self.site, self.site.grid.slots, self.tables
        at_home = tuple(queue for queue in batch.queues if site.home_allowed[queue])
        site_best, site_prefix = _best_queue(prices.serving, batch.queues)
        home_best, home_prefix = _best_queue(prices.serving, at_home)
        if any(team.site for team in batch.teams):
            work_values(site_prefix, site.grid, tables.site)
        if any(team.home for team in batch.teams):
            work_values(home_prefix, site.grid, tables.home)
        work = np.zeros((2, slots))
        present = np.zeros((2, site.floor.cohorts.shape[1], slots + 1))
        arrivals = np.zeros(slots + 1)
        apart = np.zeros_like(prices.pairs)
        total = 0.0
        for team in batch.teams:
            worth = self._worth(team, prices, site_prefix, home_prefix)
            place_values(site.grid, worth, tables.site, tables.home, team.site, team.home)
            stayed, ended = np.zeros((2, slots + 1))
            on_site, cleaned = present[:, team.profile]
            doings = Doings(work[0], work[1], on_site, cleaned, arrivals, stayed, ended)
            values = tables.site if team.site else tables.nowhere
            total += price_team(site.grid, site.crew, team.agents, site.most_in_row, worth, values, doings)
            for pair in team.pairs:
                apart[pair] += np.cumsum(stayed - _later(ended, site.pairs[pair].gap))[:-1]
        serving = np.zeros_like(prices.serving)
        np.subtract.at(serving, (site_best, np.arange(slots)), work[0])
        np.subtract.at(serving, (home_best, np.arange(slots)), work[1])
        persons = np.cumsum(present, axis=2)[:, :, :-1]
        return Answer(-total, self._slope_of(serving, persons, arrivals[:-1], apart).flat())

    def _slope_of(self, serving: Reals, persons: Reals, arrivals: Reals, apart: Reals) -> Prices:
        floor = self.site.floor
        rows = [limit.members @ persons[1 if limit.cleaned else 0] for limit in floor.limits]
        limited = np.array(rows).reshape(len(rows), self.site.grid.slots)
        return Prices(serving, limited, floor.cohorts @ persons[0], arrivals * (floor.arrivals is not None), apart)

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
        apart, apart_after = np.zeros((2, self.site.grid.slots + 1))
        for pair in team.pairs:
            prefix = _prefix(prices.pairs[pair])
            apart += prefix
            apart_after += prefix[np.minimum(np.arange(len(prefix)) + self.site.pairs[pair].gap, len(prefix) - 1)]
        return Worth(
            self.tables.last,
            self.tables.first,
            site_prefix,
            home_prefix,
            _prefix(plain),
            _prefix(cleaned),
            np.append(prices.arrivals, 0.0),
            apart,
            apart_after,
            floor.cleaning_slots,
        )


def _best_queue(serving: Reals, queues: tuple[int, ...]) -> tuple[Integers, Reals]:
    """Which of the queues pays best in each slot, and the running sum of what it pays."""
    if not queues:
        slots = serving.shape[1]
        return np.zeros(slots, dtype=np.int64), np.zeros(slots + 1)
    rows = serving[list(queues)]
    best = rows.argmax(axis=0)
    return np.array(queues)[best], _prefix(rows.max(axis=0))


def _later(row: Reals, slots: int) -> Reals:
    """Move what is in a row so many slots on; what would leave it stays in its last slot."""
    moved = np.zeros_like(row)
    np.add.at(moved, np.minimum(np.arange(len(row)) + slots, len(row) - 1), row)
    return moved


def _prefix(values: Reals) -> Reals:
    return np.concatenate([[0.0], np.cumsum(values)])
