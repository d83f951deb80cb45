"""The site holds no more people than it may."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, crowded
from solver.rules import Finding, Rule


def site_cap(case: Case) -> Iterator[Finding]:
    """Persons present on site, breaks included, at the fullest moment of each stretch above the cap."""
    cap = case.problem.hygiene.max_persons_on_site
    for excess in () if cap is None else crowded(case.on_site, cap):
        facts = (("persons", (cap or 0) + excess.amount), ("limit", cap))
        yield Finding(
            Rule.SITE_CAP,
            "too_full",
            tuple(sorted(excess.agents)),
            ("site",),
            excess.start,
            excess.end,
            excess.amount,
            "persons",
            facts,
        )
