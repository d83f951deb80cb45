from __future__ import annotations

from solver.problem import Problem
from tests.solver.build import at_home, breach, facts, findings, minutes, problem, size, when


def site(*free_days: str) -> Problem:
    return problem(labour={"free_days": list(free_days)}, site={"holidays": ["2020-04-01", "2020-04-05", "2020-12-25"]})


def test_a_duty_that_starts_before_a_free_day_may_end_on_it() -> None:
    sunday = site("sunday")
    assert findings(sunday, at_home("a", "Sat 23:45", "Sun 08:00"), at_home("a", "Mon 00:00", "Mon 08:00")) == ()


def test_the_first_and_the_last_slot_of_a_sunday() -> None:
    sunday = site("sunday")
    found = breach(sunday, at_home("a", "Sun 00:00", "Sun 08:00"))
    assert size(found) == ("free_days", "free_day", 1, "duties")
    assert (found.agents, when(found), facts(found)["day"]) == (
        ("a",),
        minutes(sunday, "Sun 00:00", "Sun 08:00"),
        "sunday",
    )
    assert breach(sunday, at_home("a", "Sun 23:45", "Sun 24:00")).rule == "free_days"


def test_holidays_are_free_only_where_the_rule_says_so() -> None:
    wednesday = at_home("a", "Wed 08:00", "Wed 12:00")
    assert findings(site("sunday"), wednesday) == ()
    assert facts(breach(site("holiday"), wednesday))["day"] == "holiday"


def test_a_holiday_on_a_sunday_is_one_breach() -> None:
    assert breach(site("sunday", "holiday"), at_home("a", "Sun 08:00", "Sun 12:00")).amount == 1
