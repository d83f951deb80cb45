"""``warm``: compile the planner's kernels, so that nobody's first plan waits for them."""

from __future__ import annotations

import argparse
from typing import Any

from solver.commands import KEPT
from solver.problem import Problem

# Small, and yet too much for the exact model: both the search and the bound have to run.
AGENTS = 16
DAYS = 7
DESKS = 8
ITERATIONS = 64

PREVIOUS = {"start": "2020-04-01T08:00:00+02:00", "end": "2020-04-01T12:00:00+02:00", "place": "site", "desk": "desk-0"}
FIXED = {"start": "2020-04-02T08:00:00+02:00", "end": "2020-04-02T12:00:00+02:00", "place": "site"}


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("warm", help="compile the planner, so that the first plan does not wait")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    # Only here: the other commands must not wait for Numba.
    from solver.solve import solve  # noqa: PLC0415

    # By iterations: with a time limit, the kernels that come last would find it used up by the first.
    solve(sample_problem(), iterations=ITERATIONS, workers=2)
    return KEPT


def sample_problem() -> Problem:
    """A site of one room and one queue, for a week of half hours."""
    return Problem.model_validate(
        {
            "format": "roster-problem/1",
            "site": {"id": "sample", "name": "Sample", "time_zone": "Europe/Berlin"},
            "horizon": {"first_day": "2020-03-30", "days": DAYS, "slot_minutes": 30},
            "rooms": [
                {"id": "room", "floor": "0", "area_m2": 200.0, "desks": [_desk(number) for number in range(DESKS)]}
            ],
            "hygiene": {"min_distance_m": 1.5, "cleaning_gap_minutes": 15},
            "queues": [{"id": "calls"}],
            "demand": [
                {"queue": "calls", "start": f"2020-04-0{day}T08:00:00+02:00", "required": [6] * 24} for day in (1, 2, 3)
            ],
            "duties": {
                "earliest_start": "06:00",
                "latest_end": "22:00",
                "start_step_minutes": 30,
                "work_minutes": [240, 480],
                "break_edge_minutes": 60,
                "max_break_minutes": 60,
            },
            "labour": {
                "max_work_minutes_per_day": 600,
                "breaks": [{"work_over_minutes": 360, "break_minutes": 30}],
                "min_break_part_minutes": 15,
                "max_run_minutes": 360,
                "min_rest_minutes": 660,
                "max_consecutive_workdays": 6,
                "free_days": ["sunday"],
            },
            "agents": [_agent(number) for number in range(AGENTS)],
        }
    )


def _desk(number: int) -> dict[str, Any]:
    return {"id": f"desk-{number}", "x_m": 1.6 * number, "y_m": 0.0}


def _agent(number: int) -> dict[str, Any]:
    return {
        "id": f"agent-{number}",
        "queues": ["calls"],
        "weekly_minutes": {"min": 600, "max": 1200},
        "max_workdays": 5,
        "home": "allowed" if number % 2 else "none",
        "previous": [] if number else [PREVIOUS],
        "fixed": [FIXED] if number == 1 else [],
    }
