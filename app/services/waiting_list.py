"""Waiting for a place in an open shift: first come, first offered, and an offer holds a place for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import BookingTerms, OpenShift, WaitingEntry, WaitingState, Week
from app.services import roster_guard
from app.services.audit import Actor
from app.services.lookup import of_site

WAITS = (WaitingState.WAITING, WaitingState.OFFERED)


def join(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> WaitingEntry:
    """Wait for a place; joining twice is joining once.

    :raises RefusedError: where there is a place to book at once, or the shift is over
    """
    shift = _shift_in_turn(session, actor, now, open_shift_id)
    if actor.agent_id is None:
        raise NotFoundError
    if shift.closed_at is not None or shift.starts_at <= now:
        raise RefusedError("booking.shift_closed")
    entry = _entry(session, shift.id, actor.agent_id)
    if entry is not None and entry.state in WAITS:
        return entry
    if shift.taken + held_for_others(session, now, shift.id, actor.agent_id) < shift.places:
        raise RefusedError("booking.place_left")
    if entry is None:
        entry = WaitingEntry(open_shift_id=shift.id, agent_id=actor.agent_id, since_at=now)
        session.add(entry)
    entry.state, entry.since_at, entry.offer_ends_at = WaitingState.WAITING, now, None
    session.flush()
    return entry


def leave(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> None:
    """Wait no longer; a place that was held goes to the next."""
    shift = _shift_in_turn(session, actor, now, open_shift_id)
    entry = None if actor.agent_id is None else _entry(session, shift.id, actor.agent_id)
    if entry is None:
        raise NotFoundError
    if entry.state in WAITS:
        entry.state = WaitingState.LEFT
        session.flush()
        offer_next(session, now, shift.id)


def _shift_in_turn(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> OpenShift:
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    roster_guard.opened(session, now, session.get_one(Week, shift.week_id))
    session.refresh(shift)
    return shift


def _entry(session: Session, open_shift_id: int, agent_id: int) -> WaitingEntry | None:
    query = select(WaitingEntry).where(WaitingEntry.open_shift_id == open_shift_id, WaitingEntry.agent_id == agent_id)
    return session.exec(query).first()


def entries_of(session: Session, open_shift_id: int) -> list[WaitingEntry]:
    """Everybody who waits for a shift or ever did, as it is now."""
    query = select(WaitingEntry).where(WaitingEntry.open_shift_id == open_shift_id)
    return list(session.exec(query.execution_options(populate_existing=True)))


def held_among(entries: Iterable[WaitingEntry], now: datetime, agent_id: int) -> int:
    """Places held by offers to others that have not ended."""
    return sum(
        entry.state is WaitingState.OFFERED
        and entry.agent_id != agent_id
        and entry.offer_ends_at is not None
        and entry.offer_ends_at > now
        for entry in entries
    )


def held_for_others(session: Session, now: datetime, open_shift_id: int, agent_id: int) -> int:
    """Places held by offers to others that have not ended."""
    query = (
        select(sa.func.count())
        .select_from(WaitingEntry)
        .where(
            WaitingEntry.open_shift_id == open_shift_id,
            WaitingEntry.agent_id != agent_id,
            WaitingEntry.state == WaitingState.OFFERED,
            col(WaitingEntry.offer_ends_at) > now,
        )
    )
    return session.exec(query).one()


def note_booked(session: Session, now: datetime, entries: Iterable[WaitingEntry], agent_id: int) -> None:
    """Somebody who waited has a place now.

    :param entries: of the shift
    """
    for entry in (one for one in entries if one.agent_id == agent_id):
        entry.state, entry.since_at = WaitingState.BOOKED, now
        session.flush()


def offer_next(session: Session, now: datetime, open_shift_id: int) -> list[WaitingEntry]:
    """Offer every free place of a shift that nobody holds to those who wait, the longest first."""
    shift = session.get_one(OpenShift, open_shift_id, populate_existing=True)
    if shift.closed_at is not None or shift.starts_at <= now:
        return []
    free = shift.places - shift.taken - held_for_others(session, now, shift.id, 0)
    waiting = session.exec(
        select(WaitingEntry)
        .where(WaitingEntry.open_shift_id == shift.id, WaitingEntry.state == WaitingState.WAITING)
        .order_by(col(WaitingEntry.since_at), col(WaitingEntry.id))
        .limit(max(0, free))
    ).all()
    terms = session.get(BookingTerms, shift.site_id) or BookingTerms(site_id=shift.site_id)
    for entry in waiting:
        entry.state = WaitingState.OFFERED
        entry.offer_ends_at = min(now + timedelta(minutes=terms.offer_minutes), shift.starts_at)
        facts = {"open_shift_id": shift.id, "week_id": shift.week_id, "offer_ends_at": entry.offer_ends_at.isoformat()}
        roster_guard.tell(session, now, "waiting.offered", facts, agent_ids=[entry.agent_id])
    session.flush()
    return list(waiting)


def lapse(session: Session, now: datetime, week: Week) -> int:
    """End the offers of a week whose time is over, and offer their places to the next; gives how many ended."""
    roster_guard.opened(session, now, week)
    over = session.exec(
        select(WaitingEntry)
        .join(OpenShift, col(OpenShift.id) == WaitingEntry.open_shift_id)
        .where(
            OpenShift.week_id == week.id,
            WaitingEntry.state == WaitingState.OFFERED,
            col(WaitingEntry.offer_ends_at) <= now,
        )
    ).all()
    for entry in over:
        entry.state = WaitingState.LAPSED
    session.flush()
    for shift_id in sorted({entry.open_shift_id for entry in over}):
        offer_next(session, now, shift_id)
    return len(over)
