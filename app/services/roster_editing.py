"""A manager changes one duty of the roster in force: time, person, place or desk, by the same rules as everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    CurrentDuty,
    Desk,
    DutySource,
    Place,
    Role,
    RosterChange,
    StoredServes,
    StoredSpan,
    Week,
    WeekState,
)
from app.services import roster_guard
from app.services.audit import Actor
from app.services.desk_choice import free_desks
from app.services.duty_breaks import breaks_for
from app.services.guard_case import NewDuty, Scene
from app.services.lookup import of_site
from app.services.open_shifts import served
from app.services.roster_guard import BreaksRuleError, Change, ChangedMeanwhileError
from app.services.roster_history import UNDOABLE, is_restorable
from solver.rules import Finding
from solver.timeline import Timeline

EDITABLE = (WeekState.COLLECTING, WeekState.PUBLISHED, WeekState.RUNNING)
EDITORS = (Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Wanted:
    """How a duty is to be; None keeps what it has.

    :param desk_id: where ``finds_desk`` is set, None stands for the desk it has if that fits, else the best free one
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    agent_id: int | None = None
    place: Place | None = None
    desk_id: int | None = None
    finds_desk: bool = False


@dataclass(frozen=True)
class Tried:
    """What a change would make of a duty.

    :param findings: breaches it would add, in minutes of ``timeline``; empty where it may be done
    """

    duty: NewDuty
    findings: list[Finding]
    timeline: Timeline


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
    finds_desk: bool = False,
) -> CurrentDuty:
    """Change what is named and keep the rest; where times change, breaks and work are laid out anew.

    :raises BreaksRuleError: where it would break a rule, for a manager as for anybody
    :raises ChangedMeanwhileError: where the duty is no longer as it was seen
    :raises RefusedError: where the duty is over or the week is being planned
    """
    duty, week = _duty_in_turn(session, actor, now, duty_id)
    wanted = Wanted(starts_at, ends_at, agent_id, place, desk_id, finds_desk)
    new, _scene = _changed(session, week, now, duty, wanted)
    change = Change("edited", DutySource.EDITED, (duty.id,), (new,), keeps_shape=not _is_moved(duty, new))
    return roster_guard.apply(session, actor, now, week, change)[0]


def try_edit(session: Session, actor: Actor, now: datetime, duty_id: int, wanted: Wanted) -> Tried:
    """What :func:`edit` would do, without doing it; raises alike but for BreaksRuleError."""
    duty, week = _seen_duty(session, actor, duty_id)
    new, scene = _changed(session, week, now, duty, wanted)
    return _tried(scene, Change("edited", DutySource.EDITED, (duty.id,), (new,), keeps_shape=not _is_moved(duty, new)))


def add(
    session: Session,
    actor: Actor,
    now: datetime,
    week_id: int,
    agent_id: int,
    starts_at: datetime,
    ends_at: datetime,
    *,
    place: Place = Place.SITE,
    desk_id: int | None = None,
) -> CurrentDuty:
    """Give somebody one more duty.

    :param desk_id: None for the best free one
    :raises BreaksRuleError: where it would break a rule
    """
    week = _editable_week(session, actor, week_id)
    roster_guard.opened(session, now, week)
    _require_editable(week)
    new, _scene = _new_duty(session, week, now, agent_id, Wanted(starts_at, ends_at, None, place, desk_id))
    change = Change("edited", DutySource.EDITED, new=(new,))
    return roster_guard.apply(session, actor, now, week, change)[0]


def try_add(session: Session, actor: Actor, now: datetime, week_id: int, agent_id: int, wanted: Wanted) -> Tried:
    """What :func:`add` would do, without doing it."""
    week = _editable_week(session, actor, week_id)
    new, scene = _new_duty(session, week, now, agent_id, wanted)
    return _tried(scene, Change("edited", DutySource.EDITED, new=(new,)))


def _tried(scene: Scene, change: Change) -> Tried:
    try:
        roster_guard.require_allowed(scene, change)
    except BreaksRuleError as refusal:
        return Tried(change.new[0], refusal.findings, scene.timeline)
    return Tried(change.new[0], [], scene.timeline)


def remove(session: Session, actor: Actor, now: datetime, duty_id: int) -> None:
    """Take a duty out of the roster in force."""
    duty, week = _duty_in_turn(session, actor, now, duty_id)
    if duty.ends_at <= now:
        raise RefusedError("booking.past")
    roster_guard.apply(session, actor, now, week, Change("removed", DutySource.EDITED, removed=(duty.id,)))


def undo(session: Session, actor: Actor, now: datetime, change_id: int) -> list[CurrentDuty]:
    """Take a manager's change back, by the same rules: what it wrote goes, what was before comes again.

    :raises ChangedMeanwhileError: where what it wrote has been changed since
    :raises BreaksRuleError: where what was before would break a rule now
    """
    change = _change_of_manager(session, actor, change_id)
    week = session.get_one(Week, change.week_id)
    roster_guard.opened(session, now, week)
    _require_editable(week)
    if change.kind not in UNDOABLE or not is_restorable(change):
        raise RefusedError("manager_history.not_undoable")
    written = roster_guard.duties_now(session, week, [int(duty["duty_id"]) for duty in change.after])
    restored = tuple(_restored(session, week.site_id, duty) for duty in change.before)
    _require_not_past(now, *(duty.ends_at for duty in written), *(duty.ends_at for duty in restored))
    source = DutySource(change.before[0]["source"]) if change.before else DutySource.EDITED
    back = Change("edited", source, tuple(duty.id for duty in written), restored, keeps_shape=True)
    return roster_guard.apply(session, actor, now, week, back)


def _restored(session: Session, site_id: int, stated: Mapping[str, Any]) -> NewDuty:
    """With the place it had in an open shift, which somebody else may have taken by now: then it is refused."""
    desk = session.exec(select(Desk).where(Desk.site_id == site_id, Desk.key == stated["desk"])).first()
    return NewDuty(
        agent_id=stated["agent_id"],
        starts_at=datetime.fromisoformat(stated["starts_at"]),
        ends_at=datetime.fromisoformat(stated["ends_at"]),
        place=Place(stated["place"]),
        desk_id=None if desk is None else desk.id,
        breaks=tuple(StoredSpan.model_validate(span) for span in stated["breaks"]),
        serves=tuple(StoredServes.model_validate(work) for work in stated["serves"]),
        open_shift_id=stated["open_shift_id"],
    )


def _change_of_manager(session: Session, actor: Actor, change_id: int) -> RosterChange:
    if actor.role not in EDITORS:
        raise NotFoundError
    return of_site(session, RosterChange, change_id, actor.site_id)


def _seen_duty(session: Session, actor: Actor, duty_id: int) -> tuple[CurrentDuty, Week]:
    if actor.role not in EDITORS:
        raise NotFoundError
    seen = session.get(CurrentDuty, duty_id, populate_existing=True)
    if seen is None:
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    return seen, of_site(session, Week, seen.week_id, actor.site_id)


def _duty_in_turn(session: Session, actor: Actor, now: datetime, duty_id: int) -> tuple[CurrentDuty, Week]:
    _seen, week = _seen_duty(session, actor, duty_id)
    roster_guard.opened(session, now, week)
    _require_editable(week)
    return roster_guard.duties_now(session, week, [duty_id])[0], week


def _editable_week(session: Session, actor: Actor, week_id: int) -> Week:
    if actor.role not in EDITORS:
        raise NotFoundError
    return of_site(session, Week, week_id, actor.site_id)


def _require_editable(week: Week) -> None:
    """While a week is planned its bookings are what the planner builds on."""
    if week.state not in EDITABLE:
        raise RefusedError("booking.week_closed")


def _changed(session: Session, week: Week, now: datetime, duty: CurrentDuty, wanted: Wanted) -> tuple[NewDuty, Scene]:
    _require_of_site(session, week, wanted.agent_id, wanted.desk_id)
    place = wanted.place or duty.place
    new = replace(
        NewDuty.like(duty, duty.open_shift_id),
        starts_at=wanted.starts_at or duty.starts_at,
        ends_at=wanted.ends_at or duty.ends_at,
        agent_id=wanted.agent_id or duty.agent_id,
        place=place,
        desk_id=None if place is Place.HOME else wanted.desk_id or duty.desk_id,
    )
    _require_not_past(now, duty.ends_at, new.ends_at)
    if new.starts_at != duty.starts_at:
        _require_not_past(now, new.starts_at)
    _require_order(new)
    scene = roster_guard.scene_of(session, week, [duty], [new])
    if _is_moved(duty, new):
        new = _laid_out(scene, new, duty)
    if wanted.finds_desk and wanted.desk_id is None and place is Place.SITE:
        new = _seated(scene, new, {duty.id})
    return new, scene


def _new_duty(session: Session, week: Week, now: datetime, agent_id: int, wanted: Wanted) -> tuple[NewDuty, Scene]:
    _require_of_site(session, week, agent_id, wanted.desk_id)
    if wanted.starts_at is None or wanted.ends_at is None:
        raise RefusedError("booking.ends_before_start", 422)
    place = wanted.place or Place.SITE
    desk_id = wanted.desk_id if place is Place.SITE else None
    bare = NewDuty(agent_id, wanted.starts_at, wanted.ends_at, place, desk_id)
    _require_not_past(now, bare.starts_at)
    _require_order(bare)
    scene = roster_guard.scene_of(session, week, [], [bare])
    new = _laid_out(scene, bare, None)
    return (_seated(scene, new, ()) if place is Place.SITE and desk_id is None else new), scene


def _require_of_site(session: Session, week: Week, agent_id: int | None, desk_id: int | None) -> None:
    if agent_id is not None and not of_site(session, Agent, agent_id, week.site_id).active:
        raise NotFoundError
    if desk_id is not None:
        of_site(session, Desk, desk_id, week.site_id)


def _require_not_past(now: datetime, *moments: datetime) -> None:
    if any(moment <= now for moment in moments):
        raise RefusedError("booking.past")


def _require_order(new: NewDuty) -> None:
    if new.ends_at <= new.starts_at:
        raise RefusedError("booking.ends_before_start", 422)


def _is_moved(duty: CurrentDuty, new: NewDuty) -> bool:
    return (new.starts_at, new.ends_at) != (duty.starts_at, duty.ends_at)


def _laid_out(scene: Scene, new: NewDuty, duty: CurrentDuty | None) -> NewDuty:
    """Breaks as the rules ask, and all the work between them for one queue: the one it served most, if any."""
    breaks = breaks_for(scene.part, new.starts_at, new.ends_at)
    queue = _queue_for(scene, new, duty)
    pauses = [(span.starts_at, span.ends_at) for span in breaks]
    work = () if queue is None else tuple(served(queue, new.starts_at, new.ends_at, pauses))
    return replace(new, breaks=breaks, serves=work)


def _queue_for(scene: Scene, new: NewDuty, duty: CurrentDuty | None) -> str | None:
    own = scene.row(new.agent_id)
    allowed = {queue.key for queue in scene.rows.queues if queue.home_allowed or new.place is Place.SITE}
    skills = [key for key in (own.queues if own else []) if key in allowed]
    minutes: dict[str, float] = {}
    for work in duty.serves if duty is not None else ():
        minutes[work.queue] = minutes.get(work.queue, 0.0) + (work.ends_at - work.starts_at).total_seconds()
    served_most = max(minutes, key=lambda key: minutes[key], default=None)
    return served_most if served_most in skills else next(iter(skills), None)


def _seated(scene: Scene, new: NewDuty, without: set[int] | tuple[()]) -> NewDuty:
    """At the desk it has if that is free for it, else at the best free one; where none is free, the rules say why."""
    own = scene.row(new.agent_id)
    if own is None:
        return new
    free = [desk.id for desk in free_desks(scene, own.agent, new.starts_at, new.ends_at, without)]
    if new.desk_id in free or not free:
        return new
    return new.at_desk(free[0])
