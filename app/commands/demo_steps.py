"""Planning and publishing the demonstration site's week: in one transaction, so that all of it is there or nothing."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime

from rich.console import Console
from sqlmodel import Session

from app import clock
from app.commands import demo_first_look
from app.commands.speaking import say
from app.db import Database
from app.demo_site import DemoSite
from app.messages import text
from app.messages.formats import fixed_number
from app.models import JobState, PlanJob, ProgressPoint, RosterVersion, Week, WeekState
from app.problem_builder import build_problem, judged, plan
from app.services import drafts, plan_runs, publishing
from app.services.plan_runs import Claim
from app.solver_process import Crashed, Failed, Point, Solve, Solved, SolverProcess
from solver.commands import language_of
from solver.problem import Problem
from solver.reading import parse_roster
from solver.roster import Roster
from solver.tiers import required_agent_minutes

POLL_SECONDS = 0.2
# A machine on which the solver has never run compiles it first, which may take minutes.
OVERTIME_SECONDS = 300.0
LINE_SECONDS = 5.0
SOLVE: Solve = plan
WORKER = "abstand demo"


class NoRosterError(Exception):
    """The search gave no roster that can be published.

    :param reason: for people
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plan_and_publish(arguments: argparse.Namespace, database: Database, demo: DemoSite) -> None:
    """Plan the first week and publish it; raises NoRosterError where that is not possible."""
    with database.reading() as session:
        problem = build_problem(session, session.get_one(Week, demo.first_week.id))
    first_day = demo.first_week.first_day.isoformat()
    say(arguments, "demo.planning", first_day=first_day, seconds=arguments.seconds)
    started_at = clock.now()
    roster, points = _Watched(arguments, problem).roster()
    with database.transaction() as session:
        version = _publish(session, demo, problem, roster, points, started_at)
    _tell_version(arguments, version)


class _Watched:
    """A search in its own process, with its progress on one line of the terminal."""

    def __init__(self, arguments: argparse.Namespace, problem: Problem) -> None:
        self.language = language_of(arguments)
        self.seconds = arguments.seconds
        self.problem = problem
        self.required_minutes = max(1, required_agent_minutes(problem))
        self.points: list[ProgressPoint] = []

    def roster(self) -> tuple[Roster, list[ProgressPoint]]:
        process = SolverProcess(self.problem, time_limit_seconds=self.seconds, seed=0, solve=SOLVE)
        console = Console(highlight=False)
        try:
            if console.is_terminal:
                with console.status("") as line:
                    return self._listen(process, line.update), self.points
            return self._listen(process, _Sparing(console)), self.points
        finally:
            process.kill()

    def _listen(self, process: SolverProcess, show: Callable[[str], None]) -> Roster:
        begun_at = time.monotonic()
        gives_up_at = begun_at + self.seconds + OVERTIME_SECONDS
        while time.monotonic() < gives_up_at:
            if not self.points:
                elapsed = fixed_number(time.monotonic() - begun_at, self.language, 0)
                show(text("demo.progress_none", self.language, elapsed=elapsed))
            for message in process.messages(POLL_SECONDS):
                if isinstance(message, Solved):
                    return parse_roster(message.roster, self.problem)
                if isinstance(message, Failed):
                    raise NoRosterError(message.trace)
                if isinstance(message, Crashed):
                    raise NoRosterError(str(message.exit_code))
                self._take(message)
                show(self._sentence(message))
        waited = fixed_number(self.seconds + OVERTIME_SECONDS, self.language, 0)
        raise NoRosterError(text("demo.no_answer", self.language, seconds=waited))

    def _take(self, point: Point) -> None:
        self.points.append((point.elapsed_seconds, point.missing_agent_minutes, point.bound_agent_minutes))

    def _sentence(self, point: Point) -> str:
        elapsed = fixed_number(point.elapsed_seconds, self.language, 0)
        missing = self._percentage(point.missing_agent_minutes)
        if point.bound_agent_minutes is None:
            return text("demo.progress_open", self.language, elapsed=elapsed, missing=missing)
        bound = self._percentage(point.bound_agent_minutes)
        return text("demo.progress", self.language, elapsed=elapsed, missing=missing, bound=bound)

    def _percentage(self, minutes: float) -> str:
        return fixed_number(100 * minutes / self.required_minutes, self.language, 2)


class _Sparing:
    """Where the output is no terminal: a line every few seconds."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.shown_at = -LINE_SECONDS

    def __call__(self, sentence: str) -> None:
        if time.monotonic() - self.shown_at >= LINE_SECONDS:
            self.shown_at = time.monotonic()
            self.console.print(sentence, soft_wrap=True)


def _publish(
    session: Session,
    demo: DemoSite,
    problem: Problem,
    roster: Roster,
    points: list[ProgressPoint],
    started_at: datetime,
) -> RosterVersion:
    """Plan, draft and version in one transaction, as a worker and a manager would have written them."""
    now = clock.now()
    week = session.get_one(Week, demo.first_week.id)
    week.state = WeekState.PLANNING
    job = PlanJob(
        week_id=week.id,
        state=JobState.RUNNING,
        requested_by_id=demo.manager.user_id,
        requested_at=started_at,
        started_at=started_at,
        heartbeat_at=now,
        worker_id=WORKER,
        attempts=1,
        time_limit_seconds=max(1.0, (now - started_at).total_seconds()),
        required_agent_minutes=float(required_agent_minutes(problem)),
        progress=plan_runs.thinned(points),
    )
    session.add(job)
    session.flush()
    claim = Claim(job.id, week.id, WORKER, 1, job.time_limit_seconds, 0)
    draft = plan_runs.finish(session, claim, now, problem, judged(problem, roster))
    if draft is None:
        raise NoRosterError(f"{job.message_code} {job.message_facts}")
    session.flush()
    version = publishing.publish(session, demo.manager, now, week.id, draft.id, week.revision)
    demo_first_look.prepare(session, demo, now)
    return version


def _tell_version(arguments: argparse.Namespace, version: RosterVersion) -> None:
    figures = drafts.DraftSummary(findings_count=0, **version.summary)
    missing = fixed_number(100 * figures.missing_share, language_of(arguments), 2)
    say(
        arguments,
        "demo.published",
        duties=figures.duties,
        missing=missing,
        peak=figures.on_site_peak,
        limit=figures.on_site_limit,
    )
