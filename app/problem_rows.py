"""The rows that a problem is built from, read with a handful of queries whatever the number of agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import (
    Agent,
    AgentQueue,
    AvailabilityException,
    AvailabilityPattern,
    CarePartner,
    Desk,
    HomeClearance,
    HygieneProfile,
    Partition,
    PublishedDuty,
    Queue,
    Room,
    RosterVersion,
    Site,
    Week,
)
from solver.timeline import Timeline

WEEK_DAYS = 7
HISTORY_WEEKS = 4
Row = TypeVar("Row")


@dataclass(frozen=True)
class AgentRows:
    """Everything about one agent; lists are empty where nothing is stored.

    :param before: duties of the published weeks before, in order of time
    :param previous: duties of this week's latest published version
    :param after: duties published for the week after, in order of time
    :param partners: care partners whom both have confirmed: the other's key and the minutes of handover
    """

    agent: Agent
    queues: list[str]
    clearances: list[HomeClearance]
    patterns: list[AvailabilityPattern]
    exceptions: list[AvailabilityException]
    partners: list[tuple[str, int]]
    before: list[PublishedDuty]
    previous: list[PublishedDuty]
    after: list[PublishedDuty]


@dataclass(frozen=True)
class WeekRows:
    """A site and one of its weeks."""

    site: Site
    week: Week
    timeline: Timeline
    rooms: list[Room]
    desks: list[Desk]
    partitions: list[Partition]
    hygiene: list[HygieneProfile]
    queues: list[Queue]
    agents: list[AgentRows]

    @property
    def desk_keys(self) -> dict[int, str]:
        """Keys of desks by row id."""
        return {desk.id: desk.key for desk in self.desks}

    @property
    def days(self) -> list[date]:
        """Local dates of the week."""
        return [self.timeline.day(day_index) for day_index in range(self.timeline.days)]


def read_week(session: Session, week: Week) -> WeekRows:
    """All rows of a week; agents who left are not among them."""
    site = session.get_one(Site, week.site_id)
    timeline = Timeline(ZoneInfo(site.time_zone), week.first_day, WEEK_DAYS, site.slot_minutes)
    return WeekRows(
        site=site,
        week=week,
        timeline=timeline,
        rooms=_of_site(session, Room, site),
        desks=_of_site(session, Desk, site),
        partitions=_partitions(session, site),
        hygiene=_hygiene(session, site, week.first_day),
        queues=_of_site(session, Queue, site),
        agents=_agents(session, site, timeline),
    )


def _of_site(session: Session, kind: type[Any], site: Site) -> list[Any]:
    return list(session.exec(select(kind).where(kind.site_id == site.id).order_by(kind.id)))


def _partitions(session: Session, site: Site) -> list[Partition]:
    query = select(Partition).join(Desk, col(Desk.id) == Partition.first_desk_id).where(Desk.site_id == site.id)
    return list(session.exec(query.order_by(col(Partition.first_desk_id), col(Partition.second_desk_id))))


def _hygiene(session: Session, site: Site, first_day: date) -> list[HygieneProfile]:
    """Profiles in force on any day of the week."""
    last_day = first_day + timedelta(days=WEEK_DAYS - 1)
    valid_to_on = col(HygieneProfile.valid_to_on)
    return list(
        session.exec(
            select(HygieneProfile)
            .where(HygieneProfile.site_id == site.id, col(HygieneProfile.valid_from_on) <= last_day)
            .where(sa.or_(valid_to_on.is_(None), valid_to_on >= first_day))
            .order_by(col(HygieneProfile.valid_from_on))
        )
    )


def _agents(session: Session, site: Site, timeline: Timeline) -> list[AgentRows]:
    agents = session.exec(
        select(Agent).where(Agent.site_id == site.id, col(Agent.active).is_(True)).order_by(col(Agent.key))
    ).all()
    first_day, last_day = timeline.first_day, timeline.day(timeline.days - 1)
    queues = _queue_keys(session, site)
    clearances = _by_agent(session, HomeClearance, site, HomeClearance.valid_from_on <= last_day)
    patterns = _by_agent(session, AvailabilityPattern, site, AvailabilityPattern.valid_from_on <= last_day)
    # A window may reach into the next day, so the day before the first one counts too.
    on_days = col(AvailabilityException.applies_on).between(first_day - timedelta(days=1), last_day)
    exceptions = _by_agent(session, AvailabilityException, site, on_days)
    partners = _partners(session, {agent.id: agent.key for agent in agents})
    earlier = [first_day - timedelta(weeks=back) for back in range(1, HISTORY_WEEKS + 1)]
    before = _duties(session, site, earlier)
    previous = _duties(session, site, [first_day])
    after = _duties(session, site, [first_day + timedelta(weeks=1)])
    return [
        AgentRows(
            agent=agent,
            queues=queues[agent.id],
            clearances=clearances[agent.id],
            patterns=patterns[agent.id],
            exceptions=exceptions[agent.id],
            partners=partners[agent.id],
            before=before[agent.id],
            previous=previous[agent.id],
            after=after[agent.id],
        )
        for agent in agents
    ]


def _queue_keys(session: Session, site: Site) -> Mapping[int, list[str]]:
    rows = session.exec(
        select(AgentQueue.agent_id, Queue.key)
        .join(Queue, col(Queue.id) == AgentQueue.queue_id)
        .where(Queue.site_id == site.id)
        .order_by(col(Queue.id))
    )
    keys: dict[int, list[str]] = defaultdict(list)
    for agent_id, key in rows:
        keys[agent_id].append(key)
    return keys


def _by_agent(session: Session, kind: Any, site: Site, wanted: Any) -> Mapping[int, list[Any]]:
    query = select(kind).join(Agent, col(Agent.id) == kind.agent_id).where(Agent.site_id == site.id, wanted)
    return _grouped(session.exec(query.order_by(kind.id)))


def _grouped(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    by_agent: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_agent[row.agent_id].append(row)
    return by_agent


def _partners(session: Session, key_of: Mapping[int, str]) -> Mapping[int, list[tuple[str, int]]]:
    """Only pairs that both have confirmed, and both of whom still work here."""
    confirmed = session.exec(
        select(CarePartner).where(
            col(CarePartner.first_confirmed_at).is_not(None), col(CarePartner.second_confirmed_at).is_not(None)
        )
    )
    partners: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pair in confirmed:
        first, second = pair.first_agent_id, pair.second_agent_id
        if first in key_of and second in key_of:
            partners[first].append((key_of[second], pair.handover_minutes))
            partners[second].append((key_of[first], pair.handover_minutes))
    return partners


def latest_versions(session: Session, site: Site, first_days: Sequence[date]) -> dict[date, RosterVersion]:
    """The latest published version of each of the weeks that has one, by the week's first day."""
    rows = session.exec(
        select(RosterVersion, col(Week.first_day))
        .join(Week, col(Week.id) == RosterVersion.week_id)
        .where(Week.site_id == site.id, col(Week.first_day).in_(first_days))
        .order_by(col(RosterVersion.number))
    )
    return {first_day: version for version, first_day in rows}


def _duties(session: Session, site: Site, first_days: Sequence[date]) -> Mapping[int, list[PublishedDuty]]:
    versions = [version.id for version in latest_versions(session, site, first_days).values()]
    query = select(PublishedDuty).where(col(PublishedDuty.version_id).in_(versions))
    return _grouped(session.exec(query.order_by(col(PublishedDuty.starts_at))))
