"""Breaches of rules as sentences for a manager, with the names that the site uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.errors import RefusedError
from app.services.manager_names import SiteNames
from app.services.roster_guard import BreaksRuleError
from app.views.common import language, t
from solver.rules import Finding, Rule
from solver.sentences import rule_title, sentence
from solver.timeline import Timeline

MOST_FINDINGS = 40
OF_SOMEBODY_ELSE = {"booking.too_many": "manager_booking.too_many"}
"""Sentences that speak to the person concerned, and what a manager reads instead."""


def finding_texts(findings: Iterable[Finding], timeline: Timeline, names: SiteNames) -> list[str]:
    """A sentence for each breach, none twice."""
    called = {
        **names.rooms,
        **{key: queue.name for key, queue in names.queues.items()},
        **{key: agent.name for key, agent in names.agents.items()},
    }
    said = dict.fromkeys(sentence(finding, timeline, language(), called) for finding in findings)
    return list(said)[:MOST_FINDINGS]


def refusal_texts(refused: RefusedError, names: SiteNames) -> tuple[str, Sequence[str]]:
    """What a refusal says first, and the breaches that it names."""
    if not isinstance(refused, BreaksRuleError):
        return t(OF_SOMEBODY_ELSE.get(refused.key, refused.key), **refused.facts), ()
    if refused.findings and refused.timeline is not None:
        return t("manager_edit.breaks"), finding_texts(refused.findings, refused.timeline, names)
    known = {rule.value: rule for rule in Rule}
    rule = known.get(refused.rule)
    return t("booking.breaks_rule", rule=rule_title(rule, language()) if rule else refused.rule), ()
