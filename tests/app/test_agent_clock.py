"""Clock changes, midnight, week 53 and 29 February: the agent's pages show and take the right local time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import CurrentDuty, OfferKind, OpenShift, ShiftOrigin, WeekState
from app.services import booking_choice, swapping
from solver.problem import DutyRules
from tests.app import build
from tests.app.agent_pages import Pages, form_to, said
from tests.app.booking_site import duties, make, open_for_booking
from tests.app.conftest import FrozenClock

SPRING, AUTUMN = date(2020, 3, 23), date(2020, 10, 19)
ROUND_THE_CLOCK = DutyRules(
    earliest_start="00:00",
    latest_end="30:00",
    start_step_minutes=30,
    work_minutes=[240, 300, 360],
    break_edge_minutes=60,
    max_break_minutes=60,
)
SUNDAYS_TOO = build.LABOUR.model_copy(update={"free_days": []})


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The clock is the same on both."""
    return sqlite_url


@pytest.fixture
def week_of(database: Database, as_user: Callable[[int], FlaskClient], clock: FrozenClock) -> Callable[..., Pages]:
    """A site that works round the clock in the week of a Monday, open five days before it."""

    def made(first_day: date, state: WeekState = WeekState.COLLECTING, **site: Any) -> Pages:
        clock.at = datetime(first_day.year, first_day.month, first_day.day, 8, tzinfo=UTC) - timedelta(days=5)
        rules = {"duty_rules": ROUND_THE_CLOCK, "labour": SUNDAYS_TOO, **site}
        with database.transaction() as session:
            found = make(session, first_day=first_day, state=state, site=rules)
            open_for_booking(session, found.week(session)).booking_opens_at = clock.at - timedelta(hours=1)
        return Pages(found, database, as_user)

    return made


def open_shift(pages: Pages, starts_at: datetime, ends_at: datetime) -> int:
    with pages.database.transaction() as session:
        row: OpenShift = build.saved(
            session,
            OpenShift(
                site_id=pages.made.site_id,
                week_id=pages.made.week_id,
                queue_id=pages.made.queue_id,
                starts_at=starts_at,
                ends_at=ends_at,
                origin=ShiftOrigin.REQUIREMENT,
                created_at=starts_at,
            ),
        )
        return row.id


def starts_offered(pages: Pages, day: int) -> dict[str, int]:
    page = pages.get("a1", f"/agent/book/{pages.made.week_id}/time?day={day}")
    choices = page.text[page.text.index('id="start"') : page.text.index('id="length"')]
    return {label: int(value) for value, label in re.findall(r'value="(\d+)"[^>]*>([^<]+)<', choices)}


def only_duty(pages: Pages) -> CurrentDuty:
    with pages.database.reading() as session:
        return session.exec(select(CurrentDuty)).one()


def test_in_march_the_hour_that_is_skipped_is_not_offered(week_of: Callable[..., Pages]) -> None:
    pages = week_of(SPRING)
    sunday, saturday = starts_offered(pages, 6), starts_offered(pages, 5)
    assert "02:00" in saturday
    assert "02:30" in saturday
    assert "02:00" not in sunday
    assert "02:30" not in sunday
    # From 01:30 to 03:00 on the clock half an hour passes.
    assert sunday["03:00"] - sunday["01:30"] == 30


def test_a_booking_over_the_march_change_has_its_full_length(week_of: Callable[..., Pages]) -> None:
    """Four hours from 00:00 end at 05:00 on the clock, since 02:00 to 03:00 does not happen."""
    pages = week_of(SPRING)
    start = starts_offered(pages, 6)["00:00"]
    chosen = pages.get("a1", f"/agent/book/{pages.made.week_id}/time?start={start}&length=240&place=site")
    assert "So 29.3. 00:00–05:00" in said(chosen)
    booked = pages.post("a1", form_to(chosen, "/time"))
    assert "Gebucht: So 29.3. 00:00–05:00" in said(booked)
    duty = only_duty(pages)
    assert duty.ends_at - duty.starts_at == timedelta(hours=4)
    assert (duty.starts_at, duty.ends_at) == (
        datetime(2020, 3, 28, 23, tzinfo=UTC),
        datetime(2020, 3, 29, 3, tzinfo=UTC),
    )
    mine = said(pages.get("a1", "/agent/book/mine"))
    # The deadline is 24 hours of passing time before the start, as it is when the clock stands still.
    assert "Absagen geht bis Sa 28.3., 00:00." in mine


def test_in_october_the_hour_that_comes_twice_is_told_apart(week_of: Callable[..., Pages]) -> None:
    pages = week_of(AUTUMN)
    sunday = starts_offered(pages, 6)
    assert sunday["02:00+01:00"] - sunday["02:00+02:00"] == 60
    for label, utc_hour in (("02:00+02:00", 0), ("02:00+01:00", 1)):
        page = pages.get("a1", f"/agent/book/{pages.made.week_id}/time?start={sunday[label]}&length=240&place=site")
        assert f"So 25.10. {label}–" in said(page)
        span = form_to(page, "/time").fields
        assert span["start"] == str(sunday[label])
        assert _start(pages, int(span["start"])) == datetime(2020, 10, 25, utc_hour, tzinfo=UTC)


def _start(pages: Pages, minute: int) -> datetime:
    with pages.database.reading() as session:
        times = booking_choice.times(session, pages.made.actors["a1"], pages.made.week_id)
    return times.timeline.instant_of(minute).astimezone(UTC)


def test_the_whole_october_sunday_is_within_its_week(week_of: Callable[..., Pages]) -> None:
    """The last hour of a day of 25 hours is booked in its week, and seen there."""
    pages = week_of(AUTUMN)
    start = starts_offered(pages, 6)["23:00"]
    page = pages.get("a1", f"/agent/book/{pages.made.week_id}/time?start={start}&length=240&place=site")
    assert "So 25.10. 23:00–03:00 (Mo)" in said(page)
    pages.post("a1", form_to(page, "/time"))
    assert only_duty(pages).starts_at == datetime(2020, 10, 25, 22, tzinfo=UTC)
    week = said(pages.get("a1", f"/agent/week/{pages.made.week_id}"))
    assert "So 25.10. 23:00–03:00 (Mo)" in week


def test_a_shift_until_midnight_ends_at_24_and_over_it_names_the_day(week_of: Callable[..., Pages]) -> None:
    pages = week_of(build.MONDAY)
    at = build.local
    day = build.MONDAY
    open_shift(pages, at(day, "20:00"), at(day + timedelta(days=1), "00:00"))
    open_shift(pages, at(day + timedelta(days=2), "22:00"), at(day + timedelta(days=3), "02:00"))
    page = said(pages.get("a1", "/agent/book"))
    assert "Mo 30.3. 20:00–24:00" in page
    assert "Mi 1.4. 22:00–02:00 (Do)" in page
    only_thursday = said(pages.get("a1", f"/agent/book/{pages.made.week_id}?day=2020-04-02"))
    assert "22:00–02:00" not in only_thursday


def test_week_53_and_the_turn_of_the_year(week_of: Callable[..., Pages]) -> None:
    pages = week_of(date(2020, 12, 28), land=None)
    at = build.local
    open_shift(pages, at(date(2020, 12, 31), "22:00"), at(date(2021, 1, 1), "02:00"))
    page = pages.get("a1", "/agent/book")
    assert "KW 53 · 28.12.–3.1." in said(page)
    assert "Do 31.12. 22:00–02:00 (Fr)" in said(page)
    booked = pages.post("a1", form_to(page, "/book"))
    assert "Gebucht: Do 31.12. 22:00–02:00 (Fr)" in said(booked)
    mine = said(pages.get("a1", "/agent/book/mine"))
    assert "KW 53 · 28.12.–3.1." in mine
    preview = said(pages.get("a1", "/agent/book/mine/range?first=2020-12-31&last=2021-01-01"))
    assert "Absagen vom 31.12.2020 bis 1.1.2021" in preview
    assert "Do 31.12. 22:00–02:00 (Fr)" in preview
    only_new_year = said(pages.get("a1", "/agent/book/mine/range?first=2021-01-01&last=2021-01-01"))
    assert "nichts gebucht, was noch abgesagt werden kann" in only_new_year


def test_the_29th_of_february(week_of: Callable[..., Pages]) -> None:
    pages = week_of(date(2020, 2, 24))
    at = build.local
    open_shift(pages, at(date(2020, 2, 29), "20:00"), at(date(2020, 3, 1), "00:00"))
    page = pages.get("a1", f"/agent/book/{pages.made.week_id}?day=2020-02-29")
    assert "Sa 29.2. 20:00–24:00" in said(page)
    booked = pages.post("a1", form_to(page, "/book"))
    assert "Gebucht: Sa 29.2. 20:00–24:00" in said(booked)
    assert "Absagen geht bis Fr 28.2., 20:00." in said(pages.get("a1", "/agent/book/mine"))
    pages.browser("a1").post("/agent/book/mine/range", data={"first": "2020-02-29", "last": "2020-02-29"})
    with pages.database.reading() as session:
        assert duties(session, pages.made) == []


def test_an_offer_over_the_march_change_ends_after_its_hours(week_of: Callable[..., Pages], clock: FrozenClock) -> None:
    """48 hours from Saturday 10:00 are Monday 11:00 on the clock."""
    pages = week_of(build.MONDAY, WeekState.PUBLISHED)
    clock.at = build.local(date(2020, 3, 28), "10:00")
    start = starts_offered(pages, 2)["08:00"]
    page = pages.get("a1", f"/agent/book/{pages.made.week_id}/time?start={start}&length=240&place=site")
    pages.post("a1", form_to(page, "/time"))
    with pages.database.transaction() as session:
        offer = swapping.offer(session, pages.made.actors["a1"], clock.at, _only_id(session), OfferKind.GIVE_AWAY)
        number = offer.id
    assert "bis Mo 30.3., 11:00" in said(pages.get("a1", f"/agent/week/offers/{number}"))


def _only_id(session: Session) -> int:
    return session.exec(select(CurrentDuty.id)).one()
