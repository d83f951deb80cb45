"""Home only with clearance and consent, the site never for those who must not come, each queue where it may be."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, TimedDuty
from solver.rules import Finding, Rule
from solver.timeline import union


def place(case: Case) -> Iterator[Finding]:
    """The place of each duty and, at home, of the queues it serves."""
    for duty in case.duties:
        home = case.agents[duty.agent].home
        if duty.place == "site" and home == "only":
            yield _finding("not_on_site", duty)
        if duty.place == "home" and home == "none":
            yield _finding("not_at_home", duty)
        if duty.place == "home":
            yield from _queues_at_home(case, duty)


def _finding(detail: str, duty: TimedDuty) -> Finding:
    return Finding(Rule.PLACE, detail, (duty.agent,), (), duty.start, duty.end, duty.end - duty.start, "minutes")


def _queues_at_home(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    for queue in case.problem.queues:
        if not queue.home_allowed:
            for start, end in union(span for served, span in duty.serves if served == queue.id):
                yield Finding(
                    Rule.PLACE, "queue_not_at_home", (duty.agent,), (queue.id,), start, end, end - start, "minutes"
                )
