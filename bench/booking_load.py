"""Two hundred clients fight for twenty places through real HTTP: how fast, and is anything ever oversold?

    python bench/booking_load.py --database sqlite|postgres|both --clients 200 --seconds 60 --processes 4

Every client asks the JSON API for one of few places: the same desk, a full room, neighbouring desks too close to each
other, times that end within the cleaning gap, back to back or just after it, a shift of five places, and its own time
twice; and gives back what it got after a while. At the end the database is read and every limit counted anew, without
the guard and without the checks, and every booking that was accepted and not given back has to be there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlmodel import Session, select

from app.db import Database
from app.models import CurrentDuty, Scope, UserAccount, WeekState
from app.services import api_tokens
from bench import counting
from bench.served import Client, Reply, fresh_database, percentiles, served
from tests.app import booking_site
from tests.app.booking_site import BookingSite, at, make

PLACES = 20
SPACING_M = 0.8
SHIFT_PLACES = 5
TIMES = [("08:00", "12:00"), ("12:00", "16:00"), ("12:30", "16:30"), ("10:00", "14:00"), ("16:30", "20:30")]
"""Two of them back to back, which a person may book and a desk may not; one half an hour later, when it is clean."""
LEGAL = {200, 201, 204, 409}


@dataclass
class Tally:
    """What all clients saw; times in seconds."""

    booked: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    given_back: list[float] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    held: dict[int, int] = field(default_factory=dict)


@dataclass
class Fighter:
    """One client: books, holds, gives back, again."""

    number: int
    client: Client
    made: BookingSite
    shift_id: int
    tally: Tally
    chance: random.Random
    own: list[int] = field(default_factory=list)

    async def fight(self, until: float) -> None:
        """Until the time is over; what is under way then is still waited for."""
        while time.monotonic() < until:
            await self.book()
            if self.own and self.chance.random() < 0.5:
                await self.give_back()

    async def book(self) -> None:
        """A place that others want too."""
        reply = await self._send("POST", "/api/v1/bookings", self._wanted())
        if reply.status == 201:
            row_id = json.loads(reply.body)["id"]
            self.own.append(row_id)
            self.tally.held[row_id] = self.number
            self.tally.booked.append(reply.seconds)
        elif reply.status == 409:
            self.tally.refused.append(reply.seconds)
            self._note_rule(json.loads(reply.body))

    def _wanted(self) -> dict[str, Any]:
        if self.chance.random() < 0.2:
            return {"open_shift": self.shift_id, "desk": None}
        start, end = self.chance.choice(TIMES)
        desk = self.chance.choice([None, *(self.made.desks[f"{number:02d}"] for number in range(1, 9))])
        times = {"start": _local(start, self.made), "end": _local(end, self.made)}
        return {**times, "desk": desk}

    def _note_rule(self, problem: dict[str, Any]) -> None:
        rule = problem.get("rule")
        if rule is None:
            self.tally.failures[f"409 without a rule: {problem['type']}"] += 1
        else:
            self.tally.rules[rule] += 1

    async def give_back(self) -> None:
        """The oldest of what it holds; it counts as held until the answer is there."""
        row_id = self.own.pop(0)
        reply = await self._send("DELETE", f"/api/v1/bookings/{row_id}")
        if reply.status in {200, 204}:
            self.tally.given_back.append(reply.seconds)
            del self.tally.held[row_id]

    async def _send(self, method: str, path: str, content: dict[str, Any] | None = None) -> Reply:
        body = b"" if content is None else json.dumps(content).encode()
        headers = {"Content_Type": "application/json"} if body else {}
        reply = await self.client.ask(method, path, body, **headers)
        if reply.status not in LEGAL:
            self.tally.failures[f"{method} {reply.status} {reply.body[:160]}"] += 1
        return reply


def _local(clock: str, made: BookingSite) -> str:
    return at(clock, 0, made.first_day).isoformat()


def prepare(session: Session, clients: int, now: datetime) -> tuple[BookingSite, int, list[str]]:
    """The site, the shift that all want, and a token for each client.

    Desks stand closer than the distance, every second one is released, and two neighbours besides, behind a screen
    that is then taken away: so that the distance has to be kept booking by booking.
    """
    first_day = now.date() - timedelta(days=now.weekday()) + timedelta(weeks=2)
    made = make(
        session,
        agents=clients,
        desks=2 * PLACES,
        spacing_m=SPACING_M,
        room={"max_persons": PLACES},
        state=WeekState.PUBLISHED,
        first_day=first_day,
        now=now,
    )
    booking_site.put_too_close(session, made, [f"{number:02d}" for number in range(1, 10)])
    shift_id = booking_site.shift(session, made, "08:00", "12:00", places=SHIFT_PLACES, first_day=first_day).id
    tokens = []
    for number in range(clients):
        actor = made.actors[f"a{number + 1}"]
        account = session.get_one(UserAccount, actor.user_id or 0)
        tokens.append(api_tokens.create(session, actor, now, account, [Scope.BOOKINGS])[1])
    return made, shift_id, tokens


async def fought(fighters: list[Fighter], seconds: float) -> None:
    """All at once."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(fighter.fight(until) for fighter in fighters))


def run(kind: str, clients: int, seconds: float, processes: int) -> bool:
    """Load one database; whether nothing was oversold, lost or failed."""
    with fresh_database(kind) as url:
        database = Database(url)
        with database.transaction() as session:
            made, shift_id, tokens = prepare(session, clients, datetime.now(UTC))
        tally = Tally()
        with served(url, processes=processes) as server:
            fighters = [
                Fighter(
                    number,
                    Client(server.port, {"Authorization": f"Bearer {token}"}),
                    made,
                    shift_id,
                    tally,
                    random.Random(number),
                )
                for number, token in enumerate(tokens)
            ]
            began = time.monotonic()
            asyncio.run(fought(fighters, seconds))
            took = time.monotonic() - began
        with database.reading() as session:
            found = counting.breaches(session, made.site_id)
            present = set(session.exec(select(CurrentDuty.id)))
        database.dispose()
    return report(kind, clients, took, tally, found, present)


def report(kind: str, clients: int, took: float, tally: Tally, found: list[str], present: set[int]) -> bool:
    """Print what happened."""
    requests = len(tally.booked) + len(tally.refused) + len(tally.given_back)
    lost, unknown = set(tally.held) - present, present - set(tally.held)
    print(f"{kind}: {clients} clients, {took:.0f} s, {requests} requests, {requests / took:.0f}/s")
    print(f"  booked     p50/p95/p99 {percentiles(tally.booked)} ms ({len(tally.booked)})")
    print(f"  refused    p50/p95/p99 {percentiles(tally.refused)} ms ({len(tally.refused)})")
    print(f"  given back p50/p95/p99 {percentiles(tally.given_back)} ms ({len(tally.given_back)})")
    print(f"  refusals by rule: {dict(tally.rules.most_common())}")
    print(f"  failed: {dict(tally.failures) or 'none'}")
    print(f"  lost {len(lost)}, there without an answer {len(unknown)}, oversold {dict(Counter(found)) or 0}")
    return not (lost or unknown or found or tally.failures)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=4)
    asked = parser.parse_args()
    kinds = ["sqlite", "postgres"] if asked.database == "both" else [asked.database]
    kept = [run(kind, asked.clients, asked.seconds, asked.processes) for kind in kinds]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
