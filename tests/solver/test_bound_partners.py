"""Care partners in the bound: days on which two people stand in for one, told by thinking."""

from typing import Any

import pytest

from solver.bound import lower_bound
from solver.bound.partners import MOST_PAIR_PRICES, build_pairs, pairs_of_agents
from solver.layout import plan_layout
from tests.solver.bounding import exactly, holds, one_agent, optimum, proven
from tests.solver.build import agent, demand, problem, span


def two(handover_minutes: int = 0, days: int = 1, **more: Any) -> dict[str, Any]:
    """Two people at home who must not be there together, and what is asked of both."""
    partner = {"not_together_with": [{"agent": "b", "handover_minutes": handover_minutes}]}
    person = {"max_blocks_per_day": 1, "home": "only"} | more.pop("person", {})
    return one_agent(days=days, agents=[agent("a", **person, **partner), agent("b", **person)], **more)


def test_two_who_must_not_meet_are_no_more_than_one() -> None:
    content = two()
    content["demand"] = [demand("2020-03-30 08:00", [2] * 6)]
    shortfall, missing = proven(problem(**content))
    assert missing == 6 * 60
    assert shortfall == pytest.approx(6 * 60 * 1.5)


def test_one_after_the_other_they_miss_nothing() -> None:
    exactly(two(), missing_hours=0)


def test_what_lies_between_them_is_missing() -> None:
    # 6 h and 4 h fit into 12 with an hour between; prices alone prove the hour, not that no duty has 5 h.
    assert proven(problem(**two(handover_minutes=60)))[1] in (60, 120)
    assert proven(problem(**two(handover_minutes=240)))[1] == 4 * 60


@pytest.mark.parametrize(("one", "other"), [(60, 240), (240, 60)])
def test_the_larger_of_two_handovers_counts_whoever_names_it(one: int, other: int) -> None:
    content = two(handover_minutes=one)
    content["agents"][1]["not_together_with"] = [{"agent": "a", "handover_minutes": other}]
    assert proven(problem(**content))[1] == 4 * 60
    assert [pair[:2] for pair in build_pairs(problem(**content))] == [(0, 1)]


def test_at_home_and_on_site_alike() -> None:
    content = two()
    content["agents"][1]["home"] = "none"
    content["demand"] = [demand("2020-03-30 08:00", [2] * 6)]
    assert proven(problem(**content))[1] == 6 * 60


def test_a_partner_may_come_between_two_duties_of_a_day() -> None:
    content = two(person={"max_blocks_per_day": 2})
    content["duties"]["work_minutes"] = [240]
    content["agents"][1]["max_blocks_per_day"] = 1
    content["agents"][0]["availability"] = [span("2020-03-30 12:00", "2020-03-30 16:00", kind="blocked")]
    exactly(content, missing_hours=0)


def test_a_booking_keeps_the_partner_away() -> None:
    content = two()
    content["agents"][0]["fixed"] = [span("2020-03-30 08:00", "2020-03-30 14:00", place="home", breaks=[])]
    content["demand"] = [demand("2020-03-30 08:00", [2] * 6)]
    assert proven(problem(**content))[1] == 6 * 60


def test_a_rest_period_shorter_than_the_handover_does_not_charge_one_person_twice() -> None:
    content = two(handover_minutes=1200, days=2)
    content["labour"] |= {"min_rest_minutes": 600}
    content["duties"] |= {"work_minutes": [360], "earliest_start": "08:00", "latest_end": "20:00"}
    content["agents"][1]["availability"] = [span("2020-03-30 00:00", "2020-04-01 00:00", kind="blocked")]
    content["demand"] = [demand("2020-03-30 14:00", [1] * 6), demand("2020-03-31 08:00", [1] * 6)]
    exactly(content, missing_hours=0)


def test_three_in_a_chain_are_two_pairs() -> None:
    crew = [
        agent("a", not_together_with=[{"agent": "b", "handover_minutes": 0}], max_blocks_per_day=1, home="only"),
        agent("b", not_together_with=[{"agent": "c", "handover_minutes": 60}], max_blocks_per_day=1, home="only"),
        agent("c", max_blocks_per_day=1, home="only"),
    ]
    content = one_agent(agents=crew)
    content["demand"] = [demand("2020-03-30 08:00", [3] * 6)]
    assert proven(problem(**content))[1] == 6 * 60
    assert pairs_of_agents(build_pairs(problem(**content)), 3) == [(0,), (0, 1), (1,)]


@pytest.mark.parametrize("handover_minutes", [0, 30, 90])
def test_no_exact_optimum_is_beaten(handover_minutes: int) -> None:
    content = two(handover_minutes, days=2, person={"max_blocks_per_day": 2, "home": "allowed"})
    content["demand"] = [demand("2020-03-30 08:00", [1, 2, 2, 1, 1, 0, 2, 2]), demand("2020-03-31 12:00", [2] * 6)]
    site = problem(**content)
    best = optimum(site)
    holds(site, best.tiers.shortfall, best.missing_agent_minutes)


def test_a_site_with_too_many_pairs_lets_some_off() -> None:
    crew = [agent(f"a{number}", home="only") for number in range(40)]
    for number in range(0, 40, 2):
        crew[number]["not_together_with"] = [{"agent": f"a{number + 1}", "handover_minutes": 0}]
    content = one_agent(days=28, slot_minutes=15, agents=crew)
    slots = 28 * 96
    assert MOST_PAIR_PRICES // slots < 20
    site = problem(**content)
    assert len(build_pairs(site)) == MOST_PAIR_PRICES // slots
    assert lower_bound(site, plan_layout(site), seconds=100, iterations=1).shortfall is not None
