"""``abstand import-calls``: interval call history from a CSV file, shown before it is taken over, all or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.commands import add_language

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.models import Queue, Site
    from app.services.call_import import CallFileFaults, CallFilePreview

KEPT, UNUSABLE = 0, 2
DELIMITER_NAMES = {"\t": "TAB"}


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "import-calls",
        help="read interval call history from a CSV file",
        description="Reads calls per interval (ISO or German dates and numbers), shows what was understood, and takes "
        "it over after a confirmation: all of the file or nothing. What is stored for the queue in the file's span "
        "is replaced.",
        epilog="Exit codes: 0 taken over (or shown, with --dry-run), 1 not confirmed, 2 unusable input.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV file: interval start (or date and time), calls")
    parser.add_argument("--site", required=True, metavar="KEY", help="the site")
    parser.add_argument("--queue", required=True, metavar="KEY", help="the queue")
    parser.add_argument("--scale", type=float, default=1.0, metavar="N", help="factor for all calls, e.g. 0.2")
    parser.add_argument("--yes", action="store_true", help="take over without being asked")
    parser.add_argument("--dry-run", action="store_true", help="only show what was understood")
    add_language(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show and take over; 0, 1 where it was not confirmed, 2 where it cannot be used."""
    from app import config  # noqa: PLC0415  # help texts need no database
    from app.db import Database  # noqa: PLC0415

    database = Database(config.from_environment().database_url)
    try:
        return _run(arguments, database)
    finally:
        database.dispose()


def _run(arguments: argparse.Namespace, database: Any) -> int:
    from app.services.call_import import CallFileFaults  # noqa: PLC0415  # as above
    from app.services.manager_calls import replaced_intervals  # noqa: PLC0415

    with database.reading() as session:
        found = _site_and_queue(arguments, session)
        if found is None:
            return UNUSABLE
        site, queue = found
        try:
            preview = _understood(arguments, site)
        except CallFileFaults as faults:
            return _refused(arguments, faults)
        replaced = replaced_intervals(session, queue, preview)
    _show(arguments, preview, queue, replaced)
    return _decide(arguments, database, (site, queue), preview)


def _decide(arguments: argparse.Namespace, database: Any, whose: tuple[Site, Queue], preview: CallFilePreview) -> int:
    from app.commands.speaking import agrees, complain, say  # noqa: PLC0415  # as above

    if arguments.dry_run:
        say(arguments, "calls_command.dry")
        return KEPT
    if not arguments.yes and not agrees(arguments, "calls_command.ask"):
        complain(arguments, "calls_command.not_confirmed")
        return 1
    _store(arguments, database, *whose, preview)
    return KEPT


def _site_and_queue(arguments: argparse.Namespace, session: Session) -> tuple[Site, Queue] | None:
    from sqlmodel import col, select  # noqa: PLC0415  # as above

    from app.commands.speaking import complain  # noqa: PLC0415
    from app.models import Queue, Site  # noqa: PLC0415

    site = session.exec(select(Site).where(Site.key == arguments.site)).first()
    if site is None:
        known = ", ".join(session.exec(select(Site.key).order_by(col(Site.key)))) or "–"
        complain(arguments, "calls_command.no_site", site=arguments.site, known=known)
        return None
    queues = session.exec(select(Queue).where(Queue.site_id == site.id).order_by(col(Queue.id))).all()
    queue = next((queue for queue in queues if queue.key == arguments.queue), None)
    if queue is None:
        known = ", ".join(queue.key for queue in queues) or "–"
        complain(arguments, "calls_command.no_queue", queue=arguments.queue, site=site.key, known=known)
        return None
    return site, queue


def _understood(arguments: argparse.Namespace, site: Site) -> CallFilePreview:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # as above

    from app.services.call_file_layout import MOST_BYTES  # noqa: PLC0415
    from app.services.call_import import understand_calls  # noqa: PLC0415

    with arguments.file.open("rb") as file:
        # One byte more than is allowed is enough to be refused.
        raw = file.read(MOST_BYTES + 1)
    return understand_calls(raw, zone=ZoneInfo(site.time_zone), scale=arguments.scale)


def _refused(arguments: argparse.Namespace, faults: CallFileFaults) -> int:
    from app.commands.speaking import complain  # noqa: PLC0415  # as above

    for fault in faults.faults:
        complain(arguments, f"call_import.{fault.code}", **fault.facts)
    return UNUSABLE


def _show(arguments: argparse.Namespace, preview: CallFilePreview, queue: Queue, replaced: int) -> None:
    from app.commands.speaking import say  # noqa: PLC0415  # as above

    layout = preview.layout
    first, last = preview.intervals[0].starts_local, preview.intervals[-1].starts_local
    say(
        arguments,
        "calls_command.understood",
        file=arguments.file.name,
        intervals=len(preview.intervals),
        minutes=preview.interval_minutes,
        days=preview.days,
        first=f"{first:%Y-%m-%d %H:%M}",
        last=f"{last:%Y-%m-%d %H:%M}",
    )
    say(
        arguments,
        "calls_command.columns",
        columns=", ".join(f"{column.name} ({role.value})" for role, column in layout.columns.items()),
        delimiter=DELIMITER_NAMES.get(layout.delimiter, layout.delimiter),
        date_format=preview.date_format.value,
        encoding=layout.encoding,
    )
    if layout.ignored:
        say(arguments, "calls_command.ignored", columns=", ".join(layout.ignored))
    before, after = float(preview.calls_before), preview.calls_after
    say(arguments, "calls_command.total", before=before, after=after, scale=arguments.scale)
    if preview.missing:
        say(arguments, "calls_command.missing", days=len(preview.missing), first=min(preview.missing).isoformat())
    if replaced:
        say(arguments, "calls_command.replaces", count=replaced, queue=queue.key)


def _store(arguments: argparse.Namespace, database: Any, site: Site, queue: Queue, preview: CallFilePreview) -> None:
    from rich.console import Console  # noqa: PLC0415  # as above

    from app import clock  # noqa: PLC0415
    from app.commands.speaking import say  # noqa: PLC0415
    from app.services.audit import Actor  # noqa: PLC0415
    from app.services.manager_calls import store_calls  # noqa: PLC0415

    with Console(stderr=True).status(""), database.transaction() as session:
        count = store_calls(session, Actor(user_id=None), clock.now(), queue, preview)
    say(arguments, "calls_command.done", count=count, queue=queue.key, site=site.key)
