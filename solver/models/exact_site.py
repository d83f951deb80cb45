"""Rules of the exact model that concern the site: desks, distance, caps, cleaning, arrivals, cohorts."""

from __future__ import annotations

from collections import defaultdict

from ortools.sat.python import cp_model

from solver.layout import cliques, conflicts, room_cap
from solver.models.exact_frame import ExactFrame
from solver.problem import Agent, Desk

Literals = list[cp_model.IntVar]


class SitePart:
    """Who sits where: ``at_desk`` for each agent, desk and slot in which that can be, ``released`` for each desk."""

    def __init__(self, frame: ExactFrame) -> None:
        self.frame = frame
        self.desks = [
            (desk, room_index)
            for room_index, room in enumerate(frame.problem.rooms)
            for desk in room.desks
            if not desk.blocked
        ]
        self.released = [frame.model.new_bool_var(f"released {desk.id}") for desk, _ in self.desks]
        self.at_desk: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._add_distance()
        for index, agent in enumerate(frame.problem.agents):
            self._add_seats(index, agent)
        self._add_named_desks()
        self._add_cleaning_gap()
        self._add_caps()
        self._add_arrivals()
        self._add_cohorts()

    def _add_distance(self) -> None:
        """Mutually conflicting desks as groups: at most one of each is released."""
        number = {desk.id: index for index, (desk, _) in enumerate(self.desks)}
        for room in self.frame.problem.rooms:
            for clique in cliques(conflicts(room, self.frame.problem.hygiene.min_distance_m)):
                self.frame.model.add_at_most_one(self.released[number[desk]] for desk in clique)

    def _add_seats(self, index: int, agent: Agent) -> None:
        """One desk for all of a duty, released and with what the agent needs."""
        model = self.frame.model
        suited = [number for number, (desk, _) in enumerate(self.desks) if _suits(desk, agent)]
        slots = [slot for slot in self.frame.slots_of[index] if (index, slot) in self.frame.on_site]
        for slot in slots:
            seats = [model.new_bool_var("") for _ in suited]
            model.add(cp_model.LinearExpr.sum(seats) == self.frame.on_site[index, slot])
            for desk, seat in zip(suited, seats, strict=True):
                model.add_implication(seat, self.released[desk])
                self.at_desk[index, desk, slot] = seat
        for slot in slots:
            for desk in suited:
                self._stay(index, desk, slot)

    def _stay(self, index: int, desk: int, slot: int) -> None:
        """Who sits at a desk in the next slot sat there before, or begins."""
        here, there = self.at_desk[index, desk, slot], self.at_desk.get((index, desk, slot + 1))
        if there is None:
            return
        begins = self.frame.starts.get((index, slot + 1))
        self.frame.model.add_bool_or([~there, here, *([] if begins is None else [begins])])
        still = self.frame.present[index, slot + 1]
        self.frame.model.add_bool_or([~here, there, ~still, *([] if begins is None else [begins])])

    def _add_named_desks(self) -> None:
        number = {desk.id: index for index, (desk, _) in enumerate(self.desks)}
        for candidate in self.frame.candidates:
            if candidate.fixed is not None and candidate.fixed.desk is not None and candidate.place == "site":
                seat = self.at_desk[candidate.agent, number[candidate.fixed.desk], candidate.start]
                self.frame.model.add(seat == 1)

    def _add_cleaning_gap(self) -> None:
        """An agent keeps a desk to herself until it is clean."""
        gap = self.frame.slots_up(self.frame.problem.hygiene.cleaning_gap_minutes)
        keeping: dict[tuple[int, int], dict[int, Literals]] = defaultdict(lambda: defaultdict(list))
        for (agent, desk, slot), seat in self.at_desk.items():
            for later in range(slot, slot + gap + 1):
                keeping[desk, later][agent].append(seat)
        for agents in keeping.values():
            if len(agents) > 1:
                self.frame.model.add_at_most_one(self._any(seats) for seats in agents.values())

    def _any(self, literals: Literals) -> cp_model.IntVar:
        if len(literals) == 1:
            return literals[0]
        some = self.frame.model.new_bool_var("")
        for literal in literals:
            self.frame.model.add_implication(literal, some)
        return some

    def _add_caps(self) -> None:
        problem = self.frame.problem
        caps = {index: cap for index, room in enumerate(problem.rooms) if (cap := room_cap(problem, room)) is not None}
        in_room: dict[tuple[int, int], Literals] = defaultdict(list)
        for (_, desk, slot), seat in self.at_desk.items():
            in_room[self.desks[desk][1], slot].append(seat)
        for (room, slot), seats in sorted(in_room.items(), key=lambda item: item[0]):
            if room in caps and len(seats) > caps[room]:
                self.frame.model.add(cp_model.LinearExpr.sum(seats) <= caps[room])
            del slot
        if problem.hygiene.max_persons_on_site is not None:
            for persons in self._on_site_by_slot().values():
                self.frame.model.add(cp_model.LinearExpr.sum(persons) <= problem.hygiene.max_persons_on_site)

    def _on_site_by_slot(self) -> dict[int, Literals]:
        by_slot: dict[int, Literals] = defaultdict(list)
        for (_, slot), on_site in self.frame.on_site.items():
            by_slot[slot].append(on_site)
        return by_slot

    def _add_arrivals(self) -> None:
        most = self.frame.problem.hygiene.max_arrivals_per_slot
        arriving: dict[int, Literals] = defaultdict(list)
        for candidate, chosen in zip(self.frame.candidates, self.frame.chosen, strict=True):
            if candidate.place == "site":
                arriving[candidate.start].append(chosen)
        for arrivals in arriving.values():
            if most is not None:
                self.frame.model.add(cp_model.LinearExpr.sum(arrivals) <= most)

    def _add_cohorts(self) -> None:
        rule = self.frame.problem.hygiene.cohort_rule
        meetings: dict[tuple[int, int], dict[str, Literals]] = defaultdict(lambda: defaultdict(list))
        if rule == "same_room":
            for (agent, desk, slot), seat in self.at_desk.items():
                self._meet(meetings[self.desks[desk][1], slot], agent, seat)
        elif rule in ("same_site", "same_day"):
            for (agent, slot), on_site in self.frame.on_site.items():
                when = slot
                if rule == "same_day":
                    when = self.frame.timeline.day_index_of(slot * self.frame.slot_minutes)
                self._meet(meetings[0, when], agent, on_site)
        for cohorts in meetings.values():
            if len(cohorts) > 1:
                self.frame.model.add_at_most_one(self._any(present) for present in cohorts.values())

    def _meet(self, cohorts: dict[str, Literals], agent: int, present: cp_model.IntVar) -> None:
        cohort = self.frame.problem.agents[agent].cohort
        if cohort is not None:
            cohorts[cohort].append(present)


def _suits(desk: Desk, agent: Agent) -> bool:
    return set(agent.desk_needs) <= set(desk.features)
