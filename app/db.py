"""The database: one engine, transactions for writers, snapshots for readers.

SQLite: a writer begins with ``BEGIN IMMEDIATE``, because a deferred transaction that reads and then writes fails
under parallel writers whatever the busy timeout. Readers begin deferred and are never blocked (WAL).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

BUSY_TIMEOUT_MS = 30_000
BEGIN_OPTION = "abstand_begin"


class ReadOnlyError(Exception):
    """Something was written in a session that only reads."""


class Database:
    """One database and its pool of connections; safe to share between threads.

    :param url: SQLAlchemy address of SQLite or PostgreSQL
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        # SQLite's own wait is a poll with growing pauses, in which some wait very long: threads queue here instead.
        self._turn: AbstractContextManager[object] = threading.RLock() if self.is_sqlite else nullcontext()
        self._reader = self.engine.execution_options(**{BEGIN_OPTION: "DEFERRED"})

    @property
    def is_sqlite(self) -> bool:
        """Whether all writers take turns on one file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed at the end, or not at all.

        Only entry points (a view, a command, a step of a job) open one; services are given its session.
        """
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; raises ReadOnlyError where something is to be flushed."""
        with Session(self._reader, expire_on_commit=False) as session:
            event.listen(session, "before_flush", _refuse_flush)
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _refuse_flush(session: Session, *_unused: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise ReadOnlyError([*session.new, *session.dirty, *session.deleted])


def _engine(url: str) -> sa.Engine:
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, pool_size=20, max_overflow=60, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, pool_size=10, max_overflow=20, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own; _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _use_wal(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """The change to WAL does not wait for the busy timeout, so several first starts have to try again."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except cursor.connection.OperationalError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN_OPTION, "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


def answers(database: Database) -> bool:
    """Whether the database can be reached and read."""
    try:
        with database.reading() as session:
            session.connection().execute(sa.text("SELECT 1"))
    except OperationalError:
        return False
    return True
