"""A large site in as many parts as there are workers, each with its own agents, seats and share of what is required.

While seats are only counted, a part is a smaller problem of the same form: what its agents serve now and a share of
what is missing, the seats they have and a share of the free ones. Parts share nothing while they are searched, so
threads never wait for each other; what they find together is never worse than what they began with, for shortfall is
convex. Every round draws other parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from solver.arrays import NO_LIMIT, Arrays, Compiled, Ints, Ints2
from solver.search.decode import queues_served
from solver.search.state import State

_BY_AGENT = (
    "site_class",
    "home_class",
    "low",
    "high",
    "marks",
    "day_cap",
    "blocks",
    "weekly_units",
    "workdays",
    "contract_slots",
    "rest_class",
    "streak",
    "streak_states",
    "prefers_home",
    "usual_desk",
    "has_usual",
    "need_class",
    "cohort",
    "fixed_day",
)
Wide = npt.NDArray[np.int64]


def may_be_parted(arrays: Arrays) -> bool:
    """Whether nothing but seats, arrivals and care partners ties agents together."""
    return arrays.cohort_rule == 0 or arrays.cohorts < 2


def draw_groups(arrays: Arrays, count: int, random: np.random.Generator) -> list[Ints]:
    """Share the agents out by chance; care partners stay together, and no group is empty."""
    group = random.permutation(np.arange(arrays.agents) % count)
    for agent in range(arrays.agents):
        for other in arrays.partner[arrays.partner_start[agent] : arrays.partner_start[agent + 1]].tolist():
            if group[other] != group[agent]:
                group[_linked(arrays, agent)] = group[agent]
    groups = [np.flatnonzero(group == number).astype(np.int32) for number in range(count)]
    return [agents for agents in groups if len(agents)]


def _linked(arrays: Arrays, agent: int) -> list[int]:
    """The agent, its care partners, their partners and so on."""
    found, waiting = {agent}, [agent]
    while waiting:
        one = waiting.pop()
        for other in arrays.partner[arrays.partner_start[one] : arrays.partner_start[one + 1]].tolist():
            if other not in found:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def part_of(compiled: Compiled, agents: Ints) -> Compiled:
    """The problem of some agents: their own arrays, all that is required, and every seat."""
    arrays = compiled.arrays
    number = np.full(arrays.agents, -1, dtype=np.int32)
    number[agents] = np.arange(len(agents), dtype=np.int32)
    spans = [slice(arrays.partner_start[agent], arrays.partner_start[agent + 1]) for agent in agents.tolist()]
    counts = [span.stop - span.start for span in spans]
    chosen = np.concatenate([np.arange(span.start, span.stop) for span in spans]).astype(np.int64)
    own = {name: np.ascontiguousarray(getattr(arrays, name)[agents]) for name in _BY_AGENT}
    parts = arrays._replace(
        **own,  # type: ignore[arg-type]
        agents=len(agents),
        partner_start=np.cumsum([0, *counts], dtype=np.int32),
        partner=number[arrays.partner[chosen]],
        partner_gap=arrays.partner_gap[chosen],
        required=arrays.required.copy(),
        pool_cap=arrays.pool_cap.copy(),
    )
    fixed = {int(number[agent]): blocks for agent, blocks in compiled.fixed.items() if number[agent] >= 0}
    return replace(compiled, arrays=parts, fixed=fixed)


def share_required(arrays: Arrays, state: State, groups: Sequence[Ints], parts: Sequence[Compiled], turn: int) -> None:
    """Require of each part what its agents serve now and its share of what is missing. Changes the parts."""
    queues = queues_served(arrays, state)
    serving = np.zeros((len(groups), *arrays.required.shape), dtype=np.int64)
    for number, agents in enumerate(groups):
        for queue in range(arrays.queues):
            serving[number, :, queue] = (queues[agents] == queue).sum(axis=0)
    shares = _shared(arrays.required - serving.sum(axis=0), len(groups), turn)
    for part, own, share in zip(parts, serving, shares, strict=True):
        np.copyto(part.arrays.required, np.maximum(0, own + share), casting="unsafe")


def share_seats(arrays: Arrays, parts: Sequence[Compiled], states: Sequence[State], turn: int) -> None:
    """Leave each part the seats and arrivals that its agents have and its share of the free ones."""
    loads = np.array([state.pool_load for state in states], dtype=np.int64)
    shares = _shared(np.maximum(0, arrays.pool_cap - loads.sum(axis=0)), len(parts), turn)
    for part, load, share in zip(parts, loads, shares, strict=True):
        limited = np.where(arrays.pool_cap >= NO_LIMIT, NO_LIMIT, load + share)
        np.copyto(part.arrays.pool_cap, limited, casting="unsafe")
    for name, limit in (("arrivals", arrays.arrivals_cap), ("site_count", arrays.site_cap)):
        if limit < NO_LIMIT:
            _share_count([getattr(state, name) for state in states], limit, turn)


def _share_count(counts: Sequence[Ints], limit: int, turn: int) -> None:
    """Let each part count as its own what the others have and may come to have. Changes the counts."""
    own = np.array(counts, dtype=np.int64)
    shares = _shared(np.maximum(0, limit - own.sum(axis=0)), len(counts), turn)
    for count, mine, share in zip(counts, own, shares, strict=True):
        np.copyto(count, np.maximum(mine, limit - share), casting="unsafe")


def _shared(amounts: Wide | Ints2, count: int, turn: int) -> list[Wide]:
    """Whole shares of each amount; what does not divide goes to one part here, to another there."""
    whole, left = np.divmod(amounts, count)
    places = np.arange(amounts.size).reshape(amounts.shape) + turn
    return [whole + ((places + number) % count < left) for number in range(count)]
