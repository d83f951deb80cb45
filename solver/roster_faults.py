"""What makes a roster unusable for a problem, as distinct from the rules it breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from solver.faults import InputFault
from solver.problem import Duty, Problem
from solver.problem_faults import FaultList, Location
from solver.roster import Roster


def roster_faults(
    problem: Problem,
    roster: Roster,
    content: Mapping[str, Any] | None = None,
    kept: Mapping[str, Sequence[int]] | None = None,
) -> list[InputFault]:
    """Every fault of a roster whose single fields are all right: references, grid, horizon, parts of duties.

    :param content: the file's content, where wrong duties were left out of the roster
    :param kept: the places in the file of the duties that were not
    """
    faults = FaultList(content or roster, problem.timeline, kept)
    if roster.site != problem.site.id:
        faults.add(("site",), "another_site", id=roster.site, wanted=problem.site.id)
    if roster.first_day != problem.horizon.first_day:
        faults.add(("first_day",), "another_first_day", wanted=problem.horizon.first_day.isoformat())
    agents = {agent.id for agent in problem.agents}
    queues = {queue.id for queue in problem.queues}
    desks = {desk.id for room in problem.rooms for desk in room.desks}
    for index, desk in enumerate(roster.released_desks):
        faults.known(("released_desks", index), desk, desks, "unknown_desk")
    faults.unique(
        ((("released_desks", index), desk) for index, desk in enumerate(roster.released_desks)), "repeated_release"
    )
    for index, duty in enumerate(roster.duties):
        location = ("duties", index)
        faults.known((*location, "agent"), duty.agent, agents, "unknown_agent")
        faults.known((*location, "desk"), duty.desk, desks, "unknown_desk")
        _duty(faults, location, duty, queues)
    return faults.faults


def _duty(faults: FaultList, location: Location, duty: Duty, queues: set[str]) -> None:
    faults.duty(location, duty)
    faults.parts((*location, "breaks"), duty.breaks, duty, "break_outside_duty")
    faults.parts((*location, "serves"), duty.serves, duty, "service_outside_duty")
    for index, part in enumerate(duty.serves):
        faults.known((*location, "serves", index, "queue"), part.queue, queues, "unknown_queue")
    if duty.place == "home" and duty.desk is not None:
        faults.add((*location, "desk"), "desk_at_home")
