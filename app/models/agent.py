"""The agent, what the agent can do and when: effects only, never a reason."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant, json_of
from solver.problem import AgentLimits

CLOCK_SPAN = "start_clock_minutes >= 0 AND start_clock_minutes < end_clock_minutes AND end_clock_minutes <= 2880"


class HomeWish(StrEnum):
    """What the agent wants; working from home also needs a clearance."""

    NONE = "none"
    ALLOWED = "allowed"
    PREFERRED = "preferred"
    ONLY = "only"


class Agent(Table, table=True):
    """A person who takes calls. ``key`` is the id in problem and roster files, unique on the site."""

    __tablename__ = "agent"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "key"),
        sa.CheckConstraint("weekly_min_minutes >= 0", name="weekly_min_minutes"),
        sa.CheckConstraint("weekly_max_minutes >= weekly_min_minutes", name="weekly_max_minutes"),
        sa.CheckConstraint("max_workdays BETWEEN 0 AND 7", name="max_workdays"),
        sa.CheckConstraint("max_blocks_per_day BETWEEN 1 AND 2", name="max_blocks_per_day"),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    key: str = Field(max_length=40)
    display_name: str = Field(max_length=120)
    cohort: str | None = Field(default=None, max_length=20)
    weekly_min_minutes: int
    weekly_max_minutes: int
    max_workdays: int = 5
    max_blocks_per_day: int = 1
    home_wish: HomeWish = Field(default=HomeWish.NONE, sa_type=enum_of(HomeWish, "home_wish"))
    desk_needs: list[str] = Field(default_factory=list, sa_type=json_of(list[str]))
    usual_desk_id: int | None = Field(default=None, foreign_key="desk.id")
    limits: AgentLimits = Field(default_factory=AgentLimits, sa_type=json_of(AgentLimits))
    active: bool = True
    revision: int = 1


class AgentQueue(Table, table=True):
    """A queue the agent can serve."""

    __tablename__ = "agent_queue"

    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    queue_id: int = Field(foreign_key="queue.id", primary_key=True, index=True)


class HomeClearance(Table, table=True):
    """Working from home is cleared from one local date to another, both included."""

    __tablename__ = "home_clearance"
    __table_args__ = (sa.CheckConstraint("valid_to_on >= valid_from_on", name="dates_in_order"),)

    id: int = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", index=True)
    valid_from_on: date
    valid_to_on: date


class CarePartner(Table, table=True):
    """Two agents who never work at the same time; it counts once both have confirmed."""

    __tablename__ = "care_partner"
    __table_args__ = (
        sa.CheckConstraint("first_agent_id < second_agent_id", name="agents_in_order"),
        sa.CheckConstraint("handover_minutes BETWEEN 0 AND 720", name="handover_minutes"),
    )

    first_agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    second_agent_id: int = Field(foreign_key="agent.id", primary_key=True, index=True)
    handover_minutes: int = 0
    first_confirmed_at: datetime | None = Field(default=None, sa_type=instant())
    second_confirmed_at: datetime | None = Field(default=None, sa_type=instant())


class PatternKind(StrEnum):
    """What a repeated window says."""

    BLOCKED = "blocked"
    UNDESIRED = "undesired"
    PREFERRED = "preferred"


class PatternWeeks(StrEnum):
    """In which ISO weeks a pattern holds."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"


class AvailabilityPattern(Table, table=True):
    """A window that repeats on one weekday (0 = Monday), in minutes after 00:00 on the clock."""

    __tablename__ = "availability_pattern"
    __table_args__ = (
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        sa.CheckConstraint(CLOCK_SPAN, name="clock_span"),
        sa.CheckConstraint("valid_to_on IS NULL OR valid_to_on >= valid_from_on", name="dates_in_order"),
    )

    id: int = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id", index=True)
    weekday: int
    start_clock_minutes: int
    end_clock_minutes: int
    kind: PatternKind = Field(sa_type=enum_of(PatternKind, "kind"))
    weeks: PatternWeeks = Field(default=PatternWeeks.EVERY, sa_type=enum_of(PatternWeeks, "weeks"))
    valid_from_on: date
    valid_to_on: date | None = None


class ExceptionKind(StrEnum):
    """What a window on one date says; ``available`` lifts the patterns there."""

    BLOCKED = "blocked"
    UNDESIRED = "undesired"
    PREFERRED = "preferred"
    AVAILABLE = "available"


class AvailabilityException(Table, table=True):
    """A window on one local date, which replaces the patterns for its minutes."""

    __tablename__ = "availability_exception"
    __table_args__ = (
        sa.Index("ix_availability_exception_agent_date", "agent_id", "applies_on"),
        sa.CheckConstraint(CLOCK_SPAN, name="clock_span"),
    )

    id: int = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agent.id")
    applies_on: date
    start_clock_minutes: int
    end_clock_minutes: int
    kind: ExceptionKind = Field(sa_type=enum_of(ExceptionKind, "kind"))
