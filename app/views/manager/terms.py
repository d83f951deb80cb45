"""The site's terms of booking and swapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.models import Role
from app.services import booking_terms
from app.services.booking_terms import Terms
from app.views.common import actor, go, my_site_id, now, reading, say, transaction
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint

MOST_BOOKINGS, MOST_HOURS, MOST_MINUTES, MOST_OFFER_HOURS = 14, 336, 1440, 336


@blueprint.get("/terms")
@permissions.allow(Role.MANAGER)
def terms() -> str:
    """How people may book and swap at this site."""
    with reading() as session:
        found = booking_terms.current(session, my_site_id())
    most = "" if found.most_bookings_per_week is None else found.most_bookings_per_week
    return _page(
        {
            "most_bookings_per_week": most,
            "cancel_hours_before": found.cancel_hours_before,
            "offer_minutes": found.offer_minutes,
            "swap_offer_hours": found.swap_offer_hours,
            "swaps_need_approval": "on" if found.swaps_need_approval else "",
        }
    )


def _page(typed: Mapping[str, Any], faults: Mapping[str, str] | None = None) -> str:
    return render_template("manager/terms.html", typed=typed, faults=faults or {})


@blueprint.post("/terms")
@permissions.allow(Role.MANAGER)
def change_terms() -> AnyResponse | tuple[str, int]:
    """Keep the terms, or show the form again with everything that is wrong with it."""
    form = FormReader(request.form)
    limited = bool(request.form.get("most_bookings_per_week", "").strip())
    wanted = Terms(
        most_bookings_per_week=form.whole("most_bookings_per_week", 0, MOST_BOOKINGS) if limited else None,
        cancel_hours_before=form.whole("cancel_hours_before", 0, MOST_HOURS),
        offer_minutes=form.whole("offer_minutes", 1, MOST_MINUTES),
        swap_offer_hours=form.whole("swap_offer_hours", 1, MOST_OFFER_HOURS),
        swaps_need_approval=request.form.get("swaps_need_approval") == "on",
    )
    if form.faults:
        names = ("most_bookings_per_week", "cancel_hours_before", "offer_minutes", "swap_offer_hours")
        typed = {name: request.form.get(name, "") for name in (*names, "swaps_need_approval")}
        return _page(typed, form.faults), 422
    with transaction() as session:
        booking_terms.change(session, actor(), now(), my_site_id(), wanted)
    say("common.saved")
    return go("manager.terms")
