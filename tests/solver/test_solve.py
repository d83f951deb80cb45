"""What solve() promises besides a kept roster: the known optimum, the same bytes, and stopping."""

import json
import time
from pathlib import Path

import pytest

from solver.reading import read_problem
from solver.solve import solve
from solver.writing import roster_bytes

INSTANCES = Path(__file__).resolve().parents[2].parent / "shared" / "instances"
needs_instances = pytest.mark.skipif(not INSTANCES.is_dir(), reason="needs ../shared/instances beside the checkout")


@needs_instances
@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny-1", "tiny-2", "tiny-3"])
def test_tiny_sites_reach_the_proven_optimum_of_every_tier(name: str) -> None:
    optima = json.loads((INSTANCES / "optima.json").read_text())
    roster = solve(read_problem(INSTANCES / f"{name}.json"), time_limit_seconds=20)
    assert roster.tiers.model_dump() == pytest.approx(optima[name]["tiers"])


@needs_instances
def test_the_same_seed_workers_and_iterations_give_the_same_bytes() -> None:
    problem = read_problem(INSTANCES / "s12.json")
    first, second = (solve(problem, iterations=150, workers=2, seed=3) for _time in range(2))
    assert roster_bytes(first) == roster_bytes(second)
    assert first.solver is None


@needs_instances
def test_it_stops_soon_after_it_is_asked_to() -> None:
    problem = read_problem(INSTANCES / "s12.json")
    solve(problem, iterations=8, workers=1)
    started = time.monotonic()
    roster = solve(problem, time_limit_seconds=600, should_stop=lambda: time.monotonic() - started > 1.0)
    assert time.monotonic() - started < 5.0
    assert roster.tiers.shortfall >= 0.0
