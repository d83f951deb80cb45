"""What an agent has booked: cancelling one or a range of days, with the deadline said beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import BookingTerms, Week, WeekState
from tests.app.agent_pages import Pages, form_to, forms, said
from tests.app.booking_site import book, duties, make
from tests.app.conftest import FrozenClock

MINE = "/agent/book/mine"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages look alike on both; what is written is tested on both beside the services."""
    return sqlite_url


@pytest.fixture
def pages(database: Database, as_user: Callable[[int], FlaskClient]) -> Pages:
    """The first agent has booked Monday, Tuesday and Thursday; the second Monday."""
    with database.transaction() as session:
        made = make(session)
        for day in (0, 1, 3):
            book(session, made, "a1", "08:00", "12:00", day)
        book(session, made, "a2", "08:00", "12:00", 0)
    return Pages(made, database, as_user)


def own_days(pages: Pages, who: str = "a1") -> list[str]:
    with pages.database.reading() as session:
        return [start for agent, start, *_ in duties(session, pages.made) if agent == who]


def test_each_booking_says_until_when_it_can_be_cancelled(pages: Pages) -> None:
    page = said(pages.get("a1", MINE))
    assert "Mo 30.3. 08:00–12:00 ▣ am Standort 3-east-01 Absagen geht bis So 29.3., 08:00." in page
    assert "In dieser Woche" not in page
    assert "3, ohne Grenze" in page


def test_cancelling_says_what_happens_and_then_does_it_once(pages: Pages) -> None:
    page = pages.get("a1", MINE)
    form = form_to(page, "/mine/cancel")
    assert "Die Schicht Mo 30.3. 08:00–12:00 wird wieder frei" in said(page)
    assert "Abgesagt. Die Schicht ist wieder frei." in said(pages.post("a1", form))
    assert own_days(pages) == ["Tue 08:00", "Thu 08:00"]
    again = pages.post("a1", form)
    assert again.status_code == 200
    assert own_days(pages) == ["Tue 08:00", "Thu 08:00"]
    # A page left open in another tab names its forms otherwise.
    form.fields["once"] = "another-name-of-a-form"
    assert "Diese Buchung gibt es nicht mehr." in said(pages.post("a1", form))


def test_the_deadline_to_the_second(pages: Pages, clock: FrozenClock) -> None:
    form = form_to(pages.get("a1", MINE), "/mine/cancel")
    with pages.database.reading() as session:
        starts_at = session.get_one(Week, pages.made.week_id).first_day
    assert starts_at.isoformat() == "2020-03-30"
    # Monday 08:00 in summer time less 24 hours is Sunday 08:00, though the clock went forward that Sunday at 02:00.
    clock.at = clock.at.replace(day=29, hour=6, minute=0) + timedelta(seconds=1)
    late = pages.post("a1", form)
    assert late.status_code == 409
    assert "Absagen ging nur bis 24 Stunden vor Beginn. Sie können den Dienst noch abgeben oder tauschen." in said(late)
    assert "Die Frist zum Absagen war So 29.3., 08:00." in said(late)
    clock.at -= timedelta(seconds=1)
    pages.post("a1", form)
    assert own_days(pages) == ["Tue 08:00", "Thu 08:00"]


def test_nobody_cancels_for_somebody_else(pages: Pages) -> None:
    theirs = form_to(pages.get("a2", MINE), "/mine/cancel")
    answer = pages.post("a1", theirs)
    assert "Diese Buchung gibt es nicht mehr." in said(answer)
    assert own_days(pages, "a2") == ["Mon 08:00"]


def test_a_range_names_what_goes_and_what_stays_before_it_happens(pages: Pages, clock: FrozenClock) -> None:
    clock.at = clock.at.replace(day=29, hour=10)
    page = pages.get("a1", f"{MINE}/range?first=2020-03-30&last=2020-03-31")
    text = said(page)
    goes, stays = text.index("Das wird abgesagt: Di 31.3."), text.index("Das bleibt, weil die Frist vorbei ist")
    assert goes < stays < text.index("Mo 30.3. 08:00–12:00", stays)
    assert own_days(pages) == ["Mon 08:00", "Tue 08:00", "Thu 08:00"]
    form = form_to(page, "/mine/range")
    assert form.text == "1 Buchung absagen"
    done = pages.post("a1", form)
    assert "Abgesagt: 1." in said(done)
    assert "Geblieben, weil die Frist vorbei ist oder die Woche geplant wird: 1." in said(done)
    assert own_days(pages) == ["Mon 08:00", "Thu 08:00"]
    assert own_days(pages, "a2") == ["Mon 08:00"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2020-03-31", "2020-03-30", "Das Ende liegt vor dem Anfang."),
        ("", "2020-03-30", "Bitte geben Sie den ersten und den letzten Tag als Datum an."),
        ("2020-02-30", "2020-03-30", "Bitte geben Sie den ersten und den letzten Tag als Datum an."),
        ("gestern", "morgen", "Bitte geben Sie den ersten und den letzten Tag als Datum an."),
    ],
)
def test_a_range_that_is_none_is_said_and_what_was_typed_stays(
    pages: Pages, method: str, first: str, last: str, sentence: str
) -> None:
    browser = pages.browser("a1")
    if method == "get":
        answer = browser.get(f"{MINE}/range?first={first}&last={last}")
    else:
        answer = browser.post(f"{MINE}/range", data={"first": first, "last": last})
    assert answer.status_code == 422
    assert sentence in said(answer)
    assert f'name="last" value="{last}"' in answer.text
    assert len(own_days(pages)) == 3


def test_a_range_without_bookings_has_nothing_to_cancel(pages: Pages) -> None:
    page = pages.get("a1", f"{MINE}/range?first=2020-06-01&last=2020-06-30")
    assert "In diesen Tagen haben Sie nichts gebucht, was noch abgesagt werden kann." in said(page)
    assert [form.action for form in forms(page) if form.action.endswith("/range")] == []
    answer = pages.browser("a1").post(
        f"{MINE}/range", data={"first": "2020-06-01", "last": "2020-06-30"}, follow_redirects=True
    )
    assert "In diesen Tagen war nichts abzusagen." in said(answer)


def test_while_a_week_is_planned_its_bookings_stay_and_the_page_says_so(pages: Pages) -> None:
    form = form_to(pages.get("a1", MINE), "/mine/cancel")
    with pages.database.transaction() as session:
        session.get_one(Week, pages.made.week_id).state = WeekState.PLANNING
    assert "Die Woche wird gerade geplant; absagen geht wieder" in said(pages.get("a1", MINE))
    answer = pages.post("a1", form)
    assert answer.status_code == 409
    assert len(own_days(pages)) == 3


def test_a_limit_is_shown_beside_what_is_booked(pages: Pages) -> None:
    with pages.database.transaction() as session:
        session.add(BookingTerms(site_id=pages.made.site_id, most_bookings_per_week=5))
    assert "KW 14 · 30.3.–5.4. 3 von 5" in said(pages.get("a1", MINE))


def test_without_bookings_the_page_leads_to_open_shifts(pages: Pages) -> None:
    page = said(pages.get("a4", MINE))
    assert "Sie haben nichts gebucht, was noch kommt." in page
    assert "Offene Schichten ansehen" in page


def test_cancelling_nothing_is_a_bad_request(pages: Pages) -> None:
    assert pages.browser("a1").post(f"{MINE}/cancel", data={"duty_id": ""}).status_code == 400
