"""Not too many people arrive at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule


def arrivals(case: Case) -> Iterator[Finding]:
    """Duties on site that start in one slot."""
    most = case.problem.hygiene.max_arrivals_per_slot
    if most is None:
        return
    slot_minutes = case.timeline.slot_minutes
    starting: dict[int, list[str]] = defaultdict(list)
    for duty in case.duties:
        if duty.place == "site":
            starting[duty.start // slot_minutes].append(duty.agent)
    for slot, agents in starting.items():
        if len(agents) > most:
            yield Finding(
                Rule.ARRIVALS,
                "too_many",
                tuple(sorted(set(agents))),
                ("site",),
                slot * slot_minutes,
                (slot + 1) * slot_minutes,
                len(agents) - most,
                "duties",
                (("arrivals", len(agents)), ("limit", most)),
            )
