"""A small site open for booking, with clock times said as strings."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.db import Database
from app.models import (
    Agent,
    CurrentDuty,
    Desk,
    LiveWeek,
    OpenShift,
    Partition,
    Place,
    ReleasedDesk,
    Role,
    ShiftOrigin,
    Site,
    UserAccount,
    Week,
    WeekState,
)
from app.services import roster_guard, shift_booking
from app.services.audit import Actor
from app.services.shift_booking import Wish
from tests.app import build

MONDAY = build.MONDAY
NOW = build.NOW


@dataclass
class BookingSite:
    """Ids by key, and actors by name."""

    site_id: int
    week_id: int
    queue_id: int
    first_day: date = MONDAY
    agents: dict[str, int] = field(default_factory=dict)
    desks: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    manager: Actor = field(default_factory=lambda: Actor(user_id=None))

    def week(self, session: Session) -> Week:
        return session.get_one(Week, self.week_id)


def make(
    session: Session,
    *,
    agents: int = 4,
    desks: int = 4,
    spacing_m: float = 2.0,
    state: WeekState = WeekState.COLLECTING,
    first_day: date = MONDAY,
    now: datetime = NOW,
    key: str = "muc",
    site: dict[str, Any] | None = None,
    agent: dict[str, Any] | None = None,
    room: dict[str, Any] | None = None,
    **hygiene: Any,
) -> BookingSite:
    """One room of desks in a row, agents ``a1`` … with accounts, a week open for booking."""
    row = build.site(session, key)
    for name, value in (site or {}).items():
        setattr(row, name, value)
    build.hygiene(session, row, **hygiene)
    east = build.room(session, row, desks=desks, spacing_m=spacing_m)
    for name, value in (room or {}).items():
        setattr(east, name, value)
    mobile = build.queue(session, row)
    week = build.week(session, row, first_day, state)
    made = BookingSite(row.id, week.id, mobile.id, first_day)
    for number in range(1, agents + 1):
        _add_agent(session, made, row, f"a{number}", mobile, agent or {})
    made.desks = {
        desk.key.rsplit("-", 1)[1]: desk.id for desk in session.exec(select(Desk).where(Desk.site_id == row.id))
    }
    boss = build.account(session, f"boss-{key}", Role.MANAGER, row)
    made.manager = Actor(user_id=boss.id, role=Role.MANAGER, site_id=row.id)
    open_for_booking(session, week, now)
    return made


def _add_agent(session: Session, made: BookingSite, row: Site, key: str, queue: Any, changes: dict[str, Any]) -> None:
    added = build.agent(session, row, key, queue, **{"weekly_min_minutes": 0, "weekly_max_minutes": 2400, **changes})
    user = UserAccount(
        login_name=f"{key}-{row.key}",
        display_name=key,
        password_hash="x",
        role=Role.AGENT,
        site_id=row.id,
        agent_id=added.id,
        created_at=NOW,
    )
    build.saved(session, user)
    made.agents[key] = added.id
    made.actors[key] = Actor(user_id=user.id, role=Role.AGENT, site_id=row.id, agent_id=added.id)


def open_for_booking(session: Session, week: Week, now: datetime = NOW) -> LiveWeek:
    live = roster_guard.opened(session, now, week)
    live.booking_opens_at = now - timedelta(hours=1)
    session.flush()
    return live


def put_too_close(session: Session, made: BookingSite, desks: Iterable[str]) -> None:
    """Release desks closer than the distance, behind screens that are then taken away, as tightened rules would have
    it: so the distance has to be kept booking by booking."""
    desk_ids = [made.desks[desk] for desk in desks]
    pairs = [Partition(first_desk_id=min(two), second_desk_id=max(two)) for two in itertools.combinations(desk_ids, 2)]
    session.add_all(pairs)
    session.flush()
    released = set(session.exec(select(ReleasedDesk.desk_id).where(ReleasedDesk.week_id == made.week_id)))
    session.add_all(ReleasedDesk(week_id=made.week_id, desk_id=one) for one in desk_ids if one not in released)
    session.flush()
    for pair in pairs:
        session.delete(pair)
    session.flush()


def at(clock: str, day: int = 0, first_day: date = MONDAY) -> datetime:
    """The instant of a clock time on a day of the week."""
    return build.local(first_day + timedelta(days=day), clock)


def wish(start: str, end: str, day: int = 0, desk_id: int | None = None, place: Place = Place.SITE) -> Wish:
    return Wish(at(start, day), at(end, day), place, desk_id)


def book(
    session: Session, made: BookingSite, who: str, start: str, end: str, day: int = 0, desk: str | None = None
) -> CurrentDuty:
    desk_id = None if desk is None else made.desks[desk]
    return shift_booking.book_time(session, made.actors[who], NOW, wish(start, end, day, desk_id))


def shift(
    session: Session,
    made: BookingSite,
    start: str,
    end: str,
    day: int = 0,
    places: int = 1,
    first_day: date = MONDAY,
) -> OpenShift:
    row: OpenShift = build.saved(
        session,
        OpenShift(
            site_id=made.site_id,
            week_id=made.week_id,
            queue_id=made.queue_id,
            starts_at=at(start, day, first_day),
            ends_at=at(end, day, first_day),
            origin=ShiftOrigin.REQUIREMENT,
            places=places,
            created_at=NOW,
        ),
    )
    return row


def change(session: Session, row: Any, **values: Any) -> Any:
    """Set columns of a row, past all services."""
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
    return row


def duties(session: Session, made: BookingSite) -> list[tuple[str, str, str, str]]:
    """Agent, day and clock of start and end, desk; in order of time."""
    found = session.exec(
        select(CurrentDuty, Agent.key, Desk.key)
        .join(Agent, col(Agent.id) == col(CurrentDuty.agent_id))
        .join(Desk, col(Desk.id) == col(CurrentDuty.desk_id), isouter=True)
        .where(CurrentDuty.site_id == made.site_id)
        .order_by(col(CurrentDuty.starts_at), col(Agent.key))
    )
    return [(key, _said(duty.starts_at), _said(duty.ends_at), (desk or "home")[-2:]) for duty, key, desk in found]


def _said(instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo("Europe/Berlin"))
    return f"{local:%a %H:%M}"


def published(database: Database) -> None:
    """Make every week of a database published, as far as booking asks."""
    with database.transaction() as session:
        for week in session.exec(select(Week)):
            week.state = WeekState.PUBLISHED
