"""Messages that leave after the commit, and requests that must count only once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant, json_of


class OutboxMessage(Table, table=True):
    """Something to tell one person, written in the transaction that it tells of; facts, no text."""

    __tablename__ = "outbox_message"
    __table_args__ = (sa.Index("ix_outbox_message_unsent", "sent_at", "created_at"),)

    id: int = Field(default=None, primary_key=True)
    recipient_user_id: int = Field(foreign_key="user_account.id", index=True)
    kind: str = Field(max_length=60)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))
    created_at: datetime = Field(sa_type=instant())
    sent_at: datetime | None = Field(default=None, sa_type=instant())


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
