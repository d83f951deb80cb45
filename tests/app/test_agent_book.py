"""Open shifts and booking, on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

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
    Queue,
    UserAccount,
)
from app.models.agent import AvailabilityException
from app.views.agent import reasons
from solver import sentences_en
from tests.app import build
from tests.app.agent_pages import Pages, address, all_duties, change, form_to, forms, said
from tests.app.booking_site import NOW, book, make, shift
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
