"""My week, the plan of my room and what else is mine, on a phone and on a desktop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app.db import Database
from app.models import (
    Agent,
    CarePartner,
    Desk,
    HomeClearance,
    Place,
    PublishedDuty,
    Role,
    RosterSeen,
    RosterVersion,
    Site,
    StoredServes,
    StoredSpan,
    UserAccount,
    Week,
)
from tests.app import build
from tests.app.build import MONDAY, NOW, World
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

FIRST_DAY = MONDAY - timedelta(weeks=1)


def duty(session: Session, version: RosterVersion, world: World, position: int, day: int, desk: Desk | None) -> None:
    def local(clock: str) -> object:
        return build.local(FIRST_DAY + timedelta(days=day), clock)

    session.add(
        PublishedDuty.model_validate(
            {
                "version_id": version.id,
                "position": position,
                "agent_id": world.agent_id,
                "starts_at": local("08:00"),
                "ends_at": local("14:30"),
                "place": Place.SITE if desk else Place.HOME,
                "desk_id": desk.id if desk else None,
                "breaks": [StoredSpan.model_validate({"starts_at": local("11:00"), "ends_at": local("11:30")})],
                "serves": [
                    StoredServes.model_validate(
                        {"starts_at": local("08:00"), "ends_at": local("14:30"), "queue": "mobile"}
                    )
                ],
            }
        )
    )


@pytest.fixture
def changed_week(database: Database, world: World) -> int:
    """A week whose Thursday was at a desk when last seen, and is at home now."""
    with database.transaction() as session:
        site, week = session.get_one(Site, world.site_id), session.get_one(Week, world.published_week_id)
        author = session.get_one(UserAccount, world.users[Role.MANAGER])
        desk = session.exec(select(Desk).where(Desk.key == "3-east-02")).one()
        seen = build.version(session, site, week, author, number=2, duty_count=2)
        newest = build.version(session, site, week, author, number=3, duty_count=2)
        for version, thursday in ((seen, desk), (newest, None)):
            duty(session, version, world, 0, 2, desk)
            duty(session, version, world, 1, 3, thursday)
        session.add(RosterSeen(agent_id=world.agent_id, week_id=week.id, version_id=seen.id, seen_at=NOW))
        session.add(
            HomeClearance(agent_id=world.agent_id, valid_from_on=FIRST_DAY, valid_to_on=FIRST_DAY + timedelta(days=200))
        )
        return week.id


@pytest.mark.usefixtures("changed_week")
def test_today_is_on_top_with_place_break_and_plan_and_a_change_until_seen(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto("/agent/week")
    strip = page.locator(".changed-strip")
    expect(strip).to_contain_text("Donnerstag, 26. März: jetzt ⌂zu Hause, war ▣am Standort 3-east-02")
    first = page.locator(".day-card").first
    expect(first).to_contain_text("Mi 25.3.")
    expect(first).to_contain_text("heute")
    expect(first).to_contain_text("08:00–14:30")
    expect(first).to_contain_text("Pause 11:00–11:30")
    expect(first.get_by_role("img", name="Platz 3-east-02 in Room 3-east")).to_be_visible()
    page.reload()
    strip.get_by_role("button", name="Gesehen").tap()
    expect(strip).to_have_count(0)
    first.get_by_role("link", name="Lageplan Room 3-east").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Platz in Room 3-east")
    page.get_by_role("link", name="Zurück zur Woche").tap()
    page.get_by_text("Vergangene Tage (2)").tap()
    expect(page.locator(".past-days .day-card").first).to_contain_text("Mo 23.3.")


def test_care_partners_end_only_after_saying_what_that_means(
    page_as: Callable[..., Page], database: Database, world: World
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto("/agent/more")
    page.get_by_role("link", name="Betreuungspartner").tap()
    page.get_by_label("Personalnummer der anderen Person").fill("a002")
    page.get_by_role("button", name="Fragen").tap()
    expect(page.get_by_text("wartet auf die Bestätigung")).to_be_visible()
    with database.transaction() as session:
        pair = session.exec(select(CarePartner)).one()
        pair.second_confirmed_at = NOW
        name = session.get_one(Agent, world.second_agent_id).display_name
    page.reload()
    page.get_by_text("Beenden …").tap()
    expect(page.get_by_text(f"Danach können Sie und {name} wieder")).to_be_visible()
    page.get_by_role("button", name="Jetzt beenden").tap()
    expect(page.get_by_text("Sie haben niemanden eingetragen.")).to_be_visible()


def test_on_paper_only_the_roster_remains(page_as: Callable[..., Page], changed_week: int) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(f"/agent/week/{changed_week}")
    page.emulate_media(media="print")
    expect(page.locator(".site-header")).to_be_hidden()
    expect(page.get_by_role("button", name="Gesehen")).to_be_hidden()
    expect(page.get_by_text("Dienstplan von Anna")).to_be_visible()
    expect(page.locator(".past-days .day-card").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_fit_and_have_nothing_that_axe_finds(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    world: World,
    changed_week: int,
    width: int,
    *,
    dark: bool,
) -> None:
    page = page_as(Role.AGENT, width, dark=dark)
    for address in (
        "/agent/week",
        f"/agent/week/{world.week_id}",
        f"/agent/week/{changed_week}/rooms/{world.room_id}",
        "/agent/more",
        "/agent/more/care-partners",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
        assert axe(page) == [], address
