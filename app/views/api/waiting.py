"""Waiting for a place in a shift that is full."""

from __future__ import annotations

from app.models import Scope, WaitingState
from app.services import waiting_list
from app.views.api.operation import AGENT, Answer, Call, operation
from app.views.api.schema import Output, local


class WaitingTold(Output):
    """One's place on the waiting list; ``offer_until`` where a place is held."""

    open_shift: int
    state: WaitingState
    since: str
    offer_until: str | None


@operation("POST", "/open-shifts/<int:open_shift_id>/waiting", Scope.BOOKINGS, AGENT, answer=WaitingTold)
def join_waiting_list(call: Call, open_shift_id: int) -> Answer:
    """Wait for a place in a full shift; waiting twice is waiting once."""
    entry = waiting_list.join(call.session, call.actor, call.now, open_shift_id)
    until = entry.offer_ends_at
    return Answer(
        WaitingTold(
            open_shift=open_shift_id,
            state=entry.state,
            since=local(entry.since_at, call.zone),
            offer_until=None if until is None else local(until, call.zone),
        )
    )


@operation("DELETE", "/open-shifts/<int:open_shift_id>/waiting", Scope.BOOKINGS, AGENT)
def leave_waiting_list(call: Call, open_shift_id: int) -> Answer:
    """Wait no longer; a place that was held goes to the next."""
    waiting_list.leave(call.session, call.actor, call.now, open_shift_id)
    return Answer()
