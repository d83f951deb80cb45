import json
import time
from pathlib import Path
from typing import Any

import pytest

from solver.checks import judge
from solver.models import exact
from solver.models.exact import ExactResult, UnsoundModelError, solve_exact
from solver.models.exact_size import is_small
from solver.problem import Problem
from solver.reading import read_problem
from solver.roster import Bound, Roster
from solver.solve import solve
from tests.solver import build
from tests.solver.brute_force import best_verdict, draw_problem

INSTANCES = Path(__file__).parents[3] / "shared" / "instances"
ALL = ("shortfall", "changes", "site_presence", "contract_minutes", "wishes")


def in_order(problem: Problem, roster: Roster) -> list[float]:
    return [round(getattr(roster.tiers, objective), 6) for objective in problem.objectives]


def solved(problem: Problem, **more: Any) -> Roster:
    roster = solve_exact(problem, **{"time_limit_seconds": 60, **more}).roster
    assert roster is not None
    return roster


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 8, 11, 12, 15, 16, 20, 21, 23])
def test_every_tier_equals_that_of_trying_every_roster(seed: int) -> None:
    problem = draw_problem(seed)
    best = best_verdict(problem)
    result = solve_exact(problem, time_limit_seconds=60)
    assert result.roster is not None
    assert result.proven == tuple(problem.objectives)
    assert in_order(problem, result.roster) == [round(getattr(best.tiers, name), 6) for name in problem.objectives]
    assert judge(problem, result.roster).findings == ()
    if problem.objectives[0] == "shortfall":
        assert result.bound.shortfall == pytest.approx(best.tiers.shortfall)
    assert result.bound.missing_agent_minutes is not None
    assert result.bound.missing_agent_minutes <= best.missing_agent_minutes


def proven_optimum(name: str) -> tuple[Problem, dict[str, Any], ExactResult]:
    if not INSTANCES.exists():
        pytest.skip(f"needs {INSTANCES}")
    problem = read_problem(INSTANCES / f"{name}.json")
    result = solve_exact(problem, time_limit_seconds=60)
    return problem, json.loads((INSTANCES / "optima.json").read_text())[name], result


@pytest.mark.parametrize("name", ["tiny-1", "tiny-2", "tiny-3"])
def test_proven_optima_are_reached_in_every_tier(name: str) -> None:
    _, optimum, result = proven_optimum(name)
    assert result.roster is not None
    assert result.roster.tiers.model_dump() == optimum["tiers"]
    assert result.proven == ALL
    assert result.bound.shortfall == optimum["least"]["shortfall"]
    assert result.bound.missing_agent_minutes == optimum["least"]["missing_agent_minutes"]


def test_a_roster_to_start_from_is_never_worsened() -> None:
    problem = draw_problem(9)
    best = solved(problem)
    again = solve_exact(problem, time_limit_seconds=60, hint=best)
    assert again.roster is not None
    assert in_order(problem, again.roster) == in_order(problem, best)
    # Nothing but the start itself can be found in no time, and it comes back as it was.
    ladder = exact._Ladder(problem, exact._Clock(time.monotonic() + 60, None), 1, 0)
    ladder._start_from(best)
    values = ladder.values
    assert values is not None
    assert [ladder._value(ladder.scaled[name]) for name in ALL] == [getattr(best.tiers, name) for name in ALL]


def test_the_same_seed_gives_the_same_roster() -> None:
    problem = draw_problem(3)
    assert solved(problem, seed=4) == solved(problem, seed=4)


def test_a_stop_is_obeyed_at_once_and_no_time_gives_no_roster() -> None:
    problem = draw_problem(3)
    nothing = ExactResult(None, (), Bound())
    assert solve_exact(problem, time_limit_seconds=60, should_stop=lambda: True) == nothing
    assert solve_exact(problem, time_limit_seconds=0) == nothing


def test_a_stop_in_the_middle_leaves_the_best_so_far() -> None:
    problem = draw_problem(9)
    asked = []

    def after_the_first_tier() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 1

    result = solve_exact(problem, time_limit_seconds=60, should_stop=after_the_first_tier)
    assert result.roster is None or judge(problem, result.roster).findings == ()
    assert result.proven == ALL[: len(result.proven)]
    assert len(result.proven) < len(ALL)


def refusals(seeds: range) -> list[UnsoundModelError]:
    errors = []
    for seed in seeds:
        try:
            solved(draw_problem(seed))
        except UnsoundModelError as error:
            errors.append(error)
    return errors


def test_a_roster_that_the_checks_refuse_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.models.exact.add_personal_rules", lambda _: None)
    refused = refusals(range(6))
    assert refused
    assert all(error.findings for error in refused)


def test_tiers_other_than_those_counted_are_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.models.exact_tiers.NOT_THE_USUAL_DESK", 61)
    refused = refusals(range(12))
    assert refused
    assert all(str(error).startswith("wishes") for error in refused)


def booked(**booking: Any) -> Problem:
    """Seed 9 with a booking of five hours: longer than any shape, so only a booking can be so."""
    content = draw_problem(9).as_json()
    content["labour"] = {**content["labour"], "breaks": [{"work_over_minutes": 120, "break_minutes": 60}]}
    content["labour"] |= {"max_work_minutes_per_day": 600, "max_run_minutes": 180, "min_break_part_minutes": 60}
    content["horizon"]["days"] = 1
    content["duties"]["break_edge_minutes"] = 60
    content["demand"] = [{"queue": "x", "start": "2020-03-30T08:00:00+00:00", "required": [1] * 5}]
    content["agents"] = [
        {
            "id": "a0",
            "queues": ["x"],
            "weekly_minutes": {"min": 0, "max": 600},
            "max_workdays": 1,
            "home": "allowed",
            "fixed": [
                {
                    "start": "2020-03-30T08:00:00+00:00",
                    "end": "2020-03-30T13:00:00+00:00",
                    "place": "home",
                    **booking,
                }
            ],
        }
    ]
    return Problem.model_validate_json(json.dumps(content))


def test_a_booking_keeps_its_span_and_gets_only_the_break_that_it_must_have() -> None:
    (duty,) = solved(booked()).duties
    assert ((duty.end - duty.start).total_seconds(), duty.place) == (5 * 3600, "home")
    assert sum((part.end - part.start).total_seconds() for part in duty.breaks) == 3600


def test_named_breaks_and_a_named_desk_of_a_booking_stay() -> None:
    breaks = [{"start": "2020-03-30T09:00:00+00:00", "end": "2020-03-30T11:00:00+00:00"}]
    (duty,) = solved(booked(breaks=breaks, place="site", desk="d1")).duties
    assert [(part.start.hour, part.end.hour) for part in duty.breaks] == [(9, 11)]
    assert duty.desk == "d1"


def test_no_agents_and_no_demand_are_valid() -> None:
    content = draw_problem(0).as_json()
    empty = Problem.model_validate_json(json.dumps({**content, "agents": [], "demand": []}))
    result = solve_exact(empty, time_limit_seconds=10)
    assert result.roster is not None
    assert (result.roster.duties, result.roster.tiers.shortfall, result.bound.shortfall) == ([], 0.0, 0.0)


def ten_people(days: int = 1) -> Problem:
    """More than are always tried, with few duties a day to choose from."""
    agents = [build.agent(f"a{number}", home="only", max_blocks_per_day=1) for number in range(8)]
    shapes = {"earliest_start": "08:00", "latest_end": "18:00", "start_step_minutes": 60, "work_minutes": [240, 360]}
    return build.problem(
        horizon={"days": days, "slot_minutes": 60},
        duties=shapes | {"break_edge_minutes": 60, "max_break_minutes": 60},
        labour=build.LAW,
        queues=[{"id": "mobile"}],
        agents=[*agents, build.agent("b0", home="none"), build.agent("b1", home="none", max_blocks_per_day=1)],
        demand=[build.demand("Mon 08:00", [3, 5, 7, 9, 9, 8, 7, 6, 5, 3])],
    )


def test_ten_agents_with_few_duties_are_proven_in_the_first_tier() -> None:
    problem = ten_people()
    assert is_small(problem)
    roster = solve(problem, time_limit_seconds=30, workers=1)
    assert roster.bound is not None
    assert roster.bound.shortfall == pytest.approx(roster.tiers.shortfall)
    assert roster.bound.missing_agent_minutes == roster.missing_agent_minutes


def test_what_is_proven_already_is_not_asked_again_and_no_better_roster_is_forbidden() -> None:
    problem = draw_problem(8)
    best = solve_exact(problem, time_limit_seconds=60)
    again = solve_exact(problem, time_limit_seconds=60, least=best.bound)
    assert again.roster is not None
    assert best.roster is not None
    assert in_order(problem, again.roster) == in_order(problem, best.roster)
    assert again.proven == best.proven


@pytest.mark.parametrize("seed", range(6))
def test_a_start_says_the_tiers_of_the_roster_it_comes_from(seed: int) -> None:
    problem = draw_problem(seed)
    best = solved(problem)
    ladder = exact._Ladder(problem, exact._Clock(time.monotonic() + 60, None), 1, 0)
    ladder._start_from(best)
    assert [float(ladder._value(ladder.scaled[name])) for name in problem.objectives] == pytest.approx(
        [getattr(best.tiers, name) for name in problem.objectives]
    )


def test_more_people_or_more_duties_are_left_to_the_search() -> None:
    ten = ten_people()
    assert not is_small(ten.model_copy(update={"agents": [*ten.agents, *ten.agents]}))
    weeks = ten_people(days=28)
    assert not is_small(weeks)
    assert is_small(weeks.model_copy(update={"agents": weeks.agents[:6]}))
