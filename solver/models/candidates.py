"""Every duty that a person could do: all starts, lengths, break totals and places that her own rules leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.problem import Agent, FixedDuty, FreeDay, Place, Problem
from solver.timeline import Span, Timeline, intersect, parse_clock, union

WEEKDAYS: tuple[FreeDay, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Candidate:
    """One possible duty of one agent, in slots.

    :param agent: index of the agent
    :param day: index of the local day it starts on
    :param end: first slot after it
    :param break_slots: length of its breaks together, None where that is free (a booking)
    :param fixed: the booking it stands for
    """

    agent: int
    day: int
    start: int
    end: int
    break_slots: int | None
    place: Place
    fixed: FixedDuty | None = None


def slots_up(minutes: int, slot_minutes: int) -> int:
    """Fewest slots that last at least so many minutes."""
    return -(-minutes // slot_minutes)


def duty_candidates(problem: Problem, agent_index: int) -> list[Candidate]:
    """Duties of one agent that break none of her own rules, her bookings first."""
    agent = problem.agents[agent_index]
    booked = [_booking(problem.timeline, agent_index, duty) for duty in agent.fixed]
    bare = agent.max_blocks_per_day == 0 or agent.max_workdays == 0
    return booked if bare else booked + list(_free_candidates(problem, agent_index, agent, booked))


def _booking(timeline: Timeline, agent_index: int, duty: FixedDuty) -> Candidate:
    start, end = timeline.minute_of(duty.start), timeline.minute_of(duty.end)
    slot_minutes = timeline.slot_minutes
    named = None
    if duty.breaks is not None:
        named = sum(_minutes(timeline, part.start, part.end) for part in duty.breaks) // slot_minutes
    return Candidate(
        agent_index,
        timeline.day_index_of(start),
        start // slot_minutes,
        end // slot_minutes,
        named,
        duty.place,
        duty,
    )


def _minutes(timeline: Timeline, start: object, end: object) -> int:
    return timeline.minute_of(end) - timeline.minute_of(start)  # type: ignore[arg-type]


def _free_candidates(problem: Problem, agent_index: int, agent: Agent, booked: list[Candidate]) -> Iterator[Candidate]:
    timeline = problem.timeline
    closed = _closed_spans(problem, agent)
    lengths = sorted(_lengths(problem, agent))
    taken = [(duty.start, duty.end) for duty in booked]
    for day, start in possible_starts(problem, agent):
        latest = _latest_end(problem, agent, day)
        for presence, break_slots in lengths:
            end = start + presence
            minutes = (start * timeline.slot_minutes, end * timeline.slot_minutes)
            if minutes[1] > latest or intersect([minutes], closed) or intersect([(start, end)], taken):
                continue
            for place in places(agent):
                yield Candidate(agent_index, day, start, end, break_slots, place)


def _closed_spans(problem: Problem, agent: Agent) -> list[Span]:
    timeline = problem.timeline
    return union(
        (timeline.minute_of(window.start), timeline.minute_of(window.end))
        for window in agent.availability
        if window.kind == "blocked"
    )


def _lengths(problem: Problem, agent: Agent) -> Iterator[tuple[int, int]]:
    """Presence and break total of every shape, in slots."""
    slot_minutes = problem.horizon.slot_minutes
    edge = slots_up(problem.duties.break_edge_minutes, slot_minutes)
    least_part = max(1, slots_up(problem.labour.min_break_part_minutes, slot_minutes))
    most_work = most_daily_work(problem, agent)
    for work in set(problem.duties.work_minutes):
        if work % slot_minutes or work > most_work:
            continue
        yield work // slot_minutes, 0
        for break_slots in range(least_part, problem.duties.max_break_minutes // slot_minutes + 1):
            if work // slot_minutes >= 2 * edge:
                yield work // slot_minutes + break_slots, break_slots


def most_daily_work(problem: Problem, agent: Agent) -> int:
    """Minutes that the agent may work on one day by law and by her own limits."""
    own = agent.limits.max_work_minutes_per_day
    law = problem.labour.max_work_minutes_per_day
    return law if own is None else min(law, own)


def possible_starts(problem: Problem, agent: Agent) -> Iterator[tuple[int, int]]:
    """Day and slot of every start that opening, step, rest period, history and free days leave."""
    timeline = problem.timeline
    rested = _rested_minute(problem, agent)
    openings = [parse_clock(clock) for clock in (problem.duties.earliest_start, agent.limits.earliest_start) if clock]
    for slot in range(timeline.slots):
        minute = slot * timeline.slot_minutes
        day = timeline.day_index_of(minute)
        if (
            minute >= max(rested, *(timeline.clock_minute(day, opening) for opening in openings))
            and timeline.clock_of(minute) % problem.duties.start_step_minutes == 0
            and not is_free_day(problem, agent, day)
        ):
            yield day, slot


def _rested_minute(problem: Problem, agent: Agent) -> int:
    if agent.history is None or agent.history.last_end is None:
        return 0
    return problem.timeline.minute_of(agent.history.last_end) + problem.labour.min_rest_minutes


def _latest_end(problem: Problem, agent: Agent, day: int) -> int:
    timeline = problem.timeline
    latest = [timeline.minutes, timeline.clock_minute(day, parse_clock(problem.duties.latest_end))]
    if agent.limits.latest_end is not None:
        latest.append(timeline.clock_minute(day, parse_clock(agent.limits.latest_end)))
    return min(latest)


def is_free_day(problem: Problem, agent: Agent, day: int) -> bool:
    """Whether nothing may start on a day, by the law of the site or the agent's own limits."""
    free = {*problem.labour.free_days, *agent.limits.free_days}
    date = problem.timeline.day(day)
    return WEEKDAYS[date.weekday()] in free or ("holiday" in free and date in problem.site.holidays)


def places(agent: Agent) -> tuple[Place, ...]:
    """Where the agent may work."""
    if agent.home == "only":
        return ("home",)
    return ("site",) if agent.home == "none" else ("home", "site")
