"""Offers of duties from one agent to others."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant


class OfferKind(StrEnum):
    """A swap asks for a duty in return."""

    SWAP = "swap"
    GIVE_AWAY = "give_away"


class OfferState(StrEnum):
    """``answered`` waits for the one who offered, ``accepted`` for a manager; the last five are final."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OUTDATED = "outdated"


class SwapOffer(Table, table=True):
    """A duty that its holder would swap or give away.

    :param duty_id: row of the roster in force; gone from there once the duty was changed, so no foreign key
    :param to_agent_id: the one asked, None for all whom it fits
    :param wanted_duty_id: the duty asked for in return, None where the partner names one
    :param partner_agent_id: who answered, with the duty ``partner_duty_id`` in return
    """

    __tablename__ = "swap_offer"
    __table_args__ = (
        sa.CheckConstraint("kind = 'swap' OR wanted_duty_id IS NULL", name="wanted_duty"),
        sa.Index("ix_swap_offer_duty", "duty_id"),
        # One duty is offered once at a time, whoever asks first.
        sa.Index(
            "uq_swap_offer_active",
            "duty_id",
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'answered', 'accepted')"),
            postgresql_where=sa.text("state IN ('open', 'answered', 'accepted')"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    week_id: int = Field(foreign_key="week.id")
    kind: OfferKind = Field(sa_type=enum_of(OfferKind, "kind"))
    state: OfferState = Field(default=OfferState.OPEN, sa_type=enum_of(OfferState, "state"))
    from_agent_id: int = Field(foreign_key="agent.id", index=True)
    duty_id: int
    starts_at: datetime = Field(sa_type=instant())
    ends_at: datetime = Field(sa_type=instant())
    to_agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    wanted_duty_id: int | None = None
    partner_agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    partner_duty_id: int | None = None
    created_at: datetime = Field(sa_type=instant())
    expires_at: datetime = Field(sa_type=instant())


class OfferEvent(Table, table=True):
    """What happened to an offer, for the two and the manager."""

    __tablename__ = "offer_event"

    id: int = Field(default=None, primary_key=True)
    offer_id: int = Field(foreign_key="swap_offer.id", index=True)
    state: OfferState = Field(sa_type=enum_of(OfferState, "state"))
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    happened_at: datetime = Field(sa_type=instant())
