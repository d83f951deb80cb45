"""What stands against booking, on the pages: changed a second ago, full, closed, over, of another site, garbled."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import (
    BookingTerms,
    LiveWeek,
    OpenShift,
    Site,
    WaitingEntry,
    WaitingState,
    Week,
    WeekState,
)
from app.services import own_bookings
from tests.app import booking_site, build
from tests.app.agent_pages import Pages, address, all_duties, change, first_shift, form_of_first, form_to, forms, said
from tests.app.booking_site import NOW, at, make, shift
from tests.app.conftest import FrozenClock

MONDAY = build.MONDAY


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages look alike on both; what is written is tested on both beside the services."""
    return sqlite_url


@pytest.fixture
def pages(database: Database, as_user: Callable[[int], FlaskClient]) -> Pages:
    """Four agents, four desks, a shift on Monday with two places and one on Tuesday with one."""
    with database.transaction() as session:
        made = make(session)
        shift(session, made, "08:00", "12:00", places=2)
        shift(session, made, "08:00", "12:00", day=1)
    return Pages(made, database, as_user)


def test_a_shift_moved_a_second_ago_says_from_what_to_what(pages: Pages) -> None:
    form = form_of_first(pages)
    change(
        pages,
        lambda session: booking_site.change(session, first_shift(session), starts_at=at("09:00"), ends_at=at("13:00")),
    )
    answer = pages.post("a1", form)
    assert answer.status_code == 409
    assert "Sie war Mo 30.3. 08:00–12:00, jetzt ist sie Mo 30.3. 09:00–13:00. Es wurde nichts gebucht." in said(answer)
    assert all_duties(pages) == []
    # The page shows it as it is now, to be booked.
    assert form_to(answer, "/book").fields["starts_at"].startswith("2020-03-30T07:00")


def test_a_shift_taken_off_the_list_names_the_one_that_came_instead(pages: Pages) -> None:
    form = form_of_first(pages)

    def replaced(session: Session) -> None:
        booking_site.change(session, first_shift(session), closed_at=NOW)
        shift(session, pages.made, "08:30", "12:30")

    change(pages, replaced)
    answer = pages.post("a1", form)
    assert answer.status_code == 409
    assert "Diese Schicht (Mo 30.3. 08:00–12:00) steht nicht mehr in der Liste" in said(answer)
    assert "am nächsten kommt ihr Mo 30.3. 08:30–12:30" in said(answer)
    assert all_duties(pages) == []


def test_a_shift_closed_without_another_says_so(pages: Pages) -> None:
    form = form_of_first(pages)
    change(pages, lambda session: booking_site.change(session, first_shift(session), closed_at=NOW))
    assert "steht nicht mehr in der Liste. Es wurde nichts gebucht." in said(pages.post("a1", form))


def test_the_last_place_taken_leads_to_the_waiting_list_and_an_offer(pages: Pages, clock: FrozenClock) -> None:
    tuesday = address(pages, "?day=2020-03-31")
    form = form_to(pages.get("a1", tuesday), "/book")
    other = pages.post("a2", form_to(pages.get("a2", tuesday), "/book"))
    lost = pages.post("a1", form)
    assert lost.status_code == 409
    assert "Der letzte Platz (Di 31.3. 08:00–12:00) ist gerade vergeben worden." in said(lost)
    waits = pages.post("a1", form_to(lost, "/wait"))
    assert "Sie stehen auf der Warteliste." in said(waits)
    mine = pages.get("a1", "/agent/book/mine")
    assert "Sie sind als Nächstes dran." in said(mine)
    pages.post("a2", form_to(other, "/undo"))
    mine = pages.get("a1", "/agent/book/mine")
    assert "Ein Platz ist frei und bis Mi 25.3., 11:00 für Sie gehalten." in said(mine)
    assert "1 Anfrage wartet auf Sie" in said(pages.get("a1", "/agent/week"))
    # For the others the place is gone, and their page says so.
    assert "Alle Plätze sind vergeben." in said(pages.get("a3", tuesday))
    link = re.search(r'href="([^"]+/shifts/\d+)">Annehmen', mine.text)
    assert link is not None
    pages.post("a1", form_to(pages.get("a1", link[1]), "/book"))
    assert [who for who, *_ in all_duties(pages)] == ["a1"]
    assert clock.at == NOW


def test_leaving_the_waiting_list_gives_the_place_to_the_next(pages: Pages, clock: FrozenClock) -> None:
    tuesday = address(pages, "?day=2020-03-31")
    booked = pages.post("a2", form_to(pages.get("a2", tuesday), "/book"))
    for who in ("a1", "a3"):
        pages.post(who, form_to(pages.get(who, tuesday), "/wait"))
        clock.at += timedelta(seconds=1)
    assert "1 Person wartet länger." in said(pages.get("a3", "/agent/book/mine"))
    pages.post("a2", form_to(booked, "/undo"))
    declined = pages.post("a1", form_to(pages.get("a1", "/agent/book/mine"), "/leave"))
    assert "Sie warten nicht mehr." in said(declined)
    with pages.database.reading() as session:
        states = {entry.agent_id: entry.state for entry in session.exec(select(WaitingEntry))}
    assert states[pages.made.agents["a1"]] is WaitingState.LEFT
    assert states[pages.made.agents["a3"]] is WaitingState.OFFERED


def test_waiting_where_there_is_a_place_says_so(pages: Pages) -> None:
    open_id = change(pages, lambda session: first_shift(session).id)
    answer = pages.browser("a1").post(address(pages, f"/shifts/{open_id}/wait"))
    assert answer.status_code == 409
    assert "Es ist noch ein Platz frei" in said(answer)


def test_the_limit_of_a_week_is_shown_and_holds(pages: Pages) -> None:
    change(pages, lambda session: session.add(BookingTerms(site_id=pages.made.site_id, most_bookings_per_week=1)))
    page = pages.get("a1", "/agent/book")
    assert "In dieser Woche gebucht: 0 von 1" in said(page)
    tuesday = form_to(page, "/book", 1)
    booked = pages.post("a1", form_to(page, "/book"))
    assert "In dieser Woche gebucht: 1 von 1" in said(booked)
    assert "Mehr als 1 geht in dieser Woche nicht." in said(booked)
    assert [form.action for form in forms(booked) if form.action.endswith("/book")] == []
    answer = pages.post("a1", tuesday)
    assert answer.status_code == 409
    assert len(all_duties(pages)) == 1
    assert "1 von 1" in said(pages.get("a1", "/agent/book/mine"))


@pytest.mark.parametrize(
    ("state", "opens_after", "sentence"),
    [
        (WeekState.COLLECTING, timedelta(days=1), "Das Buchen für KW 14 · 30.3.–5.4. beginnt am 26.3.2020, 10:00."),
        (WeekState.COLLECTING, None, "KW 14 · 30.3.–5.4. ist noch nicht zum Buchen geöffnet."),
        (WeekState.PLANNING, timedelta(0), "KW 14 · 30.3.–5.4. wird gerade geplant."),
        (WeekState.IN_REVIEW, timedelta(0), "KW 14 · 30.3.–5.4. wird gerade geplant."),
        (WeekState.ARCHIVED, timedelta(0), "KW 14 · 30.3.–5.4. wird gerade geplant."),
    ],
)
def test_a_week_that_takes_no_bookings_says_when_or_why(
    pages: Pages, state: WeekState, opens_after: timedelta | None, sentence: str
) -> None:
    form = form_of_first(pages)

    def closed(session: Session) -> None:
        session.get_one(Week, pages.made.week_id).state = state
        live = session.get_one(LiveWeek, pages.made.week_id)
        live.booking_opens_at = None if opens_after is None else NOW + opens_after

    change(pages, closed)
    page = pages.get("a1", "/agent/book")
    assert page.status_code == 200
    assert sentence in said(page)
    assert sentence in said(pages.get("a1", address(pages, "/time?start=480&length=240&place=site")))
    assert [one.action for one in forms(page) if "/book/" in one.action] == []
    answer = pages.post("a1", form)
    assert answer.status_code == 409
    assert all_duties(pages) == []


def test_last_week_is_over(pages: Pages, clock: FrozenClock) -> None:
    form = form_of_first(pages)
    own = form_to(pages.get("a1", address(pages, "/time?start=480&length=240&place=site")), "/time")
    clock.at = NOW + timedelta(days=14)
    assert "KW 14 · 30.3.–5.4. ist vorbei." in said(pages.get("a1", address(pages)))
    for sent in (form, own):
        answer = pages.post("a1", sent)
        assert answer.status_code == 409
        assert "Das hat schon angefangen oder ist vorbei." in said(answer)
    assert all_duties(pages) == []


def test_a_site_without_weeks_says_what_to_do(pages: Pages, clock: FrozenClock) -> None:
    clock.at = NOW + timedelta(days=14)
    page = pages.get("a1", "/agent/book")
    assert page.status_code == 200
    assert "Hier kann noch nicht gebucht werden" in said(page)
    assert "Verfügbarkeit eintragen" in said(page)


def test_a_week_with_no_open_shift_offers_a_time_of_ones_own(pages: Pages) -> None:
    def closed(session: Session) -> None:
        for row in session.exec(select(OpenShift)):
            row.closed_at = NOW

    change(pages, closed)
    page = said(pages.get("a1", "/agent/book"))
    assert "Keine offene Schicht" in page
    assert "Eigene Zeit wählen" in page


def test_desks_weeks_and_shifts_of_another_site_do_not_exist(pages: Pages) -> None:
    with pages.database.transaction() as session:
        other = make(session, key="ber")
        strange = shift(session, other, "08:00", "12:00")
        strange_id = strange.id
    form = form_of_first(pages)
    answer = pages.post("a1", form, desk_id=other.desks["01"])
    assert answer.status_code == 404
    assert "Diesen Platz gibt es an Ihrem Standort nicht. Es wurde nichts gebucht." in said(answer)
    own = form_to(pages.get("a1", address(pages, "/time?start=480&length=240&place=site")), "/time")
    answer = pages.post("a1", own, desk_id=other.desks["01"])
    assert answer.status_code == 404
    assert "Diesen Platz gibt es an Ihrem Standort nicht" in said(answer)
    for path in (
        f"/agent/book/{other.week_id}",
        f"/agent/book/{other.week_id}/time",
        f"/agent/book/{other.week_id}/shifts/{strange_id}",
        address(pages, f"/shifts/{strange_id}"),
        address(pages, "/shifts/99999"),
    ):
        assert pages.get("a1", path).status_code == 404, path
    for path in (address(pages, f"/shifts/{strange_id}/book"), address(pages, f"/shifts/{strange_id}/wait")):
        assert pages.browser("a1").post(path, data=form.fields).status_code == 404, path
    assert all_duties(pages) == []


def test_a_shift_is_found_under_its_own_week_only(pages: Pages) -> None:
    with pages.database.transaction() as session:
        site = session.get_one(Site, pages.made.site_id)
        other = build.week(session, site, MONDAY + timedelta(weeks=1)).id
        open_id = first_shift(session).id
    assert pages.get("a1", f"/agent/book/{other}/shifts/{open_id}").status_code == 404
    form = form_of_first(pages)
    answer = pages.browser("a1").post(f"/agent/book/{other}/shifts/{open_id}/book", data=form.fields)
    assert answer.status_code == 404
    assert all_duties(pages) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": ""},
        {"starts_at": "tomorrow"},
        {"ends_at": "2020-03-30T10:00:00"},
        {"place": "moon"},
        {"place": ""},
    ],
)
def test_garbled_forms_are_refused_and_said(pages: Pages, changes: dict[str, str]) -> None:
    answer = pages.post("a1", form_of_first(pages), **changes)
    assert answer.status_code == 422
    assert "Die Angaben sind unvollständig angekommen." in said(answer)
    assert all_duties(pages) == []


def test_undo_without_a_booking_is_a_bad_request(pages: Pages) -> None:
    assert pages.browser("a1").post("/agent/book/undo", data={"duty_id": "x"}).status_code == 400


def test_successor_is_of_the_same_line_and_day(pages: Pages) -> None:
    with pages.database.transaction() as session:
        gone = first_shift(session)
        gone.closed_at = NOW
        session.flush()
        actor = pages.made.actors["a1"]
        assert own_bookings.successor(session, actor, NOW, gone.id) is None
        near, far = shift(session, pages.made, "09:00", "13:00"), shift(session, pages.made, "15:00", "19:00")
        found = own_bookings.successor(session, actor, NOW, gone.id)
        assert found is not None
        assert (found.id, far.id != near.id) == (near.id, True)
        assert own_bookings.successor(session, actor, NOW, 9999) is None
