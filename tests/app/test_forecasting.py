"""Expected calls and required agents of a week, on its own slots."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from app.db import Database
from app.models import CallHistory, Queue, Site, Week
from app.services.forecasting import QueueForecast, WeekForecast, forecast, requirement_of_real_calls
from solver.demand.staffing import CallLoad, ServiceTarget, required_agents
from tests.app import build, planning_site
from tests.app.build import MONDAY

BERLIN = ZoneInfo("Europe/Berlin")


def forecast_of(database: Database, week_id: int) -> WeekForecast:
    with database.reading() as session:
        return forecast(session, session.get_one(Week, week_id))


def only_queue(found: WeekForecast) -> QueueForecast:
    assert len(found.queues) == 1
    return found.queues[0]


def busy_hours(found: WeekForecast, day_index: int) -> list[float]:
    """Hours of the wall clock in which somebody is required on a day."""
    timeline = found.timeline
    slots = [slot for slot, needed in enumerate(only_queue(found).required) if needed]
    minutes = [slot * timeline.slot_minutes for slot in slots]
    return [timeline.clock_of(minute) / 60 for minute in minutes if timeline.day_index_of(minute) == day_index]


def test_four_weeks_alike_are_expected_again(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
    queue = only_queue(forecast_of(database, made.week_id))
    assert (queue.interval_minutes, queue.calls_total) == (30, 5 * 16 * 6.0)
    # 0.8 Erlang: two agents answer 79.3 % within 20 s by Erlang C, three far more than 80 %; 3 / 0.88 is scheduled.
    assert (set(queue.required), set(queue.scheduled)) == ({0, 3}, {0, 4})
    assert sum(map(bool, queue.required)) == 5 * 8 * 4


@pytest.mark.parametrize("first_day", [MONDAY, date(2020, 3, 23), date(2020, 10, 19), date(2020, 10, 26)])
def test_hours_are_those_of_the_clock_on_both_sides_of_its_change(database: Database, first_day: date) -> None:
    with database.transaction() as session:
        made = planning_site.make(session, first_day=first_day)
    found = forecast_of(database, made.week_id)
    expected = [8 + quarter / 4 for quarter in range(32)]
    assert [busy_hours(found, day) for day in range(5)] == [expected] * 5
    assert [busy_hours(found, day) for day in (5, 6)] == [[], []]


def test_holidays_require_nobody_and_are_no_model_for_other_days(database: Database) -> None:
    good_friday = date(2020, 4, 10)
    with database.transaction() as session:
        made = planning_site.make(session, first_day=date(2020, 4, 6))
        queue = session.get_one(Queue, made.queue_id)
        after = build.week(session, session.get_one(Site, made.site_id), date(2020, 4, 13))
        noon = datetime(2020, 4, 10, 12, tzinfo=BERLIN)
        session.add(CallHistory(queue_id=queue.id, starts_at=noon, interval_minutes=30, calls=5000))
    found = forecast_of(database, made.week_id)
    assert found.closed == (good_friday, date(2020, 4, 12))
    assert busy_hours(found, 4) == []
    later = only_queue(forecast_of(database, after.id))
    assert {interval.calls for interval in later.calls if interval.on == date(2020, 4, 17)} == {6.0}


def test_only_the_past_counts_and_of_it_the_newest_four(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        queue = session.get_one(Queue, made.queue_id)
        site = session.get_one(Site, made.site_id)
        planning_site.calls(session, site, queue, MONDAY - timedelta(weeks=4), per_interval=600.0)
        planning_site.calls(session, site, queue, MONDAY + timedelta(weeks=1), per_interval=600.0, weeks=1)
    assert {interval.calls for interval in only_queue(forecast_of(database, made.week_id)).calls} == {6.0}


def test_a_queue_without_calls_requires_nobody_and_says_so(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        build.queue(session, session.get_one(Site, made.site_id), "dsl", "D")
    found = forecast_of(database, made.week_id)
    assert (found.has_history, found.without_history) == (True, ["dsl"])
    assert set(found.queues[1].scheduled) == {0}


def test_long_past_calls_are_better_than_none(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        far = build.week(session, session.get_one(Site, made.site_id), MONDAY + timedelta(weeks=50))
    assert only_queue(forecast_of(database, far.id)).calls_total == 5 * 16 * 6.0


def test_half_hours_and_quarters_of_one_queue_are_averaged_as_quarters(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        last_week = build.local(MONDAY - timedelta(weeks=1), "00:00")
        for row in session.exec(select(CallHistory)).all():
            if row.starts_at >= last_week:
                row.interval_minutes, row.calls = 15, 2.0
    queue = only_queue(forecast_of(database, made.week_id))
    assert queue.interval_minutes == 15
    # On the hour three weeks of 6 / 2 and one of 2, in between only the three.
    assert {interval.calls for interval in queue.calls} == {(3 * 3.0 + 2.0) / 4, 3.0}


@pytest.mark.parametrize(("slot_minutes", "per_day"), [(5, 96), (30, 16), (60, 8)])
def test_any_slot_takes_the_most_that_it_touches(database: Database, slot_minutes: int, per_day: int) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        session.get_one(Site, made.site_id).slot_minutes = slot_minutes
        for row in session.exec(select(CallHistory)).all():
            if row.starts_at.minute == 30:
                row.calls = 60.0
    queue = only_queue(forecast_of(database, made.week_id))
    needed: dict[float, int] = {
        calls: required_agents(CallLoad(calls, 1800.0, 240.0), ServiceTarget(0.8, 20.0, 0.85)) for calls in (6.0, 60.0)
    }
    assert sum(map(bool, queue.required)) == 5 * per_day
    assert set(queue.required) - {0} == ({needed[60.0]} if slot_minutes == 60 else set(needed.values()))


def test_real_calls_of_the_week_are_judged_alike(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        site, queue = session.get_one(Site, made.site_id), session.get_one(Queue, made.queue_id)
        planning_site.calls(session, site, queue, MONDAY + timedelta(weeks=1), weeks=1)
    with database.reading() as session:
        week: Any = session.get_one(Week, made.week_id)
        expected, real = forecast(session, week), requirement_of_real_calls(session, week)
    assert only_queue(real).required == only_queue(expected).required
