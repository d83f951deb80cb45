"""Which sites are small enough for the exact model to prove their best roster within an ordinary time limit."""

from __future__ import annotations

from solver.models.candidates import duty_candidates
from solver.problem import Problem

ALWAYS_TRIED_AGENTS = 6
# Twelve people on one day of hours are a thousand duties and proven in five seconds of a core, on two days in twelve.
MOST_AGENTS = 15
MOST_CANDIDATES = 3000


def is_small(problem: Problem) -> bool:
    """Whether the exact model is tried: up to six agents, or a few more with few duties to choose from."""
    if len(problem.agents) <= ALWAYS_TRIED_AGENTS:
        return True
    if len(problem.agents) > MOST_AGENTS:
        return False
    candidates = 0
    for index in range(len(problem.agents)):
        candidates += len(duty_candidates(problem, index))
        if candidates > MOST_CANDIDATES:
            return False
    return True
