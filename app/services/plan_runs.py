"""What a worker writes about a plan that it runs.

Several workers may believe that a job is theirs: one that was paused and wakes after another took over. Each run has
a *claim*, the number of the attempt; whatever an older claim writes changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import DocumentKind, Draft, JobState, PlanJob, ProgressPoint, RosterVersion
from app.problem_builder import PlannedRoster
from app.services import documents
from app.services.drafts import summary_of
from solver.problem import Problem
from solver.rules import Fact

MOST_ATTEMPTS = 5
MOST_POINTS = 160
RUNNABLE = (JobState.QUEUED, JobState.RUNNING)
CLAIMED = (JobState.RUNNING, JobState.STOPPING)


@dataclass(frozen=True)
class Claim:
    """One run of a job by one worker."""

    job_id: int
    week_id: int
    worker_id: str
    attempt: int
    time_limit_seconds: float
    seed: int


def claim(session: Session, job_id: int, worker_id: str, now: datetime) -> Claim | None:
    """Take a job over, from the queue or from a worker that is gone; None where there is nothing left to do."""
    job = session.get(PlanJob, job_id, with_for_update=True, populate_existing=True)
    if job is None:
        return None
    if job.state is JobState.STOPPING:
        # Stopped before it began, or the best so far was lost with its worker.
        code = "plan.stopped_before_start" if job.started_at is None else "plan.stopped_and_lost"
        _end(job, JobState.SUPERSEDED, now, code)
        return None
    if job.state not in RUNNABLE:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, JobState.FAILED, now, "plan.failed.attempts", attempts=job.attempts)
        return None
    job.state = JobState.RUNNING
    job.worker_id = worker_id
    job.attempts += 1
    job.started_at = job.heartbeat_at = now
    job.progress = []
    return Claim(job.id, job.week_id, worker_id, job.attempts, job.time_limit_seconds, job.seed)


def report(
    session: Session, claim: Claim, now: datetime, points: Sequence[ProgressPoint], required_agent_minutes: float
) -> JobState | None:
    """Write how far the run is and return the job's state; None where the claim is no longer valid."""
    updated = session.exec(
        sa.update(PlanJob)
        .where(*_held(claim))
        .values(heartbeat_at=now, progress=thinned(points), required_agent_minutes=required_agent_minutes)
        .execution_options(synchronize_session=False)
    )
    if not updated.rowcount:
        return None
    return JobState(session.exec(select(PlanJob.state).where(PlanJob.id == claim.job_id)).one())


def state_of(session: Session, claim: Claim) -> JobState | None:
    """The job's state; None where the claim is no longer valid."""
    state = session.exec(select(PlanJob.state).where(*_held(claim))).first()
    return None if state is None else JobState(state)


def thinned(points: Sequence[ProgressPoint], most: int = MOST_POINTS) -> list[ProgressPoint]:
    """Every so many points of a long curve, the last one always."""
    step = -(-len(points) // most) or 1
    kept = list(points[::step])
    if points and kept[-1] != points[-1]:
        kept.append(points[-1])
    return kept


def finish(session: Session, claim: Claim, now: datetime, problem: Problem, planned: PlannedRoster) -> Draft | None:
    """Store a roster without findings as the week's draft; None where there is no draft to store.

    A claim that is no longer valid writes nothing. A roster made from what has been published anew since is not
    kept; one with findings never is: the job fails.
    """
    job = _held_job(session, claim)
    if job is None:
        return None
    if planned.verdict.findings:
        _fail_with_findings(session, job, now, problem, planned)
        return None
    if _published_since(session, job):
        _end(job, JobState.SUPERSEDED, now, "plan.superseded_by_publication")
        return None
    job.problem_document_id = documents.store(session, DocumentKind.PROBLEM, problem.as_json())
    job.best_document_id = documents.store(session, DocumentKind.ROSTER, planned.roster.as_json())
    draft = Draft(
        week_id=job.week_id,
        plan_job_id=job.id,
        problem_document_id=job.problem_document_id,
        roster_document_id=job.best_document_id,
        findings_count=0,
        summary=summary_of(problem, planned),
        created_at=now,
    )
    session.add(draft)
    _end(job, JobState.DONE, now, None)
    session.flush()
    return draft


def fail(session: Session, claim: Claim, now: datetime, code: str, facts: Mapping[str, Fact] | None = None) -> None:
    """End a run without a result; the week can be planned again."""
    job = _held_job(session, claim)
    if job is not None:
        _end(job, JobState.FAILED, now, code, **(facts or {}))


def give_back(session: Session, claim: Claim) -> None:
    """A worker that is shut down leaves its job as if nobody had taken it."""
    job = _held_job(session, claim)
    if job is not None and job.state is JobState.RUNNING:
        job.state, job.worker_id, job.heartbeat_at, job.started_at = JobState.QUEUED, None, None, None
        job.attempts -= 1


def fail_orphan(session: Session, job_id: int, now: datetime) -> None:
    """End a job that the engine knows nothing of any more."""
    job = session.get(PlanJob, job_id, with_for_update=True, populate_existing=True)
    if job is not None and job.state in {*RUNNABLE, *CLAIMED}:
        _end(job, JobState.FAILED, now, "plan.failed.lost")


def _fail_with_findings(
    session: Session, job: PlanJob, now: datetime, problem: Problem, planned: PlannedRoster
) -> None:
    """Both files are kept, for those who look for the fault."""
    job.problem_document_id = documents.store(session, DocumentKind.PROBLEM, problem.as_json())
    job.best_document_id = documents.store(session, DocumentKind.ROSTER, planned.roster.as_json())
    findings = planned.verdict.findings
    rules = ", ".join(sorted({finding.rule.value for finding in findings}))
    _end(job, JobState.FAILED, now, "plan.failed.findings", count=len(findings), rules=rules)


def _published_since(session: Session, job: PlanJob) -> bool:
    query = select(RosterVersion.id).where(
        RosterVersion.week_id == job.week_id, col(RosterVersion.published_at) > job.started_at
    )
    return session.exec(query.limit(1)).first() is not None


def _end(job: PlanJob, state: JobState, now: datetime, code: str | None, /, **facts: Any) -> None:
    job.state, job.finished_at, job.message_code, job.message_facts = state, now, code, facts


def _held(claim: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(PlanJob.id) == claim.job_id,
        col(PlanJob.worker_id) == claim.worker_id,
        col(PlanJob.attempts) == claim.attempt,
        col(PlanJob.state).in_(CLAIMED),
    )


def _held_job(session: Session, claim: Claim) -> PlanJob | None:
    return session.exec(
        select(PlanJob).where(*_held(claim)).with_for_update().execution_options(populate_existing=True)
    ).first()
