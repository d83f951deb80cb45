"""Which desks are taken when, as bits of slots, and how many people are in each room: asked thousands of times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from solver.explaining.day_state import Stay


class DeskTimes:
    """Presence at the desks in a window of slots."""

    def __init__(self, window: range, room_of: Mapping[str, str], stays: Iterable[Stay]) -> None:
        self.window = window
        self.room_of = room_of
        self.busy: dict[str, int] = defaultdict(int)
        self.at_desk: dict[str, list[Stay]] = defaultdict(list)
        self.present: dict[str, list[int]] = {room: [0] * len(window) for room in set(room_of.values())}
        for stay in stays:
            self.come(stay)

    def bits(self, start: int, end: int) -> int:
        """The slots of a span as bits; what lies outside the window is left out."""
        first, after = max(0, start - self.window.start), min(len(self.window), end - self.window.start)
        return (1 << max(first, after)) - (1 << first)

    def come(self, stay: Stay) -> None:
        """Add a duty at a desk."""
        if stay.desk is not None:
            self.at_desk[stay.desk].append(stay)
            self.busy[stay.desk] |= self.bits(stay.start, stay.end)
            self._count(stay, 1)

    def go(self, stay: Stay) -> None:
        """Take a duty at a desk out."""
        if stay.desk is not None:
            self.at_desk[stay.desk].remove(stay)
            self.busy[stay.desk] = self.busy_without(stay.desk, stay)
            self._count(stay, -1)

    def busy_without(self, desk: str, without: Stay | None) -> int:
        """When a desk is taken, one duty left out."""
        if without is None or without.desk != desk:
            return self.busy[desk]
        taken = 0
        for stay in self.at_desk[desk]:
            taken |= self.bits(stay.start, stay.end) if stay != without else 0
        return taken

    def most_in(self, room: str, during: Stay, without: Stay | None) -> int:
        """Most people in a room at once during a duty, one duty left out."""
        counts = self.present[room]
        first, after = max(0, during.start - self.window.start), during.end - self.window.start
        most = max(counts[first:after], default=0)
        if without is None or without.desk is None or self.room_of[without.desk] != room:
            return most
        own = range(without.start - self.window.start, without.end - self.window.start)
        return max((counts[slot] - (slot in own) for slot in range(first, min(after, len(counts)))), default=0)

    def _count(self, stay: Stay, change: int) -> None:
        counts = self.present[self.room_of[str(stay.desk)]]
        for slot in range(max(stay.start, self.window.start), min(stay.end, self.window.stop)):
            counts[slot - self.window.start] += change
