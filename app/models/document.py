"""Problem and roster files as they were, kept apart so that lists never load them."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of


class DocumentKind(StrEnum):
    """Which of the two formats."""

    PROBLEM = "problem"
    ROSTER = "roster"


class Document(Table, table=True):
    """One JSON file, gzipped; never changed once written (a trigger sees to it)."""

    __tablename__ = "document"

    id: int = Field(default=None, primary_key=True)
    kind: DocumentKind = Field(sa_type=enum_of(DocumentKind, "kind"))
    content: bytes = Field(sa_type=sa.LargeBinary)
