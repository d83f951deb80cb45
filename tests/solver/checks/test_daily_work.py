from __future__ import annotations

from tests.solver.build import LAW, at_home, breach, facts, findings, minutes, problem, size, when

SITE = problem(labour={"max_work_minutes_per_day": LAW["max_work_minutes_per_day"]})


def test_ten_hours_of_work_and_a_slot_more() -> None:
    pause = ("Mon 12:00", "Mon 12:45")
    assert findings(SITE, at_home("a", "Mon 08:00", "Mon 18:45", pause)) == ()
    found = breach(SITE, at_home("a", "Mon 08:00", "Mon 19:00", pause))
    assert size(found) == ("daily_work", "too_much_work", 15, "minutes")
    assert (facts(found)["work_minutes"], when(found)) == (615, minutes(SITE, "Mon 00:00", "Tue 00:00"))


def test_the_blocks_of_a_day_add_up_and_midnight_parts_days() -> None:
    evening, morning = at_home("a", "Mon 20:00", "Tue 04:00"), at_home("a", "Mon 10:00", "Mon 12:00")
    assert findings(SITE, morning, evening, at_home("a", "Tue 10:00", "Tue 20:00")) == ()
    assert size(breach(SITE, at_home("a", "Mon 09:45", "Mon 12:00"), evening)) == (
        "daily_work",
        "too_much_work",
        15,
        "minutes",
    )


def test_the_night_of_a_clock_change_lasts_as_long_as_it_lasts() -> None:
    """22:00 to 08:00 is 9 hours in March and 11 in October."""
    spring = problem(horizon={"first_day": "2020-03-28", "days": 2}, labour={"max_work_minutes_per_day": 540})
    assert findings(spring, at_home("a", "2020-03-28 22:00", "2020-03-29 08:00")) == ()
    assert breach(spring, at_home("a", "2020-03-28 22:00", "2020-03-29 08:15")).amount == 15
    autumn = problem(horizon={"first_day": "2020-10-24", "days": 2}, labour={"max_work_minutes_per_day": 660})
    assert findings(autumn, at_home("a", "2020-10-24 22:00", "2020-10-25 08:00")) == ()
    assert breach(autumn, at_home("a", "2020-10-24 22:00", "2020-10-25 08:15")).amount == 15
