"""Offering a duty: to one colleague or to all whom it fits, given away or for one in return."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import CurrentDuty, OfferKind, Role
from app.services import booking_choice, booking_weeks, swap_partners, swapping
from app.services.swap_partners import Colleague, Colleagues, OwnDuty
from app.views.agent import reasons
from app.views.agent.book import texts
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, go, id_of, now, reading, say


@blueprint.get("/week/duties/<int:duty_id>/offer")
@permissions.allow(Role.AGENT)
def offer_duty(duty_id: int) -> str:
    """To whom, and for what."""
    return _page(duty_id)


def _page(duty_id: int, fault: str = "") -> str:
    kind = _kind_shown()
    with reading() as session:
        own = swap_partners.own_duty(session, actor(), now(), duty_id)
        terms = booking_weeks.terms(session, booking_weeks.site_of(session, actor()))
        asked = _asked(session)
        returns = _returns(session, own, kind, asked)
        found = _colleagues(session, own, kind, asked)
    return render_template(
        "agent/offer_duty.html",
        own=own,
        kind=kind,
        kinds=list(OfferKind),
        terms=terms,
        asked=asked,
        returns=returns,
        found=found,
        search=request.args.get("search", ""),
        address=lambda **changes: url_for("agent.offer_duty", duty_id=duty_id, **{"kind": kind.value, **changes}),
        fault=fault,
        **texts(),
    )


def _kind_shown() -> OfferKind:
    typed = request.values.get("kind", "")
    return OfferKind(typed) if typed in set(OfferKind) else OfferKind.SWAP


def _asked(session: Session) -> Colleague | None:
    agent_id = id_of(request.args.get("to", ""))
    return None if agent_id is None else swap_partners.colleague(session, actor(), agent_id)


def _returns(session: Session, own: OwnDuty, kind: OfferKind, asked: Colleague | None) -> list[CurrentDuty]:
    if asked is None or kind is not OfferKind.SWAP or not own.may_change_hands:
        return []
    return swap_partners.in_return(session, own, now(), asked.agent_id)


def _colleagues(session: Session, own: OwnDuty, kind: OfferKind, asked: Colleague | None) -> Colleagues | None:
    if asked is not None or own.offer is not None or not own.may_change_hands:
        return None
    return swap_partners.colleagues(session, actor(), own, kind, request.args.get("search", ""))


@blueprint.post("/week/duties/<int:duty_id>/offer")
@permissions.allow(Role.AGENT)
def make_offer(duty_id: int) -> AnyResponse | tuple[str, int]:
    """Offer the duty; sent twice it is offered once."""
    try:
        done = once(lambda session: _offered(session, duty_id))
    except NotFoundError:
        say("agent_swap.duty_gone", "look")
        return go("agent.week")
    except RefusedError as refused:
        with reading() as session:
            own_key = booking_choice.own_agent(session, actor()).key
        return _page(duty_id, reasons.refusal_said(refused, own_key)), refused.status
    if not done.repeated:
        say("agent_swap.offered")
    return go("agent.one_offer", offer_id=done.answer["offer_id"])


def _offered(session: Session, duty_id: int) -> dict[str, Any]:
    kind = request.form.get("kind", "")
    if kind not in set(OfferKind):
        raise RefusedError("agent_book.garbled", 422)
    row = swapping.offer(
        session,
        actor(),
        now(),
        duty_id,
        OfferKind(kind),
        to_agent_id=form_id("to_agent_id"),
        wanted_duty_id=form_id("wanted_duty_id"),
    )
    return {"offer_id": row.id}
