"""``abstand retention``: delete what has been kept long enough, or only say how much that would be."""

from __future__ import annotations

import argparse
from typing import Any

from solver.commands import add_language


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "retention",
        help="delete what has been kept long enough",
        description="Deletes what the periods in docs/administration.md say, as a worker does once a day by itself.",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, and delete nothing")
    add_language(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Delete and say how many rows of what; 0."""
    from app import config  # noqa: PLC0415  # help texts need no database
    from app.commands.serve import require_migrated  # noqa: PLC0415
    from app.commands.speaking import say  # noqa: PLC0415
    from app.db import Database  # noqa: PLC0415
    from app.services import retention  # noqa: PLC0415

    settings = config.from_environment()
    require_migrated(settings.database_url)
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            counts = retention.delete_what_is_over(session, settings.clock(), settings.secret_key)
            if arguments.dry_run:
                # The very same deletions, taken back: so the figures are those of the real thing.
                session.rollback()
    finally:
        database.dispose()
    say(arguments, "retention.would" if arguments.dry_run else "retention.did")
    for name, count in counts.items():
        say(arguments, f"retention.rule.{name}", count=count)
    return 0
