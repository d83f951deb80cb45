"""Who sits where, with the duties given: the usual desk where it can be had, and few different desks for each person.

Duties keep their span and place, so no tier changes but ``wishes``. Desks are exchanged as long as that betters the
score: a duty takes the desk it would rather have, and those who sat there take another one. Each step is taken back
unless the score is better, so the result is never worse than what was given.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from solver.checks import judge
from solver.layout import room_cap
from solver.models.seating_day import NOWHERE, DayRooms, Seat, best_day
from solver.problem import Agent, Problem
from solver.roster import Roster

# How many may follow each other to another desk, and how many desks are tried for one wish.
DEEPEST_CHAIN = 3
MOST_TRIES = 400
MOST_PLACES = 200
# Pairs of a duty and a desk of one day, up to which the day's best seating is found and not only a better one.
MOST_PAIRS = 3000
DAY_SECONDS = 20.0


@dataclass
class _Chain:
    """Steps taken for one wish, each with the desk left, to be taken back."""

    steps: list[tuple[int, int]] = field(default_factory=list)
    moved: set[int] = field(default_factory=set)
    tries: int = 0


def reseat(problem: Problem, roster: Roster, *, time_limit_seconds: float) -> Roster:
    """Give the duties of a roster the desks that suit its people best.

    :param time_limit_seconds: the best so far is returned then; where it ends earlier, the result depends on the
        roster alone
    :returns: a roster with tiers as counted by :mod:`solver.checks`; the given one where nothing can be bettered
    """
    deadline = time.monotonic() + time_limit_seconds
    seating = _Seating(problem, roster)
    seating.improve(deadline)
    seating.improve_days(deadline)
    if seating.desk_of == seating.desk_of_given:
        return roster
    desks = {seat.duty: seating.name_of[desk] for seat, desk in zip(seating.seats, seating.desk_of, strict=True)}
    duties = [
        duty.model_copy(update={"desk": desks[index]}) if index in desks else duty
        for index, duty in enumerate(roster.duties)
    ]
    moved = roster.model_copy(update={"duties": duties})
    return moved.model_copy(update={"tiers": judge(problem, moved).tiers})


class _Seating:
    """Desks with the duties at them, rooms with the number of people in them."""

    def __init__(self, problem: Problem, roster: Roster) -> None:
        self.problem = problem
        released = set(roster.released_desks)
        desks = [
            (desk, room)
            for room, entry in enumerate(problem.rooms)
            for desk in entry.desks
            if desk.id in released and not desk.blocked
        ]
        self.name_of = [desk.id for desk, _ in desks]
        self.room_of = [room for _, room in desks]
        self.features = [frozenset(desk.features) for desk, _ in desks]
        self.number_of = {name: number for number, name in enumerate(self.name_of)}
        self.slot_minutes = problem.horizon.slot_minutes
        self.gap_minutes = problem.hygiene.cleaning_gap_minutes
        self._rooms = DayRooms(
            self.room_of, self.slot_minutes, self.gap_minutes, self._places_left, self._cohorts_there
        )
        self.in_room = [
            [number for number, at in enumerate(self.room_of) if at == room] for room in range(len(problem.rooms))
        ]
        self.caps = [room_cap(problem, room) for room in problem.rooms]
        self.cohorts = sorted({agent.cohort for agent in problem.agents if agent.cohort is not None})
        self.seats = list(self._seats(roster))
        self.desk_of = [self.number_of[roster.duties[seat.duty].desk or ""] for seat in self.seats]
        self.desk_of_given = list(self.desk_of)
        self._fill()

    def _seats(self, roster: Roster) -> Iterator[Seat]:
        agent_of = {agent.id: index for index, agent in enumerate(self.problem.agents)}
        named = {
            (agent.id, duty.start): duty.desk
            for agent in self.problem.agents
            for duty in agent.fixed
            if duty.desk is not None
        }
        minute_of = self.problem.timeline.minute_of
        suited: dict[frozenset[str], frozenset[int]] = {}
        for index, duty in enumerate(roster.duties):
            if duty.place != "site":
                continue
            agent = self.problem.agents[agent_of[duty.agent]]
            needs = frozenset(agent.desk_needs)
            if needs not in suited:
                fitting = (number for number, features in enumerate(self.features) if needs <= features)
                suited[needs] = frozenset(fitting)
            desks = suited[needs]
            if (duty.agent, duty.start) in named:
                desks = frozenset((self.number_of[named[duty.agent, duty.start]],))
            wanted = self.number_of.get(agent.usual_desk or "", NOWHERE)
            yield Seat(
                duty=index,
                agent=agent_of[duty.agent],
                start=minute_of(duty.start),
                end=minute_of(duty.end),
                wanted=wanted if wanted in desks else NOWHERE,
                desks=desks,
                cohort=self._cohort_of(agent),
            )

    def _cohort_of(self, agent: Agent) -> int | None:
        if agent.cohort is None or self.problem.hygiene.cohort_rule != "same_room":
            return None
        return self.cohorts.index(agent.cohort)

    def _fill(self) -> None:
        slots = self.problem.timeline.slots
        self.persons = np.zeros((len(self.problem.rooms), slots), np.int32)
        self.cohort_persons = np.zeros((len(self.problem.rooms), max(1, len(self.cohorts)), slots), np.int32)
        self.at_desk: list[set[int]] = [set() for _ in self.name_of]
        self.own: list[list[int]] = [[] for _ in self.problem.agents]
        for index, seat in enumerate(self.seats):
            self.own[seat.agent].append(index)
            self._sit(index, self.desk_of[index])

    def _sit(self, index: int, desk: int) -> None:
        self._count(index, desk, 1)
        self.at_desk[desk].add(index)
        self.desk_of[index] = desk

    def _rise(self, index: int) -> None:
        desk = self.desk_of[index]
        self._count(index, desk, -1)
        self.at_desk[desk].discard(index)
        self.desk_of[index] = NOWHERE

    def _count(self, index: int, desk: int, change: int) -> None:
        room, slots = self.room_of[desk], self._slots(index)
        self.persons[room, slots] += change
        cohort = self.seats[index].cohort
        if cohort is not None:
            self.cohort_persons[room, cohort, slots] += change

    def _slots(self, index: int) -> slice:
        seat = self.seats[index]
        return slice(seat.start // self.slot_minutes, seat.end // self.slot_minutes)

    def improve(self, deadline: float) -> None:
        """Take better steps until there is none, or the time is over."""
        better = True
        while better:
            better = False
            for index in range(len(self.seats)):
                if time.monotonic() > deadline:
                    return
                better |= any(self._try(index, desk) for desk in self._rather(index))

    def improve_days(self, deadline: float) -> None:
        """Give each day its best seating, where a day is small enough for that."""
        by_day: dict[int, list[int]] = defaultdict(list)
        for index, seat in enumerate(self.seats):
            by_day[self.problem.timeline.day_index_of(seat.start)].append(index)
        for _, indices in sorted(by_day.items()):
            seconds = min(DAY_SECONDS, deadline - time.monotonic())
            if seconds > 0 and len(indices) * len(self.name_of) <= MOST_PAIRS:
                self._improve_day(indices, seconds)

    def _improve_day(self, indices: list[int], seconds: float) -> None:
        before = {index: self.desk_of[index] for index in indices}
        agents = {self.seats[index].agent for index in indices}
        for index in indices:
            self._rise(index)
        others = {agent: {self.desk_of[one] for one in self.own[agent]} for agent in agents}
        free = {
            index: replace(
                self.seats[index],
                desks=[desk for desk in sorted(self.seats[index].desks) if not self._in_the_way(index, desk)],
            )
            for index in indices
        }
        found = best_day(free, self._rooms, others, before, seconds) or before
        for index, desk in found.items():
            self._sit(index, desk)
        if self._score(agents) >= self._score(agents, before):
            for index in indices:
                self._rise(index)
            for index, desk in before.items():
                self._sit(index, desk)

    def _places_left(self, room: int, slot: int) -> int | None:
        cap = self.caps[room]
        return None if cap is None else cap - int(self.persons[room, slot])

    def _cohorts_there(self, room: int, slot: int) -> set[int]:
        return set(np.flatnonzero(self.cohort_persons[room, :, slot]).tolist())

    def _rather(self, index: int) -> list[int]:
        """Desks that the duty would rather have than its own: the usual one, and those of the agent's other duties."""
        seat, desk = self.seats[index], self.desk_of[index]
        if desk == seat.wanted:
            return []
        used = Counter(self.desk_of[other] for other in self.own[seat.agent])
        others = sorted((other for other in used if other != desk), key=lambda other: (-used[other], other))
        wanted = [seat.wanted] if seat.wanted != NOWHERE else []
        return [other for other in dict.fromkeys([*wanted, *others]) if other in seat.desks]

    def _try(self, index: int, desk: int) -> bool:
        """Take a desk, whoever sits there moving elsewhere; back again unless that is better for all together."""
        if desk == self.desk_of[index]:
            return False
        chain = _Chain()
        before = self.desk_of[index]
        seated = self._take(chain, index, desk, DEEPEST_CHAIN, [before])
        if seated and self._score(self._agents(chain)) < self._score_before(chain):
            return True
        self._undo(chain, 0)
        return False

    def _take(self, chain: _Chain, index: int, desk: int, depth: int, left: list[int]) -> bool:
        """Sit down at a desk; those in the way, none of whom has moved yet, find others."""
        chain.tries += 1
        unseated = self._in_the_way(index, desk)
        if chain.tries > MOST_TRIES or len(unseated) > depth or any(other in chain.moved for other in unseated):
            return False
        mark = len(chain.steps)
        for one in (index, *unseated):
            chain.steps.append((one, self.desk_of[one]))
            if self.desk_of[one] != NOWHERE:
                self._rise(one)
            chain.moved.add(one)
        if self._has_room(index, desk):
            self._sit(index, desk)
            if all(self._find(chain, other, depth - 1, [*left, desk]) for other in unseated):
                return True
        self._undo(chain, mark)
        return False

    def _find(self, chain: _Chain, index: int, depth: int, left: list[int]) -> bool:
        """Any desk for somebody unseated: a free one, or one whose people find others in turn."""
        desks = [desk for desk in self._places_for(index, left) if desk in self.seats[index].desks]
        for desk in desks:
            if not self._in_the_way(index, desk) and self._has_room(index, desk):
                chain.steps.append((index, NOWHERE))
                self._sit(index, desk)
                return True
        return depth > 0 and any(self._take(chain, index, desk, depth, left) for desk in desks if desk not in left)

    def _undo(self, chain: _Chain, mark: int) -> None:
        """Take back the steps from a mark on, everybody rising before anybody sits."""
        steps = chain.steps[mark:]
        del chain.steps[mark:]
        first_desk = dict(reversed(steps))
        for index in first_desk:
            if self.desk_of[index] != NOWHERE:
                self._rise(index)
        for index, desk in first_desk.items():
            if desk != NOWHERE:
                self._sit(index, desk)
                chain.moved.discard(index)

    def _agents(self, chain: _Chain) -> set[int]:
        return {self.seats[index].agent for index, _ in chain.steps}

    def _score_before(self, chain: _Chain) -> tuple[int, int]:
        """The score of the same people before the chain's first step."""
        return self._score(self._agents(chain), dict(reversed(chain.steps)))

    def _in_the_way(self, index: int, desk: int) -> list[int]:
        """Duties of others at a desk that are not far enough from this one, in order of time."""
        seat, gap = self.seats[index], self.gap_minutes
        near = (
            other
            for other in self.at_desk[desk]
            if self.seats[other].agent != seat.agent
            and self.seats[other].start < seat.end + gap
            and seat.start < self.seats[other].end + gap
        )
        return sorted(near, key=lambda other: self.seats[other].start)

    def _places_for(self, index: int, left: Iterable[int]) -> list[int]:
        """Where somebody unseated may go: the usual desk, the agent's others, those just left, then the room's."""
        seat = self.seats[index]
        own = sorted({self.desk_of[other] for other in self.own[seat.agent]} - {NOWHERE})
        rooms = {self.room_of[desk] for desk in left}
        near = [desk for room in sorted(rooms) for desk in self.in_room[room]]
        far = [desk for room in self.in_room if len(near) < MOST_PLACES for desk in room]
        wanted = [seat.wanted] if seat.wanted != NOWHERE else []
        return list(dict.fromkeys([*wanted, *own, *left, *near, *far]))[:MOST_PLACES]

    def _has_room(self, index: int, desk: int) -> bool:
        room, slots = self.room_of[desk], self._slots(index)
        cap = self.caps[room]
        if cap is not None and self.persons[room, slots].max(initial=0) >= cap:
            return False
        cohort = self.seats[index].cohort
        if cohort is None:
            return True
        others = np.delete(self.cohort_persons[room], cohort, axis=0)[:, slots]
        return not others.any()

    def _score(self, agents: Iterable[int], earlier: Mapping[int, int] = MappingProxyType({})) -> tuple[int, int]:
        """Duties away from a usual desk that could be had, then different desks, summed over these agents.

        :param earlier: desks that count instead of the present ones
        """
        unusual = different = 0
        for agent in agents:
            desks = [earlier.get(one, self.desk_of[one]) for one in self.own[agent]]
            wanted = [self.seats[one].wanted for one in self.own[agent]]
            unusual += sum(want not in (NOWHERE, desk) for want, desk in zip(wanted, desks, strict=True))
            different += len(set(desks))
        return unusual, different
