"""Every chart as a table: one row per slot of a day, requirement, people serving and people present."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.services.coverage import QueueCoverage
from app.services.floor_occupancy import RoomOccupancy
from app.services.manager_rosters import RosterPicture
from solver.timeline import Timeline


@dataclass(frozen=True)
class QueueCell:
    """One queue in one slot."""

    required: int
    serving: int

    @property
    def missing(self) -> int:
        """People missing."""
        return max(0, self.required - self.serving)


@dataclass(frozen=True)
class SlotRow:
    """One slot: what the clock shows at its start, each queue and each room in the order of the problem."""

    clock_minutes: int
    queues: tuple[QueueCell, ...]
    rooms: tuple[int, ...]
    on_site: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody is required, serving or present."""
        return not self.on_site and not any(cell.required or cell.serving for cell in self.queues)


def slot_rows(picture: RosterPicture, day_index: int) -> list[SlotRow]:
    """The slots of a day from the first to the last in which anything happens."""
    timeline = picture.problem.timeline
    rows = [_row(picture, slot) for slot in _slots(timeline, day_index)]
    busy = [index for index, row in enumerate(rows) if not row.is_empty]
    return rows[busy[0] : busy[-1] + 1] if busy else []


def _slots(timeline: Timeline, day_index: int) -> Iterable[int]:
    first, end = (timeline.day_start_minutes[day_index + add] // timeline.slot_minutes for add in (0, 1))
    return range(first, end)


def _row(picture: RosterPicture, slot: int) -> SlotRow:
    occupancy = picture.occupancy
    return SlotRow(
        clock_minutes=picture.problem.timeline.clock_of(slot * picture.problem.horizon.slot_minutes),
        queues=tuple(_cell(queue, slot) for queue in picture.coverage.queues),
        rooms=tuple(_persons(room, slot) for room in occupancy.rooms),
        on_site=occupancy.present[slot] if occupancy.present else 0,
    )


def _cell(queue: QueueCoverage, slot: int) -> QueueCell:
    return QueueCell(queue.required[slot], queue.serving[slot])


def _persons(room: RoomOccupancy, slot: int) -> int:
    return room.present[slot]
