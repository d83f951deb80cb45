"""A site filled from a problem file, with a draft that looks real: for pages, browsers and measurements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import import_module
from string import ascii_uppercase

from sqlmodel import Session

from app.models import (
    Desk,
    DocumentKind,
    Draft,
    HomeClearance,
    HomeWish,
    Queue,
    Role,
    Room,
    Site,
    Week,
    WeekState,
)
from app.services import documents
from solver.problem import Problem
from tests.app import build
from tests.app.plausible_rosters import plausible_roster


@dataclass(frozen=True)
class FilledSite:
    """Ids of what was made."""

    site_id: int
    manager_id: int
    week_id: int
    draft_id: int


@lru_cache(maxsize=4)
def problem_of(agents: int, kind: str = "week") -> Problem:
    problems = import_module("bench.problems")
    return Problem.model_validate_json(json.dumps(problems.make_problem(problems.KINDS[kind], agents, seed=7)))


@lru_cache(maxsize=4)
def files_of(agents: int, kind: str = "week") -> tuple[str, str]:
    """Problem and roster as JSON."""
    problem = problem_of(agents, kind)
    return json.dumps(problem.as_json()), json.dumps(plausible_roster(problem).as_json())


def fill(session: Session, agents: int = 40, kind: str = "week", login_name: str = "leni") -> FilledSite:
    problem = problem_of(agents, kind)
    site = build.site(session, problem.site.id, name=problem.site.name, time_zone=problem.site.time_zone)
    build.hygiene(session, site, min_distance_m=problem.hygiene.min_distance_m)
    _fill_rooms(session, site, problem)
    queues = _fill_queues(session, site, problem)
    _fill_agents(session, site, problem, queues)
    manager = build.account(session, login_name, Role.MANAGER, site)
    week = _week(session, site, problem.horizon.first_day, WeekState.PLANNING)
    draft = _draft(session, week, *files_of(agents, kind))
    return FilledSite(site.id, manager.id, week.id, draft.id)


def _fill_rooms(session: Session, site: Site, problem: Problem) -> None:
    for room in problem.rooms:
        width = max((desk.x_m for desk in room.desks), default=4.0) + 1.0
        depth = max((desk.y_m for desk in room.desks), default=4.0) + 1.0
        row: Room = build.saved(
            session,
            Room(
                site_id=site.id,
                key=room.id,
                name=room.id.replace("-", " ").title(),
                floor=room.floor,
                area_m2=room.area_m2,
                max_persons=room.max_persons,
                outline=[(0, 0), (width, 0), (width, depth), (0, depth)],
            ),
        )
        session.add_all(
            Desk(
                site_id=site.id,
                room_id=row.id,
                key=desk.id,
                x_m=desk.x_m,
                y_m=desk.y_m,
                blocked=desk.blocked,
                features=list(desk.features),
            )
            for desk in room.desks
        )
    session.flush()


def _fill_queues(session: Session, site: Site, problem: Problem) -> dict[str, Queue]:
    return {
        queue.id: build.queue(
            session,
            site,
            queue.id,
            ascii_uppercase[number],
            colour_index=number,
            home_allowed=queue.home_allowed,
            weight=queue.weight,
        )
        for number, queue in enumerate(problem.queues)
    }


def _fill_agents(session: Session, site: Site, problem: Problem, queues: dict[str, Queue]) -> None:
    for number, agent in enumerate(problem.agents, start=1):
        row = build.agent(
            session,
            site,
            agent.id,
            *(queues[queue] for queue in agent.queues),
            display_name=f"Agent {number}",
            weekly_min_minutes=agent.weekly_minutes.min,
            weekly_max_minutes=agent.weekly_minutes.max,
            max_workdays=min(7, agent.max_workdays),
            home_wish=HomeWish(agent.home),
        )
        if agent.home != "none":
            clearance = HomeClearance(agent_id=row.id, valid_from_on=date(2020, 1, 1), valid_to_on=date(2020, 12, 31))
            session.add(clearance)


def _week(session: Session, site: Site, first_day: date, state: WeekState) -> Week:
    deadline_at = datetime.combine(first_day - timedelta(days=3), time(12), UTC)
    row: Week = build.saved(
        session, Week(site_id=site.id, first_day=first_day, state=state, entry_deadline_at=deadline_at)
    )
    return row


def _draft(session: Session, week: Week, problem_json: str, roster_json: str) -> Draft:
    row: Draft = build.saved(
        session,
        Draft(
            week_id=week.id,
            problem_document_id=documents.store(session, DocumentKind.PROBLEM, json.loads(problem_json)),
            roster_document_id=documents.store(session, DocumentKind.ROSTER, json.loads(roster_json)),
            created_at=build.NOW,
        ),
    )
    return row
