"""The gaps of a roster: where a queue is short of people, worst first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from solver.explaining.facts import Gap
from solver.problem import Problem
from solver.roster import Roster
from solver.timeline import Timeline

Slots = dict[str, dict[int, int]]


def gaps_of(problem: Problem, roster: Roster) -> list[Gap]:
    """Every run of slots of one local day in which a queue misses somebody, by its part of the shortfall."""
    weight_of = {queue.id: queue.weight for queue in problem.queues}
    required, served = required_of(problem), _served_of(problem.timeline, roster)
    gaps = [
        _gap(problem.timeline, queue, run, required[queue], served.get(queue, {}), weight_of[queue])
        for queue in sorted(required)
        for run in _runs(problem.timeline, required[queue], served.get(queue, {}))
    ]
    return sorted(gaps, key=lambda gap: (-gap.shortfall, -gap.missing_agent_minutes, gap.start_minute, gap.queue))


def required_of(problem: Problem) -> Slots:
    """Required agents by queue and slot, where any are."""
    required: Slots = defaultdict(dict)
    slot_minutes = problem.horizon.slot_minutes
    for entry in problem.demand:
        first = problem.timeline.minute_of(entry.start) // slot_minutes
        for number, persons in enumerate(entry.required):
            if persons:
                required[entry.queue][first + number] = persons
    return required


def _served_of(timeline: Timeline, roster: Roster) -> Slots:
    present: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for duty in roster.duties:
        for part in duty.serves:
            start, end = timeline.minute_of(part.start), timeline.minute_of(part.end)
            for slot in range(start // timeline.slot_minutes, end // timeline.slot_minutes):
                present[part.queue][slot].add(duty.agent)
    return {queue: {slot: len(agents) for slot, agents in slots.items()} for queue, slots in present.items()}


def _runs(timeline: Timeline, required: dict[int, int], served: dict[int, int]) -> Iterable[list[int]]:
    midnights = {minute // timeline.slot_minutes for minute in timeline.day_start_minutes}
    run: list[int] = []
    for slot in sorted(slot for slot, persons in required.items() if persons > served.get(slot, 0)):
        if run and (slot != run[-1] + 1 or slot in midnights):
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _gap(
    timeline: Timeline, queue: str, run: list[int], required: dict[int, int], served: dict[int, int], weight: float
) -> Gap:
    missing = {slot: required[slot] - served.get(slot, 0) for slot in run}
    worst = max(run, key=lambda slot: (missing[slot], -required[slot], -slot))
    minutes = timeline.slot_minutes
    return Gap(
        queue=queue,
        start_minute=run[0] * minutes,
        end_minute=(run[-1] + 1) * minutes,
        missing_agent_minutes=minutes * sum(missing.values()),
        most_missing=missing[worst],
        required=required[worst],
        shortfall=round(minutes * weight * sum(lack + lack**2 / required[slot] for slot, lack in missing.items()), 6),
    )
