"""*I cannot come*: the duty becomes an open shift at once, and nobody asks why or writes it down."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from app.errors import NotFoundError, RefusedError
from app.models import CurrentDuty, DutySource, OpenShift, Queue, ShiftOrigin, Week, WeekState
from app.services import roster_guard, waiting_list
from app.services.audit import Actor
from app.services.roster_guard import Change
from app.services.shift_booking import agent_for

REPORTABLE = (WeekState.PUBLISHED, WeekState.RUNNING)


def report(session: Session, actor: Actor, now: datetime, duty_id: int) -> OpenShift:
    """Take somebody off a duty and open it for others; gives the open shift.

    :raises RefusedError: where the duty has begun, or its week is not published
    :raises ChangedMeanwhileError: where it is no longer as it was seen
    """
    seen = session.get(CurrentDuty, duty_id, populate_existing=True)
    if seen is None:
        raise NotFoundError
    agent_for(session, actor, seen.agent_id)
    week = session.get_one(Week, seen.week_id)
    roster_guard.opened(session, now, week)
    duty = roster_guard.duties_now(session, week, [duty_id])[0]
    if week.state not in REPORTABLE:
        raise RefusedError("booking.not_published")
    if duty.starts_at <= now:
        raise RefusedError("booking.past")
    roster_guard.apply(session, actor, now, week, Change("absent", DutySource.EDITED, removed=(duty.id,)))
    shift = _opened_again(session, now, duty) or _opened(session, now, week, duty)
    facts = {"open_shift_id": shift.id, "week_id": week.id, "starts_at": duty.starts_at.isoformat()}
    roster_guard.tell(session, now, "absence.to_fill", facts, managers_of=week.site_id)
    return shift


def _opened_again(session: Session, now: datetime, duty: CurrentDuty) -> OpenShift | None:
    """The shift whose place the duty had, where it is still on the list: the place has come back by itself."""
    if duty.open_shift_id is None:
        return None
    shift = session.get_one(OpenShift, duty.open_shift_id, populate_existing=True)
    if shift.closed_at is not None:
        return None
    waiting_list.offer_next(session, now, shift.id)
    return shift


def _opened(session: Session, now: datetime, week: Week, duty: CurrentDuty) -> OpenShift:
    keys = [work.queue for work in duty.serves]
    queue = session.exec(select(Queue).where(Queue.site_id == week.site_id, Queue.key == (keys or [""])[0])).first()
    shift = OpenShift(
        site_id=week.site_id,
        week_id=week.id,
        queue_id=None if queue is None else queue.id,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        breaks=list(duty.breaks),
        serves=list(duty.serves),
        origin=ShiftOrigin.ABSENCE,
        created_at=now,
    )
    session.add(shift)
    session.flush()
    return shift
