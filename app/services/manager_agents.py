"""Agents as the manager sees them: contract, skills, clearances, and availability by its effect only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.availability_windows import KINDS, Windows, windows_of
from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    AgentQueue,
    AvailabilityException,
    AvailabilityPattern,
    HomeClearance,
    HomeWish,
    Queue,
    Site,
)
from app.services.audit import Actor, record
from app.services.lookup import of_site, require_revision
from solver.timeline import Timeline


@dataclass(frozen=True)
class AgentLine:
    """An agent in the list.

    :param cleared_to_on: last day of the clearance valid today, None where there is none
    """

    agent: Agent
    queues: tuple[Queue, ...]
    cleared_to_on: date | None

    @property
    def letters(self) -> str:
        """Letters of the queues."""
        return " ".join(queue.letter for queue in self.queues)

    @property
    def may_work_at_home(self) -> bool:
        """Whether a clearance is valid and the agent wants it."""
        return self.cleared_to_on is not None and self.agent.home_wish is not HomeWish.NONE


@dataclass(frozen=True)
class AgentContract:
    """What a manager decides about an agent; minutes per week, ``queue_ids`` are the skills."""

    weekly_min_minutes: int
    weekly_max_minutes: int
    max_workdays: int
    max_blocks_per_day: int
    queue_ids: tuple[int, ...]


def agent_lines(session: Session, site_id: int, today: date) -> list[AgentLine]:
    """All agents of a site by name."""
    agents = session.exec(select(Agent).where(Agent.site_id == site_id).order_by(Agent.display_name)).all()
    queues = _queues_by_agent(session, site_id)
    cleared = _cleared_by_agent(session, site_id, today)
    return [AgentLine(agent, tuple(queues[agent.id]), cleared.get(agent.id)) for agent in agents]


def _queues_by_agent(session: Session, site_id: int) -> Mapping[int, list[Queue]]:
    found: defaultdict[int, list[Queue]] = defaultdict(list)
    rows = select(AgentQueue.agent_id, Queue).join(Queue, col(Queue.id) == AgentQueue.queue_id)
    for agent_id, queue in session.exec(rows.where(Queue.site_id == site_id).order_by(Queue.letter)):
        found[agent_id].append(queue)
    return found


def _cleared_by_agent(session: Session, site_id: int, today: date) -> Mapping[int, date]:
    rows = (
        select(col(HomeClearance.agent_id), col(HomeClearance.valid_to_on))
        .join(Agent, col(Agent.id) == HomeClearance.agent_id)
        .where(Agent.site_id == site_id)
        .where(col(HomeClearance.valid_from_on) <= today, col(HomeClearance.valid_to_on) >= today)
        .order_by(col(HomeClearance.valid_to_on))
    )
    return dict(iter(session.exec(rows)))


def skills_of(session: Session, agent: Agent) -> list[Queue]:
    """Queues that an agent can serve, by letter."""
    found = select(Queue).join(AgentQueue, col(AgentQueue.queue_id) == Queue.id)
    return list(session.exec(found.where(AgentQueue.agent_id == agent.id).order_by(Queue.letter)))


def site_queues(session: Session, site_id: int) -> list[Queue]:
    """All queues of a site, by letter."""
    return list(session.exec(select(Queue).where(Queue.site_id == site_id).order_by(Queue.letter)))


def active_agents(session: Session, site_id: int) -> list[Agent]:
    """Everybody who works at a site, by name."""
    found = select(Agent).where(Agent.site_id == site_id, col(Agent.active).is_(True))
    return list(session.exec(found.order_by(Agent.display_name)))


def clearances_of(session: Session, agent: Agent) -> list[HomeClearance]:
    """Clearances of an agent, the latest first."""
    found = select(HomeClearance).where(HomeClearance.agent_id == agent.id)
    return list(session.exec(found.order_by(col(HomeClearance.valid_from_on).desc())))


def set_contract(
    session: Session, actor: Actor, now: datetime, agent: Agent, revision: int, contract: AgentContract
) -> None:
    """Change contract and skills.

    :raises RefusedError: where the hours are the wrong way round, a queue is not the site's, or somebody else has
        changed the agent since ``revision``
    """
    if contract.weekly_min_minutes > contract.weekly_max_minutes:
        raise RefusedError("manager_agents.hours_crossed", 422)
    if set(contract.queue_ids) - {queue.id for queue in site_queues(session, agent.site_id)}:
        raise NotFoundError
    require_revision(agent, revision)
    for name in ("weekly_min_minutes", "weekly_max_minutes", "max_workdays", "max_blocks_per_day"):
        setattr(agent, name, getattr(contract, name))
    _set_skills(session, agent, contract.queue_ids)
    facts = {name: value for name, value in asdict(contract).items() if name != "queue_ids"}
    skills = " ".join(str(queue_id) for queue_id in contract.queue_ids)
    record(session, actor, now, "agent.changed", "agent", agent.id, site_id=agent.site_id, queues=skills, **facts)


def _set_skills(session: Session, agent: Agent, queue_ids: Sequence[int]) -> None:
    known = {row.queue_id: row for row in session.exec(select(AgentQueue).where(AgentQueue.agent_id == agent.id))}
    for queue_id in set(known) - set(queue_ids):
        session.delete(known[queue_id])
    session.add_all(AgentQueue(agent_id=agent.id, queue_id=queue_id) for queue_id in set(queue_ids) - set(known))
    session.flush()


def add_clearance(session: Session, actor: Actor, now: datetime, agent: Agent, first_on: date, last_on: date) -> None:
    """Clear an agent for work from home on some days, both included; RefusedError where they are crossed."""
    if last_on < first_on:
        raise RefusedError("manager_agents.days_crossed", 422)
    session.add(HomeClearance(agent_id=agent.id, valid_from_on=first_on, valid_to_on=last_on))
    facts = {"valid_from_on": first_on.isoformat(), "valid_to_on": last_on.isoformat()}
    record(session, actor, now, "clearance.added", "agent", agent.id, site_id=agent.site_id, **facts)


def end_clearance(session: Session, actor: Actor, now: datetime, agent: Agent, clearance_id: int, today: date) -> None:
    """End a clearance with today's day; one that has not begun is taken back altogether."""
    clearance = session.get(HomeClearance, clearance_id)
    if clearance is None or clearance.agent_id != agent.id:
        raise NotFoundError
    if clearance.valid_to_on <= today:
        raise RefusedError("manager_agents.ended_already")
    if clearance.valid_from_on > today:
        session.delete(clearance)
    else:
        clearance.valid_to_on = today
    record(session, actor, now, "clearance.ended", "agent", agent.id, site_id=agent.site_id, on=today.isoformat())


@dataclass(frozen=True)
class SeenAvailability:
    """One week of an agent as planning sees it, in elapsed minutes of the timeline."""

    timeline: Timeline
    windows: Windows

    def on(self, day_index: int) -> list[tuple[str, int, int]]:
        """What is stated for a day: kind, first and last minute, in order of time."""
        start, end = (self.timeline.day_start_minutes[day_index + add] for add in (0, 1))
        found = [
            (kind, max(start, from_minute), min(end, to_minute))
            for kind in KINDS
            for from_minute, to_minute in self.windows.of(kind)
            if from_minute < end and to_minute > start
        ]
        return sorted(found, key=lambda window: window[1:])


def seen_availability(session: Session, agent: Agent, first_day: date) -> SeenAvailability:
    """Availability of the week that begins on a day; reasons are stored nowhere."""
    site = session.get_one(Site, agent.site_id)
    timeline = Timeline(ZoneInfo(site.time_zone), first_day, 7, site.slot_minutes)
    patterns = session.exec(select(AvailabilityPattern).where(AvailabilityPattern.agent_id == agent.id)).all()
    exceptions = session.exec(
        select(AvailabilityException).where(
            AvailabilityException.agent_id == agent.id,
            AvailabilityException.applies_on >= first_day - timedelta(days=1),
            AvailabilityException.applies_on < first_day + timedelta(days=7),
        )
    ).all()
    return SeenAvailability(timeline, windows_of(timeline, patterns, exceptions))


def agent_of_site(session: Session, agent_id: int, site_id: int) -> Agent:
    """The agent; raises NotFoundError where it is another site's."""
    return of_site(session, Agent, agent_id, site_id)
