"""Between two people at one desk there is time to clean it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.checks.case import Case
from solver.rules import Finding, Rule


def cleaning_gap(case: Case) -> Iterator[Finding]:
    """Presence of different persons at one desk closer than the gap.

    The finding's span is where the later presence lies in the time for cleaning.
    """
    for desk, presence in case.at_desk.items():
        yield from _at_desk(desk, sorted(presence), case.problem.hygiene.cleaning_gap_minutes)


def _at_desk(desk: str, presence: Sequence[tuple[int, int, str]], gap: int) -> Iterator[Finding]:
    for index, (_, end, agent) in enumerate(presence):
        for later_start, later_end, later in presence[index + 1 :]:
            if later_start >= end + gap:
                break
            if later != agent:
                clean = min(end, later_end) + gap
                yield Finding(
                    Rule.CLEANING_GAP,
                    "too_short",
                    tuple(sorted((agent, later))),
                    (desk,),
                    later_start,
                    clean,
                    clean - later_start,
                    "minutes",
                    (("limit_minutes", gap),),
                )
