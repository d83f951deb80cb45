from __future__ import annotations

import pytest

from tests.solver.build import agent, at_home, breach, duty, findings, minutes, problem, size, when


@pytest.mark.parametrize("home", ["allowed", "preferred", "only"])
def test_home_where_it_is_cleared(home: str) -> None:
    assert findings(problem(agents=[agent("a", home=home)]), at_home("a", "Mon 08:00", "Mon 12:00")) == ()


@pytest.mark.parametrize("home", ["allowed", "preferred", "none"])
def test_the_site_for_all_who_may_come(home: str) -> None:
    assert findings(problem(agents=[agent("a", home=home)]), duty("a", "Mon 08:00", "Mon 12:00", desk="e1")) == ()


def test_home_without_clearance() -> None:
    site = problem(agents=[agent("a", home="none")])
    found = breach(site, at_home("a", "Mon 08:00", "Mon 08:15"))
    assert size(found) == ("place", "not_at_home", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(site, "Mon 08:00", "Mon 08:15"))


def test_the_site_for_somebody_who_must_not_come() -> None:
    site = problem(agents=[agent("a", home="only")])
    found = breach(site, duty("a", "Mon 08:00", "Mon 08:15", desk="e1"))
    assert size(found) == ("place", "not_on_site", 15, "minutes")


def test_a_queue_that_may_not_be_served_at_home() -> None:
    site = problem(
        queues=[{"id": "mobile"}, {"id": "dsl", "home_allowed": False}],
        agents=[agent("a", queues=["mobile", "dsl"])],
    )
    served = [("mobile", "Mon 08:00", "Mon 10:00"), ("dsl", "Mon 10:00", "Mon 10:15")]
    assert findings(site, duty("a", "Mon 08:00", "Mon 12:00", serves=served, desk="e1")) == ()
    assert findings(site, duty("a", "Mon 08:00", "Mon 12:00", serves=served[:1], home=True)) == ()
    found = breach(site, duty("a", "Mon 08:00", "Mon 12:00", serves=served, home=True))
    assert size(found) == ("place", "queue_not_at_home", 15, "minutes")
    assert (found.where, when(found)) == (("dsl",), minutes(site, "Mon 10:00", "Mon 10:15"))
