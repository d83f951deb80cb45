"""Open shifts of a week: those that fit, the others with the reason, booking with one tap and undoing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, render_template, request
from sqlmodel import Session, col, select
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import CurrentDuty, Desk, OpenShift, Place, Queue, Role, WaitingState, Week
from app.services import booking_choice, booking_weeks, open_shifts, own_bookings, waiting_list
from app.services.booking_weeks import BookingWeek, Opening, OwnLimit
from app.services.lookup import of_site
from app.services.open_shifts import ShiftLine
from app.services.own_bookings import ShiftChangedError
from app.services.roster_guard import ShiftTakenError
from app.services.shift_booking import Wish
from app.views.agent import reasons
from app.views.agent.duty_text import clock, day_and_times, day_of, local, times
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, go, is_fragment, now, reading, say, t, transaction, zone
from solver.timeline import local_instant

MOST_LINES = 40
"""More shifts than a thumb scrolls through are shown once a day is chosen."""


@dataclass(frozen=True)
class Offered:
    """An open shift with what the page says of it.

    :param reason: why it does not fit, empty where it does
    """

    line: ShiftLine
    day: date
    queue: Queue | None
    reason: str
    can_wait: bool
    other_time_helps: bool

    @property
    def is_held(self) -> bool:
        """Whether the waiting list holds a place for the agent."""
        waiting = self.line.waiting
        return waiting is not None and waiting.state is WaitingState.OFFERED and self.line.fits

    @property
    def is_waiting(self) -> bool:
        """Whether the agent waits for a place."""
        waiting = self.line.waiting
        return waiting is not None and waiting.state is WaitingState.WAITING


@dataclass(frozen=True)
class Shifts:
    """What the page of a week lists; ``day`` None for all days, ``hidden`` are those left out."""

    fitting: Sequence[Offered]
    others: Sequence[Offered]
    count_by_day: Mapping[date, int]
    day: date | None
    hidden: int = 0


@blueprint.get("/book")
@permissions.allow(Role.AGENT)
def book() -> str:
    """The first week in which something can be booked."""
    with reading() as session:
        weeks = booking_weeks.weeks(session, actor(), now())
    shown = booking_weeks.first_to_show(weeks)
    if shown is None:
        return render_template("agent/book_none.html")
    return _page(shown.week.id)


@blueprint.get("/book/<int:week_id>")
@permissions.allow(Role.AGENT)
def book_week(week_id: int) -> str:
    """Open shifts of one week."""
    return _page(week_id)


def _page(week_id: int, fault: str = "") -> str:
    with reading() as session:
        shown = booking_weeks.one(session, actor(), now(), week_id)
        weeks = booking_weeks.weeks(session, actor(), now())
        limit = booking_weeks.own_limit(session, actor(), week_id)
        terms = booking_weeks.terms(session, booking_weeks.site_of(session, actor()))
        undoable = own_bookings.just_booked(session, actor(), now())
        shifts = _shifts(session, shown)
    before, after = _beside(weeks, shown)
    return render_template(
        "agent/book.html",
        shown=shown,
        before=before,
        after=after,
        limit=limit,
        terms=terms,
        shifts=shifts,
        undoable=undoable,
        may_book=_may_book(limit),
        fault=fault,
        **texts(),
    )


def _may_book(limit: OwnLimit) -> bool:
    return limit.left is None or limit.left > 0


def _beside(weeks: Sequence[BookingWeek], shown: BookingWeek) -> tuple[BookingWeek | None, BookingWeek | None]:
    earlier = [one for one in weeks if one.week.first_day < shown.week.first_day]
    later = [one for one in weeks if one.week.first_day > shown.week.first_day]
    return (earlier[-1] if earlier else None), (later[0] if later else None)


def _shifts(session: Session, shown: BookingWeek) -> Shifts:
    if shown.opening is not Opening.OPEN:
        return Shifts([], [], {}, None)
    lines = open_shifts.for_agent(session, actor(), now(), shown.week.id)
    queues = _queues(session, lines)
    own_key = booking_choice.own_agent(session, actor()).key
    offered = [_offered(line, queues, own_key) for line in lines]
    day = _day_asked_for(shown)
    counts = {one_day: sum(one.line.fits and one.day == one_day for one in offered) for one_day in shown.days}
    listed = [one for one in offered if day is None or one.day == day]
    fitting = [one for one in listed if one.line.fits]
    others = [one for one in listed if not one.line.fits]
    hidden = max(0, len(fitting) - MOST_LINES) + max(0, len(others) - MOST_LINES)
    return Shifts(fitting[:MOST_LINES], others[:MOST_LINES], counts, day, hidden if day is None else 0)


def _queues(session: Session, lines: Sequence[ShiftLine]) -> dict[int, Queue]:
    ids = {line.shift.queue_id for line in lines if line.shift.queue_id is not None}
    return {queue.id: queue for queue in session.exec(select(Queue).where(col(Queue.id).in_(ids)))}


def _day_asked_for(shown: BookingWeek) -> date | None:
    return next((day for day in shown.days if day.isoformat() == request.args.get("day")), None)


def _offered(line: ShiftLine, queues: Mapping[int, Queue], own_key: str) -> Offered:
    reason = ""
    if line.findings:
        reason = reasons.reason(line.findings, line.timeline, own_key)
    elif line.left == 0:
        reason = t("agent_reason.all_taken")
    return Offered(
        line=line,
        day=day_of(line.shift.starts_at),
        queue=None if line.shift.queue_id is None else queues.get(line.shift.queue_id),
        reason=reason,
        can_wait=line.left == 0 and not line.findings,
        other_time_helps=reasons.other_time_helps(line.findings) or (line.left == 0 and not line.findings),
    )


@blueprint.get("/book/<int:week_id>/shifts/<int:open_shift_id>/nearest")
@permissions.allow(Role.AGENT)
def nearest(week_id: int, open_shift_id: int) -> AnyResponse | str:
    """What fits instead of a shift: a line for the list, or the page of the shift."""
    with reading() as session:
        shift = shift_of_week(session, week_id, open_shift_id)
        if not is_fragment():
            return go("agent.shift", week_id=week_id, open_shift_id=open_shift_id)
        found = open_shifts.nearest(session, actor(), now(), shift.id)
        minute = week_minute(session.get_one(Week, week_id), found.starts_at) if found else None
    return render_template(
        "agent/book_nearest.html", instead=found, instead_minute=minute, shift=shift, week_id=week_id, **texts()
    )


def week_minute(week: Week, instant: datetime) -> int:
    """Minutes elapsed since the first midnight of a week, by which forms name a start."""
    return minutes_between(local_instant(ZoneInfo(zone()), week.first_day, 0), instant)


def texts() -> dict[str, Any]:
    """How templates write times."""
    return {
        "day_and_times": day_and_times,
        "clock": clock,
        "minutes_between": minutes_between,
        "seconds": _seconds,
        "clock_span": times,
    }


def _seconds(instant: datetime) -> str:
    return f"{local(instant):%H:%M:%S}"


def minutes_between(starts_at: datetime, ends_at: datetime) -> int:
    """Elapsed minutes."""
    return round((ends_at - starts_at).total_seconds() / 60)


def shift_of_week(session: Session, week_id: int, open_shift_id: int) -> OpenShift:
    """An open shift of the own site in a week; raises NotFoundError for any other."""
    booking_weeks.one(session, actor(), now(), week_id)
    shift = of_site(session, OpenShift, open_shift_id, actor().site_id)
    if shift.week_id != week_id:
        raise NotFoundError
    return shift


@blueprint.post("/book/<int:week_id>/shifts/<int:open_shift_id>/book")
@permissions.allow(Role.AGENT)
def book_shift(week_id: int, open_shift_id: int) -> AnyResponse | tuple[str, int]:
    """Book a place in an open shift, at the proposed desk or a chosen one."""
    with reading() as session:
        shift_of_week(session, week_id, open_shift_id)
    try:
        done = once(lambda session: booked(session, _book(session, open_shift_id)))
    except RefusedError as refused:
        return _page(week_id, refused_shift(refused, open_shift_id)), refused.status
    return tell_booked(week_id, done.answer, repeated=done.repeated)


def _book(session: Session, open_shift_id: int) -> CurrentDuty:
    wish = Wish(*seen_span(), typed_place(), form_id("desk_id"))
    return own_bookings.book_shift_as_seen(session, actor(), now(), open_shift_id, (wish.starts_at, wish.ends_at), wish)


def seen_span() -> tuple[datetime, datetime]:
    """Start and end as they stood on the page that sent the form."""
    try:
        starts_at, ends_at = (datetime.fromisoformat(request.form.get(name, "")) for name in ("starts_at", "ends_at"))
    except ValueError:
        raise RefusedError("agent_book.garbled", 422) from None
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise RefusedError("agent_book.garbled", 422)
    return starts_at.astimezone(UTC), ends_at.astimezone(UTC)


def typed_place() -> Place:
    """The place that a form names."""
    typed = request.form.get("place", "")
    if typed not in set(Place):
        raise RefusedError("agent_book.garbled", 422)
    return Place(typed)


def booked(session: Session, duty: CurrentDuty) -> dict[str, Any]:
    """What is told of a booking, also when its form comes a second time."""
    desk = None if duty.desk_id is None else session.get_one(Desk, duty.desk_id).key
    return {
        "duty_id": duty.id,
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "desk": desk,
        "proposed": request.form.get("proposed", "")[:40],
    }


def tell_booked(week_id: int, answer: Mapping[str, Any], *, repeated: bool) -> AnyResponse:
    """Back to the list, with what was done."""
    if repeated:
        with reading() as session:
            is_there = session.get(CurrentDuty, answer["duty_id"]) is not None
        key = "agent_book.booked_before" if is_there else "agent_book.was_undone"
        say(key, "look", **({"what": _what(answer)} if is_there else {}))
        return go("agent.book_week", week_id=week_id)
    say("agent_book.booked", what=_what(answer))
    if answer["desk"] and answer["proposed"] and answer["proposed"] != answer["desk"]:
        say("agent_book.desk_differs", "look", proposed=answer["proposed"], desk=answer["desk"])
    return go("agent.book_week", week_id=week_id)


def _what(answer: Mapping[str, Any]) -> str:
    times = day_and_times(datetime.fromisoformat(answer["starts_at"]), datetime.fromisoformat(answer["ends_at"]))
    return f"{times} {'▣ ' + answer['desk'] if answer['desk'] else '⌂'}"


def refused_shift(refused: RefusedError, open_shift_id: int) -> str:
    """Why a shift could not be booked, and what about it changed since the page was made."""
    if isinstance(refused, NotFoundError):
        return t("agent_book.no_such_desk")
    if isinstance(refused, ShiftChangedError):
        after = day_and_times(refused.starts_at, refused.ends_at)
        return t("agent_book.moved", before=day_and_times(*seen_span()), after=after)
    if isinstance(refused, ShiftTakenError):
        return t("agent_book.taken", before=day_and_times(*seen_span()))
    if refused.key == "booking.shift_closed":
        return _closed(open_shift_id)
    with reading() as session:
        own_key = booking_choice.own_agent(session, actor()).key
    return reasons.refusal_said(refused, own_key)


def _closed(open_shift_id: int) -> str:
    """That a shift is off the list, and which came instead."""
    before = day_and_times(*seen_span())
    with reading() as session:
        after = own_bookings.successor(session, actor(), now(), open_shift_id)
    if after is None:
        return t("agent_book.closed", before=before)
    return t("agent_book.closed_for", before=before, after=day_and_times(after.starts_at, after.ends_at))


@blueprint.post("/book/undo")
@permissions.allow(Role.AGENT)
def undo_booking() -> AnyResponse:
    """Take a booking back within its first minute."""
    duty_id = form_id("duty_id")
    if duty_id is None:
        abort(400)
    try:
        once(lambda session: _undone(session, duty_id))
    except NotFoundError:
        say("agent_book.gone", "look")
    except RefusedError as refused:
        say(refused.key, "look", **refused.facts)
    else:
        say("agent_book.undone")
    return go("agent.book")


def _undone(session: Session, duty_id: int) -> dict[str, Any]:
    own_bookings.undo(session, actor(), now(), duty_id)
    return {"duty_id": duty_id}


@blueprint.post("/book/<int:week_id>/shifts/<int:open_shift_id>/wait")
@permissions.allow(Role.AGENT)
def wait(week_id: int, open_shift_id: int) -> AnyResponse | tuple[str, int]:
    """Join the waiting list of a shift; joining twice is joining once."""
    try:
        with transaction() as session:
            waiting_list.join(session, actor(), now(), shift_of_week(session, week_id, open_shift_id).id)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _page(week_id, t(refused.key, **refused.facts)), refused.status
    say("agent_book.wait_done")
    return _back(week_id)


@blueprint.post("/book/<int:week_id>/shifts/<int:open_shift_id>/leave")
@permissions.allow(Role.AGENT)
def leave(week_id: int, open_shift_id: int) -> AnyResponse:
    """Wait no longer; leaving twice is leaving once."""
    with transaction() as session:
        waiting_list.leave(session, actor(), now(), shift_of_week(session, week_id, open_shift_id).id)
    say("agent_book.leave_done")
    return _back(week_id)


def _back(week_id: int) -> AnyResponse:
    """To the page that the form was on."""
    if request.form.get("from") == "bookings":
        return go("agent.bookings")
    return go("agent.book_week", week_id=week_id)
