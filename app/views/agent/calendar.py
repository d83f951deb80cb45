"""My calendar link: made, shown once, replaced, revoked."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.models import Role
from app.services import calendar_feed
from app.views.agent.routes import blueprint
from app.views.common import actor, go, now, reading, say, settings, transaction


@blueprint.get("/more/calendar", endpoint="calendar")
@permissions.allow(Role.AGENT)
def calendar_page() -> str:
    """Whether there is a link, and when it was fetched last."""
    return _page()


def _page(token: str = "") -> str:
    with reading() as session:
        feed = calendar_feed.of_actor(session, actor())
    base_url = settings().base_url or request.url_root.rstrip("/")
    address = base_url + url_for("feed.calendar", token=token) if token else ""
    return render_template(
        "agent/calendar.html", feed=feed, address=address, subscribe=address.replace(address.split(":")[0], "webcal", 1)
    )


@blueprint.post("/more/calendar")
@permissions.allow(Role.AGENT)
def make_calendar() -> str:
    """A new link, shown this once; the one before stops working."""
    with transaction() as session:
        token = calendar_feed.make(session, actor(), now())
    return _page(token)


@blueprint.post("/more/calendar/revoke")
@permissions.allow(Role.AGENT)
def revoke_calendar() -> AnyResponse:
    """No link any more."""
    with transaction() as session:
        calendar_feed.revoke(session, actor(), now())
    say("feed.revoked")
    return go("agent.calendar")
