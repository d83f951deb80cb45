"""Drafts: checked rosters that nobody has published yet, and the figures that lists show of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.models import Draft
from app.problem_builder import PlannedRoster
from app.services import documents
from app.services.floor_occupancy import floor_occupancy_of
from solver.problem import Problem
from solver.reading import parse_problem, parse_roster
from solver.roster import Roster


@dataclass(frozen=True)
class DraftSummary:
    """What a manager compares drafts by; shares are of the required agent minutes, 0 to 1.

    :param bound_share: proven least share that any roster would miss, None where nothing is proven
    :param on_site_peak: most persons on site at once, ``on_site_limit`` how many may be
    :param change_minutes: minutes of presence that differ from the published roster
    """

    missing_agent_minutes: float
    required_agent_minutes: float
    bound_agent_minutes: float | None
    on_site_peak: int
    on_site_limit: int
    change_minutes: float
    changed_agents: int
    duties: int
    findings_count: int

    @property
    def missing_share(self) -> float:
        """0 where nobody is required."""
        return self.missing_agent_minutes / self.required_agent_minutes if self.required_agent_minutes else 0.0

    @property
    def bound_share(self) -> float | None:
        """None where nothing is proven."""
        if self.bound_agent_minutes is None:
            return None
        return self.bound_agent_minutes / self.required_agent_minutes if self.required_agent_minutes else 0.0


def latest(session: Session, week_id: int) -> Draft | None:
    """The newest draft of a week."""
    return session.exec(select(Draft).where(Draft.week_id == week_id).order_by(col(Draft.id).desc()).limit(1)).first()


def summary(draft: Draft) -> DraftSummary:
    """The figures stored with a draft: nothing is computed."""
    return DraftSummary(findings_count=draft.findings_count, **draft.summary)


def files(session: Session, draft: Draft) -> tuple[Problem, Roster]:
    """Problem and roster of a draft."""
    problem = parse_problem(documents.load(session, draft.problem_document_id))
    return problem, parse_roster(documents.load(session, draft.roster_document_id), problem)


def summary_of(problem: Problem, planned: PlannedRoster) -> dict[str, Any]:
    """The figures to store with a draft or a version."""
    roster, verdict = planned.roster, planned.verdict
    occupancy = floor_occupancy_of(problem, roster)
    return {
        "missing_agent_minutes": float(verdict.missing_agent_minutes),
        "required_agent_minutes": float(verdict.required_agent_minutes),
        "bound_agent_minutes": None if roster.bound is None else roster.bound.missing_agent_minutes,
        "on_site_peak": occupancy.peak,
        "on_site_limit": occupancy.limit,
        "change_minutes": float(verdict.tiers.changes),
        "changed_agents": _changed_agents(problem, roster),
        "duties": len(roster.duties),
    }


def _changed_agents(problem: Problem, roster: Roster) -> int:
    """People whose times or places differ from the published roster; 0 where nothing was published."""
    if not any(agent.previous for agent in problem.agents):
        return 0
    planned: dict[str, set[tuple[Any, ...]]] = {agent.id: set() for agent in problem.agents}
    for duty in roster.duties:
        planned[duty.agent].add((duty.start, duty.end, duty.place))
    return sum(
        planned[agent.id] != {(duty.start, duty.end, duty.place) for duty in agent.previous} for agent in problem.agents
    )
