"""The agents as arrays: when each may be present, how much each may work, what is fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bound.grid import MOST_DAY_MINUTES, Grid, Integers, free_on, slots_up
from solver.problem import Agent, Problem
from solver.timeline import parse_clock

FAR = 1 << 30
FIXED_BREAKS_OPEN = -1


class Crew(NamedTuple):
    """Every agent's limits, in slots and units of work.

    :param end_limit: per agent and start, first slot after the latest end of a duty with that start, 0 for none
    :param week_units: most units of work in a run of seven days
    :param day_slots: most slots of work in a day
    :param days: most workdays in a run of seven days
    :param blocks: most duties in a day
    :param days_before: workdays in a row that reach in
    :param fixed_first: index of each agent's first fixed duty, one more than agents
    :param fixed_start: slot of each fixed duty's start, by agent and start
    :param fixed_end: slot of its end
    :param fixed_day: day it starts on
    :param fixed_home: 1 where it is worked at home
    :param fixed_break: its break slots where the breaks are given, else -1
    :param fixed_pause_first: index of its first given break, one more than fixed duties
    :param pause_start: slot of each given break's start
    :param pause_end: slot of its end
    """

    end_limit: NDArray[np.int32]
    week_units: Integers
    day_slots: Integers
    days: Integers
    blocks: Integers
    days_before: Integers
    fixed_first: Integers
    fixed_start: Integers
    fixed_end: Integers
    fixed_day: Integers
    fixed_home: Integers
    fixed_break: Integers
    fixed_pause_first: Integers
    pause_start: Integers
    pause_end: Integers


@dataclass(frozen=True)
class Team:
    """Agents who are priced alike.

    :param queues: indices of their queues, ascending
    :param site: whether they may work on site
    :param home: whether they may work at home
    :param profile: what they count for on the floor, see :mod:`solver.bound.floor`
    :param pairs: pairs of care partners that each of them belongs to, see :mod:`solver.bound.partners`
    :param agents: indices of the agents
    """

    queues: tuple[int, ...]
    site: bool
    home: bool
    profile: int
    pairs: tuple[int, ...]
    agents: Integers

    @property
    def kind(self) -> tuple[tuple[int, ...], bool, bool, int, tuple[int, ...]]:
        """What its agents have in common."""
        return self.queues, self.site, self.home, self.profile, self.pairs


def build_crew(problem: Problem, grid: Grid) -> Crew:
    """Lay out the agents of a problem."""
    slot = problem.horizon.slot_minutes
    daily = [_daily_minutes(problem, agent) // slot for agent in problem.agents]
    weekly = [min(agent.weekly_minutes.max, 7 * MOST_DAY_MINUTES) // slot for agent in problem.agents]
    before = [agent.history.consecutive_workdays if agent.history else 0 for agent in problem.agents]
    return Crew(
        _end_limits(problem, grid),
        np.array(weekly, dtype=np.int64) // grid.unit_slots,
        np.array(daily, dtype=np.int64),
        np.array([min(agent.max_workdays, 7) for agent in problem.agents], dtype=np.int64),
        np.array([agent.max_blocks_per_day for agent in problem.agents], dtype=np.int64),
        np.array(before, dtype=np.int64),
        *_fixed(problem),
    )


def _daily_minutes(problem: Problem, agent: Agent) -> int:
    own = agent.limits.max_work_minutes_per_day
    limits = [problem.labour.max_work_minutes_per_day, MOST_DAY_MINUTES, *([] if own is None else [own])]
    return min(limits)


def _end_limits(problem: Problem, grid: Grid) -> NDArray[np.int32]:
    limits = np.zeros((len(problem.agents), len(grid.starts)), dtype=np.int32)
    windows = _DayWindows(problem)
    for row, agent in zip(limits, problem.agents, strict=True):
        opens, closes = windows.of(agent)
        day = np.repeat(np.arange(len(opens)), np.diff(grid.day_first))
        until = np.minimum(_free_until(problem, agent, grid.slots)[grid.starts], grid.start_limit)
        until = np.minimum(until, closes[day])
        row[:] = np.where((grid.starts >= opens[day]) & (until > grid.starts), until, 0)
    return limits


class _DayWindows:
    """Per agent and day the first slot a duty may start in and the first it may not reach."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.cached: dict[tuple[str | None, str | None, tuple[str, ...]], tuple[Integers, Integers]] = {}

    def of(self, agent: Agent) -> tuple[Integers, Integers]:
        limits = agent.limits
        key = (limits.earliest_start, limits.latest_end, tuple(limits.free_days))
        if key not in self.cached:
            self.cached[key] = self._lay_out(*key)
        opens, closes = self.cached[key]
        rested = self._rested(agent)
        return (opens if rested is None else np.maximum(opens, rested)), closes

    def _lay_out(self, earliest: str | None, latest: str | None, free: tuple[str, ...]) -> tuple[Integers, Integers]:
        timeline, slot = self.problem.timeline, self.problem.horizon.slot_minutes
        days = range(timeline.days)
        opens = [0 if earliest is None else timeline.clock_minute(day, parse_clock(earliest)) for day in days]
        closes = [FAR if latest is None else timeline.clock_minute(day, parse_clock(latest)) for day in days]
        opens = [FAR if is_free else opens[day] for day, is_free in enumerate(free_on(self.problem, free))]
        return (
            np.array([slots_up(minute, slot) for minute in opens], dtype=np.int64),
            np.array([minute // slot for minute in closes], dtype=np.int64),
        )

    def _rested(self, agent: Agent) -> int | None:
        if agent.history is None or agent.history.last_end is None:
            return None
        rested = self.problem.timeline.minute_of(agent.history.last_end) + self.problem.labour.min_rest_minutes
        return slots_up(rested, self.problem.horizon.slot_minutes)


def _free_until(problem: Problem, agent: Agent, slots: int) -> Integers:
    """First blocked slot at or after each slot, ``slots`` where none follows."""
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    blocked_from = np.full(slots + 1, slots, dtype=np.int64)
    for window in agent.availability:
        if window.kind == "blocked":
            start, end = (timeline.minute_of(instant) // slot for instant in (window.start, window.end))
            first, after = max(0, start), max(0, min(slots, end))
            blocked_from[first:after] = np.arange(first, max(first, after))
    return np.minimum.accumulate(blocked_from[::-1])[::-1]


def _fixed(problem: Problem) -> Iterable[Integers]:
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    firsts, rows, pause_firsts, pauses = [0], [], [0], []
    for agent in problem.agents:
        for duty in sorted(agent.fixed, key=lambda fixed: fixed.start):
            start, end = timeline.minute_of(duty.start), timeline.minute_of(duty.end)
            spans = [
                (timeline.minute_of(pause.start) // slot, timeline.minute_of(pause.end) // slot)
                for pause in duty.breaks or ()
            ]
            given = FIXED_BREAKS_OPEN if duty.breaks is None else sum(after - first for first, after in spans)
            rows.append((start // slot, end // slot, timeline.day_index_of(start), duty.place == "home", given))
            pauses.extend(spans)
            pause_firsts.append(len(pauses))
        firsts.append(len(rows))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    pause_columns = np.array(pauses, dtype=np.int64).reshape(-1, 2).T
    arrays = (firsts, *columns, pause_firsts, *pause_columns)
    return [np.ascontiguousarray(column, dtype=np.int64) for column in arrays]


def build_teams(problem: Problem, profiles: Integers, pairs_of: Sequence[tuple[int, ...]]) -> list[Team]:
    """Group agents by queues, places, floor profile and the pairs of care partners they belong to.

    :param profiles: floor profile of each agent
    :param pairs_of: pairs that each agent belongs to
    """
    queue_index = {queue.id: index for index, queue in enumerate(problem.queues)}
    members: defaultdict[tuple[tuple[int, ...], bool, bool, int, tuple[int, ...]], list[int]] = defaultdict(list)
    for index, agent in enumerate(problem.agents):
        queues = tuple(sorted({queue_index[queue] for queue in agent.queues}))
        members[queues, agent.home != "only", agent.home != "none", int(profiles[index]), pairs_of[index]].append(index)
    return [Team(*key, np.array(indices, dtype=np.int64)) for key, indices in sorted(members.items())]
