"""What the forms of the availability page refuse, by name and with nothing lost.

Refused before anything is written, so one database tells as much as two.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Role
from tests.app.test_agent_availability import MORNING, PAGE, painted, seen, send, stored


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.AGENT)


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "null",
        "{}",
        "[[[[",
        "[" * 100_000,
        '[{"day": 7, "start": 0, "end": 30, "kind": "blocked"}]',
        '[{"day": 0, "start": 0, "end": 1470, "kind": "blocked"}]',
        '[{"day": 0, "start": -30, "end": 30, "kind": "blocked"}]',
        '[{"day": 0, "start": 0.5, "end": 30, "kind": "blocked"}]',
        '[{"day": 0, "start": 0, "end": 30, "kind": "sick"}]',
        '[{"day": 0, "start": 0, "end": 30, "kind": "blocked", "reason": "child"}]',
        '[{"day": 1e999, "start": 0, "end": 30, "kind": "blocked"}]',
        '[{"day": "0", "start": "0", "end": "30", "kind": "blocked"}]',
        "\x00\ud7ff",
    ],
)
def test_garbage_is_refused_and_nothing_is_lost(browser: FlaskClient, database: Database, garbage: str) -> None:
    painted(browser, MORNING)
    answer = send(browser, "paint", painted=garbage)
    assert answer.status_code == 422
    assert "nicht verständlich angekommen" in answer.text
    assert answer.text.count('class="cell blocked"') >= 8
    assert stored(database) == (0, 1)


def test_ten_thousand_windows_are_counted_and_refused(browser: FlaskClient, database: Database) -> None:
    answer = painted(browser, [{"day": 0, "start": 0, "end": 30, "kind": "blocked"}] * 10_000)
    assert answer.status_code == 422
    assert "höchstens 336 halbe Stunden, angekommen sind 10.000" in answer.text
    assert stored(database) == (0, 0)


def test_two_million_characters_are_refused_like_any_garbage(browser: FlaskClient) -> None:
    assert "nicht verständlich angekommen" in send(browser, "paint", painted="x" * 2_000_000).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": []}, "mindestens einen Tag"),
        ({"days": ["9"]}, "nicht verständlich"),
        ({"kind": "sick"}, "nicht verständlich"),
        ({"start": "12:00", "end": "08:00"}, "endet, bevor sie beginnt"),
        ({"start": "25:99"}, "keine Uhrzeit"),
        ({"end": ""}, "keine Uhrzeit"),
        ({"end": "36:00"}, "keine Uhrzeit"),
        ({"start": "08:10"}, "vollen oder halben Stunde"),
        ({"scope": "every", "valid_to_on": "2020-03-29"}, "liegt vor dieser Woche"),
        ({"scope": "every", "valid_to_on": "yesterday"}, "kein Datum"),
        ({"scope": "every", "valid_to_on": "99999-01-01"}, "kein Datum"),
    ],
)
def test_a_typed_window_that_cannot_be_is_shown_again(
    browser: FlaskClient, database: Database, changes: dict[str, object], said: str
) -> None:
    fields = {"days": ["0"], "start": "08:00", "end": "12:00", "kind": "blocked", **changes}
    answer = send(browser, "windows", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'class="typed" open' in answer.text
    assert stored(database) == (0, 0)


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("copy-forward", {"weeks": "0"}, "1 bis 12 Wochen"),
        ("copy-forward", {"weeks": "13"}, "1 bis 12 Wochen"),
        ("copy-forward", {"weeks": "999999999"}, "1 bis 12 Wochen"),
        ("copy-forward", {"weeks": "²"}, "keine Zahl"),
        ("block-days", {"first_on": "2020-04-09", "last_on": "2020-04-06"}, "vor dem ersten"),
        ("block-days", {"first_on": "2020-04-01", "last_on": "2020-12-31"}, "höchstens 62"),
        ("block-days", {"first_on": "1999-01-01", "last_on": "1999-01-02"}, "kein Datum"),
        ("block-days", {"first_on": "2020-01-01", "last_on": "2020-01-02"}, "Vergangenheit"),
        ("block-days", {"first_on": "2031-01-01", "last_on": "2031-01-02"}, "So weit voraus"),
        ("block-days", {"first_on": "", "last_on": ""}, "kein Datum"),
        ("remove", {"window_kind": "repeated", "window_id": "x"}, "keine Zahl"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    browser: FlaskClient, database: Database, action: str, fields: dict[str, str], said: str
) -> None:
    answer = send(browser, action, **{"start": "00:00", "end": "24:00", **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert stored(database) == (0, 0)


@pytest.mark.parametrize("day", ["2020-03-31", "2020-13-01", "2030-01-07", "1999-01-04", "x", "2020-03-30T00:00"])
def test_addresses_of_no_week_are_not_found(browser: FlaskClient, day: str) -> None:
    assert browser.get(f"/agent/availability/{day}").status_code == 404
    fields = {"seen": seen(browser), "painted": "[]"}
    assert browser.post(f"/agent/availability/{day}/paint", data=fields).status_code == 404


def test_an_unknown_scope_is_refused(browser: FlaskClient) -> None:
    assert browser.get(f"{PAGE}?scope=sometimes").status_code == 422


def test_there_is_no_field_for_a_reason(browser: FlaskClient) -> None:
    page = browser.get(PAGE).text
    names = set(re.findall(r'<(?:input|select|button)[^>]* name="(\w+)"', page))
    assert names <= {
        "csrf_token", "next", "language", "seen", "scope", "painted", "brush", "valid_to_on", "days", "start", "end",
        "kind", "first_on", "last_on", "weeks", "window_kind", "window_id", "ticked",
    }  # fmt: skip
    assert "<textarea" not in page
