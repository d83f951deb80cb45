"""What happened to a roster in force since it was published: who, what and when, never why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import CurrentDuty, RosterChange, RosterLook, UserAccount, Week
from app.services.audit import Actor
from app.services.lookup import of_site

UNDOABLE = ("edited", "removed")
"""Changes that a manager makes and may take back."""


@dataclass(frozen=True)
class StatedDuty:
    """A duty as it was written down; agent and desk by their keys."""

    agent: str
    starts_at: datetime
    ends_at: datetime
    place: str
    desk: str | None


@dataclass(frozen=True)
class ChangeLine:
    """One change.

    :param who: name of whoever did it, None for a job
    :param is_new: whether somebody else did it and the reader has not seen it yet
    :param can_be_undone: whether all that it wrote is still in force
    """

    id: int
    kind: str
    happened_at: datetime
    who: str | None
    before: tuple[StatedDuty, ...]
    after: tuple[StatedDuty, ...]
    is_new: bool
    can_be_undone: bool

    @property
    def agents(self) -> list[str]:
        """Keys of those concerned."""
        return list(dict.fromkeys(duty.agent for duty in (*self.before, *self.after)))


def changes_of(session: Session, week: Week, user_id: int) -> list[ChangeLine]:
    """All changes of a week, the latest first."""
    found = session.exec(
        select(RosterChange, UserAccount.display_name)
        .join(UserAccount, col(UserAccount.id) == col(RosterChange.user_id), isouter=True)
        .where(RosterChange.week_id == week.id)
        .order_by(col(RosterChange.id).desc())
    ).all()
    seen = last_seen(session, week.id, user_id)
    in_force = set(session.exec(select(CurrentDuty.id).where(CurrentDuty.week_id == week.id)))
    return [_line(change, who, seen, user_id, in_force) for change, who in found]


def new_changes(session: Session, week: Week, user_id: int) -> list[ChangeLine]:
    """Changes that somebody has not seen yet, the latest first; what they did themselves is known to them."""
    seen = last_seen(session, week.id, user_id)
    found = session.exec(
        select(RosterChange, UserAccount.display_name)
        .join(UserAccount, col(UserAccount.id) == col(RosterChange.user_id), isouter=True)
        .where(RosterChange.week_id == week.id, col(RosterChange.id) > seen)
        .where(sa.or_(col(RosterChange.user_id).is_(None), col(RosterChange.user_id) != user_id))
        .order_by(col(RosterChange.id).desc())
    ).all()
    return [_line(change, who, seen, user_id, set()) for change, who in found]


def last_seen(session: Session, week_id: int, user_id: int) -> int:
    """The last change that somebody has seen, 0 for none."""
    look = session.get(RosterLook, (user_id, week_id))
    return 0 if look is None else look.change_id


def note_seen(session: Session, actor: Actor, now: datetime, week_id: int, change_id: int) -> None:
    """Somebody has read all changes up to one; going back is no reading."""
    week = of_site(session, Week, week_id, actor.site_id)
    newest = session.exec(select(sa.func.max(RosterChange.id)).where(RosterChange.week_id == week.id)).one()
    if actor.user_id is None or newest is None:
        return
    look = session.get(RosterLook, (actor.user_id, week.id))
    if look is None:
        look = RosterLook(user_id=actor.user_id, week_id=week.id, looked_at=now)
        session.add(look)
    look.change_id, look.looked_at = max(look.change_id, min(change_id, newest)), now
    session.flush()


def _line(change: RosterChange, who: str | None, seen: int, user_id: int, in_force: set[int]) -> ChangeLine:
    written = {int(duty["duty_id"]) for duty in change.after}
    return ChangeLine(
        id=change.id,
        kind=change.kind,
        happened_at=change.happened_at,
        who=who,
        before=_stated(change.before),
        after=_stated(change.after),
        is_new=change.id > seen and change.user_id != user_id,
        can_be_undone=change.kind in UNDOABLE and written <= in_force and is_restorable(change),
    )


def is_restorable(change: RosterChange) -> bool:
    """Whether everything about the duties before it was written down."""
    return all("breaks" in duty for duty in change.before)


def _stated(duties: Sequence[Mapping[str, Any]]) -> tuple[StatedDuty, ...]:
    return tuple(
        StatedDuty(
            agent=duty["agent"],
            starts_at=datetime.fromisoformat(duty["starts_at"]),
            ends_at=datetime.fromisoformat(duty["ends_at"]),
            place=duty["place"],
            desk=duty["desk"],
        )
        for duty in duties
    )
