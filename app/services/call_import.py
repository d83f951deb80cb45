"""Interval call history from a file: what was understood of it, or everything that is wrong with it.

Times are the site's wall clock. In the night when the clock is put back a time may stand twice, and the first row in
the file is the first occurrence. Pure: no database, no clock.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.services.call_file_cells import CellError, DateFormat, instants_of, read_calls, read_wall_time
from app.services.call_file_layout import (
    MOST_FAULTS,
    CallFileFaults,
    CallFileLayout,
    Role,
    fault_at,
    read_layout,
    role_of,
)
from solver.faults import InputFault, printable
from solver.rules import Fact

INTERVALS_MINUTES = (5, 10, 15, 20, 30, 60)
MOST_SCALE = 1000.0
MOST_SPAN = timedelta(days=3660)
_HALF = 2

__all__ = ["CallFileFaults", "CallFilePreview", "ImportedInterval", "understand_calls"]


@dataclass(frozen=True)
class ImportedInterval:
    """Calls of one interval.

    :param starts_at: instant, UTC
    :param starts_local: what the site's clock showed then
    :param calls: offered, scaled and rounded
    """

    starts_at: datetime
    starts_local: datetime
    calls: int


@dataclass(frozen=True)
class CallFilePreview:
    """What was understood of a file, to be looked at before it is taken over.

    :param layout: encoding, delimiter, columns, numbers
    :param date_format: ISO or German
    :param interval_minutes: length of all intervals
    :param intervals: in the order of time
    :param calls_before: sum of the file
    :param missing: by local date, the clock times (minutes after midnight) at which more than half of the days
        of that weekday have an interval and this one has none; days without any row between the first and
        the last are among them
    """

    layout: CallFileLayout
    date_format: DateFormat
    interval_minutes: int
    intervals: Sequence[ImportedInterval]
    calls_before: Decimal
    missing: Mapping[date, Sequence[int]]

    @property
    def calls_after(self) -> int:
        """Sum of what is taken over."""
        return sum(interval.calls for interval in self.intervals)

    @property
    def days(self) -> int:
        """Local days with rows."""
        return len({interval.starts_local.date() for interval in self.intervals})


@dataclass(frozen=True)
class _Reading:
    """One row: its line, what the clock showed, the calls."""

    line: int
    wall: datetime
    calls: Decimal


@dataclass(frozen=True)
class _Placed:
    """A row whose instant is known."""

    starts_at: datetime
    reading: _Reading


def understand_calls(raw: bytes, *, zone: ZoneInfo, scale: float = 1.0) -> CallFilePreview:
    """Read a CSV file of calls per interval.

    Scaled calls are rounded so that the sum from the first interval up to any other is off by half a call at
    most: each interval gets the rounded sum up to its end less the rounded sum up to its start.

    :param zone: of the site, whose clock the file's times are read from
    :param scale: factor for all calls, above 0, e.g. 0.2 to try a site with a fifth of another's calls;
        fractional calls are accepted where it is not 1
    :raises CallFileFaults: with all faults, a thousand at most; nothing is taken over then
    """
    if not 0.0 < scale <= MOST_SCALE:
        raise CallFileFaults([InputFault("scale", "scale_out_of_range", {"scale": str(scale), "most": MOST_SCALE})])
    layout = read_layout(raw)
    faults: list[InputFault] = []
    date_format, readings = _read_rows(layout, fractions=not math.isclose(scale, 1.0), faults=faults)
    placed = _place(readings, zone, layout, faults)
    interval_minutes = _interval_minutes(placed, layout, faults)
    _refuse(faults)
    return CallFilePreview(
        layout=layout,
        date_format=date_format,
        interval_minutes=interval_minutes,
        intervals=_scaled(placed, Decimal(str(scale))),
        calls_before=sum((row.reading.calls for row in placed), Decimal(0)),
        missing=_missing({row.reading.wall for row in placed}, zone),
    )


def _refuse(faults: list[InputFault]) -> None:
    if not faults:
        return
    faults.sort(key=lambda fault: int(str(fault.facts["line"])))
    if len(faults) > MOST_FAULTS:
        faults = [*faults[:MOST_FAULTS], InputFault("", "more_faults")]
    raise CallFileFaults(faults)


def _note(faults: list[InputFault], fault: InputFault) -> None:
    """Add a fault; a file that has nothing else is not read to its end."""
    faults.append(fault)
    if len(faults) > MOST_FAULTS:
        _refuse(faults)


def _read_rows(
    layout: CallFileLayout, *, fractions: bool, faults: list[InputFault]
) -> tuple[DateFormat, list[_Reading]]:
    """Rows that can be read; the first one's date format is the whole file's."""
    date_format: DateFormat | None = None
    readings = []
    for line, cells in layout.rows:
        if len(cells) != len(layout.header):
            _note(faults, fault_at("row_length", line, None, cells=len(cells), columns=len(layout.header)))
        elif all(role_of(cells[column.number - 1]) for column in layout.columns.values()):
            _note(faults, fault_at("second_header", line))
        else:
            wall = _wall_time_of(layout, line, cells, date_format, faults)
            date_format = date_format or (wall[0] if wall else None)
            calls = _calls_of(layout, line, cells, fractions=fractions, faults=faults)
            if wall is not None and calls is not None:
                readings.append(_Reading(line, wall[1], calls))
    return date_format or DateFormat.ISO, readings


def _wall_time_of(
    layout: CallFileLayout, line: int, cells: Sequence[str], expected: DateFormat | None, faults: list[InputFault]
) -> tuple[DateFormat, datetime] | None:
    columns = [layout.columns[role] for role in (Role.START, Role.DATE, Role.TIME) if role in layout.columns]
    text = " ".join(cells[column.number - 1].strip() for column in columns)
    number = columns[0].number
    try:
        found, wall = read_wall_time(text)
    except CellError as error:
        _note(faults, fault_at(error.code, line, number, text=printable(text)))
        return None
    if expected is not None and found is not expected:
        _note(faults, fault_at("other_date_format", line, number, text=printable(text)))
        return None
    return found, wall


def _calls_of(
    layout: CallFileLayout, line: int, cells: Sequence[str], *, fractions: bool, faults: list[InputFault]
) -> Decimal | None:
    number = layout.columns[Role.CALLS].number
    text = cells[number - 1]
    try:
        return read_calls(text, german=layout.german_numbers, fractions=fractions)
    except CellError as error:
        _note(faults, fault_at(error.code, line, number, text=printable(text.strip())))
        return None


def _start_column(layout: CallFileLayout) -> int:
    return min(column.number for role, column in layout.columns.items() if role is not Role.CALLS)


def _place(
    readings: Sequence[_Reading], zone: ZoneInfo, layout: CallFileLayout, faults: list[InputFault]
) -> list[_Placed]:
    """Give every row its instant, in the order of time; rows without one are faults."""
    column = _start_column(layout)
    lines: dict[datetime, list[int]] = defaultdict(list)
    placed = []
    for reading in readings:
        instants, earlier = instants_of(reading.wall, zone), lines[reading.wall]
        shown = f"{reading.wall:%Y-%m-%d %H:%M}"
        if not instants:
            _note(faults, fault_at("skipped_hour", reading.line, column, text=shown, zone=zone.key))
        elif len(earlier) >= len(instants):
            _note(faults, fault_at("twice", reading.line, column, text=shown, first=str(earlier[0])))
        else:
            placed.append(_Placed(instants[len(earlier)], reading))
        earlier.append(reading.line)
    return sorted(placed, key=lambda row: row.starts_at)


def _interval_minutes(placed: Sequence[_Placed], layout: CallFileLayout, faults: list[InputFault]) -> int:
    """Commonest step from one row to the next of the same day; rows that do not fit it are faults."""
    steps = Counter(
        (later.starts_at - row.starts_at) // timedelta(minutes=1)
        for row, later in pairwise(placed)
        if row.reading.wall.date() == later.reading.wall.date()
    )
    if not steps:
        if not faults:
            _note(faults, fault_at("interval_unknown", placed[0].reading.line))
        return INTERVALS_MINUTES[-1]
    commonest = max(steps.values())
    minutes = min(step for step, times in steps.items() if times == commonest)
    if minutes not in INTERVALS_MINUTES:
        allowed = ", ".join(map(str, INTERVALS_MINUTES))
        _note(faults, fault_at("interval_odd", placed[0].reading.line, None, minutes=minutes, allowed=allowed))
        return minutes
    if placed[-1].starts_at - placed[0].starts_at > MOST_SPAN:
        _note(faults, fault_at("span_too_long", placed[-1].reading.line, None, days=MOST_SPAN.days))
    _check_grid(placed, minutes, _start_column(layout), faults)
    return minutes


def _check_grid(placed: Sequence[_Placed], interval_minutes: int, column: int, faults: list[InputFault]) -> None:
    """Find rows that start between two intervals; one within the interval of the row before overlaps it."""
    interval = timedelta(minutes=interval_minutes)
    before: _Placed | None = None
    for row in placed:
        wall, line = row.reading.wall, row.reading.line
        facts: dict[str, Fact] = {"text": f"{wall:%Y-%m-%d %H:%M:%S}", "minutes": interval_minutes}
        if before is not None and row.starts_at - before.starts_at < interval:
            _note(faults, fault_at("overlap", line, column, other=str(before.reading.line), **facts))
        elif (wall.hour * 60 + wall.minute) % interval_minutes or wall.second:
            _note(faults, fault_at("off_grid", line, column, **facts))
        else:
            before = row


def _scaled(placed: Sequence[_Placed], scale: Decimal) -> list[ImportedInterval]:
    """Scale and round as :func:`understand_calls` says."""
    intervals = []
    running, given = Decimal(0), 0
    for row in placed:
        running += row.reading.calls * scale
        rounded = int(running.to_integral_value(ROUND_HALF_UP))
        intervals.append(ImportedInterval(row.starts_at, row.reading.wall, rounded - given))
        given = rounded
    return intervals


def _missing(walls: set[datetime], zone: ZoneInfo) -> dict[date, list[int]]:
    """Clock times without a row by date, as :class:`CallFilePreview` defines them."""
    clocks: dict[date, set[int]] = defaultdict(set)
    for wall in walls:
        clocks[wall.date()].add(wall.hour * 60 + wall.minute)
    usual = _usual_clocks(clocks)
    day, last = min(clocks), max(clocks)
    missing = {}
    while day <= last:
        expected = usual.get(day.weekday(), set()) - clocks.get(day, set())
        absent = sorted(clock for clock in expected if instants_of(_wall(day, clock), zone))
        if absent:
            missing[day] = absent
        day += timedelta(days=1)
    return missing


def _wall(day: date, clock_minutes: int) -> datetime:
    return datetime.combine(day, time(clock_minutes // 60, clock_minutes % 60))


def _usual_clocks(clocks: Mapping[date, set[int]]) -> dict[int, set[int]]:
    """By weekday, the clock times which more than half of its days have."""
    days = Counter(day.weekday() for day in clocks)
    seen: dict[int, Counter[int]] = defaultdict(Counter)
    for day, day_clocks in clocks.items():
        seen[day.weekday()].update(day_clocks)
    return {
        weekday: {clock for clock, times in counts.items() if times * _HALF > days[weekday]}
        for weekday, counts in seen.items()
    }
