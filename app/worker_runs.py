"""One job from the claim to the draft: what a worker's step does, however often it is begun."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from app import clock
from app.db import Database
from app.models import JobState, PlanJob, ProgressPoint, Week
from app.problem_builder import build_problem, judged, plan
from app.services import plan_runs
from app.services.plan_runs import Claim
from app.services.planning import ACTIVE
from app.solver_process import Crashed, Failed, Point, Solve, Solved, SolverProcess
from solver.faults import UnusableInputError
from solver.problem import Problem
from solver.reading import parse_roster
from solver.roster import Roster
from solver.tiers import required_agent_minutes

log = logging.getLogger("abstand.worker")
Answer = TypeVar("Answer")

POLL_SECONDS = 0.2
LOOK_SECONDS = 0.5
"""How often the job's row is read, and written if there is news."""
BEAT_SECONDS = 2.0
"""How often it is written without news."""
OVERTIME_SECONDS = 60.0
STOP_SECONDS = 20.0
"""How long a search may take to end after its time, or after it was asked to."""
DATABASE_RETRIES = 60


class LostClaimError(Exception):
    """Another worker has taken the job over."""


class ShutDownError(Exception):
    """The worker has to end before the plan is made."""


class UnusableRunError(Exception):
    """The run ends without a roster, for a reason that people are told.

    :param code: key of the sentence
    """

    def __init__(self, code: str, /, **facts: str | int) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class WorkerContext:
    """What a run needs of its worker.

    :param solve: the search, run in a child process
    :param stopping: set when the worker has to end
    """

    database: Database
    worker_id: str
    solve: Solve = plan
    stopping: threading.Event = field(default_factory=threading.Event)


def run_job(worker: WorkerContext, job_id: int) -> None:
    """Make a job's plan and store it, unless that has been done; raises ShutDownError where the worker has to end."""
    claim = _persistently(lambda: _claim(worker, job_id))
    if claim is None:
        return
    try:
        _run(worker, claim)
    except LostClaimError:
        # The engine would call the work done if this run returned while the other still goes on.
        _wait_until_ended(worker, job_id)
    except UnusableRunError as reason:
        log.warning("plan job %s failed: %s %s", job_id, reason.code, reason.facts)
        _fail(worker, claim, reason)
    except ShutDownError:
        _persistently(lambda: _give_back(worker, claim))
        raise
    except Exception as error:
        _fail(worker, claim, UnusableRunError("plan.failed.error", kind=type(error).__name__))
        raise


def _claim(worker: WorkerContext, job_id: int) -> Claim | None:
    with worker.database.transaction() as session:
        return plan_runs.claim(session, job_id, worker.worker_id, clock.now())


def _give_back(worker: WorkerContext, claim: Claim) -> None:
    with worker.database.transaction() as session:
        plan_runs.give_back(session, claim)


def _fail(worker: WorkerContext, claim: Claim, reason: UnusableRunError) -> None:
    def write() -> None:
        with worker.database.transaction() as session:
            plan_runs.fail(session, claim, clock.now(), reason.code, reason.facts)

    _persistently(write)


def _run(worker: WorkerContext, claim: Claim) -> None:
    problem = _problem_of(worker, claim)
    follower = _Follower(worker, claim, problem)
    try:
        roster = follower.follow()
    finally:
        follower.process.kill()
    _finish(worker, claim, problem, roster)


def _problem_of(worker: WorkerContext, claim: Claim) -> Problem:
    try:
        with worker.database.reading() as session:
            return build_problem(session, session.get_one(Week, claim.week_id))
    except UnusableInputError as error:
        fault = error.faults[0]
        raise UnusableRunError("plan.failed.unusable", place=fault.place, fault=fault.code) from error


def _finish(worker: WorkerContext, claim: Claim, problem: Problem, roster: Roster) -> None:
    planned = judged(problem, roster)
    for finding in planned.verdict.findings:
        log.error("plan job %s: the roster breaks a rule: %s", claim.job_id, finding)

    def write() -> None:
        with worker.database.transaction() as session:
            plan_runs.finish(session, claim, clock.now(), problem, planned)

    _persistently(write)


class _Follower:
    """Listens to the search and tells the database, until there is a roster or a reason why there is none."""

    def __init__(self, worker: WorkerContext, claim: Claim, problem: Problem) -> None:
        self.worker, self.claim, self.problem = worker, claim, problem
        self.required_minutes = float(required_agent_minutes(problem))
        self.points: list[ProgressPoint] = []
        self.process = SolverProcess(
            problem, time_limit_seconds=claim.time_limit_seconds, seed=claim.seed, solve=worker.solve
        )
        self.ends_by = time.monotonic() + claim.time_limit_seconds + OVERTIME_SECONDS
        self.looked_at = self.written_at = time.monotonic()
        self.has_news = True
        self.stop_asked = False

    def follow(self) -> Roster:
        """The roster; raises LostClaimError, ShutDownError or UnusableRunError where there is none."""
        while True:
            for message in self.process.messages(POLL_SECONDS):
                if isinstance(message, Solved):
                    return self._accept(message)
                self._take(message)
            if self.worker.stopping.is_set() and not self.stop_asked:
                raise ShutDownError
            now = time.monotonic()
            if now > self.ends_by:
                raise UnusableRunError("plan.failed.unresponsive")
            if now - self.looked_at >= LOOK_SECONDS:
                self.looked_at = now
                self._look(now)

    def _take(self, message: Point | Failed | Crashed) -> None:
        if isinstance(message, Point):
            self.points.append((message.elapsed_seconds, message.missing_agent_minutes, message.bound_agent_minutes))
            self.has_news = True
        elif isinstance(message, Failed):
            log.error("the search failed:\n%s", message.trace)
            raise _reason_of(message)
        else:
            raise UnusableRunError("plan.failed.crashed", exit_code=str(message.exit_code))

    def _accept(self, solved: Solved) -> Roster:
        roster = parse_roster(solved.roster, self.problem)
        elapsed = roster.solver.seconds if roster.solver else 0.0
        bound = roster.bound.missing_agent_minutes if roster.bound else None
        self.points.append((elapsed, roster.missing_agent_minutes, bound))
        self._write()
        return roster

    def _look(self, now: float) -> None:
        """Write the news if there are any, and see what the row says."""
        is_due = self.has_news or now - self.written_at >= BEAT_SECONDS
        state = self._write() if is_due else self._read()
        if state is JobState.STOPPING and not self.stop_asked:
            self.stop_asked = True
            self.ends_by = now + STOP_SECONDS
            self.process.stop()

    def _write(self) -> JobState | None:
        def report() -> JobState | None:
            with self.worker.database.transaction() as session:
                return plan_runs.report(session, self.claim, clock.now(), self.points, self.required_minutes)

        state = self._tolerantly(report)
        self.has_news, self.written_at = False, time.monotonic()
        return state

    def _read(self) -> JobState | None:
        def look() -> JobState | None:
            with self.worker.database.reading() as session:
                return plan_runs.state_of(session, self.claim)

        return self._tolerantly(look)

    def _tolerantly(self, ask: Callable[[], JobState | None]) -> JobState | None:
        """A database that restarts does not end the search; a claim that another worker has does."""
        try:
            state = ask()
        except OperationalError as error:
            log.warning("the database does not answer: %s", error.orig)
            return None
        if state is None:
            raise LostClaimError
        return state


def _reason_of(failed: Failed) -> UnusableRunError:
    if failed.rules:
        rules = ", ".join(sorted(set(failed.rules)))
        return UnusableRunError("plan.failed.findings", count=len(failed.rules), rules=rules)
    return UnusableRunError("plan.failed.error", kind=failed.kind)


def _persistently(write: Callable[[], Answer]) -> Answer:
    """The answer of a transaction, tried again for some minutes while the database does not answer."""
    for attempt in range(DATABASE_RETRIES):
        try:
            return write()
        except OperationalError as error:
            log.warning("the database does not answer (%s times): %s", attempt + 1, error.orig)
            time.sleep(min(5.0, 0.2 * 2**attempt))
    return write()


def _wait_until_ended(worker: WorkerContext, job_id: int) -> None:
    while not worker.stopping.is_set():
        with worker.database.reading() as session:
            job = session.get(PlanJob, job_id)
        if job is None or job.state not in ACTIVE:
            return
        time.sleep(1.0)
    raise ShutDownError
