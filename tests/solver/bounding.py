"""What the tests of the bound share: problems whose best roster can be told by thinking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solver.bound import lower_bound
from solver.layout import plan_layout
from solver.models.exact import solve_exact
from solver.problem import Problem
from solver.roster import Bound, Roster
from tests.solver.build import LAW, agent, demand, problem

TOLERANCE = 1e-6
ROUNDS = 25
SHAPES = {
    "earliest_start": "06:00",
    "latest_end": "22:00",
    "start_step_minutes": 60,
    "work_minutes": [240, 360, 480],
    "break_edge_minutes": 60,
    "max_break_minutes": 60,
}


def bound_of(problem: Problem, **more: Any) -> Bound:
    return lower_bound(problem, plan_layout(problem), **{"seconds": 1000.0, "iterations": ROUNDS, **more})


def proven(problem: Problem, **more: Any) -> tuple[float, float]:
    found = bound_of(problem, **more)
    assert found.shortfall is not None
    assert found.missing_agent_minutes is not None
    return found.shortfall, found.missing_agent_minutes


def holds(problem: Problem, shortfall: float, missing: float) -> None:
    """The bound of a problem is not above what a roster of it reaches."""
    least_shortfall, least_missing = proven(problem)
    assert least_shortfall <= shortfall + TOLERANCE
    assert least_missing <= missing + TOLERANCE


def optimum(problem: Problem) -> Roster:
    result = solve_exact(problem.model_copy(update={"objectives": ["shortfall"]}), time_limit_seconds=60)
    assert result.proven == ("shortfall",)
    assert result.roster is not None
    return result.roster


def dates(first_day: str, days: int) -> list[str]:
    first = np.datetime64(first_day)
    return [str(first + day) for day in range(days)]


def one_agent(days: int = 1, first_day: str = "2020-03-30", slot_minutes: int = 60, **more: Any) -> dict[str, Any]:
    """One agent at home and any number of duties of 4 or 6 hours from 8 to 20 o'clock."""
    person = agent("a", **{"max_blocks_per_day": 1, "home": "only"} | more.pop("person", {}))
    content: dict[str, Any] = {
        "horizon": {"first_day": first_day, "days": days, "slot_minutes": slot_minutes},
        "duties": {**SHAPES, "earliest_start": "08:00", "latest_end": "20:00", "work_minutes": [240, 360]},
        "labour": {**LAW, "free_days": []},
        "agents": [person],
        "demand": [demand(f"{on} 08:00", [1] * (12 * 60 // slot_minutes)) for on in dates(first_day, days)],
    }
    return content | more


def exactly(content: dict[str, Any], missing_hours: float) -> None:
    """The bound is the missing time that thinking finds, and with one required each minute counts double."""
    shortfall, missing = proven(problem(**content))
    assert missing == 60 * missing_hours
    assert shortfall == pytest.approx(2 * 60 * missing_hours)
