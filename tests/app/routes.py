"""Every route with an address of the seeded world: whoever adds a route has it requested by the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from app import permissions
from app.models import Role
from tests.app.build import World

ARGUMENTS: dict[str, Callable[[World], object]] = {
    "agent_id": lambda world: world.agent_id,
    "change_id": lambda world: 1,  # noqa: ARG005
    "day": lambda world: "2020-03-30",  # noqa: ARG005
    "desk_id": lambda world: 1,  # noqa: ARG005
    "draft_id": lambda world: world.draft_id,
    "filename": lambda world: "app.css",  # noqa: ARG005
    "job_id": lambda world: world.job_id,
    "number": lambda world: 1,  # noqa: ARG005
    "duty_id": lambda world: 1,  # noqa: ARG005
    "offer_id": lambda world: 1,  # noqa: ARG005
    "open_shift_id": lambda world: 1,  # noqa: ARG005
    "queue_id": lambda world: world.queue_id,
    "room_id": lambda world: world.room_id,
    "site_id": lambda world: world.site_id,
    "token": lambda world: "no-such-token",  # noqa: ARG005
    "user_id": lambda world: world.users[Role.AGENT],
    "version_id": lambda world: world.version_id,
    "week_id": lambda world: world.week_id,
}
"""How each variable of an address is filled in."""

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Call:
    """One method of one route, with an address."""

    endpoint: str
    method: str
    address: str


def every_call(app: Flask, world: World) -> list[Call]:
    """All methods of all pages; KeyError names a variable that ARGUMENTS does not know.

    What asks for a token instead of a signed-in person has tests of its own, beside the API's.
    """
    with app.test_request_context():
        return [
            Call(rule.endpoint, method, _address(app, rule, world))
            for rule in app.url_map.iter_rules()
            if not permissions.is_by_token(app, rule.endpoint)
            for method in sorted((rule.methods or set()) & METHODS)
        ]


def _address(app: Flask, rule: Rule, world: World) -> str:
    values = {name: ARGUMENTS[name](world) for name in rule.arguments}
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, values)
