"""Painted weeks and the windows behind them: pure calculation on values, no database.

A week is painted on the wall clock, so it always has seven days of 1440 *clock* minutes here, also where the clock
changes: a mark is a span of minutes after Monday 00:00. What was painted becomes as few windows as say the same:
a change to every (odd, even) week holds from the shown week on and leaves earlier weeks as they were, a change to one
week becomes windows on its dates where the repeated ones say something else.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.availability_windows import KINDS, Kind, windows_of
from app.models import (
    AvailabilityException,
    AvailabilityPattern,
    DatedWindow,
    ExceptionKind,
    PatternKind,
    PatternWeeks,
    RepeatedWindow,
    StatedWindows,
)
from solver.timeline import MINUTES_PER_CLOCK_DAY, Span, Timeline, intersect, subtract, union

CELL_MINUTES = 30
WEEK_DAYS = 7
WEEK_MINUTES = WEEK_DAYS * MINUTES_PER_CLOCK_DAY
CLOCK_ONLY = ZoneInfo("UTC")
"""A zone without clock changes: elapsed minutes in it are minutes on the wall clock."""
MOST_WEEKS_TO_PARITY = 3
"""After week 53 comes week 1: two odd weeks in succession."""

Marks = Mapping[Kind, Sequence[Span]]


class Scope(StrEnum):
    """What a change is for: the dates of one week, or every, odd or even ISO weeks from it on."""

    WEEK = "week"
    EVERY = "every"
    EVEN = "even"
    ODD = "odd"


def fingerprint(stated: StatedWindows) -> str:
    """The same for the same windows, in whatever order and however often they were saved."""
    ordered = StatedWindows(
        repeated=tuple(sorted(stated.repeated, key=repr)), dated=tuple(sorted(stated.dated, key=repr))
    )
    return hashlib.sha256(ordered.model_dump_json().encode()).hexdigest()[:32]


def shown_marks(stated: StatedWindows, scope: Scope, first_day: date) -> Marks:
    """What the week from ``first_day`` shows: of each kind disjoint spans, the stronger kind where two meet."""
    timeline = Timeline(CLOCK_ONLY, first_day, WEEK_DAYS, CELL_MINUTES)
    if scope is Scope.WEEK:
        windows = windows_of(timeline, *as_rows(stated))
    else:
        windows = windows_of(timeline, _patterns_of_scope(stated, scope), [])
    return exclusive({kind: windows.of(kind) for kind in KINDS})


def _patterns_of_scope(stated: StatedWindows, scope: Scope) -> Iterator[AvailabilityPattern]:
    """Those of the scope, whether or not the shown week is odd."""
    for window in stated.repeated:
        if window.weeks == PatternWeeks(scope.value):
            yield _pattern(window.model_copy(update={"weeks": PatternWeeks.EVERY}))


def as_rows(stated: StatedWindows) -> tuple[list[AvailabilityPattern], list[AvailabilityException]]:
    """The windows in the shape of their tables, for reading only."""
    return [_pattern(window) for window in stated.repeated], [_exception(window) for window in stated.dated]


def _pattern(window: RepeatedWindow) -> AvailabilityPattern:
    return AvailabilityPattern(agent_id=0, **window.model_dump())


def _exception(window: DatedWindow) -> AvailabilityException:
    return AvailabilityException(agent_id=0, **window.model_dump())


def exclusive(marks: Marks) -> Marks:
    """Each minute in one kind only: blocked before undesired before preferred."""
    stronger: list[Span] = []
    found: dict[Kind, Sequence[Span]] = {}
    for kind in KINDS:
        found[kind] = subtract(marks[kind], stronger)
        stronger = union([*stronger, *marks[kind]])
    return found


def painted_over(marks: Marks, spans: Iterable[Span], kind: Kind | None) -> Marks:
    """The marks after painting some spans in one kind, or after erasing them."""
    spans = list(spans)
    found: dict[Kind, Sequence[Span]] = {other: subtract(marks[other], spans) for other in KINDS}
    return found if kind is None else {**found, kind: union([*found[kind], *spans])}


def differing(base: Marks, target: Marks) -> list[Span]:
    """Minutes that the two show differently."""
    return union(
        span for kind in KINDS for span in (*subtract(base[kind], target[kind]), *subtract(target[kind], base[kind]))
    )


def changed(
    stated: StatedWindows, scope: Scope, first_day: date, target: Marks, valid_to_on: date | None = None
) -> StatedWindows:
    """The windows after the shown week was painted to look like ``target``; what looks the same stays untouched.

    :param valid_to_on: last date of newly painted repeated windows, None: until changed
    """
    target = exclusive(target)
    spans = differing(shown_marks(stated, scope, first_day), target)
    if not spans:
        return stated
    if scope is Scope.WEEK:
        return tidy(_changed_week(stated, first_day, spans, target))
    return tidy(_changed_pattern(stated, scope, first_day, spans, target, valid_to_on))


def _changed_week(stated: StatedWindows, first_day: date, spans: list[Span], target: Marks) -> StatedWindows:
    repeated = shown_marks(StatedWindows(repeated=stated.repeated), Scope.WEEK, first_day)
    kept = [piece for window in stated.dated for piece in _cut_dated(window, first_day, spans)]
    painted = union(span for kind in KINDS for span in target[kind])
    lifted = intersect(subtract(spans, painted), [span for kind in KINDS for span in repeated[kind]])
    added = [*_dated(first_day, lifted, ExceptionKind.AVAILABLE)]
    for kind in KINDS:
        differs = subtract(intersect(spans, target[kind]), repeated[kind])
        added += _dated(first_day, differs, ExceptionKind(kind))
    return StatedWindows(repeated=stated.repeated, dated=(*kept, *added))


def _cut_dated(window: DatedWindow, first_day: date, spans: list[Span]) -> Iterator[DatedWindow]:
    offset = (window.applies_on - first_day).days * MINUTES_PER_CLOCK_DAY
    whole = (offset + window.start_clock_minutes, offset + window.end_clock_minutes)
    pieces = subtract([whole], spans)
    if pieces == [whole]:
        yield window
    else:
        yield from _dated(first_day, pieces, window.kind)


def _dated(first_day: date, spans: Iterable[Span], kind: ExceptionKind) -> Iterator[DatedWindow]:
    for day_index, start, end in by_day(spans):
        yield DatedWindow(
            applies_on=first_day + timedelta(days=day_index),
            start_clock_minutes=start,
            end_clock_minutes=end,
            kind=kind,
        )


def by_day(spans: Iterable[Span]) -> Iterator[tuple[int, int, int]]:
    """Spans cut at midnight: day index, start and end in clock minutes of that day."""
    for start, end in spans:
        for day_index in range(start // MINUTES_PER_CLOCK_DAY, -(-end // MINUTES_PER_CLOCK_DAY)):
            midnight = day_index * MINUTES_PER_CLOCK_DAY
            yield day_index, max(start - midnight, 0), min(end - midnight, MINUTES_PER_CLOCK_DAY)


def _changed_pattern(
    stated: StatedWindows,
    scope: Scope,
    first_day: date,
    spans: list[Span],
    target: Marks,
    valid_to_on: date | None,
) -> StatedWindows:
    weeks = PatternWeeks(scope.value)
    kept = [piece for window in stated.repeated for piece in _cut_repeated(window, weeks, first_day, spans)]
    template = RepeatedWindow(
        weekday=0,
        start_clock_minutes=0,
        end_clock_minutes=MINUTES_PER_CLOCK_DAY,
        kind=PatternKind.BLOCKED,
        weeks=weeks,
        valid_from_on=first_day,
        valid_to_on=valid_to_on,
    )
    added = [
        piece
        for kind in KINDS
        for piece in _repeated(
            template.model_copy(update={"kind": PatternKind(kind)}), first_day, intersect(spans, target[kind])
        )
    ]
    return StatedWindows(repeated=(*kept, *added), dated=stated.dated)


def _cut_repeated(
    window: RepeatedWindow, weeks: PatternWeeks, first_day: date, spans: list[Span]
) -> Iterator[RepeatedWindow]:
    offset = window.weekday * MINUTES_PER_CLOCK_DAY
    whole = (offset + window.start_clock_minutes, offset + window.end_clock_minutes)
    # A window of every Sunday may reach into the Monday that the week shows first.
    reached = [
        *spans,
        *((start + WEEK_MINUTES, end + WEEK_MINUTES) for start, end in spans if weeks is PatternWeeks.EVERY),
    ]
    pieces = subtract([whole], reached)
    if window.weeks != weeks or not _holds_in(window, first_day) or pieces == [whole]:
        yield window
        return
    yield from _ended_before(window, first_day)
    yield from _repeated(window, first_day, pieces)


def _holds_in(window: RepeatedWindow, first_day: date) -> bool:
    """Whether a window is valid on its weekday of the shown week, whatever the parity of that week."""
    day = first_day + timedelta(days=window.weekday)
    return window.valid_from_on <= day and (window.valid_to_on is None or window.valid_to_on >= day)


def _ended_before(window: RepeatedWindow, first_day: date) -> Iterator[RepeatedWindow]:
    if window.valid_from_on < first_day:
        yield window.model_copy(update={"valid_to_on": first_day - timedelta(days=1)})


def _repeated(window: RepeatedWindow, first_day: date, spans: Iterable[Span]) -> Iterator[RepeatedWindow]:
    for day_index, start, end in by_day(spans):
        monday = first_day + timedelta(weeks=day_index // WEEK_DAYS)
        valid_from_on = max(window.valid_from_on, monday)
        if window.valid_to_on is None or window.valid_to_on >= valid_from_on:
            yield window.model_copy(
                update={
                    "weekday": day_index % WEEK_DAYS,
                    "start_clock_minutes": start,
                    "end_clock_minutes": end,
                    "valid_from_on": valid_from_on,
                }
            )


def without_repeated(stated: StatedWindows, window: RepeatedWindow, first_day: date) -> StatedWindows:
    """The windows where one repeated window holds no more from a week on."""
    others = [other for other in stated.repeated if other != window]
    return tidy(StatedWindows(repeated=(*others, *_ended_before(window, first_day)), dated=stated.dated))


def without_dated(stated: StatedWindows, window: DatedWindow) -> StatedWindows:
    """The windows less one on a date."""
    return StatedWindows(repeated=stated.repeated, dated=tuple(other for other in stated.dated if other != window))


def with_days_blocked(stated: StatedWindows, days: Iterable[date], span: Span) -> StatedWindows:
    """Some clock minutes of each of the days blocked, whatever was stated for them."""
    dated = list(stated.dated)
    for day in days:
        dated = [piece for window in dated for piece in _cut_dated(window, day, [span])]
        dated += _dated(day, [span], ExceptionKind.BLOCKED)
    return tidy(StatedWindows(repeated=stated.repeated, dated=tuple(dated)))


def tidy(stated: StatedWindows) -> StatedWindows:
    """As few windows as say the same."""
    dated: dict[tuple[date, ExceptionKind], list[Span]] = defaultdict(list)
    for once in stated.dated:
        dated[once.applies_on, once.kind].append((once.start_clock_minutes, once.end_clock_minutes))
    merged = [
        DatedWindow(applies_on=day, kind=kind, start_clock_minutes=start, end_clock_minutes=end)
        for (day, kind), spans in sorted(dated.items())
        for start, end in union(spans)
    ]
    return StatedWindows(repeated=tuple(_joined_in_time(_joined_spans(stated.repeated))), dated=tuple(merged))


def _joined_spans(windows: Iterable[RepeatedWindow]) -> Iterator[RepeatedWindow]:
    """Windows of one day and validity that touch or overlap become one."""
    groups: dict[RepeatedWindow, list[Span]] = defaultdict(list)
    for window in windows:
        shape = window.model_copy(update={"start_clock_minutes": 0, "end_clock_minutes": 0})
        groups[shape].append((window.start_clock_minutes, window.end_clock_minutes))
    for shape, spans in groups.items():
        for start, end in union(spans):
            yield shape.model_copy(update={"start_clock_minutes": start, "end_clock_minutes": end})


def _joined_in_time(windows: Iterable[RepeatedWindow]) -> Iterator[RepeatedWindow]:
    """Windows that say the same in successive times become one."""
    groups: dict[RepeatedWindow, list[Span]] = defaultdict(list)
    for window in windows:
        shape = window.model_copy(update={"valid_from_on": date.min, "valid_to_on": None})
        until_on = window.valid_to_on or date.max - timedelta(days=1)
        groups[shape].append((window.valid_from_on.toordinal(), until_on.toordinal() + 1))
    for shape, spans in groups.items():
        for start, end in union(spans):
            until_on = date.fromordinal(end - 1)
            yield shape.model_copy(
                update={
                    "valid_from_on": date.fromordinal(start),
                    "valid_to_on": None if until_on == date.max - timedelta(days=1) else until_on,
                }
            )


def first_week_of(scope: Scope, first_day: date) -> date:
    """Monday of the first week from ``first_day`` on in which a change of the scope shows."""
    for weeks_on in range(MOST_WEEKS_TO_PARITY):
        monday = first_day + timedelta(weeks=weeks_on)
        is_odd = monday.isocalendar().week % 2 == 1
        if scope in {Scope.WEEK, Scope.EVERY} or is_odd == (scope is Scope.ODD):
            return monday
    raise ValueError(first_day)
