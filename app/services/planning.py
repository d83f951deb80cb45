"""Asking for the plan of a week, stopping it, and saying how it goes. What the worker does: ``plan_runs``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import engine
from app.errors import RefusedError
from app.models import (
    CallHistory,
    Draft,
    JobState,
    PlanJob,
    ProgressPoint,
    Queue,
    Site,
    UserAccount,
    Week,
    WeekState,
    WorkerHeartbeat,
)
from app.services.audit import Actor, record
from app.services.lookup import of_site
from solver.rules import Fact
from solver.timeline import local_instant

ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.STOPPING)
PLANNABLE = (WeekState.COLLECTING, WeekState.PLANNING, WeekState.PUBLISHED, WeekState.RUNNING)
DEFAULT_TIME_LIMIT_SECONDS = 60.0
MOST_TIME_LIMIT_SECONDS = 3600.0
SILENCE = timedelta(seconds=10)
"""A worker that has not been heard of for longer is taken for gone, by people who look."""


class AlreadyPlanningError(RefusedError):
    """Somebody was first: the week is being planned already."""


class NothingToStopError(RefusedError):
    """The week is not being planned."""


class PlanPhase(StrEnum):
    """How a plan goes, as a person should read it.

    ``waiting``: no worker is there to take it. ``interrupted``: its worker went silent, another one or the same will
    start it again. ``restarted``: it runs, but not for the first time.
    """

    QUEUED = "queued"
    WAITING = "waiting"
    RUNNING = "running"
    RESTARTED = "restarted"
    INTERRUPTED = "interrupted"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class PlanStatus:
    """The week's latest plan.

    :param elapsed_seconds: since the present run began; the whole run where it has ended, 0 before it begins
    :param progress: (elapsed seconds, missing agent minutes, proven bound of those or None), oldest first
    :param message_key: why it failed or has no result, with its facts; None where there is nothing to say
    :param draft_id: of a plan that is done
    """

    job_id: int
    phase: PlanPhase
    attempts: int
    requested_by: str | None
    requested_at: datetime
    elapsed_seconds: float
    time_limit_seconds: float
    required_agent_minutes: float | None
    progress: list[ProgressPoint]
    message_key: str | None
    message_facts: dict[str, Fact]
    draft_id: int | None

    @property
    def is_active(self) -> bool:
        """Whether a result is still to be expected."""
        return self.phase not in {PlanPhase.DONE, PlanPhase.FAILED, PlanPhase.SUPERSEDED}

    @property
    def missing_share(self) -> float | None:
        """Missing agent minutes as a share of those required: of the draft once it is made, till then the least."""
        if not self.progress:
            return None
        points = self.best_progress if self.is_active else self.progress
        return self._share(points[-1][1])

    @property
    def best_progress(self) -> list[ProgressPoint]:
        """The progress with the least time missing until then: a search may pass through worse rosters."""
        least = accumulate((missing for _, missing, _ in self.progress), min)
        return [(seconds, best, bound) for (seconds, _, bound), best in zip(self.progress, least, strict=True)]

    @property
    def bound_share(self) -> float | None:
        """Proven least share that any roster would miss."""
        bounds = [bound for _, _, bound in self.progress if bound is not None]
        return self._share(max(bounds)) if bounds else None

    def _share(self, minutes: float) -> float | None:
        if self.required_agent_minutes is None:
            return None
        return minutes / self.required_agent_minutes if self.required_agent_minutes else 0.0


def request_plan(
    session: Session,
    actor: Actor,
    now: datetime,
    week_id: int,
    *,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    seed: int = 0,
) -> PlanJob:
    """Ask for a plan: its row and the engine's work are committed together, or neither.

    :raises AlreadyPlanningError: where somebody was first, with who and since when
    :raises RefusedError: where the week cannot be planned in its state, or nothing is known of its calls
    """
    week = of_site(session, Week, week_id, actor.site_id)
    if week.state not in PLANNABLE:
        raise RefusedError("plan.wrong_state")
    if not 0 < time_limit_seconds <= MOST_TIME_LIMIT_SECONDS:
        raise RefusedError("plan.time_limit", 422, most=int(MOST_TIME_LIMIT_SECONDS))
    _require_history(session, week)
    job = _only_job(session, actor, now, week, time_limit_seconds, seed)
    if week.state is WeekState.COLLECTING:
        week.state = WeekState.PLANNING
    record(session, actor, now, "plan.requested", "plan_job", job.id, site_id=week.site_id, week_id=week.id)
    return job


def _only_job(
    session: Session, actor: Actor, now: datetime, week: Week, time_limit_seconds: float, seed: int
) -> PlanJob:
    job = PlanJob(
        week_id=week.id,
        requested_by_id=actor.user_id,
        requested_at=now,
        time_limit_seconds=time_limit_seconds,
        seed=seed,
    )
    try:
        with session.begin_nested():
            session.add(job)
            session.flush()
            engine.enqueue_plan(session, job.id, week.id)
    except (IntegrityError, engine.AlreadyEnqueuedError) as refusal:
        raise already_planning(session, week) from refusal
    return job


def already_planning(session: Session, week: Week) -> AlreadyPlanningError:
    """The refusal, with who asked first and since when."""
    job = latest_job(session, week.id)
    site = session.get_one(Site, week.site_id)
    if job is None or job.state not in ACTIVE:
        # The engine has not put the last plan away yet, a matter of seconds.
        return AlreadyPlanningError("plan.just_ending")
    since = job.requested_at.astimezone(ZoneInfo(site.time_zone)).strftime("%H:%M")
    return AlreadyPlanningError("plan.already_planning", who=_name_of(session, job.requested_by_id) or "–", since=since)


def require_no_plan(session: Session, week: Week) -> None:
    """Raises AlreadyPlanningError while the week is being planned."""
    job = latest_job(session, week.id)
    if job is not None and job.state in ACTIVE:
        raise already_planning(session, week)


def request_stop(session: Session, actor: Actor, now: datetime, week_id: int) -> None:
    """Ask the running plan to end with the best roster so far; asking twice is asking once.

    :raises NothingToStopError: where the week is not being planned
    """
    week = of_site(session, Week, week_id, actor.site_id)
    stopped = session.exec(
        sa.update(PlanJob)
        .where(col(PlanJob.week_id) == week.id, col(PlanJob.state).in_([JobState.QUEUED, JobState.RUNNING]))
        .values(state=JobState.STOPPING)
        .execution_options(synchronize_session=False)
    )
    if stopped.rowcount:
        record(session, actor, now, "plan.stopped", "week", week.id, site_id=week.site_id)
        return
    job = latest_job(session, week.id)
    if job is None or job.state is not JobState.STOPPING:
        raise NothingToStopError("plan.nothing_to_stop")


def latest_job(session: Session, week_id: int) -> PlanJob | None:
    """The week's last plan, whatever became of it."""
    query = select(PlanJob).where(PlanJob.week_id == week_id).order_by(col(PlanJob.id).desc()).limit(1)
    return session.exec(query.execution_options(populate_existing=True)).first()


def status(session: Session, week_id: int, now: datetime) -> PlanStatus | None:
    """How the week's latest plan goes; None where none was ever asked for."""
    job = latest_job(session, week_id)
    return None if job is None else _status_of(session, job, now)


def _status_of(session: Session, job: PlanJob, now: datetime) -> PlanStatus:
    return PlanStatus(
        job_id=job.id,
        phase=_phase(session, job, now),
        attempts=job.attempts,
        requested_by=_name_of(session, job.requested_by_id),
        requested_at=job.requested_at,
        elapsed_seconds=_elapsed_seconds(job, now),
        time_limit_seconds=job.time_limit_seconds,
        required_agent_minutes=job.required_agent_minutes,
        progress=job.progress,
        message_key=job.message_code,
        message_facts=job.message_facts,
        draft_id=session.exec(select(Draft.id).where(Draft.plan_job_id == job.id)).first(),
    )


def _phase(session: Session, job: PlanJob, now: datetime) -> PlanPhase:
    if job.state not in ACTIVE:
        return PlanPhase(job.state.value)
    if job.heartbeat_at is None:
        return PlanPhase.QUEUED if live_workers(session, now) else PlanPhase.WAITING
    if now - job.heartbeat_at > SILENCE:
        return PlanPhase.INTERRUPTED
    if job.state is JobState.STOPPING:
        return PlanPhase.STOPPING
    return PlanPhase.RUNNING if job.attempts <= 1 else PlanPhase.RESTARTED


def live_workers(session: Session, now: datetime) -> int:
    """Workers heard of lately."""
    query = select(sa.func.count()).select_from(WorkerHeartbeat).where(col(WorkerHeartbeat.beat_at) > now - SILENCE)
    return session.exec(query).one()


def _elapsed_seconds(job: PlanJob, now: datetime) -> float:
    if job.started_at is None:
        return 0.0
    return max(0.0, ((job.finished_at or now) - job.started_at).total_seconds())


def _name_of(session: Session, user_id: int | None) -> str | None:
    account = None if user_id is None else session.get(UserAccount, user_id)
    return None if account is None else account.display_name


def _require_history(session: Session, week: Week) -> None:
    """Without any calls before the week nothing says how many agents it needs."""
    site = session.get_one(Site, week.site_id)
    before_at = local_instant(ZoneInfo(site.time_zone), week.first_day, 0)
    query = (
        select(CallHistory.id)
        .join(Queue, col(Queue.id) == CallHistory.queue_id)
        .where(Queue.site_id == site.id, col(CallHistory.starts_at) < before_at)
        .limit(1)
    )
    if session.exec(query).first() is None:
        raise RefusedError("plan.no_history")
