"""Call history of a queue: how much is known, and taking over an import, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import CallHistory, Queue
from app.services.audit import Actor, record
from app.services.call_import import CallFilePreview


@dataclass(frozen=True)
class KnownCalls:
    """What is stored of a queue; the instants are None where there is nothing."""

    intervals: int
    calls: float
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class QueueLine:
    """A queue with what is known of its calls."""

    queue: Queue
    known: KnownCalls


def queue_lines(session: Session, site_id: int) -> list[QueueLine]:
    """All queues of a site, by letter."""
    queues = session.exec(select(Queue).where(Queue.site_id == site_id).order_by(Queue.letter)).all()
    return [QueueLine(queue, known_calls(session, queue.id)) for queue in queues]


def known_calls(session: Session, queue_id: int) -> KnownCalls:
    """How many intervals and calls are stored, and from when to when."""
    intervals, calls, first_at, last_at = session.exec(
        select(
            sa.func.count(),
            sa.func.sum(CallHistory.calls),
            sa.func.min(CallHistory.starts_at),
            sa.func.max(CallHistory.starts_at),
        ).where(CallHistory.queue_id == queue_id)
    ).one()
    return KnownCalls(intervals, calls or 0.0, first_at, last_at)


def replaced_intervals(session: Session, queue: Queue, preview: CallFilePreview) -> int:
    """How many stored intervals an import would replace."""
    return session.exec(select(sa.func.count()).select_from(CallHistory).where(*_overlapping(queue, preview))).one()


def store_calls(session: Session, actor: Actor, now: datetime, queue: Queue, preview: CallFilePreview) -> int:
    """Take over the intervals of a file and return how many; what was known of its span is replaced."""
    replaced = replaced_intervals(session, queue, preview)
    session.exec(sa.delete(CallHistory).where(*_overlapping(queue, preview)))
    session.add_all(
        CallHistory(
            queue_id=queue.id,
            starts_at=interval.starts_at,
            interval_minutes=preview.interval_minutes,
            calls=interval.calls,
        )
        for interval in preview.intervals
    )
    session.flush()
    record(
        session,
        actor,
        now,
        "calls.imported",
        "queue",
        queue.id,
        site_id=queue.site_id,
        intervals=len(preview.intervals),
        replaced=replaced,
    )
    return len(preview.intervals)


def _overlapping(queue: Queue, preview: CallFilePreview) -> tuple[sa.ColumnElement[bool], ...]:
    """Stored intervals that begin between the file's first and last moment, whatever their length."""
    end_at = preview.intervals[-1].starts_at + timedelta(minutes=preview.interval_minutes)
    return (
        col(CallHistory.queue_id) == queue.id,
        col(CallHistory.starts_at) >= preview.intervals[0].starts_at,
        col(CallHistory.starts_at) < end_at,
    )
