from __future__ import annotations

import pytest

from tests.solver.build import WEEKDAYS, Json, agent, at_home, breach, findings, minutes, problem, size, when

SIX_DAYS: Json = {"max_consecutive_workdays": 6}
WEEK = [at_home("a", f"{day} 08:00", f"{day} 12:00") for day in WEEKDAYS]


def test_six_days_in_a_row_and_a_seventh() -> None:
    site = problem(labour=SIX_DAYS)
    assert findings(site, *WEEK[:6]) == ()
    assert findings(site, *WEEK[1:]) == ()
    found = breach(site, *WEEK)
    assert size(found) == ("consecutive_days", "too_many", 1, "days")
    assert (found.agents, when(found)) == (("a",), minutes(site, "Mon 00:00", "Mon+1 00:00"))


def test_a_day_between_ends_the_row_and_night_work_fills_no_second_day() -> None:
    site = problem(labour=SIX_DAYS, horizon={"days": 14})
    night = at_home("a", "Sun 20:00", "Mon+1 04:00")
    second_week = [at_home("a", f"{day}+1 08:00", f"{day}+1 12:00") for day in WEEKDAYS[1:]]
    assert findings(site, *WEEK[1:6], night, *second_week) == ()


@pytest.mark.parametrize(("before", "days", "amount"), [(1, 5, 0), (2, 5, 1), (6, 1, 1), (6, 0, 0), (9, 0, 0)])
def test_the_days_before_the_horizon_count(before: int, days: int, amount: int) -> None:
    site = problem(labour=SIX_DAYS, agents=[agent("a", history={"consecutive_workdays": before})])
    found = findings(site, *WEEK[:days])
    assert [(finding.rule.value, finding.amount) for finding in found] == [("consecutive_days", amount)] * bool(amount)


def test_a_free_first_day_forgets_the_days_before() -> None:
    site = problem(labour=SIX_DAYS, agents=[agent("a", history={"consecutive_workdays": 6})])
    assert findings(site, *WEEK[1:]) == ()
