from __future__ import annotations

from tests.solver.build import at_home, breach, duty, findings, minutes, problem, size, when

SITE = problem(hygiene={"max_persons_on_site": 2})
TWO = [duty("a", "Mon 08:00", "Mon 12:00", desk="e1"), duty("b", "Mon 08:00", "Mon 12:00", desk="w1")]


def test_the_site_full_and_one_person_more() -> None:
    assert findings(SITE, *TWO, duty("c", "Mon 12:00", "Mon 16:00", desk="e2")) == ()
    found = breach(SITE, *TWO, duty("c", "Mon 11:45", "Mon 16:00", desk="e2"))
    assert size(found) == ("site_cap", "too_full", 1, "persons")
    assert (found.agents, found.where) == (("a", "b", "c"), ("site",))
    assert when(found) == minutes(SITE, "Mon 11:45", "Mon 12:00")


def test_those_at_home_do_not_count() -> None:
    assert findings(SITE, *TWO, at_home("c", "Mon 08:00", "Mon 12:00")) == ()


def test_two_stretches_are_two_findings() -> None:
    found = findings(
        SITE, *TWO, duty("c", "Mon 08:00", "Mon 09:00", desk="e2"), duty("c", "Mon 10:00", "Mon 11:00", desk="e2")
    )
    assert [when(finding) for finding in found] == [
        minutes(SITE, "Mon 08:00", "Mon 09:00"),
        minutes(SITE, "Mon 10:00", "Mon 11:00"),
    ]


def test_nobody_may_come() -> None:
    closed = problem(hygiene={"max_persons_on_site": 0})
    assert size(breach(closed, TWO[0])) == ("site_cap", "too_full", 1, "persons")
