"""What an agent can and wants to work: read, changed and taken back by that agent alone, never with a reason.

Every change goes through :func:`_change`: the agent's row is locked, the fingerprint of the windows that the page was
made from must still be the one stored, and no change may alter what holds in a week whose entry is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from app.availability_windows import KINDS, Kind
from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    AvailabilityEntry,
    AvailabilityUndo,
    CurrentDuty,
    DatedWindow,
    RepeatedWindow,
    Site,
    StatedWindows,
)
from app.services import availability_patterns as painting
from app.services import own_duties
from app.services.audit import Actor, record
from app.services.availability_entry import (
    WEEKS_AHEAD,
    Entry,
    EntryClosedError,
    closed_weeks,
    entry_of,
    last_reachable_on,
    monday_of,
    require_reachable,
    today_of,
)
from app.services.availability_patterns import CELL_MINUTES, WEEK_DAYS, Marks, Scope
from app.services.availability_rows import Kept, kept_of, own_windows, rows_of, stated_of, store
from solver.timeline import MINUTES_PER_CLOCK_DAY, Span

MOST_PAINTED = WEEK_DAYS * MINUTES_PER_CLOCK_DAY // CELL_MINUTES
MOST_REPEATED = 400
MOST_DATED = 1000
MOST_DAYS_AT_ONCE = 62
MOST_WEEKS_FORWARD = 12
UNDO_MINUTES = 30


class ChangedElsewhereError(RefusedError):
    """The windows were changed, in another tab perhaps, since the page was made."""

    def __init__(self) -> None:
        super().__init__("availability.changed_elsewhere")


class PaintedWindow(BaseModel):
    """A painted stretch of one day of the week, in minutes after 00:00."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    day: Annotated[int, Field(ge=0, lt=WEEK_DAYS)]
    start: Annotated[int, Field(ge=0, lt=MINUTES_PER_CLOCK_DAY)]
    end: Annotated[int, Field(ge=0, le=MINUTES_PER_CLOCK_DAY)]
    kind: Kind


@dataclass(frozen=True)
class AvailabilityWeek:
    """All that the page of one week shows; ``kept`` holds what is in force from the week on.

    :param duties: the agent's duties to come, of all weeks
    """

    site: Site
    entry: Entry
    stated: StatedWindows
    fingerprint: str
    can_undo: bool
    kept: Sequence[Kept]
    duties: Sequence[CurrentDuty] = ()

    def marks(self, scope: Scope) -> Marks:
        """What the week shows in a scope."""
        return painting.shown_marks(self.stated, scope, self.entry.first_day)

    def blocked_duties(self, stated: StatedWindows | None = None) -> list[CurrentDuty]:
        """Duties in blocked time, as stored or as it would be."""
        return own_duties.in_blocked_time(self.site, self.duties, stated or self.stated)


def first_open_monday(session: Session, actor: Actor, now: datetime) -> date:
    """The coming week, or the first after it whose entry is not closed."""
    site = _site(session, actor)
    monday = monday_of(today_of(site, now)) + timedelta(weeks=1)
    closed = {week.first_day for week in closed_weeks(session, site, now)}
    while monday in closed:
        monday += timedelta(weeks=1)
    return monday


def availability_week(session: Session, actor: Actor, now: datetime, first_day: date) -> AvailabilityWeek:
    """The actor's own week; raises NotFoundError where there is no such week to enter."""
    site = _site(session, actor)
    require_reachable(site, now, first_day)
    agent_id = _agent_id(actor)
    rows = rows_of(session, agent_id)
    stated = stated_of(rows)
    mark = painting.fingerprint(stated)
    undo = session.get(AvailabilityUndo, agent_id)
    return AvailabilityWeek(
        site=site,
        entry=entry_of(session, site, agent_id, now, first_day),
        stated=stated,
        fingerprint=mark,
        can_undo=undo is not None and _can_undo(undo, mark, now),
        kept=[kept for row in rows if _concerns((kept := kept_of(row)).window, first_day)],
        duties=own_duties.to_come(session, agent_id, now),
    )


def _concerns(window: RepeatedWindow | DatedWindow, first_day: date) -> bool:
    if isinstance(window, DatedWindow):
        return first_day <= window.applies_on < first_day + timedelta(days=WEEK_DAYS)
    return window.valid_to_on is None or window.valid_to_on >= first_day


def save_painted(
    session: Session,
    actor: Actor,
    now: datetime,
    seen: str,
    first_day: date,
    scope: Scope,
    painted: Sequence[PaintedWindow],
    valid_to_on: date | None = None,
) -> StatedWindows:
    """Make the week look as painted.

    :param seen: fingerprint of the windows that the page was made from
    :raises ChangedElsewhereError: where they are no longer those
    :raises RefusedError: for a closed week, a misshapen window or too many of them
    """
    target = marks_of(painted)

    def change(stated: StatedWindows) -> StatedWindows:
        return painting.changed(stated, scope, first_day, target, _valid_until(scope, first_day, valid_to_on))

    return _change(session, actor, now, seen, first_day, change)


def marks_of(painted: Sequence[PaintedWindow]) -> Marks:
    """Painted windows as spans of the week; raises RefusedError (422) for too many or off the half hours."""
    if len(painted) > MOST_PAINTED:
        raise RefusedError("availability.too_many_painted", 422, count=len(painted), most=MOST_PAINTED)
    marks: dict[Kind, list[Span]] = {kind: [] for kind in KINDS}
    for window in painted:
        span = clock_span(window.start, window.end)
        marks[window.kind].append(_in_week(window.day, span))
    return painting.exclusive(marks)


def clock_span(start: int, end: int) -> Span:
    """A stretch of one day; RefusedError (422) where it ends before it starts, after 24:00 or off the half hours."""
    if end > MINUTES_PER_CLOCK_DAY:
        raise RefusedError("availability.bad_time", 422)
    if start % CELL_MINUTES or end % CELL_MINUTES:
        raise RefusedError("availability.not_half_hour", 422)
    if start >= end:
        raise RefusedError("availability.end_before_start", 422)
    return start, end


def _in_week(day_index: int, span: Span) -> Span:
    return day_index * MINUTES_PER_CLOCK_DAY + span[0], day_index * MINUTES_PER_CLOCK_DAY + span[1]


def _valid_until(scope: Scope, first_day: date, valid_to_on: date | None) -> date | None:
    if scope is Scope.WEEK or valid_to_on is None:
        return None
    if valid_to_on < first_day:
        raise RefusedError("availability.until_before_start", 422)
    return valid_to_on


def add_window(
    session: Session,
    actor: Actor,
    now: datetime,
    seen: str,
    first_day: date,
    scope: Scope,
    days: Sequence[int],
    span: Span,
    kind: Kind | None,
    valid_to_on: date | None = None,
) -> StatedWindows:
    """Paint one stretch on some days; ``kind`` None erases. Refusals as :func:`save_painted`."""

    def change(stated: StatedWindows) -> StatedWindows:
        return with_window(stated, first_day, scope, days, span, kind, valid_to_on)

    return _change(session, actor, now, seen, first_day, change)


def with_window(
    stated: StatedWindows,
    first_day: date,
    scope: Scope,
    days: Sequence[int],
    span: Span,
    kind: Kind | None,
    valid_to_on: date | None = None,
) -> StatedWindows:
    """The windows with one stretch more; raises RefusedError (422) without days or with a misshapen stretch."""
    if not days:
        raise RefusedError("availability.no_day", 422)
    spans = [_in_week(day_index, clock_span(*span)) for day_index in days]
    target = painting.painted_over(painting.shown_marks(stated, scope, first_day), spans, kind)
    return painting.changed(stated, scope, first_day, target, _valid_until(scope, first_day, valid_to_on))


def remove_windows(
    session: Session, actor: Actor, now: datetime, seen: str, first_day: date, kind: str, row_ids: Sequence[int]
) -> StatedWindows:
    """Let stored windows hold no more from a week on; another agent's do not exist (NotFoundError)."""
    windows = own_windows(session, _agent_id(actor), kind, row_ids)

    def change(stated: StatedWindows) -> StatedWindows:
        for window in windows:
            if isinstance(window, DatedWindow):
                stated = painting.without_dated(stated, window)
            else:
                stated = painting.without_repeated(stated, window, first_day)
        return stated

    return _change(session, actor, now, seen, first_day, change)


def copy_week(
    session: Session, actor: Actor, now: datetime, seen: str, source: date, targets: Sequence[date]
) -> StatedWindows:
    """Make other weeks look like one; what repeats anyway stays as it is.

    :raises RefusedError: where one of the target weeks is closed, or there are too many or none
    """
    if not 1 <= len(targets) <= MOST_WEEKS_FORWARD:
        raise RefusedError("availability.copy_weeks", 422, most=MOST_WEEKS_FORWARD)

    def change(stated: StatedWindows) -> StatedWindows:
        wanted = painting.shown_marks(stated, Scope.WEEK, source)
        for monday in targets:
            stated = painting.changed(stated, Scope.WEEK, monday, wanted)
        return stated

    return _change(session, actor, now, seen, targets[0], change)


def block_days(
    session: Session, actor: Actor, now: datetime, seen: str, first_on: date, last_on: date, span: Span
) -> StatedWindows:
    """Block a stretch of every day of a range, both ends included: a daycare that is closed, for example."""
    count = (last_on - first_on).days + 1
    if count < 1:
        raise RefusedError("availability.range_backwards", 422)
    if count > MOST_DAYS_AT_ONCE:
        raise RefusedError("availability.range_too_long", 422, days=count, most=MOST_DAYS_AT_ONCE)
    site = _site(session, actor)
    if first_on < today_of(site, now):
        raise RefusedError("availability.past", 422)
    if last_on > last_reachable_on(site, now):
        raise RefusedError("availability.too_far", 422, weeks=WEEKS_AHEAD)
    days = [first_on + timedelta(days=number) for number in range(count)]
    stretch = clock_span(*span)

    def change(stated: StatedWindows) -> StatedWindows:
        return painting.with_days_blocked(stated, days, stretch)

    return _change(session, actor, now, seen, monday_of(first_on), change)


def undo(session: Session, actor: Actor, now: datetime) -> StatedWindows:
    """Take back the last change; raises RefusedError where there is none, or windows were changed since."""
    last = session.get(AvailabilityUndo, _agent_id(actor))
    if last is None or not _can_undo(last, last.fingerprint, now):
        raise RefusedError("availability.nothing_to_undo")
    before = last.before
    monday = monday_of(today_of(_site(session, actor), now))
    restored = _change(session, actor, now, last.fingerprint, monday, lambda _stated: before)
    session.delete(last)
    return restored


def _can_undo(last: AvailabilityUndo, mark: str, now: datetime) -> bool:
    return last.fingerprint == mark and now - last.saved_at <= timedelta(minutes=UNDO_MINUTES)


def confirm(session: Session, actor: Actor, now: datetime, first_day: date) -> None:
    """State that the availability of a week is complete; raises RefusedError where entry is closed."""
    site, agent_id = _site(session, actor), _locked_agent(session, actor).id
    entry = entry_of(session, site, agent_id, now, first_day)
    if entry.week is None:
        raise RefusedError("availability.week_not_open")
    if entry.is_closed:
        raise EntryClosedError(entry.week)
    if entry.confirmed_at is None:
        session.add(AvailabilityEntry(week_id=entry.week.id, agent_id=agent_id, confirmed_at=now))
        record(session, actor, now, "availability.confirmed", "week", entry.week.id)
        session.flush()


def _change(
    session: Session,
    actor: Actor,
    now: datetime,
    seen: str,
    first_day: date,
    change: Callable[[StatedWindows], StatedWindows],
) -> StatedWindows:
    """The only way in: one writer at a time per agent, on the windows that were seen, within the deadlines."""
    site, agent = _site(session, actor), _locked_agent(session, actor)
    _require_to_come(site, now, first_day)
    rows = rows_of(session, agent.id)
    before = stated_of(rows)
    if painting.fingerprint(before) != seen:
        raise ChangedElsewhereError
    after = change(before)
    if painting.fingerprint(after) == seen:
        return after
    _require_few(after)
    _require_reachable_dates(site, now, before, after)
    _require_closed_untouched(session, site, now, before, after)
    store(session, agent.id, rows, after)
    session.merge(
        AvailabilityUndo(agent_id=agent.id, fingerprint=painting.fingerprint(after), before=before, saved_at=now)
    )
    # That it was changed, never what: windows may tell of a family.
    record(session, actor, now, "availability.changed", "agent", agent.id)
    session.flush()
    return after


def _require_few(stated: StatedWindows) -> None:
    for windows, most in ((stated.repeated, MOST_REPEATED), (stated.dated, MOST_DATED)):
        if len(windows) > most:
            raise RefusedError("availability.too_many", 422, count=len(windows), most=most)


def _require_to_come(site: Site, now: datetime, first_day: date) -> None:
    require_reachable(site, now, first_day)
    if first_day + timedelta(days=WEEK_DAYS) <= today_of(site, now):
        raise RefusedError("availability.past", 422)


def _require_reachable_dates(site: Site, now: datetime, before: StatedWindows, after: StatedWindows) -> None:
    last_on = last_reachable_on(site, now)
    if any(once.applies_on > last_on for once in set(after.dated) - set(before.dated)):
        raise RefusedError("availability.too_far", 422, weeks=WEEKS_AHEAD)


def _require_closed_untouched(
    session: Session, site: Site, now: datetime, before: StatedWindows, after: StatedWindows
) -> None:
    for week in closed_weeks(session, site, now):
        old, new = (painting.shown_marks(stated, Scope.WEEK, week.first_day) for stated in (before, after))
        if painting.differing(old, new):
            raise EntryClosedError(week)


def _site(session: Session, actor: Actor) -> Site:
    site = session.get(Site, actor.site_id) if actor.site_id is not None else None
    if site is None:
        raise NotFoundError
    return site


def _agent_id(actor: Actor) -> int:
    """Everything here is the actor's own; who is no agent has none."""
    if actor.agent_id is None:
        raise NotFoundError
    return actor.agent_id


def _locked_agent(session: Session, actor: Actor) -> Agent:
    """The actor's row, so that two tabs take turns."""
    agent = session.get(Agent, _agent_id(actor), with_for_update=True)
    if agent is None or agent.site_id != actor.site_id:
        raise NotFoundError
    return agent
