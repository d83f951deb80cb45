"""Swapping duties and giving them away: offered to one or to all, judged for both, done in one transaction or not.

The state of an offer is changed only from the state that was seen (compare and swap), in the site's turn; a duty is
named by its row, which is gone as soon as anything about it changed, so nobody accepts what is no longer there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    CurrentDuty,
    OfferEvent,
    OfferKind,
    OfferState,
    Role,
    SwapOffer,
    Week,
    WeekState,
)
from app.services import roster_guard
from app.services.audit import Actor
from app.services.lookup import of_site
from app.services.roster_guard import BreaksRuleError, ChangedMeanwhileError
from app.services.shift_booking import agent_for, terms_of
from app.services.transfers import Transfer, handed_over
from solver.rules import Fact

ACTIVE = (OfferState.OPEN, OfferState.ANSWERED, OfferState.ACCEPTED)
SWAPPABLE = (WeekState.PUBLISHED, WeekState.RUNNING)


@dataclass(frozen=True)
class OfferLine:
    """An offer as somebody it concerns sees it; duties are None once they changed."""

    offer: SwapOffer
    duty: CurrentDuty | None
    wanted: CurrentDuty | None
    partner_duty: CurrentDuty | None


def offer(
    session: Session,
    actor: Actor,
    now: datetime,
    duty_id: int,
    kind: OfferKind,
    *,
    to_agent_id: int | None = None,
    wanted_duty_id: int | None = None,
) -> SwapOffer:
    """Offer a duty to somebody, or to all whom it fits.

    :param wanted_duty_id: the duty of ``to_agent_id`` asked for in return
    :raises RefusedError: where the duty is offered already, or has begun
    """
    duty, week = _own_duty(session, actor, now, duty_id)
    agent = agent_for(session, actor, duty.agent_id)
    _require_partner(session, agent, to_agent_id, wanted_duty_id, kind, week)
    if _active_offer(session, duty.id) is not None:
        raise RefusedError("booking.offered_already")
    hours = terms_of(session, week.site_id).swap_offer_hours
    row = SwapOffer(
        site_id=week.site_id,
        week_id=week.id,
        kind=kind,
        from_agent_id=agent.id,
        duty_id=duty.id,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        to_agent_id=to_agent_id,
        wanted_duty_id=wanted_duty_id,
        created_at=now,
        expires_at=min(now + timedelta(hours=hours), duty.starts_at),
    )
    session.add(row)
    session.flush()
    _event(session, actor, now, row)
    if to_agent_id is not None:
        _tell(session, now, row, "offered", [to_agent_id])
    return row


def _own_duty(session: Session, actor: Actor, now: datetime, duty_id: int) -> tuple[CurrentDuty, Week]:
    seen = session.get(CurrentDuty, duty_id, populate_existing=True)
    if seen is None or seen.agent_id != actor.agent_id:
        raise NotFoundError
    week = session.get_one(Week, seen.week_id)
    roster_guard.opened(session, now, week)
    duty = roster_guard.duties_now(session, week, [duty_id])[0]
    _require_swappable(week, now, duty)
    return duty, week


def _require_swappable(week: Week, now: datetime, *duties: CurrentDuty) -> None:
    if week.state not in SWAPPABLE:
        raise RefusedError("booking.not_published")
    if any(duty.starts_at <= now for duty in duties):
        raise RefusedError("booking.past")


def _require_partner(
    session: Session, agent: Agent, to_agent_id: int | None, wanted_duty_id: int | None, kind: OfferKind, week: Week
) -> None:
    if to_agent_id is not None and (to_agent_id == agent.id or not of_site(session, Agent, to_agent_id, agent.site_id)):
        raise NotFoundError
    if wanted_duty_id is None:
        return
    wanted = roster_guard.duties_now(session, week, [wanted_duty_id])[0]
    if kind is not OfferKind.SWAP or wanted.agent_id != to_agent_id:
        raise NotFoundError


def _active_offer(session: Session, duty_id: int) -> SwapOffer | None:
    query = select(SwapOffer).where(SwapOffer.duty_id == duty_id, col(SwapOffer.state).in_(ACTIVE))
    return session.exec(query).first()


def accept(
    session: Session, actor: Actor, now: datetime, offer_id: int, *, own_duty_id: int | None = None
) -> SwapOffer:
    """Take an offered duty, giving one's own in return for a swap.

    A swap for a duty that the offer did not name waits for the one who offered; where the site wants it, everything
    waits for a manager. Otherwise the duties change hands at once.

    :raises BreaksRuleError: where it would break a rule for either, or on the floor
    :raises ChangedMeanwhileError: where a duty is no longer as offered
    """
    found, week = _offer_in_turn(session, actor, now, offer_id)
    agent = agent_for(session, actor, None)
    if agent.id == found.from_agent_id or found.to_agent_id not in {None, agent.id}:
        raise NotFoundError
    _require_state(found, now, OfferState.OPEN)
    in_return = _in_return(session, found, agent, own_duty_id, week)
    _judge(session, week, now, found, agent.id, in_return)
    found.partner_agent_id, found.partner_duty_id = agent.id, in_return
    if found.kind is OfferKind.SWAP and found.wanted_duty_id is None:
        _move(session, actor, now, found, OfferState.OPEN, OfferState.ANSWERED)
        _tell(session, now, found, "answered", [found.from_agent_id])
        return found
    return _agreed(session, actor, now, week, found, OfferState.OPEN)


def _in_return(session: Session, found: SwapOffer, agent: Agent, own_duty_id: int | None, week: Week) -> int | None:
    if found.kind is OfferKind.GIVE_AWAY:
        return None
    duty_id = found.wanted_duty_id or own_duty_id
    if duty_id is None:
        raise RefusedError("booking.names_no_duty", 422)
    if roster_guard.duties_now(session, week, [duty_id])[0].agent_id != agent.id:
        raise NotFoundError
    return duty_id


def confirm(session: Session, actor: Actor, now: datetime, offer_id: int) -> SwapOffer:
    """The one who offered takes the duty that somebody named in return."""
    found, week = _offer_in_turn(session, actor, now, offer_id)
    if found.from_agent_id != actor.agent_id:
        raise NotFoundError
    _require_state(found, now, OfferState.ANSWERED)
    return _agreed(session, actor, now, week, found, OfferState.ANSWERED)


def approve(session: Session, actor: Actor, now: datetime, offer_id: int) -> SwapOffer:
    """A manager lets an agreed offer happen; it is judged once more, for things may have changed."""
    found, week = _offer_in_turn(session, actor, now, offer_id)
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR}:
        raise NotFoundError
    _require_state(found, now, OfferState.ACCEPTED)
    return _done(session, actor, now, week, found, OfferState.ACCEPTED)


def decline(session: Session, actor: Actor, now: datetime, offer_id: int) -> SwapOffer:
    """Say no: the one asked, the one who offered to an answer (the offer is open again), or the manager."""
    found, week = _offer_in_turn(session, actor, now, offer_id)
    by_manager = actor.role in {Role.MANAGER, Role.ADMINISTRATOR} and found.state is OfferState.ACCEPTED
    by_asked = found.state is OfferState.OPEN and found.to_agent_id == actor.agent_id is not None
    by_offerer = found.state is OfferState.ANSWERED and found.from_agent_id == actor.agent_id
    if not (by_manager or by_asked or by_offerer):
        raise NotFoundError
    _require_swappable(week, now)
    _require_state(found, now, *ACTIVE)
    if by_offerer:
        partner = [one for one in (found.partner_agent_id,) if one is not None]
        found.partner_agent_id = found.partner_duty_id = None
        _move(session, actor, now, found, OfferState.ANSWERED, OfferState.OPEN)
        _tell(session, now, found, "declined", partner)
        return found
    _move(session, actor, now, found, found.state, OfferState.DECLINED)
    _tell(session, now, found, "declined", _concerned(found))
    return found


def withdraw(session: Session, actor: Actor, now: datetime, offer_id: int) -> SwapOffer:
    """Take an offer back while it has not happened."""
    found, week = _offer_in_turn(session, actor, now, offer_id)
    if found.from_agent_id != actor.agent_id:
        raise NotFoundError
    _require_swappable(week, now)
    _require_state(found, now, *ACTIVE)
    _move(session, actor, now, found, found.state, OfferState.WITHDRAWN)
    _tell(session, now, found, "withdrawn", [one for one in _concerned(found) if one != found.from_agent_id])
    return found


def _offer_in_turn(session: Session, actor: Actor, now: datetime, offer_id: int) -> tuple[SwapOffer, Week]:
    """The offer as it is once nobody else of the site writes."""
    seen = of_site(session, SwapOffer, offer_id, actor.site_id)
    week = session.get_one(Week, seen.week_id)
    roster_guard.opened(session, now, week)
    session.refresh(seen)
    return seen, week


def _require_state(found: SwapOffer, now: datetime, *wanted: OfferState) -> None:
    if found.state in ACTIVE and found.expires_at <= now:
        raise RefusedError("booking.offer_lapsed")
    if found.state not in wanted:
        raise RefusedError("booking.offer_over")


def _agreed(session: Session, actor: Actor, now: datetime, week: Week, found: SwapOffer, seen: OfferState) -> SwapOffer:
    """Both want it: done, or before a manager where the site wants that."""
    if not terms_of(session, week.site_id).swaps_need_approval:
        return _done(session, actor, now, week, found, seen)
    _judge(session, week, now, found, found.partner_agent_id or 0, found.partner_duty_id)
    _move(session, actor, now, found, seen, OfferState.ACCEPTED)
    roster_guard.tell(session, now, "offer.to_approve", _facts(found), managers_of=week.site_id)
    return found


def _transfers(
    session: Session, week: Week, now: datetime, found: SwapOffer, partner_id: int, partner_duty_id: int | None
) -> list[Transfer]:
    ids = [found.duty_id, *([] if partner_duty_id is None else [partner_duty_id])]
    duties = roster_guard.duties_now(session, week, ids)
    _require_swappable(week, now, *duties)
    owners = [found.from_agent_id, partner_id]
    if [duty.agent_id for duty in duties] != owners[: len(duties)]:
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    return [Transfer(duty, to) for duty, to in zip(duties, reversed(owners), strict=False)]


def _judge(
    session: Session, week: Week, now: datetime, found: SwapOffer, partner_id: int, partner_duty_id: int | None
) -> None:
    """Raises BreaksRuleError where the two could not have each other's duties."""
    transfers = _transfers(session, week, now, found, partner_id, partner_duty_id)
    change, scene = handed_over(session, week, transfers, f"offer_{found.kind.value}")
    roster_guard.require_allowed(scene, change)


def _done(session: Session, actor: Actor, now: datetime, week: Week, found: SwapOffer, seen: OfferState) -> SwapOffer:
    transfers = _transfers(session, week, now, found, found.partner_agent_id or 0, found.partner_duty_id)
    kind = "swapped" if found.kind is OfferKind.SWAP else "given_away"
    change, scene = handed_over(session, week, transfers, kind)
    roster_guard.apply(session, actor, now, week, change, scene)
    _move(session, actor, now, found, seen, OfferState.DONE)
    return found


def _move(session: Session, actor: Actor, now: datetime, found: SwapOffer, seen: OfferState, to: OfferState) -> None:
    """From the state that was seen, or not at all."""
    session.flush()
    moved = session.exec(
        sa.update(SwapOffer)
        .where(col(SwapOffer.id) == found.id, col(SwapOffer.state) == seen)
        .values(state=to)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:
        raise RefusedError("booking.offer_over")
    session.refresh(found)
    _event(session, actor, now, found)


def _event(session: Session, actor: Actor, now: datetime, found: SwapOffer) -> None:
    session.add(OfferEvent(offer_id=found.id, state=found.state, user_id=actor.user_id, happened_at=now))
    session.flush()


def _concerned(found: SwapOffer) -> list[int]:
    return sorted({one for one in (found.from_agent_id, found.to_agent_id, found.partner_agent_id) if one is not None})


def _facts(found: SwapOffer) -> dict[str, Fact]:
    return {
        "offer_id": found.id,
        "week_id": found.week_id,
        "kind": found.kind.value,
        "starts_at": found.starts_at.isoformat(),
        "ends_at": found.ends_at.isoformat(),
    }


def _tell(session: Session, now: datetime, found: SwapOffer, what: str, agent_ids: Sequence[int]) -> None:
    roster_guard.tell(session, now, f"offer.{what}", _facts(found), agent_ids=agent_ids)


def lapse(session: Session, actor: Actor, now: datetime, week: Week) -> int:
    """End the offers of a week whose time is over, and those of duties that changed; gives how many."""
    roster_guard.opened(session, now, week)
    ended = 0
    for found in session.exec(
        select(SwapOffer).where(SwapOffer.week_id == week.id, col(SwapOffer.state).in_(ACTIVE))
    ).all():
        if found.expires_at <= now:
            to = OfferState.LAPSED
        elif session.get(CurrentDuty, found.duty_id, populate_existing=True) is None:
            to = OfferState.OUTDATED
        else:
            continue
        _move(session, actor, now, found, found.state, to)
        _tell(session, now, found, to.value, _concerned(found))
        ended += 1
    return ended


def offers_for(session: Session, actor: Actor, now: datetime, week_id: int) -> list[OfferLine]:
    """Offers that the actor made or answered, may answer, or, as a manager, may decide; the newest first."""
    week = of_site(session, Week, week_id, actor.site_id)
    query = select(SwapOffer).where(SwapOffer.week_id == week.id)
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR}:
        mine = sa.or_(
            col(SwapOffer.from_agent_id) == actor.agent_id,
            col(SwapOffer.partner_agent_id) == actor.agent_id,
            col(SwapOffer.to_agent_id) == actor.agent_id,
            sa.and_(
                col(SwapOffer.to_agent_id).is_(None),
                col(SwapOffer.state) == OfferState.OPEN,
                col(SwapOffer.expires_at) > now,
            ),
        )
        query = query.where(mine)
    found = session.exec(query.order_by(col(SwapOffer.id).desc())).all()
    return [_line(session, one) for one in found]


def _line(session: Session, found: SwapOffer) -> OfferLine:
    def duty(duty_id: int | None) -> CurrentDuty | None:
        return None if duty_id is None else session.get(CurrentDuty, duty_id)

    return OfferLine(found, duty(found.duty_id), duty(found.wanted_duty_id), duty(found.partner_duty_id))


def fits(
    session: Session, actor: Actor, now: datetime, offer_id: int, own_duty_id: int | None = None
) -> BreaksRuleError | None:
    """Why the actor could not take an offer; None where nothing stands in the way."""
    found = of_site(session, SwapOffer, offer_id, actor.site_id)
    week, agent = session.get_one(Week, found.week_id), agent_for(session, actor, None)
    try:
        _judge(session, week, now, found, agent.id, _in_return(session, found, agent, own_duty_id, week))
    except BreaksRuleError as refusal:
        return refusal
    return None


def history(session: Session, actor: Actor, offer_id: int) -> list[OfferEvent]:
    """What happened to an offer, for the two and the manager; NotFoundError for anybody else."""
    found = of_site(session, SwapOffer, offer_id, actor.site_id)
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR} and actor.agent_id not in _concerned(found):
        raise NotFoundError
    query = select(OfferEvent).where(OfferEvent.offer_id == found.id)
    return list(session.exec(query.order_by(col(OfferEvent.id))))
