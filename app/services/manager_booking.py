"""Booking as a manager sees it: what is open, taken and waited for, and who has which place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import RefusedError
from app.models import (
    Agent,
    CurrentDuty,
    Desk,
    LiveWeek,
    OpenShift,
    Queue,
    RosterChange,
    ShiftOrigin,
    StandInRequest,
    StandInState,
    WaitingEntry,
    WaitingState,
    Week,
    WeekState,
)
from app.services import roster_guard
from app.services.audit import Actor, record
from app.services.lookup import of_site
from app.services.open_shifts import OPENABLE, shifts_of

WAITS = (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True)
class ShiftRow:
    """An open shift in the manager's list.

    :param waiting: people on the waiting list, those who hold an offer included
    :param is_absence: whether it is there because somebody cannot come
    :param asked: people asked to stand in who have not answered
    """

    shift: OpenShift
    queue: Queue | None
    waiting: int
    asked: int
    is_absence: bool

    @property
    def left(self) -> int:
        """Places that nobody has."""
        return max(0, self.shift.places - self.shift.taken)


@dataclass(frozen=True)
class WeekBooking:
    """A week's open shifts; ``opens_at`` None where it has not been opened."""

    week: Week
    opens_at: datetime | None
    rows: Sequence[ShiftRow]
    can_be_opened: bool

    @property
    def places(self) -> int:
        """Of all shifts on the list."""
        return sum(row.shift.places for row in self.rows)

    @property
    def taken(self) -> int:
        """Places that somebody has."""
        return sum(row.shift.taken for row in self.rows)

    @property
    def waiting(self) -> int:
        """People who wait for a place."""
        return sum(row.waiting for row in self.rows)

    @property
    def untouched(self) -> int:
        """Shifts that opening anew would take off the list and derive again."""
        return sum(row.shift.origin is not ShiftOrigin.ABSENCE for row in self.rows)


def week_booking(session: Session, week_id: int, site_id: int) -> WeekBooking:
    """What is open in a week; raises NotFoundError."""
    week = of_site(session, Week, week_id, site_id)
    live = session.get(LiveWeek, week.id)
    rows = _rows(session, week, shifts_of(session, week.id))
    return WeekBooking(week, None if live is None else live.booking_opens_at, rows, week.state in OPENABLE)


def _rows(session: Session, week: Week, shifts: Sequence[OpenShift]) -> list[ShiftRow]:
    ids = [shift.id for shift in shifts]
    queues = {queue.id: queue for queue in session.exec(select(Queue).where(Queue.site_id == week.site_id))}
    waiting = _counted(session, WaitingEntry, ids, col(WaitingEntry.state).in_(WAITS))
    asked = _counted(session, StandInRequest, ids, col(StandInRequest.state) == StandInState.ASKED)
    off = called_off(session, [week.id])
    return [
        ShiftRow(
            shift=shift,
            queue=None if shift.queue_id is None else queues[shift.queue_id],
            waiting=waiting.get(shift.id, 0),
            asked=asked.get(shift.id, 0),
            is_absence=is_absence(shift, off),
        )
        for shift in shifts
    ]


def _counted(
    session: Session,
    kind: type[WaitingEntry | StandInRequest],
    ids: Collection[int],
    wanted: sa.ColumnElement[bool],
) -> Mapping[int, int]:
    found = session.exec(
        select(col(kind.open_shift_id), sa.func.count())
        .where(col(kind.open_shift_id).in_(ids), wanted)
        .group_by(col(kind.open_shift_id))
    )
    return dict(iter(found))


def called_off(session: Session, week_ids: Collection[int]) -> set[tuple[int, datetime, datetime]]:
    """Week, start and end of duties whose holders said that they cannot come."""
    changes = session.exec(
        select(RosterChange).where(col(RosterChange.week_id).in_(week_ids), RosterChange.kind == "absent")
    )
    return {
        (change.week_id, datetime.fromisoformat(duty["starts_at"]), datetime.fromisoformat(duty["ends_at"]))
        for change in changes
        for duty in change.before
    }


def is_absence(shift: OpenShift, off: Collection[tuple[int, datetime, datetime]]) -> bool:
    """A shift opened for an absence, or one that a place came back to because its holder cannot come."""
    return shift.origin is ShiftOrigin.ABSENCE or (shift.week_id, shift.starts_at, shift.ends_at) in off


def set_opening(session: Session, actor: Actor, now: datetime, week_id: int, opens_at: datetime | None) -> None:
    """Move the moment from which agents may book; None closes the week for booking, and bookings stay.

    :raises RefusedError: where the week is being planned, or over
    """
    week = of_site(session, Week, week_id, actor.site_id)
    live = roster_guard.opened(session, now, week)
    if week.state not in OPENABLE:
        raise RefusedError("booking.week_closed")
    live.booking_opens_at = opens_at
    session.flush()
    at = "" if opens_at is None else opens_at.isoformat()
    record(session, actor, now, "week.booking_moved", "week", week.id, site_id=week.site_id, on=at)


@dataclass(frozen=True)
class Holder:
    """Somebody who has a place in a shift."""

    agent: Agent
    duty: CurrentDuty
    desk: Desk | None


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list."""

    agent: Agent
    entry: WaitingEntry


@dataclass(frozen=True)
class Asked:
    """Somebody asked to stand in; an offer whose time is over counts as not answered."""

    agent: Agent
    request: StandInRequest
    lapsed: bool


@dataclass(frozen=True)
class ShiftPage:
    """One open shift with all that belongs to it."""

    week: Week
    row: ShiftRow
    holders: Sequence[Holder] = field(default_factory=list)
    waiting: Sequence[Waiting] = field(default_factory=list)
    asked: Sequence[Asked] = field(default_factory=list)


def shift_page(session: Session, now: datetime, open_shift_id: int, site_id: int) -> ShiftPage:
    """Who has, wants and was asked for an open shift; raises NotFoundError."""
    shift = of_site(session, OpenShift, open_shift_id, site_id)
    week = session.get_one(Week, shift.week_id)
    holders = session.exec(
        select(Agent, CurrentDuty, Desk)
        .join(CurrentDuty, col(CurrentDuty.agent_id) == col(Agent.id))
        .join(Desk, col(Desk.id) == col(CurrentDuty.desk_id), isouter=True)
        .where(CurrentDuty.open_shift_id == shift.id)
        .order_by(Agent.display_name)
    )
    waiting = session.exec(
        select(Agent, WaitingEntry)
        .join(WaitingEntry, col(WaitingEntry.agent_id) == col(Agent.id))
        .where(WaitingEntry.open_shift_id == shift.id, col(WaitingEntry.state).in_(WAITS))
        .order_by(col(WaitingEntry.since_at), col(WaitingEntry.id))
    )
    asked = session.exec(
        select(Agent, StandInRequest)
        .join(StandInRequest, col(StandInRequest.agent_id) == col(Agent.id))
        .where(StandInRequest.open_shift_id == shift.id)
        .order_by(Agent.display_name)
    )
    return ShiftPage(
        week,
        _rows(session, week, [shift])[0],
        [Holder(*found) for found in holders],
        [Waiting(*found) for found in waiting],
        [
            Asked(agent, request, request.state is StandInState.ASKED and request.ends_at <= now)
            for agent, request in asked
        ],
    )


def absences_to_fill(session: Session, site_id: int, now: datetime) -> list[ShiftRow]:
    """Duties whose holders cannot come and which nobody has taken yet, in order of time."""
    shifts = session.exec(
        select(OpenShift)
        .join(Week, col(Week.id) == col(OpenShift.week_id))
        .where(OpenShift.site_id == site_id, col(OpenShift.closed_at).is_(None), col(OpenShift.starts_at) > now)
        .where(col(OpenShift.taken) < col(OpenShift.places))
        .where(col(Week.state).in_([WeekState.PUBLISHED, WeekState.RUNNING]))
        .order_by(col(OpenShift.starts_at), col(OpenShift.id))
    ).all()
    off = called_off(session, {shift.week_id for shift in shifts})
    wanted = [shift for shift in shifts if is_absence(shift, off)]
    rows: list[ShiftRow] = []
    for week_id in dict.fromkeys(shift.week_id for shift in wanted):
        week = session.get_one(Week, week_id)
        rows += _rows(session, week, [shift for shift in wanted if shift.week_id == week_id])
    return rows


def places_left(session: Session, site_id: int, now: datetime) -> dict[int, int]:
    """Free places in shifts on the list that have not begun, by week."""
    found = session.exec(
        select(col(OpenShift.week_id), sa.func.sum(OpenShift.places - OpenShift.taken))
        .where(OpenShift.site_id == site_id, col(OpenShift.closed_at).is_(None), col(OpenShift.starts_at) > now)
        .group_by(col(OpenShift.week_id))
    )
    return {week_id: int(left) for week_id, left in found}
