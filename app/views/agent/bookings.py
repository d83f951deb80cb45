"""What I have booked and wait for: cancelling one or a range of days until the deadline, which is said beforehand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role
from app.services import booking_weeks, own_bookings, shift_booking
from app.services.own_bookings import RangePreview
from app.views.agent.book import texts
from app.views.agent.duty_text import day_of, moment
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, go, now, reading, say, t

RANGE_DAYS = 6


@blueprint.get("/book/mine")
@permissions.allow(Role.AGENT)
def bookings() -> str:
    """Bookings, the waiting list and the limit of each week."""
    return _page()


def _page(fault: str = "", preview: RangePreview | None = None) -> str:
    with reading() as session:
        booked = own_bookings.bookings(session, actor(), now())
        waiting = own_bookings.waiting(session, actor(), now())
        terms = booking_weeks.terms(session, booking_weeks.site_of(session, actor()))
        limits = _limits(session)
    today = day_of(now())
    return render_template(
        "agent/bookings.html",
        booked=booked,
        waiting=waiting,
        terms=terms,
        limits=limits,
        preview=preview,
        fault=fault,
        first=request.values.get("first", today.isoformat()),
        last=request.values.get("last", (today + timedelta(days=RANGE_DAYS)).isoformat()),
        moment=moment,
        **texts(),
    )


def _limits(session: Session) -> list[tuple[date, booking_weeks.OwnLimit]]:
    """Weeks to come in which something is booked, or can be."""
    found = []
    for one in booking_weeks.weeks(session, actor(), now()):
        limit = booking_weeks.own_limit(session, actor(), one.week.id)
        if limit.booked or one.opening is booking_weeks.Opening.OPEN:
            found.append((one.week.first_day, limit))
    return found


@blueprint.post("/book/mine/cancel")
@permissions.allow(Role.AGENT)
def cancel_booking() -> AnyResponse | tuple[str, int]:
    """Give one booking back."""
    duty_id = form_id("duty_id")
    if duty_id is None:
        abort(400)
    try:
        once(lambda session: _cancelled(session, duty_id))
    except NotFoundError:
        say("agent_book.gone", "look")
        return go("agent.bookings")
    except RefusedError as refused:
        return _page(t(refused.key, **refused.facts)), refused.status
    say("agent_bookings.cancelled")
    return go("agent.bookings")


def _cancelled(session: Session, duty_id: int) -> dict[str, Any]:
    shift_booking.cancel(session, actor(), now(), duty_id)
    return {"duty_id": duty_id}


@blueprint.get("/book/mine/range")
@permissions.allow(Role.AGENT)
def range_preview() -> str | tuple[str, int]:
    """What cancelling some days would do, before it happens."""
    try:
        first, last = _typed_range()
        with reading() as session:
            preview = own_bookings.range_preview(session, actor(), now(), first, last)
    except RefusedError as refused:
        return _page(t(refused.key, **refused.facts)), refused.status
    return _page(preview=preview)


def _typed_range() -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(request.values.get(name, "")) for name in ("first", "last"))
    except ValueError:
        raise RefusedError("agent_bookings.bad_range", 422) from None
    return first, last


@blueprint.post("/book/mine/range")
@permissions.allow(Role.AGENT)
def cancel_range() -> AnyResponse | tuple[str, int]:
    """Give back all bookings of some days; those past their deadline stay."""
    try:
        done = once(_range_cancelled)
    except RefusedError as refused:
        return _page(t(refused.key, **refused.facts)), refused.status
    answer = done.answer
    if answer["gone"]:
        say("agent_bookings.range_cancelled", count=answer["gone"])
    if answer["kept"]:
        say("agent_bookings.range_kept", "look", count=answer["kept"])
    if not answer["gone"] and not answer["kept"]:
        say("agent_bookings.range_empty", "look")
    return go("agent.bookings")


def _range_cancelled(session: Session) -> dict[str, Any]:
    first, last = _typed_range()
    outcome = shift_booking.cancel_range(session, actor(), now(), first, last)
    # What has begun is no longer a booking to speak of.
    kept = [duty for duty in outcome.kept if duty.ends_at > now()]
    return {"gone": len(outcome.gone), "kept": len(kept)}
