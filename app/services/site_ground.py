"""What the rosters of a site stand on: rooms, desks, queues, rules and terms, kept by each process while they last.

A mark in the database tells whether they are still the same (see :class:`app.models.SiteMark`); it is read with every
request, everything else only after a change. What is kept belongs to no session and is only read.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col, select

from app.models import (
    BookingTerms,
    Desk,
    HygieneProfile,
    Partition,
    Queue,
    Room,
    Site,
    SiteMark,
    Week,
)
from app.problem_builder import rooms_of, slot_minutes_of, strictest
from app.problem_rows import WEEK_DAYS, AgentRows, WeekRows
from app.services.live_roster import released_desks
from app.services.on_site import BoolArray, IntArray, LiveFloor
from app.services.site_days import holidays_among
from solver import problem
from solver.checks.distance import close_pairs
from solver.checks.room_cap import cap_of
from solver.problem import Problem
from solver.timeline import MINUTES_PER_CLOCK_DAY, Timeline

WEEKS_AROUND = 1
EDGE_DAYS = 2
"""Days before and after a week of whose duties a process remembers who is on site."""
MOST_KEPT = 32
UNLIMITED = 1_000_000

Key = tuple[str, int, str | None, date]


@dataclass(frozen=True)
class Ground:
    """A site as one week's rosters stand on it.

    :param rows: without any agents
    :param part: what the checks judge by: the week with one on either side, no demand and no agents
    :param terms: of booking
    :param released: row ids of desks that may be used in the week
    """

    rows: WeekRows
    part: Problem
    terms: BookingTerms
    released: frozenset[int]

    @property
    def timeline(self) -> Timeline:
        """The week with one on either side."""
        return self.part.timeline

    def week_rows(self, week: Week, agents: Sequence[AgentRows]) -> WeekRows:
        """The rows of the week with some agents."""
        return replace(self.rows, week=week, agents=list(agents))

    @cached_property
    def desk_keys(self) -> Mapping[int, str]:
        """Keys of desks by row id."""
        return self.rows.desk_keys

    @cached_property
    def desk_indexes(self) -> Mapping[int, int]:
        """Index of each desk in ``rows.desks`` by row id."""
        return {desk.id: index for index, desk in enumerate(self.rows.desks)}

    @cached_property
    def key_indexes(self) -> Mapping[str, int]:
        """The same by key."""
        return {desk.key: index for index, desk in enumerate(self.rows.desks)}

    @cached_property
    def released_keys(self) -> frozenset[str]:
        """Keys of the released desks."""
        return frozenset(self.desk_keys[desk_id] for desk_id in self.released)

    @cached_property
    def usable(self) -> BoolArray:
        """Which desks are released and not closed."""
        return np.array([desk.id in self.released and not desk.blocked for desk in self.rows.desks], dtype=np.bool_)

    @cached_property
    def room_ids(self) -> Mapping[int, int]:
        """Row id of each desk's room by the desk's."""
        return {desk.id: desk.room_id for desk in self.rows.desks}

    @cached_property
    def seats(self) -> Mapping[str, tuple[problem.Desk, problem.Room]]:
        """Each desk with its room, as the checks know them, by key."""
        return {desk.id: (desk, room) for room in self.part.rooms for desk in room.desks}

    @cached_property
    def room_indexes(self) -> IntArray:
        """Index of each desk's room in ``rows.rooms``."""
        indexes = {room.id: index for index, room in enumerate(self.rows.rooms)}
        return np.array([indexes[desk.room_id] for desk in self.rows.desks], dtype=np.int64)

    @cached_property
    def places_m(self) -> NDArray[np.float64]:
        """Centre of each desk's chair, x and y in metres."""
        return np.array([(desk.x_m, desk.y_m) for desk in self.rows.desks], dtype=np.float64).reshape(-1, 2)

    @cached_property
    def most_in_room(self) -> IntArray:
        """Cap of each room of ``rows.rooms``."""
        caps = (cap_of(room, self.part.hygiene) for room in self.part.rooms)
        return np.array([UNLIMITED if cap is None else cap for cap in caps], dtype=np.int64)

    @cached_property
    def key_order(self) -> IntArray:
        """Place of each desk of ``rows.desks`` when they are sorted by key."""
        return np.argsort(np.argsort(np.array([desk.key for desk in self.rows.desks], dtype=object)))

    @cached_property
    def too_close(self) -> Mapping[int, Sequence[int]]:
        """Indexes of desks that nobody may use while somebody sits at the desk of an index."""
        indexes = self.key_indexes
        close: dict[int, list[int]] = {}
        for room in self.part.rooms:
            screened = {frozenset(pair) for pair in room.partitions}
            for one, other, _ in close_pairs(room.desks, self.part.hygiene.min_distance_m or 0.0):
                if frozenset((one.id, other.id)) not in screened:
                    close.setdefault(indexes[one.id], []).append(indexes[other.id])
                    close.setdefault(indexes[other.id], []).append(indexes[one.id])
        return close

    @cached_property
    def floor(self) -> LiveFloor:
        """Who is on site in the week and at its edges."""
        week_minutes = WEEK_DAYS * MINUTES_PER_CLOCK_DAY
        edge = max(EDGE_DAYS * MINUTES_PER_CLOCK_DAY, self.part.hygiene.cleaning_gap_minutes)
        span = (max(0, week_minutes - edge), min(self.timeline.minutes, 2 * week_minutes + edge))
        return self.floor_between(*span)

    def floor_between(self, start: int, end: int) -> LiveFloor:
        """Who is on site in a span of the timeline's minutes."""
        return LiveFloor(self.rows.site.id, self.timeline, self.desk_indexes, (start, end))


_kept: OrderedDict[Key, Ground] = OrderedDict()
_turn = threading.Lock()


def mark_of(session: Session, site_id: int) -> str | None:
    """A site's mark as the session sees it."""
    session.flush()
    return session.exec(select(SiteMark.mark).where(SiteMark.site_id == site_id)).first()


def ground_of(session: Session, week: Week, mark: str | None = None) -> Ground:
    """The ground of a week as the session sees it.

    :param mark: the site's, where it has been read a moment ago and nothing of the site written since
    """
    mark = mark or mark_of(session, week.site_id)
    key = (str(session.connection().engine.url), week.site_id, mark, week.first_day)
    with _turn:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = _read(session, week)
    with _turn:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _read(session: Session, week: Week) -> Ground:
    site = _copies(session, Site, col(Site.id) == week.site_id)[0]
    desk_ids = sa.select(col(Desk.id)).where(col(Desk.site_id) == site.id)
    rows = WeekRows(
        site=site,
        week=Week(id=week.id, site_id=site.id, first_day=week.first_day, entry_deadline_at=week.entry_deadline_at),
        timeline=_timeline(site, week.first_day),
        rooms=_copies(session, Room, col(Room.site_id) == site.id),
        desks=_copies(session, Desk, col(Desk.site_id) == site.id),
        partitions=_copies(session, Partition, col(Partition.first_desk_id).in_(desk_ids)),
        hygiene=_hygiene(session, week),
        queues=_copies(session, Queue, col(Queue.site_id) == site.id),
        agents=[],
    )
    terms = _copies(session, BookingTerms, col(BookingTerms.site_id) == site.id)
    released = released_desks(session, week.id) & {desk.id for desk in rows.desks}
    return Ground(rows, _part(rows), terms[0] if terms else BookingTerms(site_id=site.id), frozenset(released))


def _copies(session: Session, kind: type[Any], wanted: sa.ColumnElement[bool]) -> list[Any]:
    """Rows that belong to no session, so that no rollback empties them; in order of their keys."""
    table: sa.Table = kind.__table__
    query = sa.select(table).where(wanted).order_by(*table.primary_key.columns)
    return [kind(**row) for row in session.connection().execute(query).mappings()]


def _hygiene(session: Session, week: Week) -> list[HygieneProfile]:
    """Profiles in force on any day of the week."""
    last_day = week.first_day + timedelta(days=WEEK_DAYS - 1)
    valid_to_on = col(HygieneProfile.valid_to_on)
    in_force = sa.and_(
        col(HygieneProfile.site_id) == week.site_id,
        col(HygieneProfile.valid_from_on) <= last_day,
        sa.or_(valid_to_on.is_(None), valid_to_on >= week.first_day),
    )
    return sorted(_copies(session, HygieneProfile, in_force), key=lambda profile: profile.valid_from_on)


def _timeline(site: Site, first_day: date) -> Timeline:
    return Timeline(ZoneInfo(site.time_zone), first_day, WEEK_DAYS, site.slot_minutes)


def _part(rows: WeekRows) -> Problem:
    site = rows.site
    first_day = rows.week.first_day - timedelta(weeks=WEEKS_AROUND)
    days = [first_day + timedelta(days=apart) for apart in range((2 * WEEKS_AROUND + 1) * WEEK_DAYS)]
    part = Problem.model_construct(
        format="roster-problem/1",
        site=problem.Site(id=site.key, name=site.name, time_zone=site.time_zone, holidays=holidays_among(site, days)),
        horizon=problem.Horizon(first_day=first_day, days=len(days), slot_minutes=slot_minutes_of(rows)),
        rooms=rooms_of(rows),
        hygiene=strictest(rows.hygiene),
        queues=[problem.Queue(id=queue.key, home_allowed=queue.home_allowed) for queue in rows.queues],
        demand=[],
        duties=site.duty_rules,
        labour=site.labour,
        agents=[],
    )
    # Copies of the problem share its timeline, and what the timeline has worked out, once it is there.
    _ = part.timeline.day_start_minutes
    return part
