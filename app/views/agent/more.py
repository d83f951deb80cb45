"""What else is mine: home wish, two stretches a day, care partners, language, password."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import HomeWish, Role
from app.services import care_partners, own_wishes, telling
from app.views.agent.routes import blueprint
from app.views.common import actor, go, me, now, reading, say, t, transaction, zone

BLOCK_CHOICES = ("1", "2")
LONGEST_NUMBER = 9


@blueprint.get("/more", endpoint="more")
@permissions.allow(Role.AGENT)
def more_page() -> str:
    """The page."""
    return _more()


def _more(fault: str = "") -> str:
    today = now().astimezone(ZoneInfo(zone())).date()
    with reading() as session:
        wishes = own_wishes.own_wishes(session, actor(), today)
        unread = telling.unread_count(session, me().id, now())
    typed = request.form
    return render_template(
        "agent/more.html",
        wishes=wishes,
        unread=unread,
        is_cleared=wishes.is_cleared_on(today),
        home_wishes=list(HomeWish),
        home_wish=typed.get("home_wish", wishes.agent.home_wish.value),
        max_blocks=typed.get("max_blocks_per_day", str(wishes.agent.max_blocks_per_day)),
        fault=fault,
    )


@blueprint.post("/more/wishes")
@permissions.allow(Role.AGENT)
def save_wishes() -> AnyResponse | tuple[str, int]:
    """Keep the wishes."""
    try:
        home_wish, max_blocks_per_day = _typed_wishes()
        with transaction() as session:
            own_wishes.save(session, actor(), now(), _number("revision"), home_wish, max_blocks_per_day)
    except RefusedError as refused:
        return _more(t(refused.key, **refused.facts)), refused.status
    say("agent_more.wishes_saved")
    return go("agent.more")


def _typed_wishes() -> tuple[HomeWish, int]:
    home_wish, blocks = request.form.get("home_wish", ""), request.form.get("max_blocks_per_day", "")
    if home_wish not in set(HomeWish) or blocks not in BLOCK_CHOICES:
        raise RefusedError("agent_more.garbled", 422)
    return HomeWish(home_wish), int(blocks)


def _number(field: str) -> int:
    typed = request.form.get(field, "").strip()
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > LONGEST_NUMBER:
        raise RefusedError("agent_more.garbled", 422)
    return int(typed)


@blueprint.get("/more/care-partners")
@permissions.allow(Role.AGENT)
def partners() -> str:
    """With whom I share care."""
    return _partners()


def _partners(fault: str = "") -> str:
    with reading() as session:
        found = care_partners.partnerships(session, actor())
        own_number = care_partners.own_number(session, actor())
    handovers = range(0, care_partners.MOST_HANDOVER_MINUTES + 1, care_partners.HANDOVER_STEP_MINUTES)
    return render_template(
        "agent/care_partners.html",
        partnerships=found,
        own_number=own_number,
        can_ask=len(found) < care_partners.MOST_PARTNERS,
        handovers=handovers,
        typed_number=request.form.get("number", ""),
        typed_handover=request.form.get("handover_minutes", "30"),
        fault=fault,
    )


@blueprint.post("/more/care-partners")
@permissions.allow(Role.AGENT)
def propose_partner() -> AnyResponse | tuple[str, int]:
    """Ask a colleague."""
    try:
        with transaction() as session:
            number = request.form.get("number", "").strip()
            care_partners.propose(session, actor(), now(), number, _number("handover_minutes"))
    except RefusedError as refused:
        return _partners(t(refused.key, **refused.facts)), refused.status
    say("agent_more.partner.asked")
    return go("agent.partners")


@blueprint.post("/more/care-partners/confirm")
@permissions.allow(Role.AGENT)
def confirm_partner() -> AnyResponse:
    """Say yes to a colleague."""
    with transaction() as session:
        care_partners.confirm(session, actor(), now(), _partner_id())
    say("agent_more.partner.confirmed")
    return go("agent.partners")


@blueprint.post("/more/care-partners/end")
@permissions.allow(Role.AGENT)
def end_partner() -> AnyResponse:
    """Take back, decline or end."""
    try:
        with transaction() as session:
            care_partners.end(session, actor(), _partner_id())
    except NotFoundError:
        # The other of the two was quicker; what was wanted is so.
        say("agent_more.partner.gone", "look")
    else:
        say("agent_more.partner.ended")
    return go("agent.partners")


def _partner_id() -> int:
    typed = request.form.get("partner_id", "")
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > LONGEST_NUMBER:
        abort(400)
    return int(typed)
