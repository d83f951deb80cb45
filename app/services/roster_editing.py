"""A manager changes one duty of the roster in force: time, person, place or desk, by the same rules as everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, Desk, DutySource, Place, Role, Week
from app.services import roster_guard
from app.services.audit import Actor
from app.services.duty_breaks import breaks_for
from app.services.guard_case import NewDuty
from app.services.lookup import of_site
from app.services.roster_guard import Change, ChangedMeanwhileError


def edit(
    session: Session,
    actor: Actor,
    now: datetime,
    duty_id: int,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    agent_id: int | None = None,
    place: Place | None = None,
    desk_id: int | None = None,
) -> CurrentDuty:
    """Change what is named and keep the rest; where times change, breaks and work are laid out anew.

    :raises BreaksRuleError: where it would break a rule, for a manager as for anybody
    :raises ChangedMeanwhileError: where the duty is no longer as it was seen
    """
    duty, week = _duty_in_turn(session, actor, now, duty_id)
    if agent_id is not None:
        of_site(session, Agent, agent_id, week.site_id)
    if desk_id is not None:
        of_site(session, Desk, desk_id, week.site_id)
    at = place or duty.place
    new = replace(
        NewDuty.like(duty, duty.open_shift_id),
        starts_at=starts_at or duty.starts_at,
        ends_at=ends_at or duty.ends_at,
        agent_id=agent_id or duty.agent_id,
        place=at,
        desk_id=None if at is Place.HOME else desk_id or duty.desk_id,
    )
    moved = (new.starts_at, new.ends_at) != (duty.starts_at, duty.ends_at)
    if moved:
        scene = roster_guard.scene_of(session, week, [duty], [new])
        new = replace(new, breaks=breaks_for(scene.part, new.starts_at, new.ends_at), serves=())
    change = Change("edited", DutySource.EDITED, removed=(duty.id,), new=(new,), keeps_shape=not moved)
    return roster_guard.apply(session, actor, now, week, change)[0]


def remove(session: Session, actor: Actor, now: datetime, duty_id: int) -> None:
    """Take a duty out of the roster in force."""
    duty, week = _duty_in_turn(session, actor, now, duty_id)
    roster_guard.apply(session, actor, now, week, Change("removed", DutySource.EDITED, removed=(duty.id,)))


def _duty_in_turn(session: Session, actor: Actor, now: datetime, duty_id: int) -> tuple[CurrentDuty, Week]:
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR}:
        raise NotFoundError
    seen = session.get(CurrentDuty, duty_id, populate_existing=True)
    if seen is None:
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    week = of_site(session, Week, seen.week_id, actor.site_id)
    roster_guard.opened(session, now, week)
    return roster_guard.duties_now(session, week, [duty_id])[0], week
