"""Required agents of a queue as step lines over the calls that require them."""

from __future__ import annotations

from markupsafe import Markup

from app.services.demand_view import QueueDemand
from app.svg.axis import Axis
from app.svg.element import element
from app.svg.steps import area_path, canvas, grid_lines, scale_to, step_path

HEIGHT = 130.0


def demand_band(axis: Axis, demand: QueueDemand, label: str) -> Markup:
    """Calls as an area, each scale of its own; agents on the phones as a fine line, on the roster as a bold one."""
    calls_y = scale_to(max(demand.calls, default=0.0) * 1.6, HEIGHT)
    agents_y = scale_to(demand.peak, HEIGHT, headroom=8.0)
    slot = demand.slot_minutes
    layers = []
    for panel in axis.panels:
        for class_, path in (
            (f"calls queue-{demand.queue.colour_index}", area_path(axis, panel, demand.calls, calls_y, slot)),
            ("on-phones", step_path(axis, panel, demand.required, agents_y, slot)),
            ("required", step_path(axis, panel, demand.scheduled, agents_y, slot)),
        ):
            layers.append(element("path", class_=class_, d=path))
    top = element("text", str(demand.peak), class_="peak", x=2, y=agents_y(demand.peak) + 10)
    return canvas(axis, HEIGHT, label, grid_lines(axis, HEIGHT), *layers, top)
