"""Booking a duty in one step, cancelling one or many, for oneself or, as a manager, for somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    BookingTerms,
    CurrentDuty,
    Desk,
    DutySource,
    LiveWeek,
    OpenShift,
    Place,
    Role,
    Site,
    SiteMark,
    StoredServes,
    StoredSpan,
    Week,
    WeekState,
)
from app.problem_rows import WeekRows
from app.services import live_roster, roster_guard, waiting_list
from app.services.audit import Actor
from app.services.desk_choice import free_desks
from app.services.duty_breaks import breaks_for
from app.services.guard_case import NewDuty, Scene, known_of
from app.services.lookup import of_site
from app.services.roster_guard import BreaksRuleError, Change, ShiftTakenError
from app.services.site_ground import ground_of
from solver.rules import Finding, Rule

BOOKABLE = (WeekState.COLLECTING, WeekState.PUBLISHED, WeekState.RUNNING)
BOOKS_FOR_OTHERS = (Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Wish:
    """What somebody would book.

    :param desk_id: None for the best free one
    """

    starts_at: datetime
    ends_at: datetime
    place: Place = Place.SITE
    desk_id: int | None = None
    breaks: Sequence[StoredSpan] | None = None
    serves: Sequence[StoredServes] = ()


@dataclass(frozen=True)
class Cancelled:
    """What became of a range of bookings; ``kept`` were past their deadline."""

    gone: list[CurrentDuty] = field(default_factory=list)
    kept: list[CurrentDuty] = field(default_factory=list)


def terms_of(session: Session, site_id: int) -> BookingTerms:
    """A site's terms; the defaults where it has set none."""
    return session.get(BookingTerms, site_id) or BookingTerms(site_id=site_id)


def agent_for(session: Session, actor: Actor, agent_id: int | None) -> Agent:
    """The agent meant: oneself, or anybody of the site for a manager; NotFoundError for all others."""
    wanted = actor.agent_id if agent_id is None else agent_id
    if wanted is None or (wanted != actor.agent_id and actor.role not in BOOKS_FOR_OTHERS):
        raise NotFoundError
    agent = of_site(session, Agent, wanted, actor.site_id)
    if not agent.active:
        raise NotFoundError
    return agent


def week_of(session: Session, site_id: int, at: datetime) -> Week:
    """The week that an instant lies in; refused where the site has not opened it."""
    site = session.get_one(Site, site_id)
    day = at.astimezone(ZoneInfo(site.time_zone)).date()
    monday = day - timedelta(days=day.weekday())
    week = session.exec(select(Week).where(Week.site_id == site_id, Week.first_day == monday)).first()
    if week is None:
        raise RefusedError("booking.no_week")
    return week


def book_shift(
    session: Session,
    actor: Actor,
    now: datetime,
    open_shift_id: int,
    *,
    desk_id: int | None = None,
    place: Place | None = None,
    agent_id: int | None = None,
    asked: bool = False,
) -> CurrentDuty:
    """Book a place in an open shift.

    :param asked: whether a manager asked for it, so that neither the opening nor the limit of bookings counts
    :param desk_id: None for the best free one
    :param place: None for the site, or home where the agent never comes
    :raises ShiftTakenError: where the last place has gone
    :raises BreaksRuleError: where it would break a rule for this agent or on the floor
    """
    mark = _read_shift(session, open_shift_id)
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    agent = agent_for(session, actor, agent_id)
    week = session.get_one(Week, shift.week_id)
    rows = known_of(session, week, [agent.id], mark)
    live = roster_guard.opened(session, now, week)
    turn = _Turn(week, live, rows, roster_guard.mark_just_read(session))
    session.refresh(shift)
    if shift.closed_at is not None:
        raise RefusedError("booking.shift_closed")
    _require_bookable(session, now, turn, agent, shift.starts_at, asked=asked)
    entries = waiting_list.entries_of(session, shift.id)
    if shift.taken + waiting_list.held_among(entries, now, agent.id) >= shift.places:
        raise ShiftTakenError("booking.shift_taken")
    at = place or (Place.HOME if agent.home_wish == "only" else Place.SITE)
    wish = Wish(shift.starts_at, shift.ends_at, at, desk_id, shift.breaks, shift.serves)
    duty = _booked(session, actor, now, turn, agent, wish, shift.id)
    waiting_list.note_booked(session, now, entries, agent.id)
    return duty


@dataclass(frozen=True)
class _Turn:
    """What a booking found when its turn came.

    :param rows: what is known of the agent, read before
    :param mark: the site's, None where it is to be read anew
    """

    week: Week
    live: LiveWeek
    rows: WeekRows
    mark: str | None


def _read_shift(session: Session, open_shift_id: int) -> str | None:
    """Have a shift, its week and its site's mark in one statement; gives the mark."""
    query = (
        select(OpenShift, Week, SiteMark.mark)
        .join(Week, col(Week.id) == OpenShift.week_id)
        .join(SiteMark, col(SiteMark.site_id) == OpenShift.site_id, isouter=True)
        .where(OpenShift.id == open_shift_id)
    )
    found = session.exec(query).first()
    return None if found is None else found[2]


def book_time(session: Session, actor: Actor, now: datetime, wish: Wish, *, agent_id: int | None = None) -> CurrentDuty:
    """Book a duty of one's own choice of start and length; breaks are added as the rules ask.

    :raises BreaksRuleError: where it would break a rule
    """
    agent = agent_for(session, actor, agent_id)
    if wish.ends_at <= wish.starts_at:
        raise RefusedError("booking.ends_before_start", 422)
    week = week_of(session, agent.site_id, wish.starts_at)
    rows = known_of(session, week, [agent.id])
    live = roster_guard.opened(session, now, week)
    turn = _Turn(week, live, rows, roster_guard.mark_just_read(session))
    _require_bookable(session, now, turn, agent, wish.starts_at)
    return _booked(session, actor, now, turn, agent, wish, None)


def _require_bookable(
    session: Session,
    now: datetime,
    turn: _Turn,
    agent: Agent,
    starts_at: datetime,
    *,
    asked: bool = False,
) -> None:
    week, live = turn.week, turn.live
    if starts_at <= now:
        raise RefusedError("booking.past")
    if week.state not in BOOKABLE:
        raise RefusedError("booking.week_closed")
    if asked:
        return
    if live.booking_opens_at is None or live.booking_opens_at > now:
        raise RefusedError("booking.not_open")
    most = ground_of(session, week, turn.mark).terms.most_bookings_per_week
    if most is not None and len(bookings_of(session, week.id, agent.id)) >= most:
        raise RefusedError("booking.too_many", most=most)


def bookings_of(session: Session, week_id: int, agent_id: int) -> list[CurrentDuty]:
    """What an agent has booked in a week, in order of time."""
    query = select(CurrentDuty).where(
        CurrentDuty.week_id == week_id, CurrentDuty.agent_id == agent_id, CurrentDuty.source == DutySource.BOOKED
    )
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at))))


def _booked(
    session: Session, actor: Actor, now: datetime, turn: _Turn, agent: Agent, wish: Wish, shift_id: int | None
) -> CurrentDuty:
    week = turn.week
    bare = NewDuty(agent.id, wish.starts_at, wish.ends_at, wish.place, wish.desk_id)
    scene = roster_guard.scene_of(session, week, [], [bare], turn.rows, turn.mark)
    duty = planned(session, scene, agent, wish)
    change = Change("booked", DutySource.BOOKED, new=(replace(duty, open_shift_id=shift_id),))
    return roster_guard.apply(session, actor, now, week, change, scene)[0]


def planned(session: Session, scene: Scene, agent: Agent, wish: Wish) -> NewDuty:
    """The duty that a wish means, with breaks and a desk.

    :raises BreaksRuleError: where no desk is free
    """
    breaks = breaks_for(scene.part, wish.starts_at, wish.ends_at) if wish.breaks is None else tuple(wish.breaks)
    desk_id = None if wish.place is Place.HOME else wish.desk_id
    if wish.place is Place.SITE and desk_id is None:
        desk_id = _best_desk(scene, agent, wish, breaks)
    elif desk_id is not None:
        of_site(session, Desk, desk_id, agent.site_id)
    return NewDuty(agent.id, wish.starts_at, wish.ends_at, wish.place, desk_id, breaks, tuple(wish.serves))


def _best_desk(scene: Scene, agent: Agent, wish: Wish, breaks: tuple[StoredSpan, ...]) -> int:
    free = free_desks(scene, agent, wish.starts_at, wish.ends_at)
    if free:
        return free[0].id
    telling = reasons_without_desk(
        scene, agent, NewDuty(agent.id, wish.starts_at, wish.ends_at, wish.place, None, breaks, tuple(wish.serves))
    )
    raise BreaksRuleError(telling[0].rule.value, telling, scene.timeline)


def reasons_without_desk(scene: Scene, agent: Agent, duty: NewDuty) -> Sequence[Finding]:
    """Why a duty on site finds no desk: that its room is full tells more than that there is none."""
    desks = free_desks(scene, agent, duty.starts_at, duty.ends_at, in_full_rooms=True)
    found = scene.added((), (duty.at_desk(desks[0].id if desks else None),))
    return [one for one in found if one.rule is not Rule.DESK] or found


def cancel(session: Session, actor: Actor, now: datetime, duty_id: int) -> None:
    """Give a booking back until its deadline; a manager may until it starts.

    :raises RefusedError: past the deadline, or for a duty that was not booked but planned
    """
    duty = _own_duty(session, actor, duty_id)
    week = session.get_one(Week, duty.week_id)
    roster_guard.opened(session, now, week)
    _require_cancellable(session, actor, now, duty)
    _give_back(session, actor, now, week, [duty])


def cancel_range(
    session: Session, actor: Actor, now: datetime, first_on: date, last_on: date, *, agent_id: int | None = None
) -> Cancelled:
    """Give back all bookings that start on some local dates, both included; those past their deadline are kept."""
    if last_on < first_on:
        raise RefusedError("booking.ends_before_start", 422)
    agent = agent_for(session, actor, agent_id)
    live_roster.take_turn(session, agent.site_id)
    zone = ZoneInfo(session.get_one(Site, agent.site_id).time_zone)
    booked = session.exec(
        select(CurrentDuty).where(CurrentDuty.agent_id == agent.id, CurrentDuty.source == DutySource.BOOKED)
    ).all()
    outcome = Cancelled()
    for duty in booked:
        if first_on <= duty.starts_at.astimezone(zone).date() <= last_on:
            (outcome.gone if _may_cancel(session, actor, now, duty) else outcome.kept).append(duty)
    for week_id in sorted({duty.week_id for duty in outcome.gone}):
        duties = [duty for duty in outcome.gone if duty.week_id == week_id]
        _give_back(session, actor, now, session.get_one(Week, week_id), duties)
    return outcome


def _own_duty(session: Session, actor: Actor, duty_id: int) -> CurrentDuty:
    duty = session.get(CurrentDuty, duty_id, populate_existing=True)
    if duty is None:
        raise NotFoundError
    agent_for(session, actor, duty.agent_id)
    return duty


def _require_cancellable(session: Session, actor: Actor, now: datetime, duty: CurrentDuty) -> None:
    if duty.source is not DutySource.BOOKED:
        raise RefusedError("booking.not_booked")
    if not _may_cancel(session, actor, now, duty):
        raise RefusedError("booking.deadline_over", hours=terms_of(session, duty.site_id).cancel_hours_before)


def _may_cancel(session: Session, actor: Actor, now: datetime, duty: CurrentDuty) -> bool:
    if session.get_one(Week, duty.week_id).state not in BOOKABLE:
        return False
    hours = 0 if actor.role in BOOKS_FOR_OTHERS else terms_of(session, duty.site_id).cancel_hours_before
    return now < duty.starts_at and now <= duty.starts_at - timedelta(hours=hours)


def _give_back(session: Session, actor: Actor, now: datetime, week: Week, duties: Sequence[CurrentDuty]) -> None:
    change = Change("cancelled", DutySource.BOOKED, removed=tuple(duty.id for duty in duties))
    roster_guard.apply(session, actor, now, week, change)
    for shift_id in sorted({duty.open_shift_id for duty in duties if duty.open_shift_id is not None}):
        waiting_list.offer_next(session, now, shift_id)
