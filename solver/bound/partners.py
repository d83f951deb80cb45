"""Care partners, who must never be present close to each other, as a limit that can be priced.

Let each presence be followed by the time that must lie between the two: then the two presences so prolonged never
overlap, whoever comes first, and where they do not overlap the rule is kept. So at most one of a pair in each slot is
all the rule says; what it says is priced as if both shared one desk that needs cleaning.
"""

from __future__ import annotations

from typing import NamedTuple

from solver.bound.grid import slots_up
from solver.problem import Problem

# More prices than these make every step slow; on a site that large others stand in for the pairs left out.
MOST_PAIR_PRICES = 50_000


class Pair(NamedTuple):
    """Two agents and the slots between their presences.

    :param gap: least slots between their presences, no more than a rest period: within that time the same agent
        may be back
    """

    first: int
    second: int
    gap: int


def build_pairs(problem: Problem) -> tuple[Pair, ...]:
    """List the pairs of care partners, the larger handover where both name one (``not_together``)."""
    index_of = {agent.id: index for index, agent in enumerate(problem.agents)}
    slot, rest = problem.horizon.slot_minutes, problem.labour.min_rest_minutes
    minutes: dict[tuple[int, int], int] = {}
    for agent in problem.agents:
        for partner in agent.not_together_with:
            one, other = sorted((index_of[agent.id], index_of[partner.agent]))
            minutes[one, other] = max(minutes.get((one, other), 0), partner.handover_minutes)
    pairs = [Pair(*both, min(slots_up(gap, slot), slots_up(rest, slot))) for both, gap in sorted(minutes.items())]
    return tuple(pairs[: MOST_PAIR_PRICES // problem.timeline.slots])


def pairs_of_agents(pairs: tuple[Pair, ...], agents: int) -> list[tuple[int, ...]]:
    """Give each agent the indices of her pairs."""
    return [tuple(index for index, pair in enumerate(pairs) if agent in pair[:2]) for agent in range(agents)]
