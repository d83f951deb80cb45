from __future__ import annotations

import pytest

from tests.solver.build import Json, agent, at_home, breach, facts, findings, minutes, problem, size, span, when

SHAPES: Json = {
    "earliest_start": "06:00",
    "latest_end": "22:00",
    "start_step_minutes": 30,
    "work_minutes": [240, 480],
    "max_break_minutes": 60,
}
SITE = problem(duties=SHAPES)


@pytest.mark.parametrize(
    ("start", "end"), [("Mon 06:00", "Mon 10:00"), ("Mon 18:00", "Mon 22:00"), ("Sun 18:00", "Sun 22:00")]
)
def test_the_first_and_the_last_moment_are_allowed(start: str, end: str) -> None:
    assert findings(SITE, at_home("a", start, end)) == ()


def test_a_start_before_the_earliest() -> None:
    early = problem(duties=SHAPES | {"start_step_minutes": 15})
    found = breach(early, at_home("a", "Mon 05:45", "Mon 09:45"))
    assert size(found) == ("duty_shape", "too_early", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(early, "Mon 05:45", "Mon 06:00"))


def test_an_end_after_the_latest() -> None:
    late = problem(duties=SHAPES | {"start_step_minutes": 15})
    found = breach(late, at_home("a", "Mon 18:15", "Mon 22:15"))
    assert size(found) == ("duty_shape", "too_late", 15, "minutes")
    assert when(found) == minutes(late, "Mon 22:00", "Mon 22:15")


def test_a_latest_end_past_midnight_belongs_to_the_day_of_the_start() -> None:
    night = problem(duties=SHAPES | {"latest_end": "30:00", "start_step_minutes": 15})
    assert findings(night, at_home("a", "Mon 22:00", "Tue 06:00")) == ()
    found = breach(night, at_home("a", "Mon 22:15", "Tue 06:15"))
    assert size(found) == ("duty_shape", "too_late", 15, "minutes")
    # The same hours on the morning's own day are before its earliest start.
    found = breach(night, at_home("a", "Tue 02:00", "Tue 06:00"))
    assert size(found) == ("duty_shape", "too_early", 240, "minutes")


def test_a_start_off_the_step() -> None:
    found = breach(SITE, at_home("a", "Mon 08:15", "Mon 12:15"))
    assert size(found) == ("duty_shape", "start_off_step", 15, "minutes")


@pytest.mark.parametrize(
    ("end", "amount", "nearest"), [("Mon 12:15", 15, 240), ("Mon 11:45", 15, 240), ("Mon 15:45", 15, 480)]
)
def test_work_of_another_length(end: str, amount: int, nearest: int) -> None:
    found = breach(SITE, at_home("a", "Mon 08:00", end))
    assert size(found) == ("duty_shape", "work_not_allowed", amount, "minutes")
    assert facts(found)["nearest_minutes"] == nearest


def test_work_is_presence_less_breaks() -> None:
    assert findings(SITE, at_home("a", "Mon 08:00", "Mon 17:00", ("Mon 12:00", "Mon 13:00"))) == ()
    found = breach(SITE, at_home("a", "Mon 08:00", "Mon 17:00", ("Mon 12:00", "Mon 12:45")))
    assert size(found) == ("duty_shape", "work_not_allowed", 15, "minutes")


def test_breaks_together_too_long() -> None:
    duty = at_home("a", "Mon 08:00", "Mon 17:15", ("Mon 10:00", "Mon 10:15"), ("Mon 12:00", "Mon 13:00"))
    assert size(breach(SITE, duty)) == ("duty_shape", "breaks_too_long", 15, "minutes")


def test_fixed_duties_are_exempt_and_only_they() -> None:
    odd = span("Mon 05:15", "Mon 23:00", place="home", breaks=[])
    site = problem(duties=SHAPES, agents=[agent("a", fixed=[odd]), agent("b")])
    assert findings(site, at_home("a", "Mon 05:15", "Mon 23:00")) == ()
    found = findings(site, at_home("a", "Mon 05:15", "Mon 23:00"), at_home("b", "Mon 05:15", "Mon 23:00"))
    assert {(finding.agents, finding.detail) for finding in found} == {
        (("b",), detail) for detail in ("too_early", "too_late", "start_off_step", "work_not_allowed")
    }


def test_the_day_on_which_the_clock_goes_forward() -> None:
    """On 29 March 2020 the clock goes from 02:00 to 03:00: 22:00 is 21 hours after midnight, and 02:30 is 03:30."""
    spring: Json = {"first_day": "2020-03-29", "days": 1}
    site = problem(horizon=spring, duties=SHAPES)
    assert findings(site, at_home("a", "2020-03-29 18:00", "2020-03-29 22:00")) == ()
    site = problem(horizon=spring, duties=SHAPES | {"earliest_start": "02:30"})
    assert findings(site, at_home("a", "2020-03-29 03:30", "2020-03-29 07:30")) == ()
    found = breach(site, at_home("a", "2020-03-29 03:00", "2020-03-29 07:00"))
    assert size(found) == ("duty_shape", "too_early", 30, "minutes")


def test_the_day_on_which_the_clock_goes_back() -> None:
    """On 25 October 2020 the hour from 02:00 comes twice; 02:30 is the first, and steps follow the clock."""
    autumn: Json = {"first_day": "2020-10-25", "days": 1}
    site = problem(horizon=autumn, duties=SHAPES | {"earliest_start": "02:30"})
    assert findings(site, at_home("a", "2020-10-25 02:30", "2020-10-25 05:30")) == ()
    found = breach(site, at_home("a", "2020-10-25 02:00", "2020-10-25 05:00"))
    assert size(found) == ("duty_shape", "too_early", 30, "minutes")
    assert findings(site, at_home("a", "2020-10-25 02:00 again", "2020-10-25 06:00")) == ()
