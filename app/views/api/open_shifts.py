"""Open shifts as one agent sees them: which fit, why the others do not, and what is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import col, select

from app.models import LiveWeek, Place, Queue, Scope, ShiftOrigin, WaitingState, Week
from app.services import open_shifts
from app.services.open_shifts import ShiftLine
from app.views.api.duties import FindingTold, SpanTold, told_spans
from app.views.api.operation import AGENT, Answer, Call, operation
from app.views.api.schema import Input, Output, PageSize, PageStart, QueryId, local
from app.views.problems import spoken
from app.views.told_findings import told_findings


class OpenShiftTold(Output):
    """An open shift, whether it fits, and if not the rules that it would break.

    ``rule`` is the first of them, or ``shift_full`` where only the places are gone; ``nearest`` is the open shift
    nearest in time that fits.
    """

    id: int
    week: int
    start: str
    end: str
    queue: str | None
    origin: ShiftOrigin
    breaks: list[SpanTold]
    places_left: int
    fits: bool
    rule: str | None
    findings: list[FindingTold]
    nearest: int | None
    place: Place
    desk: int | None
    desk_key: str | None
    waiting: WaitingState | None
    offer_until: str | None


class OpenShiftsTold(Output):
    """A part of the list, those that fit first; ``next_offset`` is where the rest begins, null at the end."""

    open_shifts: list[OpenShiftTold]
    total: int
    next_offset: int | None


class OpenShiftsAsked(Input):
    """Of one week, by its id, or of all that are open for booking."""

    week: QueryId | None = None
    limit: PageSize = 200
    offset: PageStart = 0


class NearestTold(Output):
    """A duty of one's own start and length that would fit, to be booked by its time; null where none would."""

    start: str
    end: str
    place: Place
    desk: int | None
    desk_key: str | None


class NearestAnswer(Output):
    """The nearest duty on that day, if any."""

    nearest: NearestTold | None


@operation("GET", "/open-shifts", Scope.BOOKINGS, AGENT, query=OpenShiftsAsked, answer=OpenShiftsTold)
def list_open_shifts(call: Call) -> Answer:
    """Open shifts with, for each that does not fit, the reasons and the nearest that does."""
    asked: OpenShiftsAsked = call.query
    weeks = [asked.week] if asked.week is not None else _open_weeks(call)
    lines = [line for week_id in weeks for line in open_shifts.for_agent(call.session, call.actor, call.now, week_id)]
    lines.sort(key=lambda line: (not line.fits, line.shift.starts_at, line.shift.id))
    shown = lines[asked.offset : asked.offset + asked.limit]
    queues = dict(iter(call.session.exec(select(Queue.id, Queue.key).where(Queue.site_id == call.site_id))))
    fitting = [line for line in lines if line.fits]
    reached = asked.offset + len(shown)
    return Answer(
        OpenShiftsTold(
            open_shifts=[_told(call, line, queues, fitting) for line in shown],
            total=len(lines),
            next_offset=reached if shown and reached < len(lines) else None,
        )
    )


def _open_weeks(call: Call) -> Sequence[int]:
    """Weeks not yet over in which agents may book now."""
    today = call.now.astimezone(call.zone).date()
    query = (
        select(LiveWeek.week_id)
        .join(Week, col(Week.id) == col(LiveWeek.week_id))
        .where(Week.site_id == call.site_id, col(LiveWeek.booking_opens_at) <= call.now)
        .where(col(Week.first_day) >= today.fromordinal(today.toordinal() - today.weekday()))
    )
    return call.session.exec(query.order_by(col(Week.first_day))).all()


def _told(call: Call, line: ShiftLine, queues: Mapping[int, str], fitting: Sequence[ShiftLine]) -> OpenShiftTold:
    shift, waiting = line.shift, line.waiting
    findings = told_findings(line.findings, line.timeline, spoken(), call.bearer.agent_key or "")
    rule = line.findings[0].rule.value if line.findings else None if line.fits else "shift_full"
    return OpenShiftTold(
        id=shift.id,
        week=shift.week_id,
        start=local(shift.starts_at, call.zone),
        end=local(shift.ends_at, call.zone),
        queue=None if shift.queue_id is None else queues.get(shift.queue_id),
        origin=shift.origin,
        breaks=told_spans(shift.breaks, call.zone),
        places_left=line.left,
        fits=line.fits,
        rule=rule,
        findings=[FindingTold.model_validate(finding) for finding in findings],
        nearest=None if line.fits else _nearest(line, fitting),
        place=line.place,
        desk=None if line.desk is None else line.desk.id,
        desk_key=None if line.desk is None else line.desk.key,
        waiting=None if waiting is None else waiting.state,
        offer_until=None
        if waiting is None or waiting.offer_ends_at is None
        else local(waiting.offer_ends_at, call.zone),
    )


def _nearest(line: ShiftLine, fitting: Sequence[ShiftLine]) -> int | None:
    shift = line.shift
    near = min(
        fitting,
        key=lambda other: (
            abs(other.shift.starts_at - shift.starts_at) + abs(other.shift.ends_at - shift.ends_at),
            other.shift.id,
        ),
        default=None,
    )
    return None if near is None else near.shift.id


@operation("GET", "/open-shifts/<int:open_shift_id>/nearest", Scope.BOOKINGS, AGENT, answer=NearestAnswer)
def nearest_duty(call: Call, open_shift_id: int) -> Answer:
    """The duty nearest to an open shift, of any start and length on its day, that would fit."""
    found = open_shifts.nearest(call.session, call.actor, call.now, open_shift_id)
    if found is None:
        return Answer(NearestAnswer(nearest=None))
    desk = found.desk
    return Answer(
        NearestAnswer(
            nearest=NearestTold(
                start=local(found.starts_at, call.zone),
                end=local(found.ends_at, call.zone),
                place=found.place,
                desk=None if desk is None else desk.id,
                desk_key=None if desk is None else desk.key,
            )
        )
    )
