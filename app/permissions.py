"""Who may call which page: declared at each view, enforced before it runs, complete or the application won't start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from app.models.account import Role

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "abstand_allowed"
EVERYBODY: frozenset[Role | None] = frozenset({None, *Role})
SIGNED_IN: frozenset[Role | None] = frozenset(Role)
BUILT_IN = {"static": EVERYBODY}
BEARER = "abstand_bearer"


class UndeclaredViewError(Exception):
    """A view that does not say who may call it."""


def allow(*roles: Role) -> Callable[[View], View]:
    """Declare the roles that may call a view."""
    return _declare(frozenset(roles))


def allow_signed_in(view: View) -> View:
    """Declare that every signed-in person may call a view."""
    return _declare(SIGNED_IN)(view)


def allow_everybody(view: View) -> View:
    """Declare that a view needs no log-in."""
    return _declare(EVERYBODY)(view)


def allow_by_token(view: View) -> View:
    """Declare that a view asks for a token and its scope itself, and never looks at who is signed in."""
    setattr(view, BEARER, True)
    return _declare(EVERYBODY)(view)


def is_by_token(app: Flask, endpoint: str) -> bool:
    """Whether a view asks for a token."""
    return getattr(app.view_functions.get(endpoint), BEARER, False)


def _declare(allowed: frozenset[Role | None]) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, allowed)
        return view

    return mark


def allowed_roles(app: Flask, endpoint: str) -> frozenset[Role | None]:
    """Who may call an endpoint; None stands for people who are not signed in.

    Raises UndeclaredViewError where the view does not say.
    """
    if endpoint in BUILT_IN:
        return BUILT_IN[endpoint]
    allowed: frozenset[Role | None] | None = getattr(app.view_functions[endpoint], ATTRIBUTE, None)
    if allowed is None:
        raise UndeclaredViewError(endpoint)
    return allowed


def require_declarations(app: Flask) -> None:
    """Raises UndeclaredViewError for the first view that does not say who may call it."""
    for endpoint in app.view_functions:
        allowed_roles(app, endpoint)
