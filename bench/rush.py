"""The rush: booking opens, and a thousand agents list the open shifts and book one within the first minute.

    python bench/rush.py [--through api|pages|both] [--agents 1000] [--seconds 60] [--processes 4]

It starts PostgreSQL, migrates, makes a site of a thousand agents with an opened week, starts the web application with
four processes, and lets every agent come at a random moment of the minute, read the list, think for a few seconds and
book; whoever is refused tries another shift. Sessions and tokens are made beforehand. At the end the database is read
and every limit counted anew, without the guard and without the checks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlmodel import Session

from app.db import Database
from app.models import Scope, UserAccount
from app.services import api_tokens
from bench import counting, rush_site
from bench.rush_site import RushSite
from bench.served import Client, Reply, fresh_database, hidden_fields, percentile, percentiles, served, session_cookies

MOST_TRIES = 5
WARM_UP = 40
THINKING_SECONDS = (1.0, 5.0)
FORM = re.compile(r'<form method="post" action="(/agent/book/\d+/shifts/\d+/book)">(.*?)</form>', re.DOTALL)
LIST_TARGET_MS, BOOKING_TARGET_MS = 300, 500
SHIFTS_LOOKED_AT = 12
"""Everybody takes one of the first so many shifts that fit, so that they meet."""


@dataclass
class Tally:
    """What all agents saw; times in seconds."""

    listed: list[float] = field(default_factory=list)
    booked: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    empty_handed: int = 0


@dataclass
class Agent(ABC):
    """One agent with a client; ``list_and_book`` differs between the API and the pages."""

    client: Client
    week_id: int
    chance: random.Random
    tally: Tally

    async def come(self, after_seconds: float) -> None:
        """Read the list, think, book."""
        await asyncio.sleep(after_seconds)
        for _ in range(MOST_TRIES):
            choices = await self.choices()
            if not choices:
                break
            await asyncio.sleep(self.chance.uniform(*THINKING_SECONDS))
            if await self.book(self.chance.choice(choices[:SHIFTS_LOOKED_AT])):
                self.tally.accepted += 1
                return
        self.tally.empty_handed += 1

    @abstractmethod
    async def choices(self) -> list[Any]:
        """What fits, as the list says."""

    @abstractmethod
    async def book(self, choice: Any) -> bool:
        """Whether a choice could be booked."""

    def note(self, kind: str, reply: Reply, *, accepted: bool) -> None:
        """Write down how an answer was."""
        self.tally.answers[f"{kind} {reply.status}"] += 1
        (self.tally.booked if accepted else self.tally.refused).append(reply.seconds)


class ApiAgent(Agent):
    """Through the JSON API."""

    async def choices(self) -> list[Any]:
        """What fits, as the list says."""
        reply = await self.client.ask("GET", f"/api/v1/open-shifts?week={self.week_id}")
        self.tally.listed.append(reply.seconds)
        self.tally.answers[f"list {reply.status}"] += 1
        if reply.status != 200:
            return []
        return [one["id"] for one in json.loads(reply.body)["open_shifts"] if one["fits"]]

    async def book(self, choice: Any) -> bool:
        """Whether a choice could be booked."""
        body = json.dumps({"open_shift": choice, "desk": None}).encode()
        key = f"{self.chance.getrandbits(64):x}"
        reply = await self.client.ask(
            "POST", "/api/v1/bookings", body, Content_Type="application/json", Idempotency_Key=key
        )
        self.note("book", reply, accepted=reply.status == 201)
        return reply.status == 201


class PageAgent(Agent):
    """Through the page, as a browser does, with its form and without JavaScript."""

    async def choices(self) -> list[Any]:
        """What fits, as the list says."""
        reply = await self.client.ask("GET", f"/agent/book/{self.week_id}")
        self.tally.listed.append(reply.seconds)
        self.tally.answers[f"list {reply.status}"] += 1
        return FORM.findall(reply.body) if reply.status == 200 else []

    async def book(self, choice: Any) -> bool:
        """Whether a choice could be booked."""
        action, form = choice
        reply = await self.client.send_form(action, hidden_fields(form))
        self.note("book", reply, accepted=reply.status == 303)
        return reply.status == 303


def tokens_of(session: Session, made: RushSite, accounts: list[UserAccount]) -> list[str]:
    """A token for every agent."""
    return [
        api_tokens.create(session, actor, made.now, account, [Scope.BOOKINGS])[1]
        for actor, account in zip(made.actors, accounts, strict=True)
    ]


async def looked_before(agents: list[Agent]) -> None:
    """Some look at the list before, so that no process answers for the first time; they are not counted."""
    for _ in range(2):
        await asyncio.gather(*(agent.choices() for agent in agents))


async def everybody(agents: list[Agent], seconds: float, chance: random.Random) -> None:
    """All come at random moments of the time given."""
    await asyncio.gather(*(agent.come(chance.uniform(0, seconds)) for agent in agents))


def run(through: str, agents: int, seconds: float, processes: int, threads: int) -> bool:
    """One rush; whether all targets were met."""
    with fresh_database("postgres") as url:
        database = Database(url)
        with database.transaction() as session:
            made = rush_site.make(session, datetime.now(UTC), agents=agents)
            accounts = [session.get_one(UserAccount, actor.user_id or 0) for actor in made.actors]
            tokens = tokens_of(session, made, accounts)
        cookies = session_cookies(url, accounts)
        tally, chance = Tally(), random.Random(1)
        with served(url, processes=processes, threads=threads) as server:
            coming: list[Agent] = []
            for number in range(agents):
                client = Client(server.port)
                kind = ApiAgent if through == "api" else PageAgent
                if through == "api":
                    client.headers["Authorization"] = f"Bearer {tokens[number]}"
                else:
                    client.cookies["abstand"] = cookies[number]
                coming.append(kind(client, made.week_id, random.Random(number), tally))
            asyncio.run(looked_before(coming[:WARM_UP]))
            tally.listed.clear()
            tally.answers.clear()
            before = server.cpu_seconds()
            asyncio.run(everybody(coming, seconds, chance))
            cpu_seconds = server.cpu_seconds() - before
        with database.reading() as session:
            found = counting.breaches(session, made.site_id)
            in_force = counting.bookings(session, made.site_id)
        database.dispose()
    return report(through, agents, seconds, tally, in_force, found, cpu_seconds)


def report(
    through: str, agents: int, seconds: float, tally: Tally, in_force: int, found: list[str], cpu_seconds: float
) -> bool:
    """Print what happened."""
    requests = sum(tally.answers.values())
    failed = {
        answer: count for answer, count in tally.answers.items() if answer.split()[1] in {"0", "500", "502", "503"}
    }
    lost = tally.accepted - in_force
    print(f"through {through}: {agents} agents within {seconds:.0f} s, {requests} requests, {requests / seconds:.0f}/s")
    print(f"  list    p50/p95/p99 {percentiles(tally.listed)} ms ({len(tally.listed)})")
    print(f"  booked  p50/p95/p99 {percentiles(tally.booked)} ms ({len(tally.booked)})")
    print(f"  refused p50/p95/p99 {percentiles(tally.refused)} ms ({len(tally.refused)})")
    print(f"  answers {dict(sorted(tally.answers.items()))}; {tally.empty_handed} agents went without a shift")
    print(f"  web processes: {cpu_seconds * 1000 / max(1, requests):.1f} ms of CPU a request")
    print(f"  lost {lost}, failed {sum(failed.values())}, oversold {dict(Counter(found)) or 0}")
    slow = percentile(tally.listed, 0.95) * 1000 >= LIST_TARGET_MS
    slow |= percentile(tally.booked, 0.95) * 1000 >= BOOKING_TARGET_MS
    print(f"  p95 of the list below {LIST_TARGET_MS} ms and of a booking below {BOOKING_TARGET_MS} ms: {not slow}")
    return not (lost or failed or found or slow)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--through", choices=["api", "pages", "both"], default="both")
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=8)
    asked = parser.parse_args()
    ways = ["api", "pages"] if asked.through == "both" else [asked.through]
    kept = [run(way, asked.agents, asked.seconds, asked.processes, asked.threads) for way in ways]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
