from __future__ import annotations

from typing import Any

import pytest

from solver import sentences_de, sentences_en
from solver.faults import UnusableInputError
from solver.reading import parse_problem, parse_roster
from solver.sentences import LANGUAGES, fault_sentence
from tests.solver.build import (
    ROOMS,
    Json,
    agent,
    at,
    at_home,
    demand,
    desk,
    duty,
    problem,
    problem_json,
    room,
    roster_json,
    span,
)


def faults(**changes: Any) -> list[tuple[str, str]]:
    """Place and code of what is wrong with a problem."""
    with pytest.raises(UnusableInputError) as caught:
        parse_problem(problem_json(**changes))
    for fault in caught.value.faults:
        assert all(fault_sentence(fault, language) for language in LANGUAGES)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def of_agent(**own: Any) -> list[tuple[str, str]]:
    return faults(agents=[agent("x"), agent("a004", **own)])


AGENT = "agents[1] (a004)"


@pytest.mark.parametrize(
    ("own", "place", "code"),
    [
        ({"fixed": [span("Mon 08:05", "Mon 12:00", place="home")]}, f"{AGENT}.fixed[0].start", "off_slot"),
        ({"fixed": [span("Mon 08:00", "Mon 12:01", place="home")]}, f"{AGENT}.fixed[0].end", "off_slot"),
        ({"fixed": [span("Mon 08:00", "Mon 08:00", place="home")]}, f"{AGENT}.fixed[0]", "empty_span"),
        ({"fixed": [span("Mon 08:00", "Mon 07:45", place="home")]}, f"{AGENT}.fixed[0]", "reversed_span"),
        ({"fixed": [span("Sun 22:00", "Mon+1 00:15", place="home")]}, f"{AGENT}.fixed[0].end", "outside_horizon"),
        (
            {"fixed": [span("2020-03-29 23:45", "Mon 04:00", place="home")]},
            f"{AGENT}.fixed[0].start",
            "outside_horizon",
        ),
        (
            {"fixed": [span("Mon 08:00", "Mon 12:00", place="home", desk="e1")]},
            f"{AGENT}.fixed[0].desk",
            "desk_at_home",
        ),
        (
            {"fixed": [span("Mon 08:00", "Mon 12:00", place="site", desk="e9")]},
            f"{AGENT}.fixed[0].desk",
            "unknown_desk",
        ),
        (
            {"fixed": [span("Mon 08:00", "Mon 12:00", place="home", breaks=[span("Mon 12:00", "Mon 12:15")])]},
            f"{AGENT}.fixed[0].breaks[0]",
            "break_outside_duty",
        ),
        (
            {"fixed": [span("Mon 08:00", "Mon 12:00", place="home", breaks=[span("Mon 07:45", "Mon 08:15")])]},
            f"{AGENT}.fixed[0].breaks[0]",
            "break_outside_duty",
        ),
        (
            {"fixed": [span("Mon 08:00", "Mon 12:00", place="home", breaks=[span("Mon 10:00", "Mon 10:05")])]},
            f"{AGENT}.fixed[0].breaks[0].end",
            "off_slot",
        ),
        ({"fixed": [span("Mon 08:00", "Mon 12:00", place="away")]}, f"{AGENT}.fixed[0].place", "not_one_of"),
        ({"previous": [span("Mon 08:00", "Mon+1 08:00", place="home")]}, f"{AGENT}.previous[0].end", "outside_horizon"),
        (
            {"previous": [span("Mon 08:00", "Mon 12:00", place="home", agent="x")]},
            f"{AGENT}.previous[0].agent",
            "another_agent",
        ),
        (
            {"previous": [duty("a004", "Mon 08:00", "Mon 09:00", serves=[("mobile", "Mon 08:00", "Mon 09:15")])]},
            f"{AGENT}.previous[0].serves[0]",
            "service_outside_duty",
        ),
        ({"availability": [span("Mon 08:00", "Mon 08:00", kind="blocked")]}, f"{AGENT}.availability[0]", "empty_span"),
        (
            {"availability": [span("Mon 08:01", "Mon 09:00", kind="blocked")]},
            f"{AGENT}.availability[0].start",
            "off_slot",
        ),
        (
            {"availability": [span("Mon 08:00", "Mon 09:00", kind="busy")]},
            f"{AGENT}.availability[0].kind",
            "not_one_of",
        ),
        ({"queues": ["mobile", "fax"]}, f"{AGENT}.queues[1]", "unknown_queue"),
        ({"usual_desk": "e9"}, f"{AGENT}.usual_desk", "unknown_desk"),
        (
            {"not_together_with": [{"agent": "y", "handover_minutes": 0}]},
            f"{AGENT}.not_together_with[0].agent",
            "unknown_agent",
        ),
        (
            {"not_together_with": [{"agent": "a004", "handover_minutes": 0}]},
            f"{AGENT}.not_together_with[0].agent",
            "own_partner",
        ),
        ({"id": "x"}, "agents[1] (x).id", "repeated_agent"),
        ({"id": ""}, "agents[1].id", "empty_text"),
        ({"id": 4}, "agents[1].id", "wrong_type"),
        ({"home": "sometimes"}, f"{AGENT}.home", "not_one_of"),
        ({"max_workdays": -1}, f"{AGENT}.max_workdays", "too_small"),
        ({"max_workdays": 2.5}, f"{AGENT}.max_workdays", "wrong_type"),
        ({"max_workdays": True}, f"{AGENT}.max_workdays", "wrong_type"),
        ({"max_workdays": None}, f"{AGENT}.max_workdays", "wrong_type"),
        ({"weekly_minutes": {"min": 0}}, f"{AGENT}.weekly_minutes.max", "missing_field"),
        ({"limits": {"latest_end": "25:60"}}, f"{AGENT}.limits.latest_end", "not_a_clock_time"),
        ({"limits": {"latest_end": "48:01"}}, f"{AGENT}.limits.latest_end", "not_a_clock_time"),
        ({"history": {"last_end": "2020-03-29T20:00:00"}}, f"{AGENT}.history.last_end", "instant_without_offset"),
        ({"history": {"last_end": "yesterday"}}, f"{AGENT}.history.last_end", "not_an_instant"),
        ({"history": {"last_end": 1585512000}}, f"{AGENT}.history.last_end", "not_an_instant"),
        ({"history": {"last_end": "9999-12-31T23:59:00-12:00"}}, f"{AGENT}.history.last_end", "year_out_of_range"),
    ],
)
def test_what_is_wrong_with_an_agent(own: Json, place: str, code: str) -> None:
    assert of_agent(**own) == [(place, code)]


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"demand": [demand("Mon 08:00", [1], "fax")]}, "demand[0] (fax).queue", "unknown_queue"),
        ({"demand": [demand("Mon 08:05", [1])]}, "demand[0] (mobile).start", "off_slot"),
        ({"demand": [demand("Sun 23:45", [1, 1])]}, "demand[0] (mobile).required", "outside_horizon"),
        ({"demand": [demand("2020-03-29 23:45", [1])]}, "demand[0] (mobile).start", "outside_horizon"),
        ({"demand": [demand("Mon 08:00", [-1])]}, "demand[0] (mobile).required[0]", "too_small"),
        (
            {"demand": [demand("Mon 08:00", [1, 1]), demand("Mon 08:15", [1])]},
            "demand[1] (mobile)",
            "overlapping_demand",
        ),
        (
            {"demand": [demand("Mon 08:15", [1]), demand("Mon 08:00", [1, 1])]},
            "demand[1] (mobile)",
            "overlapping_demand",
        ),
        (
            {"demand": [demand("Mon 08:00", [1] * 9), demand("Mon 08:15", [1]), demand("Mon 10:15", [1])]},
            "demand[1] (mobile)",
            "overlapping_demand",
        ),
        ({"queues": [{"id": "mobile"}, {"id": "dsl"}, {"id": "mobile"}]}, "queues[2] (mobile).id", "repeated_queue"),
        ({"queues": [{"id": "mobile", "weight": -1}, {"id": "dsl"}]}, "queues[0] (mobile).weight", "too_small"),
        ({"objectives": ["shortfall", "shortfall"]}, "objectives[1]", "repeated_objective"),
        ({"objectives": ["speed"]}, "objectives[0]", "not_one_of"),
        ({"rooms": [*ROOMS, room("east", [])]}, "rooms[2] (east).id", "repeated_room"),
        ({"rooms": [*ROOMS, room("north", [desk("w1", 0)])]}, "rooms[2] (north).desks[0] (w1).id", "repeated_desk"),
        (
            {"rooms": [room("r", [desk("d1", 1, 2), desk("d2", 1.0, 2)])]},
            "rooms[0] (r).desks[1] (d2)",
            "two_desks_at_one_point",
        ),
        (
            {"rooms": [*ROOMS, room("r", [desk("d1", 1)], partitions=[["d1", "e1"]])]},
            "rooms[2] (r).partitions[0][1]",
            "desk_not_in_room",
        ),
        (
            {"rooms": [room("r", [desk("d1", 1)], partitions=[["d1", "d1"]])]},
            "rooms[0] (r).partitions[0]",
            "partition_of_one_desk",
        ),
        (
            {"rooms": [room("r", [desk("d1", 1)], partitions=[["d1"]])]},
            "rooms[0] (r).partitions[0]",
            "too_few_entries",
        ),
        ({"rooms": [room("r", [desk("d1", float("nan"))])]}, "rooms[0] (r).desks[0] (d1).x_m", "not_finite"),
        ({"hygiene": {"min_distance_m": float("inf")}}, "hygiene.min_distance_m", "not_finite"),
        ({"hygiene": {"min_distance_m": -0.1}}, "hygiene.min_distance_m", "too_small"),
        ({"hygiene": {"cohort_rule": "same_street"}}, "hygiene.cohort_rule", "not_one_of"),
        ({"site": {"time_zone": "Europe/München"}}, "site.time_zone", "unknown_time_zone"),
        ({"site": {"time_zone": "../../etc/passwd"}}, "site.time_zone", "unknown_time_zone"),
        ({"site": {"holidays": ["10.4.2020"]}}, "site.holidays[0]", "not_a_date"),
        ({"horizon": {"first_day": "2020-02-30"}}, "horizon.first_day", "not_a_date"),
        ({"horizon": {"first_day": "9999-12-31"}}, "horizon.first_day", "year_out_of_range"),
        ({"horizon": {"slot_minutes": 20}}, "horizon.slot_minutes", "not_one_of"),
        ({"horizon": {"days": 0}}, "horizon.days", "too_small"),
        ({"duties": {"earliest_start": "6:00"}}, "duties.earliest_start", "not_a_clock_time"),
        ({"labour": {"free_days": ["Sunday"]}}, "labour.free_days[0]", "not_one_of"),
        ({"format": "roster-problem/2"}, "format", "not_one_of"),
        ({"agents": {}}, "agents", "wrong_type"),
        ({"agents": [None]}, "agents[0]", "wrong_type"),
    ],
)
def test_what_is_wrong_with_a_problem(changes: Json, place: str, code: str) -> None:
    if "agents" not in changes and "rooms" not in changes:
        changes = {"agents": [agent("a")], **changes}
    assert faults(**changes) == [(place, code)]


@pytest.mark.parametrize(
    ("changes", "place", "suggestion"),
    [
        ({"objektives": []}, "objektives", "objectives"),
        ({"hygiene": {"min_distanz_m": 1.5}}, "hygiene.min_distanz_m", "min_distance_m"),
        ({"agents": [agent("a", fixd=[])]}, "agents[0] (a).fixd", "fixed"),
        ({"agents": [agent("a", limits={"earliest": "08:00"})]}, "agents[0] (a).limits.earliest", "earliest_start"),
        (
            {"labour": {"breaks": [{"work_over_minutes": 1, "break_minutes": 1, "brake": 1}]}},
            "labour.breaks[0].brake",
            None,
        ),
        ({"rooms": [room("r", [desk("d", 0, feature=[])])]}, "rooms[0] (r).desks[0] (d).feature", "features"),
        ({"zzz": 1}, "zzz", None),
    ],
)
def test_a_misspelt_name_gets_the_nearest_one_suggested(changes: Json, place: str, suggestion: str | None) -> None:
    with pytest.raises(UnusableInputError) as caught:
        parse_problem(problem_json(**changes))
    (fault,) = caught.value.faults
    assert (fault.place, fault.code, fault.facts["suggestion"]) == (place, "unknown_field", suggestion)
    assert ("Did you mean" in fault_sentence(fault, "en")) == (suggestion is not None)


def test_all_faults_are_named_at_once_each_at_its_place_in_the_file() -> None:
    """A fault of one agent hides none of another, moves no place, and makes no reference to this agent unknown."""
    agents = [
        agent("a", queues=["fax"], limit={}),
        agent("broken", max_workdays="five"),
        agent("c", not_together_with=[{"agent": "broken", "handover_minutes": 0}], usual_desk="e9"),
    ]
    required = [demand("Mon 08:00", [1]), {"queue": "mobile"}, demand("Mon 08:00", [1]), demand("Mon 09:07", [1])]
    assert sorted(faults(agents=agents, demand=required, zone="Berlin")) == sorted(
        [
            ("agents[0] (a).limit", "unknown_field"),
            ("agents[0] (a).queues[0]", "unknown_queue"),
            ("agents[1] (broken).max_workdays", "wrong_type"),
            ("agents[2] (c).usual_desk", "unknown_desk"),
            ("demand[1] (mobile).start", "missing_field"),
            ("demand[1] (mobile).required", "missing_field"),
            ("demand[2] (mobile)", "overlapping_demand"),
            ("demand[3] (mobile).start", "off_slot"),
            ("zone", "unknown_field"),
        ]
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"agents": []},
        {"rooms": []},
        {"rooms": [room("empty", [])]},
        {"rooms": [room("r", [desk("d1", 1, 2), desk("d2", 1, 3), desk("d3", 2, 1)]), room("s", [desk("d4", 1, 2)])]},
        {"demand": []},
        {"demand": [demand("Mon 00:00", [1] * 96 * 7)]},
        {"queues": []},
        {"objectives": []},
        {"objectives": ["wishes", "shortfall"]},
        {"agents": [agent("a", weekly_minutes={"min": 600, "max": 60})]},
        {"agents": [agent("a", availability=[span("2019-12-01 00:00", "2021-01-01 00:00", kind="blocked")])]},
        {"agents": [agent("a", history={"last_end": "2020-04-02T13:37:11.5+02:00"})]},
        {"agents": [agent("a", history={"last_end": None})]},
        {"agents": [agent("a", history=None, cohort=None, usual_desk=None)]},
        {"agents": [agent("a", fixed=[span("Sun 20:00", "Mon+1 00:00", place="home", breaks=None)])]},
        {"agents": [agent("a", previous=[{**at_home("a", "Mon 08:00", "Mon 12:00"), "desk": "gone"}])]},
        {"agents": [agent("a", previous=[span("Mon 08:00", "Mon 12:00", place="site")])]},
        {"horizon": {"first_day": "2020-03-29", "days": 1}, "demand": [demand("2020-03-29 00:00", [1] * 92)]},
        {"horizon": {"first_day": "2020-10-25", "days": 1}, "demand": [demand("2020-10-25 00:00", [1] * 100)]},
        {"duties": {"latest_end": "30:00", "earliest_start": "24:00", "work_minutes": []}},
        {"demand": [{"queue": "mobile", "start": "2020-03-30T06:00:00Z", "required": []}]},
        {"site": {"holidays": ["2020-04-10", "2020-04-10"]}},
        {"hygiene": {"max_persons_on_site": None, "min_distance_m": 0, "cohort_rule": "same_day"}},
    ],
)
def test_what_the_format_allows_is_accepted(changes: Json) -> None:
    if "rooms" not in changes and "agents" not in changes and "queues" in changes:
        changes["agents"] = []
    problem(**changes)


def test_demand_within_a_longer_one_does_not_end_it() -> None:
    required = [demand("Mon 08:00", [1] * 9), demand("Mon 08:15", [1]), demand("Mon 09:00", [1])]
    assert faults(demand=required) == [
        ("demand[1] (mobile)", "overlapping_demand"),
        ("demand[2] (mobile)", "overlapping_demand"),
    ]


def test_a_day_of_23_hours_ends_after_92_quarters_and_one_of_25_after_100() -> None:
    for day, quarters in (("2020-03-29", 92), ("2020-10-25", 100)):
        horizon = {"first_day": day, "days": 1}
        required = [demand(f"{day} 00:00", [1] * (quarters + 1))]
        assert faults(horizon=horizon, demand=required) == [("demand[0] (mobile).required", "outside_horizon")]


SITE = problem()
MORNING = duty("a", "Mon 08:00", "Mon 12:00", desk="e1")


@pytest.mark.parametrize(
    ("duties", "more", "place", "code"),
    [
        ([MORNING | {"agent": "z"}], {}, "duties[0] (z).agent", "unknown_agent"),
        ([MORNING | {"desk": "e9"}], {"released_desks": []}, "duties[0] (a).desk", "unknown_desk"),
        ([MORNING | {"place": "home"}], {}, "duties[0] (a).desk", "desk_at_home"),
        ([MORNING | {"end": at("Mon 08:00")}], {}, "duties[0] (a)", "empty_span"),
        ([MORNING | {"end": at("Mon+1 00:15")}], {}, "duties[0] (a).end", "outside_horizon"),
        ([MORNING, MORNING | {"start": at("Mon 08:10")}], {}, "duties[1] (a).start", "off_slot"),
        (
            [MORNING | {"serves": [span("Mon 08:00", "Mon 09:00", queue="fax")]}],
            {},
            "duties[0] (a).serves[0].queue",
            "unknown_queue",
        ),
        (
            [MORNING | {"serves": [span("Mon 07:00", "Mon 09:00", queue="dsl")]}],
            {},
            "duties[0] (a).serves[0]",
            "service_outside_duty",
        ),
        ([MORNING | {"breaks": [span("Mon 11:00", "Mon 12:15")]}], {}, "duties[0] (a).breaks[0]", "break_outside_duty"),
        ([MORNING | {"brakes": []}], {}, "duties[0] (a).brakes", "unknown_field"),
        ([], {"released_desks": ["e9"]}, "released_desks[0]", "unknown_desk"),
        ([], {"released_desks": ["e1", "e1"]}, "released_desks[1]", "repeated_release"),
        ([], {"site": "ber"}, "site", "another_site"),
        ([], {"first_day": "2020-04-06"}, "first_day", "another_first_day"),
        ([], {"format": "roster-problem/1"}, "format", "not_one_of"),
        ([], {"tiers": {}}, "tiers.shortfall", "missing_field"),
        ([], {"missing_agent_minutes": float("nan")}, "missing_agent_minutes", "not_finite"),
    ],
)
def test_what_is_wrong_with_a_roster(duties: list[Json], more: Json, place: str, code: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        parse_roster(roster_json(SITE, duties, **more), SITE)
    assert (caught.value.faults[0].place, caught.value.faults[0].code) == (place, code)
    assert all(fault_sentence(fault, language) for fault in caught.value.faults for language in LANGUAGES)


def test_a_roster_may_leave_out_what_says_nothing() -> None:
    short = {
        name: value
        for name, value in at_home("a", "Mon 08:00", "Mon 12:00").items()
        if name not in ("breaks", "serves")
    }
    made = parse_roster(roster_json(SITE, [short | {"desk": None}], bound={"shortfall": 1.5}), SITE)
    assert (made.duties[0].breaks, made.duties[0].serves, made.solver) == ([], [], None)


def test_every_fault_has_a_sentence_in_both_languages_and_no_sentence_is_left_over() -> None:
    assert set(sentences_de.FAULTS) == set(sentences_en.FAULTS)
    assert set(sentences_de.WORDS) == set(sentences_en.WORDS)
    assert set(sentences_de.FINDINGS) == set(sentences_en.FINDINGS)
    assert set(sentences_de.UNITS) == set(sentences_en.UNITS)
