"""No duty starts on a Sunday, a holiday or another day that is free (§ 9 ArbZG)."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule


def free_days(case: Case) -> Iterator[Finding]:
    """Duties that start on a free day of the site."""
    named = set(case.problem.labour.free_days)
    free = {day: sorted(case.day_names(day) & named) for day in range(case.timeline.days)}
    for duty in case.duties:
        if free[duty.workday]:
            yield Finding(
                Rule.FREE_DAYS,
                "free_day",
                (duty.agent,),
                (),
                duty.start,
                duty.end,
                1,
                "duties",
                (("day", free[duty.workday][0]),),
            )
