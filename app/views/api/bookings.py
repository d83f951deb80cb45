"""Booking a duty, listing what is booked, giving it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Discriminator, RootModel, Tag

from app.errors import NotFoundError, RefusedError
from app.models import CurrentDuty, DutySource, OpenShift, Place, Scope, WeekState
from app.services import booking_choice, duty_lists, own_bookings, shift_booking
from app.services.roster_guard import BreaksRuleError
from app.services.shift_booking import Wish
from app.views.api.duties import (
    MOST_DAYS,
    DaysAsked,
    DutiesTold,
    DutyTold,
    agent_id,
    changed_or_gone,
    desk_id,
    span_of_days,
    today,
    told_duty,
    told_line,
)
from app.views.api.operation import AGENT_OR_MANAGER, MANAGER, Answer, Call, operation
from app.views.api.reading_in import instant_of
from app.views.api.schema import Day, Id, IdOrKey, Input, Key, Output, QueryId, Time, local
from app.views.problems import Fault, FaultyRequestError, ShiftGoneError

GONE = ("booking.shift_closed", "booking.shift_taken")
"""Refusals of a shift that was on the list a moment ago."""


class BookingOfShift(Input):
    """A place in an open shift; ``desk`` null is the best free one. ``agent`` is for managers."""

    open_shift: Id
    desk: IdOrKey | None = None
    place: Literal["site", "home"] | None = None
    agent: IdOrKey | None = None


class BookingOfTime(Input):
    """A duty of one's own start and length; ``desk`` null is the best free one. ``agent`` is for managers.

    ``queue`` is what is served: before planning left to the plan, after publishing the person's first where it is null.
    """

    start: Time
    end: Time
    place: Literal["site", "home"] = "site"
    desk: IdOrKey | None = None
    queue: Key | None = None
    agent: IdOrKey | None = None


def _kind_of(asked: Any) -> str:
    names = asked if isinstance(asked, dict) else getattr(asked, "__pydantic_fields_set__", ())
    return "by_shift" if "open_shift" in names else "by_time"


class NewBooking(
    RootModel[
        Annotated[
            Annotated[BookingOfShift, Tag("by_shift")] | Annotated[BookingOfTime, Tag("by_time")],
            Discriminator(_kind_of),
        ]
    ]
):
    """What is to be booked: a place in an open shift, or a time."""


class DaysGivenBack(Input):
    """Local days, both included, whose bookings are given back. ``agent`` is for managers."""

    first: Day
    last: Day
    agent: QueryId | None = None


class GivenBack(Output):
    """What became of the bookings of some days; ``kept`` were past their deadline."""

    cancelled: list[DutyTold]
    kept: list[DutyTold]


@operation("POST", "/bookings", Scope.BOOKINGS, AGENT_OR_MANAGER, body=NewBooking, answer=DutyTold, status=201)
def book(call: Call) -> Answer:
    """Book a place in an open shift, or a duty of one's own start and length."""
    asked: BookingOfShift | BookingOfTime = call.body.root
    for_agent = _whose(call, asked.agent)
    desk = desk_id(call, asked.desk, "#/desk")
    if desk is not None and asked.place == "home":
        raise FaultyRequestError([Fault("#/desk", "none")])
    if isinstance(asked, BookingOfShift):
        duty = _book_shift(call, asked, desk, for_agent)
    else:
        wish = _wish(call, asked, desk, for_agent)
        duty = shift_booking.book_time(call.session, call.actor, call.now, wish, agent_id=for_agent)
    return Answer(told_duty(call, duty))


def _whose(call: Call, named: IdOrKey | None) -> int | None:
    found = agent_id(call, named, "#/agent")
    if found is None and call.bearer.agent_id is None:
        raise FaultyRequestError([Fault("#/agent", "missing")])
    return found


def _wish(call: Call, asked: BookingOfTime, desk: int | None, for_agent: int | None) -> Wish:
    start, end = (
        instant_of(text, call.zone, f"#/{name}") for name, text in (("start", asked.start), ("end", asked.end))
    )
    place = Place(asked.place)
    week = shift_booking.week_of(call.session, call.site_id, start)
    if start >= end or start <= call.now or (asked.queue is None and week.state is WeekState.COLLECTING):
        return Wish(start, end, place, desk)
    whose = replace(call.actor, agent_id=for_agent or call.bearer.agent_id)
    choice = booking_choice.of_time(call.session, whose, week.id, (start, end), place, asked.queue)
    if asked.queue is not None and (choice.queue is None or choice.queue.key != asked.queue):
        raise FaultyRequestError([Fault("#/queue", "api.no_queue")])
    return Wish(start, end, place, desk, serves=choice.duty.serves)


def _book_shift(call: Call, asked: BookingOfShift, desk: int | None, for_agent: int | None) -> CurrentDuty:
    shift = call.session.get(OpenShift, asked.open_shift)
    if shift is None or shift.site_id != call.site_id:
        raise FaultyRequestError([Fault("#/open_shift", "api.no_shift")])
    place = None if asked.place is None else Place(asked.place)
    try:
        return shift_booking.book_shift(
            call.session, call.actor, call.now, asked.open_shift, desk_id=desk, place=place, agent_id=for_agent
        )
    except BreaksRuleError:
        raise
    except RefusedError as refusal:
        if refusal.key not in GONE or call.bearer.agent_id is None:
            raise
        instead = own_bookings.successor(call.session, call.actor, call.now, asked.open_shift)
        raise ShiftGoneError(refusal, None if instead is None else _instead(call, instead)) from refusal


def _instead(call: Call, shift: OpenShift) -> dict[str, Any]:
    start, end = local(shift.starts_at, call.zone), local(shift.ends_at, call.zone)
    return {"open_shift": shift.id, "start": start, "end": end}


@operation("GET", "/bookings", Scope.BOOKINGS, AGENT_OR_MANAGER, query=DaysAsked, answer=DutiesTold)
def list_bookings(call: Call) -> Answer:
    """Bookings that start on some local days: an agent's own, a manager's site."""
    asked: DaysAsked = call.query
    first = asked.first or today(call)
    span = span_of_days(call, first, asked.last or first + timedelta(days=MOST_DAYS - 1))
    # An agent's own, whatever is asked for; a manager's site.
    whose = asked.agent if call.bearer.agent_id is None else call.bearer.agent_id
    part = duty_lists.duty_part(
        call.session,
        call.site_id,
        span,
        agent_id=whose,
        source=DutySource.BOOKED,
        limit=asked.limit,
        offset=asked.offset,
    )
    return Answer(told_part(call, part, asked.offset))


@operation("GET", "/duties", Scope.ROSTERS, MANAGER, query=DaysAsked, answer=DutiesTold)
def list_duties(call: Call) -> Answer:
    """Duties in force that start on some local days, of the site or of one agent, however they came to be."""
    asked: DaysAsked = call.query
    first = asked.first or today(call)
    span = span_of_days(call, first, asked.last or first + timedelta(days=MOST_DAYS - 1))
    part = duty_lists.duty_part(
        call.session, call.site_id, span, agent_id=asked.agent, limit=asked.limit, offset=asked.offset
    )
    return Answer(told_part(call, part, asked.offset))


def told_part(call: Call, part: duty_lists.DutyPart, offset: int) -> DutiesTold:
    """A part of a list, and where the rest begins."""
    reached = offset + len(part.lines)
    return DutiesTold(
        duties=[told_line(line, call.zone) for line in part.lines],
        total=part.total,
        next_offset=reached if part.lines and reached < part.total else None,
    )


@operation("DELETE", "/bookings/<int:duty_id>", Scope.BOOKINGS, AGENT_OR_MANAGER)
def cancel_booking(call: Call, duty_id: int) -> Answer:
    """Give a booking back until its deadline."""
    try:
        shift_booking.cancel(call.session, call.actor, call.now, duty_id)
    except NotFoundError as gone:
        raise changed_or_gone(call, duty_id) from gone
    return Answer()


@operation("DELETE", "/bookings", Scope.BOOKINGS, AGENT_OR_MANAGER, query=DaysGivenBack, answer=GivenBack)
def cancel_bookings(call: Call) -> Answer:
    """Give all bookings of some days back; those past their deadline are kept."""
    asked: DaysGivenBack = call.query
    span_of_days(call, asked.first, asked.last)
    whose = _whose(call, asked.agent)
    outcome = shift_booking.cancel_range(call.session, call.actor, call.now, asked.first, asked.last, agent_id=whose)
    gone, kept = ([told_duty(call, duty) for duty in duties] for duties in (outcome.gone, outcome.kept))
    return Answer(GivenBack(cancelled=gone, kept=kept))
