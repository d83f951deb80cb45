"""Problem files that a site can be made of, and what is in the database."""

from __future__ import annotations

from typing import Any

from app.db import Database
from app.models import Table
from app.services.site_creation import SiteTerms
from tests.solver import build as files

TERMS = SiteTerms(land=None, policy_name="Site policy", source="week.json")


def person(name: str, **more: Any) -> files.Json:
    return files.agent(name, max_blocks_per_day=1, **more)


def content(**changes: Any) -> files.Json:
    agents = [person("a"), person("b", home="only"), person("c", home="none", queues=["dsl", "mobile"])]
    return files.problem_json(**{"agents": agents, **changes})


def rows_stored(database: Database) -> dict[str, int]:
    """Tables that have rows."""
    with database.reading() as session:
        connection = session.connection()
        counts = {table.name: len(connection.execute(table.select()).all()) for table in Table.metadata.sorted_tables}
    return {name: count for name, count in counts.items() if count}


AUTUMN = {"first_day": "2020-10-19", "days": 7, "slot_minutes": 15}
