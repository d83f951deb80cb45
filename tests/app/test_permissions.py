from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import permissions
from app.models import Role
from tests.app.build import World
from tests.app.routes import every_call

REFUSED = {401, 403}


def test_nobody_signed_in_is_led_to_the_log_in(app: Flask, client: FlaskClient, world: World) -> None:
    for call in every_call(app, world):
        answer = client.open(call.address, method=call.method, buffered=True)
        if None in permissions.allowed_roles(app, call.endpoint):
            assert answer.status_code < 500, call
            assert "/sign-in" not in answer.headers.get("Location", ""), call
        else:
            assert answer.status_code == 303, call
            assert answer.headers["Location"].startswith("/sign-in"), call


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_its_pages_and_no_others(
    app: Flask, as_user: Callable[[int], FlaskClient], world: World, role: Role
) -> None:
    for call in every_call(app, world):
        if call.endpoint == "auth.sign_out":
            continue
        # A fresh browser each: what one page does must not keep the next from being asked for.
        answer = as_user(world.users[role]).open(call.address, method=call.method, buffered=True)
        if role in permissions.allowed_roles(app, call.endpoint):
            assert answer.status_code not in REFUSED, (call, answer.status_code)
            assert answer.status_code < 500, (call, answer.status_code)
        else:
            assert answer.status_code == 403, (call, answer.status_code)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COUNCIL, Role.AGENT])
def test_objects_of_another_site_do_not_exist(
    app: Flask, as_user: Callable[[int], FlaskClient], world: World, role: Role
) -> None:
    elsewhere = {"week_id": world.other_week_id, "agent_id": world.other_agent_id, "user_id": world.stranger_user_id}
    for call in every_call(app, world):
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == call.endpoint)
        if role not in permissions.allowed_roles(app, call.endpoint) or not rule.arguments & set(elsewhere):
            continue
        adapter = app.url_map.bind("localhost")
        for name in rule.arguments & set(elsewhere):
            values = {**dict(adapter.match(call.address, method=call.method)[1]), name: elsewhere[name]}
            answer = as_user(world.users[role]).open(adapter.build(call.endpoint, values), method=call.method)
            assert answer.status_code == 404, (call, name, answer.status_code)


def test_a_view_that_declares_nobody_stops_the_start(app: Flask) -> None:
    permissions.require_declarations(app)
    app.view_functions["forgotten"] = lambda: ""
    with pytest.raises(permissions.UndeclaredViewError, match="forgotten"):
        permissions.require_declarations(app)


def test_every_page_takes_garbage_in_its_address(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.ADMINISTRATOR)
    for query in ("page=99999999999999999999", "page=-1", "sort=nothing", "sort=-", "search=%00%ff", "format=pdf"):
        assert browser.get(f"/admin/users?{query}").status_code == 200, query
