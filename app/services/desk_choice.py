"""Which desks a person could have for a duty, the best first: the usual one, else near it, else near the team."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models import Agent, Desk
from app.services.guard_case import Scene
from solver import problem
from solver.checks.room_cap import cap_of

KEEPS_ROOMS_APART = {"same_room", "same_site", "same_day"}


@dataclass(frozen=True)
class _Floor:
    """Who sits where around a duty: duties of others, and the rooms by their desks."""

    sitting: list[problem.Duty]
    cohorts: dict[str, str | None]
    queues: dict[str, list[str]]
    rooms: dict[str, problem.Room]


def free_desks(
    scene: Scene,
    agent: Agent,
    starts_at: datetime,
    ends_at: datetime,
    without: Collection[int] = (),
    *,
    in_full_rooms: bool = False,
) -> list[Desk]:
    """Released desks that are free, clean and allowed for the whole time, the best first.

    :param without: row ids of duties that go in the same change
    :param in_full_rooms: also those in rooms that take nobody else
    """
    floor = _floor(scene, agent, without)
    gap = timedelta(minutes=scene.part.hygiene.cleaning_gap_minutes)
    taken = {duty.desk for duty in floor.sitting if duty.start < ends_at + gap and duty.end > starts_at - gap}
    present = [duty for duty in floor.sitting if duty.start < ends_at and duty.end > starts_at]
    open_rooms = _open_rooms(scene, agent, floor, present)
    released, needs = set(scene.released), set(agent.desk_needs)
    free = [
        desk
        for desk in scene.rows.desks
        if desk.key in released and desk.key not in taken and not desk.blocked and needs <= set(desk.features)
    ]
    return _ranked(scene, agent, floor, present, [desk for desk in free if in_full_rooms or desk.room_id in open_rooms])


def _floor(scene: Scene, agent: Agent, without: Collection[int]) -> _Floor:
    own = [
        scene.duty_of(duty)
        for row_id, duty in scene.own.items()
        if row_id not in without and duty.agent_id != agent.id and duty.desk_id is not None
    ]
    agents = scene.part.agents
    return _Floor(
        sitting=[*own, *scene.others],
        cohorts={one.id: one.cohort for one in agents},
        queues={one.id: one.queues for one in agents},
        rooms={desk.id: room for room in scene.part.rooms for desk in room.desks},
    )


def _open_rooms(scene: Scene, agent: Agent, floor: _Floor, present: list[problem.Duty]) -> set[int]:
    """Rooms with a place left by their caps, and without another cohort where cohorts keep apart."""
    keys = {room.key: room.id for room in scene.rows.rooms}
    apart = scene.part.hygiene.cohort_rule in KEEPS_ROOMS_APART and agent.cohort is not None
    open_rooms = set()
    for room in scene.part.rooms:
        inside = [duty for duty in present if floor.rooms[str(duty.desk)].id == room.id]
        cap = cap_of(room, scene.part.hygiene)
        mixed = apart and any(floor.cohorts[duty.agent] not in {None, agent.cohort} for duty in inside)
        if not mixed and (cap is None or _peak(inside) < cap):
            open_rooms.add(keys[room.id])
    return open_rooms


def _peak(duties: Iterable[problem.Duty]) -> int:
    """Most persons at once."""
    steps = sorted(step for duty in duties for step in ((duty.start, 1), (duty.end, -1)))
    here = peak = 0
    for _, change in steps:
        here += change
        peak = max(peak, here)
    return peak


def _ranked(
    scene: Scene, agent: Agent, floor: _Floor, present: list[problem.Duty], desks: Iterable[Desk]
) -> list[Desk]:
    usual = next((desk for desk in scene.rows.desks if desk.id == agent.usual_desk_id), None)
    own = next((one.queues for one in scene.rows.agents if one.agent.id == agent.id), [])
    team = Counter(floor.rooms[str(duty.desk)].id for duty in present if set(floor.queues[duty.agent]) & set(own))
    keys = {room.id: room.key for room in scene.rows.rooms}

    def place(desk: Desk) -> tuple[float, int, str]:
        return _apart_m(desk, usual), -team[keys[desk.room_id]], desk.key

    return sorted(desks, key=place)


def _apart_m(desk: Desk, usual: Desk | None) -> float:
    """Metres from the usual desk; the same for all where there is none, and far for another room."""
    if usual is None:
        return 0.0
    if desk.room_id != usual.room_id:
        return math.inf
    return math.hypot(desk.x_m - usual.x_m, desk.y_m - usual.y_m)
