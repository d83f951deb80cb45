"""Care partners: two agents who never work at the same time. Only the two ever see it.

Nothing here is written to the audit record, which administrators read: who shares care with whom is private.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, CarePartner
from app.services.audit import Actor

MOST_PARTNERS = 3
MOST_HANDOVER_MINUTES = 240
HANDOVER_STEP_MINUTES = 15


@dataclass(frozen=True)
class Partnership:
    """One pair as the actor sees it.

    :param partner_key: the other's number, which the actor typed or is told
    :param partner_name: None until the other has said yes, so that numbers cannot be turned into names
    """

    partner_id: int
    partner_key: str
    partner_name: str | None
    handover_minutes: int
    confirmed_by_me: bool
    confirmed_by_partner: bool

    @property
    def is_in_force(self) -> bool:
        """Whether planning keeps the two apart."""
        return self.confirmed_by_me and self.confirmed_by_partner


def partnerships(session: Session, actor: Actor) -> list[Partnership]:
    """The actor's pairs, confirmed or not."""
    own_id = _own(session, actor).id
    pairs = _pairs(session, own_id)
    others = {_other_id(pair, own_id) for pair in pairs}
    agents = {agent.id: agent for agent in session.exec(select(Agent).where(col(Agent.id).in_(others)))}
    return [_partnership(pair, own_id, agents[_other_id(pair, own_id)]) for pair in pairs]


def own_number(session: Session, actor: Actor) -> str:
    """The actor's number, by which colleagues can ask."""
    return _own(session, actor).key


def _partnership(pair: CarePartner, own_id: int, partner: Agent) -> Partnership:
    first, second = pair.first_confirmed_at is not None, pair.second_confirmed_at is not None
    mine, theirs = (first, second) if pair.first_agent_id == own_id else (second, first)
    return Partnership(
        partner.id, partner.key, partner.display_name if theirs else None, pair.handover_minutes, mine, theirs
    )


def propose(session: Session, actor: Actor, now: datetime, partner_key: str, handover_minutes: int) -> None:
    """Ask a colleague by number; it counts once the other confirms.

    :raises RefusedError: for an unknown number, the own one, a pair that exists, too many pairs or a bad handover
    """
    own = _own(session, actor, locked=True)
    if not 0 <= handover_minutes <= MOST_HANDOVER_MINUTES or handover_minutes % HANDOVER_STEP_MINUTES:
        raise RefusedError("agent_more.partner.handover_range", 422, most=MOST_HANDOVER_MINUTES)
    partner = session.exec(
        select(Agent).where(Agent.site_id == own.site_id, Agent.key == partner_key, col(Agent.active).is_(True))
    ).first()
    if partner is None:
        raise RefusedError("agent_more.partner.unknown", 422, number=partner_key[:40])
    if partner.id == own.id:
        raise RefusedError("agent_more.partner.yourself", 422)
    pairs = _pairs(session, own.id)
    if any(_other_id(pair, own.id) == partner.id for pair in pairs):
        raise RefusedError("agent_more.partner.exists")
    if len(pairs) >= MOST_PARTNERS:
        raise RefusedError("agent_more.partner.too_many", most=MOST_PARTNERS)
    first_id, second_id = sorted((own.id, partner.id))
    pair = CarePartner(first_agent_id=first_id, second_agent_id=second_id, handover_minutes=handover_minutes)
    _confirm_side(pair, own.id, now)
    _insert(session, pair)


def _insert(session: Session, pair: CarePartner) -> None:
    try:
        with session.begin_nested():
            session.add(pair)
            session.flush()
    except IntegrityError as refusal:
        # Both asked each other at once.
        raise RefusedError("agent_more.partner.exists") from refusal


def confirm(session: Session, actor: Actor, now: datetime, partner_id: int) -> None:
    """Say yes to a colleague who asked; raises NotFoundError where nobody did."""
    own_id = _own(session, actor).id
    _confirm_side(_pair(session, own_id, partner_id), own_id, now)
    session.flush()


def end(session: Session, actor: Actor, partner_id: int) -> None:
    """Take back, decline or end: each of the two can, at any time."""
    session.delete(_pair(session, _own(session, actor).id, partner_id))
    session.flush()


def _confirm_side(pair: CarePartner, agent_id: int, now: datetime) -> None:
    if pair.first_agent_id == agent_id:
        pair.first_confirmed_at = pair.first_confirmed_at or now
    else:
        pair.second_confirmed_at = pair.second_confirmed_at or now


def _pairs(session: Session, own_id: int) -> Sequence[CarePartner]:
    mine = sa.or_(col(CarePartner.first_agent_id) == own_id, col(CarePartner.second_agent_id) == own_id)
    return session.exec(
        select(CarePartner).where(mine).order_by(col(CarePartner.first_agent_id), col(CarePartner.second_agent_id))
    ).all()


def _pair(session: Session, own_id: int, partner_id: int) -> CarePartner:
    first_id, second_id = sorted((own_id, partner_id))
    pair = session.get(CarePartner, (first_id, second_id), with_for_update=True)
    if pair is None:
        raise NotFoundError
    return pair


def _other_id(pair: CarePartner, own_id: int) -> int:
    return pair.second_agent_id if pair.first_agent_id == own_id else pair.first_agent_id


def _own(session: Session, actor: Actor, *, locked: bool = False) -> Agent:
    agent = session.get(Agent, actor.agent_id, with_for_update=locked) if actor.agent_id is not None else None
    if agent is None or agent.site_id != actor.site_id:
        raise NotFoundError
    return agent
