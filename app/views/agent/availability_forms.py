"""What the forms of the availability page send, understood or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from pydantic import TypeAdapter, ValidationError

from app.availability_windows import KINDS, Kind
from app.errors import NotFoundError, RefusedError
from app.services.availability import PaintedWindow
from app.services.availability_patterns import Scope
from solver.timeline import Span, parse_clock

PAINTED = TypeAdapter(list[PaintedWindow])
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class TypedWindow:
    """A window as it was typed in."""

    days: list[int]
    span: Span
    kind: Kind | None


def day_of_address(day: str) -> date:
    """The date of an address; NotFoundError for what is none."""
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise NotFoundError from error


def scope_of_request() -> Scope:
    """What is being edited; RefusedError (422) for anything unknown."""
    typed = request.values.get("scope", Scope.WEEK.value)
    if typed not in set(Scope):
        raise RefusedError("availability.garbled", 422)
    return Scope(typed)


def seen_of_form() -> str:
    """Fingerprint of the windows that the page was made from."""
    return request.form.get("seen", "")


def painted_of_form() -> list[PaintedWindow]:
    """What was painted; RefusedError (422) for anything that is no list of windows."""
    try:
        return PAINTED.validate_json(request.form.get("painted", ""))
    except ValidationError as error:
        raise RefusedError("availability.garbled", 422) from error


def date_of_form(field: str) -> date:
    """A required date."""
    found = optional_date_of_form(field)
    if found is None:
        raise RefusedError("availability.bad_date", 422)
    return found


def optional_date_of_form(field: str) -> date | None:
    """A date, None where the field is empty; RefusedError (422) for anything else."""
    typed = request.form.get(field, "").strip()
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError as error:
        raise RefusedError("availability.bad_date", 422) from error
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise RefusedError("availability.bad_date", 422)
    return found


def span_of_form() -> Span:
    """The clock times of the fields ``start`` and ``end``."""
    try:
        return parse_clock(request.form.get("start", "")), parse_clock(request.form.get("end", ""))
    except ValueError as error:
        raise RefusedError("availability.bad_time", 422) from error


def window_of_form() -> TypedWindow:
    """A window from the fields ``days``, ``start``, ``end`` and ``kind`` (``erase`` for none)."""
    days = request.form.getlist("days")
    if not set(days) <= set("0123456"):
        raise RefusedError("availability.garbled", 422)
    typed = request.form.get("kind", "")
    kind = next((known for known in KINDS if known == typed), None)
    if kind is None and typed != "erase":
        raise RefusedError("availability.garbled", 422)
    return TypedWindow([int(day) for day in days], span_of_form(), kind)


def number_of_form(field: str) -> int:
    """A whole number; RefusedError (422) for anything else."""
    return _number(request.form.get(field, ""))


def numbers_of_form(field: str) -> list[int]:
    """All whole numbers of a field that comes several times; RefusedError (422) for anything else."""
    return [_number(typed) for typed in request.form.getlist(field)]


def _number(typed: str) -> int:
    tidy = typed.strip()
    if not (tidy.isascii() and tidy.isdecimal()) or len(tidy) > LONGEST_NUMBER:
        raise RefusedError("availability.bad_number", 422)
    return int(tidy)
