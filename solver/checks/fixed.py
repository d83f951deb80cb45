"""Confirmed bookings and locks are in the roster as they were given."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, TimedDuty
from solver.problem import FixedDuty
from solver.rules import Finding, Rule
from solver.timeline import Span, intersect, total, union


def fixed(case: Case) -> Iterator[Finding]:
    """Each fixed duty by start, end and place, and by breaks and desk where it names them."""
    for agent_id, agent in case.agents.items():
        for duty in agent.fixed:
            start, end = case.span(duty)
            kept = [own for own in case.duties_of[agent_id] if (own.presence, own.place) == ((start, end), duty.place)]
            if kept:
                yield from _parts(case, duty, kept[0])
            else:
                yield _finding("missing", agent_id, (), (start, end), end - start)


def _parts(case: Case, duty: FixedDuty, kept: TimedDuty) -> Iterator[Finding]:
    if duty.breaks is not None:
        wanted = sorted(case.span(pause) for pause in duty.breaks)
        if wanted != list(kept.breaks):
            common = total(intersect(wanted, kept.breaks))
            amount = total(union(wanted)) + total(union(kept.breaks)) - 2 * common
            yield _finding("other_breaks", kept.agent, (), kept.presence, amount)
    if duty.desk is not None and kept.desk != duty.desk:
        yield _finding("other_desk", kept.agent, (duty.desk,), kept.presence, kept.end - kept.start)


def _finding(detail: str, agent_id: str, where: tuple[str, ...], span: Span, amount: int) -> Finding:
    return Finding(Rule.FIXED, detail, (agent_id,), where, *span, amount, "minutes")
