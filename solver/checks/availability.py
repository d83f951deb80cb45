"""Nobody is present in a window that is blocked."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case
from solver.rules import Finding, Rule
from solver.timeline import intersect


def availability(case: Case) -> Iterator[Finding]:
    """Presence, breaks included, in the agent's blocked windows."""
    for agent_id, agent in case.agents.items():
        blocked = [case.span(window) for window in agent.availability if window.kind == "blocked"]
        for start, end in intersect(case.presence_of[agent_id], blocked) if blocked else ():
            yield Finding(Rule.AVAILABILITY, "blocked", (agent_id,), (), start, end, end - start, "minutes")
