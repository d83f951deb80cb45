"""A site open for booking, a token for each person on it, and a client that speaks JSON."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.db import Database
from app.models import Scope, UserAccount
from app.services import api_tokens
from app.services.audit import Actor
from tests.app import booking_site, build
from tests.app.booking_site import BookingSite
from tests.app.conftest import FrozenClock

MIME_TYPE = "application/problem+json"


def token_for(session: Session, actor: Actor, scopes: Collection[Scope] | None = None, days: int = 90) -> str:
    """A token with all scopes of the person's role, or with some."""
    account = session.get_one(UserAccount, actor.user_id)
    wanted = api_tokens.scopes_for(account.role) if scopes is None else scopes
    return api_tokens.create(session, build.SYSTEM, build.NOW, account, wanted, days=days)[1]


@dataclass
class Api:
    """Requests in the name of people, by what :func:`booking_site.make` calls them; ``boss`` is the manager."""

    client: FlaskClient
    made: BookingSite
    tokens: dict[str, str]
    clock: FrozenClock

    def __call__(
        self, who: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.tokens[who]}", "Accept-Language": "en", **(headers or {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)


def refused(answer: TestResponse, status: int, key: str | None = None) -> dict[str, Any]:
    """The problem that an answer is, with what every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == MIME_TYPE
    content: dict[str, Any] = answer.get_json()
    assert {"type", "title", "status", "detail", "instance", "facts"} <= set(content)
    assert content["status"] == status
    assert content["title"]
    assert content["detail"]
    if key is not None:
        assert content["type"] == f"/api/v1/problems/{key}"
    return content


def tokens_of(session: Session, made: BookingSite) -> dict[str, str]:
    people = {**made.actors, "boss": made.manager}
    return {name: token_for(session, actor) for name, actor in people.items()}


@pytest.fixture
def api(app: Flask, database: Database, clock: FrozenClock) -> Api:
    """Four agents, four desks two metres apart, a Monday to book, on each database."""
    with database.transaction() as session:
        made = booking_site.make(session)
        tokens = tokens_of(session, made)
    return Api(app.test_client(), made, tokens, clock)


def on_sqlite(url: str, clock: FrozenClock) -> Api:
    app = create_app(Settings(database_url=url, secret_key="s" * 40, cheap_passwords=True, clock=clock))
    app.config.update(TESTING=True)
    with app.extensions["abstand_database"].transaction() as session:
        made = booking_site.make(session)
        tokens = tokens_of(session, made)
    return Api(app.test_client(), made, tokens, clock)


@pytest.fixture
def sqlite_api(sqlite_url: str, clock: FrozenClock) -> Iterator[Api]:
    """The same on SQLite alone, for what no database decides."""
    made = on_sqlite(sqlite_url, clock)
    yield made
    made.client.application.extensions["abstand_database"].dispose()


@pytest.fixture(scope="module")
def shared_api(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One for all tests of a module that are only refused, and so change nothing."""
    path = tmp_path_factory.mktemp("shared") / "abstand.db"
    shutil.copyfile(sqlite_template, path)
    made = on_sqlite(f"sqlite:///{path}", FrozenClock(build.NOW))
    yield made
    made.client.application.extensions["abstand_database"].dispose()
