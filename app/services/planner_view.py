"""What planning makes of an agent's availability in one week: the effects, by the same calculation planning uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app.availability_windows import KINDS, Kind, windows_of
from app.models import Site, StatedWindows
from app.services.availability_patterns import WEEK_DAYS, as_rows
from solver.timeline import Span, Timeline


@dataclass(frozen=True)
class SeenStretch:
    """The same stretch of the clock on some days (0 = Monday)."""

    kind: Kind
    start_clock_minutes: int
    end_clock_minutes: int
    days: Sequence[int]


def planner_view(site: Site, stated: StatedWindows, first_day: date) -> list[SeenStretch]:
    """What planning sees of the week from ``first_day``, by days and the clock."""
    timeline = Timeline(ZoneInfo(site.time_zone), first_day, WEEK_DAYS, site.slot_minutes)
    windows = windows_of(timeline, *as_rows(stated))
    stretches = []
    for kind in KINDS:
        days: dict[Span, list[int]] = defaultdict(list)
        for span in windows.of(kind):
            for day_index, clock_span in _clock_spans(timeline, span):
                days[clock_span].append(day_index)
        stretches += [SeenStretch(kind, start, end, found) for (start, end), found in days.items()]
    return sorted(stretches, key=lambda stretch: (KINDS.index(stretch.kind), stretch.days, stretch.start_clock_minutes))


def _clock_spans(timeline: Timeline, span: Span) -> Iterator[tuple[int, Span]]:
    """A stretch of elapsed minutes, cut at midnight, as the clock shows it."""
    for day_index in range(timeline.days):
        midnight, next_midnight = timeline.day_start_minutes[day_index : day_index + 2]
        start, end = max(span[0], midnight), min(span[1], next_midnight)
        if start < end:
            yield day_index, (timeline.clock_of(start), timeline.clock_of(end - 1) + 1)
