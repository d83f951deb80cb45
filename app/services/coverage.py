"""Required and serving agents of each queue, slot by slot, and the gaps between them.

A gap is a run of slots of one queue on one local day in which people are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from solver.problem import Problem, Queue
from solver.roster import Roster
from solver.timeline import Timeline


@dataclass(frozen=True)
class QueueCoverage:
    """One queue over the horizon.

    :param required: agents required, one number a slot
    :param serving: agents who serve the queue, one number a slot
    """

    queue: str
    weight: float
    slot_minutes: int
    required: tuple[int, ...]
    serving: tuple[int, ...]

    @cached_property
    def missing(self) -> tuple[int, ...]:
        """Agents missing, one number a slot; a surplus elsewhere makes up for none of them."""
        return tuple(max(0, required - serving) for required, serving in zip(self.required, self.serving, strict=True))

    @property
    def required_agent_minutes(self) -> int:
        """Sum of required agents over all slots, in minutes."""
        return sum(self.required) * self.slot_minutes

    @property
    def missing_agent_minutes(self) -> int:
        """Sum of missing agents over all slots, in minutes."""
        return sum(self.missing) * self.slot_minutes

    @property
    def covered_share(self) -> float:
        """Share of the requirement that is covered, 0 to 1; 1 where nobody is required."""
        required_minutes = self.required_agent_minutes
        return 1.0 if required_minutes == 0 else 1 - self.missing_agent_minutes / required_minutes

    def shortfall(self, slots: Iterable[int]) -> float:
        """What these slots add to the tier ``shortfall``: minutes missing, and as much again squared and divided."""
        return self.weight * self.slot_minutes * sum(self._slot_shortfall(slot) for slot in slots)

    def _slot_shortfall(self, slot: int) -> float:
        missing = self.missing[slot]
        return missing + missing**2 / self.required[slot] if missing else 0.0


@dataclass(frozen=True)
class Gap:
    """A stretch of one day in which a queue lacks people.

    :param most_missing: agents missing at the worst moment
    :param required_then: agents required at that moment
    :param missing_agent_minutes: of the whole stretch
    :param shortfall: what the stretch adds to the first tier: the order of gaps
    """

    queue: str
    day_index: int
    start_minute: int
    end_minute: int
    most_missing: int
    required_then: int
    missing_agent_minutes: int
    shortfall: float


@dataclass(frozen=True)
class Coverage:
    """All queues of a problem against one roster."""

    queues: tuple[QueueCoverage, ...]

    @property
    def required_agent_minutes(self) -> int:
        """Over all queues."""
        return sum(queue.required_agent_minutes for queue in self.queues)

    @property
    def missing_agent_minutes(self) -> int:
        """Over all queues."""
        return sum(queue.missing_agent_minutes for queue in self.queues)

    @property
    def covered_share(self) -> float:
        """Share of the requirement that is covered, 0 to 1; 1 where nobody is required."""
        required_minutes = self.required_agent_minutes
        return 1.0 if required_minutes == 0 else 1 - self.missing_agent_minutes / required_minutes


def required_agents(problem: Problem) -> dict[str, list[int]]:
    """Agents required per queue, one number a slot; 0 where there is no demand entry."""
    timeline = problem.timeline
    required = {queue.id: [0] * timeline.slots for queue in problem.queues}
    for demand in problem.demand:
        first = timeline.minute_of(demand.start) // timeline.slot_minutes
        required[demand.queue][first : first + len(demand.required)] = demand.required
    return required


def serving_agents(problem: Problem, roster: Roster) -> dict[str, list[int]]:
    """Agents who serve each queue, one number a slot."""
    timeline = problem.timeline
    serving = {queue.id: [0] * timeline.slots for queue in problem.queues}
    for duty in roster.duties:
        for work in duty.serves:
            first, end = (timeline.minute_of(moment) // timeline.slot_minutes for moment in (work.start, work.end))
            for slot in range(first, end):
                serving[work.queue][slot] += 1
    return serving


def coverage_of(problem: Problem, roster: Roster) -> Coverage:
    """Coverage of every queue, in the order of the problem."""
    required, serving = required_agents(problem), serving_agents(problem, roster)
    return Coverage(
        tuple(_queue_coverage(problem, queue, required[queue.id], serving[queue.id]) for queue in problem.queues)
    )


def _queue_coverage(problem: Problem, queue: Queue, required: Sequence[int], serving: Sequence[int]) -> QueueCoverage:
    return QueueCoverage(queue.id, queue.weight, problem.horizon.slot_minutes, tuple(required), tuple(serving))


def gaps_of(timeline: Timeline, coverage: Coverage) -> list[Gap]:
    """All gaps, the worst first: by what each adds to the shortfall, then by time."""
    gaps = [
        _gap(timeline, queue, slots) for queue in coverage.queues for slots in _runs_of_missing(timeline, queue.missing)
    ]
    return sorted(gaps, key=lambda gap: (-gap.shortfall, gap.start_minute, gap.queue))


def _runs_of_missing(timeline: Timeline, missing: Sequence[int]) -> Iterable[range]:
    for day_index in range(timeline.days):
        first, end = (timeline.day_start_minutes[day_index + add] // timeline.slot_minutes for add in (0, 1))
        run_start = None
        for slot in range(first, end):
            if missing[slot] and run_start is None:
                run_start = slot
            elif not missing[slot] and run_start is not None:
                yield range(run_start, slot)
                run_start = None
        if run_start is not None:
            yield range(run_start, end)


def _gap(timeline: Timeline, queue: QueueCoverage, slots: range) -> Gap:
    worst = max(slots, key=lambda slot: (queue.missing[slot], -slot))
    return Gap(
        queue=queue.queue,
        day_index=timeline.day_index_of(slots.start * timeline.slot_minutes),
        start_minute=slots.start * timeline.slot_minutes,
        end_minute=slots.stop * timeline.slot_minutes,
        most_missing=queue.missing[worst],
        required_then=queue.required[worst],
        missing_agent_minutes=sum(queue.missing[slot] for slot in slots) * timeline.slot_minutes,
        shortfall=queue.shortfall(slots),
    )
