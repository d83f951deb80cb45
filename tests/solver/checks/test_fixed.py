from __future__ import annotations

from typing import Any

import pytest

from solver.problem import Problem
from tests.solver.build import Json, agent, at_home, breach, duty, findings, minutes, problem, size, span, when


def site(**more: Any) -> Problem:
    return problem(agents=[agent("a", fixed=[span("Wed 09:00", "Wed 13:00", **{"place": "site"} | more)]), agent("b")])


def on_site(start: str = "Wed 09:00", end: str = "Wed 13:00", desk: str = "e1", breaks: Any = ()) -> Json:
    return duty("a", start, end, desk=desk, breaks=breaks)


def test_a_fixed_duty_as_it_was_given() -> None:
    assert findings(site(), on_site()) == ()
    assert findings(site(), on_site(breaks=[("Wed 11:00", "Wed 11:15")])) == ()


@pytest.mark.parametrize(
    "duties",
    [
        [],
        [on_site(start="Wed 09:15")],
        [on_site(end="Wed 12:45")],
        [at_home("a", "Wed 09:00", "Wed 13:00")],
        [duty("b", "Wed 09:00", "Wed 13:00", desk="e1")],
    ],
)
def test_a_fixed_duty_that_is_not_there(duties: list[Json]) -> None:
    fixed = site()
    found = breach(fixed, *duties)
    assert size(found) == ("fixed", "missing", 240, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(fixed, "Wed 09:00", "Wed 13:00"))


def test_breaks_that_were_fixed() -> None:
    fixed = site(breaks=[span("Wed 11:00", "Wed 11:30")])
    assert findings(fixed, on_site(breaks=[("Wed 11:00", "Wed 11:30")])) == ()
    found = breach(fixed, on_site(breaks=[("Wed 11:00", "Wed 11:15")]))
    assert size(found) == ("fixed", "other_breaks", 15, "minutes")
    found = breach(fixed, on_site(breaks=[("Wed 11:15", "Wed 11:45")]))
    assert size(found) == ("fixed", "other_breaks", 30, "minutes")


def test_an_empty_list_of_breaks_means_none() -> None:
    assert findings(site(breaks=[]), on_site()) == ()
    found = breach(site(breaks=[]), on_site(breaks=[("Wed 11:00", "Wed 11:15")]))
    assert size(found) == ("fixed", "other_breaks", 15, "minutes")


def test_a_desk_that_was_fixed() -> None:
    assert findings(site(desk="e1"), on_site()) == ()
    found = breach(site(desk="e1"), on_site(desk="e2"))
    assert size(found) == ("fixed", "other_desk", 240, "minutes")
    assert found.where == ("e1",)
