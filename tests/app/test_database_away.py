"""While the database is away people are told so; when it is back everything goes on by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.models import Role
from tests.app import build

AWAY, BACK = True, False


@pytest.fixture
def away(app: Flask) -> Callable[[bool], None]:
    """Make every connection of the application's database fail, or answer again."""
    engine = app.extensions["abstand_database"].engine
    is_away = False

    @sa.event.listens_for(engine, "do_connect")
    def refuse(*_unused: object) -> None:
        if is_away:
            raise OperationalError("connect", None, ConnectionRefusedError("refused"))

    def switch(to: bool) -> None:  # noqa: FBT001
        nonlocal is_away
        is_away = to
        engine.dispose()

    return switch


@pytest.mark.parametrize("path", ["/agent/book", "/"])
def test_pages_say_that_the_database_is_away_and_come_back(
    as_role: Callable[[Role], FlaskClient], away: Callable[[bool], None], path: str
) -> None:
    browser = as_role(Role.AGENT)
    away(AWAY)
    answer = browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Datenbank antwortet" in answer.text
    away(BACK)
    assert browser.get(path).status_code < 500


def test_the_api_says_it_as_a_problem(client: FlaskClient, world: build.World, away: Callable[[bool], None]) -> None:
    assert world.agent_id
    away(AWAY)
    answer = client.get("/api/v1/bookings", headers={"Authorization": "Bearer abstand_x", "Accept-Language": "en"})
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["title"] == "Not available right now"
    away(BACK)
    again = client.get("/api/v1/bookings", headers={"Authorization": "Bearer abstand_x"})
    assert again.status_code == 401
