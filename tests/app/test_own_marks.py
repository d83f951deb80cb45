"""Ticks for childcare: for the agent's own eyes, sealed; and duties that lie in blocked time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlmodel import Session

from app.db import Database
from app.messages import catalogue
from app.models import (
    AvailabilityException,
    AvailabilityPattern,
    DatedWindow,
    ExceptionKind,
    OwnMark,
    PatternKind,
    PatternWeeks,
    Queue,
    RepeatedWindow,
    Role,
    Site,
    StatedWindows,
    Week,
)
from app.problem_builder import build_problem
from app.services import own_marks, shift_booking
from app.services.audit import Actor
from app.services.own_marks import OwnMarks, Sealer
from tests.app import booking_site, build
from tests.app.build import MONDAY, NOW, World
from tests.app.test_agent_availability import MORNING, PAGE, painted, seen, send

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret of forty characters for this test"
BLOCKED = {"start_clock_minutes": 480, "end_clock_minutes": 720}


def repeated(**changes: object) -> RepeatedWindow:
    fields = {"weekday": 1, "kind": PatternKind.BLOCKED, "weeks": PatternWeeks.EVERY, "valid_from_on": MONDAY}
    return RepeatedWindow.model_validate({**BLOCKED, **fields, **changes})


def dated(**changes: object) -> DatedWindow:
    return DatedWindow.model_validate({**BLOCKED, "applies_on": MONDAY, "kind": ExceptionKind.BLOCKED, **changes})


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.AGENT)


def tick(browser: FlaskClient, value: str = "1") -> int:
    page = browser.get(PAGE).text
    ids = re.findall(r'name="window_id" value="(\d+)"', page)
    kind = re.search(r'name="window_kind" value="(\w+)"', page)
    assert kind is not None
    return send(browser, "tick", window_kind=kind[1], window_id=[ids[0]], ticked=value).status_code


def is_ticked(browser: FlaskClient) -> list[bool]:
    return [value == "true" for value in re.findall(r'own-tick"[^>]*aria-pressed="(\w+)"', browser.get(PAGE).text)]


def test_what_is_sealed_opens_with_its_own_key_only() -> None:
    marks = StatedWindows(dated=(dated(),))
    sealed = Sealer(SECRET, 7).close(marks)
    assert Sealer(SECRET, 7).open(sealed) == marks
    assert Sealer(SECRET, 8).open(sealed) is None
    assert Sealer(SECRET + "!", 7).open(sealed) is None
    assert b"2020" not in sealed


@pytest.mark.parametrize(
    ("mark", "window", "lies_on"),
    [
        (dated(), dated(start_clock_minutes=690, end_clock_minutes=900), True),
        (dated(), dated(start_clock_minutes=720, end_clock_minutes=900), False),  # one ends as the other begins
        (dated(), dated(applies_on=MONDAY + timedelta(days=1)), False),
        (dated(), dated(kind=ExceptionKind.UNDESIRED), False),
        (dated(), repeated(weekday=0), False),
        (repeated(), repeated(end_clock_minutes=490), True),
        (repeated(), repeated(weekday=2), False),
        (repeated(), repeated(weeks=PatternWeeks.ODD), False),
        (repeated(), repeated(kind=PatternKind.PREFERRED), False),
        (repeated(valid_to_on=date(2020, 4, 5)), repeated(valid_from_on=date(2020, 4, 6)), False),
        (repeated(valid_to_on=date(2020, 4, 6)), repeated(valid_from_on=date(2020, 4, 6)), True),
    ],
)
def test_a_tick_lies_on_what_it_shares_a_minute_with(
    mark: RepeatedWindow | DatedWindow, window: RepeatedWindow | DatedWindow, *, lies_on: bool
) -> None:
    own = [mark]
    stated = StatedWindows(
        repeated=tuple(one for one in own if isinstance(one, RepeatedWindow)),
        dated=tuple(one for one in own if isinstance(one, DatedWindow)),
    )
    assert OwnMarks(stated).has(window) is lies_on


def test_a_tick_is_set_shown_and_taken_off(browser: FlaskClient) -> None:
    painted(browser, MORNING)
    assert is_ticked(browser) == [False]
    assert tick(browser) == 303
    assert is_ticked(browser) == [True]
    assert tick(browser, "0") == 303
    assert is_ticked(browser) == [False]


def test_a_tick_stays_while_its_window_is_cut_and_goes_when_it_cannot_come_back(
    browser: FlaskClient, database: Database, world: World
) -> None:
    sealer = Sealer(browser.application.config["SECRET_KEY"], world.agent_id)
    painted(browser, MORNING)
    tick(browser)
    painted(browser, [{"day": 0, "start": 600, "end": 720, "kind": "blocked"}])
    assert is_ticked(browser) == [True]
    painted(browser, [])
    browser.post("/agent/availability/undo")
    assert is_ticked(browser) == [True]
    painted(browser, [])
    painted(browser, [{"day": 3, "start": 600, "end": 720, "kind": "blocked"}])
    painted(browser, [{"day": 4, "start": 600, "end": 720, "kind": "blocked"}])
    with database.reading() as session:
        assert own_marks.of_agent(session, sealer).ticked == StatedWindows()


def test_days_blocked_for_the_daycare_are_ticked_and_days_away_are_not(browser: FlaskClient) -> None:
    span = {"start": "00:00", "end": "24:00"}
    send(browser, "block-days", first_on="2020-03-30", last_on="2020-03-31", ticked="1", **span)
    send(browser, "block-days", first_on="2020-04-02", last_on="2020-04-02", **span)
    assert is_ticked(browser) == [True, False]
    assert "Mo 30.3. – Di 31.3. ganztags gesperrt" in browser.get(PAGE).text


def test_days_in_a_row_that_say_the_same_are_one_line(browser: FlaskClient) -> None:
    morning = {"start": 480, "end": 720, "kind": "blocked"}
    painted(browser, [{"day": day, **morning} for day in (0, 1, 3)] + [{"day": 2, **morning, "kind": "undesired"}])
    kept = browser.get(PAGE).text.partition('class="kept-windows"')[2]
    lines = re.findall(r"<li><span>([^<]+)</span>", kept)
    assert lines == [
        "Mo 30.3. – Di 31.3. 08:00–12:00 gesperrt",
        "Mi 1.4. 08:00–12:00 ungünstig",
        "Do 2.4. 08:00–12:00 gesperrt",
    ]


def test_another_agents_windows_cannot_be_ticked(browser: FlaskClient, database: Database, world: World) -> None:
    with database.transaction() as session:
        other = build.agent(session, session.get_one(Site, world.site_id), "a2", session.get_one(Queue, world.queue_id))
        window = build.saved(session, AvailabilityException(agent_id=other.id, **dated().model_dump()))
        window_id = window.id
    answer = browser.post(
        f"{PAGE}/tick", data={"seen": seen(browser), "window_kind": "dated", "window_id": window_id, "ticked": "1"}
    )
    assert answer.status_code == 404


def test_with_another_key_the_page_says_so_and_new_ticks_hold(
    browser: FlaskClient, database: Database, world: World
) -> None:
    painted(browser, MORNING)
    with database.transaction() as session:
        sealed = Sealer(SECRET, world.agent_id).close(StatedWindows(dated=(dated(),)))
        session.add(OwnMark(agent_id=world.agent_id, sealed=sealed))
    assert "nicht mehr lesbar" in browser.get(PAGE).text
    assert is_ticked(browser) == [False]
    tick(browser)
    assert "nicht mehr lesbar" not in browser.get(PAGE).text
    assert is_ticked(browser) == [True]


def test_planning_the_log_and_the_windows_know_nothing_of_a_tick(
    browser: FlaskClient, database: Database, world: World
) -> None:
    painted(browser, MORNING)
    with database.reading() as session:
        before = _all_but_sealed(session)
        planned = build_problem(session, session.get_one(Week, world.week_id)).model_dump_json()
    tick(browser)
    with database.reading() as session:
        assert _all_but_sealed(session) == before
        assert build_problem(session, session.get_one(Week, world.week_id)).model_dump_json() == planned


def _all_but_sealed(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the sealed one."""
    tables = [table for table in AvailabilityPattern.metadata.sorted_tables if table.name != "own_mark"]
    return {table.name: sorted(map(tuple, session.execute(sa.select(table))), key=repr) for table in tables}


def test_only_the_service_of_ticks_opens_them() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("app", "solver")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bOwnMark\b", path.read_text(encoding="utf-8"))
    }
    allowed = {"app/models/own_mark.py", "app/models/__init__.py", "app/services/own_marks.py"}
    assert readers - allowed <= {"app/services/retention.py"}


def test_every_word_of_childcare_is_said_to_agents_only() -> None:
    speaking = {key for key, texts in catalogue().items() if "Kinderbetreuung" in texts[0] or "hildcare" in texts[1]}
    assert {key.partition(".")[0] for key in speaking} <= {"own_mark", "agent_more"}


@pytest.fixture
def booked_week(database: Database) -> booking_site.BookingSite:
    """An agent who booked Thursday 08:00 to 12:00."""
    with database.transaction() as session:
        made = booking_site.make(session)
        booking_site.book(session, made, "a1", "08:00", "12:00", day=3)
    return made


def test_blocking_the_time_of_a_booking_does_not_end_planning(
    database: Database, booked_week: booking_site.BookingSite
) -> None:
    with database.transaction() as session:
        window = dated(applies_on=MONDAY + timedelta(days=3), start_clock_minutes=600, end_clock_minutes=840)
        session.add(AvailabilityException(agent_id=booked_week.agents["a1"], **window.model_dump()))
        session.flush()
        planned = build_problem(session, session.get_one(Week, booked_week.week_id))
    own = next(agent for agent in planned.agents if agent.id == "a1")
    assert [(duty.start.hour, duty.end.hour) for duty in own.fixed] == [(8, 12)]
    assert [(window.start.hour, window.end.hour) for window in own.availability] == [(12, 14)]


def test_the_page_names_duties_in_blocked_time_before_and_after_saving(
    browser: FlaskClient, database: Database, world: World
) -> None:
    with database.transaction() as session:
        _book(session, world)
    preview = browser.post(
        f"{PAGE}/preview",
        data={"seen": "", "scope": "week", "painted": '[{"day": 3, "start": 600, "end": 840, "kind": "blocked"}]'},
    )
    said = "In gesperrter Zeit liegt ein Dienst von Ihnen: Do 2.4. 08:00–12:00."
    assert said in preview.text
    assert said not in browser.get(PAGE).text
    painted(browser, [{"day": 3, "start": 720, "end": 840, "kind": "blocked"}])
    assert said not in browser.get(PAGE).text  # the duty ends as the window begins
    painted(browser, [{"day": 3, "start": 600, "end": 840, "kind": "blocked"}])
    assert said in browser.get(PAGE).text
    browser.post("/language", data={"language": "en"})
    assert "A duty of yours lies in blocked time: Thu 2 Apr 08:00–12:00." in browser.get(PAGE).text


def _book(session: Session, world: World) -> None:
    booking_site.open_for_booking(session, session.get_one(Week, world.week_id))
    who = Actor(user_id=world.users[Role.AGENT], role=Role.AGENT, site_id=world.site_id, agent_id=world.agent_id)
    shift_booking.book_time(session, who, NOW, booking_site.wish("08:00", "12:00", day=3))
