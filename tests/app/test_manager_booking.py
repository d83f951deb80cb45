"""Opening weeks for booking, the terms of a site, and booking for somebody else, through the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import AuditEvent, BookingTerms, CurrentDuty, LiveWeek, OpenShift, Queue, Role, Site, WeekState
from app.services import open_shifts
from tests.app import booking_site, build, planning_site
from tests.app.booking_site import NOW, BookingSite, at, make


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on both databases; what they call is tested on both elsewhere."""
    return sqlite_url


@pytest.fixture
def made(database: Database) -> BookingSite:
    with database.transaction() as session:
        return make(session)


@pytest.fixture
def boss(as_user: Callable[[int], FlaskClient], made: BookingSite) -> FlaskClient:
    assert made.manager.user_id is not None
    browser = as_user(made.manager.user_id)
    browser.post("/language", data={"language": "en"})
    return browser


def page(boss: FlaskClient, made: BookingSite) -> str:
    return boss.get(f"/manager/weeks/{made.week_id}/booking").text


def with_calls(session: Session, made: BookingSite) -> None:
    planning_site.calls(
        session, session.get_one(Site, made.site_id), session.get_one(Queue, made.queue_id), build.MONDAY
    )


def test_a_week_is_opened_with_shifts_from_what_is_required(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    with database.transaction() as session:
        with_calls(session, made)
    assert "No open shifts" in page(boss, made)
    answer = boss.post(f"/manager/weeks/{made.week_id}/booking/open", data={"when": "now"}, follow_redirects=True)
    assert "places are on the list" in answer.text
    assert "from the requirement" in answer.text
    with database.reading() as session:
        shifts = open_shifts.shifts_of(session, made.week_id)
        assert {shift.starts_at.weekday() for shift in shifts} == {0, 1, 2, 3, 4}, "calls came on weekdays"
        assert session.get_one(LiveWeek, made.week_id).booking_opens_at == NOW


def test_booking_begins_when_the_manager_says(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        with_calls(session, made)
    data = {"when": "at", "opens_at": "2020-03-26T18:00"}
    assert (
        "Booking begins 26 Mar 2020, 18:00"
        in boss.post(f"/manager/weeks/{made.week_id}/booking/open", data=data, follow_redirects=True).text
    )
    with database.reading() as session:
        opens_at = session.get_one(LiveWeek, made.week_id).booking_opens_at
        assert opens_at == build.local(build.MONDAY - timedelta(days=4), "18:00")
        assert open_shifts.for_agent(session, made.actors["a1"], NOW, made.week_id) == []
    moved = boss.post(f"/manager/weeks/{made.week_id}/booking/opening", data={"when": "now"}, follow_redirects=True)
    assert "Open for booking since" in moved.text
    stopped = boss.post(f"/manager/weeks/{made.week_id}/booking/opening", data={"when": "never"}, follow_redirects=True)
    assert "Not open for booking yet" in stopped.text
    with database.reading() as session:
        assert len(open_shifts.shifts_of(session, made.week_id)) > 0, "what was on the list stays"


@pytest.mark.parametrize(
    "moment", ["", "soon", "2020-03-26", "2020-13-01T10:00", "2020-03-26T25:00", "1820-03-26T10:00"]
)
def test_a_moment_that_is_none_is_told(boss: FlaskClient, made: BookingSite, database: Database, moment: str) -> None:
    for part in ("open", "opening"):
        data = {"when": "at", "opens_at": moment}
        answer = boss.post(f"/manager/weeks/{made.week_id}/booking/{part}", data=data)
        assert answer.status_code == 422
        assert "Please enter a date and a time." in answer.text
    with database.reading() as session:
        assert session.get_one(LiveWeek, made.week_id).booking_opens_at == NOW - timedelta(hours=1)


def test_a_week_that_is_planned_cannot_be_opened(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        made.week(session).state = WeekState.PLANNING
    for part in ("open", "opening"):
        answer = boss.post(f"/manager/weeks/{made.week_id}/booking/{part}", data={"when": "now"})
        assert answer.status_code == 409
        assert "This week is being planned" in answer.text


SHIFT = {"day": "2020-03-31", "start": "08:00", "end": "12:00", "places": "3"}


def test_a_single_shift_is_added_and_closed(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    data = {**SHIFT, "queue_id": str(made.queue_id)}
    added = boss.post(f"/manager/weeks/{made.week_id}/booking/shifts", data=data, follow_redirects=True)
    assert "Tue 31 Mar 08:00–12:00" in added.text
    with database.reading() as session:
        shift = session.exec(select(OpenShift)).one()
        assert (shift.starts_at, shift.ends_at, shift.places) == (at("08:00", 1), at("12:00", 1), 3)
    closed = boss.post(f"/manager/shifts/{shift.id}/close", follow_redirects=True)
    assert "The shift is off the list. Places taken stay: 0." in closed.text
    assert "Tue 31 Mar 08:00–12:00" not in closed.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": "2020-04-06"}, "The duty does not begin in this week."),
        ({"day": "x"}, "Please enter a date."),
        ({"start": "8 o'clock"}, "Please enter a time of day like 08:30."),
        ({"end": "24:30"}, "Please enter a time of day like 08:30."),
        ({"places": "0"}, "Please enter a number from 1 to 1,000."),
        ({"places": "1.5"}, "Please enter a whole number from 1 to 1,000."),
        ({"queue_id": ""}, "Please choose one."),
        ({"end": "09:00"}, "No duty may be that long."),
    ],
)
def test_a_shift_that_cannot_be_is_told_and_what_was_typed_stays(
    boss: FlaskClient, made: BookingSite, database: Database, changed: dict[str, str], said: str
) -> None:
    data = {**SHIFT, "queue_id": str(made.queue_id), **changed}
    answer = boss.post(f"/manager/weeks/{made.week_id}/booking/shifts", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="shift-places" name="places" value="' + data["places"] + '"' in answer.text
    with database.reading() as session:
        assert session.exec(select(OpenShift)).all() == []


def test_queues_of_other_sites_do_not_exist(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        other = build.queue(session, build.site(session, "far"))
    answer = boss.post(f"/manager/weeks/{made.week_id}/booking/shifts", data={**SHIFT, "queue_id": str(other.id)})
    assert answer.status_code == 404


def test_a_manager_books_for_somebody_or_reads_why_not(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    data = {"day": "2020-03-31", "start": "08:00", "end": "12:00", "place": "site", "agent_id": str(made.agents["a2"])}
    address = f"/manager/weeks/{made.week_id}/booking/for"
    assert "Booked for Agent a2: Tue 31 Mar." in boss.post(address, data=data, follow_redirects=True).text
    again = boss.post(address, data={**data, "start": "10:00", "end": "14:00"})
    assert again.status_code == 409
    assert "two duties at once" in again.text
    assert 'value="10:00"' in again.text
    assert boss.post(address, data={**data, "agent_id": ""}).status_code == 422
    assert boss.post(address, data={**data, "agent_id": "999"}).status_code == 404
    with database.reading() as session:
        assert [duty.agent_id for duty in session.exec(select(CurrentDuty))] == [made.agents["a2"]]


def test_the_limit_of_bookings_is_told_to_the_manager_too(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    with database.transaction() as session:
        session.add(BookingTerms(site_id=made.site_id, most_bookings_per_week=0))
    data = {"day": "2020-03-31", "start": "08:00", "end": "12:00", "agent_id": str(made.agents["a2"])}
    answer = boss.post(f"/manager/weeks/{made.week_id}/booking/for", data=data)
    assert answer.status_code == 409
    assert "as your booking terms allow: 0." in answer.text


def test_the_list_can_be_searched_and_saved(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        booking_site.shift(session, made, "08:00", "12:00", day=1)
        booking_site.shift(session, made, "13:00", "17:00", day=2)
    found = boss.get(f"/manager/weeks/{made.week_id}/booking?search=2020-04-01").text
    assert "13:00–17:00" in found
    assert "08:00–12:00</a>" not in found
    saved = boss.get(f"/manager/weeks/{made.week_id}/booking?format=csv")
    assert saved.mimetype == "text/csv"
    assert len(saved.text.strip().splitlines()) == 3


def test_terms_are_kept_and_noted(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    data = {
        "most_bookings_per_week": "2",
        "cancel_hours_before": "12",
        "offer_minutes": "30",
        "swap_offer_hours": "24",
        "swaps_need_approval": "on",
    }
    shown = boss.post("/manager/terms", data=data, follow_redirects=True).text
    assert 'name="cancel_hours_before" value="12"' in shown
    assert 'name="swaps_need_approval" value="on" checked' in shown
    with database.reading() as session:
        row = session.get_one(BookingTerms, made.site_id)
        assert (row.most_bookings_per_week, row.offer_minutes, row.swap_offer_hours) == (2, 30, 24)
        assert (
            session.exec(select(AuditEvent).where(AuditEvent.action == "site.booking_terms"))
            .one()
            .facts["swaps_need_approval"]
        )
    boss.post("/manager/terms", data={**data, "most_bookings_per_week": "", "swaps_need_approval": ""})
    with database.reading() as session:
        row = session.get_one(BookingTerms, made.site_id)
        assert (row.most_bookings_per_week, row.swaps_need_approval) == (None, False)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("most_bookings_per_week", "15"),
        ("cancel_hours_before", "-1"),
        ("offer_minutes", "0"),
        ("swap_offer_hours", "x"),
    ],
)
def test_terms_that_cannot_be_are_told_by_field(
    boss: FlaskClient, made: BookingSite, database: Database, field: str, typed: str
) -> None:
    data = {"cancel_hours_before": "1", "offer_minutes": "1", "swap_offer_hours": "1", field: typed}
    answer = boss.post("/manager/terms", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert answer.text.count("field-fault") == 1
    with database.reading() as session:
        assert session.get(BookingTerms, made.site_id) is None


@pytest.mark.parametrize("role", [Role.AGENT, Role.COUNCIL, Role.ADMINISTRATOR])
def test_only_managers_open_weeks(as_role: Callable[[Role], FlaskClient], world: build.World, role: Role) -> None:
    browser = as_role(role)
    assert browser.get(f"/manager/weeks/{world.week_id}/booking").status_code == 403
    assert browser.post(f"/manager/weeks/{world.week_id}/booking/open").status_code == 403
    assert browser.get("/manager/terms").status_code == 403
