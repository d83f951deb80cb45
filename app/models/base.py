"""What every table shares: names of constraints, instants in UTC, enums as text, JSON that is validated."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class Table(SQLModel):
    """Base of all tables; table classes do not validate on construction, the database's CHECKs do."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class NaiveInstantError(ValueError):
    """An instant without an offset was about to be stored or compared."""


class UtcInstant(TypeDecorator[datetime]):
    """An instant, stored in UTC and given back aware; a naive one is refused rather than guessed."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """SQLite has no offsets: there the clock of UTC is stored."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstantError(value.isoformat())
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, in UTC, whatever the session's time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ValidatedJson(TypeDecorator[Any]):
    """JSON that goes through a Pydantic type on its way in and out."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any = None) -> None:
        super().__init__()
        self.adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Refuses what the type refuses (pydantic.ValidationError)."""
        if value is None:
            return None
        return self.adapter.dump_python(self.adapter.validate_python(value), mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """The Pydantic object, not the bare JSON."""
        return None if value is None else self.adapter.validate_python(value)


def json_of(kind: Any) -> Any:
    """Column type of JSON validated as ``kind``, a Pydantic class or any type it knows."""
    return ValidatedJson(kind)


def enum_of(members: type[StrEnum], name: str) -> Any:
    """Column type of an enum kept as text with a CHECK: a native enum stays behind on a downgrade."""
    return sa.Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        validate_strings=True,
        values_callable=lambda kind: [member.value for member in kind],
    )


def instant() -> Any:
    """Column type of an instant."""
    return UtcInstant()
