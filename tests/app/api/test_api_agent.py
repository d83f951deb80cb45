"""What else an agent does by the JSON API: availability, the own week, swaps, absence, standing in."""

from __future__ import annotations

from typing import Any

import pytest

from app.db import Database
from app.models import BookingTerms, HomeWish, WeekState
from app.services.availability import MOST_PAINTED
from tests.app import booking_site, build
from tests.app.api.conftest import Api, refused
from tests.app.booking_site import NOW, book, duties

WEEK = "/availability/2020-03-30"
EARLY = {"day": "monday", "start": "00:00", "end": "08:00", "kind": "blocked"}
LATE = {"day": "tuesday", "start": "18:30", "end": "24:00", "kind": "preferred"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The services are tested on both databases, and so are bookings by the API."""
    return sqlite_url


def etag(api: Api, who: str, path: str = WEEK) -> dict[str, str]:
    return {"If-Match": api(who, "GET", path).headers["ETag"]}


def test_a_week_is_painted_and_read_again(api: Api) -> None:
    empty = api("a1", "GET", WEEK)
    assert empty.get_json()["windows"] == []
    assert empty.get_json()["entry"] == {"deadline": "2020-03-27T13:00:00+01:00", "closed": False, "confirmed": None}
    answer = api("a1", "PUT", WEEK, {"windows": [LATE, EARLY]}, {"If-Match": empty.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.get_json()["windows"] == [EARLY, LATE]
    assert answer.headers["ETag"] == api("a1", "GET", WEEK).headers["ETag"] != empty.headers["ETag"]
    assert api("a2", "GET", WEEK).get_json()["windows"] == []
    unchanged = api("a1", "GET", WEEK, headers={"If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


def test_a_pattern_holds_in_odd_weeks_and_an_exception_lifts_it(sqlite_api: Api) -> None:
    api = sqlite_api
    # 30 March 2020 begins week 14, 6 April week 15.
    body = {"weeks": "odd", "windows": [EARLY]}
    told = api("a1", "PUT", "/availability/2020-04-06", body, etag(api, "a1")).get_json()
    assert (told["windows"], told["odd"], told["even"]) == ([EARLY], [EARLY], [])
    assert api("a1", "GET", WEEK).get_json()["windows"] == []
    lifted = api("a1", "PUT", "/availability/2020-04-06", {"windows": []}, etag(api, "a1")).get_json()
    assert (lifted["windows"], lifted["odd"]) == ([], [EARLY])
    stored = api("a1", "GET", "/availability/2020-04-06/windows").get_json()["windows"]
    assert [(one["stored"], one["kind"], one["on"], one["weeks"]) for one in stored] == [
        ("repeated", "blocked", None, "odd"),
        ("dated", "available", "2020-04-06", None),
    ]
    path = f"/availability/2020-04-06/windows/dated/{stored[1]['id']}"
    refused(api("a2", "DELETE", path, headers=etag(api, "a2")), 404)
    assert api("a1", "DELETE", path, headers=etag(api, "a1")).get_json()["windows"] == [EARLY]
    assert api("a1", "GET", "/availability/2020-04-20").get_json()["windows"] == [EARLY]


def test_who_saw_another_state_is_told_the_present_one(sqlite_api: Api) -> None:
    seen = etag(sqlite_api, "a1")
    assert sqlite_api("a1", "PUT", WEEK, {"windows": [EARLY]}, seen).status_code == 200
    answer = sqlite_api("a1", "PUT", WEEK, {"windows": [LATE]}, seen)
    problem = refused(answer, 412, "api.revision.changed")
    assert problem["present"]["windows"] == [EARLY]
    assert answer.headers["ETag"] == etag(sqlite_api, "a1")["If-Match"]
    refused(sqlite_api("a1", "PUT", WEEK, {"windows": [LATE]}), 428, "api.revision.missing")
    assert sqlite_api("a1", "PUT", WEEK, {"windows": [LATE]}, {"If-Match": "*"}).status_code == 200


def test_too_many_windows_are_refused_with_the_limit(sqlite_api: Api) -> None:
    body = {"windows": [EARLY] * 10_000}
    problem = refused(sqlite_api("a1", "PUT", WEEK, body, {"If-Match": "*"}), 422)
    assert problem["errors"] == [
        {
            "pointer": "#/windows",
            "detail": f"has 10,000 entries, at most {MOST_PAINTED} are allowed",
            "facts": {"wanted": MOST_PAINTED, "count": 10_000},
        }
    ]
    assert sqlite_api("a1", "GET", WEEK).get_json()["windows"] == []


AVAILABILITY_REFUSED: dict[str, tuple[str, str, Any, int, str]] = {
    "no half hour": ("PUT", WEEK, {"windows": [{**EARLY, "end": "08:15"}]}, 422, "api.body.faults"),
    "an end before its start": ("PUT", WEEK, {"windows": [{**EARLY, "start": "09:00"}]}, 422, "api.body.faults"),
    "a reason": ("PUT", WEEK, {"windows": [{**EARLY, "reason": "daycare"}]}, 422, "api.body.faults"),
    "no Monday": ("PUT", "/availability/2020-03-31", {"windows": []}, 404, "error.404.what"),
    "no date": ("PUT", "/availability/20200330", {"windows": []}, 404, "error.404.what"),
    "long past": ("PUT", "/availability/2019-03-25", {"windows": []}, 404, "error.404.what"),
    "days that end before they start": (
        "POST",
        "/availability/blocked-days",
        {"first": "2020-04-08", "last": "2020-04-06"},
        422,
        "availability.range_backwards",
    ),
    "too many days": (
        "POST",
        "/availability/blocked-days",
        {"first": "2020-04-01", "last": "2020-12-31"},
        422,
        "availability.range_too_long",
    ),
    "copies to a Tuesday": ("POST", f"{WEEK}/copies", {"to": ["2020-04-07"]}, 422, "api.body.faults"),
    "nothing to undo": ("POST", "/availability/undo", None, 409, "availability.nothing_to_undo"),
    "a week that nobody made": (
        "POST",
        "/availability/2020-04-13/confirmation",
        None,
        409,
        "availability.week_not_open",
    ),
}


@pytest.mark.parametrize("case", AVAILABILITY_REFUSED)
def test_availability_that_cannot_be_is_refused(shared_api: Api, case: str) -> None:
    method, path, body, status, key = AVAILABILITY_REFUSED[case]
    refused(shared_api("a1", method, path, body, {"If-Match": "*"}), status, key)
    assert shared_api("a1", "GET", WEEK).get_json()["windows"] == []


def test_days_are_blocked_copied_confirmed_and_undone(sqlite_api: Api) -> None:
    api = sqlite_api
    body = {"first": "2020-03-31", "last": "2020-04-01"}
    told = api("a1", "POST", "/availability/blocked-days", body).get_json()
    whole = [{"day": day, "start": "00:00", "end": "24:00", "kind": "blocked"} for day in ("tuesday", "wednesday")]
    assert told["windows"] == whole
    copied = api("a1", "POST", f"{WEEK}/copies", {"to": ["2020-04-06"]}, etag(api, "a1"))
    assert copied.status_code == 200
    assert api("a1", "GET", "/availability/2020-04-06").get_json()["windows"] == whole
    assert api("a1", "POST", f"{WEEK}/confirmation").get_json()["entry"]["confirmed"] == "2020-03-25T10:00:00+01:00"
    assert api("a1", "POST", "/availability/undo").get_json()["windows"] == whole
    assert api("a1", "GET", "/availability/2020-04-06").get_json()["windows"] == []


def test_a_closed_week_says_so_in_local_time(sqlite_api: Api) -> None:
    sqlite_api.clock.at = booking_site.at("14:00", -2)
    problem = refused(sqlite_api("a1", "PUT", WEEK, {"windows": [EARLY]}, {"If-Match": "*"}), 409)
    assert problem["type"].endswith("availability.closed")
    assert "27 Mar 2020, 13:00" in problem["detail"]


def test_wishes_are_kept_with_their_revision(sqlite_api: Api) -> None:
    seen = etag(sqlite_api, "a1", "/wishes")
    body = {"home": "preferred", "max_blocks_per_day": 2}
    assert sqlite_api("a1", "PUT", "/wishes", body, seen).get_json() == {**body, "cleared": []}
    problem = refused(sqlite_api("a1", "PUT", "/wishes", {**body, "home": "none"}, seen), 412)
    assert problem["present"]["home"] == HomeWish.PREFERRED


def published(database: Database, api: Api) -> tuple[int, int]:
    """An early duty of the first agent and a late one of the second, in a published week."""
    with database.transaction() as session:
        booking_site.change(session, api.made.week(session), state=WeekState.PUBLISHED)
        return (
            book(session, api.made, "a1", "06:00", "10:00").id,
            book(session, api.made, "a2", "14:00", "18:00").id,
        )


def test_my_week_is_what_is_in_force_and_only_mine(database: Database, api: Api) -> None:
    early, _late = published(database, api)
    answer = api("a1", "GET", f"/my-week?week={api.made.week_id}")
    told = answer.get_json()
    assert [(duty["id"], duty["agent"], duty["desk_key"]) for duty in told["duties"]] == [(early, "a1", "3-east-01")]
    assert (told["first_day"], told["state"], told["work_minutes"]) == ("2020-03-30", "published", 240)
    again = api("a1", "GET", f"/my-week?week={api.made.week_id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert api("a1", "DELETE", f"/bookings/{early}").status_code == 204
    changed = api("a1", "GET", f"/my-week?week={api.made.week_id}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (changed.status_code, changed.get_json()["duties"]) == (200, [])
    refused(api("a1", "GET", "/my-week?week=4711"), 404)


def test_a_swap_goes_from_offer_to_done(database: Database, api: Api) -> None:
    early, late = published(database, api)
    colleagues = api("a1", "GET", f"/duties/{early}/colleagues?kind=swap").get_json()
    assert colleagues == {"colleagues": [{"agent": api.made.agents["a2"], "name": "Agent a2"}], "has_more": False}
    givers = api("a1", "GET", f"/duties/{early}/colleagues?kind=give_away&search=a3").get_json()["colleagues"]
    assert [one["name"] for one in givers] == ["Agent a3"]
    returns = api("a1", "GET", f"/duties/{early}/in-return?colleague={api.made.agents['a2']}").get_json()["duties"]
    assert [(one["id"], one["start"]) for one in returns] == [(late, "2020-03-30T14:00:00+02:00")]
    refused(api("a3", "GET", f"/duties/{early}/colleagues"), 404)
    refused(api("a3", "GET", f"/duties/{early}/in-return?colleague={api.made.agents['a2']}"), 404)
    body = {"duty": early, "kind": "swap", "to": "a2", "wanted": late}
    answer = api("a1", "POST", "/swaps", body, {"Idempotency-Key": "swap"})
    assert answer.status_code == 201
    offer = answer.get_json()["id"]
    assert api("a1", "POST", "/swaps", body, {"Idempotency-Key": "swap"}).get_json()["id"] == offer
    refused(api("a1", "POST", "/swaps", body), 409, "booking.offered_already")
    [asked] = api("a2", "GET", "/swaps").get_json()["offers"]
    assert (asked["to_me"], asked["mine"], asked["from_name"]) == (True, False, "Agent a1")
    assert asked["wanted"]["id"] == late
    assert api("a3", "GET", "/swaps").get_json()["offers"] == []
    refused(api("a3", "POST", f"/swaps/{offer}/accept", {}), 404)
    assert api("a2", "POST", f"/swaps/{offer}/accept", {}).get_json()["state"] == "done"
    with database.reading() as session:
        assert [(who, start) for who, start, *_ in duties(session, api.made)] == [
            ("a2", "Mon 06:00"),
            ("a1", "Mon 14:00"),
        ]
    events = api("a1", "GET", f"/swaps/{offer}/history").get_json()["events"]
    assert [event["state"] for event in events] == ["open", "done"]
    refused(api("a3", "GET", f"/swaps/{offer}/history"), 404)
    problem = refused(api("a1", "POST", "/swaps", {"duty": early, "kind": "give_away"}), 409)
    assert problem["changed"]["kind"] == "swapped"
    assert [duty["start"] for duty in problem["changed"]["after"]] == ["2020-03-30T14:00:00+02:00"]


def test_a_swap_waits_for_the_manager_where_the_site_wants_it(database: Database, api: Api) -> None:
    early, late = published(database, api)
    with database.transaction() as session:
        build.saved(session, BookingTerms(site_id=api.made.site_id, swaps_need_approval=True))
    offer = api("a1", "POST", "/swaps", {"duty": early, "kind": "swap"}).get_json()["id"]
    [open_to_all] = api("a3", "GET", "/swaps").get_json()["offers"]
    assert (open_to_all["from_name"], open_to_all["start"]) == (None, "2020-03-30T06:00:00+02:00")
    assert api("a2", "POST", f"/swaps/{offer}/accept", {"own_duty": late}).get_json()["state"] == "answered"
    assert api("a1", "POST", f"/swaps/{offer}/confirm").get_json()["state"] == "accepted"
    [waiting] = api("boss", "GET", f"/swaps?week={api.made.week_id}").get_json()["offers"]
    assert (waiting["from_name"], waiting["partner_name"]) == ("Agent a1", "Agent a2")
    assert api("boss", "POST", f"/swaps/{offer}/approve").get_json()["state"] == "done"
    refused(api("boss", "POST", f"/swaps/{offer}/decline"), 404)


def test_offers_are_declined_and_withdrawn(database: Database, api: Api) -> None:
    early, _late = published(database, api)
    offer = api("a1", "POST", "/swaps", {"duty": early, "kind": "give_away", "to": "a2"}).get_json()["id"]
    refused(api("a3", "POST", f"/swaps/{offer}/decline"), 404)
    assert api("a2", "POST", f"/swaps/{offer}/decline").get_json()["state"] == "declined"
    offer = api("a1", "POST", "/swaps", {"duty": early, "kind": "give_away"}).get_json()["id"]
    refused(api("a2", "POST", f"/swaps/{offer}/withdraw"), 404)
    assert api("a1", "POST", f"/swaps/{offer}/withdraw").get_json()["state"] == "withdrawn"
    refused(api("a2", "POST", f"/swaps/{offer}/accept", {}), 409, "booking.offer_over")
    refused(api("a1", "POST", "/swaps", {"duty": early, "kind": "give_away", "to": "nobody"}), 422)


def test_an_absence_opens_the_duty_and_the_first_to_stand_in_has_it(database: Database, api: Api) -> None:
    early, _late = published(database, api)
    refused(api("a2", "POST", f"/duties/{early}/absence"), 404)
    opened = api("a1", "POST", f"/duties/{early}/absence").get_json()
    shift = opened["open_shift"]
    assert opened["start"] == "2020-03-30T06:00:00+02:00"
    problem = refused(api("a1", "POST", f"/duties/{early}/absence"), 409)
    assert problem["changed"]["kind"] == "absent"
    ranked = api("boss", "GET", f"/open-shifts/{shift}/replacements").get_json()
    assert [(one["agent"], one["inside"], one["rule"]) for one in ranked["candidates"]] == [
        ("a3", True, None),
        ("a4", True, None),
        ("a2", False, "overlap"),
    ]
    asked = api("boss", "POST", f"/open-shifts/{shift}/replacements", {"agents": ["a3", api.made.agents["a4"]]})
    assert [(one["agent"], one["state"]) for one in asked.get_json()["asked"]] == [("a3", "asked"), ("a4", "asked")]
    [mine] = api("a3", "GET", "/stand-ins").get_json()["stand_ins"]
    assert (mine["open_shift"], mine["open"]) == (shift, True)
    assert api("a3", "POST", f"/stand-ins/{shift}/accept", {"desk": "3-east-02"}).get_json()["desk_key"] == "3-east-02"
    refused(api("a4", "POST", f"/stand-ins/{shift}/accept", {}), 409, "booking.shift_taken")
    refused(api("a2", "POST", f"/stand-ins/{shift}/decline"), 404)
    refused(api("boss", "POST", f"/open-shifts/{shift}/replacements", {"agents": ["nobody"]}), 422)


def test_a_shift_that_was_closed_a_moment_ago_names_the_one_in_its_place(database: Database, api: Api) -> None:
    with database.transaction() as session:
        old = booking_site.shift(session, api.made, "08:00", "12:00")
        new = booking_site.shift(session, api.made, "08:30", "12:30").id
        booking_site.change(session, old, closed_at=NOW)
    problem = refused(api("a1", "POST", "/bookings", {"open_shift": old.id, "desk": None}), 409, "booking.shift_closed")
    assert problem["instead"] == {
        "open_shift": new,
        "start": "2020-03-30T08:30:00+02:00",
        "end": "2020-03-30T12:30:00+02:00",
    }
    assert api("a1", "POST", "/bookings", {"open_shift": new, "desk": None}).status_code == 201


def test_after_publication_a_booked_time_serves_a_queue(database: Database, api: Api) -> None:
    published(database, api)
    body = {"start": "2020-03-31T08:00", "end": "2020-03-31T12:00", "place": "site", "desk": None}
    booked = api("a1", "POST", "/bookings", body).get_json()
    assert [(work["queue"], work["start"][11:16], work["end"][11:16]) for work in booked["serves"]] == [
        ("mobile", "08:00", "12:00")
    ]
    problem = refused(api("a2", "POST", "/bookings", {**body, "queue": "dsl"}), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/queue"]
