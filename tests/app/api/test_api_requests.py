"""Whatever is sent, the answer is a problem that says what is wrong, in the person's language; nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from app import permissions
from app.db import Database
from app.errors import RefusedError
from app.models import AuditEvent, CurrentDuty, IdempotencyKey, Language, UserAccount
from app.views.api.operation import SMALL_BYTES
from app.views.api.reading_in import instant_of
from app.views.problems import FaultyRequestError
from tests.app import build
from tests.app.api.conftest import MIME_TYPE, Api, refused

JSON = "application/json"
MORNING = b'{"start": "2020-03-30T08:00", "end": "2020-03-30T12:00", "place": "site", "desk": null}'

RAW: dict[str, tuple[bytes, str | None, int, str]] = {
    "no body": (b"", JSON, 400, "api.body.empty"),
    "no content type": (MORNING, None, 415, "api.http.415"),
    "a form": (b"start=1", "application/x-www-form-urlencoded", 415, "api.http.415"),
    "another charset": (MORNING, "application/json; charset=latin-1", 415, "api.http.415"),
    "no JSON": (b"{start}", JSON, 400, "api.body.not_json"),
    "a list": (b"[]", JSON, 400, "api.body.not_json"),
    "a number": (b"7", JSON, 400, "api.body.not_json"),
    "half an object": (MORNING[:20], JSON, 400, "api.body.not_json"),
    "two objects": (MORNING + MORNING, JSON, 400, "api.body.not_json"),
    "no UTF-8": (b'{"start": "\xff"}', JSON, 400, "api.body.not_json"),
    "deep JSON": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, JSON, 400, "api.body.not_json"),
    "deep lists": (b'{"desk":' + b"[" * 30_000 + b"]" * 30_000 + b"}", JSON, 400, "api.body.not_json"),
    "a huge body": (b'{"start": "' + b"x" * SMALL_BYTES + b'"}', JSON, 413, "api.http.413"),
    "a huge number": (b'{"open_shift": ' + b"9" * 5000 + b"}", JSON, 422, "api.body.faults"),
    "a number too large": (b'{"open_shift": 2147483648}', JSON, 422, "api.body.faults"),
    "NaN": (b'{"open_shift": NaN}', JSON, 422, "api.body.faults"),
    "infinity": (b'{"open_shift": 1e999}', JSON, 422, "api.body.faults"),
    "a fraction": (b'{"open_shift": 1.5}', JSON, 422, "api.body.faults"),
    "a truth": (b'{"open_shift": true}', JSON, 422, "api.body.faults"),
    "a name twice": (b'{"open_shift": 1, "open_shift": 2}', JSON, 422, "api.body.faults"),
    "half a character": (b'{"start": "\\ud800", "end": ""}', JSON, 422, "api.body.faults"),
    "a NUL": (MORNING.replace(b"null", b'"\\u0000"'), JSON, 422, "api.body.faults"),
    "an integer for a time": (b'{"start": 1585548000, "end": 1585562400}', JSON, 422, "api.body.faults"),
}


def nothing_written(database: Database) -> bool:
    with database.reading() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.action != "token.created")).all()
        kept = [session.exec(select(table)).all() for table in (CurrentDuty, IdempotencyKey)]
    return kept == [[], []] and all(event.user_id is None for event in events)


@pytest.mark.parametrize("case", RAW)
def test_bodies_that_cannot_be_used_are_refused(shared_api: Api, case: str) -> None:
    content, kind, status, key = RAW[case]
    answer = shared_api("a1", "POST", "/bookings", headers={"Idempotency-Key": "k"}, data=content, content_type=kind)
    problem = refused(answer, status, key)
    assert status != 422 or problem["errors"]
    database: Database = shared_api.client.application.extensions["abstand_database"]
    assert nothing_written(database)


def test_every_fault_is_named_at_once_with_its_place(shared_api: Api) -> None:
    body = {"start": 5, "end": "tomorrow", "place": "moon", "desk": [1], "reason": "ill"}
    problem = refused(shared_api("a1", "POST", "/bookings", body), 422, "api.body.faults")
    assert {error["pointer"]: error["detail"].partition(" ")[0] for error in problem["errors"]} == {
        "#/start": "has",
        "#/end": "does",
        "#/place": "has",
        "#/desk": "has",
        "#/reason": "is",
    }


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("week=x", "week"),
        ("week=0", "week"),
        ("week=99999999999", "week"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=1_0", "limit"),
        ("offset=-1", "offset"),
        ("wek=1", "wek"),
        ("week=1&week=2", "week"),
    ],
)
def test_parameters_that_cannot_be_used_are_named(shared_api: Api, query: str, pointer: str) -> None:
    problem = refused(shared_api("a1", "GET", f"/open-shifts?{query}"), 422, "api.body.faults")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_body_where_none_is_expected_is_refused(shared_api: Api) -> None:
    refused(shared_api("a1", "DELETE", "/bookings/1", {"all": True}), 400, "api.body.unexpected")
    refused(shared_api("a1", "GET", "/me?verbose=1"), 422)


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/me",
        "/api/v1/bookings/x",
        "/api/v1/nope",
        "/api/v1/bookings/99999999999",
    ],
)
def test_unknown_addresses_are_problems_not_pages(shared_api: Api, path: str) -> None:
    refused(shared_api.client.get(path), 404, "api.http.404")


def test_every_type_of_problem_can_be_looked_up(shared_api: Api) -> None:
    problem = refused(shared_api("a1", "DELETE", "/bookings/9"), 404)
    told = shared_api.client.get(problem["type"]).get_json()
    assert (told["type"], told["en"]) == (problem["type"], problem["detail"])
    refused(shared_api.client.get("/api/v1/problems/booking.nothing"), 404)


def test_a_wrong_method_says_which_there_are(shared_api: Api) -> None:
    answer = shared_api("a1", "PUT", "/bookings", {})
    assert refused(answer, 405)["facts"] == {"allowed": "DELETE, GET, HEAD, OPTIONS, POST"}
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, POST"


def test_problems_are_in_the_language_asked_for_else_the_persons(sqlite_api: Api) -> None:
    database: Database = sqlite_api.client.application.extensions["abstand_database"]
    with database.transaction() as session:
        session.get_one(UserAccount, sqlite_api.made.actors["a2"].user_id).language = Language.ENGLISH

    def detail(who: str, asked: str) -> tuple[str, str]:
        answer = sqlite_api(who, "DELETE", "/bookings/9", headers={"Accept-Language": asked})
        return answer.headers["Content-Language"], refused(answer, 404)["title"]

    assert detail("a1", "") == ("de", "Nicht gefunden")
    assert detail("a2", "") == ("en", "Not found")
    assert detail("a2", "de") == ("de", "Nicht gefunden")
    assert detail("a1", "fr, en;q=0.5") == ("en", "Not found")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Requests are read before any database is asked."""
    return sqlite_url


@pytest.mark.parametrize("code", [400, 403, 404, 418, 429, 500, 503])
def test_whatever_fails_under_api_is_a_problem(app: Flask, code: int) -> None:
    @permissions.allow_everybody
    def fail() -> str:
        if code == 500:
            raise ZeroDivisionError
        if code == 403:
            raise RefusedError("error.403.what", 403)
        from flask import abort

        abort(code)

    app.add_url_rule("/api/v1/fail", "fail", fail)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    answer = app.test_client().get("/api/v1/fail")
    assert (answer.status_code, answer.mimetype) == (code, MIME_TYPE)
    content: dict[str, Any] = answer.get_json()
    assert content["status"] == code
    assert "ZeroDivision" not in answer.text


BERLIN = build.local(build.MONDAY, "12:00").tzinfo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Summer time began on 29 March 2020: before it one hour from UTC, after it two.
        ("2020-03-29T01:30", "2020-03-29T00:30:00+00:00"),
        ("2020-03-29T03:00", "2020-03-29T01:00:00+00:00"),
        ("2020-03-29T02:30+01:00", "2020-03-29T01:30:00+00:00"),
        # It ended on 25 October 2020: 02:30 came twice.
        ("2020-10-25T02:30+02:00", "2020-10-25T00:30:00+00:00"),
        ("2020-10-25T02:30+01:00", "2020-10-25T01:30:00+00:00"),
        ("2020-10-25T01:59", "2020-10-24T23:59:00+00:00"),
        ("2020-10-25T03:00", "2020-10-25T02:00:00+00:00"),
        ("2020-02-29T23:45Z", "2020-02-29T23:45:00+00:00"),
        ("2021-01-03T12:00", "2021-01-03T11:00:00+00:00"),
    ],
)
def test_times_are_the_sites_clock_unless_they_name_an_offset(text: str, expected: str) -> None:
    from zoneinfo import ZoneInfo

    assert instant_of(text, ZoneInfo("Europe/Berlin"), "#/start").isoformat() == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2020-03-29T02:00", "api.time.not_there"),
        ("2020-03-29T02:59", "api.time.not_there"),
        ("2020-10-25T02:00", "api.time.twice"),
        ("2020-10-25T02:59", "api.time.twice"),
        ("2021-02-29T08:00", "time"),
    ],
)
def test_times_that_are_none_or_two_are_refused(text: str, key: str) -> None:
    from zoneinfo import ZoneInfo

    with pytest.raises(FaultyRequestError) as caught:
        instant_of(text, ZoneInfo("Europe/Berlin"), "#/start")
    assert [(fault.pointer, fault.key) for fault in caught.value.faults] == [("#/start", key)]
    if key == "api.time.twice":
        assert caught.value.faults[0].facts["first"] == f"{text}:00+02:00"
        assert caught.value.faults[0].facts["second"] == f"{text}:00+01:00"
