from __future__ import annotations

import pytest

from tests.solver.build import LAW, Json, at_home, breach, facts, findings, minutes, problem, size, when

PAUSES: Json = {name: LAW[name] for name in ("breaks", "min_break_part_minutes", "max_run_minutes")}
SITE = problem(labour=PAUSES)
FIVE_MINUTES: Json = {"slot_minutes": 5}
FINE = problem(labour=PAUSES, horizon=FIVE_MINUTES)


@pytest.mark.parametrize(
    ("end", "breaks"),
    [
        ("Mon 14:00", []),
        ("Mon 14:30", [("Mon 12:00", "Mon 12:30")]),
        ("Mon 17:30", [("Mon 12:00", "Mon 12:30")]),
        ("Mon 17:45", [("Mon 12:00", "Mon 12:30"), ("Mon 15:00", "Mon 15:15")]),
        ("Mon 14:30", [("Mon 10:00", "Mon 10:15"), ("Mon 12:00", "Mon 12:15")]),
        ("Mon 14:30", [("Mon 14:00", "Mon 14:30")]),
    ],
)
def test_breaks_at_the_limit(end: str, breaks: list[tuple[str, str]]) -> None:
    assert findings(SITE, at_home("a", "Mon 08:00", end, *breaks)) == ()


def test_six_hours_need_no_break_and_a_slot_more_needs_one() -> None:
    found = findings(SITE, at_home("a", "Mon 08:00", "Mon 14:15"))
    assert [size(finding) for finding in found] == [
        ("breaks", "pauses_too_short", 30, "minutes"),
        ("breaks", "run_too_long", 15, "minutes"),
    ]
    assert when(found[1]) == minutes(SITE, "Mon 08:00", "Mon 14:15")


def test_a_break_a_slot_too_short() -> None:
    found = breach(SITE, at_home("a", "Mon 08:00", "Mon 14:30", ("Mon 12:00", "Mon 12:15")))
    assert size(found) == ("breaks", "pauses_too_short", 15, "minutes")
    assert when(found) == minutes(SITE, "Mon 00:00", "Tue 00:00")


def test_more_than_nine_hours_need_three_quarters() -> None:
    found = breach(SITE, at_home("a", "Mon 08:00", "Mon 17:45", ("Mon 12:00", "Mon 12:30")))
    assert size(found) == ("breaks", "pauses_too_short", 15, "minutes")
    assert facts(found)["limit_minutes"] == 45


def test_the_order_of_the_break_rules_does_not_matter() -> None:
    site = problem(labour=PAUSES | {"breaks": PAUSES["breaks"][::-1]})
    found = breach(site, at_home("a", "Mon 08:00", "Mon 17:45", ("Mon 12:00", "Mon 12:30")))
    assert facts(found)["limit_minutes"] == 45


def test_a_part_too_short_does_not_count() -> None:
    parts = [("Mon 10:00", "Mon 10:10"), ("Mon 12:00", "Mon 12:20")]
    found = findings(FINE, at_home("a", "Mon 08:00", "Mon 16:30", *parts))
    assert [size(finding) for finding in found] == [
        ("breaks", "pauses_too_short", 10, "minutes"),
        ("breaks", "part_too_short", 5, "minutes"),
    ]
    assert when(found[1]) == minutes(FINE, *parts[0])


def test_a_part_too_short_does_not_end_a_run() -> None:
    """3:00 and 3:05 hours of work around ten minutes that are no break are a run of 6:05."""
    parts = [("Mon 11:00", "Mon 11:10"), ("Mon 14:15", "Mon 14:45")]
    found = findings(FINE, at_home("a", "Mon 08:00", "Mon 16:30", *parts))
    assert [size(finding) for finding in found] == [
        ("breaks", "run_too_long", 5, "minutes"),
        ("breaks", "part_too_short", 5, "minutes"),
    ]
    assert when(found[0]) == minutes(FINE, "Mon 08:00", "Mon 14:15")


@pytest.mark.parametrize(
    ("breaks", "amount", "run"),
    [
        (("Mon 14:15", "Mon 14:45"), 15, ("Mon 08:00", "Mon 14:15")),
        (("Mon 09:45", "Mon 10:15"), 15, ("Mon 10:15", "Mon 16:30")),
    ],
)
def test_a_run_a_slot_too_long(breaks: tuple[str, str], amount: int, run: tuple[str, str]) -> None:
    found = breach(SITE, at_home("a", "Mon 08:00", "Mon 16:30", breaks))
    assert size(found) == ("breaks", "run_too_long", amount, "minutes")
    assert when(found) == minutes(SITE, *run)


def test_a_gap_between_blocks_is_a_pause() -> None:
    first, second = at_home("a", "Mon 08:00", "Mon 13:00"), at_home("a", "Mon 13:30", "Mon 17:30")
    assert findings(SITE, first, second) == ()
    found = breach(SITE, first, at_home("a", "Mon 13:15", "Mon 17:15"))
    assert size(found) == ("breaks", "pauses_too_short", 15, "minutes")


def test_a_gap_shorter_than_a_part_is_no_pause_and_ends_no_run() -> None:
    first = at_home("a", "Mon 08:00", "Mon 11:00")
    assert findings(FINE, first, at_home("a", "Mon 11:10", "Mon 14:10")) == ()
    found = findings(FINE, first, at_home("a", "Mon 11:10", "Mon 14:15"))
    assert [size(finding) for finding in found] == [
        ("breaks", "pauses_too_short", 30, "minutes"),
        ("breaks", "run_too_long", 5, "minutes"),
    ]


def test_a_run_goes_on_over_midnight_into_the_next_workday() -> None:
    evening = at_home("a", "Mon 20:00", "Tue 00:00")
    assert findings(SITE, evening, at_home("a", "Tue 00:00", "Tue 02:00")) == ()
    found = breach(SITE, evening, at_home("a", "Tue 00:00", "Tue 02:15"))
    assert size(found) == ("breaks", "run_too_long", 15, "minutes")
    assert when(found) == minutes(SITE, "Mon 20:00", "Tue 02:15")


def test_pauses_belong_to_the_workday_even_after_midnight() -> None:
    night = at_home("a", "Mon 20:00", "Tue 03:00", ("Tue 01:00", "Tue 01:30"))
    assert findings(SITE, night) == ()


def test_a_break_away_from_the_ends_of_the_duty() -> None:
    site = problem(labour=PAUSES, duties={"break_edge_minutes": 60})
    for pause in (("Mon 09:00", "Mon 09:30"), ("Mon 13:00", "Mon 13:30")):
        assert findings(site, at_home("a", "Mon 08:00", "Mon 14:30", pause)) == ()
    found = breach(site, at_home("a", "Mon 08:00", "Mon 14:30", ("Mon 08:45", "Mon 09:15")))
    assert size(found) == ("breaks", "near_start", 15, "minutes")
    assert when(found) == minutes(site, "Mon 08:45", "Mon 09:15")
    found = breach(site, at_home("a", "Mon 08:00", "Mon 14:30", ("Mon 13:15", "Mon 13:45")))
    assert size(found) == ("breaks", "near_end", 15, "minutes")


def test_pauses_in_the_night_of_the_clock_change_take_elapsed_time() -> None:
    """22:00 to 06:00 on 24 October 2020 lasts nine hours: two more than from 22:00 to 05:00 on another night."""
    autumn = problem(horizon={"first_day": "2020-10-24", "days": 2}, labour=PAUSES)
    shift = ("2020-10-24 22:00", "2020-10-25 06:00")
    early, late = ("2020-10-25 02:00", "2020-10-25 02:30"), ("2020-10-25 03:00", "2020-10-25 03:30")
    assert findings(autumn, at_home("a", *shift, early)) == ()
    assert findings(autumn, at_home("a", *shift, late)) == ()
    found = breach(autumn, at_home("a", *shift, ("2020-10-25 03:15", "2020-10-25 03:45")))
    assert size(found) == ("breaks", "run_too_long", 15, "minutes")
    spring = problem(horizon={"first_day": "2020-03-28", "days": 2}, labour=PAUSES)
    assert findings(spring, at_home("a", "2020-03-28 22:00", "2020-03-29 05:00")) == ()
    assert {finding.detail for finding in findings(spring, at_home("a", "2020-03-28 22:00", "2020-03-29 05:15"))} == {
        "pauses_too_short",
        "run_too_long",
    }
