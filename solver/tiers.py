"""The five tiers and the missing minutes of a roster, by their definitions; smaller is better.

Written for any roster, also one that breaks rules: a person serving a queue twice at once counts once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from solver.problem import Agent, Problem
from solver.roster import Tiers
from solver.timeline import Span, intersect, total, union

if TYPE_CHECKING:
    from solver.checks.case import Case

OTHER_DESK_MINUTES = 60


def tiers(case: Case) -> Tiers:
    """All five tiers, in minutes."""
    return Tiers(
        shortfall=shortfall(case),
        changes=changes(case),
        site_presence=site_presence(case),
        contract_minutes=contract_minutes(case),
        wishes=wishes(case),
    )


def shortfall(case: Case) -> float:
    """Uncovered minutes, weighted, and as much again, squared and divided by the requirement."""
    weight_of = {queue.id: queue.weight for queue in case.problem.queues}
    parts = (weight_of[queue] * (missing + missing**2 / required) for queue, required, missing in _holes(case))
    return case.timeline.slot_minutes * math.fsum(parts)


def missing_agent_minutes(case: Case) -> int:
    """Minutes required but not served."""
    return case.timeline.slot_minutes * sum(missing for _, _, missing in _holes(case))


def required_agent_minutes(problem: Problem) -> int:
    """All minutes required."""
    return problem.horizon.slot_minutes * sum(sum(entry.required) for entry in problem.demand)


def changes(case: Case) -> int:
    """Minutes of presence that the published roster has and this one has not or at another place, and the reverse."""
    if not any(agent.previous for agent in case.problem.agents):
        return 0
    return sum(_changes_of(case, agent) for agent in case.problem.agents)


def site_presence(case: Case) -> int:
    """Minutes of presence on site over all agents."""
    return sum(end - start for start, end, _ in case.on_site)


def contract_minutes(case: Case) -> int:
    """Minutes of work that agents lack of their contract in each run of seven days."""
    short = 0
    for agent_id, agent in case.agents.items():
        work = [0] * case.timeline.runs
        for workday in case.workdays_of[agent_id]:
            work[case.timeline.run_of(workday.day)] += workday.work_minutes
        short += sum(max(0, agent.weekly_minutes.min - minutes) for minutes in work)
    return short


def wishes(case: Case) -> int:
    """Minutes against wishes less minutes by them, and an hour for each duty away from the usual desk."""
    return sum(_wishes_of(case, agent) for agent in case.problem.agents)


def required_by_slot(problem: Problem) -> Mapping[str, Sequence[int]]:
    """Required agents of each queue in each slot of the horizon."""
    timeline = problem.timeline
    required = {queue.id: [0] * timeline.slots for queue in problem.queues}
    for entry in problem.demand:
        first = timeline.minute_of(entry.start) // timeline.slot_minutes
        required[entry.queue][first : first + len(entry.required)] = entry.required
    return required


def serving_by_slot(case: Case) -> Mapping[str, Sequence[int]]:
    """Agents serving each queue in each slot of the horizon."""
    slot_minutes = case.timeline.slot_minutes
    steps = {queue.id: [0] * (case.timeline.slots + 1) for queue in case.problem.queues}
    for duties in case.duties_of.values():
        served: dict[str, list[Span]] = defaultdict(list)
        for duty in duties:
            for queue, span in duty.serves:
                served[queue].append(span)
        for queue, spans in served.items():
            for start, end in union(spans):
                steps[queue][start // slot_minutes] += 1
                steps[queue][end // slot_minutes] -= 1
    return {queue: list(_running_sums(changes_of_queue)) for queue, changes_of_queue in steps.items()}


def _running_sums(steps: Sequence[int]) -> Iterator[int]:
    serving = 0
    for step in steps[:-1]:
        serving += step
        yield serving


def _holes(case: Case) -> Iterator[tuple[str, int, int]]:
    """Queue, required and missing agents of each slot in which somebody is missing."""
    serving = serving_by_slot(case)
    for queue, required in required_by_slot(case.problem).items():
        for needed, there in zip(required, serving[queue], strict=True):
            if needed > there:
                yield queue, needed, needed - there


def _changes_of(case: Case, agent: Agent) -> int:
    before: dict[str, list[Span]] = {"site": [], "home": []}
    after: dict[str, list[Span]] = {"site": [], "home": []}
    for published in agent.previous:
        before[published.place].append(case.span(published))
    for duty in case.duties_of[agent.id]:
        after[duty.place].append(duty.presence)
    was_present, is_present = union(before["site"] + before["home"]), union(after["site"] + after["home"])
    kept = total(intersect(was_present, is_present))
    same_place = _common(before, after, ("site", "home"))
    return total(was_present) + total(is_present) - kept - same_place


def _common(before: Mapping[str, Iterable[Span]], after: Mapping[str, Iterable[Span]], places: Iterable[str]) -> int:
    return sum(total(intersect(before[place], after[place])) for place in places)


def _wishes_of(case: Case, agent: Agent) -> int:
    minutes = _in_windows(case, agent, "undesired") - _in_windows(case, agent, "preferred")
    for duty in case.duties_of[agent.id]:
        if duty.place == "site":
            minutes += duty.end - duty.start if agent.home == "preferred" else 0
            minutes += OTHER_DESK_MINUTES if agent.usual_desk not in (None, duty.desk) else 0
    return minutes


def _in_windows(case: Case, agent: Agent, kind: Literal["undesired", "preferred"]) -> int:
    windows = [case.span(window) for window in agent.availability if window.kind == kind]
    return total(intersect(case.presence_of[agent.id], windows)) if windows else 0
