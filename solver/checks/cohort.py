"""People of different cohorts do not meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from solver.checks.case import Case, mixed
from solver.rules import Finding, Rule


def cohort(case: Case) -> Iterator[Finding]:
    """Cohorts in one room or on the site at once, or on the site on one local day, by the rule in force."""
    rule = case.problem.hygiene.cohort_rule
    if rule == "same_room":
        for room, presence in case.in_room.items():
            yield from _at_once(case, "same_room", room, presence)
    elif rule == "same_site":
        yield from _at_once(case, "same_site", "site", case.on_site)
    elif rule == "same_day":
        yield from _on_one_day(case)


def _cohorts(case: Case) -> dict[str, str | None]:
    return {agent_id: agent.cohort for agent_id, agent in case.agents.items()}


def _at_once(case: Case, detail: str, where: str, presence: Iterable[tuple[int, int, str]]) -> Iterator[Finding]:
    cohorts = _cohorts(case)
    for excess in mixed(presence, cohorts):
        names = sorted({cohorts[agent] or "" for agent in excess.agents})
        yield Finding(
            Rule.COHORT,
            detail,
            tuple(sorted(excess.agents)),
            (where,),
            excess.start,
            excess.end,
            excess.amount,
            "minutes",
            (("cohorts", ", ".join(names)),),
        )


def _on_one_day(case: Case) -> Iterator[Finding]:
    """The amount is the number of persons besides those of the day's largest cohort."""
    cohorts = _cohorts(case)
    present: dict[int, set[str]] = defaultdict(set)
    for start, end, agent in case.on_site:
        if cohorts[agent] is not None:
            for day in range(case.timeline.day_index_of(start), case.timeline.day_index_of(end - 1) + 1):
                present[day].add(agent)
    for day, agents in sorted(present.items()):
        sizes = Counter(cohorts[agent] or "" for agent in agents)
        if len(sizes) > 1:
            yield Finding(
                Rule.COHORT,
                "same_day",
                tuple(sorted(agents)),
                ("site",),
                *case.day_span(day),
                len(agents) - max(sizes.values()),
                "persons",
                (("cohorts", ", ".join(sorted(sizes))),),
            )
