"""Rows for tests: a small site with one person per role, and a second site of strangers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models import (
    Agent,
    AgentQueue,
    Desk,
    DocumentKind,
    Draft,
    HygieneProfile,
    JobState,
    Place,
    PlanJob,
    PublishedDuty,
    Queue,
    Role,
    Room,
    RosterVersion,
    Site,
    UserAccount,
    Week,
    WeekState,
)
from app.services import accounts, documents, passwords
from app.services.audit import Actor
from solver.problem import BreakRule, DutyRules, Labour

NOW = datetime(2020, 3, 25, 9, 0, tzinfo=UTC)
MONDAY = date(2020, 3, 30)
PASSWORD = "correct horse battery"
SYSTEM = Actor(user_id=None)

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


def saved(session: Session, row: Any) -> Any:
    """The row with its id."""
    session.add(row)
    session.flush()
    return row


def site(session: Session, key: str = "muc", **changes: Any) -> Site:
    fields = {"name": key.upper(), "time_zone": "Europe/Berlin", "land": "BY"}
    row: Site = saved(session, Site(key=key, duty_rules=DUTY_RULES, labour=LABOUR, **{**fields, **changes}))
    return row


def hygiene(session: Session, of_site: Site, **changes: Any) -> HygieneProfile:
    fields = {"name": "DE_ARBSCHV_2021_01", "source": "test", "valid_from_on": date(2020, 1, 1)}
    limits = {"min_distance_m": 1.5, "min_area_per_person_m2": 10.0, "cleaning_gap_minutes": 15}
    row: HygieneProfile = saved(session, HygieneProfile(site_id=of_site.id, **{**fields, **limits, **changes}))
    return row


def room(session: Session, of_site: Site, key: str = "3-east", desks: int = 4, spacing_m: float = 2.0) -> Room:
    row: Room = saved(
        session,
        Room(
            site_id=of_site.id,
            key=key,
            name=f"Room {key}",
            floor="3",
            area_m2=120.0,
            outline=[(0, 0), (desks * spacing_m, 0), (desks * spacing_m, 6), (0, 6)],
        ),
    )
    for number in range(desks):
        desk_key = f"{key}-{number + 1:02d}"
        saved(
            session,
            Desk(site_id=of_site.id, room_id=row.id, key=desk_key, x_m=1 + number * spacing_m, y_m=1.0),
        )
    return row


def queue(session: Session, of_site: Site, key: str = "mobile", letter: str = "A", **changes: Any) -> Queue:
    row: Queue = saved(session, Queue(site_id=of_site.id, key=key, name=key.capitalize(), letter=letter, **changes))
    return row


def agent(session: Session, of_site: Site, key: str, *queues: Queue, **changes: Any) -> Agent:
    fields = {"display_name": f"Agent {key}", "weekly_min_minutes": 1140, "weekly_max_minutes": 1260}
    row: Agent = saved(session, Agent(site_id=of_site.id, key=key, **{**fields, **changes}))
    for served in queues:
        saved(session, AgentQueue(agent_id=row.id, queue_id=served.id))
    return row


def account(
    session: Session, login_name: str, role: Role, of_site: Site | None = None, of_agent: Agent | None = None
) -> UserAccount:
    return accounts.create(
        session,
        SYSTEM,
        NOW,
        login_name=login_name,
        display_name=login_name.capitalize(),
        role=role,
        password_hash=passwords.hashed(PASSWORD, cheap=True),
        site_id=of_site.id if of_site else None,
        agent_id=of_agent.id if of_agent else None,
        must_change_password=False,
    )


def week(session: Session, of_site: Site, first_day: date = MONDAY, state: WeekState = WeekState.COLLECTING) -> Week:
    deadline_at = datetime.combine(first_day - timedelta(days=3), time(12), UTC)
    row: Week = saved(
        session, Week(site_id=of_site.id, first_day=first_day, state=state, entry_deadline_at=deadline_at)
    )
    return row


def local(day: date, clock: str, zone: str = "Europe/Berlin") -> datetime:
    """The instant of a clock time at the site."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def problem_json(of_site: Site, of_week: Week) -> dict[str, Any]:
    """A problem that needs nobody: the least that is valid."""
    return {
        "format": "roster-problem/1",
        "site": {"id": of_site.key, "name": of_site.name, "time_zone": of_site.time_zone},
        "horizon": {"first_day": of_week.first_day.isoformat(), "days": 7, "slot_minutes": 15},
        "rooms": [],
        "hygiene": {},
        "queues": [],
        "demand": [],
        "duties": DUTY_RULES.model_dump(mode="json"),
        "labour": LABOUR.model_dump(mode="json"),
        "agents": [],
    }


def roster_json(of_site: Site, of_week: Week) -> dict[str, Any]:
    """The empty roster of that problem."""
    tiers = dict.fromkeys(("shortfall", "changes", "site_presence", "contract_minutes", "wishes"), 0)
    return {
        "format": "roster/1",
        "site": of_site.key,
        "first_day": of_week.first_day.isoformat(),
        "released_desks": [],
        "duties": [],
        "tiers": tiers,
        "missing_agent_minutes": 0,
        "required_agent_minutes": 0,
    }


def draft(session: Session, of_site: Site, of_week: Week) -> Draft:
    row: Draft = saved(
        session,
        Draft(
            week_id=of_week.id,
            problem_document_id=documents.store(session, DocumentKind.PROBLEM, problem_json(of_site, of_week)),
            roster_document_id=documents.store(session, DocumentKind.ROSTER, roster_json(of_site, of_week)),
            created_at=NOW,
        ),
    )
    return row


def job(session: Session, of_week: Week, state: JobState = JobState.DONE) -> PlanJob:
    row: PlanJob = saved(session, PlanJob(week_id=of_week.id, state=state, requested_at=NOW))
    return row


def version(
    session: Session, of_site: Site, of_week: Week, author: UserAccount, *, number: int = 1, duty_count: int = 1
) -> RosterVersion:
    row: RosterVersion = saved(
        session,
        RosterVersion(
            week_id=of_week.id,
            number=number,
            author_id=author.id,
            published_at=NOW,
            problem_document_id=documents.store(session, DocumentKind.PROBLEM, problem_json(of_site, of_week)),
            roster_document_id=documents.store(session, DocumentKind.ROSTER, roster_json(of_site, of_week)),
            duty_count=duty_count,
        ),
    )
    return row


def duty(
    session: Session,
    of_version: RosterVersion,
    of_agent: Agent,
    starts_at: datetime,
    ends_at: datetime,
    *,
    desk: Desk | None = None,
    position: int = 0,
) -> PublishedDuty:
    row: PublishedDuty = saved(
        session,
        PublishedDuty(
            version_id=of_version.id,
            position=position,
            agent_id=of_agent.id,
            starts_at=starts_at,
            ends_at=ends_at,
            place=Place.SITE if desk else Place.HOME,
            desk_id=desk.id if desk else None,
        ),
    )
    return row


@dataclass(frozen=True)
class World:
    """Ids of what :func:`world` made; ``users`` by role, ``stranger`` is an agent's account of another site."""

    site_id: int
    other_site_id: int
    users: dict[Role, int]
    stranger_user_id: int
    agent_id: int
    second_agent_id: int
    other_agent_id: int
    room_id: int
    queue_id: int
    week_id: int
    published_week_id: int
    other_week_id: int
    version_id: int
    draft_id: int
    job_id: int


def world(session: Session) -> World:
    """A site with four desks, a queue, two agents, a week being collected and one published, and a second site."""
    home, other = site(session), site(session, "ber")
    hygiene(session, home)
    east, mobile = room(session, home), queue(session, home)
    anna, ben = agent(session, home, "a001", mobile), agent(session, home, "a002", mobile)
    foreign = agent(session, other, "b001")
    users = {
        Role.AGENT: account(session, "anna", Role.AGENT, home, anna),
        Role.MANAGER: account(session, "mona", Role.MANAGER, home),
        Role.COUNCIL: account(session, "carl", Role.COUNCIL, home),
        Role.ADMINISTRATOR: account(session, "ada", Role.ADMINISTRATOR),
    }
    stranger = account(session, "bela", Role.AGENT, other, foreign)
    collecting = week(session, home)
    published = week(session, home, MONDAY - timedelta(days=7), WeekState.PUBLISHED)
    other_week = week(session, other)
    made = draft(session, home, collecting)
    first = version(session, home, published, users[Role.MANAGER])
    day = published.first_day
    duty(session, first, anna, local(day, "08:00"), local(day, "12:00"))
    done = job(session, published)
    return World(
        site_id=home.id,
        other_site_id=other.id,
        users={role: user.id for role, user in users.items()},
        stranger_user_id=stranger.id,
        agent_id=anna.id,
        second_agent_id=ben.id,
        other_agent_id=foreign.id,
        room_id=east.id,
        queue_id=mobile.id,
        week_id=collecting.id,
        published_week_id=published.id,
        other_week_id=other_week.id,
        version_id=first.id,
        draft_id=made.id,
        job_id=done.id,
    )
