"""A run of the solver, and the draft it made."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of

ACTIVE_JOB = "state IN ('queued', 'running', 'stopping')"


class JobState(StrEnum):
    """``superseded`` is a job whose result nobody waits for any more."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


ProgressPoint = tuple[float, float, float | None]


class PlanJob(Table, table=True):
    """One planning of a week; the partial index allows one active job a week, whoever asks first.

    ``progress`` is a list of (elapsed seconds, missing agent minutes, proven bound of those or None), oldest first.
    """

    __tablename__ = "plan_job"
    __table_args__ = (
        sa.Index(
            "uq_plan_job_active",
            "week_id",
            unique=True,
            sqlite_where=sa.text(ACTIVE_JOB),
            postgresql_where=sa.text(ACTIVE_JOB),
        ),
        sa.CheckConstraint("time_limit_seconds > 0", name="time_limit_seconds"),
    )

    id: int = Field(default=None, primary_key=True)
    week_id: int = Field(foreign_key="week.id", index=True)
    state: JobState = Field(default=JobState.QUEUED, sa_type=enum_of(JobState, "state"))
    requested_by_id: int | None = Field(default=None, foreign_key="user_account.id")
    requested_at: datetime = Field(sa_type=instant())
    started_at: datetime | None = Field(default=None, sa_type=instant())
    heartbeat_at: datetime | None = Field(default=None, sa_type=instant())
    finished_at: datetime | None = Field(default=None, sa_type=instant())
    worker_id: str | None = Field(default=None, max_length=120)
    attempts: int = 0
    seed: int = 0
    time_limit_seconds: float = 60.0
    required_agent_minutes: float | None = None
    progress: list[ProgressPoint] = Field(default_factory=list, sa_type=json_of(list[ProgressPoint]))
    problem_document_id: int | None = Field(default=None, foreign_key="document.id")
    best_document_id: int | None = Field(default=None, foreign_key="document.id")
    message_code: str | None = Field(default=None, max_length=80)
    message_facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))


class Draft(Table, table=True):
    """A checked roster that nobody has published yet; a job writes at most one, however often it runs.

    ``summary`` holds the figures that lists show: missing and required agent minutes, bound, tiers, peaks.
    """

    __tablename__ = "draft"
    __table_args__ = (sa.CheckConstraint("findings_count >= 0", name="findings_count"),)

    id: int = Field(default=None, primary_key=True)
    week_id: int = Field(foreign_key="week.id", index=True)
    plan_job_id: int | None = Field(default=None, foreign_key="plan_job.id", unique=True)
    problem_document_id: int = Field(foreign_key="document.id")
    roster_document_id: int = Field(foreign_key="document.id")
    findings_count: int = 0
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))
    created_at: datetime = Field(sa_type=instant())


class WorkerHeartbeat(Table, table=True):
    """A worker process that lives, or lived until ``beat_at``."""

    __tablename__ = "worker_heartbeat"

    worker_id: str = Field(primary_key=True, max_length=120)
    started_at: datetime = Field(sa_type=instant())
    beat_at: datetime = Field(sa_type=instant())
