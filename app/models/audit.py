"""Who did what to which object, reads of sensitive pages too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, instant, json_of


class AuditEvent(Table, table=True):
    """One event; rows are never changed, only deleted when their time is over."""

    __tablename__ = "audit_event"
    __table_args__ = (sa.Index("ix_audit_event_happened_at", "happened_at"),)

    id: int = Field(default=None, primary_key=True)
    happened_at: datetime = Field(sa_type=instant())
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    site_id: int | None = Field(default=None, foreign_key="site.id")
    action: str = Field(max_length=60)
    object_kind: str = Field(max_length=40)
    object_id: int | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_of(dict[str, Any]))
