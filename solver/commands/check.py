"""``check``: does a roster keep every rule, and is it what it says of itself?"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver import commands
from solver.checks import Verdict, judge
from solver.problem import OBJECTIVES
from solver.reading import read_problem, read_roster
from solver.roster import Roster
from solver.rules import Finding
from solver.sentences import Language, rule_title, sentence, words
from solver.timeline import Timeline

ROUNDING_MINUTES = 0.01
ROUNDING_SHARE = 1e-9
MINUTES = ("missing_agent_minutes", "required_agent_minutes")


@dataclass(frozen=True)
class Claim:
    """A number that the roster's file gives, beside the real one."""

    name: str
    claimed: float
    recomputed: float
    differs: bool


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "check",
        help="does a roster keep every rule?",
        description="Names every breach of a rule with who, where, when and how much, recomputes the tiers and "
        "compares them with those in the roster's file.",
        epilog="Exit codes: 0 kept, 1 findings or wrong numbers in the file, 2 unusable input.",
    )
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="problem file (.json or .json.gz)")
    parser.add_argument("roster", type=Path, metavar="ROSTER", help="roster file (.json or .json.gz)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")
    commands.add_language(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict; 0 where the roster is kept and tells the truth, else 1.

    :raises solver.faults.UnusableInputError: where one of the files cannot be used
    """
    problem = read_problem(arguments.problem)
    roster = read_roster(arguments.roster, problem)
    verdict = judge(problem, roster)
    claims = list(claims_of(roster, verdict))
    language = commands.language_of(arguments)
    if arguments.json:
        json.dump(as_json(verdict, claims, problem.timeline, language), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in as_text(verdict, claims, problem.timeline, language))
    kept = not verdict.findings and not any(claim.differs for claim in claims)
    return commands.KEPT if kept else commands.FINDINGS


def claims_of(roster: Roster, verdict: Verdict) -> Iterator[Claim]:
    """What the file says of itself: tiers and minutes must be right, a bound must not lie above them."""
    for objective in OBJECTIVES:
        yield _equal(objective, getattr(roster.tiers, objective), getattr(verdict.tiers, objective))
    for name in MINUTES:
        yield _equal(name, getattr(roster, name), getattr(verdict, name))
    reached = {
        "shortfall": verdict.tiers.shortfall,
        "missing_agent_minutes": float(verdict.missing_agent_minutes),
    }
    for name, value in reached.items():
        bound = getattr(roster.bound, name, None)
        if bound is not None:
            yield Claim(f"bound.{name}", bound, value, bound > value and not _close(bound, value))


def _equal(name: str, claimed: float, recomputed: float) -> Claim:
    return Claim(name, claimed, recomputed, not _close(claimed, recomputed))


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=ROUNDING_SHARE, abs_tol=ROUNDING_MINUTES)


def as_text(verdict: Verdict, claims: list[Claim], timeline: Timeline, language: Language) -> Iterator[str]:
    """Findings by rule, a sentence each, then the numbers."""
    count = len(verdict.findings)
    key = "kept" if not count else "one_finding" if count == 1 else "findings"
    yield words(key, language).format(count=count)
    rule = None
    for finding in verdict.findings:
        if finding.rule != rule:
            rule = finding.rule
            yield f"{rule_title(rule, language)} ({rule})"
        yield f"  {sentence(finding, timeline, language)}"
    yield ""
    yield from _numbers(claims, language)


def _numbers(claims: list[Claim], language: Language) -> Iterator[str]:
    labels = {claim.name: words(claim.name, language) for claim in claims}
    width = max(len(label) for label in labels.values())
    yield f"{'':{width}}  {words('recomputed', language):>15}  {words('claimed', language):>15}"
    for claim in claims:
        remark = words("bound_too_high" if claim.name.startswith("bound") else "differs", language)
        line = f"{labels[claim.name]:{width}}  {claim.recomputed:>15.2f}  {claim.claimed:>15.2f}"
        yield f"{line}  {remark}" if claim.differs else line


def as_json(verdict: Verdict, claims: list[Claim], timeline: Timeline, language: Language) -> dict[str, Any]:
    """The same for machines: names and facts that do not change with the language, sentences beside them."""
    return {
        "usable": True,
        "kept": not verdict.findings,
        "findings": [finding_json(finding, timeline, language) for finding in verdict.findings],
        "tiers": verdict.tiers.model_dump(),
        "missing_agent_minutes": verdict.missing_agent_minutes,
        "required_agent_minutes": verdict.required_agent_minutes,
        "claims": [
            {
                "name": claim.name,
                "claimed": claim.claimed,
                "recomputed": claim.recomputed,
                "differs": claim.differs,
            }
            for claim in claims
        ],
    }


def finding_json(finding: Finding, timeline: Timeline, language: Language) -> dict[str, Any]:
    """One finding; start and end are instants, None where no time is meant."""
    start, end = (
        None if minute is None else timeline.instant_of(minute).isoformat()
        for minute in (finding.start_minute, finding.end_minute)
    )
    return {
        "rule": finding.rule.value,
        "detail": finding.detail,
        "agents": list(finding.agents),
        "where": list(finding.where),
        "start": start,
        "end": end,
        "amount": finding.amount,
        "unit": finding.unit,
        "facts": dict(finding.facts),
        "sentence": sentence(finding, timeline, language),
    }
