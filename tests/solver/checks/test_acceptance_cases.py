"""Cases with a known verdict under the Arbeitszeitgesetz and the hygiene rules of 2020 and 2021.

The numbers are those of the law's text, the durations were worked out by hand.
"""

from __future__ import annotations

import pytest

from solver.problem import Problem
from tests.solver.build import (
    LAW,
    agent,
    at_home,
    breach,
    desk,
    duty,
    findings,
    problem,
    room,
)

SITE = problem(labour=LAW)


@pytest.mark.parametrize(
    ("end", "breaks", "clauses"),
    [
        pytest.param("14:00", [], [], id="1: six hours without a break"),
        pytest.param("14:15", [], ["pauses_too_short", "run_too_long"], id="2: a quarter more"),
        pytest.param("14:30", [("12:00", "12:30")], [], id="3: six hours with a break"),
        pytest.param("17:30", [("12:00", "12:30")], [], id="4: exactly nine hours need 30 minutes"),
        pytest.param("17:45", [("12:00", "12:30")], ["pauses_too_short"], id="5: 9:15 need 45"),
        pytest.param("17:45", [("12:00", "12:30"), ("15:00", "15:15")], [], id="6: 30 and 15"),
        pytest.param("18:45", [("11:00", "11:30"), ("15:00", "15:15")], [], id="7: ten hours"),
        pytest.param("19:00", [("11:00", "11:30"), ("15:00", "15:15")], ["too_much_work"], id="7: a quarter more"),
        pytest.param("16:30", [("14:15", "14:45")], ["run_too_long"], id="9: 6:15 before the break"),
    ],
)
def test_a_day_of_work_and_breaks(end: str, breaks: list[tuple[str, str]], clauses: list[str]) -> None:
    parts = [(f"Mon {start}", f"Mon {part_end}") for start, part_end in breaks]
    found = findings(SITE, at_home("a", "Mon 08:00", f"Mon {end}", *parts))
    assert [finding.detail for finding in found] == clauses


def test_case_8_ten_minutes_do_not_count() -> None:
    """Ten minutes and twenty make 20: ten are missing of 30 for eight hours of work."""
    fine = problem(labour=LAW, horizon={"slot_minutes": 5})
    parts = [("Mon 10:00", "Mon 10:10"), ("Mon 13:00", "Mon 13:20")]
    found = findings(fine, at_home("a", "Mon 08:00", "Mon 16:30", *parts))
    assert {finding.detail: finding.amount for finding in found} == {"pauses_too_short": 10, "part_too_short": 5}


def test_case_10_eleven_hours_of_rest() -> None:
    late = at_home("a", "Mon 16:00", "Mon 22:00")
    assert findings(SITE, late, at_home("a", "Tue 09:00", "Tue 12:00")) == ()
    assert breach(SITE, late, at_home("a", "Tue 08:45", "Tue 12:00")).rule == "rest"


def test_case_21_the_smaller_of_area_and_seats_that_keep_the_distance() -> None:
    """100 m² at 10 m² each hold ten; but nine desks 1.5 m apart seat nine, and a tenth between is too close."""
    desks = [desk(f"d{number}", 1.5 * (number % 3), 1.5 * (number // 3)) for number in range(9)]
    hall = problem(
        rooms=[room("hall", [*desks, desk("between", 0.75, 0.75)], area_m2=100.0)],
        hygiene={"min_distance_m": 1.5, "min_area_per_person_m2": 10.0},
        agents=[agent(f"a{number}") for number in range(10)],
    )
    seated = [duty(f"a{number}", "Mon 08:00", "Mon 12:00", desk=f"d{number}") for number in range(9)]
    assert findings(hall, *seated) == ()
    tenth = duty("a9", "Mon 08:00", "Mon 12:00", desk="between")
    found = findings(hall, *seated, tenth)
    assert [finding.rule.value for finding in found] == ["distance"] * 4


def test_case_22_cleaning_between_two_users() -> None:
    site = problem(hygiene={"cleaning_gap_minutes": 15})
    first = duty("a", "Mon 08:00", "Mon 14:00", desk="e1")
    assert breach(site, first, duty("b", "Mon 14:00", "Mon 18:00", desk="e1")).rule == "cleaning_gap"
    assert findings(site, first, duty("b", "Mon 14:15", "Mon 18:00", desk="e1")) == ()
    assert findings(site, first, duty("a", "Mon 14:00", "Mon 18:00", desk="e1")) == ()


def test_case_23_a_screen_lifts_the_distance_and_leaves_the_cap() -> None:
    def hall(partitions: list[list[str]]) -> Problem:
        face_to_face = [desk("d1", 0), desk("d2", 0, 1.2)]
        return problem(
            rooms=[room("hall", face_to_face, area_m2=10.0, partitions=partitions)],
            hygiene={"min_distance_m": 1.5, "min_area_per_person_m2": 10.0},
        )

    duties = [duty("a", "Mon 08:00", "Mon 12:00", desk="d1"), duty("b", "Mon 08:00", "Mon 12:00", desk="d2")]
    assert [finding.rule.value for finding in findings(hall([]), *duties)] == ["distance", "room_cap"]
    assert [finding.rule.value for finding in findings(hall([["d1", "d2"]]), *duties)] == ["room_cap"]


@pytest.mark.parametrize(
    ("first_day", "elapsed_minutes"),
    [("2020-03-28", 420), ("2020-10-24", 540), ("2020-06-06", 480)],
)
def test_durations_are_elapsed_time(first_day: str, elapsed_minutes: int) -> None:
    """22:00 to 06:00 lasts seven hours in the night of March and nine in that of October."""
    next_day = f"{first_day[:-2]}{int(first_day[-2:]) + 1:02d}"
    night = at_home("a", f"{first_day} 22:00", f"{next_day} 06:00")
    horizon = {"first_day": first_day, "days": 2}
    assert findings(problem(horizon=horizon, duties={"work_minutes": [elapsed_minutes]}), night) == ()
    assert breach(problem(horizon=horizon, duties={"work_minutes": [elapsed_minutes - 15]}), night).amount == 15
