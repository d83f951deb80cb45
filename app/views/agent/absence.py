"""*I cannot come* in two taps, nobody asks why; and standing in for somebody when the manager asks."""

from __future__ import annotations

from typing import Any

from flask import render_template
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role
from app.services import absence, booking_choice, replacements, stand_ins, swap_partners
from app.views.agent import reasons
from app.views.agent.book import texts
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, go, now, reading, say


@blueprint.get("/week/duties/<int:duty_id>/cannot-come")
@permissions.allow(Role.AGENT)
def cannot_come(duty_id: int) -> str:
    """The second tap: what will happen, and one button."""
    return _page(duty_id)


def _page(duty_id: int, fault: str = "") -> str:
    with reading() as session:
        own = swap_partners.own_duty(session, actor(), now(), duty_id)
    return render_template("agent/cannot_come.html", own=own, fault=fault, **texts())


@blueprint.post("/week/duties/<int:duty_id>/cannot-come")
@permissions.allow(Role.AGENT)
def report_absence(duty_id: int) -> AnyResponse | tuple[str, int]:
    """Take me off a duty; saying it twice is saying it once."""
    try:
        once(lambda session: _reported(session, duty_id))
    except NotFoundError:
        say("agent_absence.gone", "look")
        return go("agent.week")
    except RefusedError as refused:
        with reading() as session:
            own_key = booking_choice.own_agent(session, actor()).key
        return _page(duty_id, reasons.refusal_said(refused, own_key)), refused.status
    say("agent_absence.reported")
    return go("agent.week")


def _reported(session: Session, duty_id: int) -> dict[str, Any]:
    shift = absence.report(session, actor(), now(), duty_id)
    return {"open_shift_id": shift.id}


@blueprint.get("/week/stand-in/<int:open_shift_id>")
@permissions.allow(Role.AGENT)
def stand_in(open_shift_id: int) -> str:
    """A request to stand in: when, where, whether it fits, until when to answer."""
    return _stand_in_page(open_shift_id)


def _stand_in_page(open_shift_id: int, fault: str = "") -> str:
    with reading() as session:
        found = stand_ins.stand_in(session, actor(), now(), open_shift_id)
        own_key = booking_choice.own_agent(session, actor()).key
        choice = booking_choice.of_shift(session, actor(), found.shift.id)
    return render_template(
        "agent/stand_in.html",
        found=found,
        choice=choice,
        chosen=choice.desk_of(None),
        reason="" if choice.fits else reasons.reason(choice.findings, choice.timeline, own_key),
        fault=fault,
        **texts(),
    )


@blueprint.post("/week/stand-in/<int:open_shift_id>/accept")
@permissions.allow(Role.AGENT)
def accept_stand_in(open_shift_id: int) -> AnyResponse | tuple[str, int]:
    """Stand in; the first to accept has it."""
    try:
        once(lambda session: _accepted(session, open_shift_id))
    except NotFoundError:
        raise
    except RefusedError as refused:
        with reading() as session:
            own_key = booking_choice.own_agent(session, actor()).key
        return _stand_in_page(open_shift_id, reasons.refusal_said(refused, own_key)), refused.status
    say("agent_absence.accepted")
    return go("agent.week")


def _accepted(session: Session, open_shift_id: int) -> dict[str, Any]:
    return {"duty_id": replacements.accept(session, actor(), now(), open_shift_id).id}


@blueprint.post("/week/stand-in/<int:open_shift_id>/decline")
@permissions.allow(Role.AGENT)
def decline_stand_in(open_shift_id: int) -> AnyResponse:
    """Say no; nobody asks why."""
    once(lambda session: _declined(session, open_shift_id))
    say("agent_absence.declined")
    return go("agent.offers")


def _declined(session: Session, open_shift_id: int) -> dict[str, Any]:
    replacements.decline(session, actor(), now(), open_shift_id)
    return {"open_shift_id": open_shift_id}
