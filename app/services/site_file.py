"""What a problem file may say and the tables cannot hold, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_uppercase

from solver.faults import InputFault, place_in
from solver.problem import Agent, Problem, Room

KEY_LENGTH, NAME_LENGTH, ZONE_LENGTH, SHORT_LENGTH = 40, 120, 64, 20
LARGEST_WHOLE_NUMBER = 2**31 - 1
MOST_QUEUES = len(ascii_uppercase)
MOST_BLOCKS = 2
MOST_HANDOVER_MINUTES = 720
LAENDER = frozenset(("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"))

Location = tuple[str | int, ...]
Text = tuple[Location, str, int]


class SiteFileError(Exception):
    """A valid problem file that no site can be made of; ``faults`` are at least one."""

    def __init__(self, faults: Sequence[InputFault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.code}" for fault in faults))
        self.faults = list(faults)


def site_file_faults(problem: Problem) -> list[InputFault]:
    """Every fault; codes are ``create_site.fault.<code>`` in the messages."""
    faults = [fault for text in _texts(problem) for fault in _text_faults(problem, *text)]
    faults += _number_faults(problem)
    if len(problem.queues) > MOST_QUEUES:
        faults.append(InputFault("queues", "queues", {"count": len(problem.queues), "most": MOST_QUEUES}))
    for index, agent in enumerate(problem.agents):
        faults += _agent_faults(problem, index, agent)
    return faults


def _texts(problem: Problem) -> Iterator[Text]:
    """Location, text and greatest length of each text that is stored."""
    site = problem.site
    yield ("site", "id"), site.id, KEY_LENGTH
    yield ("site", "name"), site.name, NAME_LENGTH
    yield ("site", "time_zone"), site.time_zone, ZONE_LENGTH
    for index, room in enumerate(problem.rooms):
        yield from _room_texts(("rooms", index), room)
    for index, queue in enumerate(problem.queues):
        yield ("queues", index, "id"), queue.id, KEY_LENGTH
    for index, agent in enumerate(problem.agents):
        yield ("agents", index, "id"), agent.id, KEY_LENGTH
        if agent.cohort is not None:
            yield ("agents", index, "cohort"), agent.cohort, SHORT_LENGTH
        for need_index, need in enumerate(agent.desk_needs):
            yield ("agents", index, "desk_needs", need_index), need, KEY_LENGTH


def _room_texts(location: Location, room: Room) -> Iterator[Text]:
    yield (*location, "id"), room.id, KEY_LENGTH
    yield (*location, "floor"), room.floor, SHORT_LENGTH
    for index, desk in enumerate(room.desks):
        yield (*location, "desks", index, "id"), desk.id, KEY_LENGTH
        for feature_index, feature in enumerate(desk.features):
            yield (*location, "desks", index, "features", feature_index), feature, KEY_LENGTH


def _text_faults(problem: Problem, location: Location, text: str, most: int) -> Iterator[InputFault]:
    place = place_in(problem, location)
    if not text.isprintable():
        yield InputFault(place, "not_printable")
    elif not text.strip() and location[-1] != "floor":
        yield InputFault(place, "blank")
    if len(text) > most:
        yield InputFault(place, "too_long", {"length": len(text), "most": most})


def _number_faults(problem: Problem) -> Iterator[InputFault]:
    """Whole numbers that are valid in a file and too large for a column."""
    hygiene = problem.hygiene
    numbers: list[tuple[Location, int | None]] = [
        (("hygiene", "max_persons_on_site"), hygiene.max_persons_on_site),
        (("hygiene", "max_arrivals_per_slot"), hygiene.max_arrivals_per_slot),
        *((("rooms", index, "max_persons"), room.max_persons) for index, room in enumerate(problem.rooms)),
    ]
    for location, number in numbers:
        if number is not None and number > LARGEST_WHOLE_NUMBER:
            yield InputFault(place_in(problem, location), "too_large", {"most": LARGEST_WHOLE_NUMBER})


def _agent_faults(problem: Problem, index: int, agent: Agent) -> Iterator[InputFault]:
    least, most = agent.weekly_minutes.min, agent.weekly_minutes.max
    if least > most:
        place = place_in(problem, ("agents", index, "weekly_minutes"))
        yield InputFault(place, "contract", {"least": least, "most": most})
    if not 1 <= agent.max_blocks_per_day <= MOST_BLOCKS:
        place = place_in(problem, ("agents", index, "max_blocks_per_day"))
        yield InputFault(place, "blocks", {"blocks": agent.max_blocks_per_day, "most": MOST_BLOCKS})
    for partner_index, partner in enumerate(agent.not_together_with):
        if partner.handover_minutes > MOST_HANDOVER_MINUTES:
            place = place_in(problem, ("agents", index, "not_together_with", partner_index))
            yield InputFault(place, "handover", {"minutes": partner.handover_minutes, "most": MOST_HANDOVER_MINUTES})
