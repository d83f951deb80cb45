"""One roster against its problem, laid out for the checks: who is present when and where, in elapsed minutes.

Built once and only read. Spans are half-open and count elapsed minutes as in :mod:`solver.timeline`.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from solver.problem import Agent, Desk, Duty, Problem, Room, SpanOfTime
from solver.roster import Roster
from solver.timeline import Span, Timeline, parse_clock, total, union

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class TimedDuty:
    """One duty of a roster in elapsed minutes.

    :param workday: index of the local day it starts on
    :param room: id of the desk's room, None without a desk
    :param breaks: as listed, sorted by start
    :param work: presence less breaks
    :param serves: queue and span, as listed
    """

    agent: str
    start: int
    end: int
    workday: int
    place: str
    desk: str | None
    room: str | None
    breaks: tuple[Span, ...]
    work: tuple[Span, ...]
    serves: tuple[tuple[str, Span], ...]

    @property
    def presence(self) -> Span:
        """From start to end, breaks included."""
        return self.start, self.end

    @property
    def work_minutes(self) -> int:
        """Presence less breaks."""
        return total(self.work)


@dataclass(frozen=True, slots=True)
class Workday:
    """All duties of one agent that start on one local day, sorted by start."""

    day: int
    duties: tuple[TimedDuty, ...]

    @property
    def start(self) -> int:
        """The first start."""
        return self.duties[0].start

    @property
    def end(self) -> int:
        """The last end."""
        return max(duty.end for duty in self.duties)

    @property
    def work_minutes(self) -> int:
        """Work of all its duties."""
        return sum(duty.work_minutes for duty in self.duties)


@dataclass(frozen=True)
class Case:
    """A problem and a roster for it that refers to nothing unknown."""

    problem: Problem
    roster: Roster

    @property
    def timeline(self) -> Timeline:
        """Days and slots of the problem."""
        return self.problem.timeline

    @cached_property
    def agents(self) -> Mapping[str, Agent]:
        """Agents by id, in the problem's order."""
        return {agent.id: agent for agent in self.problem.agents}

    @cached_property
    def desks(self) -> Mapping[str, tuple[Desk, Room]]:
        """Each desk by id, with its room."""
        return {desk.id: (desk, room) for room in self.problem.rooms for desk in room.desks}

    @cached_property
    def duties(self) -> Sequence[TimedDuty]:
        """All duties, sorted by agent as in the problem, then start."""
        return [duty for duties in self.duties_of.values() for duty in duties]

    @cached_property
    def duties_of(self) -> Mapping[str, Sequence[TimedDuty]]:
        """Duties of every agent of the problem, sorted by start."""
        duties: dict[str, list[TimedDuty]] = {agent: [] for agent in self.agents}
        for duty in self.roster.duties:
            duties[duty.agent].append(self._timed(duty))
        for own in duties.values():
            own.sort(key=lambda duty: duty.presence)
        return duties

    @cached_property
    def workdays_of(self) -> Mapping[str, Sequence[Workday]]:
        """Workdays of every agent in order of time."""
        return {agent: list(_workdays(duties)) for agent, duties in self.duties_of.items()}

    @cached_property
    def presence_of(self) -> Mapping[str, Sequence[Span]]:
        """When each agent is present at either place: sorted, disjoint, never touching."""
        return {agent: union(duty.presence for duty in duties) for agent, duties in self.duties_of.items()}

    @cached_property
    def on_site(self) -> Sequence[tuple[int, int, str]]:
        """When each person is on site: start, end, agent; one person's spans are disjoint."""
        return list(_persons(duty for duty in self.duties if duty.place == "site"))

    @cached_property
    def in_room(self) -> Mapping[str, Sequence[tuple[int, int, str]]]:
        """The same for each room with a desk that somebody sits at."""
        duties: dict[str, list[TimedDuty]] = defaultdict(list)
        for duty in self.duties:
            if duty.room is not None:
                duties[duty.room].append(duty)
        return {room: list(_persons(present)) for room, present in sorted(duties.items())}

    @cached_property
    def at_desk(self) -> Mapping[str, Sequence[tuple[int, int, str]]]:
        """The same for each desk that somebody sits at."""
        duties: dict[str, list[TimedDuty]] = defaultdict(list)
        for duty in self.duties:
            if duty.desk is not None:
                duties[duty.desk].append(duty)
        return {desk: list(_persons(present)) for desk, present in sorted(duties.items())}

    @cached_property
    def fixed(self) -> set[tuple[str, int, int, str]]:
        """Agent, start, end and place of every fixed duty."""
        return {(agent.id, *self.span(duty), duty.place) for agent in self.problem.agents for duty in agent.fixed}

    def is_fixed(self, duty: TimedDuty) -> bool:
        """Whether a duty is one of the fixed ones."""
        return (duty.agent, duty.start, duty.end, duty.place) in self.fixed

    def span(self, span: SpanOfTime) -> Span:
        """A span of the files in elapsed minutes."""
        return self.timeline.minute_of(span.start), self.timeline.minute_of(span.end)

    def clock_minute(self, day: int, clock: str) -> int:
        """Elapsed minute at which the clock of a local day shows a time such as ``"06:30"``."""
        minute = self._clock_minutes.get((day, clock))
        if minute is None:
            minute = self._clock_minutes[day, clock] = self.timeline.clock_minute(day, parse_clock(clock))
        return minute

    @cached_property
    def _clock_minutes(self) -> dict[tuple[int, str], int]:
        return {}

    def day_span(self, day: int) -> Span:
        """From one local midnight to the next."""
        return self.timeline.day_start_minutes[day], self.timeline.day_start_minutes[day + 1]

    def day_names(self, day: int) -> set[str]:
        """What a list of free days may call a local day: its weekday, and ``holiday`` where it is one."""
        names = {WEEKDAYS[self.timeline.day(day).weekday()]}
        return names | {"holiday"} if day in self._holidays else names

    @cached_property
    def _holidays(self) -> set[int]:
        return {(holiday - self.timeline.first_day).days for holiday in self.problem.site.holidays}

    def _timed(self, duty: Duty) -> TimedDuty:
        start, end = self.span(duty)
        breaks = tuple(sorted(self.span(pause) for pause in duty.breaks))
        return TimedDuty(
            agent=duty.agent,
            start=start,
            end=end,
            workday=self.timeline.day_index_of(start),
            place=duty.place,
            desk=duty.desk,
            room=None if duty.desk is None else self.desks[duty.desk][1].id,
            breaks=breaks,
            work=tuple(_between(start, end, breaks)),
            serves=tuple((part.queue, self.span(part)) for part in duty.serves),
        )


def _between(start: int, end: int, breaks: Iterable[Span]) -> Iterator[Span]:
    """What sorted breaks leave of a duty."""
    for break_start, break_end in breaks:
        if start < break_start:
            yield start, break_start
        start = max(start, break_end)
    if start < end:
        yield start, end


def _workdays(duties: Sequence[TimedDuty]) -> Iterator[Workday]:
    by_day: dict[int, list[TimedDuty]] = defaultdict(list)
    for duty in duties:
        by_day[duty.workday].append(duty)
    for day, own in by_day.items():
        yield Workday(day, tuple(own))


def _persons(duties: Iterable[TimedDuty]) -> Iterator[tuple[int, int, str]]:
    """Presence of each person, overlapping and touching duties of one person made one."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for duty in duties:
        spans[duty.agent].append(duty.presence)
    for agent, own in spans.items():
        for start, end in union(own):
            yield start, end, agent


def moments(presence: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, set[str]]]:
    """Stretches during which the same persons are present: start, end, and who (valid until the next one)."""
    comings_and_goings: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    for start, end, agent in presence:
        comings_and_goings[start].append((True, agent))
        comings_and_goings[end].append((False, agent))
    present: set[str] = set()
    times = sorted(comings_and_goings)
    for time, next_time in itertools.pairwise(times):
        changes = comings_and_goings[time]
        present.difference_update(agent for comes, agent in changes if not comes)
        present.update(agent for comes, agent in changes if comes)
        if present:
            yield time, next_time, present


@dataclass
class Excess:
    """A stretch during which a limit is exceeded: by how much at most, and who is there then."""

    start: int
    end: int
    amount: int
    agents: set[str]


def crowded(presence: Iterable[tuple[int, int, str]], most_persons: int) -> list[Excess]:
    """Longest stretches with more than ``most_persons`` present, with those present at the fullest moment."""
    stretches: list[Excess] = []
    for start, end, present in moments(presence):
        excess = len(present) - most_persons
        if excess <= 0:
            continue
        if stretches and stretches[-1].end == start:
            last = stretches[-1]
            last.end = end
            if excess > last.amount:
                last.amount, last.agents = excess, set(present)
        else:
            stretches.append(Excess(start, end, excess, set(present)))
    return stretches


def mixed(presence: Iterable[tuple[int, int, str]], cohort_of: Mapping[str, str | None]) -> list[Excess]:
    """Longest stretches with two cohorts present, in minutes, with everybody of a cohort present during them."""
    stretches: list[Excess] = []
    members = (entry for entry in presence if cohort_of[entry[2]] is not None)
    for start, end, present in moments(members):
        if len({cohort_of[agent] for agent in present}) < 2:
            continue
        if stretches and stretches[-1].end == start:
            last = stretches[-1]
            last.end, last.amount = end, end - last.start
            last.agents |= present
        else:
            stretches.append(Excess(start, end, end - start, set(present)))
    return stretches
