"""What solve() promises besides a kept roster: the known optimum, the same bytes, and stopping."""

import json
import time
from pathlib import Path

import pytest

from solver.problem import Duty, PreviousDuty, Problem, Window
from solver.reading import read_problem
from solver.roster import Roster
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
def test_a_published_roster_is_returned_unchanged_while_nothing_changed_and_mended_where_something_did() -> None:
    problem = read_problem(INSTANCES / "s12.json")
    published = solve(problem, iterations=400, workers=1)
    again = _published(problem, published)
    assert solve(again, iterations=100, workers=1, seed=1).duties == published.duties

    first = published.duties[0]
    mended = solve(_blocked(again, first), iterations=100, workers=1, seed=1)
    assert mended.duties != published.duties
    assert not any(duty.agent == first.agent and duty.start == first.start for duty in mended.duties)
    assert 0 < mended.tiers.changes < sum((duty.end - duty.start).seconds for duty in published.duties) / 60 / 2


def _published(problem: Problem, roster: Roster) -> Problem:
    agents = [
        agent.model_copy(
            update={"previous": [PreviousDuty(**duty.model_dump()) for duty in roster.duties if duty.agent == agent.id]}
        )
        for agent in problem.agents
    ]
    return problem.model_copy(update={"agents": agents})


def _blocked(problem: Problem, duty: Duty) -> Problem:
    """The agent of a duty cannot come then."""
    window = Window(start=duty.start, end=duty.end, kind="blocked")
    agents = [
        agent.model_copy(update={"availability": [*agent.availability, window]}) if agent.id == duty.agent else agent
        for agent in problem.agents
    ]
    return problem.model_copy(update={"agents": agents})


@needs_instances
def test_it_stops_soon_after_it_is_asked_to() -> None:
    problem = read_problem(INSTANCES / "s12.json")
    solve(problem, iterations=8, workers=1)
    started = time.monotonic()
    roster = solve(problem, time_limit_seconds=600, should_stop=lambda: time.monotonic() - started > 1.0)
    assert time.monotonic() - started < 5.0
    assert roster.tiers.shortfall >= 0.0
