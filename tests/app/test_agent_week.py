"""My week: what is shown, what changed, what is noted as seen, and that it is one's own only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError
from app.models import (
    Agent,
    Desk,
    Place,
    PublishedDuty,
    Role,
    RosterSeen,
    RosterVersion,
    Site,
    StoredServes,
    StoredSpan,
    UserAccount,
    Week,
    WeekState,
)
from app.services import my_week
from app.services.audit import Actor
from tests.app import build
from tests.app.build import MONDAY, NOW, World
from tests.app.conftest import FrozenClock

PUBLISHED_MONDAY = MONDAY - timedelta(weeks=1)
Plan = list[tuple[datetime, datetime, Desk | None]]


@pytest.fixture
def anna(world: World) -> Actor:
    return Actor(world.users[Role.AGENT], Role.AGENT, world.site_id, world.agent_id)


def publish(session: Session, world: World, week_id: int, number: int, plan: Plan, agent_id: int | None = None) -> int:
    site, week = session.get_one(Site, world.site_id), session.get_one(Week, week_id)
    author = session.get_one(UserAccount, world.users[Role.MANAGER])
    version = build.version(session, site, week, author, number=number, duty_count=len(plan))
    agent = session.get_one(Agent, agent_id or world.agent_id)
    for position, (starts_at, ends_at, desk) in enumerate(plan):
        build.duty(session, version, agent, starts_at, ends_at, desk=desk, position=position)
    return version.id


def desk(session: Session, key: str) -> Desk:
    return session.exec(select(Desk).where(Desk.key == key)).one()


def on(day: int, start: str, end: str, first_day: date = PUBLISHED_MONDAY) -> tuple[datetime, datetime]:
    ends_on = first_day + timedelta(days=day + (end <= start))
    return build.local(first_day + timedelta(days=day), start), build.local(ends_on, end)


def test_duties_are_on_the_day_they_begin_with_desk_room_and_break(
    database: Database, world: World, anna: Actor
) -> None:
    with database.transaction() as session:
        mine = desk(session, "3-east-02")
        starts_at, ends_at = on(2, "08:00", "14:30")
        site, week = session.get_one(Site, world.site_id), session.get_one(Week, world.published_week_id)
        version = build.version(
            session, site, week, session.get_one(UserAccount, world.users[Role.MANAGER]), number=2, duty_count=1
        )
        pause = StoredSpan(starts_at=on(2, "11:00", "11:30")[0], ends_at=on(2, "11:00", "11:30")[1])
        work = StoredServes(starts_at=starts_at, ends_at=ends_at, queue="mobile")
        session.add(
            PublishedDuty(
                version_id=version.id,
                position=0,
                agent_id=world.agent_id,
                starts_at=starts_at,
                ends_at=ends_at,
                place=Place.SITE,
                desk_id=mine.id,
                breaks=[pause],
                serves=[work],
            )
        )
        session.flush()
        shown = my_week.week_of(session, anna, world.published_week_id)
    days = {day.day.weekday(): day for day in shown.days}
    assert [len(days[number].duties) for number in range(7)] == [0, 0, 1, 0, 0, 0, 0]
    duty = days[2].duties[0]
    assert duty.work_minutes == 360
    assert duty.desk is not None
    assert duty.desk.key == "3-east-02"
    assert duty.plan is not None
    assert len(duty.plan.desks) == 4
    assert duty.serves[0].queue is not None
    assert duty.serves[0].queue.letter == "A"


def test_hours_are_those_that_pass_when_the_clock_changes(database: Database, world: World, anna: Actor) -> None:
    """22:00 to 06:00 is eight hours, seven in the night of 29 March 2020 and nine in that of 25 October."""
    autumn_monday = date(2020, 10, 19)
    with database.transaction() as session:
        site = session.get_one(Site, world.site_id)
        plan: Plan = [(*on(day, "22:00", "06:00"), None) for day in (4, 5)]
        publish(session, world, world.published_week_id, 2, plan)
        autumn = build.week(session, site, autumn_monday, WeekState.PUBLISHED)
        publish(session, world, autumn.id, 1, [(*on(5, "22:00", "06:00", autumn_monday), None)])
        spring = my_week.week_of(session, anna, world.published_week_id)
        later = my_week.week_of(session, anna, autumn.id)
    assert [duty.work_minutes for duty in spring.duties] == [480, 420]
    assert [duty.work_minutes for duty in later.duties] == [540]
    assert [day.clock_shift_minutes for day in spring.days] == [0, 0, 0, 0, 0, 0, -60]
    assert [day.clock_shift_minutes for day in later.days] == [0, 0, 0, 0, 0, 0, 60]
    assert [day.day.weekday() for day in spring.days if day.duties] == [4, 5]
    assert [day.until_next_day for day in spring.days] == [False] * 4 + [True, True, False]


def test_a_change_is_shown_until_it_is_seen(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.AGENT)
    address = f"/agent/week/{world.published_week_id}"
    assert "Geändert" not in browser.get(address).text
    with database.transaction() as session:
        plan: Plan = [(*on(0, "08:00", "12:00"), desk(session, "3-east-01")), (*on(3, "09:00", "13:00"), None)]
        second = publish(session, world, world.published_week_id, 2, plan)
    for _ in range(2):
        page = browser.get(address).text
        assert "Geändert, seit Sie zuletzt geschaut haben" in page
        assert "Montag, 23. März" in page
        assert "Donnerstag, 26. März" in page
    assert browser.post(f"{address}/seen", data={"version_id": second}).status_code == 303
    assert "Geändert" not in browser.get(address).text


def test_seeing_one_version_is_not_seeing_the_next(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser, address = as_role(Role.AGENT), f"/agent/week/{world.published_week_id}"
    browser.get(address)
    with database.transaction() as session:
        second = publish(session, world, world.published_week_id, 2, [(*on(1, "08:00", "12:00"), None)])
        publish(session, world, world.published_week_id, 3, [(*on(2, "08:00", "12:00"), None)])
    browser.post(f"{address}/seen", data={"version_id": second})
    page = browser.get(address).text
    assert "Dienstag, 24. März" in page
    assert "Mittwoch, 25. März" in page
    assert "Montag, 23. März" not in page


def test_a_version_that_changes_nothing_for_me_is_noted_quietly(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser, address = as_role(Role.AGENT), f"/agent/week/{world.published_week_id}"
    browser.get(address)
    with database.transaction() as session:
        second = publish(session, world, world.published_week_id, 2, [(*on(0, "08:00", "12:00"), None)])
    assert "Geändert" not in browser.get(address).text
    with database.reading() as session:
        assert session.exec(select(RosterSeen)).one().version_id == second


def test_an_older_version_never_replaces_a_newer_one_that_was_seen(
    database: Database, world: World, anna: Actor
) -> None:
    with database.transaction() as session:
        second = publish(session, world, world.published_week_id, 2, [])
        my_week.mark_seen(session, anna, NOW, world.published_week_id, second)
        my_week.mark_seen(session, anna, NOW, world.published_week_id, world.version_id)
        assert session.exec(select(RosterSeen)).one().version_id == second
        with pytest.raises(NotFoundError):
            my_week.mark_seen(session, anna, NOW, world.week_id, second)


def test_only_what_is_new_about_a_day_is_said(database: Database, world: World, anna: Actor) -> None:
    with database.transaction() as session:
        first, second = desk(session, "3-east-01"), desk(session, "3-east-02")
        seen = publish(session, world, world.published_week_id, 2, [(*on(1, "08:00", "12:00"), first)])
        my_week.mark_seen(session, anna, NOW, world.published_week_id, seen)
        publish(session, world, world.published_week_id, 3, [(*on(1, "08:00", "12:00"), second)])
        change = my_week.week_of(session, anna, world.published_week_id).changes[0]
    assert (change.has_new_times, change.has_new_places, change.has_new_breaks) == (False, True, False)


def test_nothing_of_colleagues_is_on_the_page(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    with database.transaction() as session:
        mine, theirs = desk(session, "3-east-01"), desk(session, "3-east-04")
        site, week = session.get_one(Site, world.site_id), session.get_one(Week, world.published_week_id)
        author = session.get_one(UserAccount, world.users[Role.MANAGER])
        version = build.version(session, site, week, author, number=2, duty_count=2)
        anna, ben = session.get_one(Agent, world.agent_id), session.get_one(Agent, world.second_agent_id)
        build.duty(session, version, anna, *on(2, "08:00", "12:00"), desk=mine)
        build.duty(session, version, ben, *on(3, "09:15", "13:15"), desk=theirs, position=1)
    page = as_role(Role.AGENT).get(f"/agent/week/{world.published_week_id}").text
    assert "3-east-01" in page
    assert "3-east-04" not in page
    assert "09:15" not in page
    assert "Agent a002" not in page


def test_the_plan_of_a_room_is_for_those_who_sit_there(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.AGENT)
    address = f"/agent/week/{world.published_week_id}/rooms/{world.room_id}"
    assert browser.get(address).status_code == 404
    with database.transaction() as session:
        plan: Plan = [(*on(2, "08:00", "12:00"), desk(session, "3-east-01"))]
        publish(session, world, world.published_week_id, 2, plan)
    page = browser.get(address)
    assert page.status_code == 200
    assert 'class="desk own-desk"' in page.text


def test_the_week_of_today_comes_first_then_the_next_with_a_roster(database: Database, anna: Actor) -> None:
    with database.reading() as session:
        assert my_week.current_week(session, anna, NOW).first_day == PUBLISHED_MONDAY
        next_week = my_week.current_week(session, anna, NOW + timedelta(weeks=1))
    assert next_week.first_day == MONDAY
    assert next_week.version is None
    assert next_week.previous is not None


def test_an_empty_week_says_when_the_roster_comes(
    world: World, as_role: Callable[[Role], FlaskClient], clock: FrozenClock
) -> None:
    browser = as_role(Role.AGENT)
    page = browser.get(f"/agent/week/{world.week_id}").text
    assert "Noch kein Dienstplan für KW 14" in page
    assert "27.3.2020, 13:00" in page
    clock.at = NOW + timedelta(days=3)
    assert "die Standortleitung plant" in browser.get(f"/agent/week/{world.week_id}").text
    clock.at = NOW + timedelta(days=30)
    assert "noch nicht angelegt" in browser.get("/agent/week").text


def test_past_days_are_folded_and_today_is_first(
    world: World, as_role: Callable[[Role], FlaskClient], clock: FrozenClock
) -> None:
    browser = as_role(Role.AGENT)
    page = browser.get(f"/agent/week/{world.published_week_id}").text
    assert page.index("Mi 25.3.") < page.index("So 29.3.") < page.index("Vergangene Tage (2)") < page.index("Mo 23.3.")
    clock.at = NOW + timedelta(weeks=2)
    assert "Vergangene Tage" not in browser.get(f"/agent/week/{world.published_week_id}").text


@pytest.mark.parametrize("version_id", ["", "x", "-1", "9" * 30, "²"])
def test_garbage_as_the_version_seen_changes_nothing(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient], version_id: str
) -> None:
    answer = as_role(Role.AGENT).post(f"/agent/week/{world.published_week_id}/seen", data={"version_id": version_id})
    assert answer.status_code == 400
    with database.reading() as session:
        assert session.exec(select(RosterSeen)).all() == []


@contextmanager
def counted(database_engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(database_engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(database_engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow_with_duties_and_colleagues(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    browser = as_role(Role.AGENT)
    engine: sa.Engine = browser.application.extensions["abstand_database"].engine
    addresses = (f"/agent/week/{world.published_week_id}", f"/agent/availability/{MONDAY}", "/agent/more")

    def queries() -> list[int]:
        numbers = []
        for address in addresses:
            browser.get(address)
            with counted(engine) as statements:
                assert browser.get(address).status_code == 200
            numbers.append(len(statements))
        return numbers

    few = queries()
    with database.transaction() as session:
        site, week = session.get_one(Site, world.site_id), session.get_one(Week, world.published_week_id)
        author: UserAccount = session.get_one(UserAccount, world.users[Role.MANAGER])
        colleagues = [build.agent(session, site, f"c{number:03d}") for number in range(60)]
        desks = session.exec(select(Desk).order_by(Desk.key)).all()
        version: RosterVersion = build.version(session, site, week, author, number=2, duty_count=64)
        for day in range(4):
            build.duty(
                session,
                version,
                session.get_one(Agent, world.agent_id),
                *on(day, "08:00", "12:00"),
                desk=desks[day],
                position=day,
            )
        for number, colleague in enumerate(colleagues):
            build.duty(session, version, colleague, *on(0, "08:00", "12:00"), position=4 + number)
    browser.post(f"/agent/week/{world.published_week_id}/seen", data={"version_id": version.id})
    many = queries()
    assert max(many) <= 26, many
    # Duties at desks need desks and rooms: two queries that a week at home does without.
    assert many[0] - few[0] <= 2
    assert many[1:] == few[1:]
