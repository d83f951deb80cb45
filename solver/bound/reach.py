"""How many people could serve each queue in each slot at all: an easy limit that spares the prices the proof."""

from __future__ import annotations

import numpy as np

from solver.bound.compiling import kernel
from solver.bound.crew import Crew, Team
from solver.bound.grid import Grid, Integers


@kernel
def _reachable(grid: Grid, crew: Crew, agents: Integers, counts: Integers) -> None:
    """Count the agents that could be present in each slot."""
    could = np.zeros(grid.slots, np.int64)
    for agent in agents:
        could[:] = 0
        if len(grid.lengths) > 0 and grid.lengths[0] <= crew.day_slots[agent] and crew.blocks[agent] > 0:
            until = 0
            for index in range(len(grid.starts)):
                start, end = grid.starts[index], crew.end_limit[agent, index]
                if end - start >= grid.lengths[0]:
                    could[max(start, until) : end] = 1
                    until = max(until, end)
        for fixed in range(crew.fixed_first[agent], crew.fixed_first[agent + 1]):
            could[crew.fixed_start[fixed] : crew.fixed_end[fixed]] = 1
        counts += could


def most_serving(
    grid: Grid, crew: Crew, teams: list[Team], home_allowed: list[bool], persons_on_site: int, required: Integers
) -> Integers:
    """Most agents that could serve, queues × slots, never more than required.

    :param persons_on_site: most persons on site at once
    """
    anywhere, tied = np.zeros_like(required), np.zeros_like(required)
    for team in teams:
        counts = np.zeros(grid.slots, dtype=np.int64)
        _reachable(grid, crew, team.agents, counts)
        for queue in team.queues:
            (anywhere if team.home and home_allowed[queue] else tied)[queue] += counts
    reachable: Integers = np.minimum(required, anywhere + np.minimum(tied, persons_on_site))
    return reachable
