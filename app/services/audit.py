"""The record of who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models import AuditEvent, Role
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
