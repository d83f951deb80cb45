"""A day's work has a limit (§ 3 ArbZG)."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule


def daily_work(case: Case) -> Iterator[Finding]:
    """Work of the duties starting on one day."""
    most = case.problem.labour.max_work_minutes_per_day
    for agent_id, workdays in case.workdays_of.items():
        for workday in workdays:
            work = workday.work_minutes
            if work > most:
                yield Finding(
                    Rule.DAILY_WORK,
                    "too_much_work",
                    (agent_id,),
                    (),
                    *case.day_span(workday.day),
                    work - most,
                    "minutes",
                    (("work_minutes", work), ("limit_minutes", most)),
                )
