"""JSON as the two files allow it: UTF-8, one object, no name twice, no number that is none."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from functools import partial
from typing import Any, NoReturn

from solver.faults import InputFault, UnusableInputError, place_in
from solver.rules import Fact

MOST_ENTRIES = 1_000_000
MOST_DIGITS = 300
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_SPACED_COLON = re.compile(r'"[ \t\r\n]+:')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _RepeatedName(dict[str, Any]):
    """An object in which a name stood twice."""

    repeated: tuple[str, ...] = ()


class _Parser:
    """Hooks for :func:`json.loads` that mark what is odd and go on."""

    def __init__(self) -> None:
        self.odd = False

    def value_of(self, text: str) -> Any:
        """The parsed text; a Python call for each object only where a name may stand twice, for it takes long."""
        loads = partial(json.loads, parse_int=self.whole_number, parse_float=self.number, parse_constant=self.number)
        value = loads(text)
        names, most_entries = _survey(value)
        self.odd = self.odd or most_entries > MOST_ENTRIES
        each_name_once = names == text.count('":') and not _SPACED_COLON.search(text)
        return value if each_name_once else loads(text, object_pairs_hook=self.object_of)

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        if len(content) == len(pairs):
            return content
        self.odd = True
        marked = _RepeatedName(content)
        times = Counter(name for name, _ in pairs)
        marked.repeated = tuple(name for name, count in times.items() if count > 1)
        return marked

    def whole_number(self, digits: str) -> int | float:
        return int(digits) if len(digits) <= MOST_DIGITS else self.number(digits)

    def number(self, text: str) -> float:
        value = float(text)
        self.odd = self.odd or not math.isfinite(value)
        return value


def _survey(value: Any) -> tuple[int, int]:
    """Number of names in all objects, and of entries in the longest list or object."""
    names = most_entries = 0
    open_values = [value]
    while open_values:
        parts = open_values.pop()
        most_entries = max(most_entries, len(parts))
        if isinstance(parts, dict):
            names += len(parts)
            parts = parts.values()
        open_values += [part for part in parts if isinstance(part, (dict, list))]
    return names, most_entries


def refuse_other_than_object(beginning: bytes) -> None:
    """Refuse a file by its first bytes, so that a huge one is never read to its end.

    :raises UnusableInputError: where they can be no JSON object
    """
    text = beginning.removeprefix(_BYTE_ORDER_MARK)
    content = text.lstrip(_BLANK)
    if content[:1] == b"{":
        return
    blank = text[: len(text) - len(content)]
    code = "not_an_object" if content[:1] in b'["-0123456789tfn' and content else "not_json"
    _refuse(_position(blank + b"^", len(blank)), code)


def parsed(content: bytes) -> tuple[dict[str, Any], list[InputFault]]:
    """The object in a JSON text, and the names that stand twice and numbers that are none in it.

    :raises UnusableInputError: with the line and column where it is no JSON, or where no text or list may go on
    """
    refuse_other_than_object(content)
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        _refuse(_position(content, error.start), "not_utf8")
    parser = _Parser()
    try:
        value: dict[str, Any] = parser.value_of(text)
    except json.JSONDecodeError as error:
        _refuse(f"line {error.lineno}, column {error.colno}", "not_json")
    except RecursionError:
        _refuse("", "too_deep")
    if parser.odd or _ESCAPED_SURROGATE.search(content):
        return value, _oddities_in(value)
    return value, []


def _refuse(place: str, code: str) -> NoReturn:
    raise UnusableInputError([InputFault(place, code)])


def _position(content: bytes, offset: int) -> str:
    before = content[:offset]
    line = before.count(b"\n") + 1
    column = offset - (before.rfind(b"\n") + 1) + 1
    return f"line {line}, column {column}"


def _oddities_in(content: dict[str, Any]) -> list[InputFault]:
    faults: list[InputFault] = []
    open_values: list[tuple[tuple[str | int, ...], Any]] = [((), content)]
    while open_values and len(faults) < 1000:
        location, value = open_values.pop()
        for code, part, facts in _oddities(value):
            faults.append(InputFault(place_in(content, (*location, *part)), code, facts))
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        if isinstance(value, (dict, list)) and len(value) <= MOST_ENTRIES:
            open_values += [((*location, name), child) for name, child in children]
    faults.sort(key=lambda fault: fault.place)
    if any(fault.code in ("too_many_entries", "broken_text") for fault in faults):
        raise UnusableInputError(faults)
    return faults


def _oddities(value: Any) -> list[tuple[str, tuple[str, ...], dict[str, Fact]]]:
    if isinstance(value, _RepeatedName):
        return [("repeated_name", (name,), {}) for name in value.repeated]
    if isinstance(value, (dict, list)) and len(value) > MOST_ENTRIES:
        return [("too_many_entries", (), {"limit": MOST_ENTRIES})]
    if isinstance(value, float) and not math.isfinite(value):
        return [("not_finite", (), {})]
    if isinstance(value, str) and _LONE_SURROGATE.search(value):
        return [("broken_text", (), {})]
    if isinstance(value, dict):
        return [("broken_text", (name,), {}) for name in value if _LONE_SURROGATE.search(name)]
    return []
