"""What became of a duty that is no longer as somebody saw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import RosterChange
from app.services.audit import Actor
from app.services.roster_guard import ChangedMeanwhileError

MOST_CHANGES_READ = 2000


@dataclass(frozen=True)
class Became:
    """The change that ended a duty's row; ``before`` and ``after`` are the one person's duties in it."""

    kind: str
    happened_at: datetime
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]


class DutyChangedError(ChangedMeanwhileError):
    """A duty that is no longer as it was seen, and how it changed."""

    def __init__(self, became: Became) -> None:
        super().__init__("booking.changed_meanwhile")
        self.became = became


def became_of(session: Session, actor: Actor, duty_id: int) -> Became | None:
    """How a duty of the actor changed, of anybody's of the site for a manager; None where nothing is known of it."""
    query = select(RosterChange).where(RosterChange.site_id == actor.site_id).order_by(col(RosterChange.id).desc())
    for change in session.exec(query.limit(MOST_CHANGES_READ)):
        ended = next((duty for duty in change.before if duty["duty_id"] == duty_id), None)
        if ended is not None:
            return _told(change, actor, ended["agent_id"])
    return None


def _told(change: RosterChange, actor: Actor, agent_id: int) -> Became | None:
    if actor.agent_id is not None and actor.agent_id != agent_id:
        return None
    before, after = (
        [duty for duty in duties if duty["agent_id"] == agent_id] for duties in (change.before, change.after)
    )
    return Became(change.kind, change.happened_at, before, after)
