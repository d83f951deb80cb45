"""Made-up but lifelike call history for the demonstration site, the same for the same seed.

The model: a queue has a mean number of calls on an ordinary weekday. A weekday's factor and a day's own luck multiply
it; the day's shape spreads it over the opening hours. The shape is a morning and an afternoon hump (two normal curves
over a floor). Calls of an interval are Poisson with a gamma-distributed mean (Greenwood and Yule 1920), so they vary
more than chance alone would let them, as real calls do (Jongbloed and Koole 2001, "Managing uncertainty in call
centers using Poisson mixtures"). One event (a change of tariffs, an outage) lifts one day: it breaks out at a time and
fades by half in each half-life. Times are the site's wall clock; opening hours lie in the day, away from the
small hours in which clocks change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

MORNING, AFTERNOON = (10.25 * 60, 85.0, 1.0), (15.5 * 60, 110.0, 0.8)
FLOOR = 0.18
DAY_VARIATION = 0.05
INTERVAL_VARIATION = 0.08
WEEKDAY_FACTORS = (1.18, 1.05, 1.0, 0.97, 0.92, 0.55, 0.35)


@dataclass(frozen=True)
class PeakEvent:
    """What makes everybody call at once.

    :param on: local date
    :param clock_minutes: when it breaks out, minutes after midnight
    :param lift: calls at that moment, as a multiple of the usual ones on top of them
    :param half_life_minutes: time after which the lift is half of what it was
    """

    on: date
    clock_minutes: int
    lift: float
    half_life_minutes: float


@dataclass(frozen=True)
class QueueModel:
    """The calls of one queue.

    :param calls_per_day: mean of an ordinary weekday (factor 1)
    :param opens_minutes: opening time on the clock, minutes after midnight
    :param closes_minutes: closing time
    :param open_weekdays: Monday is 0
    :param events: peaks that hit this queue
    """

    calls_per_day: float
    opens_minutes: int
    closes_minutes: int
    open_weekdays: Sequence[int] = (0, 1, 2, 3, 4, 5)
    events: Sequence[PeakEvent] = ()


@dataclass(frozen=True)
class ModelledCalls:
    """Calls of one interval.

    :param starts_local: start on the wall clock, without zone
    :param minutes: length of the interval
    :param calls: offered
    """

    starts_local: datetime
    minutes: int
    calls: int


def shape(clock_minutes: float) -> float:
    """Relative intensity of calls at a time of day: two humps over a floor."""
    return FLOOR + sum(
        height * math.exp(-0.5 * ((clock_minutes - centre) / width) ** 2)
        for centre, width, height in (MORNING, AFTERNOON)
    )


def expected_calls(queue: QueueModel, day: date, interval_minutes: int) -> dict[int, float]:
    """Mean calls of each open interval of a day, by its start on the clock; empty on closed days."""
    if day.weekday() not in queue.open_weekdays:
        return {}
    starts = range(queue.opens_minutes, queue.closes_minutes, interval_minutes)
    weights = {start: shape(start + interval_minutes / 2) for start in starts}
    scale = queue.calls_per_day * WEEKDAY_FACTORS[day.weekday()] / math.fsum(weights.values())
    return {start: weight * scale * _lift(queue, day, start) for start, weight in weights.items()}


def _lift(queue: QueueModel, day: date, clock_minutes: int) -> float:
    lift = 1.0
    for event in queue.events:
        if event.on == day and clock_minutes >= event.clock_minutes:
            lift += event.lift * 0.5 ** ((clock_minutes - event.clock_minutes) / event.half_life_minutes)
    return lift


def model_calls(
    queue: QueueModel, *, first_day: date, days: int, interval_minutes: int, seed: int
) -> list[ModelledCalls]:
    """Draw the calls of a queue, in the order of time.

    :param seed: another one for each queue, or their luck is the same
    """
    random = np.random.default_rng(seed)
    drawn = []
    for day in (first_day + timedelta(days=index) for index in range(days)):
        luck = _around_one(random, DAY_VARIATION)
        for start, mean in expected_calls(queue, day, interval_minutes).items():
            calls = int(random.poisson(mean * luck * _around_one(random, INTERVAL_VARIATION)))
            starts_local = datetime.combine(day, time(start // 60, start % 60))
            drawn.append(ModelledCalls(starts_local, interval_minutes, calls))
    return drawn


def _around_one(random: np.random.Generator, variation: float) -> float:
    """Draw a gamma-distributed factor with mean 1 and this coefficient of variation."""
    return float(random.gamma(variation**-2, variation**2))
