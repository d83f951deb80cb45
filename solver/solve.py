"""Plan a problem: the best roster that can be found in the time, checked before anybody sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solver import __version__
from solver.arrays import compile_problem
from solver.checks import Verdict, judge
from solver.fixed import complete_fixed
from solver.layout import plan_layout
from solver.problem import Problem
from solver.roster import Bound, Roster, SolverNote, Tiers
from solver.rules import Finding
from solver.search.decode import duties_of
from solver.search.engine import Limit, Search

PROGRESS_SECONDS = 0.25


class RosterBreaksRuleError(Exception):
    """The search made a roster with findings: a mistake in this program, never shown as a result."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{finding.rule}/{finding.detail} {finding.agents}" for finding in findings[:5]))
        self.findings = list(findings)


@dataclass(frozen=True)
class Progress:
    """Where a search stands.

    :param phase: ``layout``, ``draft``, the tier looked at, ``bound`` or ``exact``
    :param gap_share: (shortfall less bound) over required, None where nothing is proven
    """

    elapsed_seconds: float
    phase: str
    shortfall: float
    missing_agent_minutes: float
    required_agent_minutes: float
    bound_shortfall: float | None
    bound_missing_agent_minutes: float | None
    gap_share: float | None


def solve(
    problem: Problem,
    *,
    time_limit_seconds: float = 60,
    workers: int | None = None,
    seed: int = 0,
    iterations: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Roster:
    """Find a roster that keeps every rule and is as good as the time allows.

    :param iterations: moves to make instead of a time limit: the same number, seed and workers give the same roster
    :raises UnusableInputError: where the fixed duties cannot keep the rules
    """
    run = _Run(problem, time_limit_seconds, seed, iterations, on_progress, should_stop)
    return run.roster()


class _Run:
    """One call of :func:`solve`."""

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        seed: int,
        iterations: int | None,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.seed = seed
        self.iterations = iterations
        self.on_progress = on_progress
        self.started = time.monotonic()
        self.reported = -PROGRESS_SECONDS
        self.seconds = seconds
        self.limit = Limit(self.started, max(0.0, seconds - self._reserve_seconds()), iterations, should_stop)
        self.bound = Bound()
        self.required = float(
            problem.horizon.slot_minutes * sum(sum(entry.required) for entry in problem.demand)
        )

    def _reserve_seconds(self) -> float:
        """Time kept for reading the result out, judging and writing it."""
        return 0.2 + 0.0008 * len(self.problem.agents)

    def roster(self) -> Roster:
        """Search, read out and judge."""
        layout = plan_layout(self.problem, time_limit_seconds=min(5.0, 0.2 * self.seconds))
        fixed = complete_fixed(self.problem, layout.released)
        compiled = compile_problem(self.problem, layout.released, fixed.blocks)
        search = Search(compiled, self.limit, self.seed, self._report)
        search.run()
        state = search.worker.state
        roster = Roster(
            format="roster/1",
            site=self.problem.site.id,
            first_day=self.problem.horizon.first_day,
            released_desks=list(layout.released),
            duties=[],
            tiers=Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0),
            missing_agent_minutes=0,
            required_agent_minutes=0,
        ).model_copy(update={"duties": duties_of(compiled, state, state.blocks)})
        return self._signed(roster, self._judged(roster))

    def _judged(self, roster: Roster) -> Verdict:
        verdict = judge(self.problem, roster)
        if verdict.findings:
            raise RosterBreaksRuleError(verdict.findings)
        return verdict

    def _signed(self, roster: Roster, verdict: Verdict) -> Roster:
        note = None
        if self.iterations is None:
            seconds = round(time.monotonic() - self.started, 1)
            note = SolverNote(seconds=seconds, seed=self.seed, version=__version__)
        return roster.model_copy(
            update={
                "tiers": verdict.tiers,
                "missing_agent_minutes": float(verdict.missing_agent_minutes),
                "required_agent_minutes": float(verdict.required_agent_minutes),
                "bound": self.bound if self.bound != Bound() else None,
                "solver": note,
            }
        )

    def _report(self, search: Search, phase: str) -> None:
        elapsed = time.monotonic() - self.started
        if self.on_progress is None or elapsed - self.reported < PROGRESS_SECONDS:
            return
        self.reported = elapsed
        bound = self.bound.shortfall
        gap = None if bound is None or not self.required else (search.shortfall - bound) / self.required
        self.on_progress(
            Progress(
                elapsed,
                phase,
                search.shortfall,
                search.worker.missing_agent_minutes,
                self.required,
                bound,
                self.bound.missing_agent_minutes,
                gap,
            )
        )
