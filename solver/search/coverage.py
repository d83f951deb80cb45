"""Who serves which queue, slot by slot: one agent in or out by the best exchange, then local repair.

In one slot the assignment of present people to queues is a flow with convex costs. It stays optimal when a unit
is added along the best augmenting path, or taken out along the cheapest one (Ahuja, Magnanti and Orlin, *Network
Flows*, 1993, section 14.3), so nothing is ever computed from scratch.
"""

from __future__ import annotations

from solver.arrays import Arrays
from solver.search.handles import kernel
from solver.search.state import SHORTFALL, Bench, State


@kernel
def queue_gain(arrays: Arrays, state: State, slot: int, queue: int) -> float:
    """What one more agent at a queue takes off the shortfall."""
    required = arrays.required[slot, queue]
    missing = required - state.serving[slot, queue]
    if missing <= 0:
        return 0.0
    return arrays.worth[queue] * (1.0 + (2.0 * missing - 1.0) / required)


@kernel
def queue_loss(arrays: Arrays, state: State, slot: int, queue: int) -> float:
    """What one agent fewer at a queue adds to the shortfall."""
    required = arrays.required[slot, queue]
    missing = required - state.serving[slot, queue]
    if missing < 0 or required == 0:
        return 0.0
    return arrays.worth[queue] * (1.0 + (2.0 * missing + 1.0) / required)


@kernel
def refresh_gain(arrays: Arrays, state: State, slot: int) -> None:
    """Compute what an agent is worth at each queue, when people already there may move on to others."""
    queues = arrays.queues + 1
    gain = state.gain[slot]
    for queue in range(queues):
        gain[queue] = queue_gain(arrays, state, slot, queue)
    if queues <= 2:
        return
    changed = True
    while changed:
        changed = False
        for queue in range(queues - 1):
            if state.serving[slot, queue] == 0:
                continue
            for other in range(queues - 1):
                if gain[other] > gain[queue] and state.paths[slot, queue, other] > 0:
                    gain[queue] = gain[other]
                    changed = True


@kernel
def count_unit(arrays: Arrays, state: State, slot: int, skill_class: int, queue: int, change: int) -> None:
    """Book one agent of a class in or out of a queue."""
    state.serving[slot, queue] += change
    state.pairs[slot, arrays.pair_of[skill_class, queue]] += change
    for pair in range(arrays.pair_start[skill_class], arrays.pair_start[skill_class + 1]):
        state.paths[slot, queue, arrays.pair_queue[pair]] += change


@kernel
def shift_unit(arrays: Arrays, state: State, slot: int, queue: int, other: int) -> None:
    """Move some agent from one queue to another that it knows."""
    for skill_class in range(len(arrays.pair_of)):
        if arrays.pair_of[skill_class, other] >= 0:
            pair = arrays.pair_of[skill_class, queue]
            if pair >= 0 and state.pairs[slot, pair] > 0:
                count_unit(arrays, state, slot, skill_class, queue, -1)
                count_unit(arrays, state, slot, skill_class, other, 1)
                return


@kernel
def add_unit(arrays: Arrays, state: State, bench: Bench, slot: int, skill_class: int) -> None:
    """Bring one agent into a slot, along the exchange that gains most."""
    idle = arrays.queues
    best, best_gain = idle, 0.0
    for pair in range(arrays.pair_start[skill_class], arrays.pair_start[skill_class + 1]):
        queue = arrays.pair_queue[pair]
        if state.gain[slot, queue] > best_gain:
            best, best_gain = queue, state.gain[slot, queue]
    if best == idle or queue_gain(arrays, state, slot, best) >= best_gain:
        state.tiers[SHORTFALL] -= best_gain
        count_unit(arrays, state, slot, skill_class, best, 1)
    else:
        end = search_forward(arrays, state, bench, slot, best, best_gain)
        state.tiers[SHORTFALL] -= best_gain
        queue = end
        while bench.queue_from[queue] >= 0:
            shift_unit(arrays, state, slot, bench.queue_from[queue], queue)
            queue = bench.queue_from[queue]
        count_unit(arrays, state, slot, skill_class, queue, 1)
    refresh_gain(arrays, state, slot)


@kernel
def search_forward(arrays: Arrays, state: State, bench: Bench, slot: int, first: int, gain: float) -> int:
    """Find the queue at which an exchange that begins at ``first`` reaches ``gain``; the way is in queue_from."""
    queues = arrays.queues + 1
    bench.queue_from[:queues] = -2
    bench.queue_from[first] = -1
    bench.queue_list[0] = first
    head, tail = 0, 1
    while head < tail:
        queue = bench.queue_list[head]
        head += 1
        if queue_gain(arrays, state, slot, queue) >= gain:
            return queue
        for other in range(queues - 1):
            if bench.queue_from[other] == -2 and state.paths[slot, queue, other] > 0:
                bench.queue_from[other] = queue
                bench.queue_list[tail] = other
                tail += 1
    return first


@kernel
def remove_unit(arrays: Arrays, state: State, bench: Bench, slot: int, skill_class: int) -> None:
    """Take one agent out of a slot; others fill the hole where that loses least."""
    idle = arrays.queues
    if state.pairs[slot, arrays.pair_of[skill_class, idle]] > 0:
        count_unit(arrays, state, slot, skill_class, idle, -1)
        return
    end, loss = search_backward(arrays, state, bench, slot, skill_class)
    state.tiers[SHORTFALL] += loss
    while bench.queue_from[end] >= 0:
        hole = bench.queue_from[end]
        shift_unit(arrays, state, slot, end, hole)
        end = hole
    count_unit(arrays, state, slot, skill_class, end, -1)
    refresh_gain(arrays, state, slot)


@kernel
def search_backward(arrays: Arrays, state: State, bench: Bench, slot: int, skill_class: int) -> tuple[int, float]:
    """Find the queue that loses least when the hole left by one of a class is passed on; the way is in queue_from."""
    queues = arrays.queues + 1
    bench.queue_from[:queues] = -2
    tail = 0
    for pair in range(arrays.pair_start[skill_class], arrays.pair_start[skill_class + 1]):
        if state.pairs[slot, pair] > 0:
            bench.queue_from[arrays.pair_queue[pair]] = -1
            bench.queue_list[tail] = arrays.pair_queue[pair]
            tail += 1
    head = 0
    best, best_loss = bench.queue_list[0], 1e300
    while head < tail:
        queue = bench.queue_list[head]
        head += 1
        loss = queue_loss(arrays, state, slot, queue)
        if loss < best_loss:
            best, best_loss = queue, loss
        for other in range(queues):
            if bench.queue_from[other] == -2 and state.paths[slot, other, queue] > 0:
                bench.queue_from[other] = queue
                bench.queue_list[tail] = other
                tail += 1
    return best, best_loss
