"""``abstand worker``: plan what the web application asks for."""

from __future__ import annotations

import argparse
import logging
from typing import Any


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "worker",
        help="plan what the web application asks for, send mail, end what lapses",
        description="Takes plans from the queue in the database, one at a time, until SIGTERM or Ctrl-C; beside them "
        "it sends mail every few seconds, ends offers in time, reminds and deletes what is kept no longer. Several "
        "workers on several machines share one PostgreSQL database; what one of them leaves unfinished, even by a "
        "sudden end, another takes over. On SQLite a restarted worker begins again by itself.",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001  # every command is called alike
    """Work until told to end; 0."""
    from app import config, worker  # noqa: PLC0415
    from app.db import Database  # noqa: PLC0415
    from app.migrating import upgrade  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("abstand").setLevel(logging.INFO)
    logging.getLogger("dbos").setLevel(logging.WARNING)
    settings = config.from_environment()
    database = Database(settings.database_url)
    upgrade(database)
    database.dispose()
    worker.run(settings, config.base_folder() / "var" / "workers")
    return 0
