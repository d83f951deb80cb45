"""Local days, clock times and slots: the only place that knows clock changes.

Everything else counts whole *minutes* elapsed since local midnight of the horizon's first day, or *slots*
(minutes // slot_minutes). Spans are half-open, ``[start, end)``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTES_PER_CLOCK_DAY = 24 * 60
_CLOCK = re.compile(r"([0-9]{2}):([0-5][0-9])")
_SECONDS_PER_DAY = 24 * 60 * 60


def parse_clock(text: str) -> int:
    """Minutes after 00:00 on the clock of ``"06:30"``; ``"30:00"`` is 06:00 of the next day.

    Raises ValueError where the text is no clock time from 00:00 to 48:00.
    """
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(text)
    minutes = int(match[1]) * 60 + int(match[2])
    if minutes > 2 * MINUTES_PER_CLOCK_DAY:
        raise ValueError(text)
    return minutes


def local_instant(zone: ZoneInfo, day: date, clock_minutes: int) -> datetime:
    """UTC instant of a clock time meant on ``day``.

    A time that the clock change skips counts on from before the change, one that comes twice is the first
    (RFC 5545, section 3.3.5): both is what ``fold=0`` means.
    """
    days_on, minutes = divmod(clock_minutes, MINUTES_PER_CLOCK_DAY)
    wall = datetime.combine(day + timedelta(days=days_on), time(minutes // 60, minutes % 60), zone)
    return wall.astimezone(UTC)


@dataclass(frozen=True)
class Timeline:
    """A run of local days, cut into slots of elapsed time.

    :param zone: time zone of the site
    :param first_day: local date on which minute 0 is midnight
    :param days: number of local days, at least 1
    :param slot_minutes: 5, 10, 15, 30 or 60
    """

    zone: ZoneInfo
    first_day: date
    days: int
    slot_minutes: int
    start_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start_at", local_instant(self.zone, self.first_day, 0))

    @cached_property
    def day_start_minutes(self) -> Sequence[int]:
        """Minute of each local midnight, ``days + 1`` of them: the last is the end of the horizon."""
        return [self.clock_minute(day_index, 0) for day_index in range(self.days + 1)]

    @property
    def minutes(self) -> int:
        """Elapsed minutes from the first to the last midnight."""
        return self.day_start_minutes[-1]

    @property
    def slots(self) -> int:
        """Number of slots of the horizon."""
        return self.minutes // self.slot_minutes

    def day(self, day_index: int) -> date:
        """Local date of a day; indices outside the horizon count on."""
        return self.first_day + timedelta(days=day_index)

    def clock_minute(self, day_index: int, clock_minutes: int) -> int:
        """Elapsed minute at which the clock shows ``clock_minutes`` after 00:00 of that day."""
        return self.minute_of(local_instant(self.zone, self.day(day_index), clock_minutes))

    def minute_of(self, instant: datetime) -> int:
        """Elapsed minutes from the start to an aware instant, rounded up; negative before the start.

        Rounding up is exact for the one instant that may lie off the grid (``history.last_end``): a start on
        a whole minute keeps a rest after it just when it keeps the rest after the rounded one.
        """
        after = instant - self.start_at
        seconds = after.days * _SECONDS_PER_DAY + after.seconds + (after.microseconds > 0)
        return -(-seconds // 60)

    def on_grid(self, instant: datetime) -> bool:
        """Whether an aware instant lies on a slot boundary, inside the horizon or on the grid continued."""
        after = instant - self.start_at
        seconds = after.days * _SECONDS_PER_DAY + after.seconds
        return not after.microseconds and seconds % (self.slot_minutes * 60) == 0

    def instant_of(self, minute: int) -> datetime:
        """The instant of an elapsed minute, with the site's offset at that time."""
        return (self.start_at + timedelta(minutes=minute)).astimezone(self.zone)

    def day_index_of(self, minute: int) -> int:
        """Index of the local day that an elapsed minute lies in; -1, -2 … before the horizon, days … after it."""
        if 0 <= minute < self.minutes:
            return bisect_right(self.day_start_minutes, minute) - 1
        return (self.instant_of(minute).date() - self.first_day).days

    def clock_of(self, minute: int) -> int:
        """Minutes after 00:00 that the wall clock shows at an elapsed minute."""
        local = self.instant_of(minute)
        return local.hour * 60 + local.minute

    def run_of(self, day_index: int) -> int:
        """Index of the run of seven days, counted from the first day, that a day lies in."""
        return day_index // 7

    @property
    def runs(self) -> int:
        """Number of runs of seven days; a last run of fewer days is a run too."""
        return (self.days + 6) // 7


Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as sorted, disjoint, non-touching half-open spans."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def total(spans: Iterable[Span]) -> int:
    """Sum of the lengths of disjoint half-open spans."""
    return sum(end - start for start, end in spans)


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """Minutes in both of two lists of spans; a minute twice in one list counts once."""
    left_spans, right_spans = union(left), union(right)
    shared = []
    left_index = right_index = 0
    while left_index < len(left_spans) and right_index < len(right_spans):
        start = max(left_spans[left_index][0], right_spans[right_index][0])
        end = min(left_spans[left_index][1], right_spans[right_index][1])
        if start < end:
            shared.append((start, end))
        if left_spans[left_index][1] <= right_spans[right_index][1]:
            left_index += 1
        else:
            right_index += 1
    return shared


def subtract(whole: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """Minutes of the first list of spans that are in none of the second."""
    taken_spans = union(taken)
    left = []
    for start, end in union(whole):
        free_from = start
        for taken_start, taken_end in taken_spans:
            if taken_start >= end:
                break
            if free_from < taken_start:
                left.append((free_from, taken_start))
            free_from = max(free_from, taken_end)
        if free_from < end:
            left.append((free_from, end))
    return left
