from __future__ import annotations

import pytest

from solver.problem import Problem
from tests.solver.build import Json, agent, at, at_home, breach, findings, minutes, problem, size, span, when


def site(*windows: Json) -> Problem:
    return problem(agents=[agent("a", availability=list(windows)), agent("b")])


BLOCKED = span("Mon 08:00", "Mon 12:00", kind="blocked")


def test_presence_may_touch_a_blocked_window() -> None:
    duties = [at_home("a", "Mon 06:00", "Mon 08:00"), at_home("a", "Mon 12:00", "Mon 14:00")]
    assert findings(site(BLOCKED), *duties, at_home("b", "Mon 08:00", "Mon 12:00")) == ()


@pytest.mark.parametrize(
    ("duty", "window"),
    [
        (("Mon 06:00", "Mon 08:15"), ("Mon 08:00", "Mon 08:15")),
        (("Mon 11:45", "Mon 14:00"), ("Mon 11:45", "Mon 12:00")),
    ],
)
def test_a_slot_in_a_blocked_window(duty: tuple[str, str], window: tuple[str, str]) -> None:
    blocked = site(BLOCKED)
    found = breach(blocked, at_home("a", *duty))
    assert size(found) == ("availability", "blocked", 15, "minutes")
    assert (found.agents, when(found)) == (("a",), minutes(blocked, *window))


def test_a_break_in_a_blocked_window_is_presence_too() -> None:
    found = breach(site(BLOCKED), at_home("a", "Mon 06:00", "Mon 09:00", ("Mon 08:00", "Mon 08:30")))
    assert size(found) == ("availability", "blocked", 60, "minutes")


def test_windows_that_overlap_block_a_minute_once() -> None:
    found = breach(
        site(BLOCKED, span("Mon 10:00", "Mon 13:00", kind="blocked")), at_home("a", "Mon 07:00", "Mon 14:00")
    )
    assert size(found) == ("availability", "blocked", 300, "minutes")


def test_wishes_block_nothing() -> None:
    wishes = [span("Mon 08:00", "Mon 12:00", kind=kind) for kind in ("undesired", "preferred")]
    assert findings(site(*wishes), at_home("a", "Mon 08:00", "Mon 12:00")) == ()


def test_a_window_that_reaches_in_from_before_and_out_after_the_horizon() -> None:
    around = {"start": at("Mon 00:00").replace("2020", "2019"), "end": at("Mon+1 08:00"), "kind": "blocked"}
    found = breach(site(around), at_home("a", "Sun 23:45", "Sun 24:00"))
    assert size(found) == ("availability", "blocked", 15, "minutes")
    first = breach(site(around), at_home("a", "Mon 00:00", "Mon 00:15"))
    assert when(first) == (0, 15)
