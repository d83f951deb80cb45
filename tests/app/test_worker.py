"""A real worker process: killed, stopped, paused, and its plan is still made, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app import clock
from app.config import PROJECT_ROOT
from app.db import Database
from app.models import Draft, JobState, PlanJob
from app.services import planning
from app.services.planning import PlanPhase, PlanStatus
from tests.app import fake_solvers, planning_site
from tests.app.planning_site import PlanningSite

FAILURES: list[tuple[Any, str]] = [
    (fake_solvers.raising, "plan.failed.error"),
    (fake_solvers.dying, "plan.failed.crashed"),
    (fake_solvers.breaking_a_rule, "plan.failed.findings"),
    (fake_solvers.refusing_itself, "plan.failed.findings"),
]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def site(database: Database) -> PlanningSite:
    with database.transaction() as session:
        return planning_site.make(session)


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start a worker process with one of the fake searches."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(solver: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.app.worker_process", database_url, str(tmp_path / "names"), solver]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def ask(database: Database, site: PlanningSite, solver: Any = fake_solvers.whole_time, seconds: float = 60.0) -> int:
    """Ask for a plan, a moment later where the engine still puts the last one away."""
    seed = fake_solvers.BY_SEED.index(solver)
    for _ in range(50):
        try:
            with database.transaction() as session:
                job = planning.request_plan(
                    session, site.mona, clock.now(), site.week_id, time_limit_seconds=seconds, seed=seed
                )
                return job.id
        except planning.AlreadyPlanningError as refusal:
            if refusal.key != "plan.just_ending":
                raise
            time.sleep(0.1)
    raise TimeoutError


def look(database: Database, site: PlanningSite) -> PlanStatus:
    with database.reading() as session:
        status = planning.status(session, site.week_id, clock.now())
    assert status is not None
    return status


def wait_for(
    database: Database, site: PlanningSite, wanted: Callable[[PlanStatus], Any], seconds: float = 30.0
) -> PlanStatus:
    give_up_at = time.monotonic() + seconds
    while not wanted(status := look(database, site)):
        assert time.monotonic() < give_up_at, status
        time.sleep(0.1)
    return status


def is_running(status: PlanStatus) -> bool:
    return status.phase in {PlanPhase.RUNNING, PlanPhase.RESTARTED} and len(status.progress) > 0


def has_ended(status: PlanStatus) -> bool:
    return not status.is_active


def drafts(database: Database) -> list[Draft]:
    with database.reading() as session:
        return list(session.exec(select(Draft)))


def test_plans_are_made_stopped_and_fail_without_blocking_the_week(
    database: Database, site: PlanningSite, start: Start
) -> None:
    with database.transaction() as session:
        session.add(PlanJob(week_id=site.week_id, state=JobState.QUEUED, requested_at=clock.now()))
    assert look(database, site).phase is PlanPhase.WAITING
    start("by_seed")
    lost = wait_for(database, site, has_ended)
    assert (lost.phase, lost.message_key) == (PlanPhase.FAILED, "plan.failed.lost")

    for solver, message in FAILURES:
        ask(database, site, solver)
        status = wait_for(database, site, has_ended)
        assert (status.phase, status.message_key, drafts(database)) == (PlanPhase.FAILED, message, [])

    ask(database, site, fake_solvers.whole_time, seconds=2.0)
    made = wait_for(database, site, has_ended)
    assert (made.phase, [draft.id for draft in drafts(database)]) == (PlanPhase.DONE, [made.draft_id])
    assert len(made.progress) >= 3
    assert made.missing_share == 1.0

    ask(database, site, fake_solvers.whole_time)
    wait_for(database, site, is_running)
    with database.transaction() as session:
        planning.request_stop(session, site.max, clock.now(), site.week_id)
    asked_at = time.monotonic()
    stopped = wait_for(database, site, has_ended)
    assert time.monotonic() - asked_at < 3.0
    assert (stopped.phase, len(drafts(database))) == (PlanPhase.DONE, 2)
    assert stopped.elapsed_seconds < 20


def test_a_killed_worker_leaves_no_search_behind_and_its_plan_is_made_once(
    database: Database, site: PlanningSite, start: Start
) -> None:
    first = start("by_seed")
    ask(database, site, fake_solvers.silent)
    wait_for(database, site, is_running)
    searches = children_of(first.pid)
    first.send_signal(signal.SIGKILL)
    first.wait()
    wait_until(lambda: not any(map(is_alive, searches)))
    start("at_once")
    status = wait_for(database, site, has_ended, seconds=60)
    assert (status.phase, status.attempts) == (PlanPhase.DONE, 2)
    assert len(drafts(database)) == 1


def test_a_worker_told_to_end_gives_its_plan_back(database: Database, site: PlanningSite, start: Start) -> None:
    first = start("by_seed")
    ask(database, site)
    wait_for(database, site, is_running)
    first.terminate()
    assert first.wait(timeout=15) == 0
    assert look(database, site).phase is PlanPhase.WAITING
    start("at_once")
    status = wait_for(database, site, has_ended)
    assert (status.phase, status.attempts) == (PlanPhase.DONE, 1)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_paused_worker_that_wakes_writes_nothing(database: Database, site: PlanningSite, start: Start) -> None:
    first = start("by_seed")
    ask(database, site, seconds=40.0)
    wait_for(database, site, is_running)
    first.send_signal(signal.SIGSTOP)
    paused_at = time.monotonic()
    start("at_once")
    wait_for(database, site, lambda status: status.phase is PlanPhase.INTERRUPTED)
    status = wait_for(database, site, has_ended, seconds=60)
    assert time.monotonic() - paused_at < 60
    first.send_signal(signal.SIGCONT)
    time.sleep(3)
    assert (status.phase, status.attempts) == (PlanPhase.DONE, 2)
    assert (look(database, site), len(drafts(database))) == (status, 1)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_another_worker_takes_over_within_a_minute(database: Database, site: PlanningSite, start: Start) -> None:
    first = start("by_seed")
    ask(database, site)
    wait_for(database, site, is_running)
    start("at_once")
    time.sleep(3)
    first.send_signal(signal.SIGKILL)
    killed_at = time.monotonic()
    status = wait_for(database, site, has_ended, seconds=60)
    assert time.monotonic() - killed_at < 60
    assert (status.phase, status.attempts) == (PlanPhase.DONE, 2)


def wait_until(happens: Callable[[], bool], seconds: float = 20.0) -> None:
    give_up_at = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def children_of(pid: int) -> list[int]:
    """Processes started by a process, by the kernel's own list; the test needs at least one to watch."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        pytest.skip("needs /proc to see the children of a process")
    found = [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    assert found
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
