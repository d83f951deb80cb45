"""The weeks of a site and what each waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, AvailabilityEntry, Draft, PlanJob, RosterVersion, Site, Week, WeekState
from app.services.audit import Actor, record
from solver.timeline import local_instant

MONDAY = 0
DEADLINE_DAYS_BEFORE = 5
DEADLINE_CLOCK_MINUTES = 18 * 60


@dataclass(frozen=True)
class WeekLine:
    """A week in a list.

    :param entered: agents who confirmed their availability, of ``agents`` who work here
    :param job: the latest plan, ``draft`` the newest draft, ``version`` what is in force; each None where there is none
    """

    week: Week
    entered: int
    agents: int
    job: PlanJob | None
    draft: Draft | None
    version: RosterVersion | None


def default_deadline(site: Site, first_day: date) -> datetime:
    """Availability is entered until Wednesday 18:00 of the week before."""
    day = first_day - timedelta(days=DEADLINE_DAYS_BEFORE)
    return local_instant(ZoneInfo(site.time_zone), day, DEADLINE_CLOCK_MINUTES)


def create(
    session: Session,
    actor: Actor,
    now: datetime,
    site_id: int,
    first_day: date,
    *,
    entry_deadline_at: datetime | None = None,
) -> Week:
    """A new week, which collects availability.

    :raises RefusedError: where the day is no Monday (422) or the week is there already
    """
    site = session.get(Site, site_id)
    if site is None or actor.site_id not in {None, site_id}:
        raise NotFoundError
    if first_day.weekday() != MONDAY:
        raise RefusedError("plan.week.no_monday", 422)
    week = Week(
        site_id=site.id,
        first_day=first_day,
        entry_deadline_at=entry_deadline_at or default_deadline(site, first_day),
    )
    try:
        with session.begin_nested():
            session.add(week)
            session.flush()
    except IntegrityError as refusal:
        raise RefusedError("plan.week.exists") from refusal
    record(session, actor, now, "week.created", "week", week.id, site_id=site.id, first_day=first_day.isoformat())
    return week


def listed(session: Session, site_id: int) -> list[WeekLine]:
    """The weeks of a site, the latest first."""
    weeks = session.exec(select(Week).where(Week.site_id == site_id).order_by(col(Week.first_day).desc())).all()
    ids = [week.id for week in weeks]
    agents = session.exec(
        select(sa.func.count()).select_from(Agent).where(Agent.site_id == site_id, col(Agent.active).is_(True))
    ).one()
    entered = _entered(session, ids)
    jobs, drafts = _newest(session, PlanJob, ids), _newest(session, Draft, ids)
    versions = _newest(session, RosterVersion, ids)
    return [
        WeekLine(
            week=week,
            entered=entered.get(week.id, 0),
            agents=agents,
            job=jobs.get(week.id),
            draft=drafts.get(week.id),
            version=versions.get(week.id),
        )
        for week in weeks
    ]


def shown_state(site: Site, week: Week, now: datetime) -> WeekState:
    """The state as a person sees it: a published week runs from its first midnight on and is over after its last."""
    if week.state is not WeekState.PUBLISHED:
        return week.state
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    if today < week.first_day:
        return WeekState.PUBLISHED
    return WeekState.RUNNING if today < week.first_day + timedelta(weeks=1) else WeekState.ARCHIVED


def _entered(session: Session, week_ids: list[int]) -> Mapping[int, int]:
    rows = session.exec(
        select(AvailabilityEntry.week_id, sa.func.count())
        .where(col(AvailabilityEntry.week_id).in_(week_ids))
        .group_by(col(AvailabilityEntry.week_id))
    )
    return dict(iter(rows))


def _newest(session: Session, kind: Any, week_ids: list[int]) -> Mapping[int, Any]:
    newest = select(sa.func.max(kind.id)).where(col(kind.week_id).in_(week_ids)).group_by(kind.week_id)
    return {row.week_id: row for row in session.exec(select(kind).where(col(kind.id).in_(newest)))}
