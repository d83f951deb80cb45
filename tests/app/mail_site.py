"""A mail server in this process that does what a test asks of it, and people with addresses."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlmodel import Session

from app.config import MailServer, Settings, SmtpSecurity
from app.models import MailWish
from app.services.audit import Actor
from tests.app import build
from tests.app.conftest import FrozenClock

SECRET = "s" * 40
BASE_URL = "https://abstand.example"
ACCEPTED = "250 OK"
SENDER = "Abstand <abstand@abstand.example>"


@dataclass
class Mailbox:
    """What a server took, and what it answers; ``answers`` are used up in order, then all is accepted.

    :param hang: waited for before the answer to a mail's text
    """

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)
    text_answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    hang_seconds: float = 0.0
    asked: int = 0
    after_taking: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802  # the name that the server calls
        self, _server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked += 1
        answer = self.refused.get(address) or (self.recipient_answers.pop(0) if self.recipient_answers else ACCEPTED)
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_seconds:
            await asyncio.sleep(self.hang_seconds)
        answer = self.text_answers.pop(0) if self.text_answers else ACCEPTED
        if answer == ACCEPTED:
            content: Any = envelope.content
            made: Any = email.message_from_bytes(content, policy=email.policy.default)
            self.taken.append((envelope.rcpt_tos[0], made))
            self.after_taking()
        return answer


class AnyPort(Controller):
    """On a port that the system chooses, so that tests beside each other never meet."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def serving(mailbox: Mailbox, **options: Any) -> Iterator[MailServer]:
    """The server on a free port, without encryption."""
    controller = AnyPort(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield MailServer("127.0.0.1", controller.port, SmtpSecurity.NONE, SENDER, timeout_seconds=1.0)
    finally:
        controller.stop()


@contextmanager
def silent_port() -> Iterator[MailServer]:
    """Something that takes a connection and never says a word."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()
        kept: list[socket.socket] = []

        def accept() -> None:
            listening.settimeout(0.1)
            while not ended.is_set():
                try:
                    kept.append(listening.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield MailServer(
                "127.0.0.1", listening.getsockname()[1], SmtpSecurity.NONE, "a@b.example", timeout_seconds=0.3
            )
        finally:
            ended.set()
            thread.join()
            for connection in kept:
                connection.close()


def settings(database_url: str, server: MailServer | None, clock: FrozenClock | None = None) -> Settings:
    """Of a worker that sends to a server."""
    return Settings(
        database_url=database_url,
        secret_key=SECRET,
        base_url=BASE_URL,
        mail_server=server,
        clock=clock or FrozenClock(build.NOW),
    )


def with_address(session: Session, actor: Actor, **wishes: Any) -> str:
    """Give somebody a confirmed address; gives it."""
    address = f"user{actor.user_id}@mail.example"
    kept = {"address": address, "address_confirmed_at": build.NOW, **wishes}
    build.saved(session, MailWish(user_id=actor.user_id or 0, **kept))
    return address


def plain(mail: EmailMessage) -> str:
    """The text of a mail."""
    body: Any = mail.get_body(("plain",))
    return str(body.get_content())


def html(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body: Any = mail.get_body(("html",))
    return str(body.get_content())
