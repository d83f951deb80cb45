"""The roster in force of a published week, and everything that happened to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.messages import formats
from app.models import Role, Week
from app.services import manager_live, roster_history
from app.services.lookup import of_site
from app.services.manager_live import LiveView
from app.services.manager_names import SiteNames, names_of
from app.services.roster_history import ChangeLine, StatedDuty
from app.views import tables
from app.views.common import (
    actor,
    csv_response,
    form_id,
    go,
    language,
    me,
    my_site_id,
    now,
    reading,
    t,
    transaction,
    zone,
)
from app.views.manager.draft import RosterPage, page_of
from app.views.manager.draft_files import roster_csv, roster_file, table_page
from app.views.manager.routes import blueprint
from app.views.tables import Column

SHOWN_NEWS = 5


@dataclass(frozen=True)
class ChangeView:
    """A change with the names of those concerned."""

    line: ChangeLine
    who: str
    names: str


@blueprint.get("/weeks/<int:week_id>/roster")
@permissions.allow(Role.MANAGER, Role.COUNCIL)
def roster(week_id: int) -> str:
    """What holds now: requirement, floor and people; the works council looks, the manager may change it."""
    with reading() as session:
        live = manager_live.live_view(session, week_id, my_site_id())
        news = _news(session, live)
        page = _page(session, live, news)
        seen_up_to = max((line.id for line in news), default=0)
        views = [_view(line, page.names) for line in news[:SHOWN_NEWS]]
    return render_template(
        "manager/roster.html",
        page=page,
        live=live,
        news=views,
        news_count=len(news),
        seen_up_to=seen_up_to,
        may_edit=me().role is Role.MANAGER,
    )


def _news(session: Session, live: LiveView) -> list[ChangeLine]:
    if me().role is not Role.MANAGER:
        return []
    return roster_history.new_changes(session, live.stored.week, me().id)


def _page(session: Session, live: LiveView, news: list[ChangeLine]) -> RosterPage:
    page = page_of(session, live.stored, None)
    return replace(page, changed=frozenset(agent for line in news for agent in line.agents))


@blueprint.get("/weeks/<int:week_id>/roster/table")
@permissions.allow(Role.MANAGER, Role.COUNCIL)
def roster_table(week_id: int) -> str:
    """The charts of the roster in force as a table, a day at a time."""
    stored, names = _stored(week_id)
    return table_page(stored.stored, names, "manager.roster_table", week_id=week_id)


@blueprint.get("/weeks/<int:week_id>/roster.csv")
@permissions.allow(Role.MANAGER)
def live_csv(week_id: int) -> Response:
    """The duties in force for a spreadsheet."""
    live, names = _stored(week_id)
    return roster_csv(live.stored, names)


@blueprint.get("/weeks/<int:week_id>/roster.json")
@permissions.allow(Role.MANAGER)
def live_json(week_id: int) -> Response:
    """The roster in force as a ``roster/1`` file, its tiers counted."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        content = manager_live.counted_file(session, week_id, my_site_id())
    return roster_file(content, f"roster-{week.first_day}")


def _stored(week_id: int) -> tuple[LiveView, SiteNames]:
    with reading() as session:
        return manager_live.live_view(session, week_id, my_site_id()), names_of(session, my_site_id())


@blueprint.get("/weeks/<int:week_id>/roster/changes")
@permissions.allow(Role.MANAGER)
def roster_changes(week_id: int) -> str | Response:
    """Who changed what and when; no reasons, for there are none."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        lines = roster_history.changes_of(session, week, me().id)
        names = names_of(session, my_site_id())
    views = [_view(line, names) for line in lines]
    shown = tables.listing(views, _columns(), request.args)
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), f"changes-{week.first_day}")
    newest = max((line.id for line in lines), default=0)
    any_new = any(line.is_new for line in lines)
    return render_template(
        "manager/roster_changes.html", week=week, shown=shown, newest=newest, any_new=any_new, names=names
    )


def _view(line: ChangeLine, names: SiteNames) -> ChangeView:
    concerned = ", ".join(names.agent(key).name for key in line.agents)
    return ChangeView(line, line.who or t("manager_history.nobody"), concerned)


def _columns() -> list[Column[ChangeView]]:
    return [
        Column("at", "manager_history.at", lambda view: _moment(view.line.happened_at)),
        Column("kind", "manager_history.kind", lambda view: kind_text(view.line)),
        Column("agent", "manager.agent", lambda view: view.names),
        Column("before", "manager_publish.before", lambda view: _duties_text(view.line.before)),
        Column("after", "manager_publish.after", lambda view: _duties_text(view.line.after)),
        Column("who", "manager_history.who", lambda view: view.who),
    ]


def kind_text(line: ChangeLine) -> str:
    """What happened; a manager's edit without a duty before or after it was an addition."""
    if line.kind == "edited" and not line.before:
        return t("manager_history.kind.added")
    return t(f"manager_history.kind.{line.kind}")


def _moment(instant: datetime) -> str:
    local = instant.astimezone(ZoneInfo(zone()))
    return f"{local:%Y-%m-%d %H:%M}"


def _duties_text(duties: tuple[StatedDuty, ...]) -> str:
    return "; ".join(duty_text(duty) for duty in duties)


def duty_text(duty: StatedDuty) -> str:
    """``Mo 30.3. 08:00–14:30 am Standort 3E-01``."""
    day = formats.weekday_date(duty.starts_at.astimezone(ZoneInfo(zone())).date(), language())
    desk = f" {duty.desk}" if duty.desk else ""
    return f"{day} {formats.span(duty.starts_at, duty.ends_at, zone())} {t(f'common.place.{duty.place}')}{desk}"


@blueprint.post("/weeks/<int:week_id>/roster/seen")
@permissions.allow(Role.MANAGER)
def note_changes_seen(week_id: int) -> AnyResponse:
    """Everything up to a change has been read."""
    with transaction() as session:
        roster_history.note_seen(session, actor(), now(), week_id, form_id("change_id") or 0)
    return go("manager.roster", week_id=week_id)
