"""Keys to the JSON API: what a person lets a script or a telephone do in their name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant, json_of


class Scope(StrEnum):
    """What a token may be used for; the person's role has to allow it besides.

    ``availability``, ``my-week``, ``absence`` and ``swaps`` are about oneself, for managers ``swaps`` is
    deciding; ``bookings`` is booking and the open shifts; the rest is managing.
    """

    AVAILABILITY = "availability"
    BOOKINGS = "bookings"
    SWAPS = "swaps"
    ABSENCE = "absence"
    MY_WEEK = "my-week"
    WEEKS = "weeks"
    PLANS = "plans"
    ROSTERS = "rosters"
    REPLACEMENTS = "replacements"
    FLOOR = "floor"


class ApiToken(Table, table=True):
    """A bearer token of one account. The token itself is shown once and kept nowhere.

    :param token_hash: SHA-256 in hexadecimal digits; tokens are long random numbers, so a slow hash would add nothing
    :param last_used_at: noted now and then, not at every request
    """

    __tablename__ = "api_token"
    __table_args__ = (
        sa.CheckConstraint("length(token_hash) = 64", name="token_hash"),
        sa.CheckConstraint("expires_at > created_at", name="expires_at"),
    )

    id: int = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    scopes: list[Scope] = Field(sa_type=json_of(list[Scope]))
    created_at: datetime = Field(sa_type=instant())
    expires_at: datetime = Field(sa_type=instant())
    last_used_at: datetime | None = Field(default=None, sa_type=instant())
    revoked_at: datetime | None = Field(default=None, sa_type=instant())
