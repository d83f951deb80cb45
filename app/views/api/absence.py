"""*I cannot come*, without a reason; and standing in for somebody else."""

from __future__ import annotations

from app.errors import NotFoundError
from app.models import Scope
from app.services import absence, replacements, stand_ins
from app.services.roster_guard import ChangedMeanwhileError
from app.views.api.duties import DutyTold, changed_or_gone, desk_id, told_duty
from app.views.api.operation import AGENT, AGENT_OR_MANAGER, Answer, Call, operation
from app.views.api.schema import IdOrKey, Input, Output, local


class OpenedTold(Output):
    """The open shift that the duty became."""

    open_shift: int
    start: str
    end: str


class StandInTold(Output):
    """A request to stand in; ``until`` is when the time to answer ends."""

    open_shift: int
    start: str
    end: str
    queue: str | None
    until: str
    open: bool


class StandInsTold(Output):
    """Requests that can be answered, in order of time."""

    stand_ins: list[StandInTold]


class StandingIn(Input):
    """``desk`` null is the best free one."""

    desk: IdOrKey | None = None


@operation("POST", "/duties/<int:duty_id>/absence", Scope.ABSENCE, AGENT_OR_MANAGER, answer=OpenedTold)
def report_absence(call: Call, duty_id: int) -> Answer:
    """Say that one cannot come; the duty is open for others at once, and nobody asks why."""
    try:
        shift = absence.report(call.session, call.actor, call.now, duty_id)
    except (NotFoundError, ChangedMeanwhileError) as gone:
        raise changed_or_gone(call, duty_id) from gone
    start, end = local(shift.starts_at, call.zone), local(shift.ends_at, call.zone)
    return Answer(OpenedTold(open_shift=shift.id, start=start, end=end))


@operation("GET", "/stand-ins", Scope.ABSENCE, AGENT, answer=StandInsTold)
def list_stand_ins(call: Call) -> Answer:
    """What the person is asked to stand in for."""
    found = stand_ins.stand_ins(call.session, call.actor, call.now)
    told = [
        StandInTold(
            open_shift=one.shift.id,
            start=local(one.shift.starts_at, call.zone),
            end=local(one.shift.ends_at, call.zone),
            queue=None if one.queue is None else one.queue.key,
            until=local(one.request.ends_at, call.zone),
            open=one.is_open,
        )
        for one in found
    ]
    return Answer(StandInsTold(stand_ins=told))


@operation(
    "POST",
    "/stand-ins/<int:open_shift_id>/accept",
    Scope.ABSENCE,
    AGENT,
    body=StandingIn,
    answer=DutyTold,
    status=201,
)
def accept_stand_in(call: Call, open_shift_id: int) -> Answer:
    """Stand in; the first to accept has the duty."""
    desk = desk_id(call, call.body.desk, "#/desk")
    duty = replacements.accept(call.session, call.actor, call.now, open_shift_id, desk_id=desk)
    return Answer(told_duty(call, duty))


@operation("POST", "/stand-ins/<int:open_shift_id>/decline", Scope.ABSENCE, AGENT)
def decline_stand_in(call: Call, open_shift_id: int) -> Answer:
    """Say no to standing in."""
    replacements.decline(call.session, call.actor, call.now, open_shift_id)
    return Answer()
