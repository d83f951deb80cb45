"""Step lines, areas and hatched gaps over the time axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from markupsafe import Markup

from app.svg.axis import Axis, Panel
from app.svg.element import element, joined, number

Height = Callable[[float], float]
Value = TypeVar("Value")


def scale_to(top_value: float, height: float, headroom: float = 2.0) -> Height:
    """Place of a value above the ground line of a band that is ``height`` tall."""
    per_unit = (height - headroom) / max(top_value, 1.0)
    return lambda value: height - value * per_unit


def step_path(axis: Axis, panel: Panel, values: Sequence[float], y: Height, slot_minutes: int) -> str:
    """A line that keeps its height during a slot."""
    moves: list[str] = []
    for start, end, value in _runs(panel, values, slot_minutes):
        command = "L" if moves else "M"
        moves.append(f"{command}{number(axis.x(panel, start))} {number(y(value))}H{number(axis.x(panel, end))}")
    return "".join(moves)


def area_path(axis: Axis, panel: Panel, values: Sequence[float], y: Height, slot_minutes: int) -> str:
    """The area between a step line and the ground."""
    ground = number(y(0))
    line = step_path(axis, panel, values, y, slot_minutes)
    return f"{line}V{ground}H{number(panel.left)}Z" if line else ""


def between_path(
    axis: Axis, panel: Panel, lower: Sequence[float], upper: Sequence[float], y: Height, slot_minutes: int
) -> str:
    """Boxes where ``upper`` is above ``lower``."""
    boxes = []
    for start, end, (low, high) in _runs(panel, list(zip(lower, upper, strict=True)), slot_minutes):
        if high > low:
            left, right = number(axis.x(panel, start)), number(axis.x(panel, end))
            boxes.append(f"M{left} {number(y(low))}V{number(y(high))}H{right}V{number(y(low))}Z")
    return "".join(boxes)


def _runs(panel: Panel, values: Sequence[Value], slot_minutes: int) -> list[tuple[int, int, Value]]:
    """Stretches of equal values inside a panel: start minute, end minute, value."""
    runs: list[tuple[int, int, Value]] = []
    for slot in range(panel.start_minute // slot_minutes, -(-panel.end_minute // slot_minutes)):
        start, end = slot * slot_minutes, (slot + 1) * slot_minutes
        if runs and runs[-1][2] == values[slot]:
            runs[-1] = (runs[-1][0], end, values[slot])
        else:
            runs.append((start, end, values[slot]))
    return runs


def grid_lines(axis: Axis, height: float) -> Markup:
    """Fine lines at the labelled hours and a frame for each day."""
    hours = "".join(f"M{number(tick.x)} 0V{number(height)}" for tick in axis.ticks())
    frames = [
        element("rect", class_="day", x=panel.left, y=0, width=panel.right - panel.left, height=height)
        for panel in axis.panels
    ]
    return joined([*frames, element("path", class_="hour", d=hours)])


def canvas(axis: Axis, height: float, label: str, *children: Markup, class_: str = "band") -> Markup:
    """An SVG picture as wide as the axis, described by its label."""
    return element(
        "svg",
        *children,
        class_=class_,
        viewBox=f"0 0 {number(axis.width)} {number(height)}",
        role="img",
        aria_label=label,
    )
