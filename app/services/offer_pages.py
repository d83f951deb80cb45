"""Offers as an agent sees them: whose, for what, what it would change for oneself, what happened so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    CurrentDuty,
    Desk,
    OfferEvent,
    OfferKind,
    OfferState,
    SwapOffer,
    UserAccount,
    Week,
)
from app.services import booking_weeks, live_roster, swap_partners, swapping
from app.services.audit import Actor
from app.services.guard_case import AnyDutyState, NewDuty
from app.services.lookup import of_site
from app.services.swapping import ACTIVE, OfferLine

MOST_OPEN_TO_ALL = 12


@dataclass(frozen=True)
class OfferView:
    """An offer in a list.

    :param state: lapsed, too, where its time is over and nobody has written that down yet
    :param from_name: of the one who offered, ``partner_name`` of the one asked or the one who answered
    """

    line: OfferLine
    state: OfferState
    is_mine: bool
    from_name: str
    partner_name: str | None

    @property
    def offer(self) -> SwapOffer:
        """The row."""
        return self.line.offer

    @property
    def is_active(self) -> bool:
        """Whether anything can still come of it."""
        return self.state in ACTIVE


@dataclass(frozen=True)
class Offers:
    """Offers by what the actor has to do with them."""

    to_me: Sequence[OfferView]
    mine: Sequence[OfferView]
    to_all: Sequence[OfferView]
    past: Sequence[OfferView]


@dataclass(frozen=True)
class Step:
    """Something that happened to an offer; ``name`` None was a job."""

    state: OfferState
    name: str | None
    happened_at: datetime


@dataclass(frozen=True)
class InReturn:
    """A duty of the actor that could be given in return, or why not."""

    duty: CurrentDuty
    refusal: RefusedError | None


@dataclass(frozen=True)
class OfferPage:
    """One offer in full.

    :param before: the actor's duties that it concerns as they are, ``after`` as they would be
    :param refusal: why the actor could not take it, None where nothing stands in the way
    :param returns: where the actor names a duty in return: which
    :param steps: empty for those whom it does not concern yet
    """

    view: OfferView
    before: Sequence[CurrentDuty]
    after: Sequence[NewDuty]
    refusal: RefusedError | None
    returns: Sequence[InReturn]
    steps: Sequence[Step]
    desks: Mapping[int, str]
    can_accept: bool
    can_confirm: bool
    can_decline: bool
    can_withdraw: bool


def offers(session: Session, actor: Actor, now: datetime) -> Offers:
    """Of all weeks that are not over; those open to all only where they fit, so far as is known without a duty."""
    site = booking_weeks.site_of(session, actor)
    first_day = booking_weeks.this_monday(site, now)
    weeks = session.exec(select(Week).where(Week.site_id == site.id, col(Week.first_day) >= first_day)).all()
    lines = [line for week in weeks for line in swapping.offers_for(session, actor, now, week.id)]
    views = _views(session, actor, now, lines)
    open_to_all = [view for view in views if _is_open_to_all(view)]
    return Offers(
        to_me=[view for view in views if view.is_active and not view.is_mine and not _is_open_to_all(view)],
        mine=[view for view in views if view.is_active and view.is_mine],
        to_all=[view for view in open_to_all[:MOST_OPEN_TO_ALL] if _fits(session, actor, now, view)],
        past=[view for view in views if not view.is_active],
    )


def _is_open_to_all(view: OfferView) -> bool:
    return not view.is_mine and view.state is OfferState.OPEN and view.offer.to_agent_id is None


def _fits(session: Session, actor: Actor, now: datetime, view: OfferView) -> bool:
    if view.line.duty is None:
        return False
    if view.offer.kind is OfferKind.GIVE_AWAY:
        return swapping.fits(session, actor, now, view.offer.id) is None
    return any(one.refusal is None for one in _returns(session, actor, now, view))


def _views(session: Session, actor: Actor, now: datetime, lines: Sequence[OfferLine]) -> list[OfferView]:
    ids = {
        one
        for line in lines
        for one in (line.offer.from_agent_id, line.offer.to_agent_id, line.offer.partner_agent_id)
        if one is not None
    }
    names = dict(iter(session.exec(select(Agent.id, Agent.display_name).where(col(Agent.id).in_(ids)))))
    return [_view(line, actor, now, names) for line in lines]


def _view(line: OfferLine, actor: Actor, now: datetime, names: Mapping[int, str]) -> OfferView:
    row = line.offer
    state = OfferState.LAPSED if row.state in ACTIVE and row.expires_at <= now else row.state
    if state in ACTIVE and line.duty is None:
        state = OfferState.OUTDATED
    partner_id = row.partner_agent_id or row.to_agent_id
    return OfferView(
        line=line,
        state=state,
        is_mine=row.from_agent_id == actor.agent_id,
        from_name=names[row.from_agent_id],
        partner_name=None if partner_id is None else names[partner_id],
    )


def page(session: Session, actor: Actor, now: datetime, offer_id: int) -> OfferPage:
    """One offer that concerns the actor, or is open to all; raises NotFoundError for any other."""
    row = of_site(session, SwapOffer, offer_id, booking_weeks.site_of(session, actor).id)
    lines = [line for line in swapping.offers_for(session, actor, now, row.week_id) if line.offer.id == row.id]
    if not lines:
        raise NotFoundError
    view = _views(session, actor, now, lines)[0]
    may_take = view.state is OfferState.OPEN and not view.is_mine
    returns = _returns(session, actor, now, view) if may_take and _names_duty(view) else []
    before, after = _difference(session, actor, view)
    answered = view.state is OfferState.ANSWERED
    asked = view.offer.to_agent_id == actor.agent_id
    return OfferPage(
        view=view,
        before=before,
        after=after,
        refusal=swapping.fits(session, actor, now, row.id) if may_take and not _names_duty(view) else None,
        returns=returns,
        steps=_steps(session, actor, row) if _concerns(view, actor) else [],
        desks=_desk_keys(session, [*before, *after]),
        can_accept=may_take,
        can_confirm=view.is_mine and answered,
        can_decline=(may_take and asked) or (view.is_mine and answered),
        can_withdraw=view.is_mine and view.is_active,
    )


def _names_duty(view: OfferView) -> bool:
    """Whether who takes it has to say which duty they give for it."""
    return view.offer.kind is OfferKind.SWAP and view.offer.wanted_duty_id is None


def _concerns(view: OfferView, actor: Actor) -> bool:
    row = view.offer
    return actor.agent_id in {row.from_agent_id, row.to_agent_id, row.partner_agent_id}


def _returns(session: Session, actor: Actor, now: datetime, view: OfferView) -> list[InReturn]:
    offered = view.line.duty
    if offered is None:
        return []
    week = session.get_one(Week, view.offer.week_id)
    own = [duty for duty in live_roster.duties_of(session, week.id, [actor.agent_id or 0]) if duty.starts_at > now]
    return [InReturn(duty, swap_partners.refusal_of_swap(session, week, offered, duty)) for duty in own]


def _difference(session: Session, actor: Actor, view: OfferView) -> tuple[list[CurrentDuty], list[NewDuty]]:
    """The actor's duties that change hands, before and after; nothing where it is over or not yet known which."""
    row, offered = view.offer, view.line.duty
    partner_id = row.partner_agent_id or row.to_agent_id or (None if view.is_mine else actor.agent_id)
    if not view.is_active or offered is None:
        return [], []
    given = view.line.partner_duty or view.line.wanted
    mine = [duty for duty in (offered, given) if duty is not None and duty.agent_id == actor.agent_id]
    if partner_id is None or (given is None and row.kind is OfferKind.SWAP):
        return mine, _open_end(view, actor, offered)
    try:
        after = swap_partners.handed(session, row, partner_id, None if given is None else given.id)
    except RefusedError:
        return mine, []
    return mine, [duty for duty in after if duty.agent_id == actor.agent_id]


def _open_end(view: OfferView, actor: Actor, offered: CurrentDuty) -> list[NewDuty]:
    """Of a swap whose other duty nobody has named yet: what the one who takes it would get."""
    if view.is_mine:
        return []
    duty = NewDuty.like(offered)
    return [NewDuty(actor.agent_id or 0, duty.starts_at, duty.ends_at, duty.place, duty.desk_id)]


def _desk_keys(session: Session, duties: Iterable[AnyDutyState]) -> dict[int, str]:
    ids = {duty.desk_id for duty in duties if duty.desk_id is not None}
    return dict(iter(session.exec(select(Desk.id, Desk.key).where(col(Desk.id).in_(ids)))))


def _steps(session: Session, actor: Actor, row: SwapOffer) -> list[Step]:
    events: Sequence[OfferEvent] = swapping.history(session, actor, row.id)
    ids = {event.user_id for event in events if event.user_id is not None}
    query = (
        select(UserAccount.id, UserAccount.display_name, Agent.display_name)
        .join(Agent, col(Agent.id) == UserAccount.agent_id, isouter=True)
        .where(col(UserAccount.id).in_(ids))
    )
    names = {user_id: agent_name or name for user_id, name, agent_name in session.exec(query)}
    return [Step(event.state, names.get(event.user_id or 0), event.happened_at) for event in events]
