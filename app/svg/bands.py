"""The bands of the draft: coverage of a queue, people in a room, the bars of an agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from app.services.coverage import QueueCoverage
from app.services.floor_occupancy import RoomOccupancy
from app.services.roster_grid import Bar
from app.svg.axis import Axis
from app.svg.element import element
from app.svg.steps import Height, area_path, between_path, canvas, grid_lines, scale_to, step_path
from solver.timeline import Span

COVERAGE_HEIGHT = 74.0
ROOM_HEIGHT = 40.0
ROW_HEIGHT = 22
HEAD_HEIGHT = 34.0
BAR_TOP, BAR_HEIGHT = 2, 18
NOTCH_HEIGHT = 9
STRIPE_HEIGHT = 4
STRIPE_TOP = BAR_TOP + BAR_HEIGHT - STRIPE_HEIGHT
LETTER_WIDTH = 9


def head(axis: Axis, day_names: Mapping[int, str], label: str) -> Markup:
    """Days and hours above the bands."""
    days = [
        element("text", day_names[panel.day_index], class_="day-name", x=panel.left + 3, y=13) for panel in axis.panels
    ]
    hours = [element("text", f"{tick.clock_hour:02d}", class_="hour-name", x=tick.x + 1, y=28) for tick in axis.ticks()]
    return canvas(axis, HEAD_HEIGHT, label, *days, *hours, class_="band head")


def coverage_band(
    axis: Axis, coverage: QueueCoverage, colour_index: int, label: str, marked: Span | None = None
) -> Markup:
    """People serving as an area, the requirement as a step line, gaps hatched, one of them marked."""
    y = scale_to(max((*coverage.required, *coverage.serving), default=0), COVERAGE_HEIGHT)
    slot = coverage.slot_minutes
    covered = [min(pair) for pair in zip(coverage.required, coverage.serving, strict=True)]
    layers = []
    for panel in axis.panels:
        layers += [
            _path(f"serving queue-{colour_index}", area_path(axis, panel, coverage.serving, y, slot)),
            _path("gap", between_path(axis, panel, covered, coverage.required, y, slot)),
            _path("required", step_path(axis, panel, coverage.required, y, slot)),
        ]
    marks = [
        element("rect", class_="marked", x=left, y=0.0, width=right - left, height=COVERAGE_HEIGHT)
        for left, right in (axis.pieces(*marked) if marked else ())
    ]
    return canvas(axis, COVERAGE_HEIGHT, label, grid_lines(axis, COVERAGE_HEIGHT), *layers, *marks)


def room_band(axis: Axis, room: RoomOccupancy, slot_minutes: int, label: str) -> Markup:
    """People in a room as an area under the line of the most that may be there."""
    y = scale_to(max(room.limit, room.peak), ROOM_HEIGHT)
    layers = []
    for panel in axis.panels:
        layers += [
            _path("present", area_path(axis, panel, room.present, y, slot_minutes)),
            _cap_line(panel.left, panel.right, y, room.limit),
        ]
    return canvas(axis, ROOM_HEIGHT, label, grid_lines(axis, ROOM_HEIGHT), *layers)


def _cap_line(left: float, right: float, y: Height, cap: int) -> Markup:
    return element("line", class_="cap", x1=left, x2=right, y1=y(cap), y2=y(cap))


def _path(class_: str, d: str) -> Markup:
    return element("path", class_=class_, d=d) if d else Markup("")


def bars_band(
    axis: Axis, bars: Sequence[Bar], queues: Mapping[str, tuple[str, int]], titles: Sequence[str], label: str
) -> Markup:
    """The duties of an agent, above the day frames of :func:`definitions`.

    :param queues: letter and index of the colour, by queue id
    :param titles: what a bar says when pointed at, one for each bar
    """
    drawn = "".join(_bar(axis, bar, queues, title) for bar, title in zip(bars, titles, strict=True))
    shapes = Markup(f'<use href="#days"/>{drawn}')  # noqa: S704 -- titles and letters are escaped below
    return canvas(axis, ROW_HEIGHT, label, shapes, class_="band bars")


# A page has thousands of these shapes, so they are written directly rather than through element().
def _bar(axis: Axis, bar: Bar, queues: Mapping[str, tuple[str, int]], title: str) -> str:
    """At home the bar has round ends and a broken outline, on site it is square: never colour alone."""
    radius = 7 if bar.place == "home" else 1
    boxes = "".join(
        f'<rect class="duty" x="{left:.1f}" y="{BAR_TOP}" width="{right - left:.1f}" '
        f'height="{BAR_HEIGHT}" rx="{radius}"/>'
        for left, right in axis.pieces(bar.start_minute, bar.end_minute)
    )
    works = "".join(_stripe(axis, queues[work.queue], work.start_minute, work.end_minute) for work in bar.serves)
    pauses = "".join(
        f"M{left:.1f} {BAR_TOP - 1}h{right - left:.1f}v{NOTCH_HEIGHT}h{left - right:.1f}z"
        for start, end in bar.breaks
        for left, right in axis.pieces(start, end)
    )
    notch = f'<path class="pause" d="{pauses}"/>' if pauses else ""
    return f'<g class="{bar.place}"><title>{escape(title)}</title>{boxes}{works}{notch}</g>'


def _stripe(axis: Axis, queue: tuple[str, int], start_minute: int, end_minute: int) -> str:
    letter, colour_index = queue
    parts = ""
    for left, right in axis.pieces(start_minute, end_minute):
        width = right - left
        parts += (
            f'<rect class="queue-{colour_index}" x="{left:.1f}" y="{STRIPE_TOP}" width="{width:.1f}" '
            f'height="{STRIPE_HEIGHT}"/>'
        )
        if width >= LETTER_WIDTH:
            parts += f'<text x="{left + width / 2:.1f}" y="{STRIPE_TOP - 3}">{escape(letter)}</text>'
    return parts


def definitions(axis: Axis) -> Markup:
    """What the bands refer to, once on a page: the pattern of gaps and the frames of the days."""
    line = element("path", class_="hatch-line", d="M-1 1L1 -1M0 6L6 0M5 7L7 5")
    pattern = element("pattern", line, id="hatch", width=6, height=6, patternUnits="userSpaceOnUse")
    frames = "".join(f"M{panel.left:.1f} 0H{panel.right:.1f}V{ROW_HEIGHT}H{panel.left:.1f}z" for panel in axis.panels)
    days = element("path", class_="day", id="days", d=frames)
    return element("svg", element("defs", pattern, days), class_="definitions", width=0, height=0, aria_hidden="true")
