"""Compile a problem to the arrays that the search reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from solver.arrays import (
    BLOCKED,
    COHORT_RULES,
    NO_LIMIT,
    PREFERRED,
    PREVIOUS_HOME,
    PREVIOUS_SITE,
    UNDESIRED,
    Arrays,
    Block,
    Bytes,
    Compiled,
    FixedBlocks,
    slots_up,
)
from solver.compiled_desks import desk_arrays, released_desks
from solver.compiled_people import agent_limits, people
from solver.compiled_starts import StartGrid
from solver.problem import Problem
from solver.shapes import Shapes, break_need_slots, duty_shapes
from solver.timeline import Timeline


def compile_problem(problem: Problem, released: Iterable[str], fixed: Mapping[int, Sequence[Block]]) -> Compiled:
    """Compile a problem for the search.

    :param released: ids of the desks that may be used
    :param fixed: fixed duties by agent index, breaks and desks chosen; a block's desk counts in the order of
        :func:`released_desks`
    """
    timeline = problem.timeline
    desks = released_desks(problem, released)
    shapes = duty_shapes(problem)
    grid = StartGrid(problem, timeline, fixed)
    parts = {
        **_scalars(problem, timeline, shapes, grid, fixed),
        **_demand(problem, timeline),
        **_skills(problem),
        **_shape_arrays(problem, shapes),
        **agent_limits(problem, timeline, shapes, grid, fixed),
        **people(problem, desks),
        **desk_arrays(problem, desks),
        "marks": _marks(problem, timeline),
        "day_start": grid.day_start,
        "base": grid.base,
        "first_start": grid.first_start,
        "start_slot": grid.start_slot,
        "run_of_day": np.arange(timeline.days, dtype=np.int32) // 7,
        "day_of_slot": np.append(np.repeat(np.arange(timeline.days), np.diff(grid.day_start)), timeline.days).astype(
            np.int32
        ),
    }
    return Compiled(
        problem,
        Arrays(**parts),  # type: ignore[arg-type]
        [desk for desk, _room in desks],
        {agent: list(blocks) for agent, blocks in fixed.items()},
    )


def _scalars(
    problem: Problem, timeline: Timeline, shapes: Shapes, grid: StartGrid, fixed: FixedBlocks
) -> dict[str, object]:
    slot, hygiene, labour = timeline.slot_minutes, problem.hygiene, problem.labour
    gap = slots_up(hygiene.cleaning_gap_minutes, slot)
    by_day = [
        sum(int(grid.day_start[day]) <= block.start < int(grid.day_start[day + 1]) for block in blocks)
        for blocks in fixed.values()
        for day in range(timeline.days)
    ]
    fixed_parts = [len(block.breaks) for blocks in fixed.values() for block in blocks]
    two = any(agent.max_blocks_per_day > 1 for agent in problem.agents)
    return {
        "slot_minutes": slot,
        "slots": timeline.slots,
        "padded_slots": timeline.slots + gap + 1,
        "days": timeline.days,
        "runs": timeline.runs,
        "agents": len(problem.agents),
        "queues": len(problem.queues),
        "gap": gap,
        "edge": slots_up(problem.duties.break_edge_minutes, slot),
        "part": max(1, slots_up(labour.min_break_part_minutes, slot)),
        "run": min(NO_LIMIT, labour.max_run_minutes // slot),
        "rest": grid.rest,
        "unit": grid.unit,
        "classes": grid.classes,
        "work_unit": shapes.work_unit,
        "most_blocks": max([2 if two else 1, *by_day]),
        "most_parts": max([1, shapes.most_parts, *fixed_parts]),
        "site_cap": NO_LIMIT if hygiene.max_persons_on_site is None else hygiene.max_persons_on_site,
        "arrivals_cap": NO_LIMIT if hygiene.max_arrivals_per_slot is None else hygiene.max_arrivals_per_slot,
        "cohort_rule": COHORT_RULES[hygiene.cohort_rule],
        "cohorts": len({agent.cohort for agent in problem.agents} - {None}),
        "any_previous": int(any(agent.previous for agent in problem.agents)),
        "longest": max([1, *(shape.work + shape.pause for shape in shapes.shapes)]),
        "most_day_units": (labour.max_work_minutes_per_day // slot) // shapes.work_unit,
        "most_streak": labour.max_consecutive_workdays,
    }


def _demand(problem: Problem, timeline: Timeline) -> dict[str, object]:
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    required = np.zeros((timeline.slots, len(index) + 1), dtype=np.int32)
    for demand in problem.demand:
        start = timeline.minute_of(demand.start) // timeline.slot_minutes
        required[start : start + len(demand.required), index[demand.queue]] = demand.required
    worth = [queue.weight * timeline.slot_minutes for queue in problem.queues]
    return {"required": required, "worth": np.array([*worth, 0.0])}


def _skills(problem: Problem) -> dict[str, object]:
    """Agents sorted into classes of equal skills, those at home without the queues that are not allowed there."""
    index = {queue.id: number for number, queue in enumerate(problem.queues)}
    at_home = sum(1 << index[queue.id] for queue in problem.queues if queue.home_allowed)
    idle = 1 << len(index)
    classes: dict[int, int] = {}
    site, home = [], []
    for agent in problem.agents:
        mask = sum(1 << index[queue] for queue in set(agent.queues))
        site.append(-1 if agent.home == "only" else classes.setdefault(mask | idle, len(classes)))
        home.append(-1 if agent.home == "none" else classes.setdefault(mask & at_home | idle, len(classes)))
    pair_of = np.full((max(1, len(classes)), len(index) + 1), -1, dtype=np.int32)
    queues: list[int] = []
    starts = [0]
    for mask, number in classes.items():
        for queue in range(len(index) + 1):
            if mask >> queue & 1:
                pair_of[number, queue] = len(queues)
                queues.append(queue)
        starts.append(len(queues))
    return {
        "pair_queue": np.array(queues or [len(index)], dtype=np.int32),
        "pair_start": np.array(starts if classes else [0, 1], dtype=np.int32),
        "pair_of": pair_of if classes else np.array([[-1] * len(index) + [0]], dtype=np.int32),
        "site_class": np.array(site, dtype=np.int32),
        "home_class": np.array(home, dtype=np.int32),
    }


def _shape_arrays(problem: Problem, shapes: Shapes) -> dict[str, object]:
    lengths = sorted({shape.pause for shape in shapes.shapes if shape.pause})
    columns = {
        "shape_work": [shape.work for shape in shapes.shapes],
        "shape_break": [shape.pause for shape in shapes.shapes],
        "shape_units": [shape.work // shapes.work_unit for shape in shapes.shapes],
        "shape_parts": [shape.parts for shape in shapes.shapes],
        "shape_low": [shape.low for shape in shapes.shapes],
        "shape_high": [shape.high for shape in shapes.shapes],
        "shape_length": [lengths.index(shape.pause) if shape.pause else -1 for shape in shapes.shapes],
    }
    levels = [max(0, shape.high - shape.low + 1).bit_length() - 1 for shape in shapes.shapes]
    columns["shape_level"] = [max(0, level) for level in levels]
    columns["shape_tail"] = [
        shape.high + 1 - (1 << max(0, level)) for shape, level in zip(shapes.shapes, levels, strict=True)
    ]
    arrays: dict[str, object] = {name: np.array(values, dtype=np.int32) for name, values in columns.items()}
    arrays["shape_alone"] = np.array([shape.alone for shape in shapes.shapes], dtype=np.uint8)
    first_of_work = [
        not index or shapes.shapes[index - 1].work != shape.work for index, shape in enumerate(shapes.shapes)
    ]
    arrays["shape_paired"] = np.array(first_of_work, dtype=np.uint8)
    arrays["break_lengths"] = np.array(lengths, dtype=np.int32)
    longest_day = max(problem.labour.max_work_minutes_per_day, *problem.duties.work_minutes, 0)
    slots = longest_day // problem.horizon.slot_minutes
    arrays["need"] = np.array([break_need_slots(problem, work) for work in range(slots + 1)], dtype=np.int32)
    return arrays


def _marks(problem: Problem, timeline: Timeline) -> Bytes:
    """What is known of each agent in each slot, as bits."""
    marks = np.zeros((len(problem.agents), timeline.slots), dtype=np.uint8)
    bits = {"blocked": BLOCKED, "undesired": UNDESIRED, "preferred": PREFERRED}
    slot = timeline.slot_minutes
    for index, agent in enumerate(problem.agents):
        row = marks[index]
        for window in agent.availability:
            start, end = timeline.minute_of(window.start) // slot, timeline.minute_of(window.end) // slot
            row[max(0, start) : max(0, end)] |= bits[window.kind]
        for duty in agent.previous:
            start, end = timeline.minute_of(duty.start) // slot, timeline.minute_of(duty.end) // slot
            row[start:end] |= PREVIOUS_SITE if duty.place == "site" else PREVIOUS_HOME
    return marks
