"""What the things of a site are called, by the keys that problem and roster files know them by."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, select

from app.models import Agent, Queue, Room


@dataclass(frozen=True)
class QueueName:
    """How a queue is shown: by name, by letter and by colour."""

    id: int | None
    name: str
    letter: str
    colour_index: int


@dataclass(frozen=True)
class AgentName:
    """How an agent is shown, and the row behind it."""

    id: int | None
    name: str


@dataclass(frozen=True)
class SiteNames:
    """Names by key; what was deleted since is shown by its key."""

    agents: dict[str, AgentName]
    queues: dict[str, QueueName]
    rooms: dict[str, str]

    def agent(self, key: str) -> AgentName:
        """The agent of a key."""
        return self.agents.get(key) or AgentName(None, key)

    def queue(self, key: str) -> QueueName:
        """The queue of a key."""
        return self.queues.get(key) or QueueName(None, key, key[:1].upper(), 0)

    def room(self, key: str) -> str:
        """The name of a room."""
        return self.rooms.get(key, key)


def names_of(session: Session, site_id: int) -> SiteNames:
    """All names of a site."""
    agents = session.exec(select(Agent.key, Agent.id, Agent.display_name).where(Agent.site_id == site_id))
    queues = session.exec(select(Queue).where(Queue.site_id == site_id))
    rooms = session.exec(select(Room.key, Room.name).where(Room.site_id == site_id))
    return SiteNames(
        {key: AgentName(agent_id, name) for key, agent_id, name in agents},
        {queue.key: QueueName(queue.id, queue.name, queue.letter, queue.colour_index) for queue in queues},
        {key: name for key, name in rooms},  # noqa: C416 -- rows are no pairs for dict()
    )
