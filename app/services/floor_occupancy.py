"""How many people are in each room and on the site, slot by slot, against the caps in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.layout import room_cap
from solver.problem import Duty, Problem
from solver.roster import Roster


@dataclass(frozen=True)
class RoomOccupancy:
    """One room over the horizon.

    :param cap: most persons at once by area and ``max_persons``, None where neither limits
    :param released: desks that may be used
    :param present: persons in the room, one number a slot
    """

    room: str
    cap: int | None
    released: int
    present: tuple[int, ...]

    @property
    def limit(self) -> int:
        """Most persons that may sit in the room at once: the cap, or the released desks where they are fewer."""
        return self.released if self.cap is None else min(self.cap, self.released)

    @property
    def peak(self) -> int:
        """Most persons at once."""
        return max(self.present, default=0)

    @property
    def peak_slot(self) -> int:
        """First slot of the peak; 0 in an empty horizon."""
        return self.present.index(self.peak) if self.present else 0


@dataclass(frozen=True)
class FloorOccupancy:
    """All rooms of a site.

    :param site_cap: most persons on the site by the hygiene rules, None where they set none
    """

    rooms: tuple[RoomOccupancy, ...]
    site_cap: int | None
    present: tuple[int, ...]

    @property
    def peak(self) -> int:
        """Most persons on the site at once."""
        return max(self.present, default=0)

    @property
    def limit(self) -> int:
        """Most persons that may be on the site at once, by its own cap and by its rooms."""
        seats = sum(room.limit for room in self.rooms)
        return seats if self.site_cap is None else min(seats, self.site_cap)


def desk_rooms(problem: Problem) -> dict[str, str]:
    """The room of each desk, by ids."""
    return {desk.id: room.id for room in problem.rooms for desk in room.desks}


def floor_occupancy_of(problem: Problem, roster: Roster) -> FloorOccupancy:
    """Persons present, breaks included, in every room and on the site."""
    present = _present(problem, roster, desk_rooms(problem))
    released = set(roster.released_desks)
    rooms = tuple(
        RoomOccupancy(
            room=room.id,
            cap=room_cap(problem, room),
            released=sum(desk.id in released for desk in room.desks),
            present=tuple(present[room.id]),
        )
        for room in problem.rooms
    )
    on_site = tuple(sum(persons) for persons in zip(*present.values(), strict=True))
    return FloorOccupancy(rooms, problem.hygiene.max_persons_on_site, on_site)


def _present(problem: Problem, roster: Roster, room_of_desk: Mapping[str, str]) -> dict[str, list[int]]:
    timeline = problem.timeline
    present = {room.id: [0] * timeline.slots for room in problem.rooms}
    for duty in roster.duties:
        if duty.desk is not None:
            first, end = (timeline.minute_of(moment) // timeline.slot_minutes for moment in (duty.start, duty.end))
            in_room = present[room_of_desk[duty.desk]]
            for slot in range(first, end):
                in_room[slot] += 1
    return present


@dataclass(frozen=True)
class Seating:
    """Who sits at a desk at one moment."""

    agent: str
    desk: str
    start_minute: int
    end_minute: int


def seated_at(problem: Problem, roster: Roster, minute: int) -> dict[str, Seating]:
    """The person at each desk in use at an elapsed minute, by desk id."""
    timeline = problem.timeline
    moment = timeline.instant_of(minute)
    return {
        duty.desk: _seating(problem, duty, duty.desk)
        for duty in roster.duties
        if duty.desk is not None and duty.start <= moment < duty.end
    }


def _seating(problem: Problem, duty: Duty, desk: str) -> Seating:
    timeline = problem.timeline
    return Seating(duty.agent, desk, timeline.minute_of(duty.start), timeline.minute_of(duty.end))
