"""Changing availability: painting, typing, copying, blocking days, taking back, confirming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.messages import formats
from app.models import Role
from app.services import availability as own_availability
from app.services import own_marks
from app.services.availability import PaintedWindow
from app.services.availability_entry import EntryClosedError, monday_of
from app.services.availability_patterns import Scope
from app.services.availability_rows import own_windows
from app.views.agent.availability import availability_page, sealer, typed_again
from app.views.agent.availability_forms import (
    date_of_form,
    day_of_address,
    number_of_form,
    numbers_of_form,
    optional_date_of_form,
    painted_of_form,
    scope_of_request,
    seen_of_form,
    span_of_form,
    window_of_form,
)
from app.views.agent.routes import blueprint
from app.views.common import actor, go, language, my_agent_id, now, safe_next, say, t, transaction, zone

Answer = AnyResponse | tuple[str, int]


def _attempt(first_day: date, scope: Scope, done: str, change: Callable[[Session], object]) -> Answer:
    """Do it and go back to the week, or show the week again with the reason and all that was sent."""
    try:
        with transaction() as session:
            change(session)
            own_marks.prune(session, sealer())
    except NotFoundError:
        raise
    except RefusedError as refused:
        unsaved = replace(typed_again(), fault=_reason(refused), painted=_painted_again())
        return availability_page(first_day, scope, unsaved), refused.status
    say(done, week=formats.week_label(first_day, language()))
    return _back_to(first_day, scope)


def _reason(refused: RefusedError) -> str:
    if isinstance(refused, EntryClosedError):
        label = formats.week_label(refused.first_day, language())
        return t(refused.key, week=label, at=formats.moment(refused.closed_at, language(), zone()))
    return t(refused.key, **refused.facts)


def _back_to(first_day: date, scope: Scope) -> AnyResponse:
    return go("agent.availability_of", day=first_day.isoformat(), scope=scope.value)


def _painted_again() -> list[PaintedWindow] | None:
    """What was painted, where it can be read at all."""
    try:
        return painted_of_form() if "painted" in request.form else None
    except RefusedError:
        return None


@blueprint.post("/availability/<day>/paint")
@permissions.allow(Role.AGENT)
def paint(day: str) -> Answer:
    """Keep the week as painted."""
    first_day, scope = day_of_address(day), scope_of_request()

    def change(session: Session) -> object:
        until = optional_date_of_form("valid_to_on")
        painted = painted_of_form()
        return own_availability.save_painted(session, actor(), now(), seen_of_form(), first_day, scope, painted, until)

    return _attempt(first_day, scope, "availability.saved", change)


@blueprint.post("/availability/<day>/windows")
@permissions.allow(Role.AGENT)
def add_window(day: str) -> Answer:
    """One window more, typed instead of painted."""
    first_day, scope = day_of_address(day), scope_of_request()

    def change(session: Session) -> object:
        typed, until = window_of_form(), optional_date_of_form("valid_to_on")
        return own_availability.add_window(
            session, actor(), now(), seen_of_form(), first_day, scope, typed.days, typed.span, typed.kind, until
        )

    return _attempt(first_day, scope, "availability.saved", change)


@blueprint.post("/availability/<day>/remove")
@permissions.allow(Role.AGENT)
def remove_window(day: str) -> Answer:
    """Stored windows hold no more from this week on."""
    first_day, scope = day_of_address(day), scope_of_request()

    def change(session: Session) -> object:
        kind, row_ids = request.form.get("window_kind", ""), numbers_of_form("window_id")
        return own_availability.remove_windows(session, actor(), now(), seen_of_form(), first_day, kind, row_ids)

    return _attempt(first_day, scope, "availability.removed", change)


@blueprint.post("/availability/<day>/same-as-last")
@permissions.allow(Role.AGENT)
def same_as_last_week(day: str) -> Answer:
    """The week becomes what the one before it is."""
    first_day = day_of_address(day)

    def change(session: Session) -> object:
        before = first_day - timedelta(weeks=1)
        return own_availability.copy_week(session, actor(), now(), seen_of_form(), before, [first_day])

    return _attempt(first_day, Scope.WEEK, "availability.copied_last", change)


@blueprint.post("/availability/<day>/copy-forward")
@permissions.allow(Role.AGENT)
def copy_forward(day: str) -> Answer:
    """The next weeks become what this one is."""
    first_day = day_of_address(day)

    def change(session: Session) -> object:
        count = min(number_of_form("weeks"), own_availability.MOST_WEEKS_FORWARD + 1)
        following = [first_day + timedelta(weeks=weeks_on) for weeks_on in range(1, count + 1)]
        return own_availability.copy_week(session, actor(), now(), seen_of_form(), first_day, following)

    return _attempt(first_day, Scope.WEEK, "availability.copied_forward", change)


@blueprint.post("/availability/<day>/block-days")
@permissions.allow(Role.AGENT)
def block_days(day: str) -> Answer:
    """A range of days is blocked: a daycare that is closed, a person who is away."""
    first_day = day_of_address(day)

    def change(session: Session) -> None:
        first_on, last_on = date_of_form("first_on"), date_of_form("last_on")
        span = span_of_form()
        own_availability.block_days(session, actor(), now(), seen_of_form(), first_on, last_on, span)
        if "ticked" in request.form:
            own_marks.tick_days(session, sealer(), first_on, last_on)

    answer = _attempt(first_day, Scope.WEEK, "availability.days_blocked", change)
    return answer if isinstance(answer, tuple) else _back_to(monday_of(date_of_form("first_on")), Scope.WEEK)


@blueprint.post("/availability/<day>/tick")
@permissions.allow(Role.AGENT)
def tick(day: str) -> Answer:
    """Note on stored windows that they are for childcare, or take the note off; for the agent's own eyes."""
    first_day, scope = day_of_address(day), scope_of_request()
    is_on = request.form.get("ticked") == "1"

    def change(session: Session) -> None:
        kind, row_ids = request.form.get("window_kind", ""), numbers_of_form("window_id")
        windows = own_windows(session, my_agent_id(), kind, row_ids)
        (own_marks.tick if is_on else own_marks.untick)(session, sealer(), windows)

    return _attempt(first_day, scope, "own_mark.ticked" if is_on else "own_mark.unticked", change)


@blueprint.post("/availability/<day>/confirm")
@permissions.allow(Role.AGENT)
def confirm(day: str) -> Answer:
    """My availability for this week is complete."""
    first_day = day_of_address(day)

    def change(session: Session) -> None:
        own_availability.confirm(session, actor(), now(), first_day)

    return _attempt(first_day, Scope.WEEK, "availability.confirmed_done", change)


@blueprint.post("/availability/undo")
@permissions.allow(Role.AGENT)
def undo() -> AnyResponse:
    """The last change is taken back."""
    try:
        with transaction() as session:
            own_availability.undo(session, actor(), now())
    except RefusedError as refused:
        flash(_reason(refused), "look")
    else:
        say("availability.undone")
    back = urlsplit(safe_next(request.form.get("next")))
    inside = back.path.startswith(url_for("agent.availability"))
    return redirect(back.geturl() if inside else url_for("agent.availability"), 303)
