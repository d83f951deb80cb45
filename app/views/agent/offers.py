"""Offers of duties: mine, to me, to all; taking, confirming, declining and withdrawing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role, SwapOffer
from app.services import booking_choice, offer_pages, stand_ins, swapping
from app.views.agent import reasons
from app.views.agent.book import texts
from app.views.agent.duty_text import moment
from app.views.agent.once import once
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, go, now, reading, say, t


@blueprint.get("/week/offers")
@permissions.allow(Role.AGENT)
def offers() -> str:
    """What waits for my answer, what I have offered, what anybody may take."""
    with reading() as session:
        found = offer_pages.offers(session, actor(), now())
        asked = stand_ins.stand_ins(session, actor(), now())
    return render_template("agent/offers.html", found=found, asked=asked, moment=moment, **texts())


@blueprint.get("/week/offers/<int:offer_id>")
@permissions.allow(Role.AGENT)
def one_offer(offer_id: int) -> str:
    """One offer with before and after, whether it keeps the rules, and its history."""
    return _page(offer_id)


def _page(offer_id: int, fault: str = "") -> str:
    with reading() as session:
        shown = offer_pages.page(session, actor(), now(), offer_id)
        own_key = booking_choice.own_agent(session, actor()).key
    return render_template(
        "agent/offer.html",
        shown=shown,
        said=lambda refusal: reasons.why(refusal, own_key),
        fault=fault,
        moment=moment,
        **texts(),
    )


@blueprint.post("/week/offers/<int:offer_id>/accept")
@permissions.allow(Role.AGENT)
def accept_offer(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Take an offered duty, for one of my own in return where it is a swap."""
    own_duty_id = form_id("own_duty_id")
    return _answer(
        offer_id, lambda session: swapping.accept(session, actor(), now(), offer_id, own_duty_id=own_duty_id)
    )


@blueprint.post("/week/offers/<int:offer_id>/confirm")
@permissions.allow(Role.AGENT)
def confirm_offer(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Take the duty that somebody named in return."""
    return _answer(offer_id, lambda session: swapping.confirm(session, actor(), now(), offer_id))


@blueprint.post("/week/offers/<int:offer_id>/decline")
@permissions.allow(Role.AGENT)
def decline_offer(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Say no; nobody asks why."""
    return _answer(offer_id, lambda session: swapping.decline(session, actor(), now(), offer_id))


@blueprint.post("/week/offers/<int:offer_id>/withdraw")
@permissions.allow(Role.AGENT)
def withdraw_offer(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Take my own offer back."""
    return _answer(offer_id, lambda session: swapping.withdraw(session, actor(), now(), offer_id))


def _answer(offer_id: int, act: Callable[[Session], SwapOffer]) -> AnyResponse | tuple[str, int]:
    """Do it once, and say where the offer stands then; a refusal shows the offer as it is now."""

    def acted(session: Session) -> dict[str, Any]:
        return {"state": act(session).state.value}

    try:
        done = once(acted)
    except NotFoundError:
        # Only what concerns the person is shown; the rest does not exist.
        return _page(offer_id, t("agent_swap.not_yours")), 404
    except RefusedError as refused:
        with reading() as session:
            own_key = booking_choice.own_agent(session, actor()).key
        return _page(offer_id, reasons.refusal_said(refused, own_key)), refused.status
    say(f"agent_swap.now.{done.answer['state']}")
    return _after(offer_id)


def _after(offer_id: int) -> AnyResponse:
    """The offer, or the list where it is no longer to be seen, as for one who took an offer to all."""
    try:
        with reading() as session:
            offer_pages.page(session, actor(), now(), offer_id)
    except NotFoundError:
        return go("agent.offers")
    return go("agent.one_offer", offer_id=offer_id)
