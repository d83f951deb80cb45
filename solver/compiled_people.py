"""What each agent may do, as arrays: hours, days, limits, needs and partners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from solver.arrays import FixedBlocks, Ints, slots_up
from solver.compiled_starts import StartGrid, rested_slot
from solver.problem import Agent, Problem
from solver.shapes import Shapes
from solver.timeline import Timeline, parse_clock

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def agent_limits(
    problem: Problem, timeline: Timeline, shapes: Shapes, grid: StartGrid, fixed: FixedBlocks
) -> dict[str, object]:
    """Hours, days and work that each agent has left beside the fixed duties, in slots."""
    agents, slot, labour = problem.agents, timeline.slot_minutes, problem.labour
    shape = (len(agents), timeline.days)
    low, high = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
    windows: dict[tuple[object, ...], tuple[Ints, Ints]] = {}
    fixed_day, fixed_work = _fixed_load(timeline, grid, fixed, len(agents))
    fixed_days = np.add.reduceat(fixed_day, np.arange(0, timeline.days, 7), axis=1).astype(np.int64)
    for index, agent in enumerate(agents):
        limits = agent.limits
        key = (limits.earliest_start, limits.latest_end, tuple(limits.free_days))
        if key not in windows:
            windows[key] = _windows(problem, timeline, agent)
        low[index], high[index] = windows[key]
        if agent.max_blocks_per_day == 0:
            high[index] = 0
    weekly = np.array([[agent.weekly_minutes.min, agent.weekly_minutes.max] for agent in agents]).reshape(-1, 2)
    most_days = np.array([agent.max_workdays for agent in agents], dtype=np.int64).reshape(-1, 1)
    return {
        "low": low,
        "high": high,
        "fixed_day": fixed_day,
        "day_cap": np.array([_day_cap(problem, agent) // slot for agent in agents], dtype=np.int32),
        "blocks": np.array([agent.max_blocks_per_day for agent in agents], dtype=np.int32),
        "weekly_units": np.maximum(0, (weekly[:, 1:] // slot - fixed_work) // shapes.work_unit).astype(np.int32),
        "workdays": np.maximum(0, most_days - fixed_days).astype(np.int32),
        "contract_slots": np.maximum(0.0, weekly[:, :1] / slot - fixed_work),
        "rest_class": np.array(
            [
                max(0, slots_up(rested_slot(agent, problem, timeline.slots) - int(grid.base[0]), grid.unit))
                for agent in agents
            ],
            dtype=np.int32,
        ),
        "streak": np.array(
            [
                min(labour.max_consecutive_workdays, agent.history.consecutive_workdays if agent.history else 0)
                for agent in agents
            ],
            dtype=np.int32,
        ),
        "streak_states": np.array(
            [
                _streak_states(problem, agent, (high[index] > low[index]) | (fixed_day[index] > 0))
                for index, agent in enumerate(agents)
            ],
            dtype=np.int32,
        ),
    }


def _fixed_load(
    timeline: Timeline, grid: StartGrid, fixed: FixedBlocks, agents: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Days with fixed duties (agents, days), and their slots of work in each run of seven days (agents, runs)."""
    fixed_day = np.zeros((agents, timeline.days), dtype=np.uint8)
    fixed_work = np.zeros((agents, timeline.runs), dtype=np.int64)
    for index, blocks in fixed.items():
        for block in blocks:
            day = int(np.searchsorted(grid.day_start, block.start, side="right")) - 1
            fixed_day[index, day] = 1
            fixed_work[index, day // 7] += block.work
    return fixed_day, fixed_work


def _day_cap(problem: Problem, agent: Agent) -> int:
    own = agent.limits.max_work_minutes_per_day
    law = problem.labour.max_work_minutes_per_day
    return law if own is None else min(law, own)


def _windows(problem: Problem, timeline: Timeline, agent: Agent) -> tuple[Ints, Ints]:
    """First slot and last end of duties starting on each day; an empty window on free days."""
    slot, limits, rules = timeline.slot_minutes, agent.limits, problem.duties
    free = {*problem.labour.free_days, *limits.free_days}
    holidays = set(problem.site.holidays)
    low, high = [], []
    for day in range(timeline.days):
        on = timeline.day(day)
        starts = [
            timeline.clock_minute(day, parse_clock(text))
            for text in (rules.earliest_start, limits.earliest_start)
            if text
        ]
        ends = [timeline.clock_minute(day, parse_clock(text)) for text in (rules.latest_end, limits.latest_end) if text]
        off = _WEEKDAYS[on.weekday()] in free or ("holiday" in free and on in holidays)
        low.append(max(timeline.day_start_minutes[day] // slot, slots_up(max(starts), slot)))
        high.append(
            0 if off or problem.labour.max_consecutive_workdays == 0 else min(min(ends) // slot, timeline.slots)
        )
    return np.array(low, dtype=np.int32), np.array(high, dtype=np.int32)


def _streak_states(problem: Problem, agent: Agent, workable: npt.NDArray[np.bool_]) -> int:
    """How many lengths of a run of workdays the tour must tell apart; 1 where the limit cannot bind."""
    most = problem.labour.max_consecutive_workdays
    before = agent.history.consecutive_workdays if agent.history else 0
    longest = current = 0
    for day in workable:
        current = current + 1 if day else 0
        longest = max(longest, current)
    leading = int(np.argmin(workable)) if not workable.all() else len(workable)
    if len(workable) <= 7:
        longest, leading = min(longest, agent.max_workdays), min(leading, agent.max_workdays)
    if longest <= most and (not leading or leading + before <= most):
        return 1
    return most + 1


def people(problem: Problem, desks: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Wishes, desk needs, cohorts and care partners of each agent."""
    agents = problem.agents
    desk_index = {desk: number for number, (desk, _room) in enumerate(desks)}
    cohorts = {name: number for number, name in enumerate(sorted({agent.cohort for agent in agents if agent.cohort}))}
    needs = need_classes(problem)
    partner_start, partner, partner_gap = _partners(problem)
    return {
        "prefers_home": np.array([agent.home == "preferred" for agent in agents], dtype=np.uint8),
        "usual_desk": np.array([desk_index.get(agent.usual_desk or "", -1) for agent in agents], dtype=np.int32),
        "has_usual": np.array([agent.usual_desk is not None for agent in agents], dtype=np.uint8),
        "need_class": np.array([needs[frozenset(agent.desk_needs)] for agent in agents], dtype=np.int32),
        "cohort": np.array([cohorts[agent.cohort] if agent.cohort else -1 for agent in agents], dtype=np.int32),
        "partner_start": partner_start,
        "partner": partner,
        "partner_gap": partner_gap,
    }


def need_classes(problem: Problem) -> dict[frozenset[str], int]:
    """Number of each set of desk needs that some agent has; the empty one is 0."""
    classes: dict[frozenset[str], int] = {frozenset(): 0}
    for agent in problem.agents:
        classes.setdefault(frozenset(agent.desk_needs), len(classes))
    return classes


def _partners(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """For each agent those it must not be present with, and the slots between them, both ways."""
    index = {agent.id: number for number, agent in enumerate(problem.agents)}
    gaps: list[dict[int, int]] = [{} for _agent in problem.agents]
    for number, agent in enumerate(problem.agents):
        for named in agent.not_together_with:
            other = index[named.agent]
            slots = slots_up(named.handover_minutes, problem.horizon.slot_minutes)
            gaps[number][other] = gaps[other][number] = max(slots, gaps[number].get(other, 0))
    starts = np.cumsum([0, *map(len, gaps)], dtype=np.int32)
    return (
        starts,
        np.array([other for gap in gaps for other in gap], dtype=np.int32),
        np.array([slots for gap in gaps for slots in gap.values()], dtype=np.int32),
    )
