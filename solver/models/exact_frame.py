"""What every part of the exact model shares: candidate duties and, by agent and slot, who is where and does what.

All quantities are Booleans over slots, so that each rule can be written down as the page of the format has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from ortools.sat.python import cp_model

from solver.models.candidates import Candidate, duty_candidates, slots_up
from solver.problem import Problem


class ExactFrame:
    """The variables of one problem's exact model.

    ``chosen`` has a Boolean for each candidate duty; ``present``, ``on_site``, ``on_break`` and ``working`` have one
    for each agent and slot in which that can be so.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.timeline = problem.timeline
        self.slot_minutes = problem.horizon.slot_minutes
        self.model = cp_model.CpModel()
        self.candidates = [
            candidate for index in range(len(problem.agents)) for candidate in duty_candidates(problem, index)
        ]
        self.chosen = [self.model.new_bool_var(f"duty{index}") for index in range(len(self.candidates))]
        self.present: dict[tuple[int, int], cp_model.IntVar] = {}
        self.on_site: dict[tuple[int, int], cp_model.IntVar] = {}
        self.on_break: dict[tuple[int, int], cp_model.IntVar] = {}
        self.working: dict[tuple[int, int], cp_model.IntVar] = {}
        self._add_presence()
        self._add_breaks()

    def slots_up(self, minutes: int) -> int:
        """Fewest slots that last at least so many minutes."""
        return slots_up(minutes, self.slot_minutes)

    @property
    def least_pause(self) -> int:
        """Slots that a break part or a gap must have to count."""
        return max(1, self.slots_up(self.problem.labour.min_break_part_minutes))

    @cached_property
    def of_agent(self) -> list[list[int]]:
        """Indices of each agent's candidates."""
        indices: list[list[int]] = [[] for _ in self.problem.agents]
        for index, candidate in enumerate(self.candidates):
            indices[candidate.agent].append(index)
        return indices

    @cached_property
    def of_day(self) -> dict[tuple[int, int], list[int]]:
        """Indices of the candidates of each agent and workday."""
        indices: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, candidate in enumerate(self.candidates):
            indices[candidate.agent, candidate.day].append(index)
        return dict(indices)

    @cached_property
    def slots_of(self) -> list[list[int]]:
        """Slots in which each agent can be present, in order."""
        slots: list[list[int]] = [[] for _ in self.problem.agents]
        for agent, slot in sorted(self.present):
            slots[agent].append(slot)
        return slots

    @cached_property
    def workday(self) -> dict[tuple[int, int], cp_model.IntVar]:
        """Whether an agent has a duty on a day."""
        workdays = {}
        for key, indices in self.of_day.items():
            workdays[key] = self.any_of(indices, f"workday{key}")
        return workdays

    def any_of(self, indices: Iterable[int], name: str) -> cp_model.IntVar:
        """A Boolean that is true just when one of these candidates is chosen."""
        chosen = [self.chosen[index] for index in indices]
        var = self.model.new_bool_var(name)
        self.model.add_max_equality(var, chosen)
        return var

    def work_slots(self, agent: int, day: int) -> cp_model.LinearExpr:
        """Slots of work of all duties that start on a day."""
        duties = self.of_day.get((agent, day), [])
        presence = [(self.candidates[duty].end - self.candidates[duty].start) * self.chosen[duty] for duty in duties]
        return cp_model.LinearExpr.sum(presence) - self.break_slots(agent, day)

    def break_slots(self, agent: int, day: int) -> cp_model.LinearExpr:
        """Slots of break of all duties that start on a day."""
        breaks: list[cp_model.LinearExpr] = []
        for duty in self.of_day.get((agent, day), []):
            candidate = self.candidates[duty]
            if candidate.break_slots is not None:
                breaks.append(candidate.break_slots * self.chosen[duty])
            else:
                # A booking is always there, so its free breaks need no condition.
                slots = range(candidate.start, candidate.end)
                breaks += [self.on_break[agent, slot] for slot in slots if (agent, slot) in self.on_break]
        return cp_model.LinearExpr.sum(breaks)

    def _add_presence(self) -> None:
        covering: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, candidate in enumerate(self.candidates):
            for slot in range(candidate.start, candidate.end):
                covering[candidate.agent, slot].append(index)
            if candidate.fixed is not None:
                self.model.add(self.chosen[index] == 1)
        for key, indices in covering.items():
            # A Boolean equal to the sum also says that duties do not overlap.
            self.present[key] = self._sum_as_bool(indices, f"present{key}")
            at_site = [index for index in indices if self.candidates[index].place == "site"]
            if len(at_site) == len(indices):
                self.on_site[key] = self.present[key]
            elif at_site:
                self.on_site[key] = self._sum_as_bool(at_site, f"site{key}")

    def _sum_as_bool(self, indices: list[int], name: str) -> cp_model.IntVar:
        var = self.model.new_bool_var(name)
        self.model.add(sum(self.chosen[index] for index in indices) == var)
        return var

    def _add_breaks(self) -> None:
        covering: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, candidate in enumerate(self.candidates):
            for slot in self._break_slots_of(candidate):
                covering[candidate.agent, slot].append(index)
        for key, indices in covering.items():
            self.on_break[key] = self.model.new_bool_var(f"break{key}")
            self.model.add(self.on_break[key] <= sum(self.chosen[index] for index in indices))
        for index, candidate in enumerate(self.candidates):
            self._fill_breaks(index, candidate)
        for key, present in self.present.items():
            self.working[key] = self._working(key, present)
        for agent in range(len(self.problem.agents)):
            self._add_break_parts(agent)
            # Follows from the rest, but without it the linear relaxation sees no link between work and duties.
            work = cp_model.LinearExpr.sum([self.working[agent, slot] for slot in self.slots_of[agent]])
            days = [self.work_slots(agent, day) for day in range(self.timeline.days)]
            self.model.add(work == cp_model.LinearExpr.sum(days))

    def _break_slots_of(self, candidate: Candidate) -> list[int]:
        if candidate.break_slots == 0:
            return []
        if candidate.fixed is not None and candidate.fixed.breaks is not None:
            return self._named_breaks(candidate)
        edge = self.slots_up(self.problem.duties.break_edge_minutes)
        return list(range(candidate.start + edge, candidate.end - edge))

    def _named_breaks(self, candidate: Candidate) -> list[int]:
        fixed = candidate.fixed
        parts = [] if fixed is None or fixed.breaks is None else fixed.breaks
        return [
            slot
            for part in parts
            for slot in range(
                self.timeline.minute_of(part.start) // self.slot_minutes,
                self.timeline.minute_of(part.end) // self.slot_minutes,
            )
        ]

    def _fill_breaks(self, index: int, candidate: Candidate) -> None:
        if candidate.break_slots is None:
            return
        slots = range(candidate.start, candidate.end)
        within = [self.on_break[candidate.agent, slot] for slot in slots if (candidate.agent, slot) in self.on_break]
        if within:
            self.model.add(sum(within) == candidate.break_slots).only_enforce_if(self.chosen[index])
        if candidate.break_slots:
            edge = set(slots) - set(self._break_slots_of(candidate))
            for slot in sorted(edge):
                if (candidate.agent, slot) in self.on_break:
                    self.model.add_implication(self.chosen[index], ~self.on_break[candidate.agent, slot])

    def _working(self, key: tuple[int, int], present: cp_model.IntVar) -> cp_model.IntVar:
        on_break = self.on_break.get(key)
        if on_break is None:
            return present
        working = self.model.new_bool_var(f"working{key}")
        self.model.add(working == present - on_break)
        return working

    def _add_break_parts(self, agent: int) -> None:
        """A part that begins lasts at least as long as the shortest that counts, within one duty."""
        for slot in self.slots_of[agent]:
            on_break = self.on_break.get((agent, slot))
            if on_break is None:
                continue
            before = self.on_break.get((agent, slot - 1))
            begins: list[list[cp_model.LiteralT]] = [[] if before is None else [before]]
            if before is not None and (agent, slot) in self.starts:
                begins.append([~self.starts[agent, slot]])
            for later in range(slot + 1, slot + self.least_pause):
                still = self.on_break.get((agent, later))
                for not_begun in begins:
                    self.model.add_bool_or([~on_break, *not_begun, *([] if still is None else [still])])
                    if (agent, later) in self.starts:
                        self.model.add_bool_or([~on_break, *not_begun, ~self.starts[agent, later]])

    @cached_property
    def starts(self) -> dict[tuple[int, int], cp_model.IntVar]:
        """Whether a duty of an agent starts in a slot, at home or on site."""
        starting: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, candidate in enumerate(self.candidates):
            starting[candidate.agent, candidate.start].append(index)
        return {key: self.any_of(indices, f"start{key}") for key, indices in starting.items()}
