"""A site from a problem file: its rules, rooms, queues and people, without demand and without anybody's duties."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from string import ascii_uppercase

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.errors import RefusedError
from app.models import (
    Agent,
    AgentQueue,
    AvailabilityException,
    CarePartner,
    CohortRule,
    Desk,
    HomeClearance,
    HomeWish,
    HygieneProfile,
    Partition,
    Queue,
    Room,
    Site,
)
from app.services.audit import Actor, record
from app.services.site_windows import DatedWindows, dated_windows
from solver import problem as file
from solver.problem import Problem

COLOURS = 8
MOST_WORKDAYS = 7
CLEARED_DAYS = 365


@dataclass(frozen=True)
class SiteTerms:
    """What a problem file does not say about its site.

    :param land: German Land whose public holidays count, or None
    :param policy_name: name of the hygiene rules
    :param source: where they come from: the file's name
    """

    land: str | None
    policy_name: str
    source: str


def require_new(session: Session, key: str) -> None:
    """Raises RefusedError where a site of this key exists."""
    if session.exec(select(Site.id).where(Site.key == key)).first() is not None:
        raise RefusedError("create_site.exists", 409, site=key)


def create_site(session: Session, actor: Actor, now: datetime, problem: Problem, terms: SiteTerms) -> Site:
    """Write everything that :func:`app.services.site_file.site_file_faults` finds no fault with.

    :raises RefusedError: where a site of this key exists
    """
    site = _site(session, problem, terms)
    session.add(_hygiene(site, problem, terms))
    desk_ids = _rooms(session, site, problem.rooms)
    queue_ids = _queues(session, site, problem.queues)
    agent_ids = _agents(session, site, problem.agents, desk_ids)
    for agent in problem.agents:
        served = sorted({queue_ids[queue] for queue in agent.queues})
        session.add_all(AgentQueue(agent_id=agent_ids[agent.id], queue_id=queue_id) for queue_id in served)
    _availability(session, problem, agent_ids)
    _partners(session, problem.agents, agent_ids, now)
    record(
        session,
        actor,
        now,
        "site.created",
        "site",
        site.id,
        site_id=site.id,
        source=terms.source,
        agents=len(agent_ids),
    )
    session.flush()
    return site


def _site(session: Session, problem: Problem, terms: SiteTerms) -> Site:
    site = Site(
        key=problem.site.id,
        name=problem.site.name,
        time_zone=problem.site.time_zone,
        land=terms.land,
        holidays=sorted(set(problem.site.holidays)),
        slot_minutes=problem.horizon.slot_minutes,
        duty_rules=problem.duties,
        labour=problem.labour,
    )
    try:
        with session.begin_nested():
            session.add(site)
            session.flush()
    except IntegrityError as refusal:
        raise RefusedError("create_site.exists", 409, site=problem.site.id) from refusal
    return site


def _hygiene(site: Site, problem: Problem, terms: SiteTerms) -> HygieneProfile:
    rules = problem.hygiene
    return HygieneProfile(
        site_id=site.id,
        name=terms.policy_name,
        source=terms.source[:400],
        valid_from_on=problem.horizon.first_day,
        min_distance_m=rules.min_distance_m,
        min_area_per_person_m2=rules.min_area_per_person_m2,
        max_persons_on_site=rules.max_persons_on_site,
        cleaning_gap_minutes=rules.cleaning_gap_minutes,
        max_arrivals_per_slot=rules.max_arrivals_per_slot,
        cohort_rule=CohortRule(rules.cohort_rule),
    )


def _rooms(session: Session, site: Site, rooms: Sequence[file.Room]) -> dict[str, int]:
    """Row ids of the desks by their keys."""
    desk_ids: dict[str, int] = {}
    for room in rooms:
        row = Room(
            site_id=site.id,
            key=room.id,
            name=room.id,
            floor=room.floor,
            area_m2=room.area_m2,
            max_persons=room.max_persons,
        )
        session.add(row)
        session.flush()
        desk_ids |= _desks(session, row, room)
        pairs = {tuple(sorted(desk_ids[end] for end in pair)) for pair in room.partitions}
        session.add_all(Partition(first_desk_id=first, second_desk_id=second) for first, second in sorted(pairs))
    return desk_ids


def _desks(session: Session, row: Room, room: file.Room) -> dict[str, int]:
    desks = [
        Desk(
            site_id=row.site_id,
            room_id=row.id,
            key=desk.id,
            x_m=desk.x_m,
            y_m=desk.y_m,
            blocked=desk.blocked,
            features=desk.features,
        )
        for desk in room.desks
    ]
    session.add_all(desks)
    session.flush()
    return {desk.key: desk.id for desk in desks}


def letters_of(names: Sequence[str]) -> list[str]:
    """A letter of its own for each of at most 26 queues: one of its name where one is left, else the next free one."""
    letters: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).upper()
        wanted = [sign for sign in plain if sign in ascii_uppercase]
        letters.append(next(sign for sign in [*wanted, *ascii_uppercase] if sign not in letters))
    return letters


def _queues(session: Session, site: Site, queues: Sequence[file.Queue]) -> dict[str, int]:
    letters = letters_of([queue.id for queue in queues])
    rows = [
        Queue(
            site_id=site.id,
            key=queue.id,
            name=queue.id,
            letter=letter,
            colour_index=index % COLOURS,
            home_allowed=queue.home_allowed,
            weight=queue.weight,
        )
        for index, (queue, letter) in enumerate(zip(queues, letters, strict=True))
    ]
    session.add_all(rows)
    session.flush()
    return {row.key: row.id for row in rows}


def _agents(session: Session, site: Site, agents: Sequence[file.Agent], desk_ids: Mapping[str, int]) -> dict[str, int]:
    rows = [_agent(site, agent, desk_ids) for agent in agents]
    session.add_all(rows)
    session.flush()
    return {row.key: row.id for row in rows}


def _agent(site: Site, agent: file.Agent, desk_ids: Mapping[str, int]) -> Agent:
    return Agent(
        site_id=site.id,
        key=agent.id,
        display_name=agent.id,
        cohort=agent.cohort,
        weekly_min_minutes=agent.weekly_minutes.min,
        weekly_max_minutes=agent.weekly_minutes.max,
        # A run has seven days, so a larger number says nothing more.
        max_workdays=min(agent.max_workdays, MOST_WORKDAYS),
        max_blocks_per_day=agent.max_blocks_per_day,
        home_wish=HomeWish(agent.home),
        desk_needs=agent.desk_needs,
        usual_desk_id=None if agent.usual_desk is None else desk_ids[agent.usual_desk],
        limits=agent.limits,
    )


def clearance_days(problem: Problem) -> tuple[date, date]:
    """From the first day of the file on for a year, both dates included."""
    first_day = problem.horizon.first_day
    return first_day, first_day + timedelta(days=CLEARED_DAYS - 1)


def windows_by_agent(problem: Problem) -> dict[str, DatedWindows]:
    """The windows of each agent by local date."""
    return {agent.id: dated_windows(problem.timeline, agent.availability) for agent in problem.agents}


def _availability(session: Session, problem: Problem, agent_ids: Mapping[str, int]) -> None:
    """Dated windows, and the clearances without which no wish for home counts."""
    first_day, last_day = clearance_days(problem)
    for agent in problem.agents:
        if agent.home != "none":
            session.add(HomeClearance(agent_id=agent_ids[agent.id], valid_from_on=first_day, valid_to_on=last_day))
    for key, found in windows_by_agent(problem).items():
        session.add_all(
            AvailabilityException(agent_id=agent_ids[key], **window.model_dump()) for window in found.windows
        )


def pairs_of(agents: Sequence[file.Agent]) -> dict[frozenset[str], int]:
    """Care partners and their handover in minutes; named from both sides, the longer one counts."""
    pairs: dict[frozenset[str], int] = {}
    for agent in agents:
        for partner in agent.not_together_with:
            pair = frozenset((agent.id, partner.agent))
            pairs[pair] = max(pairs.get(pair, 0), partner.handover_minutes)
    return pairs


def _partners(session: Session, agents: Sequence[file.Agent], agent_ids: Mapping[str, int], now: datetime) -> None:
    for pair, handover_minutes in pairs_of(agents).items():
        first, second = sorted(agent_ids[key] for key in pair)
        session.add(
            CarePartner(
                first_agent_id=first,
                second_agent_id=second,
                handover_minutes=handover_minutes,
                first_confirmed_at=now,
                second_confirmed_at=now,
            )
        )
