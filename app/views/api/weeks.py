"""Weeks: their list for everybody; for managers making them, opening them for booking, and their open shifts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import col, select

from app.models import LiveWeek, OpenShift, Queue, Role, RosterVersion, Scope, ShiftOrigin, Site, Week, WeekState
from app.services import manager_weeks, open_shifts, weeks
from app.services.lookup import of_site
from app.services.manager_weeks import NextStep
from app.views.api.duties import queue_id
from app.views.api.operation import AGENT_OR_MANAGER, MANAGER, Answer, Call, operation
from app.views.api.reading_in import instant_of
from app.views.api.schema import Day, IdOrKey, Input, Output, PageSize, PageStart, Time, local

OF_A_SITE = AGENT_OR_MANAGER | {Role.COUNCIL}


class WeekTold(Output):
    """A week. ``booking_opens`` is null where nobody has opened it, ``version`` before publication."""

    id: int
    first_day: date
    state: WeekState
    entry_deadline: str
    booking_opens: str | None
    version: int | None


class WeeksTold(Output):
    """A part of the list, the latest first; ``next_offset`` is where the rest begins, null at the end."""

    weeks: list[WeekTold]
    total: int
    next_offset: int | None


class PartAsked(Input):
    """Which part of a list."""

    limit: PageSize = 100
    offset: PageStart = 0


class ManagedWeekTold(WeekTold):
    """A week with what it waits for. ``draft`` is the newest, ``covered_share`` of the version or else of it."""

    agents: int
    entered: int
    next_step: NextStep
    draft: int | None
    covered_share: float | None
    on_site_peak: int | None
    on_site_limit: int | None
    revision: int


class NewWeek(Input):
    """A week from a Monday; without ``entry_deadline`` the Wednesday before at 18:00."""

    first_day: Day
    entry_deadline: Time | None = None


class Opening(Input):
    """From when agents may book; null is from now on."""

    opens: Time | None = None


class OpeningTold(Output):
    """From when agents may book, and how many shifts were made from the requirement."""

    booking_opens: str
    open_shifts: int


class NewShift(Input):
    """One more open shift."""

    start: Time
    end: Time
    queue: IdOrKey
    places: Annotated[int, Field(ge=1, le=1000)] = 1


class ShiftTold(Output):
    """An open shift as a manager sees it."""

    id: int
    week: int
    start: str
    end: str
    queue: str | None
    origin: ShiftOrigin
    places: int
    taken: int


class ShiftsTold(Output):
    """The open shifts of a week that are on the list."""

    open_shifts: list[ShiftTold]


@operation("GET", "/weeks", None, OF_A_SITE, query=PartAsked, answer=WeeksTold)
def list_weeks(call: Call) -> Answer:
    """The weeks of the site, the latest first."""
    asked: PartAsked = call.query
    total = call.session.exec(select(sa.func.count()).select_from(Week).where(Week.site_id == call.site_id)).one()
    query = select(Week).where(Week.site_id == call.site_id).order_by(col(Week.first_day).desc())
    found = call.session.exec(query.limit(asked.limit).offset(asked.offset)).all()
    reached = asked.offset + len(found)
    more = reached if found and reached < total else None
    return Answer(WeeksTold(weeks=_told(call, found), total=total, next_offset=more))


def _told(call: Call, found: Sequence[Week]) -> list[WeekTold]:
    site = call.session.get_one(Site, call.site_id)
    ids = [week.id for week in found]
    lives = {live.week_id: live for live in call.session.exec(select(LiveWeek).where(col(LiveWeek.week_id).in_(ids)))}
    numbers = dict(
        iter(
            call.session.exec(
                select(col(RosterVersion.week_id), sa.func.max(RosterVersion.number))
                .where(col(RosterVersion.week_id).in_(ids))
                .group_by(col(RosterVersion.week_id))
            )
        )
    )
    return [_one(call, site, week, lives.get(week.id), numbers.get(week.id)) for week in found]


def _one(call: Call, site: Site, week: Week, live: LiveWeek | None, number: int | None) -> WeekTold:
    opens_at = None if live is None else live.booking_opens_at
    return WeekTold(
        id=week.id,
        first_day=week.first_day,
        state=weeks.shown_state(site, week, call.now),
        entry_deadline=local(week.entry_deadline_at, call.zone),
        booking_opens=None if opens_at is None else local(opens_at, call.zone),
        version=number,
    )


@operation("POST", "/weeks", Scope.WEEKS, MANAGER, body=NewWeek, answer=WeekTold, status=201)
def create_week(call: Call) -> Answer:
    """Make a week, which collects availability from then on."""
    asked: NewWeek = call.body
    deadline_at = (
        None if asked.entry_deadline is None else instant_of(asked.entry_deadline, call.zone, "#/entry_deadline")
    )
    week = weeks.create(
        call.session, call.actor, call.now, call.site_id, asked.first_day, entry_deadline_at=deadline_at
    )
    return Answer(_told(call, [week])[0])


@operation("GET", "/weeks/<int:week_id>", Scope.WEEKS, MANAGER, answer=ManagedWeekTold, has_revision=True)
def show_week(call: Call, week_id: int) -> Answer:
    """One week with its figures; its ETag is what publishing asks for."""
    week = of_site(call.session, Week, week_id, call.site_id)
    entry = next(
        one for one in manager_weeks.managed_weeks(call.session, call.site_id, call.now) if one.line.week.id == week.id
    )
    figures = entry.figures
    told = ManagedWeekTold(
        **_told(call, [week])[0].model_dump(),
        agents=entry.line.agents,
        entered=entry.line.entered,
        next_step=entry.next_step,
        draft=None if entry.line.draft is None else entry.line.draft.id,
        covered_share=None if figures is None else figures.covered_share,
        on_site_peak=None if figures is None else figures.on_site_peak,
        on_site_limit=None if figures is None else figures.on_site_limit,
        revision=week.revision,
    )
    return Answer(told, revision=str(week.revision))


@operation("POST", "/weeks/<int:week_id>/opening", Scope.WEEKS, MANAGER, body=Opening, answer=OpeningTold)
def open_week(call: Call, week_id: int) -> Answer:
    """Open a week for booking, with shifts made from what is required; doing it again derives them anew."""
    asked: Opening = call.body
    opens_at = call.now if asked.opens is None else instant_of(asked.opens, call.zone, "#/opens")
    shifts = open_shifts.open_week(call.session, call.actor, call.now, week_id, opens_at=opens_at)
    return Answer(OpeningTold(booking_opens=local(opens_at, call.zone), open_shifts=len(shifts)))


@operation("GET", "/weeks/<int:week_id>/open-shifts", Scope.WEEKS, MANAGER, answer=ShiftsTold)
def list_shifts(call: Call, week_id: int) -> Answer:
    """The open shifts of a week with their places."""
    week = of_site(call.session, Week, week_id, call.site_id)
    shifts = open_shifts.shifts_of(call.session, week.id)
    return Answer(ShiftsTold(open_shifts=_shifts(call, shifts)))


def _shifts(call: Call, shifts: Sequence[OpenShift]) -> list[ShiftTold]:
    keys = dict(iter(call.session.exec(select(Queue.id, Queue.key).where(Queue.site_id == call.site_id))))
    return [
        ShiftTold(
            id=shift.id,
            week=shift.week_id,
            start=local(shift.starts_at, call.zone),
            end=local(shift.ends_at, call.zone),
            queue=None if shift.queue_id is None else keys.get(shift.queue_id),
            origin=shift.origin,
            places=shift.places,
            taken=shift.taken,
        )
        for shift in shifts
    ]


@operation(
    "POST", "/weeks/<int:week_id>/open-shifts", Scope.WEEKS, MANAGER, body=NewShift, answer=ShiftTold, status=201
)
def add_shift(call: Call, week_id: int) -> Answer:
    """Open one more shift."""
    asked: NewShift = call.body
    start, end = (
        instant_of(text, call.zone, f"#/{name}") for name, text in (("start", asked.start), ("end", asked.end))
    )
    queue = queue_id(call, asked.queue, "#/queue")
    shift = open_shifts.add(call.session, call.actor, call.now, week_id, start, end, queue, places=asked.places)
    return Answer(_shifts(call, [shift])[0])


@operation("DELETE", "/open-shifts/<int:open_shift_id>", Scope.WEEKS, MANAGER)
def close_shift(call: Call, open_shift_id: int) -> Answer:
    """Take a shift off the list; who has booked it keeps the duty."""
    open_shifts.close(call.session, call.actor, call.now, open_shift_id)
    return Answer()
