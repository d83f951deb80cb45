"""Every kind of message that a service writes has a text in both languages: kinds are found by reading the services."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.config import PROJECT_ROOT
from app.messages import catalogue
from app.models import OfferState
from app.notice_text import PAGES
from app.services.telling import READERS

TITLE, LEAD = "told.title.", "told.lead."


@dataclass
class Found:
    """Kinds, and the places where a kind could not be read."""

    kinds: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)


def strings(node: ast.AST, assigned: dict[str, list[ast.AST]]) -> set[str] | None:
    """What an expression may be, by reading; None where that is not plain."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        both = [strings(one, assigned) for one in (node.body, node.orelse)]
        return None if None in both else set().union(*(one or set() for one in both))
    if isinstance(node, ast.Name) and node.id in assigned:
        many = [strings(one, assigned) for one in assigned[node.id]]
        return None if None in many else set().union(*(one or set() for one in many))
    return None


def assignments(function: ast.AST) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def calls(tree: ast.AST) -> Iterator[tuple[ast.FunctionDef, ast.Call, str]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield function, node, getattr(node.func, "attr", getattr(node.func, "id", ""))


def argument(call: ast.Call, position: int, name: str) -> ast.AST | None:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return named[0] if named else (call.args[position] if len(call.args) > position else None)


def changes(trees: dict[str, ast.AST]) -> Found:
    """Kinds of changes of the roster; each is told as ``roster.<kind>``."""
    found = Found()
    for file, tree in trees.items():
        for function, call, name in calls(tree):
            if name not in {"Change", "handed_over"} or function.name == "handed_over":
                continue
            if name == "handed_over" and _is_only_judged(function):
                continue
            kind = argument(call, *((0, "kind") if name == "Change" else (3, "kind")))
            known = None if kind is None else strings(kind, assignments(function))
            if known is None:
                found.unread.append(f"{file}:{call.lineno}")
            found.kinds |= {f"roster.{one}" for one in known or ()}
    return found


def _is_only_judged(function: ast.FunctionDef) -> bool:
    """A change that is asked about and never made is told to nobody."""
    return not any(name == "apply" for _, _, name in calls(function))


def told(trees: dict[str, ast.AST]) -> Found:
    """Kinds that are told outright."""
    found = Found()
    for file, tree in trees.items():
        for function, call, name in calls(tree):
            kind = None
            if name == "tell" and len(call.args) > 3:
                kind = argument(call, 2, "kind")
            elif name == "OutboxMessage" and function.name != "tell":
                kind = argument(call, 99, "kind")
            elif name == "_tell" and file == "swapping.py":
                found.kinds |= offers(call, found, file)
            if kind is None or _hands_on(function, kind):
                continue
            known = strings(kind, assignments(function))
            if known is None:
                found.unread.append(f"{file}:{call.lineno}")
            found.kinds |= known or set()
    return found


def _hands_on(function: ast.FunctionDef, kind: ast.AST) -> bool:
    return isinstance(kind, ast.JoinedStr) and function.name in {"_tell", "_note"}


def offers(call: ast.Call, found: Found, file: str) -> set[str]:
    what = call.args[3]
    if isinstance(what, ast.Attribute):
        # The state that a lapsing offer comes to.
        return {f"offer.{state}" for state in (OfferState.LAPSED, OfferState.OUTDATED)}
    known = strings(what, {})
    if known is None:
        found.unread.append(f"{file}:{call.lineno}")
    return {f"offer.{one}" for one in known or ()}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.AST]:
    folder = PROJECT_ROOT / "app" / "services"
    return {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in Path(folder).rglob("*.py")}


def test_every_kind_that_is_told_has_a_title_and_a_sentence(trees: dict[str, ast.AST]) -> None:
    by_change, outright = changes(trees), told(trees)
    assert by_change.unread + outright.unread == []
    kinds = by_change.kinds | outright.kinds
    assert {"roster.booked", "roster.swapped", "offer.offered", "offer.lapsed", "absence.to_fill"} <= kinds
    assert {"roster.published", "roster.republished", "availability.reminder", "address.confirm"} <= kinds
    missing = sorted(kind for kind in kinds if TITLE + kind not in catalogue() or LEAD + kind not in catalogue())
    assert missing == []


def test_no_text_is_left_for_a_kind_that_nobody_tells(trees: dict[str, ast.AST]) -> None:
    kinds = changes(trees).kinds | told(trees).kinds
    texts = {key.removeprefix(TITLE) for key in catalogue() if key.startswith(TITLE)}
    assert texts - kinds == set()


def test_every_kind_is_read_and_has_a_page(trees: dict[str, ast.AST]) -> None:
    for kind in changes(trees).kinds | told(trees).kinds:
        assert kind.partition(".")[0] in READERS, kind
        assert kind in PAGES or kind.partition(".")[0] in PAGES, kind
