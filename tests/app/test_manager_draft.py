"""The draft page and its files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from tests.app.filled_site import FilledSite, fill


@pytest.fixture
def filled(database: Database) -> FilledSite:
    with database.transaction() as session:
        return fill(session)


@pytest.fixture
def browser(as_user: Callable[[int], FlaskClient], filled: FilledSite) -> FlaskClient:
    return as_user(filled.manager_id)


def test_the_draft_shows_every_agent_and_queue(browser: FlaskClient, filled: FilledSite) -> None:
    page = browser.get(f"/manager/weeks/drafts/{filled.draft_id}")
    assert page.status_code == 200
    assert page.text.count('class="band bars"') == 40
