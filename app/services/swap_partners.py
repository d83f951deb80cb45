"""Colleagues who could take a duty, or give one in return, so far as their own rules go; no reasons about others.

What the floor says is left to the offer itself: the desk is the same or found anew when somebody accepts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, CurrentDuty, Desk, OfferKind, Place, Queue, Room, SwapOffer, Week
from app.services import roster_guard
from app.services.audit import Actor
from app.services.booking_weeks import site_of
from app.services.guard_case import NewDuty, Scene, read_scene
from app.services.lookup import of_site
from app.services.roster_guard import ChangedMeanwhileError
from app.services.swapping import ACTIVE, SWAPPABLE
from app.services.transfers import Transfer, handed_over

MOST_SHOWN = 12
JUDGED_AT_ONCE = 36
MOST_SEARCH_LETTERS = 80


@dataclass(frozen=True)
class OwnDuty:
    """One duty of the actor with what its pages need.

    :param offer: the offer of it that is under way
    :param may_change_hands: whether its week is published and it has not begun
    """

    duty: CurrentDuty
    week: Week
    desk: Desk | None
    room: Room | None
    queues: Sequence[Queue]
    offer: SwapOffer | None
    may_change_hands: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody to ask, by id and name."""

    agent_id: int
    name: str


@dataclass(frozen=True)
class Colleagues:
    """The first who fit a search; ``has_more`` where there may be others."""

    found: Sequence[Colleague]
    has_more: bool


def own_duty(session: Session, actor: Actor, now: datetime, duty_id: int) -> OwnDuty:
    """A duty of the actor; raises NotFoundError where it is gone, or somebody else's."""
    site = site_of(session, actor)
    duty = session.get(CurrentDuty, duty_id)
    if duty is None or duty.agent_id != actor.agent_id:
        raise NotFoundError
    week = session.get_one(Week, duty.week_id)
    desk = None if duty.desk_id is None else session.get_one(Desk, duty.desk_id)
    keys = {work.queue for work in duty.serves}
    queues = session.exec(select(Queue).where(Queue.site_id == site.id, col(Queue.key).in_(keys))).all()
    offered = select(SwapOffer).where(SwapOffer.duty_id == duty.id, col(SwapOffer.state).in_(ACTIVE))
    return OwnDuty(
        duty=duty,
        week=week,
        desk=desk,
        room=None if desk is None else session.get_one(Room, desk.room_id),
        queues=sorted(queues, key=lambda queue: queue.letter),
        offer=session.exec(offered.where(col(SwapOffer.expires_at) > now)).first(),
        may_change_hands=week.state in SWAPPABLE and duty.starts_at > now,
    )


def colleagues(session: Session, actor: Actor, own: OwnDuty, kind: OfferKind, search: str = "") -> Colleagues:
    """Those whom the duty would fit, by name: as it is, or in return for one of theirs in that week.

    :param search: part of a name or staff number
    """
    wanted = search.strip().casefold()[:MOST_SEARCH_LETTERS]
    agents = session.exec(
        select(Agent)
        .where(Agent.site_id == own.duty.site_id, col(Agent.active).is_(True), Agent.id != actor.agent_id)
        .order_by(Agent.display_name, col(Agent.id))
    ).all()
    asked = [one for one in agents if wanted in one.display_name.casefold() or wanted == one.key.casefold()]
    if kind is OfferKind.SWAP:
        holders = set(session.exec(select(CurrentDuty.agent_id).where(CurrentDuty.week_id == own.week.id)))
        asked = [one for one in asked if one.id in holders]
    found: list[Colleague] = []
    for one in _fitting(session, own, asked, kind):
        if len(found) == MOST_SHOWN:
            return Colleagues(found, has_more=True)
        found.append(Colleague(one.id, one.display_name))
    return Colleagues(found, has_more=False)


def _fitting(session: Session, own: OwnDuty, asked: Sequence[Agent], kind: OfferKind) -> Iterator[Agent]:
    """Judged a few at a time, for only the first are shown."""
    span = own.duty.starts_at, own.duty.ends_at
    for first in range(0, len(asked), JUDGED_AT_ONCE):
        part = asked[first : first + JUDGED_AT_ONCE]
        scene = read_scene(session, own.week, [one.id for one in part], [span])
        yield from (one for one in part if _could_take(scene, one, own, kind))


def _could_take(scene: Scene, agent: Agent, own: OwnDuty, kind: OfferKind) -> bool:
    row = scene.row(agent.id)
    if row is None or not {work.queue for work in own.duty.serves} <= set(row.queues):
        return False
    alone = scene.of_agent(agent.id)
    theirs = [duty for duty in alone.own.values() if duty.agent_id == agent.id]
    if kind is OfferKind.GIVE_AWAY:
        return not _meets(own.duty, theirs) and _allowed(alone, agent, own.duty, ())
    in_week = [duty for duty in theirs if duty.week_id == own.week.id]
    return any(
        _allowed(alone, agent, own.duty, (given.id,))
        for given in in_week
        if not _meets(own.duty, [duty for duty in theirs if duty is not given])
    )


def _meets(duty: CurrentDuty, others: Sequence[CurrentDuty]) -> bool:
    """Whether two at once would follow: cheap to see, and never allowed."""
    return any(one.starts_at < duty.ends_at and one.ends_at > duty.starts_at for one in others)


def _allowed(alone: Scene, agent: Agent, duty: CurrentDuty, given: tuple[int, ...]) -> bool:
    place = Place.HOME if agent.home_wish == "only" else Place.SITE if agent.home_wish == "none" else duty.place
    desk_id = duty.desk_id if place is Place.SITE else None
    new = replace(NewDuty.like(duty), agent_id=agent.id, place=place, desk_id=desk_id)
    added = alone.added(given, (new,), keeps_shape=True)
    # A duty that comes from home finds its desk when it is accepted.
    return all((one.rule, one.detail) == ("desk", "none") for one in added)


def colleague(session: Session, actor: Actor, agent_id: int) -> Colleague:
    """One colleague of the own site; raises NotFoundError for oneself and everybody else."""
    agent = of_site(session, Agent, agent_id, actor.site_id)
    if agent.id == actor.agent_id or not agent.active:
        raise NotFoundError
    return Colleague(agent.id, agent.display_name)


def in_return(session: Session, own: OwnDuty, now: datetime, agent_id: int) -> list[CurrentDuty]:
    """Duties of a colleague in the same week that could be had for one's own, every rule asked."""
    query = select(CurrentDuty).where(
        CurrentDuty.agent_id == agent_id, CurrentDuty.week_id == own.week.id, col(CurrentDuty.starts_at) > now
    )
    theirs = session.exec(query.order_by(col(CurrentDuty.starts_at))).all()
    return [duty for duty in theirs if refusal_of_swap(session, own.week, own.duty, duty) is None]


def refusal_of_swap(session: Session, week: Week, mine: CurrentDuty, theirs: CurrentDuty) -> RefusedError | None:
    """Why two duties could not change hands; None where nothing stands in the way."""
    transfers = [Transfer(mine, theirs.agent_id), Transfer(theirs, mine.agent_id)]
    try:
        change, scene = handed_over(session, week, transfers, "offer_swap")
        roster_guard.require_allowed(scene, change)
    except RefusedError as refusal:
        return refusal
    return None


def handed(session: Session, offer: SwapOffer, partner_id: int, partner_duty_id: int | None) -> list[NewDuty]:
    """The duties of an offer with their new holders and desks.

    :raises ChangedMeanwhileError: where one is no longer as it was offered
    """
    week = session.get_one(Week, offer.week_id)
    ids = [offer.duty_id, *([] if partner_duty_id is None else [partner_duty_id])]
    duties = roster_guard.duties_now(session, week, ids)
    owners = [offer.from_agent_id, partner_id][: len(duties)]
    if [duty.agent_id for duty in duties] != owners:
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    to = [partner_id, offer.from_agent_id]
    change, _ = handed_over(
        session, week, [Transfer(duty, new_id) for duty, new_id in zip(duties, to, strict=False)], "offer"
    )
    return list(change.new)
