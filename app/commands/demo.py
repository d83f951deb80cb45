"""``abstand demo``: the demonstration site, its week planned before your eyes; safe to run again at any time."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from solver.commands import add_language

if TYPE_CHECKING:
    from app.db import Database
    from app.demo_site import DemoSite

SECONDS = 25


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "demo",
        help="make the demonstration site and plan its week",
        description="Migrates, makes a site of made-up people and calls, plans and publishes its week, and names the "
        "log-ins. What is there already is left alone, so it may be interrupted and run again at any moment.",
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="N", help=f"time for planning, default {SECONDS}"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make what is missing; 0, or 1 where the week could not be planned."""
    from app import config, migrating  # noqa: PLC0415  # help texts need no database
    from app.db import Database  # noqa: PLC0415

    database = Database(config.from_environment().database_url)
    try:
        migrating.upgrade(database)
        return _run(arguments, database)
    finally:
        database.dispose()


def _run(arguments: argparse.Namespace, database: Database) -> int:
    from app.commands import demo_presence  # noqa: PLC0415  # as above

    demo = demo_presence.present_site(arguments, database)
    if not demo.published and not _planned(arguments, database, demo):
        return 1
    demo_presence.tell_log_ins(arguments)
    return 0


def _planned(arguments: argparse.Namespace, database: Database, demo: DemoSite) -> bool:
    from app.commands import demo_steps  # noqa: PLC0415  # the solver is not loaded where nothing is to be planned
    from app.commands.speaking import complain  # noqa: PLC0415

    try:
        demo_steps.plan_and_publish(arguments, database, demo)
    except demo_steps.NoRosterError as error:
        complain(arguments, "demo.failed", reason=error.reason)
        return False
    return True
