"""Stored windows and their values, one table for what repeats and one for what has a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import AvailabilityException, AvailabilityPattern, DatedWindow, RepeatedWindow, StatedWindows

Row = AvailabilityPattern | AvailabilityException


@dataclass(frozen=True)
class Kept:
    """A stored window and its id."""

    id: int
    window: RepeatedWindow | DatedWindow


def rows_of(session: Session, agent_id: int) -> list[Row]:
    """All windows of an agent, in the order they were stored."""
    repeated = session.exec(
        select(AvailabilityPattern)
        .where(AvailabilityPattern.agent_id == agent_id)
        .order_by(col(AvailabilityPattern.id))
    )
    dated = session.exec(
        select(AvailabilityException)
        .where(AvailabilityException.agent_id == agent_id)
        .order_by(col(AvailabilityException.id))
    )
    return [*repeated, *dated]


def kept_of(row: Row) -> Kept:
    """A row as a value."""
    window = DatedWindow if isinstance(row, AvailabilityException) else RepeatedWindow
    return Kept(row.id, window.model_validate(row.model_dump(exclude={"id", "agent_id"})))


def stated_of(rows: Sequence[Row]) -> StatedWindows:
    """All rows of an agent as one value."""
    windows = [kept_of(row).window for row in rows]
    return StatedWindows(
        repeated=tuple(window for window in windows if isinstance(window, RepeatedWindow)),
        dated=tuple(window for window in windows if isinstance(window, DatedWindow)),
    )


def own_windows(
    session: Session, agent_id: int, kind: str, row_ids: Sequence[int]
) -> list[RepeatedWindow | DatedWindow]:
    """An agent's stored windows by their ids, ``repeated`` or ``dated``; another's do not exist (NotFoundError)."""
    return [_own_window(session, agent_id, kind, row_id) for row_id in row_ids]


def _own_window(session: Session, agent_id: int, kind: str, row_id: int) -> RepeatedWindow | DatedWindow:
    row: Row | None = None
    if kind == "repeated":
        row = session.get(AvailabilityPattern, row_id)
    elif kind == "dated":
        row = session.get(AvailabilityException, row_id)
    if row is None or row.agent_id != agent_id:
        raise NotFoundError
    return kept_of(row).window


def store(session: Session, agent_id: int, rows: Sequence[Row], after: StatedWindows) -> None:
    """Make the rows say ``after``; those that still do keep their ids."""
    wanted: Counter[RepeatedWindow | DatedWindow] = Counter([*after.repeated, *after.dated])
    for row in rows:
        window = kept_of(row).window
        if wanted[window]:
            wanted[window] -= 1
        else:
            session.delete(row)
    for window in wanted.elements():
        table = AvailabilityException if isinstance(window, DatedWindow) else AvailabilityPattern
        session.add(table(agent_id=agent_id, **window.model_dump()))
