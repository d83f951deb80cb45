"""Handing mails to a mail server: one connection for many, and for each failure whose it is.

A failure of the server (:class:`ServerError`) is no mail's fault; one of a mail (:class:`MailRefusedError`) is for good
or for the time being.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Self

from app.config import MailServer, SmtpSecurity

PERMANENT = 500
REPLIES_ABOUT_SERVER = {421, 454, 530, 534, 535, 538}
"""Closing down, no TLS, no log-in: these would meet every mail alike (RFC 5321, 4.2; RFC 4954, 6)."""


class ServerError(Exception):
    """The server cannot be reached, hangs, or takes no mail from us at all."""


class MailRefusedError(Exception):
    """The server does not take one mail.

    :param for_good: whether trying again is useless
    :param address_is_bad: whether it was the recipient's address
    """

    def __init__(self, said: str, *, for_good: bool, address_is_bad: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good
        self.address_is_bad = address_is_bad


class SmtpConnection:
    """An open connection; use it in a ``with`` block. ServerError where it cannot be opened."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.smtp = self._opened()

    def _opened(self) -> smtplib.SMTP:
        server = self.server
        try:
            if server.security is SmtpSecurity.TLS:
                context = ssl.create_default_context()
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=server.timeout_seconds, context=context
                )
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerError(_said(error)) from error
        try:
            self._introduce(smtp)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise ServerError(_said(error)) from error
        return smtp

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.server.security is SmtpSecurity.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        if self.server.user:
            smtp.login(self.server.user, self.server.password)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        # Everything is written down already; a server that hangs at the farewell changes nothing.
        with suppress(OSError, smtplib.SMTPException):
            self.smtp.quit()
        self.smtp.close()

    def send(self, mail: EmailMessage, address: str) -> None:
        """Hand one mail over. Raises MailRefusedError, or ServerError after which the connection is of no use."""
        try:
            self.smtp.send_message(mail, from_addr=self.server.sender, to_addrs=[address])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[address]
            _refuse(code, said, address_is_bad=code >= PERMANENT)
        except smtplib.SMTPDataError as error:
            _refuse(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerError(_said(error)) from error


def _refuse(code: int, said: bytes | str, *, address_is_bad: bool = False) -> None:
    text = f"{code} {_plain(said)}"
    if code in REPLIES_ABOUT_SERVER:
        raise ServerError(text)
    raise MailRefusedError(text, for_good=code >= PERMANENT, address_is_bad=address_is_bad)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _plain(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
