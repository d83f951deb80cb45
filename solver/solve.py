"""Plan a problem: the best roster that can be found in the time, checked before anybody sees it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solver import __version__
from solver.bound import lower_bound
from solver.checks import Verdict, judge
from solver.compiling import compile_problem
from solver.fixed import completed_fixed
from solver.layout import Layout, conflicts, plan_layout
from solver.models.exact import solve_exact
from solver.models.exact_size import ALWAYS_TRIED_AGENTS, is_small
from solver.models.seating import reseat
from solver.problem import Duty, Problem, Room
from solver.published import published_roster, published_tours
from solver.roster import Bound, Roster, SolverNote, Tiers
from solver.rules import Finding
from solver.search.decode import duties_of
from solver.search.engine import Limit, Search
from solver.tiers import required_agent_minutes

PROGRESS_SECONDS = 0.25
RESERVE_SECONDS_PER_AGENT = 0.0008
SEATING_TIME_SHARE = 0.03
JUDGING_SECONDS_PER_AGENT = 0.0006
SEATING_SECONDS_WITH_ITERATIONS = 600.0
EXACT_HINT_SECONDS = 1.0
# A site of more than six agents gets more time for a roster and for prices before the exact model takes over.
LARGER_HINT_SHARE = 0.25
LARGER_PRICES_SHARE = 0.1
BOUND_TIME_SHARE = 0.5
BOUND_ROUNDS = 40
BOUND_SECONDS_WITH_ITERATIONS = 3600.0
UNCHANGED_SHARE = 0.01
# The same where the published assignment to queues is just what the requirement asks for.
FITTING_SHARE = 0.05
# A better choice of who serves what may be worth so much of the requirement and still be taken for the same.
SERVING_SHARE = 0.001
FAMILIAR_SHARE = 0.98


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
    used = workers or os.cpu_count() or 1
    return _Run(problem, time_limit_seconds, used, seed, iterations, on_progress, should_stop).roster()


class _Run:
    """One call of :func:`solve`."""

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        workers: int,
        seed: int,
        iterations: int | None,
        on_progress: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.problem = problem
        self.seconds = seconds
        self.workers = workers
        self.seed = seed
        self.iterations = iterations
        self.on_progress = on_progress
        self.started = time.monotonic()
        self.reported = -PROGRESS_SECONDS
        self.seating_seconds = SEATING_TIME_SHARE * seconds if iterations is None else SEATING_SECONDS_WITH_ITERATIONS
        reserve = 0.2 + RESERVE_SECONDS_PER_AGENT * len(problem.agents)
        reserve += SEATING_TIME_SHARE * seconds
        self.limit = Limit(self.started, max(0.0, seconds - reserve), iterations, should_stop)
        self.bound = Bound()
        self.published_released: list[str] = []
        self.bound_ended = threading.Event()
        self.required = float(required_agent_minutes(problem))

    def roster(self) -> Roster:
        """Search and prove side by side, read out and judge."""
        tiny = self.iterations is None and is_small(self.problem)
        if tiny:
            share = LARGER_HINT_SHARE if len(self.problem.agents) > ALWAYS_TRIED_AGENTS else 0.0
            self.limit.seconds = min(self.limit.seconds, max(EXACT_HINT_SECONDS, share * self.seconds))
        self.layout = plan_layout(self.problem, time_limit_seconds=self._layout_seconds())
        fixed = completed_fixed(self.problem, self._familiar_layout())
        compiled = compile_problem(self.problem, fixed.released, fixed.blocks)
        self.released = list(fixed.released)
        self.published_released = self.published_released or self.released
        prover = None if tiny or self.iterations is not None else self._start_proving()
        search = Search(compiled, self.limit, self.seed, self._report, workers=self.workers, threads=self._free_threads)
        try:
            search.run(published_tours(self.problem, compiled, self._draft))
        finally:
            self.bound_ended.set()
        state = search.worker.state
        roster = self._draft(duties_of(compiled, state, state.blocks))
        verdict = self._judged(roster)
        if prover is not None:
            prover.join()
        elif not tiny:
            self._prove(BOUND_SECONDS_WITH_ITERATIONS, BOUND_ROUNDS)
        if tiny:
            roster = self._exact(self._signed(roster, verdict))
            verdict = self._judged(roster)
        best, final = self._unless_unchanged(roster, verdict, search.loaded_shortfall)
        return self._signed(*(self._reseated(best, final) if best is roster else (best, final)))

    def _reseated(self, roster: Roster, verdict: Verdict) -> tuple[Roster, Verdict]:
        """The roster with usual desks and few changes of desk, as far as the time that is left allows."""
        judging = JUDGING_SECONDS_PER_AGENT * len(self.problem.agents)
        left = self.seconds - (time.monotonic() - self.started)
        seconds = self.seating_seconds if self.iterations is not None else min(self.seating_seconds, left) - judging
        if seconds <= 0 or self.limit.stopped():
            return roster, verdict
        seated = reseat(self.problem, self._signed(roster, verdict), time_limit_seconds=seconds)
        judged = verdict if seated.duties == roster.duties else self._judged(seated)
        order = self.problem.objectives
        better = [getattr(judged.tiers, tier) for tier in order] < [getattr(verdict.tiers, tier) for tier in order]
        fewer_desks = judged.tiers == verdict.tiers
        return (seated, judged) if better or fewer_desks else (roster, verdict)

    def _familiar_layout(self) -> Layout:
        """The layout with the desks of the published roster, where that costs no seat worth mentioning."""
        sat_at = {duty.desk for agent in self.problem.agents for duty in agent.previous if duty.desk}
        if not sat_at:
            return self.layout
        near = {desk: others for room in self.problem.rooms for desk, others in self._conflicts(room).items()}
        kept: set[str] = set()
        for desk in sorted(sat_at & near.keys()):
            if not near[desk] & kept:
                kept.add(desk)
        familiar = plan_layout(self.problem, keep=kept, time_limit_seconds=self._layout_seconds())
        if not kept <= set(familiar.released):
            return self.layout
        self.published_released = list(familiar.released)
        enough = len(familiar.released) >= FAMILIAR_SHARE * len(self.layout.released)
        return familiar if enough else self.layout

    def _conflicts(self, room: Room) -> dict[str, set[str]]:
        return conflicts(room, self.problem.hygiene.min_distance_m)

    def _layout_seconds(self) -> float:
        return 60.0 if self.iterations is not None else min(5.0, 0.2 * self.seconds)

    def _free_threads(self) -> int:
        """Search on one core fewer while the bound is being proven."""
        proving = self.iterations is None and not self.bound_ended.is_set()
        return max(1, self.workers - 1) if proving else self.workers

    def _start_proving(self) -> threading.Thread:
        seconds = BOUND_TIME_SHARE * self.limit.seconds
        thread = threading.Thread(target=self._prove, args=(seconds, None), daemon=True)
        thread.start()
        return thread

    def _prove(self, seconds: float, rounds: int | None) -> None:
        """Keep the best bound proven so far; stops with the search."""

        def keep(bound: Bound) -> None:
            self.bound = bound

        def stop() -> bool:
            return self.limit.stopped() or (rounds is None and self.limit.elapsed() >= self.limit.seconds)

        self.bound = lower_bound(
            self.problem, self.layout, seconds=seconds, should_stop=stop, iterations=rounds, on_progress=keep
        )
        self.bound_ended.set()

    def _exact(self, hint: Roster) -> Roster:
        """The exact model's roster where it is better, and its proof."""
        least = Bound(shortfall=0.0, missing_agent_minutes=0.0)
        if len(self.problem.agents) > ALWAYS_TRIED_AGENTS:
            seconds = LARGER_PRICES_SHARE * self.seconds
            least = lower_bound(self.problem, self.layout, seconds=seconds, should_stop=self.limit.should_stop)
        seconds = max(0.5, self.seconds - (time.monotonic() - self.started) - 0.3)
        result = solve_exact(
            self.problem,
            time_limit_seconds=seconds,
            hint=hint,
            least=least,
            workers=self.workers,
            should_stop=self.limit.should_stop,
            seed=self.seed,
        )
        self.bound = Bound(
            shortfall=max(result.bound.shortfall or 0.0, least.shortfall or 0.0),
            missing_agent_minutes=max(result.bound.missing_agent_minutes or 0.0, least.missing_agent_minutes or 0.0),
        )
        return hint if result.roster is None else result.roster

    def _draft(self, duties: Sequence[Duty]) -> Roster:
        return Roster(
            format="roster/1",
            site=self.problem.site.id,
            first_day=self.problem.horizon.first_day,
            released_desks=self.released,
            duties=[],
            tiers=Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0),
            missing_agent_minutes=0,
            required_agent_minutes=0,
        ).model_copy(update={"duties": list(duties)})

    def _draft_of_published(self, duties: Sequence[Duty]) -> Roster:
        return self._draft(duties).model_copy(update={"released_desks": self.published_released})

    def _unless_unchanged(self, roster: Roster, verdict: Verdict, fitting: float) -> tuple[Roster, Verdict]:
        """The published roster itself where it keeps every rule and nothing says that the input has changed.

        People have made plans by it: it is not touched for the sake of a few minutes of coverage. Who serves what
        was chosen for the requirement of then: where it is the best choice now, that has hardly changed either.

        :param fitting: shortfall of the published duties with the best choice of who serves what
        """
        before = published_roster(self.problem, self._draft_of_published)
        if before is None:
            return roster, verdict
        shortfall = before[1].tiers.shortfall
        as_served = shortfall - fitting <= SERVING_SHARE * self.required
        most = (FITTING_SHARE if as_served else UNCHANGED_SHARE) * self.required
        return before if shortfall - verdict.tiers.shortfall <= most else (roster, verdict)

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
        bound = self.bound
        gap = (
            None
            if bound.shortfall is None or not self.required
            else (search.shortfall - bound.shortfall) / self.required
        )
        self.on_progress(
            Progress(
                elapsed_seconds=elapsed,
                phase=phase,
                shortfall=search.shortfall,
                missing_agent_minutes=search.worker.missing_agent_minutes,
                required_agent_minutes=self.required,
                bound_shortfall=bound.shortfall,
                bound_missing_agent_minutes=bound.missing_agent_minutes,
                gap_share=gap,
            )
        )
