"""Which desks are released: a largest set of desks of which no two are too close.

A room is a graph: desks are points, an edge joins two desks closer than the distance with no screen between
them. The released desks are a maximum independent set of it. The model has one constraint for each *clique*
(a group of mutually conflicting desks) rather than one for each edge; its linear relaxation is then nearly
integral for rooms with desks in rows, and a mixed-integer solver proves rooms of thousands of desks in moments
(Padberg, "On the facial structure of set packing polyhedra", Mathematical Programming 5, 1973).
"""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta

from ortools.math_opt.python import mathopt

from solver.problem import Agent, Desk, Problem, Room

DISTANCE_TOLERANCE_M = 1e-9
AREA_TOLERANCE = 1e-9
# A need decides whether a person can work on site at all, a usual desk only whether she likes it there.
NEED_WEIGHT = 10.0
# Weights of ties are rounded to this, so that sums are compared without noise.
TIE_STEP = 1 / 1024
DESKS_PER_MODEL = 400

Neighbours = Mapping[str, AbstractSet[str]]


@dataclass(frozen=True)
class RoomLayout:
    """What one room offers.

    :param desks: number of desks, blocked ones included
    :param cap: most persons at once by area and ``max_persons``, None where neither limits
    :param released: ids of the desks that may be used, in the order of the problem
    :param conflicts: pairs of usable desks that are too close
    :param proven: whether no larger set exists
    :param upper_bound: no set can have more desks than this
    """

    id: str
    floor: str
    desks: int
    cap: int | None
    released: tuple[str, ...]
    conflicts: int
    proven: bool
    upper_bound: int

    @property
    def usable_persons(self) -> int:
        """Persons that can be seated at once."""
        return len(self.released) if self.cap is None else min(self.cap, len(self.released))


@dataclass(frozen=True)
class Layout:
    """The released desks of a site, room by room in the order of the problem.

    :param distance_m: the distance that was kept, None for none
    """

    distance_m: float | None
    rooms: tuple[RoomLayout, ...]

    @property
    def released(self) -> tuple[str, ...]:
        """Ids of all desks that may be used."""
        return tuple(desk for room in self.rooms for desk in room.released)

    @property
    def desks(self) -> int:
        """Number of desks of the site."""
        return sum(room.desks for room in self.rooms)

    @property
    def usable_persons(self) -> int:
        """Persons that can be seated at once on the site."""
        return sum(room.usable_persons for room in self.rooms)

    @property
    def proven(self) -> bool:
        """Whether no room could release more desks."""
        return all(room.proven for room in self.rooms)

    @property
    def upper_bound(self) -> int:
        """No release keeping the distance has more desks than this."""
        return sum(room.upper_bound for room in self.rooms)


@dataclass(frozen=True)
class _Part:
    """Desks of a room that hang together by conflicts."""

    desks: list[str]
    near: Neighbours

    @property
    def own(self) -> dict[str, AbstractSet[str]]:
        """The conflicts of these desks alone."""
        return {desk: self.near[desk] for desk in self.desks}


@dataclass(frozen=True)
class _Chosen:
    desks: frozenset[str]
    upper_bound: int


def room_cap(problem: Problem, room: Room) -> int | None:
    """Most persons at once in a room by ``max_persons`` and area, None where nothing limits."""
    caps = [] if room.max_persons is None else [room.max_persons]
    area_per_person_m2 = problem.hygiene.min_area_per_person_m2
    if area_per_person_m2:
        caps.append(math.floor(room.area_m2 / area_per_person_m2 + AREA_TOLERANCE))
    return min(caps, default=None)


def conflicts(room: Room, distance_m: float | None) -> dict[str, set[str]]:
    """For each usable desk of a room those that are too close to it, by id.

    Desks are sorted into square cells at least as wide as the distance, so only neighbouring cells are compared.
    """
    usable = [desk for desk in room.desks if not desk.blocked]
    neighbours: dict[str, set[str]] = {desk.id: set() for desk in usable}
    reach_m = (distance_m or 0.0) - DISTANCE_TOLERANCE_M
    if reach_m <= 0:
        return neighbours
    screened = {frozenset(pair) for pair in room.partitions}
    for left, right in _near_pairs(usable, reach_m):
        if frozenset((left.id, right.id)) not in screened:
            neighbours[left.id].add(right.id)
            neighbours[right.id].add(left.id)
    return neighbours


def _near_pairs(desks: Sequence[Desk], reach_m: float) -> Iterable[tuple[Desk, Desk]]:
    cells: dict[tuple[int, int], list[Desk]] = defaultdict(list)
    cell_m = max(reach_m, 1.0)
    for desk in desks:
        column, row = math.floor(desk.x_m / cell_m), math.floor(desk.y_m / cell_m)
        for across in (-1, 0, 1):
            for along in (-1, 0, 1):
                for other in cells.get((column + across, row + along), ()):
                    if math.hypot(desk.x_m - other.x_m, desk.y_m - other.y_m) < reach_m:
                        yield other, desk
        cells[column, row].append(desk)


def plan_layout(
    problem: Problem,
    *,
    distance_m: float | None = None,
    time_limit_seconds: float = 5.0,
    keep: Iterable[str] = (),
) -> Layout:
    """Release as many desks as the distance allows, preferring those that people need or are used to.

    :param distance_m: another distance than the problem's
    :param time_limit_seconds: for the whole site; where it ends early, ``proven`` is False and ``upper_bound``
        says how many more there might be
    :param keep: desks to release in any case, besides those that ``fixed`` duties name
    """
    distance_m = problem.hygiene.min_distance_m if distance_m is None else distance_m
    deadline = time.monotonic() + time_limit_seconds
    kept = {*keep, *(duty.desk for agent in problem.agents for duty in agent.fixed if duty.desk)}
    liking = desk_liking(problem)
    near = [conflicts(room, distance_m) for room in problem.rooms]
    parts = [_Part(part, neighbours) for neighbours in near for part in _connected_parts(neighbours)]
    chosen = iter(_choose(parts, liking, kept, deadline))
    rooms = tuple(
        _room_layout(problem, room, neighbours, [next(chosen) for _ in _connected_parts(neighbours)])
        for room, neighbours in zip(problem.rooms, near, strict=True)
    )
    return Layout(distance_m, rooms)


def desk_liking(problem: Problem) -> dict[str, float]:
    """How much people would rather have each desk released, by desk id; desks nobody asks for are left out.

    A desk weighs one for each person who usually sits there, and for each kind of need that it meets ten
    times the number of people per desk of that kind: plenty of such desks weigh nothing, a rare one much.
    """
    on_site = [agent for agent in problem.agents if agent.home != "only"]
    liking: defaultdict[str, float] = defaultdict(float)
    for agent in on_site:
        if agent.usual_desk:
            liking[agent.usual_desk] += 1.0
    usable = [desk for room in problem.rooms for desk in room.desks if not desk.blocked]
    for needs, persons in sorted(_needs(on_site).items(), key=lambda item: sorted(item[0])):
        suited = [desk.id for desk in usable if needs <= set(desk.features)]
        for desk_id in suited:
            liking[desk_id] += NEED_WEIGHT * persons / len(suited)
    return {desk_id: round(weight / TIE_STEP) * TIE_STEP for desk_id, weight in liking.items()}


def _needs(agents: Iterable[Agent]) -> Counter[frozenset[str]]:
    return Counter(frozenset(agent.desk_needs) for agent in agents if agent.desk_needs)


def _room_layout(problem: Problem, room: Room, near: Neighbours, parts: Sequence[_Chosen]) -> RoomLayout:
    chosen = frozenset[str]().union(*(part.desks for part in parts))
    upper_bound = sum(part.upper_bound for part in parts)
    return RoomLayout(
        id=room.id,
        floor=room.floor,
        desks=len(room.desks),
        cap=room_cap(problem, room),
        released=tuple(desk.id for desk in room.desks if desk.id in chosen),
        conflicts=sum(len(others) for others in near.values()) // 2,
        proven=len(chosen) == upper_bound,
        upper_bound=upper_bound,
    )


def _connected_parts(near: Neighbours) -> list[list[str]]:
    parts = []
    seen: set[str] = set()
    for first in near:
        if first in seen:
            continue
        part, waiting = [], [first]
        seen.add(first)
        while waiting:
            desk = waiting.pop()
            part.append(desk)
            waiting.extend(sorted(near[desk] - seen))
            seen |= near[desk]
        parts.append(part)
    return parts


def _choose(
    parts: Sequence[_Part], liking: Mapping[str, float], kept: AbstractSet[str], deadline: float
) -> Iterator[_Chosen]:
    """A largest set of each part, in their order; small parts share a model, which spares most of the work."""
    batch: list[_Part] = []
    for part in parts:
        if batch and sum(len(one.desks) for one in batch) + len(part.desks) > DESKS_PER_MODEL:
            yield from _PartsModel(batch, liking, kept).best(deadline)
            batch = []
        batch.append(part)
    if batch:
        yield from _PartsModel(batch, liking, kept).best(deadline)


def _first_come(part: Iterable[str], near: Neighbours, kept: AbstractSet[str]) -> frozenset[str]:
    """Kept desks first, then always a free one with the fewest neighbours: where the solver finds nothing."""
    order = sorted(part, key=lambda desk: (desk not in kept, len(near[desk]), desk))
    chosen: set[str] = set()
    for desk in order:
        if not near[desk] & chosen:
            chosen.add(desk)
    return frozenset(chosen)


def cliques(near: Neighbours) -> list[list[str]]:
    """Maximal groups of mutually conflicting desks that together hold every conflicting pair."""
    found = []
    covered: set[tuple[str, str]] = set()
    for desk in sorted(near):
        for other in sorted(near[desk]):
            if (desk, other) not in covered:
                clique = _grown([desk, other], near)
                covered.update((one, two) for one in clique for two in clique)
                found.append(clique)
    return found


def clique_bound(near: Neighbours) -> int:
    """Into how many mutually conflicting groups the desks fall at a first try: no set has more desks than that."""
    left = set(near)
    groups = 0
    for desk in sorted(near):
        if desk in left:
            left.difference_update(_grown([desk], near, left))
            groups += 1
    return groups


def _grown(clique: list[str], near: Neighbours, within: AbstractSet[str] | None = None) -> list[str]:
    candidates = set.intersection(*(set(near[desk]) for desk in clique))
    candidates &= candidates if within is None else within
    while candidates:
        joining = min(candidates, key=lambda desk: (-len(near[desk] & candidates), desk))
        clique.append(joining)
        candidates &= near[joining]
    return clique


class _PartsModel:
    """The independent sets of some connected parts, for HiGHS through MathOpt."""

    def __init__(self, parts: Sequence[_Part], liking: Mapping[str, float], kept: AbstractSet[str]) -> None:
        self.model = mathopt.Model()
        self.parts = parts
        self.liking = liking
        self.first_come = [_first_come(part.desks, part.near, kept) for part in parts]
        self.released = {
            desk: self.model.add_integer_variable(lb=float(desk in kept), ub=1.0)
            for part in parts
            for desk in sorted(part.desks)
        }
        for part in parts:
            for clique in cliques(part.own):
                self.model.add_linear_constraint(mathopt.fast_sum(self.released[desk] for desk in clique) <= 1)

    def best(self, deadline: float) -> list[_Chosen]:
        """Find a best liked one of the largest sets of each part, and say how large one could be at most."""
        self.model.maximize(mathopt.fast_sum(term for part in self.parts for term in self._worths(part)))
        result = self._solve(deadline, frozenset[str]().union(*self.first_come))
        if result is None:
            bounds = [clique_bound(part.own) for part in self.parts]
            return [_Chosen(*pair) for pair in zip(self.first_come, bounds, strict=True)]
        found = self._set_of(result)
        if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
            sets = [found & frozenset(part.desks) for part in self.parts]
            return [_Chosen(desks, len(desks)) for desks in sets]
        return [
            _Chosen(max(found & frozenset(part.desks), first, key=len), self._bound(part, result.dual_bound()))
            for part, first in zip(self.parts, self.first_come, strict=True)
        ]

    def _worth(self, part: _Part) -> float:
        """One desk more of a part is worth more than all that anybody likes in it together."""
        return 1.0 + sum(self.liking.get(desk, 0.0) for desk in part.desks)

    def _worths(self, part: _Part) -> Iterator[mathopt.LinearTerm]:
        worth = self._worth(part)
        return ((worth + self.liking.get(desk, 0.0)) * self.released[desk] for desk in part.desks)

    def _bound(self, part: _Part, dual_bound: float) -> int:
        """What is known of a part where the time ran out; the solver's own bound is one of all parts together."""
        if len(self.parts) > 1:
            return clique_bound(part.own)
        return math.floor(min(float(clique_bound(part.own)), dual_bound / self._worth(part) + 1e-6))

    def _solve(self, deadline: float, hint: frozenset[str]) -> mathopt.SolveResult | None:
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            return None
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds_left), relative_gap_tolerance=0.0)
        start = mathopt.SolutionHint({variable: float(desk in hint) for desk, variable in self.released.items()})
        result = mathopt.solve(
            self.model,
            mathopt.SolverType.HIGHS,
            params=parameters,
            model_params=mathopt.ModelSolveParameters(solution_hints=[start]),
        )
        return result if result.has_primal_feasible_solution() else None

    def _set_of(self, result: mathopt.SolveResult) -> frozenset[str]:
        values = result.variable_values()
        return frozenset(desk for desk, variable in self.released.items() if values[variable] > 0.5)
