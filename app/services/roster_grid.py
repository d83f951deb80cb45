"""The roster as a grid: a row per agent, a bar per duty, and what a filter leaves of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solver.problem import Agent, Duty, Problem
from solver.roster import Roster
from solver.timeline import Span, Timeline


@dataclass(frozen=True)
class Work:
    """A span of work for one queue, in elapsed minutes."""

    queue: str
    start_minute: int
    end_minute: int


@dataclass(frozen=True)
class Bar:
    """One duty, in elapsed minutes of the horizon.

    :param place: ``site`` or ``home``
    :param breaks: spans without work
    :param serves: spans of work for a queue
    """

    agent: str
    day_index: int
    start_minute: int
    end_minute: int
    place: str
    desk: str | None
    breaks: tuple[Span, ...]
    serves: tuple[Work, ...]

    @property
    def work_minutes(self) -> int:
        """Presence less breaks."""
        return self.end_minute - self.start_minute - sum(end - start for start, end in self.breaks)

    @property
    def queues(self) -> set[str]:
        """Queues served."""
        return {work.queue for work in self.serves}


@dataclass(frozen=True)
class Row:
    """One agent and all the agent's bars, in order of time."""

    agent: Agent
    bars: tuple[Bar, ...]

    @property
    def work_minutes(self) -> int:
        """Work of the whole horizon."""
        return sum(bar.work_minutes for bar in self.bars)


@dataclass(frozen=True)
class GridFilter:
    """What the manager wants to see; an empty field hides nothing.

    :param search: part of an agent's name or id, whatever the case
    :param queue: rows with a duty that serves this queue
    :param place: rows with a duty at this place
    :param day_index: rows with a duty on this day
    """

    search: str = ""
    queue: str = ""
    place: str = ""
    day_index: int | None = None

    def keeps(self, bar: Bar) -> bool:
        """Whether a bar is one of those asked for."""
        return (
            (not self.queue or self.queue in bar.queues)
            and (not self.place or self.place == bar.place)
            and (self.day_index is None or self.day_index == bar.day_index)
        )

    @property
    def asks_for_bars(self) -> bool:
        """Whether only agents with certain duties are wanted."""
        return bool(self.queue or self.place or self.day_index is not None)


def rows_of(problem: Problem, roster: Roster) -> tuple[Row, ...]:
    """All agents in the order of the problem, those without a duty too."""
    bars: defaultdict[str, list[Bar]] = defaultdict(list)
    for duty in roster.duties:
        bars[duty.agent].append(bar_of(problem.timeline, duty))
    return tuple(
        Row(agent, tuple(sorted(bars[agent.id], key=lambda bar: bar.start_minute))) for agent in problem.agents
    )


def bar_of(timeline: Timeline, duty: Duty) -> Bar:
    """One duty as a bar."""
    start_minute = timeline.minute_of(duty.start)
    return Bar(
        agent=duty.agent,
        day_index=timeline.day_index_of(start_minute),
        start_minute=start_minute,
        end_minute=timeline.minute_of(duty.end),
        place=duty.place,
        desk=duty.desk,
        breaks=tuple((timeline.minute_of(pause.start), timeline.minute_of(pause.end)) for pause in duty.breaks),
        serves=_merged(
            [Work(work.queue, timeline.minute_of(work.start), timeline.minute_of(work.end)) for work in duty.serves]
        ),
    )


def _merged(works: Iterable[Work]) -> tuple[Work, ...]:
    """Spans of one queue that follow each other at once, as one."""
    merged: list[Work] = []
    for work in sorted(works, key=lambda work: work.start_minute):
        last = merged[-1] if merged else None
        if last is not None and (last.queue, last.end_minute) == (work.queue, work.start_minute):
            merged[-1] = Work(work.queue, last.start_minute, work.end_minute)
        else:
            merged.append(work)
    return tuple(merged)


def filtered(rows: Iterable[Row], wanted: GridFilter, names: Mapping[str, str]) -> list[Row]:
    """Rows that the filter keeps, each with all its bars: a person's week is never torn apart.

    :param names: display names by agent id; an agent without one is found by id
    """
    return [row for row in rows if _is_wanted(row, wanted, names)]


def _is_wanted(row: Row, wanted: GridFilter, names: Mapping[str, str]) -> bool:
    sought = wanted.search.strip().casefold()
    if sought and sought not in f"{names.get(row.agent.id, '')} {row.agent.id}".casefold():
        return False
    return not wanted.asks_for_bars or any(wanted.keeps(bar) for bar in row.bars)
