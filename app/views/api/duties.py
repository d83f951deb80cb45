"""Duties, findings and references as bodies and answers have them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, Desk, DutySource, Place, Queue, StoredServes, StoredSpan
from app.services import duty_history
from app.services.duty_lists import DutyLine, duty_line
from app.views.api.operation import Call
from app.views.api.schema import Day, IdOrKey, Input, Output, PageSize, PageStart, QueryId, local
from app.views.problems import Fault, FaultyRequestError

MOST_DAYS = 366


class SpanTold(Output):
    """A break, or any stretch of time; times with the site's offset from UTC."""

    start: str
    end: str


class ServesTold(SpanTold):
    """Work for one queue."""

    queue: str


class DutyTold(Output):
    """A duty in force. Its id names this one state of it: whoever changes it makes another."""

    id: int
    week: int
    agent: str
    start: str
    end: str
    place: Place
    desk: int | None
    desk_key: str | None
    breaks: list[SpanTold]
    serves: list[ServesTold]
    source: DutySource
    open_shift: int | None


class DutiesTold(Output):
    """A part of a list of duties; ``next_offset`` is where the rest begins, null at the end."""

    duties: list[DutyTold]
    total: int
    next_offset: int | None


class FindingTold(Output):
    """A rule that would be broken. Agents are never told of other persons' times."""

    rule: str
    detail: str
    message: str
    agents: list[str]
    where: list[str]
    start: str | None
    end: str | None
    amount: float | None
    unit: str
    facts: dict[str, str | int | float | None]


class DaysAsked(Input):
    """Local days, both included."""

    first: Day | None = None
    last: Day | None = None
    agent: QueryId | None = None
    limit: PageSize = 100
    offset: PageStart = 0


def told_duty(call: Call, duty: CurrentDuty) -> DutyTold:
    """A duty that has just been read or written."""
    return told_line(duty_line(call.session, duty), call.zone)


def told_line(line: DutyLine, zone: ZoneInfo) -> DutyTold:
    """A line of a list."""
    duty = line.duty
    return DutyTold(
        id=duty.id,
        week=duty.week_id,
        agent=line.agent_key,
        start=local(duty.starts_at, zone),
        end=local(duty.ends_at, zone),
        place=duty.place,
        desk=duty.desk_id,
        desk_key=line.desk_key,
        breaks=told_spans(duty.breaks, zone),
        serves=told_serves(duty.serves, zone),
        source=duty.source,
        open_shift=duty.open_shift_id,
    )


def told_spans(spans: Sequence[StoredSpan], zone: ZoneInfo) -> list[SpanTold]:
    """Breaks."""
    return [SpanTold(start=local(span.starts_at, zone), end=local(span.ends_at, zone)) for span in spans]


def told_serves(serves: Sequence[StoredServes], zone: ZoneInfo) -> list[ServesTold]:
    """Work for queues."""
    return [
        ServesTold(queue=work.queue, start=local(work.starts_at, zone), end=local(work.ends_at, zone))
        for work in serves
    ]


def span_of_days(call: Call, first: date, last: date) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day.

    :raises FaultyRequestError: where the last lies before the first, or too long after it
    """
    days = (last - first).days + 1
    if days < 1:
        raise FaultyRequestError([Fault("last", "booking.ends_before_start")])
    if days > MOST_DAYS:
        raise FaultyRequestError([Fault("last", "api.range_too_long", {"days": days, "most": MOST_DAYS})])
    midnight = time(tzinfo=call.zone)
    from_at, to_at = (datetime.combine(day, midnight) for day in (first, last + timedelta(days=1)))
    return from_at.astimezone(UTC), to_at.astimezone(UTC)


def today(call: Call) -> date:
    """The local date of the request."""
    return call.now.astimezone(call.zone).date()


def desk_id(call: Call, named: IdOrKey | None, pointer: str) -> int | None:
    """The row of a desk of the person's site; FaultyRequestError for any other."""
    return _row_id(call, Desk, named, Fault(pointer, "api.no_desk"))


def agent_id(call: Call, named: IdOrKey | None, pointer: str) -> int | None:
    """The row of an agent of the person's site; FaultyRequestError for any other."""
    return _row_id(call, Agent, named, Fault(pointer, "api.no_agent"))


def queue_id(call: Call, named: IdOrKey, pointer: str) -> int:
    """The row of a queue of the person's site; FaultyRequestError for any other."""
    return _row_id(call, Queue, named, Fault(pointer, "api.no_queue")) or 0


def _row_id(call: Call, table: Any, named: IdOrKey | None, fault: Fault) -> int | None:
    if named is None:
        return None
    wanted = col(table.id) == named if isinstance(named, int) else col(table.key) == named
    found: int | None = call.session.exec(select(table.id).where(wanted, table.site_id == call.site_id)).first()
    if found is None:
        raise FaultyRequestError([fault])
    return found


def changed_or_gone(call: Call, duty: int) -> Exception:
    """What to say of a duty that is not there: how it changed, where it is the person's business."""
    became = duty_history.became_of(call.session, call.actor, duty)
    if became is None or became.kind == "cancelled":
        return NotFoundError()
    return duty_history.DutyChangedError(became)
