"""An event of the audit record in the reader's language."""

from __future__ import annotations

import re
from datetime import date

from app.messages import catalogue
from app.messages.formats import fact_text, full_date
from app.models import Role
from app.services.audit import EventLine
from app.views.common import language, t
from solver.rules import Fact

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def action_text(event: EventLine) -> str:
    """What was done."""
    return _named("audit_action", event.action)


def object_text(event: EventLine) -> str:
    """What it was done to, such as ``user account 4``."""
    return f"{_named('audit_object', event.object_kind)} {event.object_id or ''}".strip()


def facts_text(event: EventLine) -> str:
    """The details, such as ``version 1, draft 1``."""
    return ", ".join(f"{_named('audit_fact', name)} {_fact(name, fact)}" for name, fact in event.facts.items())


def _named(area: str, name: str) -> str:
    key = f"{area}.{name}"
    # Rows of an older or newer version may tell of what has no word here.
    return t(key) if key in catalogue() else name


def _fact(name: str, fact: Fact) -> str:
    if fact is None:
        return t("common.none")
    if name == "role" and fact in set(Role):
        return t(f"role.{fact}")
    if isinstance(fact, str) and DAY.fullmatch(fact):
        return full_date(date.fromisoformat(fact), language())
    return str(fact) if name.endswith("_id") else fact_text(fact, language())
