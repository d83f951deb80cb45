"""Things that one of all workers does from time to time: whoever moves the mark does it, the others do not."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.models import Chore

EVERY_MINUTE = "every_minute"
RETENTION = "retention"
PERIODS = {EVERY_MINUTE: timedelta(seconds=60), RETENTION: timedelta(hours=24)}


def is_mine(session: Session, now: datetime, name: str, worker_id: str) -> bool:
    """Whether this worker does a chore now: it is due, and nobody else was quicker."""
    moved = session.exec(
        sa.update(Chore)
        .where(col(Chore.name) == name, col(Chore.begun_at) <= now - PERIODS[name])
        .values(begun_at=now, worker_id=worker_id)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount == 1:
        return True
    if session.get(Chore, name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Chore(name=name, begun_at=now, worker_id=worker_id))
            session.flush()
    except IntegrityError:
        return False
    return True


def last_begun_at(session: Session, name: str) -> datetime | None:
    """When a chore was last begun, None where it never was."""
    chore = session.get(Chore, name)
    return None if chore is None else chore.begun_at
