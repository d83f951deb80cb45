"""Notifications, mail settings, calendar link, the page behind a mail's link and the administrator's page of mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.db import Database
from app.models import Chore, Mail, MailState, OpenShift, OutboxMessage, Role, ShiftOrigin, StandInRequest
from app.services import signed_links
from app.services.signed_links import Link, Purpose
from tests.app import build
from tests.app.build import MONDAY, NOW, World
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def told(database: Database, world: World) -> int:
    """News for the agent, and somebody's question to stand in; gives the shift."""
    day = MONDAY
    before = {
        "starts_at": build.local(day, "08:00").isoformat(),
        "ends_at": build.local(day, "14:30").isoformat(),
        "place": "site",
        "desk": "3-east-01",
    }
    after = {**before, "place": "home", "desk": None}
    with database.transaction() as session:
        shift = build.saved(
            session,
            OpenShift(
                site_id=world.site_id,
                week_id=world.week_id,
                starts_at=build.local(day + timedelta(days=1), "08:00"),
                ends_at=build.local(day + timedelta(days=1), "12:00"),
                origin=ShiftOrigin.ABSENCE,
                created_at=NOW,
            ),
        )
        until = NOW + timedelta(hours=1)
        session.add(StandInRequest(open_shift_id=shift.id, agent_id=world.agent_id, asked_at=NOW, ends_at=until))
        facts: dict[str, Any] = {"week_id": world.week_id, "before": [before], "after": [after]}
        user_id = world.users[Role.AGENT]
        session.add(OutboxMessage(recipient_user_id=user_id, kind="roster.edited", facts=facts, created_at=NOW))
        asked = {"week_id": world.week_id, "open_shift_id": shift.id, "starts_at": shift.starts_at.isoformat()}
        session.add(OutboxMessage(recipient_user_id=user_id, kind="stand_in.asked", facts=asked, created_at=NOW))
        return int(shift.id)


def link(app: Any, world: World, purpose: Purpose, object_id: int) -> str:
    made = Link(world.users[Role.AGENT], 0, purpose, object_id, NOW + timedelta(hours=1))
    return f"/links/{signed_links.signed(app.config['SECRET_KEY'], made)}"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_news_are_read_and_marked(
    page_as: Callable[..., Page], axe: Callable[[Page], list[str]], told: int, width: int
) -> None:
    page = page_as(Role.AGENT, width)
    page.goto("/agent/more")
    expect(page.get_by_text("2 neu")).to_be_visible()
    page.get_by_role("link", name="Benachrichtigungen").click()
    expect(page.get_by_text("Platz 3-east-01")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Alle als gelesen vermerken").click()
    expect(page.locator(".new-mark")).to_have_count(0)
    assert told


@pytest.mark.parametrize("dark", [False, True])
def test_mail_and_quiet_hours_by_keyboard(
    page_as: Callable[..., Page], axe: Callable[[Page], list[str]], *, dark: bool
) -> None:
    page = page_as(Role.AGENT, PHONE, dark=dark)
    page.goto("/notifications/settings")
    assert axe(page) == []
    page.get_by_role("textbox", name="Mailadresse").focus()
    page.keyboard.type("anna@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Eine Mail mit einem Link ist unterwegs.")).to_be_visible()
    expect(page.get_by_text("anna@example.org ist noch nicht bestätigt.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("combobox", name="Wann").select_option("daily")
    page.get_by_label("bis", exact=True).fill("06:30")
    page.get_by_label("Dringendes darf auch in der Ruhezeit kommen").focus()
    page.keyboard.press("Space")
    page.get_by_role("region", name="Wann").get_by_role("button", name="Speichern").press("Enter")
    expect(page.get_by_text("Ihre Zeiten sind gespeichert.")).to_be_visible()
    expect(page.get_by_label("bis", exact=True)).to_have_value("06:30")
    expect(page.get_by_label("Dringendes darf auch in der Ruhezeit kommen")).not_to_be_checked()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_calendar_link_is_shown_once(
    page_as: Callable[..., Page], axe: Callable[[Page], list[str]], width: int
) -> None:
    page = page_as(Role.AGENT, width)
    page.goto("/agent/more/calendar")
    assert axe(page) == []
    page.get_by_role("button", name="Link erstellen").click()
    secret = page.get_by_role("textbox", name="Ihr Kalenderlink").input_value()
    assert secret.endswith(".ics")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.request.get(secret).status == 200
    page.goto("/agent/more/calendar")
    expect(page.get_by_role("textbox", name="Ihr Kalenderlink")).to_have_count(0)
    page.get_by_text("Link widerrufen …").click()
    page.get_by_role("button", name="Widerrufen").click()
    expect(page.get_by_text("Der Link ist widerrufen.")).to_be_visible()
    assert page.request.get(secret).status == 404


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_a_link_asks_first_and_speaks_the_recipients_language(
    page_as: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    app: Any,
    world: World,
    told: int,
    language: str,
) -> None:
    page = page_as(None, PHONE, language=language)
    page.goto(link(app, world, Purpose.STAND_IN_DECLINE, told))
    expect(page.get_by_role("heading", name="Ich kann nicht")).to_be_visible()
    expect(page.get_by_text("Di 31.3. 08:00–12:00 · noch kein Platz")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Ich kann nicht").click()
    expect(page.get_by_text("Ihre Absage ist notiert.")).to_be_visible()
    assert axe(page) == []
    page.goto(link(app, world, Purpose.STAND_IN_DECLINE, told))
    expect(page.get_by_role("alert")).to_contain_text("schon benutzt")
    assert axe(page) == []


def test_the_administrator_sees_how_mail_is_doing(
    page_as: Callable[..., Page], axe: Callable[[Page], list[str]], database: Database, world: World
) -> None:
    page = page_as(Role.ADMINISTRATOR, DESKTOP)
    page.goto("/admin/mail")
    expect(page.get_by_text("kein Mailserver eingerichtet")).to_be_visible()
    assert axe(page) == []
    with database.transaction() as session:
        session.add(Chore(name="every_minute", begun_at=NOW, worker_id="w"))
        for state, error in ((MailState.WAITING, "450 4.2.0 greylisted"), (MailState.FAILED, "550 no such user")):
            row: dict[str, Any] = {"address": "a@b.org", "created_at": NOW, "next_try_at": NOW, "tried_at": NOW}
            session.add(Mail(recipient_user_id=world.users[Role.AGENT], state=state, last_error=error, **row))
    page.goto("/admin/mail")
    expect(page.get_by_role("cell", name="450 4.2.0 greylisted")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Alle jetzt noch einmal versuchen").click()
    expect(page.get_by_text("2 Mails werden noch einmal versucht.")).to_be_visible()
