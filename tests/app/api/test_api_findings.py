"""What agents are told of findings: of their own everything, of others neither who nor when nor how many."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.views.told_findings import told_findings
from solver.rules import Finding, Rule
from solver.timeline import Timeline

# The clock goes forward on Sunday 29 March 2020 at 02:00.
TIMELINE = Timeline(ZoneInfo("Europe/Berlin"), date(2020, 3, 28), 7, 15)
REST = Finding(
    Rule.REST,
    "too_short",
    ("a1",),
    (),
    1320,
    1920,
    60.0,
    "minutes",
    (("rest_minutes", 600), ("last_end_minute", 1320), ("next_start_minute", 1920), ("limit_minutes", 660)),
)
FULL = Finding(
    Rule.ROOM_CAP, "too_full", ("a1", "a7"), ("3-east",), 480, 495, 1.0, "persons", (("persons", 3), ("limit", 2))
)
ARRIVALS = Finding(
    Rule.ARRIVALS, "too_many", ("a7", "a8"), ("site",), 480, 495, 1.0, "duties", (("arrivals", 3), ("limit", 2))
)


def told(finding: Finding, own_key: str | None) -> dict[str, Any]:
    return told_findings([finding], TIMELINE, "en", own_key)[0]


def test_ones_own_is_told_in_full_with_instants_over_the_clock_change() -> None:
    own = told(REST, "a1")
    assert own == told(REST, None)
    assert (own["start"], own["end"]) == ("2020-03-28T22:00:00+01:00", "2020-03-29T09:00:00+02:00")
    assert own["facts"] == {
        "rest_minutes": 600,
        "last_end_at": "2020-03-28T22:00:00+01:00",
        "next_start_at": "2020-03-29T09:00:00+02:00",
        "limit_minutes": 660,
    }
    assert own["message"].startswith("a1")


@pytest.mark.parametrize("finding", [FULL, ARRIVALS, REST])
def test_of_others_only_the_rule_the_place_and_the_limit(finding: Finding) -> None:
    hidden = told(finding, "a2" if finding is REST else "a1")
    assert (hidden["rule"], hidden["where"]) == (finding.rule, list(finding.where))
    assert (hidden["agents"], hidden["start"], hidden["end"], hidden["amount"]) == ([], None, None, None)
    assert set(hidden["facts"]) == {"limit_minutes" if finding is REST else "limit"}
    assert not {"a7", "a8", "3"} & set(hidden["message"].replace(",", " ").split())
    everything = told(finding, None)
    assert everything["agents"] == list(finding.agents)
    assert everything["amount"] == finding.amount
