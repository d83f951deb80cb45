"""Better and better prices: proximal steps, with one agent or a few answering at a time.

The dual function is smoothed around the present centre of prices (method of multipliers; Rockafellar,
"Augmented Lagrange multiplier functions and duality in nonconvex programming", 1974), and the smooth problem is
solved by block-coordinate Frank-Wolfe steps (Lacoste-Julien, Jaggi, Schmidt and Pletscher, 2013): each batch of
agents keeps a mixture of what it did so far, answers the prices that all mixtures together cause, and moves
towards its answer by an exact line search. Because prices move after every batch, agents do not all run for the
same slot, which is what makes plain subgradient steps slow. Any prices met on the way prove a bound.
"""

# Compiled kernels: calls between them cost nothing only while they stay few, and take no keywords.
# ruff: noqa: FBT001

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.bound.compiling import kernel
from solver.bound.grid import Reals
from solver.bound.oracle import Answer, Batch, Oracle, Prices

SEARCH_STEPS = 8
PASSES_PER_TEST = 2
# How far prices follow a lack of one agent, as a share of the cost of missing one of the usual requirement; more
# while that proves more and more, less when it overshoots, until nothing moves.
STIFFNESS = 2.0
FIRMER, SOFTER = 1.05, 0.8
SETTLED = 1e-3
FOLLOWER_FIRMNESS = 0.25


@kernel
def respond(
    doing: Reals, centre: Reals, pull: float, required: Reals, unit: Reals, ceiling: Reals, squared: bool, prices: Reals
) -> None:
    """Fill the prices that a mixture of doings causes.

    :param doing: what is done with each priced thing, minus what is on offer
    :param centre: prices to stay near to
    :param pull: how far prices move per unit of ``doing``
    :param required: required agents for the prices of serving, which come first
    :param unit: cost of one missing agent there
    """
    serving = len(required)
    for row in range(len(doing)):
        price = centre[row] + pull * doing[row]
        if row < serving:
            price += pull * required[row]
            if squared and price > unit[row]:
                # Beyond the cost of the first missing agent the cost itself bends the response.
                bend = 1.0 + pull * required[row] / (2.0 * unit[row])
                price = unit[row] + (price - unit[row]) / bend
        prices[row] = min(max(price, 0.0), ceiling[row])


@kernel
def step_share(
    doing: Reals,
    change: Reals,
    centre: Reals,
    pull: float,
    required: Reals,
    unit: Reals,
    ceiling: Reals,
    squared: bool,
    trial: Reals,
    prices: Reals,
    steps: int,
) -> float:
    """Find how much of a change of doings the prices it causes still welcome, between 0 and 1."""
    low, high = 0.0, 1.0
    for step in range(steps + 1):
        share = 1.0 if step == 0 else (low + high) / 2.0
        for row in range(len(doing)):
            trial[row] = doing[row] + share * change[row]
        respond(trial, centre, pull, required, unit, ceiling, squared, prices)
        slope = 0.0
        for row in range(len(doing)):
            slope += prices[row] * change[row]
        if slope <= 0.0:
            if step == 0:
                return 1.0
            low = share
        else:
            high = share
    return low


@dataclass(frozen=True)
class Proven:
    """The best prices so far and what they prove."""

    value: float
    prices: Reals


class Ascent:
    """The state of one dual ascent; :meth:`round` takes it one step on."""

    def __init__(self, oracle: Oracle, batches: list[Batch], *, seed: int = 0) -> None:
        self.oracle, self.batches = oracle, batches
        self.random = np.random.default_rng(seed)
        coverage = oracle.coverage
        self.required = coverage.required.ravel().astype(np.float64)
        self.unit = np.broadcast_to(coverage.unit, coverage.required.shape).ravel().astype(np.float64)
        self.ceiling = oracle.ceiling()
        self.centre = np.zeros_like(self.ceiling)
        self.on_offer = -oracle.frame(oracle.no_prices()).slope
        self.on_offer[: len(self.required)] = 0.0
        self.on_offer[self._turns()] = 0.0
        busy = (self.required > 0) & (self.unit > 0)
        self.usual_pull = self.unit[busy].mean() / self.required[busy].mean() if busy.any() else 0.0
        self.firmness, self.peak = STIFFNESS, -np.inf
        self.mixtures: list[Reals] = []
        self.doing = np.zeros_like(self.ceiling)
        # No prices at all prove that nothing costs less than nothing.
        self.proven = Proven(0.0, self.centre.copy())
        self._trial, self._prices = np.empty_like(self.ceiling), np.empty_like(self.ceiling)

    def _turns(self) -> slice:
        """Where the prices of cohorts stand in a row."""
        none = self.oracle.no_prices()
        first = none.serving.size + none.floor.size
        return slice(first, first + none.cohorts.size)

    def round(self) -> bool:
        """Let every batch answer a few times, then test the prices; False where the search was asked to stop."""
        if not self.mixtures and not self._begin():
            return False
        for _ in range(PASSES_PER_TEST):
            for index in self.random.permutation(len(self.mixtures)):
                if self.oracle.should_stop():
                    return False
                self._move(int(index), self._answer(int(index), self.oracle.shaped(self.caused())).slope)
        return self._test()

    @property
    def settled(self) -> bool:
        """Whether further rounds would change next to nothing."""
        return self.usual_pull == 0.0 or self.firmness < SETTLED

    def follow(self, other: Ascent) -> None:
        """Start where the ascent for another cost function on the same site has got to."""
        scale = np.divide(self.unit, other.unit, out=np.zeros_like(self.unit), where=other.unit > 0)
        prices = other.proven.prices.copy()
        prices[: len(scale)] *= scale
        self.centre = np.minimum(prices, self.ceiling)
        self.mixtures = [mixture.copy() for mixture in other.mixtures]
        self.doing = other.doing.copy()
        self.firmness = max(other.firmness, FOLLOWER_FIRMNESS)

    def _begin(self) -> bool:
        answers = self._answers(self.centre)
        if answers is None:
            return False
        self.mixtures = [answer.slope for answer in answers]
        self.doing = np.sum(self.mixtures, axis=0) - self.on_offer
        return True

    def caused(self) -> Reals:
        """Prices that the present mixtures cause."""
        respond(self.doing, *self._causes(), self._prices)
        return self._prices.copy()

    def _causes(self) -> tuple[Reals, float, Reals, Reals, Reals, bool]:
        pull, squared = self.usual_pull * self.firmness, self.oracle.coverage.squared
        return self.centre, pull, self.required, self.unit, self.ceiling, squared

    def _answer(self, index: int, prices: Prices) -> Answer:
        """Answer of one batch; the cohorts' turns are the last."""
        if index < len(self.batches):
            return self.oracle.price(self.batches[index], prices)
        return self.oracle.turns(prices)

    def _answers(self, prices: Reals) -> list[Answer] | None:
        shaped, answers = self.oracle.shaped(prices), []
        for index in range(len(self.batches) + (1 if len(self.oracle.site.floor.cohorts) else 0)):
            if self.oracle.should_stop():
                return None
            answers.append(self._answer(index, shaped))
        return answers

    def _move(self, index: int, answer: Reals) -> None:
        change = answer - self.mixtures[index]
        share = step_share(self.doing, change, *self._causes(), self._trial, self._prices, SEARCH_STEPS)
        if share > 0.0:
            self.mixtures[index] += share * change
            self.doing += share * change

    def _test(self) -> bool:
        """Prove what the present prices are worth, and make them the new centre."""
        prices = self.caused()
        answers = self._answers(prices)
        if answers is None:
            return False
        value = self.oracle.frame(self.oracle.shaped(prices)).value + sum(answer.value for answer in answers)
        self.firmness *= FIRMER if value > self.peak else SOFTER
        self.peak = max(self.peak, value)
        if value > self.proven.value:
            self.proven = Proven(value, prices)
        self.centre = prices
        for index, answer in enumerate(answers):
            self._move(index, answer.slope)
        return True
