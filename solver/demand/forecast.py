"""Calls to come: the mean of the same weekday in the last four weeks, and the agents they require slot by slot.

Everything is on the site's wall clock, so that a clock change shifts nothing: the calls of 09:00 in winter time
forecast those of 09:00 in summer time. In the night when the clock is put back an interval occurs twice; the mean of
both stands for that day. Whoever lays a forecast on elapsed time uses a repeated hour twice and leaves out a
skipped one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from solver.demand.staffing import CallLoad, ServiceTarget, required_agents

WEEKS = 4


@dataclass(frozen=True)
class ObservedCalls:
    """Calls of one past interval.

    :param on: local date
    :param clock_minutes: start on the wall clock, minutes after midnight
    :param calls: offered
    """

    on: date
    clock_minutes: int
    calls: float


@dataclass(frozen=True)
class ForecastCalls:
    """Calls expected in one interval.

    :param weeks: past days that the mean rests on, at least 1
    """

    on: date
    clock_minutes: int
    calls: float
    weeks: int


@dataclass(frozen=True)
class QueueTarget:
    """What a queue's calls are like and how they are to be answered.

    :param aht_seconds: mean handling time
    :param target: service level, agent occupancy or mean wait
    :param patience_seconds: mean patience, None where nobody hangs up
    """

    aht_seconds: float
    target: ServiceTarget
    patience_seconds: float | None = None


def forecast_week(
    history: Iterable[ObservedCalls], days: Sequence[date], *, holidays: Collection[date] = (), weeks: int = WEEKS
) -> list[ForecastCalls]:
    """Forecast every interval of ``days`` for which the past knows any calls, in the order of time.

    A day's past are the last ``weeks`` dates of its weekday that have any interval, before the first of ``days`` and
    no holiday. Each interval is the mean over those of them that have it, so a gap in one week leaves the others to
    speak, and an interval that none of them has is not forecast: the site was closed then. A holiday among ``days``
    itself is forecast as if it were none: what a holiday does to the calls is for people to say.

    :param history: in any order; what lies on or after the first of ``days`` is not looked at
    :param days: local dates to forecast
    :param holidays: local dates whose calls are not usual
    """
    if not days:
        return []
    past = _by_day(observed for observed in history if observed.on < min(days) and observed.on not in holidays)
    forecast = []
    for day in sorted(days):
        alike = sorted((on for on in past if on.weekday() == day.weekday()), reverse=True)[:weeks]
        clocks = sorted({clock for on in alike for clock in past[on]})
        for clock in clocks:
            seen = [past[on][clock] for on in alike if clock in past[on]]
            forecast.append(ForecastCalls(day, clock, math.fsum(seen) / len(seen), len(seen)))
    return forecast


def _by_day(history: Iterable[ObservedCalls]) -> Mapping[date, Mapping[int, float]]:
    """Calls by date and clock; the mean where the clock showed an interval twice."""
    heard: dict[date, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for observed in history:
        heard[observed.on][observed.clock_minutes].append(observed.calls)
    return {
        on: {clock: math.fsum(calls) / len(calls) for clock, calls in clocks.items()} for on, clocks in heard.items()
    }


def required_agents_per_slot(
    calls: Sequence[float], queue: QueueTarget, *, interval_minutes: int, slot_minutes: int
) -> list[int]:
    """Agents on the phones in each slot from the start of the first interval to the end of the last.

    A slot inside an interval needs what the interval needs; one that touches several needs the most of them.

    :param calls: of consecutive intervals
    :param interval_minutes: length of each, above 0
    :param slot_minutes: length of a slot, finer or coarser than the interval
    """
    needed = [
        required_agents(
            CallLoad(count, interval_minutes * 60.0, queue.aht_seconds, queue.patience_seconds), queue.target
        )
        for count in calls
    ]
    slots = math.ceil(Fraction(len(calls) * interval_minutes, slot_minutes))
    return [
        max(
            needed[
                slot * slot_minutes // interval_minutes : math.ceil(
                    Fraction((slot + 1) * slot_minutes, interval_minutes)
                )
            ]
        )
        for slot in range(slots)
    ]
