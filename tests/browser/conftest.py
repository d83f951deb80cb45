"""A server in this process and headless Chromium; without a browser the tests are skipped, in CI they fail."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from app.db import Database
from app.models import Role, UserAccount
from tests.app import build
from tests.app.conftest import (  # noqa: F401  # fixtures
    FrozenClock,
    app,
    clock,
    database,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
    world,
)

PHONE, DESKTOP = 360, 1280
HEIGHTS = {PHONE: 740, DESKTOP: 800}


@pytest.fixture
def database_url(sqlite_url: str) -> str:  # noqa: F811
    """Pages look alike on both databases; SQLite is the quicker one."""
    return sqlite_url


def chromium_path() -> str | None:
    """The system's browser: a download of its own is never tried."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) or (f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else None)
        if found:
            return found
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        missing = "needs Chromium on the PATH (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture
def live(app: Flask, world: build.World) -> Iterator[str]:  # noqa: ARG001, F811
    """Address of the application with the seeded world."""
    app.config["WTF_CSRF_ENABLED"] = True
    app.config["TESTING"] = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page_as(
    browser: Browser,
    live: str,
    app: Flask,  # noqa: F811
    database: Database,  # noqa: F811
    world: build.World,  # noqa: F811
) -> Iterator[Callable[..., Page]]:
    """``page_as(Role.AGENT, PHONE)``: a page signed in as the seeded person of a role, or as nobody for None.

    A message on the browser's console (a breach of the content policy, too) or a failed script fails the test.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(role: Role | None, width: int = DESKTOP, *, dark: bool = False, language: str = "de-DE") -> Page:
        context = browser.new_context(
            base_url=live,
            viewport={"width": width, "height": HEIGHTS[width]},
            has_touch=width == PHONE,
            locale=language,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        if role is not None:
            context.add_cookies([_session_cookie(app, database, world.users[role], live)])
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(complaints_of(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def complaints_of(message: ConsoleMessage) -> list[str]:
    """An error page is no complaint, a file that it needs and does not get is one."""
    is_page = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
    return [message.text] if message.type == "error" and not is_page else []


def _session_cookie(app: Flask, database: Database, user_id: int, address: str) -> Any:  # noqa: F811
    """The cookie that the log-in would set."""
    with database.reading() as session:
        account = session.get_one(UserAccount, user_id)
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": f"{account.id}:{account.session_epoch}", "_fresh": True})
    return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": address}


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """``axe(page)``: what is wrong for people who cannot see or point well; an empty list is wanted."""

    def findings(page: Page) -> list[str]:
        result = Axe().run(page)
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]

    return findings
