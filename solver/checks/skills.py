"""Everybody serves what they can, one queue at a time, and nothing in a break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from solver.checks.case import Case, TimedDuty
from solver.rules import Finding, Rule
from solver.timeline import Span, intersect, union


def skills(case: Case) -> Iterator[Finding]:
    """Skills of each agent; service of two queues at once; service in a break."""
    for agent_id, duties in case.duties_of.items():
        served: dict[str, list[Span]] = defaultdict(list)
        for duty in duties:
            for queue, span in duty.serves:
                served[queue].append(span)
            yield from _in_breaks(duty)
        for queue in sorted(set(served) - set(case.agents[agent_id].queues)):
            for span in union(served[queue]):
                yield _finding("not_skilled", agent_id, (queue,), span)
        yield from _at_once(agent_id, served)


def _in_breaks(duty: TimedDuty) -> Iterator[Finding]:
    for queue in sorted({queue for queue, _ in duty.serves}) if duty.breaks else ():
        for span in intersect(duty.breaks, (span for served, span in duty.serves if served == queue)):
            yield _finding("in_break", duty.agent, (queue,), span)


def _at_once(agent_id: str, served: dict[str, list[Span]]) -> Iterator[Finding]:
    ordered = sorted((span, queue) for queue, spans in served.items() for span in union(spans))
    for index, (span, queue) in enumerate(ordered):
        for other_span, other in ordered[index + 1 :]:
            if other_span[0] >= span[1]:
                break
            both = other_span[0], min(span[1], other_span[1])
            yield _finding("two_queues", agent_id, tuple(sorted((queue, other))), both)


def _finding(detail: str, agent_id: str, queues: tuple[str, ...], span: Span) -> Finding:
    return Finding(Rule.SKILLS, detail, (agent_id,), queues, *span, span[1] - span[0], "minutes")
