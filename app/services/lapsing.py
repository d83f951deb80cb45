"""Offers whose time is over end by themselves, whether or not anybody looks."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import (
    CurrentDuty,
    OpenShift,
    StandInRequest,
    StandInState,
    SwapOffer,
    WaitingEntry,
    WaitingState,
    Week,
)
from app.services import roster_guard, swapping, waiting_list
from app.services.audit import Actor

SYSTEM = Actor(user_id=None)


def weeks_to_end(session: Session, now: datetime) -> list[int]:
    """Weeks in which an offer, a held place or a request to stand in is over and does not say so yet."""
    in_force = select(CurrentDuty.id).where(CurrentDuty.id == SwapOffer.duty_id).exists()
    offers = select(SwapOffer.week_id).where(
        col(SwapOffer.state).in_(swapping.ACTIVE), sa.or_(col(SwapOffer.expires_at) <= now, ~in_force)
    )
    shifts = select(OpenShift.week_id)
    held = shifts.join(WaitingEntry, col(WaitingEntry.open_shift_id) == OpenShift.id).where(
        WaitingEntry.state == WaitingState.OFFERED, col(WaitingEntry.offer_ends_at) <= now
    )
    asked = shifts.join(StandInRequest, col(StandInRequest.open_shift_id) == OpenShift.id).where(
        StandInRequest.state == StandInState.ASKED, col(StandInRequest.ends_at) <= now
    )
    return sorted({week_id for query in (offers, held, asked) for week_id in session.exec(query)})


def end(session: Session, now: datetime, week_id: int) -> int:
    """End what is over in a week, and offer freed places to the next; gives how many ended."""
    week = session.get_one(Week, week_id)
    ended = waiting_list.lapse(session, now, week)
    ended += swapping.lapse(session, SYSTEM, now, week)
    return ended + _end_requests(session, now, week)


def _end_requests(session: Session, now: datetime, week: Week) -> int:
    """Requests to stand in that nobody answered in time; where all of a shift's are, its managers hear of it."""
    roster_guard.opened(session, now, week)
    over = session.exec(
        select(StandInRequest)
        .join(OpenShift, col(OpenShift.id) == col(StandInRequest.open_shift_id))
        .where(
            OpenShift.week_id == week.id,
            StandInRequest.state == StandInState.ASKED,
            col(StandInRequest.ends_at) <= now,
        )
        .execution_options(populate_existing=True)
    ).all()
    for request in over:
        request.state = StandInState.OVER
    session.flush()
    for shift_id in sorted({request.open_shift_id for request in over}):
        _tell_unanswered(session, now, shift_id)
    return len(over)


def _tell_unanswered(session: Session, now: datetime, shift_id: int) -> None:
    shift = session.get_one(OpenShift, shift_id, populate_existing=True)
    still_asked = select(StandInRequest.id).where(
        StandInRequest.open_shift_id == shift_id, StandInRequest.state == StandInState.ASKED
    )
    if shift.closed_at is not None or shift.taken >= shift.places or session.exec(still_asked).first() is not None:
        return
    facts = {"open_shift_id": shift.id, "week_id": shift.week_id, "starts_at": shift.starts_at.isoformat()}
    roster_guard.tell(session, now, "stand_in.unanswered", facts, managers_of=shift.site_id)
