"""How long the manager's pages take at the server for a site of 200 agents: ``python bench/pages.py``.

Each page is asked for once cold (nothing remembered) and then several times; the figure is the fastest of those,
since other work on the machine can only add to it. The ratio is the limit over the figure: above 1 is within it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flask import Flask
from flask.testing import FlaskClient

from app import create_app, migrating
from app.config import Settings
from app.db import Database
from app.models import UserAccount
from app.services import manager_rosters
from tests.app import build
from tests.app.filled_site import FilledSite, fill, fill_more

LIMIT_MS = 200.0
PAGES = (
    "/manager/weeks",
    "/manager/weeks/{week_id}/demand",
    "/manager/weeks/{week_id}/plan",
    "/manager/weeks/{week_id}/availability",
    "/manager/weeks/drafts/{draft_id}",
    "/manager/weeks/drafts/{draft_id}?day=2",
    "/manager/weeks/drafts/{draft_id}/table?day=1",
    "/manager/weeks/drafts/{draft_id}.csv",
    "/manager/weeks/drafts/{draft_id}/roster.json",
    "/manager/weeks/drafts/{draft_id}/publish",
    "/manager/weeks/versions/2/difference",
    "/manager/floor",
    "/manager/floor?roster=draft-{draft_id}&day=1&at=660",
    "/manager/agents",
    "/manager/agents/1",
    "/manager/queues",
)


def signed_in(app: Flask, database: Database, user_id: int) -> FlaskClient:
    """A browser with the session of a user."""
    with database.reading() as session:
        account = session.get_one(UserAccount, user_id)
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = f"{account.id}:{account.session_epoch}"
        cookie["_fresh"] = True
    return browser


def milliseconds(browser: FlaskClient, address: str) -> float:
    """One request, refused where it fails."""
    begun = time.perf_counter()
    answer = browser.get(address)
    taken = time.perf_counter() - begun
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return taken * 1000


def measure(browser: FlaskClient, filled: FilledSite, repeats: int) -> bool:
    """Print a line per page; whether all of them keep the limit."""
    kept = True
    print(f"{'page':58} {'cold ms':>8} {'ms':>8} {'ratio':>6}")
    for page in PAGES:
        address = page.format(week_id=filled.week_id, draft_id=filled.draft_id)
        manager_rosters.forget_pictures()
        cold = milliseconds(browser, address)
        fastest = min(milliseconds(browser, address) for _repeat in range(repeats))
        kept = kept and fastest <= LIMIT_MS
        print(f"{address:58} {cold:8.1f} {fastest:8.1f} {LIMIT_MS / fastest:6.1f}")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pages.db'}"
        database = Database(url)
        migrating.upgrade(database)
        with database.transaction() as session:
            filled = fill(session, chosen.agents)
            fill_more(session, filled)
        app = create_app(Settings(url, "s" * 40, cheap_passwords=True, clock=lambda: build.NOW))
        kept = measure(signed_in(app, database, filled.manager_id), filled, chosen.repeats)
        database.dispose()
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
