from __future__ import annotations

from typing import Any

import pytest

from solver.problem import Problem
from tests.solver.build import Json, breach, desk, findings, problem, room, size


def site(*desks: Json, least: float = 1.5, **more: Any) -> Problem:
    return problem(
        rooms=[room("east", desks, **more), room("west", [desk("w1", 0.1)])], hygiene={"min_distance_m": least}
    )


@pytest.mark.parametrize(
    ("x_m", "y_m"),
    [(1.5, 0.0), (0.0, 1.5), (0.9, 1.2), (-0.9, -1.2), (1.5 - 1e-10, 0.0)],
)
def test_desks_just_far_enough(x_m: float, y_m: float) -> None:
    """0.9, 1.2 and 1.5 are three sides of a right triangle."""
    assert findings(site(desk("e1", 0), desk("e2", x_m, y_m)), released_desks=["e1", "e2", "w1"]) == ()


@pytest.mark.parametrize(("x_m", "y_m"), [(1.49, 0.0), (0.0, -1.49), (0.894, 1.192)])
def test_desks_a_centimetre_too_close(x_m: float, y_m: float) -> None:
    found = breach(site(desk("e2", 0), desk("e1", x_m, y_m)), released_desks=["e1", "e2"])
    assert (found.rule, found.detail, found.unit) == ("distance", "too_close", "metres")
    assert found.amount == pytest.approx(0.01)
    assert (found.where, found.agents, found.start_minute) == (("east", "e1", "e2"), (), None)


def test_a_billionth_of_a_metre_is_forgiven_and_no_more() -> None:
    assert findings(site(desk("e1", 0), desk("e2", 1.5 - 0.9e-9)), released_desks=["e1", "e2"]) == ()
    assert breach(site(desk("e1", 0), desk("e2", 1.5 - 1.1e-9)), released_desks=["e1", "e2"]).rule == "distance"


def test_only_released_desks_and_desks_of_one_room_count() -> None:
    close = site(desk("e1", 0), desk("e2", 0.5))
    assert findings(close, released_desks=["e1", "w1"]) == ()


def test_a_screen_lets_its_two_desks_be_closer_and_no_others() -> None:
    """Acceptance case 23: a screen between two seats face to face takes away their distance, nothing else."""
    desks = [desk("e1", 0), desk("e2", 1.0), desk("e3", 2.0)]
    screened = site(*desks, partitions=[["e2", "e1"]])
    assert findings(screened, released_desks=["e1", "e2"]) == ()
    assert breach(screened, released_desks=["e1", "e2", "e3"]).where == ("east", "e2", "e3")


def test_every_pair_is_named_also_where_one_lies_between_along_the_wall() -> None:
    desks = [desk("e1", 0.0, 0.0), desk("e2", 0.5, 9.0), desk("e3", 1.0, 0.0)]
    assert breach(site(*desks), released_desks=["e1", "e2", "e3"]).where == ("east", "e1", "e3")


def test_size_of_a_breach() -> None:
    assert size(breach(site(desk("e1", 0), desk("e2", 1)), released_desks=["e1", "e2"])) == (
        "distance",
        "too_close",
        0.5,
        "metres",
    )


def test_without_a_distance_desks_may_stand_anywhere() -> None:
    anywhere = problem(rooms=[room("east", [desk("e1", 0), desk("e2", 0.1)])])
    assert findings(anywhere, released_desks=["e1", "e2"]) == ()
