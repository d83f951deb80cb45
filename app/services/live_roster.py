"""The roster in force of a week: how it begins, what limits it, who has which duty.

Duties are written by :mod:`app.services.roster_guard` and nobody else; what is here besides is what they rest on.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import (
    CurrentDuty,
    Desk,
    HygieneProfile,
    LiveRoom,
    LiveWeek,
    Partition,
    PublishedDuty,
    ReleasedDesk,
    Room,
    RosterVersion,
    Week,
)
from app.problem_builder import build_floor, strictest
from app.problem_rows import WEEK_DAYS
from app.services import documents
from app.services.floor_plan import released_at
from solver.checks.room_cap import cap_of
from solver.layout import DISTANCE_TOLERANCE_M
from solver.problem import Hygiene
from solver.problem import Room as PlannedRoom

SITE_LOCK = 722782
"""First key of the advisory lock under which a site's roster is written; the database's triggers take the same."""


def take_turn(session: Session, site_id: int) -> None:
    """Wait until nobody else writes the site's roster; the turn ends with the transaction.

    Everything that reads the roster in order to write it takes its turn first: so no two writers decide on the same
    free place, and none waits for the other's rows. On SQLite a writing transaction is a turn already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(
            sa.text("SELECT pg_advisory_xact_lock(:lock, :site)"), {"lock": SITE_LOCK, "site": site_id}
        )


def hygiene_of(session: Session, week: Week) -> Hygiene:
    """The rules in force in a week."""
    last_day = week.first_day + timedelta(days=WEEK_DAYS - 1)
    valid_to_on = col(HygieneProfile.valid_to_on)
    profiles = session.exec(
        select(HygieneProfile)
        .where(HygieneProfile.site_id == week.site_id, col(HygieneProfile.valid_from_on) <= last_day)
        .where(sa.or_(valid_to_on.is_(None), valid_to_on >= week.first_day))
    ).all()
    return strictest(profiles)


def latest_version(session: Session, week_id: int) -> RosterVersion | None:
    """What was published last for a week."""
    query = select(RosterVersion).where(RosterVersion.week_id == week_id)
    return session.exec(query.order_by(col(RosterVersion.number).desc()).limit(1)).first()


def begin(session: Session, now: datetime, week: Week) -> list[PublishedDuty]:
    """Start a week's roster in force, with its limits and desks; gives the duties of its latest version, to be written.

    The caller has taken its turn.
    """
    version = latest_version(session, week.id)
    published_at = now if version is None else version.published_at
    version_id = None if version is None else version.id
    session.add(LiveWeek(week_id=week.id, site_id=week.site_id, version_id=version_id, changed_at=published_at))
    session.flush()
    limit(session, week)
    keys = _released(session, week, version)
    desk_ids = session.exec(select(Desk.id).where(Desk.site_id == week.site_id, col(Desk.key).in_(keys)))
    session.add_all(ReleasedDesk(week_id=week.id, desk_id=desk_id) for desk_id in sorted(desk_ids))
    session.flush()
    if version is None:
        return []
    return list(session.exec(select(PublishedDuty).where(PublishedDuty.version_id == version.id)))


def _released(session: Session, week: Week, version: RosterVersion | None) -> Collection[str]:
    """The desks of a published roster; of a week not yet planned the most that keep the distance."""
    if version is None:
        return released_at(build_floor(session, week.site_id, week.first_day)).released
    released: list[str] = documents.load(session, version.roster_document_id)["released_desks"]
    return released


def limit(session: Session, week: Week) -> None:
    """Have the database hold a week to the rules in force now; only while it has no duties."""
    hygiene = hygiene_of(session, week)
    live = session.get_one(LiveWeek, week.id)
    live.min_distance_m = hygiene.min_distance_m or 0.0
    live.cleaning_gap_minutes = hygiene.cleaning_gap_minutes
    live.most_on_site = hygiene.max_persons_on_site
    session.connection().execute(sa.delete(LiveRoom).where(col(LiveRoom.week_id) == week.id))
    for room in session.exec(select(Room).where(Room.site_id == week.site_id)).all():
        planned = PlannedRoom(
            id=room.key, floor=room.floor, area_m2=room.area_m2, max_persons=room.max_persons, desks=[]
        )
        cap = cap_of(planned, hygiene)
        if cap is not None:
            session.add(LiveRoom(week_id=week.id, room_id=room.id, most_persons=cap))
    session.flush()


def duties_of(session: Session, week_id: int, agent_ids: Collection[int] | None = None) -> list[CurrentDuty]:
    """Duties in force of a week in order of time, of all or of some agents."""
    query = select(CurrentDuty).where(CurrentDuty.week_id == week_id)
    if agent_ids is not None:
        query = query.where(col(CurrentDuty.agent_id).in_(agent_ids))
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at), col(CurrentDuty.id))))


def released_desks(session: Session, week_id: int) -> set[int]:
    """Desks that may be used in a week."""
    return set(session.exec(select(ReleasedDesk.desk_id).where(ReleasedDesk.week_id == week_id)))


def release_again(session: Session, now: datetime, site_id: int, desks: Collection[Desk]) -> int:
    """Release reopened desks in weeks that are not over, where they keep the distance to all that are released.

    The caller has taken its turn. Gives how many desks could be released in every such week.
    """
    weeks = session.exec(
        select(LiveWeek)
        .join(Week, col(Week.id) == col(LiveWeek.week_id))
        .where(LiveWeek.site_id == site_id, col(Week.first_day) > now.date() - timedelta(days=WEEK_DAYS + 1))
    ).all()
    partitions = {(pair.first_desk_id, pair.second_desk_id) for pair in session.exec(select(Partition))}
    refused: set[int] = set()
    for live in weeks:
        released = session.exec(
            select(Desk)
            .join(ReleasedDesk, col(ReleasedDesk.desk_id) == col(Desk.id))
            .where(ReleasedDesk.week_id == live.week_id)
        ).all()
        kept = list(released)
        for desk in sorted(desks, key=lambda one: one.id):
            if any(_too_close(desk, other, live.min_distance_m, partitions) for other in kept):
                refused.add(desk.id)
            elif desk.id not in {other.id for other in kept}:
                session.add(ReleasedDesk(week_id=live.week_id, desk_id=desk.id))
                kept.append(desk)
    session.flush()
    return len({desk.id for desk in desks} - refused)


def _too_close(desk: Desk, other: Desk, least_m: float, partitions: Collection[tuple[int, int]]) -> bool:
    """As the rule ``distance``: within one room, and with no screen between the two."""
    pair = (min(desk.id, other.id), max(desk.id, other.id))
    if desk.id == other.id or desk.room_id != other.room_id or pair in partitions:
        return False
    return math.hypot(desk.x_m - other.x_m, desk.y_m - other.y_m) < least_m - DISTANCE_TOLERANCE_M
