"""Which desks a person could have for a duty, the best first: the usual one, else near it, else near the team."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from app.models import Agent, Desk
from app.services.guard_case import Scene
from app.services.on_site import BoolArray, IntArray, OnSite, most_at_once
from app.services.site_ground import Ground

KEEPS_ROOMS_APART = {"same_room", "same_site", "same_day"}


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
    ground, (start, end) = scene.ground, scene.minutes_of(starts_at, ends_at)
    gap = ground.part.hygiene.cleaning_gap_minutes
    colleagues = [duty for row_id, duty in scene.own.items() if row_id not in without and duty.agent_id != agent.id]
    near = scene.others.during(start - gap, end + gap).joined(scene.beside(colleagues).during(start - gap, end + gap))
    present = near.during(start, end)
    free = _usable(scene, agent) & ~_taken(ground, near, present)
    if not in_full_rooms:
        free &= _open_rooms(ground, agent, present)[ground.room_indexes]
    return [ground.rows.desks[index] for index in _ranked(ground, agent, present, np.flatnonzero(free))]


def _usable(scene: Scene, agent: Agent) -> BoolArray:
    """Desks with what the agent needs that may be used in the week."""
    needs = set(agent.desk_needs)
    if not needs:
        return scene.ground.usable
    return scene.ground.usable & np.array([needs <= set(desk.features) for desk in scene.rows.desks], dtype=np.bool_)


def _taken(ground: Ground, near: OnSite, present: OnSite) -> BoolArray:
    """Desks that somebody has or that are not clean in time, and those too close to somebody."""
    taken = np.zeros(len(ground.rows.desks), dtype=np.bool_)
    taken[near.desks] = True
    if ground.too_close:
        for desk in present.desks.tolist():
            taken[list(ground.too_close.get(desk, ()))] = True
    return taken


def _open_rooms(ground: Ground, agent: Agent, present: OnSite) -> BoolArray:
    """Rooms with a place left by their caps, and without another cohort where cohorts keep apart."""
    rooms = ground.room_indexes[present.desks]
    is_open = np.ones(len(ground.rows.rooms), dtype=np.bool_)
    for room in np.unique(rooms).tolist():
        inside = rooms == room
        is_open[room] = (
            int(inside.sum()) < ground.most_in_room[room]
            or most_at_once(present.starts[inside], present.ends[inside]) < ground.most_in_room[room]
        )
    is_open &= ground.most_in_room > 0
    if ground.part.hygiene.cohort_rule in KEEPS_ROOMS_APART and agent.cohort is not None:
        cohorts = [present.people[one][1] for one in present.agents.tolist()]
        mixed = [
            room for room, cohort in zip(rooms.tolist(), cohorts, strict=True) if cohort not in {None, agent.cohort}
        ]
        is_open[mixed] = False
    return is_open


def _ranked(ground: Ground, agent: Agent, present: OnSite, free: IntArray) -> list[int]:
    team = np.bincount(ground.room_indexes[present.desks], minlength=len(ground.rows.rooms))
    rooms = ground.room_indexes[free]
    order = np.lexsort((ground.key_order[free], -team[rooms], _apart_m(ground, agent)[free]))
    ranked: list[int] = free[order].tolist()
    return ranked


def _apart_m(ground: Ground, agent: Agent) -> NDArray[np.float64]:
    """Metres from the usual desk; the same for all where there is none, and far for another room."""
    usual = None if agent.usual_desk_id is None else ground.desk_indexes.get(agent.usual_desk_id)
    if usual is None:
        return np.zeros(len(ground.rows.desks))
    apart = np.hypot(*(ground.places_m - ground.places_m[usual]).T)
    return np.where(ground.room_indexes == ground.room_indexes[usual], apart, np.inf)
