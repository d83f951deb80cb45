"""The model that a competent user of CP-SAT writes first, to compare with: ``plain_cpsat.py PROBLEM -o ROSTER``.

A Boolean for each agent, day, duty shape and place; people of the same skills are pooled; a slack for each queue and
slot; floor capacity as a number of people. Breaks lie in the middle of a duty or an hour beside it. Desks are handed
out afterwards, earliest start first. It keeps every rule of the format and does one block a day. It starts from
nobody at work, with the slowest parts of the presolve off; the rest is CP-SAT's own search.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ortools.sat.python import cp_model

from solver.checks import judge
from solver.layout import Layout, plan_layout
from solver.models.candidates import Candidate, duty_candidates, slots_up
from solver.models.exact_people import handovers
from solver.problem import Agent, Duty, Problem, Serves, SpanOfTime
from solver.reading import read_problem
from solver.roster import Roster, SolverNote, Tiers
from solver.writing import write_roster

Breaks = tuple[tuple[int, int], ...]
Pool = tuple[tuple[str, ...], str]
NO_TIERS = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)
SHORTFALL_WEIGHT = 1000
SCALE = 100


@dataclass(frozen=True)
class Shape:
    """A candidate duty with its breaks laid down, in slots."""

    duty: Candidate
    breaks: Breaks

    @property
    def work(self) -> list[int]:
        """Slots of work."""
        resting = {slot for first, end in self.breaks for slot in range(first, end)}
        return [slot for slot in range(self.duty.start, self.duty.end) if slot not in resting]


def shapes_of(problem: Problem, index: int) -> Iterator[Shape]:
    """Every start, length and place with the least break that the law asks for, in up to three positions."""
    for candidate in duty_candidates(problem, index):
        named = None if candidate.fixed is None else candidate.fixed.breaks
        if named is not None:
            yield Shape(candidate, tuple(_slots(problem, part) for part in named))
            continue
        length = candidate.end - candidate.start
        options = [candidate.break_slots] if candidate.break_slots is not None else range(length)
        for taken in options:
            parts = _parts(problem, length - taken)
            if sum(parts) == taken:
                yield from _laid_down(problem, candidate, parts)
                break


def _slots(problem: Problem, span: SpanOfTime) -> tuple[int, int]:
    minute_of, slot_minutes = problem.timeline.minute_of, problem.horizon.slot_minutes
    return minute_of(span.start) // slot_minutes, minute_of(span.end) // slot_minutes


def _parts(problem: Problem, work_slots: int) -> list[int]:
    """Break parts for so much work: as much as the law asks for, in as many parts as the longest run asks for."""
    slot_minutes, labour = problem.horizon.slot_minutes, problem.labour
    work = work_slots * slot_minutes
    exceeded = [(rule.work_over_minutes, rule.break_minutes) for rule in labour.breaks if work > rule.work_over_minutes]
    needed = slots_up(max(exceeded)[1], slot_minutes) if exceeded else 0
    count = max(-(-work // labour.max_run_minutes) - 1, 1 if needed else 0)
    least = max(1, slots_up(labour.min_break_part_minutes, slot_minutes))
    return [max(least, -(-needed // max(1, count)))] * count


def _laid_down(problem: Problem, candidate: Candidate, parts: list[int]) -> Iterator[Shape]:
    if not parts:
        yield Shape(candidate, ())
        return
    edge = slots_up(problem.duties.break_edge_minutes, problem.horizon.slot_minutes)
    run = (candidate.end - candidate.start - sum(parts)) // (len(parts) + 1)
    hour = max(1, 60 // problem.horizon.slot_minutes)
    most_run = problem.labour.max_run_minutes // problem.horizon.slot_minutes
    for moved in (0, -hour, hour) if len(parts) == 1 else (0,):
        first = candidate.start + run + moved
        breaks = tuple(
            (first + rank * (run + part), first + rank * (run + part) + part) for rank, part in enumerate(parts)
        )
        longest = max(breaks[0][0] - candidate.start, candidate.end - breaks[-1][1], run if len(parts) > 1 else 0)
        if first >= candidate.start + edge and breaks[-1][1] <= candidate.end - edge and longest <= most_run:
            yield Shape(candidate, breaks)


class PlainModel:
    """Variables, rules and objective of the plain model."""

    def __init__(self, problem: Problem, layout: Layout) -> None:
        self.problem = problem
        self.model = cp_model.CpModel()
        self.slot_minutes = problem.horizon.slot_minutes
        self.shapes = [shape for index in range(len(problem.agents)) for shape in day_shapes(problem, index)]
        self.chosen = [self.model.new_bool_var("") for _ in self.shapes]
        self.of_day: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, shape in enumerate(self.shapes):
            self.of_day[shape.duty.agent, shape.duty.day].append(number)
        for index, agent in enumerate(problem.agents):
            self.add_days(index)
            self.add_weeks(index, agent)
            self.add_rest(index)
        self.add_partners()
        self.add_floor(layout)
        self.model.minimize(SHORTFALL_WEIGHT * self.shortfall() + self.later_tiers())
        for shape, var in zip(self.shapes, self.chosen, strict=True):
            self.model.add_hint(var, shape.duty.fixed is not None)

    def total(self, numbers: list[int]) -> cp_model.LinearExpr:
        """How many of these shapes are chosen."""
        return cp_model.LinearExpr.sum([self.chosen[number] for number in numbers])

    def add_days(self, index: int) -> None:
        """One duty a day; bookings as they are."""
        for day in range(self.problem.timeline.days):
            booked: dict[int, list[int]] = defaultdict(list)
            for number in self.of_day[index, day]:
                if self.shapes[number].duty.fixed is not None:
                    booked[self.shapes[number].duty.start].append(number)
            for numbers in booked.values():
                self.model.add(self.total(numbers) == 1)
            if not booked:
                self.model.add(self.total(self.of_day[index, day]) <= 1)

    def add_weeks(self, index: int, agent: Agent) -> None:
        """Contract time and workdays of each run of seven days, and workdays in a row."""
        timeline, labour = self.problem.timeline, self.problem.labour
        workday = [self.model.new_bool_var("") for _ in range(timeline.days)]
        for day, works in enumerate(workday):
            numbers = self.of_day[index, day]
            self.model.add_hint(works, self._any_booked(numbers))
            if numbers:
                self.model.add_max_equality(works, [self.chosen[number] for number in numbers])
            else:
                self.model.add(works == 0)
        for run in range(timeline.runs):
            days = range(7 * run, min(7 * run + 7, timeline.days))
            work = [len(self.shapes[n].work) * self.chosen[n] for day in days for n in self.of_day[index, day]]
            self.model.add(cp_model.LinearExpr.sum(work) <= agent.weekly_minutes.max // self.slot_minutes)
            self.model.add(sum(workday[day] for day in days) <= agent.max_workdays)
        most = labour.max_consecutive_workdays
        before = 0 if agent.history is None else agent.history.consecutive_workdays
        for first in range(-min(before, most), timeline.days - most):
            days = range(max(first, 0), first + most + 1)
            self.model.add(sum(workday[day] for day in days) < len(days))

    def add_rest(self, index: int) -> None:
        """For every start of a day: nothing of the day before that ends too late for it."""
        rest = slots_up(self.problem.labour.min_rest_minutes, self.slot_minutes)
        for day in range(self.problem.timeline.days - 1):
            for later in (day + 1, day + 2):
                after = self.of_day.get((index, later), [])
                for start in {self.shapes[number].duty.start for number in after}:
                    early = [n for n in after if self.shapes[n].duty.start <= start]
                    late = [n for n in self.of_day[index, day] if self.shapes[n].duty.end > start - rest]
                    if late and early and not self._booked(late + early):
                        self.model.add(self.total(late) + self.total(early) <= 1)

    def _any_booked(self, numbers: list[int]) -> bool:
        return any(self.shapes[number].duty.fixed is not None for number in numbers)

    def _booked(self, numbers: list[int]) -> bool:
        """Bookings stand anyway; two of them on a day make the sum above one for a good reason."""
        return all(self.shapes[number].duty.fixed is not None for number in numbers)

    def covering(self, numbers: list[int], more: int = 0) -> dict[int, list[int]]:
        """Shapes present in each slot, and for some slots after."""
        slots: dict[int, list[int]] = defaultdict(list)
        for number in numbers:
            for slot in range(self.shapes[number].duty.start, self.shapes[number].duty.end + more):
                slots[slot].append(number)
        return slots

    def add_partners(self) -> None:
        """One care partner at a time, and time to hand over."""
        of_agent: dict[int, list[int]] = defaultdict(list)
        for number, shape in enumerate(self.shapes):
            of_agent[shape.duty.agent].append(number)
        for (one, other), minutes in handovers(self.problem).items():
            handover = slots_up(minutes, self.slot_minutes)
            for left, right in ((one, other), (other, one)):
                first, second = self.covering(of_agent[left], handover), self.covering(of_agent[right])
                for slot in first.keys() & second.keys():
                    self.model.add(self.total(first[slot]) + self.total(second[slot]) <= 1)

    def add_floor(self, layout: Layout) -> None:
        """People on site as numbers: no more than there are desks, for each kind of need, for each cohort's share."""
        hygiene = self.problem.hygiene
        gap = slots_up(hygiene.cleaning_gap_minutes, self.slot_minutes)
        on_site = [number for number, shape in enumerate(self.shapes) if shape.duty.place == "site"]
        for group, desks in floor_groups(self.problem, layout):
            members = [number for number in on_site if self.shapes[number].duty.agent in group]
            for numbers in self.covering(members, gap).values():
                self.model.add(self.total(numbers) <= desks)
        if hygiene.max_persons_on_site is not None:
            for numbers in self.covering(on_site).values():
                self.model.add(self.total(numbers) <= hygiene.max_persons_on_site)
        if hygiene.max_arrivals_per_slot is not None:
            for start in {self.shapes[number].duty.start for number in on_site}:
                arriving = [number for number in on_site if self.shapes[number].duty.start == start]
                self.model.add(self.total(arriving) <= hygiene.max_arrivals_per_slot)
        if hygiene.cohort_rule in ("same_site", "same_day"):
            self.add_cohorts(on_site)

    def add_cohorts(self, on_site: list[int]) -> None:
        """One cohort on the site at a time, or on a day."""
        meetings: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for slot, numbers in self.covering(on_site).items():
            when = slot
            if self.problem.hygiene.cohort_rule == "same_day":
                when = self.problem.timeline.day_index_of(slot * self.slot_minutes)
            for number in numbers:
                cohort = self.problem.agents[self.shapes[number].duty.agent].cohort
                if cohort is not None:
                    meetings[when][cohort].append(number)
        for cohorts in meetings.values():
            here = {cohort: self.model.new_bool_var("") for cohort in cohorts}
            self.model.add_at_most_one(here.values())
            for cohort, numbers in cohorts.items():
                for number in set(numbers):
                    self.model.add_implication(self.chosen[number], here[cohort])

    def shortfall(self) -> cp_model.LinearExpr:
        """People of the same skills and place are one pool; its members are shared out over the queues as numbers."""
        pools = self.pools()
        self.serving: dict[tuple[Pool, str, int], cp_model.IntVar] = {}
        homely = {queue.id: queue.home_allowed for queue in self.problem.queues}
        required = required_of(self.problem)
        for pool, slots in pools.items():
            for slot, numbers in slots.items():
                parts = []
                for queue in pool[0]:
                    if (queue, slot) in required and (pool[1] == "site" or homely[queue]):
                        self.serving[pool, queue, slot] = self.model.new_int_var(0, len(numbers), "")
                        self.model.add_hint(self.serving[pool, queue, slot], 0)
                        parts.append(self.serving[pool, queue, slot])
                if parts:
                    self.model.add(sum(parts) <= self.total(numbers))
        return cp_model.LinearExpr.sum([self._cost(pools, *key, need) for key, need in required.items()])

    def pools(self) -> dict[Pool, dict[int, list[int]]]:
        """Shapes at work, by skills and place and slot."""
        pools: dict[Pool, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, shape in enumerate(self.shapes):
            pool = (tuple(sorted(self.problem.agents[shape.duty.agent].queues)), shape.duty.place)
            for slot in shape.work:
                pools[pool][slot].append(number)
        return pools

    def _cost(self, pools: dict[Pool, dict[int, list[int]]], queue: str, slot: int, need: int) -> cp_model.IntVar:
        """Missing + missing² / required from below by the chords between whole numbers, in hundredths."""
        weight = next(entry.weight for entry in self.problem.queues if entry.id == queue)
        missing = self.model.new_int_var(0, need, "")
        self.model.add_hint(missing, need)
        served = [self.serving[pool, queue, slot] for pool in pools if (pool, queue, slot) in self.serving]
        self.model.add(missing + cp_model.LinearExpr.sum(served) >= need)
        most = round(2 * need * weight * SCALE) + need
        cost = self.model.new_int_var(0, most, "")
        self.model.add_hint(cost, most)
        for level in range(need) if need <= 8 else range(0, need, -(-need // 8)):
            slope = round(weight * SCALE * (1 + (2 * level + 1) / need))
            self.model.add(cost >= slope * (missing - level) + round(weight * SCALE * (level + level**2 / need)))
        return cost

    def later_tiers(self) -> cp_model.LinearExpr:
        """Presence on site, and wishes for windows, as small weights."""
        return cp_model.LinearExpr.sum(
            [
                (shape.duty.end - shape.duty.start) * chosen
                for shape, chosen in zip(self.shapes, self.chosen, strict=True)
                if shape.duty.place == "site"
            ]
        )


def day_shapes(problem: Problem, index: int) -> Iterator[Shape]:
    """The agent's shapes; on days with bookings only these, for the model does one duty a day."""
    shapes = list(shapes_of(problem, index))
    booked = {shape.duty.day for shape in shapes if shape.duty.fixed is not None}
    return (shape for shape in shapes if shape.duty.fixed is not None or shape.duty.day not in booked)


def required_of(problem: Problem) -> dict[tuple[str, int], int]:
    required = {}
    for entry in problem.demand:
        first = problem.timeline.minute_of(entry.start) // problem.horizon.slot_minutes
        required.update({(entry.queue, first + rank): need for rank, need in enumerate(entry.required) if need})
    return required


def open_desks(layout: Layout) -> dict[str, str]:
    """Desks that are ever used, with their room: no more in a room than may be in it, so that no cap can be broken."""
    return {desk: room.id for room in layout.rooms for desk in room.released[: room.usable_persons]}


def floor_groups(problem: Problem, layout: Layout) -> Iterator[tuple[set[int], int]]:
    """Groups of agents with the number of desks for them: all, each kind of need, each cohort's rooms."""
    features = {desk.id: set(desk.features) for room in problem.rooms for desk in room.desks}
    share = cohort_rooms(problem, layout)
    usable = open_desks(layout)
    kinds = {(frozenset(agent.desk_needs), agent.cohort if share else None) for agent in problem.agents}
    for needs in {needs for needs, _ in kinds} | {frozenset[str]()}:
        for cohort in {cohort for _, cohort in kinds} | {None}:
            group = {
                index
                for index, agent in enumerate(problem.agents)
                if needs <= set(agent.desk_needs) and cohort in (None, agent.cohort)
            }
            mine = [d for d, room in usable.items() if needs <= features[d] and cohort in (None, share.get(room))]
            yield group, len(mine)


def cohort_rooms(problem: Problem, layout: Layout) -> dict[str, str]:
    """Where cohorts never share a room, each gets its own rooms for good, in turn."""
    if problem.hygiene.cohort_rule != "same_room":
        return {}
    cohorts = sorted({agent.cohort for agent in problem.agents if agent.cohort is not None})
    rooms = sorted(layout.rooms, key=lambda room: -room.usable_persons)
    return {room.id: cohorts[rank % len(cohorts)] for rank, room in enumerate(rooms)} if cohorts else {}


def roster_of(plain: PlainModel, layout: Layout, solver: cp_model.CpSolver, seconds: float) -> Roster:
    """The chosen duties with queues and desks; whoever finds no desk stays away."""
    problem = plain.problem
    chosen = [shape for shape, var in zip(plain.shapes, plain.chosen, strict=True) if solver.boolean_value(var)]
    seats = seated(problem, layout, chosen)
    there = [shape for number, shape in enumerate(chosen) if shape.duty.place == "home" or number in seats]
    desk_of = {id(chosen[number]): desk for number, desk in seats.items()}
    serves = served(plain, solver, there)
    duties = [_duty(problem, shape, desk_of.get(id(shape)), serves[id(shape)]) for shape in there]
    roster = Roster(
        format="roster/1",
        site=problem.site.id,
        first_day=problem.horizon.first_day,
        released_desks=list(layout.released),
        duties=duties,
        tiers=NO_TIERS,
        missing_agent_minutes=0,
        required_agent_minutes=0,
        solver=SolverNote(seconds=round(seconds, 1), seed=0, version="plain"),
    )
    verdict = judge(problem, roster)
    counts = {name: getattr(verdict, name) for name in ("tiers", "missing_agent_minutes", "required_agent_minutes")}
    return roster.model_copy(update=counts)


def seated(problem: Problem, layout: Layout, chosen: list[Shape]) -> dict[int, str]:
    """A free desk for each duty on site, bookings and people with needs first, then by start."""
    features = {desk.id: set(desk.features) for room in problem.rooms for desk in room.desks}
    share, usable = cohort_rooms(problem, layout), open_desks(layout)
    gap = slots_up(problem.hygiene.cleaning_gap_minutes, problem.horizon.slot_minutes)
    taken: dict[str, list[tuple[int, int]]] = {desk: [] for desk in usable}
    seats: dict[int, str] = {}
    on_site = [number for number, shape in enumerate(chosen) if shape.duty.place == "site"]
    for number in sorted(on_site, key=lambda one: (chosen[one].duty.fixed is None, chosen[one].duty.start)):
        shape, agent = chosen[number], problem.agents[chosen[number].duty.agent]
        named = None if shape.duty.fixed is None else shape.duty.fixed.desk
        fitting = [
            desk
            for desk, spans in taken.items()
            if set(agent.desk_needs) <= features[desk]
            and named in (None, desk)
            and (agent.cohort is None or share.get(usable[desk], agent.cohort) == agent.cohort)
            and all(end + gap <= shape.duty.start or shape.duty.end + gap <= start for start, end in spans)
        ]
        if fitting:
            seats[number] = min(fitting, key=lambda desk: len(features[desk]))
            taken[seats[number]].append((shape.duty.start, shape.duty.end))
    return seats


def served(plain: PlainModel, solver: cp_model.CpSolver, there: list[Shape]) -> dict[int, dict[int, str]]:
    """Queue of each duty in each slot: the pool's numbers dealt out, always in the same order of people."""
    left = {key: solver.value(var) for key, var in plain.serving.items()}
    serves: dict[int, dict[int, str]] = {id(shape): {} for shape in there}
    for shape in there:
        queues = tuple(sorted(plain.problem.agents[shape.duty.agent].queues))
        for slot in shape.work:
            for queue in queues:
                key = ((queues, shape.duty.place), queue, slot)
                if left.get(key, 0) > 0:
                    left[key] -= 1
                    serves[id(shape)][slot] = queue
                    break
    return serves


def _duty(problem: Problem, shape: Shape, desk: str | None, serves: dict[int, str]) -> Duty:
    def span(first: int, end: int) -> SpanOfTime:
        instant_of, minutes = problem.timeline.instant_of, problem.horizon.slot_minutes
        return SpanOfTime(start=instant_of(first * minutes), end=instant_of(end * minutes))

    parts: list[tuple[str, int, int]] = []
    for slot in sorted(serves):
        if parts and parts[-1][0] == serves[slot] and parts[-1][2] == slot:
            parts[-1] = (*parts[-1][:2], slot + 1)
        else:
            parts.append((serves[slot], slot, slot + 1))
    whole = span(shape.duty.start, shape.duty.end)
    return Duty(
        agent=problem.agents[shape.duty.agent].id,
        start=whole.start,
        end=whole.end,
        breaks=[span(*part) for part in shape.breaks],
        place=shape.duty.place,
        desk=desk,
        serves=[
            Serves(queue=queue, start=span(first, end).start, end=span(first, end).end) for queue, first, end in parts
        ],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Solve a problem with the plain CP-SAT model.")
    parser.add_argument("problem", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    started = time.monotonic()
    problem = read_problem(arguments.problem)
    layout = plan_layout(problem)
    plain = PlainModel(problem, layout)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = arguments.workers
    # Without these it spends the first half minute of forty agents in its presolve.
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.max_presolve_iterations = 1
    solver.parameters.max_time_in_seconds = max(1.0, arguments.time_limit - (time.monotonic() - started))
    status = solver.solve(plain.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        print("no roster in this time", file=sys.stderr)
        return 1
    roster = roster_of(plain, layout, solver, time.monotonic() - started)
    write_roster(roster, arguments.output, problem.timeline)
    return 0


if __name__ == "__main__":
    sys.exit(main())
