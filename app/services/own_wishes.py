"""What an agent wishes once and for all: working from home, two stretches of work on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import Agent, HomeClearance, HomeWish
from app.services.audit import Actor, record
from app.services.lookup import require_revision


@dataclass(frozen=True)
class OwnWishes:
    """The actor's wishes and the clearances they depend on, those that are over left out."""

    agent: Agent
    clearances: Sequence[HomeClearance]

    def is_cleared_on(self, day: date) -> bool:
        """Whether working from home is cleared on a date."""
        return any(clearance.valid_from_on <= day <= clearance.valid_to_on for clearance in self.clearances)


def own_wishes(session: Session, actor: Actor, today: date) -> OwnWishes:
    """The actor's own; raises NotFoundError for people who are no agents."""
    agent = _own(session, actor)
    clearances = session.exec(
        select(HomeClearance)
        .where(HomeClearance.agent_id == agent.id, col(HomeClearance.valid_to_on) >= today)
        .order_by(col(HomeClearance.valid_from_on))
    )
    return OwnWishes(agent, clearances.all())


def save(
    session: Session, actor: Actor, now: datetime, revision: int, home_wish: HomeWish, max_blocks_per_day: int
) -> None:
    """Keep new wishes; raises RefusedError where the agent's row was changed since the form was made."""
    agent = _own(session, actor, locked=True)
    require_revision(agent, revision)
    agent.home_wish = home_wish
    agent.max_blocks_per_day = max_blocks_per_day
    record(session, actor, now, "agent.wishes_changed", "agent", agent.id)
    session.flush()


def _own(session: Session, actor: Actor, *, locked: bool = False) -> Agent:
    agent = session.get(Agent, actor.agent_id, with_for_update=locked) if actor.agent_id is not None else None
    if agent is None or agent.site_id != actor.site_id:
        raise NotFoundError
    return agent
