"""What limits presence on site, and who counts against which limit.

Every limit here is one that any roster keeps, whatever desks it releases: numbers of desks are upper bounds on
what the distance rule lets a room release, not the set that was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from solver.bound.grid import Integers, Reals, slots_up
from solver.layout import Layout, plan_layout
from solver.problem import Problem, Room

NEEDS_LAYOUT_SECONDS = 1.0


@dataclass(frozen=True)
class FloorLimit:
    """At most ``capacity`` agents of some profiles are on site in a slot.

    :param cleaned: whether presence counts with the cleaning after it, as it does where desks are the limit
    :param members: 1 for each profile that counts, else 0
    """

    capacity: int
    cleaned: bool
    members: Integers


@dataclass(frozen=True)
class Floor:
    """All limits of a site.

    :param persons: most persons on site at once
    :param profiles: floor profile of each agent: desk needs and cohort
    :param limits: limits that hold in every slot
    :param cohorts: per cohort 1 for each profile that belongs to it; empty without a rule on the site
    :param cohort_capacity: most agents of each cohort on site at once
    :param cohort_days: whether the cohorts take turns by days rather than by slots
    :param cleaning_slots: slots for which a desk stays closed after a presence
    :param arrivals: most site duties that start in a slot, None for no limit
    """

    persons: int
    profiles: Integers
    limits: tuple[FloorLimit, ...]
    cohorts: Integers
    cohort_capacity: Reals
    cohort_days: bool
    cleaning_slots: int
    arrivals: int | None


def build_floor(problem: Problem, layout: Layout) -> Floor:
    """Collect the limits of a site.

    :param layout: made for this problem, without desks kept on top of the fixed ones
    """
    kinds = [(frozenset(agent.desk_needs), agent.cohort) for agent in problem.agents]
    order = {kind: index for index, kind in enumerate(dict.fromkeys(kinds))}
    hygiene, slot = problem.hygiene, problem.horizon.slot_minutes
    persons = _most_persons(problem, layout)
    cohorts = _cohorts(problem, list(order))
    on_site = np.array([agent.home != "only" for agent in problem.agents], dtype=bool)
    profiles = np.array([order[kind] for kind in kinds], dtype=np.int64)
    strength = np.bincount(profiles[on_site], minlength=len(order))
    return Floor(
        persons=persons,
        profiles=profiles,
        limits=tuple(_limits(problem, layout, persons, list(order), strength)),
        cohorts=cohorts,
        cohort_capacity=np.minimum(persons, cohorts @ strength).astype(np.float64),
        cohort_days=hygiene.cohort_rule == "same_day",
        # The same person may come back to her desk sooner than others, but not before her rest period.
        cleaning_slots=min(
            slots_up(hygiene.cleaning_gap_minutes, slot), slots_up(problem.labour.min_rest_minutes, slot)
        ),
        arrivals=hygiene.max_arrivals_per_slot,
    )


def _most_persons(problem: Problem, layout: Layout) -> int:
    rooms = [room.upper_bound if room.cap is None else min(room.cap, room.upper_bound) for room in layout.rooms]
    on_site = problem.hygiene.max_persons_on_site
    return min([sum(rooms), *([] if on_site is None else [on_site])])


def _limits(
    problem: Problem,
    layout: Layout,
    persons: int,
    kinds: list[tuple[frozenset[str], str | None]],
    strength: Integers,
) -> Iterable[FloorLimit]:
    """Give the limits that could ever be reached, each as tight as it is known."""
    everybody = np.ones(len(kinds), dtype=np.int64)
    if layout.upper_bound < strength.sum():
        yield FloorLimit(layout.upper_bound, cleaned=True, members=everybody)
    if persons < min(layout.upper_bound, strength.sum()):
        yield FloorLimit(persons, cleaned=False, members=everybody)
    for needs in sorted({needs for needs, _ in kinds if needs}, key=sorted):
        members = np.array([needs <= own for own, _ in kinds], dtype=np.int64)
        desks = min(layout.upper_bound, _desks_with(problem, needs))
        if desks < members @ strength:
            yield FloorLimit(desks, cleaned=True, members=members)


def _desks_with(problem: Problem, needs: frozenset[str]) -> int:
    """Most desks that can be released among those with all the features needed."""
    rooms = [_only_with(room, needs) for room in problem.rooms]
    alone = problem.model_copy(update={"rooms": rooms, "agents": []})
    return plan_layout(alone, time_limit_seconds=NEEDS_LAYOUT_SECONDS).upper_bound


def _only_with(room: Room, needs: frozenset[str]) -> Room:
    desks = [desk for desk in room.desks if needs <= set(desk.features)]
    return room.model_copy(update={"desks": desks, "partitions": room.partitions})


def _cohorts(problem: Problem, kinds: list[tuple[frozenset[str], str | None]]) -> Integers:
    """Membership of profiles in cohorts, where a rule lets only one cohort on site at a time."""
    names = sorted({cohort for _, cohort in kinds if cohort is not None})
    if problem.hygiene.cohort_rule not in ("same_site", "same_day") or len(names) < 2:
        return np.zeros((0, len(kinds)), dtype=np.int64)
    return np.array([[cohort == name for _, cohort in kinds] for name in names], dtype=np.int64)
