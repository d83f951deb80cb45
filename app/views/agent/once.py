"""Forms that count once however often they are sent: a double tap, a reload, a connection that broke in between."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request
from sqlmodel import Session

from app.services import idempotency
from app.views.agent.routes import blueprint
from app.views.common import me, now, transaction

FIELD = "once"
NOT_ASKED_FOR = {FIELD, "csrf_token"}
NAME = re.compile(r"[A-Za-z0-9_-]{8,40}")
HASH_LETTERS = 32
ANSWERED = 303


@dataclass(frozen=True)
class Outcome:
    """What a form did; ``repeated`` where it had been done before and nothing was done again."""

    answer: Mapping[str, Any]
    repeated: bool


@blueprint.app_template_global("once_name")
def once_name() -> str:
    """A name for the forms of one page."""
    if FIELD not in g:
        setattr(g, FIELD, secrets.token_urlsafe(15))
    name: str = getattr(g, FIELD)
    return name


def once(act: Callable[[Session], Mapping[str, Any]]) -> Outcome:
    """Do what a form asks in one transaction, or give the answer of the first time.

    The name is bound to what was asked: another choice on the same page is another request. A form without a name,
    as a script would send it, is done each time.

    :param act: gives what the page needs to say, which is kept with what was done
    """
    name = request.form.get(FIELD, "")
    with transaction() as session:
        if not NAME.fullmatch(name):
            return Outcome(act(session), repeated=False)
        asked = [pair for pair in request.form.items(multi=True) if pair[0] not in NOT_ASKED_FOR]
        digest = idempotency.hash_of(request.method, request.path, asked)
        row = idempotency.begun(session, now(), me().id, f"{name}:{digest[:HASH_LETTERS]}", digest)
        if row.answer is not None:
            return Outcome(row.answer, repeated=True)
        answer = act(session)
        idempotency.answered(session, row, ANSWERED, answer)
        return Outcome(answer, repeated=False)
