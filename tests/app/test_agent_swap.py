"""Swapping and giving away on the pages: offering, taking, confirming, declining, withdrawing, lapsing, history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import Agent, AgentQueue, BookingTerms, CurrentDuty, OfferKind, StoredServes, SwapOffer, WeekState
from app.services import shift_booking, swapping
from app.services.shift_booking import Wish
from solver.problem import AgentLimits
from tests.app.agent_pages import Form, Pages, form_to, forms, said
from tests.app.booking_site import NOW, at, book, duties, make
from tests.app.conftest import FrozenClock

OFFERS = "/agent/week/offers"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages look alike on both; what is written is tested on both beside the services."""
    return sqlite_url


@pytest.fixture
def pages(database: Database, as_user: Callable[[int], FlaskClient]) -> Pages:
    """An early duty of the first agent and a late one of the second on Monday, in a published week."""
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        book(session, made, "a1", "06:00", "10:00")
        book(session, made, "a2", "14:00", "18:00")
    return Pages(made, database, as_user)


def duty_id(pages: Pages, who: str) -> int:
    with pages.database.reading() as session:
        return session.exec(select(CurrentDuty.id).where(CurrentDuty.agent_id == pages.made.agents[who])).one()


def owners(pages: Pages) -> list[tuple[str, str]]:
    with pages.database.reading() as session:
        return [(who, start) for who, start, *_ in duties(session, pages.made)]


BEFORE = [("a1", "Mon 06:00"), ("a2", "Mon 14:00")]
SWAPPED = [("a2", "Mon 06:00"), ("a1", "Mon 14:00")]


def offer_page(pages: Pages, who: str = "a1", rest: str = "") -> str:
    return f"/agent/week/duties/{duty_id(pages, who)}/offer{rest}"


def give_away_form(pages: Pages, number: int = 0) -> Form:
    return form_to(pages.get("a1", offer_page(pages, rest="?kind=give_away")), "/offer", number)


def only_offer(pages: Pages) -> SwapOffer:
    with pages.database.reading() as session:
        return session.exec(select(SwapOffer)).one()


def test_from_the_duty_card_to_a_named_swap_and_back(pages: Pages) -> None:
    week = pages.get("a1", f"/agent/week/{pages.made.week_id}")
    assert f'href="{offer_page(pages)}"' in week.text
    chosen = pages.get("a1", offer_page(pages, rest=f"?kind=swap&to={pages.made.agents['a2']}"))
    assert "Tauschen mit Agent a2" in said(chosen)
    assert "Mo 30.3. 14:00–18:00" in said(chosen)
    wanted = str(duty_id(pages, "a2"))
    offered = pages.post("a1", form_to(chosen, "/offer"), wanted_duty_id=wanted)
    assert "Angeboten. Der Dienst bleibt Ihrer, bis jemand annimmt." in said(offered)
    assert owners(pages) == BEFORE
    assert "1 Anfrage wartet auf Sie" in said(pages.get("a2", "/agent/week"))
    asked = pages.get("a2", f"{OFFERS}/{only_offer(pages).id}")
    text = said(asked)
    assert "Agent a1 bietet an" in text
    assert "Bisher Mo 30.3. 14:00–18:00 ▣ am Standort 3-east-01" in text
    assert "Danach Mo 30.3. 06:00–10:00 ▣ am Standort 3-east-01" in text
    assert "Alle Regeln sind für beide eingehalten." in text
    taken = pages.post("a2", form_to(asked, "/accept"))
    assert "Geschehen. Ihre Woche ist geändert." in said(taken)
    assert owners(pages) == SWAPPED


def test_an_offer_sent_twice_is_one_offer(pages: Pages) -> None:
    form = give_away_form(pages)
    first, second = pages.post("a1", form), pages.post("a1", form)
    assert (first.status_code, second.status_code) == (200, 200)
    assert only_offer(pages).kind is OfferKind.GIVE_AWAY
    form.fields["once"] = "from-another-open-tab"
    third = pages.post("a1", form)
    assert third.status_code == 409
    assert "Dieser Dienst ist schon angeboten." in said(third)


def test_given_away_to_all_the_first_to_accept_has_it(pages: Pages) -> None:
    pages.post("a1", give_away_form(pages))
    listed = pages.get("a3", OFFERS)
    assert "Für alle, und passt für Sie" in said(listed)
    link = re.search(rf'href="({OFFERS}/\d+)"', listed.text)
    assert link is not None
    page, other = pages.get("a3", link[1]), pages.get("a4", link[1])
    assert "Bisher kein Dienst Danach Mo 30.3. 06:00–10:00" in said(page)
    taken = pages.post("a3", form_to(page, "/accept"))
    assert taken.status_code == 200
    assert owners(pages) == [("a3", "Mon 06:00"), ("a2", "Mon 14:00")]
    late = pages.post("a4", form_to(other, "/accept"))
    assert late.status_code in {404, 409}
    assert owners(pages) == [("a3", "Mon 06:00"), ("a2", "Mon 14:00")]
    assert pages.get("a4", link[1]).status_code == 404


def test_a_swap_for_any_duty_is_confirmed_by_the_one_who_offered(pages: Pages) -> None:
    pages.post("a1", form_to(pages.get("a1", offer_page(pages)), "/offer"))
    address = f"{OFFERS}/{only_offer(pages).id}"
    page = pages.get("a2", address)
    assert "Welchen Dienst geben Sie dafür? Mo 30.3. 14:00–18:00" in said(page)
    unnamed = pages.post("a2", form_to(page, "/accept"))
    assert unnamed.status_code == 422
    assert "Bitte wählen Sie den Dienst, den Sie dafür geben." in said(unnamed)
    answered = pages.post("a2", form_to(page, "/accept"), own_duty_id=str(duty_id(pages, "a2")))
    assert "Die andere Person bestätigt noch; bis dahin bleibt alles, wie es ist." in said(answered)
    assert owners(pages) == BEFORE
    assert "1 Anfrage wartet auf Sie" in said(pages.get("a1", "/agent/week"))
    mine = pages.get("a1", address)
    assert "Danach Mo 30.3. 14:00–18:00" in said(mine)
    # Saying no opens it again; the partner may come back, and yes makes it happen.
    reopened = pages.post("a1", form_to(mine, "/decline"))
    assert "Abgelehnt; das Angebot ist wieder offen." in said(reopened)
    pages.post("a2", form_to(pages.get("a2", address), "/accept"), own_duty_id=str(duty_id(pages, "a2")))
    confirmed = pages.post("a1", form_to(pages.get("a1", address), "/confirm"))
    assert "Geschehen." in said(confirmed)
    assert owners(pages) == SWAPPED
    history = said(confirmed).split("Verlauf")[1]
    steps = ["angeboten, Agent a1", "beantwortet", "angeboten, Agent a1", "beantwortet", "geschehen, Agent a1"]
    position = 0
    for step in steps:
        position = history.index(step, position) + 1
    assert pages.get("a3", address).status_code == 404


def test_declined_and_withdrawn(pages: Pages) -> None:
    form = form_to(pages.get("a1", offer_page(pages, rest="?kind=give_away")), "/offer")
    pages.post("a1", form, to_agent_id=str(pages.made.agents["a3"]))
    address = f"{OFFERS}/{only_offer(pages).id}"
    page = pages.get("a3", address)
    declined = pages.post("a3", form_to(page, "/decline"))
    assert "Stand: abgelehnt" in said(declined)
    assert pages.post("a3", form_to(page, "/accept")).status_code == 409
    pages.post("a1", give_away_form(pages))
    mine = pages.get("a1", OFFERS)
    assert "Von Ihnen" in said(mine)
    assert "Vorbei (1)" in said(mine)
    with pages.database.reading() as session:
        latest = session.exec(select(SwapOffer.id).order_by(SwapOffer.id.desc())).first()  # type: ignore[attr-defined]
    withdraw = form_to(pages.get("a1", f"{OFFERS}/{latest}"), "/withdraw")
    assert "Zurückgezogen. Der Dienst bleibt Ihrer." in said(pages.post("a1", withdraw))
    again = pages.post("a1", withdraw)
    assert again.status_code == 200
    assert owners(pages) == BEFORE


def test_what_a_colleague_may_not_do_is_refused_without_a_trace_of_whose(pages: Pages) -> None:
    form = form_to(pages.get("a1", offer_page(pages, rest="?kind=give_away")), "/offer")
    pages.post("a1", form, to_agent_id=str(pages.made.agents["a2"]))
    number = only_offer(pages).id
    for who, action in (("a3", "accept"), ("a3", "withdraw"), ("a2", "withdraw"), ("a2", "confirm"), ("a1", "accept")):
        answer = pages.browser(who).post(f"{OFFERS}/{number}/{action}")
        assert answer.status_code == 404, (who, action)
    assert owners(pages) == BEFORE
    assert only_offer(pages).state.value == "open"


def test_an_offer_whose_time_is_over_says_so_before_any_job_notes_it(pages: Pages, clock: FrozenClock) -> None:
    pages.post("a1", give_away_form(pages))
    address = f"{OFFERS}/{only_offer(pages).id}"
    accept = form_to(pages.get("a3", address), "/accept")
    clock.at = NOW + timedelta(hours=48)
    assert "Stand: Zeit abgelaufen" in said(pages.get("a1", address))
    assert [form.action for form in forms(pages.get("a1", address)) if OFFERS in form.action] == []
    late = pages.browser("a3").post(accept.action, data=accept.fields)
    assert late.status_code in {404, 409}
    assert owners(pages) == BEFORE


def test_a_duty_changed_meanwhile_makes_its_offer_void(pages: Pages) -> None:
    pages.post("a1", give_away_form(pages))
    address = f"{OFFERS}/{only_offer(pages).id}"
    accept = form_to(pages.get("a3", address), "/accept")
    with pages.database.transaction() as session:
        shift_booking.cancel(session, pages.made.actors["a1"], NOW, duty_id_in(session, pages, "a1"))
    answer = pages.post("a3", accept)
    assert answer.status_code == 409
    assert "Dieser Dienst wurde inzwischen geändert." in said(answer)
    assert "hinfällig, der Dienst wurde geändert" in said(pages.get("a1", address))


def duty_id_in(session: Session, pages: Pages, who: str) -> int:
    return session.exec(select(CurrentDuty.id).where(CurrentDuty.agent_id == pages.made.agents[who])).one()


def test_rules_of_the_other_person_are_not_told(pages: Pages) -> None:
    """The first may work until 16:00 only; the second sees that it does not fit, not why."""
    with pages.database.transaction() as session:
        session.get_one(Agent, pages.made.agents["a1"]).limits = AgentLimits(latest_end="16:00")
    pages.post("a1", form_to(pages.get("a1", offer_page(pages)), "/offer"))
    page = said(pages.get("a2", f"{OFFERS}/{only_offer(pages).id}"))
    assert "Es passt nicht zu den Regeln der anderen Person." in page
    assert "16:00" not in page.replace("14:00–18:00", "")
    sent = pages.browser("a2").post(
        f"{OFFERS}/{only_offer(pages).id}/accept", data={"own_duty_id": duty_id(pages, "a2")}
    )
    assert sent.status_code == 409
    assert "a1" not in said(sent).replace("Agent a1", "")


def test_duties_in_return_are_only_those_that_fit_both(pages: Pages) -> None:
    to = pages.made.agents["a2"]
    assert "Mo 30.3. 14:00–18:00" in said(pages.get("a1", offer_page(pages, rest=f"?kind=swap&to={to}")))
    with pages.database.transaction() as session:
        session.get_one(Agent, pages.made.agents["a1"]).limits = AgentLimits(latest_end="16:00")
    page = said(pages.get("a1", offer_page(pages, rest=f"?kind=swap&to={to}")))
    assert "14:00–18:00" not in page
    assert "Kein Dienst dieser Woche passt für Sie beide." in page
    assert pages.get("a1", offer_page(pages, rest=f"?kind=swap&to={pages.made.agents['a1']}")).status_code == 404


def test_own_rules_are_told(pages: Pages) -> None:
    with pages.database.transaction() as session:
        session.get_one(Agent, pages.made.agents["a3"]).limits = AgentLimits(earliest_start="09:00")
    pages.post("a1", give_away_form(pages))
    page = pages.get("a3", f"{OFFERS}/{only_offer(pages).id}")
    assert "Vor 09:00 beginnen Sie nach Vereinbarung nicht." in said(page)
    assert [form.action for form in forms(page) if "accept" in form.action] == []
    assert "Für alle" not in said(pages.get("a3", OFFERS))


def test_only_those_whom_it_can_fit_are_listed_and_found(pages: Pages) -> None:
    with pages.database.transaction() as session:
        session.get_one(Agent, pages.made.agents["a3"]).limits = AgentLimits(earliest_start="09:00")
        session.delete(session.get_one(AgentQueue, (pages.made.agents["a4"], pages.made.queue_id)))
        mine = session.get_one(CurrentDuty, duty_id_in(session, pages, "a1"))
        serves = [StoredServes(queue="mobile", starts_at=mine.starts_at, ends_at=mine.ends_at)]
        shift_booking.cancel(session, pages.made.actors["a1"], NOW, mine.id)
        shift_booking.book_time(session, pages.made.actors["a1"], NOW, Wish(at("06:00"), at("10:00"), serves=serves))
    page = said(pages.get("a1", offer_page(pages, rest="?kind=give_away")))
    # The second has a duty that day, the third may not begin so early, the fourth does not serve the line.
    assert "Niemand gefunden, dem es passt." in page
    swap = said(pages.get("a1", offer_page(pages, rest="?kind=swap")))
    assert "Agent a2" in swap
    assert "Agent a3" not in swap
    with pages.database.transaction() as session:
        session.get_one(Agent, pages.made.agents["a3"]).limits = AgentLimits()
    found = said(pages.get("a1", offer_page(pages, rest="?kind=give_away&search=AGENT A3")))
    assert "Agent a3" in found
    assert "Agent a3" in said(pages.get("a1", offer_page(pages, rest="?kind=give_away&search=a3")))
    assert "Niemand gefunden" in said(pages.get("a1", offer_page(pages, rest="?kind=give_away&search=zz")))


def test_the_manager_approves_where_the_site_wants_it(pages: Pages) -> None:
    with pages.database.transaction() as session:
        session.add(BookingTerms(site_id=pages.made.site_id, swaps_need_approval=True))
    offer = pages.get("a1", offer_page(pages, rest="?kind=give_away"))
    assert "An Ihrem Standort stimmt danach die Standortleitung zu." in said(offer)
    pages.post("a1", form_to(offer, "/offer"))
    number = only_offer(pages).id
    accepted = pages.post("a3", form_to(pages.get("a3", f"{OFFERS}/{number}"), "/accept"))
    assert "Die Standortleitung stimmt noch zu; bis dahin bleibt alles, wie es ist." in said(accepted)
    assert owners(pages) == BEFORE
    with pages.database.transaction() as session:
        swapping.approve(session, pages.made.manager, NOW, number)
    assert owners(pages) == [("a3", "Mon 06:00"), ("a2", "Mon 14:00")]


@pytest.mark.parametrize("path", ["/offer", "/cannot-come"])
def test_somebody_elses_duty_does_not_exist(pages: Pages, path: str) -> None:
    address = f"/agent/week/duties/{duty_id(pages, 'a2')}{path}"
    assert pages.get("a1", address).status_code == 404
    answer = pages.browser("a1").post(address, data={"kind": "give_away"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "nicht mehr Ihrer" in said(answer)
    assert owners(pages) == BEFORE
    with pages.database.reading() as session:
        assert session.exec(select(SwapOffer)).all() == []


@pytest.mark.parametrize(
    ("state", "hours"), [(WeekState.COLLECTING, 0), (WeekState.PLANNING, 0), (WeekState.PUBLISHED, 24 * 5)]
)
def test_before_publication_and_after_the_start_nothing_changes_hands(
    pages: Pages, clock: FrozenClock, state: WeekState, hours: int
) -> None:
    form = give_away_form(pages)
    with pages.database.transaction() as session:
        pages.made.week(session).state = state
    clock.at = NOW + timedelta(hours=hours)
    assert "Dieser Dienst kann nicht mehr oder noch nicht getauscht werden" in said(pages.get("a1", offer_page(pages)))
    assert pages.post("a1", form).status_code == 409
    cannot = f"/agent/week/duties/{duty_id(pages, 'a1')}/cannot-come"
    assert "Bitte rufen Sie die Standortleitung an." in said(pages.get("a1", cannot))
    assert pages.browser("a1").post(cannot).status_code == 409
    assert owners(pages) == BEFORE


@pytest.mark.parametrize("fields", [{}, {"kind": "sell"}, {"kind": "swap", "to_agent_id": "99999"}])
def test_garbled_offers_are_refused(pages: Pages, fields: dict[str, str]) -> None:
    answer = pages.browser("a1").post(offer_page(pages), data=fields, follow_redirects=True)
    assert answer.status_code in {200, 422}
    with pages.database.reading() as session:
        assert session.exec(select(SwapOffer)).all() == []


def test_without_offers_the_page_says_where_to_make_one(pages: Pages) -> None:
    assert "Im Augenblick gibt es keine Angebote." in said(pages.get("a4", OFFERS))
