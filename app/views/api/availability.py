"""What an agent can and wants to work: the week as it is painted, for its dates or for every, odd or even weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.availability_windows import KINDS, Kind
from app.messages import formats
from app.models import DatedWindow, HomeWish, Scope
from app.services import availability, own_wishes
from app.services.availability import MOST_PAINTED, MOST_WEEKS_FORWARD, AvailabilityWeek, PaintedWindow
from app.services.availability_entry import monday_of
from app.services.availability_patterns import Scope as Weeks
from app.services.availability_patterns import by_day
from app.services.availability_rows import Kept
from app.views.api.duties import today
from app.views.api.operation import AGENT, Answer, Call, operation
from app.views.api.schema import Day, Input, Output, local
from app.views.problems import Fault, FaultyRequestError, RevisionError
from solver.timeline import MINUTES_PER_CLOCK_DAY, parse_clock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Clock = Annotated[
    str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):(00|30)|24:00)$", strict=True), Field(examples=["06:30"])
]
WeeksMeant = Literal["week", "every", "odd", "even"]
MANY_BYTES = 4 * 1024 * 1024


class Window(Input):
    """A stretch of one day of the week on the site's clock, in half hours."""

    day: Weekday
    start: Clock
    end: Clock
    kind: Kind


class NewAvailability(Input):
    """How a week is to look. What is not named is available.

    ``weeks`` says for which weeks it holds: this one alone, or from this one on every, every odd or even ISO week,
    until ``until`` where that is given.
    """

    weeks: WeeksMeant = "week"
    windows: Annotated[list[Window], Field(max_length=MOST_PAINTED)]
    until: Day | None = None


class WindowTold(Output):
    """A stretch of one day of the week on the site's clock."""

    day: Weekday
    start: str
    end: str
    kind: Kind


class EntryTold(Output):
    """Until when the week may be entered; ``deadline`` null while no manager has made the week."""

    deadline: str | None
    closed: bool
    confirmed: str | None


class AvailabilityTold(Output):
    """How a week looks. ``windows`` is what holds on its dates, the others what repeats from it on."""

    first_day: date
    entry: EntryTold
    windows: list[WindowTold]
    every: list[WindowTold]
    odd: list[WindowTold]
    even: list[WindowTold]


class StoredTold(Output):
    """One stored window: a repeated one has ``weekday`` and ``weeks``, a dated one ``on``."""

    id: int
    stored: Literal["repeated", "dated"]
    kind: Literal["blocked", "undesired", "preferred", "available"]
    start: str
    end: str
    weekday: Weekday | None
    weeks: Literal["every", "odd", "even"] | None
    valid_from: date | None
    valid_to: date | None
    on: date | None


class StoredsTold(Output):
    """The windows behind a week."""

    windows: list[StoredTold]


class DaysBlocked(Input):
    """Local days, both included, that are blocked from ``start`` to ``end``: a daycare that is closed, for example."""

    first: Day
    last: Day
    start: Clock = "00:00"
    end: Clock = "24:00"


class Copied(Input):
    """Mondays of the weeks that are to look like this one."""

    to: Annotated[list[Day], Field(min_length=1, max_length=MOST_WEEKS_FORWARD)]


class Wishes(Input):
    """What the agent wishes once and for all; working from home needs a clearance besides."""

    home: Literal["none", "allowed", "preferred", "only"]
    max_blocks_per_day: Annotated[int, Field(ge=1, le=2)]


class WishesTold(Output):
    """The wishes, and from when to when working from home is cleared."""

    home: HomeWish
    max_blocks_per_day: int
    cleared: list[ClearanceTold]


class ClearanceTold(Output):
    """Local days, both included."""

    first: date
    last: date


def _monday(text: str) -> date:
    """The day of an address; one that is none is no week's first, and so not found."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return date.min
    return day if day.isoformat() == text else date.min


def _told(call: Call, shown: AvailabilityWeek) -> AvailabilityTold:
    entry = shown.entry
    return AvailabilityTold(
        first_day=entry.first_day,
        entry=EntryTold(
            deadline=None if entry.deadline_at is None else local(entry.deadline_at, call.zone),
            closed=entry.is_closed,
            confirmed=None if entry.confirmed_at is None else local(entry.confirmed_at, call.zone),
        ),
        windows=_windows(shown, Weeks.WEEK),
        every=_windows(shown, Weeks.EVERY),
        odd=_windows(shown, Weeks.ODD),
        even=_windows(shown, Weeks.EVEN),
    )


def _windows(shown: AvailabilityWeek, weeks: Weeks) -> list[WindowTold]:
    marks = shown.marks(weeks)
    found = [(day, start, end, kind) for kind in KINDS for day, start, end in by_day(marks[kind])]
    return [
        WindowTold(day=WEEKDAYS[day], start=formats.clock_minutes(start), end=formats.clock_minutes(end), kind=kind)
        for day, start, end, kind in sorted(found)
    ]


def _shown(call: Call, monday: str) -> AvailabilityWeek:
    return availability.availability_week(call.session, call.actor, call.now, _monday(monday))


def _answer(call: Call, monday: str) -> Answer:
    shown = _shown(call, monday)
    return Answer(_told(call, shown), revision=shown.fingerprint)


def _seen(call: Call, monday: str) -> str:
    """The fingerprint that the person saw; raises RevisionError with the present week for another one."""
    shown = _shown(call, monday)
    if call.revision is not None and call.revision != shown.fingerprint:
        raise RevisionError(shown.fingerprint, _told(call, shown).model_dump(mode="json"))
    return shown.fingerprint


@operation("GET", "/availability/<monday>", Scope.AVAILABILITY, AGENT, answer=AvailabilityTold, has_revision=True)
def show_availability(call: Call, monday: str) -> Answer:
    """How the week from a Monday looks: its dates, and what repeats."""
    return _answer(call, monday)


@operation(
    "PUT",
    "/availability/<monday>",
    Scope.AVAILABILITY,
    AGENT,
    body=NewAvailability,
    answer=AvailabilityTold,
    has_revision=True,
    needs_revision=True,
    most_bytes=MANY_BYTES,
)
def put_availability(call: Call, monday: str) -> Answer:
    """Make the week, or every, odd or even weeks from it on, look as said."""
    asked: NewAvailability = call.body
    seen = _seen(call, monday)
    painted = [_painted(number, window) for number, window in enumerate(asked.windows)]
    availability.save_painted(
        call.session, call.actor, call.now, seen, _monday(monday), Weeks(asked.weeks), painted, asked.until
    )
    return _answer(call, monday)


def _painted(number: int, window: Window) -> PaintedWindow:
    start, end = parse_clock(window.start), parse_clock(window.end)
    if start >= end:
        raise FaultyRequestError([Fault(f"#/windows/{number}/end", "availability.end_before_start")])
    return PaintedWindow(day=WEEKDAYS.index(window.day), start=start, end=end, kind=window.kind)


@operation("GET", "/availability/<monday>/windows", Scope.AVAILABILITY, AGENT, answer=StoredsTold, has_revision=True)
def list_windows(call: Call, monday: str) -> Answer:
    """The stored windows behind a week: those that repeat from it on, and those of its dates."""
    shown = _shown(call, monday)
    return Answer(StoredsTold(windows=[_stored(kept) for kept in shown.kept]), revision=shown.fingerprint)


def _stored(kept: Kept) -> StoredTold:
    window = kept.window
    start, end = (formats.clock_minutes(minute) for minute in (window.start_clock_minutes, window.end_clock_minutes))
    if isinstance(window, DatedWindow):
        return StoredTold(
            id=kept.id,
            stored="dated",
            kind=window.kind.value,
            start=start,
            end=end,
            weekday=None,
            weeks=None,
            valid_from=None,
            valid_to=None,
            on=window.applies_on,
        )
    return StoredTold(
        id=kept.id,
        stored="repeated",
        kind=window.kind.value,
        start=start,
        end=end,
        weekday=WEEKDAYS[window.weekday],
        weeks=window.weeks.value,
        valid_from=window.valid_from_on,
        valid_to=window.valid_to_on,
        on=None,
    )


@operation(
    "DELETE",
    "/availability/<monday>/windows/<kind>/<int:window_id>",
    Scope.AVAILABILITY,
    AGENT,
    answer=AvailabilityTold,
    has_revision=True,
    needs_revision=True,
)
def remove_window(call: Call, monday: str, kind: str, window_id: int) -> Answer:
    """Let a stored window (``repeated`` or ``dated``) hold no more from a week on."""
    seen = _seen(call, monday)
    availability.remove_windows(call.session, call.actor, call.now, seen, _monday(monday), kind, [window_id])
    return _answer(call, monday)


@operation("POST", "/availability/<monday>/confirmation", Scope.AVAILABILITY, AGENT, answer=AvailabilityTold)
def confirm_availability(call: Call, monday: str) -> Answer:
    """Say that the availability of a week is complete."""
    shown = _shown(call, monday)
    availability.confirm(call.session, call.actor, call.now, shown.entry.first_day)
    return _answer(call, monday)


@operation(
    "POST",
    "/availability/<monday>/copies",
    Scope.AVAILABILITY,
    AGENT,
    body=Copied,
    answer=AvailabilityTold,
    needs_revision=True,
    has_revision=True,
)
def copy_availability(call: Call, monday: str) -> Answer:
    """Make other weeks look like this one; what repeats anyway stays as it is."""
    seen = _seen(call, monday)
    availability.copy_week(call.session, call.actor, call.now, seen, _monday(monday), _mondays(call.body.to))
    return _answer(call, monday)


def _mondays(days: Sequence[date]) -> Sequence[date]:
    faults = [Fault(f"#/to/{number}", "plan.week.no_monday") for number, day in enumerate(days) if day.weekday()]
    if faults:
        raise FaultyRequestError(faults)
    return days


@operation(
    "POST",
    "/availability/blocked-days",
    Scope.AVAILABILITY,
    AGENT,
    body=DaysBlocked,
    answer=AvailabilityTold,
    has_revision=True,
)
def block_days(call: Call) -> Answer:
    """Block a stretch of every day of a range; gives the first week of it."""
    asked: DaysBlocked = call.body
    start, end = parse_clock(asked.start), min(parse_clock(asked.end), MINUTES_PER_CLOCK_DAY)
    seen = _seen(call, monday_of(today(call)).isoformat())
    availability.block_days(call.session, call.actor, call.now, seen, asked.first, asked.last, (start, end))
    return _answer(call, monday_of(asked.first).isoformat())


@operation("POST", "/availability/undo", Scope.AVAILABILITY, AGENT, answer=AvailabilityTold, has_revision=True)
def undo_availability(call: Call) -> Answer:
    """Take the last change back, for half an hour; gives the coming week."""
    availability.undo(call.session, call.actor, call.now)
    return _answer(call, (monday_of(today(call)) + timedelta(weeks=1)).isoformat())


@operation("GET", "/wishes", Scope.AVAILABILITY, AGENT, answer=WishesTold, has_revision=True)
def show_wishes(call: Call) -> Answer:
    """Whether to work from home, and in one or two stretches a day."""
    found = own_wishes.own_wishes(call.session, call.actor, today(call))
    told = WishesTold(
        home=found.agent.home_wish,
        max_blocks_per_day=found.agent.max_blocks_per_day,
        cleared=[ClearanceTold(first=one.valid_from_on, last=one.valid_to_on) for one in found.clearances],
    )
    return Answer(told, revision=str(found.agent.revision))


@operation(
    "PUT",
    "/wishes",
    Scope.AVAILABILITY,
    AGENT,
    body=Wishes,
    answer=WishesTold,
    has_revision=True,
    needs_revision=True,
)
def put_wishes(call: Call) -> Answer:
    """Change the lasting wishes."""
    asked: Wishes = call.body
    present = show_wishes(call)
    call.require_revision(present.revision, present.content)
    revision = int(present.revision or 0)
    own_wishes.save(call.session, call.actor, call.now, revision, HomeWish(asked.home), asked.max_blocks_per_day)
    return show_wishes(call)
