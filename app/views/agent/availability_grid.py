"""A week of half hours as rows and cells, and what planning sees of it as sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.availability_windows import KINDS
from app.messages import formats
from app.models import CurrentDuty, DatedWindow, PatternWeeks, RepeatedWindow, Site, StatedWindows
from app.services.availability_patterns import CELL_MINUTES, WEEK_DAYS, Marks
from app.services.availability_rows import Kept
from app.services.own_marks import OwnMarks
from app.services.planner_view import SeenStretch, planner_view
from app.views.common import language, t, zone
from solver.timeline import MINUTES_PER_CLOCK_DAY, local_instant, parse_clock

HOUR_MINUTES = 60


@dataclass(frozen=True)
class Cell:
    """Half an hour of one day; ``kind`` is empty where nothing is stated."""

    kind: str
    is_skipped: bool


@dataclass(frozen=True)
class GridRow:
    """The same half hour of all days; ``is_off_hours`` where no duty may be anyway."""

    start_clock_minutes: int
    cells: Sequence[Cell]
    is_off_hours: bool


def grid_rows(site: Site, first_day: date, marks: Marks, *, with_clock_change: bool) -> list[GridRow]:
    """All half hours from 00:00 to 24:00."""
    kinds = _kind_by_cell(marks)
    skipped = _skipped_cells(site, first_day) if with_clock_change else set()
    opens, closes = parse_clock(site.duty_rules.earliest_start), parse_clock(site.duty_rules.latest_end)
    rows = []
    for start in range(0, MINUTES_PER_CLOCK_DAY, CELL_MINUTES):
        minutes = [day_index * MINUTES_PER_CLOCK_DAY + start for day_index in range(WEEK_DAYS)]
        cells = [Cell(kinds.get(minute, ""), minute in skipped) for minute in minutes]
        is_open = opens <= start < closes or start < closes - MINUTES_PER_CLOCK_DAY
        is_marked = any(cell.kind or cell.is_skipped for cell in cells)
        rows.append(GridRow(start, cells, is_off_hours=not is_open and not is_marked))
    return rows


def _kind_by_cell(marks: Marks) -> dict[int, str]:
    """Kind by the first minute of each half hour of the week that has one."""
    return {
        minute: kind
        for kind in KINDS
        for start, end in marks[kind]
        for minute in range(start - start % CELL_MINUTES, end, CELL_MINUTES)
    }


def _skipped_cells(site: Site, first_day: date) -> set[int]:
    """Half hours that the clock leaves out where it goes forward."""
    zone = ZoneInfo(site.time_zone)
    skipped: set[int] = set()
    for day_index in range(WEEK_DAYS):
        day = first_day + timedelta(days=day_index)
        length = local_instant(zone, day, MINUTES_PER_CLOCK_DAY) - local_instant(zone, day, 0)
        if length < timedelta(days=1):
            skipped |= {
                day_index * MINUTES_PER_CLOCK_DAY + start
                for start in range(0, MINUTES_PER_CLOCK_DAY, CELL_MINUTES)
                if _clock_at(zone, day, start) != start
            }
    return skipped


def _clock_at(zone: ZoneInfo, day: date, clock_minutes: int) -> int:
    local = local_instant(zone, day, clock_minutes).astimezone(zone)
    return local.hour * HOUR_MINUTES + local.minute


def planner_sentence(site: Site, stated: StatedWindows, first_day: date) -> str:
    """``Mo–Fr 08:00–12:00 gesperrt; sonst verfügbar``, of the week from ``first_day``."""
    stretches = [_stretch_text(first_day, stretch) for stretch in planner_view(site, stated, first_day)]
    week = formats.week_label(first_day, language())
    if not stretches:
        return t("availability.planner_sees_nothing", week=week)
    return t("availability.planner_sees", week=week, stretches="; ".join(stretches))


def _stretch_text(first_day: date, stretch: SeenStretch) -> str:
    days = days_text(first_day, stretch.days)
    span = span_text(stretch.start_clock_minutes, stretch.end_clock_minutes)
    return f"{days} {span} {t(f'availability.kind.{stretch.kind}')}"


def span_text(start: int, end: int) -> str:
    """``08:00–12:00``, or all day."""
    if (start, end) == (0, MINUTES_PER_CLOCK_DAY):
        return t("availability.all_day")
    return f"{formats.clock_minutes(start)}–{formats.clock_minutes(end)}"


def days_text(first_day: date, days: Sequence[int]) -> str:
    """Weekdays, runs of three and more as ``Mo–Fr``."""
    names = [formats.weekday(first_day + timedelta(days=day_index), language()) for day_index in range(WEEK_DAYS)]
    runs: list[list[int]] = []
    for day_index in sorted(set(days)):
        if runs and runs[-1][-1] == day_index - 1:
            runs[-1].append(day_index)
        else:
            runs.append([day_index])
    return ", ".join(
        f"{names[run[0]]}–{names[run[-1]]}" if len(run) > 2 else ", ".join(names[day] for day in run) for run in runs
    )


@dataclass(frozen=True)
class KeptGroup:
    """Stored windows that differ only in their weekday, in words; ``is_ticked`` where the agent noted so on all."""

    words: str
    kind: str
    ids: Sequence[int]
    is_ticked: bool


def kept_groups(kept: Sequence[Kept], first_day: date, marks: OwnMarks) -> list[KeptGroup]:
    """``Mo–Fr 08:00–12:00 gesperrt, gerade Wochen, bis 24.4.2020`` and the rows behind it."""
    ticked = {(type(row.window), row.id) for row in kept if marks.has(row.window)}
    repeated: dict[RepeatedWindow, list[tuple[int, int]]] = defaultdict(list)
    for row in kept:
        if isinstance(row.window, RepeatedWindow):
            shape = row.window.model_copy(update={"weekday": 0})
            repeated[shape].append((row.window.weekday, row.id))
    groups = [
        KeptGroup(
            _repeated_text(shape, [weekday for weekday, _ in rows], first_day),
            "repeated",
            [row_id for _, row_id in rows],
            all((RepeatedWindow, row_id) in ticked for _, row_id in rows),
        )
        for shape, rows in repeated.items()
    ]
    for run in _runs_of_days([(row.window, row.id) for row in kept if isinstance(row.window, DatedWindow)]):
        ids = [row_id for _, row_id in run]
        is_ticked = all((DatedWindow, row_id) in ticked for row_id in ids)
        groups.append(KeptGroup(_dated_text(run[0][0], run[-1][0].applies_on), "dated", ids, is_ticked))
    return groups


def _runs_of_days(dated: Sequence[tuple[DatedWindow, int]]) -> list[list[tuple[DatedWindow, int]]]:
    """Windows that say the same on days in a row, together."""
    runs: list[list[tuple[DatedWindow, int]]] = []
    for window, row_id in sorted(dated, key=lambda row: (_said_on_a_day(row[0]), row[0].applies_on)):
        last = runs[-1][-1][0] if runs else None
        follows = last is not None and window.applies_on - last.applies_on == timedelta(days=1)
        if last is not None and follows and _said_on_a_day(last) == _said_on_a_day(window):
            runs[-1].append((window, row_id))
        else:
            runs.append([(window, row_id)])
    return sorted(runs, key=lambda run: (run[0][0].applies_on, run[0][0].start_clock_minutes))


def _said_on_a_day(window: DatedWindow) -> tuple[str, int, int]:
    return window.kind.value, window.start_clock_minutes, window.end_clock_minutes


def _dated_text(window: DatedWindow, last_on: date) -> str:
    days = formats.weekday_date(window.applies_on, language())
    if last_on != window.applies_on:
        days = f"{days} – {formats.weekday_date(last_on, language())}"
    span = span_text(window.start_clock_minutes, window.end_clock_minutes)
    return f"{days} {span} {t(f'availability.kind.{window.kind.value}')}"


def _repeated_text(window: RepeatedWindow, weekdays: Sequence[int], first_day: date) -> str:
    span = span_text(window.start_clock_minutes, window.end_clock_minutes)
    kind = t(f"availability.kind.{window.kind.value}")
    words = [f"{days_text(first_day, weekdays)} {span} {kind}", _weeks_text(window.weeks)]
    if window.valid_from_on > first_day:
        words.append(t("availability.from_date", day=formats.full_date(window.valid_from_on, language())))
    if window.valid_to_on is not None:
        words.append(t("availability.until_date", day=formats.full_date(window.valid_to_on, language())))
    return ", ".join(words)


def duties_text(duties: Iterable[CurrentDuty]) -> str:
    """``Do 2.4. 08:00–12:00`` for each."""
    return "; ".join(
        f"{formats.weekday_date(duty.starts_at.astimezone(ZoneInfo(zone())).date(), language())} "
        f"{formats.span(duty.starts_at, duty.ends_at, zone())}"
        for duty in duties
    )


def _weeks_text(weeks: PatternWeeks) -> str:
    """Inside a sentence; German nouns keep their capital."""
    name = t(f"availability.scope.{weeks.value}")
    return name[:1].lower() + name[1:]
