"""Open shifts and booking, on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.messages import catalogue
from app.models import (
    Agent,
    BookingTerms,
    ExceptionKind,
    HomeClearance,
    HomeWish,
    IdempotencyKey,
    LiveWeek,
    OpenShift,
    Queue,
    Site,
    UserAccount,
    WaitingEntry,
    WaitingState,
    Week,
    WeekState,
)
from app.models.agent import AvailabilityException
from app.services import own_bookings
from app.views.agent import reasons
from solver import sentences_en
from tests.app import booking_site, build
from tests.app.agent_pages import Pages, form_to, forms, said
from tests.app.booking_site import NOW, at, book, duties, make, shift
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


def change(pages: Pages, act: Callable[[Session], Any]) -> Any:
    with pages.database.transaction() as session:
        return act(session)


def all_duties(pages: Pages) -> list[tuple[str, str, str, str]]:
    with pages.database.reading() as session:
        return duties(session, pages.made)


def address(pages: Pages, rest: str = "") -> str:
    return f"/agent/book/{pages.made.week_id}{rest}"


def test_open_shifts_that_fit_are_on_top_with_place_desk_and_one_button(pages: Pages) -> None:
    page = pages.get("a1", "/agent/book")
    assert page.status_code == 200
    top = said(page).split("Passt für Sie")[1]
    assert top.index("Mo 30.3. 08:00–12:00") < top.index("Di 31.3. 08:00–12:00")
    assert "▣ am Standort 3-east-01" in top
    assert "2 Plätze frei" in top
    assert "1 Platz frei" in top
    assert "A" in top
    assert len([form for form in forms(page) if form.action.endswith("/book")]) == 2
    assert 'aria-current="page"' in page.text.split('href="/agent/book"')[1][:40]


def test_one_tap_books_and_the_minute_after_it_undoes(pages: Pages, clock: FrozenClock) -> None:
    booked = pages.post("a1", form_to(pages.get("a1", "/agent/book"), "/book"))
    assert booked.status_code == 200
    assert "Gebucht: Mo 30.3. 08:00–12:00 ▣ 3-east-01." in said(booked)
    assert all_duties(pages) == [("a1", "Mon 08:00", "Mon 12:00", "01")]
    assert "Gebucht. Zurück geht bis 10:01:00." in said(booked)
    undo = form_to(booked, "/undo")
    clock.at = NOW + timedelta(seconds=60)
    undone = pages.post("a1", undo)
    assert "Rückgängig gemacht. Die Schicht ist wieder frei." in said(undone)
    assert all_duties(pages) == []
    assert [form.action for form in forms(undone) if "undo" in form.action] == []


def test_a_minute_later_undoing_says_what_is_left(pages: Pages, clock: FrozenClock) -> None:
    undo = form_to(pages.post("a1", form_to(pages.get("a1", "/agent/book"), "/book")), "/undo")
    clock.at = NOW + timedelta(seconds=61)
    late = pages.post("a1", undo)
    assert "Die Minute zum Rückgängigmachen ist vorbei. Absagen können Sie unter „Meine Buchungen“" in said(late)
    assert len(all_duties(pages)) == 1
    assert "/undo" not in pages.get("a1", "/agent/book").text


def test_undoing_needs_no_deadline_for_it_was_a_slip_of_the_thumb(pages: Pages) -> None:
    change(pages, lambda session: session.add(BookingTerms(site_id=pages.made.site_id, cancel_hours_before=500)))
    booked = pages.post("a1", form_to(pages.get("a1", "/agent/book"), "/book"))
    pages.post("a1", form_to(booked, "/undo"))
    assert all_duties(pages) == []


def test_nobody_undoes_what_somebody_else_booked(pages: Pages) -> None:
    booked = pages.post("a1", form_to(pages.get("a1", "/agent/book"), "/book"))
    answer = pages.post("a2", form_to(booked, "/undo"))
    assert "Diese Buchung gibt es nicht mehr." in said(answer)
    assert len(all_duties(pages)) == 1


def test_a_form_sent_twice_books_once_and_says_so(pages: Pages) -> None:
    form = form_to(pages.get("a1", "/agent/book"), "/book")
    pages.post("a1", form)
    again = pages.post("a1", form)
    assert again.status_code == 200
    assert "Das war schon gebucht: Mo 30.3. 08:00–12:00 ▣ 3-east-01. Es bleibt bei dieser einen Buchung." in said(again)
    assert len(all_duties(pages)) == 1
    with pages.database.reading() as session:
        assert len(session.exec(select(IdempotencyKey)).all()) == 1


def test_a_form_sent_again_after_undoing_does_not_book_behind_the_back(pages: Pages) -> None:
    form = form_to(pages.get("a1", "/agent/book"), "/book")
    pages.post("a1", form_to(pages.post("a1", form), "/undo"))
    again = pages.post("a1", form)
    assert "es ist inzwischen zurückgegeben" in said(again)
    assert all_duties(pages) == []


def test_another_choice_on_the_same_page_is_another_request(pages: Pages) -> None:
    """Going back in the browser and choosing another desk sends the same name with another desk."""
    form = form_to(pages.get("a1", "/agent/book"), "/book")
    pages.post("a1", form_to(pages.post("a1", form, desk_id=pages.made.desks["02"]), "/undo"))
    pages.post("a1", form, desk_id=pages.made.desks["03"])
    assert all_duties(pages) == [("a1", "Mon 08:00", "Mon 12:00", "03")]


def test_without_a_name_a_form_still_works(pages: Pages) -> None:
    form = form_to(pages.get("a1", "/agent/book"), "/book")
    del form.fields["once"]
    pages.post("a1", form)
    assert len(all_duties(pages)) == 1
    again = pages.post("a1", form)
    assert again.status_code == 409
    assert "Sie haben um diese Zeit schon einen Dienst." in said(again)


def test_a_day_filter_shows_only_that_day_and_how_many_fit_on_each(pages: Pages) -> None:
    page = pages.get("a1", address(pages, "?day=2020-03-31"))
    assert "Di 31.3. 08:00–12:00" in said(page)
    assert "Mo 30.3. 08:00" not in said(page)
    assert 'aria-label="Montag, 30. März: 1"' in page.text
    nonsense = pages.get("a1", address(pages, "?day=tomorrow"))
    assert "Mo 30.3. 08:00–12:00" in said(nonsense)


def blocked(session: Session, pages: Pages) -> None:
    session.add(
        AvailabilityException(
            agent_id=pages.made.agents["a1"],
            applies_on=MONDAY,
            start_clock_minutes=0,
            end_clock_minutes=9 * 60,
            kind=ExceptionKind.BLOCKED,
        )
    )


def test_what_does_not_fit_says_why_and_what_would(pages: Pages) -> None:
    change(pages, lambda session: blocked(session, pages))
    page = pages.get("a1", "/agent/book")
    assert "Passt nicht, mit dem Grund (1)" in said(page)
    assert "Diese Zeit haben Sie gesperrt." in said(page)
    found = re.search(r'hx-get="([^"]+/nearest)"', page.text)
    assert found is not None
    part = pages.get("a1", found[1], **{"HX-Request": "true"})
    assert "<html" not in part.text
    form = form_to(part, "/time")
    assert "Ab 09:00 würde es passen" in form.text
    assert "09:00–13:00 buchen" in form.text
    booked = pages.post("a1", form)
    assert "Gebucht: Mo 30.3. 09:00–13:00" in said(booked)
    assert all_duties(pages)[0][:3] == ("a1", "Mon 09:00", "Mon 13:00")
    with_scripts_off = pages.browser("a1").get(found[1], follow_redirects=True)
    assert "Schicht und Platz" in said(with_scripts_off)


def test_the_reason_names_rest_by_its_days(pages: Pages) -> None:
    change(pages, lambda session: book(session, pages.made, "a1", "16:00", "22:00", day=0, desk="04"))
    change(pages, lambda session: shift(session, pages.made, "06:00", "10:00", day=1))
    page = said(pages.get("a1", address(pages, "?day=2020-03-31")))
    assert "Nur 8:00 h Ruhezeit zwischen Mo und Di, nötig sind 11:00 h." in page
    english = change(pages, lambda session: english_of(session, pages, "a1"))
    assert english
    page = said(pages.get("a1", address(pages, "?day=2020-03-31")))
    assert "Only 8:00 h of rest between Mon and Tue; 11:00 h are needed." in page


def english_of(session: Session, pages: Pages, who: str) -> bool:
    session.get_one(UserAccount, pages.made.actors[who].user_id).language = "en"  # type: ignore[assignment]
    return True


def test_a_shift_at_another_desk_by_the_plan_or_by_the_list(pages: Pages) -> None:
    page = pages.get("a1", "/agent/book")
    link = re.search(r'href="([^"]+/shifts/\d+)"', page.text)
    assert link is not None
    shown = pages.get("a1", link[1])
    assert 'role="group"' in shown.text
    assert shown.text.count('class="desk-link"') == 4
    assert 'aria-label="Platz 3-east-01, gewählt"' in shown.text
    tapped = re.search(r'href="([^"]+)" aria-label="Platz 3-east-03, frei"', shown.text)
    assert tapped is not None
    chosen = pages.get("a1", tapped[1].replace("&amp;", "&"))
    form = form_to(chosen, "/book")
    assert form.fields["desk_id"] == str(pages.made.desks["03"])
    pages.post("a1", form)
    assert all_duties(pages) == [("a1", "Mon 08:00", "Mon 12:00", "03")]


def test_a_desk_taken_a_second_ago_is_said_and_the_rest_of_the_choice_kept(pages: Pages) -> None:
    own = address(pages, f"/time?start=480&length=240&place=site&desk={pages.made.desks['02']}")
    form = form_to(pages.get("a1", own), "/time")
    assert form.fields["desk_id"] == str(pages.made.desks["02"])
    change(pages, lambda session: book(session, pages.made, "a2", "08:00", "12:00", desk="02"))
    answer = pages.post("a1", form)
    assert answer.status_code == 409
    assert "Platz 3-east-02 ist gerade vergeben worden oder nicht frei." in said(answer)
    kept = form_to(answer, "/time")
    assert (kept.fields["start"], kept.fields["length"]) == ("480", "240")
    assert "desk_id" not in kept.fields
    assert [who for who, *_ in all_duties(pages)] == ["a2"]


def test_a_proposed_desk_taken_meanwhile_gives_another_and_says_so(pages: Pages) -> None:
    form = form_to(pages.get("a1", "/agent/book"), "/book")
    change(pages, lambda session: book(session, pages.made, "a2", "08:00", "12:00", desk="01"))
    booked = pages.post("a1", form)
    assert "Platz 3-east-01 war gerade vergeben worden, Sie haben 3-east-02." in said(booked)


def test_start_length_place_and_desk_in_one_step(pages: Pages) -> None:
    empty = pages.get("a1", address(pages, "/time"))
    assert "Jetzt buchen" not in said(empty)
    chosen = pages.get("a1", address(pages, "/time?day=2&start=3480&length=390&place=site"))
    # 3480 minutes are two days and ten hours; no duty of this site is six hours and a half long.
    assert "Jetzt buchen" not in said(chosen)
    fitting = pages.get("a1", address(pages, "/time?day=2&start=3480&length=450&place=site"))
    assert "Mi 1.4. 10:00–17:30" in said(fitting)
    assert "Pause 13:" in said(fitting)
    pages.post("a1", form_to(fitting, "/time"))
    assert all_duties(pages) == [("a1", "Wed 10:00", "Wed 17:30", "01")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"start": ""}, "Bitte wählen Sie einen Beginn aus der Liste."),
        ({"start": "481"}, "Bitte wählen Sie einen Beginn aus der Liste."),
        ({"start": "99999999999"}, "Bitte wählen Sie einen Beginn aus der Liste."),
        ({"start": "-480"}, "Bitte wählen Sie einen Beginn aus der Liste."),
        ({"length": "-240"}, "Bitte wählen Sie eine Länge aus der Liste."),
        ({"length": "0"}, "Bitte wählen Sie eine Länge aus der Liste."),
        ({"length": "241"}, "Bitte wählen Sie eine Länge aus der Liste."),
        ({"length": "²"}, "Bitte wählen Sie eine Länge aus der Liste."),
    ],
)
def test_a_time_that_is_none_is_named_and_nothing_written(pages: Pages, changes: dict[str, str], sentence: str) -> None:
    form = form_to(pages.get("a1", address(pages, "/time?start=480&length=240&place=site")), "/time")
    answer = pages.post("a1", form, **changes)
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert all_duties(pages) == []


def test_home_only_with_wish_and_clearance(pages: Pages) -> None:
    def wishes(session: Session) -> None:
        session.get_one(Agent, pages.made.agents["a1"]).home_wish = HomeWish.ALLOWED
        session.get_one(Queue, pages.made.queue_id).home_allowed = True

    change(pages, wishes)
    at_home = address(pages, "/time?start=480&length=240&place=home")
    assert "Dazu braucht es Ihren Wunsch und eine gültige Freigabe" in said(pages.get("a1", at_home))

    def clearance(session: Session) -> None:
        session.add(
            HomeClearance(
                agent_id=pages.made.agents["a1"], valid_from_on=MONDAY, valid_to_on=MONDAY + timedelta(days=400)
            )
        )

    change(pages, clearance)
    page = pages.get("a1", at_home)
    assert "⌂ zu Hause" in said(page)
    pages.post("a1", form_to(page, "/time"))
    assert all_duties(pages) == [("a1", "Mon 08:00", "Mon 12:00", "me")]


def form_of_first(pages: Pages, who: str = "a1") -> Any:
    return form_to(pages.get(who, "/agent/book"), "/book")


def first_shift(session: Session) -> OpenShift:
    return session.exec(select(OpenShift).order_by(OpenShift.id)).first()  # type: ignore[arg-type, return-value]


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


def test_more_shifts_than_a_thumb_scrolls_wait_for_a_day(pages: Pages) -> None:
    def many(session: Session) -> None:
        for number in range(50):
            shift(session, pages.made, "13:00", "17:00", day=number % 5)

    change(pages, many)
    page = pages.get("a1", "/agent/book")
    assert "Noch 12 weitere: wählen Sie oben einen Tag." in said(page)
    assert "weitere" not in said(pages.get("a1", address(pages, "?day=2020-03-30")))


def test_every_clause_of_every_rule_has_a_line_for_the_agent() -> None:
    keys = {f"agent_reason.{detail}" for detail in sentences_en.FINDINGS} | set(reasons.SEEN_BY_DATABASE.values())
    assert sorted(keys - set(catalogue())) == []


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
