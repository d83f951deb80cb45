"""Shifts that anybody whom they fit may book, who waits for one, and a site's terms of booking."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of
from app.models.roster import StoredServes, StoredSpan


class ShiftOrigin(StrEnum):
    """Why a shift is open."""

    REQUIREMENT = "requirement"
    GAP = "gap"
    ABSENCE = "absence"


class OpenShift(Table, table=True):
    """A shape of duty with ``places`` for people; a trigger counts ``taken``, which never exceeds them.

    :param serves: the work for queues inside it; empty where planning decides
    """

    __tablename__ = "open_shift"
    __table_args__ = (
        sa.Index("ix_open_shift_week", "week_id", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("places >= 1", name="places"),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name="taken"),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    week_id: int = Field(foreign_key="week.id")
    queue_id: int | None = Field(default=None, foreign_key="queue.id")
    starts_at: datetime = Field(sa_type=instant())
    ends_at: datetime = Field(sa_type=instant())
    breaks: list[StoredSpan] = Field(default_factory=list, sa_type=json_of(list[StoredSpan]))
    serves: list[StoredServes] = Field(default_factory=list, sa_type=json_of(list[StoredServes]))
    origin: ShiftOrigin = Field(sa_type=enum_of(ShiftOrigin, "origin"))
    places: int = 1
    taken: int = 0
    closed_at: datetime | None = Field(default=None, sa_type=instant())
    created_at: datetime = Field(sa_type=instant())


class WaitingState(StrEnum):
    """``offered`` holds a place until ``offer_ends_at``."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LAPSED = "lapsed"
    LEFT = "left"


class WaitingEntry(Table, table=True):
    """A person who waits for a place in a shift, or was offered one; first come, first offered."""

    __tablename__ = "waiting_entry"
    __table_args__ = (
        sa.UniqueConstraint("open_shift_id", "agent_id"),
        sa.CheckConstraint("(state = 'offered') <= (offer_ends_at IS NOT NULL)", name="offer_ends_at"),
    )

    id: int = Field(default=None, primary_key=True)
    open_shift_id: int = Field(foreign_key="open_shift.id")
    agent_id: int = Field(foreign_key="agent.id", index=True)
    state: WaitingState = Field(default=WaitingState.WAITING, sa_type=enum_of(WaitingState, "state"))
    since_at: datetime = Field(sa_type=instant())
    offer_ends_at: datetime | None = Field(default=None, sa_type=instant())


class StandInState(StrEnum):
    """``over``: somebody else was first, or the time to answer has passed."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVER = "over"


class StandInRequest(Table, table=True):
    """A manager asks a person to take an open shift; several may be asked, the first to accept has it."""

    __tablename__ = "stand_in_request"
    __table_args__ = (sa.UniqueConstraint("open_shift_id", "agent_id"),)

    id: int = Field(default=None, primary_key=True)
    open_shift_id: int = Field(foreign_key="open_shift.id")
    agent_id: int = Field(foreign_key="agent.id", index=True)
    state: StandInState = Field(default=StandInState.ASKED, sa_type=enum_of(StandInState, "state"))
    asked_at: datetime = Field(sa_type=instant())
    ends_at: datetime = Field(sa_type=instant())


class BookingTerms(Table, table=True):
    """How a site lets people book and swap; a site without a row has these defaults.

    :param most_bookings_per_week: of one person, None for no limit
    :param cancel_hours_before: a booking may be cancelled until so many hours before it starts
    :param offer_minutes: how long an offer to one who waits or is asked to stand in holds
    """

    __tablename__ = "booking_terms"
    __table_args__ = (
        sa.CheckConstraint("most_bookings_per_week IS NULL OR most_bookings_per_week >= 0", name="most_bookings"),
        sa.CheckConstraint("cancel_hours_before >= 0", name="cancel_hours_before"),
        sa.CheckConstraint("offer_minutes >= 1", name="offer_minutes"),
        sa.CheckConstraint("swap_offer_hours >= 1", name="swap_offer_hours"),
    )

    site_id: int = Field(foreign_key="site.id", primary_key=True)
    most_bookings_per_week: int | None = None
    cancel_hours_before: int = 24
    offer_minutes: int = 60
    swap_offer_hours: int = 48
    swaps_need_approval: bool = False
