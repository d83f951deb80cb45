from __future__ import annotations

from tests.solver.build import breach, duty, findings, minutes, problem, size, when

SITE = problem(hygiene={"cleaning_gap_minutes": 15})
FIRST = duty("a", "Mon 08:00", "Mon 14:00", desk="e1")


def test_the_gap_and_a_slot_less() -> None:
    """Acceptance case 22: until 14:00 and from 14:00 is a breach, from 14:15 it is kept."""
    assert findings(SITE, FIRST, duty("b", "Mon 14:15", "Mon 18:00", desk="e1")) == ()
    found = breach(SITE, FIRST, duty("b", "Mon 14:00", "Mon 18:00", desk="e1"))
    assert size(found) == ("cleaning_gap", "too_short", 15, "minutes")
    assert (found.agents, found.where) == (("a", "b"), ("e1",))
    assert when(found) == minutes(SITE, "Mon 14:00", "Mon 14:15")


def test_the_same_person_again_at_once() -> None:
    """Acceptance case 22: the same person again from 14:00 is kept."""
    assert findings(SITE, FIRST, duty("a", "Mon 14:00", "Mon 18:00", desk="e1")) == ()


def test_the_same_person_again_within_the_gap() -> None:
    hour = problem(hygiene={"cleaning_gap_minutes": 60})
    assert findings(hour, FIRST, duty("a", "Mon 14:15", "Mon 18:00", desk="e1")) == ()


def test_at_another_desk_at_once() -> None:
    assert findings(SITE, FIRST, duty("b", "Mon 08:00", "Mon 14:00", desk="e2")) == ()


def test_two_persons_at_once_even_without_a_gap() -> None:
    free = problem()
    assert findings(free, FIRST, duty("b", "Mon 14:00", "Mon 18:00", desk="e1")) == ()
    assert size(breach(free, FIRST, duty("b", "Mon 13:45", "Mon 18:00", desk="e1"))) == (
        "cleaning_gap",
        "too_short",
        15,
        "minutes",
    )


def test_each_pair_that_meets_is_named() -> None:
    long_day = duty("a", "Mon 08:00", "Mon 18:00", desk="e1")
    found = findings(
        SITE, long_day, duty("b", "Mon 09:00", "Mon 10:00", desk="e1"), duty("c", "Mon 11:00", "Mon 12:00", desk="e1")
    )
    assert [(finding.agents, finding.amount) for finding in found] == [(("a", "b"), 75), (("a", "c"), 75)]


def test_from_the_evening_into_the_next_morning() -> None:
    night = duty("a", "Mon 20:00", "Tue 00:00", desk="e1")
    assert breach(SITE, night, duty("b", "Tue 00:00", "Tue 04:00", desk="e1")).amount == 15
