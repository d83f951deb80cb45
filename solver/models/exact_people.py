"""Rules of the exact model that concern one person: working time, breaks, rest periods, care partners."""

from __future__ import annotations

import itertools

from ortools.sat.python import cp_model

from solver.models.candidates import most_daily_work
from solver.models.exact_frame import ExactFrame
from solver.problem import Agent, Problem


def add_personal_rules(frame: ExactFrame) -> None:
    """Add every rule that one person's duties can keep or break alone, and those of care partners."""
    for index, agent in enumerate(frame.problem.agents):
        _add_day_limits(frame, index, agent)
        _add_week_limits(frame, index, agent)
        _add_consecutive_days(frame, index, agent)
        _add_rest(frame, index)
        _add_pauses(frame, index, agent)
        _add_runs(frame, index, agent)
    _add_not_together(frame)


def _add_day_limits(frame: ExactFrame, index: int, agent: Agent) -> None:
    for day in range(frame.timeline.days):
        indices = frame.of_day.get((index, day), [])
        if indices:
            frame.model.add(sum(frame.chosen[duty] for duty in indices) <= agent.max_blocks_per_day)
            most = most_daily_work(frame.problem, agent) // frame.slot_minutes
            frame.model.add(frame.work_slots(index, day) <= most)


def _add_week_limits(frame: ExactFrame, index: int, agent: Agent) -> None:
    for run in range(frame.timeline.runs):
        days = range(7 * run, min(7 * run + 7, frame.timeline.days))
        work = sum(frame.work_slots(index, day) for day in days)
        frame.model.add(work <= agent.weekly_minutes.max // frame.slot_minutes)
        workdays = [frame.workday[index, day] for day in days if (index, day) in frame.workday]
        frame.model.add(cp_model.LinearExpr.sum(workdays) <= agent.max_workdays)


def _add_consecutive_days(frame: ExactFrame, index: int, agent: Agent) -> None:
    most = frame.problem.labour.max_consecutive_workdays
    before = 0 if agent.history is None else agent.history.consecutive_workdays
    for first in range(-min(before, most), frame.timeline.days - most):
        days = range(max(0, first), first + most + 1)
        worked = [frame.workday[index, day] for day in days if (index, day) in frame.workday]
        if len(worked) == len(days):
            frame.model.add_bool_or([~workday for workday in worked])


def _add_rest(frame: ExactFrame, index: int) -> None:
    """No duty of a later workday starts before the rest period after the earlier ones is over.

    A ladder of Booleans says until when the earlier days last; each conflict is then one clause instead of one
    for every pair of duties.
    """
    rest = frame.slots_up(frame.problem.labour.min_rest_minutes)
    days = [day for day in range(frame.timeline.days) if (index, day) in frame.of_day]
    for rank, later in enumerate(days[1:], start=1):
        earliest = min(frame.candidates[duty].start for duty in frame.of_day[index, later])
        before = [
            duty
            for day in days[:rank]
            for duty in frame.of_day[index, day]
            if frame.candidates[duty].end > earliest - rest
        ]
        busy_until = _ladder(frame, before)
        for duty in frame.of_day[index, later]:
            too_late = [end for end in busy_until if end > frame.candidates[duty].start - rest]
            if too_late:
                frame.model.add_implication(frame.chosen[duty], ~busy_until[min(too_late)])


def _ladder(frame: ExactFrame, duties: list[int]) -> dict[int, cp_model.IntVar]:
    """For each end of these duties: whether one that is chosen ends then or later."""
    ends = sorted({frame.candidates[duty].end for duty in duties})
    ladder = {end: frame.model.new_bool_var("") for end in ends}
    for end, later in itertools.pairwise(ends):
        frame.model.add_implication(ladder[later], ladder[end])
    for duty in duties:
        frame.model.add_implication(frame.chosen[duty], ladder[frame.candidates[duty].end])
    return ladder


def _add_pauses(frame: ExactFrame, index: int, agent: Agent) -> None:
    """The highest rule that the day's work exceeds decides, even where a lower one asks for more."""
    needed: dict[int, int] = {}
    for rule in frame.problem.labour.breaks:
        over = rule.work_over_minutes // frame.slot_minutes
        needed[over] = max(needed.get(over, 0), frame.slots_up(rule.break_minutes))
    steps = sorted(needed)
    for day in range(frame.timeline.days):
        if not needed or (index, day) not in frame.of_day:
            continue
        work = frame.work_slots(index, day)
        pauses = frame.break_slots(index, day)
        if agent.max_blocks_per_day > 1:
            pauses += cp_model.LinearExpr.sum(_gap_slots(frame, index, day))
        exceeded = [_exceeded(frame, work, over) for over in steps]
        for over, is_over, is_more in zip(steps, exceeded, [*exceeded[1:], None], strict=True):
            highest = [is_over] if is_more is None else [is_over, ~is_more]
            frame.model.add(pauses >= needed[over]).only_enforce_if(highest)


def _exceeded(frame: ExactFrame, work: cp_model.LinearExpr, over: int) -> cp_model.IntVar:
    is_over = frame.model.new_bool_var("")
    frame.model.add(work >= over + 1).only_enforce_if(is_over)
    frame.model.add(work <= over).only_enforce_if(~is_over)
    return is_over


def _gap_slots(frame: ExactFrame, index: int, day: int) -> list[cp_model.IntVar]:
    """Slots that may count as a gap between two blocks of one day; none has to."""
    duties = frame.of_day[index, day]
    ends = {duty: frame.candidates[duty].end for duty in duties}
    starts = {duty: frame.candidates[duty].start for duty in duties}
    gaps: dict[int, cp_model.IntVar] = {}
    for slot in range(min(ends.values()), max(starts.values())):
        gaps[slot] = frame.model.new_bool_var(f"gap{index}.{slot}")
        if (index, slot) in frame.present:
            frame.model.add_implication(gaps[slot], ~frame.present[index, slot])
        frame.model.add_bool_or([~gaps[slot], *(frame.chosen[duty] for duty in duties if ends[duty] <= slot)])
        frame.model.add_bool_or([~gaps[slot], *(frame.chosen[duty] for duty in duties if starts[duty] > slot)])
    _hold_on(frame, gaps)
    return list(gaps.values())


def _hold_on(frame: ExactFrame, counted: dict[int, cp_model.IntVar]) -> None:
    """What begins to count lasts at least as long as the shortest pause that counts."""
    for slot, counts in counted.items():
        before = [counted[slot - 1]] if slot - 1 in counted else []
        for later in range(slot + 1, slot + frame.least_pause):
            frame.model.add_bool_or([~counts, *before, *([counted[later]] if later in counted else [])])


def _add_runs(frame: ExactFrame, index: int, agent: Agent) -> None:
    most = frame.problem.labour.max_run_minutes // frame.slot_minutes
    slots = frame.slots_of[index]
    if not slots:
        return
    between_days = frame.slots_up(frame.problem.labour.min_rest_minutes)
    if frame.least_pause == 1 or (agent.max_blocks_per_day <= 1 and between_days >= frame.least_pause):
        _add_plain_runs(frame, index, most)
    else:
        _add_runs_over_short_gaps(frame, index, most)


def _add_plain_runs(frame: ExactFrame, index: int, most: int) -> None:
    """Every stop of work is a pause, so a run is a stretch of slots."""
    for slot in frame.slots_of[index]:
        window = [(index, later) for later in range(slot, slot + most + 1)]
        if all(key in frame.working for key in window):
            frame.model.add_bool_or([~frame.working[key] for key in window])


def _add_runs_over_short_gaps(frame: ExactFrame, index: int, most: int) -> None:
    """Work adds up over gaps too short to be a pause."""
    first, last = frame.slots_of[index][0], frame.slots_of[index][-1]
    idle = {slot: frame.model.new_bool_var(f"idle{index}.{slot}") for slot in range(first, last + 1)}
    for slot, is_idle in idle.items():
        if (index, slot) in frame.present:
            frame.model.add_implication(is_idle, ~frame.present[index, slot])
    _hold_on_to_the_end(frame, idle)
    run_before: cp_model.LinearExprT = 0
    for slot, is_idle in idle.items():
        run = frame.model.new_int_var(0, most, f"run{index}.{slot}")
        work = frame.working.get((index, slot), 0)
        pauses = [is_idle, *([frame.on_break[index, slot]] if (index, slot) in frame.on_break else [])]
        paused = frame.model.new_bool_var("")
        frame.model.add_bool_or([~paused, *pauses])
        frame.model.add(run >= cp_model.LinearExpr.sum([run_before, work])).only_enforce_if(~paused)
        run_before = run


def _hold_on_to_the_end(frame: ExactFrame, idle: dict[int, cp_model.IntVar]) -> None:
    """As for gaps; after the last slot of the horizon everything is idle."""
    last = max(idle)
    for slot, is_idle in idle.items():
        before = [idle[slot - 1]] if slot - 1 in idle else []
        for later in range(slot + 1, min(slot + frame.least_pause, last + 1)):
            frame.model.add_bool_or([~is_idle, *before, idle[later]])


def _add_not_together(frame: ExactFrame) -> None:
    for (one, other), handover_minutes in handovers(frame.problem).items():
        reach = frame.slots_up(handover_minutes)
        for slot in frame.slots_of[one]:
            for near in range(slot - reach, slot + reach + 1):
                if (other, near) in frame.present:
                    frame.model.add_bool_or([~frame.present[one, slot], ~frame.present[other, near]])


def handovers(problem: Problem) -> dict[tuple[int, int], int]:
    """Minutes between the presence of each two care partners, by their indices; the larger where both say one."""
    index_of = {agent.id: index for index, agent in enumerate(problem.agents)}
    pairs: dict[tuple[int, int], int] = {}
    for agent in problem.agents:
        for partner in agent.not_together_with:
            low, high = sorted((index_of[agent.id], index_of[partner.agent]))
            pairs[low, high] = max(pairs.get((low, high), 0), partner.handover_minutes)
    return pairs
