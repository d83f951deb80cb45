from __future__ import annotations

from typing import Any

from solver.problem import Problem
from tests.solver.build import agent, at_home, breach, facts, findings, minutes, problem, size, when


def site(**limits: Any) -> Problem:
    return problem(
        agents=[agent("a", limits=limits), agent("b")],
        site={"holidays": ["2020-04-03"]},
    )


def test_the_earliest_start_and_latest_end_of_a_person() -> None:
    day = site(earliest_start="08:00", latest_end="20:00")
    assert findings(day, at_home("a", "Mon 08:00", "Mon 20:00"), at_home("b", "Mon 05:00", "Mon 23:00")) == ()
    found = breach(day, at_home("a", "Mon 07:45", "Mon 20:00"))
    assert size(found) == ("agent_limits", "too_early", 15, "minutes")
    found = breach(day, at_home("a", "Mon 08:00", "Mon 20:15"))
    assert size(found) == ("agent_limits", "too_late", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(day, "Mon 20:00", "Mon 20:15"))


def test_a_late_end_of_a_person_past_midnight() -> None:
    night = site(latest_end="25:00")
    assert findings(night, at_home("a", "Mon 20:00", "Tue 01:00")) == ()
    assert size(breach(night, at_home("a", "Mon 20:00", "Tue 01:15"))) == ("agent_limits", "too_late", 15, "minutes")


def test_the_work_of_a_day_is_that_of_all_its_duties() -> None:
    day = site(max_work_minutes_per_day=480)
    morning = at_home("a", "Mon 06:00", "Mon 10:00")
    assert findings(day, morning, at_home("a", "Mon 14:00", "Mon 18:00")) == ()
    found = breach(day, morning, at_home("a", "Mon 14:00", "Mon 18:15"))
    assert size(found) == ("agent_limits", "too_much_work", 15, "minutes")
    assert when(found) == minutes(day, "Mon 00:00", "Tue 00:00")
    # The next day's duties count for the next day.
    assert findings(day, morning, at_home("a", "Mon 14:00", "Mon 18:00"), at_home("a", "Tue 00:00", "Tue 08:00")) == ()


def test_the_free_days_of_a_person() -> None:
    free = site(free_days=["wednesday", "holiday"])
    overnight = at_home("a", "Tue 20:00", "Wed 04:00")
    assert (
        findings(free, overnight, at_home("a", "Thu 00:00", "Thu 04:00"), at_home("b", "Wed 08:00", "Wed 12:00")) == ()
    )
    found = breach(free, at_home("a", "Wed 00:00", "Wed 04:00"))
    assert size(found) == ("agent_limits", "free_day", 1, "duties")
    assert facts(found)["day"] == "wednesday"
    assert facts(breach(free, at_home("a", "Fri 23:45", "Sat 04:00")))["day"] == "holiday"


def test_no_limits_are_no_limits() -> None:
    assert findings(site(), at_home("a", "Fri 00:00", "Sat 00:00")) == ()
