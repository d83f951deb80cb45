"""Painted weeks become few windows that mean just what was painted, checked by counting minutes one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.availability_windows import KINDS, Kind
from app.models import DatedWindow, ExceptionKind, PatternKind, PatternWeeks, RepeatedWindow, StatedWindows
from app.services import availability_patterns as painting
from app.services.availability_patterns import Marks, Scope

MONDAY = date(2020, 3, 30)
"""Of ISO week 14, which is even."""
DAY, HOUR = 1440, 60
NOTHING: Marks = {kind: [] for kind in KINDS}


def marks(**spans: list[tuple[int, int]]) -> Marks:
    return {kind: spans.get(kind, []) for kind in KINDS}


def at(day: int, start: str, end: str) -> tuple[int, int]:
    minutes = [int(clock[:2]) * HOUR + int(clock[3:]) for clock in (start, end)]
    return day * DAY + minutes[0], day * DAY + minutes[1]


def repeated(weekday: int, start: int, end: int, **changes: object) -> RepeatedWindow:
    fields = {"kind": PatternKind.BLOCKED, "weeks": PatternWeeks.EVERY, "valid_from_on": date(2020, 1, 1)}
    return RepeatedWindow.model_validate(
        {"weekday": weekday, "start_clock_minutes": start * HOUR, "end_clock_minutes": end * HOUR, **fields, **changes}
    )


def dated(day: date, start: int, end: int, kind: ExceptionKind = ExceptionKind.BLOCKED) -> DatedWindow:
    return DatedWindow(applies_on=day, start_clock_minutes=start * HOUR, end_clock_minutes=end * HOUR, kind=kind)


def test_touching_windows_painted_apart_are_stored_as_one() -> None:
    painted = marks(blocked=[at(0, "08:00", "10:00"), at(0, "10:00", "12:00")])
    stated = painting.changed(StatedWindows(), Scope.EVERY, MONDAY, painted)
    assert stated.repeated == (repeated(0, 8, 12, valid_from_on=MONDAY),)


def test_a_change_of_every_week_holds_from_the_shown_week_on_and_leaves_earlier_weeks() -> None:
    before = StatedWindows(repeated=(repeated(0, 8, 12),))
    after = painting.changed(before, Scope.EVERY, MONDAY, marks(blocked=[at(0, "08:00", "10:00")]))
    earlier = MONDAY - timedelta(weeks=1)
    assert painting.shown_marks(after, Scope.WEEK, earlier)["blocked"] == [at(0, "08:00", "12:00")]
    for weeks_on in (0, 1, 60):
        monday = MONDAY + timedelta(weeks=weeks_on)
        assert painting.shown_marks(after, Scope.WEEK, monday)["blocked"] == [at(0, "08:00", "10:00")]
    assert {
        (row.start_clock_minutes, row.end_clock_minutes, row.valid_from_on, row.valid_to_on) for row in after.repeated
    } == {
        (480, 720, date(2020, 1, 1), MONDAY - timedelta(days=1)),
        (480, 600, MONDAY, None),
    }


def test_erasing_and_painting_again_leaves_what_was_there_as_one_window() -> None:
    before = StatedWindows(repeated=(repeated(0, 8, 12),))
    erased = painting.changed(before, Scope.EVERY, MONDAY, NOTHING)
    again = painting.changed(erased, Scope.EVERY, MONDAY, marks(blocked=[at(0, "08:00", "12:00")]))
    assert again.repeated == before.repeated


def test_what_was_not_repainted_keeps_its_exact_times_and_its_end() -> None:
    quarter = repeated(0, 8, 12, valid_to_on=date(2020, 4, 24)).model_copy(update={"start_clock_minutes": 495})
    before = StatedWindows(repeated=(quarter,))
    shown = painting.shown_marks(before, Scope.EVERY, MONDAY)
    painted = painting.painted_over(shown, [at(2, "14:00", "16:00")], "preferred")
    after = painting.changed(before, Scope.EVERY, MONDAY, painted)
    assert quarter in after.repeated
    assert len(after.repeated) == 2


def test_only_this_week_lifts_what_repeats_and_no_more() -> None:
    before = StatedWindows(repeated=tuple(repeated(day, 8, 12) for day in range(5)))
    shown = painting.shown_marks(before, Scope.WEEK, MONDAY)
    after = painting.changed(before, Scope.WEEK, MONDAY, painting.painted_over(shown, [at(2, "08:00", "12:00")], None))
    wednesday = MONDAY + timedelta(days=2)
    assert after.dated == (dated(wednesday, 8, 12, ExceptionKind.AVAILABLE),)
    assert after.repeated == before.repeated
    back = painting.changed(after, Scope.WEEK, MONDAY, shown)
    assert back.dated == ()


@pytest.mark.parametrize(
    ("first_day", "number", "odd_holds"),
    [
        (date(2020, 12, 21), 52, False),
        (date(2020, 12, 28), 53, True),
        # Week 1 follows week 53: two odd weeks in succession, as children of divorced parents know.
        (date(2021, 1, 4), 1, True),
        (date(2021, 1, 11), 2, False),
    ],
)
def test_odd_and_even_are_of_the_iso_week_also_at_new_year(first_day: date, number: int, *, odd_holds: bool) -> None:
    assert first_day.isocalendar().week == number
    odd = StatedWindows(repeated=(repeated(0, 8, 12, weeks=PatternWeeks.ODD),))
    even = StatedWindows(repeated=(repeated(0, 8, 12, weeks=PatternWeeks.EVEN),))
    monday = [at(0, "08:00", "12:00")]
    assert painting.shown_marks(odd, Scope.WEEK, first_day)["blocked"] == (monday if odd_holds else [])
    assert painting.shown_marks(even, Scope.WEEK, first_day)["blocked"] == ([] if odd_holds else monday)


def test_the_first_week_of_a_scope_is_found_over_the_turn_of_the_year() -> None:
    assert painting.first_week_of(Scope.EVEN, date(2020, 12, 28)) == date(2021, 1, 11)
    assert painting.first_week_of(Scope.ODD, date(2020, 12, 21)) == date(2020, 12, 28)
    assert painting.first_week_of(Scope.WEEK, MONDAY) == MONDAY
    assert painting.first_week_of(Scope.EVERY, MONDAY) == MONDAY


def test_odd_weeks_can_be_painted_while_an_even_week_is_shown() -> None:
    stated = painting.changed(StatedWindows(), Scope.ODD, MONDAY, marks(undesired=[at(4, "14:00", "18:00")]))
    assert painting.shown_marks(stated, Scope.WEEK, MONDAY) == painting.shown_marks(StatedWindows(), Scope.WEEK, MONDAY)
    following = painting.shown_marks(stated, Scope.WEEK, MONDAY + timedelta(weeks=1))
    assert following["undesired"] == [at(4, "14:00", "18:00")]


def test_a_window_over_midnight_is_cut_where_it_is_painted_over() -> None:
    night = repeated(6, 22, 30)
    before = StatedWindows(repeated=(night,))
    shown = painting.shown_marks(before, Scope.EVERY, MONDAY)
    assert shown["blocked"] == [at(0, "00:00", "06:00"), at(6, "22:00", "24:00")]
    after = painting.changed(before, Scope.EVERY, MONDAY, painting.painted_over(shown, [at(0, "00:00", "03:00")], None))
    later = painting.shown_marks(after, Scope.WEEK, MONDAY + timedelta(weeks=2))
    assert later["blocked"] == [at(0, "03:00", "06:00"), at(6, "22:00", "24:00")]
    earlier = painting.shown_marks(after, Scope.WEEK, MONDAY - timedelta(weeks=2))
    assert earlier["blocked"] == [at(0, "00:00", "06:00"), at(6, "22:00", "24:00")]


def test_blocking_days_replaces_what_was_said_for_them() -> None:
    tuesday = MONDAY + timedelta(days=1)
    before = StatedWindows(dated=(dated(tuesday, 8, 12, ExceptionKind.PREFERRED),))
    after = painting.with_days_blocked(before, [MONDAY, tuesday], (0, DAY))
    assert after.dated == (dated(MONDAY, 0, 24), dated(tuesday, 0, 24))


def test_a_fingerprint_tells_windows_apart_and_not_their_order() -> None:
    one, other = repeated(0, 8, 12), repeated(1, 8, 12)
    both = StatedWindows(repeated=(one, other))
    assert painting.fingerprint(both) == painting.fingerprint(StatedWindows(repeated=(other, one)))
    assert painting.fingerprint(both) != painting.fingerprint(StatedWindows(repeated=(one,)))


def cells(shown: Marks) -> dict[int, Kind]:
    """The kind of every half hour, one by one."""
    return {
        start: kind
        for start in range(0, painting.WEEK_MINUTES, painting.CELL_MINUTES)
        for kind in KINDS
        if any(first <= start < last for first, last in shown[kind])
    }


@st.composite
def painted_weeks(draw: st.DrawFn) -> Marks:
    shown: Marks = NOTHING
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, 335)) * 30
        length = draw(st.integers(1, 30)) * 30
        span = (start, min(start + length, painting.WEEK_MINUTES))
        shown = painting.painted_over(shown, [span], draw(st.sampled_from([*KINDS, None])))
    return shown


@given(
    strokes=st.lists(
        st.tuples(st.sampled_from(list(Scope)), st.integers(0, 3), painted_weeks()), min_size=1, max_size=4
    )
)
@settings(max_examples=60, deadline=None)
def test_what_was_painted_is_what_is_shown(strokes: list[tuple[Scope, int, Marks]]) -> None:
    stated = StatedWindows()
    for scope, weeks_on, painted in strokes:
        monday = MONDAY + timedelta(weeks=weeks_on)
        before = stated
        stated = painting.changed(stated, scope, monday, painted)
        assert cells(painting.shown_marks(stated, scope, monday)) == cells(painted)
        earlier = MONDAY - timedelta(weeks=1)
        assert painting.shown_marks(stated, Scope.WEEK, earlier) == painting.shown_marks(before, Scope.WEEK, earlier)
        assert painting.fingerprint(painting.tidy(stated)) == painting.fingerprint(stated)
        assert painting.changed(stated, scope, monday, painted) == stated


def test_by_day_cuts_at_midnight() -> None:
    assert list(painting.by_day([(1380, 3000)])) == [(0, 1380, 1440), (1, 0, 1440), (2, 0, 120)]
