"""Findings as the JSON API tells them: to managers in full, to agents never whom or when somebody else works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solver.rules import Fact, Finding
from solver.sentences import Language, rule_title, sentence
from solver.timeline import Timeline


def told_findings(
    findings: Sequence[Finding], timeline: Timeline, language: Language, own_key: str | None
) -> list[dict[str, Any]]:
    """One object for each finding.

    :param own_key: the agent who is told; None for a manager, who is told everything
    """
    return [
        _in_full(finding, timeline, language)
        if own_key is None or set(finding.agents) == {own_key}
        else _without_others(finding, language)
        for finding in findings
    ]


def _in_full(finding: Finding, timeline: Timeline, language: Language) -> dict[str, Any]:
    return {
        "rule": finding.rule.value,
        "detail": finding.detail,
        "message": sentence(finding, timeline, language),
        "agents": list(finding.agents),
        "where": list(finding.where),
        "start": _instant(timeline, finding.start_minute),
        "end": _instant(timeline, finding.end_minute),
        "amount": finding.amount,
        "unit": finding.unit,
        "facts": {_fact_name(name): _fact(name, fact, timeline) for name, fact in finding.facts},
    }


def _without_others(finding: Finding, language: Language) -> dict[str, Any]:
    """The rule, the place and the limit; a time or an amount would tell when another person comes or goes."""
    return {
        "rule": finding.rule.value,
        "detail": finding.detail,
        "message": rule_title(finding.rule, language),
        "agents": [],
        "where": list(finding.where),
        "start": None,
        "end": None,
        "amount": None,
        "unit": finding.unit,
        "facts": {name: fact for name, fact in finding.facts if name.startswith("limit")},
    }


def _instant(timeline: Timeline, minute: int | None) -> str | None:
    return None if minute is None else timeline.instant_of(minute).isoformat()


def _fact_name(name: str) -> str:
    return f"{name.removesuffix('_minute')}_at" if name.endswith("_minute") else name


def _fact(name: str, fact: Fact, timeline: Timeline) -> Fact:
    return _instant(timeline, fact) if name.endswith("_minute") and isinstance(fact, int) else fact
