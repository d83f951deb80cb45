from __future__ import annotations

import pytest

from solver.checks.room_cap import cap_of
from solver.problem import Problem
from tests.solver.build import agent, breach, desk, duty, facts, findings, minutes, problem, room, size, when

AGENTS = [agent(name) for name in "abcd"]
DESKS = [desk(f"e{number}", 2 * number) for number in range(4)]


def site(area_m2: float = 1000.0, max_persons: int | None = None, per_person_m2: float | None = None) -> Problem:
    return problem(
        rooms=[room("east", DESKS, area_m2=area_m2, max_persons=max_persons), room("west", [desk("w1", 0)])],
        hygiene={"min_area_per_person_m2": per_person_m2},
        agents=AGENTS,
    )


MORNING = [duty(name, "Mon 08:00", "Mon 12:00", desk=f"e{number}") for number, name in enumerate("abcd")]


def test_a_full_room_and_one_person_more() -> None:
    two = site(max_persons=2)
    assert findings(two, *MORNING[:2], duty("c", "Mon 12:00", "Mon 16:00", desk="e2")) == ()
    found = breach(two, *MORNING[:2], duty("c", "Mon 11:45", "Mon 16:00", desk="e2"))
    assert size(found) == ("room_cap", "too_full", 1, "persons")
    assert (found.agents, found.where) == (("a", "b", "c"), ("east",))
    assert when(found) == minutes(two, "Mon 11:45", "Mon 12:00")


def test_the_fullest_moment_gives_the_size() -> None:
    two = site(max_persons=2)
    found = breach(two, *MORNING[:3], duty("d", "Mon 10:00", "Mon 11:00", desk="e3"))
    assert size(found) == ("room_cap", "too_full", 2, "persons")
    assert (facts(found)["persons"], when(found)) == (4, minutes(two, "Mon 08:00", "Mon 12:00"))


def test_breaks_are_presence_and_other_rooms_do_not_count() -> None:
    one = site(max_persons=1)
    assert findings(one, MORNING[0], duty("b", "Mon 08:00", "Mon 12:00", desk="w1")) == ()
    rest = duty("b", "Mon 10:00", "Mon 11:00", desk="e1", breaks=[("Mon 10:00", "Mon 11:00")])
    # A duty that is all break is no shape, but it is presence.
    assert "room_cap" in {finding.rule for finding in findings(one, MORNING[0], rest)}


@pytest.mark.parametrize(
    ("area_m2", "per_person_m2", "cap"),
    [
        (100.0, 10.0, 10),
        (99.99, 10.0, 9),
        (0.3, 0.1, 3),
        (2.1, 0.7, 3),
        (30.0, 10.0, 3),
        (9.9, 10.0, 0),
        (30.0 - 1e-7, 10.0, 2),
    ],
)
def test_the_area_is_divided_and_rounded_down_but_for_a_billionth(
    area_m2: float, per_person_m2: float, cap: int
) -> None:
    """0.3 / 0.1 and 2.1 / 0.7 lie a hair below 3 in binary; they mean 3."""
    east = site(area_m2=area_m2, per_person_m2=per_person_m2)
    assert cap_of(east.rooms[0], east.hygiene) == cap


@pytest.mark.parametrize(("max_persons", "cap"), [(2, 2), (4, 3), (None, 3), (0, 0)])
def test_the_smaller_cap_counts(max_persons: int | None, cap: int) -> None:
    east = site(area_m2=30.0, max_persons=max_persons, per_person_m2=10.0)
    assert cap_of(east.rooms[0], east.hygiene) == cap


def test_ten_square_metres_each() -> None:
    east = site(area_m2=30.0, per_person_m2=10.0)
    assert findings(east, *MORNING[:3]) == ()
    assert size(breach(east, *MORNING)) == ("room_cap", "too_full", 1, "persons")


@pytest.mark.parametrize("per_person_m2", [None, 0.0])
def test_without_a_number_there_is_no_cap(per_person_m2: float | None) -> None:
    assert findings(site(area_m2=0.0, per_person_m2=per_person_m2), *MORNING) == ()
