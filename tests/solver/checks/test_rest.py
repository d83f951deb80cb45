from __future__ import annotations

import pytest

from tests.solver.build import Json, agent, at_home, breach, facts, findings, minutes, problem, size, when

ELEVEN_HOURS: Json = {"min_rest_minutes": 660}
SITE = problem(labour=ELEVEN_HOURS)


def test_eleven_hours_and_a_slot_less() -> None:
    late = at_home("a", "Mon 14:00", "Mon 22:00")
    assert findings(SITE, late, at_home("a", "Tue 09:00", "Tue 12:00")) == ()
    found = breach(SITE, late, at_home("a", "Tue 08:45", "Tue 12:00"))
    assert size(found) == ("rest", "too_short", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(SITE, "Tue 08:45", "Tue 09:00"))
    assert facts(found)["rest_minutes"] == 645


def test_other_people_and_blocks_of_one_workday_need_no_rest_between() -> None:
    blocks = [at_home("a", "Mon 06:00", "Mon 10:00"), at_home("a", "Mon 11:00", "Mon 15:00")]
    assert findings(SITE, *blocks, at_home("b", "Tue 00:00", "Tue 04:00")) == ()


def test_rest_counts_from_the_last_end_to_the_first_start() -> None:
    monday = [at_home("a", "Mon 08:00", "Mon 12:00"), at_home("a", "Mon 18:00", "Mon 22:15")]
    tuesday = [at_home("a", "Tue 14:00", "Tue 16:00"), at_home("a", "Tue 09:00", "Tue 12:00")]
    assert size(breach(SITE, *monday, *tuesday)) == ("rest", "too_short", 15, "minutes")


def test_rest_after_an_overnight_duty_and_over_a_free_day() -> None:
    night = at_home("a", "Mon 20:00", "Tue 04:00")
    assert findings(SITE, night, at_home("a", "Tue 15:00", "Tue 18:00")) == ()
    assert breach(SITE, night, at_home("a", "Tue 14:45", "Tue 18:00")).amount == 15
    long_night = at_home("a", "Mon 20:00", "Tue 16:00")
    assert breach(SITE, long_night, at_home("a", "Wed 02:45", "Wed 06:00")).amount == 15


@pytest.mark.parametrize(
    ("last_end", "amount"),
    [("2020-03-29T20:00:00+02:00", 0), ("2020-03-29T20:01:00+02:00", 1), ("2020-03-29T20:00:01+02:00", 1)],
)
def test_rest_after_the_week_before(last_end: str, amount: int) -> None:
    """``last_end`` may lie anywhere, also off the slots; a second too late is too late."""
    site = problem(labour=ELEVEN_HOURS, agents=[agent("a", history={"last_end": last_end})])
    found = findings(site, at_home("a", "Mon 07:00", "Mon 12:00"), at_home("a", "Tue 07:00", "Tue 12:00"))
    assert [finding.amount for finding in found] == [amount] * bool(amount)


def test_the_clock_change_takes_or_gives_an_hour_of_rest() -> None:
    """From 22:00 to 09:00 there are ten hours in March and twelve in October."""
    spring = problem(horizon={"first_day": "2020-03-28", "days": 2}, labour=ELEVEN_HOURS)
    late = at_home("a", "2020-03-28 14:00", "2020-03-28 22:00")
    assert findings(spring, late, at_home("a", "2020-03-29 10:00", "2020-03-29 12:00")) == ()
    assert breach(spring, late, at_home("a", "2020-03-29 09:45", "2020-03-29 12:00")).amount == 15
    autumn = problem(horizon={"first_day": "2020-10-24", "days": 2}, labour=ELEVEN_HOURS)
    late = at_home("a", "2020-10-24 14:00", "2020-10-24 22:00")
    assert findings(autumn, late, at_home("a", "2020-10-25 08:00", "2020-10-25 12:00")) == ()
    assert breach(autumn, late, at_home("a", "2020-10-25 07:45", "2020-10-25 12:00")).amount == 15
