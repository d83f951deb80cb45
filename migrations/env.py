"""Run by Alembic; the connection and its transaction come from app.migrating."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

from app.models import Table
from app.models.base import UtcInstant, ValidatedJson


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The job engine keeps its own tables in the same database; they are none of ours."""
    return name in Table.metadata.tables if kind == "table" else kind != "schema" or name in {None, "main"}


def has_counterpart(_thing: Any, name: str | None, kind: str, reflected: bool, _other: object) -> bool:  # noqa: FBT001
    """The indexes behind PostgreSQL's exclusion constraints are written by hand in the migrations."""
    return not (kind == "index" and reflected and (name or "").startswith("ex_"))


def plain_type(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """Migrations name SQLAlchemy's own types, so that they never depend on today's models."""
    if kind == "type" and isinstance(thing, UtcInstant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, ValidatedJson):
        return "sa.JSON(none_as_null=True)"
    if kind == "type" and type(thing).__name__ == "AutoString":
        return f"sa.String(length={thing.length})"
    return False


def same_type(_context: Any, _inspected: Any, _column: Any, inspected_type: Any, model_type: Any) -> bool | None:
    """JSON and instants have a wrapper on the model's side only."""
    if isinstance(model_type, UtcInstant):
        return not isinstance(inspected_type, sa.DateTime)
    if isinstance(model_type, ValidatedJson):
        return not isinstance(inspected_type, sa.JSON)
    return None


def run() -> None:
    """All on the one connection that was handed in, in its transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Table.metadata,
        render_as_batch=True,
        include_name=is_ours,
        include_object=has_counterpart,
        render_item=plain_type,
        compare_type=same_type,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
