"""Not being able to come in two taps, standing in, and what changed in my week since I looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import (
    Agent,
    AvailabilityException,
    CurrentDuty,
    Desk,
    ExceptionKind,
    OfferKind,
    OpenShift,
    OutboxMessage,
    RosterSeen,
    ShiftOrigin,
    Site,
    StandInRequest,
    UserAccount,
    WeekState,
)
from app.services import absence, my_week, replacements, shift_booking, swapping
from app.services.shift_booking import Wish
from tests.app import build
from tests.app.agent_pages import Pages, form_to, forms, said
from tests.app.booking_site import NOW, at, book, duties, make, open_for_booking
from tests.app.conftest import FrozenClock


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages look alike on both; what is written is tested on both beside the services."""
    return sqlite_url


@pytest.fixture
def pages(database: Database, as_user: Callable[[int], FlaskClient]) -> Pages:
    """A published week that the first agent has looked at, with an early duty on Monday."""
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        book(session, made, "a1", "08:00", "12:00")
        site, week = session.get_one(Site, made.site_id), made.week(session)
        author = session.get_one(UserAccount, made.manager.user_id)
        desk = session.get_one(Desk, made.desks["01"])
        version = build.version(session, site, week, author, number=1, duty_count=1)
        build.duty(session, version, session.get_one(Agent, made.agents["a1"]), at("08:00"), at("12:00"), desk=desk)
        my_week.mark_seen(session, made.actors["a1"], NOW, made.week_id, version.id)
    return Pages(made, database, as_user)


def mine(session: Session, pages: Pages, who: str = "a1") -> CurrentDuty:
    return session.exec(select(CurrentDuty).where(CurrentDuty.agent_id == pages.made.agents[who])).one()


def cannot_come(pages: Pages) -> str:
    with pages.database.reading() as session:
        return f"/agent/week/duties/{mine(session, pages).id}/cannot-come"


def all_duties(pages: Pages) -> list[tuple[str, str, str, str]]:
    with pages.database.reading() as session:
        return duties(session, pages.made)


def week_page(pages: Pages) -> str:
    return f"/agent/week/{pages.made.week_id}"


def test_two_taps_no_reason_and_the_duty_is_open(pages: Pages) -> None:
    week = pages.get("a1", week_page(pages))
    address = cannot_come(pages)
    assert f'href="{address}"' in week.text
    page = pages.get("a1", address)
    assert "Dieser Dienst ist nicht mehr Ihrer. Er steht sofort als offene Schicht bereit." in said(page)
    assert "Niemand fragt hier nach einem Grund" in said(page)
    form = form_to(page, "/cannot-come")
    assert set(form.fields) == {"csrf_token", "once"}
    done = pages.post("a1", form)
    assert "Ist vermerkt: Sie kommen nicht." in said(done)
    assert all_duties(pages) == []
    with pages.database.reading() as session:
        opened = session.exec(select(OpenShift)).one()
        assert (opened.starts_at, opened.origin) == (at("08:00"), ShiftOrigin.ABSENCE)
        kinds = {message.kind for message in session.exec(select(OutboxMessage))}
        assert "absence.to_fill" in kinds


def test_saying_it_twice_opens_one_shift(pages: Pages) -> None:
    form = form_to(pages.get("a1", cannot_come(pages)), "/cannot-come")
    pages.post("a1", form)
    again = pages.post("a1", form)
    assert again.status_code == 200
    form.fields["once"] = "from-another-open-tab"
    third = pages.post("a1", form)
    assert "Dieser Dienst ist nicht mehr Ihrer; es ist nichts weiter zu tun." in said(third)
    with pages.database.reading() as session:
        assert len(session.exec(select(OpenShift)).all()) == 1


def test_an_offer_under_way_is_named_before_it_ends(pages: Pages) -> None:
    with pages.database.transaction() as session:
        swapping.offer(session, pages.made.actors["a1"], NOW, mine(session, pages).id, OfferKind.GIVE_AWAY)
    page = said(pages.get("a1", cannot_come(pages)))
    assert "Ihr Angebot, diesen Dienst zu tauschen oder abzugeben, endet damit." in page


@pytest.fixture
def asked(pages: Pages) -> Pages:
    """The first cannot come; the second and third are asked."""
    with pages.database.transaction() as session:
        opened = absence.report(session, pages.made.actors["a1"], NOW, mine(session, pages).id)
        ids = [pages.made.agents[who] for who in ("a2", "a3")]
        replacements.ask(session, pages.made.manager, NOW, opened.id, ids)
    return pages


def stand_in(pages: Pages) -> str:
    with pages.database.reading() as session:
        return f"/agent/week/stand-in/{session.exec(select(OpenShift.id)).one()}"


def test_the_first_to_accept_has_it_and_the_other_is_told(asked: Pages) -> None:
    assert "1 Anfrage wartet auf Sie" in said(asked.get("a2", "/agent/week"))
    assert "Einspringen Mo 30.3. 08:00–12:00" in said(asked.get("a2", "/agent/week/offers"))
    address = stand_in(asked)
    page, other = asked.get("a2", address), asked.get("a3", address)
    assert "Wer zuerst zusagt, hat den Dienst. Antworten können Sie bis 25.3.2020, 11:00." in said(page)
    assert "3-east-01" in said(page)
    done = asked.post("a2", form_to(page, "/accept"))
    assert "Danke, Sie haben den Dienst." in said(done)
    assert all_duties(asked) == [("a2", "Mon 08:00", "Mon 12:00", "01")]
    again = asked.post("a2", form_to(page, "/accept"))
    assert again.status_code == 200
    late = asked.post("a3", form_to(other, "/accept"))
    assert late.status_code == 409
    assert "Der letzte Platz dieser Schicht ist gerade vergeben worden." in said(late)
    assert "Jemand anderes war schneller." in said(asked.get("a3", address))
    assert len(all_duties(asked)) == 1


def test_no_is_an_answer_and_needs_no_reason(asked: Pages) -> None:
    address = stand_in(asked)
    form = form_to(asked.get("a2", address), "/decline")
    assert set(form.fields) == {"csrf_token", "once"}
    assert "Gut, es ist abgesagt." in said(asked.post("a2", form))
    assert "Sie haben abgesagt." in said(asked.get("a2", address))
    assert "Einspringen" not in said(asked.get("a2", "/agent/week/offers"))


def test_an_hour_later_the_time_to_answer_is_over(asked: Pages, clock: FrozenClock) -> None:
    form = form_to(asked.get("a2", stand_in(asked)), "/accept")
    clock.at = NOW + timedelta(hours=1)
    assert "Die Zeit zum Antworten ist vorbei." in said(asked.get("a2", stand_in(asked)))
    answer = asked.post("a2", form)
    assert answer.status_code == 409
    assert "Die Zeit für dieses Angebot ist vorbei." in said(answer)
    assert all_duties(asked) == []


def test_who_was_not_asked_sees_nothing(asked: Pages) -> None:
    for path in ("", "/accept", "/decline"):
        method = asked.browser("a4").get if not path else asked.browser("a4").post
        assert method(stand_in(asked) + path).status_code == 404
    with asked.database.reading() as session:
        assert len(session.exec(select(StandInRequest)).all()) == 2


def test_a_request_that_does_not_fit_says_why_and_offers_only_no(asked: Pages) -> None:
    with asked.database.transaction() as session:
        session.add(
            AvailabilityException(
                agent_id=asked.made.agents["a2"],
                applies_on=build.MONDAY,
                start_clock_minutes=0,
                end_clock_minutes=600,
                kind=ExceptionKind.BLOCKED,
            )
        )
    page = asked.get("a2", stand_in(asked))
    assert "Diese Zeit haben Sie gesperrt." in said(page)
    assert [form.action.rsplit("/", 1)[1] for form in forms(page) if "stand-in" in form.action] == ["decline"]


def test_what_others_changed_is_said_until_seen(pages: Pages, clock: FrozenClock) -> None:
    clock.at = NOW + timedelta(hours=1)
    manager = pages.made.manager
    with pages.database.transaction() as session:
        shift_booking.cancel(session, manager, clock.at, mine(session, pages).id)
        wish = Wish(at("10:00"), at("14:00"), desk_id=pages.made.desks["02"])
        shift_booking.book_time(session, manager, clock.at, wish, agent_id=pages.made.agents["a1"])
    clock.at = NOW + timedelta(hours=2)
    page = pages.get("a1", week_page(pages))
    strip = said(page)
    assert "Geändert, seit Sie zuletzt geschaut haben Montag, 30. März : jetzt 10:00–14:00" in strip
    assert "war 08:00–12:00" in strip
    seen = form_to(page, "/seen")
    # Something more changes while the page is open; the button is for what was on the page.
    clock.at = NOW + timedelta(hours=3)
    with pages.database.transaction() as session:
        shift_booking.cancel(session, manager, clock.at, mine(session, pages).id)
    clock.at = NOW + timedelta(hours=4)
    after = pages.post("a1", seen)
    assert "Montag, 30. März : jetzt frei" in said(after)
    assert "war 10:00–14:00" in said(after)
    done = pages.post("a1", form_to(after, "/seen"))
    assert "Geändert, seit" not in said(done)


def test_what_i_did_myself_is_no_news(pages: Pages, clock: FrozenClock) -> None:
    clock.at = NOW + timedelta(hours=1)
    with pages.database.transaction() as session:
        shift_booking.book_time(session, pages.made.actors["a1"], clock.at, Wish(at("08:00", 1), at("12:00", 1)))
    clock.at = NOW + timedelta(hours=2)
    assert "Geändert, seit" not in said(pages.get("a1", week_page(pages)))
    with pages.database.transaction() as session:
        shift_booking.book_time(
            session,
            pages.made.manager,
            clock.at,
            Wish(at("08:00", 2), at("12:00", 2)),
            agent_id=pages.made.agents["a1"],
        )
    clock.at = NOW + timedelta(hours=3)
    text = said(pages.get("a1", week_page(pages)))
    assert "Mittwoch, 1. April : jetzt 08:00–12:00" in text
    assert "Dienstag, 31. März : jetzt" not in text


def test_acting_on_a_change_means_having_seen_it(pages: Pages, clock: FrozenClock) -> None:
    """The manager moves Monday; the agent says at once that the new time does not go: nothing is left to tell."""
    clock.at = NOW + timedelta(hours=1)
    with pages.database.transaction() as session:
        shift_booking.cancel(session, pages.made.manager, clock.at, mine(session, pages).id)
        wish = Wish(at("10:00"), at("14:00"))
        shift_booking.book_time(session, pages.made.manager, clock.at, wish, agent_id=pages.made.agents["a1"])
    clock.at = NOW + timedelta(hours=2)
    with pages.database.transaction() as session:
        absence.report(session, pages.made.actors["a1"], clock.at, mine(session, pages).id)
    clock.at = NOW + timedelta(hours=3)
    assert "Geändert, seit" not in said(pages.get("a1", week_page(pages)))


@pytest.mark.parametrize("looked_at", ["gestern", "2020-03-25T10:00:00"])
def test_garbage_as_the_time_of_looking_is_a_bad_request(pages: Pages, looked_at: str) -> None:
    with pages.database.reading() as session:
        version_id = session.exec(select(RosterSeen.version_id)).one()
    answer = pages.browser("a1").post(
        week_page(pages) + "/seen", data={"version_id": version_id, "looked_at": looked_at}
    )
    assert answer.status_code == 400


def test_looking_in_the_future_counts_as_now(pages: Pages, clock: FrozenClock) -> None:
    clock.at = NOW + timedelta(hours=1)
    with pages.database.reading() as session:
        version_id = session.exec(select(RosterSeen.version_id)).one()
    later = (NOW + timedelta(days=900)).isoformat()
    pages.browser("a1").post(week_page(pages) + "/seen", data={"version_id": version_id, "looked_at": later})
    with pages.database.reading() as session:
        assert session.exec(select(RosterSeen.seen_at)).one() == clock.at


def test_a_week_before_publication_shows_what_i_booked(pages: Pages) -> None:
    with pages.database.transaction() as session:
        following = build.week(session, session.get_one(Site, pages.made.site_id), build.MONDAY + timedelta(weeks=1))
        week_id = following.id
    empty = said(pages.get("a1", f"/agent/week/{week_id}"))
    assert "Noch kein Dienstplan für KW 15" in empty
    with pages.database.transaction() as session:
        open_for_booking(session, session.get_one(type(following), week_id))
        day = build.MONDAY + timedelta(weeks=1)
        shift_booking.book_time(
            session, pages.made.actors["a1"], NOW, Wish(build.local(day, "08:00"), build.local(day, "12:00"))
        )
    shown = said(pages.get("a1", f"/agent/week/{week_id}"))
    assert "Hier steht, was Sie gebucht haben." in shown
    assert "08:00–12:00" in shown
    assert "Tauschen oder abgeben" not in shown
