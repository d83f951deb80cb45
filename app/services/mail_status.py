"""How mail is doing, for the administrator: how much waits, what failed and why; never what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Mail, MailState, MailStep, OutboxMessage, UserAccount
from app.services import chores
from app.services.audit import Actor, record

MOST_LISTED = 500
SENT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class MailLine:
    """A mail that has not left."""

    mail: Mail
    recipient: str


@dataclass(frozen=True)
class MailStatus:
    """What waits and what has failed.

    :param messages_open: not made into a mail yet: quiet hours, a digest, or no server
    :param sent: in the last day
    :param last_error: of the latest try that failed and has not succeeded since
    :param worker_at: when a worker last did its chores
    """

    counts: Mapping[MailState, int]
    messages_open: int
    sent: int
    oldest_waiting_at: datetime | None
    last_sent_at: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    worker_at: datetime | None


def status(session: Session, now: datetime) -> MailStatus:
    """How mail is doing now."""
    counts = dict(iter(session.exec(select(Mail.state, sa.func.count()).group_by(col(Mail.state)))))
    failing = session.exec(
        select(Mail)
        .where(col(Mail.last_error).is_not(None), col(Mail.last_error) != "")
        .order_by(col(Mail.tried_at).desc())
        .limit(1)
    ).first()
    return MailStatus(
        counts={state: counts.get(state, 0) for state in MailState},
        messages_open=_count(session, OutboxMessage, OutboxMessage.mail_step == MailStep.OPEN),
        sent=_count(session, Mail, col(Mail.sent_at) > now - SENT_WITHIN),
        oldest_waiting_at=session.exec(
            select(sa.func.min(Mail.created_at)).where(col(Mail.state) == MailState.WAITING)
        ).one(),
        last_sent_at=session.exec(select(sa.func.max(Mail.sent_at))).one(),
        last_error=None if failing is None else failing.last_error,
        last_error_at=None if failing is None else failing.tried_at,
        worker_at=chores.last_begun_at(session, chores.EVERY_MINUTE),
    )


def _count(session: Session, kind: type[Mail | OutboxMessage], condition: Any) -> int:
    return session.exec(select(sa.func.count()).select_from(kind).where(condition)).one()


def not_sent(session: Session) -> list[MailLine]:
    """Mails that wait or have failed, the oldest first."""
    query = (
        select(Mail, UserAccount.display_name)
        .join(UserAccount, col(UserAccount.id) == col(Mail.recipient_user_id))
        .where(col(Mail.state) != MailState.SENT)
        .order_by(col(Mail.id))
        .limit(MOST_LISTED)
    )
    return [MailLine(mail, name) for mail, name in session.exec(query)]


def retry(session: Session, actor: Actor, now: datetime) -> int:
    """Try everything again that waits or has failed, from now on; gives how many mails."""
    tried = session.exec(
        sa.update(Mail)
        .where(col(Mail.state).in_([MailState.WAITING, MailState.FAILED]))
        .values(state=MailState.WAITING, next_try_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    ).rowcount
    record(session, actor, now, "mail.retried", "mail", mails=tried)
    return tried
