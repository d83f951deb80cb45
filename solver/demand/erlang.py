"""Erlang's formulas for a group of agents whose callers never hang up.

*Offered load* is in Erlang: calls per second times handling seconds, so the number of agents that would be busy
if there were always one free. Arrivals are Poisson, handling times exponential, callers are served in order.

Sources: A. K. Erlang (1917), "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges"; R. B. Cooper, "Introduction to Queueing Theory" (2nd ed. 1981), chapter 3, for the waiting time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from solver.demand.fewest import fewest

NEGLIGIBLE = 1e-17


@dataclass(frozen=True)
class Performance:
    """How a group of agents fares with its calls in the steady state.

    :param service_level: share (0-1) of the calls **offered** that are answered within the time asked for,
        None where no time was given
    :param asa_seconds: mean wait in seconds of all calls offered, those that hang up included; infinite
        where the queue grows without end
    :param agent_occupancy: share (0-1) of their time that agents are busy with calls
    :param wait_probability: share (0-1) of the calls offered that find no agent free
    :param abandon_probability: share (0-1) of the calls offered that hang up before an agent is free
    """

    service_level: float | None
    asa_seconds: float
    agent_occupancy: float
    wait_probability: float
    abandon_probability: float


def erlang_b(load_erlang: float, agents: int) -> float:
    """Probability that all ``agents`` are busy where a call that finds them busy is lost.

    Sums ``1/B = sum over k of agents!/(agents-k)! / load**k``, whose terms are positive: nothing cancels, and what
    overflows is a B below 1e-300, given as 0. Takes about as many steps as the square root of the load, far fewer
    than the usual recursion over all agents.
    """
    if load_erlang == 0.0:
        return 1.0 if agents == 0 else 0.0
    total = term = 1.0
    for free in range(agents, 0, -1):
        term *= free / load_erlang
        total += term
        if term < NEGLIGIBLE * total or total == math.inf:
            break
    return 1.0 / total


def erlang_c(load_erlang: float, agents: int) -> float:
    """Probability that a call has to wait; 1 where the agents cannot keep up (``agents <= load_erlang``).

    ``C = n B / (n - a (1 - B))`` with Erlang's B.
    """
    if load_erlang == 0.0:
        return 1.0 if agents == 0 else 0.0
    if agents <= load_erlang:
        return 1.0
    blocked = erlang_b(load_erlang, agents)
    return agents * blocked / ((agents - load_erlang) + load_erlang * blocked)


def patient_queue(load_erlang: float, aht_seconds: float, agents: int, within_seconds: float | None) -> Performance:
    """Evaluate the M/M/n queue (Erlang C): nobody hangs up.

    With too few agents (``agents <= load_erlang``) there is no steady state: the queue grows without end, so the
    service level is 0, every call waits, the wait is infinite and the agents are always busy.
    """
    if agents <= load_erlang:
        return Performance(None if within_seconds is None else 0.0, math.inf, 1.0, 1.0, 0.0)
    waiting = erlang_c(load_erlang, agents)
    spare = (agents - load_erlang) / aht_seconds
    level = None if within_seconds is None else 1.0 - waiting * math.exp(-spare * within_seconds)
    return Performance(level, waiting / spare, load_erlang / agents, waiting, 0.0)


def lines_for_blocking(load_erlang: float, blocked_share: float) -> int:
    """Fewest lines (or agents without a queue) that turn away at most ``blocked_share`` (0-1, above 0) of the calls."""
    return fewest(lambda lines: erlang_b(load_erlang, lines) <= blocked_share, 0, math.ceil(load_erlang) + 1)
