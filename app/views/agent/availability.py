"""Availability: the page of one week, and what planning would see of what is painted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import render_template, request

from app import permissions
from app.errors import RefusedError
from app.models import Role
from app.services import availability as own_availability
from app.services import availability_entry, own_marks
from app.services.availability import AvailabilityWeek, PaintedWindow, marks_of
from app.services.availability_patterns import Marks, Scope, changed, first_week_of
from app.views.agent.availability_forms import (
    day_of_address,
    optional_date_of_form,
    painted_of_form,
    scope_of_request,
)
from app.views.agent.availability_grid import duties_text, grid_rows, kept_groups, planner_sentence
from app.views.agent.routes import blueprint
from app.views.common import actor, my_agent_id, now, reading, settings, t


@dataclass(frozen=True)
class Unsaved:
    """What was sent and refused, to be shown again.

    :param fault: the reason in the language of the request
    :param painted: the painted windows, None where none were sent
    """

    fault: str = ""
    painted: list[PaintedWindow] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    typed_days: frozenset[str] = frozenset()


@blueprint.get("/availability", endpoint="availability")
@permissions.allow(Role.AGENT)
def next_availability() -> str:
    """The first week that can still be entered."""
    with reading() as session:
        first_day = own_availability.first_open_monday(session, actor(), now())
    return availability_page(first_day, scope_of_request())


@blueprint.get("/availability/<day>")
@permissions.allow(Role.AGENT)
def availability_of(day: str) -> str:
    """The week from a Monday on."""
    return availability_page(day_of_address(day), scope_of_request())


def availability_page(first_day: date, scope: Scope, unsaved: Unsaved | None = None) -> str:
    """The page; what could not be saved stays painted on it."""
    unsaved = unsaved or Unsaved()
    with reading() as session:
        shown = own_availability.availability_week(session, actor(), now(), first_day)
        open_monday = own_availability.first_open_monday(session, actor(), now())
        own_ticks = own_marks.of_agent(session, sealer())
        managers = availability_entry.manager_names(session, shown.site) if shown.entry.is_closed else []
    marks = _marks(shown, scope, unsaved)
    before, after = first_day - timedelta(weeks=1), first_day + timedelta(weeks=1)
    today = availability_entry.today_of(shown.site, now())
    block_from = max(first_day, today)
    return render_template(
        "agent/availability.html",
        shown=shown,
        first_day=first_day,
        days=[first_day + timedelta(days=number) for number in range(7)],
        scope=scope,
        scopes=list(Scope),
        unsaved=unsaved,
        rows=grid_rows(shown.site, first_day, marks, with_clock_change=scope is Scope.WEEK),
        sentence=planner_sentence(shown.site, shown.stated, first_day),
        preview=_preview_sentence(shown, scope, marks) if unsaved.painted else "",
        kept=kept_groups(shown.kept, first_day, own_ticks),
        ticks_are_readable=own_ticks.is_readable,
        blocked_duties=duties_text(shown.blocked_duties()),
        open_monday=open_monday,
        managers=managers,
        week_before=before if availability_entry.is_reachable(shown.site, now(), before) else None,
        week_after=after if availability_entry.is_reachable(shown.site, now(), after) else None,
        block_from=block_from,
        block_to=max(block_from, first_day + timedelta(days=4)),
        is_even=first_day.isocalendar().week % 2 == 0,
        most_weeks=own_availability.MOST_WEEKS_FORWARD,
    )


def _marks(shown: AvailabilityWeek, scope: Scope, unsaved: Unsaved) -> Marks:
    if unsaved.painted is None:
        return shown.marks(scope)
    try:
        return marks_of(unsaved.painted)
    except RefusedError:
        return shown.marks(scope)


def _preview_sentence(shown: AvailabilityWeek, scope: Scope, target: Marks) -> str:
    """What planning would see in the first week that shows the change, and which duties would lie in blocked time."""
    first_day = shown.entry.first_day
    after = changed(shown.stated, scope, first_day, target)
    sentence = planner_sentence(shown.site, after, first_week_of(scope, first_day))
    duties = shown.blocked_duties(after)
    return f"{sentence} {t('own_mark.duties_stay', duties=duties_text(duties))}" if duties else sentence


def sealer() -> own_marks.Sealer:
    """What opens the signed-in agent's own notes."""
    return own_marks.Sealer(settings().secret_key, my_agent_id())


@blueprint.post("/availability/<day>/preview")
@permissions.allow(Role.AGENT)
def preview(day: str) -> tuple[str, int]:
    """What planning would see, before it is saved; nothing is stored."""
    first_day, scope = day_of_address(day), scope_of_request()
    with reading() as session:
        shown = own_availability.availability_week(session, actor(), now(), first_day)
    try:
        # The date is only looked at, so that a wrong one is told before saving.
        optional_date_of_form("valid_to_on")
        target = marks_of(painted_of_form())
    except RefusedError as refused:
        return render_template("agent/availability_preview.html", fault=t(refused.key, **refused.facts)), 422
    sentence = _preview_sentence(shown, scope, target)
    return render_template("agent/availability_preview.html", fault="", sentence=sentence), 200


def typed_again() -> Unsaved:
    """The fields of the form that was sent."""
    return Unsaved(typed=request.form.to_dict(), typed_days=frozenset(request.form.getlist("days")))
