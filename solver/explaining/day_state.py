"""The people of a roster around one day: who is present, who serves what, and what one person more would bring.

Times are slots. In every slot people serve queues as many as they can: whoever serves two queues changes over where
that covers more (augmenting paths; Berge, "Two theorems in graph theory", PNAS 43, 1957).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

from solver.explaining.gaps import required_of
from solver.problem import Agent, Duty, Place, Problem, Serves, SpanOfTime
from solver.roster import Roster
from solver.timeline import Span, Timeline

IDLE = -1
PLACES: tuple[Place, ...] = ("home", "site")
"""Home first: at equal use nobody sits in the office."""


@dataclass(frozen=True)
class Stay:
    """One duty in slots; ``desk`` is None at home."""

    agent: str
    start: int
    end: int
    place: Place
    desk: str | None = None
    breaks: tuple[Span, ...] = ()

    @property
    def work_slots(self) -> list[int]:
        """Slots of presence less breaks."""
        pauses = {slot for start, end in self.breaks for slot in range(start, end)}
        return [slot for slot in range(self.start, self.end) if slot not in pauses]


class Instants(TypedDict):
    """Start and end of a span of the files."""

    start: datetime
    end: datetime


def instants(timeline: Timeline, start: int, end: int) -> Instants:
    """A span of slots as the files write it."""
    minutes = timeline.slot_minutes
    return {"start": timeline.instant_of(start * minutes), "end": timeline.instant_of(end * minutes)}


def duty_of(timeline: Timeline, stay: Stay, serves: list[Serves]) -> Duty:
    """A duty as the files write it; it is not validated again, for thousands are tried."""
    return Duty.model_construct(
        agent=stay.agent,
        **instants(timeline, stay.start, stay.end),
        place=stay.place,
        desk=stay.desk,
        breaks=[SpanOfTime.model_construct(**instants(timeline, *pause)) for pause in stay.breaks],
        serves=serves,
    )


def queue_mask(problem: Problem, agent: Agent, place: Place) -> int:
    """A bit for each queue, in the problem's order, that an agent may serve at a place."""
    mask = 0
    for number, queue in enumerate(problem.queues):
        if queue.id in agent.queues and (place == "site" or queue.home_allowed):
            mask |= 1 << number
    return mask


Groups = dict[tuple[int, int], dict[str, None]]
"""Who serves one queue and may serve the same queues, by queue and mask: thousands of people are few such groups."""


class DayState:
    """Duties of a roster that can be changed, with the service in a window of slots.

    Copies share what they hold of a slot until one of them changes it.
    """

    def __init__(self, problem: Problem, roster: Roster, window: range) -> None:
        self.problem = problem
        self.roster = roster
        self.window = window
        self.released = set(roster.released_desks)
        self.agents = {agent.id: agent for agent in problem.agents}
        self.stays: dict[str, list[Stay]] = {agent.id: [] for agent in problem.agents}
        self.present: dict[int, dict[str, int]] = {slot: {} for slot in window}
        self.serving: dict[int, dict[str, int]] = {slot: {} for slot in window}
        self.groups: dict[int, Groups] = {slot: {} for slot in window}
        self._owned = set(window)
        self.partners = _partners_of(problem)
        required = required_of(problem)
        self.missing = {
            slot: [required[queue.id].get(slot, 0) if queue.id in required else 0 for queue in problem.queues]
            for slot in window
        }
        for stay in self._stays_of(roster):
            self.stays[stay.agent].append(stay)
            self._enter(stay)
        self._serve_as(roster)
        for slot in window:
            self.reassign(slot)

    def copy(self) -> DayState:
        """The same, to be changed apart."""
        other = object.__new__(DayState)
        other.__dict__.update(self.__dict__)
        for held in ("stays", "present", "serving", "groups", "missing"):
            setattr(other, held, dict(getattr(self, held)))
        self._owned, other._owned = set(), set()
        return other

    def relaxed(self, problem: Problem, released: Iterable[str] = ()) -> DayState:
        """The same people under another problem of the same days and queues, with more desks released."""
        other = self.copy()
        other.problem = problem
        other.agents = {agent.id: agent for agent in problem.agents}
        other.released = self.released | set(released)
        for agent in problem.agents:
            if agent.queues != self.agents[agent.id].queues:
                other.learn(agent.id)
        return other

    def learn(self, agent: str) -> None:
        """Let a person serve what they may serve now."""
        for stay in self.stays[agent]:
            mask = queue_mask(self.problem, self.agents[agent], stay.place)
            for slot in stay.work_slots:
                if slot in self.window:
                    self._come(slot, agent, mask, self._go(slot, agent))
                    self.reassign(slot)

    def missing_slots(self) -> int:
        """People missing, summed over queues and the window's slots."""
        return sum(sum(queues) for queues in self.missing.values())

    def missing_in(self, queue: int, slots: Iterable[int]) -> int:
        """The same for one queue in some slots."""
        return sum(self.missing[slot][queue] for slot in slots)

    def add(self, stay: Stay) -> None:
        """Let somebody come, and serve what is most needed."""
        self.stays[stay.agent] = [*self.stays[stay.agent], stay]
        self._enter(stay)
        self._settle(stay)

    def remove(self, stay: Stay) -> None:
        """Take a duty out."""
        self.stays[stay.agent] = [other for other in self.stays[stay.agent] if other != stay]
        for slot in stay.work_slots:
            if slot in self.window:
                queue = self._go(slot, stay.agent)
                if queue != IDLE:
                    self.missing[slot][queue] += 1
        self._settle(stay)

    def reseat(self, stay: Stay, desk: str | None) -> None:
        """Give a duty another desk; who serves what stays as it is."""
        moved = replace(stay, desk=desk)
        self.stays[stay.agent] = [moved if other == stay else other for other in self.stays[stay.agent]]

    def _enter(self, stay: Stay) -> None:
        mask = queue_mask(self.problem, self.agents[stay.agent], stay.place)
        for slot in stay.work_slots:
            if slot in self.window:
                self._come(slot, stay.agent, mask, IDLE)

    def _own(self, slot: int) -> None:
        """Make what is held of a slot this state's own before it is changed."""
        if slot in self._owned:
            return
        self._owned.add(slot)
        self.present[slot] = dict(self.present[slot])
        self.serving[slot] = dict(self.serving[slot])
        self.groups[slot] = {kind: dict(agents) for kind, agents in self.groups[slot].items()}
        self.missing[slot] = list(self.missing[slot])

    def _come(self, slot: int, agent: str, mask: int, queue: int) -> None:
        self._own(slot)
        self.present[slot][agent], self.serving[slot][agent] = mask, queue
        self.groups[slot].setdefault((queue, mask), {})[agent] = None

    def _go(self, slot: int, agent: str) -> int:
        """Take somebody out of a slot; the queue they served."""
        self._own(slot)
        mask, queue = self.present[slot].pop(agent), self.serving[slot].pop(agent)
        del self.groups[slot][queue, mask][agent]
        return queue

    def _change_over(self, slot: int, agent: str, queue: int) -> None:
        mask = self.present[slot][agent]
        self._go(slot, agent)
        self._come(slot, agent, mask, queue)

    def _settle(self, stay: Stay) -> None:
        for slot in stay.work_slots:
            if slot in self.window:
                self.reassign(slot)

    def reassign(self, slot: int) -> None:
        """Let idle people serve, directly or by others' changing over, until nobody else is covered by it."""
        while True:
            ways = self._ways(slot, [queue for queue, lack in enumerate(self.missing[slot]) if lack > 0])
            found = self._idle_way(slot, ways)
            if found is None:
                return
            agent, queue = found
            self._change_over(slot, agent, queue)
            step = ways[queue]
            while step is not None:
                agent, queue = step
                self._change_over(slot, agent, queue)
                step = ways[queue]
            self.missing[slot][queue] -= 1

    def _idle_way(self, slot: int, ways: Mapping[int, tuple[str, int] | None]) -> tuple[str, int] | None:
        for (queue, mask), agents in self.groups[slot].items() if ways else ():
            if queue == IDLE and agents:
                for goal in ways:
                    if mask >> goal & 1:
                        return next(iter(agents)), goal
        return None

    def _ways(self, slot: int, goals: Iterable[int]) -> dict[int, tuple[str, int] | None]:
        """Queues from which one person more leads to a goal: who would change over, and to which queue."""
        ways: dict[int, tuple[str, int] | None] = dict.fromkeys(goals)
        waiting = list(ways)
        while waiting:
            goal = waiting.pop(0)
            for (queue, mask), agents in self.groups[slot].items():
                if agents and queue not in ways and queue != IDLE and mask >> goal & 1:
                    ways[queue] = next(iter(agents)), goal
                    waiting.append(queue)
        return ways

    def wanted(self, slot: int, queue: int | None = None) -> int:
        """A bit for each queue in which one person more would cover somebody missing, of one queue or of any."""
        lacking = [number for number, lack in enumerate(self.missing[slot]) if lack > 0]
        goals = lacking if queue is None else [number for number in lacking if number == queue]
        return sum(1 << number for number in self._ways(slot, goals)) if goals else 0

    def replaceable(self, slot: int) -> int:
        """A bit for each queue in which one person fewer would be made good by people who are idle."""
        kinds = [kind for kind, agents in self.groups[slot].items() if agents]
        reached = 0
        for queue, mask in kinds:
            reached |= mask if queue == IDLE else 0
        while True:
            more = reached
            for queue, mask in kinds:
                if queue != IDLE and reached >> queue & 1:
                    more |= mask
            if more == reached:
                return reached
            reached = more

    def roster_now(self) -> Roster:
        """The roster with the changed duties and their service."""
        duties = [
            duty_of(self.problem.timeline, stay, self._serves(stay))
            for agent in self.problem.agents
            for stay in sorted(self.stays[agent.id], key=lambda stay: stay.start)
        ]
        released = [*self.roster.released_desks, *sorted(self.released - set(self.roster.released_desks))]
        return self.roster.model_copy(
            update={"duties": duties, "released_desks": released, "bound": None, "solver": None}
        )

    def _serves(self, stay: Stay) -> list[Serves]:
        """Service in the window as it is now, outside as it was."""
        runs: list[list[int]] = []
        for slot in stay.work_slots:
            now = self.serving[slot] if slot in self.window else None
            queue = self._former.get((stay.agent, slot), IDLE) if now is None else now[stay.agent]
            if runs and runs[-1][0] == queue and runs[-1][2] == slot:
                runs[-1][2] = slot + 1
            else:
                runs.append([queue, slot, slot + 1])
        return [
            Serves.model_construct(queue=self.problem.queues[queue].id, **instants(self.problem.timeline, start, end))
            for queue, start, end in runs
            if queue != IDLE
        ]

    def _stays_of(self, roster: Roster) -> Iterable[Stay]:
        for duty in roster.duties:
            start, end = self._slots(duty)
            breaks = tuple(sorted(self._slots(pause) for pause in duty.breaks))
            yield Stay(duty.agent, start, end, duty.place, duty.desk, breaks)

    def _slots(self, span: SpanOfTime) -> Span:
        timeline = self.problem.timeline
        minutes = timeline.slot_minutes
        return timeline.minute_of(span.start) // minutes, timeline.minute_of(span.end) // minutes

    def _serve_as(self, roster: Roster) -> None:
        """Take over who serves what; more people at a queue than it requires are idle."""
        numbers = {queue.id: number for number, queue in enumerate(self.problem.queues)}
        self._former: dict[tuple[str, int], int] = {}
        for duty in roster.duties:
            for part in duty.serves:
                for slot in range(*self._slots(part)):
                    queue = numbers[part.queue]
                    self._former[duty.agent, slot] = queue
                    if slot in self.window and self.serving[slot].get(duty.agent) == IDLE and self.missing[slot][queue]:
                        self._change_over(slot, duty.agent, queue)
                        self.missing[slot][queue] -= 1


def window_around(problem: Problem, minute: int) -> range:
    """The slots of the day of a minute and of the days beside it, as far as they are planned."""
    timeline = problem.timeline
    day = timeline.day_index_of(minute)
    first, last = max(0, day - 1), min(timeline.days, day + 2)
    starts = timeline.day_start_minutes
    return range(starts[first] // timeline.slot_minutes, starts[last] // timeline.slot_minutes)


def moved_home(stay: Stay) -> Stay:
    """The same duty at home."""
    return replace(stay, place="home", desk=None)


def _partners_of(problem: Problem) -> dict[str, tuple[Agent, ...]]:
    """Agents who must not be present together with one, whoever of the two names the other."""
    agents = {agent.id: agent for agent in problem.agents}
    named: dict[str, set[str]] = {}
    for agent in problem.agents:
        for partner in agent.not_together_with:
            named.setdefault(agent.id, set()).add(partner.agent)
            named.setdefault(partner.agent, set()).add(agent.id)
    return {agent: tuple(agents[name] for name in sorted(names)) for agent, names in named.items()}
