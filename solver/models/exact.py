"""The whole roster format as one CP-SAT model: for small sites, with proof.

Everything is free that the format leaves free, the released desks too. The tiers are minimised one after the other
in the order of ``objectives``, each with the earlier ones held at what they reached. The roster is judged by
:mod:`solver.checks`, which shares nothing with the model: where the two disagree, nothing is returned.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from ortools.sat.python import cp_model

from solver.checks import judge
from solver.models.exact_frame import ExactFrame
from solver.models.exact_people import add_personal_rules
from solver.models.exact_roster import RosterReader, start_values
from solver.models.exact_site import SitePart
from solver.models.exact_tiers import ScaledTier, TierPart
from solver.problem import Problem
from solver.roster import Bound, Roster
from solver.rules import Finding

_STOP_POLL_SECONDS = 0.05
_TOLERANCE = 1e-6
# Up to here one worker with a strong linear relaxation proves more quickly than several, and repeatably.
_FEW_CANDIDATES = 3000
# Tiers that cannot be negative: at nought they need no proof.
_NOT_NEGATIVE = frozenset({"shortfall", "changes", "site_presence", "contract_minutes"})

Values = Sequence[int]


class UnsoundModelError(Exception):
    """The model made a roster that breaks a rule or has other tiers than it says: a mistake in this package."""

    def __init__(self, findings: Sequence[Finding], disagreement: str = "") -> None:
        super().__init__(disagreement or "; ".join(f"{finding.rule}: {finding.detail}" for finding in findings))
        self.findings = list(findings)


@dataclass(frozen=True)
class ExactResult:
    """What the exact model found in its time.

    :param roster: None where no roster was found in time
    :param proven: the tiers, in the order of ``objectives``, that no roster can better, given those before
    :param bound: what no roster can beat
    """

    roster: Roster | None
    proven: tuple[str, ...]
    bound: Bound


def solve_exact(
    problem: Problem,
    *,
    time_limit_seconds: float,
    hint: Roster | None = None,
    least: Bound | None = None,
    workers: int = 2,
    should_stop: Callable[[], bool] | None = None,
    seed: int = 0,
) -> ExactResult:
    """Find the best roster in all tiers, as far as the time allows, and say what is proven.

    :param hint: a roster to start from; the result is no worse in the order of ``objectives``
    :param least: what is proven already; prices (:mod:`solver.bound`) often prove what the model's own relaxation does
        not see, and then only a roster that is as good is left to find
    :param should_stop: asked again and again; the best so far is returned soon after it says yes
    :raises UnsoundModelError: where the roster does not stand the checks
    """
    deadline = time.monotonic() + time_limit_seconds
    return _Ladder(problem, _Clock(deadline, should_stop), workers, seed, least or Bound()).climb(hint)


@dataclass(frozen=True)
class _Clock:
    deadline: float
    should_stop: Callable[[], bool] | None

    @property
    def seconds_left(self) -> float:
        if self.should_stop is not None and self.should_stop():
            return 0.0
        return max(0.0, self.deadline - time.monotonic())

    @contextmanager
    def watching(self, solver: cp_model.CpSolver) -> Iterator[None]:
        """Stop the solver soon after somebody asks for it."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_STOP_POLL_SECONDS):
                if self.should_stop is not None and self.should_stop():
                    solver.stop_search()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


@dataclass
class _Ladder:
    """One model, solved for one tier after the other."""

    problem: Problem
    clock: _Clock
    workers: int
    seed: int
    least: Bound = field(default_factory=Bound)
    frame: ExactFrame = field(init=False)

    def __post_init__(self) -> None:
        self.frame = ExactFrame(self.problem)
        add_personal_rules(self.frame)
        self.site = SitePart(self.frame)
        self.tiers = TierPart(self.frame, self.site)
        self.model = self.frame.model
        self.scaled: dict[str, ScaledTier] = {name: self.tiers.tier(name) for name in self.problem.objectives}
        self.values: Values | None = None
        self._add_what_is_proven()

    def _add_what_is_proven(self) -> None:
        """Rosters better than a bound do not exist; where costs are rounded down, the bound says nothing."""
        missing = self.tiers.missing_minutes(), self.least.missing_agent_minutes
        for tier, least in ((self.tiers.tier("shortfall"), self.least.shortfall), missing):
            if least and tier.exact:
                self.model.add(tier.expression >= math.ceil((least - _TOLERANCE) * tier.scale))

    def climb(self, hint: Roster | None) -> ExactResult:
        if hint is not None:
            self._start_from(hint)
        proven: list[str] = []
        bounds: dict[str, Fraction] = {}
        unbound = self.model.clone()
        for rank, (objective, tier) in enumerate(self.scaled.items()):
            least = self._minimise(self.model, objective, tier)
            if least is not None and rank == 0:
                bounds[objective] = least
            if self.values is None:
                break
            reached = self._value(tier)
            if tier.exact and least is not None and least >= reached and len(proven) == rank:
                proven.append(objective)
            self.model.add(tier.expression <= round(reached * tier.scale))
        roster = self._judged()
        return ExactResult(roster, tuple(proven), self._bound(unbound, bounds, roster))

    def _value(self, tier: ScaledTier) -> Fraction:
        return Fraction(evaluate(tier.expression, self.values or ()), tier.scale)

    def _minimise(self, model: cp_model.CpModel, objective: str, tier: ScaledTier) -> Fraction | None:
        """Improve the values, and return the proven least of the tier under what the model holds so far."""
        if self.values is not None and objective in _NOT_NEGATIVE and self._value(tier) == 0:
            return Fraction(0)
        model.minimize(tier.expression)
        solver = self._solve(model)
        if solver is None:
            return None
        return Fraction(round(solver.best_objective_bound), tier.scale)

    def _solve(self, model: cp_model.CpModel, *, fixed_to_hint: bool = False) -> cp_model.CpSolver | None:
        seconds_left = self.clock.seconds_left
        if seconds_left <= 0:
            return None
        if self.values is not None:
            hint_all(model, dict(enumerate(self.values)))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds_left
        solver.parameters.num_workers = 1 if len(self.frame.candidates) <= _FEW_CANDIDATES else self.workers
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = self.seed
        solver.parameters.fix_variables_to_their_hinted_value = fixed_to_hint
        with self.clock.watching(solver):
            status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.values = list(solver.response_proto.solution)
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN) else None

    def _start_from(self, hint: Roster) -> None:
        """Complete the values that a roster gives, so that the search really begins there."""
        hint_all(self.model, start_values(self.frame, self.site, self.tiers, hint))
        # Without a cost, what only counts (missing people, lacking hours) would stay at any value that is high enough.
        self.model.minimize(cp_model.LinearExpr.sum([tier.expression for tier in self.scaled.values()]))
        self._solve(self.model, fixed_to_hint=True)

    def _judged(self) -> Roster | None:
        values = self.values
        if values is None:
            return None
        roster = RosterReader(self.frame, self.site, self.tiers).roster(lambda literal: bool(values[literal.index]))
        verdict = judge(self.problem, roster)
        if verdict.findings:
            raise UnsoundModelError(verdict.findings)
        for objective, tier in self.scaled.items():
            counted, said = getattr(verdict.tiers, objective), float(self._value(tier))
            if tier.exact and abs(counted - said) > _TOLERANCE * max(1.0, abs(said)):
                raise UnsoundModelError((), f"{objective}: {counted} counted, {said} said")
        counts = {
            "tiers": verdict.tiers,
            "missing_agent_minutes": verdict.missing_agent_minutes,
            "required_agent_minutes": verdict.required_agent_minutes,
        }
        return roster.model_copy(update=counts)

    def _bound(self, unbound: cp_model.CpModel, bounds: Mapping[str, Fraction], roster: Roster | None) -> Bound:
        """Least shortfall and least missing minutes of any roster, each by itself."""
        shortfall = bounds.get("shortfall")
        if shortfall is None:
            shortfall = self._minimise(unbound, "shortfall", self.tiers.tier("shortfall"))
        missing = self._minimise(unbound, "shortfall", self.tiers.missing_minutes())
        return Bound(
            shortfall=_at_most(shortfall, None if roster is None else roster.tiers.shortfall),
            missing_agent_minutes=_at_most(missing, None if roster is None else roster.missing_agent_minutes),
        )


def _at_most(least: Fraction | None, reached: float | None) -> float | None:
    """A bound as a float, never above what a roster reached: the two were rounded on different ways."""
    if least is None:
        return None
    return float(least) if reached is None else min(float(least), reached)


def evaluate(expression: cp_model.LinearExpr, values: Values) -> int:
    """The value of an expression of a solution."""
    flat = cp_model.FlatIntExpr(expression)
    terms = (coefficient * values[var.index] for var, coefficient in zip(flat.vars, flat.coeffs, strict=True))
    return int(flat.offset + sum(terms))


def hint_all(model: cp_model.CpModel, values: Mapping[int, int]) -> None:
    """Start the next search from these values, by index of the variable."""
    model.clear_hints()  # type: ignore[no-untyped-call]
    model.proto.solution_hint.vars.extend(list(values))
    model.proto.solution_hint.values.extend([int(value) for value in values.values()])
