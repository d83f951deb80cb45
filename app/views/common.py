"""What every view uses: the person, the clock, the database, the language, sentences after a redirect."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, has_request_context, redirect, request, session, url_for
from flask_login import UserMixin, current_user
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app.config import Settings
from app.db import Database
from app.messages import text
from app.models import Language, Role
from app.services.audit import Actor
from solver.rules import Fact
from solver.sentences import Language as SentenceLanguage

DEFAULT_ZONE = "Europe/Berlin"
MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """The signed-in person, as plain values: safe to use after the session that read them has ended."""

    id: int
    login_name: str
    display_name: str
    role: Role
    site_id: int | None
    site_name: str | None
    time_zone: str
    agent_id: int | None
    language: Language
    must_change_password: bool
    session_epoch: int

    def get_id(self) -> str:
        """What the session cookie keeps; an older epoch is no longer signed in."""
        return f"{self.id}:{self.session_epoch}"


def settings() -> Settings:
    """Of this application."""
    found: Settings = current_app.extensions["abstand_settings"]
    return found


def database() -> Database:
    """Of this application."""
    found: Database = current_app.extensions["abstand_database"]
    return found


def transaction() -> AbstractContextManager[Session]:
    """A session whose work is committed at the end of the block, or not at all."""
    return database().transaction()


def reading() -> AbstractContextManager[Session]:
    """A session that only reads and makes nobody wait."""
    return database().reading()


def now() -> datetime:
    """The instant of this request, the same however often it is asked for."""
    if "now" not in g:
        g.now = settings().clock()
    instant: datetime = g.now
    return instant


def me() -> SignedIn:
    """The signed-in person; only in views that need one."""
    person: SignedIn = current_user._get_current_object()  # noqa: SLF001  # the object behind Flask-Login's proxy
    return person


def actor() -> Actor:
    """The signed-in person as services want it."""
    person = me()
    return Actor(user_id=person.id, role=person.role, site_id=person.site_id, agent_id=person.agent_id)


def my_site_id() -> int:
    """The site of the signed-in manager, council member or agent; administrators have none (TypeError)."""
    site_id = me().site_id
    if site_id is None:
        raise TypeError(site_id)
    return site_id


def my_agent_id() -> int:
    """The signed-in agent's id; other roles have none (TypeError)."""
    agent_id = me().agent_id
    if agent_id is None:
        raise TypeError(agent_id)
    return agent_id


def zone() -> str:
    """Time zone in which this person reads times."""
    return me().time_zone if signed_in() else DEFAULT_ZONE


def signed_in() -> bool:
    """Whether the request comes from a signed-in person."""
    return has_request_context() and bool(current_user and current_user.is_authenticated)


def language() -> SentenceLanguage:
    """The person's language, else the one chosen on this device, else the browser's, else German."""
    if "language" not in g:
        g.language = "en" if _language() == Language.ENGLISH else "de"
    chosen: SentenceLanguage = g.language
    return chosen


def _language() -> str:
    if signed_in():
        return me().language.value
    chosen = session.get("language")
    if chosen in set(Language):
        return str(chosen)
    return browser_language() or "de"


def browser_language() -> str | None:
    """The language of ours that the browser asks for, if any."""
    return request.accept_languages.best_match([member.value for member in Language])


def t(key: str, **facts: object) -> str:
    """The sentence of a key in the language of this request."""
    return text(key, language(), **facts)


def say(key: str, category: str = "fine", **facts: Fact) -> None:
    """Show a sentence on the next page; ``category`` is ``fine``, ``look`` or ``stop``."""
    flash(t(key, **facts), category)


def safe_next(target: str | None) -> str:
    """A path of this site to go on to; anything that leads elsewhere becomes the start page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return url_for("common.home")
    if any(ord(character) < 32 or character == "\\" for character in target):
        return url_for("common.home")
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else url_for("common.home")


def form_id(field: str) -> int | None:
    """The id that a form sent; None where it is empty or no row can have it."""
    return id_of(request.form.get(field, ""))


def id_of(text_of_id: str) -> int | None:
    """A row's id; databases refuse larger numbers with a fault instead of an answer."""
    is_number = text_of_id.isascii() and text_of_id.isdecimal() and len(text_of_id) <= len(str(MAX_ID))
    return int(text_of_id) if is_number and int(text_of_id) <= MAX_ID else None


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def go(endpoint: str, **values: Any) -> AnyResponse:
    """See-other redirect to an endpoint, so that a reload does not send the form again."""
    return redirect(url_for(endpoint, **values), 303)


def csv_response(content: str, name: str) -> Response:
    """A CSV file to save; the mark at the front lets spreadsheets read umlauts."""
    response = Response("\ufeff" + content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
