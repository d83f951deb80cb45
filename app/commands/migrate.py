"""``migrate``: bring the database to the newest form."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "migrate",
        help="bring the database to the newest form",
        description="Make or change the tables. Safe to run at any time and by several processes at once.",
    )
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Migrate up; 0 where the database is at the newest form afterwards."""
    from app import config, migrating  # noqa: PLC0415  # help texts need no database
    from app.db import Database  # noqa: PLC0415

    database = Database(config.from_environment().database_url)
    try:
        migrating.upgrade(database)
    finally:
        database.dispose()
    sys.stdout.write("The database is ready.\n")
    return 0
