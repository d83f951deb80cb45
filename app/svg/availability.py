"""A week of an agent's availability on a time axis: blocked hatched, undesired pale, preferred framed."""

from __future__ import annotations

from markupsafe import Markup

from app.availability_windows import KINDS
from app.services.manager_agents import SeenAvailability
from app.svg.axis import Axis, Panel
from app.svg.element import element
from app.svg.steps import canvas, grid_lines

WIDTH, HEIGHT = 1080.0, 46.0


def availability_band(seen: SeenAvailability, label: str) -> Markup:
    """All hours of the seven days."""
    axis = _whole_days(seen)
    boxes = [
        element("rect", class_=kind, x=left, y=1.0, width=right - left, height=HEIGHT - 2)
        for kind in reversed(KINDS)
        for start, end in seen.windows.of(kind)
        for left, right in axis.pieces(start, end)
    ]
    return canvas(axis, HEIGHT, label, grid_lines(axis, HEIGHT), *boxes, class_="band availability")


def _whole_days(seen: SeenAvailability) -> Axis:
    starts = seen.timeline.day_start_minutes
    scale = WIDTH / seen.timeline.minutes
    panels = [
        Panel(index, starts[index], starts[index + 1], starts[index] * scale, starts[index + 1] * scale)
        for index in range(seen.timeline.days)
    ]
    return Axis(seen.timeline, tuple(panels), WIDTH)
