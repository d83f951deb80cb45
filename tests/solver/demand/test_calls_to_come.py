"""Forecast, required agents per slot, and the model of call history."""

import math
from collections import defaultdict
from datetime import date, timedelta
from statistics import fmean, pvariance

import pytest

from solver.demand.call_model import PeakEvent, QueueModel, expected_calls, model_calls
from solver.demand.forecast import ObservedCalls, QueueTarget, forecast_week, required_agents_per_slot
from solver.demand.staffing import CallLoad, ServiceTarget, required_agents

MONDAY = date(2021, 3, 29)
WEEK = [MONDAY + timedelta(days=index) for index in range(7)]


def observed(weeks_ago: int, calls: float, clock_minutes: int = 540, weekday: int = 0) -> ObservedCalls:
    return ObservedCalls(MONDAY + timedelta(days=weekday, weeks=-weeks_ago), clock_minutes, calls)


def test_mean_of_the_last_four_weeks() -> None:
    history = [observed(weeks_ago, calls) for weeks_ago, calls in enumerate([10, 20, 30, 40, 1000], start=1)]
    (found,) = forecast_week(history, WEEK)
    assert (found.on, found.clock_minutes, found.calls, found.weeks) == (MONDAY, 540, 25.0, 4)


def test_a_week_without_the_day_is_passed_over() -> None:
    history = [observed(weeks_ago, calls) for weeks_ago, calls in ((1, 10), (3, 20), (4, 30), (6, 40), (7, 1000))]
    (found,) = forecast_week(history, WEEK)
    assert (found.calls, found.weeks) == (25.0, 4)


def test_a_gap_in_one_week_leaves_the_others_to_speak() -> None:
    history = [observed(weeks_ago, 10.0 * weeks_ago) for weeks_ago in (1, 2, 3, 4)]
    history += [observed(weeks_ago, 6.0, 555) for weeks_ago in (1, 3, 4)]
    at_nine, at_quarter_past = forecast_week(history, WEEK)
    assert (at_nine.calls, at_nine.weeks) == (25.0, 4)
    assert (at_quarter_past.calls, at_quarter_past.weeks) == (6.0, 3)


def test_hours_closed_for_four_weeks_are_not_forecast() -> None:
    history = [observed(weeks_ago, 10.0) for weeks_ago in (1, 2, 3, 4, 5)] + [observed(5, 99.0, 1200)]
    assert [found.clock_minutes for found in forecast_week(history, WEEK)] == [540]


def test_holidays_and_the_week_itself_are_no_past() -> None:
    history = [observed(0, 1000.0), observed(1, 500.0), observed(2, 10.0), observed(3, 20.0)]
    (found,) = forecast_week(history, WEEK, holidays=[MONDAY - timedelta(weeks=1)])
    assert (found.calls, found.weeks) == (15.0, 2)


def test_weekdays_do_not_mix_and_days_need_no_past() -> None:
    history = [observed(1, 10.0, weekday=0), observed(1, 70.0, weekday=6)]
    found = forecast_week(history, WEEK)
    assert [(value.on.weekday(), value.calls) for value in found] == [(0, 10.0), (6, 70.0)]
    assert forecast_week(history, []) == []
    assert forecast_week([], WEEK) == []


def test_an_hour_that_came_twice_counts_once() -> None:
    history = [observed(1, 10.0, 150, 6), observed(1, 20.0, 150, 6), observed(2, 30.0, 150, 6)]
    (found,) = forecast_week(history, WEEK)
    assert (found.calls, found.weeks) == (22.5, 2)


QUEUE = QueueTarget(180.0, ServiceTarget(0.8, 20.0), 120.0)


def test_slots_finer_than_the_interval_need_what_it_needs() -> None:
    needed = [required_agents(CallLoad(calls, 1800.0, 180.0, 120.0), QUEUE.target) for calls in (100, 0, 30)]
    assert required_agents_per_slot([100, 0, 30], QUEUE, interval_minutes=30, slot_minutes=15) == [
        *[needed[0]] * 2,
        *[needed[1]] * 2,
        *[needed[2]] * 2,
    ]
    assert needed[1] == 0


def test_slots_that_touch_several_intervals_need_the_most() -> None:
    needed = [required_agents(CallLoad(calls, 900.0, 180.0, 120.0), QUEUE.target) for calls in (50, 10, 30, 70, 5)]
    hourly = required_agents_per_slot([50, 10, 30, 70, 5], QUEUE, interval_minutes=15, slot_minutes=60)
    assert hourly == [needed[3], needed[4]]
    by_ten = required_agents_per_slot([50, 10], QUEUE, interval_minutes=15, slot_minutes=10)
    assert by_ten == [needed[0], needed[0], needed[1]]
    assert required_agents_per_slot([], QUEUE, interval_minutes=15, slot_minutes=5) == []


EVENT = PeakEvent(MONDAY + timedelta(days=9), 11 * 60, 1.5, 90.0)
MODEL = QueueModel(1200.0, 7 * 60, 21 * 60, events=[EVENT])


def test_the_same_seed_makes_the_same_calls() -> None:
    first, again, other = (
        model_calls(MODEL, first_day=MONDAY, days=28, interval_minutes=15, seed=seed) for seed in (3, 3, 4)
    )
    assert first == again
    assert first != other


def test_closed_days_and_hours_have_no_calls() -> None:
    calls = model_calls(MODEL, first_day=MONDAY, days=28, interval_minutes=30, seed=1)
    assert len(calls) == 24 * 28
    assert {interval.starts_local.weekday() for interval in calls} == {0, 1, 2, 3, 4, 5}
    assert min(interval.starts_local.hour for interval in calls) == 7
    assert max(interval.starts_local.hour for interval in calls) == 20
    assert calls == sorted(calls, key=lambda interval: interval.starts_local)


def test_a_day_has_two_humps_and_sums_to_its_mean() -> None:
    wednesday = expected_calls(MODEL, MONDAY + timedelta(days=2), 30)
    assert math.fsum(wednesday.values()) == pytest.approx(1200.0)
    assert wednesday[10 * 60] > wednesday[13 * 60] < wednesday[15 * 60]
    assert wednesday[7 * 60] < wednesday[10 * 60]
    assert wednesday[20 * 60] < wednesday[15 * 60]


def test_the_event_lifts_its_day_and_fades() -> None:
    usual, peak = (expected_calls(MODEL, EVENT.on + timedelta(days=shift), 30) for shift in (7, 0))
    assert peak[630] == usual[630]
    assert peak[660] == pytest.approx(2.5 * usual[660])
    assert peak[750] == pytest.approx(1.75 * usual[750])


def test_noise_is_wider_than_chance_alone() -> None:
    calls = model_calls(QueueModel(6000.0, 420, 1260), first_day=MONDAY, days=2800, interval_minutes=60, seed=5)
    wednesdays = defaultdict(list)
    for interval in calls:
        if interval.starts_local.weekday() == 2:
            wednesdays[interval.starts_local.hour].append(interval.calls)
    for counts in wednesdays.values():
        mean = fmean(counts)
        assert pvariance(counts) == pytest.approx(mean + mean**2 * (0.05**2 + 0.08**2), rel=0.35)
        assert pvariance(counts) > 1.5 * mean
