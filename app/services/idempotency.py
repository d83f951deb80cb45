"""Requests that a client may send again: the same name and the same request get the same answer, and act once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import RefusedError
from app.models import IdempotencyKey


class ReusedKeyError(RefusedError):
    """The name belongs to another request."""


def hash_of(method: str, path: str, content: Any) -> str:
    """What a request asks, whatever the order of its fields."""
    text = json.dumps([method.upper(), path, content], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def begun(session: Session, now: datetime, user_id: int, key: str, request_hash: str) -> IdempotencyKey:
    """The row of a named request: with an ``answer`` where it was answered before, else to be answered now.

    Of two at once the second waits for the first to commit, and then finds its answer.

    :raises ReusedKeyError: where the name belongs to another request
    """
    named = {"user_id": user_id, "key": key, "request_hash": request_hash, "created_at": now}
    # Somebody was first: the row below says with what.
    with suppress(IntegrityError), session.begin_nested():
        session.connection().execute(sa.insert(IdempotencyKey).values(**named))
    row = session.get_one(IdempotencyKey, (user_id, key), populate_existing=True)
    if row.request_hash != request_hash:
        raise ReusedKeyError("booking.key_reused", 422)
    return row


def answered(session: Session, row: IdempotencyKey, status: int, answer: Mapping[str, Any]) -> None:
    """Keep the answer with what was done, in the same transaction."""
    row.status, row.answer = status, dict(answer)
    session.flush()
