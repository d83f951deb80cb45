"""The manager's pages in a browser: the way from a week to its published roster, and every page at both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlmodel import select

from app import engine
from app.db import Database
from app.models import JobState, PlanJob, Queue, Site, Week
from app.problem_builder import build_problem, judged
from app.services import plan_runs
from app.services.plan_runs import Claim
from tests.app import build, planning_site
from tests.app.build import World
from tests.app.fake_solvers import at_once
from tests.app.filled_site import FilledSite, fill, fill_more
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

PAGES = (
    "/manager/weeks",
    "/manager/weeks/{week}/availability",
    "/manager/weeks/{week}/demand",
    "/manager/weeks/{week}/demand?day=1",
    "/manager/weeks/{week}/plan",
    "/manager/weeks/{planned}/plan",
    "/manager/weeks/{published}/versions",
    "/manager/weeks/drafts/{draft}",
    "/manager/weeks/drafts/{draft}?day=1&place=home",
    "/manager/weeks/drafts/{draft}/table?day=1",
    "/manager/weeks/drafts/{draft}/publish",
    "/manager/weeks/versions/{version}",
    "/manager/weeks/versions/{version}/difference",
    "/manager/floor",
    "/manager/floor?distance=2",
    "/manager/floor?roster=draft-{draft}&day=1&at=660",
    "/manager/agents",
    "/manager/agents/{agent}",
    "/manager/queues",
    "/manager/queues/{queue}",
    "/manager/queues/{queue}/calls",
)
BEYOND_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def filled(database: Database, world: World) -> FilledSite:  # noqa: ARG001  # the live application has it too
    with database.transaction() as session:
        made = fill(session, agents=40)
        fill_more(session, made)
    return made


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("#login_name", name)
    page.fill("#password", build.PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("Wochen")


def addresses(database: Database, filled: FilledSite) -> list[str]:
    with database.reading() as session:
        weeks = {
            week.first_day: week.id for week in session.exec(select(Week).where(Week.site_id == filled.site_id)).all()
        }
        queue = session.exec(select(Queue.id).where(Queue.site_id == filled.site_id)).first()
    published, _own, planned, _later = (weeks[day] for day in sorted(weeks))
    ids = {"week": filled.week_id, "planned": planned, "published": published, "draft": filled.draft_id}
    return [page.format(**ids, version=3, agent=filled.first_agent_id, queue=queue) for page in PAGES]


@pytest.mark.parametrize(("width", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)])
def test_every_page_fits_and_can_be_read(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    database: Database,
    filled: FilledSite,
    width: int,
    dark: bool,  # noqa: FBT001
) -> None:
    page = page_as(None, width, dark=dark)
    sign_in(page, "leni")
    # Colours are the same everywhere, so in the dark a few pages stand for all.
    for address in addresses(database, filled)[:: 3 if dark else 1]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("h1").count() == 1, address
        assert page.evaluate(BEYOND_THE_EDGE) == 0, address
        assert axe(page) == [], address


@pytest.fixture
def plannable(database: Database, world: World) -> World:
    """The seeded week with calls before it, and the engine's tables."""
    engine.prepare(database.engine.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        site, queue = session.get_one(Site, world.site_id), session.get_one(Queue, world.queue_id)
        planning_site.calls(session, site, queue, build.MONDAY)
    return world


def begin_plan(database: Database) -> Claim:
    """What a worker does first: it takes the job, and writes how far it is."""
    with database.transaction() as session:
        job_id = session.exec(select(PlanJob.id).where(PlanJob.state == JobState.QUEUED)).one()
        claim = plan_runs.claim(session, job_id, "w1", build.NOW)
        assert claim is not None
        plan_runs.report(session, claim, build.NOW, [(1.0, 9000.0, 100.0), (2.0, 4000.0, 200.0)], 10_000.0)
    return claim


def finish_plan(database: Database, claim: Claim) -> None:
    """What a worker does last: it keeps the roster."""
    with database.transaction() as session:
        problem = build_problem(session, session.get_one(Week, claim.week_id))
        assert plan_runs.finish(session, claim, build.NOW, problem, judged(problem, at_once(problem))) is not None


def test_from_the_log_in_to_a_published_week(
    page_as: Callable[..., Page], database: Database, plannable: World, app: Flask
) -> None:
    assert app.config["WTF_CSRF_ENABLED"], "forms are sent with their token"
    page = page_as(None)
    sign_in(page, "mona")
    page.goto(f"/manager/weeks/{plannable.week_id}/plan")
    page.get_by_role("button", name="Planung starten").click()
    expect(page.locator("#progress")).to_contain_text("wartet auf einen Planungsdienst")
    claim = begin_plan(database)
    expect(page.locator("#progress-title")).to_contain_text("läuft", timeout=8000)
    expect(page.locator(".progress-chart")).to_be_visible()
    page.locator("#stop-plan").focus()
    page.wait_for_timeout(2500)
    assert page.evaluate("document.activeElement.id") == "stop-plan", "a poll takes the focus from nobody"
    finish_plan(database, claim)
    page.get_by_role("link", name="Entwurf ansehen").click(timeout=8000)
    expect(page.locator("h1")).to_contain_text("Entwurf")
    page.get_by_role("link", name="Veröffentlichen").click()
    expect(page.locator("main")).to_contain_text("Das geschieht mit Fassung 1")
    page.get_by_role("button", name="Fassung 1 veröffentlichen").click()
    expect(page.locator("h1")).to_contain_text("Fassung 1")
    expect(page.locator("#messages")).to_contain_text("Fassung 1 ist veröffentlicht.")


def test_the_poll_ends_with_the_plan(page_as: Callable[..., Page], database: Database, plannable: World) -> None:
    page = page_as(None)
    sign_in(page, "mona")
    page.goto(f"/manager/weeks/{plannable.week_id}/plan")
    page.get_by_role("button", name="Planung starten").click()
    finish_plan(database, begin_plan(database))
    page.get_by_role("link", name="Entwurf ansehen").wait_for(timeout=8000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3000)
    assert asked == []


def test_filters_change_the_bands_without_leaving_the_page(page_as: Callable[..., Page], filled: FilledSite) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    page.goto(f"/manager/weeks/drafts/{filled.draft_id}")
    assert page.locator(".bars").count() == 40
    page.evaluate("window.stayed = true")
    page.fill("#search", "Agent 7")
    page.press("#search", "Enter")
    expect(page.locator(".bars")).to_have_count(1)
    page.select_option("#day", "2")
    expect(page.locator(".band.head .day-name")).to_have_count(1)
    assert page.evaluate("window.stayed"), "only the bands were exchanged"
    assert "search=Agent+7" in page.url
    page.reload()
    assert page.locator(".bars").count() == 1


def test_a_gap_leads_into_the_chart(page_as: Callable[..., Page], filled: FilledSite) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    page.goto(f"/manager/weeks/drafts/{filled.draft_id}")
    page.locator(".gap-chips a").first.click()
    expect(page.locator(".gap-facts")).to_be_visible()
    expect(page.locator(".marked")).to_have_count(1)


def test_desks_tell_their_reason_to_the_keyboard(page_as: Callable[..., Page], filled: FilledSite) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    page.goto(f"/manager/floor?roster=draft-{filled.draft_id}&day=1&at=660")
    desk = page.locator(".floor-room .desk.too_close").first
    assert not desk.locator(".reach").is_visible()
    desk.focus()
    assert desk.locator(".reach").is_visible()
    assert desk.locator(".hint").is_visible()
    assert "zu nah an" in (desk.get_attribute("aria-label") or "")


def test_without_scripts_everything_is_a_form(page_as: Callable[..., Page], filled: FilledSite, live: str) -> None:
    page = page_as(None)
    sign_in(page, "leni")
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=live, java_script_enabled=False, storage_state=page.context.storage_state())
    quiet = plain.new_page()
    quiet.goto(f"/manager/weeks/drafts/{filled.draft_id}")
    quiet.fill("#search", "Agent 7")
    quiet.click(".grid-filter button")
    expect(quiet.locator(".bars")).to_have_count(1)
    quiet.goto("/manager/floor")
    quiet.fill("#distance", "2")
    quiet.click(".grid-filter button")
    expect(quiet.locator("text=nur ein Versuch")).to_have_count(1)
    plain.close()
