from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.timeline import (
    Span,
    Timeline,
    intersect,
    local_instant,
    parse_clock,
    subtract,
    total,
    union,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = Timeline(BERLIN, date(2020, 3, 28), 3, 15)
AUTUMN = Timeline(BERLIN, date(2020, 10, 24), 3, 15)


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("06:30", 390), ("24:00", 1440), ("30:00", 1800), ("48:00", 2880)]
)
def test_clock_times(text: str, minutes: int) -> None:
    assert parse_clock(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "6:30", "06:60", "48:01", "99:00", "06:30\n", " 06:30", "-1:00", "٠٦:٣٠", "06.30"]
)
def test_what_is_no_clock_time(text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_clock(text)
    assert caught.value.args == (text,)


def test_days_of_23_and_25_hours() -> None:
    assert SPRING.day_start_minutes == [0, 24 * 60, 47 * 60, 71 * 60]
    assert AUTUMN.day_start_minutes == [0, 24 * 60, 49 * 60, 73 * 60]
    assert (SPRING.slots, AUTUMN.slots) == (71 * 4, 73 * 4)


@pytest.mark.parametrize(
    ("clock", "utc_hour", "utc_minute"),
    [("01:59", 0, 59), ("02:00", 1, 0), ("02:30", 1, 30), ("03:00", 1, 0), ("03:30", 1, 30), ("04:00", 2, 0)],
)
def test_a_time_that_the_change_skips_counts_on_from_before_it(clock: str, utc_hour: int, utc_minute: int) -> None:
    """RFC 5545, 3.3.5: 02:30 on 29 March 2020 is 03:30."""
    expected = datetime(2020, 3, 29, utc_hour, utc_minute, tzinfo=UTC)
    assert local_instant(BERLIN, date(2020, 3, 29), parse_clock(clock)) == expected
    # The same time meant as one of the day before.
    assert local_instant(BERLIN, date(2020, 3, 28), parse_clock(clock) + 1440) == expected


def test_a_time_that_comes_twice_is_the_first() -> None:
    assert local_instant(BERLIN, date(2020, 10, 25), parse_clock("02:30")) == datetime(2020, 10, 25, 0, 30, tzinfo=UTC)
    assert local_instant(BERLIN, date(2020, 10, 25), parse_clock("03:00")) == datetime(2020, 10, 25, 2, 0, tzinfo=UTC)


def test_minutes_and_instants_belong_together() -> None:
    for timeline in (SPRING, AUTUMN):
        for minute in range(-3000, 6000, 15):
            assert timeline.minute_of(timeline.instant_of(minute)) == minute
            assert timeline.day(timeline.day_index_of(minute)) == timeline.instant_of(minute).date()
    assert SPRING.clock_of(24 * 60 + 120) == 3 * 60
    assert [AUTUMN.clock_of(24 * 60 + minute) for minute in (120, 180, 240)] == [120, 120, 180]


def test_days_before_and_after_the_horizon() -> None:
    week = Timeline(BERLIN, date(2020, 3, 30), 7, 15)
    assert [week.day_index_of(minute) for minute in (-1, 0, 7 * 1440 - 1, 7 * 1440)] == [-1, 0, 6, 7]


def test_an_instant_between_minutes_counts_as_the_later_one() -> None:
    week = Timeline(BERLIN, date(2020, 3, 30), 7, 15)
    assert [week.minute_of(week.start_at + timedelta(seconds=seconds)) for seconds in (0, 1, 59, 60, -1)] == [
        0,
        1,
        1,
        1,
        0,
    ]


@pytest.mark.parametrize(("seconds", "on"), [(0, True), (900, True), (-900, True), (300, False), (900.000001, False)])
def test_the_grid_goes_on_outside_the_horizon(seconds: float, *, on: bool) -> None:
    week = Timeline(BERLIN, date(2020, 3, 30), 7, 15)
    for around in (0, 400 * 1440 * 60):
        assert week.on_grid(week.start_at + timedelta(seconds=seconds + around)) is on


@pytest.mark.parametrize(("days", "runs"), [(1, 1), (7, 1), (8, 2), (14, 2), (28, 4)])
def test_runs_of_seven_days(days: int, runs: int) -> None:
    timeline = Timeline(BERLIN, date(2020, 3, 26), days, 15)
    assert timeline.runs == runs
    assert timeline.run_of(days - 1) == runs - 1


def test_a_day_that_a_country_left_out() -> None:
    """Samoa had no 30 December 2011: that day has no minutes, and the next one begins at once."""
    samoa = Timeline(ZoneInfo("Pacific/Apia"), date(2011, 12, 29), 3, 15)
    assert samoa.day_start_minutes == [0, 1440, 1440, 2880]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair))), max_size=6)


def minutes(spans: list[Span]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


@given(SPANS, SPANS)
def test_spans_are_sets_of_minutes(left: list[Span], right: list[Span]) -> None:
    assert minutes(union(left)) == minutes(left)
    assert minutes(intersect(left, right)) == minutes(left) & minutes(right)
    assert minutes(subtract(left, right)) == minutes(left) - minutes(right)
    assert total(union(left)) == len(minutes(left))
    for spans in (union(left), intersect(left, right), subtract(left, right)):
        assert all(start < end for start, end in spans)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
