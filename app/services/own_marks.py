"""Windows that an agent ticked as care of children: for that agent's eyes, sealed in the database.

The tick says nothing to planning, goes into no file and into no log. It is kept beside the windows, not on them, and
found again by where it lies: windows are cut and joined as the week is painted, so they have no lasting identity.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session

from app.models import Agent, AvailabilityUndo, DatedWindow, ExceptionKind, OwnMark, RepeatedWindow, StatedWindows
from app.services.availability_rows import rows_of, stated_of

Window = RepeatedWindow | DatedWindow
PURPOSE = b"own marks of an agent"


@dataclass(frozen=True)
class Sealer:
    """Opens and closes the notes of one agent (Fernet; key by HKDF with SHA-256, RFC 5869).

    :param secret_key: the installation's; with another one the notes stay closed
    """

    secret_key: str
    agent_id: int

    def close(self, marks: StatedWindows) -> bytes:
        """The notes, sealed."""
        return self._fernet().encrypt(marks.model_dump_json().encode())

    def open(self, sealed: bytes) -> StatedWindows | None:
        """The notes, None where another key closed them."""
        try:
            return StatedWindows.model_validate_json(self._fernet().decrypt(sealed))
        except InvalidToken:
            return None

    def _fernet(self) -> Fernet:
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=str(self.agent_id).encode(), info=PURPOSE)
        return Fernet(base64.urlsafe_b64encode(derived.derive(self.secret_key.encode())))


@dataclass(frozen=True)
class OwnMarks:
    """The ticks of one agent; not readable after the installation's key was changed."""

    ticked: StatedWindows = field(default_factory=StatedWindows)
    is_readable: bool = True

    def has(self, window: Window) -> bool:
        """Whether a tick lies on a window."""
        return any(_touch(mark, window) for mark in _all(self.ticked))


def of_agent(session: Session, sealer: Sealer) -> OwnMarks:
    """All ticks of the sealer's agent."""
    row = session.get(OwnMark, sealer.agent_id)
    if row is None:
        return OwnMarks()
    ticked = sealer.open(row.sealed)
    return OwnMarks(is_readable=False) if ticked is None else OwnMarks(ticked)


def tick(session: Session, sealer: Sealer, windows: Sequence[Window]) -> None:
    """Tick windows as care of children."""
    _change(session, sealer, lambda ticked: [*ticked, *windows])


def untick(session: Session, sealer: Sealer, windows: Sequence[Window]) -> None:
    """Take the tick off windows."""
    _change(
        session,
        sealer,
        lambda ticked: [mark for mark in ticked if not any(_touch(mark, window) for window in windows)],
    )


def tick_days(session: Session, sealer: Sealer, first_on: date, last_on: date) -> None:
    """Tick all that is blocked on the dates of a range, both ends included."""
    stated = stated_of(rows_of(session, sealer.agent_id))
    on_days = [
        window
        for window in stated.dated
        if window.kind is ExceptionKind.BLOCKED and first_on <= window.applies_on <= last_on
    ]
    tick(session, sealer, on_days)


def prune(session: Session, sealer: Sealer) -> None:
    """Forget ticks on windows that are gone and cannot be brought back any more."""
    if session.get(OwnMark, sealer.agent_id) is not None:
        _change(session, sealer, lambda ticked: ticked)


def _change(session: Session, sealer: Sealer, change: Callable[[list[Window]], list[Window]]) -> None:
    # Two tabs take turns, as with the windows themselves.
    session.get(Agent, sealer.agent_id, with_for_update=True)
    session.flush()
    known = [*_all(stated_of(rows_of(session, sealer.agent_id)))]
    undo = session.get(AvailabilityUndo, sealer.agent_id)
    known += _all(undo.before) if undo else []
    ticked = change(_all(of_agent(session, sealer).ticked))
    kept = dict.fromkeys(mark for mark in ticked if any(_touch(mark, window) for window in known))
    marks = StatedWindows(
        repeated=tuple(mark for mark in kept if isinstance(mark, RepeatedWindow)),
        dated=tuple(mark for mark in kept if isinstance(mark, DatedWindow)),
    )
    session.merge(OwnMark(agent_id=sealer.agent_id, sealed=sealer.close(marks)))
    session.flush()


def _all(windows: StatedWindows) -> list[Window]:
    return [*windows.repeated, *windows.dated]


def _touch(mark: Window, window: Window) -> bool:
    """Whether the two are of one kind and share a minute."""
    if isinstance(mark, DatedWindow) or isinstance(window, DatedWindow):
        same = isinstance(mark, DatedWindow) and isinstance(window, DatedWindow) and _same_date(mark, window)
    else:
        same = _same_weeks(mark, window)
    overlaps = mark.start_clock_minutes < window.end_clock_minutes
    return same and overlaps and window.start_clock_minutes < mark.end_clock_minutes


def _same_date(mark: DatedWindow, window: DatedWindow) -> bool:
    return (mark.applies_on, mark.kind) == (window.applies_on, window.kind)


def _same_weeks(mark: RepeatedWindow, window: RepeatedWindow) -> bool:
    if (mark.weekday, mark.weeks, mark.kind) != (window.weekday, window.weeks, window.kind):
        return False
    return mark.valid_from_on <= (window.valid_to_on or date.max) and window.valid_from_on <= (
        mark.valid_to_on or date.max
    )
