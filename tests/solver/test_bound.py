"""The bound never passes the best roster, comes close to it, and the tests that say so can fail."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import solver.bound as bound_package
from solver.bound import floor, oracle
from solver.reading import read_problem
from solver.roster import Bound
from tests.solver.bounding import TOLERANCE, bound_of, holds, one_agent, optimum, proven
from tests.solver.brute_force import best_verdict, draw_problem
from tests.solver.build import problem

INSTANCES = Path(__file__).parents[3] / "shared" / "instances"


@pytest.mark.parametrize("name", ["tiny-1", "tiny-2", "tiny-3"])
def test_known_optima_are_not_passed_and_are_proven(name: str) -> None:
    if not INSTANCES.exists():
        pytest.skip(f"needs {INSTANCES}")
    least = json.loads((INSTANCES / "optima.json").read_text())[name]["least"]
    shortfall, missing = proven(read_problem(INSTANCES / f"{name}.json"), iterations=60)
    assert shortfall == pytest.approx(least["shortfall"])
    assert missing == least["missing_agent_minutes"]
    assert shortfall <= least["shortfall"]


@pytest.mark.parametrize("seed", range(40))
def test_no_optimum_over_the_format_is_passed(seed: int) -> None:
    drawn = draw_problem(seed)
    best = optimum(drawn)
    holds(drawn, best.tiers.shortfall, best.missing_agent_minutes)


@pytest.mark.parametrize("seed", [1, 2, 3, 8, 16, 20])
def test_no_roster_of_all_that_there_are_is_better(seed: int) -> None:
    drawn = draw_problem(seed)
    if drawn.objectives[0] == "shortfall":
        best = best_verdict(drawn)
        holds(drawn, best.tiers.shortfall, best.missing_agent_minutes)


def test_most_tiny_optima_are_proven() -> None:
    met = 0
    for seed in range(20):
        drawn = draw_problem(seed)
        met += proven(drawn)[0] == pytest.approx(optimum(drawn).tiers.shortfall)
    assert met >= 12


def test_it_stops_when_asked_and_tells_what_is_proven_by_then() -> None:
    told: list[Bound] = []
    drawn = problem(**one_agent(days=3, person={"max_workdays": 1}))
    stopped = bound_of(drawn, should_stop=lambda: True, on_progress=told.append)
    assert stopped.shortfall == 0
    assert told == []
    ended = bound_of(drawn, on_progress=told.append)
    assert told[-1] == ended
    values = [(step.shortfall or 0, step.missing_agent_minutes or 0) for step in told]
    assert values == sorted(values)


def test_there_is_nothing_to_prove_beyond_a_roster_that_is_known() -> None:
    drawn = problem(**one_agent(days=3, person={"max_workdays": 1}))
    told: list[Bound] = []
    bound_of(drawn, iterations=40, upper=10.0, on_progress=told.append)
    assert told
    assert (told[0].shortfall or 0) >= 10


def too_much(answer: Callable[..., float]) -> Callable[..., float]:
    return lambda *arguments: answer(*arguments) - 60.0


def breaches(seeds: Iterable[int]) -> int:
    found = 0
    for seed in seeds:
        drawn = draw_problem(seed)
        best = optimum(drawn)
        shortfall, missing = proven(drawn)
        found += shortfall > best.tiers.shortfall + TOLERANCE or missing > best.missing_agent_minutes
    return found


def test_an_agent_valued_too_low_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:

    priced: Callable[..., float] = vars(oracle)["price_team"]
    monkeypatch.setattr(oracle, "price_team", too_much(priced))
    assert breaches(range(12)) > 0


def test_a_desk_too_few_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr(floor, "_most_persons", lambda *_: 0)
    assert breaches(range(12)) > 0


def test_too_many_kinds_of_duties_are_not_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = problem(**one_agent(days=3, person={"max_workdays": 1}))
    monkeypatch.setattr(bound_package, "MOST_SHAPES", 10)
    assert bound_of(drawn) == Bound(shortfall=0, missing_agent_minutes=0)
