"""One agent's own roster of a week: duties, places, what changed since the agent last looked. Nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import (
    CurrentDuty,
    Desk,
    DutySource,
    LiveWeek,
    Place,
    PublishedDuty,
    Queue,
    Room,
    RosterSeen,
    RosterVersion,
    Site,
    Week,
)
from app.problem_rows import AnyDuty
from app.services import live_roster
from app.services.audit import Actor
from app.services.lookup import of_site
from app.services.my_week_known import KnownDuty, known, with_breaks
from solver.timeline import Timeline

WEEK_DAYS = 7
CLOCK_DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class RoomPlan:
    """A room with its desks, to draw."""

    room: Room
    desks: Sequence[Desk]


@dataclass(frozen=True)
class Served:
    """A stretch of work for one queue; ``queue`` None where the queue is no more."""

    starts_at: datetime
    ends_at: datetime
    key: str
    queue: Queue | None


@dataclass(frozen=True)
class MyDuty:
    """One duty with everything around it.

    :param row_id: of the roster in force, which names it in what can be done with it; ``source`` how it came to be
    """

    starts_at: datetime
    ends_at: datetime
    place: Place
    breaks: Sequence[tuple[datetime, datetime]]
    serves: Sequence[Served] = ()
    desk: Desk | None = None
    plan: RoomPlan | None = None
    row_id: int | None = None
    source: DutySource | None = None

    @property
    def work_minutes(self) -> int:
        """Elapsed minutes less breaks, also over a clock change."""
        away = sum((end - start for start, end in self.breaks), timedelta())
        return round((self.ends_at - self.starts_at - away).total_seconds() / 60)

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for duties that mean the same to the agent."""
        return self.starts_at, self.ends_at, self.place, self.desk.key if self.desk else None, tuple(self.breaks)


@dataclass(frozen=True)
class MyDay:
    """A local date with the duties that begin on it; ``clock_shift_minutes`` is not 0 where the clock changes."""

    day: date
    duties: Sequence[MyDuty]
    clock_shift_minutes: int
    until_next_day: bool


@dataclass(frozen=True)
class DayChange:
    """The duties of a date as they were when last seen, and as they are."""

    day: date
    before: Sequence[MyDuty]
    after: Sequence[MyDuty]

    @property
    def has_new_times(self) -> bool:
        """Whether a duty begins or ends at another time, is new or gone."""
        return [duty.identity[:2] for duty in self.before] != [duty.identity[:2] for duty in self.after]

    @property
    def has_new_places(self) -> bool:
        """Whether a duty is at another place or desk."""
        return [duty.identity[2:4] for duty in self.before] != [duty.identity[2:4] for duty in self.after]

    @property
    def has_new_breaks(self) -> bool:
        """Whether breaks have moved."""
        return [duty.identity[4] for duty in self.before] != [duty.identity[4] for duty in self.after]


@dataclass(frozen=True)
class MyWeek:
    """What the page of a week shows.

    :param week: None where the week has not been opened
    :param version: the newest published version, None before publication
    :param changes: what others have changed since the agent last looked
    :param previous: the last week before with a roster or an own duty, ``following`` the first after
    """

    site: Site
    first_day: date
    week: Week | None
    version: RosterVersion | None
    days: Sequence[MyDay] = ()
    changes: Sequence[DayChange] = ()
    previous: Week | None = None
    following: Week | None = None

    @property
    def duties(self) -> list[MyDuty]:
        """All duties of the week."""
        return [duty for day in self.days for duty in day.duties]

    @property
    def work_minutes(self) -> int:
        """Sum of the work of all duties."""
        return sum(duty.work_minutes for duty in self.duties)


@dataclass(frozen=True)
class _Places:
    """Desks, rooms and queues by what duties call them."""

    desks: Mapping[int, Desk] = field(default_factory=dict)
    plans: Mapping[int, RoomPlan] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)


def current_week(session: Session, actor: Actor, now: datetime) -> MyWeek:
    """The week of today; where it has no roster the next that has one, else the next that will get one."""
    site = _site(session, actor)
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    monday = today - timedelta(days=today.weekday())
    rosters = _weeks_to_show(session, actor, site)
    shown = next((week for week in rosters if week.first_day >= monday), None)
    if shown is None:
        shown = session.exec(
            select(Week).where(Week.site_id == site.id, col(Week.first_day) >= monday).order_by(col(Week.first_day))
        ).first()
    return _my_week(session, actor, site, shown, shown.first_day if shown else monday, rosters)


def week_of(session: Session, actor: Actor, week_id: int) -> MyWeek:
    """One week of the actor's site; raises NotFoundError for another site's."""
    site = _site(session, actor)
    week = of_site(session, Week, week_id, site.id)
    return _my_week(session, actor, site, week, week.first_day, _weeks_to_show(session, actor, site))


def _site(session: Session, actor: Actor) -> Site:
    site = session.get(Site, actor.site_id) if actor.site_id is not None else None
    if site is None or actor.agent_id is None:
        raise NotFoundError
    return site


def _weeks_to_show(session: Session, actor: Actor, site: Site) -> list[Week]:
    """Weeks with a roster, and those in which the actor has booked already."""
    published = select(RosterVersion.week_id)
    booked = select(CurrentDuty.week_id).where(CurrentDuty.agent_id == actor.agent_id)
    shown = sa.or_(col(Week.id).in_(published), col(Week.id).in_(booked))
    query = select(Week).where(Week.site_id == site.id, shown)
    return list(session.exec(query.order_by(col(Week.first_day))))


def _my_week(
    session: Session, actor: Actor, site: Site, week: Week | None, first_day: date, rosters: Sequence[Week]
) -> MyWeek:
    previous = next((other for other in reversed(rosters) if other.first_day < first_day), None)
    following = next((other for other in rosters if other.first_day > first_day), None)
    version = _newest(session, week.id) if week else None
    if week is None or actor.agent_id is None:
        return MyWeek(site, first_day, week, None, previous=previous, following=following)
    in_force = _in_force(session, actor.agent_id, week, version)
    if version is None and not in_force:
        return MyWeek(site, first_day, week, None, previous=previous, following=following)
    then = _known(session, actor, site, week, in_force) if version else None
    places = _places(session, site, [*in_force, *(then or [])])
    now_planned = [_my_duty(duty, places) for duty in in_force]
    then_planned = None if then is None else [_my_duty(duty, places) for duty in then]
    return MyWeek(
        site,
        first_day,
        week,
        version,
        days=_days(site, first_day, now_planned),
        changes=[] if then_planned is None else _changes(site, first_day, then_planned, now_planned),
        previous=previous,
        following=following,
    )


def _newest(session: Session, week_id: int) -> RosterVersion | None:
    query = select(RosterVersion).where(RosterVersion.week_id == week_id)
    return session.exec(query.order_by(col(RosterVersion.number).desc()).limit(1)).first()


def _in_force(session: Session, agent_id: int, week: Week, version: RosterVersion | None) -> Sequence[AnyDuty]:
    """What holds now: bookings, swaps and absences since the publication are in it."""
    if session.get(LiveWeek, week.id) is not None:
        return live_roster.duties_of(session, week.id, [agent_id])
    if version is None:
        return []
    query = select(PublishedDuty).where(PublishedDuty.agent_id == agent_id, PublishedDuty.version_id == version.id)
    return list(session.exec(query.order_by(col(PublishedDuty.starts_at))))


def _known(
    session: Session, actor: Actor, site: Site, week: Week, in_force: Sequence[AnyDuty]
) -> list[KnownDuty] | None:
    """What the actor knows of the week; None where the actor has never looked at it."""
    seen = session.get(RosterSeen, (actor.agent_id, week.id))
    if seen is None:
        return None
    return with_breaks(known(session, actor, site, week, seen), in_force)


def _places(session: Session, site: Site, duties: Iterable[AnyDuty | KnownDuty]) -> _Places:
    desk_ids = {duty.desk_id for duty in duties if duty.desk_id is not None}
    mine = select(Desk.room_id).where(col(Desk.id).in_(desk_ids))
    desks = session.exec(select(Desk).where(col(Desk.room_id).in_(mine)).order_by(col(Desk.id))).all()
    rooms = session.exec(select(Room).where(col(Room.id).in_({desk.room_id for desk in desks})))
    queues = session.exec(select(Queue).where(Queue.site_id == site.id))
    return _Places(
        desks={desk.id: desk for desk in desks},
        plans={room.id: RoomPlan(room, [desk for desk in desks if desk.room_id == room.id]) for room in rooms},
        queues={queue.key: queue for queue in queues},
    )


def _my_duty(duty: AnyDuty | KnownDuty, places: _Places) -> MyDuty:
    desk = places.desks.get(duty.desk_id) if duty.desk_id is not None else None
    return MyDuty(
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        place=duty.place,
        breaks=[(span.starts_at, span.ends_at) for span in duty.breaks],
        serves=[
            Served(work.starts_at, work.ends_at, work.queue, places.queues.get(work.queue)) for work in duty.serves
        ],
        desk=desk,
        plan=places.plans.get(desk.room_id) if desk else None,
        row_id=duty.id if isinstance(duty, CurrentDuty) else None,
        source=duty.source if isinstance(duty, CurrentDuty) else None,
    )


def _days(site: Site, first_day: date, duties: Sequence[MyDuty]) -> list[MyDay]:
    timeline = Timeline(ZoneInfo(site.time_zone), first_day, WEEK_DAYS, site.slot_minutes)
    return [_day(timeline, day_index, duties) for day_index in range(WEEK_DAYS)]


def _day(timeline: Timeline, day_index: int, duties: Sequence[MyDuty]) -> MyDay:
    start, end = timeline.day_start_minutes[day_index : day_index + 2]
    midnight_at = timeline.instant_of(end)
    own = [duty for duty in duties if start <= timeline.minute_of(duty.starts_at) < end]
    return MyDay(
        day=timeline.day(day_index),
        duties=own,
        clock_shift_minutes=end - start - CLOCK_DAY_MINUTES,
        until_next_day=any(duty.ends_at > midnight_at for duty in own),
    )


def _changes(site: Site, first_day: date, before: Sequence[MyDuty], after: Sequence[MyDuty]) -> list[DayChange]:
    pairs = zip(_days(site, first_day, before), _days(site, first_day, after), strict=True)
    return [DayChange(old.day, old.duties, new.duties) for old, new in pairs if _differ(old.duties, new.duties)]


def _differ(before: Sequence[MyDuty], after: Sequence[MyDuty]) -> bool:
    return [duty.identity for duty in before] != [duty.identity for duty in after]


def needs_marking(session: Session, actor: Actor, shown: MyWeek) -> bool:
    """Whether looking at the week has to be noted: it is new, or newer with nothing changed for the actor."""
    if shown.version is None or shown.week is None or shown.changes:
        return False
    seen = session.get(RosterSeen, (actor.agent_id, shown.week.id))
    return seen is None or seen.version_id != shown.version.id


def mark_seen(
    session: Session, actor: Actor, now: datetime, week_id: int, version_id: int, looked_at: datetime | None = None
) -> None:
    """Note which version the actor has seen, and when; an older look than noted already changes nothing.

    :param looked_at: when the page was made that the actor saw, None for now: what changed later is not seen
    :raises NotFoundError: for another site's week or a version that is not of the week
    """
    site = _site(session, actor)
    week = of_site(session, Week, week_id, site.id)
    version = session.get(RosterVersion, version_id)
    if version is None or version.week_id != week.id or actor.agent_id is None:
        raise NotFoundError
    at = now if looked_at is None else min(now, looked_at)
    seen = session.get(RosterSeen, (actor.agent_id, week.id), with_for_update=True)
    if seen is None:
        _note_first(session, RosterSeen(agent_id=actor.agent_id, week_id=week.id, version_id=version.id, seen_at=at))
        return
    noted = session.get_one(RosterVersion, seen.version_id)
    if (noted.number, seen.seen_at) < (version.number, at) and noted.number <= version.number:
        seen.version_id, seen.seen_at = version.id, at
        session.flush()


def _note_first(session: Session, seen: RosterSeen) -> None:
    try:
        with session.begin_nested():
            session.add(seen)
            session.flush()
    except IntegrityError:
        # The same person's second tab was quicker; what it noted will do.
        return


@dataclass(frozen=True)
class MyRoom:
    """A room and the desks in it that are the actor's in one week, with the days of each."""

    plan: RoomPlan
    week: Week
    days_by_desk: Mapping[str, Sequence[date]]


def room_of_week(session: Session, actor: Actor, week_id: int, room_id: int) -> MyRoom:
    """A room in which the actor sits in a published week; any other does not exist (NotFoundError)."""
    shown = week_of(session, actor, week_id)
    mine = [(day.day, duty) for day in shown.days for duty in day.duties if duty.plan and duty.plan.room.id == room_id]
    if shown.week is None or not mine:
        raise NotFoundError
    days_by_desk: dict[str, list[date]] = {}
    for day, duty in mine:
        if duty.desk:
            days_by_desk.setdefault(duty.desk.key, []).append(day)
    plan = next(duty.plan for _, duty in mine if duty.plan)
    return MyRoom(plan, shown.week, days_by_desk)


def bounds_m(plan: RoomPlan) -> tuple[tuple[float, float], tuple[float, float]]:
    """Lower left and upper right corner of a room's walls and desks, in metres."""
    points = [*plan.room.outline, *((desk.x_m, desk.y_m) for desk in plan.desks)]
    across, along = [point[0] for point in points], [point[1] for point in points]
    return (min(across), min(along)), (max(across), max(along))
