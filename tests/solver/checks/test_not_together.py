from __future__ import annotations

from typing import Any

from solver.problem import Problem
from tests.solver.build import agent, at_home, breach, findings, minutes, problem, size, when


def site(handover: int = 60, **more: Any) -> Problem:
    partner = agent("b", not_together_with=[{"agent": "a", "handover_minutes": handover}])
    return problem(agents=[agent("a", **more), partner, agent("c")])


MORNING = at_home("a", "Mon 08:00", "Mon 12:00")


def test_the_handover_and_a_slot_less_on_either_side() -> None:
    pair = site()
    assert findings(pair, MORNING, at_home("b", "Mon 13:00", "Mon 16:00"), at_home("b", "Mon 05:00", "Mon 07:00")) == ()
    after = breach(pair, MORNING, at_home("b", "Mon 12:45", "Mon 16:00"))
    assert size(after) == ("not_together", "too_close", 15, "minutes")
    assert (after.agents, when(after)) == (("a", "b"), minutes(pair, "Mon 12:45", "Mon 13:00"))
    before = breach(pair, MORNING, at_home("b", "Mon 05:00", "Mon 07:15"))
    assert size(before) == ("not_together", "too_close", 15, "minutes")


def test_without_a_handover_they_may_touch_but_never_meet() -> None:
    pair = site(handover=0)
    assert findings(pair, MORNING, at_home("b", "Mon 12:00", "Mon 16:00")) == ()
    assert size(breach(pair, MORNING, at_home("b", "Mon 11:45", "Mon 16:00"))) == (
        "not_together",
        "too_close",
        15,
        "minutes",
    )


def test_presence_at_once_is_closer_than_any_handover() -> None:
    assert breach(site(), MORNING, at_home("b", "Mon 11:00", "Mon 16:00")).amount == 120


def test_others_may_meet() -> None:
    assert findings(site(), MORNING, at_home("c", "Mon 08:00", "Mon 12:00")) == ()


def test_where_both_name_each_other_the_longer_handover_counts() -> None:
    pair = site(not_together_with=[{"agent": "b", "handover_minutes": 90}])
    assert findings(pair, MORNING, at_home("b", "Mon 13:30", "Mon 16:00")) == ()
    assert breach(pair, MORNING, at_home("b", "Mon 13:15", "Mon 16:00")).amount == 15


def test_the_handover_over_midnight() -> None:
    pair = site()
    assert breach(pair, at_home("a", "Mon 20:00", "Tue 00:00"), at_home("b", "Tue 00:45", "Tue 04:00")).amount == 15
