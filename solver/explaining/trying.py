"""Trying a relaxation: who can come now who could not come before?"""

from __future__ import annotations

import time
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
MOST_UNSEATED = 40
SETTLING_SHARE = 0.4


class Allowance:
    """How long one gap may be studied: seconds, or a number of times that somebody is asked to come.

    :param persons: instead of the seconds, so that the same files give the same explanation on any machine
    """

    def __init__(self, seconds: float, persons: int | None, should_stop: Callable[[], bool] | None) -> None:
        self.started, self.seconds = time.monotonic(), seconds
        self.persons, self.asked = persons, 0
        self.should_stop = should_stop

    def is_over(self, share: float = 1.0) -> bool:
        """Whether a share of it is used up, or somebody wants to stop."""
        if self.should_stop is not None and self.should_stop():
            return True
        if self.persons is not None:
            return self.asked >= share * self.persons
        return time.monotonic() - self.started >= share * self.seconds


@dataclass(frozen=True)
class Saved:
    """What a trial brought.

    :param minutes: fewer missing agent minutes around the day
    :param gap_minutes: fewer of them in the gap
    :param moved_minutes: what the same people bring without the relaxation, where not all was settled before; not
        among the minutes
    """

    state: DayState
    minutes: int
    gap_minutes: int
    moved_minutes: int = 0

    @property
    def worth(self) -> tuple[int, int]:
        """What the gap gains without another's losing it, then what all gain."""
        return min(self.minutes, self.gap_minutes), self.minutes


class StoppedError(Exception):
    """The time was too short to try to the end."""


class Attempt:
    """Tries duties around one gap.

    ``is_settled`` says whether everybody was moved as well as that goes before anything was relaxed.
    """

    def __init__(self, target: Target, shapes: Sequence[Shape], allowance: Allowance) -> None:
        self.target = target
        self.shapes = shapes
        self.allowance = allowance
        self.is_settled = False
        self._unseated: dict[str, Unseated] = {}
        self._unrelaxed: dict[tuple[str, ...], DayState] = {}
        self._known: Offer | None = None
        self._persons: dict[str, Person] = {}

    def settled(self, state: DayState) -> tuple[DayState, tuple[str, ...]]:
        """The state in which nobody more can come to the gap, and who cannot for want of room on site.

        What moving people brings without any relaxation must not be put down to one. Where that takes more than its
        share of the time, what was moved by then.
        """
        settled = state.copy()
        try:
            self._settle(settled)
            if self._unseated and self._send_home(settled):
                self._settle(settled)
            self.is_settled = True
        except StoppedError:
            self.is_settled = False
        ranked = sorted(self._unseated.values(), key=lambda one: one.move.worth, reverse=True)
        return settled, tuple(one.move.stay.agent for one in ranked[:MOST_UNSEATED])

    def _settle(self, state: DayState) -> None:
        while self._settling_pass(state):
            pass

    def _settling_pass(self, state: DayState) -> bool:
        """Ask everybody once; whether anybody could come."""
        changed = False
        offer, seats = Offer(state, self.target), Seats(state)
        for agent in state.agents:
            self._unless_stopped(SETTLING_SHARE)
            self._unseated.pop(agent, None)
            unseated: list[Unseated] = []
            move = best_move(offer, seats, self._person(state, agent), self.shapes, unseated)
            if move is not None and self._made(state, move):
                offer, changed = offer.after(state, move.slots), True
                seats.change(*move.desk_changes)
            elif unseated:
                self._unseated[agent] = unseated[0]
        return changed

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
        agents = tuple(base.agents if trial.agents is None else trial.agents)
        before = base if self.is_settled else self._as_it_is(base, agents)
        state = base.relaxed(trial.problem, trial.released)
        if trial.goes_home is not None:
            goes_home(state, trial.goes_home, self.target)
        self._improve(state, self._first_offer(base, state, trial), agents)
        minutes = base.problem.horizon.slot_minutes
        saved = minutes * (before.missing_slots() - state.missing_slots())
        slots = self.target.slots
        in_gap = before.missing_in(self.target.queue, slots) - state.missing_in(self.target.queue, slots)
        moved = minutes * (base.missing_slots() - before.missing_slots())
        return Saved(state, saved, minutes * in_gap, moved) if saved > 0 and in_gap > 0 else None

    def _as_it_is(self, base: DayState, agents: tuple[str, ...]) -> DayState:
        """What the same people bring when nothing is relaxed."""
        if agents not in self._unrelaxed:
            state = base.copy()
            self._improve(state, self._offer_of(base).under(state), agents)
            self._unrelaxed[agents] = state
        return self._unrelaxed[agents]

    def _improve(self, state: DayState, offer: Offer, agents: Sequence[str]) -> None:
        for _number in range(MOST_ROUNDS):
            move = self._best_of(offer, agents)
            if move is None or not self._made(state, move):
                break
            offer = offer.after(state, move.slots)

    def _first_offer(self, base: DayState, state: DayState, trial: Trial) -> Offer:
        """What is lacking before anybody comes: the same in all trials that change nobody's service."""
        known = self._offer_of(base).under(state)
        if trial.goes_home is None and trial.kind != Relaxation.SKILL:
            return known
        changed = [stay for name in trial.ids for stay in base.stays[name]]
        return known.after(state, {slot for stay in changed for slot in range(stay.start, stay.end)})

    def _offer_of(self, base: DayState) -> Offer:
        if self._known is None or self._known.state is not base:
            self._known = Offer(base, self.target)
        return self._known

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

    def _unless_stopped(self, share: float = 1.0) -> None:
        if self.allowance.is_over(share):
            raise StoppedError
        self.allowance.asked += 1


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
