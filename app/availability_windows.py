"""What an agent stated (patterns that repeat, exceptions on dates) as windows in elapsed minutes of some days.

An exception replaces the patterns for its minutes, so that ``available`` lifts them; where two exceptions meet, both
hold, and ``blocked`` is what planning obeys. Stated times are wall-clock times; what does not lie on the slot grid is
rounded so that nobody is planned into blocked or undesired minutes, and none counts as preferred that was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from app.models import AvailabilityException, AvailabilityPattern, PatternWeeks
from solver.timeline import Span, Timeline, subtract, union

Kind = Literal["blocked", "undesired", "preferred"]
KINDS: tuple[Kind, ...] = ("blocked", "undesired", "preferred")


class ClockSpan(Protocol):
    """A window on the wall clock of a day."""

    start_clock_minutes: int
    end_clock_minutes: int


@dataclass(frozen=True)
class Windows:
    """Windows of one agent in elapsed minutes, disjoint and sorted within each kind."""

    blocked: list[Span]
    undesired: list[Span]
    preferred: list[Span]

    def of(self, kind: Kind) -> list[Span]:
        """Windows of one kind."""
        spans: list[Span] = getattr(self, kind)
        return spans


def windows_of(
    timeline: Timeline, patterns: Iterable[AvailabilityPattern], exceptions: Iterable[AvailabilityException]
) -> Windows:
    """Windows of one agent within the timeline."""
    patterns, exceptions = list(patterns), list(exceptions)
    replaced = [span for exception in exceptions for span in _on_date(timeline, exception)]
    found: dict[Kind, list[Span]] = {}
    for kind in KINDS:
        repeated = [span for pattern in patterns if pattern.kind == kind for span in _repeated(timeline, pattern)]
        stated = [span for exception in exceptions if exception.kind == kind for span in _on_date(timeline, exception)]
        found[kind] = _rounded(timeline, union([*subtract(repeated, replaced), *stated]), kind)
    return Windows(**found)


def holds_on(pattern: AvailabilityPattern, day: date) -> bool:
    """Whether a pattern holds on a local date: its weekday, its validity, odd or even ISO weeks."""
    if day.weekday() != pattern.weekday or day < pattern.valid_from_on:
        return False
    if pattern.valid_to_on is not None and day > pattern.valid_to_on:
        return False
    is_odd = day.isocalendar().week % 2 == 1
    return pattern.weeks == PatternWeeks.EVERY or is_odd == (pattern.weeks == PatternWeeks.ODD)


def _repeated(timeline: Timeline, pattern: AvailabilityPattern) -> Iterator[Span]:
    # A window may reach into the next day, so the day before the first one counts too.
    for day_index in range(-1, timeline.days):
        if holds_on(pattern, timeline.day(day_index)):
            yield from _elapsed(timeline, day_index, pattern)


def _on_date(timeline: Timeline, exception: AvailabilityException) -> Iterator[Span]:
    yield from _elapsed(timeline, (exception.applies_on - timeline.first_day).days, exception)


def _elapsed(timeline: Timeline, day_index: int, window: ClockSpan) -> Iterator[Span]:
    """A clock window of a day in elapsed minutes, cut to the timeline; nothing where the clock skips all of it."""
    start = max(0, timeline.clock_minute(day_index, window.start_clock_minutes))
    end = min(timeline.minutes, timeline.clock_minute(day_index, window.end_clock_minutes))
    if start < end:
        yield start, end


def _rounded(timeline: Timeline, spans: Iterable[Span], kind: Kind) -> list[Span]:
    slot = timeline.slot_minutes
    if kind == "preferred":
        inward = ((-(-start // slot) * slot, end // slot * slot) for start, end in spans)
        return [(start, end) for start, end in inward if start < end]
    return union((start // slot * slot, -(-end // slot) * slot) for start, end in spans)
