"""The floor plan of a room with the own desk marked: a thumbnail, and a large one with numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from markupsafe import Markup

from app.models import Desk
from app.services.my_week import RoomPlan, bounds_m
from app.svg.element import element, joined

MARGIN_M = 0.8
DESK_WIDTH_M = 1.2
DESK_DEPTH_M = 0.8


def room_picture(plan: RoomPlan, own_keys: Collection[str], label: str, *, with_numbers: bool = False) -> Markup:
    """The room to scale; own desks are filled and ringed, the others hollow. Who sits there is not shown."""
    (left, top), (right, bottom) = bounds_m(plan)
    box = (left - MARGIN_M, top - MARGIN_M, right - left + 2 * MARGIN_M, bottom - top + 2 * MARGIN_M)
    return element(
        "svg",
        element("title", label),
        joined(list(_walls(plan))),
        joined([_desk(desk, is_own=desk.key in own_keys, with_number=with_numbers) for desk in plan.desks]),
        viewBox=" ".join(f"{length:.2f}" for length in box),
        role="img",
        class_="room-plan" if with_numbers else "room-thumbnail",
        preserveAspectRatio="xMidYMid meet",
    )


def _walls(plan: RoomPlan) -> Iterator[Markup]:
    if plan.room.outline:
        corners = " ".join(f"{across:.2f},{along:.2f}" for across, along in plan.room.outline)
        yield element("polygon", class_="walls", points=corners)


def _desk(desk: Desk, *, is_own: bool, with_number: bool) -> Markup:
    parts = []
    if is_own:
        parts.append(element("circle", class_="own-ring", cx=desk.x_m, cy=desk.y_m, r=1.3))
    parts.append(
        element(
            "rect",
            class_="desk own-desk" if is_own else "desk",
            x=desk.x_m - DESK_WIDTH_M / 2,
            y=desk.y_m - DESK_DEPTH_M / 2,
            width=DESK_WIDTH_M,
            height=DESK_DEPTH_M,
            rx=0.15,
        )
    )
    if with_number:
        number = desk.key.rsplit("-", 1)[-1]
        parts.append(element("text", number, x=desk.x_m, y=desk.y_m + 0.17, class_="own-number" if is_own else None))
    return joined(parts)
