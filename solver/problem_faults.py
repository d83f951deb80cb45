"""What only several fields of a problem together can break: ids, references, the slot grid, the horizon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from solver.faults import InputFault, place_in, step
from solver.problem import Agent, FixedDuty, Problem, Room, SpanOfTime
from solver.rules import Fact, Finding, Rule
from solver.timeline import Timeline

Location = tuple[str | int, ...]
# Their findings span what a later duty takes of the gap, which the earlier duty only touches.
_RULES_OF_GAPS = {Rule.REST, Rule.NOT_TOGETHER, Rule.CLEANING_GAP}


class FaultList:
    """Collects faults of one file.

    :param content: the file's content or a model of it, for the ids in the places
    :param timeline: the slot grid
    :param kept: where entries of a list were left out: the places in the file of those that are there
    """

    def __init__(self, content: object, timeline: Timeline, kept: Mapping[str, Sequence[int]] | None = None) -> None:
        self.faults: list[InputFault] = []
        self.content = content
        self.timeline = timeline
        self.kept = kept or {}

    def add(self, location: Location, code: str, **facts: Fact) -> None:
        """Note one fault at a location such as ``("agents", 3, "start")``."""
        if location[0] in self.kept and len(location) > 1:
            location = (location[0], self.kept[str(location[0])][int(location[1])], *location[2:])
        self.faults.append(InputFault(place_in(self.content, location), code, facts))

    def unique(self, ids: Iterable[tuple[Location, str]], code: str) -> None:
        """Note each id that stood before."""
        seen: set[str] = set()
        for location, name in ids:
            if name in seen:
                self.add(location, code, id=name)
            seen.add(name)

    def known(self, location: Location, name: str | None, ids: set[str], code: str) -> None:
        """Note a reference to nothing."""
        if name is not None and name not in ids:
            self.add(location, code, id=name)

    def instant(self, location: Location, instant: datetime) -> None:
        """Note an instant off the slot grid."""
        if not self.timeline.on_grid(instant):
            self.add(location, "off_slot", slot_minutes=self.timeline.slot_minutes)

    def span(self, location: Location, span: SpanOfTime) -> bool:
        """Note what is wrong with a span by itself; whether it is a span at all."""
        self.instant((*location, "start"), span.start)
        self.instant((*location, "end"), span.end)
        if span.start < span.end:
            return True
        self.add(location, "empty_span" if span.start == span.end else "reversed_span")
        return False

    def duty(self, location: Location, duty: SpanOfTime) -> None:
        """Note what is wrong with the presence of a duty."""
        if self.span(location, duty):
            self.inside_horizon((*location, "start"), self.timeline.minute_of(duty.start))
            self.inside_horizon((*location, "end"), self.timeline.minute_of(duty.end))

    def parts(self, location: Location, parts: Sequence[SpanOfTime], duty: SpanOfTime, code: str) -> None:
        """Note breaks or spans of service that are no spans or reach out of their duty."""
        for index, part in enumerate(parts):
            is_span = self.span((*location, index), part)
            if is_span and (part.start < duty.start or part.end > duty.end):
                self.add((*location, index), code)

    def inside_horizon(self, location: Location, minute: int) -> None:
        """Note a minute before the first or after the last day."""
        if not 0 <= minute <= self.timeline.minutes:
            self.add(location, "outside_horizon")


def problem_faults(
    problem: Problem, content: Mapping[str, Any] | None = None, kept: Mapping[str, Sequence[int]] | None = None
) -> list[InputFault]:
    """Every fault of a problem whose single fields are all right.

    :param content: the file's content, where wrong entries of its lists were left out of the problem
    :param kept: the places in the file of the entries that were not
    """
    faults = FaultList(content or problem, problem.timeline, kept)
    _rooms(faults, problem.rooms)
    faults.unique(((("queues", index, "id"), queue.id) for index, queue in enumerate(problem.queues)), "repeated_queue")
    faults.unique(((("agents", index, "id"), agent.id) for index, agent in enumerate(problem.agents)), "repeated_agent")
    faults.unique(
        ((("objectives", index), objective) for index, objective in enumerate(problem.objectives)),
        "repeated_objective",
    )
    _demand(faults, problem)
    _agents(faults, problem)
    return faults.faults


def _rooms(faults: FaultList, rooms: Sequence[Room]) -> None:
    faults.unique(((("rooms", index, "id"), room.id) for index, room in enumerate(rooms)), "repeated_room")
    faults.unique(
        (
            (("rooms", room_index, "desks", desk_index, "id"), desk.id)
            for room_index, room in enumerate(rooms)
            for desk_index, desk in enumerate(room.desks)
        ),
        "repeated_desk",
    )
    for index, room in enumerate(rooms):
        _points(faults, ("rooms", index), room)
        _partitions(faults, ("rooms", index), room)


def _points(faults: FaultList, location: Location, room: Room) -> None:
    desk_at: dict[tuple[float, float], str] = {}
    for index, desk in enumerate(room.desks):
        other = desk_at.setdefault((desk.x_m, desk.y_m), desk.id)
        if other != desk.id:
            faults.add((*location, "desks", index), "two_desks_at_one_point", id=desk.id, other=other)


def _partitions(faults: FaultList, location: Location, room: Room) -> None:
    desks = {desk.id for desk in room.desks}
    for index, pair in enumerate(room.partitions):
        for end, desk in enumerate(pair):
            faults.known((*location, "partitions", index, end), desk, desks, "desk_not_in_room")
        if pair[0] == pair[1]:
            faults.add((*location, "partitions", index), "partition_of_one_desk", id=pair[0])


def _demand(faults: FaultList, problem: Problem) -> None:
    queues = {queue.id for queue in problem.queues}
    slot_minutes = problem.horizon.slot_minutes
    spans: dict[str, list[tuple[int, int, int]]] = {}
    for index, entry in enumerate(problem.demand):
        faults.known(("demand", index, "queue"), entry.queue, queues, "unknown_queue")
        faults.instant(("demand", index, "start"), entry.start)
        start = problem.timeline.minute_of(entry.start)
        end = start + len(entry.required) * slot_minutes
        faults.inside_horizon(("demand", index, "start"), start)
        if start <= problem.timeline.minutes < end:
            faults.add(("demand", index, "required"), "outside_horizon")
        if start < end:
            spans.setdefault(entry.queue, []).append((start, end, index))
    for queue, entries in spans.items():
        _overlapping_demand(faults, queue, sorted(entries))


def _overlapping_demand(faults: FaultList, queue: str, entries: Sequence[tuple[int, int, int]]) -> None:
    latest_end, latest_index = entries[0][1:]
    for start, end, index in entries[1:]:
        if start < latest_end:
            first, second = sorted((latest_index, index))
            faults.add(("demand", second), "overlapping_demand", queue=queue, other=f"demand[{first}]")
        if end > latest_end:
            latest_end, latest_index = end, index


def _agents(faults: FaultList, problem: Problem) -> None:
    queues = {queue.id for queue in problem.queues}
    agents = ids_in(faults.content, "agents")
    desks = ids_in(faults.content, "rooms", "desks")
    for index, agent in enumerate(problem.agents):
        location = ("agents", index)
        for queue_index, queue in enumerate(agent.queues):
            faults.known((*location, "queues", queue_index), queue, queues, "unknown_queue")
        faults.known((*location, "usual_desk"), agent.usual_desk, desks, "unknown_desk")
        for window_index, window in enumerate(agent.availability):
            faults.span((*location, "availability", window_index), window)
        _partners(faults, location, agent, agents)
        for duty_index, duty in enumerate(agent.fixed):
            _fixed(faults, (*location, "fixed", duty_index), duty, desks)
        _previous(faults, location, agent)


def _partners(faults: FaultList, location: Location, agent: Agent, agents: set[str]) -> None:
    for index, partner in enumerate(agent.not_together_with):
        place = (*location, "not_together_with", index, "agent")
        faults.known(place, partner.agent, agents, "unknown_agent")
        if partner.agent == agent.id:
            faults.add(place, "own_partner")


def _fixed(faults: FaultList, location: Location, duty: FixedDuty, desks: set[str]) -> None:
    faults.duty(location, duty)
    faults.parts((*location, "breaks"), duty.breaks or [], duty, "break_outside_duty")
    faults.known((*location, "desk"), duty.desk, desks, "unknown_desk")
    if duty.place == "home" and duty.desk is not None:
        faults.add((*location, "desk"), "desk_at_home")


def _previous(faults: FaultList, location: Location, agent: Agent) -> None:
    """Faults of the published roster; its queues and desks may be gone by now, and nothing depends on them."""
    for index, duty in enumerate(agent.previous):
        place = (*location, "previous", index)
        faults.duty(place, duty)
        faults.parts((*place, "breaks"), duty.breaks, duty, "break_outside_duty")
        faults.parts((*place, "serves"), duty.serves, duty, "service_outside_duty")
        if duty.agent not in ("", agent.id):
            faults.add((*place, "agent"), "another_agent", id=duty.agent)


def ids_in(content: object, *names: str) -> set[str]:
    """Ids of the objects in a list of a file, or of a model of it, or in a list of each of these objects."""
    objects = [content]
    for name in names:
        lists = [step(entry, name) for entry in objects]
        objects = [entry for entries in lists if isinstance(entries, list) for entry in entries]
    ids = (step(entry, "id") for entry in objects)
    return {entry_id for entry_id in ids if isinstance(entry_id, str)}


def fixed_faults(problem: Problem, findings: Sequence[Finding]) -> list[InputFault]:
    """A fault for each fixed duty that a breach concerns, in the order of the file, naming the rule."""
    noted: Counter[tuple[str, str]] = Counter()
    faults = []
    for agent_index, agent in enumerate(problem.agents):
        for duty_index, duty in enumerate(agent.fixed):
            place = place_in(problem, ("agents", agent_index, "fixed", duty_index))
            for finding in findings:
                if _concerns(problem, finding, agent, duty) and not noted[place, finding.rule]:
                    noted[place, finding.rule] += 1
                    faults.append(InputFault(place, "fixed_breaks_rule", {"rule": finding.rule.value}))
    return faults


def _concerns(problem: Problem, finding: Finding, agent: Agent, duty: FixedDuty) -> bool:
    if not finding.agents:
        return duty.desk is not None and duty.desk in finding.where
    if agent.id not in finding.agents:
        return False
    if finding.start_minute is None or finding.end_minute is None:
        return True
    start, end = problem.timeline.minute_of(duty.start), problem.timeline.minute_of(duty.end)
    if finding.rule in _RULES_OF_GAPS:
        earlier_end = finding.end_minute - int(dict(finding.facts)["limit_minutes"] or 0)
        return start < finding.end_minute and end >= min(finding.start_minute, earlier_end)
    return start < finding.end_minute and end > finding.start_minute
