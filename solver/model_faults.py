"""What Pydantic found wrong with one part of a file, as faults with a place; misspelt names get a suggestion."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

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


@dataclass
class Checked(Generic[AnyFile]):
    """What could be made of a file's content.

    :param file: the model; without the entries of long lists that are wrong; None where nothing can be made of it
    :param faults: what is wrong; none just where ``file`` is all of the content
    :param content: the content
    :param kept: for each long list, the places in it from which the model's entries come
    """

    file: AnyFile | None
    faults: list[InputFault]
    content: Mapping[str, Any]
    kept: dict[str, list[int]]


def checked(model: type[AnyFile], content: Mapping[str, Any], entries: Mapping[str, type[Strict]]) -> Checked[AnyFile]:
    """Make a model of a file's content, and go on after a fault where possible, so that others come to light too.

    :param entries: the long lists of the file and what is in them; they are taken in chunks, so that a million
        broken entries do not become a million error objects
    """
    result: Checked[AnyFile] = Checked(None, [], content, {})
    pieces: dict[str, Any] = dict(content)
    for name, part in entries.items():
        if isinstance(content.get(name), list):
            pieces[name] = _entries(result, model, name, part)
    result.file, rest = _validated(TypeAdapter(model), pieces)
    result.faults += [_fault(content, model, detail["loc"], detail) for detail in rest[:MOST_FAULTS]]
    return result


def _entries(result: Checked[AnyFile], model: type[AnyFile], name: str, part: type[Strict]) -> list[Any]:
    """The good entries of a long list; the others' faults are noted."""
    adapter, whole_chunk = TypeAdapter(part), TypeAdapter(list[part])  # type: ignore[valid-type]
    given, kept, good = result.content[name], result.kept.setdefault(name, []), []
    for offset in range(0, len(given), CHUNK):
        chunk = given[offset : offset + CHUNK]
        try:
            good += whole_chunk.validate_python(chunk)
            kept += range(offset, offset + len(chunk))
        except ValidationError:
            for index, entry in enumerate(chunk, offset):
                made, details = _validated(adapter, entry)
                result.faults += [_fault(result.content, model, (name, index, *at["loc"]), at) for at in details]
                if made is not None:
                    good.append(made)
                    kept.append(index)
        if len(result.faults) >= MOST_FAULTS:
            break
    return good


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
