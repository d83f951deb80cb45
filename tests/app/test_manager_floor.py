"""The floor page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Desk, Role
from tests.app import build
from tests.app.build import World
from tests.app.filled_site import FilledSite, fill


@pytest.fixture
def filled(database: Database) -> FilledSite:
    with database.transaction() as session:
        return fill(session)


@pytest.fixture
def leni(as_user: Callable[[int], FlaskClient], filled: FilledSite) -> FlaskClient:
    browser = as_user(filled.manager_id)
    browser.post("/language", data={"language": "en"})
    return browser


def test_a_site_without_a_roster_shows_the_rules_of_today(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.MANAGER)
    browser.post("/language", data={"language": "en"})
    page = browser.get("/manager/floor").text
    # Four desks two metres apart, and 1.5 m to keep.
    assert "Desks released</dt><dd>4" in page
    tried = browser.get("/manager/floor?distance=2,5").text
    assert "Desks released</dt><dd>2" in tried
    assert "instead of 4" in tried
    assert "too close to 3-east-01: 2.00 m instead of 2.50 m" in tried


@pytest.mark.parametrize("distance", ["-1", "11", "x", "1.5m", "1e0"])
def test_a_distance_that_is_none_is_told_and_nothing_tried(leni: FlaskClient, distance: str) -> None:
    page = leni.get("/manager/floor", query_string={"distance": distance})
    assert page.status_code == 200
    assert "Please enter a number from 0 to 10" in page.text
    assert "only a try" not in page.text


def test_a_roster_is_laid_over_the_plan_with_names_at_a_time(leni: FlaskClient, filled: FilledSite) -> None:
    address = f"/manager/floor?roster=draft-{filled.draft_id}&day=0"
    noon = leni.get(f"{address}&at=720").text
    assert "released, Agent " in noon
    assert "Mon 30 Mar 12:00" in noon
    midnight = leni.get(f"{address}&at=0").text
    assert "released, Agent " not in midnight
    assert "Mon 30 Mar 00:00" in midnight


@pytest.mark.parametrize("query", ["roster=draft-", "roster=x-1", "roster=version-1e9", "day=x&at=-5&roster=", "at=9"])
def test_garbage_in_the_address_shows_the_rules_of_today(leni: FlaskClient, query: str) -> None:
    page = leni.get(f"/manager/floor?{query}")
    assert page.status_code == 200
    assert 'type="range"' not in page.text


def test_a_time_after_the_last_is_the_last(leni: FlaskClient, filled: FilledSite) -> None:
    page = leni.get(f"/manager/floor?roster=draft-{filled.draft_id}&day=99&at=99999").text
    assert "Sun 5 Apr 23:45" in page


def test_rosters_of_other_sites_do_not_exist(leni: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        stranger = build.site(session, "far")
        other = build.draft(session, stranger, build.week(session, stranger))
    assert leni.get(f"/manager/floor?roster=draft-{other.id}").status_code == 404


def test_a_blocked_desk_says_so(as_role: Callable[[Role], FlaskClient], database: Database, world: World) -> None:
    with database.transaction() as session:
        desk = session.get_one(Desk, 1)
        assert desk.site_id == world.site_id
        desk.blocked = True
    browser = as_role(Role.MANAGER)
    browser.post("/language", data={"language": "en"})
    assert 'aria-label="3-east-01: blocked"' in browser.get("/manager/floor").text
