"""Trying a relaxation: who can come now who could not come before?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from solver.explaining.day_state import DayState, moved_home
from solver.explaining.facts import Relaxation
from solver.explaining.moves import Move, Offer, Target, Unseated, best_move
from solver.explaining.people import Person
from solver.explaining.relaxations import Trial
from solver.explaining.seats import Seats
from solver.shapes import Shape

MOST_ROUNDS = 4
MOST_PASSES = 6
MOST_UNSEATED = 40

Stop = Callable[[], bool]


@dataclass(frozen=True)
class Saved:
    """What a trial brought.

    :param minutes: fewer missing agent minutes around the day
    :param gap_minutes: fewer of them in the gap
    """

    state: DayState
    minutes: int
    gap_minutes: int

    @property
    def worth(self) -> tuple[int, int]:
        """What the gap gains without another's losing it, then what all gain."""
        return min(self.minutes, self.gap_minutes), self.minutes


class StoppedError(Exception):
    """The time was too short to try to the end."""


class Attempt:
    """Tries duties around one gap."""

    def __init__(self, target: Target, shapes: Sequence[Shape], stop: Stop) -> None:
        self.target = target
        self.shapes = shapes
        self.stop = stop
        self._known: Offer | None = None
        self._persons: dict[str, Person] = {}

    def settled(self, state: DayState) -> tuple[DayState, tuple[str, ...]]:
        """The state in which nobody more can come to the gap, and who cannot for want of room on site.

        What moving people brings without any relaxation must not be put down to one.

        :raises StoppedError: where the time ends before
        """
        settled = state.copy()
        unseated = self._settle(settled)
        if unseated and self._send_home(settled):
            unseated = self._settle(settled)
        return settled, unseated

    def _settle(self, state: DayState) -> tuple[str, ...]:
        for _number in range(MOST_PASSES):
            unseated, changed = self._settling_pass(state)
            if not changed:
                ranked = sorted(unseated, key=lambda one: one.move.worth, reverse=True)
                return tuple(one.move.stay.agent for one in ranked[:MOST_UNSEATED])
        raise StoppedError

    def _settling_pass(self, state: DayState) -> tuple[list[Unseated], bool]:
        unseated: list[Unseated] = []
        changed = False
        offer, seats = Offer(state, self.target), Seats(state)
        for agent in state.agents:
            self._unless_stopped()
            move = best_move(offer, seats, self._person(state, agent), self.shapes, unseated)
            if move is not None and self._made(state, move):
                offer, seats, changed = Offer(state, self.target), Seats(state), True
        return unseated, changed

    def _send_home(self, state: DayState) -> bool:
        """Let everybody work at home who may, where nothing is lost by it: that makes desks free."""
        fixed = {
            (agent.id, state.problem.timeline.minute_of(duty.start) // state.problem.horizon.slot_minutes)
            for agent in state.problem.agents
            for duty in agent.fixed
        }
        slots = self.target.slots
        changed = False
        for agent, stays in state.stays.items():
            for stay in list(stays) if state.agents[agent].home in {"allowed", "preferred"} else ():
                near = stay.start < slots.stop and slots.start < stay.end
                if stay.place == "site" and near and (agent, stay.start) not in fixed:
                    changed |= goes_home(state, agent, self.target)
        return changed

    def best(self, base: DayState, trial: Trial) -> Saved | None:
        """What the relaxed problem allows beyond the settled state, None where that is nothing.

        :raises StoppedError: where the time ends before
        """
        state = base.relaxed(trial.problem, trial.released)
        if trial.goes_home is not None:
            goes_home(state, trial.goes_home, self.target)
        agents = list(state.agents) if trial.agents is None else list(trial.agents)
        offer = self._first_offer(base, state, trial)
        for _number in range(MOST_ROUNDS):
            move = self._best_of(offer, agents)
            if move is None or not self._made(state, move):
                break
            offer = Offer(state, self.target)
        minutes = base.problem.horizon.slot_minutes
        saved = minutes * (base.missing_slots() - state.missing_slots())
        slots = self.target.slots
        in_gap = base.missing_in(self.target.queue, slots) - state.missing_in(self.target.queue, slots)
        return Saved(state, saved, minutes * in_gap) if saved > 0 and in_gap > 0 else None

    def _first_offer(self, base: DayState, state: DayState, trial: Trial) -> Offer:
        """What is lacking before anybody comes: the same in all trials that change nobody's service."""
        if trial.goes_home is not None or trial.kind == Relaxation.SKILL:
            return Offer(state, self.target)
        if self._known is None or self._known.state is not base:
            self._known = Offer(base, self.target)
        return self._known.under(state)

    def _best_of(self, offer: Offer, agents: Iterable[str]) -> Move | None:
        seats = Seats(offer.state)
        found: list[Move] = []
        for agent in agents:
            self._unless_stopped()
            move = best_move(offer, seats, self._person(offer.state, agent), self.shapes)
            if move is not None:
                found.append(move)
        return max(found, key=lambda move: move.worth, default=None)

    def _made(self, state: DayState, move: Move) -> bool:
        """Make a move; take it back where it does not keep its promise."""
        before = state.missing_slots()
        gap_before = state.missing_in(self.target.queue, self.target.slots)
        if move.without is not None:
            state.remove(move.without)
        state.add(move.stay)
        if move.seat is not None and move.seat.shifted is not None:
            state.reseat(move.seat.shifted, move.seat.other_desk)
        if state.missing_slots() < before and state.missing_in(self.target.queue, self.target.slots) < gap_before:
            return True
        if move.seat is not None and move.seat.shifted is not None:
            state.reseat(replace(move.seat.shifted, desk=move.seat.other_desk), move.seat.desk)
        state.remove(move.stay)
        if move.without is not None:
            state.add(move.without)
        return False

    def _person(self, state: DayState, agent: str) -> Person:
        """What is known of a person from former trials, where it still holds."""
        person = self._persons.get(agent)
        if person is None or not person.holds_in(state):
            relaxed = person is not None and state.agents[agent] is not person.agent
            person = Person(state, agent)
            if not relaxed:
                self._persons[agent] = person
        return person

    def _unless_stopped(self) -> None:
        if self.stop():
            raise StoppedError


def goes_home(state: DayState, agent: str, target: Target) -> bool:
    """Let somebody work their duty over the gap at home, unless somebody more would be missing then."""
    slots = target.slots
    stay = next(
        (
            stay
            for stay in state.stays[agent]
            if stay.place == "site" and stay.start < slots.stop and slots.start < stay.end
        ),
        None,
    )
    if stay is None:
        return False
    before = state.missing_slots()
    state.remove(stay)
    state.add(moved_home(stay))
    if state.missing_slots() <= before:
        return True
    state.remove(moved_home(stay))
    state.add(stay)
    return False
