"""What changes for whom between two rosters of one week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.services.roster_grid import Bar, Row


class Change(StrEnum):
    """What happens to a duty; ``desk`` is the same duty at another desk."""

    ADDED = "added"
    MOVED = "moved"
    REMOVED = "removed"
    DESK = "desk"


@dataclass(frozen=True)
class DutyChange:
    """One duty before and after; None where there is none."""

    agent: str
    day_index: int
    change: Change
    before: Bar | None
    after: Bar | None


@dataclass(frozen=True)
class RosterDifference:
    """All changed duties, in the order of the problem's agents and of time."""

    changes: tuple[DutyChange, ...]

    @property
    def agents(self) -> int:
        """People for whom something changes."""
        return len({change.agent for change in self.changes})

    def count(self, change: Change) -> int:
        """Duties that changed in one way."""
        return sum(entry.change == change for entry in self.changes)


def difference_of(before: Iterable[Row], after: Iterable[Row]) -> RosterDifference:
    """Changes from one roster to another of the same days."""
    old = {row.agent.id: row.bars for row in before}
    new = {row.agent.id: row.bars for row in after}
    agents = dict.fromkeys((*new, *old))
    return RosterDifference(
        tuple(change for agent in agents for change in _agent_changes(agent, old.get(agent, ()), new.get(agent, ())))
    )


def _agent_changes(agent: str, old: Sequence[Bar], new: Sequence[Bar]) -> list[DutyChange]:
    changes: list[DutyChange] = []
    for day_index in sorted({bar.day_index for bar in (*old, *new)}):
        before = [bar for bar in old if bar.day_index == day_index]
        after = [bar for bar in new if bar.day_index == day_index]
        changes += _day_changes(agent, day_index, before, after)
    return changes


def _day_changes(agent: str, day_index: int, before: list[Bar], after: list[Bar]) -> list[DutyChange]:
    """Duties at the same time and place are kept; of the others the first before becomes the first after."""
    kept = {_identity(bar): bar for bar in before}
    changes = []
    for bar in after:
        twin = kept.get(_identity(bar))
        if twin is not None and twin.desk != bar.desk:
            changes.append(DutyChange(agent, day_index, Change.DESK, twin, bar))
    left = [bar for bar in before if _identity(bar) not in {_identity(other) for other in after}]
    come = [bar for bar in after if _identity(bar) not in kept]
    pairs = min(len(left), len(come))
    changes += [
        DutyChange(agent, day_index, Change.MOVED, *pair) for pair in zip(left[:pairs], come[:pairs], strict=True)
    ]
    changes += [DutyChange(agent, day_index, Change.REMOVED, bar, None) for bar in left[pairs:]]
    changes += [DutyChange(agent, day_index, Change.ADDED, None, bar) for bar in come[pairs:]]
    return changes


def _identity(bar: Bar) -> tuple[int, int, str]:
    return bar.start_minute, bar.end_minute, bar.place
