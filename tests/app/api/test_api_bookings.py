"""Booking, listing and giving back by the JSON API, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.db import Database
from app.models import CurrentDuty, OpenShift, WeekState
from app.services import roster_editing
from solver.rules import Rule
from tests.app import booking_site
from tests.app.api.conftest import Api, refused
from tests.app.booking_site import NOW, at, duties

MORNING = {"start": "2020-03-30T08:00", "end": "2020-03-30T12:00", "place": "site", "desk": None}


def shift(database: Database, api: Api, start: str = "08:00", end: str = "12:00", places: int = 1) -> int:
    with database.transaction() as session:
        return booking_site.shift(session, api.made, start, end, places=places).id


def there(database: Database, api: Api) -> list[tuple[str, str, str, str]]:
    with database.reading() as session:
        return duties(session, api.made)


def test_a_place_in_an_open_shift_is_booked_with_a_desk(database: Database, api: Api) -> None:
    shift_id = shift(database, api)
    answer = api("a1", "POST", "/bookings", {"open_shift": shift_id, "desk": None})
    assert answer.status_code == 201
    booked = answer.get_json()
    assert (booked["start"], booked["end"]) == ("2020-03-30T08:00:00+02:00", "2020-03-30T12:00:00+02:00")
    assert (booked["agent"], booked["desk"], booked["desk_key"]) == ("a1", api.made.desks["01"], "3-east-01")
    assert (booked["open_shift"], booked["source"]) == (shift_id, "booked")
    assert there(database, api) == [("a1", "Mon 08:00", "Mon 12:00", "01")]
    full = refused(api("a2", "POST", "/bookings", {"open_shift": shift_id, "desk": None}), 409, "booking.shift_taken")
    assert full["rule"] == "shift_full"


@pytest.mark.parametrize("desk", ["id", "key", None])
def test_a_time_is_booked_at_the_desk_named_by_number_or_key(database: Database, api: Api, desk: str | None) -> None:
    named = {"id": api.made.desks["03"], "key": "3-east-03", None: None}[desk]
    body = {"start": "2020-03-30T08:00:00+02:00", "end": "2020-03-30T10:00Z", "place": "site", "desk": named}
    assert api("a1", "POST", "/bookings", body).status_code == 201
    assert there(database, api) == [("a1", "Mon 08:00", "Mon 12:00", "01" if desk is None else "03")]


def test_a_refusal_names_its_rule_and_tells_nobody_elses_times(database: Database, api: Api) -> None:
    desk = api.made.desks["01"]
    assert api("a1", "POST", "/bookings", {**MORNING, "desk": desk}).status_code == 201
    late = {"start": "2020-03-30T12:00", "end": "2020-03-30T16:00", "place": "site", "desk": desk}
    problem = refused(api("a2", "POST", "/bookings", late), 409, "booking.breaks_rule")
    assert problem["rule"] == Rule.CLEANING_GAP
    assert problem["findings"] == [
        {
            "rule": "cleaning_gap",
            "detail": "too_short",
            "message": "Time for cleaning",
            "agents": [],
            "where": ["3-east-01"],
            "start": None,
            "end": None,
            "amount": None,
            "unit": "minutes",
            "facts": {"limit_minutes": 15},
        }
    ]
    assert "a1" not in str(problem)
    assert len(there(database, api)) == 1


def test_a_manager_books_for_somebody_and_is_told_everything(database: Database, api: Api) -> None:
    assert api("boss", "POST", "/bookings", {**MORNING, "agent": "a2", "desk": "3-east-01"}).status_code == 201
    late = {**MORNING, "start": "2020-03-30T12:00", "end": "2020-03-30T16:00", "desk": "3-east-01", "agent": "a3"}
    finding = refused(api("boss", "POST", "/bookings", late), 409)["findings"][0]
    assert finding["agents"] == ["a2", "a3"]
    assert finding["amount"] == 15
    assert finding["start"] == "2020-03-30T12:00:00+02:00"
    problem = refused(api("boss", "POST", "/bookings", MORNING), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/agent"]
    refused(api("a1", "POST", "/bookings", {**MORNING, "agent": "a2"}), 404)
    assert there(database, api) == [("a2", "Mon 08:00", "Mon 12:00", "01")]


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "last week": ({**MORNING, "start": "2020-03-16T08:00", "end": "2020-03-16T12:00"}, 409, "booking.no_week"),
    "an end before its start": (
        {**MORNING, "end": "2020-03-30T07:00"},
        422,
        "booking.ends_before_start",
    ),
    "no time at all": ({**MORNING, "end": "2020-03-30T08:00"}, 422, "booking.ends_before_start"),
    "a length that no duty has": ({**MORNING, "end": "2020-03-30T08:15"}, 409, "booking.breaks_rule"),
    "off the grid": ({**MORNING, "start": "2020-03-30T08:07"}, 422, "booking.off_grid"),
    "seconds": ({**MORNING, "start": "2020-03-30T08:00:01"}, 422, "booking.off_grid"),
    "no such shift": ({"open_shift": 4711, "desk": None}, 422, "api.body.faults"),
    "no such desk": ({**MORNING, "desk": 4711}, 422, "api.body.faults"),
    "a desk at home": ({**MORNING, "place": "home", "desk": "3-east-01"}, 422, "api.body.faults"),
    "no day of the calendar": ({**MORNING, "start": "2020-02-30T08:00"}, 422, "api.body.faults"),
    "a number for a time": ({**MORNING, "start": 1585548000}, 422, "api.body.faults"),
    "both kinds at once": ({**MORNING, "open_shift": 1}, 422, "api.body.faults"),
    "nothing": ({}, 422, "api.body.faults"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_booked_is_refused_and_nothing_written(shared_api: Api, case: str) -> None:
    body, status, key = REFUSED[case]
    refused(shared_api("a1", "POST", "/bookings", body), status, key)
    assert shared_api("a1", "GET", "/bookings?first=2020-01-01").get_json()["total"] == 0


def test_what_has_begun_or_is_being_planned_is_not_booked(database: Database, api: Api) -> None:
    shift_id = shift(database, api)
    api.clock.at = at("08:00")
    refused(api("a1", "POST", "/bookings", {"open_shift": shift_id, "desk": None}), 409, "booking.past")
    api.clock.at = NOW
    with database.transaction() as session:
        booking_site.change(session, api.made.week(session), state=WeekState.PLANNING)
    refused(api("a1", "POST", "/bookings", MORNING), 409, "booking.week_closed")


def test_desks_and_shifts_of_another_site_do_not_exist(database: Database, api: Api) -> None:
    with database.transaction() as session:
        other = booking_site.make(session, key="ber")
        foreign = booking_site.shift(session, other, "08:00", "12:00").id
    body = {**MORNING, "desk": other.desks["01"]}
    problem = refused(api("a1", "POST", "/bookings", body), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/desk"]
    problem = refused(api("a1", "POST", "/bookings", {"open_shift": foreign, "desk": None}), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/open_shift"]
    refused(api("a1", "GET", f"/open-shifts?week={other.week_id}"), 404)


def test_the_same_key_acts_once_and_another_request_with_it_is_refused(database: Database, api: Api) -> None:
    key = {"Idempotency-Key": "phone-7"}
    first = api("a1", "POST", "/bookings", MORNING, key)
    again = api("a1", "POST", "/bookings", dict(reversed(MORNING.items())), key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    refused(api("a1", "POST", "/bookings", {**MORNING, "desk": "3-east-02"}, key), 422, "booking.key_reused")
    refused(api("a1", "POST", "/open-shifts/1/waiting", None, key), 422, "booking.key_reused")
    # Keys are each person's own.
    assert api("a2", "POST", "/bookings", MORNING, key).status_code == 201
    refused(api("a3", "POST", "/bookings", MORNING, {"Idempotency-Key": "two words"}), 422, "api.key.malformed")
    assert len(there(database, api)) == 2


def test_a_refused_request_keeps_no_answer_under_its_key(database: Database, api: Api) -> None:
    key, shift_id = {"Idempotency-Key": "again"}, shift(database, api)
    booked = api("a2", "POST", "/bookings", {"open_shift": shift_id, "desk": None}).get_json()["id"]
    refused(api("a1", "POST", "/bookings", {"open_shift": shift_id, "desk": None}, key), 409)
    assert api("a2", "DELETE", f"/bookings/{booked}").status_code == 204
    assert api("a1", "POST", "/bookings", {"open_shift": shift_id, "desk": None}, key).status_code == 201


def test_ten_at_once_with_one_key_book_once(database: Database, api: Api) -> None:
    def send(_number: int) -> tuple[int, Any]:
        client = api.client.application.test_client()
        own = Api(client, api.made, api.tokens, api.clock)
        answer = own("a1", "POST", "/bookings", MORNING, {"Idempotency-Key": "once"})
        return answer.status_code, answer.get_json()["id"]

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert len(answers) == 1
    assert len(there(database, api)) == 1


def test_a_booking_is_given_back_and_one_that_was_changed_says_how(database: Database, api: Api) -> None:
    booked = api("a1", "POST", "/bookings", MORNING).get_json()
    refused(api("a2", "DELETE", f"/bookings/{booked['id']}"), 404)
    with database.transaction() as session:
        moved = roster_editing.edit(session, api.made.manager, NOW, booked["id"], desk_id=api.made.desks["04"])
    problem = refused(api("a1", "DELETE", f"/bookings/{booked['id']}"), 409, "booking.changed_meanwhile")
    assert problem["changed"]["kind"] == "edited"
    assert [duty["desk_key"] for duty in problem["changed"]["before"]] == ["3-east-01"]
    assert [(duty["id"], duty["desk_key"]) for duty in problem["changed"]["after"]] == [(moved.id, "3-east-04")]
    # Of somebody else's duty nobody is told that it ever was.
    assert "changed" not in refused(api("a2", "DELETE", f"/bookings/{booked['id']}"), 404)


def test_days_are_given_back_and_what_is_kept_is_said(database: Database, api: Api) -> None:
    for day in ("30", "31"):
        body = {**MORNING, "start": f"2020-03-{day}T08:00", "end": f"2020-03-{day}T12:00"}
        assert api("a1", "POST", "/bookings", body).status_code == 201
    api.clock.at = at("09:00", 0) - timedelta(days=1)
    answer = api("a1", "DELETE", "/bookings?first=2020-03-30&last=2020-04-05")
    told = answer.get_json()
    assert [duty["start"][:10] for duty in told["cancelled"]] == ["2020-03-31"]
    assert [duty["start"][:10] for duty in told["kept"]] == ["2020-03-30"]
    assert len(there(database, api)) == 1
    problem = refused(api("a1", "DELETE", "/bookings?first=2020-04-05&last=2020-03-30"), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["last"]
    refused(api("a1", "DELETE", "/bookings"), 422)
    assert len(there(database, api)) == 1


def test_agents_see_their_own_and_managers_the_site_a_part_at_a_time(database: Database, api: Api) -> None:
    for who in ("a1", "a2", "a3"):
        assert api(who, "POST", "/bookings", MORNING).status_code == 201
    own = api("a1", "GET", f"/bookings?agent={api.made.agents['a2']}").get_json()
    assert [duty["agent"] for duty in own["duties"]] == ["a1"]
    part = api("boss", "GET", "/bookings?limit=2").get_json()
    assert (part["total"], part["next_offset"], len(part["duties"])) == (3, 2, 2)
    rest = api("boss", "GET", "/bookings?limit=2&offset=2").get_json()
    assert (rest["next_offset"], [duty["agent"] for duty in rest["duties"]]) == (None, ["a3"])
    assert len(there(database, api)) == 3


def test_open_shifts_say_why_they_do_not_fit_and_what_does(database: Database, api: Api) -> None:
    morning, afternoon = shift(database, api, places=2), shift(database, api, "13:00", "17:00")
    assert api("a1", "POST", "/bookings", {"open_shift": morning, "desk": None}).status_code == 201
    mine = api("a1", "GET", "/open-shifts").get_json()["open_shifts"]
    assert [(line["id"], line["fits"], line["rule"]) for line in mine] == [
        (morning, False, "overlap"),
        (afternoon, False, "overlap"),
    ]
    assert all(line["findings"] and line["nearest"] is None for line in mine)
    assert all(finding["agents"] in ([], ["a1"]) for line in mine for finding in line["findings"])
    others = api("a2", "GET", f"/open-shifts?week={api.made.week_id}").get_json()["open_shifts"]
    assert [(line["fits"], line["places_left"], line["desk_key"]) for line in others] == [
        (True, 1, "3-east-02"),
        (True, 1, "3-east-01"),
    ]
    assert api("a2", "POST", "/bookings", {"open_shift": morning, "desk": others[0]["desk"]}).status_code == 201
    full = api("a3", "GET", "/open-shifts?limit=1&offset=1").get_json()
    assert (full["total"], full["next_offset"]) == (2, None)
    line = full["open_shifts"][0]
    assert (line["id"], line["rule"], line["nearest"]) == (morning, "shift_full", afternoon)
    near = api("a3", "GET", f"/open-shifts/{morning}/nearest").get_json()["nearest"]
    body = {"start": near["start"], "end": near["end"], "place": near["place"], "desk": near["desk"]}
    assert api("a3", "POST", "/bookings", body).status_code == 201


def test_who_waits_is_offered_the_place_that_comes_back(database: Database, api: Api) -> None:
    shift_id = shift(database, api)
    refused(api("a2", "POST", f"/open-shifts/{shift_id}/waiting"), 409, "booking.place_left")
    booked = api("a1", "POST", "/bookings", {"open_shift": shift_id, "desk": None}).get_json()["id"]
    assert api("a2", "POST", f"/open-shifts/{shift_id}/waiting").get_json()["state"] == "waiting"
    assert api("a1", "DELETE", f"/bookings/{booked}").status_code == 204
    line = api("a2", "GET", "/open-shifts").get_json()["open_shifts"][0]
    assert (line["waiting"], line["offer_until"]) == ("offered", "2020-03-25T11:00:00+01:00")
    refused(api("a3", "POST", "/bookings", {"open_shift": shift_id, "desk": None}), 409, "booking.shift_taken")
    assert api("a2", "DELETE", f"/open-shifts/{shift_id}/waiting").status_code == 204
    assert api("a3", "POST", "/bookings", {"open_shift": shift_id, "desk": None}).status_code == 201
    with database.reading() as session:
        assert session.get_one(OpenShift, shift_id).taken == 1
        assert len(session.exec(select(CurrentDuty)).all()) == 1
