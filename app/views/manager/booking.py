"""Opening a week for booking: which shifts, from when, by which terms, and booking for somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.messages import formats
from app.models import Agent, OpenShift, Place, Role, Week
from app.services import booking_terms, manager_agents, manager_booking, open_shifts, shift_booking
from app.services.lookup import of_site
from app.services.manager_booking import ShiftRow
from app.services.manager_names import SiteNames, names_of
from app.services.shift_booking import Wish
from app.views import tables
from app.views.common import (
    actor,
    csv_response,
    form_id,
    go,
    language,
    my_site_id,
    now,
    reading,
    say,
    t,
    transaction,
    zone,
)
from app.views.manager.finding_texts import refusal_texts
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint
from app.views.manager.times import days_of, span_of, usual_fields
from app.views.tables import Column
from solver.timeline import local_instant

MOST_PLACES = 1000
NEW_SHIFT, BOOK_FOR, OPENING = "shift", "for", "opening"


@blueprint.get("/weeks/<int:week_id>/booking")
@permissions.allow(Role.MANAGER)
def booking(week_id: int) -> str | Response:
    """What is open, taken and waited for in a week."""
    if request.args.get("format") == "csv":
        with reading() as session:
            found = manager_booking.week_booking(session, week_id, my_site_id())
        shown = tables.listing(found.rows, _columns(), request.args)
        return csv_response(tables.as_csv(shown), f"shifts-{found.week.first_day}")
    return _page(week_id)


def _page(
    week_id: int,
    form: str = "",
    faults: Mapping[str, str] | None = None,
    fault: str = "",
    sentences: Sequence[str] = (),
) -> str:
    """The page; ``form`` is the one that was refused, and keeps what was typed."""
    with reading() as session:
        found = manager_booking.week_booking(session, week_id, my_site_id())
        terms = booking_terms.current(session, my_site_id())
        queues = manager_agents.site_queues(session, my_site_id())
        people = manager_agents.active_agents(session, my_site_id())
        usual = usual_fields(session, found.week)
    return render_template(
        "manager/booking.html",
        found=found,
        week=found.week,
        terms=terms,
        shown=tables.listing(found.rows, _columns(), request.args),
        queues=[(queue.id, f"{queue.letter} {queue.name}") for queue in queues],
        people=[(agent.id, agent.display_name) for agent in people],
        days=days_of(found.week.first_day),
        usual=usual,
        is_open=found.opens_at is not None and found.opens_at <= now(),
        form=form,
        typed={} if not form else request.form,
        faults=faults or {},
        fault=fault,
        sentences=sentences,
    )


def _columns() -> list[Column[ShiftRow]]:
    return [
        Column("when", "manager_booking.when", lambda row: shift_text(row.shift)),
        Column("queue", "manager_draft.queue", lambda row: row.queue.name if row.queue else None),
        Column("places", "manager_booking.places", lambda row: row.shift.places, is_number=True),
        Column("taken", "manager_booking.taken", lambda row: row.shift.taken, is_number=True),
        Column("waiting", "manager_booking.waiting", lambda row: row.waiting, is_number=True),
        Column("why", "manager_booking.why", _why),
    ]


def _why(row: ShiftRow) -> str:
    return t("manager_booking.why.absence" if row.is_absence else f"manager_booking.why.{row.shift.origin.value}")


def shift_text(shift: OpenShift) -> str:
    """``Mo 30.3. 08:00–14:30``; begins with the date, so that lists sort by it, where it is not shown."""
    day = shift.starts_at.astimezone(ZoneInfo(zone())).date()
    return f"{day.isoformat()} {formats.span(shift.starts_at, shift.ends_at, zone())}"


@blueprint.post("/weeks/<int:week_id>/booking/open")
@permissions.allow(Role.MANAGER)
def open_booking(week_id: int) -> AnyResponse | tuple[str, int]:
    """Put shifts on the list for what is required and not served yet, and say from when agents may book."""
    form = FormReader(request.form)
    opens_at = _opens_at(form)
    if form.faults:
        return _page(week_id, OPENING, form.faults), 422
    try:
        with transaction() as session:
            shifts = open_shifts.open_week(session, actor(), now(), week_id, opens_at=opens_at)
    except RefusedError as refused:
        return _refused(week_id, OPENING, refused)
    if shifts:
        say("manager_booking.opened", shifts=len(shifts), places=sum(shift.places for shift in shifts))
    else:
        say("manager_booking.opened_none", "look")
    return go("manager.booking", week_id=week_id)


@blueprint.post("/weeks/<int:week_id>/booking/opening")
@permissions.allow(Role.MANAGER)
def move_opening(week_id: int) -> AnyResponse | tuple[str, int]:
    """Another moment from which agents may book, or none; shifts and bookings stay."""
    form = FormReader(request.form)
    closes = request.form.get("when") == "never"
    opens_at = None if closes else _opens_at(form) or now()
    if form.faults:
        return _page(week_id, OPENING, form.faults), 422
    try:
        with transaction() as session:
            manager_booking.set_opening(session, actor(), now(), week_id, opens_at)
    except RefusedError as refused:
        return _refused(week_id, OPENING, refused)
    say("manager_booking.closed_for_agents" if closes else "manager_booking.opening_moved")
    return go("manager.booking", week_id=week_id)


def _opens_at(form: FormReader) -> datetime | None:
    """None for now; a fault where a moment was to be given and is none."""
    if form.typed.get("when") != "at":
        return None
    moment = form.moment("opens_at")
    return None if moment is None else local_instant(ZoneInfo(zone()), *moment)


def _refused(week_id: int, form: str, refused: RefusedError) -> tuple[str, int]:
    if isinstance(refused, NotFoundError):
        raise refused
    fault, sentences = refusal_texts(refused, _names())
    return _page(week_id, form, fault=fault, sentences=sentences), refused.status


def _names() -> SiteNames:
    with reading() as session:
        return names_of(session, my_site_id())


@blueprint.post("/weeks/<int:week_id>/booking/shifts")
@permissions.allow(Role.MANAGER)
def add_shift(week_id: int) -> AnyResponse | tuple[str, int]:
    """One more shift, by hand."""
    form = FormReader(request.form)
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
    span = span_of(form, week.first_day)
    places = form.whole("places", 1, MOST_PLACES)
    queue_id = form_id("queue_id")
    if queue_id is None:
        form.faults["queue_id"] = t("manager_form.choose")
    if span is None or form.faults or queue_id is None:
        return _page(week_id, NEW_SHIFT, form.faults), 422
    try:
        with transaction() as session:
            open_shifts.add(session, actor(), now(), week_id, *span, queue_id, places=places)
    except RefusedError as refused:
        return _refused(week_id, NEW_SHIFT, refused)
    say("manager_booking.added")
    return go("manager.booking", week_id=week_id)


@blueprint.post("/shifts/<int:open_shift_id>/close")
@permissions.allow(Role.MANAGER)
def close_shift(open_shift_id: int) -> AnyResponse:
    """Take a shift off the list; who has a place keeps the duty."""
    with transaction() as session:
        shift = of_site(session, OpenShift, open_shift_id, my_site_id())
        open_shifts.close(session, actor(), now(), open_shift_id)
    say("manager_booking.shift_closed", taken=shift.taken)
    return go("manager.booking", week_id=shift.week_id)


@blueprint.post("/weeks/<int:week_id>/booking/for")
@permissions.allow(Role.MANAGER)
def book_for(week_id: int) -> AnyResponse | tuple[str, int]:
    """Book a duty of any start and length for somebody."""
    form = FormReader(request.form)
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
    span, agent_id = span_of(form, week.first_day), form_id("agent_id")
    if agent_id is None:
        form.faults["agent_id"] = t("manager_form.choose")
    if span is None or form.faults or agent_id is None:
        return _page(week_id, BOOK_FOR, form.faults), 422
    place = Place.HOME if request.form.get("place") == Place.HOME else Place.SITE
    try:
        with transaction() as session:
            agent = of_site(session, Agent, agent_id, my_site_id())
            shift_booking.book_time(session, actor(), now(), Wish(*span, place), agent_id=agent.id)
    except RefusedError as refused:
        return _refused(week_id, BOOK_FOR, refused)
    say("manager_booking.booked_for", name=agent.display_name, day=_day_text(span[0]))
    return go("manager.booking", week_id=week_id)


def _day_text(instant: datetime) -> str:
    return formats.weekday_date(instant.astimezone(ZoneInfo(zone())).date(), language())
