"""Published rosters: numbered, immutable versions and their duties."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of


class RosterVersion(Table, table=True):
    """What a person published, when; triggers refuse every change and deletion.

    ``duty_count`` is the number of its duties: a version that has them all takes no more.
    """

    __tablename__ = "roster_version"
    __table_args__ = (
        sa.UniqueConstraint("week_id", "number"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("duty_count >= 0", name="duty_count"),
    )

    id: int = Field(default=None, primary_key=True)
    week_id: int = Field(foreign_key="week.id")
    number: int
    author_id: int = Field(foreign_key="user_account.id")
    published_at: datetime = Field(sa_type=instant())
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    problem_document_id: int = Field(foreign_key="document.id")
    roster_document_id: int = Field(foreign_key="document.id")
    duty_count: int
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))


class Place(StrEnum):
    """Where a duty is."""

    SITE = "site"
    HOME = "home"


class StoredSpan(BaseModel):
    """A break inside a duty, in UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    starts_at: datetime
    ends_at: datetime


class StoredServes(StoredSpan):
    """Work for one queue inside a duty; ``queue`` is the queue's key."""

    queue: str


class PublishedDuty(Table, table=True):
    """One duty of a version, for fast reads; the database refuses two at once for an agent or a desk.

    ``position`` counts the version's duties from 0.
    """

    __tablename__ = "published_duty"
    __table_args__ = (
        sa.UniqueConstraint("version_id", "position"),
        sa.Index("ix_published_duty_agent", "agent_id", "starts_at"),
        sa.Index("ix_published_duty_version_desk", "version_id", "desk_id"),
        sa.CheckConstraint("starts_at < ends_at", name="span"),
        sa.CheckConstraint("position >= 0", name="position"),
        sa.CheckConstraint("(place = 'site') = (desk_id IS NOT NULL)", name="desk_of_place"),
    )

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="roster_version.id")
    position: int
    agent_id: int = Field(foreign_key="agent.id")
    starts_at: datetime = Field(sa_type=instant())
    ends_at: datetime = Field(sa_type=instant())
    place: Place = Field(sa_type=enum_of(Place, "place"))
    desk_id: int | None = Field(default=None, foreign_key="desk.id", index=True)
    breaks: list[StoredSpan] = Field(default_factory=list, sa_type=json_of(list[StoredSpan]))
    serves: list[StoredServes] = Field(default_factory=list, sa_type=json_of(list[StoredServes]))


class RosterSeen(Table, table=True):
    """The version of a week that an agent looked at last."""

    __tablename__ = "roster_seen"

    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    week_id: int = Field(foreign_key="week.id", primary_key=True)
    version_id: int = Field(foreign_key="roster_version.id")
    seen_at: datetime = Field(sa_type=instant())
