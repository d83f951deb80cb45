"""What must not change the best roster, or can only better it, on drawn sites of the whole format.

``ABSTAND_DRAWN_SITES=100 pytest tests/solver/test_metamorphic.py`` tries as many sites with each property as it says.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from solver.bound import lower_bound
from solver.layout import plan_layout
from solver.models.exact import solve_exact
from solver.problem import Problem
from solver.reading import parse_problem
from solver.roster import Tiers
from tests.solver.drawn_sites import EXAMPLES, drawn_site

Json = dict[str, Any]
Change = Callable[[Json], None]

SEEDS = range(EXAMPLES or 3)
TOLERANCE = 1e-6


def site(seed: int) -> Problem:
    """A drawn site that is quickly proven: hours or half hours, few days."""
    draw = random.Random(seed)
    while True:
        drawn = drawn_site(draw)
        if drawn.horizon.slot_minutes >= 30 and drawn.horizon.days <= 3:
            return drawn


def content_of(problem: Problem) -> Json:
    content: Json = json.loads(problem.model_dump_json())
    return content


def changed(problem: Problem, change: Change) -> Problem:
    content = content_of(problem)
    change(content)
    return parse_problem(content)


@cache
def best(seed: int) -> Tiers:
    return optimum(site(seed))


def optimum(problem: Problem) -> Tiers:
    result = solve_exact(problem, time_limit_seconds=60)
    assert result.proven == tuple(problem.objectives)
    assert result.roster is not None
    return result.roster.tiers


def in_order(problem: Problem, tiers: Tiers) -> list[float]:
    return [round(getattr(tiers, name), 6) for name in problem.objectives]


def shuffled(content: Json) -> None:
    """Every list whose order says nothing."""
    draw = random.Random(7)
    lists = [content[name] for name in ("agents", "rooms", "queues", "demand")]
    lists += [room["desks"] for room in content["rooms"]]
    lists += [agent[name] for agent in content["agents"] for name in ("queues", "availability", "fixed", "previous")]
    lists += [content["duties"]["work_minutes"], content["labour"]["breaks"]]
    for rows in lists:
        draw.shuffle(rows)


def renamed(content: Json) -> None:
    """Every key turned round, so that their order changes too."""
    names = {content["site"]["id"], *(entry["id"] for part in ("agents", "rooms", "queues") for entry in content[part])}
    names |= {desk["id"] for room in content["rooms"] for desk in room["desks"]} | {"A", "B", "high"}
    order = {name: f"k{len(names) - rank:03}" for rank, name in enumerate(sorted(names))}
    for part in ("site", "rooms", "queues", "demand", "agents"):
        content[part] = _with_names(content[part], order)


def _with_names(value: Any, order: dict[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_names(entry, order, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [_with_names(entry, order, key) for entry in value]
    keys = {"id", "queue", "queues", "agent", "cohort", "desk", "usual_desk", "desk_needs", "features", "partitions"}
    return order.get(value, value) if key in keys else value


def a_week_later(content: Json) -> None:
    """Every instant and date; a clock change in one of the two weeks would change more than that."""
    content["horizon"]["first_day"] = _later(content["horizon"]["first_day"])
    for part in ("demand", "agents"):
        content[part] = _moved(content[part])


def _moved(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _moved(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_moved(entry) for entry in value]
    return _later(value) if isinstance(value, str) and value.startswith("20") and "T" in value else value


def _later(text: str) -> str:
    moved = datetime.fromisoformat(text) + timedelta(days=7)
    return moved.date().isoformat() if "T" not in text else moved.isoformat()


def larger(content: Json) -> None:
    """A floor three times as long and wide, at three times the distance."""
    for room in content["rooms"]:
        for desk in room["desks"]:
            desk["x_m"], desk["y_m"] = 3 * desk["x_m"], 3 * desk["y_m"]
    if content["hygiene"]["min_distance_m"] is not None:
        content["hygiene"]["min_distance_m"] *= 3


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("change", [shuffled, renamed, larger], ids=lambda change: str(change.__name__))
def test_the_best_roster_is_as_good(seed: int, change: Change) -> None:
    same = changed(site(seed), change)
    assert optimum(same) == best(seed)
    bound = lower_bound(same, plan_layout(same), seconds=60, iterations=10)
    assert bound.shortfall is not None
    if same.objectives[0] == "shortfall":
        assert bound.shortfall <= best(seed).shortfall + TOLERANCE


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_later_the_best_roster_is_as_good(seed: int) -> None:
    usual = changed(site(seed), in_a_usual_week)
    assert optimum(changed(usual, a_week_later)) == optimum(usual)


def in_a_usual_week(content: Json) -> None:
    content["site"]["time_zone"] = "UTC"
    moved = datetime.fromisoformat("2020-06-01") - datetime.fromisoformat(content["horizon"]["first_day"])
    content["horizon"]["first_day"] = "2020-06-01"
    # Instants of any zone fall anywhere on days of another: only what must lie on them is kept.
    content["demand"] = [
        {"queue": queue, "start": f"2020-06-01T{hour}:00:00+00:00", "required": [1, 2, 1]}
        for queue, hour in (("x", "09"), ("y", "10"))
    ]
    for agent in content["agents"]:
        agent["fixed"], agent["previous"] = [], []
        for window in agent["availability"]:
            for end in ("start", "end"):
                window[end] = (datetime.fromisoformat(window[end]) + moved).isoformat()
        if agent["history"]:
            last_end = datetime.fromisoformat(agent["history"]["last_end"]) + moved
            agent["history"]["last_end"] = last_end.isoformat()


@pytest.mark.parametrize("seed", SEEDS)
def test_twice_the_weight_is_twice_the_shortfall(seed: int) -> None:
    def heavier(content: Json) -> None:
        for queue in content["queues"]:
            queue["weight"] *= 2

    tiers = optimum(changed(site(seed), heavier))
    assert tiers == best(seed).model_copy(update={"shortfall": tiers.shortfall})
    assert tiers.shortfall == pytest.approx(2 * best(seed).shortfall)


def of_agents(**changes: Any) -> Change:
    def relax(content: Json) -> None:
        for agent in content["agents"]:
            agent.update(changes)

    return relax


def of_part(part: str, **changes: Any) -> Change:
    def relax(content: Json) -> None:
        content[part].update(changes)

    return relax


def of_rooms(**changes: Any) -> Change:
    def relax(content: Json) -> None:
        for room in content["rooms"]:
            room.update(changes)

    return relax


def nobody_blocked(content: Json) -> None:
    for agent in content["agents"]:
        agent["availability"] = [window for window in agent["availability"] if window["kind"] != "blocked"]


def longer_weeks(content: Json) -> None:
    for agent in content["agents"]:
        agent["weekly_minutes"]["max"] = 10_000


def another_desk(content: Json) -> None:
    desk = {"id": "more", "x_m": 1000.0, "y_m": 0.0, "features": ["high"]}
    content["rooms"][0]["desks"].append(desk)


def everybody_cleared(content: Json) -> None:
    for agent in content["agents"]:
        if agent["home"] == "none":
            agent["home"] = "allowed"


# Each with a site on which relaxing it betters something.
RELAXATIONS: dict[str, tuple[Change, int]] = {
    "agent_limits": (of_agents(limits={}), 12),
    "arrivals": (of_part("hygiene", max_arrivals_per_slot=None), 273),
    "availability": (nobody_blocked, 154),
    "breaks": (of_part("labour", breaks=[]), 21),
    "cleaning_gap": (of_part("hygiene", cleaning_gap_minutes=0), 99),
    "cohort": (of_part("hygiene", cohort_rule="none"), 61),
    "consecutive_days": (of_part("labour", max_consecutive_workdays=99), 6),
    "daily_work": (of_part("labour", max_work_minutes_per_day=1440), 12),
    "desk": (another_desk, 7),
    "desk_needs": (of_agents(desk_needs=[]), 3),
    "distance": (of_part("hygiene", min_distance_m=None), 116),
    "free_days": (of_part("labour", free_days=[]), 13),
    "history": (of_agents(history=None), 6),
    "home": (everybody_cleared, 5),
    "not_together": (of_agents(not_together_with=[]), 14),
    "overlap": (of_agents(max_blocks_per_day=4), 5),
    "rest": (of_part("labour", min_rest_minutes=0), 8),
    "room_cap": (of_rooms(max_persons=None, area_m2=1000.0), 38),
    "site_cap": (of_part("hygiene", max_persons_on_site=None), 87),
    "weekly_work": (longer_weeks, 21),
    "workdays": (of_agents(max_workdays=7), 9),
}


@pytest.mark.parametrize("rule", RELAXATIONS)
def test_a_relaxed_rule_never_makes_the_best_roster_worse(rule: str) -> None:
    relax, binding = RELAXATIONS[rule]
    for seed in (binding, *range(EXAMPLES)):
        problem = site(seed)
        now, before = in_order(problem, optimum(changed(problem, relax))), in_order(problem, best(seed))
        assert now <= before, seed
        # Where nothing could be gained nothing would be said: on this site the rule costs something.
        assert now < before or seed != binding


@pytest.mark.parametrize("seed", SEEDS)
def test_one_agent_more_never_makes_the_shortfall_worse(seed: int) -> None:
    def joined(content: Json) -> None:
        content["objectives"] = ["shortfall"]
        joining = {**content["agents"][0], "id": "joined", "fixed": [], "previous": [], "not_together_with": []}
        content["agents"].append(joining)

    alone = changed(site(seed), lambda content: content.update(objectives=["shortfall"]))
    assert optimum(changed(alone, joined)).shortfall <= optimum(alone).shortfall
