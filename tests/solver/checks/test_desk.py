from __future__ import annotations

import pytest

from tests.solver.build import agent, at_home, breach, desk, duty, findings, minutes, problem, room, size, when

DESKS = [desk("plain", 0), desk("quiet", 2, features=["quiet", "adjustable"]), desk("shut", 4, blocked=True)]
SITE = problem(rooms=[room("east", DESKS)], agents=[agent("a"), agent("b", desk_needs=["adjustable"])])
MORNING = ("Mon 08:00", "Mon 12:00")


def test_a_released_desk_that_suits_and_home_without_one() -> None:
    assert findings(SITE, duty("a", *MORNING, desk="plain"), duty("b", *MORNING, desk="quiet")) == ()
    assert findings(SITE, at_home("b", *MORNING)) == ()


def test_no_desk_on_site() -> None:
    found = breach(SITE, duty("a", *MORNING))
    assert size(found) == ("desk", "none", 240, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(SITE, *MORNING))


def test_a_desk_that_is_not_released() -> None:
    found = breach(SITE, duty("a", *MORNING, desk="plain"), released_desks=["quiet"])
    assert size(found) == ("desk", "not_released", 240, "minutes")
    assert found.where == ("plain",)


def test_a_desk_that_is_blocked_even_if_it_is_released() -> None:
    assert size(breach(SITE, duty("a", *MORNING, desk="shut"))) == ("desk", "blocked", 240, "minutes")


@pytest.mark.parametrize("needs", [["adjustable"], ["quiet", "adjustable"]])
def test_a_desk_without_what_is_needed(needs: list[str]) -> None:
    site = problem(rooms=[room("east", DESKS)], agents=[agent("a", desk_needs=needs)])
    assert findings(site, duty("a", *MORNING, desk="quiet")) == ()
    assert size(breach(site, duty("a", *MORNING, desk="plain"))) == ("desk", "lacks_features", 240, "minutes")
