from __future__ import annotations

import pytest

from solver.problem import Problem
from tests.solver.build import agent, at_home, breach, duty, findings, minutes, problem, size, when


def site(rule: str) -> Problem:
    return problem(
        hygiene={"cohort_rule": rule},
        agents=[agent("a", cohort="A"), agent("b", cohort="B"), agent("c"), agent("d", cohort="A")],
    )


MORNING = duty("a", "Mon 08:00", "Mon 12:00", desk="e1")


def test_a_room_that_one_cohort_leaves_when_the_other_comes() -> None:
    rule = site("same_room")
    assert findings(rule, MORNING, duty("b", "Mon 12:00", "Mon 16:00", desk="e2")) == ()
    found = breach(rule, MORNING, duty("b", "Mon 11:45", "Mon 16:00", desk="e2"))
    assert size(found) == ("cohort", "same_room", 15, "minutes")
    assert (found.agents, found.where) == (("a", "b"), ("east",))
    assert when(found) == minutes(rule, "Mon 11:45", "Mon 12:00")


def test_the_site_that_one_cohort_leaves_when_the_other_comes() -> None:
    rule = site("same_site")
    assert findings(rule, MORNING, duty("b", "Mon 12:00", "Mon 16:00", desk="w1")) == ()
    found = breach(rule, MORNING, duty("b", "Mon 11:45", "Mon 16:00", desk="w1"))
    assert size(found) == ("cohort", "same_site", 15, "minutes")
    assert (found.agents, found.where) == (("a", "b"), ("site",))


def test_another_room_is_another_room() -> None:
    assert findings(site("same_room"), MORNING, duty("b", "Mon 08:00", "Mon 12:00", desk="w1")) == ()


def test_a_day_for_one_cohort() -> None:
    rule = site("same_day")
    assert findings(rule, MORNING, duty("b", "Tue 00:00", "Tue 04:00", desk="w1")) == ()
    found = breach(rule, MORNING, duty("b", "Mon 23:45", "Tue 04:00", desk="w1"))
    assert size(found) == ("cohort", "same_day", 1, "persons")
    assert (found.agents, when(found)) == (("a", "b"), minutes(rule, "Mon 00:00", "Tue 00:00"))


def test_presence_after_midnight_is_presence_on_the_new_day() -> None:
    rule = site("same_day")
    tuesday = duty("b", "Tue 20:00", "Tue 23:00", desk="w1")
    assert findings(rule, duty("a", "Mon 20:00", "Tue 00:00", desk="e1"), tuesday) == ()
    found = breach(rule, duty("a", "Mon 20:00", "Tue 00:15", desk="e1"), tuesday)
    assert when(found) == minutes(rule, "Tue 00:00", "Wed 00:00")


@pytest.mark.parametrize("rule", ["same_room", "same_site", "same_day"])
def test_one_cohort_people_without_one_and_people_at_home_are_free(rule: str) -> None:
    together = [duty("c", "Mon 08:00", "Mon 12:00", desk="e2"), duty("d", "Mon 08:00", "Mon 12:00", desk="e3")]
    assert findings(site(rule), MORNING, *together, at_home("b", "Mon 08:00", "Mon 12:00")) == ()


def test_without_the_rule_all_may_meet() -> None:
    assert findings(site("none"), MORNING, duty("b", "Mon 08:00", "Mon 12:00", desk="e2")) == ()


def test_a_day_of_25_hours_is_one_day() -> None:
    autumn = problem(
        horizon={"first_day": "2020-10-25", "days": 2},
        hygiene={"cohort_rule": "same_day"},
        agents=[agent("a", cohort="A"), agent("b", cohort="B")],
    )
    sunday = duty("a", "2020-10-25 00:00", "2020-10-25 01:00", desk="e1")
    found = breach(autumn, sunday, duty("b", "2020-10-25 23:45", "2020-10-26 01:00", desk="e1"))
    assert when(found) == (0, 25 * 60)
