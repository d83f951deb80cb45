"""Queues: their service targets and the calls that are known of them."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.models import Queue, Role
from app.services import manager_calls
from app.services.lookup import of_site
from app.services.manager_queues import QueueTargets, set_targets
from app.views.common import actor, go, my_site_id, now, reading, say, t, transaction
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint

DAY_SECONDS = 86_400.0
FIELDS = (
    "service_level",
    "within_seconds",
    "aht_seconds",
    "patience_seconds",
    "max_agent_occupancy",
    "shrinkage",
)


@blueprint.get("/queues")
@permissions.allow(Role.MANAGER)
def queues() -> str:
    """All queues with their targets and how much is known of their calls."""
    with reading() as session:
        lines = manager_calls.queue_lines(session, my_site_id())
    return render_template("manager/queues.html", lines=lines)


@blueprint.get("/queues/<int:queue_id>")
@permissions.allow(Role.MANAGER)
def queue(queue_id: int) -> str:
    """One queue's targets."""
    with reading() as session:
        found = of_site(session, Queue, queue_id, my_site_id())
    return _form(found, _typed_of(found), {})


@blueprint.post("/queues/<int:queue_id>")
@permissions.allow(Role.MANAGER)
def change_queue(queue_id: int) -> AnyResponse | tuple[str, int]:
    """Keep the targets, or show the form again with everything that is wrong with it."""
    form = FormReader(request.form)
    targets = _targets_of(form)
    with reading() as session:
        found = of_site(session, Queue, queue_id, my_site_id())
    if form.faults:
        return _form(found, request.form, form.faults), 422
    try:
        with transaction() as session:
            row = of_site(session, Queue, queue_id, my_site_id())
            set_targets(session, actor(), now(), row, form.revision, targets)
    except RefusedError as refused:
        fault = t(refused.key, **refused.facts)
        return _form(found, {**request.form, "revision": found.revision}, {}, fault), refused.status
    say("common.saved")
    return go("manager.queues")


def _targets_of(form: FormReader) -> QueueTargets:
    occupancy = form.optional_number("max_agent_occupancy", 1, 100)
    return QueueTargets(
        service_level=form.number("service_level", 1, 99.9) / 100,
        within_seconds=form.number("within_seconds", 0, DAY_SECONDS),
        aht_seconds=form.number("aht_seconds", 1, DAY_SECONDS),
        patience_seconds=form.optional_number("patience_seconds", 1, DAY_SECONDS),
        max_agent_occupancy=None if occupancy is None else occupancy / 100,
        shrinkage_share=form.number("shrinkage", 0, 90) / 100,
    )


def _typed_of(found: Queue) -> dict[str, Any]:
    occupancy = found.max_agent_occupancy
    return {
        "service_level": _shown(found.service_level * 100),
        "within_seconds": _shown(found.within_seconds),
        "aht_seconds": _shown(found.aht_seconds),
        "patience_seconds": _shown(found.patience_seconds),
        "max_agent_occupancy": _shown(None if occupancy is None else occupancy * 100),
        "shrinkage": _shown(found.shrinkage_share * 100),
        "revision": found.revision,
    }


def _shown(amount: float | None) -> str:
    return "" if amount is None else f"{amount:.4f}".rstrip("0").rstrip(".")


def _form(found: Queue, typed: Any, faults: dict[str, str], fault: str = "") -> str:
    with reading() as session:
        known = manager_calls.known_calls(session, found.id)
    values = {name: typed.get(name, "") for name in (*FIELDS, "revision")}
    return render_template("manager/queue.html", queue=found, typed=values, faults=faults, fault=fault, known=known)
