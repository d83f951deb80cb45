"""A site of a thousand agents whose week has just been opened: what the rush is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from app.demo_site import DUTY_RULES, LABOUR
from app.models import (
    Agent,
    AgentQueue,
    AvailabilityPattern,
    Desk,
    HomeClearance,
    HomeWish,
    HygieneProfile,
    OpenShift,
    PatternKind,
    Queue,
    Role,
    Room,
    ShiftOrigin,
    Site,
    UserAccount,
    Week,
)
from app.services import roster_guard
from app.services.audit import Actor
from app.services.duty_breaks import breaks_for
from app.services.guard_case import read_scene
from app.services.open_shifts import served
from solver.timeline import local_instant

ZONE_NAME = "Europe/Berlin"
QUEUES = ("mobile", "fixed", "business", "shops")
ROOMS, DESKS_PER_ROOM, DESKS_PER_ROW = 10, 60, 10
SPACING_M, ROOM_AREA_M2, MOST_ON_SITE = 1.6, 550.0, 540
SHAPES = (("06:00", 480), ("08:00", 480), ("10:00", 360), ("13:30", 480))
"""Clock of the start and minutes of work."""
OPEN_DAYS = 6
PLACES = 25
NO_PASSWORD = "-"  # noqa: S105
"""Nobody signs in with one; sessions are made beforehand."""


@dataclass(frozen=True)
class RushSite:
    """What was made: ids, and the agents as those who book.

    :param now: the instant at which booking has just opened
    """

    site_id: int
    week_id: int
    now: datetime
    actors: tuple[Actor, ...]
    manager: Actor
    shift_ids: tuple[int, ...]


def make(session: Session, now: datetime, *, agents: int = 1000) -> RushSite:
    """Rows of the site; the week is the second one after ``now``."""
    site = _site(session)
    _floor(session, site)
    queues = [_saved(session, Queue(site_id=site.id, key=key, name=key, letter=key[0].upper())) for key in QUEUES]
    first_day = now.date() - timedelta(days=now.weekday()) + timedelta(weeks=2)
    week = Week(site_id=site.id, first_day=first_day, entry_deadline_at=datetime.combine(first_day, time(), UTC))
    _saved(session, week)
    actors = tuple(_agent(session, site, queues, number, first_day, now) for number in range(agents))
    session.flush()
    live = roster_guard.opened(session, now, week)
    live.booking_opens_at = now
    shifts = _shifts(session, site, queues, week, now, actors[0])
    session.flush()
    boss = UserAccount(
        login_name="rush-manager",
        display_name="Manager",
        password_hash=NO_PASSWORD,
        role=Role.MANAGER,
        site_id=site.id,
        created_at=now,
    )
    _saved(session, boss)
    manager = Actor(user_id=boss.id, role=Role.MANAGER, site_id=site.id)
    return RushSite(site.id, week.id, now, actors, manager, tuple(shift.id for shift in shifts))


def _saved(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _site(session: Session) -> Site:
    site: Site = _saved(
        session, Site(key="rush", name="Rush", time_zone=ZONE_NAME, land="BY", duty_rules=DUTY_RULES, labour=LABOUR)
    )
    _saved(
        session,
        HygieneProfile(
            site_id=site.id,
            name="rush",
            source="bench",
            valid_from_on=date(2020, 1, 1),
            min_distance_m=1.5,
            min_area_per_person_m2=10.0,
            max_persons_on_site=MOST_ON_SITE,
            cleaning_gap_minutes=15,
        ),
    )
    return site


def _floor(session: Session, site: Site) -> None:
    for number in range(ROOMS):
        room = _saved(
            session, Room(site_id=site.id, key=f"r{number}", name=f"Room {number}", floor="1", area_m2=ROOM_AREA_M2)
        )
        for place in range(DESKS_PER_ROOM):
            row, column = divmod(place, DESKS_PER_ROW)
            session.add(
                Desk(
                    site_id=site.id,
                    room_id=room.id,
                    key=f"r{number}-{place + 1:02d}",
                    x_m=1 + SPACING_M * column,
                    y_m=1 + SPACING_M * row,
                )
            )
    session.flush()


def _agent(session: Session, site: Site, queues: list[Queue], number: int, first_day: date, now: datetime) -> Actor:
    at_home = number % 10 == 0
    agent = _saved(
        session,
        Agent(
            site_id=site.id,
            key=f"a{number:04d}",
            display_name=f"Agent {number}",
            weekly_min_minutes=0,
            weekly_max_minutes=2400,
            home_wish=HomeWish.ONLY if at_home else HomeWish.NONE,
            usual_desk_id=None,
        ),
    )
    for queue in {queues[number % len(queues)].id, queues[number // 7 % len(queues)].id}:
        session.add(AgentQueue(agent_id=agent.id, queue_id=queue))
    if at_home:
        session.add(
            HomeClearance(agent_id=agent.id, valid_from_on=first_day, valid_to_on=first_day + timedelta(days=30))
        )
    for weekday in (number % 5, (number + 2) % 5):
        session.add(
            AvailabilityPattern(
                agent_id=agent.id,
                weekday=weekday,
                start_clock_minutes=14 * 60 if number % 2 else 6 * 60,
                end_clock_minutes=22 * 60 if number % 2 else 11 * 60,
                kind=PatternKind.BLOCKED,
                valid_from_on=date(2020, 1, 1),
            )
        )
    account = _saved(
        session,
        UserAccount(
            login_name=f"rush-{number:04d}",
            display_name=f"Agent {number}",
            password_hash=NO_PASSWORD,
            role=Role.AGENT,
            site_id=site.id,
            agent_id=agent.id,
            created_at=now,
        ),
    )
    return Actor(user_id=account.id, role=Role.AGENT, site_id=site.id, agent_id=agent.id)


def _shifts(
    session: Session, site: Site, queues: list[Queue], week: Week, now: datetime, somebody: Actor
) -> list[OpenShift]:
    scene = read_scene(session, week, [somebody.agent_id or 0], [])
    shifts = []
    for queue in queues:
        for day in range(OPEN_DAYS):
            for clock, work_minutes in SHAPES:
                hour, minute = (int(part) for part in clock.split(":"))
                starts_at = local_instant(scene.timeline.zone, week.first_day + timedelta(days=day), hour * 60 + minute)
                ends_at = starts_at + timedelta(minutes=work_minutes + (30 if work_minutes > 360 else 0))
                breaks = breaks_for(scene.part, starts_at, ends_at)
                pauses = [(span.starts_at, span.ends_at) for span in breaks]
                shifts.append(
                    OpenShift(
                        site_id=site.id,
                        week_id=week.id,
                        queue_id=queue.id,
                        starts_at=starts_at,
                        ends_at=ends_at,
                        breaks=list(breaks),
                        serves=served(queue.key, starts_at, ends_at, pauses),
                        origin=ShiftOrigin.REQUIREMENT,
                        places=PLACES,
                        created_at=now,
                    )
                )
    session.add_all(shifts)
    session.flush()
    return shifts
