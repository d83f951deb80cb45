"""What a worker does beside plans: mail every few seconds, what lapses every minute, retention every day."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.config import Settings
from app.db import Database
from app.errors import RefusedError
from app.services import chores, lapsing, reminders, retention
from app.worker_mail import Postman

log = logging.getLogger("abstand.worker")

MAIL_SECONDS = 3.0
LOOK_SECONDS = 5.0
"""How often it is asked whether a minute or a day is over."""


@dataclass
class Chores:
    """Threads beside the planning; they end with the process, at any moment, and leave nothing half done."""

    database: Database
    settings: Settings
    worker_id: str
    stopping: threading.Event

    def start(self) -> None:
        """Begin."""
        for target in (self._keep_mailing, self._keep_looking):
            threading.Thread(target=target, daemon=True).start()

    def _keep_mailing(self) -> None:
        postman = Postman(self.database, self.settings, self.worker_id)
        self._safely(postman.start)
        while not self.stopping.wait(MAIL_SECONDS):
            self._safely(postman.round)

    def _keep_looking(self) -> None:
        while not self.stopping.wait(LOOK_SECONDS):
            self._safely(self.look)

    def look(self) -> None:
        """Do what is due and no other worker does."""
        if self._is_mine(chores.EVERY_MINUTE):
            self.end_what_is_over()
            self.remind()
        if self._is_mine(chores.RETENTION):
            with self.database.transaction() as session:
                retention.delete_what_is_over(session, self.settings.clock(), self.settings.secret_key)

    def _is_mine(self, name: str) -> bool:
        with self.database.transaction() as session:
            return chores.is_mine(session, self.settings.clock(), name, self.worker_id)

    def end_what_is_over(self) -> None:
        """Offers, held places and requests to stand in; a week that cannot be ended keeps no other from it."""
        with self.database.reading() as session:
            week_ids = lapsing.weeks_to_end(session, self.settings.clock())
        for week_id in week_ids:
            self._in_transaction(lapsing.end, week_id)

    def remind(self) -> None:
        """Those who have not entered their availability, a day before it is too late."""
        with self.database.reading() as session:
            week_ids = reminders.weeks_to_remind_of(session, self.settings.clock())
        for week_id in week_ids:
            self._in_transaction(reminders.remind, week_id)

    def _in_transaction(self, work: Callable[[Session, datetime, int], int], week_id: int) -> None:
        try:
            with self.database.transaction() as session:
                work(session, self.settings.clock(), week_id)
        except RefusedError as refusal:
            log.warning("a chore was refused: %s", refusal.key)

    @staticmethod
    def _safely(work: Callable[[], object]) -> None:
        """The database may be away for a while; the next round finds everything as it was."""
        try:
            work()
        except DBAPIError as error:
            log.warning("the database does not answer: %s", error.orig)
        except Exception:
            # A thread that dies would be missed by nobody; the log has the whole fault, and the next round tries again.
            log.exception("a chore failed")
