from __future__ import annotations

from tests.solver.build import at_home, breach, duty, facts, findings, minutes, problem, size, when

SITE = problem(hygiene={"max_arrivals_per_slot": 2})
TWO = [duty("a", "Mon 08:00", "Mon 12:00", desk="e1"), duty("b", "Mon 08:00", "Mon 16:00", desk="e2")]


def test_as_many_as_may_arrive_and_one_more() -> None:
    assert findings(SITE, *TWO, duty("c", "Mon 08:15", "Mon 12:00", desk="e3")) == ()
    found = breach(SITE, *TWO, duty("c", "Mon 08:00", "Mon 10:00", desk="e3"))
    assert size(found) == ("arrivals", "too_many", 1, "duties")
    assert (found.agents, found.where) == (("a", "b", "c"), ("site",))
    assert (when(found), facts(found)["arrivals"]) == (minutes(SITE, "Mon 08:00", "Mon 08:15"), 3)


def test_those_at_home_do_not_arrive() -> None:
    assert findings(SITE, *TWO, at_home("c", "Mon 08:00", "Mon 10:00")) == ()


def test_without_a_number_all_may_arrive_at_once() -> None:
    assert findings(problem(), *TWO, duty("c", "Mon 08:00", "Mon 10:00", desk="e3")) == ()
