"""Calls that never were: required agents of several queues, drawn from a seeded model of a service line.

A day has a morning and an afternoon peak, a week a busy Monday, every slot a little noise, and now and then an
hour with half as many calls again. Required agents are those with whom Erlang C answers 80 % of the calls within
20 seconds and keeps them at work at most 85 % of the time.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache

AHT_SECONDS = 180.0
WITHIN_SECONDS = 20.0
SERVICE_LEVEL_SHARE = 0.8
MOST_AGENT_OCCUPANCY_SHARE = 0.85
WEEKDAY_FACTORS = (1.18, 1.04, 1.0, 0.98, 0.95, 0.55, 0.35)
PEAK_HOURS = ((10.2, 1.9, 1.0), (15.6, 2.4, 0.85), (19.5, 1.6, 0.35))


@dataclass(frozen=True)
class OpeningHours:
    """When a line is open, on the clock; ``opens`` 0 and ``closes`` 24 mean day and night."""

    opens: float
    closes: float
    night_share: float = 0.0


def calls_share(hour: float, opening: OpeningHours) -> float:
    """Say how many calls come at a time of the day relative to the morning's peak."""
    if not opening.opens <= hour < opening.closes:
        return 0.0
    peaks = sum(height * math.exp(-(((hour - middle) / width) ** 2)) for middle, width, height in PEAK_HOURS)
    return max(opening.night_share, peaks)


def day_shape(draw: random.Random, opening: OpeningHours, weekday: int, slot_starts: list[float]) -> list[float]:
    """Relative number of calls per slot of one day; ``slot_starts`` are hours on the clock."""
    day_factor = WEEKDAY_FACTORS[weekday] * draw.lognormvariate(0, 0.08)
    burst_at = draw.uniform(8, 18) if draw.random() < 0.2 else math.inf
    return [
        calls_share(hour, opening)
        * day_factor
        * draw.gammavariate(60, 1 / 60)
        * (1.5 if 0 <= hour - burst_at < 1 else 1.0)
        for hour in slot_starts
    ]


@lru_cache(maxsize=100_000)
def required_agents(erlangs: float) -> int:
    """Fewest agents that keep the service level and the occupancy at an offered load (Erlang C)."""
    if erlangs <= 0:
        return 0
    blocking = 1.0
    agents = 0
    while True:
        agents += 1
        blocking = erlangs * blocking / (agents + erlangs * blocking)
        if agents * MOST_AGENT_OCCUPANCY_SHARE < erlangs:
            continue
        waiting = blocking / (1 - erlangs / agents * (1 - blocking))
        late_share = waiting * math.exp(-(agents - erlangs) * WITHIN_SECONDS / AHT_SECONDS)
        if 1 - late_share >= SERVICE_LEVEL_SHARE:
            return agents


def requirement(shapes: list[list[float]], slot_minutes: int, hours_wanted: float) -> list[list[int]]:
    """Give the required agents per day and slot, scaled so that all hours together come close to ``hours_wanted``."""
    low, high = 0.0, max(4.0, 4.0 * hours_wanted)
    required = [[0] * len(shape) for shape in shapes]
    for _ in range(30):
        scale = (low + high) / 2
        required = [[required_agents(float(f"{scale * share:.3g}")) for share in shape] for shape in shapes]
        if sum(map(sum, required)) * slot_minutes / 60 > hours_wanted:
            high = scale
        else:
            low = scale
    return required
