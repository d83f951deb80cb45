"""Agents, queues and imported calls through their pages: what is kept, and what is refused whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from app.db import Database
from app.models import (
    Agent,
    AgentQueue,
    AuditEvent,
    AvailabilityPattern,
    CallHistory,
    CarePartner,
    HomeClearance,
    PatternKind,
    Queue,
    Role,
)
from tests.app import build
from tests.app.build import World

CONTRACT = {"weekly_min_hours": "19", "weekly_max_hours": "20,5", "max_workdays": "4", "max_blocks_per_day": "2"}
TARGETS = {
    "service_level": "90",
    "within_seconds": "15",
    "aht_seconds": "210,5",
    "patience_seconds": "",
    "max_agent_occupancy": "85",
    "shrinkage": "10",
}
FILE = "interval_start,calls\n2020-03-02 08:00:00,10\n2020-03-02 08:30:00,20\n2020-03-03 08:00:00,30\n"


@pytest.fixture
def mona(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    browser = as_role(Role.MANAGER)
    browser.post("/language", data={"language": "en"})
    return browser


def agent_of(database: Database, world: World) -> Agent:
    with database.reading() as session:
        return session.get_one(Agent, world.agent_id)


def test_contract_and_skills_are_kept_and_recorded(mona: FlaskClient, world: World, database: Database) -> None:
    with database.transaction() as session:
        site = build.site(session, "other")
        elsewhere = build.queue(session, site, "elsewhere", "E").id
    form = {**CONTRACT, "revision": "1", "queues": []}
    assert mona.post(f"/manager/agents/{world.agent_id}", data=form).status_code == 303
    changed = agent_of(database, world)
    assert (changed.weekly_min_minutes, changed.weekly_max_minutes) == (1140, 1230)
    assert (changed.max_workdays, changed.max_blocks_per_day, changed.revision) == (4, 2, 2)
    with database.reading() as session:
        assert session.exec(select(AgentQueue).where(AgentQueue.agent_id == world.agent_id)).all() == []
        assert "agent.changed" in session.exec(select(AuditEvent.action)).all()
    foreign = mona.post(f"/manager/agents/{world.agent_id}", data={**form, "revision": "2", "queues": [str(elsewhere)]})
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("weekly_min_hours", ""),
        ("weekly_min_hours", "-1"),
        ("weekly_max_hours", "61"),
        ("weekly_max_hours", "1e1"),
        ("weekly_max_hours", "nan"),
        ("max_workdays", "8"),
        ("max_workdays", "2.5"),
        ("max_blocks_per_day", "0"),
    ],
)
def test_what_is_no_contract_is_refused_with_what_was_typed(
    mona: FlaskClient, world: World, database: Database, field: str, typed: str
) -> None:
    answer = mona.post(f"/manager/agents/{world.agent_id}", data={**CONTRACT, "revision": "1", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    if field != "max_blocks_per_day":
        assert f'name="{field}" value="{typed}"' in answer.text
    assert agent_of(database, world).revision == 1


def test_hours_the_wrong_way_round_are_refused(mona: FlaskClient, world: World, database: Database) -> None:
    form = {**CONTRACT, "weekly_min_hours": "30", "revision": "1"}
    answer = mona.post(f"/manager/agents/{world.agent_id}", data=form)
    assert answer.status_code == 422
    assert "The least hours are more than the most hours." in answer.text
    assert agent_of(database, world).weekly_min_minutes == 1140


def test_who_saves_second_is_told_and_may_save_again(mona: FlaskClient, world: World, database: Database) -> None:
    address = f"/manager/agents/{world.agent_id}"
    mona.post(address, data={**CONTRACT, "revision": "1"})
    answer = mona.post(address, data={**CONTRACT, "max_workdays": "3", "revision": "1"})
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    assert 'name="max_workdays" value="3"' in answer.text
    assert 'name="revision" value="2"' in answer.text
    assert agent_of(database, world).max_workdays == 4


def test_a_clearance_is_given_and_ended(mona: FlaskClient, world: World, database: Database) -> None:
    address = f"/manager/agents/{world.agent_id}/clearances"
    mona.post(address, data={"valid_from_on": "2020-03-01", "valid_to_on": "2021-02-28"})
    mona.post(address, data={"valid_from_on": "2020-05-01", "valid_to_on": "2020-05-31"})
    with database.reading() as session:
        running, to_come = session.exec(select(HomeClearance).order_by(col(HomeClearance.valid_from_on))).all()
    for clearance in (running, to_come):
        mona.post(f"{address}/end", data={"clearance_id": clearance.id})
    with database.reading() as session:
        left = session.exec(select(HomeClearance)).all()
    assert [(one.valid_from_on, one.valid_to_on) for one in left] == [(date(2020, 3, 1), date(2020, 3, 25))]
    again = mona.post(f"{address}/end", data={"clearance_id": running.id})
    assert again.status_code == 409
    assert mona.post(f"{address}/end", data={"clearance_id": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("first_on", "last_on"), [("2020-04-02", "2020-04-01"), ("", "2020-04-01"), ("2020-02-30", "2020-04-01")]
)
def test_what_is_no_span_of_days_clears_nobody(
    mona: FlaskClient, world: World, database: Database, first_on: str, last_on: str
) -> None:
    form = {"valid_from_on": first_on, "valid_to_on": last_on}
    answer = mona.post(f"/manager/agents/{world.agent_id}/clearances", data=form)
    assert answer.status_code == 422
    assert "field-fault" in answer.text
    with database.reading() as session:
        assert session.exec(select(HomeClearance)).all() == []


def test_availability_is_shown_by_its_effect_and_care_partners_not_at_all(
    mona: FlaskClient, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.add(
            AvailabilityPattern(
                agent_id=world.agent_id,
                weekday=0,
                start_clock_minutes=0,
                end_clock_minutes=510,
                kind=PatternKind.BLOCKED,
                valid_from_on=date(2020, 1, 1),
            )
        )
        pair = sorted([world.agent_id, world.second_agent_id])
        session.add(
            CarePartner(
                first_agent_id=pair[0],
                second_agent_id=pair[1],
                first_confirmed_at=build.NOW,
                second_confirmed_at=build.NOW,
            )
        )
    page = mona.get(f"/manager/agents/{world.agent_id}").text
    assert "blocked 00:00–08:30" in page
    assert "Agent a002" not in page
    assert "partner" not in page.casefold()
    assert mona.get(f"/manager/agents/{world.agent_id}?week=nonsense").status_code == 200
    assert mona.get(f"/manager/agents/{world.agent_id}?week=9999-12-31").status_code == 200


def test_agents_can_be_searched_sorted_and_saved(mona: FlaskClient) -> None:
    found = mona.get("/manager/agents?search=a002").text
    assert "Agent a002" in found
    assert "Agent a001" not in found
    saved = mona.get("/manager/agents?format=csv&sort=-key").text.splitlines()
    assert [line.split(",")[1] for line in saved[1:]] == ["a002", "a001"]


def test_targets_of_a_queue_are_kept(mona: FlaskClient, world: World, database: Database) -> None:
    address = f"/manager/queues/{world.queue_id}"
    assert mona.post(address, data={**TARGETS, "revision": "1"}).status_code == 303
    with database.reading() as session:
        queue = session.get_one(Queue, world.queue_id)
    assert (queue.service_level, queue.within_seconds, queue.aht_seconds) == (0.9, 15.0, 210.5)
    assert (queue.patience_seconds, queue.max_agent_occupancy, queue.shrinkage_share) == (None, 0.85, 0.1)
    assert 'value="210.5"' in mona.get(address).text
    assert mona.post(address, data={**TARGETS, "revision": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("service_level", "100"),
        ("service_level", "0"),
        ("within_seconds", "-5"),
        ("aht_seconds", "0"),
        ("patience_seconds", "0"),
        ("max_agent_occupancy", "101"),
        ("shrinkage", "100"),
        ("shrinkage", "zehn"),
    ],
)
def test_targets_that_are_none_are_refused(
    mona: FlaskClient, world: World, database: Database, field: str, typed: str
) -> None:
    answer = mona.post(f"/manager/queues/{world.queue_id}", data={**TARGETS, "revision": "1", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    with database.reading() as session:
        assert session.get_one(Queue, world.queue_id).revision == 1


def upload(browser: FlaskClient, world: World, content: bytes | str, scale: str = "1") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    form = {"file": (io.BytesIO(raw), "calls.csv"), "scale": scale}
    return browser.post(f"/manager/queues/{world.queue_id}/calls/preview", data=form)


def packed_of(page: str) -> str:
    return page.split('name="packed" value="')[1].split('"', maxsplit=1)[0]


def calls_in(database: Database) -> list[float]:
    with database.reading() as session:
        return list(session.exec(select(CallHistory.calls).order_by(col(CallHistory.starts_at))).all())


def test_calls_are_shown_before_they_are_taken_over(mona: FlaskClient, world: World, database: Database) -> None:
    preview = upload(mona, world, FILE)
    assert preview.status_code == 200
    assert "Nothing has been stored yet." in preview.text
    assert "Take over 3 intervals" in preview.text
    assert calls_in(database) == []
    address = f"/manager/queues/{world.queue_id}/calls"
    done = mona.post(address, data={"packed": packed_of(preview.text), "scale": "1"}, follow_redirects=True)
    assert "3 intervals for Mobile have been taken over." in done.text
    assert calls_in(database) == [10.0, 20.0, 30.0]


def test_what_was_known_of_the_time_is_replaced_and_the_rest_stays(
    mona: FlaskClient, world: World, database: Database
) -> None:
    with database.transaction() as session:
        for day in (date(2020, 3, 1), date(2020, 3, 2), date(2020, 3, 4)):
            row = CallHistory(
                queue_id=world.queue_id, starts_at=build.local(day, "08:15"), interval_minutes=15, calls=1.0
            )
            session.add(row)
    preview = upload(mona, world, FILE, scale="0,5")
    assert "Replaces known intervals</dt><dd>1" in preview.text
    form = {"packed": packed_of(preview.text), "scale": "0.5"}
    mona.post(f"/manager/queues/{world.queue_id}/calls", data=form)
    assert calls_in(database) == [1.0, 5.0, 10.0, 15.0, 1.0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "empty"),
        ("interval_start,calls\n2020-03-02 08:00:00,-1\n2020-03-02 08:30:00,1\n", "is negative"),
        ("interval_start,calls\n", "nothing below the header"),
        ("a,b\n1,2\n", "none of the columns is known"),
        (b"\x00\xff\xfe", "text"),
    ],
)
def test_a_file_that_is_no_call_history_is_refused_whole(
    mona: FlaskClient, world: World, database: Database, content: bytes | str, sentence: str
) -> None:
    answer = upload(mona, world, content)
    assert answer.status_code == 422
    assert "nothing of it has been stored" in answer.text
    assert sentence in answer.text
    assert calls_in(database) == []


@pytest.mark.parametrize("scale", ["0", "-1", "x", ""])
def test_a_scale_that_is_none_is_refused(mona: FlaskClient, world: World, scale: str) -> None:
    answer = upload(mona, world, FILE, scale)
    assert answer.status_code == 422
    assert "Please enter a number" in answer.text


@pytest.mark.parametrize("packed", ["", "!!!", "QUJD", "eJwDAAAAAAE="])
def test_a_preview_that_was_tampered_with_stores_nothing(
    mona: FlaskClient, world: World, database: Database, packed: str
) -> None:
    form = {"packed": packed, "scale": "1"}
    assert mona.post(f"/manager/queues/{world.queue_id}/calls", data=form).status_code == 422
    assert calls_in(database) == []


def test_the_hour_that_comes_twice_is_two_intervals(mona: FlaskClient, world: World, database: Database) -> None:
    rows = [
        f"2019-10-27 {clock}:00,{calls}" for clock, calls in (("01:00", 1), ("02:00", 2), ("02:00", 3), ("03:00", 4))
    ]
    preview = upload(mona, world, "\n".join(["interval_start,calls", *rows]))
    mona.post(f"/manager/queues/{world.queue_id}/calls", data={"packed": packed_of(preview.text), "scale": "1"})
    with database.reading() as session:
        starts = sorted(session.exec(select(CallHistory.starts_at)).all())
    assert [later - earlier for earlier, later in pairwise(starts)] == [timedelta(hours=1)] * 3
