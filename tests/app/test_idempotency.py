from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from app.db import Database
from app.models import IdempotencyKey
from app.services import idempotency
from app.services.idempotency import ReusedKeyError, hash_of
from tests.app import booking_site
from tests.app.booking_site import NOW, make

ASKED = hash_of("post", "/bookings", {"open_shift": 1, "desk": None})


def test_the_same_request_is_the_same_whatever_the_order_of_its_fields() -> None:
    assert hash_of("POST", "/bookings", {"desk": None, "open_shift": 1}) == ASKED
    assert hash_of("POST", "/bookings", {"desk": None, "open_shift": 2}) != ASKED
    assert hash_of("POST", "/swaps", {"desk": None, "open_shift": 1}) != ASKED


def test_a_request_sent_again_is_answered_as_before_and_another_refused(database: Database) -> None:
    with database.transaction() as session:
        user_id = make(session).actors["a1"].user_id or 0
        row = idempotency.begun(session, NOW, user_id, "k1", ASKED)
        assert row.answer is None
        idempotency.answered(session, row, 201, {"id": 7})
    with database.transaction() as session:
        again = idempotency.begun(session, NOW, user_id, "k1", ASKED)
        assert (again.status, again.answer) == (201, {"id": 7})
        with pytest.raises(ReusedKeyError):
            idempotency.begun(session, NOW, user_id, "k1", hash_of("POST", "/bookings", {}))


def test_ten_at_once_act_once(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agent={"max_blocks_per_day": 2})
    user_id = made.actors["a1"].user_id or 0
    start = threading.Barrier(10)

    def send(_number: int) -> int:
        start.wait(30)
        with database.transaction() as session:
            row = idempotency.begun(session, NOW, user_id, "once", ASKED)
            if row.answer is None:
                duty = booking_site.book(session, made, "a1", "08:00", "12:00")
                idempotency.answered(session, row, 201, {"id": duty.id})
            return int((row.answer or {})["id"])

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(send, range(10)))
    assert len(answers) == 1
    with database.reading() as session:
        assert len(booking_site.duties(session, made)) == 1
        assert len(session.exec(select(IdempotencyKey)).all()) == 1
