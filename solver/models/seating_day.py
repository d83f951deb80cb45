"""The best seating of one day with all other days as they are, by CP-SAT: for sites where that takes moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

NOWHERE = -1
NOT_THE_USUAL_DESK = 1000
MOST_EFFORT = 1.0


@dataclass(frozen=True)
class Seat:
    """One duty on site, in minutes.

    :param duty: its place in the roster's list
    :param wanted: number of the agent's usual desk, NOWHERE where there is none or it cannot be had
    :param desks: numbers of the desks that the duty may have
    :param cohort: None where the agent has none, or cohorts may share a room
    """

    duty: int
    agent: int
    start: int
    end: int
    wanted: int
    desks: Collection[int]
    cohort: int | None


@dataclass(frozen=True)
class DayRooms:
    """What the other days' duties leave of the rooms.

    :param room_of: the room of each desk
    :param places_left: persons who may still come into a room in a slot, None for any number
    :param cohorts_there: cohorts already present in a room in a slot
    """

    room_of: Sequence[int]
    slot_minutes: int
    gap_minutes: int
    places_left: Callable[[int, int], int | None]
    cohorts_there: Callable[[int, int], set[int]]


Seats = Mapping[int, Seat]
Choice = dict[tuple[int, int], cp_model.IntVar]


def best_day(
    seats: Seats, room: DayRooms, used_otherwise: Mapping[int, set[int]], present: Mapping[int, int], seconds: float
) -> dict[int, int] | None:
    """Desks by the keys of ``seats``: fewest away from the usual desk, then fewest not used on other days.

    :param used_otherwise: desks of each agent on other days
    :param present: the desks as they are, to start from
    :returns: None where nothing was found in time
    """
    model = cp_model.CpModel()
    sits: Choice = {(key, desk): model.new_bool_var("") for key, seat in seats.items() for desk in seat.desks}
    for key, seat in seats.items():
        model.add_exactly_one(sits[key, desk] for desk in seat.desks)
    _add_cleaning_gap(model, seats, room, sits)
    _add_rooms(model, seats, room, sits)
    costs = [
        (
            NOT_THE_USUAL_DESK * (seats[key].wanted not in (NOWHERE, desk))
            + (desk not in used_otherwise[seats[key].agent])
        )
        * literal
        for (key, desk), literal in sits.items()
    ]
    model.minimize(cp_model.LinearExpr.sum(costs))
    for (key, desk), literal in sits.items():
        model.add_hint(literal, present[key] == desk)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    # Effort is counted, so that the same roster gives the same seats on any day.
    solver.parameters.max_deterministic_time = MOST_EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {key: desk for (key, desk), literal in sits.items() if solver.boolean_value(literal)}


def _add_cleaning_gap(model: cp_model.CpModel, seats: Seats, room: DayRooms, sits: Choice) -> None:
    """At each start, all whose presence or cleaning covers it are at different desks; one person may follow herself."""
    for minute in sorted({seat.start for seat in seats.values()}):
        by_desk: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for key, seat in seats.items():
            if seat.start <= minute < seat.end + room.gap_minutes:
                for desk in seat.desks:
                    by_desk[desk][seat.agent].append(sits[key, desk])
        for agents in by_desk.values():
            if len(agents) > 1:
                model.add_at_most_one(_any(model, literals) for literals in agents.values())


def _any(model: cp_model.CpModel, literals: list[cp_model.IntVar]) -> cp_model.IntVar:
    if len(literals) == 1:
        return literals[0]
    some = model.new_bool_var("")
    for literal in literals:
        model.add_implication(literal, some)
    return some


def _add_rooms(model: cp_model.CpModel, seats: Seats, room: DayRooms, sits: Choice) -> None:
    slots = range(
        min(seat.start for seat in seats.values()) // room.slot_minutes,
        max(seat.end for seat in seats.values()) // room.slot_minutes,
    )
    for slot in slots:
        minute = slot * room.slot_minutes
        persons: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        cohorts: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for key, seat in seats.items():
            if seat.start <= minute < seat.end:
                for desk in seat.desks:
                    persons[room.room_of[desk]].append(sits[key, desk])
                    if seat.cohort is not None:
                        cohorts[room.room_of[desk]][seat.cohort].append(sits[key, desk])
        for number, literals in persons.items():
            left = room.places_left(number, slot)
            if left is not None and len(literals) > left:
                model.add(cp_model.LinearExpr.sum(literals) <= left)
        for number, members in cohorts.items():
            _keep_apart(model, members, room.cohorts_there(number, slot))


def _keep_apart(model: cp_model.CpModel, members: Mapping[int, list[cp_model.IntVar]], there: set[int]) -> None:
    for cohort, literals in members.items():
        if there - {cohort}:
            for literal in literals:
                model.add(literal == 0)
    if len(members) > 1:
        model.add_at_most_one(_any(model, literals) for literals in members.values())
