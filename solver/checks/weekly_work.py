"""A week's work stays within the contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from solver.checks.case import Case, Workday
from solver.rules import Finding, Rule
from solver.timeline import Span


def weekly_work(case: Case) -> Iterator[Finding]:
    """Work and workdays within each run of seven days from the first day."""
    for agent_id, agent in case.agents.items():
        runs: dict[int, list[Workday]] = defaultdict(list)
        for workday in case.workdays_of[agent_id]:
            runs[case.timeline.run_of(workday.day)].append(workday)
        for run, workdays in runs.items():
            span = run_span(case, run)
            work, most = sum(workday.work_minutes for workday in workdays), agent.weekly_minutes.max
            if work > most:
                yield Finding(
                    Rule.WEEKLY_WORK,
                    "too_much_work",
                    (agent_id,),
                    (),
                    *span,
                    work - most,
                    "minutes",
                    (("work_minutes", work), ("limit_minutes", most)),
                )
            if len(workdays) > agent.max_workdays:
                yield Finding(
                    Rule.WEEKLY_WORK,
                    "too_many_workdays",
                    (agent_id,),
                    (),
                    *span,
                    len(workdays) - agent.max_workdays,
                    "days",
                    (("workdays", len(workdays)), ("limit", agent.max_workdays)),
                )


def run_span(case: Case, run: int) -> Span:
    """From the first to the last midnight of a run of seven days."""
    first, last = run * 7, min(run * 7 + 7, case.timeline.days)
    return case.timeline.day_start_minutes[first], case.timeline.day_start_minutes[last]
