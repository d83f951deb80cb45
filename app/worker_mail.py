"""The part of a worker that sends mail: makes mails of messages, hands them over, writes down what became of each."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.config import Settings
from app.db import Database
from app.mail_writing import NobodyThereError, composed
from app.models import Mail
from app.services import mailing
from app.smtp import MailRefusedError, ServerError, SmtpConnection

log = logging.getLogger("abstand.mail")

BATCH_SECONDS = 60.0
"""How long one connection is used at most; far less than a claim lasts."""
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0


@dataclass
class Postman:
    """Sends what is due, over one connection after another.

    :param pause_seconds: before the server is asked again, after it could not be reached
    """

    database: Database
    settings: Settings
    worker_id: str
    pause_seconds: float = 0.0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        """What a former life of this worker left is nobody's any more."""
        with self.database.transaction() as session:
            mailing.release_left(session, self.settings.clock(), self.worker_id, restarted=True)

    def round(self) -> int:
        """Send all that is due, or until the server fails; gives how many were handed over."""
        if self.settings.mail_server is None or time.monotonic() < self.not_before:
            return 0
        self._gather()
        sent = 0
        while mails := self._claimed():
            done = self._deliver(mails)
            sent += done
            if self.pause_seconds or not done:
                break
        return sent

    def _gather(self) -> None:
        looked_at = mailing.GATHERED_AT_ONCE
        while looked_at == mailing.GATHERED_AT_ONCE:
            with self.database.transaction() as session:
                mailing.release_left(session, self.settings.clock(), self.worker_id)
                looked_at = mailing.gather(session, self.settings.clock())

    def _claimed(self) -> list[Mail]:
        with self.database.transaction() as session:
            return mailing.claim(session, self.settings.clock(), self.worker_id)

    def _deliver(self, mails: Sequence[Mail]) -> int:
        """Over one connection; what is not sent when it ends goes back."""
        server = self.settings.mail_server
        if server is None:
            return 0
        left = [mail.id for mail in mails]
        try:
            with SmtpConnection(server) as connection:
                give_up_at = time.monotonic() + BATCH_SECONDS
                sent = 0
                for mail in mails:
                    if time.monotonic() > give_up_at:
                        break
                    sent += self._send(connection, mail)
                    left.remove(mail.id)
        except ServerError as error:
            self._stumble(str(error), left)
            return 0
        self.pause_seconds = 0.0
        if left:
            self._put_back(left, "")
        return sent

    def _send(self, connection: SmtpConnection, mail: Mail) -> bool:
        now = self.settings.clock()
        try:
            with self.database.reading() as session:
                made = composed(session, now, mail, self.settings)
        except NobodyThereError:
            self._note(mail.id, MailRefusedError("", for_good=True))
            return True
        except Exception as error:
            # Whatever is wrong with one mail, the others go; the administrator's page shows it.
            log.exception("mail %s cannot be written", mail.id)
            self._note(mail.id, MailRefusedError(f"{type(error).__name__}: {error}", for_good=True))
            return True
        try:
            connection.send(made, mail.address)
        except MailRefusedError as refusal:
            self._note(mail.id, refusal)
            return True
        except ServerError as error:
            # Perhaps it is this mail that the server cannot bear: the others go first next time.
            self._note(mail.id, MailRefusedError(str(error), for_good=False))
            raise
        self._note(mail.id, None)
        return True

    def _note(self, mail_id: int, refusal: MailRefusedError | None) -> None:
        now = self.settings.clock()
        with self.database.transaction() as session:
            mail = mailing.held(session, mail_id, self.worker_id)
            if mail is None:
                log.error("mail %s was taken over while it was sent", mail_id)
            elif refusal is None:
                mailing.note_sent(session, now, mail)
            elif refusal.for_good:
                mailing.note_refused(session, now, mail, str(refusal), address_is_bad=refusal.address_is_bad)
            else:
                mailing.note_put_off(session, now, mail, str(refusal))

    def _stumble(self, error: str, left: Sequence[int]) -> None:
        self.pause_seconds = min(max(FIRST_PAUSE_SECONDS, self.pause_seconds * 2), LONGEST_PAUSE_SECONDS)
        self.not_before = time.monotonic() + self.pause_seconds
        log.warning("the mail server fails, next try in %s: %s", timedelta(seconds=self.pause_seconds), error)
        self._put_back(left, error)

    def _put_back(self, mail_ids: Sequence[int], error: str) -> None:
        with self.database.transaction() as session:
            mailing.put_back(session, self.settings.clock(), mail_ids, self.worker_id, error)
