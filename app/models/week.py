"""The week, from collecting availability to the archive."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant


class WeekState(StrEnum):
    """Where a week stands, in this order."""

    COLLECTING = "collecting"
    PLANNING = "planning"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RUNNING = "running"
    ARCHIVED = "archived"


class Week(Table, table=True):
    """Seven local days of a site from a Monday on."""

    __tablename__ = "week"
    __table_args__ = (sa.UniqueConstraint("site_id", "first_day"),)

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    first_day: date
    state: WeekState = Field(default=WeekState.COLLECTING, sa_type=enum_of(WeekState, "state"))
    entry_deadline_at: datetime = Field(sa_type=instant())
    revision: int = 1


class AvailabilityEntry(Table, table=True):
    """The agent has looked at the availability of a week and said: this is it."""

    __tablename__ = "availability_entry"

    week_id: int = Field(foreign_key="week.id", primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", primary_key=True, index=True)
    confirmed_at: datetime = Field(sa_type=instant())
