"""The floor to scale: which desks are released, why the others are not, and who sits where at a moment."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.services.floor_occupancy import Seating
from solver.layout import DISTANCE_TOLERANCE_M, Layout, plan_layout, room_cap
from solver.problem import Desk, Problem, Room

LAYOUT_SECONDS = 3.0
WALL_M = 1.0
"""Room drawn around the desks where no outline is stored."""

Point = tuple[float, float]


class DeskState(StrEnum):
    """Whether a desk may be used; ``spare`` could be, but is not released."""

    RELEASED = "released"
    TOO_CLOSE = "too_close"
    BLOCKED = "blocked"
    SPARE = "spare"


@dataclass(frozen=True)
class DeskPlan:
    """One desk.

    :param near: the nearest released desk that is too close, and how far away it is in metres
    :param seating: who sits here at the moment asked for
    """

    desk: Desk
    state: DeskState
    near: tuple[str, float] | None = None
    seating: Seating | None = None

    @property
    def label(self) -> str:
        """The last part of the desk's id, which is what fits on the plan."""
        return self.desk.id.rsplit("-", 1)[-1][-4:]


@dataclass(frozen=True)
class RoomPlan:
    """One room.

    :param outline: corners in metres
    :param screens: partitions as lines across the middle between two desks
    :param cap: most persons at once, None where nothing limits
    """

    room: Room
    outline: tuple[Point, ...]
    desks: tuple[DeskPlan, ...]
    screens: tuple[tuple[Point, Point], ...]
    cap: int | None

    @property
    def released(self) -> int:
        """Desks that may be used."""
        return self.count(DeskState.RELEASED)

    @property
    def limit(self) -> int:
        """Most persons at once."""
        return self.released if self.cap is None else min(self.cap, self.released)

    @property
    def seated(self) -> int:
        """Persons present at the moment asked for."""
        return sum(desk.seating is not None for desk in self.desks)

    def count(self, state: DeskState) -> int:
        """Desks in a state."""
        return sum(desk.state == state for desk in self.desks)


@dataclass(frozen=True)
class FloorPlan:
    """All rooms in the order of the problem."""

    rooms: tuple[RoomPlan, ...]
    distance_m: float

    @property
    def floors(self) -> dict[str, list[RoomPlan]]:
        """Rooms by floor."""
        found: dict[str, list[RoomPlan]] = {}
        for room in self.rooms:
            found.setdefault(room.room.floor, []).append(room)
        return found

    @property
    def released(self) -> int:
        """Desks that may be used."""
        return sum(room.released for room in self.rooms)

    @property
    def limit(self) -> int:
        """Most persons at once by the rooms."""
        return sum(room.limit for room in self.rooms)


def floor_plan(
    problem: Problem,
    released: Iterable[str],
    outlines: Mapping[str, Sequence[Point]],
    *,
    distance_m: float | None = None,
    seatings: Mapping[str, Seating] | None = None,
) -> FloorPlan:
    """The plan of a site.

    :param outlines: corners of rooms by id; where there are none, a box around the desks is drawn
    :param distance_m: another distance than the problem's
    :param seatings: who sits where, by desk id
    """
    distance = distance_m if distance_m is not None else problem.hygiene.min_distance_m or 0.0
    chosen, seated = set(released), seatings or {}
    rooms = tuple(
        RoomPlan(
            room=room,
            outline=tuple(outlines.get(room.id) or _box(room)),
            desks=tuple(_desk_plan(room, desk, chosen, distance, seated.get(desk.id)) for desk in room.desks),
            screens=tuple(_screens(room)),
            cap=room_cap(problem, room),
        )
        for room in problem.rooms
    )
    return FloorPlan(rooms, distance)


def _desk_plan(room: Room, desk: Desk, released: set[str], distance_m: float, seating: Seating | None) -> DeskPlan:
    if desk.id in released:
        return DeskPlan(desk, DeskState.RELEASED, seating=seating)
    if desk.blocked:
        return DeskPlan(desk, DeskState.BLOCKED, seating=seating)
    near = _nearest_too_close(room, desk, released, distance_m)
    return DeskPlan(desk, DeskState.TOO_CLOSE if near else DeskState.SPARE, near, seating)


def _nearest_too_close(room: Room, desk: Desk, released: set[str], distance_m: float) -> tuple[str, float] | None:
    screened = {other for pair in room.partitions if desk.id in pair for other in pair}
    apart = [
        (math.hypot(other.x_m - desk.x_m, other.y_m - desk.y_m), other.id)
        for other in room.desks
        if other.id in released and other.id not in screened
    ]
    nearest = min(apart, default=None)
    if nearest is None or nearest[0] >= distance_m - DISTANCE_TOLERANCE_M:
        return None
    return nearest[1], nearest[0]


def _box(room: Room) -> list[Point]:
    across = [desk.x_m for desk in room.desks] or [0.0]
    along = [desk.y_m for desk in room.desks] or [0.0]
    left, right = min(across) - WALL_M, max(across) + WALL_M
    near, far = min(along) - WALL_M, max(along) + WALL_M
    return [(left, near), (right, near), (right, far), (left, far)]


def _screens(room: Room) -> Iterable[tuple[Point, Point]]:
    """Half a metre to either side of the middle between two desks, across the line that joins them."""
    desks = {desk.id: desk for desk in room.desks}
    for first, second in room.partitions:
        one, two = desks[first], desks[second]
        apart = math.hypot(two.x_m - one.x_m, two.y_m - one.y_m)
        across = ((two.y_m - one.y_m) / apart / 2, (one.x_m - two.x_m) / apart / 2)
        middle = ((one.x_m + two.x_m) / 2, (one.y_m + two.y_m) / 2)
        yield (middle[0] - across[0], middle[1] - across[1]), (middle[0] + across[0], middle[1] + across[1])


@lru_cache(maxsize=32)
def _layout(problem_json: str, distance_m: float | None) -> Layout:
    problem = Problem.model_validate_json(problem_json)
    return plan_layout(problem, distance_m=distance_m, time_limit_seconds=LAYOUT_SECONDS)


def released_at(problem: Problem, distance_m: float | None = None) -> Layout:
    """The most desks that keep a distance, remembered while rooms, rules and what people need stay the same."""
    nothing_else: dict[str, list[object]] = {"availability": [], "not_together_with": [], "previous": []}
    seated = [agent.model_copy(update=nothing_else) for agent in problem.agents]
    asked = problem.model_copy(update={"demand": [], "agents": seated})
    return _layout(json.dumps(asked.as_json()), distance_m)
