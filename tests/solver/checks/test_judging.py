from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solver import checks, sentences_de, sentences_en
from solver.checks import CHECKS, added, judge
from solver.checks.case import Case
from solver.rules import Finding, Rule
from tests.solver.build import (
    LAW,
    agent,
    at_home,
    breach,
    demand,
    duty,
    findings,
    problem,
    roster,
)

CHECK_FILES = Path(checks.__file__).parent
NO_RULES = {"__init__", "case", "fixed_alone"}
RULES_PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_every_rule_has_a_check_a_file_a_test_a_heading_and_a_name() -> None:
    names = {rule.value for rule in Rule}
    assert set(CHECKS) == set(Rule)
    assert {rule.value: check.__name__ for rule, check in CHECKS.items()} == {name: name for name in names}
    assert {path.stem for path in CHECK_FILES.glob("*.py")} - NO_RULES == names
    assert {f"test_{name}" for name in names} <= {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    headings = re.findall(r"^## `(\w+)`$", RULES_PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule.value for rule in Rule]
    for texts in (sentences_de, sentences_en):
        assert set(texts.RULES) == set(Rule)
        assert {key.split(".")[0] for key in texts.FINDINGS} == names


@pytest.mark.parametrize("key", sentences_en.FINDINGS)
def test_every_clause_with_a_sentence_is_found_by_its_check_and_shown_by_its_test(key: str) -> None:
    """That every finding has a sentence is seen by each test that finds one."""
    rule, detail = key.split(".")
    own_files = [CHECK_FILES / f"{rule}.py", Path(__file__).parent / f"test_{rule}.py"]
    if key in ("desk.none_suits", "desk.too_few"):
        own_files = [CHECK_FILES / "fixed_alone.py", Path(__file__).parent / "test_fixed_alone.py"]
    for path in own_files:
        assert f'"{detail}"' in path.read_text(encoding="utf-8"), path


def test_checking_loads_neither_optimisation_nor_the_web() -> None:
    heavy = "ortools numba numpy flask sqlalchemy sqlmodel app"
    probe = f"import sys, solver.commands.check; print([name for name in '{heavy}'.split() if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert printed.stdout == "[]\n"


def test_an_empty_roster_of_an_empty_problem_is_kept() -> None:
    empty = problem(agents=[], rooms=[], queues=[], demand=[])
    verdict = judge(empty, roster(empty, []))
    assert verdict.findings == ()
    assert (verdict.missing_agent_minutes, verdict.required_agent_minutes, verdict.tiers.shortfall) == (0, 0, 0)


def test_findings_come_in_the_order_of_rules_and_then_of_time() -> None:
    site = problem(labour=LAW, agents=[agent("a", home="none"), agent("b", home="none")])
    found = findings(site, at_home("b", "Sun 08:00", "Sun 12:00"), at_home("a", "Mon 08:00", "Mon 19:00"))
    order = list(Rule)
    assert [order.index(finding.rule) for finding in found] == sorted(order.index(finding.rule) for finding in found)
    assert [finding.agents for finding in found if finding.rule == Rule.PLACE] == [("a",), ("b",)]


def test_the_order_of_duties_in_the_file_does_not_matter() -> None:
    site = problem(labour=LAW, hygiene={"cleaning_gap_minutes": 15, "max_persons_on_site": 1})
    duties = [
        duty("a", "Mon 08:00", "Mon 16:00", desk="e1"),
        duty("b", "Mon 16:00", "Mon 20:00", desk="e1"),
        duty("c", "Mon 15:00", "Mon 17:00", desk="e2"),
        duty("a", "Tue 00:00", "Tue 04:00", desk="e1"),
    ]
    assert findings(site, *duties) == findings(site, *duties[::-1])
    assert len(findings(site, *duties)) > 3


def test_a_case_counts_presence_by_person_room_and_desk() -> None:
    site = problem()
    duties = [
        duty("a", "Mon 08:00", "Mon 10:00", desk="e1"),
        duty("a", "Mon 10:00", "Mon 12:00", desk="e2"),
        at_home("b", "Mon 08:00", "Mon 09:00"),
    ]
    case = Case(site, roster(site, duties))
    assert case.presence_of == {"a": [(480, 720)], "b": [(480, 540)], "c": []}
    assert case.on_site == [(480, 720, "a")]
    assert case.in_room == {"east": [(480, 720, "a")]}
    assert case.at_desk == {"e1": [(480, 600, "a")], "e2": [(600, 720, "a")]}


class TestAdded:
    BEFORE = Finding(Rule.ROOM_CAP, "too_full", ("a", "b", "c"), ("east",), 480, 720, 1, "persons")

    @pytest.mark.parametrize(
        "change",
        [
            {},
            {"start_minute": 500},
            {"end_minute": 700},
            {"agents": ("a", "c")},
            {"amount": 0.5},
        ],
    )
    def test_what_was_there_before_or_is_smaller_now_is_not_added(self, change: dict[str, Any]) -> None:
        assert added([self.BEFORE], [dataclasses.replace(self.BEFORE, **change)]) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"start_minute": 465},
            {"end_minute": 735},
            {"agents": ("a", "b", "c", "d")},
            {"amount": 2},
            {"where": ("west",)},
            {"detail": "other"},
            {"rule": Rule.SITE_CAP},
            {"start_minute": None},
        ],
    )
    def test_what_is_larger_or_elsewhere_is_added(self, change: dict[str, Any]) -> None:
        after = dataclasses.replace(self.BEFORE, **change)
        assert added([self.BEFORE], [after]) == [after]

    def test_a_booking_is_refused_only_for_what_it_adds(self) -> None:
        site = problem(labour=LAW, agents=[agent("a"), agent("b")])
        old = [at_home("a", "Mon 08:00", "Mon 19:00"), at_home("b", "Mon 14:00", "Mon 20:00")]
        before = findings(site, *old)
        assert {finding.agents for finding in before} == {("a",)}
        assert added(before, findings(site, *old, at_home("b", "Tue 07:00", "Tue 10:00"))) == []
        new = added(before, findings(site, *old, at_home("b", "Tue 06:45", "Tue 10:00")))
        assert [(finding.rule, finding.agents, finding.amount) for finding in new] == [(Rule.REST, ("b",), 15)]

    def test_a_rest_that_gets_longer_but_stays_too_short_is_not_added(self) -> None:
        site = problem(labour=LAW)
        late = at_home("a", "Mon 14:00", "Mon 20:00")
        before = findings(site, late, at_home("a", "Tue 05:00", "Tue 09:00"))
        after = findings(site, late, at_home("a", "Tue 06:00", "Tue 09:00"))
        assert (len(before), len(after), added(before, after), len(added(after, before))) == (1, 1, [], 1)


def test_judging_counts_missing_and_required() -> None:
    site = problem(demand=[demand("Mon 08:00", [2, 2, 1])])
    verdict = judge(
        site,
        roster(
            site,
            [
                duty(
                    "a",
                    "Mon 08:00",
                    "Mon 09:00",
                    home=True,
                    serves=[
                        ("mobile", "Mon 08:00", "Mon 08:30"),
                    ],
                )
            ],
        ),
    )
    assert (verdict.missing_agent_minutes, verdict.required_agent_minutes) == (3 * 15, 5 * 15)
    assert breach(site, at_home("a", "Mon 08:00", "Mon 09:00"), at_home("a", "Mon 08:45", "Mon 09:00")).amount == 15
