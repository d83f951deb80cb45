"""Duties that one person could work around a gap, best first, and what they would cover."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from solver.explaining.day_state import IDLE, PLACES, DayState, Stay, queue_mask
from solver.explaining.facts import Gap, Reason
from solver.explaining.people import Person, place_reason
from solver.explaining.seats import Seat, Seats
from solver.problem import Agent, Place, Problem
from solver.shapes import Shape, duty_shapes
from solver.timeline import Span, parse_clock

MOST_TRIES = 20
GAP_FIRST = 10_000


@dataclass(frozen=True)
class Move:
    """A duty to add, perhaps instead of another one of the same person.

    :param gain: slots that would be covered more, all queues
    :param gap_gain: the same in the gap
    :param seat: the desk on site
    """

    stay: Stay
    without: Stay | None
    gain: int
    gap_gain: int
    seat: Seat | None = None

    @property
    def worth(self) -> tuple[int, int]:
        """What the gap gains without another's losing it, then what all gain."""
        return min(self.gain, self.gap_gain), self.gain

    @property
    def desk_changes(self) -> tuple[list[Stay], list[Stay]]:
        """Duties that are no more, and those that are new or at another desk."""
        gone, come = [] if self.without is None else [self.without], [self.stay]
        if self.seat is not None and self.seat.shifted is not None:
            gone.append(self.seat.shifted)
            come.append(replace(self.seat.shifted, desk=self.seat.other_desk))
        return gone, come

    @property
    def slots(self) -> set[int]:
        """Slots in which the duty makes a difference."""
        without = () if self.without is None else range(self.without.start, self.without.end)
        return {*range(self.stay.start, self.stay.end), *without}


@dataclass(frozen=True)
class Target:
    """A gap in slots."""

    queue: int
    slots: range
    days: tuple[int, ...]


def target_of(problem: Problem, gap: Gap) -> Target:
    """The gap's queue and slots, and the days on which a duty that covers it may start."""
    timeline = problem.timeline
    minutes = timeline.slot_minutes
    day = timeline.day_index_of(gap.start_minute)
    overnight = parse_clock(problem.duties.latest_end) > 24 * 60
    days = (day - 1, day) if overnight and day > 0 else (day,)
    queue = next(number for number, entry in enumerate(problem.queues) if entry.id == gap.queue)
    return Target(queue, range(gap.start_minute // minutes, gap.end_minute // minutes), days)


class Offer:
    """What the state lacks, slot by slot, in the form that duties are valued by."""

    def __init__(self, state: DayState, target: Target) -> None:
        self.state = state
        self.target = target
        self.wanted = {slot: state.wanted(slot) for slot in state.window}
        self.wanted_in_gap = {slot: state.wanted(slot, target.queue) for slot in target.slots}
        self.starts = starts_around(state.problem, target)
        self.replaceable: dict[int, int] = {}
        self.helping = 0
        for mask in self.wanted_in_gap.values():
            self.helping |= mask

    def after(self, state: DayState, slots: Iterable[int]) -> Offer:
        """The same for a state in which service is another only in some slots."""
        other = object.__new__(Offer)
        other.__dict__.update(self.__dict__, state=state, wanted=dict(self.wanted), replaceable=dict(self.replaceable))
        other.wanted_in_gap, other.helping = dict(self.wanted_in_gap), 0
        for slot in slots:
            if slot in other.wanted:
                other.wanted[slot] = state.wanted(slot)
                other.replaceable.pop(slot, None)
            if slot in other.wanted_in_gap:
                other.wanted_in_gap[slot] = state.wanted(slot, self.target.queue)
        for mask in other.wanted_in_gap.values():
            other.helping |= mask
        return other

    def under(self, state: DayState) -> Offer:
        """The same for another state with the same people in the same duties, under another problem."""
        other = object.__new__(Offer)
        other.__dict__.update(self.__dict__, state=state, starts=starts_around(state.problem, self.target))
        return other

    def moves(self, agent: Agent, place: Place, shapes: Sequence[Shape]) -> list[Move]:
        """Duties at a place that would cover more of the gap and more in all, best first; no rule is asked yet."""
        mask = queue_mask(self.state.problem, agent, place)
        if not mask & self.helping:
            return []
        found = [
            move for without in self._replaceable(agent) for move in self._moves(agent.id, place, mask, without, shapes)
        ]
        found.sort(key=lambda move: (-move.worth[0], -move.gain, move.stay.start, move.stay.end, move.stay.breaks))
        return found

    def _replaceable(self, agent: Agent) -> Iterator[Stay | None]:
        """None for a duty more, and each duty of the day that may be replaced."""
        timeline = self.state.problem.timeline
        minutes = timeline.slot_minutes
        fixed = {timeline.minute_of(duty.start) // minutes for duty in agent.fixed}
        own = [
            stay
            for stay in self.state.stays[agent.id]
            if timeline.day_index_of(stay.start * minutes) in self.target.days
        ]
        if len(own) < max(1, agent.max_blocks_per_day) * len(self.target.days):
            yield None
        yield from (stay for stay in own if stay.start not in fixed)

    def _moves(
        self, agent: str, place: Place, mask: int, without: Stay | None, shapes: Sequence[Shape]
    ) -> Iterator[Move]:
        values, loss, gap_loss = self._values(agent, mask, without)
        first = self.state.window.start
        sums = list(itertools.accumulate((total + GAP_FIRST * in_gap for total, in_gap in values), initial=0))
        costs = {
            pause: [end - begin for begin, end in zip(sums, sums[pause:], strict=False)]
            for pause in {shape.pause for shape in shapes}
        }
        for start in self.starts:
            for shape in shapes:
                low = start - first
                high = low + shape.work + shape.pause
                if low < 0 or high > len(values) or sums[high] - sums[low] <= gap_loss * GAP_FIRST:
                    continue
                breaks = _cheapest_breaks(costs, low, shape)
                worth = sums[high] - sums[low] - sum(sums[end] - sums[begin] for begin, end in breaks)
                gap_gain, gain = divmod(worth, GAP_FIRST)
                if gain > loss and gap_gain > gap_loss:
                    pauses = tuple((begin + first, end + first) for begin, end in breaks)
                    stay = Stay(agent, start, high + first, place, None, pauses)
                    yield Move(stay, without, gain - loss, gap_gain - gap_loss)

    def _values(self, agent: str, mask: int, without: Stay | None) -> tuple[list[tuple[int, int]], int, int]:
        """What the person's work is worth in each slot, and what taking the old duty out costs."""
        values = {slot: self._value(slot, mask) for slot in self.state.window}
        loss = gap_loss = 0
        for stay in self.state.stays[agent]:
            for slot in stay.work_slots if stay != without else ():
                values[slot] = 0, 0
        for slot in without.work_slots if without is not None else ():
            queue = self._lost_queue(slot, agent)
            if queue is None:
                continue
            in_gap = int(queue == self.target.queue and slot in self.target.slots)
            loss, gap_loss = loss + 1, gap_loss + in_gap
            total, for_gap = self._value(slot, mask)
            if mask >> queue & 1:
                values[slot] = max(total, 1), max(for_gap, in_gap)
        return [values[slot] for slot in self.state.window], loss, gap_loss

    def _lost_queue(self, slot: int, agent: str) -> int | None:
        """The queue that would miss somebody more if a person were not there, None where nobody would be missed."""
        queue = self.state.serving[slot].get(agent, IDLE) if slot in self.state.window else IDLE
        if queue == IDLE:
            return None
        if slot not in self.replaceable:
            self.replaceable[slot] = self.state.replaceable(slot)
        return None if self.replaceable[slot] >> queue & 1 else queue

    def _value(self, slot: int, mask: int) -> tuple[int, int]:
        return int(bool(mask & self.wanted[slot])), int(bool(mask & self.wanted_in_gap.get(slot, 0)))


def _cheapest_breaks(costs: Mapping[int, Sequence[int]], start: int, shape: Shape) -> list[Span]:
    """Where the breaks cost least; several are spread evenly.

    :param costs: for each length of a break what it costs by its first slot
    """
    if shape.parts == 0:
        return []
    if shape.parts == 1:
        low = start + shape.low
        tried = costs[shape.pause][low : start + shape.high + 1]
        best = low + tried.index(min(tried))
        return [(best, best + shape.pause)]
    lengths = [shape.pause // shape.parts + (number < shape.pause % shape.parts) for number in range(shape.parts)]
    breaks, at = [], start
    for number, length in enumerate(lengths):
        at += shape.work // (shape.parts + 1) + (number < shape.work % (shape.parts + 1))
        breaks.append((at, at + length))
        at += length
    return breaks


def starts_around(problem: Problem, target: Target) -> list[int]:
    """Slots in which a duty of the target's days may start, by the site's opening and its step."""
    timeline = problem.timeline
    minutes = timeline.slot_minutes
    earliest = parse_clock(problem.duties.earliest_start)
    step = problem.duties.start_step_minutes
    starts = []
    for day in target.days:
        midnight = timeline.day_start_minutes[day + 1]
        for clock in range(-(-earliest // step) * step, 24 * 60, step):
            minute = timeline.clock_minute(day, clock)
            if minute % minutes == 0 and minute < midnight and minute // minutes < target.slots.stop:
                starts.append(minute // minutes)
    return sorted(set(starts))


def usable_shapes(problem: Problem) -> list[Shape]:
    """Shapes of a duty whose pauses are enough where it is the only one of its day."""
    return [shape for shape in duty_shapes(problem).shapes if shape.alone]


@dataclass(frozen=True)
class Unseated:
    """A duty that only the site has no room for."""

    move: Move
    reason: Reason


def best_move(
    offer: Offer, seats: Seats, person: Person, shapes: Sequence[Shape], unseated: list[Unseated] | None = None
) -> Move | None:
    """The best duty of one person that keeps every rule, with its desk.

    :param unseated: takes the best duty that only lacks a desk
    """
    state = offer.state
    best: Move | None = None
    for place in PLACES:
        if place_reason(state.problem, person.agent, place, offer.helping) is not None:
            continue
        found = _first_kept(offer.moves(person.agent, place, shapes), person, seats, unseated)
        if found is not None and (best is None or found.worth > best.worth):
            best = found
    return best


def _first_kept(moves: Sequence[Move], person: Person, seats: Seats, unseated: list[Unseated] | None) -> Move | None:
    tries = 0
    for move in moves:
        if person.cannot(move.stay, move.without):
            continue
        if tries == MOST_TRIES:
            return None
        tries += 1
        if not person.keeps_rules(move.stay, move.without):
            continue
        if move.stay.place == "home":
            return move
        reason = seats.reason(move.stay, move.without)
        seat = seats.place(move.stay, move.without)[0] if reason is None else None
        if seat is not None:
            return replace(move, stay=replace(move.stay, desk=seat.desk), seat=seat)
        if unseated is not None and reason is not None:
            unseated.append(Unseated(move, reason))
            unseated = None
    return None
