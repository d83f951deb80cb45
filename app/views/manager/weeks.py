"""The list of weeks: where each stands and what is to be done next."""

from __future__ import annotations

from datetime import date

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.messages import formats
from app.models import Role, Site, Week
from app.services import manager_weeks, weeks
from app.services.lookup import of_site
from app.services.manager_weeks import EntryLine, ManagedWeek
from app.views import tables
from app.views.common import actor, csv_response, go, language, my_site_id, now, reading, say, t, transaction, zone
from app.views.manager.routes import blueprint
from app.views.tables import Column


@blueprint.get("/weeks", endpoint="weeks")
@permissions.allow(Role.MANAGER)
def week_list() -> str | Response:
    """All weeks of the site."""
    if request.args.get("format") == "csv":
        with reading() as session:
            managed = manager_weeks.managed_weeks(session, my_site_id(), now())
        return csv_response(tables.as_csv(tables.listing(managed, _week_columns(), request.args)), "weeks")
    return _weeks_page()


def _weeks_page(fault: str = "", typed: str = "") -> str:
    with reading() as session:
        managed = manager_weeks.managed_weeks(session, my_site_id(), now())
        next_monday = manager_weeks.next_monday(session, session.get_one(Site, my_site_id()), now())
    return render_template(
        "manager/weeks.html",
        shown=tables.listing(managed, _week_columns(), request.args),
        any_weeks=bool(managed),
        next_monday=next_monday,
        fault=fault,
        typed=typed,
    )


def _week_columns() -> list[Column[ManagedWeek]]:
    def covered(entry: ManagedWeek) -> float | None:
        return round(entry.figures.covered_share, 4) if entry.figures else None

    def peak(entry: ManagedWeek) -> int | None:
        return entry.figures.on_site_peak if entry.figures else None

    return [
        Column("week", "manager.week", lambda entry: _week_text(entry.line.week)),
        Column("state", "manager.state", lambda entry: t(f"week_state.{entry.state.value}")),
        Column("covered", "manager.covered", covered),
        Column("awaited", "manager.awaited", lambda entry: entry.awaited, is_number=True),
        Column("peak", "manager.peak", peak, is_number=True),
        Column("next", "manager.next", lambda entry: t(f"manager.step.{entry.next_step.value}")),
    ]


def _week_text(week: Week) -> str:
    """Sorted by year and week, and found by what the page shows."""
    year, number, _weekday = week.first_day.isocalendar()
    return f"{year}-{number:02d} {formats.week_label(week.first_day, language())}"


@blueprint.post("/weeks")
@permissions.allow(Role.MANAGER)
def create_week() -> AnyResponse | tuple[str, int]:
    """A new week from the Monday that the form names."""
    typed = request.form.get("first_day", "").strip()
    try:
        first_day = _date_of(typed)
        with transaction() as session:
            weeks.create(session, actor(), now(), my_site_id(), first_day)
    except RefusedError as refused:
        return _weeks_page(t(refused.key, **refused.facts), typed), refused.status
    say("manager.week_created", week=formats.week_label(first_day, language()))
    return go("manager.weeks")


def _date_of(typed: str) -> date:
    try:
        chosen = date.fromisoformat(typed)
    except ValueError as error:
        raise RefusedError("manager.no_date", 422) from error
    if not 2000 <= chosen.year <= 2100:
        raise RefusedError("manager.no_date", 422)
    return chosen


@blueprint.get("/weeks/<int:week_id>/availability")
@permissions.allow(Role.MANAGER)
def entries(week_id: int) -> str | Response:
    """Who has entered availability for a week, and who is awaited."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        lines = manager_weeks.entry_lines(session, week)
    shown = tables.listing(lines, _entry_columns(), request.args)
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), f"availability-{week.first_day}")
    awaited = sum(line.confirmed_at is None for line in lines)
    return render_template("manager/entries.html", week=week, shown=shown, awaited=awaited, agents=len(lines))


def _entry_columns() -> list[Column[EntryLine]]:
    def confirmed(line: EntryLine) -> str:
        if line.confirmed_at is None:
            return t("manager.entry.awaited")
        return formats.moment(line.confirmed_at, language(), zone())

    return [
        Column("name", "manager.agent", lambda line: line.agent.display_name),
        Column("key", "manager.agent_key", lambda line: line.agent.key),
        Column("confirmed", "manager.entry.confirmed", confirmed),
    ]
