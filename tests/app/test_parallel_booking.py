"""Many at once for few places, through the service and past it: never one too many, and nobody forgotten."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.db import Database
from app.errors import RefusedError
from app.models import CurrentDuty, OpenShift, Scope, UserAccount
from app.services import api_tokens, shift_booking
from app.services.roster_guard import BreaksRuleError, ShiftTakenError, name_of_refusal
from bench import counting
from solver.rules import Rule
from tests.app import booking_site, build
from tests.app.booking_site import NOW, at, make, wish
from tests.app.test_guard import insert

CLIENTS = 20


def all_at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of twenty clients got, a refusal as its exception."""
    start = threading.Barrier(CLIENTS)

    def run(number: int) -> Any:
        start.wait(30)
        try:
            return act(number)
        except (RefusedError, IntegrityError) as refusal:
            return refusal

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(run, range(CLIENTS)))


def accepted_of(results: list[Any]) -> list[int]:
    return sorted(result for result in results if isinstance(result, int))


def rules_of(results: list[Any]) -> Counter[str]:
    return Counter(
        result.rule if isinstance(result, BreaksRuleError) else type(result).__name__
        for result in results
        if not isinstance(result, int)
    )


def present(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(session.exec(select(CurrentDuty.id)))


def book_time(
    database: Database, made: booking_site.BookingSite, number: int, start: str, end: str, **more: Any
) -> int:
    with database.transaction() as session:
        actor = made.actors[f"a{number + 1}"]
        return shift_booking.book_time(session, actor, NOW, wish(start, end, **more)).id


def test_twenty_for_four_desks(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agents=CLIENTS)
    results = all_at_once(lambda number: book_time(database, made, number, "08:00", "12:00"))
    assert len(accepted_of(results)) == 4
    assert accepted_of(results) == present(database)
    assert rules_of(results) == {Rule.DESK: 16}
    with database.reading() as session:
        assert {desk for *_, desk in booking_site.duties(session, made)} == {"01", "02", "03", "04"}


def test_twenty_for_one_desk_with_the_time_for_cleaning_between(database: Database) -> None:
    """Odd ones come at 8, even ones at 12:15 (just clean) or 12:00 (not yet): at most one of each time stays."""
    with database.transaction() as session:
        made = make(session, agents=CLIENTS, site={"duty_rules": _quarter_hours()})
    times = [("08:00", "12:00"), ("12:15", "16:15"), ("12:00", "16:00")]
    desk_id = made.desks["01"]
    results = all_at_once(lambda number: book_time(database, made, number, *times[number % 3], desk_id=desk_id))
    assert accepted_of(results) == present(database)
    assert 1 <= len(accepted_of(results)) <= 2
    assert set(rules_of(results)) == {Rule.CLEANING_GAP}


def _quarter_hours() -> Any:
    return build.DUTY_RULES.model_copy(update={"start_step_minutes": 15})


def test_twenty_for_a_room_and_a_shift_of_three(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agents=CLIENTS, desks=20, room={"max_persons": 3})
        shift = booking_site.shift(session, made, "13:00", "17:00", places=3)
    morning = all_at_once(lambda number: book_time(database, made, number, "08:00", "12:00"))
    assert len(accepted_of(morning)) == 3
    assert rules_of(morning) == {Rule.ROOM_CAP: 17}

    def book(number: int) -> int:
        with database.transaction() as session:
            return shift_booking.book_shift(session, made.actors[f"a{number + 1}"], NOW, shift.id).id

    afternoon = all_at_once(book)
    assert len(accepted_of(afternoon)) + rules_of(afternoon)[Rule.OVERLAP] >= 3
    assert set(rules_of(afternoon)) <= {ShiftTakenError.__name__, Rule.OVERLAP}
    assert present(database) == sorted(accepted_of(morning) + accepted_of(afternoon))
    with database.reading() as session:
        assert session.get_one(OpenShift, shift.id).taken == len(accepted_of(afternoon)) <= 3


def test_one_person_twenty_times(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
    results = all_at_once(lambda number: book_time(database, made, 0, "08:00", "12:00", day=number % 2))
    assert len(accepted_of(results)) == 2
    assert rules_of(results) == {Rule.OVERLAP: 18}


@pytest.mark.parametrize("limit", ["desk", "room", "site"])
def test_past_the_guard_the_database_still_refuses(database: Database, limit: str) -> None:
    """No lock of the application's own: rows are inserted straight away, all at the same moment."""
    changes: dict[str, Any] = {"room": {"max_persons": 3}} if limit == "room" else {}
    changes |= {"max_persons_on_site": 3} if limit == "site" else {}
    with database.transaction() as session:
        made = make(session, agents=CLIENTS, desks=CLIENTS, **changes)

    def write(number: int) -> int:
        with database.transaction() as session:
            desk = f"{number % 3 + 1:02d}" if limit == "desk" else f"{number + 1:02d}"
            insert(session, made, f"a{number + 1}", "08:00", "12:00", desk)
            return session.exec(
                select(CurrentDuty.id).where(CurrentDuty.agent_id == made.agents[f"a{number + 1}"])
            ).one()

    results = all_at_once(write)
    assert len(accepted_of(results)) == 3
    assert accepted_of(results) == present(database)
    rule = {"desk": Rule.CLEANING_GAP, "room": Rule.ROOM_CAP, "site": Rule.SITE_CAP}[limit]
    refusals = [result for result in results if isinstance(result, IntegrityError)]
    assert {name_of_refusal(refusal) for refusal in refusals} == {rule}


TIMES = [("08:00", "12:00"), ("12:00", "16:00"), ("12:30", "16:30")]
"""Back to back for a person, and for a desk once before it is clean and once after."""


def test_twenty_through_the_api_for_close_desks_in_a_small_room(app: Flask, database: Database) -> None:
    """Every answer is a booking or names its rule, and the rows say the same as the answers."""
    with database.transaction() as session:
        made = make(session, agents=CLIENTS, desks=9, spacing_m=1.0, room={"max_persons": 3})
        booking_site.put_too_close(session, made, made.desks)
        tokens = [token_of(session, made, f"a{number + 1}") for number in range(CLIENTS)]

    def ask(number: int) -> list[tuple[int, Any]]:
        chance, browser, answers = random.Random(number), app.test_client(), []
        for start, end in TIMES:
            desk = made.desks[f"{chance.randint(1, 4):02d}"]
            wanted = {"start": at(start).isoformat(), "end": at(end).isoformat(), "desk": desk}
            answer = browser.post(
                "/api/v1/bookings", json=wanted, headers={"Authorization": f"Bearer {tokens[number]}"}
            )
            answers.append((answer.status_code, answer.json))
        return answers

    answers = [answer for per_client in all_at_once(ask) for answer in per_client]
    assert {status for status, _ in answers} <= {201, 409}
    assert sorted(told["id"] for status, told in answers if status == 201) == present(database) != []
    rules = {told["rule"] for status, told in answers if status == 409}
    assert (
        {Rule.DISTANCE, Rule.CLEANING_GAP} <= rules <= {Rule.DISTANCE, Rule.CLEANING_GAP, Rule.ROOM_CAP, Rule.OVERLAP}
    )
    with database.reading() as session:
        assert counting.breaches(session, made.site_id) == []


def token_of(session: Session, made: booking_site.BookingSite, who: str, now: datetime = NOW) -> str:
    actor = made.actors[who]
    account = session.get_one(UserAccount, actor.user_id or 0)
    return api_tokens.create(session, actor, now, account, [Scope.BOOKINGS])[1]


def test_what_counts_the_limits_anew_sees_each_of_them_exceeded(sqlite_url: str) -> None:
    """Every guard taken away, every limit broken once."""
    database = Database(sqlite_url)
    with database.transaction() as session:
        made = make(session, agents=4, desks=4, spacing_m=1.0, room={"max_persons": 1}, max_persons_on_site=1)
        booking_site.put_too_close(session, made, made.desks)
        shift = booking_site.shift(session, made, "08:00", "12:00")
        connection = session.connection()
        for rule in ("overlap", "cleaning_gap", "distance", "room_cap", "site_cap"):
            connection.execute(sa.text(f"DROP TRIGGER tr_current_duty_{rule}"))
        insert(session, made, "a1", "08:00", "12:00", "01", open_shift_id=shift.id)
        insert(session, made, "a1", "11:00", "15:00", "02")
        insert(session, made, "a2", "12:00", "16:00", "01")
        connection.execute(sa.text("UPDATE open_shift SET taken = 0"))
        found = set(counting.breaches(session, made.site_id))
    database.dispose()
    assert found == {
        "places of a shift",
        "a person twice at once",
        "a desk twice, or not clean",
        "two too close",
        "a room too full",
        "the site too full",
    }
