"""The roster in force as a file with its verdict: what a version cut from it would hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, Week
from app.problem_builder import PlannedRoster, build_problem, judged
from app.problem_rows import read_week
from app.services import live_roster
from app.services.manager_live import roster_in_force
from app.services.manager_rosters import picture_of
from solver.checks import added, findings
from solver.faults import UnusableInputError
from solver.problem import Problem
from solver.roster import Roster
from solver.rules import Finding


@dataclass(frozen=True)
class LiveFiles:
    """The roster in force, judged by everything as it is stored now.

    :param added: breaches that the last version does not have by the same rules
    :param known: the other breaches: rules, people or rooms changed since, these duties did not
    :param changes_nothing: whether its duties are those of the last version
    """

    problem: Problem
    planned: PlannedRoster
    added: list[Finding]
    known: list[Finding]
    changes_nothing: bool


def of_live(session: Session, week: Week) -> LiveFiles:
    """The roster in force of a published week.

    :raises RefusedError: where it names people or desks that are gone
    """
    version = live_roster.latest_version(session, week.id)
    if version is None:
        raise NotFoundError
    problem = build_problem(session, week)
    planned = _judged(problem, live_file(session, week))
    last = picture_of(session, version.problem_document_id, version.roster_document_id).roster
    new = added(findings(problem, _still_known(problem, last)), planned.verdict.findings)
    known = [finding for finding in planned.verdict.findings if finding not in new]
    return LiveFiles(problem, planned, new, known, _duties(last) == _duties(planned.roster))


def live_file(session: Session, week: Week) -> Roster:
    """Duties and desks in force as a roster whose tiers are not counted yet."""
    rows = read_week(session, week, ())
    keys = dict(iter(session.exec(select(Agent.id, Agent.key).where(Agent.site_id == week.site_id))))
    released = live_roster.released_desks(session, week.id)
    return roster_in_force(
        rows,
        keys,
        live_roster.duties_of(session, week.id),
        [desk.key for desk in rows.desks if desk.id in released],
    )


def _judged(problem: Problem, roster: Roster) -> PlannedRoster:
    try:
        planned = judged(problem, roster)
    except UnusableInputError as error:
        raise RefusedError("manager_version.gone", place=error.faults[0].place) from error
    verdict = planned.verdict
    counted = {
        "tiers": verdict.tiers,
        "missing_agent_minutes": float(verdict.missing_agent_minutes),
        "required_agent_minutes": float(verdict.required_agent_minutes),
    }
    return PlannedRoster(roster.model_copy(update=counted), verdict)


def _still_known(problem: Problem, roster: Roster) -> Roster:
    """Without duties of people, desks and queues that are gone, which no rule can judge."""
    agents = {agent.id for agent in problem.agents}
    desks = {desk.id for room in problem.rooms for desk in room.desks}
    queues = {queue.id for queue in problem.queues}
    duties = [
        duty
        for duty in roster.duties
        if duty.agent in agents
        and (duty.desk is None or duty.desk in desks)
        and all(work.queue in queues for work in duty.serves)
    ]
    released = [desk for desk in roster.released_desks if desk in desks]
    return roster.model_copy(update={"duties": duties, "released_desks": released})


def _duties(roster: Roster) -> set[tuple[Any, ...]]:
    return {(duty.agent, duty.start, duty.end, duty.place, duty.desk) for duty in roster.duties}
