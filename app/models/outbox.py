"""Messages that leave after the commit, the mails they go out in, and requests that must count only once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of

DAY_MINUTES = 24 * 60


class MailStep(StrEnum):
    """What was decided about mailing a message; ``no_address`` and ``too_old`` stay in the list on the page only."""

    OPEN = "open"
    MAILED = "mailed"
    NO_ADDRESS = "no_address"
    TOO_OLD = "too_old"


class MailState(StrEnum):
    """``sending`` belongs to one worker; ``failed`` is final until an administrator lets it be tried again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class MailDelivery(StrEnum):
    """When somebody wants mail."""

    AT_ONCE = "at_once"
    DAILY = "daily"


class Mail(Table, table=True):
    """One mail to one address, made of one message or, as a digest, of several; its text is made when it is sent.

    :param next_try_at: not sent before
    :param claimed_at: when a worker took it to send it, None while nobody has
    :param last_error: what the mail server or the network said last, without any text of the mail
    """

    __tablename__ = "mail"
    __table_args__ = (
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint("(state = 'sending') = (claimed_at IS NOT NULL)", name="claimed_at"),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at"),
        sa.Index("ix_mail_state_next_try_at", "state", "next_try_at"),
    )

    id: int = Field(default=None, primary_key=True)
    recipient_user_id: int = Field(foreign_key="user_account.id", index=True)
    address: str = Field(max_length=254)
    state: MailState = Field(default=MailState.WAITING, sa_type=enum_of(MailState, "state"))
    created_at: datetime = Field(sa_type=instant())
    next_try_at: datetime = Field(sa_type=instant())
    attempts: int = 0
    claimed_by: str | None = Field(default=None, max_length=120)
    claimed_at: datetime | None = Field(default=None, sa_type=instant())
    tried_at: datetime | None = Field(default=None, sa_type=instant())
    last_error: str | None = Field(default=None, max_length=300)
    sent_at: datetime | None = Field(default=None, sa_type=instant())


class OutboxMessage(Table, table=True):
    """Something to tell one person, written in the transaction that it tells of; facts, no text.

    :param mail_due_at: when its mail may go out at the earliest, None while nobody has looked
    :param sent_at: when its mail left
    :param read_at: when the person marked it as read
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index("ix_outbox_message_unsent", "sent_at", "created_at"),
        sa.Index("ix_outbox_message_mail_step", "mail_step", "mail_due_at"),
        sa.CheckConstraint("mail_step = 'mailed' OR mail_id IS NULL", name="mail_id"),
    )

    id: int = Field(default=None, primary_key=True)
    recipient_user_id: int = Field(foreign_key="user_account.id", index=True)
    kind: str = Field(max_length=60)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))
    created_at: datetime = Field(sa_type=instant())
    mail_step: MailStep = Field(default=MailStep.OPEN, sa_type=enum_of(MailStep, "mail_step"))
    mail_due_at: datetime | None = Field(default=None, sa_type=instant())
    mail_id: int | None = Field(default=None, foreign_key="mail.id", index=True)
    sent_at: datetime | None = Field(default=None, sa_type=instant())
    read_at: datetime | None = Field(default=None, sa_type=instant())


class MailWish(Table, table=True):
    """Where and when somebody wants to be told by mail; nobody without a row, or without a confirmed address, is.

    :param address_confirmed_at: when a link sent to the address was used, None until then
    :param refused_at: when a mail server last said for good that it takes nothing for the address
    :param daily_clock_minutes: local time of the digest, in minutes after 00:00
    :param quiet_from_clock_minutes: from here to ``quiet_to_clock_minutes``, over midnight where that is earlier; no
        quiet hours where both are equal
    :param urgent_any_time: whether what cannot wait may come in quiet hours
    """

    __tablename__ = "mail_wish"
    __table_args__ = (
        sa.CheckConstraint(f"daily_clock_minutes BETWEEN 0 AND {DAY_MINUTES - 1}", name="daily_clock_minutes"),
        sa.CheckConstraint(f"quiet_from_clock_minutes BETWEEN 0 AND {DAY_MINUTES - 1}", name="quiet_from"),
        sa.CheckConstraint(f"quiet_to_clock_minutes BETWEEN 0 AND {DAY_MINUTES - 1}", name="quiet_to"),
    )

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    address: str | None = Field(default=None, max_length=254)
    address_confirmed_at: datetime | None = Field(default=None, sa_type=instant())
    refused_at: datetime | None = Field(default=None, sa_type=instant())
    delivery: MailDelivery = Field(default=MailDelivery.AT_ONCE, sa_type=enum_of(MailDelivery, "delivery"))
    daily_clock_minutes: int = 17 * 60
    quiet_from_clock_minutes: int = 20 * 60
    quiet_to_clock_minutes: int = 7 * 60
    urgent_any_time: bool = True


class UsedLink(Table, table=True):
    """A signed link that did what it was for; there is no second time.

    :param token_hash: SHA-256 of the link's token in hexadecimal digits
    :param expires_at: after this the link would be refused anyway, so the row may go
    """

    __tablename__ = "used_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    used_at: datetime = Field(sa_type=instant())
    expires_at: datetime = Field(sa_type=instant())


class FeedToken(Table, table=True):
    """The secret address of one person's calendar feed; only its hash is kept.

    :param content_hash: of what the feed said last, ``content_changed_at`` since when it says that
    """

    __tablename__ = "feed_token"
    __table_args__ = (sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),)

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=instant())
    content_hash: str | None = Field(default=None, max_length=64)
    content_changed_at: datetime | None = Field(default=None, sa_type=instant())
    fetched_at: datetime | None = Field(default=None, sa_type=instant())


class Chore(Table, table=True):
    """A thing that one of all workers does from time to time; ``begun_at`` is moved by the one that does it."""

    __tablename__ = "chore"

    name: str = Field(primary_key=True, max_length=40)
    begun_at: datetime = Field(sa_type=instant())
    worker_id: str = Field(max_length=120)


class EntryReminder(Table, table=True):
    """Those who had not entered their availability of a week were reminded; once."""

    __tablename__ = "entry_reminder"

    week_id: int = Field(foreign_key="week.id", primary_key=True)
    reminded_at: datetime = Field(sa_type=instant())


class RetentionPass(Table, table=True):
    """While a row is here, in a transaction that takes it away again, versions published before it may be deleted."""

    __tablename__ = "retention_pass"

    published_before: datetime = Field(sa_type=instant(), primary_key=True)


class IdempotencyKey(Table, table=True):
    """The answer to a request that a client named; the name is bound to what was asked.

    :param request_hash: SHA-256 of the request in hexadecimal digits
    :param answer: None while the first request is under way in the same transaction
    """

    __tablename__ = "idempotency_key"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    key: str = Field(primary_key=True, max_length=120)
    request_hash: str = Field(max_length=64)
    status: int | None = None
    answer: dict[str, Any] | None = Field(default=None, sa_type=json_of(dict[str, Any]))
    created_at: datetime = Field(sa_type=instant())
