"""The time axis that all bands of a page share: a panel per day, as wide as the day is long.

Days are cropped to the hours in use on any of them. A day on which the clock changes keeps its 23 or 25 hours
where the night is shown, and its ticks carry what the wall clock says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solver.timeline import MINUTES_PER_CLOCK_DAY, Span, Timeline

HOUR = 60
TICK_HOURS = (1, 2, 3, 6, 12)
PX_BETWEEN_TICKS = 34.0


@dataclass(frozen=True)
class Panel:
    """The part of one day that is shown."""

    day_index: int
    start_minute: int
    end_minute: int
    left: float
    right: float


@dataclass(frozen=True)
class Tick:
    """A labelled hour: ``clock_hour`` is what the wall clock shows there."""

    x: float
    clock_hour: int


@dataclass(frozen=True)
class Axis:
    """Where each minute of the days shown is drawn."""

    timeline: Timeline
    panels: tuple[Panel, ...]
    width: float

    @property
    def px_per_minute(self) -> float:
        """The scale, the same in all panels."""
        first = self.panels[0]
        return (first.right - first.left) / (first.end_minute - first.start_minute)

    def x(self, panel: Panel, minute: float) -> float:
        """Place of an elapsed minute inside a panel."""
        return panel.left + (minute - panel.start_minute) * self.px_per_minute

    def pieces(self, start_minute: int, end_minute: int) -> list[tuple[float, float]]:
        """Left and right of a span in every panel that shows a part of it."""
        return [
            (self.x(panel, max(start_minute, panel.start_minute)), self.x(panel, min(end_minute, panel.end_minute)))
            for panel in self.panels
            if start_minute < panel.end_minute and end_minute > panel.start_minute
        ]

    def ticks(self) -> list[Tick]:
        """Hours to be labelled, as many as fit."""
        step_hours = next(
            (hours for hours in TICK_HOURS if hours * HOUR * self.px_per_minute >= PX_BETWEEN_TICKS), TICK_HOURS[-1]
        )
        return [tick for panel in self.panels for tick in self._panel_ticks(panel, step_hours)]

    def _panel_ticks(self, panel: Panel, step_hours: int) -> Iterable[Tick]:
        step_minutes = min(HOUR, self.timeline.slot_minutes)
        for minute in range(panel.start_minute, panel.end_minute, step_minutes):
            hour, past_hour = divmod(self.timeline.clock_of(minute), HOUR)
            if past_hour == 0 and hour % step_hours == 0:
                yield Tick(self.x(panel, minute), hour)


def axis_for(timeline: Timeline, used: Iterable[Span], days: Sequence[int], width: float, gap: float = 6.0) -> Axis:
    """An axis of some days, cropped to whole hours around everything that is in use on any day.

    :param used: spans in elapsed minutes: demand, duties
    :param days: indices of the days shown
    :param width: of all panels with the gaps between them
    """
    first_clock, last_clock = _clock_window(timeline, used)
    spans = [(day_index, *_shown(timeline, day_index, first_clock, last_clock)) for day_index in days]
    shown_minutes = sum(end - start for _day, start, end in spans)
    px_per_minute = (width - gap * (len(spans) - 1)) / shown_minutes
    panels = []
    left = 0.0
    for day_index, start, end in spans:
        right = left + (end - start) * px_per_minute
        panels.append(Panel(day_index, start, end, left, right))
        left = right + gap
    return Axis(timeline, tuple(panels), width)


def _shown(timeline: Timeline, day_index: int, first_clock: int, last_clock: int) -> Span:
    return timeline.clock_minute(day_index, first_clock), timeline.clock_minute(day_index, last_clock)


def _clock_window(timeline: Timeline, used: Iterable[Span]) -> Span:
    first_clock, last_clock = MINUTES_PER_CLOCK_DAY, 0
    for start, end in used:
        if timeline.day_index_of(start) != timeline.day_index_of(end - 1):
            return 0, MINUTES_PER_CLOCK_DAY
        first_clock = min(first_clock, timeline.clock_of(start))
        last_clock = max(last_clock, timeline.clock_of(end - 1) + 1)
    if first_clock >= last_clock:
        return 6 * HOUR, 22 * HOUR
    return first_clock // HOUR * HOUR, -(-last_clock // HOUR) * HOUR
