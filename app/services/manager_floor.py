"""What the floor page can show: the rules of today, or a stored roster with the people who sit there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.models import Desk, Draft, Room, RosterVersion, Week
from app.problem_builder import build_floor
from app.services.floor_occupancy import Seating, seated_at
from app.services.floor_plan import FloorPlan, Point, floor_plan, released_at
from app.services.lookup import of_site
from app.services.manager_live import live_view
from app.services.manager_rosters import RosterPicture, StoredRoster, draft_of, version_of
from solver.problem import Problem


@dataclass(frozen=True)
class RosterChoice:
    """A roster that can be laid over the plan; ``number`` is the version that is in force, None for a draft."""

    key: str
    first_day: date
    number: int | None


@dataclass(frozen=True)
class Floor:
    """What is shown.

    :param plan: as it is, or with the distance tried
    :param present: as it is, to compare with; the same plan where nothing is tried
    :param stored: the roster laid over it, None where the rules of today are shown
    :param proven: whether no more desks could be released
    """

    plan: FloorPlan
    present: FloorPlan
    stored: StoredRoster | None
    proven: bool


def roster_choices(session: Session, site_id: int) -> list[RosterChoice]:
    """The roster in force of each week, and the newest draft where it is not published; the latest week first."""
    choices = []
    for week in session.exec(select(Week).where(Week.site_id == site_id).order_by(col(Week.first_day).desc())):
        version = session.exec(
            select(RosterVersion).where(RosterVersion.week_id == week.id).order_by(col(RosterVersion.number).desc())
        ).first()
        draft = session.exec(select(Draft).where(Draft.week_id == week.id).order_by(col(Draft.id).desc())).first()
        if draft is not None and (version is None or version.draft_id != draft.id):
            choices.append(RosterChoice(f"draft-{draft.id}", week.first_day, None))
        if version is not None:
            choices.append(RosterChoice(f"live-{week.id}", week.first_day, version.number))
    return choices


def stored_roster(session: Session, key: str, site_id: int) -> StoredRoster | None:
    """The roster of a choice's key; None for any other key, NotFoundError for another site's."""
    kind, _, number = key.partition("-")
    if not number.isdecimal() or len(number) > 9 or kind not in STORED:
        return None
    return STORED[kind](session, int(number), site_id)


def _in_force(session: Session, week_id: int, site_id: int) -> StoredRoster:
    return live_view(session, week_id, site_id).stored


STORED: Mapping[str, Callable[[Session, int, int], StoredRoster]] = {
    "draft": draft_of,
    "version": version_of,
    "live": _in_force,
}
"""How a roster is found, by the first word of a choice's key."""


@dataclass(frozen=True)
class ToClose:
    """What is to close: one desk, or all open desks of a room where ``desk`` is None."""

    room: Room
    desk: Desk | None
    desk_ids: Sequence[int]


def to_close(session: Session, site_id: int, *, desk_id: int | None = None, room_id: int | None = None) -> ToClose:
    """The desks that closing a desk or a room means; raises NotFoundError."""
    if desk_id is not None:
        desk = of_site(session, Desk, desk_id, site_id)
        return ToClose(session.get_one(Room, desk.room_id), desk, [] if desk.blocked else [desk.id])
    room = of_site(session, Room, room_id or 0, site_id)
    open_desks = select(Desk.id).where(Desk.room_id == room.id, col(Desk.blocked).is_(False))
    return ToClose(room, None, list(session.exec(open_desks.order_by(col(Desk.id)))))


def desk_keys(session: Session, site_id: int) -> dict[int, str]:
    """Keys of a site's desks by row id."""
    return dict(iter(session.exec(select(Desk.id, Desk.key).where(Desk.site_id == site_id))))


def desk_ids(session: Session, site_id: int) -> dict[str, int]:
    """Row ids of a site's desks by key."""
    return {key: row_id for row_id, key in desk_keys(session, site_id).items()}


def room_ids(session: Session, site_id: int) -> dict[str, int]:
    """Row ids of a site's rooms by key."""
    return dict(iter(session.exec(select(Room.key, Room.id).where(Room.site_id == site_id))))


def outlines_of(session: Session, site_id: int) -> Mapping[str, list[Point]]:
    """Corners of the rooms, by key."""
    return {room.key: room.outline for room in session.exec(select(Room).where(Room.site_id == site_id))}


def floor_of(
    session: Session, site_id: int, monday: date, stored: StoredRoster | None, minute: int, distance_m: float | None
) -> Floor:
    """The floor, with a roster at an elapsed minute of its week, or by the rules of the week of ``monday``.

    :param distance_m: a distance to try
    """
    outlines = outlines_of(session, site_id)
    problem = stored.picture.problem if stored else build_floor(session, site_id, monday)
    if stored is None:
        layout = released_at(problem)
        present, proven = floor_plan(problem, layout.released, outlines), layout.proven
    else:
        present, proven = _with_people(problem, stored.picture, outlines, minute), True
    if distance_m is None:
        return Floor(present, present, stored, proven)
    tried = released_at(problem, distance_m)
    plan = floor_plan(problem, tried.released, outlines, distance_m=distance_m)
    return Floor(plan, present, stored, tried.proven)


def _with_people(
    problem: Problem, picture: RosterPicture, outlines: Mapping[str, list[Point]], minute: int
) -> FloorPlan:
    seatings: Mapping[str, Seating] = seated_at(problem, picture.roster, minute)
    return floor_plan(problem, picture.roster.released_desks, outlines, seatings=seatings)
