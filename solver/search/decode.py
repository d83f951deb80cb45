"""From a state back to duties: who serves what, with as few changes of queue as the counts allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.array_of import ArrayOf
from solver.arrays import SITE, Arrays, Compiled, Ints, Ints4
from solver.problem import Duty, Serves, SpanOfTime
from solver.search.handles import Handle, entry_kernel, kernel
from solver.search.state import BREAKS, DESK, END, FIRST_BREAK, PLACE, START, State

Shorts2 = Annotated[npt.NDArray[np.int16], ArrayOf("int16", 2)]
NOBODY = -1


class Rota(NamedTuple):
    """Who does what in each slot."""

    classes: Shorts2  # (A, T) skill class at work, -1 not at work
    queues: Shorts2  # (A, T) queue served, -1 none
    left: Ints  # (Q + 1,) of one class, still to be given out
    members: Ints  # (A,) at work in one slot


def duties_of(compiled: Compiled, state: State, blocks: Ints4) -> list[Duty]:
    """All duties of a state in the order of agents and time.

    :param blocks: the state's own
    """
    arrays = compiled.arrays
    served = queues_served(arrays, state)
    timeline = compiled.problem.timeline
    slot_minutes = timeline.slot_minutes
    instants = [timeline.instant_of(slot * slot_minutes) for slot in range(arrays.slots + 1)]
    names = [queue.id for queue in compiled.problem.queues]
    found = []
    for agent in np.flatnonzero((blocks[..., END] > 0).any(axis=(1, 2))).tolist():
        rows = blocks[agent].reshape(-1, blocks.shape[-1])
        own = sorted(rows[rows[:, END] > 0].tolist())
        queues = served[agent].tolist()
        found += [_duty(compiled, agent, block, queues, instants, names) for block in own]
    return found


def queues_served(arrays: Arrays, state: State) -> Shorts2:
    """The queue that each agent serves in each slot (A, T), -1 for none."""
    shape = (arrays.agents, arrays.slots)
    rota = Rota(
        np.full(shape, NOBODY, dtype=np.int16),
        np.full(shape, NOBODY, dtype=np.int16),
        np.zeros(arrays.queues + 1, dtype=np.int32),
        np.zeros(arrays.agents, dtype=np.int32),
    )
    counted = state._replace(serving=state.serving.copy())
    assign_queues(Handle(arrays), Handle(counted), Handle(rota))
    return rota.queues


def _duty(
    compiled: Compiled,
    agent: int,
    block: Sequence[int],
    queues: Sequence[int],
    instants: Sequence[datetime],
    names: Sequence[str],
) -> Duty:
    breaks = [(block[FIRST_BREAK + 2 * number], block[FIRST_BREAK + 2 * number + 1]) for number in range(block[BREAKS])]
    return Duty.model_construct(
        agent=compiled.problem.agents[agent].id,
        start=instants[block[START]],
        end=instants[block[END]],
        breaks=[SpanOfTime.model_construct(start=instants[start], end=instants[end]) for start, end in breaks],
        place="site" if block[PLACE] == SITE else "home",
        desk=compiled.desk_ids[block[DESK]] if block[PLACE] == SITE else None,
        serves=[
            Serves.model_construct(queue=names[queue], start=instants[start], end=instants[end])
            for queue, start, end in _spans(queues, block[START], block[END])
        ],
    )


def _spans(queues: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    first = start
    for slot in range(start, end + 1):
        if slot == end or queues[slot] != queues[first]:
            if queues[first] != NOBODY:
                yield queues[first], first, slot
            first = slot


@entry_kernel
def assign_queues(arrays: Arrays, state: State, rota: Rota) -> None:
    """Give each agent a queue in each slot, as the state counts them."""
    for agent in range(arrays.agents):
        _mark_work(arrays, state, rota, agent)
    for slot in range(arrays.slots):
        count = 0
        for agent in range(arrays.agents):
            if rota.classes[agent, slot] >= 0:
                rota.members[count] = agent
                count += 1
        if count > 0:
            _share_out(arrays, state, rota, slot, count)


@kernel
def _mark_work(arrays: Arrays, state: State, rota: Rota, agent: int) -> None:
    for day in range(arrays.days):
        for number in range(arrays.most_blocks):
            block = state.blocks[agent, day, number]
            skill_class = arrays.site_class[agent] if block[PLACE] == SITE else arrays.home_class[agent]
            if block[END] > 0:
                for slot in range(block[START], block[END]):
                    rota.classes[agent, slot] = skill_class
                for part in range(block[BREAKS]):
                    for slot in range(block[FIRST_BREAK + 2 * part], block[FIRST_BREAK + 2 * part + 1]):
                        rota.classes[agent, slot] = NOBODY


@kernel
def _share_out(arrays: Arrays, state: State, rota: Rota, slot: int, count: int) -> None:
    """Share the queues of one slot out, class by class: first to those who were at the same queue before."""
    for skill_class in range(len(arrays.pair_of)):
        waiting = 0
        for queue in range(arrays.queues + 1):
            pair = arrays.pair_of[skill_class, queue]
            rota.left[queue] = state.pairs[slot, pair] if pair >= 0 else 0
            waiting += rota.left[queue]
        if waiting == 0:
            continue
        for turn in range(2):
            for entry in range(count):
                agent = rota.members[entry]
                if rota.classes[agent, slot] == skill_class and rota.queues[agent, slot] == NOBODY:
                    before = rota.queues[agent, slot - 1] if slot > 0 else NOBODY
                    if turn == 0 and before >= 0 and rota.left[before] > 0:
                        rota.queues[agent, slot] = before
                        rota.left[before] -= 1
                    elif turn == 1:
                        rota.queues[agent, slot] = _next_queue(arrays, state, rota, slot, skill_class)


@kernel
def _next_queue(arrays: Arrays, state: State, rota: Rota, slot: int, skill_class: int) -> int:
    """The queue with most places left, or for the idle one that lacks somebody although nobody minds."""
    best = NOBODY
    for queue in range(arrays.queues):
        if rota.left[queue] > 0 and (best < 0 or rota.left[queue] > rota.left[best]):
            best = queue
    if best >= 0:
        rota.left[best] -= 1
        return best
    for queue in range(arrays.queues):
        if arrays.pair_of[skill_class, queue] >= 0 and state.serving[slot, queue] < arrays.required[slot, queue]:
            state.serving[slot, queue] += 1
            return queue
    return NOBODY
