"""One searching thread: its own roster in the making, the problem's arrays shared with all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Block, Compiled, Floats, Ints
from solver.problem import OBJECTIVES
from solver.search.anneal import (
    Record,
    anneal,
    clear_out,
    compare,
    construct,
    exchange_tours,
    keep_record,
    load_tour,
    mark_all_stale,
    new_record,
    return_to_record,
)
from solver.search.handles import Handle
from solver.search.pools import RAMP_HEIGHT, RAMP_WIDTH
from solver.search.settling import settle
from solver.search.setup import start_state, write_block
from solver.search.state import CHANGES, Ints4, State, new_bench

RAMP_WORTH = 3.0
MOST_RUINED_AT_ONCE, MOST_RUINED_STAYING = 3, 5
STAYING_SHARE = 0.9


def seats_of(arrays: Arrays) -> int:
    """Persons who can be seated at once."""
    if arrays.exchangeable[0]:
        return min(int(arrays.exchangeable[0]), arrays.site_cap)
    desks = np.bincount(arrays.desk_room, minlength=len(arrays.room_cap))
    return min(int(np.minimum(desks, arrays.room_cap).sum()), arrays.site_cap)


@dataclass(frozen=True)
class Phase:
    """One stretch of annealing.

    :param focus: how many tiers, in the order of objectives, no move may make worse
    :param weights: what a minute of each tier costs
    :param heat_first: temperature in weighted minutes at its beginning
    :param share: of all time or moves
    :param staying: what a minute of change costs at the beginning, 0 for as much as at the end
    """

    focus: int
    weights: Floats
    heat_first: float
    heat_last: float
    noise: float
    share: float
    staying: float = 0.0

    def weights_at(self, progress: float) -> Floats:
        """The weights; early on changes cost more, so that at first only what gains much for each is done."""
        if self.staying <= self.weights[CHANGES]:
            return self.weights
        weights = self.weights.copy()
        weights[CHANGES] = self.staying * (self.weights[CHANGES] / self.staying) ** min(1.0, progress / STAYING_SHARE)
        return weights


def active_order(compiled: Compiled) -> list[int]:
    """Indices of the tiers that matter, in the order of the problem's objectives."""
    order = [OBJECTIVES.index(name) for name in compiled.problem.objectives]
    return [tier for tier in order if tier != CHANGES or compiled.arrays.any_previous]


class Worker:
    """One searching thread: its own state, the problem's arrays shared with all."""

    def __init__(self, compiled: Compiled, seed: int) -> None:
        self.compiled = compiled
        self.bench = new_bench(compiled.arrays)
        self.state = start_state(compiled.arrays, self.bench, compiled.fixed, seed)
        self.record = new_record(compiled.arrays, self.state)
        self.order = np.array(active_order(compiled), dtype=np.int32)
        self.handles = tuple(Handle(part) for part in (compiled.arrays, self.state, self.bench, self.record))

    def draft(self, weights: Floats, agents: Ints) -> None:
        """Give each of some agents the tour that is best at the moment."""
        construct(*self.handles, weights, agents)

    def load(self, tours: Mapping[int, Sequence[Block]]) -> None:
        """Give agents who have no duties but fixed ones these tours."""
        for agent, blocks in tours.items():
            rows = np.zeros_like(self.state.blocks[agent])
            numbers = [0] * self.compiled.arrays.days
            for block in blocks:
                day = int(self.compiled.arrays.day_of_slot[block.start])
                write_block(rows[day, numbers[day]], block, fixed=False)
                numbers[day] += 1
            load_tour(*self.handles, agent, rows)

    def take_over(self, tours: Ints4) -> None:
        """Give agents who have only fixed duties the tours of another worker's state, one row an agent."""
        for agent in range(len(tours)):
            load_tour(*self.handles, agent, tours[agent])
        self.keep()

    def exchange(self, agents: Ints, tours: Ints4) -> None:
        """Give some agents other tours, all at once."""
        exchange_tours(*self.handles, agents, tours)

    def clear(self) -> None:
        """Take everybody out."""
        clear_out(*self.handles)

    def keep(self) -> None:
        """Make the present roster the record."""
        keep_record(self.handles[1], self.handles[3])

    def keep_better(self) -> None:
        """Make the present roster the record if it is better, else return to the record."""
        if compare(self.state.tiers, self.record.tiers, self.order) < 0:
            self.keep()
        else:
            self.back()

    def back(self) -> None:
        """Return to the record."""
        return_to_record(*self.handles)

    def moves(self, phase: Phase, progress: float, heat: float, count: int) -> None:
        """Make some moves of a phase."""
        most_ruined = MOST_RUINED_STAYING if phase.staying else MOST_RUINED_AT_ONCE
        weights = phase.weights_at(progress)
        anneal(*self.handles, weights, self.order, phase.focus, heat, phase.noise, most_ruined, count)

    def follow(self, other: Worker) -> None:
        """Take over another worker's roster, record and prices; the random numbers stay its own."""
        for name in State._fields:
            if name != "random":
                np.copyto(getattr(self.state, name), getattr(other.state, name))
        for name in Record._fields:
            np.copyto(getattr(self.record, name), getattr(other.record, name))
        np.copyto(self.bench.price, other.bench.price)
        np.copyto(self.bench.price_share, other.bench.price_share)

    def count_seats(self, width: float) -> None:
        """From now on count seats in pools; each begins to ask a price at this share below its limit."""
        self.bench.without_desks[0] = 1
        self.bench.ramp[RAMP_WIDTH] = width
        self.bench.ramp[RAMP_HEIGHT] = RAMP_WORTH * float(self.compiled.arrays.worth[:-1].mean())

    def settle(self, weights: Floats) -> None:
        """From now on everybody needs a desk; those who find none get another tour."""
        self.bench.without_desks[0] = 0
        self.bench.ramp[RAMP_WIDTH] = 0.0
        left = settle(self.compiled.arrays, self.state, self.handles[:3])
        self.draft(weights, left.astype(np.int32))
        mark_all_stale(self.handles[0], self.handles[3])
        self.keep()

    def crowding(self) -> Floats:
        """Share of the seats that is taken in each slot."""
        arrays = self.compiled.arrays
        return self.state.load[: arrays.slots] / max(1, seats_of(arrays))

    @property
    def missing_agent_minutes(self) -> float:
        """Missing minutes of the present roster."""
        arrays = self.compiled.arrays
        missing = np.maximum(0, arrays.required - self.state.serving)
        return float(missing.sum()) * arrays.slot_minutes
