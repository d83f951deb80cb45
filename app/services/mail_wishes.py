"""Where and when somebody wants mail; an address counts once a link that was sent there has been used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Mail, MailDelivery, MailState, MailStep, MailWish, OutboxMessage
from app.services.audit import Actor, record

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")
LONGEST_ADDRESS = 254
CONFIRMATIONS_A_DAY = 5
ADDRESS_KIND = "address.confirm"


@dataclass(frozen=True)
class Times:
    """When mail may come; minutes after 00:00 on the clock."""

    delivery: MailDelivery
    daily_clock_minutes: int
    quiet_from_clock_minutes: int
    quiet_to_clock_minutes: int
    urgent_any_time: bool


def wish_of(session: Session, user_id: int) -> MailWish:
    """Somebody's wishes; the defaults, not stored, of one who has said nothing."""
    return session.get(MailWish, user_id) or MailWish(user_id=user_id)


def _kept(session: Session, user_id: int) -> MailWish:
    wish = session.get(MailWish, user_id)
    if wish is None:
        wish = MailWish(user_id=user_id)
        session.add(wish)
        session.flush()
    return wish


def set_times(session: Session, actor: Actor, now: datetime, times: Times) -> None:
    """Keep when mail may come; what waits is decided anew."""
    user_id = _user_of(actor)
    wish = _kept(session, user_id)
    wish.delivery, wish.daily_clock_minutes = times.delivery, times.daily_clock_minutes
    wish.quiet_from_clock_minutes = times.quiet_from_clock_minutes
    wish.quiet_to_clock_minutes = times.quiet_to_clock_minutes
    wish.urgent_any_time = times.urgent_any_time
    session.flush()
    session.exec(
        sa.update(OutboxMessage)
        .where(col(OutboxMessage.recipient_user_id) == user_id, col(OutboxMessage.mail_step) == MailStep.OPEN)
        .values(mail_due_at=None)
        .execution_options(synchronize_session=False)
    )
    record(session, actor, now, "mail.times_changed", "user_account", user_id)


def set_address(session: Session, actor: Actor, now: datetime, address: str) -> bool:
    """Keep an address and send a link there that confirms it; an empty one ends all mail. Gives whether a mail goes.

    :raises RefusedError: (422) for what is no address, (429) after too many in a day
    """
    user_id = _user_of(actor)
    address = address.strip()
    wish = _kept(session, user_id)
    if not address:
        _call_back(session, user_id)
        wish.address = wish.address_confirmed_at = wish.refused_at = None
        record(session, actor, now, "mail.address_removed", "user_account", user_id)
        return False
    if address == wish.address and wish.address_confirmed_at is not None:
        return False
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address) or ".." in address:
        raise RefusedError("notify.bad_address", 422)
    _require_patience(session, user_id, now)
    _call_back(session, user_id)
    wish.address, wish.address_confirmed_at, wish.refused_at = address, None, None
    _ask_for_confirmation(session, now, user_id, address)
    record(session, actor, now, "mail.address_changed", "user_account", user_id)
    return True


def _call_back(session: Session, user_id: int) -> None:
    """What waits to go to the address before goes nowhere; it is told again once there is a new one."""
    waiting = select(Mail.id).where(Mail.recipient_user_id == user_id, Mail.state == MailState.WAITING)
    mail_ids = session.exec(waiting.with_for_update()).all()
    session.exec(
        sa.update(OutboxMessage)
        .where(col(OutboxMessage.mail_id).in_(mail_ids))
        .values(mail_id=None, mail_due_at=None, mail_step=MailStep.OPEN)
        .execution_options(synchronize_session=False)
    )
    session.exec(sa.delete(Mail).where(col(Mail.id).in_(mail_ids)))


def _user_of(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFoundError
    return actor.user_id


def _require_patience(session: Session, user_id: int, now: datetime) -> None:
    """Nobody can have this send mail to strangers without end."""
    sent = session.exec(
        select(sa.func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.recipient_user_id == user_id,
            OutboxMessage.kind == ADDRESS_KIND,
            col(OutboxMessage.created_at) > now - timedelta(days=1),
        )
    ).one()
    if sent >= CONFIRMATIONS_A_DAY:
        raise RefusedError("notify.too_many_addresses", 429, most=CONFIRMATIONS_A_DAY)


def _ask_for_confirmation(session: Session, now: datetime, user_id: int, address: str) -> None:
    """The one mail that goes to an address nobody has confirmed, and at any time: somebody waits for it."""
    mail = Mail(recipient_user_id=user_id, address=address, created_at=now, next_try_at=now)
    session.add(mail)
    session.flush()
    session.add(
        OutboxMessage(
            recipient_user_id=user_id,
            kind="address.confirm",
            facts={"address": address},
            created_at=now,
            mail_step=MailStep.MAILED,
            mail_id=mail.id,
        )
    )
    session.flush()


def confirm(session: Session, actor: Actor, now: datetime, address: str) -> None:
    """The link that was sent to an address has been used; RefusedError where another one was entered since."""
    wish = session.get(MailWish, _user_of(actor))
    if wish is None or wish.address != address:
        raise RefusedError("notify.address_changed")
    wish.address_confirmed_at = now
    record(session, actor, now, "mail.address_confirmed", "user_account", actor.user_id)
