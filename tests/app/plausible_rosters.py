"""Rosters that look like real ones, made in milliseconds; they keep coverage and desks roughly, not every rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from app.services.coverage import required_agents
from solver.layout import plan_layout, room_cap
from solver.problem import Agent, Duty, Problem, Serves, SpanOfTime
from solver.roster import Bound, Roster, Tiers

WORK_MINUTES = 360
PAUSE_MINUTES = 30
HOUR = 60


@dataclass
class Desks:
    """Who sits where: one person a desk and day, no more in a room than its cap."""

    problem: Problem
    released: tuple[str, ...]
    taken: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    in_room: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))

    def take(self, day_index: int) -> str | None:
        for room in self.problem.rooms:
            cap = room_cap(self.problem, room)
            if cap is not None and self.in_room[day_index, room.id] >= cap:
                continue
            for desk in room.desks:
                if desk.id in self.released and desk.id not in self.taken[day_index]:
                    self.taken[day_index].add(desk.id)
                    self.in_room[day_index, room.id] += 1
                    return desk.id
        return None


def plausible_roster(problem: Problem) -> Roster:
    """A roster of six-hour duties where most people are still missing."""
    missing = required_agents(problem)
    desks = Desks(problem, plan_layout(problem).released)
    duties = [duty for agent in problem.agents for duty in _week_of(problem, agent, missing, desks)]
    required_minutes = sum(map(sum, required_agents(problem).values())) * problem.horizon.slot_minutes
    missing_minutes = sum(max(0, slot) for slots in missing.values() for slot in slots) * problem.horizon.slot_minutes
    on_site = sum((duty.end - duty.start).seconds // 60 for duty in duties if duty.place == "site")
    return Roster(
        format="roster/1",
        site=problem.site.id,
        first_day=problem.horizon.first_day,
        released_desks=list(desks.released),
        duties=duties,
        tiers=Tiers(
            shortfall=float(missing_minutes),
            changes=0.0,
            site_presence=float(on_site),
            contract_minutes=0.0,
            wishes=0.0,
        ),
        missing_agent_minutes=float(missing_minutes),
        required_agent_minutes=float(required_minutes),
        bound=Bound(shortfall=missing_minutes * 0.8, missing_agent_minutes=missing_minutes * 0.8),
    )


def _week_of(problem: Problem, agent: Agent, missing: dict[str, list[int]], desks: Desks) -> Iterator[Duty]:
    days = min(agent.max_workdays, agent.weekly_minutes.max // WORK_MINUTES)
    by_need = sorted(range(problem.horizon.days), key=lambda day: -_missing_on(problem, agent, missing, day))
    for day_index in sorted(by_need[:days]):
        start = _best_start(problem, agent, missing, day_index)
        if start is None:
            continue
        desk = desks.take(day_index) if agent.home != "only" else None
        if desk is not None or agent.home != "none":
            yield _duty(problem, agent, start, desk, missing)


def _missing_on(problem: Problem, agent: Agent, missing: dict[str, list[int]], day_index: int) -> int:
    slot = problem.horizon.slot_minutes
    first, end = (problem.timeline.day_start_minutes[day_index + add] // slot for add in (0, 1))
    return sum(max(0, number) for queue in agent.queues for number in missing[queue][first:end])


def _best_start(problem: Problem, agent: Agent, missing: dict[str, list[int]], day_index: int) -> int | None:
    slot = problem.horizon.slot_minutes
    best = None
    for clock in range(6 * HOUR, 15 * HOUR + 1, 30):
        start = problem.timeline.clock_minute(day_index, clock)
        slots = range(start // slot, (start + WORK_MINUTES + PAUSE_MINUTES) // slot)
        worth = sum(max(0, missing[queue][number]) for queue in agent.queues for number in slots)
        if worth and (best is None or worth > best[0]) and not _is_blocked(problem, agent, start):
            best = (worth, start)
    return best[1] if best else None


def _is_blocked(problem: Problem, agent: Agent, start: int) -> bool:
    end = start + WORK_MINUTES + PAUSE_MINUTES
    return any(
        window.kind == "blocked"
        and problem.timeline.minute_of(window.start) < end
        and problem.timeline.minute_of(window.end) > start
        for window in agent.availability
    )


def _duty(problem: Problem, agent: Agent, start: int, desk: str | None, missing: dict[str, list[int]]) -> Duty:
    pause = start + 3 * HOUR
    end = start + WORK_MINUTES + PAUSE_MINUTES
    serves = []
    for begin, until in ((start, pause), (pause + PAUSE_MINUTES, end)):
        for hour in range(begin, until, HOUR):
            queue = _neediest(problem, agent, missing, hour, at_home=desk is None)
            if queue is not None:
                serves.append(_serves(problem, queue, hour, min(hour + HOUR, until), missing))
    return Duty(
        agent=agent.id,
        start=_at(problem, start),
        end=_at(problem, end),
        breaks=[SpanOfTime(start=_at(problem, pause), end=_at(problem, pause + PAUSE_MINUTES))],
        place="site" if desk else "home",
        desk=desk,
        serves=serves,
    )


def _neediest(
    problem: Problem, agent: Agent, missing: dict[str, list[int]], minute: int, *, at_home: bool
) -> str | None:
    home_queues = {queue.id for queue in problem.queues if queue.home_allowed}
    queues = [queue for queue in agent.queues if not at_home or queue in home_queues]
    slot = minute // problem.horizon.slot_minutes
    return max(queues, key=lambda queue: missing[queue][slot], default=None)


def _serves(problem: Problem, queue: str, start: int, end: int, missing: dict[str, list[int]]) -> Serves:
    slot = problem.horizon.slot_minutes
    for number in range(start // slot, end // slot):
        missing[queue][number] -= 1
    return Serves(queue=queue, start=_at(problem, start), end=_at(problem, end))


def _at(problem: Problem, minute: int) -> datetime:
    return problem.timeline.instant_of(minute)
