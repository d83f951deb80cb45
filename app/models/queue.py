"""Queues of calls, and the calls that came."""

from __future__ import annotations

from datetime import datetime
from string import ascii_uppercase

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant


class Queue(Table, table=True):
    """A line of calls with its service target; it is shown by its letter *and* its colour.

    ``service_level`` is the share of offered calls to be answered within ``within_seconds``.
    """

    __tablename__ = "queue"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "key"),
        sa.UniqueConstraint("site_id", "letter"),
        sa.CheckConstraint(f"letter IN ({', '.join(map(repr, ascii_uppercase))})", name="letter"),
        sa.CheckConstraint("colour_index BETWEEN 0 AND 7", name="colour_index"),
        sa.CheckConstraint("weight >= 0", name="weight"),
        sa.CheckConstraint("service_level > 0 AND service_level < 1", name="service_level"),
        sa.CheckConstraint("within_seconds >= 0", name="within_seconds"),
        sa.CheckConstraint("aht_seconds > 0", name="aht_seconds"),
        sa.CheckConstraint("patience_seconds IS NULL OR patience_seconds > 0", name="patience_seconds"),
        sa.CheckConstraint(
            "max_agent_occupancy IS NULL OR (max_agent_occupancy > 0 AND max_agent_occupancy <= 1)",
            name="max_agent_occupancy",
        ),
        sa.CheckConstraint("shrinkage_share >= 0 AND shrinkage_share < 1", name="shrinkage_share"),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    key: str = Field(max_length=40)
    name: str = Field(max_length=120)
    letter: str = Field(max_length=1)
    colour_index: int = 0
    home_allowed: bool = True
    weight: float = 1.0
    service_level: float = 0.8
    within_seconds: float = 20.0
    aht_seconds: float = 240.0
    patience_seconds: float | None = None
    max_agent_occupancy: float | None = 0.85
    shrinkage_share: float = 0.12
    revision: int = 1


class CallHistory(Table, table=True):
    """Calls offered to a queue in one interval; a scaled import has fractions of calls."""

    __tablename__ = "call_history"
    __table_args__ = (
        sa.UniqueConstraint("queue_id", "starts_at"),
        sa.CheckConstraint("interval_minutes > 0", name="interval_minutes"),
        sa.CheckConstraint("calls >= 0", name="calls"),
    )

    id: int = Field(default=None, primary_key=True)
    queue_id: int = Field(foreign_key="queue.id")
    starts_at: datetime = Field(sa_type=instant())
    interval_minutes: int
    calls: float
