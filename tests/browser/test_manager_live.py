"""Booking, absences, swaps and the roster in force in a browser: by keyboard and touch, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from app.db import Database
from app.models import Agent, BookingTerms, CurrentDuty, Desk, OfferKind, OfferState, Role, Site, SwapOffer
from app.services import absence, open_shifts, roster_editing
from app.services.audit import Actor
from tests.app import build
from tests.app.build import World
from tests.app.filled_site import FilledSite, fill, fill_calls
from tests.app.live_site import put_in_force
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_manager_pages import BEYOND_THE_EDGE, sign_in

pytestmark = pytest.mark.browser

PAGES = (
    "/manager/weeks",
    "/manager/absences",
    "/manager/swaps",
    "/manager/terms",
    "/manager/weeks/{week}/booking",
    "/manager/shifts/{shift}",
    "/manager/shifts/{shift}/candidates",
    "/manager/weeks/{week}/roster",
    "/manager/weeks/{week}/roster/table?day=1",
    "/manager/weeks/{week}/roster/changes",
    "/manager/weeks/{week}/roster/people/{agent}",
    "/manager/roster/duties/{duty}",
    "/manager/roster/duties/{duty}?day=2020-03-31&start=08:00&end=23:00&place=site",
    "/manager/weeks/{week}/roster/version",
    "/manager/weeks/{week}/import",
    "/manager/floor?roster=live-{week}&day=1&at=600",
    "/manager/floor/desks/{desk}/close",
    "/manager/floor/rooms/{room}/close",
)


@dataclass(frozen=True)
class LiveSite:
    """A filled site with something to do on every page."""

    filled: FilledSite
    ids: dict[str, int]


@pytest.fixture
def site(database: Database, world: World) -> LiveSite:  # noqa: ARG001  # the live application has it too
    """Sixteen people with duties on two days, an absence, an edit, a swap to decide and open shifts."""
    with database.transaction() as session:
        filled = fill(session, agents=16)
        put_in_force(session, filled, days=2)
        fill_calls(session, session.get_one(Site, filled.site_id), build.MONDAY)
        boss = Actor(filled.manager_id, Role.MANAGER, filled.site_id)
        duties = session.exec(select(CurrentDuty).order_by(CurrentDuty.id)).all()  # type: ignore[arg-type]
        mine = [duty for duty in duties if duty.week_id == filled.week_id and duty.desk_id is not None]
        open_shifts.open_week(session, boss, build.NOW, filled.week_id)
        shift = absence.report(session, Actor(None, Role.MANAGER, filled.site_id), build.NOW, mine[0].id)
        roster_editing.remove(session, boss, build.NOW, mine[1].id)
        session.add(BookingTerms(site_id=filled.site_id, swaps_need_approval=True))
        session.add(
            SwapOffer(
                site_id=filled.site_id,
                week_id=filled.week_id,
                kind=OfferKind.GIVE_AWAY,
                state=OfferState.ACCEPTED,
                from_agent_id=mine[2].agent_id,
                duty_id=mine[2].id,
                starts_at=mine[2].starts_at,
                ends_at=mine[2].ends_at,
                partner_agent_id=mine[1].agent_id,
                created_at=build.NOW,
                expires_at=mine[2].starts_at,
            )
        )
        desk = session.exec(select(Desk).where(Desk.site_id == filled.site_id)).first()
        assert desk is not None
        ids = {"week": filled.week_id, "shift": shift.id, "agent": mine[3].agent_id, "duty": mine[3].id}
        return LiveSite(filled, {**ids, "desk": desk.id, "room": desk.room_id})


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, True), (PHONE, False)])
def test_every_page_fits_and_can_be_read(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    site: LiveSite,
    width: int,
    dark: bool,  # noqa: FBT001
) -> None:
    page = page_as(None, width, dark=dark)
    sign_in(page, "leni")
    # Colours are the same everywhere, so in the dark a few pages stand for all.
    for pattern in PAGES[:: 3 if dark else 1]:
        address = pattern.format(**site.ids)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        assert page.locator("h1").count() == 1, address
        assert page.evaluate(BEYOND_THE_EDGE) == 0, address
        assert axe(page) == [], address


def test_the_council_reads_the_live_roster(
    page_as: Callable[..., Page], axe: Callable[[Page], list[str]], database: Database, site: LiveSite
) -> None:
    with database.transaction() as session:
        agent = session.get_one(Agent, site.ids["agent"])
        build.account(session, "clara", Role.COUNCIL, session.get_one(Site, agent.site_id))
    page = page_as(None)
    page.goto("/sign-in")
    page.fill("#login_name", "clara")
    page.fill("#password", build.PASSWORD)
    page.click("main button[type=submit]")
    page.get_by_role("link", name="Was jetzt gilt").click()
    expect(page.locator("h1")).to_contain_text("Geltender Dienstplan")
    expect(page.locator(".main-nav a[aria-current]")).to_have_text("Wochen")
    assert page.locator(".bands tbody a").count() == 0
    assert axe(page) == []


def test_a_duty_is_changed_by_keyboard_with_the_rules_told_while_typing(
    page_as: Callable[..., Page], site: LiveSite
) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    page.goto(f"/manager/roster/duties/{site.ids['duty']}")
    page.locator("#end").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("09:00")
    page.keyboard.press("Tab")
    expect(page.locator("#verdict")).to_contain_text("So geht es nicht")
    page.locator("#end").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("12:00")
    page.keyboard.press("Tab")
    expect(page.locator("#verdict")).to_contain_text("Passt: Keine Regel wird verletzt. Platz: ▣")
    page.get_by_role("button", name="Ändern", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Der Dienst ist geändert.")
    expect(page.locator("main table")).to_contain_text("08:00–12:00")
    page.goto(f"/manager/weeks/{site.ids['week']}/roster/changes")
    page.get_by_role("button", name="Zurücknehmen").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Zurückgenommen")


def test_a_stand_in_is_asked_by_touch(page_as: Callable[..., Page], site: LiveSite) -> None:
    page = page_as(None, PHONE)
    sign_in(page, "leni")
    page.get_by_role("link", name="Vertretung finden").tap()
    page.get_by_role("link", name="Vertretung finden").first.tap()
    page.locator("#candidates form").wait_for()
    first = page.locator("#candidates input[type=checkbox]").first
    if not first.is_visible():
        page.locator("#candidates summary").tap()
    page.locator("#candidates label.check:visible").first.tap()
    page.get_by_role("button", name="Angebote an die Gewählten senden").tap()
    expect(page.locator("#messages")).to_contain_text("Angebote sind unterwegs: 1.")
    expect(page.locator("main")).to_contain_text("noch keine Antwort")
    assert site.filled.week_id


def test_a_desk_is_closed_after_its_consequence_was_read(page_as: Callable[..., Page], site: LiveSite) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    page.goto("/manager/floor")
    page.locator(".desk-list summary").first.click()
    page.locator(".desk-list a").first.click()
    expect(page.locator("#affected-title")).to_have_text("Wen es betrifft")
    page.goto(f"/manager/floor/desks/{site.ids['desk']}/close")
    before = page.locator("main").inner_text()
    assert "streicht keinen Dienst" in before or "keinen anderen Platz" in before


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_week_is_opened_without_scripts(
    page_as: Callable[..., Page], live: str, database: Database, site: LiveSite, language: str
) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    if language == "en":
        page.get_by_role("button", name="EN", exact=True).click()
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=live, java_script_enabled=False, storage_state=page.context.storage_state())
    quiet = plain.new_page()
    quiet.goto(f"/manager/weeks/{site.ids['week']}/booking")
    quiet.get_by_role("button", name={"de": "Schichten neu bilden", "en": "Make the shifts anew"}[language]).click()
    said = {"de": "stehen auf der Liste", "en": "are on the list"}[language]
    expect(quiet.locator("#messages")).to_contain_text(said)
    quiet.goto(f"/manager/shifts/{site.ids['shift']}")
    quiet.locator("#candidates a").click()
    expect(quiet.locator("form button[type=submit]").last).to_be_visible()
    plain.close()
    with database.reading() as session:
        assert session.get_one(CurrentDuty, site.ids["duty"]).week_id == site.ids["week"]
