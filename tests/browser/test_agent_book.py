"""Booking, cancelling, swapping and calling off on a phone: by touch, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app.db import Database
from app.models import (
    Agent,
    AvailabilityException,
    BookingTerms,
    CurrentDuty,
    ExceptionKind,
    HomeClearance,
    HomeWish,
    OfferKind,
    OpenShift,
    Place,
    Role,
    ShiftOrigin,
    Site,
    StandInRequest,
    Week,
    WeekState,
)
from app.services import absence, replacements, shift_booking, swapping
from app.services.audit import Actor
from app.services.shift_booking import Wish
from tests.app import booking_site, build
from tests.app.booking_site import NOW, at
from tests.app.build import MONDAY, World
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.hands import HANDS, Press, keyboard, named, touch

pytestmark = pytest.mark.browser


def shift(session: Session, world: World, start: str, end: str, day: int) -> int:
    row: OpenShift = build.saved(
        session,
        OpenShift(
            site_id=world.site_id,
            week_id=world.week_id,
            queue_id=world.queue_id,
            starts_at=at(start, day),
            ends_at=at(end, day),
            origin=ShiftOrigin.REQUIREMENT,
            created_at=NOW,
        ),
    )
    return row.id


@pytest.fixture
def page_as(page_as: Callable[..., Page]) -> Callable[..., Page]:
    """As beside, but not found after ten seconds is not found."""

    def opened(*arguments: Any, **more: Any) -> Page:
        page = page_as(*arguments, **more)
        page.set_default_timeout(10_000)
        return page

    return opened


@pytest.fixture
def open_week(database: Database, world: World) -> int:
    """Open for booking: Monday and Tuesday fit, Wednesday morning is blocked until nine."""
    with database.transaction() as session:
        booking_site.open_for_booking(session, session.get_one(Week, world.week_id))
        anna = session.get_one(Agent, world.agent_id)
        anna.home_wish, anna.weekly_min_minutes = HomeWish.ALLOWED, 0
        for start, end, day in (("08:00", "12:00", 0), ("13:00", "17:00", 1), ("08:00", "12:00", 2)):
            shift(session, world, start, end, day)
        session.add(HomeClearance(agent_id=anna.id, valid_from_on=MONDAY, valid_to_on=MONDAY + timedelta(days=300)))
        session.add(
            AvailabilityException(
                agent_id=anna.id,
                applies_on=MONDAY + timedelta(days=2),
                start_clock_minutes=0,
                end_clock_minutes=540,
                kind=ExceptionKind.BLOCKED,
            )
        )
    return world.week_id


def actor_of(session: Session, world: World, agent_id: int) -> Actor:
    """The agent, with an account of their own."""
    user_id = world.users[Role.AGENT]
    if agent_id == world.second_agent_id:
        site, agent = session.get_one(Site, world.site_id), session.get_one(Agent, agent_id)
        user_id = build.account(session, "ben", Role.AGENT, site, agent).id
    return Actor(user_id, Role.AGENT, world.site_id, agent_id)


@pytest.fixture
def two_duties(database: Database, world: World, open_week: int) -> dict[str, Actor]:
    """Published; Anna works early on Thursday, Ben late on Friday."""
    with database.transaction() as session:
        actors = {
            "anna": actor_of(session, world, world.agent_id),
            "ben": actor_of(session, world, world.second_agent_id),
        }
        session.get_one(Week, open_week).state = WeekState.PUBLISHED
        session.flush()
        shift_booking.book_time(session, actors["anna"], NOW, Wish(at("08:00", 3), at("12:00", 3)))
        shift_booking.book_time(session, actors["ben"], NOW, Wish(at("14:00", 4), at("18:00", 4)))
    return actors


def as_ben(page_as: Callable[..., Page], world: World, actors: dict[str, Actor]) -> Page:
    """A second phone."""
    user_id = actors["ben"].user_id
    assert user_id is not None
    world.users[Role.AGENT] = user_id
    return page_as(Role.AGENT, PHONE)


def spans(database: Database, agent_id: int) -> list[str]:
    with database.reading() as session:
        query = select(CurrentDuty).where(CurrentDuty.agent_id == agent_id, CurrentDuty.place == Place.SITE)
        found = session.exec(query.order_by(CurrentDuty.starts_at)).all()  # type: ignore[arg-type]
        return [f"{duty.starts_at:%a %H}-{duty.ends_at:%H}" for duty in found]


@HANDS
def test_one_button_books_and_another_undoes(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto("/agent/week")
    press(page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Buchen"))
    expect(page).to_have_url(re.compile(r"/agent/book$"))
    first = page.locator(".shift-card").first
    expect(first).to_contain_text("08:00–12:00")
    press(first.get_by_role("button", name=named("Buchen", "Mo 30.3. 08:00–12:00")))
    expect(page.get_by_role("status")).to_contain_text("Gebucht: Mo 30.3. 08:00–12:00 ▣ 3-east-01.")
    assert spans(database, world.agent_id) == ["Mon 06-10"]
    press(page.get_by_role("button", name=named("Rückgängig", "Mo 30.3. 08:00–12:00")))
    expect(page.get_by_role("status")).to_contain_text("Rückgängig gemacht.")
    assert spans(database, world.agent_id) == []
    assert open_week == world.week_id


@HANDS
def test_what_does_not_fit_unfolds_with_the_nearest_that_does(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/book/{open_week}")
    press(page.locator(".others > summary"))
    unfit = page.locator(".shift-unfit")
    expect(unfit).to_contain_text("Diese Zeit haben Sie gesperrt.")
    if press is keyboard:
        # It is asked for once it comes into view, and the focus stays where it was.
        page.keyboard.press("Tab")
        expect(unfit.get_by_role("button", name="09:00–13:00 buchen")).to_be_focused()
    expect(unfit).to_contain_text("Ab 09:00 würde es passen")
    press(unfit.get_by_role("button", name="09:00–13:00 buchen"))
    expect(page.get_by_role("status")).to_contain_text("Gebucht: Mi 1.4. 09:00–13:00")
    assert spans(database, world.agent_id) == ["Wed 07-11"]


@HANDS
def test_a_desk_is_chosen_on_the_plan(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/book/{open_week}")
    press(page.get_by_role("link", name=named("Anderer Platz", "Mo 30.3. 08:00–12:00")))
    plan = page.get_by_role("group", name="Plätze in Room 3-east")
    expect(plan.get_by_role("link", name="Platz 3-east-01, gewählt")).to_be_visible()
    press(plan.get_by_role("link", name="Platz 3-east-03, frei"))
    # No new page: the list beside it says the same.
    expect(page.get_by_role("radio", name="3-east-03")).to_be_checked()
    expect(plan.locator('[aria-current="true"]')).to_have_attribute("aria-label", "Platz 3-east-03, frei")
    press(page.get_by_role("button", name="Jetzt buchen"))
    expect(page.get_by_role("status")).to_contain_text("▣ 3-east-03.")
    assert spans(database, world.agent_id) == ["Mon 06-10"]


@HANDS
def test_start_length_and_desk_of_ones_own(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/book/{open_week}")
    press(page.get_by_role("link", name="Eigene Zeit wählen"))
    press(page.get_by_role("link", name="Freitag, 3. April"))
    for label, option in (("Beginn", "10:00"), ("Länge", "4:00 h")):
        choice = page.get_by_label(label, exact=True)
        if press is touch:
            choice.select_option(label=option)
        else:
            choice.focus()
            page.keyboard.type(option)
    expect(page.locator("#chosen")).to_contain_text("Fr 3.4. 10:00–14:00")
    radio = page.get_by_role("radio", name="3-east-04")
    if press is touch:
        radio.tap()
    else:
        page.get_by_role("radio", name="3-east-01").focus()
        page.keyboard.press("ArrowUp")
    expect(radio).to_be_checked()
    press(page.get_by_role("button", name="Jetzt buchen"))
    expect(page.get_by_role("status")).to_contain_text("Gebucht: Fr 3.4. 10:00–14:00 ▣ 3-east-04.")
    assert spans(database, world.agent_id) == ["Fri 08-12"]


@HANDS
def test_cancelling_one_and_a_range(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    with database.transaction() as session:
        anna = Actor(world.users[Role.AGENT], Role.AGENT, world.site_id, world.agent_id)
        for day in (0, 1, 3):
            shift_booking.book_time(session, anna, NOW, Wish(at("08:00", day), at("12:00", day)))
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/book/{open_week}")
    press(page.get_by_role("link", name="Meine Buchungen"))
    card = page.locator(".plain-card").filter(has_text="Mo 30.3. 08:00–12:00")
    expect(card).to_contain_text("Absagen geht bis So 29.3., 08:00.")
    press(card.locator("summary"))
    press(card.get_by_role("button", name="Jetzt absagen"))
    expect(page.get_by_role("status")).to_contain_text("Abgesagt.")
    press(page.get_by_text("Mehrere Tage absagen"))
    page.get_by_label("Erster Tag").fill("2020-03-30")
    page.get_by_label("Letzter Tag").fill("2020-04-05")
    press(page.get_by_role("button", name="Zeigen, was das betrifft"))
    expect(page.get_by_role("heading", name="Absagen vom 30.3.2020 bis 5.4.2020")).to_be_visible()
    press(page.get_by_role("button", name="2 Buchungen absagen"))
    expect(page.get_by_role("status")).to_contain_text("Abgesagt: 2.")
    assert spans(database, world.agent_id) == []


@HANDS
def test_waiting_for_a_place(
    page_as: Callable[..., Page], database: Database, world: World, open_week: int, press: Press
) -> None:
    with database.transaction() as session:
        monday = session.exec(select(OpenShift.id).where(OpenShift.starts_at == at("08:00"))).one()
        ben = actor_of(session, world, world.second_agent_id)
        taken = shift_booking.book_shift(session, ben, NOW, monday)
        duty_id = taken.id
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/book/{open_week}?day=2020-03-30")
    press(page.get_by_role("button", name="Auf die Warteliste"))
    expect(page.get_by_role("status")).to_contain_text("Sie stehen auf der Warteliste.")
    with database.transaction() as session:
        shift_booking.cancel(session, ben, NOW, duty_id)
    page.goto("/agent/week")
    press(page.get_by_role("link", name="1 Anfrage wartet auf Sie"))
    expect(page.get_by_text("Ein Platz ist frei und bis Mi 25.3., 11:00 für Sie gehalten.")).to_be_visible()
    press(page.get_by_role("link", name="Annehmen und buchen"))
    press(page.get_by_role("button", name="Jetzt buchen"))
    expect(page.get_by_role("status")).to_contain_text("Gebucht: Mo 30.3. 08:00–12:00")


@HANDS
def test_a_swap_from_the_card_to_the_end(
    page_as: Callable[..., Page],
    database: Database,
    world: World,
    two_duties: dict[str, Actor],
    press: Press,
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/week/{world.week_id}")
    press(page.get_by_role("link", name=named("Tauschen oder abgeben", "08:00–12:00")))
    press(page.get_by_role("link", name=named("Wählen", "Agent a002")))
    if press is touch:
        page.get_by_role("radio", name="Fr 3.4. 14:00–18:00").tap()
    else:
        page.get_by_role("radio", name="Agent a002 soll einen vorschlagen").focus()
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="Fr 3.4. 14:00–18:00")).to_be_checked()
    press(page.get_by_role("button", name="Anbieten"))
    expect(page.get_by_role("status")).to_contain_text("Angeboten.")
    other = as_ben(page_as, world, two_duties)
    other.goto("/agent/week")
    press(other.get_by_role("link", name="1 Anfrage wartet auf Sie"))
    press(other.get_by_role("link", name=named("Ansehen", "Do 2.4. 08:00–12:00")))
    expect(other.get_by_text("Alle Regeln sind für beide eingehalten.")).to_be_visible()
    press(other.get_by_role("button", name="Annehmen"))
    expect(other.get_by_role("status")).to_contain_text("Geschehen. Ihre Woche ist geändert.")
    assert spans(database, world.agent_id) == ["Fri 12-16"]
    assert spans(database, world.second_agent_id) == ["Thu 06-10"]


@HANDS
def test_not_coming_and_standing_in(
    page_as: Callable[..., Page],
    database: Database,
    world: World,
    two_duties: dict[str, Actor],
    press: Press,
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/week/{world.week_id}")
    press(page.get_by_role("link", name=named("Ich kann nicht kommen", "08:00–12:00")))
    press(page.get_by_role("button", name="Ja, ich kann nicht kommen"))
    expect(page.get_by_role("status")).to_contain_text("Ist vermerkt: Sie kommen nicht.")
    assert spans(database, world.agent_id) == []
    with database.transaction() as session:
        opened = session.exec(select(OpenShift.id).where(OpenShift.origin == ShiftOrigin.ABSENCE)).one()
        manager = Actor(world.users[Role.MANAGER], Role.MANAGER, world.site_id)
        replacements.ask(session, manager, NOW, opened, [world.second_agent_id])
    other = as_ben(page_as, world, two_duties)
    other.goto("/agent/week/offers")
    press(other.get_by_role("link", name=named("Ansehen", "Do 2.4. 08:00–12:00")))
    press(other.get_by_role("button", name="Ich springe ein"))
    expect(other.get_by_role("status")).to_contain_text("Danke, Sie haben den Dienst.")
    assert spans(database, world.second_agent_id) == ["Thu 06-10", "Fri 12-16"]


@pytest.fixture
def addresses(database: Database, world: World, two_duties: dict[str, Actor]) -> list[str]:
    """Every page of these flows, with something on it."""
    with database.transaction() as session:
        session.add(BookingTerms(site_id=world.site_id, most_bookings_per_week=4))
        mine, theirs = (
            session.exec(
                select(CurrentDuty.id).where(CurrentDuty.agent_id == agent_id, CurrentDuty.place == "site")
            ).one()
            for agent_id in (world.agent_id, world.second_agent_id)
        )
        offer = swapping.offer(session, two_duties["ben"], NOW, theirs, OfferKind.SWAP, to_agent_id=world.agent_id)
        extra = shift_booking.book_time(session, two_duties["ben"], NOW, Wish(at("08:00", 1), at("12:00", 1)))
        opened = absence.report(session, two_duties["ben"], NOW, extra.id)
        session.add(
            StandInRequest(
                open_shift_id=opened.id, agent_id=world.agent_id, asked_at=NOW, ends_at=NOW + timedelta(hours=1)
            )
        )
        session.flush()
        first = session.exec(select(OpenShift.id).where(OpenShift.starts_at == at("08:00"))).one()
        week, to = world.week_id, world.second_agent_id
        return [
            f"/agent/book/{week}",
            f"/agent/book/{week}/shifts/{first}",
            f"/agent/book/{week}/time?start=480&length=240&place=site",
            "/agent/book/mine",
            "/agent/book/mine/range?first=2020-03-30&last=2020-04-05",
            f"/agent/week/{week}",
            f"/agent/week/duties/{mine}/offer",
            f"/agent/week/duties/{mine}/offer?kind=give_away",
            f"/agent/week/duties/{mine}/offer?kind=swap&to={to}",
            f"/agent/week/duties/{mine}/cannot-come",
            "/agent/week/offers",
            f"/agent/week/offers/{offer.id}",
            f"/agent/week/stand-in/{opened.id}",
        ]


SMALL = """least => [...document.querySelectorAll('main .btn, main summary, main label, .desk-link .tap, .day-chips a')]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < least
        && !one.classList.contains('form-label') && !one.classList.contains('visually-hidden'))
    .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESKTOP, False)])
def test_pages_fit_are_large_enough_and_have_nothing_that_axe_finds(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    addresses: list[str],
    width: int,
    *,
    dark: bool,
) -> None:
    page = page_as(Role.AGENT, width, dark=dark)
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
        assert page.evaluate(SMALL, 43) == [], address
        assert axe(page) == [], address
