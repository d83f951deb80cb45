"""The rows that a problem is built from, read with a handful of queries whatever the number of agents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    CurrentDuty,
    Desk,
    DutySource,
    HomeClearance,
    HygieneProfile,
    LiveWeek,
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
AnyDuty = CurrentDuty | PublishedDuty
"""A duty in force; of a week in which nothing was ever changed, the latest version's."""


@dataclass(frozen=True)
class AgentRows:
    """Everything about one agent; lists are empty where nothing is stored.

    :param before: duties of the weeks before, in order of time
    :param previous: duties of this week in force, none before it is published
    :param after: duties of the week after, in order of time
    :param partners: care partners whom both have confirmed: the other's key and the minutes of handover
    :param booked: duties of this week that the agent booked
    """

    agent: Agent
    queues: list[str]
    clearances: list[HomeClearance]
    patterns: list[AvailabilityPattern]
    exceptions: list[AvailabilityException]
    partners: list[tuple[str, int]]
    before: list[AnyDuty]
    previous: list[AnyDuty]
    after: list[AnyDuty]
    booked: list[AnyDuty]


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
        return [self.week.first_day + timedelta(days=day_index) for day_index in range(WEEK_DAYS)]


def read_week(session: Session, week: Week, agent_ids: Collection[int] | None = None) -> WeekRows:
    """All rows of a week; agents who left are not among them.

    :param agent_ids: only these agents and their care partners, without any duties
    """
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
        agents=_agents(session, site, timeline, agent_ids),
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


def read_agents(session: Session, site: Site, timeline: Timeline, agent_ids: Collection[int]) -> list[AgentRows]:
    """Some agents and their care partners in the days of a timeline, without any duties; not those who left."""
    return _agents(session, site, timeline, agent_ids)


def _agents(session: Session, site: Site, timeline: Timeline, only: Collection[int] | None = None) -> list[AgentRows]:
    query = select(Agent).where(Agent.site_id == site.id, col(Agent.active).is_(True))
    pairs = _pairs(session, only)
    partner_ids = {agent_id for pair in pairs for agent_id in (pair.first_agent_id, pair.second_agent_id)}
    ids = None if only is None else {*only, *partner_ids}
    agents = session.exec(
        (query if ids is None else query.where(col(Agent.id).in_(ids))).order_by(col(Agent.key))
    ).all()
    first_day, last_day = timeline.first_day, timeline.day(timeline.days - 1)
    queues = _queue_keys(session, site, ids)
    clearances = _by_agent(session, HomeClearance, site, HomeClearance.valid_from_on <= last_day, ids)
    patterns = _by_agent(session, AvailabilityPattern, site, AvailabilityPattern.valid_from_on <= last_day, ids)
    # A window may reach into the next day, so the day before the first one counts too.
    on_days = col(AvailabilityException.applies_on).between(first_day - timedelta(days=1), last_day)
    exceptions = _by_agent(session, AvailabilityException, site, on_days, ids)
    partners = _partners(pairs, {agent.id: agent.key for agent in agents})
    duties = _WeekDuties() if only is not None else _week_duties(session, site, first_day)
    return [
        AgentRows(
            agent=agent,
            queues=queues[agent.id],
            clearances=clearances[agent.id],
            patterns=patterns[agent.id],
            exceptions=exceptions[agent.id],
            partners=partners[agent.id],
            before=duties.before[agent.id],
            previous=duties.previous[agent.id],
            after=duties.after[agent.id],
            booked=duties.booked[agent.id],
        )
        for agent in agents
    ]


def _by_agent_id() -> dict[int, list[AnyDuty]]:
    return defaultdict(list)


@dataclass(frozen=True)
class _WeekDuties:
    """Duties by agent, as in :class:`AgentRows`."""

    before: Mapping[int, list[AnyDuty]] = field(default_factory=_by_agent_id)
    previous: Mapping[int, list[AnyDuty]] = field(default_factory=_by_agent_id)
    after: Mapping[int, list[AnyDuty]] = field(default_factory=_by_agent_id)
    booked: Mapping[int, list[AnyDuty]] = field(default_factory=_by_agent_id)


def _week_duties(session: Session, site: Site, first_day: date) -> _WeekDuties:
    earlier = [first_day - timedelta(weeks=back) for back in range(1, HISTORY_WEEKS + 1)]
    in_force = _duties(session, site, [first_day])
    booked = [duty for own in in_force.values() for duty in own if isinstance(duty, CurrentDuty)]
    return _WeekDuties(
        before=_duties(session, site, earlier),
        previous=in_force if latest_versions(session, site, [first_day]) else _by_agent_id(),
        after=_duties(session, site, [first_day + timedelta(weeks=1)]),
        booked=_grouped(duty for duty in booked if duty.source is DutySource.BOOKED),
    )


def _pairs(session: Session, agent_ids: Collection[int] | None = None) -> list[CarePartner]:
    """Care partners who have both confirmed, of everybody or with one of some agents."""
    first, second = col(CarePartner.first_agent_id), col(CarePartner.second_agent_id)
    confirmed = select(CarePartner).where(
        col(CarePartner.first_confirmed_at).is_not(None), col(CarePartner.second_confirmed_at).is_not(None)
    )
    if agent_ids is not None:
        confirmed = confirmed.where(sa.or_(first.in_(agent_ids), second.in_(agent_ids)))
    return list(session.exec(confirmed))


def _queue_keys(session: Session, site: Site, ids: Collection[int] | None) -> Mapping[int, list[str]]:
    query = (
        select(AgentQueue.agent_id, Queue.key)
        .join(Queue, col(Queue.id) == AgentQueue.queue_id)
        .where(Queue.site_id == site.id)
        .order_by(col(Queue.id))
    )
    keys: dict[int, list[str]] = defaultdict(list)
    for agent_id, key in session.exec(query if ids is None else query.where(col(AgentQueue.agent_id).in_(ids))):
        keys[agent_id].append(key)
    return keys


def _by_agent(
    session: Session, kind: Any, site: Site, wanted: Any, ids: Collection[int] | None
) -> Mapping[int, list[Any]]:
    query = select(kind).where(wanted).order_by(kind.id)
    if ids is None:
        query = query.join(Agent, col(Agent.id) == kind.agent_id).where(Agent.site_id == site.id)
    else:
        query = query.where(kind.agent_id.in_(ids))
    return _grouped(session.exec(query))


def _grouped(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    by_agent: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_agent[row.agent_id].append(row)
    return by_agent


def _partners(pairs: Iterable[CarePartner], key_of: Mapping[int, str]) -> Mapping[int, list[tuple[str, int]]]:
    """Only pairs both of whom still work here."""
    partners: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pair in pairs:
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


def _duties(session: Session, site: Site, first_days: Sequence[date]) -> Mapping[int, list[AnyDuty]]:
    """Duties in force: the live ones of weeks that have them, the latest version's of the others."""
    weeks = select(Week.id).where(Week.site_id == site.id, col(Week.first_day).in_(first_days))
    live_ids = set(session.exec(select(LiveWeek.week_id).where(col(LiveWeek.week_id).in_(weeks))))
    versions = latest_versions(session, site, first_days).values()
    live = select(CurrentDuty).where(col(CurrentDuty.week_id).in_(live_ids)).order_by(col(CurrentDuty.starts_at))
    published = select(PublishedDuty).where(
        col(PublishedDuty.version_id).in_([version.id for version in versions if version.week_id not in live_ids])
    )
    found: list[AnyDuty] = [*session.exec(live), *session.exec(published)]
    return _grouped(sorted(found, key=lambda duty: duty.starts_at))
