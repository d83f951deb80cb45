"""What an agent notes for itself alone."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table


class OwnMark(Table, table=True):
    """Sealed notes of one agent about its own windows; nobody else can open them, planning never reads them."""

    __tablename__ = "own_mark"

    agent_id: int = Field(foreign_key="agent.id", primary_key=True)
    sealed: bytes = Field(sa_type=sa.LargeBinary)
