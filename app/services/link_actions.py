"""What a signed link is about, and doing it: the same services as the pages, so the same rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from app.errors import NotFoundError, RefusedError
from app.models import CurrentDuty, Desk, OpenShift, SwapOffer, WaitingEntry, WaitingState, Week
from app.services import mail_wishes, replacements, roster_guard, shift_booking, swapping, waiting_list
from app.services.audit import Actor, record
from app.services.lookup import of_site
from app.services.signed_links import Link, Purpose, use_up
from app.services.telling import Notice, ToldDuty, told_row, told_shift


def subject(session: Session, link: Link, agent_id: int | None) -> Notice:
    """What would happen to the link's owner, as a notice; without duties where these are no longer as they were."""
    kind = link.purpose.value.rpartition("_")[0]
    bare = Notice(0, kind, link.expires_at, deadline_at=link.expires_at, address=link.address)
    if kind in {"waiting", "stand_in"}:
        return replace(bare, after=told_shift(session, link.object_id))
    if kind == "booking":
        return replace(bare, before=_own_duty(session, link.object_id))
    return _of_offer(session, bare, link.object_id, agent_id) if kind == "offer" else bare


def _own_duty(session: Session, duty_id: int) -> tuple[ToldDuty, ...]:
    duty = session.get(CurrentDuty, duty_id)
    if duty is None:
        return ()
    desk = None if duty.desk_id is None else session.get_one(Desk, duty.desk_id)
    return (ToldDuty(duty.starts_at, duty.ends_at, duty.place, None if desk is None else desk.key),)


def _of_offer(session: Session, bare: Notice, offer_id: int, agent_id: int | None) -> Notice:
    offer = session.get(SwapOffer, offer_id)
    if offer is None:
        return bare
    offered = told_row(session, offer.duty_id)
    if offer.from_agent_id == agent_id:
        return replace(bare, before=offered, after=told_row(session, offer.partner_duty_id))
    return replace(bare, before=told_row(session, offer.wanted_duty_id), after=offered)


def follow(session: Session, now: datetime, token: str, link: Link) -> None:
    """Do what a link is for and use it up, in one transaction; where it is refused the link stays good.

    :raises LinkRefusedError: where the link does not hold (any more)
    :raises RefusedError: where what it is for cannot be, with the reason
    """
    actor = use_up(session, now, token, link)
    record(session, actor, now, "link.used", "user_account", link.user_id, purpose=link.purpose.value)
    ACTIONS[link.purpose](session, actor, now, link)


Action = Callable[[Session, Actor, datetime, Link], None]


def _accept_waiting(session: Session, actor: Actor, now: datetime, link: Link) -> None:
    """Only while the place is held for this person: a link is no way round the queue."""
    shift = of_site(session, OpenShift, link.object_id, actor.site_id)
    roster_guard.opened(session, now, session.get_one(Week, shift.week_id))
    entry = session.exec(
        select(WaitingEntry)
        .where(WaitingEntry.open_shift_id == shift.id, WaitingEntry.agent_id == actor.agent_id)
        .execution_options(populate_existing=True)
    ).first()
    if entry is None:
        raise NotFoundError
    if entry.state is not WaitingState.OFFERED or (entry.offer_ends_at or now) <= now:
        raise RefusedError("booking.offer_lapsed")
    shift_booking.book_shift(session, actor, now, shift.id)


def _on_its_object(act: Callable[[Session, Actor, datetime, int], object]) -> Action:
    """A service's action on the row that the link names."""

    def run(session: Session, actor: Actor, now: datetime, link: Link) -> None:
        act(session, actor, now, link.object_id)

    return run


def _confirm_address(session: Session, actor: Actor, now: datetime, link: Link) -> None:
    mail_wishes.confirm(session, actor, now, link.address)


ACTIONS: dict[Purpose, Action] = {
    Purpose.WAITING_ACCEPT: _accept_waiting,
    Purpose.WAITING_RELEASE: _on_its_object(waiting_list.leave),
    Purpose.STAND_IN_ACCEPT: _on_its_object(replacements.accept),
    Purpose.STAND_IN_DECLINE: _on_its_object(replacements.decline),
    Purpose.OFFER_ACCEPT: _on_its_object(swapping.accept),
    Purpose.OFFER_DECLINE: _on_its_object(swapping.decline),
    Purpose.OFFER_CONFIRM: _on_its_object(swapping.confirm),
    Purpose.BOOKING_RELEASE: _on_its_object(shift_booking.cancel),
    Purpose.ADDRESS_CONFIRM: _confirm_address,
}
