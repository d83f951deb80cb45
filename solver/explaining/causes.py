"""Why those who know a gap's queue do not cover it: for each of them duties over the gap are tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.explaining.day_state import PLACES, DayState, Stay
from solver.explaining.facts import Cause, Reason
from solver.explaining.moves import Target, starts_around
from solver.explaining.people import Person, place_reason
from solver.explaining.seats import Seats
from solver.shapes import Shape

MOST_DUTIES = 4


@dataclass(frozen=True)
class Hindrance:
    """What keeps one person away.

    :param reasons: all that stands in the way of the duty with the fewest reasons
    :param alone: reasons each of which is the only one for some duty
    """

    reasons: frozenset[Reason]
    alone: frozenset[Reason]


def hindrances(state: DayState, target: Target, shapes: Sequence[Shape]) -> dict[str, Hindrance]:
    """For everybody who knows the queue what keeps them away, by agent id."""
    queue = state.problem.queues[target.queue].id
    seats = Seats(state)
    duties = list(_covering(state, target, shapes))
    return {
        agent.id: _hindrance(state, target, agent.id, seats, duties)
        for agent in state.problem.agents
        if queue in agent.queues
    }


def causes_of(found: dict[str, Hindrance]) -> tuple[Cause, ...]:
    """The same by reason, the most frequent first."""
    agents: dict[Reason, list[str]] = defaultdict(list)
    alone: dict[Reason, list[str]] = defaultdict(list)
    for agent, hindrance in found.items():
        for reason in hindrance.reasons:
            agents[reason].append(agent)
        for reason in hindrance.alone:
            alone[reason].append(agent)
    order = list(Reason)
    return tuple(
        Cause(reason, tuple(agents[reason]), tuple(alone[reason]))
        for reason in sorted(agents, key=lambda reason: (-len(agents[reason]), order.index(reason)))
    )


def _covering(state: DayState, target: Target, shapes: Sequence[Shape]) -> Iterator[tuple[int, Shape]]:
    """Starts and shapes whose work covers most of the gap, shortest first, no two with one start."""
    wanted = {slot for slot in target.slots if state.missing[slot][target.queue]} or set(target.slots)
    covered: dict[tuple[int, Shape], int] = {}
    for start in starts_around(state.problem, target):
        for shape in shapes:
            covered[start, shape] = len(wanted.intersection(_stay("", start, shape).work_slots))
    best = max(covered.values(), default=0)
    if not best:
        return
    ranked = sorted(
        (duty for duty, slots in covered.items() if slots == best),
        key=lambda duty: (duty[1].work + duty[1].pause, duty[0]),
    )
    starts: set[int] = set()
    for start, shape in ranked:
        if start not in starts and len(starts) < MOST_DUTIES:
            starts.add(start)
            yield start, shape


def _stay(agent: str, start: int, shape: Shape) -> Stay:
    end = start + shape.work + shape.pause
    if shape.parts == 0:
        return Stay(agent, start, end, "site")
    break_start = start + (shape.low + shape.high) // 2
    return Stay(agent, start, end, "site", None, ((break_start, break_start + shape.pause),))


def _hindrance(
    state: DayState, target: Target, agent: str, seats: Seats, duties: Sequence[tuple[int, Shape]]
) -> Hindrance:
    stays = state.stays[agent]
    if all(any(stay.start <= slot < stay.end for stay in stays) for slot in target.slots):
        return Hindrance(frozenset({Reason.AT_WORK}), frozenset({Reason.AT_WORK}))
    person = Person(state, agent)
    minutes = state.problem.horizon.slot_minutes
    timeline = state.problem.timeline
    own = [stay for stay in stays if timeline.day_index_of(stay.start * minutes) in target.days]
    found = [
        reasons
        for without in [*own, None]
        for start, shape in duties
        for reasons in _ways(state, target, person, seats, _stay(agent, start, shape), without)
    ]
    if not found:
        return Hindrance(frozenset({Reason.OPENING}), frozenset({Reason.OPENING}))
    if frozenset[Reason]() in found:
        return Hindrance(frozenset({Reason.NEEDED_ELSEWHERE}), frozenset({Reason.NEEDED_ELSEWHERE}))
    alone = frozenset(reason for reasons in found if len(reasons) == 1 for reason in reasons)
    return Hindrance(alone or min(found, key=lambda reasons: (len(reasons), sorted(reasons))), alone)


def _ways(
    state: DayState, target: Target, person: Person, seats: Seats, stay: Stay, without: Stay | None
) -> Iterator[frozenset[Reason]]:
    """What stands in the way of a duty on site, and of the same at home."""
    personal = person.reasons_with(stay, without)
    queue = state.problem.queues[target.queue].id
    for place in PLACES:
        reason = place_reason(state.problem, person.agent, place, queue)
        if place == "site" and reason is None:
            reason = seats.reason(stay, without)
        yield frozenset(personal | ({reason} if reason is not None else set()))
