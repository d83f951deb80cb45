"""The five tiers of the exact model, each a whole number of scaled units."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ortools.sat.python import cp_model

from solver.models.candidates import Candidate
from solver.models.exact_frame import ExactFrame
from solver.models.exact_site import SitePart
from solver.problem import Agent, Place, SpanOfTime
from solver.timeline import Span, intersect, total, union

# Weights and requirements whose common denominator is larger are rounded down: the optimum is then one of
# slightly smaller costs, and no longer claimed as proven.
LARGEST_SCALE = 10_000_000
NOT_THE_USUAL_DESK = 60


@dataclass(frozen=True)
class Cell:
    """One queue in one slot with somebody required.

    :param missing: ``missing[k]`` is true where more than ``k`` are missing
    """

    queue: int
    slot: int
    required: int
    missing: list[cp_model.IntVar]


@dataclass(frozen=True)
class ScaledTier:
    """A tier times a whole number.

    :param exact: whether nothing was rounded
    """

    expression: cp_model.LinearExpr
    scale: int
    exact: bool = True


class TierPart:
    """Who serves which queue, and what every tier costs."""

    def __init__(self, frame: ExactFrame, site: SitePart) -> None:
        self.frame = frame
        self.site = site
        self.serving: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._add_serving()
        self.cells = self._cells()

    def tier(self, objective: str) -> ScaledTier:
        """One tier by its name in ``objectives``."""
        match objective:
            case "shortfall":
                return self._shortfall()
            case "changes":
                return ScaledTier(self._changes(), 1)
            case "site_presence":
                minutes = self.frame.slot_minutes
                return ScaledTier(minutes * cp_model.LinearExpr.sum(list(self.frame.on_site.values())), 1)
            case "contract_minutes":
                return ScaledTier(self._contract_minutes(), 1)
            case _:
                return ScaledTier(self._wishes(), 1)

    def missing_minutes(self) -> ScaledTier:
        """Agent minutes not covered."""
        missing = [level for cell in self.cells for level in cell.missing]
        return ScaledTier(self.frame.slot_minutes * cp_model.LinearExpr.sum(missing), 1)

    def _required(self) -> dict[tuple[int, int], int]:
        number = {queue.id: index for index, queue in enumerate(self.frame.problem.queues)}
        required = {}
        for entry in self.frame.problem.demand:
            first = self.frame.timeline.minute_of(entry.start) // self.frame.slot_minutes
            for rank, agents in enumerate(entry.required):
                if agents:
                    required[number[entry.queue], first + rank] = agents
        return required

    def _add_serving(self) -> None:
        """One queue at a time, only the agent's own, and at home none that is barred there."""
        model, problem = self.frame.model, self.frame.problem
        number = {queue.id: index for index, queue in enumerate(problem.queues)}
        required = self._required()
        for (agent, slot), working in self.frame.working.items():
            queues = sorted({number[name] for name in problem.agents[agent].queues})
            needed = [queue for queue in queues if (queue, slot) in required]
            for queue in needed:
                self._add_one_serving(agent, queue, slot)
            own = [self.serving[agent, queue, slot] for queue in needed if (agent, queue, slot) in self.serving]
            if len(own) == 1:
                model.add_implication(own[0], working)
            elif own:
                model.add(cp_model.LinearExpr.sum(own) <= working)

    def _add_one_serving(self, agent: int, queue: int, slot: int) -> None:
        if self.frame.problem.queues[queue].home_allowed:
            self.serving[agent, queue, slot] = self.frame.model.new_bool_var("")
        elif (agent, slot) in self.frame.on_site:
            self.serving[agent, queue, slot] = self.frame.model.new_bool_var("")
            self.frame.model.add_implication(self.serving[agent, queue, slot], self.frame.on_site[agent, slot])

    def _cells(self) -> list[Cell]:
        serving: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (_, queue, slot), literal in self.serving.items():
            serving[queue, slot].append(literal)
        cells = []
        for (queue, slot), required in sorted(self._required().items()):
            missing = [self.frame.model.new_bool_var("") for _ in range(required)]
            covered = cp_model.LinearExpr.sum(serving[queue, slot])
            self.frame.model.add(cp_model.LinearExpr.sum(missing) + covered >= required)
            for less, more in itertools.pairwise(missing):
                self.frame.model.add_implication(more, less)
            cells.append(Cell(queue, slot, required, missing))
        return cells

    def _shortfall(self) -> ScaledTier:
        """Level k of a cell costs weight · (1 + (2k + 1) / required): together missing + missing² / required."""
        weights = [Fraction(str(queue.weight)) * self.frame.slot_minutes for queue in self.frame.problem.queues]
        denominators = {(weights[cell.queue] / cell.required).denominator for cell in self.cells}
        exact_scale = math.lcm(*denominators)
        scale = min(exact_scale, LARGEST_SCALE)
        terms = [
            math.floor(scale * weights[cell.queue] * (1 + Fraction(2 * level + 1, cell.required))) * literal
            for cell in self.cells
            for level, literal in enumerate(cell.missing)
        ]
        return ScaledTier(cp_model.LinearExpr.sum(terms), scale, exact=scale == exact_scale)

    def _changes(self) -> cp_model.LinearExpr:
        """Minutes left, minutes added, and minutes kept at another place."""
        agents = self.frame.problem.agents
        if not any(agent.previous for agent in agents):
            return cp_model.LinearExpr.sum([])
        published = [_Published.of(self.frame, agent) for agent in agents]
        terms = [
            published[candidate.agent].change(self._span(candidate), candidate.place) * chosen
            for candidate, chosen in zip(self.frame.candidates, self.frame.chosen, strict=True)
        ]
        return cp_model.LinearExpr.sum(terms) + sum(total(spans.anywhere) for spans in published)

    def _span(self, candidate: Candidate) -> Span:
        return candidate.start * self.frame.slot_minutes, candidate.end * self.frame.slot_minutes

    def _contract_minutes(self) -> cp_model.LinearExpr:
        frame = self.frame
        lacking = []
        for index, agent in enumerate(frame.problem.agents):
            for run in range(frame.timeline.runs):
                days = range(7 * run, min(7 * run + 7, frame.timeline.days))
                work = cp_model.LinearExpr.sum([frame.work_slots(index, day) for day in days])
                least = agent.weekly_minutes.min
                lack = frame.model.new_int_var(0, least, f"lack{index}.{run}")
                frame.model.add(lack >= least - frame.slot_minutes * work)
                lacking.append(lack)
        return cp_model.LinearExpr.sum(lacking)

    def _wishes(self) -> cp_model.LinearExpr:
        windows = [_Windows.of(self.frame, agent) for agent in self.frame.problem.agents]
        terms = [
            windows[candidate.agent].cost(self._span(candidate), candidate.place) * chosen
            for candidate, chosen in zip(self.frame.candidates, self.frame.chosen, strict=True)
        ]
        return cp_model.LinearExpr.sum(terms) - NOT_THE_USUAL_DESK * cp_model.LinearExpr.sum(self._usual_desks())

    def _usual_desks(self) -> list[cp_model.IntVar]:
        """One for each duty that begins at the agent's usual desk, and so ends there."""
        starting: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for candidate, chosen in zip(self.frame.candidates, self.frame.chosen, strict=True):
            if candidate.place == "site":
                starting[candidate.agent, candidate.start].append(chosen)
        number = {desk.id: index for index, (desk, _) in enumerate(self.site.desks)}
        kept = []
        for (agent, slot), starts in starting.items():
            usual = number.get(self.frame.problem.agents[agent].usual_desk or "")
            seat = None if usual is None else self.site.at_desk.get((agent, usual, slot))
            if seat is not None:
                at_usual = self.frame.model.new_bool_var("")
                self.frame.model.add_implication(at_usual, seat)
                self.frame.model.add_bool_or([~at_usual, *starts])
                kept.append(at_usual)
        return kept


def _spans(frame: ExactFrame, spans: Iterable[SpanOfTime]) -> list[Span]:
    minute_of = frame.timeline.minute_of
    return union((minute_of(span.start), minute_of(span.end)) for span in spans)


@dataclass(frozen=True)
class _Published:
    """When an agent was to be present by the roster published before, in minutes."""

    anywhere: list[Span]
    at: dict[Place, list[Span]]

    @classmethod
    def of(cls, frame: ExactFrame, agent: Agent) -> _Published:
        places: tuple[Place, ...] = ("site", "home")
        at = {place: _spans(frame, (duty for duty in agent.previous if duty.place == place)) for place in places}
        return cls(_spans(frame, agent.previous), at)

    def change(self, span: Span, place: Place) -> int:
        """What a duty adds to the changes where all that was published counts as left: negative for minutes kept."""
        kept = total(intersect([span], self.anywhere))
        return span[1] - span[0] - kept - total(intersect([span], self.at[place]))


@dataclass(frozen=True)
class _Windows:
    """What an agent wishes for, in minutes."""

    undesired: list[Span]
    preferred: list[Span]
    on_site_unwanted: bool
    has_usual_desk: bool

    @classmethod
    def of(cls, frame: ExactFrame, agent: Agent) -> _Windows:
        def windows(kind: str) -> list[Span]:
            return _spans(frame, (window for window in agent.availability if window.kind == kind))

        return cls(windows("undesired"), windows("preferred"), agent.home == "preferred", agent.usual_desk is not None)

    def cost(self, span: Span, place: Place) -> int:
        """What a duty costs, at another desk than the usual one."""
        cost = total(intersect([span], self.undesired)) - total(intersect([span], self.preferred))
        if place == "site":
            cost += span[1] - span[0] if self.on_site_unwanted else 0
            cost += NOT_THE_USUAL_DESK if self.has_usual_desk else 0
        return cost
