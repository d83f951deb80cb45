"""A site filled from a problem file, with a draft that looks real: for pages, browsers and measurements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import import_module
from string import ascii_uppercase
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, select

from app.models import (
    Agent,
    AvailabilityEntry,
    AvailabilityPattern,
    CallHistory,
    Desk,
    DocumentKind,
    Draft,
    HomeClearance,
    HomeWish,
    JobState,
    PatternKind,
    PlanJob,
    ProgressPoint,
    Queue,
    Role,
    Room,
    RosterVersion,
    Site,
    Week,
    WeekState,
)
from app.services import documents
from solver.demand.call_model import QueueModel, model_calls
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
    first_agent_id: int


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
    first_agent_id = session.exec(select(sa.func.min(Agent.id)).where(Agent.site_id == site.id)).one()
    return FilledSite(site.id, manager.id, week.id, draft.id, first_agent_id)


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
            summary=summary(json.loads(roster_json)),
            created_at=build.NOW,
        ),
    )
    return row


def fill_more(session: Session, filled: FilledSite) -> None:
    """Calls, availability, a published week of two versions and a week that is being planned."""
    site, week = session.get_one(Site, filled.site_id), session.get_one(Week, filled.week_id)
    fill_calls(session, site, week.first_day)
    _state_availability(session, site, week)
    published = _week(session, site, week.first_day - timedelta(weeks=1), WeekState.PUBLISHED)
    for number in (1, 2):
        publish(session, filled, published, number)
    planned = _week(session, site, week.first_day + timedelta(weeks=1), WeekState.PLANNING)
    running_job(session, filled, planned)
    _week(session, site, week.first_day + timedelta(weeks=2), WeekState.COLLECTING)


def fill_calls(session: Session, site: Site, before: date) -> None:
    """Four weeks of modelled calls for every queue."""
    zone = ZoneInfo(site.time_zone)
    for number, queue in enumerate(session.exec(select(Queue).where(Queue.site_id == site.id))):
        model = QueueModel(calls_per_day=900.0, opens_minutes=7 * 60, closes_minutes=21 * 60)
        made = model_calls(model, first_day=before - timedelta(weeks=4), days=28, interval_minutes=30, seed=number)
        session.add_all(
            CallHistory(
                queue_id=queue.id,
                starts_at=interval.starts_local.replace(tzinfo=zone),
                interval_minutes=interval.minutes,
                calls=interval.calls,
            )
            for interval in made
        )
    session.flush()


def _state_availability(session: Session, site: Site, week: Week) -> None:
    """Two thirds have confirmed; every third has a morning blocked."""
    for number, agent in enumerate(session.exec(select(Agent).where(Agent.site_id == site.id))):
        if number % 3:
            session.add(AvailabilityEntry(week_id=week.id, agent_id=agent.id, confirmed_at=build.NOW))
        else:
            session.add_all(
                AvailabilityPattern(
                    agent_id=agent.id,
                    weekday=weekday,
                    start_clock_minutes=start,
                    end_clock_minutes=end,
                    kind=kind,
                    valid_from_on=date(2020, 1, 1),
                )
                for weekday, start, end, kind in (
                    (0, 0, 510, PatternKind.BLOCKED),
                    (2, 1020, 1440, PatternKind.UNDESIRED),
                    (3, 540, 840, PatternKind.PREFERRED),
                )
            )
    session.flush()


def publish(session: Session, filled: FilledSite, week: Week, number: int) -> RosterVersion:
    """A version of a week with the filled site's roster; the second leaves a tenth of the duties out."""
    draft = session.get_one(Draft, filled.draft_id)
    problem, roster = (documents.load(session, of) for of in (draft.problem_document_id, draft.roster_document_id))
    if number > 1:
        roster = {**roster, "duties": [duty for index, duty in enumerate(roster["duties"]) if index % 10]}
    version: RosterVersion = build.saved(
        session,
        RosterVersion(
            week_id=week.id,
            number=number,
            author_id=filled.manager_id,
            published_at=build.NOW + timedelta(minutes=number),
            problem_document_id=documents.store(session, DocumentKind.PROBLEM, problem),
            roster_document_id=documents.store(session, DocumentKind.ROSTER, roster),
            duty_count=len(roster["duties"]),
            summary=summary(roster),
        ),
    )
    return version


def summary(roster: dict[str, Any]) -> dict[str, Any]:
    """The stored figures that lists need."""
    return {
        "missing_agent_minutes": roster["missing_agent_minutes"],
        "required_agent_minutes": roster["required_agent_minutes"],
        "bound_agent_minutes": None,
        "on_site_peak": 12,
        "on_site_limit": 20,
        "change_minutes": 0.0,
        "changed_agents": 0,
        "duties": len(roster["duties"]),
    }


def running_job(session: Session, filled: FilledSite, week: Week) -> PlanJob:
    """A plan half way, whose worker was heard of a moment ago."""
    curve: list[ProgressPoint] = [
        (float(second), 60_000 * 0.8**second + 9_000, 2_000.0 + 200 * second) for second in range(1, 31)
    ]
    job: PlanJob = build.saved(
        session,
        PlanJob(
            week_id=week.id,
            state=JobState.RUNNING,
            requested_by_id=filled.manager_id,
            requested_at=build.NOW - timedelta(seconds=31),
            started_at=build.NOW - timedelta(seconds=30),
            heartbeat_at=build.NOW,
            attempts=1,
            required_agent_minutes=300_000.0,
            progress=curve,
        ),
    )
    return job
