"""The availability page: every form, what is refused and what is then still on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import AvailabilityEntry, AvailabilityException, AvailabilityPattern, PatternKind, Role
from tests.app.build import MONDAY, NOW, World
from tests.app.conftest import FrozenClock

PAGE = f"/agent/availability/{MONDAY}"
SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
MORNING = [{"day": 0, "start": 480, "end": 720, "kind": "blocked"}]


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.AGENT)


def seen(browser: FlaskClient) -> str:
    found = SEEN.search(browser.get(PAGE).text)
    assert found is not None
    return found[1]


def send(browser: FlaskClient, action: str, **fields: object) -> TestResponse:
    return browser.post(f"{PAGE}/{action}", data={"seen": seen(browser), "scope": "week", **fields})


def painted(browser: FlaskClient, windows: object, **fields: object) -> TestResponse:
    return send(browser, "paint", painted=json.dumps(windows), **fields)


def stored(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        patterns = session.exec(select(AvailabilityPattern)).all()
        return len(patterns), len(session.exec(select(AvailabilityException)).all())


def test_what_was_painted_is_shown_and_said_in_both_languages(browser: FlaskClient) -> None:
    assert "jederzeit verfügbar" in browser.get(PAGE).text
    assert painted(browser, MORNING).status_code == 303
    page = browser.get(PAGE).text
    assert page.count('class="cell blocked" data-kind="blocked"') == 8
    assert "Die Planung sieht in KW 14 · 30.3.–5.4.: Mo 08:00–12:00 gesperrt; sonst verfügbar. Nie den Grund." in page
    browser.post("/language", data={"language": "en"})
    assert "Planning sees in Week 14 · 30 Mar–5 Apr: Mon 08:00–12:00 blocked; otherwise" in browser.get(PAGE).text


def test_days_in_succession_are_named_from_to(browser: FlaskClient) -> None:
    days = [0, 1, 2, 3, 4, 6]
    painted(browser, [{"day": day, "start": 0, "end": 1440, "kind": "undesired"} for day in days])
    assert "Mo–Fr, So ganztags ungünstig" in browser.get(PAGE).text


def test_the_preview_says_what_planning_would_see_and_stores_nothing(browser: FlaskClient, database: Database) -> None:
    fields = {"seen": "", "scope": "odd", "painted": json.dumps(MORNING)}
    answer = browser.post(f"{PAGE}/preview", data=fields)
    assert answer.status_code == 200
    assert "Nach dem Speichern" in answer.text
    # The shown week 14 is even; what is painted for odd weeks shows in week 15.
    assert "KW 15" in answer.text
    assert "Mo 08:00–12:00 gesperrt" in answer.text
    assert stored(database) == (0, 0)
    assert browser.post(f"{PAGE}/preview", data={**fields, "painted": "{"}).status_code == 422


def test_a_second_tab_gets_an_answer_and_keeps_what_it_painted(browser: FlaskClient, database: Database) -> None:
    old = seen(browser)
    painted(browser, MORNING)
    evening = [{"day": 2, "start": 1080, "end": 1200, "kind": "preferred"}]
    answer = browser.post(f"{PAGE}/paint", data={"seen": old, "scope": "week", "painted": json.dumps(evening)})
    assert answer.status_code == 409
    assert "inzwischen anderswo geändert" in answer.text
    assert answer.text.count('class="cell preferred" data-kind="preferred"') == 4
    assert 'data-unsaved="true"' in answer.text
    assert "Nach dem Speichern" in answer.text
    assert stored(database) == (0, 1)
    again = SEEN.search(answer.text)
    assert again is not None
    fields = {"seen": again[1], "scope": "week", "painted": json.dumps(evening)}
    assert browser.post(f"{PAGE}/paint", data=fields).status_code == 303
    page = browser.get(PAGE).text
    assert 'data-kind="blocked"' not in page
    assert page.count('class="cell preferred" data-kind="preferred"') == 4


def test_a_typed_window_needs_no_script(browser: FlaskClient, database: Database) -> None:
    fields = {"days": ["0", "2"], "start": "08:00", "end": "12:30", "kind": "blocked", "scope": "even"}
    assert send(browser, "windows", **fields, valid_to_on="2020-04-24").status_code == 303
    with database.reading() as session:
        rows = session.exec(select(AvailabilityPattern)).all()
    assert sorted((row.weekday, row.start_clock_minutes, row.end_clock_minutes) for row in rows) == [
        (0, 480, 750),
        (2, 480, 750),
    ]
    page = browser.get(f"{PAGE}?scope=even").text
    assert "Mo, Mi 08:00–12:30 gesperrt, gerade Wochen, bis 24.4.2020" in page
    assert send(browser, "windows", **{**fields, "kind": "erase"}).status_code == 303
    assert stored(database) == (0, 0)


def test_removing_copying_blocking_confirming_and_taking_back(browser: FlaskClient, database: Database) -> None:
    painted(browser, MORNING, scope="every")
    assert send(browser, "same-as-last").status_code == 303
    assert stored(database)[1] == 1, "the week before had no such pattern, so its days are lifted here"
    assert browser.post("/agent/availability/undo", data={"next": PAGE}).headers["Location"] == PAGE
    assert stored(database) == (1, 0)
    painted(browser, [*MORNING, {"day": 3, "start": 480, "end": 720, "kind": "preferred"}])
    assert send(browser, "copy-forward", weeks="3").status_code == 303
    assert stored(database) == (1, 4)
    blocked = send(browser, "block-days", first_on="2020-04-06", last_on="2020-04-09", start="00:00", end="24:00")
    assert blocked.headers["Location"] == "/agent/availability/2020-04-06?scope=week"
    row_id = re.search(
        r'name="window_kind" value="repeated"><input type="hidden" name="window_id" value="(\d+)"',
        browser.get(PAGE).text,
    )
    assert row_id is not None
    assert send(browser, "remove", window_kind="repeated", window_id=row_id[1]).status_code == 303
    assert stored(database)[0] == 0
    assert send(browser, "confirm").status_code == 303
    assert "Von Ihnen bestätigt" in browser.get(PAGE).text
    with database.reading() as session:
        assert len(session.exec(select(AvailabilityEntry)).all()) == 1


def test_after_the_deadline_the_page_only_shows_and_names_whom_to_ask(
    browser: FlaskClient, database: Database, clock: FrozenClock
) -> None:
    mark = seen(browser)
    clock.at = NOW + timedelta(days=3)
    page = browser.get(PAGE).text
    assert "seit 27.3.2020, 13:00 geschlossen" in page
    assert "fragen Sie Mona" in page
    assert "availability.js" not in page
    assert "/agent/availability/2020-04-06" in page
    fields = {"seen": mark, "scope": "week", "painted": json.dumps(MORNING)}
    refused = browser.post(f"{PAGE}/paint", data=fields)
    assert refused.status_code == 409
    assert "Für KW 14 · 30.3.–5.4. ist die Eingabe seit 27.3.2020, 13:00 geschlossen" in refused.text
    assert refused.text.count('class="cell blocked"') >= 8, "what was painted is still to be seen"
    assert stored(database) == (0, 0)


def test_windows_of_another_agent_do_not_exist(browser: FlaskClient, database: Database, world: World) -> None:
    with database.transaction() as session:
        row = AvailabilityPattern(
            agent_id=world.second_agent_id,
            weekday=0,
            start_clock_minutes=0,
            end_clock_minutes=60,
            kind=PatternKind.BLOCKED,
            valid_from_on=MONDAY,
        )
        session.add(row)
    assert "00:00–01:00" not in browser.get(PAGE).text
    assert send(browser, "remove", window_kind="repeated", window_id=str(row.id)).status_code == 404
    assert stored(database) == (1, 0)


def test_the_hour_that_does_not_exist_cannot_be_painted(browser: FlaskClient, clock: FrozenClock) -> None:
    clock.at = NOW - timedelta(days=10)
    page = browser.get("/agent/availability/2020-03-23").text
    assert page.count('class="cell skipped"') == 2
    assert page.count("gibt es nicht, Zeitumstellung") == 2
    assert 'class="cell skipped"' not in browser.get("/agent/availability/2020-10-19").text
