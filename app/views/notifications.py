"""What I was told, and how mail reaches me; for every role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.messages.formats import clock_minutes
from app.models import MailDelivery
from app.notice_text import written
from app.services import mail_wishes, telling
from app.services.mail_wishes import Times
from app.views.common import actor, go, language, me, now, reading, say, settings, t, transaction, zone

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
"""On 24 hours, typed as text: a browser would show its own country's clock."""


@blueprint.get("")
@permissions.allow_signed_in
def listed() -> str:
    """The list, the newest first."""
    with reading() as session:
        told = [written(notice, language(), zone()) for notice in telling.listed(session, me().id, now())]
    unread = sum(news.notice.read_at is None for news in told)
    return render_template("notifications/list.html", told=told, unread=unread, days=telling.LISTED_DAYS)


@blueprint.post("/read")
@permissions.allow_signed_in
def read() -> AnyResponse:
    """All of it has been read."""
    with transaction() as session:
        telling.mark_read(session, me().id, now())
    say("notify.read_done")
    return go("notifications.listed")


@blueprint.get("/settings")
@permissions.allow_signed_in
def wishes() -> str:
    """Address, when, quiet hours."""
    return _wishes()


def _wishes(fault: RefusedError | None = None) -> str:
    with reading() as session:
        wish = mail_wishes.wish_of(session, me().id)
    kept: Mapping[str, Any] = {
        "address": wish.address or "",
        "delivery": wish.delivery.value,
        "daily_at": clock_minutes(wish.daily_clock_minutes),
        "quiet_from": clock_minutes(wish.quiet_from_clock_minutes),
        "quiet_to": clock_minutes(wish.quiet_to_clock_minutes),
        "urgent": "yes" if wish.urgent_any_time else "",
    }
    typed = {**kept, **request.form.to_dict(), **({"urgent": request.form.get("urgent", "")} if request.form else {})}
    return render_template(
        "notifications/settings.html",
        wish=wish,
        typed=typed,
        deliveries=list(MailDelivery),
        fault="" if fault is None else t(fault.key, **fault.facts),
        is_about_address=fault is not None and "address" in request.form,
        has_server=settings().mail_server is not None,
    )


@blueprint.post("/settings/address")
@permissions.allow_signed_in
def save_address() -> AnyResponse | tuple[str, int]:
    """Keep the address; a mail with a link goes there."""
    try:
        with transaction() as session:
            is_sent = mail_wishes.set_address(session, actor(), now(), request.form.get("address", ""))
    except RefusedError as refused:
        return _wishes(refused), refused.status
    say("notify.address_sent" if is_sent else "notify.address_saved")
    return go("notifications.wishes")


@blueprint.post("/settings/times")
@permissions.allow_signed_in
def save_times() -> AnyResponse | tuple[str, int]:
    """Keep when mail may come."""
    try:
        times = _typed_times()
        with transaction() as session:
            mail_wishes.set_times(session, actor(), now(), times)
    except RefusedError as refused:
        return _wishes(refused), refused.status
    say("notify.times_saved")
    return go("notifications.wishes")


def _typed_times() -> Times:
    delivery = request.form.get("delivery", "")
    if delivery not in set(MailDelivery):
        raise RefusedError("common.form_faults", 422)
    daily, quiet_from, quiet_to = (_minutes(field) for field in ("daily_at", "quiet_from", "quiet_to"))
    return Times(MailDelivery(delivery), daily, quiet_from, quiet_to, request.form.get("urgent") == "yes")


def _minutes(field: str) -> int:
    typed = CLOCK.fullmatch(request.form.get(field, "").strip())
    if typed is None:
        raise RefusedError("notify.bad_time", 422)
    return int(typed[1]) * 60 + int(typed[2])
