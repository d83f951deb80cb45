"""One shift, or a time of one's own, with the desk to choose: on the plan of the room or in the list beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Desk, Place, Role
from app.services import booking_choice, booking_weeks, open_shifts, shift_booking
from app.services.booking_choice import Choice, FreeDesk, Times
from app.services.booking_weeks import BookingWeek
from app.services.my_week import RoomPlan
from app.services.shift_booking import Wish
from app.views.agent import reasons
from app.views.agent.book import booked, shift_of_week, tell_booked, texts, week_minute
from app.views.agent.desk_plan import desk_plan
from app.views.agent.duty_text import clock
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, id_of, now, reading, t
from solver.timeline import Timeline

LONGEST_NUMBER = 6


@dataclass(frozen=True)
class Typed:
    """What the form of an own time holds; None where nothing usable was typed.

    :param start: minutes elapsed since the week's first midnight
    """

    day: int
    start: int | None
    length: int | None
    place: Place
    queue: str | None


@blueprint.get("/book/<int:week_id>/shifts/<int:open_shift_id>")
@permissions.allow(Role.AGENT)
def shift(week_id: int, open_shift_id: int) -> str:
    """A shift with its desks, or why it does not fit and what does."""
    place = Place(request.args["place"]) if request.args.get("place") in set(Place) else None
    with reading() as session:
        week = booking_weeks.one(session, actor(), now(), week_id)
        found = shift_of_week(session, week_id, open_shift_id)
        own = booking_choice.own_agent(session, actor())
        choice = booking_choice.of_shift(session, actor(), found.id, place)
        instead = None if choice.fits else open_shifts.nearest(session, actor(), now(), found.id)
    address = lambda desk_id: url_for(  # noqa: E731
        "agent.shift", week_id=week_id, open_shift_id=found.id, place=choice.duty.place.value, desk=desk_id
    )
    return render_template(
        "agent/book_shift.html",
        shift=found,
        places=booking_choice.places(own),
        instead=instead,
        instead_minute=week_minute(week.week, instead.starts_at) if instead else None,
        **_shown(week, choice, own.key, address),
    )


def _shown(week: BookingWeek, choice: Choice, own_key: str, address: Callable[[int], str]) -> dict[str, Any]:
    """What both pages say of a choice."""
    free = {one.desk.id: one for one in choice.free}
    chosen = choice.desk_of(id_of(request.values.get("desk", "") or request.form.get("desk_id", "")))

    def picture(plan: RoomPlan) -> Markup:
        return desk_plan(plan, free, chosen.desk.id if chosen else None, address)

    return {
        "week": week,
        "choice": choice,
        "chosen": chosen,
        "picture": picture,
        "reason": "" if choice.fits else reasons.reason(choice.findings, choice.timeline, own_key),
        "plans": _nearest_first(choice, chosen),
        "free_in": Counter(one.desk.room_id for one in choice.free),
        **texts(),
    }


def _nearest_first(choice: Choice, chosen: FreeDesk | None) -> list[RoomPlan]:
    """The room of the chosen desk, or of the proposed one, before the others."""
    first = chosen or choice.desk_of(None)
    return sorted(choice.plans, key=lambda plan: first is None or plan.room.id != first.desk.room_id)


@blueprint.get("/book/<int:week_id>/time")
@permissions.allow(Role.AGENT)
def own_time(week_id: int) -> str:
    """Start, length, place and desk of one's own choice."""
    return _time_page(week_id)


def _time_page(week_id: int, fault: str = "") -> str:
    with reading() as session:
        week = booking_weeks.one(session, actor(), now(), week_id)
        own = booking_choice.own_agent(session, actor())
        times = booking_choice.times(session, actor(), week_id)
        typed = _typed(times, booking_choice.places(own)[0])
        choice = _choice(session, week_id, times, typed)
    address = lambda desk_id: url_for(  # noqa: E731
        "agent.own_time", week_id=week_id, desk=desk_id, **_in_address(typed)
    )
    return render_template(
        "agent/book_time.html",
        times=times,
        typed=typed,
        starts=_starts(times, typed.day),
        places=booking_choice.places(own),
        fault=fault,
        **(_shown(week, choice, own.key, address) if choice else _without_choice(week)),
    )


def _without_choice(week: BookingWeek) -> dict[str, Any]:
    return {"week": week, "choice": None, "chosen": None, "reason": "", "plans": [], "free_in": {}, **texts()}


def _in_address(typed: Typed) -> dict[str, Any]:
    return {
        "day": typed.day,
        "start": typed.start,
        "length": typed.length,
        "place": typed.place.value,
        "queue": typed.queue,
    }


def _typed(times: Times, usual: Place) -> Typed:
    start, length = _number("start"), _number("length")
    place = request.values.get("place")
    day = _number("day")
    if start is not None and 0 <= start < times.timeline.minutes:
        day = times.timeline.day_index_of(start)
    day = day if day is not None and 0 <= day < times.timeline.days else _first_day(times)
    return Typed(
        day=day,
        start=start if start in times.starts[day] else None,
        length=length if length in {presence for presence, _ in times.lengths} else None,
        place=Place(place) if place in set(Place) else usual,
        queue=request.values.get("queue", "")[:40] or None,
    )


def _number(name: str) -> int | None:
    typed = request.values.get(name, "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else None


def _first_day(times: Times) -> int:
    """The first day of the week that has a start to come."""
    days = [day for day, starts in enumerate(times.starts) if any(_is_to_come(times.timeline, one) for one in starts)]
    return days[0] if days else 0


def _is_to_come(timeline: Timeline, minute: int) -> bool:
    return timeline.instant_of(minute) > now()


def _starts(times: Times, day: int) -> list[tuple[int, str]]:
    """Minutes and clock of the starts of a day that are to come."""
    return [
        (minute, clock(times.timeline.instant_of(minute)))
        for minute in times.starts[day]
        if _is_to_come(times.timeline, minute)
    ]


def _choice(session: Session, week_id: int, times: Times, typed: Typed) -> Choice | None:
    if typed.start is None or typed.length is None:
        return None
    return booking_choice.of_time(session, actor(), week_id, _span(times, typed), typed.place, typed.queue)


def _span(times: Times, typed: Typed) -> tuple[datetime, datetime]:
    if typed.start is None:
        raise RefusedError("agent_book.bad_start", 422)
    if typed.length is None:
        raise RefusedError("agent_book.bad_length", 422)
    timeline = times.timeline
    return timeline.instant_of(typed.start), timeline.instant_of(typed.start + typed.length)


@blueprint.post("/book/<int:week_id>/time")
@permissions.allow(Role.AGENT)
def book_time(week_id: int) -> AnyResponse | tuple[str, int]:
    """Book a time of one's own."""
    with reading() as session:
        booking_weeks.one(session, actor(), now(), week_id)
        own_key = booking_choice.own_agent(session, actor()).key
    try:
        done = once(lambda session: _booked(session, week_id))
    except RefusedError as refused:
        return _time_page(week_id, _said(refused, own_key)), refused.status
    return tell_booked(week_id, done.answer, repeated=done.repeated)


def _booked(session: Session, week_id: int) -> dict[str, Any]:
    times = booking_choice.times(session, actor(), week_id)
    typed = _typed(times, Place.SITE)
    span = _span(times, typed)
    if span[0] <= now():
        raise RefusedError("booking.past")
    choice = booking_choice.of_time(session, actor(), week_id, span, typed.place, typed.queue)
    wish = Wish(*span, typed.place, form_id("desk_id"), serves=choice.duty.serves)
    return booked(session, shift_booking.book_time(session, actor(), now(), wish))


def _said(refused: RefusedError, own_key: str) -> str:
    desk_id = form_id("desk_id")
    if isinstance(refused, NotFoundError):
        return t("agent_book.no_such_desk")
    if desk_id is None or not reasons.is_of_floor(refused):
        return reasons.refusal_said(refused, own_key)
    with reading() as session:
        desk = session.get(Desk, desk_id)
    return t("agent_book.desk_taken", desk=desk.key if desk else "")
