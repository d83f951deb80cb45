"""Availability painted by finger, mouse and keyboard alone, and typed without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from sqlmodel import select

from app.db import Database
from app.models import AvailabilityException, AvailabilityPattern, PatternKind, PatternWeeks, Role
from tests.app.build import MONDAY, World
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

ADDRESS = f"/agent/availability/{MONDAY}"
Stored = list[tuple[int, int, int, str]]


def cell(page: Page, day: int, hour: float) -> Locator:
    return page.locator("#paint-grid tbody tr").nth(int(hour * 2)).locator("td").nth(day)


def stored(database: Database) -> Stored:
    with database.reading() as session:
        rows = session.exec(select(AvailabilityException))
        return sorted(
            ((row.applies_on - MONDAY).days, row.start_clock_minutes, row.end_clock_minutes, row.kind.value)
            for row in rows
        )


def centre(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def to_middle(place: Locator) -> None:
    place.evaluate("cell => cell.scrollIntoView({block: 'center', behavior: 'instant'})")


def drag_finger(page: Page, start: Locator, end: Locator) -> None:
    """A finger that goes down, moves in a few steps and is lifted."""
    (from_x, from_y), (to_x, to_y) = centre(start), centre(end)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, points: list[dict[str, float]]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", [{"x": from_x, "y": from_y}])
    for step in range(1, 6):
        share = step / 5
        send("touchMove", [{"x": from_x + (to_x - from_x) * share, "y": from_y + (to_y - from_y) * share}])
    # A finger that leaves while it moves flings, and the browser takes the next tap for the end of that.
    page.wait_for_timeout(400)
    send("touchMove", [{"x": to_x, "y": to_y + 1}])
    send("touchEnd", [])


def save(page: Page) -> None:
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".notice-fine")).to_contain_text("Gespeichert")


def test_painting_by_finger(page_as: Callable[..., Page], database: Database) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(ADDRESS)
    page.get_by_role("button", name="Mit dem Finger malen").tap()
    to_middle(cell(page, 1, 8))
    before = page.evaluate("window.scrollY")
    drag_finger(page, cell(page, 1, 8), cell(page, 1, 10.5))
    assert page.evaluate("window.scrollY") == before, "a painting finger does not scroll"
    expect(page.locator("#planner-preview")).to_contain_text("Di 08:00–11:00 gesperrt")
    page.locator(".brush", has_text="Wunsch").tap()
    cell(page, 3, 9).tap()
    save(page)
    assert stored(database) == [(1, 480, 660, "blocked"), (3, 540, 570, "preferred")]


def test_a_finger_scrolls_until_it_is_told_to_paint_and_a_tap_paints(
    page_as: Callable[..., Page], database: Database
) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(ADDRESS)
    to_middle(cell(page, 2, 12))
    before = page.evaluate("window.scrollY")
    drag_finger(page, cell(page, 2, 12), cell(page, 2, 8))
    page.wait_for_function("before => window.scrollY !== before", arg=before)
    expect(page.locator("td.blocked")).to_have_count(0)
    cell(page, 2, 12).tap()
    expect(page.locator("td.blocked")).to_have_count(1)
    save(page)
    assert stored(database) == [(2, 720, 750, "blocked")]


def test_painting_and_erasing_by_mouse(page_as: Callable[..., Page], database: Database) -> None:
    page = page_as(Role.AGENT, DESKTOP)
    page.goto(ADDRESS)
    cell(page, 0, 10).scroll_into_view_if_needed()
    page.mouse.move(*centre(cell(page, 0, 8)))
    page.mouse.down()
    page.mouse.move(*centre(cell(page, 4, 11.5)), steps=1)
    page.mouse.up()
    expect(page.locator("td.blocked")).to_have_count(5 * 8)
    page.get_by_role("radio", name="Radieren").check(force=True)
    page.mouse.move(*centre(cell(page, 2, 8)))
    page.mouse.down()
    page.mouse.move(*centre(cell(page, 2, 11.5)), steps=3)
    page.mouse.up()
    expect(page.locator("#planner-preview")).to_contain_text("Mo, Di, Do, Fr 08:00–12:00 gesperrt")
    save(page)
    assert stored(database) == [(day, 480, 720, "blocked") for day in (0, 1, 3, 4)]


def test_the_whole_flow_by_keyboard_alone(page_as: Callable[..., Page], database: Database) -> None:
    page = page_as(Role.AGENT, DESKTOP)
    page.goto(f"{ADDRESS}?scope=even")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#paint-grid td')"):
            break
    expect(page.locator("#paint-grid td:focus")).to_have_attribute("aria-label", "Mo 30.3., 06:00–06:30, verfügbar")
    for key in ["ArrowDown"] * 4 + ["ArrowRight"]:
        page.keyboard.press(key)
    for key in ["Shift+ArrowDown"] * 3 + ["Shift+ArrowRight"]:
        page.keyboard.press(key)
    expect(page.locator("td[aria-selected]")).to_have_count(8)
    page.keyboard.press("2")
    expect(page.locator("#paint-said")).to_have_text("Di 31.3. – Mi 1.4., 08:00–10:00: ungünstig")
    page.keyboard.press("Escape")
    expect(page.locator("td[aria-selected]")).to_have_count(0)
    page.keyboard.press("0")
    page.keyboard.press("End")
    page.keyboard.press("3")
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    expect(page.locator("#paint-grid td:focus")).to_have_attribute("aria-label", "Mo 30.3., 09:30–10:00, gesperrt")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Speichern":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".notice-fine")).to_contain_text("Gespeichert")
    with database.reading() as session:
        rows = session.exec(select(AvailabilityPattern)).all()
    assert {row.weeks for row in rows} == {PatternWeeks.EVEN}
    assert sorted((row.weekday, row.start_clock_minutes, row.end_clock_minutes, row.kind) for row in rows) == [
        (0, 570, 600, PatternKind.BLOCKED),
        (1, 480, 600, PatternKind.UNDESIRED),
        (2, 480, 570, PatternKind.UNDESIRED),
        (6, 570, 600, PatternKind.PREFERRED),
    ]


def test_daycare_closed_in_two_taps_and_back(page_as: Callable[..., Page], database: Database) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(ADDRESS)
    page.get_by_text("Kita geschlossen").tap()
    page.get_by_role("button", name="Diese Tage sperren").tap()
    expect(page.locator(".planner-view")).to_contain_text("Mo–Fr ganztags gesperrt")
    assert stored(database) == [(day, 0, 1440, "blocked") for day in range(5)]
    page.get_by_role("button", name="Rückgängig").tap()
    expect(page.locator(".planner-view")).to_contain_text("jederzeit verfügbar")
    assert stored(database) == []


def test_two_tabs_do_not_overwrite_each_other(page_as: Callable[..., Page], database: Database) -> None:
    first, second = page_as(Role.AGENT, PHONE), page_as(Role.AGENT, PHONE)
    for page in (first, second):
        page.goto(ADDRESS)
    cell(first, 0, 8).tap()
    save(first)
    cell(second, 4, 9).tap()
    second.get_by_role("button", name="Speichern").tap()
    expect(second.get_by_role("alert")).to_contain_text("inzwischen anderswo geändert")
    expect(second.locator("td.blocked")).to_have_count(1)
    assert stored(database) == [(0, 480, 510, "blocked")]
    save(second)
    assert stored(database) == [(4, 540, 570, "blocked")]


def test_without_scripts_everything_can_be_typed(
    browser: Browser, live: str, page_as: Callable[..., Page], database: Database
) -> None:
    signed_in = page_as(Role.AGENT, PHONE)
    context = browser.new_context(base_url=live, java_script_enabled=False, viewport={"width": PHONE, "height": 740})
    context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(ADDRESS)
    expect(page.locator(".paint-tools")).to_be_hidden()
    page.get_by_text("Zeiten eintippen statt malen").click()
    page.get_by_label("Mo", exact=True).check()
    page.get_by_label("Von", exact=True).select_option("09:00")
    page.get_by_label("Bis", exact=True).select_option("11:30")
    page.get_by_role("button", name="Eintragen").click()
    expect(page.locator(".planner-view")).to_contain_text("Mo 09:00–11:30 gesperrt")
    page.get_by_role("button", name="Das ist meine Verfügbarkeit").click()
    expect(page.locator(".entry-state")).to_contain_text("Von Ihnen bestätigt")
    context.close()
    assert stored(database) == [(0, 540, 690, "blocked")]


def test_rows_outside_opening_hours_are_there_when_wanted(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(ADDRESS)
    expect(cell(page, 0, 3)).to_be_hidden()
    page.get_by_label("Alle 24 Stunden zeigen").check()
    expect(cell(page, 0, 3)).to_be_visible()


def test_leaving_with_unsaved_paint_asks_first(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.AGENT, PHONE)
    page.goto(ADDRESS)
    cell(page, 0, 8).tap()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/agent/more")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_fit_and_have_nothing_that_axe_finds(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    database: Database,
    world: World,
    width: int,
    *,
    dark: bool,
) -> None:
    with database.transaction() as session:
        session.add(
            AvailabilityPattern(
                agent_id=world.agent_id,
                weekday=0,
                start_clock_minutes=480,
                end_clock_minutes=720,
                kind=PatternKind.UNDESIRED,
                valid_from_on=MONDAY - timedelta(weeks=9),
            )
        )
    page = page_as(Role.AGENT, width, dark=dark)
    for address in (ADDRESS, f"{ADDRESS}?scope=odd", "/agent/availability/2020-03-23"):
        page.goto(address)
        if "03-30" in address:
            cell(page, 1, 8).click()
            page.keyboard.press("1")
            page.keyboard.press("ArrowRight")
            page.keyboard.press("3")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), address
        assert axe(page) == [], address
