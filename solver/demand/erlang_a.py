"""The M/M/n+M queue (Erlang A): callers hang up after an exponential patience.

Works for any number of agents, also fewer than the load, where the plan must say how bad it gets. Sources: C. Palm
(1957), "Research on telephone traffic carried by full availability groups"; A. Mandelbaum and S. Zeltyn (2007),
"Service engineering in action: the Palm/Erlang-A queue", whose notation is kept: ``x = n mu / theta`` and
``y = lambda / theta`` with one divided by the handling time for mu and one divided by the patience for theta.

Their integrals ``J(t)`` and ``K(t)`` are incomplete gamma functions. Written as sums over the length of the queue they
have positive terms only, so that nothing cancels; each sum is taken relative to its largest term, whose logarithm is
kept beside it, so that nothing overflows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from solver.demand.erlang import NEGLIGIBLE, Performance, erlang_b

_STIRLING_FROM = 100.0


@dataclass(frozen=True)
class _QueueSum:
    """Sums over queue lengths k of ``t(k) = y**k / ((x+1) (x+2) ... (x+k))``, all divided by ``exp(log_scale)``.

    :param empty: t(0)
    :param queued: sum of t(k) over k from 1
    :param length: sum of k t(k)
    """

    log_scale: float
    empty: float
    queued: float
    length: float

    @property
    def every(self) -> float:
        """Sum of t(k) over k from 0."""
        return self.empty + self.queued

    @property
    def log_queued(self) -> float:
        """Logarithm of the sum over k from 1, without the scale."""
        return self.log_scale + math.log(self.queued) if self.queued else -math.inf


def _log_term(ratio_x: float, ratio_y: float, queue: int) -> float:
    """Logarithm of t(queue).

    A large x takes Stirling's series of both gamma functions in differenced form: the plain difference of two
    values of lgamma would lose as many digits as they have before the point.
    """
    if ratio_x < _STIRLING_FROM:
        return queue * math.log(ratio_y) + math.lgamma(ratio_x + 1.0) - math.lgamma(ratio_x + queue + 1.0)
    end = ratio_x + queue
    correction = (1.0 / end - 1.0 / ratio_x) / 12.0 - (1.0 / end**3 - 1.0 / ratio_x**3) / 360.0
    return queue * math.log(ratio_y / end) + queue - (ratio_x + 0.5) * math.log1p(queue / ratio_x) - correction


def _upwards(ratio_x: float, ratio_y: float, peak: int) -> tuple[float, float]:
    """Sum t(k) and k t(k) over k above ``peak``, relative to t(peak)."""
    leaving, term, queued, beyond, steps = ratio_x + peak, 1.0, 0.0, 0.0, 0.0
    while term > NEGLIGIBLE:
        steps += 1.0
        term *= ratio_y / (leaving + steps)
        queued += term
        beyond += steps * term
    return queued, peak * queued + beyond


def _downwards(ratio_x: float, ratio_y: float, peak: int) -> tuple[float, float]:
    """Sum t(k) and k t(k) over k from 1 to ``peak``, relative to t(peak)."""
    term, queued, length = 1.0, 0.0, 0.0
    for queue in range(peak, 0, -1):
        queued += term
        length += queue * term
        term *= (ratio_x + queue) / ratio_y
        if term < NEGLIGIBLE * queued:
            break
    return queued, length


def _queue_sum(ratio_x: float, ratio_y: float) -> _QueueSum:
    """Sum as in :class:`_QueueSum`, from the largest term outwards: about sqrt(y) steps."""
    peak = max(0, math.floor(ratio_y - ratio_x))
    log_scale = _log_term(ratio_x, ratio_y, peak) if peak else 0.0
    queued_above, length_above = _upwards(ratio_x, ratio_y, peak)
    queued_below, length_below = _downwards(ratio_x, ratio_y, peak)
    return _QueueSum(log_scale, math.exp(-log_scale), queued_above + queued_below, length_above + length_below)


def _odds_to_share(log_odds: float) -> float:
    """Probability with these odds, without overflow."""
    if log_odds > 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))


def _wait_probability(load_erlang: float, agents: int, queue: _QueueSum) -> float:
    """P(W > 0): the states with a queue against those with a free agent, joined at "all busy, nobody waits"."""
    all_busy = load_erlang * erlang_b(load_erlang, agents - 1) / agents
    if all_busy == 0.0:
        return 0.0
    return _odds_to_share(math.log(all_busy) + math.log(queue.every) + queue.log_scale)


def _answered_in_time(ratio_x: float, ratio_y: float, patiences: float, queue: _QueueSum) -> float:
    """Share of the calls that have to wait which is answered within the time.

    ``(K(0) - K(t)) / J(0)``, with ``K(t)`` as the sum over queues of at least one at ``y exp(-theta t)``.

    :param patiences: the time in mean patiences, theta t
    """
    ratio_later = ratio_y * math.exp(-patiences)
    if ratio_later == 0.0:
        return ratio_x / ratio_y * queue.queued / queue.every
    log_later = -ratio_y * math.expm1(-patiences) - ratio_x * patiences + _queue_sum(ratio_x, ratio_later).log_queued
    later = math.exp(log_later - queue.log_scale)
    return max(0.0, ratio_x / ratio_y * (queue.queued - later) / queue.every)


def impatient_queue(
    load_erlang: float, aht_seconds: float, patience_seconds: float, agents: int, within_seconds: float | None
) -> Performance:
    """Evaluate the M/M/n+M queue (Erlang A).

    :param load_erlang: above 0
    :param aht_seconds: mean handling time, above 0
    :param patience_seconds: mean time after which a waiting caller hangs up, above 0
    :param agents: from 0; may be fewer than the load
    """
    if agents == 0:
        return Performance(None if within_seconds is None else 0.0, patience_seconds, 1.0, 1.0, 1.0)
    ratio_x = agents * patience_seconds / aht_seconds
    ratio_y = load_erlang * patience_seconds / aht_seconds
    queue = _queue_sum(ratio_x, ratio_y)
    waiting = _wait_probability(load_erlang, agents, queue)
    abandoned = waiting * queue.length / (ratio_y * queue.every)
    level = None
    if within_seconds is not None:
        in_time = _answered_in_time(ratio_x, ratio_y, within_seconds / patience_seconds, queue)
        level = (1.0 - waiting) + waiting * in_time
    busy = min(1.0, load_erlang / agents * (1.0 - abandoned))
    return Performance(level, abandoned * patience_seconds, busy, waiting, abandoned)
