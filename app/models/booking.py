"""The roster in force: duties as they are now, whatever was published, and what keeps them within their limits.

Rows of ``current_duty`` are inserted and deleted, never changed: a row's id names one state of one duty. Triggers and
exclusion constraints refuse what must never be, whoever writes: see the migration of the live guards.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of
from app.models.roster import Place, StoredServes, StoredSpan


class DutySource(StrEnum):
    """How a duty came to be; ``booked`` ones are fixed for planning."""

    PUBLISHED = "published"
    BOOKED = "booked"
    SWAPPED = "swapped"
    TAKEN_OVER = "taken_over"
    EDITED = "edited"


class LiveWeek(Table, table=True):
    """A week that has a roster in force, with the limits that the database holds it to.

    :param version_id: the version it was last published from, None before publication
    :param revision: counts every change of its duties; ``changed_at`` is the last one
    :param booking_opens_at: from when agents may book, None while a manager has not opened it
    """

    __tablename__ = "live_week"
    __table_args__ = (
        sa.CheckConstraint("min_distance_m >= 0", name="min_distance_m"),
        sa.CheckConstraint("cleaning_gap_minutes >= 0", name="cleaning_gap_minutes"),
        sa.CheckConstraint("most_on_site IS NULL OR most_on_site >= 0", name="most_on_site"),
    )

    week_id: int = Field(foreign_key="week.id", primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    version_id: int | None = Field(default=None, foreign_key="roster_version.id")
    min_distance_m: float = 0.0
    cleaning_gap_minutes: int = 0
    most_on_site: int | None = None
    booking_opens_at: datetime | None = Field(default=None, sa_type=instant())
    changed_at: datetime = Field(sa_type=instant())
    revision: int = 1


class LiveRoom(Table, table=True):
    """Most persons at once in a room in one week; a lowered limit counts from those who are there already."""

    __tablename__ = "live_room"
    __table_args__ = (sa.CheckConstraint("most_persons >= 0", name="most_persons"),)

    week_id: int = Field(foreign_key="live_week.week_id", primary_key=True)
    room_id: int = Field(foreign_key="room.id", primary_key=True)
    most_persons: int


class ReleasedDesk(Table, table=True):
    """A desk that may be used in a week; the database refuses two that are too close."""

    __tablename__ = "released_desk"

    week_id: int = Field(foreign_key="live_week.week_id", primary_key=True)
    desk_id: int = Field(foreign_key="desk.id", primary_key=True, index=True)


class CurrentDuty(Table, table=True):
    """One duty in force; ``room_id`` is the desk's."""

    __tablename__ = "current_duty"
    __table_args__ = (
        sa.ForeignKeyConstraint(["week_id", "desk_id"], ["released_desk.week_id", "released_desk.desk_id"]),
        sa.Index("ix_current_duty_agent", "agent_id", "ends_at"),
        sa.Index("ix_current_duty_desk", "desk_id", "ends_at"),
        sa.Index("ix_current_duty_room", "room_id", "ends_at"),
        sa.Index("ix_current_duty_site", "site_id", "ends_at"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("(place = 'site') = (desk_id IS NOT NULL)", name="desk_of_place"),
        sa.CheckConstraint("(desk_id IS NULL) = (room_id IS NULL)", name="room_of_desk"),
        # An id names one state of one duty for ever, so it must never be given out twice.
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    week_id: int = Field(foreign_key="live_week.week_id", index=True)
    agent_id: int = Field(foreign_key="agent.id")
    starts_at: datetime = Field(sa_type=instant())
    ends_at: datetime = Field(sa_type=instant())
    place: Place = Field(sa_type=enum_of(Place, "place"))
    desk_id: int | None = Field(default=None, foreign_key="desk.id")
    room_id: int | None = Field(default=None, foreign_key="room.id")
    breaks: list[StoredSpan] = Field(default_factory=list, sa_type=json_of(list[StoredSpan]))
    serves: list[StoredServes] = Field(default_factory=list, sa_type=json_of(list[StoredServes]))
    source: DutySource = Field(sa_type=enum_of(DutySource, "source"))
    open_shift_id: int | None = Field(default=None, foreign_key="open_shift.id", index=True)
    written_at: datetime = Field(sa_type=instant())


class RosterChange(Table, table=True):
    """One accepted change of the roster in force; ``before`` and ``after`` are duties with keys of agent and desk."""

    __tablename__ = "roster_change"
    __table_args__ = (sa.Index("ix_roster_change_week", "week_id", "happened_at"),)

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id")
    week_id: int = Field(foreign_key="week.id")
    kind: str = Field(max_length=40)
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    happened_at: datetime = Field(sa_type=instant())
    before: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_of(list[dict[str, Any]]))
    after: list[dict[str, Any]] = Field(default_factory=list, sa_type=json_of(list[dict[str, Any]]))
