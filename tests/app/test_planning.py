"""Asking for plans: one at a time for a week, with its work in the engine, whatever else happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from dbos import DBOSClient
from sqlmodel import Session, select

from app import engine
from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.models import (
    AuditEvent,
    CallHistory,
    JobState,
    PlanJob,
    Role,
    RosterVersion,
    Site,
    Week,
    WeekState,
    WorkerHeartbeat,
)
from app.problem_builder import build_problem, judged
from app.services import drafts, plan_runs, planning
from app.services.audit import Actor
from app.services.plan_runs import Claim
from app.services.planning import AlreadyPlanningError, NothingToStopError, PlanPhase
from tests.app import build, fake_solvers, planning_site
from tests.app.build import NOW
from tests.app.planning_site import PlanningSite

LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def site(database: Database) -> PlanningSite:
    with database.transaction() as session:
        return planning_site.make(session)


def ask(session: Session, site: PlanningSite, **options: Any) -> PlanJob:
    return planning.request_plan(session, site.mona, NOW, site.week_id, **options)


def work_in_engine(database: Database) -> list[str]:
    client = DBOSClient(system_database_url=database.url, application_name=engine.APPLICATION_NAME)
    try:
        return [work.workflow_id for work in client.list_workflows()]
    finally:
        client.destroy()


def claim_of(session: Session, job_id: int, worker_id: str = "w1") -> Claim:
    claim = plan_runs.claim(session, job_id, worker_id, NOW)
    assert claim is not None
    return claim


def test_job_and_work_are_committed_together(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        job = ask(session, site, time_limit_seconds=30.0, seed=7)
    assert work_in_engine(database) == [engine.workflow_id(job.id)]
    with database.reading() as session:
        stored = session.get_one(PlanJob, job.id)
        assert (stored.state, stored.time_limit_seconds, stored.seed) == (JobState.QUEUED, 30.0, 7)
        assert session.get_one(Week, site.week_id).state is WeekState.PLANNING
        assert (
            session.exec(select(AuditEvent.action).where(AuditEvent.object_kind == "plan_job")).one()
            == "plan.requested"
        )


def test_a_rollback_leaves_neither(database: Database, site: PlanningSite) -> None:
    def ask_and_fail() -> None:
        with database.transaction() as session:
            ask(session, site)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert work_in_engine(database) == []
    with database.reading() as session:
        assert session.exec(select(PlanJob)).all() == []


def test_the_second_manager_is_told_who_was_first(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        ask(session, site)
    with pytest.raises(AlreadyPlanningError) as refusal, database.transaction() as session:
        planning.request_plan(session, site.max, LATER, site.week_id)
    assert refusal.value.key == "plan.already_planning"
    assert refusal.value.facts == {"who": "Mona", "since": "10:00"}  # 09:00 UTC, before the change to summer time
    assert len(work_in_engine(database)) == 1


def in_threads(*tasks: Callable[[], Any]) -> list[Any]:
    """What each task returned or refused, all begun together."""
    barrier = threading.Barrier(len(tasks))
    answers: list[Any] = [None] * len(tasks)

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers[number] = tasks[number]()
        except RefusedError as refusal:
            answers[number] = refusal

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_managers_at_once_get_one_plan(database: Database, site: PlanningSite) -> None:
    def asking(actor: Actor) -> Callable[[], int]:
        def run() -> int:
            with database.transaction() as session:
                return planning.request_plan(session, actor, NOW, site.week_id).id

        return run

    answers = in_threads(*[asking(actor) for actor in (site.mona, site.max)] * 4)
    refusals = [answer for answer in answers if isinstance(answer, AlreadyPlanningError)]
    assert len(refusals) == 7
    assert {refusal.key for refusal in refusals} == {"plan.already_planning"}
    assert len(work_in_engine(database)) == 1


def test_a_week_without_any_calls_before_it_is_refused(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        session.exec(sa.delete(CallHistory))
    with pytest.raises(RefusedError, match=r"plan\.no_history"), database.transaction() as session:
        ask(session, site)


@pytest.mark.parametrize("state", [WeekState.IN_REVIEW, WeekState.ARCHIVED])
def test_a_week_that_is_not_to_be_changed_is_refused(database: Database, site: PlanningSite, state: WeekState) -> None:
    with database.transaction() as session:
        session.get_one(Week, site.week_id).state = state
    with pytest.raises(RefusedError, match=r"plan\.wrong_state"), database.transaction() as session:
        ask(session, site)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 3601.0, float("nan")])
def test_a_time_that_nobody_can_mean_is_refused(database: Database, site: PlanningSite, seconds: float) -> None:
    with pytest.raises(RefusedError, match=r"plan\.time_limit"), database.transaction() as session:
        ask(session, site, time_limit_seconds=seconds)


def test_another_sites_week_does_not_exist(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        stranger = planning_site.manager(session, build.site(session, "ber"), "bela")
    with pytest.raises(NotFoundError), database.transaction() as session:
        planning.request_plan(session, stranger, NOW, site.week_id)


def test_stopping_twice_is_stopping_once_and_without_a_plan_is_refused(database: Database, site: PlanningSite) -> None:
    with pytest.raises(NothingToStopError), database.transaction() as session:
        planning.request_stop(session, site.mona, NOW, site.week_id)
    with database.transaction() as session:
        job = ask(session, site)
        claim_of(session, job.id)
    for _ in range(2):
        with database.transaction() as session:
            planning.request_stop(session, site.max, LATER, site.week_id)
    with database.reading() as session:
        assert session.get_one(PlanJob, job.id).state is JobState.STOPPING
        assert len(session.exec(select(AuditEvent).where(AuditEvent.action == "plan.stopped")).all()) == 1


def phase(database: Database, site: PlanningSite, after_seconds: float) -> PlanPhase:
    with database.reading() as session:
        status = planning.status(session, site.week_id, NOW + timedelta(seconds=after_seconds))
    assert status is not None
    return status.phase


def test_phases_say_what_a_person_should_know(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        assert planning.status(session, site.week_id, NOW) is None
        job = ask(session, site)
    assert phase(database, site, 0) is PlanPhase.WAITING
    with database.transaction() as session:
        session.add(WorkerHeartbeat(worker_id="w1", started_at=NOW, beat_at=NOW))
    assert (phase(database, site, 9), phase(database, site, 10)) == (PlanPhase.QUEUED, PlanPhase.WAITING)
    with database.transaction() as session:
        claim_of(session, job.id)
    assert (phase(database, site, 10), phase(database, site, 11)) == (PlanPhase.RUNNING, PlanPhase.INTERRUPTED)
    with database.transaction() as session:
        claim_of(session, job.id, "w2")
    assert phase(database, site, 1) is PlanPhase.RESTARTED
    with database.transaction() as session:
        planning.request_stop(session, site.mona, NOW, site.week_id)
    assert phase(database, site, 1) is PlanPhase.STOPPING


def finished(database: Database, site: PlanningSite, claim: Claim, solver: Any = fake_solvers.at_once) -> Any:
    with database.transaction() as session:
        problem = build_problem(session, session.get_one(Week, site.week_id))
        return plan_runs.finish(session, claim, LATER, problem, judged(problem, solver(problem)))


def test_an_older_claim_writes_nothing(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        job = ask(session, site)
        old = claim_of(session, job.id, "w1")
    with database.transaction() as session:
        new = claim_of(session, job.id, "w2")
    with database.transaction() as session:
        assert plan_runs.report(session, old, LATER, [(1.0, 5.0, None)], 10.0) is None
        plan_runs.fail(session, old, LATER, "plan.failed.lost")
        plan_runs.give_back(session, old)
        assert plan_runs.state_of(session, old) is None
    assert finished(database, site, old) is None
    assert phase(database, site, 1) is PlanPhase.RESTARTED
    assert finished(database, site, new) is not None
    assert finished(database, site, new) is None
    assert phase(database, site, 1) is PlanPhase.DONE


def test_a_roster_with_findings_is_never_a_draft(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        claim = claim_of(session, ask(session, site).id)
    assert finished(database, site, claim, fake_solvers.breaking_a_rule) is None
    with database.reading() as session:
        status = planning.status(session, site.week_id, LATER)
        assert drafts.latest(session, site.week_id) is None
        job = session.get_one(PlanJob, claim.job_id)
    assert status is not None
    assert (status.phase, status.message_key) == (PlanPhase.FAILED, "plan.failed.findings")
    assert int(str(status.message_facts["count"])) > 0
    assert "availability" not in str(status.message_facts["rules"])
    assert None not in {job.problem_document_id, job.best_document_id}


def test_a_draft_of_what_was_published_meanwhile_is_not_kept(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        claim = claim_of(session, ask(session, site).id)
        week = session.get_one(Week, site.week_id)
        author = build.account(session, "carla", Role.MANAGER, session.get_one(Site, site.site_id))
        version: RosterVersion = build.version(session, session.get_one(Site, site.site_id), week, author, duty_count=0)
        assert version.published_at == NOW
        session.get_one(PlanJob, claim.job_id).started_at = NOW - timedelta(seconds=1)
    assert finished(database, site, claim) is None
    with database.reading() as session:
        status = planning.status(session, site.week_id, LATER)
    assert status is not None
    assert (status.phase, status.message_key) == (PlanPhase.SUPERSEDED, "plan.superseded_by_publication")


def test_a_job_stopped_before_it_began_or_while_its_worker_was_gone_has_no_result(
    database: Database, site: PlanningSite
) -> None:
    for begun, message in ((False, "plan.stopped_before_start"), (True, "plan.stopped_and_lost")):
        with database.transaction() as session:
            week = session.get_one(Week, site.week_id)
            job = build.job(session, week, JobState.QUEUED)
            if begun:
                claim_of(session, job.id)
            planning.request_stop(session, site.mona, NOW, site.week_id)
            assert plan_runs.claim(session, job.id, "w2", LATER) is None
        with database.reading() as session:
            ended = session.get_one(PlanJob, job.id)
            assert (ended.state, ended.message_code) == (JobState.SUPERSEDED, message)


def test_a_job_that_kills_its_workers_is_given_up(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        job = ask(session, site)
        for _ in range(plan_runs.MOST_ATTEMPTS):
            claim_of(session, job.id)
        assert plan_runs.claim(session, job.id, "w1", LATER) is None
    with database.reading() as session:
        ended = session.get_one(PlanJob, job.id)
        assert (ended.state, ended.message_code) == (JobState.FAILED, "plan.failed.attempts")


def test_a_job_given_back_is_as_if_nobody_had_taken_it(database: Database, site: PlanningSite) -> None:
    with database.transaction() as session:
        job = ask(session, site)
        plan_runs.give_back(session, claim_of(session, job.id))
    with database.reading() as session:
        stored = session.get_one(PlanJob, job.id)
        assert (stored.state, stored.attempts, stored.worker_id) == (JobState.QUEUED, 0, None)


def test_a_long_curve_is_thinned_and_keeps_its_end() -> None:
    points = [(float(second), 1000.0 - second, None) for second in range(1000)]
    kept = plan_runs.thinned(points, most=100)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert 50 <= len(kept) <= 101
    assert plan_runs.thinned(points[:5], most=100) == points[:5]
    assert plan_runs.thinned([]) == []
