"""What waits for one agent's answer: offers of colleagues, requests to stand in, places from the waiting list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import OfferState, OpenShift, Queue, StandInRequest, StandInState, SwapOffer, WaitingEntry, WaitingState
from app.services.audit import Actor
from app.services.booking_weeks import site_of
from app.services.lookup import of_site


@dataclass(frozen=True)
class StandIn:
    """A request to stand in.

    :param is_open: whether it can still be answered with yes
    """

    request: StandInRequest
    shift: OpenShift
    queue: Queue | None
    is_open: bool


@dataclass(frozen=True)
class Asked:
    """How many answers somebody owes, by kind."""

    stand_ins: int
    offers: int
    places: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.stand_ins + self.offers + self.places


def stand_ins(session: Session, actor: Actor, now: datetime) -> list[StandIn]:
    """Requests to the actor that can be answered, in order of time."""
    site = site_of(session, actor)
    found = session.exec(
        select(StandInRequest, OpenShift, Queue)
        .join(OpenShift, col(OpenShift.id) == StandInRequest.open_shift_id)
        .join(Queue, col(Queue.id) == OpenShift.queue_id, isouter=True)
        .where(StandInRequest.agent_id == actor.agent_id, OpenShift.site_id == site.id)
        .where(StandInRequest.state == StandInState.ASKED, col(StandInRequest.ends_at) > now)
        .order_by(col(OpenShift.starts_at), col(OpenShift.id))
    ).all()
    return [StandIn(request, shift, queue, _is_open(request, shift, now)) for request, shift, queue in found]


def stand_in(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> StandIn:
    """One request to the actor; raises NotFoundError where nobody asked."""
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    request = session.exec(
        select(StandInRequest).where(
            StandInRequest.open_shift_id == shift.id, StandInRequest.agent_id == actor.agent_id
        )
    ).first()
    if request is None:
        raise NotFoundError
    queue = None if shift.queue_id is None else session.get(Queue, shift.queue_id)
    return StandIn(request, shift, queue, _is_open(request, shift, now))


def _is_open(request: StandInRequest, shift: OpenShift, now: datetime) -> bool:
    return (
        request.state is StandInState.ASKED
        and request.ends_at > now
        and shift.closed_at is None
        and shift.taken < shift.places
    )


def asked(session: Session, actor: Actor, now: datetime) -> Asked:
    """What the actor is asked for now."""
    to_me = sa.and_(col(SwapOffer.to_agent_id) == actor.agent_id, col(SwapOffer.state) == OfferState.OPEN)
    answered = sa.and_(col(SwapOffer.from_agent_id) == actor.agent_id, col(SwapOffer.state) == OfferState.ANSWERED)
    offers = (
        select(sa.func.count()).select_from(SwapOffer).where(sa.or_(to_me, answered), col(SwapOffer.expires_at) > now)
    )
    places = (
        select(sa.func.count())
        .select_from(WaitingEntry)
        .where(
            WaitingEntry.agent_id == actor.agent_id,
            WaitingEntry.state == WaitingState.OFFERED,
            col(WaitingEntry.offer_ends_at) > now,
        )
    )
    return Asked(len(stand_ins(session, actor, now)), session.exec(offers).one(), session.exec(places).one())
