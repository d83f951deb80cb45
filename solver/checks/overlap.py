"""Nobody has two duties at once, or more of them on one day than agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.checks.case import Case, TimedDuty
from solver.rules import Finding, Rule


def overlap(case: Case) -> Iterator[Finding]:
    """Pairs of overlapping duties of one agent, and days with too many blocks."""
    for agent_id, duties in case.duties_of.items():
        yield from _pairs(duties)
        most = case.agents[agent_id].max_blocks_per_day
        for workday in case.workdays_of[agent_id]:
            blocks = len(workday.duties)
            if blocks > most:
                yield Finding(
                    Rule.OVERLAP,
                    "too_many_blocks",
                    (agent_id,),
                    (),
                    *case.day_span(workday.day),
                    blocks - most,
                    "duties",
                    (("blocks", blocks), ("limit", most)),
                )


def _pairs(duties: Sequence[TimedDuty]) -> Iterator[Finding]:
    for index, duty in enumerate(duties):
        for later in duties[index + 1 :]:
            if later.start >= duty.end:
                break
            end = min(duty.end, later.end)
            yield Finding(Rule.OVERLAP, "at_once", (duty.agent,), (), later.start, end, end - later.start, "minutes")
