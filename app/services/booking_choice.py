"""One duty that an agent might book: whether it fits, which desks are free for it, and the rooms to choose from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.errors import NotFoundError
from app.models import Agent, Desk, HomeWish, OpenShift, Place, Queue, Site, Week, WeekState
from app.services import open_shifts
from app.services.audit import Actor
from app.services.desk_choice import free_desks
from app.services.duty_breaks import breaks_for, presence_minutes, shapes_of
from app.services.guard_case import NewDuty, Scene, read_scene
from app.services.lookup import of_site
from app.services.my_week import RoomPlan
from solver.rules import Finding
from solver.timeline import Timeline, local_instant, parse_clock

WEEK_DAYS = 7


@dataclass(frozen=True)
class FreeDesk:
    """A desk that could be had.

    :param apart_m: from the agent's usual desk in the same room, None in another room or without one
    """

    desk: Desk
    is_usual: bool
    apart_m: float | None


@dataclass(frozen=True)
class Choice:
    """A duty as it would be booked.

    :param findings: why it does not fit, empty where it does; ``timeline`` is of their minutes
    :param free: desks that could be had, the best first; none at home
    :param plans: rooms with a free desk, with all their desks
    :param queue: the line it serves, None where planning decides
    """

    duty: NewDuty
    timeline: Timeline
    findings: Sequence[Finding]
    free: Sequence[FreeDesk] = ()
    plans: Sequence[RoomPlan] = ()
    queue: Queue | None = None

    @property
    def fits(self) -> bool:
        """Whether it could be booked now."""
        return not self.findings

    def desk_of(self, desk_id: int | None) -> FreeDesk | None:
        """The free desk of an id; the proposed one for None."""
        if desk_id is None:
            return next(iter(self.free), None)
        return next((one for one in self.free if one.desk.id == desk_id), None)


@dataclass(frozen=True)
class Times:
    """Starts and lengths that duties of a site may have in one week.

    :param starts: by day of the week, minutes elapsed since the week's first midnight
    :param lengths: presence in minutes with the work in it, both elapsed
    """

    timeline: Timeline
    starts: Sequence[Sequence[int]]
    lengths: Sequence[tuple[int, int]]


def own_agent(session: Session, actor: Actor) -> Agent:
    """The actor; raises NotFoundError for people who are no agents or left."""
    agent = None if actor.agent_id is None else session.get(Agent, actor.agent_id)
    if agent is None or not agent.active or agent.site_id != actor.site_id:
        raise NotFoundError
    return agent


def places(agent: Agent) -> tuple[Place, ...]:
    """The places that the agent's own wish leaves; whether home is cleared is for the rules to say."""
    if agent.home_wish is HomeWish.NONE:
        return (Place.SITE,)
    return (Place.HOME,) if agent.home_wish is HomeWish.ONLY else (Place.SITE, Place.HOME)


def times(session: Session, actor: Actor, week_id: int) -> Times:
    """What may be chosen as start and length in a week, whatever else stands in the way."""
    agent = own_agent(session, actor)
    week = of_site(session, Week, week_id, agent.site_id)
    midnight_at = local_instant(ZoneInfo(session.get_one(Site, week.site_id).time_zone), week.first_day, 0)
    scene = read_scene(session, week, [agent.id], [(midnight_at, midnight_at + timedelta(hours=1))])
    timeline = scene.rows.timeline
    lengths = [
        (presence_minutes(scene.part, shape), shape.work * timeline.slot_minutes) for shape in shapes_of(scene.part)
    ]
    shortest = min((presence for presence, _ in lengths), default=0)
    return Times(timeline, [_starts(scene, day, shortest) for day in range(WEEK_DAYS)], lengths)


def _starts(scene: Scene, day: int, shortest_minutes: int) -> list[int]:
    """On the grid of starts within the hours of the site, also on days with 23 or 25 hours."""
    timeline, duties = scene.rows.timeline, scene.part.duties
    opens = timeline.clock_minute(day, parse_clock(duties.earliest_start))
    closes = timeline.clock_minute(day, parse_clock(duties.latest_end))
    day_start, day_end = timeline.day_start_minutes[day : day + 2]
    step = duties.start_step_minutes
    first = day_start + -(-(opens - day_start) // step) * step
    return list(range(first, min(day_end, closes - shortest_minutes + 1), step))


def of_shift(session: Session, actor: Actor, open_shift_id: int, place: Place | None = None) -> Choice:
    """An open shift as the actor would have it.

    :param place: None for the usual one of the actor
    """
    shift, agent = of_site(session, OpenShift, open_shift_id, actor.site_id), own_agent(session, actor)
    week = session.get_one(Week, shift.week_id)
    scene = read_scene(session, week, [agent.id], [(shift.starts_at, shift.ends_at)])
    at = place or places(agent)[0]
    duty = NewDuty(agent.id, shift.starts_at, shift.ends_at, at, None, tuple(shift.breaks), tuple(shift.serves))
    queue = None if shift.queue_id is None else session.get(Queue, shift.queue_id)
    return _choice(scene, agent, duty, queue)


def of_time(
    session: Session,
    actor: Actor,
    week_id: int,
    span: tuple[datetime, datetime],
    place: Place,
    queue_key: str | None = None,
) -> Choice:
    """A duty of one's own start and length.

    :param queue_key: the line to serve; None for the actor's first in a published week, and for planning before
    """
    agent = own_agent(session, actor)
    week = of_site(session, Week, week_id, agent.site_id)
    scene = read_scene(session, week, [agent.id], [span])
    breaks = breaks_for(scene.part, *span)
    queue = _queue(scene, agent, week, queue_key)
    pauses = [(pause.starts_at, pause.ends_at) for pause in breaks]
    serves = tuple(open_shifts.served(queue.key, *span, pauses)) if queue else ()
    return _choice(scene, agent, NewDuty(agent.id, *span, place, None, breaks, serves), queue)


def _queue(scene: Scene, agent: Agent, week: Week, wanted: str | None) -> Queue | None:
    """Somebody who books after publication works for a line at once; before, planning says for which."""
    own = scene.row(agent.id)
    keys = own.queues if own else []
    if wanted is None and week.state is WeekState.COLLECTING:
        return None
    chosen = wanted if wanted in keys else next(iter(keys), None)
    return next((queue for queue in scene.rows.queues if queue.key == chosen), None)


def _choice(scene: Scene, agent: Agent, duty: NewDuty, queue: Queue | None) -> Choice:
    around = scene.of_days(scene.days_of(duty.starts_at, duty.ends_at))
    _, findings = open_shifts.fit(scene.of_days(()), around, agent, duty)
    if findings or duty.place is Place.HOME:
        return Choice(duty, scene.timeline, findings, queue=queue)
    free = free_desks(around, agent, duty.starts_at, duty.ends_at)
    usual = next((desk for desk in scene.rows.desks if desk.id == agent.usual_desk_id), None)
    rooms = {desk.room_id for desk in free}
    plans = [
        RoomPlan(room, [desk for desk in scene.rows.desks if desk.room_id == room.id])
        for room in scene.rows.rooms
        if room.id in rooms
    ]
    return Choice(duty, scene.timeline, findings, [_free(desk, usual) for desk in free], plans, queue)


def _free(desk: Desk, usual: Desk | None) -> FreeDesk:
    if usual is None or usual.room_id != desk.room_id:
        return FreeDesk(desk, is_usual=False, apart_m=None)
    return FreeDesk(desk, usual.id == desk.id, math.hypot(desk.x_m - usual.x_m, desk.y_m - usual.y_m))
