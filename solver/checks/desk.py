"""Everybody on site has one desk that may be used and suits them."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, TimedDuty
from solver.rules import Finding, Rule


def desk(case: Case) -> Iterator[Finding]:
    """The desk of each duty on site: there is one, released, not blocked, with all that the agent needs."""
    released = set(case.roster.released_desks)
    for duty in case.duties:
        if duty.place != "site":
            continue
        if duty.desk is None:
            yield _finding("none", duty)
            continue
        if duty.desk not in released:
            yield _finding("not_released", duty)
        if case.desks[duty.desk][0].blocked:
            yield _finding("blocked", duty)
        lacking = sorted(set(case.agents[duty.agent].desk_needs) - set(case.desks[duty.desk][0].features))
        if lacking:
            yield _finding("lacks_features", duty, (("features", ", ".join(lacking)),))


def _finding(detail: str, duty: TimedDuty, facts: tuple[tuple[str, str], ...] = ()) -> Finding:
    where = () if duty.desk is None else (duty.desk,)
    return Finding(
        Rule.DESK, detail, (duty.agent,), where, duty.start, duty.end, duty.end - duty.start, "minutes", facts
    )
