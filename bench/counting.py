"""Every limit of a site counted anew from its rows: no guard, no checks, no triggers, only what the tables say."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.models import CurrentDuty, Desk, DutySource, LiveRoom, LiveWeek, OpenShift

TOLERANCE_M = 1e-9


def bookings(session: Session, site_id: int) -> int:
    """Booked duties in force."""
    return len(
        session.exec(
            select(CurrentDuty.id).where(CurrentDuty.site_id == site_id, CurrentDuty.source == DutySource.BOOKED)
        ).all()
    )


def breaches(session: Session, site_id: int) -> list[str]:
    """One entry for each limit exceeded."""
    duties = session.exec(select(CurrentDuty).where(CurrentDuty.site_id == site_id)).all()
    live = {week.week_id: week for week in session.exec(select(LiveWeek).where(LiveWeek.site_id == site_id))}
    gap = timedelta(minutes=max((week.cleaning_gap_minutes for week in live.values()), default=0))
    return [
        *_places(session, site_id, duties),
        *_twice(duties, lambda duty: duty.agent_id, timedelta(), "a person twice at once"),
        *_twice([one for one in duties if one.desk_id], lambda duty: duty.desk_id, gap, "a desk twice, or not clean"),
        *_too_close(session, duties, max((week.min_distance_m for week in live.values()), default=0.0)),
        *_too_full(session, duties, live.values()),
    ]


def _places(session: Session, site_id: int, duties: Sequence[CurrentDuty]) -> Iterator[str]:
    for shift in session.exec(select(OpenShift).where(OpenShift.site_id == site_id)):
        taken = sum(duty.open_shift_id == shift.id for duty in duties)
        if shift.taken != taken or taken > shift.places:
            yield "places of a shift"


def _twice(
    duties: Sequence[CurrentDuty], owner: Callable[[CurrentDuty], int | None], gap: timedelta, said: str
) -> Iterator[str]:
    """Two duties of one owner closer than a gap, which counts between different people only."""
    by_owner: dict[int | None, list[CurrentDuty]] = defaultdict(list)
    for duty in duties:
        by_owner[owner(duty)].append(duty)
    for own in by_owner.values():
        for one, other in itertools.combinations(own, 2):
            least = gap if one.agent_id != other.agent_id else timedelta()
            if max(one.starts_at, other.starts_at) - min(one.ends_at, other.ends_at) < least or _at_once(one, other):
                yield said


def _at_once(one: CurrentDuty, other: CurrentDuty) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _too_close(session: Session, duties: Sequence[CurrentDuty], least_m: float) -> Iterator[str]:
    desks = {desk.id: desk for desk in session.exec(select(Desk))}
    rooms: dict[int | None, list[CurrentDuty]] = defaultdict(list)
    for duty in duties:
        rooms[duty.room_id].append(duty)
    for room, inside in rooms.items():
        for one, other in itertools.combinations(inside if room else [], 2):
            if one.desk_id != other.desk_id and _at_once(one, other):
                here, there = desks[one.desk_id or 0], desks[other.desk_id or 0]
                apart_m = ((here.x_m - there.x_m) ** 2 + (here.y_m - there.y_m) ** 2) ** 0.5
                if apart_m < least_m - TOLERANCE_M:
                    yield "two too close"


def _too_full(session: Session, duties: Sequence[CurrentDuty], weeks: Iterable[LiveWeek]) -> Iterator[str]:
    on_site = [duty for duty in duties if duty.desk_id]
    for week in weeks:
        of_week = [duty for duty in on_site if duty.week_id == week.week_id]
        if week.most_on_site is not None and _peak(on_site, of_week) > week.most_on_site:
            yield "the site too full"
        for room in session.exec(select(LiveRoom).where(col(LiveRoom.week_id) == week.week_id)):
            inside = [duty for duty in on_site if duty.room_id == room.room_id]
            if _peak(inside, of_week) > room.most_persons:
                yield "a room too full"


def _peak(duties: Sequence[CurrentDuty], starting: Sequence[CurrentDuty]) -> int:
    """Most of some duties at once, looked at whenever one begins."""
    moments: set[datetime] = {duty.starts_at for duty in starting}
    return max((sum(duty.starts_at <= at < duty.ends_at for duty in duties) for at in moments), default=0)
