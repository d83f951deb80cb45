from __future__ import annotations

from solver.problem import Problem
from tests.solver.build import agent, at_home, breach, facts, findings, minutes, problem, size, when


def site(days: int = 14, **more: object) -> Problem:
    own = {"weekly_minutes": {"min": 0, "max": 480}, "max_workdays": 2} | more
    return problem(horizon={"days": days}, agents=[agent("a", **own), agent("b")])


def test_the_contract_and_a_slot_more() -> None:
    week = site()
    monday = at_home("a", "Mon 08:00", "Mon 12:00")
    assert findings(week, monday, at_home("a", "Sun 20:00", "Mon+1 00:00")) == ()
    found = breach(week, monday, at_home("a", "Sun 19:45", "Mon+1 00:00"))
    assert size(found) == ("weekly_work", "too_much_work", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(week, "Mon 00:00", "Mon+1 00:00"))
    assert facts(found)["limit_minutes"] == 480


def test_breaks_are_no_work_and_an_overnight_duty_belongs_to_its_first_day() -> None:
    week = site()
    night = at_home("a", "Sun 20:00", "Mon+1 04:30", ("Mon+1 01:00", "Mon+1 01:30"))
    assert findings(week, night, at_home("a", "Mon+1 12:00", "Mon+1 20:00")) == ()


def test_one_workday_more_than_agreed() -> None:
    week = site()
    days = [at_home("a", f"{day} 08:00", f"{day} 09:00") for day in ("Mon", "Wed", "Fri")]
    assert findings(week, *days[:2], at_home("a", "Mon 10:00", "Mon 11:00")) == ()
    found = breach(week, *days)
    assert size(found) == ("weekly_work", "too_many_workdays", 1, "days")
    assert facts(found)["workdays"] == 3


def test_runs_of_seven_days_count_from_the_first_day_whatever_weekday_it_is() -> None:
    """From Thursday to Wednesday; the last run has only three days and the same limits."""
    thursday = problem(
        horizon={"first_day": "2020-04-02", "days": 10},
        agents=[agent("a", weekly_minutes={"min": 0, "max": 480})],
    )
    wednesday, next_thursday = at_home("a", "Wed+1 08:00", "Wed+1 16:00"), at_home("a", "Thu+1 08:00", "Thu+1 16:00")
    assert findings(thursday, wednesday, next_thursday) == ()
    found = breach(thursday, wednesday, next_thursday, at_home("a", "Sat+1 08:00", "Sat+1 08:15"))
    assert size(found) == ("weekly_work", "too_much_work", 15, "minutes")
    assert when(found) == minutes(thursday, "Thu+1 00:00", "Sun+1 00:00")


def test_a_least_above_the_most_is_no_breach() -> None:
    assert findings(site(weekly_minutes={"min": 2000, "max": 480}), at_home("a", "Mon 08:00", "Mon 16:00")) == ()
