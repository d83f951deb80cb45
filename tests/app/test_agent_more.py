"""Wishes and care partners: one's own, confirmed by both, shown to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from app.db import Database
from app.models import Agent, AuditEvent, CarePartner, HomeClearance, HomeWish, Role
from tests.app import build
from tests.app.build import World

PARTNERS = "/agent/more/care-partners"


@pytest.fixture
def anna(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.AGENT)


@pytest.fixture
def ben(database: Database, world: World, as_user: Callable[[int], FlaskClient]) -> FlaskClient:
    with database.transaction() as session:
        from app.models import Site

        site, agent = session.get_one(Site, world.site_id), session.get_one(Agent, world.second_agent_id)
        account = build.account(session, "ben", Role.AGENT, site, agent)
    return as_user(account.id)


def pairs(database: Database) -> list[CarePartner]:
    with database.reading() as session:
        return list(session.exec(select(CarePartner)))


def test_wishes_are_kept_and_the_clearance_is_shown(database: Database, world: World, anna: FlaskClient) -> None:
    assert "keine gültige Freigabe" in anna.get("/agent/more").text
    with database.transaction() as session:
        session.add(
            HomeClearance(agent_id=world.agent_id, valid_from_on=date(2020, 3, 1), valid_to_on=date(2020, 6, 30))
        )
    page = anna.get("/agent/more").text
    assert "gültig vom 1.3.2020 bis 30.6.2020" in page
    assert "keine gültige Freigabe" not in page
    fields = {"revision": "1", "home_wish": "preferred", "max_blocks_per_day": "2"}
    assert anna.post("/agent/more/wishes", data=fields).status_code == 303
    with database.reading() as session:
        agent = session.get_one(Agent, world.agent_id)
    assert (agent.home_wish, agent.max_blocks_per_day, agent.revision) == (HomeWish.PREFERRED, 2, 2)
    stale = anna.post("/agent/more/wishes", data={**fields, "home_wish": "none"})
    assert stale.status_code == 409
    assert '<option value="none" selected>' in stale.text


@pytest.mark.parametrize(
    "changes", [{"home_wish": "moon"}, {"max_blocks_per_day": "3"}, {"revision": ""}, {"revision": "9" * 30}]
)
def test_wishes_that_cannot_be_are_refused(
    database: Database, world: World, anna: FlaskClient, changes: dict[str, str]
) -> None:
    fields = {"revision": "1", "home_wish": "only", "max_blocks_per_day": "1", **changes}
    assert anna.post("/agent/more/wishes", data=fields).status_code == 422
    with database.reading() as session:
        assert session.get_one(Agent, world.agent_id).home_wish is HomeWish.NONE


def test_both_confirm_and_only_then_it_counts(database: Database, anna: FlaskClient, ben: FlaskClient) -> None:
    assert anna.post(PARTNERS, data={"number": " a002 ", "handover_minutes": "30"}).status_code == 303
    assert [(pair.first_confirmed_at is None, pair.second_confirmed_at is None) for pair in pairs(database)] == [
        (False, True)
    ]
    waiting = anna.get(PARTNERS).text
    assert "wartet auf die Bestätigung" in waiting
    assert "Agent a002" not in waiting, "a number must not be turned into a name by asking"
    asked = ben.get(PARTNERS).text
    assert "Agent a001" in asked
    assert "fragt Sie" in asked
    assert ben.post(f"{PARTNERS}/confirm", data={"partner_id": "1"}).status_code == 303
    pair = pairs(database)[0]
    assert pair.first_confirmed_at is not None
    assert pair.second_confirmed_at is not None
    assert pair.handover_minutes == 30
    assert "Agent a002" in anna.get(PARTNERS).text


def test_each_can_end_it_and_twice_is_no_fault(database: Database, anna: FlaskClient, ben: FlaskClient) -> None:
    anna.post(PARTNERS, data={"number": "a002", "handover_minutes": "0"})
    assert ben.post(f"{PARTNERS}/end", data={"partner_id": "1"}).status_code == 303
    assert anna.post(f"{PARTNERS}/end", data={"partner_id": "2"}, follow_redirects=True).status_code == 200
    assert pairs(database) == []


def test_confirming_for_the_other_is_not_possible(database: Database, anna: FlaskClient, ben: FlaskClient) -> None:
    anna.post(PARTNERS, data={"number": "a002", "handover_minutes": "0"})
    assert anna.post(f"{PARTNERS}/confirm", data={"partner_id": "2"}).status_code == 303
    assert pairs(database)[0].second_confirmed_at is None
    assert ben.post(f"{PARTNERS}/confirm", data={"partner_id": "3"}).status_code == 404
    assert ben.post(f"{PARTNERS}/confirm", data={"partner_id": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"number": "a999"}, 422, "„a999“ gibt es an Ihrem Standort nicht"),
        ({"number": "b001"}, 422, "gibt es an Ihrem Standort nicht"),
        ({"number": ""}, 422, "gibt es an Ihrem Standort nicht"),
        ({"number": "a001"}, 422, "eigene Personalnummer"),
        ({"number": "a002", "handover_minutes": "255"}, 422, "0 bis 240"),
        ({"number": "a002", "handover_minutes": "7"}, 422, "0 bis 240"),
        ({"number": "a002", "handover_minutes": "-15"}, 422, "unvollständig"),
    ],
)
def test_requests_that_cannot_be_are_refused(
    database: Database, anna: FlaskClient, fields: dict[str, str], status: int, said: str
) -> None:
    answer = anna.post(PARTNERS, data={"handover_minutes": "0", **fields})
    assert answer.status_code == status
    assert said in answer.text
    assert pairs(database) == []


def test_no_second_request_for_a_pair_and_not_too_many(
    database: Database, world: World, anna: FlaskClient, ben: FlaskClient
) -> None:
    anna.post(PARTNERS, data={"number": "a002", "handover_minutes": "0"})
    assert ben.post(PARTNERS, data={"number": "a001", "handover_minutes": "0"}).status_code == 409
    with database.transaction() as session:
        from app.models import Site

        site = session.get_one(Site, world.site_id)
        for key in ("a003", "a004", "a005"):
            build.agent(session, site, key)
    answers = [
        anna.post(PARTNERS, data={"number": key, "handover_minutes": "0"}).status_code
        for key in ("a003", "a004", "a005")
    ]
    assert answers == [303, 303, 409]


def test_the_record_that_administrators_read_says_nothing_of_it(
    database: Database, anna: FlaskClient, ben: FlaskClient
) -> None:
    anna.post(PARTNERS, data={"number": "a002", "handover_minutes": "0"})
    ben.post(f"{PARTNERS}/confirm", data={"partner_id": "1"})
    ben.post(f"{PARTNERS}/end", data={"partner_id": "1"})
    with database.reading() as session:
        actions = {event.action for event in session.exec(select(AuditEvent))}
    assert not any("partner" in action for action in actions)
