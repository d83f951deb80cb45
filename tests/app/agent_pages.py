"""A site open for booking with browsers for its agents: what the tests of an agent's pages share."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import OpenShift
from tests.app.booking_site import BookingSite, duties

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
INPUT = re.compile(r"<input\b([^>]*)>")


@dataclass(frozen=True)
class Form:
    """A form of a page as a browser would send it: where it leads and what is filled in."""

    action: str
    fields: dict[str, str]
    text: str


def forms(answer: TestResponse) -> Iterator[Form]:
    """All forms that write."""
    for found in FORM.finditer(answer.text):
        attributes = dict(ATTRIBUTE.findall(found[1]))
        if attributes.get("method") == "post":
            yield Form(html.unescape(attributes["action"]), dict(_fields(found[2])), said_in(found[2]))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for found in INPUT.finditer(text):
        attributes = dict(ATTRIBUTE.findall(found[1]))
        if attributes.get("type") == "radio" and "checked" not in found[1]:
            continue
        if "name" in attributes:
            yield attributes["name"], html.unescape(attributes.get("value", ""))


def said_in(text: str) -> str:
    """What a reader sees, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def said(answer: TestResponse) -> str:
    """What a page says, without its head."""
    return said_in(answer.text[answer.text.index("<main") :])


def form_to(answer: TestResponse, part: str, number: int = 0) -> Form:
    """The form whose address contains a part."""
    found = [form for form in forms(answer) if part in form.action]
    assert found, f"no form to {part}: {[form.action for form in forms(answer)]}"
    return found[number]


@dataclass(frozen=True)
class Pages:
    """The site with browsers by agent."""

    made: BookingSite
    database: Database
    as_user: Callable[[int], FlaskClient]

    def browser(self, who: str) -> FlaskClient:
        user_id = self.made.actors[who].user_id
        assert user_id is not None
        return self.as_user(user_id)

    def get(self, who: str, address: str, **headers: str) -> TestResponse:
        return self.browser(who).get(address, headers=headers)

    def post(self, who: str, form: Form, **changes: Any) -> TestResponse:
        """Send a form, with some fields filled in otherwise, and follow to the page that answers."""
        return self.browser(who).post(form.action, data={**form.fields, **changes}, follow_redirects=True)


def change(pages: Pages, act: Callable[[Session], Any]) -> Any:
    with pages.database.transaction() as session:
        return act(session)


def all_duties(pages: Pages) -> list[tuple[str, str, str, str]]:
    with pages.database.reading() as session:
        return duties(session, pages.made)


def address(pages: Pages, rest: str = "") -> str:
    return f"/agent/book/{pages.made.week_id}{rest}"


def form_of_first(pages: Pages, who: str = "a1") -> Any:
    return form_to(pages.get(who, "/agent/book"), "/book")


def first_shift(session: Session) -> OpenShift:
    return session.exec(select(OpenShift).order_by(OpenShift.id)).first()  # type: ignore[arg-type, return-value]
