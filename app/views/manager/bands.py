"""The bands of a roster page with their names and labels in the language of the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.messages import formats
from app.services.coverage import Gap, QueueCoverage
from app.services.floor_occupancy import RoomOccupancy
from app.services.manager_names import AgentName, QueueName, SiteNames
from app.services.manager_rosters import RosterPicture
from app.services.roster_grid import Bar, Row
from app.svg import bands
from app.svg.axis import Axis, axis_for
from app.views.common import language, t

WIDTH = 1080.0


@dataclass(frozen=True)
class CoverageRow:
    """A queue and its picture."""

    coverage: QueueCoverage
    name: QueueName
    picture: Markup


@dataclass(frozen=True)
class RoomRow:
    """A room and its picture."""

    occupancy: RoomOccupancy
    name: str
    picture: Markup


@dataclass(frozen=True)
class AgentRow:
    """An agent and the picture of the agent's duties."""

    row: Row
    name: AgentName
    picture: Markup


@dataclass(frozen=True)
class Bands:
    """Three bands under one head."""

    definitions: Markup
    head: Markup
    queues: list[CoverageRow]
    rooms: list[RoomRow]
    agents: list[AgentRow]


def bands_of(
    picture: RosterPicture, rows: Sequence[Row], names: SiteNames, day_index: int | None, gap: Gap | None
) -> Bands:
    """All bands of a roster, of one day or of all days.

    :param rows: agents to show
    :param gap: a gap to mark
    """
    timeline = picture.problem.timeline
    days = range(timeline.days) if day_index is None else [day_index]
    axis = axis_for(timeline, picture.used_spans, days, WIDTH)
    writer = BarWriter(axis, names)
    return Bands(
        definitions=bands.definitions(axis),
        head=bands.head(axis, writer.day_names, t("manager_draft.axis")),
        queues=[_coverage_row(axis, queue, names, gap) for queue in picture.coverage.queues],
        rooms=[_room_row(axis, room, names) for room in picture.occupancy.rooms],
        agents=[writer.agent_row(row) for row in rows],
    )


def _coverage_row(axis: Axis, queue: QueueCoverage, names: SiteNames, gap: Gap | None) -> CoverageRow:
    name = names.queue(queue.queue)
    covered = formats.percent(queue.covered_share, language())
    label = t("manager_draft.coverage.label", queue=name.name, covered=covered)
    marked = (gap.start_minute, gap.end_minute) if gap and gap.queue == queue.queue else None
    return CoverageRow(queue, name, bands.coverage_band(axis, queue, name.colour_index, label, marked))


def _room_row(axis: Axis, room: RoomOccupancy, names: SiteNames) -> RoomRow:
    name = names.room(room.room)
    label = t("manager_draft.room.label", room=name, peak=room.peak, limit=room.limit)
    return RoomRow(room, name, bands.room_band(axis, room, axis.timeline.slot_minutes, label))


class BarWriter:
    """Writes duties as text, each day's name only once."""

    def __init__(self, axis: Axis, names: SiteNames) -> None:
        self.axis = axis
        self.names = names
        timeline = axis.timeline
        self.day_names = {
            index: formats.weekday_date(timeline.day(index), language()) for index in range(timeline.days)
        }
        self.letters = {key: (queue.letter, queue.colour_index) for key, queue in names.queues.items()}
        self.places = {place: t(f"common.place.{place}") for place in ("site", "home")}
        self.pause = t("manager_draft.pause")

    def agent_row(self, row: Row) -> AgentRow:
        """One line of the grid."""
        name = self.names.agent(row.agent.id)
        bars = [bar for bar in row.bars if self._is_shown(bar)]
        titles = [self.title(bar) for bar in bars]
        label = f"{name.name}: {'; '.join(titles) or t('manager_draft.no_duty')}"
        letters = {key: self._letter(key) for bar in bars for key in bar.queues}
        return AgentRow(row, name, bands.bars_band(self.axis, bars, letters, titles, label))

    def title(self, bar: Bar) -> str:
        """``Mo 30.3. 08:00-14:30 am Standort 3E-01, Pause 11:00, A B``."""
        place = self.places[bar.place] + (f" {bar.desk}" if bar.desk else "")
        pauses = "".join(f", {self.pause} {self._clock(start)}" for start, _end in bar.breaks)
        queues = " ".join(sorted(self._letter(key)[0] for key in bar.queues))
        span = f"{self._clock(bar.start_minute)}–{self._clock(bar.end_minute)}"
        return f"{self.day_names[bar.day_index]} {span} {place}{pauses}{f', {queues}' if queues else ''}"

    def _letter(self, queue: str) -> tuple[str, int]:
        if queue not in self.letters:
            name = self.names.queue(queue)
            self.letters[queue] = (name.letter, name.colour_index)
        return self.letters[queue]

    def _clock(self, minute: int) -> str:
        return formats.clock_minutes(self.axis.timeline.clock_of(minute))

    def _is_shown(self, bar: Bar) -> bool:
        return bool(self.axis.pieces(bar.start_minute, bar.end_minute))
