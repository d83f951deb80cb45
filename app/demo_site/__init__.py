"""The demonstration site: made up, the same each time, and placed around the day on which it is made.

Nothing in it is about real people or real calls. It is written in one transaction: it is there in full, or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.demo_site.accounts import make_accounts
from app.demo_site.calls import make_calls, make_queues
from app.demo_site.people import make_people, with_most_to_show
from app.demo_site.rooms import make_hygiene, make_rooms
from app.models import AvailabilityEntry, RosterVersion, Site, UserAccount, Week
from app.services import weeks
from app.services.audit import Actor
from solver.problem import BreakRule, DutyRules, Labour
from solver.timeline import local_instant

KEY = "dortmund"
ZONE = "Europe/Berlin"
SYSTEM = Actor(user_id=None)
WEEKEND = timedelta(days=2)
UNENTERED_EVERY = 9

DUTY_RULES = DutyRules(
    earliest_start="06:00",
    latest_end="22:00",
    start_step_minutes=30,
    work_minutes=[240, 300, 360, 420, 480],
    break_edge_minutes=60,
    max_break_minutes=60,
)
LABOUR = Labour(
    max_work_minutes_per_day=600,
    breaks=[BreakRule(work_over_minutes=360, break_minutes=30), BreakRule(work_over_minutes=540, break_minutes=45)],
    min_break_part_minutes=15,
    max_run_minutes=360,
    min_rest_minutes=660,
    max_consecutive_workdays=6,
    free_days=["sunday", "holiday"],
)


@dataclass(frozen=True)
class DemoSite:
    """What a command needs of the site.

    :param first_week: the week that is planned and published with the site
    """

    site: Site
    first_week: Week
    manager: Actor
    published: bool


def find(session: Session) -> DemoSite | None:
    """The site, if it has been made."""
    site = session.exec(select(Site).where(Site.key == KEY)).first()
    if site is None:
        return None
    first_week = session.exec(select(Week).where(Week.site_id == site.id).order_by(col(Week.first_day))).first()
    manager = session.exec(select(UserAccount).where(UserAccount.login_name == "manager")).first()
    if first_week is None or manager is None:
        return None
    published = session.exec(select(RosterVersion.id).where(RosterVersion.week_id == first_week.id)).first()
    actor = Actor(user_id=manager.id, role=manager.role, site_id=site.id)
    return DemoSite(site, first_week, actor, published is not None)


def make(session: Session, now: datetime) -> None:
    """Write the whole site: rooms, people, calls, accounts, the week to publish and the one after it."""
    monday = first_monday(now)
    site = Site(
        key=KEY,
        name="Dortmund (Demonstration)",
        time_zone=ZONE,
        land="NW",
        duty_rules=DUTY_RULES,
        labour=LABOUR,
        has_works_council=True,
    )
    session.add(site)
    session.flush()
    make_hygiene(session, site)
    desks = make_rooms(session, site)
    queues = make_queues(session, site)
    make_calls(session, queues, monday)
    agents = make_people(session, site, queues, desks, monday, now)
    signed_in = with_most_to_show(session, agents, queues)
    make_accounts(session, site, signed_in, now)
    for first_day in (monday, monday + timedelta(weeks=1)):
        week = make_week(session, site, first_day, now)
        # The signed-in agent has not entered anything yet, and a few others have not either.
        session.add_all(
            AvailabilityEntry(week_id=week.id, agent_id=agent.id, confirmed_at=now)
            for number, agent in enumerate(agents)
            if (number - agents.index(signed_in)) % UNENTERED_EVERY
        )


def make_week(session: Session, site: Site, first_day: date, now: datetime) -> Week:
    """A week that collects availability until the midnight before it begins."""
    deadline_at = local_instant(ZoneInfo(ZONE), first_day, 0)
    return weeks.create(session, SYSTEM, now, site.id, first_day, entry_deadline_at=deadline_at)


def add_next_week(session: Session, site: Site, now: datetime) -> None:
    """The week after the present one, where the site has grown older since it was made."""
    first_day = monday_of(now) + timedelta(weeks=1)
    if session.exec(select(Week.id).where(Week.site_id == site.id, Week.first_day == first_day)).first() is None:
        make_week(session, site, first_day, now)


def first_monday(now: datetime) -> date:
    """First day of the week that is published: on a weekend the coming one, so that there are duties to look at."""
    return monday_of(now + WEEKEND)


def monday_of(now: datetime) -> date:
    """The present week's first day at the site."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return today - timedelta(days=today.weekday())
