"""The text of a mail, plain and as HTML, in the language of its recipient, made at the moment it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from app.config import PROJECT_ROOT, Settings
from app.messages import text
from app.models import Mail, UserAccount
from app.notice_text import Written, written
from app.services import mailing, signed_links
from app.services.signed_links import Link
from app.services.telling import notice_of


class NobodyThereError(Exception):
    """The account was closed, or what there was to tell has been deleted."""


@dataclass(frozen=True)
class Action:
    """A link that does one thing."""

    label: str
    url: str


@dataclass(frozen=True)
class Section:
    """One piece of news in a mail."""

    written: Written
    actions: Sequence[Action]
    url: str


def composed(session: Session, now: datetime, mail: Mail, settings: Settings) -> EmailMessage:
    """A mail ready to be handed over.

    :raises NobodyThereError: where there is nobody or nothing to tell any more
    :raises KeyError: for a kind of message without a text
    """
    account = session.get(UserAccount, mail.recipient_user_id)
    messages = mailing.messages_of(session, mail.id)
    if account is None or not account.active or not messages or settings.mail_server is None:
        raise NobodyThereError(mail.id)
    language, zone = account.language.value, mailing.zone_of(session, account)
    sections = [
        _section(written(notice_of(session, message), language, zone), account, now, settings) for message in messages
    ]
    facts = {
        "name": account.display_name,
        "sections": sections,
        "language": language,
        "settings_url": f"{settings.base_url}/notifications/settings",
        "t": lambda key, **facts: text(key, language, **facts),
    }
    return _message(mail, settings, _subject(sections, language), facts)


def _section(news: Written, account: UserAccount, now: datetime, settings: Settings) -> Section:
    actions = []
    for act in news.notice.acts:
        if act.expires_at > now:
            link = Link(account.id, account.session_epoch, act.purpose, act.object_id, act.expires_at, act.address)
            url = f"{settings.base_url}/links/{signed_links.signed(settings.secret_key, link)}"
            actions.append(Action(text(f"link.act.{act.purpose.value}", account.language.value), url))
    return Section(news, actions, settings.base_url + news.path)


def _subject(sections: Sequence[Section], language: str) -> str:
    if len(sections) == 1:
        return sections[0].written.title
    return text("mail.many", language, count=len(sections))


def _message(mail: Mail, settings: Settings, subject: str, facts: dict[str, Any]) -> EmailMessage:
    sender = "" if settings.mail_server is None else settings.mail_server.sender
    name, address = parseaddr(sender)
    made = EmailMessage()
    made["From"] = Address(name or "Abstand", addr_spec=address)
    made["To"] = Address(facts["name"], addr_spec=mail.address)
    made["Subject"] = subject
    made["Date"] = format_datetime(mail.created_at)
    # The same however often it is sent, so that a second copy can be told from a second mail.
    made["Message-ID"] = f"<abstand.{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{address.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = facts["language"]
    made.set_content(_templates().get_template("mail/message.txt.j2").render(facts))
    page = _templates().get_template("mail/message.html.j2").render(facts, subject=subject)
    made.add_alternative(page, subtype="html")
    return made


@cache
def _templates() -> Environment:
    """The worker has no web application, so mails have an environment of their own."""
    return Environment(
        loader=FileSystemLoader(PROJECT_ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",)),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
