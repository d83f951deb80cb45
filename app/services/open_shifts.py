"""Open shifts: opened by a manager, and for each agent which fit, with the reasons for those that do not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    Desk,
    HomeWish,
    LiveWeek,
    OpenShift,
    Place,
    Queue,
    ShiftOrigin,
    StoredServes,
    WaitingEntry,
    Week,
    WeekState,
)
from app.problem_builder import build_problem
from app.services import live_roster, roster_guard, shift_booking, waiting_list
from app.services.audit import Actor, record
from app.services.desk_choice import free_desks
from app.services.duty_breaks import breaks_for, breaks_of, presence_minutes, shapes_of
from app.services.floor_case import ALONE
from app.services.guard_case import NewDuty, Scene, read_scene
from app.services.lookup import of_site
from app.services.shift_shapes import Derived, derived_shifts
from solver.problem import Problem
from solver.rules import Finding, Rule
from solver.timeline import Timeline

OPENABLE = (WeekState.COLLECTING, WeekState.PUBLISHED, WeekState.RUNNING)
MOST_TRIES = 60
BY_WORK = (Rule.PLACE, Rule.SKILLS)
"""Rules that ask what is served in a duty; the others of one person ask only when and where it is."""
BY_TIME = tuple(rule for rule in ALONE if rule not in BY_WORK)
RULE_ORDER = {rule: place for place, rule in enumerate(Rule)}


@dataclass(frozen=True)
class ShiftLine:
    """An open shift as one agent sees it.

    :param left: places that this agent could have
    :param findings: why it does not fit, empty where it does; ``timeline`` is of their minutes
    :param place: where it would be, with the desk proposed there
    :param waiting: the agent's place on the waiting list
    """

    shift: OpenShift
    left: int
    place: Place
    timeline: Timeline
    desk: Desk | None = None
    findings: Sequence[Finding] = field(default_factory=list)
    waiting: WaitingEntry | None = None

    @property
    def fits(self) -> bool:
        """Whether the agent could book it now."""
        return not self.findings and self.left > 0


@dataclass(frozen=True)
class Alternative:
    """A duty near an open shift that would fit."""

    starts_at: datetime
    ends_at: datetime
    place: Place
    desk: Desk | None


def open_week(
    session: Session, actor: Actor, now: datetime, week_id: int, *, opens_at: datetime | None = None
) -> list[OpenShift]:
    """Open a week for booking with shifts made from what is required, less what is served and booked already.

    Doing it again closes what nobody has booked and derives the shifts anew.

    :param opens_at: from when agents may book, None for now
    :raises RefusedError: where the week is being planned, or over
    """
    week = of_site(session, Week, week_id, actor.site_id)
    if week.state not in OPENABLE:
        raise RefusedError("booking.week_closed")
    live = roster_guard.opened(session, now, week)
    problem = build_problem(session, week)
    _close_all(session, now, week)
    duties = live_roster.duties_of(session, week.id)
    origin = ShiftOrigin.REQUIREMENT if week.state is WeekState.COLLECTING else ShiftOrigin.GAP
    shifts = [_shift(session, now, week, problem, one, origin) for one in derived_shifts(problem, duties, now)]
    session.add_all(shifts)
    live.booking_opens_at = opens_at or now
    session.flush()
    record(session, actor, now, "week.opened", "week", week.id, site_id=week.site_id, shifts=len(shifts))
    return shifts


def _close_all(session: Session, now: datetime, week: Week) -> None:
    for shift in shifts_of(session, week.id):
        if shift.origin is not ShiftOrigin.ABSENCE:
            shift.closed_at = now
    session.flush()


def _shift(
    session: Session, now: datetime, week: Week, problem: Problem, derived: Derived, origin: ShiftOrigin
) -> OpenShift:
    queue = session.exec(select(Queue).where(Queue.site_id == week.site_id, Queue.key == derived.queue)).one()
    breaks = breaks_of(problem, derived.shape, derived.starts_at)
    ends_at = derived.ends_at(problem)
    return OpenShift(
        site_id=week.site_id,
        week_id=week.id,
        queue_id=queue.id,
        starts_at=derived.starts_at,
        ends_at=ends_at,
        breaks=list(breaks),
        serves=served(queue.key, derived.starts_at, ends_at, [(span.starts_at, span.ends_at) for span in breaks]),
        origin=origin,
        places=derived.places,
        created_at=now,
    )


def served(
    queue: str, starts_at: datetime, ends_at: datetime, breaks: Sequence[tuple[datetime, datetime]]
) -> list[StoredServes]:
    """All the work between breaks for one queue."""
    edges = [starts_at, *(edge for span in sorted(breaks) for edge in span), ends_at]
    return [
        StoredServes(queue=queue, starts_at=start, ends_at=end)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if start < end
    ]


def add(
    session: Session,
    actor: Actor,
    now: datetime,
    week_id: int,
    starts_at: datetime,
    ends_at: datetime,
    queue_id: int,
    *,
    places: int = 1,
) -> OpenShift:
    """Open one more shift by hand.

    :raises RefusedError: where it has no length that a duty may have, or does not begin in the week from now on
    """
    week = of_site(session, Week, week_id, actor.site_id)
    queue = of_site(session, Queue, queue_id, week.site_id)
    roster_guard.opened(session, now, week)
    if not 1 <= places <= 1000:
        raise RefusedError("booking.places", 422)
    scene = read_scene(session, week, [], [(starts_at, ends_at)])
    timeline = scene.rows.timeline
    if starts_at <= now or not 0 <= timeline.minute_of(starts_at) < timeline.minutes:
        raise RefusedError("booking.other_week", 422)
    minutes = (ends_at - starts_at).total_seconds() / 60
    if all(presence_minutes(scene.part, shape) != minutes for shape in shapes_of(scene.part)):
        raise RefusedError("booking.no_such_length", 422)
    breaks = breaks_for(scene.part, starts_at, ends_at)
    row = OpenShift(
        site_id=week.site_id,
        week_id=week.id,
        queue_id=queue.id,
        starts_at=starts_at,
        ends_at=ends_at,
        breaks=list(breaks),
        serves=served(queue.key, starts_at, ends_at, [(span.starts_at, span.ends_at) for span in breaks]),
        origin=ShiftOrigin.GAP,
        places=places,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def close(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> None:
    """Take a shift off the list; who has booked it keeps the duty."""
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    roster_guard.opened(session, now, session.get_one(Week, shift.week_id))
    session.refresh(shift)
    shift.closed_at = shift.closed_at or now
    session.flush()


def shifts_of(session: Session, week_id: int) -> list[OpenShift]:
    """Shifts of a week on the list, in order of time."""
    query = select(OpenShift).where(OpenShift.week_id == week_id, col(OpenShift.closed_at).is_(None))
    return list(session.exec(query.order_by(col(OpenShift.starts_at), col(OpenShift.ends_at), col(OpenShift.id))))


def for_agent(session: Session, actor: Actor, now: datetime, week_id: int) -> list[ShiftLine]:
    """Open shifts of a week that have not begun, those that fit first; none before booking opens.

    :raises NotFoundError: for another site's week or somebody who is no agent
    """
    week, agent = of_site(session, Week, week_id, actor.site_id), _agent(session, actor)
    live = session.get(LiveWeek, week.id)
    if live is None or live.booking_opens_at is None or live.booking_opens_at > now:
        return []
    shifts = [shift for shift in shifts_of(session, week.id) if shift.starts_at > now]
    if not shifts:
        return []
    scene = read_scene(session, week, [agent.id], [(shift.starts_at, shift.ends_at) for shift in shifts])
    entries = _entries(session, [shift.id for shift in shifts])
    fitting = _Fitting(scene, agent)
    lines = [_line(fitting, now, shift, entries.get(shift.id, [])) for shift in shifts]
    return sorted(lines, key=lambda line: (not line.fits, line.shift.starts_at, line.shift.id))


def _agent(session: Session, actor: Actor) -> Agent:
    agent = None if actor.agent_id is None else session.get(Agent, actor.agent_id)
    if agent is None or not agent.active:
        raise NotFoundError
    return agent


def _entries(session: Session, shift_ids: Collection[int]) -> dict[int, list[WaitingEntry]]:
    found: dict[int, list[WaitingEntry]] = {}
    for entry in session.exec(select(WaitingEntry).where(col(WaitingEntry.open_shift_id).in_(shift_ids))):
        found.setdefault(entry.open_shift_id, []).append(entry)
    return found


class _Fitting:
    """What fits one agent: shifts of one time differ only in their work, so each time is judged once."""

    def __init__(self, scene: Scene, agent: Agent) -> None:
        self.scene = scene
        self.agent = agent
        self.alone = scene.of_days(())
        self.place = usual_place(agent)
        self._own: dict[tuple[object, ...], list[Finding]] = {}
        self._seats: dict[tuple[datetime, datetime], tuple[Desk | None, Sequence[Finding]]] = {}

    def fit(self, duty: NewDuty) -> tuple[Desk | None, Sequence[Finding]]:
        """The same as :func:`fit`."""
        own = [*self._of_time(duty), *self.alone.added_alone((), (duty,), rules=BY_WORK)]
        if own or duty.place is Place.HOME:
            return None, sorted(own, key=lambda finding: RULE_ORDER[finding.rule])
        span = duty.starts_at, duty.ends_at
        if span not in self._seats:
            self._seats[span] = _seat(self.scene, self.agent, duty)
        return self._seats[span]

    def _of_time(self, duty: NewDuty) -> list[Finding]:
        time = duty.starts_at, duty.ends_at, duty.place, duty.breaks
        if time not in self._own:
            self._own[time] = _unseated(self.alone.added_alone((), (duty,), rules=BY_TIME))
        return self._own[time]


def _line(fitting: _Fitting, now: datetime, shift: OpenShift, entries: Sequence[WaitingEntry]) -> ShiftLine:
    agent, place = fitting.agent, fitting.place
    held = waiting_list.held_among(entries, now, agent.id)
    duty = NewDuty(agent.id, shift.starts_at, shift.ends_at, place, None, tuple(shift.breaks), tuple(shift.serves))
    desk, findings = fitting.fit(duty)
    return ShiftLine(
        shift=shift,
        left=max(0, shift.places - shift.taken - held),
        place=place,
        timeline=fitting.scene.timeline,
        desk=desk,
        findings=findings,
        waiting=next((entry for entry in entries if entry.agent_id == agent.id), None),
    )


def usual_place(agent: Agent) -> Place:
    """Where an agent works who says nothing else."""
    return Place.HOME if agent.home_wish is HomeWish.ONLY else Place.SITE


def fit(alone: Scene, around: Scene, agent: Agent, duty: NewDuty) -> tuple[Desk | None, Sequence[Finding]]:
    """The desk proposed for a duty, or why there is none: the agent's own reasons first, which no desk would change.

    :param alone: the agent without anybody else, ``around`` with all who are there
    """
    own = _unseated(alone.added_alone((), (duty,)))
    if own or duty.place is Place.HOME:
        return None, own
    return _seat(around, agent, duty)


def _unseated(found: Sequence[Finding]) -> list[Finding]:
    """Findings of a duty that has no desk yet, besides that it has none."""
    return [one for one in found if (one.rule, one.detail) != (Rule.DESK, "none")]


def _seat(around: Scene, agent: Agent, duty: NewDuty) -> tuple[Desk | None, Sequence[Finding]]:
    free = free_desks(around, agent, duty.starts_at, duty.ends_at)
    if not free:
        return None, shift_booking.reasons_without_desk(around, agent, duty)
    return free[0], around.added_on_floor((), (duty.at_desk(free[0].id),))


def nearest(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> Alternative | None:
    """The duty nearest to an open shift on its day that would fit the agent: another start, then another length."""
    shift, agent = of_site(session, OpenShift, open_shift_id, actor.site_id), _agent(session, actor)
    week = session.get_one(Week, shift.week_id)
    scene = read_scene(session, week, [agent.id], [(shift.starts_at, shift.ends_at)])
    fitting = _Fitting(scene, agent)
    queue = shift.serves[0].queue if shift.serves else None
    place = fitting.place
    for starts_at, ends_at in _near(scene, shift)[:MOST_TRIES]:
        breaks = breaks_for(scene.part, starts_at, ends_at)
        pauses = [(span.starts_at, span.ends_at) for span in breaks]
        serves = served(queue, starts_at, ends_at, pauses) if queue else []
        duty = NewDuty(agent.id, starts_at, ends_at, place, None, breaks, tuple(serves))
        desk, findings = fitting.fit(duty)
        if starts_at > now and not findings:
            return Alternative(starts_at, ends_at, place, desk)
    return None


def _near(scene: Scene, shift: OpenShift) -> list[tuple[datetime, datetime]]:
    """Starts and lengths that share time with a shift, the most alike first."""
    timeline, step = scene.timeline, scene.part.duties.start_step_minutes
    start, end = timeline.minute_of(shift.starts_at), timeline.minute_of(shift.ends_at)
    lengths = [presence_minutes(scene.part, shape) for shape in shapes_of(scene.part)]
    tries = [
        (other, other + length)
        for length in lengths
        for other in range(start - length + step, end, step)
        if timeline.day_index_of(other) == timeline.day_index_of(start)
    ]
    tries.sort(key=lambda span: (abs(span[0] - start) + abs(span[1] - end), span))
    return [(timeline.instant_of(first), timeline.instant_of(last)) for first, last in tries]


def lapse_offers(session: Session, now: datetime, site_id: int) -> int:
    """End all offers of a site's waiting lists whose time is over; gives how many."""
    weeks = session.exec(select(Week).where(Week.site_id == site_id, col(Week.state).in_(OPENABLE))).all()
    return sum(waiting_list.lapse(session, now, week) for week in weeks)
