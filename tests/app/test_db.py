from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, col, select

from app.db import Database, ReadOnlyError
from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    AuditEvent,
    AvailabilityPattern,
    Desk,
    Document,
    DocumentKind,
    HygieneProfile,
    JobState,
    NaiveInstantError,
    PatternKind,
    Place,
    PlanJob,
    PublishedDuty,
    Queue,
    Role,
    RosterVersion,
    Site,
    StoredSpan,
    UserAccount,
    Week,
)
from app.services import documents, sites
from app.services.lookup import of_site, require_revision
from tests.app import build


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            build.site(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.reading() as session:
        assert session.exec(select(Site)).all() == []
    with database.transaction() as session:
        kept = build.site(session)
    assert kept.name == "MUC"


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with pytest.raises(ReadOnlyError), database.reading() as session:
        build.site(session)
    with database.reading() as session:
        assert session.exec(select(Site)).all() == []


def test_read_then_write_loses_nothing_under_many_threads(database: Database) -> None:
    """The classic that fails with deferred transactions: count, then insert what was counted."""
    with database.transaction() as session:
        build.queue(session, build.site(session), weight=0.0)

    def count_up(_number: int) -> None:
        with database.transaction() as session:
            row = session.exec(select(Queue).with_for_update()).one()
            row.weight += 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(count_up, range(80)))
    with database.reading() as session:
        assert session.exec(select(Queue)).one().weight == 80


def test_a_reader_is_not_kept_waiting_by_a_writer(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.transaction() as writer:
        build.site(writer)
        with database.reading() as reader:
            assert reader.exec(select(Site)).all() == []
    database.dispose()


def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    summer = timezone(timedelta(hours=2))
    with database.transaction() as session:
        made = build.week(session, build.site(session))
        made.entry_deadline_at = datetime(2020, 3, 30, 8, 0, tzinfo=summer)
    with database.reading() as session:
        read = session.exec(select(Week)).one()
        assert read.entry_deadline_at == datetime(2020, 3, 30, 6, 0, tzinfo=UTC)
        assert read.entry_deadline_at.utcoffset() == timedelta(0)
        early = session.exec(select(Week).where(Week.entry_deadline_at < datetime(2020, 3, 30, 8, 1, tzinfo=summer)))
        assert early.one() is read


def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError) as caught, database.transaction() as session:
        build.week(session, build.site(session)).entry_deadline_at = datetime(2020, 3, 30, 8, 0)  # noqa: DTZ001
    assert isinstance(caught.value.orig, NaiveInstantError)


def test_typed_json_comes_back_as_it_was_and_refuses_the_rest(database: Database) -> None:
    with database.transaction() as session:
        made = build.site(session, holidays=[date(2020, 4, 10)])
    with database.reading() as session:
        read = session.get_one(Site, made.id)
        assert read.labour == build.LABOUR
        assert read.duty_rules == build.DUTY_RULES
        assert read.holidays == [date(2020, 4, 10)]
    with pytest.raises(StatementError) as caught, database.transaction() as session:
        build.agent(session, session.get_one(Site, made.id), "a1", limits={"earliest": "08:00"})
    assert isinstance(caught.value.orig, ValidationError)


REFUSED: dict[str, Callable[[Session, Site], Any]] = {
    "slots of 7 minutes": lambda session, _home: build.site(session, "x", slot_minutes=7),
    "two sites of one key": lambda session, home: build.site(session, home.key),
    "hygiene that ends before it begins": lambda session, home: build.hygiene(
        session, home, valid_to_on=date(2019, 12, 31)
    ),
    "a negative distance": lambda session, home: build.hygiene(session, home, min_distance_m=-0.1),
    "a queue without letter": lambda session, home: build.queue(session, home, letter="?"),
    "a small letter": lambda session, home: build.queue(session, home, letter="b"),
    "a service level of all calls": lambda session, home: build.queue(session, home, service_level=1.0),
    "agents of more than 100 % occupancy": lambda session, home: build.queue(session, home, max_agent_occupancy=1.1),
    "everybody shrunk away": lambda session, home: build.queue(session, home, shrinkage_share=1.0),
    "a contract upside down": lambda session, home: build.agent(session, home, "a1", weekly_max_minutes=1139),
    "eight workdays": lambda session, home: build.agent(session, home, "a1", max_workdays=8),
    "a home wish nobody knows": lambda session, home: session.connection().execute(
        sa.update(Agent).where(col(Agent.site_id) == home.id).values(home_wish=sa.literal_column("'never'"))
    ),
    "a window that ends before it starts": lambda session, home: _pattern(session, home, 600, 600),
    "a window past the second midnight": lambda session, home: _pattern(session, home, 0, 2881),
    "a window on the eighth weekday": lambda session, home: _pattern(session, home, 0, 60, weekday=7),
    "an account in capitals": lambda session, home: _account(session, home, login_name="Mona"),
    "a manager of no site": lambda session, home: _account(session, home, site_id=None),
    "an agent's account without agent": lambda session, home: _account(session, home, role=Role.AGENT),
    "two active jobs of a week": lambda session, home: _two_jobs(session, home, JobState.RUNNING, JobState.QUEUED),
    "two stopping jobs of a week": lambda session, home: _two_jobs(session, home, JobState.STOPPING, JobState.QUEUED),
    "a desk in a room of another site": lambda session, home: _desk(session, home, build.site(session, "other")),
}


def _pattern(session: Session, home: Site, start: int, end: int, weekday: int = 0) -> None:
    build.saved(
        session,
        AvailabilityPattern(
            agent_id=build.agent(session, home, "p1").id,
            weekday=weekday,
            start_clock_minutes=start,
            end_clock_minutes=end,
            kind=PatternKind.BLOCKED,
            valid_from_on=build.MONDAY,
        ),
    )


def _account(session: Session, home: Site, **changes: Any) -> None:
    fields = {"login_name": "mona", "display_name": "Mona", "password_hash": "x", "role": Role.MANAGER}
    build.saved(session, UserAccount(**{**fields, "site_id": home.id, "created_at": build.NOW, **changes}))


def _two_jobs(session: Session, home: Site, first: JobState, second: JobState) -> None:
    week = build.week(session, home)
    build.job(session, week, first)
    build.job(session, week, second)


def _desk(session: Session, home: Site, other: Site) -> None:
    room = build.room(session, other, "far")
    build.saved(session, Desk(site_id=home.id, room_id=room.id, key="x", x_m=9.0, y_m=9.0))


@pytest.mark.parametrize("wrong", REFUSED)
def test_the_database_refuses(database: Database, wrong: str) -> None:
    with database.transaction() as session:
        home = build.site(session)
        build.agent(session, home, "first")
    with pytest.raises(IntegrityError), database.transaction() as session:
        REFUSED[wrong](session, home)


def test_a_finished_job_makes_room_for_the_next(database: Database) -> None:
    with database.transaction() as session:
        week = build.week(session, build.site(session))
        for state in (JobState.DONE, JobState.FAILED, JobState.SUPERSEDED, JobState.QUEUED):
            build.job(session, week, state)
    with database.reading() as session:
        assert len(session.exec(select(PlanJob)).all()) == 4


@pytest.fixture
def published(database: Database, world: build.World) -> tuple[Database, build.World]:
    return database, world


CHANGES: dict[str, Callable[[build.World], sa.Update | sa.Delete]] = {
    "a version's author": lambda world: sa.update(RosterVersion).values(author_id=world.users[Role.ADMINISTRATOR]),
    "a version deleted": lambda _world: sa.delete(RosterVersion),
    "a duty moved": lambda _world: sa.update(PublishedDuty).values(ends_at=build.local(build.MONDAY, "13:00")),
    "a duty deleted": lambda _world: sa.delete(PublishedDuty),
    "a file": lambda _world: sa.update(Document).values(content=b""),
    "an event": lambda _world: sa.update(AuditEvent).values(action="nothing"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_published_never_changes(published: tuple[Database, build.World], change: str) -> None:
    database, world = published
    with pytest.raises(IntegrityError, match=r"immutable|foreign key"), database.transaction() as session:
        session.connection().execute(CHANGES[change](world))


def test_a_complete_version_takes_no_more_duties(published: tuple[Database, build.World]) -> None:
    database, world = published
    span = build.local(build.MONDAY, "08:00"), build.local(build.MONDAY, "12:00")
    with database.reading() as session:
        version, agent = session.get_one(RosterVersion, world.version_id), session.get_one(Agent, world.agent_id)
    with pytest.raises(IntegrityError, match="immutable"), database.transaction() as session:
        build.duty(session, version, agent, *span, position=1)


@pytest.mark.parametrize(
    ("same_agent", "same_desk", "start", "end", "fits"),
    [
        (True, False, "11:45", "16:00", False),
        (True, False, "12:00", "16:00", True),
        (True, False, "04:00", "08:00", True),
        (True, False, "04:00", "08:15", False),
        (False, True, "11:45", "16:00", False),
        (False, True, "12:00", "16:00", True),
        (False, True, "04:00", "08:00", True),
        (False, False, "08:00", "12:00", True),
    ],
)
def test_nobody_and_no_desk_is_used_twice_at_once(
    database: Database, world: build.World, *, same_agent: bool, same_desk: bool, start: str, end: str, fits: bool
) -> None:
    with database.transaction() as session:
        home, author = session.get_one(Site, world.site_id), session.get_one(UserAccount, world.users[Role.MANAGER])
        agents = [session.get_one(Agent, agent_id) for agent_id in (world.agent_id, world.second_agent_id)]
        desks = session.exec(select(Desk).order_by(col(Desk.id))).all()
        version = build.version(session, home, session.get_one(Week, world.week_id), author, duty_count=2)
        day = build.MONDAY
        build.duty(session, version, agents[0], build.local(day, "08:00"), build.local(day, "12:00"), desk=desks[0])

    def second() -> None:
        with database.transaction() as session:
            build.duty(
                session,
                version,
                agents[0 if same_agent else 1],
                build.local(day, start),
                build.local(day, end),
                desk=desks[0 if same_desk else 1],
                position=1,
            )

    if fits:
        second()
        return
    with pytest.raises(IntegrityError):
        second()


def test_two_publishers_at_once_get_one_version(database: Database, world: build.World) -> None:
    ready = threading.Barrier(2)

    def publish(_number: int) -> bool:
        ready.wait(10)
        try:
            with database.transaction() as session:
                home, week = session.get_one(Site, world.site_id), session.get_one(Week, world.week_id)
                author = session.get_one(UserAccount, world.users[Role.MANAGER])
                build.version(session, home, week, author)
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, range(2))) == [False, True]


def test_files_come_back_as_they_were(database: Database) -> None:
    content = {"format": "roster/1", "name": "München", "numbers": [1, 2.5, None]}
    with database.transaction() as session:
        document_id = documents.store(session, DocumentKind.ROSTER, content)
    with database.reading() as session:
        assert documents.load(session, document_id) == content
        with pytest.raises(NotFoundError):
            documents.load(session, document_id + 1)


def test_breaks_of_a_duty_come_back_aware(database: Database, world: build.World) -> None:
    span = StoredSpan(starts_at=build.local(build.MONDAY, "10:00"), ends_at=build.local(build.MONDAY, "10:30"))
    with database.transaction() as session:
        home, author = session.get_one(Site, world.site_id), session.get_one(UserAccount, world.users[Role.MANAGER])
        version = build.version(session, home, session.get_one(Week, world.week_id), author)
        made = PublishedDuty(
            version_id=version.id,
            position=0,
            agent_id=world.agent_id,
            starts_at=build.local(build.MONDAY, "08:00"),
            ends_at=build.local(build.MONDAY, "14:30"),
            place=Place.HOME,
            breaks=[span],
        )
        build.saved(session, made)
    with database.reading() as session:
        assert session.get_one(PublishedDuty, made.id).breaks == [span]


def test_rows_of_another_site_are_not_found(database: Database, world: build.World) -> None:
    with database.reading() as session:
        assert of_site(session, Week, world.week_id, world.site_id).id == world.week_id
        assert of_site(session, Week, world.week_id, None).id == world.week_id
        for site_id, week_id in ((world.other_site_id, world.week_id), (world.site_id, 99_999)):
            with pytest.raises(NotFoundError):
                of_site(session, Week, week_id, site_id)


def test_a_form_on_an_old_revision_is_refused() -> None:
    agent = Agent(site_id=1, key="a1", display_name="A", weekly_min_minutes=0, weekly_max_minutes=0)
    require_revision(agent, 1)
    assert agent.revision == 2
    with pytest.raises(RefusedError):
        require_revision(agent, 1)


def test_hygiene_rules_of_a_day_are_those_that_began_last(database: Database) -> None:
    with database.transaction() as session:
        home = build.site(session)
        for name, begins, ends in (
            ("spring", date(2020, 4, 16), date(2020, 8, 19)),
            ("winter", date(2021, 1, 27), None),
            ("pilot", date(2020, 8, 1), date(2020, 8, 10)),
        ):
            build.hygiene(session, home, name=name, valid_from_on=begins, valid_to_on=ends)
    expected = {
        date(2020, 4, 15): None,
        date(2020, 4, 16): "spring",
        date(2020, 8, 10): "pilot",
        date(2020, 8, 19): "spring",
        date(2020, 8, 20): None,
        date(2030, 1, 1): "winter",
    }
    with database.reading() as session:
        found: dict[date, HygieneProfile | None] = {day: sites.hygiene_on(session, home.id, day) for day in expected}
    assert {day: profile.name if profile else None for day, profile in found.items()} == expected


def test_holidays_are_those_of_the_land_and_the_sites_own() -> None:
    rules: Any = {"time_zone": "Europe/Berlin", "duty_rules": build.DUTY_RULES, "labour": build.LABOUR}
    bavaria = Site(key="m", name="M", land="BY", holidays=[date(2020, 12, 24)], **rules)
    hamburg = Site(key="h", name="H", land="HH", holidays=[], **rules)
    epiphany = date(2020, 1, 6)
    assert sites.holidays_between(bavaria, date(2020, 1, 2), epiphany) == [epiphany]
    assert sites.holidays_between(hamburg, date(2020, 1, 2), epiphany) == []
    assert sites.holidays_between(bavaria, date(2020, 12, 21), date(2021, 1, 1)) == [
        date(2020, 12, 24),
        date(2020, 12, 25),
        date(2020, 12, 26),
        date(2021, 1, 1),
    ]


def test_database_that_does_not_answer_is_told(sqlite_url: str) -> None:
    from app.db import answers

    working = Database(sqlite_url)
    assert answers(working)
    working.dispose()
    gone = Database("postgresql+psycopg://nobody@/nothing?host=/nonexistent")
    assert not answers(gone)
    with pytest.raises(DBAPIError), gone.reading() as session:
        session.connection()
