"""A problem compiled to NumPy arrays: what the compiled search reads and never writes.

All times are slots (see :mod:`solver.timeline`), all spans half-open. Agents, days, queues, rooms and desks are
indices in the order of the problem; only released desks are numbered, sorted by room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.array_of import ArrayOf
from solver.problem import Problem

Ints = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 1)]
Ints2 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 2)]
Bytes = Annotated[npt.NDArray[np.uint8], ArrayOf("uint8", 1)]
Bytes2 = Annotated[npt.NDArray[np.uint8], ArrayOf("uint8", 2)]
Floats = Annotated[npt.NDArray[np.float64], ArrayOf("float64", 1)]
Floats2 = Annotated[npt.NDArray[np.float64], ArrayOf("float64", 2)]
Ints4 = Annotated[npt.NDArray[np.int32], ArrayOf("int32", 4)]

BLOCKED, UNDESIRED, PREFERRED, PREVIOUS_SITE, PREVIOUS_HOME = 1, 2, 4, 8, 16
SITE, HOME = 0, 1
NO_LIMIT = 1 << 28
COHORT_RULES = {"none": 0, "same_room": 1, "same_site": 2, "same_day": 3}


@dataclass(frozen=True)
class Block:
    """One duty in slots; ``desk`` is the index of a released desk, -1 at home.

    :param breaks: (start, end) in slots, ascending
    """

    start: int
    end: int
    place: int
    breaks: tuple[tuple[int, int], ...] = ()
    desk: int = -1

    @property
    def work(self) -> int:
        """Slots of presence less breaks."""
        return self.end - self.start - sum(end - start for start, end in self.breaks)


FixedBlocks = Mapping[int, Sequence[Block]]


class Arrays(NamedTuple):
    """The problem for the compiled kernels. A = agents, T = slots, Q = queues, K = skill classes, N = released desks.

    The queue with index Q is idleness: required by nobody, known to everybody.
    """

    slot_minutes: int
    slots: int
    padded_slots: int
    days: int
    runs: int
    agents: int
    queues: int
    gap: int
    edge: int
    part: int
    run: int
    rest: int
    unit: int
    classes: int
    work_unit: int
    most_blocks: int
    most_parts: int
    site_cap: int
    arrivals_cap: int
    cohort_rule: int
    cohorts: int
    any_previous: int
    longest: int  # slots of the longest duty
    most_day_units: int
    day_start: Ints  # (days + 1,)
    base: Ints  # (days + 1,) slot that the rest classes of a day count from
    first_start: Ints  # (days + 1,) index into start_slot
    start_slot: Ints
    run_of_day: Ints
    day_of_slot: Ints  # (T + 1,)
    required: Ints2  # (T, Q + 1)
    worth: Floats  # (Q + 1,) weight times slot minutes
    pair_queue: Ints
    pair_start: Ints  # (K + 1,)
    pair_of: Ints2  # (K, Q + 1), -1 where the class has no such skill
    site_class: Ints  # (A,), -1 never on site
    home_class: Ints
    shape_work: Ints
    shape_break: Ints
    shape_units: Ints
    shape_parts: Ints
    shape_low: Ints
    shape_high: Ints
    shape_level: Ints  # power of two of positions that two look-ups cover
    shape_tail: Ints  # where the second look-up begins
    shape_paired: Bytes  # 1 where tried beside a second duty of the day
    shape_alone: Bytes
    shape_length: Ints  # index into break_lengths
    break_lengths: Ints
    need: Ints  # pause slots needed by work slots of a day
    low: Ints2  # (A, days) first slot a duty of the day may cover
    high: Ints2  # (A, days) last end, <= low where the agent cannot work
    marks: Bytes2  # (A, T)
    day_cap: Ints  # (A,)
    blocks: Ints  # (A,)
    weekly_units: Ints2  # (A, runs) work units left beside fixed duties
    workdays: Ints2  # (A, runs)
    contract_slots: Floats2  # (A, runs) least work not yet reached by fixed duties
    rest_class: Ints  # (A,)
    streak: Ints  # (A,) workdays in a row before the horizon
    streak_states: Ints  # (A,) 1 where the limit cannot bind
    most_streak: int
    prefers_home: Bytes
    usual_desk: Ints  # -1 none released
    has_usual: Bytes
    need_class: Ints
    cohort: Ints
    partner_start: Ints
    partner: Ints
    partner_gap: Ints
    desk_room: Ints
    bay_desk: Ints  # (bays + 1,) a bay is a few desks of one room, looked at together
    bay_room: Ints  # (bays,)
    desk_meets: Bytes2  # (need classes, N)
    desk_worth: Floats
    room_cap: Ints
    room_closes: Bytes  # 1 where a room may be full while a desk is free
    desk_gap: Ints  # (N,) slots of cleaning after a duty before the next at the same desk
    exchangeable: Ints  # (1,) desks at which people may change places freely, 0 where caps or cohorts tell rooms apart
    fixed_day: Bytes2  # (A, days)
    pool_cap: Ints2  # (pools, padded T) most people of a kind on site, NO_LIMIT while seats are not pooled


@dataclass(frozen=True)
class Compiled:
    """The arrays with the names that lead back from indices to ids."""

    problem: Problem
    arrays: Arrays
    desk_ids: list[str]
    fixed: dict[int, list[Block]]


def slots_up(minutes: int, slot_minutes: int) -> int:
    """Slots that hold at least so many minutes."""
    return -(-minutes // slot_minutes)
