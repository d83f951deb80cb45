"""Bodies and parameters of requests: every fault is named with its place, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import UnsupportedMediaType

from app.errors import RefusedError
from app.views.problems import Fault, FaultyRequestError
from solver import json_text
from solver.faults import InputFault, UnusableInputError
from solver.rules import Fact

MOST_FAULTS = 100
JSON_TYPES = {"application/json"}

SAID_OF = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "int_type": "whole_number",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "int_parsing_size": "whole_number",
    "float_type": "number",
    "float_parsing": "number",
    "finite_number": "number",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "string_type": "text",
    "string_pattern_mismatch": "form",
    "string_unicode": "broken_text",
    "enum": "one_of",
    "literal_error": "one_of",
    "greater_than_equal": "least",
    "greater_than": "least",
    "less_than_equal": "most",
    "less_than": "most",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "too_short": "too_few",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "date_type": "date",
}
"""What Pydantic calls a fault, and our sentence for it; any other is said without naming its kind."""
WANTED = ("pattern", "expected", "ge", "gt", "le", "lt", "max_length", "min_length")
OF_JSON_TEXT = {"repeated_name": "repeated", "not_finite": "number", "broken_text": "broken_text"}


def raw_body(*, expected: bool) -> bytes:
    """The bytes of the body.

    :raises UnsupportedMediaType: where it is no JSON by its own account
    :raises RequestEntityTooLarge: where it is larger than the operation allows
    """
    if not expected:
        if request.get_data(cache=False):
            raise RefusedError("api.body.unexpected", 400)
        return b""
    if request.mimetype not in JSON_TYPES or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise UnsupportedMediaType
    raw = request.get_data(cache=False)
    if not raw:
        raise RefusedError("api.body.empty", 400)
    return raw


def body_of(adapter: TypeAdapter[Any], raw: bytes) -> Any:
    """The body as its type.

    :raises RefusedError: (400) where it is no JSON object
    :raises FaultyRequestError: with every fault in it
    """
    try:
        _, odd = json_text.parsed(raw)
    except UnusableInputError as error:
        fault = error.faults[0]
        if fault.code == "broken_text":
            raise FaultyRequestError([_of_json_text(fault)]) from error
        raise RefusedError("api.body.not_json", 400, place=fault.place or fault.code) from error
    if odd:
        raise FaultyRequestError([_of_json_text(fault) for fault in odd[:MOST_FAULTS]])
    try:
        return adapter.validate_json(raw)
    except ValidationError as error:
        raise FaultyRequestError(faults_of(error, "#")) from error


def _of_json_text(fault: InputFault) -> Fault:
    pointer = "#/" + re.sub(r"[\[.]", "/", fault.place.replace("]", ""))
    return Fault(pointer, OF_JSON_TEXT.get(fault.code, "none"))


def query_of(kind: type[BaseModel] | None) -> Any:
    """The parameters of the address; one that is given twice, or that nobody knows, is a fault."""
    given = request.args.to_dict(flat=False)
    twice = [name for name, values in given.items() if len(values) > 1]
    if twice:
        raise FaultyRequestError([Fault(name, "repeated") for name in twice[:MOST_FAULTS]])
    if kind is None:
        if given:
            raise FaultyRequestError([Fault(name, "unknown") for name in list(given)[:MOST_FAULTS]])
        return None
    try:
        return kind.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise FaultyRequestError(faults_of(error, "")) from error


def faults_of(error: ValidationError, root: str) -> list[Fault]:
    """Pydantic's faults as ours; of a field that may be several things one fault."""
    found: dict[str, Fault] = {}
    for one in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]:
        pointer = _pointer(root, one["loc"])
        found.setdefault(pointer, Fault(pointer, SAID_OF.get(one["type"], "none"), _facts(one)))
    return list(found.values())


def _facts(one: ErrorDetails) -> dict[str, Fact]:
    given: Mapping[str, Any] = one.get("ctx", {})
    facts: dict[str, Fact] = {}
    wanted = next((given[name] for name in WANTED if name in given), None)
    if wanted is not None:
        facts["wanted"] = wanted if isinstance(wanted, (int, float)) else str(wanted)
    if "actual_length" in given:
        facts["count"] = given["actual_length"]
    return facts


IN_NO_BODY = re.compile(r"\[|^(by_shift|by_time|constrained-str|constrained-int|str|int|date|none)$")
"""Parts of Pydantic's locations that name a choice between types, not a field."""


def _pointer(root: str, location: Sequence[str | int]) -> str:
    parts = [str(part) for part in location if not (isinstance(part, str) and IN_NO_BODY.search(part))]
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in parts]
    return "/".join([root, *escaped]) if root else "/".join(escaped)


def instant_of(text: str, zone: ZoneInfo, pointer: str) -> datetime:
    """The instant of a time in a body: with an offset as it stands, without one on the site's clock.

    :raises FaultyRequestError: for no day of the calendar, and for a clock time that the day has twice or not at all
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise FaultyRequestError([Fault(pointer, "time")]) from error
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == moment:
        either = {"first": first.isoformat(), "second": second.isoformat()}
        raise FaultyRequestError([Fault(pointer, "api.time.twice", either)])
    raise FaultyRequestError([Fault(pointer, "api.time.not_there")])
