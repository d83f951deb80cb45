from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import permissions
from app.models import Role
from tests.app import build
from tests.app.routes import every_call
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

NOT_PAGES = {"static", "common.home", "common.healthz"}
EVERYBODYS = ["/sign-in", "/nothing-here"]


def pages_of(app: Flask, world: build.World, role: Role | None) -> list[str]:
    """Addresses of all pages that a role may open."""
    if role is None:
        return EVERYBODYS
    return [
        call.address
        for call in every_call(app, world)
        if call.method == "GET"
        and call.endpoint not in NOT_PAGES
        and role in (allowed := permissions.allowed_roles(app, call.endpoint))
        and None not in allowed
    ]


def fits(page: Page) -> bool:
    """No scrolling sideways but inside a table's own frame."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return not wide


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "desktop"])
@pytest.mark.parametrize("role", [None, *Role])
def test_pages_fit_and_have_nothing_that_axe_finds(
    app: Flask,
    world: build.World,
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    role: Role | None,
    width: int,
    *,
    dark: bool,
) -> None:
    page, wrong = page_as(role, width, dark=dark), {}
    for address in pages_of(app, world, role):
        answer = page.request.get(address)
        assert answer.status < 500, address
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        page.goto(address)
        findings = axe(page) + ([] if fits(page) else ["wider than the window"])
        if findings:
            wrong[address] = findings
    assert wrong == {}


def test_signing_in_and_out_by_keyboard_alone(page_as: Callable[..., Page]) -> None:
    page = page_as(None)
    page.goto("/account")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Benutzername")).to_be_focused()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(build.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mein Konto")
    page.locator(".person-menu summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Abmelden").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Sie sind abgemeldet.")


def test_language_changes_on_the_same_page(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.ADMINISTRATOR)
    page.goto("/admin/users?search=mona")
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    assert page.url.endswith("/admin/users?search=mona")
    assert page.get_attribute("html", "lang") == "en"


def test_an_account_is_made_and_its_password_works_once_replaced(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.ADMINISTRATOR)
    page.goto("/admin/users")
    page.get_by_role("link", name="Konto anlegen").click()
    page.get_by_label("Benutzername").fill("nora")
    page.get_by_label("Name", exact=True).fill("Nora")
    page.get_by_label("Standort").select_option("MUC")
    page.get_by_role("button", name="Konto anlegen").click()
    password = page.locator(".one-time").inner_text()
    nora = page_as(None, PHONE)
    nora.goto("/sign-in")
    nora.get_by_label("Benutzername").fill("nora")
    nora.get_by_label("Kennwort").fill(password)
    nora.get_by_role("button", name="Anmelden").click()
    expect(nora.get_by_text("vorläufige Kennwort")).to_be_visible()


def test_closing_an_account_says_first_what_it_does(page_as: Callable[..., Page]) -> None:
    page = page_as(Role.ADMINISTRATOR)
    page.goto("/admin/users")
    page.get_by_role("link", name="Anna").click()
    button = page.get_by_role("button", name="Schließen")
    expect(button).to_be_hidden()
    page.get_by_text("Konto schließen …").click()
    expect(page.get_by_text("Anna kann sich dann nicht mehr anmelden")).to_be_visible()
    button.click()
    expect(page.get_by_role("status")).to_contain_text("geschlossen")
