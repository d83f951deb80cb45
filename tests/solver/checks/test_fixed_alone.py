from __future__ import annotations

from typing import Any

import pytest

from solver.faults import UnusableInputError
from solver.reading import parse_problem
from tests.solver.build import LAW, Json, agent, desk, problem, problem_json, room, size, span


def refused(*agents: Json, **more: Any) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        parse_problem(problem_json(agents=list(agents), **more))
    return caught.value


def home(start: str, end: str, **more: Any) -> Json:
    return span(start, end, place="home", **more)


def on_site(start: str, end: str, **more: Any) -> Json:
    return span(start, end, place="site", **more)


BREAKS = [span("Mon 11:00", "Mon 11:30"), span("Mon 15:00", "Mon 15:15")]


def test_the_rule_and_each_duty_are_named() -> None:
    duties = [home("Mon 14:00", "Mon 22:00"), home("Tue 08:45", "Tue 12:00"), home("Thu 08:00", "Thu 12:00")]
    error = refused(agent("b"), agent("a", fixed=duties), labour=LAW)
    assert [size(finding) for finding in error.findings] == [("rest", "too_short", 15, "minutes")]
    assert {(fault.code, fault.facts["rule"]) for fault in error.faults} == {("fixed_breaks_rule", "rest")}
    assert [fault.place for fault in error.faults] == ["agents[1] (a).fixed[0]", "agents[1] (a).fixed[1]"]


@pytest.mark.parametrize(
    ("own", "rule"),
    [
        ({"home": "none", "fixed": [home("Mon 08:00", "Mon 12:00")]}, "place"),
        ({"fixed": [home("Sun 08:00", "Sun 12:00")]}, "free_days"),
        ({"fixed": [home("Mon 08:00", "Mon 12:00"), home("Mon 11:45", "Mon 14:00")]}, "overlap"),
        ({"fixed": [home("Mon 08:00", "Mon 19:00", breaks=BREAKS)]}, "daily_work"),
        ({"fixed": [home("Mon 08:00", "Mon 16:00", breaks=[])]}, "breaks"),
        ({"limits": {"latest_end": "20:00"}, "fixed": [home("Mon 16:00", "Mon 20:15")]}, "agent_limits"),
        (
            {
                "availability": [span("Mon 08:00", "Mon 09:00", kind="blocked")],
                "fixed": [home("Mon 08:45", "Mon 12:00")],
            },
            "availability",
        ),
        ({"history": {"consecutive_workdays": 6}, "fixed": [home("Mon 08:00", "Mon 12:00")]}, "consecutive_days"),
        (
            {"weekly_minutes": {"min": 0, "max": 240}, "fixed": [home("Mon 08:00", "Mon 12:15", breaks=[])]},
            "weekly_work",
        ),
        ({"desk_needs": ["adjustable"], "fixed": [on_site("Mon 08:00", "Mon 12:00")]}, "desk"),
        ({"desk_needs": ["adjustable"], "fixed": [on_site("Mon 08:00", "Mon 12:00", desk="e1")]}, "desk"),
    ],
)
def test_a_rule_that_a_fixed_duty_breaks(own: Json, rule: str) -> None:
    error = refused(agent("a", **own), labour=LAW)
    assert {finding.rule.value for finding in error.findings} == {rule}


def test_rules_between_people() -> None:
    pair = [
        agent("a", not_together_with=[{"agent": "b", "handover_minutes": 60}], fixed=[home("Mon 08:00", "Mon 12:00")]),
        agent("b", fixed=[home("Mon 12:45", "Mon 14:00")]),
    ]
    error = refused(*pair)
    assert [fault.place for fault in error.faults] == ["agents[0] (a).fixed[0]", "agents[1] (b).fixed[0]"]
    assert error.findings[0].rule == "not_together"


def test_two_desks_fixed_too_close_together() -> None:
    close = [room("east", [desk("e1", 0), desk("e2", 1)])]
    fixed = [on_site("Mon 08:00", "Mon 12:00", desk=name) for name in ("e1", "e2")]
    error = refused(
        agent("a", fixed=fixed[:1]), agent("b", fixed=fixed[1:]), rooms=close, hygiene={"min_distance_m": 1.5}
    )
    assert [finding.rule.value for finding in error.findings] == ["distance"]
    assert len(error.faults) == 2


def test_more_people_fixed_than_there_are_desks() -> None:
    two_of_three = [room("east", [desk("e1", 0), desk("e2", 2), desk("e3", 4, blocked=True)])]
    agents = [agent(name, fixed=[on_site("Mon 08:00", "Mon 12:00")]) for name in "abc"]
    parse_problem(problem_json(agents=agents[:2], rooms=two_of_three))
    error = refused(*agents, rooms=two_of_three)
    assert [size(finding) for finding in error.findings] == [("desk", "too_few", 1, "persons")]


@pytest.mark.parametrize(
    "own",
    [
        {"fixed": [home("Mon 05:10", "Mon 12:00")]},
        {"fixed": [home("Mon 08:00", "Mon 20:00")]},
        {"fixed": [home("Mon 08:00", "Mon 12:00"), home("Mon 12:00", "Mon 18:00")]},
        {"weekly_minutes": {"min": 0, "max": 240}, "fixed": [home("Mon 08:00", "Mon 14:00")]},
        {"fixed": [on_site("Mon 08:00", "Mon 12:00")]},
    ],
)
def test_what_some_choice_of_breaks_and_desks_keeps_is_accepted(own: Json) -> None:
    """A shape that no other duty may have, long presence with long breaks, a desk to be found."""
    shape = {"earliest_start": "06:00"}
    problem(agents=[agent("a", **own)], labour=LAW, horizon={"slot_minutes": 5}, duties=shape)


def test_more_people_fixed_than_their_rooms_may_hold() -> None:
    agents = [agent(name, fixed=[on_site("Mon 08:00", "Mon 12:00")]) for name in "abc"]
    small = room("east", [desk("e1", 0), desk("e2", 2)], max_persons=1)
    large = room("west", [desk("w1", 0)])
    parse_problem(problem_json(agents=agents[:2], rooms=[small, large]))
    assert refused(*agents, rooms=[small, large]).findings[0].detail == "too_few"


def test_an_open_break_keeps_its_distance_from_the_ends() -> None:
    """Between edges of an hour 15 minutes of break fit into 2:15, none into 2:00."""
    strict: Json = {
        "labour": {"breaks": [{"work_over_minutes": 105, "break_minutes": 15}]},
        "duties": {"break_edge_minutes": 60},
    }
    problem(agents=[agent("a", fixed=[home("Mon 08:00", "Mon 10:15")])], **strict)
    error = refused(agent("a", fixed=[home("Mon 08:00", "Mon 10:00")]), **strict)
    assert [size(finding) for finding in error.findings] == [("breaks", "pauses_too_short", 15, "minutes")]


def test_no_desk_has_what_a_fixed_duty_needs() -> None:
    error = refused(agent("a", desk_needs=["adjustable"], fixed=[on_site("Mon 08:00", "Mon 12:00")]))
    assert [size(finding) for finding in error.findings] == [("desk", "none_suits", 240, "minutes")]
