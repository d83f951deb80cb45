"""What an agent's availability was before the last change, so that the change can be taken back."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Field

from app.models.agent import ExceptionKind, PatternKind, PatternWeeks
from app.models.base import Table, instant, json_of


class RepeatedWindow(BaseModel):
    """A row of ``AvailabilityPattern`` as a value: two that say the same are equal."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    weekday: int
    start_clock_minutes: int
    end_clock_minutes: int
    kind: PatternKind
    weeks: PatternWeeks
    valid_from_on: date
    valid_to_on: date | None = None


class DatedWindow(BaseModel):
    """A row of ``AvailabilityException`` as a value."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    applies_on: date
    start_clock_minutes: int
    end_clock_minutes: int
    kind: ExceptionKind


class StatedWindows(BaseModel):
    """All windows of one agent."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    repeated: tuple[RepeatedWindow, ...] = ()
    dated: tuple[DatedWindow, ...] = ()


class AvailabilityUndo(Table, table=True):
    """The windows before the last change; ``fingerprint`` names what they were changed to."""

    __tablename__ = "availability_undo"

    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    fingerprint: str = Field(max_length=64)
    before: StatedWindows = Field(sa_type=json_of(StatedWindows))
    saved_at: datetime = Field(sa_type=instant())
