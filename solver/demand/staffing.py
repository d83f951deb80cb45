"""From calls to agents: how many are required, and what a given number would reach.

Callers who hang up make it the Erlang A queue, callers of endless patience Erlang C; see :mod:`solver.demand.erlang`
and :mod:`solver.demand.erlang_a`. The service level counts the calls answered within the time over the calls
**offered**: who hangs up counts as not answered, however soon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from solver.demand.erlang import Performance, patient_queue
from solver.demand.erlang_a import impatient_queue
from solver.demand.fewest import fewest

# Less than one call of a second in thirty thousand years: as good as none, and further down divisions underflow.
_NO_LOAD_ERLANG = 1e-12
# A quotient such as 17 / 0.85 may come out a rounding error above the whole number that it is.
_ROUNDING = 1.0 - 1e-12


@dataclass(frozen=True)
class CallLoad:
    """The calls of one interval, taken as steady through it.

    :param calls: offered in the interval; may be a fraction, as means are
    :param interval_seconds: length of the interval, above 0
    :param aht_seconds: mean handling time with after-call work, above 0
    :param patience_seconds: mean patience of a caller who waits, above 0; None where nobody hangs up
    """

    calls: float
    interval_seconds: float
    aht_seconds: float
    patience_seconds: float | None = None

    @property
    def erlang(self) -> float:
        """Offered load: agents busy on average if nobody had to wait."""
        return self.calls * self.aht_seconds / self.interval_seconds


@dataclass(frozen=True)
class ServiceTarget:
    """What the agents must reach; what is None is not asked for.

    :param service_level: share of the calls offered that is to be answered within ``within_seconds``, 0 < it < 1
    :param within_seconds: from 0
    :param max_agent_occupancy: most of their time that agents may be busy, 0 < it <= 1. Counts the load offered
        over the agents: that callers hang up is no way to make work lighter
    :param max_asa_seconds: longest mean wait, above 0
    """

    service_level: float | None = None
    within_seconds: float | None = None
    max_agent_occupancy: float | None = None
    max_asa_seconds: float | None = None


# The search for the fewest agents ends at a number it has evaluated already.
@lru_cache(maxsize=1024)
def evaluate(load: CallLoad, agents: int, within_seconds: float | None = None) -> Performance:
    """Say what ``agents`` (from 0) reach with this load.

    Without calls nobody waits: service level 1, everything else 0.
    """
    if load.erlang < _NO_LOAD_ERLANG:
        return Performance(None if within_seconds is None else 1.0, 0.0, 0.0, 0.0, 0.0)
    if load.patience_seconds is None:
        return patient_queue(load.erlang, load.aht_seconds, agents, within_seconds)
    return impatient_queue(load.erlang, load.aht_seconds, load.patience_seconds, agents, within_seconds)


def reaches(performance: Performance, target: ServiceTarget) -> bool:
    """Whether service level and mean wait keep the target."""
    if target.service_level is not None and (performance.service_level or 0.0) < target.service_level:
        return False
    return target.max_asa_seconds is None or performance.asa_seconds <= target.max_asa_seconds


def agents_for_occupancy(load: CallLoad, max_agent_occupancy: float) -> int:
    """Fewest agents whose share of busy time stays within the cap if every call offered is answered."""
    return math.ceil(load.erlang / max_agent_occupancy * _ROUNDING)


def required_agents(load: CallLoad, target: ServiceTarget) -> int:
    """Fewest agents that keep every part of the target; 0 without calls.

    Every part is monotone in the agents, so doubling and bisection find the number.
    """
    if load.erlang < _NO_LOAD_ERLANG:
        return 0
    lowest = 0
    if target.max_agent_occupancy is not None:
        lowest = agents_for_occupancy(load, target.max_agent_occupancy)

    def suffices(agents: int) -> bool:
        return reaches(evaluate(load, agents, target.within_seconds), target)

    return fewest(suffices, lowest, math.floor(load.erlang) + 1)


def scheduled_agents(required: int, shrinkage_share: float) -> int:
    """Agents to put on the roster so that ``required`` are on the phones: required / (1 - shrinkage), rounded up.

    :param shrinkage_share: share of paid time not on the phones, 0 <= it < 1; what the roster plans itself
        (breaks, training) does not belong into it
    """
    return math.ceil(required / (1.0 - shrinkage_share) * _ROUNDING)
