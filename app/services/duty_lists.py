"""Duties in force of some days, of one person or of a whole site, a part at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Agent, CurrentDuty, Desk, DutySource


@dataclass(frozen=True)
class DutyLine:
    """A duty with what its person and its desk are called in roster files."""

    duty: CurrentDuty
    agent_key: str
    desk_key: str | None


@dataclass(frozen=True)
class DutyPart:
    """Some of the duties found, and how many there are."""

    lines: Sequence[DutyLine]
    total: int


def duty_part(
    session: Session,
    site_id: int,
    span: tuple[datetime, datetime],
    *,
    agent_id: int | None = None,
    source: DutySource | None = None,
    limit: int,
    offset: int = 0,
) -> DutyPart:
    """Duties that start in a span, in order of time.

    :param agent_id: whose, None for everybody's
    :param source: how they came to be, None for however
    """
    wanted: list[Any] = [
        col(CurrentDuty.site_id) == site_id,
        col(CurrentDuty.starts_at) >= span[0],
        col(CurrentDuty.starts_at) < span[1],
    ]
    if agent_id is not None:
        wanted.append(col(CurrentDuty.agent_id) == agent_id)
    if source is not None:
        wanted.append(col(CurrentDuty.source) == source)
    total = session.exec(select(sa.func.count()).select_from(CurrentDuty).where(*wanted)).one()
    found = session.exec(
        select(CurrentDuty, Agent.key, Desk.key)
        .join(Agent, col(Agent.id) == col(CurrentDuty.agent_id))
        .join(Desk, col(Desk.id) == col(CurrentDuty.desk_id), isouter=True)
        .where(*wanted)
        .order_by(col(CurrentDuty.starts_at), col(CurrentDuty.id))
        .limit(limit)
        .offset(offset)
    )
    return DutyPart([DutyLine(duty, agent_key, desk_key) for duty, agent_key, desk_key in found], total)


def duty_line(session: Session, duty: CurrentDuty) -> DutyLine:
    """One duty that has just been read or written."""
    desk = None if duty.desk_id is None else session.get_one(Desk, duty.desk_id)
    return DutyLine(duty, session.get_one(Agent, duty.agent_id).key, None if desk is None else desk.key)
