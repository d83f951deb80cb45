"""Calls expected in a week, and the agents that they require: per queue, on the grid of the roster.

The forecast is the mean of the same weekday of the last four weeks that have calls. Days on which nobody may work
(Sundays and holidays, where the site's working-time rules name them) are closed: their calls are shown, but they
require nobody. Scheduled agents are required / (1 - shrinkage); breaks are planned by the roster itself, so that the
shrinkage of a queue holds only what nobody plans (sickness, training at short notice).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import CallHistory, Queue, Site, Week
from app.services.site_days import closed_among, holidays_among
from solver.demand.forecast import ForecastCalls, ObservedCalls, forecast_week
from solver.demand.staffing import CallLoad, ServiceTarget, required_agents, scheduled_agents
from solver.timeline import Timeline, local_instant

LOOK_BACK = timedelta(weeks=12)
STEP_MINUTES = 5
"""Slots and intervals are multiples of it."""

HistoryRow = tuple[datetime, int, float]
"""Start, interval in minutes, calls."""


@dataclass(frozen=True)
class QueueForecast:
    """One queue in one week; what is given per slot counts elapsed slots from the first midnight.

    :param interval_minutes: of ``calls``; None where the queue has no calls to look at
    :param calls: per interval of the wall clock, closed days too
    :param required: agents on the phones, one number a slot
    :param scheduled: agents on the roster, one number a slot
    """

    queue: str
    interval_minutes: int | None
    calls: tuple[ForecastCalls, ...]
    required: tuple[int, ...]
    scheduled: tuple[int, ...]

    @property
    def has_history(self) -> bool:
        """Whether there are any calls to look at."""
        return self.interval_minutes is not None

    @property
    def calls_total(self) -> float:
        """Calls of the whole week."""
        return sum(interval.calls for interval in self.calls)


@dataclass(frozen=True)
class WeekForecast:
    """All queues of a site in one week.

    :param closed: local dates that require nobody
    """

    timeline: Timeline
    closed: tuple[date, ...]
    queues: tuple[QueueForecast, ...]

    @property
    def has_history(self) -> bool:
        """Whether any queue has calls to look at."""
        return any(queue.has_history for queue in self.queues)

    @property
    def without_history(self) -> list[str]:
        """Keys of the queues that have none, and so require nobody."""
        return [queue.queue for queue in self.queues if not queue.has_history]


@dataclass(frozen=True)
class _Grid:
    """The week's slots as the wall clock sees them."""

    timeline: Timeline
    closed: Sequence[date]
    holidays_of: Callable[[Iterable[date]], list[date]]

    @cached_property
    def days(self) -> list[date]:
        return days_of(self.timeline)

    @cached_property
    def clocks(self) -> list[list[tuple[date, int]]]:
        """The local dates and clock times that every slot touches, in steps of five minutes."""
        timeline = self.timeline
        return [
            [_clock(timeline.instant_of(slot * timeline.slot_minutes + step)) for step in self._steps]
            for slot in range(timeline.slots)
        ]

    @property
    def _steps(self) -> range:
        return range(0, self.timeline.slot_minutes, STEP_MINUTES)

    def per_slot(self, required_at: Mapping[tuple[date, int], int]) -> tuple[int, ...]:
        """The most that any interval requires which a slot touches."""
        return tuple(max(required_at.get(clock, 0) for clock in clocks) for clocks in self.clocks)


def _clock(local: datetime) -> tuple[date, int]:
    return local.date(), (local.hour * 60 + local.minute) // STEP_MINUTES * STEP_MINUTES


def timeline_of(site: Site, first_day: date, days: int = 7) -> Timeline:
    """The week's days and slots."""
    return Timeline(ZoneInfo(site.time_zone), first_day, days, site.slot_minutes)


def days_of(timeline: Timeline) -> list[date]:
    """All local dates of a timeline."""
    return [timeline.day(day_index) for day_index in range(timeline.days)]


def forecast(session: Session, week: Week) -> WeekForecast:
    """What a week is expected to bring, from the calls before its first day."""

    def calls_of(queue: Queue, grid: _Grid) -> tuple[int | None, list[ForecastCalls]]:
        interval_minutes, observed = _observed(_history_before(session, queue, grid.timeline), grid.timeline.zone)
        holidays = grid.holidays_of({seen.on for seen in observed})
        return interval_minutes, forecast_week(observed, grid.days, holidays=holidays)

    return _week_forecast(session, week, calls_of)


def requirement_of_real_calls(session: Session, week: Week) -> WeekForecast:
    """The same figures for the calls that really came in the week: what a forecast is to be judged by."""

    def calls_of(queue: Queue, grid: _Grid) -> tuple[int | None, list[ForecastCalls]]:
        timeline = grid.timeline
        rows = _history(session, queue, timeline.start_at, timeline.instant_of(timeline.minutes))
        interval_minutes, observed = _observed(rows, timeline.zone)
        return interval_minutes, [ForecastCalls(seen.on, seen.clock_minutes, seen.calls, 1) for seen in observed]

    return _week_forecast(session, week, calls_of)


def _week_forecast(
    session: Session, week: Week, calls_of: Callable[[Queue, _Grid], tuple[int | None, list[ForecastCalls]]]
) -> WeekForecast:
    site = session.get_one(Site, week.site_id)
    timeline = timeline_of(site, week.first_day)
    closed = closed_among(site, days_of(timeline))
    grid = _Grid(timeline, closed, lambda days: holidays_among(site, days))
    queues = session.exec(select(Queue).where(Queue.site_id == site.id).order_by(col(Queue.id))).all()
    found = tuple(_queue_forecast(queue, grid, *calls_of(queue, grid)) for queue in queues)
    return WeekForecast(timeline, tuple(closed), found)


def _queue_forecast(
    queue: Queue, grid: _Grid, interval_minutes: int | None, calls: Sequence[ForecastCalls]
) -> QueueForecast:
    required_at: dict[tuple[date, int], int] = {}
    for interval in calls:
        if interval_minutes is None or interval.on in grid.closed:
            continue
        needed = _required(queue, interval.calls, interval_minutes)
        for clock_minutes in range(interval.clock_minutes, interval.clock_minutes + interval_minutes, STEP_MINUTES):
            required_at[interval.on, clock_minutes] = needed
    required = grid.per_slot(required_at)
    scheduled = tuple(scheduled_agents(count, queue.shrinkage_share) for count in required)
    return QueueForecast(queue.key, interval_minutes, tuple(calls), required, scheduled)


def _required(queue: Queue, calls: float, interval_minutes: int) -> int:
    load = CallLoad(calls, interval_minutes * 60.0, queue.aht_seconds, queue.patience_seconds)
    return required_agents(load, target_of(queue))


def target_of(queue: Queue) -> ServiceTarget:
    """What the queue's agents must reach."""
    return ServiceTarget(queue.service_level, queue.within_seconds, queue.max_agent_occupancy)


def _history_before(session: Session, queue: Queue, timeline: Timeline) -> list[HistoryRow]:
    """The last twelve weeks that have calls, however long they are past."""
    newest = session.exec(
        select(sa.func.max(CallHistory.starts_at)).where(
            CallHistory.queue_id == queue.id, col(CallHistory.starts_at) < timeline.start_at
        )
    ).one()
    if newest is None:
        return []
    first_day = newest.astimezone(timeline.zone).date() - LOOK_BACK
    return _history(session, queue, local_instant(timeline.zone, first_day, 0), timeline.start_at)


def _history(session: Session, queue: Queue, from_at: datetime, until_at: datetime) -> list[HistoryRow]:
    rows = session.exec(
        select(CallHistory.starts_at, CallHistory.interval_minutes, CallHistory.calls)
        .where(CallHistory.queue_id == queue.id)
        .where(col(CallHistory.starts_at) >= from_at, col(CallHistory.starts_at) < until_at)
        .order_by(col(CallHistory.starts_at))
    )
    return [(starts_at, interval_minutes, calls) for starts_at, interval_minutes, calls in rows]


def _observed(rows: Sequence[HistoryRow], zone: ZoneInfo) -> tuple[int | None, list[ObservedCalls]]:
    """Rows on the wall clock, longer intervals cut into the shortest so that they can be averaged together."""
    if not rows:
        return None, []
    shortest = min(interval_minutes for _, interval_minutes, _ in rows)
    observed = []
    for starts_at, interval_minutes, calls in rows:
        parts = max(1, interval_minutes // shortest)
        for part in range(parts):
            local = (starts_at + timedelta(minutes=part * shortest)).astimezone(zone)
            observed.append(ObservedCalls(local.date(), local.hour * 60 + local.minute, calls / parts))
    return shortest, observed
