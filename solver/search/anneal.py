"""Ruin and recreate with simulated annealing (Schrimpf et al., "Record breaking optimization results using the
ruin and recreate principle", 2000): one to three agents out, put back one by one, accepted by temperature.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.arrays import Arrays, Bytes, Floats, Ints
from solver.search.handles import entry_kernel, kernel
from solver.search.moves import block_work, copy_tour, put_back, replan, take_out
from solver.search.random import random_below, random_share
from solver.search.seating import undo_exchanges
from solver.search.state import END, START, TIERS, Bench, Ints3, Ints4, State

TOLERANCE = 1e-6
STAY_SHARE = 0.5
STAY_WEIGHT = 10.0
JITTER_SHARE = 1.0


class Record(NamedTuple):
    """The best roster seen, and which agents have changed since."""

    blocks: Ints4
    tiers: Floats
    stale: Bytes  # (A,)
    stale_list: Ints
    counts: Ints  # (1,) entries of stale_list


def new_record(arrays: Arrays, state: State) -> Record:
    """A record of the present roster."""
    agents = arrays.agents
    return Record(
        state.blocks.copy(),
        state.tiers.copy(),
        np.zeros(agents, dtype=np.uint8),
        np.zeros(agents, dtype=np.int32),
        np.zeros(1, dtype=np.int32),
    )


@kernel
def copy_tiers(target: Floats, source: Floats) -> None:
    """Copy tier by tier: slices may allocate."""
    for tier in range(TIERS):
        target[tier] = source[tier]


@entry_kernel
def compare(left: Floats, right: Floats, order: Ints) -> int:
    """Compare tiers in order: -1 where the left is better, 1 where it is worse, 0 where equal."""
    for entry in range(len(order)):
        tier = order[entry]
        if left[tier] < right[tier] - TOLERANCE:
            return -1
        if left[tier] > right[tier] + TOLERANCE:
            return 1
    return 0


@kernel
def mark_stale(record: Record, agent: int) -> None:
    """Remember that an agent's duties differ from the record's."""
    if not record.stale[agent]:
        record.stale[agent] = 1
        record.stale_list[record.counts[0]] = agent
        record.counts[0] += 1


@entry_kernel
def mark_all_stale(arrays: Arrays, record: Record) -> None:
    """Remember that anybody's duties may differ from the record's."""
    for agent in range(arrays.agents):
        mark_stale(record, agent)


@entry_kernel
def keep_record(state: State, record: Record) -> None:
    """Make the present roster the record."""
    for entry in range(record.counts[0]):
        agent = record.stale_list[entry]
        copy_tour(record.blocks[agent], state.blocks[agent])
        record.stale[agent] = 0
    record.counts[0] = 0
    copy_tiers(record.tiers, state.tiers)


@entry_kernel
def return_to_record(arrays: Arrays, state: State, bench: Bench, record: Record) -> None:
    """Go back to the best roster seen."""
    for entry in range(record.counts[0]):
        take_out(arrays, state, bench, record.stale_list[entry])
    for entry in range(record.counts[0]):
        agent = record.stale_list[entry]
        put_back(arrays, state, bench, agent, record.blocks[agent])
        record.stale[agent] = 0
    record.counts[0] = 0


@entry_kernel
def construct(arrays: Arrays, state: State, bench: Bench, record: Record, weights: Floats, agents: Ints) -> None:
    """Replan agents one after the other, whatever it costs: the first draft, and passes of descent."""
    for entry in range(len(agents)):
        agent = agents[entry]
        bench.exchange_count[0] = 0
        take_out(arrays, state, bench, agent)
        replan(arrays, state, bench, agent, weights, 0.0)
        mark_stale(record, agent)
        _mark_exchanged(state, bench, record)


@entry_kernel
def clear_out(arrays: Arrays, state: State, bench: Bench, record: Record) -> None:
    """Take everybody out but for fixed duties."""
    for agent in range(arrays.agents):
        take_out(arrays, state, bench, agent)
        mark_stale(record, agent)


@entry_kernel
def load_tour(arrays: Arrays, state: State, bench: Bench, record: Record, agent: int, tour: Ints3) -> None:
    """Give an agent who has only fixed duties a tour from elsewhere."""
    put_back(arrays, state, bench, agent, tour)
    mark_stale(record, agent)


@entry_kernel
def exchange_tours(arrays: Arrays, state: State, bench: Bench, record: Record, agents: Ints, tours: Ints4) -> None:
    """Take agents out, then give each of them a tour from elsewhere: in between nobody stands in another's way."""
    for entry in range(len(agents)):
        take_out(arrays, state, bench, agents[entry])
    for entry in range(len(agents)):
        put_back(arrays, state, bench, agents[entry], tours[entry])
        mark_stale(record, agents[entry])


@kernel
def _mark_exchanged(state: State, bench: Bench, record: Record) -> None:
    """Remember those whose desks were exchanged."""
    for number in range(bench.exchange_count[0]):
        entry = bench.exchanges[number]
        for slot in range(entry[2], entry[3]):
            for desk in (entry[0], entry[1]):
                agent = state.starter[desk, slot] - 1
                if agent >= 0:
                    mark_stale(record, agent)


@kernel
def _choose(arrays: Arrays, state: State, bench: Bench, count: int) -> None:
    """Draw different agents."""
    chosen = 0
    while chosen < count:
        agent = random_below(state, arrays.agents)
        known = False
        for entry in range(chosen):
            known = known or bench.ruined[entry] == agent
        if not known:
            bench.ruined[chosen] = agent
            chosen += 1


@kernel
def _accepted(bench: Bench, weights: Floats, order: Ints, focus: int, heat: float, state: State) -> bool:
    """Whether a move is taken: never where a tier before the focus gets worse."""
    before, after = bench.tiers, state.tiers
    for entry in range(focus):
        tier = order[entry]
        if after[tier] > before[tier] + TOLERANCE:
            return False
        if after[tier] < before[tier] - TOLERANCE:
            return True
    worse = bench.crowd[0]
    for tier in range(TIERS):
        worse += weights[tier] * (after[tier] - before[tier])
    if worse <= 0.0:
        return True
    return heat > 0.0 and worse < -heat * np.log(1.0 - random_share(state))


@kernel
def _draw_days_to_stay(arrays: Arrays, state: State, bench: Bench, weights: Floats, entry: int) -> None:
    """Let the first agent of a move go back to some of its published days, the others to what that asks of them."""
    bench.stay[:] = 0.0
    if entry > 0 or random_share(state) > STAY_SHARE:
        return
    most, share = _strongest(weights), random_share(state)
    for day in range(arrays.days):
        if random_share(state) < share:
            bench.stay[day] = most


@kernel
def _strongest(weights: Floats) -> float:
    """A weight of changes that no worth of a tour outweighs."""
    most = 0.0
    for tier in range(TIERS):
        most = max(most, weights[tier])
    return STAY_WEIGHT * most


@entry_kernel
def anneal(
    arrays: Arrays,
    state: State,
    bench: Bench,
    record: Record,
    weights: Floats,
    order: Ints,
    focus: int,
    heat: float,
    noise: float,
    most_ruined: int,
    moves: int,
) -> int:
    """Make a number of moves at one temperature.

    :param focus: how many tiers of the order no move may make worse
    :param heat: a move that costs so much is taken with probability 1/e
    """
    taken = 0
    for _move in range(moves):
        count = min(1 + random_below(state, most_ruined), arrays.agents)
        _choose(arrays, state, bench, count)
        copy_tiers(bench.tiers, state.tiers)
        bench.exchange_count[0] = 0
        bench.crowd[0] = 0.0
        # Where nothing is missing there is nothing for noise to vary, and everybody would stay for ever.
        bench.jitter[0] = arrays.any_previous * JITTER_SHARE * heat * random_share(state)
        # Prices lead somewhere new, but what counts in the end is coverage alone.
        bench.price_share[0] = max(0.0, 2.0 * random_share(state) - 1.0)
        for entry in range(count):
            agent = bench.ruined[entry]
            copy_tour(bench.saved[entry], state.blocks[agent])
            take_out(arrays, state, bench, agent)
        for entry in range(count):
            if arrays.any_previous:
                _draw_days_to_stay(arrays, state, bench, weights, entry)
            replan(arrays, state, bench, bench.ruined[entry], weights, noise)
        if _accepted(bench, weights, order, focus, heat, state):
            taken += 1
            for entry in range(count):
                mark_stale(record, bench.ruined[entry])
            _mark_exchanged(state, bench, record)
            if compare(state.tiers, record.tiers, order) < 0:
                keep_record(state, record)
        else:
            for entry in range(count):
                take_out(arrays, state, bench, bench.ruined[entry])
            undo_exchanges(arrays, state, bench, 0)
            for entry in range(count):
                put_back(arrays, state, bench, bench.ruined[entry], bench.saved[entry])
            copy_tiers(state.tiers, bench.tiers)
    return taken


@entry_kernel
def give_back(
    arrays: Arrays, state: State, bench: Bench, record: Record, weights: Floats, order: Ints, agents: Ints
) -> None:
    """Let agents one after the other go back to their published week, then to each day of it, where tiers allow it."""
    most = _strongest(weights)
    for entry in range(len(agents)):
        for day in range(-1, arrays.days):
            for other in range(arrays.days):
                bench.stay[other] = most if day in (-1, other) else 0.0
            _try_again(arrays, state, bench, record, weights, order, agents[entry])
    bench.stay[:] = 0.0


@entry_kernel
def tidy(
    arrays: Arrays, state: State, bench: Bench, record: Record, weights: Floats, order: Ints, agents: Ints
) -> None:
    """Let agents one after the other have fewer pauses that nobody needs, where the tiers allow it."""
    bench.stay[:] = 0.0
    for entry in range(len(agents)):
        _try_again(arrays, state, bench, record, weights, order, agents[entry])


@kernel
def _pauses(tour: Ints3) -> int:
    """Slots of break in a tour."""
    pauses = 0
    for day in range(tour.shape[0]):
        for number in range(tour.shape[1]):
            if tour[day, number, END] > 0:
                pauses += tour[day, number, END] - tour[day, number, START] - block_work(tour[day, number])
    return pauses


@kernel
def _try_again(
    arrays: Arrays, state: State, bench: Bench, record: Record, weights: Floats, order: Ints, agent: int
) -> None:
    """Replan one agent and keep that only where it is better in the first tier that differs."""
    copy_tiers(bench.tiers, state.tiers)
    bench.exchange_count[0] = 0
    bench.price_share[0] = bench.jitter[0] = 0.0
    copy_tour(bench.saved[0], state.blocks[agent])
    take_out(arrays, state, bench, agent)
    replan(arrays, state, bench, agent, weights, 0.0)
    better = compare(state.tiers, bench.tiers, order)
    if better < 0 or (better == 0 and _pauses(state.blocks[agent]) < _pauses(bench.saved[0])):
        mark_stale(record, agent)
        _mark_exchanged(state, bench, record)
        keep_record(state, record)
        return
    take_out(arrays, state, bench, agent)
    undo_exchanges(arrays, state, bench, 0)
    put_back(arrays, state, bench, agent, bench.saved[0])
    copy_tiers(state.tiers, bench.tiers)
