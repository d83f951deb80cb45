"""Swaps that wait for a manager: what each would change, and whether the rules allow it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Agent, CurrentDuty, OfferEvent, OfferState, SwapOffer, UserAccount, Week
from app.services.guard_case import NewDuty
from app.services.transfers import Transfer, handed_over
from solver.rules import Finding
from solver.timeline import Timeline

MOST_DECIDED = 50


@dataclass(frozen=True)
class HandOver:
    """One duty that changes hands; desks by key, None at home or where none is free."""

    before: CurrentDuty
    after: NewDuty
    giver: Agent
    taker: Agent
    desk_before: str | None
    desk_after: str | None


@dataclass(frozen=True)
class SwapToDecide:
    """An agreed offer.

    :param hands: what would change hands; empty where a duty was changed since, and the offer cannot happen any more
    :param findings: rules it would break now, in minutes of ``timeline``
    """

    offer: SwapOffer
    week: Week
    giver: Agent
    partner: Agent
    hands: Sequence[HandOver] = field(default_factory=list)
    findings: Sequence[Finding] = field(default_factory=list)
    timeline: Timeline | None = None

    @property
    def possible(self) -> bool:
        """Whether approving it would do it."""
        return bool(self.hands) and not self.findings


@dataclass(frozen=True)
class DecidedSwap:
    """An offer that is over, with who ended it and when."""

    offer: SwapOffer
    giver: Agent
    partner: Agent | None
    who: str | None
    happened_at: datetime


def to_decide(session: Session, site_id: int, now: datetime) -> list[SwapToDecide]:
    """Agreed offers of a site that wait for a manager, the most urgent first."""
    offers = session.exec(
        select(SwapOffer)
        .where(SwapOffer.site_id == site_id, SwapOffer.state == OfferState.ACCEPTED, col(SwapOffer.expires_at) > now)
        .order_by(col(SwapOffer.expires_at), col(SwapOffer.id))
    ).all()
    return [_to_decide(session, offer) for offer in offers]


def count_to_decide(session: Session, site_id: int, now: datetime) -> dict[int, int]:
    """How many wait, by week."""
    found = session.exec(
        select(col(SwapOffer.week_id), sa.func.count())
        .where(SwapOffer.site_id == site_id, SwapOffer.state == OfferState.ACCEPTED, col(SwapOffer.expires_at) > now)
        .group_by(col(SwapOffer.week_id))
    )
    return dict(iter(found))


def _to_decide(session: Session, offer: SwapOffer) -> SwapToDecide:
    week = session.get_one(Week, offer.week_id)
    giver = session.get_one(Agent, offer.from_agent_id)
    partner = session.get_one(Agent, offer.partner_agent_id)
    transfers = _transfers(session, offer)
    if not transfers:
        return SwapToDecide(offer, week, giver, partner)
    change, scene = handed_over(session, week, transfers, "swapped")
    found = scene.added(set(change.removed), change.new, keeps_shape=True)
    desks = scene.rows.desk_keys
    hands = [
        HandOver(
            before=transfer.duty,
            after=after,
            giver=session.get_one(Agent, transfer.duty.agent_id),
            taker=session.get_one(Agent, transfer.to_agent_id),
            desk_before=None if transfer.duty.desk_id is None else desks[transfer.duty.desk_id],
            desk_after=None if after.desk_id is None else desks[after.desk_id],
        )
        for transfer, after in zip(transfers, change.new, strict=True)
    ]
    return SwapToDecide(offer, week, giver, partner, hands, found, scene.timeline)


def _transfers(session: Session, offer: SwapOffer) -> list[Transfer]:
    """The duties as offered; none where one of them is no longer there or no longer theirs."""
    partner_id = offer.partner_agent_id or 0
    wanted = [(offer.duty_id, offer.from_agent_id, partner_id)]
    if offer.partner_duty_id is not None:
        wanted.append((offer.partner_duty_id, partner_id, offer.from_agent_id))
    transfers = []
    for duty_id, holder_id, to_agent_id in wanted:
        duty = session.get(CurrentDuty, duty_id)
        if duty is None or duty.agent_id != holder_id:
            return []
        transfers.append(Transfer(duty, to_agent_id))
    return transfers


def decided(session: Session, site_id: int) -> list[DecidedSwap]:
    """The latest offers that are over, the newest first."""
    over = (OfferState.DONE, OfferState.DECLINED, OfferState.WITHDRAWN, OfferState.LAPSED, OfferState.OUTDATED)
    found = session.exec(
        select(SwapOffer, OfferEvent, UserAccount.display_name)
        .join(OfferEvent, col(OfferEvent.offer_id) == col(SwapOffer.id))
        .join(UserAccount, col(UserAccount.id) == col(OfferEvent.user_id), isouter=True)
        .where(SwapOffer.site_id == site_id, col(SwapOffer.state).in_(over), col(OfferEvent.state).in_(over))
        .order_by(col(OfferEvent.id).desc())
        .limit(MOST_DECIDED)
    ).all()
    return [
        DecidedSwap(
            offer,
            session.get_one(Agent, offer.from_agent_id),
            None if offer.partner_agent_id is None else session.get(Agent, offer.partner_agent_id),
            who,
            event.happened_at,
        )
        for offer, event, who in found
    ]
