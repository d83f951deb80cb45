"""Why those who know a gap's queue do not cover it: for each of them duties over the gap are tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from solver.explaining.day_state import PLACES, DayState, Stay, queue_mask
from solver.explaining.facts import Cause, Reason
from solver.explaining.moves import Offer, Target, starts_around
from solver.explaining.people import Person, place_reason
from solver.explaining.seats import Seats
from solver.problem import Place
from solver.shapes import Shape

MOST_DUTIES = 3
# Asking somebody about every rule takes a hundredth of a second: of more people than these a part says enough.
MOST_STUDIED = 300


@dataclass(frozen=True)
class Hindrance:
    """What keeps one person away.

    :param reasons: all that stands in the way of the duty with the fewest reasons
    :param alone: reasons each of which is the only one for some duty
    """

    reasons: frozenset[Reason]
    alone: frozenset[Reason]


def hindrances(state: DayState, target: Target, shapes: Sequence[Shape]) -> dict[str, Hindrance]:
    """For everybody who could help, directly or by others' changing over, what keeps them away, by agent id.

    Of very many people every second or third is looked at.
    """
    study = _Study(state, target, shapes)
    helpers = [agent.id for agent in state.problem.agents if queue_mask(state.problem, agent, "site") & study.helping]
    return {agent: study.hindrance(agent) for agent in helpers[:: len(helpers) // MOST_STUDIED + 1]}


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


class _Study:
    """Duties over one gap, tried for one person after the other."""

    def __init__(self, state: DayState, target: Target, shapes: Sequence[Shape]) -> None:
        self.state = state
        self.target = target
        self.seats = Seats(state)
        self.helping = Offer(state, target).helping or 1 << target.queue
        wanted = {slot for slot in target.slots if state.missing[slot][target.queue]} or set(target.slots)
        stays = [_stay(start, shape) for start in starts_around(state.problem, target) for shape in shapes]
        self.covered = {stay: len(wanted.intersection(stay.work_slots)) for stay in stays}
        self.duties = self._best(stays)

    def hindrance(self, agent: str) -> Hindrance:
        """What keeps one person away."""
        stays = self.state.stays[agent]
        if all(any(stay.start <= slot < stay.end for stay in stays) for slot in self.target.slots):
            return Hindrance(frozenset({Reason.AT_WORK}), frozenset({Reason.AT_WORK}))
        person = Person(self.state, agent)
        found = [reasons for duty, without in self._tries(agent) for reasons in self._ways(person, duty, without)]
        if not found:
            return Hindrance(frozenset({Reason.OPENING}), frozenset({Reason.OPENING}))
        # Who could come by every rule, and did not when all were tried, would be missed more where they are.
        found = [reasons or frozenset({Reason.NEEDED_ELSEWHERE}) for reasons in found]
        alone = frozenset(reason for reasons in found if len(reasons) == 1 for reason in reasons)
        return Hindrance(alone or min(found, key=lambda reasons: (len(reasons), sorted(reasons))), alone)

    def _tries(self, agent: str) -> Iterator[tuple[Stay, Stay | None]]:
        """Duties to add, to put in the place of the day's duties, and those duties made longer."""
        timeline = self.state.problem.timeline
        for duty in self.duties:
            yield duty, None
        for own in self.state.stays[agent]:
            if timeline.day_index_of(own.start * timeline.slot_minutes) in self.target.days:
                longer = (duty for duty in self.covered if duty.start <= own.start and own.end <= duty.end)
                for duty in [*self._best(longer), *self.duties]:
                    yield duty, own

    def _best(self, stays: Iterable[Stay]) -> list[Stay]:
        """Duties whose work covers most of the gap, shortest first, no two with one start."""
        candidates = list(stays)
        most = max((self.covered[stay] for stay in candidates), default=0)
        best = [stay for stay in candidates if self.covered[stay] == most] if most else []
        by_start: dict[int, Stay] = {}
        for stay in sorted(best, key=lambda stay: (stay.end - stay.start, -len(stay.work_slots), stay.start)):
            by_start.setdefault(stay.start, stay)
        return list(by_start.values())[:MOST_DUTIES]

    def _ways(self, person: Person, duty: Stay, without: Stay | None) -> list[frozenset[Reason]]:
        """What stands in the way of a duty on site and of the same at home; where one is free, only that counts."""
        stay = replace(duty, agent=person.agent.id)
        personal = person.reasons_with(stay, without)
        places = [self._place_reason(person, stay, without, place) for place in PLACES]
        if None in places:
            return [frozenset(personal)]
        return [frozenset(personal | {reason}) for reason in places if reason is not None]

    def _place_reason(self, person: Person, stay: Stay, without: Stay | None, place: Place) -> Reason | None:
        reason = place_reason(self.state.problem, person.agent, place, self.helping)
        return self.seats.reason(stay, without) if place == "site" and reason is None else reason


def _stay(start: int, shape: Shape) -> Stay:
    """A duty of nobody in particular, its break in the middle of where it may be."""
    end = start + shape.work + shape.pause
    if shape.parts != 1:
        return Stay("", start, end, "site")
    break_start = start + (shape.low + shape.high) // 2
    return Stay("", start, end, "site", None, ((break_start, break_start + shape.pause),))
