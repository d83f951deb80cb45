"""The record of who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import AuditEvent, Role, UserAccount
from solver.rules import Fact


@dataclass(frozen=True)
class Actor:
    """Who does something: handed down by the entry point, None of it looked up below.

    :param user_id: None for commands and jobs
    :param site_id: the site the person belongs to; None for administrators and commands
    :param agent_id: None for people who are no agents
    """

    user_id: int | None
    role: Role | None = None
    site_id: int | None = None
    agent_id: int | None = None


def record(
    session: Session,
    actor: Actor,
    now: datetime,
    action: str,
    object_kind: str,
    object_id: int | None = None,
    *,
    site_id: int | None = None,
    **facts: Fact,
) -> AuditEvent:
    """Note an event in the same transaction as what it tells of; ``action`` is like ``"user.created"``."""
    event = AuditEvent(
        happened_at=now,
        user_id=actor.user_id,
        site_id=actor.site_id if site_id is None else site_id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        facts=facts,
    )
    session.add(event)
    return event


MOST_EVENTS = 5000


@dataclass(frozen=True)
class EventLine:
    """One event with the name of who did it; None was a command or a job."""

    happened_at: datetime
    user_name: str | None
    action: str
    object_kind: str
    object_id: int | None
    facts: dict[str, Fact]


def latest_events(session: Session) -> list[EventLine]:
    """The latest events, newest first."""
    found = session.exec(
        select(AuditEvent, UserAccount.display_name)
        .join(UserAccount, col(UserAccount.id) == col(AuditEvent.user_id), isouter=True)
        .order_by(col(AuditEvent.happened_at).desc(), col(AuditEvent.id).desc())
        .limit(MOST_EVENTS)
    )
    return [
        EventLine(event.happened_at, name, event.action, event.object_kind, event.object_id, event.facts)
        for event, name in found
    ]
