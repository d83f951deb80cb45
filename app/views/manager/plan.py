"""Planning a week: start, watch, stop and keep the best."""

from __future__ import annotations

from flask import render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.messages import formats
from app.models import Role, Week
from app.services import drafts, forecasting, planning
from app.services.lookup import of_site
from app.services.planning import AlreadyPlanningError, PlanStatus
from app.svg.progress import progress_chart
from app.views.common import actor, go, language, my_site_id, now, reading, say, t, transaction
from app.views.manager.routes import blueprint

TIME_LIMITS_SECONDS = (20, 60, 180, 600)


@blueprint.get("/weeks/<int:week_id>/plan")
@permissions.allow(Role.MANAGER)
def plan(week_id: int) -> str:
    """Where a plan is asked for and watched, by as many managers as look."""
    return _plan_page(week_id)


def _plan_page(week_id: int, fault: str = "") -> str:
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        status = planning.status(session, week_id, now())
        newest = drafts.latest(session, week_id)
        expected = forecasting.forecast(session, week) if not (status and status.is_active) else None
    return render_template(
        "manager/plan.html",
        week=week,
        status=status,
        chart=_chart(status),
        newest=newest,
        expected=expected,
        fault=fault,
        time_limits=[(seconds, _limit_text(seconds)) for seconds in TIME_LIMITS_SECONDS],
        default_limit=int(planning.DEFAULT_TIME_LIMIT_SECONDS),
    )


def _limit_text(seconds: int) -> str:
    if seconds < 60:
        return t("manager_plan.limit.seconds", count=seconds)
    return t("manager_plan.limit.minute" if seconds < 120 else "manager_plan.limit.minutes", count=seconds // 60)


@blueprint.get("/weeks/<int:week_id>/plan/progress")
@permissions.allow(Role.MANAGER)
def plan_progress(week_id: int) -> str:
    """The part of the page that changes while the plan gets better."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        status = planning.status(session, week_id, now())
    if status is None:
        raise NotFoundError
    return render_template("manager/plan_progress.html", week=week, status=status, chart=_chart(status))


@blueprint.post("/weeks/<int:week_id>/plan")
@permissions.allow(Role.MANAGER)
def start_plan(week_id: int) -> AnyResponse | tuple[str, int]:
    """Ask for a plan; whoever comes second is shown the plan of the first."""
    try:
        with transaction() as session:
            planning.request_plan(session, actor(), now(), week_id, time_limit_seconds=_time_limit_seconds())
    except AlreadyPlanningError as refused:
        say(refused.key, "look", **refused.facts)
    except RefusedError as refused:
        if refused.status == 404:
            raise
        return _plan_page(week_id, t(refused.key, **refused.facts)), refused.status
    return go("manager.plan", week_id=week_id)


def _time_limit_seconds() -> float:
    typed = request.form.get("time_limit_seconds", "")
    if not typed.isdecimal() or len(typed) > 6:
        raise RefusedError("plan.time_limit", 422, most=int(planning.MOST_TIME_LIMIT_SECONDS))
    return float(typed)


@blueprint.post("/weeks/<int:week_id>/plan/stop")
@permissions.allow(Role.MANAGER)
def stop_plan(week_id: int) -> AnyResponse:
    """Good enough: end the plan and keep the best so far."""
    try:
        with transaction() as session:
            planning.request_stop(session, actor(), now(), week_id)
        say("manager_plan.stop_asked")
    except planning.NothingToStopError as refused:
        say(refused.key, "look", **refused.facts)
    return go("manager.plan", week_id=week_id)


def _chart(status: PlanStatus | None) -> Markup | None:
    if status is None or not status.progress or status.required_agent_minutes is None:
        return None
    missing, bound = status.missing_share or 0.0, status.bound_share
    missing_text = formats.percent(missing, language())
    bound_text = formats.percent(bound, language()) if bound is not None else ""
    is_open = t("manager_plan.chart.open", missing=missing_text)
    texts = {
        "label": t("manager_plan.chart", missing=missing_text, bound=bound_text) if bound_text else is_open,
        "missing": missing_text,
        "bound": bound_text,
        "seconds": "{:.0f} s",
        "share": "{:g} %",
    }
    return progress_chart(
        status.best_progress, status.required_agent_minutes, status.elapsed_seconds, status.time_limit_seconds, texts
    )
