"""Forms that arrive twice at the same moment, as from a double tap: done once, answered twice, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import CurrentDuty, IdempotencyKey, OpenShift, SwapOffer, WeekState
from tests.app.agent_pages import Form, Pages, form_to, said
from tests.app.booking_site import book, duties, make, shift

AT_ONCE = 4


@pytest.fixture
def pages(database: Database, as_user: Callable[[int], FlaskClient]) -> Pages:
    """A published week with a duty of the first agent on Monday and an open shift on Tuesday for many."""
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        book(session, made, "a1", "08:00", "12:00")
        shift(session, made, "08:00", "12:00", day=1, places=AT_ONCE)
    return Pages(made, database, as_user)


def sent_at_once(pages: Pages, who: str, form: Form) -> list[TestResponse]:
    browsers = [pages.browser(who) for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda browser: browser.post(form.action, data=form.fields), browsers))


def test_a_booking(pages: Pages) -> None:
    form = form_to(pages.get("a2", f"/agent/book/{pages.made.week_id}"), "/book")
    answers = sent_at_once(pages, "a2", form)
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    with pages.database.reading() as session:
        assert [who for who, *_ in duties(session, pages.made)] == ["a1", "a2"]
        assert session.exec(select(OpenShift.taken)).one() == 1
        assert len(session.exec(select(IdempotencyKey)).all()) == 1


def test_an_offer(pages: Pages) -> None:
    with pages.database.reading() as session:
        duty_id = session.exec(select(CurrentDuty.id)).one()
    form = form_to(pages.get("a1", f"/agent/week/duties/{duty_id}/offer?kind=give_away"), "/offer")
    answers = sent_at_once(pages, "a1", form)
    assert {answer.headers["Location"] for answer in answers} == {"/agent/week/offers/1"}
    with pages.database.reading() as session:
        offer_id = session.exec(select(SwapOffer.id)).one()
    accept = form_to(pages.get("a3", f"/agent/week/offers/{offer_id}"), "/accept")
    assert [answer.status_code for answer in sent_at_once(pages, "a3", accept)] == [303] * AT_ONCE
    with pages.database.reading() as session:
        assert [who for who, *_ in duties(session, pages.made)] == ["a3"]


def test_an_absence(pages: Pages) -> None:
    with pages.database.reading() as session:
        duty_id = session.exec(select(CurrentDuty.id)).one()
    form = form_to(pages.get("a1", f"/agent/week/duties/{duty_id}/cannot-come"), "/cannot-come")
    assert [answer.status_code for answer in sent_at_once(pages, "a1", form)] == [303] * AT_ONCE
    with pages.database.reading() as session:
        assert len(session.exec(select(OpenShift)).all()) == 2
        assert duties(session, pages.made) == []
    assert "Ist vermerkt" in said(pages.post("a1", form))
