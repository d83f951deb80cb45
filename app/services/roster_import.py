"""A roster file from elsewhere: read against the week as it is stored, judged by all rules, kept whole or not."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.errors import RefusedError
from app.models import DocumentKind, Draft, Week, WeekState
from app.problem_builder import build_problem, judged
from app.services import documents, drafts, live_roster, planning
from app.services.audit import Actor, record
from app.services.lookup import of_site
from app.services.publishing import BreaksRulesError
from solver.problem import Problem
from solver.reading import parse_roster
from solver.timeline import Timeline

IMPORTABLE = (WeekState.COLLECTING, WeekState.PLANNING, WeekState.PUBLISHED, WeekState.RUNNING)


class ImportBreaksRulesError(BreaksRulesError):
    """The file can be read, but its roster breaks rules.

    :param timeline: of the findings' minutes
    """

    def __init__(self, refusal: BreaksRulesError, timeline: Timeline) -> None:
        super().__init__(refusal.findings)
        self.timeline = timeline


def take_over(session: Session, actor: Actor, now: datetime, week_id: int, content: bytes) -> Draft:
    """Keep a ``roster/1`` file as the newest draft of its week, to be published like any other.

    :param content: the file
    :raises UnusableInputError: with every fault of the file
    :raises ImportBreaksRulesError: with every breach of a rule
    :raises RefusedError: where the week is over or being planned
    """
    week = of_site(session, Week, week_id, actor.site_id)
    live_roster.take_turn(session, week.site_id)
    if week.state not in IMPORTABLE:
        raise RefusedError("manager_import.wrong_state")
    planning.require_no_plan(session, week)
    problem = build_problem(session, week)
    draft = _draft(session, now, week, problem, content)
    if week.state is WeekState.COLLECTING:
        week.state = WeekState.PLANNING
    record(session, actor, now, "roster.imported", "week", week.id, site_id=week.site_id, draft_id=draft.id)
    return draft


def _draft(session: Session, now: datetime, week: Week, problem: Problem, content: bytes) -> Draft:
    planned = judged(problem, parse_roster(content, problem))
    if planned.verdict.findings:
        raise ImportBreaksRulesError(BreaksRulesError(planned.verdict.findings), problem.timeline)
    verdict = planned.verdict
    roster = planned.roster.model_copy(
        update={
            "tiers": verdict.tiers,
            "missing_agent_minutes": float(verdict.missing_agent_minutes),
            "required_agent_minutes": float(verdict.required_agent_minutes),
            "bound": None,
        }
    )
    draft = Draft(
        week_id=week.id,
        problem_document_id=documents.store(session, DocumentKind.PROBLEM, problem.as_json()),
        roster_document_id=documents.store(session, DocumentKind.ROSTER, roster.as_json()),
        summary=drafts.summary_of(problem, planned),
        created_at=now,
    )
    session.add(draft)
    session.flush()
    return draft
