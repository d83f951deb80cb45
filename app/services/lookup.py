"""Rows by id, only where they belong to the site that asks."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlmodel import Session

from app.errors import NotFoundError, RefusedError
from app.models import Table

Row = TypeVar("Row", bound=Table)


def of_site(session: Session, kind: type[Row], row_id: int, site_id: int | None) -> Row:
    """The row of a table with ``site_id``; ``site_id`` None is an administrator, who sees all sites.

    Raises NotFoundError where it does not exist or belongs to another site.
    """
    row: Any = session.get(kind, row_id)
    if row is None or (site_id is not None and row.site_id != site_id):
        raise NotFoundError
    found: Row = row
    return found


def require_revision(row: Any, revision: int) -> None:
    """Raises RefusedError where the form was filled in on another revision; else counts the row's up."""
    if row.revision != revision:
        raise RefusedError("common.changed_meanwhile")
    row.revision += 1
