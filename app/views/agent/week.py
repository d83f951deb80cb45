"""My week: when and where I work, what changed, and my desk on the plan of its room."""

from __future__ import annotations

from datetime import date, datetime

from flask import abort, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.models import Role
from app.services import my_week, stand_ins
from app.services.my_week import MyDay, MyDuty, MyWeek
from app.services.swapping import SWAPPABLE
from app.views.agent.duty_text import day_of, times
from app.views.agent.room_picture import room_picture
from app.views.agent.routes import blueprint
from app.views.common import actor, form_id, go, now, reading, say, t, transaction


@blueprint.get("/week", endpoint="week")
@permissions.allow(Role.AGENT)
def this_week() -> str:
    """The week of today, or the next one with a roster."""
    with reading() as session:
        shown = my_week.current_week(session, actor(), now())
        is_news = my_week.needs_marking(session, actor(), shown)
    return _page(shown, is_news=is_news)


@blueprint.get("/week/<int:week_id>")
@permissions.allow(Role.AGENT)
def one_week(week_id: int) -> str:
    """One week of the own site."""
    with reading() as session:
        shown = my_week.week_of(session, actor(), week_id)
        is_news = my_week.needs_marking(session, actor(), shown)
    return _page(shown, is_news=is_news)


def _page(shown: MyWeek, *, is_news: bool) -> str:
    if is_news and shown.week and shown.version:
        with transaction() as session:
            my_week.mark_seen(session, actor(), now(), shown.week.id, shown.version.id)
    today = day_of(now())
    past, to_come = _split(shown, today)
    with reading() as session:
        asked = stand_ins.asked(session, actor(), now())
    return render_template(
        "agent/week.html",
        shown=shown,
        past=past,
        to_come=to_come,
        today=today,
        thumbnail=_thumbnail,
        times=_times,
        asked=asked,
        can_act=lambda duty: _can_act(shown, duty),
    )


def _can_act(shown: MyWeek, duty: MyDuty) -> bool:
    """Whether the duty can still be swapped, given away or called off."""
    is_in_force = duty.row_id is not None and shown.week is not None and shown.week.state in SWAPPABLE
    return is_in_force and duty.starts_at > now()


def _split(shown: MyWeek, today: date) -> tuple[list[MyDay], list[MyDay]]:
    """Days before today and the others; in a week that is over no day is folded away."""
    if not any(day.day >= today for day in shown.days):
        return [], list(shown.days)
    return [day for day in shown.days if day.day < today], [day for day in shown.days if day.day >= today]


def _thumbnail(duty: MyDuty) -> Markup:
    if duty.plan is None or duty.desk is None:
        return Markup()
    label = t("agent_week.desk_in_room", desk=duty.desk.key, room=duty.plan.room.name)
    return room_picture(duty.plan, {duty.desk.key}, label)


def _times(duty: MyDuty) -> str:
    return times(duty.starts_at, duty.ends_at)


@blueprint.post("/week/<int:week_id>/seen")
@permissions.allow(Role.AGENT)
def seen(week_id: int) -> AnyResponse:
    """The changes up to the moment when the page was made have been looked at."""
    version_id = form_id("version_id")
    with transaction() as session:
        my_week.week_of(session, actor(), week_id)
        if version_id is None:
            abort(400)
        my_week.mark_seen(session, actor(), now(), week_id, version_id, _looked_at())
    say("agent_week.seen_done")
    return go("agent.one_week", week_id=week_id)


def _looked_at() -> datetime | None:
    """When the page was made that the form was on; None, which is now, where it does not say."""
    typed = request.form.get("looked_at", "")
    if not typed:
        return None
    try:
        looked_at = datetime.fromisoformat(typed)
    except ValueError:
        abort(400)
    return looked_at if looked_at.tzinfo else abort(400)


@blueprint.get("/week/<int:week_id>/rooms/<int:room_id>")
@permissions.allow(Role.AGENT)
def room(week_id: int, room_id: int) -> str:
    """The plan of a room in which I sit in that week."""
    with reading() as session:
        found = my_week.room_of_week(session, actor(), week_id, room_id)
    desks = ", ".join(found.days_by_desk)
    label = t("agent_week.desk_in_room", desk=desks, room=found.plan.room.name)
    picture = room_picture(found.plan, found.days_by_desk, label, with_numbers=True)
    return render_template("agent/room.html", found=found, picture=picture)
