"""What bodies and answers of the JSON API are made of: unknown fields refused, nothing converted in silence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.views.common import MAX_ID

DAY = r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
"""Years 2000 to 2099."""
MOST_LISTED = 500
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
LOCAL_OR_OFFSET = rf"^{DAY}T{CLOCK}(:[0-5][0-9])?(Z|[+-]{CLOCK})?$"
"""A clock time at the site, or with its offset from UTC an instant."""


class Input(BaseModel):
    """A body or the parameters of an address."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Output(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _real_day(text: Any) -> Any:
    """Text like 2020-03-30 that is a date; Pydantic would take numbers and longer texts for dates too."""
    if not isinstance(text, str):
        raise PydanticCustomError("date_type", "date")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date_type", "date") from error


Id = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,40}$", strict=True)]
"""As roster files name people, desks and queues."""
IdOrKey = Id | Key
Time = Annotated[
    str,
    StringConstraints(pattern=LOCAL_OR_OFFSET, strict=True),
    Field(examples=["2020-03-30T08:00", "2020-03-30T08:00:00+02:00"]),
]
Day = Annotated[
    date,
    BeforeValidator(
        _real_day,
        json_schema_input_type=Annotated[str, Field(pattern=f"^{DAY}$", json_schema_extra={"format": "date"})],
    ),
]


def _number_of(text: Any) -> Any:
    """Parameters of an address are text."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 10 else text


# What a converter takes hides what is required of the number from the description, so it is said twice.
_Row = Annotated[int, Field(ge=1, le=MAX_ID)]
QueryId = Annotated[_Row, BeforeValidator(_number_of, json_schema_input_type=_Row)]
_Size = Annotated[int, Field(ge=1, le=MOST_LISTED)]
PageSize = Annotated[_Size, BeforeValidator(_number_of, json_schema_input_type=_Size)]
_Start = Annotated[int, Field(ge=0, le=1_000_000)]
PageStart = Annotated[_Start, BeforeValidator(_number_of, json_schema_input_type=_Start)]


def local(instant: datetime, zone: ZoneInfo) -> str:
    """``2020-03-30T08:00:00+02:00``, as roster files write it."""
    return instant.astimezone(zone).isoformat()
