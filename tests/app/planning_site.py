"""A small site that can really be planned: queue, agents, desks and four weeks of calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models import CallHistory, Queue, Role, Site, Week
from app.services.audit import Actor
from tests.app import build

ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class PlanningSite:
    """Ids of what was made, and the two managers who may plan."""

    site_id: int
    queue_id: int
    week_id: int
    mona: Actor
    max: Actor


def make(session: Session, first_day: date = build.MONDAY, agents: int = 3) -> PlanningSite:
    site = build.site(session)
    build.hygiene(session, site)
    build.room(session, site)
    queue = build.queue(session, site, "mobile", "M")
    for number in range(agents):
        build.agent(session, site, f"a{number + 1:03d}", queue)
    calls(session, site, queue, first_day)
    week = build.week(session, site, first_day)
    return PlanningSite(site.id, queue.id, week.id, manager(session, site, "mona"), manager(session, site, "max"))


def manager(session: Session, site: Site, name: str) -> Actor:
    account = build.account(session, name, Role.MANAGER, site)
    return Actor(user_id=account.id, role=Role.MANAGER, site_id=site.id)


def calls(session: Session, site: Site, queue: Queue, before: date, per_interval: float = 6.0, weeks: int = 4) -> None:
    """The same calls every half hour from 8 to 16 on every weekday of the weeks before."""
    zone = ZoneInfo(site.time_zone)
    for back in range(1, weeks * 7 + 1):
        day = before - timedelta(days=back)
        if day.weekday() < 5:
            for half_hours in range(16):
                wall = datetime(day.year, day.month, day.day, 8 + half_hours // 2, half_hours % 2 * 30, tzinfo=zone)
                row = CallHistory(queue_id=queue.id, starts_at=wall, interval_minutes=30, calls=per_interval)
                session.add(row)
    session.flush()


def week_of(session: Session, made: PlanningSite) -> Week:
    return session.get_one(Week, made.week_id)
