"""Whether the demonstration site is there, and who may sign in: all that a second ``abstand demo`` needs."""

from __future__ import annotations

import argparse
import sys

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from app import clock, demo_site
from app.commands.speaking import say
from app.db import Database
from app.demo_site import DemoSite
from app.demo_site.accounts import LOG_INS, PASSWORD
from app.messages import text
from app.models import Agent, Desk, Queue
from solver.commands import language_of
from solver.sentences import language_from


class SiteNotMadeError(Exception):
    """What was written is not there."""


def present_site(arguments: argparse.Namespace, database: Database) -> DemoSite:
    """The site, made now if it is not there yet."""
    now = clock.now()
    demo = _found(database)
    if demo is None:
        say(arguments, "demo.making")
        try:
            with database.transaction() as session:
                if demo_site.find(session) is None:
                    demo_site.make(session, now)
        except IntegrityError:
            # Another process was making it at the same time; whatever else is wrong shows below.
            pass
        demo = _found(database)
        if demo is None:
            raise SiteNotMadeError(demo_site.KEY)
        _tell_size(arguments, database, demo)
        return demo
    with database.transaction() as session:
        demo_site.add_next_week(session, demo.site, now)
    if demo.published:
        say(arguments, "demo.there")
    return demo


def _found(database: Database) -> DemoSite | None:
    with database.reading() as session:
        return demo_site.find(session)


def _tell_size(arguments: argparse.Namespace, database: Database, demo: DemoSite) -> None:
    with database.reading() as session:
        counts = {
            name: session.exec(select(sa.func.count()).select_from(kind).where(kind.site_id == demo.site.id)).one()
            for name, kind in (("agents", Agent), ("desks", Desk), ("queues", Queue))
        }
    say(arguments, "demo.made", **counts)


def tell_log_ins(arguments: argparse.Namespace) -> None:
    """Name the log-ins, one per role."""
    for line in log_in_lines(language_of(arguments)):
        sys.stdout.write(line + "\n")


def log_ins_of(database_url: str) -> list[str]:
    """The log-ins where this database has the demonstration site, else none."""
    database = Database(database_url)
    try:
        return [] if _found(database) is None else log_in_lines(language_from())
    finally:
        database.dispose()


def log_in_lines(language: str) -> list[str]:
    """The log-ins of the demonstration site, and a warning."""
    lines = [
        "  " + text("demo.log_in", language, name=name, password=PASSWORD, role=text(f"role.{role.value}", language))
        for name, (role, _) in LOG_INS.items()
    ]
    return [text("demo.log_ins", language), *lines, text("demo.warning", language)]
