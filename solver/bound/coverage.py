"""What missing people cost, and the least it can cost at given prices.

The cost of a slot is convex in the number served, so the price of one more person served there need never leave
the range between nothing and the greatest marginal cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.bound.grid import Integers, Reals
from solver.problem import Problem


@dataclass(frozen=True)
class Coverage:
    """Costs of missing people per queue and slot.

    :param required: required agents, queues × slots
    :param most: most agents that could serve at all, at most the required
    :param unit: cost of one missing agent in a slot, per queue, column shaped
    :param squared: whether a slot costs ``unit · (missing + missing² / required)``, else ``unit · missing``
    """

    required: Integers
    most: Integers
    unit: Reals
    squared: bool

    @property
    def ceiling(self) -> Reals:
        """Greatest price worth paying: the cost of the last of the required people missing."""
        if not self.squared:
            return np.where(self.required > 0, self.unit, 0.0)
        steepest = 1.0 + (2.0 * self.required - 1.0) / np.maximum(self.required, 1)
        return np.where(self.required > 0, self.unit * steepest, 0.0)

    def cost(self, missing: Integers | Reals) -> Reals:
        """Cost of missing people, queues × slots."""
        if not self.squared:
            return self.unit * missing
        return self.unit * (missing + missing * missing / np.maximum(self.required, 1))

    def least(self, prices: Reals) -> tuple[float, Reals]:
        """Find the least of cost plus price of the people served, and how many are served there."""
        missing = np.clip(self._missing_at(prices), self.required - self.most, self.required)
        served = self.required - missing
        return float(np.sum(self.cost(missing) + prices * served)), served

    def _missing_at(self, prices: Reals) -> Reals:
        """How many are left missing because serving them costs more than their price."""
        worth = np.divide(prices, self.unit, out=np.zeros_like(prices), where=self.unit > 0)
        if not self.squared:
            return np.where(worth < 1.0, 0, self.required)
        return np.floor(((worth - 1.0) * self.required + 1.0) / 2.0)


def required_agents(problem: Problem) -> Integers:
    """Required agents, queues × slots."""
    timeline = problem.timeline
    row_of = {queue.id: row for row, queue in enumerate(problem.queues)}
    required = np.zeros((len(problem.queues), timeline.slots), dtype=np.int64)
    for entry in problem.demand:
        start = timeline.minute_of(entry.start) // timeline.slot_minutes
        required[row_of[entry.queue], start : start + len(entry.required)] = entry.required
    return required


def shortfall_coverage(problem: Problem, required: Integers, most: Integers) -> Coverage:
    """Give the cost of the tier ``shortfall``."""
    weights = np.array([[queue.weight] for queue in problem.queues]).reshape(-1, 1)
    return Coverage(required, most, problem.horizon.slot_minutes * weights, squared=True)


def missing_coverage(problem: Problem, required: Integers, most: Integers) -> Coverage:
    """Give the cost of ``missing_agent_minutes``: every minute alike."""
    minutes = np.full((len(problem.queues), 1), float(problem.horizon.slot_minutes))
    return Coverage(required, most, minutes, squared=False)
