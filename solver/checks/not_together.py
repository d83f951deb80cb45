"""Care partners are never at work at the same time, and have time to hand over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from solver.checks.case import Case
from solver.problem import Agent
from solver.rules import Finding, Rule


def not_together(case: Case) -> Iterator[Finding]:
    """Presence of two partners closer than the hand-over.

    The finding's span is where the later presence lies in the other's hand-over time.
    """
    for (one, other), handover in sorted(handover_minutes(case.agents).items()):
        for start, end in case.presence_of[one]:
            for other_start, other_end in case.presence_of[other]:
                if max(start, other_start) - min(end, other_end) < handover:
                    later_start, earlier_end = max(start, other_start), min(end, other_end)
                    yield Finding(
                        Rule.NOT_TOGETHER,
                        "too_close",
                        (one, other),
                        (),
                        later_start,
                        earlier_end + handover,
                        earlier_end + handover - later_start,
                        "minutes",
                        (("limit_minutes", handover),),
                    )


def handover_minutes(agents: Mapping[str, Agent]) -> dict[tuple[str, str], int]:
    """The hand-over of each pair, ids sorted; the larger one where both name each other."""
    pairs: dict[tuple[str, str], int] = {}
    for agent in agents.values():
        for partner in agent.not_together_with:
            one, other = sorted((agent.id, partner.agent))
            pairs[one, other] = max(pairs.get((one, other), 0), partner.handover_minutes)
    return pairs
