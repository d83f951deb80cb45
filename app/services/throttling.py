"""How often somebody may try to sign in."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import RefusedError
from app.models import LoginAttempt

PERIOD = timedelta(minutes=15)
FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 50


def begin_attempt(session: Session, login_name: str, address: str, now: datetime) -> LoginAttempt:
    """Note a try as failed before the password is looked at, so that parallel tries count too.

    Raises RefusedError (429) after too many failures of a name or an address.
    """
    session.exec(sa.delete(LoginAttempt).where(col(LoginAttempt.attempted_at) < now - PERIOD))
    if (
        _failures(session, col(LoginAttempt.login_name) == login_name) >= FAILURES_PER_NAME
        or _failures(session, col(LoginAttempt.address) == address) >= FAILURES_PER_ADDRESS
    ):
        raise RefusedError("auth.throttled", 429, minutes=int(PERIOD.total_seconds() // 60))
    attempt = LoginAttempt(login_name=login_name, address=address, attempted_at=now)
    session.add(attempt)
    session.flush()
    return attempt


def _failures(session: Session, whose: sa.ColumnElement[bool]) -> int:
    return session.exec(
        select(sa.func.count()).select_from(LoginAttempt).where(whose, col(LoginAttempt.succeeded).is_(False))
    ).one()


def forgive(session: Session, login_name: str) -> None:
    """After a success the failures of the name no longer count."""
    session.exec(sa.delete(LoginAttempt).where(col(LoginAttempt.login_name) == login_name))
