"""Windows of a problem file, which are instants, as windows on the clock of single dates, which is what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.models import DatedWindow, ExceptionKind
from solver.problem import Window
from solver.timeline import MINUTES_PER_CLOCK_DAY, Timeline


@dataclass(frozen=True)
class DatedWindows:
    """Windows of one agent by local date.

    :param outside: windows of the file that reach out of its days, which is cut off
    :param rounded: windows with an end that no clock time can name, in the hour that comes twice
    """

    windows: Sequence[DatedWindow]
    outside: int
    rounded: int


def dated_windows(timeline: Timeline, availability: Iterable[Window]) -> DatedWindows:
    """The windows within the timeline, cut at each local midnight.

    In the hour that comes twice a clock time means the first. An end in the second one is moved so that nobody is
    planned into blocked or undesired minutes, and none counts as preferred that was not.
    """
    windows: list[DatedWindow] = []
    outside = rounded = 0
    for window in availability:
        start, end = timeline.minute_of(window.start), timeline.minute_of(window.end)
        outside += start < 0 or end > timeline.minutes
        parts = list(_days(timeline, max(0, start), min(timeline.minutes, end)))
        rounded += any(not _is_exact(timeline, *part) for part in parts)
        windows += [dated for part in parts for dated in _dated(timeline, *part, ExceptionKind(window.kind))]
    return DatedWindows(windows, outside, rounded)


def _days(timeline: Timeline, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Day index, first and last minute of the part of a span on each day."""
    for day_index in range(timeline.days):
        day_start, day_end = timeline.day_start_minutes[day_index : day_index + 2]
        if max(start, day_start) < min(end, day_end):
            yield day_index, max(start, day_start), min(end, day_end)


def _is_exact(timeline: Timeline, day_index: int, start: int, end: int) -> bool:
    return all(_exact_clock(timeline, day_index, minute) is not None for minute in (start, end))


def _exact_clock(timeline: Timeline, day_index: int, minute: int) -> int | None:
    """The clock time of the day that means this elapsed minute; None in the second of two like hours."""
    if minute == timeline.day_start_minutes[day_index + 1]:
        return MINUTES_PER_CLOCK_DAY
    clock = 0 if minute == timeline.day_start_minutes[day_index] else timeline.clock_of(minute)
    return clock if timeline.clock_minute(day_index, clock) == minute else None


def _dated(timeline: Timeline, day_index: int, start: int, end: int, kind: ExceptionKind) -> Iterator[DatedWindow]:
    inward = kind is ExceptionKind.PREFERRED
    start_clock = _clock(timeline, day_index, start, later=inward)
    end_clock = _clock(timeline, day_index, end, later=not inward)
    if start_clock < end_clock:
        yield DatedWindow(
            applies_on=timeline.day(day_index),
            start_clock_minutes=start_clock,
            end_clock_minutes=end_clock,
            kind=kind,
        )


def _clock(timeline: Timeline, day_index: int, minute: int, *, later: bool) -> int:
    """The clock time of an elapsed minute, or of the next one (``later``) or last one that has a clock time."""
    exact = _exact_clock(timeline, day_index, minute)
    if exact is not None:
        return exact
    named = [(timeline.clock_minute(day_index, clock), clock) for clock in range(MINUTES_PER_CLOCK_DAY + 1)]
    on_grid = [(elapsed, clock) for elapsed, clock in named if elapsed % timeline.slot_minutes == 0]
    if later:
        return min(pair for pair in on_grid if pair[0] >= minute)[1]
    return max(pair for pair in on_grid if pair[0] <= minute)[1]
