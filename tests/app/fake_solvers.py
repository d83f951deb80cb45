"""Searches that behave as a test needs it; functions of a module, so that a child process finds them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.checks import judge
from solver.layout import plan_layout
from solver.problem import Duty, Problem
from solver.roster import Bound, Roster, SolverNote, Tiers
from solver.rules import Finding

STEP_SECONDS = 0.05


@dataclass(frozen=True)
class FakeProgress:
    elapsed_seconds: float
    missing_agent_minutes: float
    bound_missing_agent_minutes: float | None = 0.0


def roster_of(problem: Problem, duties: list[Duty]) -> Roster:
    """A roster that says the truth about itself."""
    nothing = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)
    roster = Roster(
        format="roster/1",
        site=problem.site.id,
        first_day=problem.horizon.first_day,
        released_desks=[],
        duties=duties,
        tiers=nothing,
        missing_agent_minutes=0,
        required_agent_minutes=0,
        bound=Bound(shortfall=0.0, missing_agent_minutes=0.0),
        solver=SolverNote(seconds=0.1, seed=0, version="fake"),
    )
    verdict = judge(problem, roster)
    return roster.model_copy(
        update={
            "tiers": verdict.tiers,
            "missing_agent_minutes": verdict.missing_agent_minutes,
            "required_agent_minutes": verdict.required_agent_minutes,
        }
    )


def at_once(problem: Problem, **_options: Any) -> Roster:
    """Nobody works: every rule is kept."""
    return roster_of(problem, [])


def desks_only(problem: Problem, **_options: Any) -> Roster:
    """Nobody works, and as many desks as possible may be used."""
    return at_once(problem).model_copy(update={"released_desks": list(plan_layout(problem).released)})


def whole_time(
    problem: Problem,
    *,
    time_limit_seconds: float,
    on_progress: Callable[[FakeProgress], None],
    should_stop: Callable[[], bool],
    **_options: Any,
) -> Roster:
    """Takes all the time it is given, and ends at once when it is asked to."""
    begun = time.monotonic()
    while (elapsed := time.monotonic() - begun) < time_limit_seconds and not should_stop():
        on_progress(FakeProgress(elapsed, 1000.0 / (1.0 + elapsed)))
        time.sleep(STEP_SECONDS)
    return roster_of(problem, [])


def silent(
    problem: Problem, *, time_limit_seconds: float, on_progress: Callable[[FakeProgress], None], **_options: Any
) -> Roster:
    """Says a word and then nothing more, and hears nothing."""
    on_progress(FakeProgress(0.1, 1000.0))
    time.sleep(time_limit_seconds)
    return roster_of(problem, [])


def breaking_a_rule(problem: Problem, **_options: Any) -> Roster:
    """A duty from midnight to midnight, without a break."""
    timeline = problem.timeline
    start, end = timeline.instant_of(0), timeline.instant_of(timeline.day_start_minutes[1])
    return roster_of(problem, [Duty(agent=problem.agents[0].id, start=start, end=end, place="home")])


class OwnVerdictError(Exception):
    """As the real search refuses its own roster."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(findings)
        self.findings = findings


def refusing_itself(problem: Problem, **_options: Any) -> Roster:
    raise OwnVerdictError(judge(problem, breaking_a_rule(problem)).findings)


def raising(_problem: Problem, **_options: Any) -> Roster:
    raise ZeroDivisionError


def dying(_problem: Problem, **_options: Any) -> Roster:
    os._exit(9)


BY_SEED: tuple[Any, ...] = (at_once, whole_time, breaking_a_rule, raising, dying, silent, refusing_itself)


def by_seed(problem: Problem, *, seed: int, **options: Any) -> Roster:
    """One worker that meets all of them."""
    solve: Callable[..., Roster] = BY_SEED[seed]
    return solve(problem, **options)
