"""Mail from messages: which go out together and when, who sends them, and what became of each.

A mail belongs to one worker while it is being sent. Whatever that worker wrote down about it holds; if it died before
it could, nobody knows whether the mail server took the mail, and it is sent again under the same Message-ID.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Mail, MailState, MailStep, MailWish, OutboxMessage, Site, UserAccount
from app.services.quiet_hours import due_at
from app.services.telling import notice_of

GATHERED_AT_ONCE = 500
CLAIMED_AT_ONCE = 20
TOO_OLD = timedelta(days=7)
"""A message that could not become a mail for so long, because mail was not set up, is on the page only."""
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)
MOST_ATTEMPTS = 29
"""How often a mail is tried that the server refuses for now: for five days, see RFC 5321, 4.5.4.1."""
CLAIM_LASTS = timedelta(minutes=10)
LONGEST_ERROR = 300
ZONE_WITHOUT_SITE = "Europe/Berlin"


def gather(session: Session, now: datetime) -> int:
    """Make mails of the messages that are due, those of one person in one mail; gives how many messages were looked at.

    Messages to people without a confirmed address are put aside; they are on the person's page all the same.
    """
    due = sa.or_(col(OutboxMessage.mail_due_at).is_(None), col(OutboxMessage.mail_due_at) <= now)
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.mail_step == MailStep.OPEN, due)
        .order_by(col(OutboxMessage.id))
        .limit(GATHERED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    messages = session.exec(query).all()
    by_recipient: dict[int, list[OutboxMessage]] = defaultdict(list)
    for message in messages:
        by_recipient[message.recipient_user_id].append(message)
    for user_id, own in by_recipient.items():
        _gather_for(session, now, user_id, own)
    session.flush()
    return len(messages)


def _gather_for(session: Session, now: datetime, user_id: int, messages: Sequence[OutboxMessage]) -> None:
    account, wish = session.get_one(UserAccount, user_id), session.get(MailWish, user_id)
    if not account.active or wish is None or wish.address is None or wish.address_confirmed_at is None:
        for message in messages:
            message.mail_step = MailStep.NO_ADDRESS
        return
    zone = zone_of(session, account)
    ready = [message for message in messages if _is_ready(session, now, message, wish, zone)]
    if ready:
        mail = Mail(recipient_user_id=user_id, address=wish.address, created_at=now, next_try_at=now)
        session.add(mail)
        session.flush()
        for message in ready:
            message.mail_step, message.mail_id = MailStep.MAILED, mail.id


def zone_of(session: Session, account: UserAccount) -> str:
    """The time zone in which somebody reads times."""
    site = None if account.site_id is None else session.get(Site, account.site_id)
    return ZONE_WITHOUT_SITE if site is None else site.time_zone


def _is_ready(session: Session, now: datetime, message: OutboxMessage, wish: MailWish, zone: str) -> bool:
    if message.created_at < now - TOO_OLD:
        message.mail_step = MailStep.TOO_OLD
        return False
    message.mail_due_at = due_at(wish, zone, message.created_at, notice_of(session, message).needed_by)
    return message.mail_due_at <= now


def claim(session: Session, now: datetime, worker_id: str, most: int = CLAIMED_AT_ONCE) -> list[Mail]:
    """Take the next mails, so that no other worker sends them."""
    query = (
        select(Mail)
        .where(Mail.state == MailState.WAITING, col(Mail.next_try_at) <= now)
        .order_by(col(Mail.next_try_at), col(Mail.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    mails = list(session.exec(query))
    for mail in mails:
        mail.state, mail.claimed_by, mail.claimed_at = MailState.SENDING, worker_id, now
    session.flush()
    return mails


def release_left(session: Session, now: datetime, worker_id: str, *, restarted: bool = False) -> int:
    """Let mails be sent again that a worker took and never told the end of; gives how many.

    :param restarted: whether ``worker_id`` has just started, so that all it holds is from a life before
    """
    left = col(Mail.claimed_at) <= now - CLAIM_LASTS
    if restarted:
        left = sa.or_(left, col(Mail.claimed_by) == worker_id)
    released = session.exec(
        sa.update(Mail)
        .where(col(Mail.state) == MailState.SENDING, left)
        .values(state=MailState.WAITING, claimed_by=None, claimed_at=None, next_try_at=now)
        .execution_options(synchronize_session=False)
    )
    return released.rowcount


def held(session: Session, mail_id: int, worker_id: str) -> Mail | None:
    """A mail that a worker has taken, None where it has lost it to another."""
    query = select(Mail).where(Mail.id == mail_id, Mail.state == MailState.SENDING, Mail.claimed_by == worker_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def messages_of(session: Session, mail_id: int) -> list[OutboxMessage]:
    """What a mail tells, in the order in which it happened."""
    query = select(OutboxMessage).where(OutboxMessage.mail_id == mail_id)
    return list(session.exec(query.order_by(col(OutboxMessage.created_at), col(OutboxMessage.id))))


def note_sent(session: Session, now: datetime, mail: Mail) -> None:
    """The mail server has taken it."""
    _end(mail, MailState.SENT, now)
    mail.sent_at, mail.last_error = now, None
    for message in messages_of(session, mail.id):
        message.sent_at = now
    session.flush()


def note_put_off(session: Session, now: datetime, mail: Mail, error: str) -> None:
    """The server refuses it for the time being: tried again later, and later each time."""
    _end(mail, MailState.WAITING, now)
    mail.last_error, mail.next_try_at = error[:LONGEST_ERROR], now + delay_after(mail.attempts)
    if mail.attempts >= MOST_ATTEMPTS:
        mail.state = MailState.FAILED
    session.flush()


def delay_after(attempts: int) -> timedelta:
    """1, 2, 4, … minutes, at most six hours."""
    doublings: int = min(attempts - 1, 12)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def note_refused(session: Session, now: datetime, mail: Mail, error: str, *, address_is_bad: bool = False) -> None:
    """The server will never take it; where that is for the address, its owner is told on the page."""
    _end(mail, MailState.FAILED, now)
    mail.last_error = error[:LONGEST_ERROR]
    wish = session.get(MailWish, mail.recipient_user_id)
    if address_is_bad and wish is not None and wish.address == mail.address:
        wish.refused_at = now
    session.flush()


def _end(mail: Mail, state: MailState, now: datetime) -> None:
    mail.state, mail.claimed_by, mail.claimed_at = state, None, None
    mail.tried_at, mail.attempts = now, mail.attempts + 1


def put_back(session: Session, now: datetime, mail_ids: Collection[int], worker_id: str, error: str) -> None:
    """No mail's fault: the server could not be reached, so they wait without an attempt being counted."""
    session.exec(
        sa.update(Mail)
        .where(col(Mail.id).in_(mail_ids), col(Mail.state) == MailState.SENDING, col(Mail.claimed_by) == worker_id)
        .values(
            state=MailState.WAITING,
            claimed_by=None,
            claimed_at=None,
            tried_at=now,
            last_error=error[:LONGEST_ERROR],
        )
        .execution_options(synchronize_session=False)
    )
