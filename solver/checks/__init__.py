"""Does a roster keep the rules? One file per rule, each from its definition alone, and the verdict of all.

Nothing here imports what it judges: neither the search nor OR-Tools, only the standard library and the two formats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from solver.checks.agent_limits import agent_limits
from solver.checks.arrivals import arrivals
from solver.checks.availability import availability
from solver.checks.breaks import breaks
from solver.checks.case import Case
from solver.checks.cleaning_gap import cleaning_gap
from solver.checks.cohort import cohort
from solver.checks.consecutive_days import consecutive_days
from solver.checks.daily_work import daily_work
from solver.checks.desk import desk
from solver.checks.distance import distance
from solver.checks.duty_shape import duty_shape
from solver.checks.fixed import fixed
from solver.checks.free_days import free_days
from solver.checks.not_together import not_together
from solver.checks.overlap import overlap
from solver.checks.place import place
from solver.checks.rest import rest
from solver.checks.room_cap import room_cap
from solver.checks.site_cap import site_cap
from solver.checks.skills import skills
from solver.checks.weekly_work import weekly_work
from solver.collecting import garbage_left_alone
from solver.problem import Problem
from solver.roster import Roster, Tiers
from solver.rules import Finding, Rule
from solver.tiers import missing_agent_minutes, required_agent_minutes, tiers

Check = Callable[[Case], Iterable[Finding]]

CHECKS: Mapping[Rule, Check] = MappingProxyType(
    {
        Rule.DUTY_SHAPE: duty_shape,
        Rule.AGENT_LIMITS: agent_limits,
        Rule.AVAILABILITY: availability,
        Rule.PLACE: place,
        Rule.SKILLS: skills,
        Rule.OVERLAP: overlap,
        Rule.DAILY_WORK: daily_work,
        Rule.BREAKS: breaks,
        Rule.REST: rest,
        Rule.WEEKLY_WORK: weekly_work,
        Rule.CONSECUTIVE_DAYS: consecutive_days,
        Rule.FREE_DAYS: free_days,
        Rule.NOT_TOGETHER: not_together,
        Rule.FIXED: fixed,
        Rule.DESK: desk,
        Rule.DISTANCE: distance,
        Rule.ROOM_CAP: room_cap,
        Rule.SITE_CAP: site_cap,
        Rule.CLEANING_GAP: cleaning_gap,
        Rule.ARRIVALS: arrivals,
        Rule.COHORT: cohort,
    }
)


@dataclass(frozen=True)
class Verdict:
    """What a roster really is.

    :param findings: every breach, in the order of the rules, then of time; none where the roster is kept
    :param tiers: the five tiers by their definitions
    :param missing_agent_minutes: required but not served
    :param required_agent_minutes: all that is required
    """

    findings: tuple[Finding, ...]
    tiers: Tiers
    missing_agent_minutes: int
    required_agent_minutes: int


def judge(problem: Problem, roster: Roster) -> Verdict:
    """All findings and tiers of a roster that refers to nothing unknown (see :mod:`solver.roster_faults`)."""
    case = Case(problem, roster)
    with garbage_left_alone():
        found = _findings(case)
        return Verdict(found, tiers(case), missing_agent_minutes(case), required_agent_minutes(problem))


def findings(problem: Problem, roster: Roster) -> tuple[Finding, ...]:
    """Every breach of a rule, without the tiers."""
    return _findings(Case(problem, roster))


def findings_of(case: Case, rules: Collection[Rule]) -> tuple[Finding, ...]:
    """Every breach of some rules in a case that has been laid out already, in the same order."""
    checks = (check for rule, check in CHECKS.items() if rule in rules)
    return tuple(finding for check in checks for finding in sorted(check(case), key=_order))


def _findings(case: Case) -> tuple[Finding, ...]:
    return findings_of(case, CHECKS)


def _order(finding: Finding) -> tuple[float, tuple[str, ...], tuple[str, ...], str]:
    return _span(finding)[0], finding.where, finding.agents, finding.detail


def added(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """Findings that a change adds: those of ``after`` that no finding of ``before`` covers.

    A finding is covered by one of the same clause and place that concerns at least its people and its time and is
    at least as large. So a change that only makes a breach smaller adds nothing.
    """
    return [finding for finding in after if not any(_covers(former, finding) for former in before)]


def _covers(former: Finding, finding: Finding) -> bool:
    return (
        (former.rule, former.detail, former.where) == (finding.rule, finding.detail, finding.where)
        and set(finding.agents) <= set(former.agents)
        and finding.amount <= former.amount
        and _within(former, finding)
    )


def _within(former: Finding, finding: Finding) -> bool:
    former_start, former_end = _span(former)
    start, end = _span(finding)
    return former_start <= start and end <= former_end


def _span(finding: Finding) -> tuple[float, float]:
    """The finding's span; all time where it knows none."""
    start = -math.inf if finding.start_minute is None else finding.start_minute
    end = math.inf if finding.end_minute is None else finding.end_minute
    return start, end
