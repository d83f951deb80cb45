"""What a week is expected to bring: calls and required agents per queue."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from markupsafe import Markup

from app import permissions
from app.messages import formats
from app.models import Role, Week
from app.services.demand_view import QueueDemand, WeekDemand, week_demand
from app.services.lookup import of_site
from app.svg.axis import Axis, axis_for
from app.svg.bands import head
from app.svg.demand import demand_band
from app.views.common import language, my_site_id, reading, t
from app.views.manager.routes import blueprint

WIDTH = 1080.0


@dataclass(frozen=True)
class DemandRow:
    """A queue and its picture."""

    demand: QueueDemand
    picture: Markup


@blueprint.get("/weeks/<int:week_id>/demand")
@permissions.allow(Role.MANAGER)
def demand(week_id: int) -> str:
    """The week, or the day that the address names, as charts and as a table."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        found = week_demand(session, week)
    asked = request.args.get("day", "")
    day_index = int(asked) if asked.isdecimal() and int(asked) < found.timeline.days else None
    axis = _axis(found, day_index)
    return render_template(
        "manager/demand.html",
        week=week,
        demand=found,
        day_index=day_index,
        head=head(axis, _day_names(found), t("manager_draft.axis")),
        rows=[DemandRow(queue, _picture(axis, queue)) for queue in found.queues],
    )


def _axis(found: WeekDemand, day_index: int | None) -> Axis:
    days = range(found.timeline.days) if day_index is None else [day_index]
    return axis_for(found.timeline, found.used_spans, days, WIDTH)


def _day_names(found: WeekDemand) -> dict[int, str]:
    timeline = found.timeline
    return {index: formats.weekday_date(timeline.day(index), language()) for index in range(timeline.days)}


def _picture(axis: Axis, queue: QueueDemand) -> Markup:
    label = t("manager_demand.label", queue=queue.queue.name, peak=queue.peak, calls=round(queue.calls_total))
    return demand_band(axis, queue, label)
