"""A room to scale: walls, screens, desks with their numbers, and the circle of the distance around each."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from app.services.floor_plan import DeskPlan, RoomPlan
from app.svg.element import element, number

PX_PER_M = 34.0
DESK_M = 0.84
MARGIN_M = 0.4
HINT_M = 0.8
LEAST_WIDTH_M = 9.0
"""What the longest description of a desk needs under the room."""

Describe = Callable[[DeskPlan], str]


def room_picture(room: RoomPlan, distance_m: float, label: str, describe: Describe) -> Markup:
    """The room with its desks as a group that can be walked through by keyboard.

    :param describe: what a desk is read as, and what is shown when it is focused or pointed at
    """
    left, top, width, height = _frame(room)
    drawn = [
        _desk(desk, distance_m, describe(desk), (left + MARGIN_M, top + height + HINT_M / 2)) for desk in room.desks
    ]
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in room.outline)
    screens = [
        element("line", class_="screen", x1=start[0], y1=start[1], x2=end[0], y2=end[1]) for start, end in room.screens
    ]
    return element(
        "svg",
        element("polygon", class_="wall", points=corners),
        *screens,
        *drawn,
        class_="floor-room",
        viewBox=f"{number(left)} {number(top)} {number(width)} {number(height + HINT_M)}",
        width=round(width * PX_PER_M),
        height=round((height + HINT_M) * PX_PER_M),
        role="group",
        aria_label=label,
    )


def _frame(room: RoomPlan) -> tuple[float, float, float, float]:
    """Left, top, width and height of everything in the room, in metres."""
    across = [x for x, _y in room.outline] + [desk.desk.x_m for desk in room.desks]
    along = [y for _x, y in room.outline] + [desk.desk.y_m for desk in room.desks]
    left, top = min(across) - MARGIN_M, min(along) - MARGIN_M
    width = max(max(across) - left + MARGIN_M, LEAST_WIDTH_M)
    return left, top, width, max(along) - top + MARGIN_M


def _desk(plan: DeskPlan, distance_m: float, description: str, hint_at: tuple[float, float]) -> Markup:
    x, y = plan.desk.x_m, plan.desk.y_m
    half = DESK_M / 2
    seated = " seated" if plan.seating else ""
    return element(
        "g",
        element("circle", class_="reach", cx=x, cy=y, r=distance_m),
        element("rect", class_="top", x=x - half, y=y - half, width=DESK_M, height=DESK_M, rx=0.16),
        element("text", plan.label, class_="desk-number", x=x, y=y + 0.12),
        *([element("circle", class_="person", cx=x, cy=y - 0.28, r=0.12)] if plan.seating else []),
        element("text", description, class_="hint", x=hint_at[0], y=hint_at[1]),
        class_=f"desk {plan.state}{seated}",
        tabindex=0,
        role="img",
        aria_label=description,
    )
