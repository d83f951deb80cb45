"""A filled site with a roster in force that keeps what the database asks for: for pages, browsers, measurements."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from app.models import Desk, DocumentKind, Draft, HygieneProfile, Room, RosterVersion, Week, WeekState
from app.problem_builder import duty_rows
from app.services import documents, roster_guard
from solver.reading import parse_problem, parse_roster
from tests.app import build
from tests.app.filled_site import FilledSite, publish

DAYS = 5
EVENING_FROM = 2
"""Every third agent works in the evening."""


def put_in_force(session: Session, filled: FilledSite, days: int = DAYS) -> RosterVersion:
    """Publish the filled week: everybody works a shift on each weekday, at a desk of their own while there are any."""
    week = session.get_one(Week, filled.week_id)
    for profile in session.exec(select(HygieneProfile).where(HygieneProfile.site_id == filled.site_id)):
        profile.min_distance_m, profile.min_area_per_person_m2 = None, None
    for room in session.exec(select(Room).where(Room.site_id == filled.site_id)):
        room.max_persons = None
    draft = session.get_one(Draft, filled.draft_id)
    problem = documents.load(session, draft.problem_document_id)
    desks = list(session.exec(select(Desk.key).where(Desk.site_id == filled.site_id, Desk.blocked == False)))  # noqa: E712
    draft.roster_document_id = documents.store(session, DocumentKind.ROSTER, roster_of(problem, desks, days))
    version = publish(session, filled, week, 1)
    parsed = parse_problem(documents.load(session, version.problem_document_id))
    roster = parse_roster(documents.load(session, version.roster_document_id), parsed)
    session.add_all(duty_rows(session, roster, filled.site_id, version.id))
    week.state = WeekState.PUBLISHED
    session.flush()
    roster_guard.opened(session, build.NOW, week)
    return version


def roster_of(problem: dict[str, Any], desks: list[str], days: int) -> dict[str, Any]:
    """A roster file with a duty per agent and weekday."""
    parsed = parse_problem(json.loads(json.dumps(problem)))
    duties = [
        _duty(parsed, agent, number, day, desks)
        for day in range(days)
        for number, agent in enumerate(problem["agents"])
    ]
    return {
        "format": "roster/1",
        "site": problem["site"]["id"],
        "first_day": problem["horizon"]["first_day"],
        "released_desks": desks,
        "duties": duties,
        "tiers": dict.fromkeys(("shortfall", "changes", "site_presence", "contract_minutes", "wishes"), 0),
        "missing_agent_minutes": 0,
        "required_agent_minutes": 1000,
    }


def _duty(parsed: Any, agent: dict[str, Any], number: int, day: int, desks: list[str]) -> dict[str, Any]:
    timeline = parsed.timeline
    hour = 14 if number % 3 == EVENING_FROM else 8
    start, pause, end = (
        timeline.instant_of(timeline.clock_minute(day, minutes))
        for minutes in (hour * 60, hour * 60 + 180, hour * 60 + 390)
    )
    resumed = pause + timedelta(minutes=30)
    queue = agent["queues"][0]
    seated = number < len(desks)
    return {
        "agent": agent["id"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "breaks": [{"start": pause.isoformat(), "end": resumed.isoformat()}],
        "place": "site" if seated else "home",
        "desk": desks[number] if seated else None,
        "serves": [
            {"queue": queue, "start": one.isoformat(), "end": other.isoformat()}
            for one, other in ((start, pause), (resumed, end))
        ],
    }
