"""Nobody works too many days in a row."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule


def consecutive_days(case: Case) -> Iterator[Finding]:
    """Streaks of workdays; one that begins on the first day goes on from the history."""
    most = case.problem.labour.max_consecutive_workdays
    for agent_id, agent in case.agents.items():
        before = agent.history.consecutive_workdays if agent.history is not None else 0
        for first, last in _streaks([workday.day for workday in case.workdays_of[agent_id]]):
            in_a_row = last - first + 1 + (before if first == 0 else 0)
            if in_a_row > most:
                span = case.day_span(first)[0], case.day_span(last)[1]
                yield Finding(
                    Rule.CONSECUTIVE_DAYS,
                    "too_many",
                    (agent_id,),
                    (),
                    *span,
                    in_a_row - most,
                    "days",
                    (("days", in_a_row), ("limit", most)),
                )


def _streaks(days: list[int]) -> Iterator[tuple[int, int]]:
    first = last = None
    for day in days:
        if first is None or last is None:
            first = last = day
        elif day == last + 1:
            last = day
        else:
            yield first, last
            first = last = day
    if first is not None and last is not None:
        yield first, last
