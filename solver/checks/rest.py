"""Between two workdays lies a rest period (§ 5 ArbZG)."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule


def rest(case: Case) -> Iterator[Finding]:
    """Elapsed time from the last end of a workday, or of history, to the first start of the next workday.

    The finding's span is the part of the rest period that is missing.
    """
    least = case.problem.labour.min_rest_minutes
    for agent_id, agent in case.agents.items():
        last_end = None
        if agent.history is not None and agent.history.last_end is not None:
            last_end = case.timeline.minute_of(agent.history.last_end)
        for workday in case.workdays_of[agent_id]:
            if last_end is not None and workday.start - last_end < least:
                facts = (
                    ("rest_minutes", workday.start - last_end),
                    ("limit_minutes", least),
                    ("last_end_minute", last_end),
                    ("next_start_minute", workday.start),
                )
                yield Finding(
                    Rule.REST,
                    "too_short",
                    (agent_id,),
                    (),
                    workday.start,
                    last_end + least,
                    last_end + least - workday.start,
                    "minutes",
                    facts,
                )
            last_end = workday.end
