"""A room to scale in which each free desk can be tapped, or reached and chosen by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from app.models import Desk
from app.services.booking_choice import FreeDesk
from app.services.my_week import RoomPlan, bounds_m
from app.svg.element import element
from app.views.common import t

PX_PER_M = 36.0
"""A desk is as wide as a fingertip; a large room is moved under the finger."""
MARGIN_M = 0.9
DESK_WIDTH_M = 1.1
DESK_DEPTH_M = 0.85
TAP_M = 1.3
NUMBER_BASE_M = 0.17


def desk_plan(
    plan: RoomPlan, free: Mapping[int, FreeDesk], chosen_id: int | None, address: Callable[[int], str]
) -> Markup:
    """The room with free desks as links; desks that are not free are hollow and say nothing.

    :param free: by row id of the desk
    :param address: where choosing a desk leads
    """
    (left, top), (right, bottom) = bounds_m(plan)
    width, height = right - left + 2 * MARGIN_M, bottom - top + 2 * MARGIN_M
    corners = " ".join(f"{across:.2f},{along:.2f}" for across, along in plan.room.outline)
    return element(
        "svg",
        *([element("polygon", class_="walls", points=corners)] if corners else []),
        *(_hollow(desk) for desk in plan.desks if desk.id not in free),
        *(_link(free[desk.id], address, chosen_id) for desk in plan.desks if desk.id in free),
        class_="desk-plan",
        viewBox=f"{left - MARGIN_M:.2f} {top - MARGIN_M:.2f} {width:.2f} {height:.2f}",
        width=round(width * PX_PER_M),
        height=round(height * PX_PER_M),
        role="group",
        aria_label=t("agent_book.plan_of", room=plan.room.name),
    )


def _hollow(desk: Desk) -> Markup:
    return _top(desk, "plan-desk taken")


def _top(desk: Desk, kind: str) -> Markup:
    return element(
        "rect",
        class_=kind,
        x=desk.x_m - DESK_WIDTH_M / 2,
        y=desk.y_m - DESK_DEPTH_M / 2,
        width=DESK_WIDTH_M,
        height=DESK_DEPTH_M,
        rx=0.15,
    )


def _link(one: FreeDesk, address: Callable[[int], str], chosen_id: int | None) -> Markup:
    desk, is_chosen = one.desk, one.desk.id == chosen_id
    label = t("agent_book.desk_chosen" if is_chosen else "agent_book.desk_free", desk=desk.key)
    if one.is_usual:
        label += ", " + t("agent_book.desk_usual")
    tap = {"x": desk.x_m - TAP_M / 2, "y": desk.y_m - TAP_M / 2, "width": TAP_M, "height": TAP_M}
    return element(
        "a",
        element("rect", class_="tap", **tap),
        _top(desk, "plan-desk free"),
        element("text", desk.key.rsplit("-", 1)[-1], x=desk.x_m, y=desk.y_m + NUMBER_BASE_M),
        class_="desk-link",
        href=address(desk.id),
        aria_label=label,
        aria_current="true" if is_chosen else None,
        data_desk=desk.id,
    )
