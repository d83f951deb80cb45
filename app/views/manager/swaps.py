"""Swaps that wait for the manager, each with what it changes and what the rules say."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role
from app.services import booking_terms, swap_approvals, swapping
from app.services.manager_names import SiteNames, names_of
from app.services.swap_approvals import SwapToDecide
from app.views.common import actor, go, my_site_id, now, reading, say, transaction
from app.views.manager.finding_texts import finding_texts, refusal_texts
from app.views.manager.routes import blueprint


@dataclass(frozen=True)
class SwapLine:
    """A swap with each reason against it as a sentence."""

    swap: SwapToDecide
    reasons: list[str]


@blueprint.get("/swaps")
@permissions.allow(Role.MANAGER)
def swaps() -> str:
    """What waits for a decision, and what was decided lately."""
    return _page()


def _page(fault: str = "", sentences: object = ()) -> str:
    with reading() as session:
        waiting = swap_approvals.to_decide(session, my_site_id(), now())
        over = swap_approvals.decided(session, my_site_id())
        terms = booking_terms.current(session, my_site_id())
        names = names_of(session, my_site_id())
    return render_template(
        "manager/swaps.html",
        waiting=[_line(swap, names) for swap in waiting],
        over=over,
        needs_approval=terms.swaps_need_approval,
        fault=fault,
        sentences=sentences,
    )


def _line(swap: SwapToDecide, names: SiteNames) -> SwapLine:
    timeline = swap.timeline
    return SwapLine(swap, [] if timeline is None else finding_texts(swap.findings, timeline, names))


@blueprint.post("/swaps/<int:offer_id>/approve")
@permissions.allow(Role.MANAGER)
def approve_swap(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Let it happen; it is judged once more."""
    try:
        with transaction() as session:
            swapping.approve(session, actor(), now(), offer_id)
    except RefusedError as refused:
        return _refused(refused)
    say("manager_swaps.approved")
    return go("manager.swaps")


@blueprint.post("/swaps/<int:offer_id>/decline")
@permissions.allow(Role.MANAGER)
def decline_swap(offer_id: int) -> AnyResponse | tuple[str, int]:
    """Everything stays as it is; both are told."""
    try:
        with transaction() as session:
            swapping.decline(session, actor(), now(), offer_id)
    except RefusedError as refused:
        return _refused(refused)
    say("manager_swaps.declined")
    return go("manager.swaps")


def _refused(refused: RefusedError) -> tuple[str, int]:
    if isinstance(refused, NotFoundError):
        raise refused
    with reading() as session:
        names = names_of(session, my_site_id())
    fault, sentences = refusal_texts(refused, names)
    return _page(fault, sentences), refused.status
