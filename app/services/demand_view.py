"""A week's expected calls and required agents per queue, slot by slot, as the demand page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from app.models import Queue, Week
from app.services.forecasting import STEP_MINUTES, QueueForecast, WeekForecast, forecast
from solver.demand.forecast import ForecastCalls
from solver.timeline import Span, Timeline


@dataclass(frozen=True)
class QueueDemand:
    """One queue in one week; what is given per slot counts elapsed slots from the first midnight.

    :param calls: expected in each slot
    :param required: agents on the phones
    :param scheduled: agents on the roster, shrinkage added: what a roster is measured by
    :param weeks: fewest and most past weeks that any interval rests on, None where there are no calls
    """

    queue: Queue
    calls: tuple[float, ...]
    required: tuple[int, ...]
    scheduled: tuple[int, ...]
    weeks: tuple[int, int] | None
    slot_minutes: int

    @property
    def calls_total(self) -> float:
        """Calls of the whole week."""
        return sum(self.calls)

    @property
    def peak(self) -> int:
        """Most agents on the roster at once."""
        return max(self.scheduled, default=0)

    @property
    def scheduled_minutes(self) -> int:
        """Agent minutes on the roster."""
        return sum(self.scheduled) * self.slot_minutes


@dataclass(frozen=True)
class WeekDemand:
    """All queues of a site in one week.

    :param closed: local dates that require nobody
    """

    timeline: Timeline
    closed: tuple[date, ...]
    queues: tuple[QueueDemand, ...]

    @property
    def used_spans(self) -> list[Span]:
        """Minutes with calls or requirement on any day."""
        slot_minutes = self.timeline.slot_minutes
        return [
            (slot * slot_minutes, (slot + 1) * slot_minutes)
            for slot in range(self.timeline.slots)
            if any(queue.calls[slot] or queue.scheduled[slot] for queue in self.queues)
        ]

    def slots_of(self, day_index: int) -> list[int]:
        """Slots of a day from the first to the last with calls or requirement."""
        start, end = (self.timeline.day_start_minutes[day_index + add] for add in (0, 1))
        used = [span[0] for span in self.used_spans if start <= span[0] < end]
        slot_minutes = self.timeline.slot_minutes
        return list(range(used[0] // slot_minutes, used[-1] // slot_minutes + 1)) if used else []


def week_demand(session: Session, week: Week) -> WeekDemand:
    """The demand of a week."""
    expected = forecast(session, week)
    queues = {queue.key: queue for queue in session.exec(select(Queue).where(Queue.site_id == week.site_id))}
    return WeekDemand(
        expected.timeline,
        expected.closed,
        tuple(_queue_demand(expected, queue, queues[queue.queue]) for queue in expected.queues),
    )


def _queue_demand(expected: WeekForecast, queue: QueueForecast, row: Queue) -> QueueDemand:
    weeks = [interval.weeks for interval in queue.calls]
    return QueueDemand(
        queue=row,
        calls=calls_per_slot(expected.timeline, queue.calls, queue.interval_minutes or STEP_MINUTES),
        required=queue.required,
        scheduled=queue.scheduled,
        weeks=(min(weeks), max(weeks)) if weeks else None,
        slot_minutes=expected.timeline.slot_minutes,
    )


def calls_per_slot(timeline: Timeline, calls: Iterable[ForecastCalls], interval_minutes: int) -> tuple[float, ...]:
    """Calls of wall-clock intervals spread evenly over elapsed slots; an hour that comes twice brings them twice."""
    per_step = {
        (interval.on, clock): interval.calls * STEP_MINUTES / interval_minutes
        for interval in calls
        for clock in range(interval.clock_minutes, interval.clock_minutes + interval_minutes, STEP_MINUTES)
    }
    steps = range(0, timeline.slot_minutes, STEP_MINUTES)
    return tuple(
        sum(per_step.get(_clock(timeline, slot * timeline.slot_minutes + step), 0.0) for step in steps)
        for slot in range(timeline.slots)
    )


def _clock(timeline: Timeline, minute: int) -> tuple[date, int]:
    local = timeline.instant_of(minute)
    return local.date(), local.hour * 60 + local.minute
