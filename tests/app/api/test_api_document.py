"""The description: valid, complete, and what the API does; and who may call what, operation by operation."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ensure_resource_availability,
    ignored_auth,
    positive_data_acceptance,
    use_after_free,
)
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.db import Database
from app.models import ApiToken, CurrentDuty, OpenShift, Role, Scope, Site, UserAccount
from app.services import api_tokens
from app.services.api_tokens import ROLES_OF
from app.views.api.openapi import document
from app.views.api.operation import OPERATIONS, Operation
from tests.app import booking_site, build
from tests.app.api.conftest import refused
from tests.app.booking_site import BookingSite

ADDRESS = "/api/v1"
EXAMPLES = 3
ROLES = (Role.AGENT, Role.MANAGER, Role.COUNCIL)


PUBLIC = {"describe_problem"}
WORDS = {"monday": "2020-04-06", "kind": "dated", "name": "booking.past"}


def address_of(one: Operation) -> str:
    """With ids that no row has."""
    return ADDRESS + re.sub(r"<(?:int:)?(\w+)>", lambda found: WORDS.get(found[1], "4711"), one.path)


@dataclass
class Matrix:
    """A client, a token for every role with every scope, of use or not, and with all, and ids of what there is."""

    client: FlaskClient
    tokens: dict[tuple[Role, Scope | None], str]
    ids: dict[str, int | str]

    def call(self, one: Operation, role: Role, scope: Scope | None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.tokens[role, scope]}", "Accept-Language": "en"}
        return self.client.open(address_of(one), method=one.method, headers=headers, **more)


def _ids(session: Session, made: BookingSite, site: Site) -> dict[str, int | str]:
    """One of everything that addresses name."""
    week = made.week(session)
    draft = build.draft(session, site, week)
    author = session.get_one(UserAccount, made.manager.user_id)
    version = build.version(session, site, week, author, duty_count=0)
    duty = session.exec(select(CurrentDuty).where(CurrentDuty.agent_id == made.agents["a1"])).first()
    shift = session.exec(select(OpenShift)).first()
    assert duty is not None
    assert shift is not None
    ids = {"week_id": week.id, "draft_id": draft.id, "version_id": version.id, "duty_id": duty.id}
    # Token 1 is one of a few that nothing here is called with.
    return {**ids, "open_shift_id": shift.id, "offer_id": 1, "token_id": 1, "window_id": 1, **WORDS}


@pytest.fixture(scope="module")
def matrix(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    path = tmp_path_factory.mktemp("matrix") / "abstand.db"
    shutil.copyfile(sqlite_template, path)
    app = create_app(
        Settings(database_url=f"sqlite:///{path}", secret_key="s" * 40, cheap_passwords=True, clock=lambda: build.NOW)
    )
    app.config.update(TESTING=True)
    database: Database = app.extensions["abstand_database"]
    with database.transaction() as session:
        made = booking_site.make(session)
        for day in range(3):
            booking_site.shift(session, made, "08:00", "12:00", day=day, places=2)
            booking_site.book(session, made, "a1", "13:00", "17:00", day=day)
        site = session.get_one(Site, made.site_id)
        council = build.account(session, "council-muc", Role.COUNCIL, site).id
        ids = _ids(session, made, site)
        users = {Role.AGENT: made.actors["a1"].user_id, Role.MANAGER: made.manager.user_id, Role.COUNCIL: council}
        tokens: dict[tuple[Role, Scope | None], str] = {}
        for role, user_id in users.items():
            for scope in (*Scope, None):
                tokens[role, scope] = f"{api_tokens.PREFIX}{role.value}-{scope.value if scope else 'all'}"
                session.add(
                    ApiToken(
                        user_id=user_id or 0,
                        name="",
                        token_hash=api_tokens.hash_of(tokens[role, scope]),
                        scopes=list(Scope) if scope is None else [scope],
                        created_at=build.NOW,
                        expires_at=build.NOW + timedelta(days=1),
                        last_used_at=build.NOW,
                    )
                )
    yield Matrix(app.test_client(), tokens, ids)
    database.dispose()


def test_the_description_needs_no_token_and_is_openapi_3_1(matrix: Matrix) -> None:
    answer = matrix.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described = answer.get_json()
    assert described == document()
    assert described["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(described).validate()
    for schema in described["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_route_of_the_api_is_described_and_the_other_way_round(matrix: Matrix) -> None:
    app = matrix.client.application
    routes = {
        (rule.endpoint.removeprefix("api."), method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(ADDRESS)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(one.name, one.method) for one in OPERATIONS.values()} | {("openapi", "GET")}
    described = {operation["operationId"] for path in document()["paths"].values() for operation in path.values()}
    assert described == set(OPERATIONS)


def test_every_operation_declares_who_may_call_it_and_says_what_it_does() -> None:
    without_scope = {one.name for one in OPERATIONS.values() if one.scope is None}
    # Any token may ask whom it speaks for, which weeks there are, and end itself.
    assert without_scope <= {"who_am_i", "list_tokens", "revoke_token", "list_weeks"} | PUBLIC
    for one in OPERATIONS.values():
        assert one.roles or one.name in PUBLIC, one.name
        assert one.handler.__doc__, one.name
        if one.scope is not None:
            assert one.roles <= ROLES_OF[one.scope], one.name
    assert {one.scope for one in OPERATIONS.values()} - {None} == set(Scope)


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - PUBLIC))
def test_each_operation_takes_its_scope_and_its_roles_and_no_others(matrix: Matrix, name: str) -> None:
    one = OPERATIONS[name]
    refused(matrix.client.open(address_of(one), method=one.method), 401, "api.token.missing")
    for role in ROLES:
        for scope in Scope:
            answer = matrix.call(one, role, scope)
            if one.scope not in {None, scope}:
                refused(answer, 403, "api.token.scope")
                assert f'scope="{one.scope}"' in answer.headers["WWW-Authenticate"]
            elif role not in one.roles:
                refused(answer, 403, "api.token.role")
            else:
                assert answer.status_code not in {401, 403}, (role, scope, answer.text)
                assert answer.status_code < 500


@pytest.fixture(autouse=True)
def tokens_hold(matrix: Matrix) -> None:
    """Whichever was revoked by trying out what revokes tokens holds again."""
    database: Database = matrix.client.application.extensions["abstand_database"]
    with database.transaction() as session:
        session.execute(sa.update(ApiToken).values(revoked_at=None))


@pytest.fixture(scope="module")
def described(matrix: Matrix) -> Any:
    """The description as schemathesis reads it, which takes a while."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", matrix.client.application)


UNFIT = [
    # A body of the right form may still name what is not there, or break a rule: refusals that say so are right.
    positive_data_acceptance,
    # Sequences of requests have tests of their own; who may call what is enumerated above.
    ensure_resource_availability,
    use_after_free,
    ignored_auth,
]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_sent_the_answer_is_as_described(
    matrix: Matrix, described: Any, name: str, mode: GenerationMode
) -> None:
    one = described.find_operation_by_id(name)
    role = next((role for role in ROLES if role in OPERATIONS[name].roles), Role.AGENT)
    headers = {"Authorization": f"Bearer {matrix.tokens[role, None]}"}
    right = mode is GenerationMode.POSITIVE
    ids = {word: matrix.ids[word] for word in re.findall(r"<(?:int:)?(\w+)>", OPERATIONS[name].path)}
    fixed = {"path_parameters": ids} if right and ids else {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=one.as_strategy(mode, **fixed))
    def send(case: schemathesis.Case[Any]) -> None:
        if right and OPERATIONS[name].needs_revision:
            case.headers["If-Match"] = "*"
        answer = case.call_and_validate(headers=headers, excluded_checks=UNFIT)
        # What reads takes whatever the description allows; days alone may be in the wrong order.
        assert (
            not right
            or one.method != "get"
            or name in {"list_bookings", "list_duties"}
            or answer.status_code in {200, 404}
        )

    send()
