from __future__ import annotations

from tests.solver.build import agent, at_home, breach, facts, findings, minutes, problem, size, when

SITE = problem(agents=[agent("a", max_blocks_per_day=2), agent("b", max_blocks_per_day=1)])


def test_duties_may_touch() -> None:
    assert findings(SITE, at_home("a", "Mon 08:00", "Mon 12:00"), at_home("a", "Mon 12:00", "Mon 16:00")) == ()


def test_a_slot_in_two_duties() -> None:
    found = breach(SITE, at_home("a", "Mon 11:45", "Mon 16:00"), at_home("a", "Mon 08:00", "Mon 12:00"))
    assert size(found) == ("overlap", "at_once", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(SITE, "Mon 11:45", "Mon 12:00"))


def test_an_overnight_duty_into_the_next_days_duty() -> None:
    """Where no rest is asked for it still must not be negative, so the rule of rest is broken as well."""
    found = findings(SITE, at_home("b", "Mon 20:00", "Tue 06:15"), at_home("b", "Tue 06:00", "Tue 10:00"))
    assert [size(finding) for finding in found] == [
        ("overlap", "at_once", 15, "minutes"),
        ("rest", "too_short", 15, "minutes"),
    ]


def test_one_block_more_than_agreed() -> None:
    blocks = [at_home("a", f"Mon {hour:02d}:00", f"Mon {hour + 2:02d}:00") for hour in (8, 12, 16)]
    assert findings(SITE, *blocks[:2]) == ()
    found = breach(SITE, *blocks)
    assert size(found) == ("overlap", "too_many_blocks", 1, "duties")
    assert (facts(found)["blocks"], when(found)) == (3, minutes(SITE, "Mon 00:00", "Tue 00:00"))


def test_blocks_belong_to_the_day_they_start_on() -> None:
    assert findings(SITE, at_home("b", "Mon 20:00", "Tue 02:00"), at_home("b", "Tue 23:45", "Wed 02:00")) == ()
    found = breach(SITE, at_home("b", "Tue 00:00", "Tue 02:00"), at_home("b", "Tue 23:45", "Wed 02:00"))
    assert size(found) == ("overlap", "too_many_blocks", 1, "duties")
