"""What Pydantic found wrong with one part of a file, as faults with a place; misspelt names get a suggestion."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from solver.faults import InputFault, place_in
from solver.problem import Strict
from solver.rules import Fact

MOST_FAULTS = 1000
CHUNK = 500
Location = tuple[str | int, ...]
AnyFile = TypeVar("AnyFile", bound=Strict)

_CODES = {
    "extra_forbidden": "unknown_field",
    "missing": "missing_field",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "too_short": "too_few_entries",
    "too_long": "too_many_entries",
    "string_too_short": "empty_text",
    "string_too_long": "text_too_long",
    "string_unicode": "broken_text",
    "finite_number": "not_finite",
}
_WANTED = {
    "string_type": "text",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "number",
    "bool_type": "true_or_false",
    "list_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
}
OWN_CODES = (
    "not_an_instant",
    "instant_without_offset",
    "year_out_of_range",
    "not_a_date",
    "not_a_clock_time",
    "unknown_time_zone",
)


def checked(
    model: type[AnyFile], content: Mapping[str, Any], entries: Mapping[str, type[Strict]]
) -> tuple[AnyFile | None, list[InputFault]]:
    """The model of a file's content, or None where it has none, and what is wrong with the content.

    Names that nobody knows are reported and then left out, so that faults of other kinds come to light too.

    :param entries: the long lists of the file and what is in them; they are taken in chunks, so that a million
        broken entries do not become a million error objects
    """
    faults: list[InputFault] = []
    pieces: dict[str, Any] = dict(content)
    broken = False
    for name, part in entries.items():
        if isinstance(content.get(name), list):
            pieces[name], part_faults, part_broken = _entries(content, name, part, model)
            faults += part_faults
            broken = broken or part_broken
    whole, rest = _validated(TypeAdapter(model), pieces)
    faults += [_fault(content, model, (), detail) for detail in rest[:MOST_FAULTS]]
    return (None if broken else whole), faults


def _entries(
    content: Mapping[str, Any], name: str, part: type[Strict], model: type[Strict]
) -> tuple[list[Any], list[InputFault], bool]:
    """The good entries of a long list, the faults of the others, and whether any is beyond repair."""
    adapter = TypeAdapter(list[part])  # type: ignore[valid-type]
    good: list[Any] = []
    faults: list[InputFault] = []
    broken = False
    for offset in range(0, len(content[name]), CHUNK):
        whole, details = _validated(adapter, content[name][offset : offset + CHUNK])
        good += whole or []
        broken = broken or whole is None
        for detail in details:
            location = (name, offset + int(detail["loc"][0]), *detail["loc"][1:])
            faults.append(_fault(content, model, location, detail))
        if len(faults) >= MOST_FAULTS:
            return good, faults, True
    return good, faults, broken


def _validated(adapter: TypeAdapter[Any], content: Any) -> tuple[Any, list[ErrorDetails]]:
    """The validated content and what is wrong with it; content with unknown names counts without them."""
    try:
        return adapter.validate_python(content), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    unknown = {detail["loc"] for detail in details if detail["type"] == "extra_forbidden"}
    if not unknown:
        return None, details
    whole, _ = _validated(adapter, _without(content, unknown, ()))
    return whole, details


def _without(content: Any, unknown: set[Location], location: Location) -> Any:
    if isinstance(content, dict):
        return {
            name: _without(value, unknown, (*location, name))
            for name, value in content.items()
            if (*location, name) not in unknown
        }
    if isinstance(content, list):
        return [_without(value, unknown, (*location, index)) for index, value in enumerate(content)]
    return content


def _fault(content: Any, model: type[Strict], location: Location, detail: ErrorDetails) -> InputFault:
    location = location or detail["loc"]
    code, facts = _code_and_facts(detail)
    if code == "unknown_field":
        known = field_names(model, location[:-1])
        near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.6)
        facts = {"suggestion": near[0] if near else None}
    return InputFault(place_in(content, location), code, facts)


def _code_and_facts(detail: ErrorDetails) -> tuple[str, dict[str, Fact]]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if isinstance(value, float) and not math.isfinite(value):
        return "not_finite", {}
    if kind in OWN_CODES:
        return kind, {}
    if kind in _WANTED:
        return "wrong_type", {"wanted": _WANTED[kind]}
    if kind == "literal_error":
        return "not_one_of", {"allowed": context["expected"].replace("'", "").replace(" or ", ", ")}
    limits = [context[name] for name in ("ge", "le", "min_length", "max_length") if name in context]
    return _CODES.get(kind, "invalid_value"), {"limit": limits[0]} if limits else {}


def field_names(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Names of the fields that an object at a location of a file may have; none where there is no object."""
    inner: type[BaseModel] | None = model
    for part in location:
        if isinstance(part, str):
            field = inner.model_fields.get(part) if inner is not None else None
            inner = _model_in(field.annotation) if field is not None else None
    return list(inner.model_fields) if inner is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
