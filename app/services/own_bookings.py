"""What an agent has booked and waits for: until when each can be cancelled, undoing at once, cancelling many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    CurrentDuty,
    Desk,
    DutySource,
    OpenShift,
    Queue,
    Site,
    WaitingEntry,
    WaitingState,
    Week,
    WeekState,
)
from app.services import roster_guard, shift_booking, waiting_list
from app.services.audit import Actor
from app.services.booking_weeks import site_of
from app.services.roster_guard import Change
from app.services.shift_booking import BOOKABLE, Wish

UNDO_SECONDS = 60


class ShiftChangedError(RefusedError):
    """An open shift is no longer at the time that was seen when it was chosen.

    :param starts_at: when it begins now
    """

    def __init__(self, starts_at: datetime, ends_at: datetime) -> None:
        super().__init__("agent_book.shift_moved")
        self.starts_at, self.ends_at = starts_at, ends_at


@dataclass(frozen=True)
class Booking:
    """One booked duty.

    :param cancel_until: last instant at which it can be given back
    :param may_cancel: whether that is still so; not while its week is being planned
    """

    duty: CurrentDuty
    desk: Desk | None
    week_state: WeekState
    cancel_until: datetime
    may_cancel: bool

    @property
    def undo_until(self) -> datetime:
        """Last instant at which it can be undone as if it had never been."""
        return self.duty.written_at + timedelta(seconds=UNDO_SECONDS)


@dataclass(frozen=True)
class RangePreview:
    """What cancelling some days would do; ``kept`` are past their deadline."""

    first_on: date
    last_on: date
    gone: Sequence[Booking]
    kept: Sequence[Booking]


@dataclass(frozen=True)
class Waiting:
    """A shift that the agent waits for, or was offered.

    :param ahead: how many wait longer
    """

    entry: WaitingEntry
    shift: OpenShift
    queue: Queue | None
    ahead: int


def book_shift_as_seen(
    session: Session, actor: Actor, now: datetime, open_shift_id: int, seen: tuple[datetime, datetime], wish: Wish
) -> CurrentDuty:
    """Book a place in an open shift, if it is still the one that was seen.

    :param seen: start and end on the page on which it was chosen
    :param wish: place and desk; the time is the shift's
    :raises ShiftChangedError: where it was moved meanwhile; nothing is booked then
    """
    duty = shift_booking.book_shift(session, actor, now, open_shift_id, desk_id=wish.desk_id, place=wish.place)
    if (duty.starts_at, duty.ends_at) != seen:
        raise ShiftChangedError(duty.starts_at, duty.ends_at)
    return duty


def successor(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> OpenShift | None:
    """The shift on the list that took the place of one that is not: same line, same day, the nearest time."""
    site = site_of(session, actor)
    old = session.get(OpenShift, open_shift_id)
    if old is None or old.site_id != site.id:
        return None
    day = old.starts_at.astimezone(ZoneInfo(site.time_zone)).date()
    listed = session.exec(
        select(OpenShift).where(
            OpenShift.week_id == old.week_id,
            OpenShift.queue_id == old.queue_id,
            OpenShift.id != old.id,
            col(OpenShift.closed_at).is_(None),
            col(OpenShift.starts_at) > now,
            col(OpenShift.taken) < col(OpenShift.places),
        )
    ).all()
    same_day = [shift for shift in listed if shift.starts_at.astimezone(ZoneInfo(site.time_zone)).date() == day]
    return min(same_day, key=lambda shift: (_apart(shift, old), shift.id), default=None)


def _apart(shift: OpenShift, other: OpenShift) -> timedelta:
    return abs(shift.starts_at - other.starts_at) + abs(shift.ends_at - other.ends_at)


def bookings(session: Session, actor: Actor, now: datetime) -> list[Booking]:
    """Own bookings that are not over, in order of time."""
    site = site_of(session, actor)
    found = session.exec(
        select(CurrentDuty, Desk, Week)
        .join(Week, col(Week.id) == CurrentDuty.week_id)
        .join(Desk, col(Desk.id) == CurrentDuty.desk_id, isouter=True)
        .where(CurrentDuty.agent_id == actor.agent_id, CurrentDuty.source == DutySource.BOOKED)
        .where(col(CurrentDuty.ends_at) > now)
        .order_by(col(CurrentDuty.starts_at))
    ).all()
    hours = shift_booking.terms_of(session, site.id).cancel_hours_before
    return [_booking(duty, desk, week, now, hours) for duty, desk, week in found]


def _booking(duty: CurrentDuty, desk: Desk | None, week: Week, now: datetime, hours: int) -> Booking:
    until = duty.starts_at - timedelta(hours=hours)
    may = week.state in BOOKABLE and now <= until and now < duty.starts_at
    return Booking(duty, desk, week.state, until, may)


def just_booked(session: Session, actor: Actor, now: datetime) -> list[Booking]:
    """Bookings that can still be undone."""
    return [booking for booking in bookings(session, actor, now) if _may_undo(booking, now)]


def _may_undo(booking: Booking, now: datetime) -> bool:
    return booking.week_state in BOOKABLE and now <= booking.undo_until and now < booking.duty.starts_at


def undo(session: Session, actor: Actor, now: datetime, duty_id: int) -> None:
    """Take a booking back within the first minute, whatever the deadline for cancelling.

    :raises NotFoundError: where it is gone, or somebody else's
    :raises RefusedError: where the minute is over
    """
    seen = session.get(CurrentDuty, duty_id, populate_existing=True)
    if seen is None or seen.agent_id != actor.agent_id or actor.agent_id is None:
        raise NotFoundError
    week = session.get_one(Week, seen.week_id)
    roster_guard.opened(session, now, week)
    duty = roster_guard.duties_now(session, week, [duty_id])[0]
    if duty.source is not DutySource.BOOKED:
        raise RefusedError("booking.not_booked")
    if not _may_undo(_booking(duty, None, week, now, 0), now):
        raise RefusedError("agent_book.undo_over")
    roster_guard.apply(session, actor, now, week, Change("cancelled", DutySource.BOOKED, removed=(duty.id,)))
    if duty.open_shift_id is not None:
        waiting_list.offer_next(session, now, duty.open_shift_id)


def range_preview(session: Session, actor: Actor, now: datetime, first_on: date, last_on: date) -> RangePreview:
    """What cancelling all bookings of some days would do; nothing is changed.

    :raises RefusedError: where the last day lies before the first
    """
    if last_on < first_on:
        raise RefusedError("booking.ends_before_start", 422)
    zone = ZoneInfo(site_of(session, actor).time_zone)
    found = [
        booking
        for booking in bookings(session, actor, now)
        if first_on <= booking.duty.starts_at.astimezone(zone).date() <= last_on
    ]
    gone = [booking for booking in found if booking.may_cancel]
    return RangePreview(first_on, last_on, gone, [booking for booking in found if not booking.may_cancel])


def waiting(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """Shifts to come that the actor waits for or was offered, in order of time; offers that ended are left out."""
    site: Site = site_of(session, actor)
    found = session.exec(
        select(WaitingEntry, OpenShift, Queue)
        .join(OpenShift, col(OpenShift.id) == WaitingEntry.open_shift_id)
        .join(Queue, col(Queue.id) == OpenShift.queue_id, isouter=True)
        .where(WaitingEntry.agent_id == actor.agent_id, OpenShift.site_id == site.id)
        .where(col(WaitingEntry.state).in_(waiting_list.WAITS), col(OpenShift.starts_at) > now)
        .where(col(OpenShift.closed_at).is_(None))
        .order_by(col(OpenShift.starts_at), col(OpenShift.id))
    ).all()
    return [
        Waiting(entry, shift, queue, _ahead(session, entry))
        for entry, shift, queue in found
        if entry.offer_ends_at is None or entry.offer_ends_at > now
    ]


def _ahead(session: Session, entry: WaitingEntry) -> int:
    earlier = sa.or_(
        col(WaitingEntry.since_at) < entry.since_at,
        sa.and_(col(WaitingEntry.since_at) == entry.since_at, col(WaitingEntry.id) < entry.id),
    )
    query = (
        select(sa.func.count())
        .select_from(WaitingEntry)
        .where(WaitingEntry.open_shift_id == entry.open_shift_id, WaitingEntry.state == WaitingState.WAITING, earlier)
    )
    return session.exec(query).one()
