"""Rows to a problem, a problem to a checked roster, a roster to rows: the only door to the solver's search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from sqlmodel import Session, select

from app.models import Agent, CohortRule, Desk, HygieneProfile, Partition, Place, PublishedDuty, Room, Week
from app.models.roster import StoredServes, StoredSpan
from app.problem_agents import agent_of
from app.problem_rows import WeekRows, read_week
from app.services.forecasting import QueueForecast, forecast
from app.services.site_days import holidays_among
from solver import problem
from solver.checks import Verdict, judge
from solver.faults import UnusableInputError
from solver.problem import Problem
from solver.problem_faults import problem_faults
from solver.roster import Roster
from solver.roster_faults import roster_faults
from solver.timeline import Timeline

COHORT_RULES = (CohortRule.NONE, CohortRule.SAME_ROOM, CohortRule.SAME_SITE, CohortRule.SAME_DAY)
"""From the mildest to the strictest."""


@dataclass(frozen=True)
class PlannedRoster:
    """What the search gave out, and what the checks say about it."""

    roster: Roster
    verdict: Verdict


def build_problem(session: Session, week: Week) -> Problem:
    """The week as the solver plans it.

    :raises UnusableInputError: where the rows make no valid problem
    """
    rows = read_week(session, week)
    return _built(rows, _demand(rows.timeline, forecast(session, week).queues))


def build_floor(session: Session, site_id: int, first_day: date) -> Problem:
    """Rooms, rules and people of a week that need not exist yet, without any demand: what a floor plan asks.

    :raises UnusableInputError: where the rows make no valid problem
    """
    deadline_at = datetime.combine(first_day, time(), UTC)
    return _built(read_week(session, Week(site_id=site_id, first_day=first_day, entry_deadline_at=deadline_at)), [])


def _built(rows: WeekRows, demand: list[problem.Demand]) -> Problem:
    desk_keys = rows.desk_keys
    built = Problem(
        format="roster-problem/1",
        site=_site(rows),
        horizon=problem.Horizon(
            first_day=rows.week.first_day, days=rows.timeline.days, slot_minutes=slot_minutes_of(rows)
        ),
        rooms=rooms_of(rows),
        hygiene=strictest(rows.hygiene),
        queues=[
            problem.Queue(id=queue.key, home_allowed=queue.home_allowed, weight=queue.weight) for queue in rows.queues
        ],
        demand=demand,
        duties=rows.site.duty_rules,
        labour=rows.site.labour,
        agents=[agent_of(rows, own, desk_keys) for own in rows.agents],
    )
    faults = problem_faults(built)
    if faults:
        raise UnusableInputError(faults)
    return built


def plan(problem: Problem, **options: Any) -> Roster:
    """Search for the best roster; options and progress are those of :func:`solver.solve.solve`.

    What comes back is not judged yet: see :func:`judged`.
    """
    # Compiled code takes a second and much memory, which only the worker's child process is to pay for.
    from solver.solve import solve  # noqa: PLC0415

    return solve(problem, **options)


def judged(problem: Problem, roster: Roster) -> PlannedRoster:
    """The roster with its verdict; raises UnusableInputError where it refers to what the problem does not know."""
    faults = roster_faults(problem, roster)
    if faults:
        raise UnusableInputError(faults)
    return PlannedRoster(roster, judge(problem, roster))


def _site(rows: WeekRows) -> problem.Site:
    site = rows.site
    holidays = holidays_among(site, rows.days)
    return problem.Site(id=site.key, name=site.name, time_zone=site.time_zone, holidays=holidays)


def slot_minutes_of(rows: WeekRows) -> Literal[5, 10, 15, 30, 60]:
    """Length of the site's slots."""
    slot_minutes: Any = rows.site.slot_minutes
    allowed: Literal[5, 10, 15, 30, 60] = slot_minutes
    return allowed


def rooms_of(rows: WeekRows) -> list[problem.Room]:
    """Rooms and desks of the site as a problem has them."""
    keys = rows.desk_keys
    room_of = {desk.id: desk.room_id for desk in rows.desks}
    return [
        problem.Room(
            id=room.key,
            floor=room.floor,
            area_m2=room.area_m2,
            max_persons=room.max_persons,
            partitions=_partitions(rows.partitions, room, room_of, keys),
            desks=[_desk(desk) for desk in rows.desks if desk.room_id == room.id],
        )
        for room in rows.rooms
    ]


def _desk(desk: Desk) -> problem.Desk:
    return problem.Desk(id=desk.key, x_m=desk.x_m, y_m=desk.y_m, blocked=desk.blocked, features=desk.features)


def _partitions(
    partitions: Sequence[Partition], room: Room, room_of: Mapping[int, int], keys: Mapping[int, str]
) -> list[list[str]]:
    """Pairs within the room; a screen between desks of two rooms says nothing that the wall does not."""
    return [
        [keys[pair.first_desk_id], keys[pair.second_desk_id]]
        for pair in partitions
        if room_of[pair.first_desk_id] == room_of[pair.second_desk_id] == room.id
    ]


def strictest(profiles: Sequence[HygieneProfile]) -> problem.Hygiene:
    """The rules that keep every profile: a problem knows one set for all its days, so a change within a week counts
    as if the stricter side of each rule held throughout. Without a profile nothing is limited.
    """
    return problem.Hygiene(
        min_distance_m=_limit(max, profiles, "min_distance_m"),
        min_area_per_person_m2=_limit(max, profiles, "min_area_per_person_m2"),
        max_persons_on_site=_limit(min, profiles, "max_persons_on_site"),
        cleaning_gap_minutes=max((profile.cleaning_gap_minutes for profile in profiles), default=0),
        max_arrivals_per_slot=_limit(min, profiles, "max_arrivals_per_slot"),
        cohort_rule=max(
            (profile.cohort_rule for profile in profiles), key=COHORT_RULES.index, default=CohortRule.NONE
        ).value,
    )


def _limit(strictest_of: Callable[..., Any], profiles: Sequence[HygieneProfile], name: str) -> Any:
    limits = [getattr(profile, name) for profile in profiles if getattr(profile, name) is not None]
    return strictest_of(limits) if limits else None


def _demand(timeline: Timeline, queues: Sequence[QueueForecast]) -> list[problem.Demand]:
    """One entry per queue and day, from the first to the last slot in which somebody is needed."""
    return [
        problem.Demand(queue=queue.queue, start=timeline.instant_of(first * timeline.slot_minutes), required=required)
        for queue in queues
        for day_index in range(timeline.days)
        for first, required in _needed_on(timeline, queue.scheduled, day_index)
    ]


def _needed_on(timeline: Timeline, scheduled: Sequence[int], day_index: int) -> list[tuple[int, list[int]]]:
    start, end = (timeline.day_start_minutes[day_index + later] // timeline.slot_minutes for later in (0, 1))
    needed = [slot for slot in range(start, end) if scheduled[slot]]
    return [(needed[0], list(scheduled[needed[0] : needed[-1] + 1]))] if needed else []


def duty_rows(session: Session, roster: Roster, site_id: int, version_id: int) -> list[PublishedDuty]:
    """The duties of a roster as rows of a published version; raises KeyError for a person or desk that is gone."""
    agent_ids = dict(iter(session.exec(select(Agent.key, Agent.id).where(Agent.site_id == site_id))))
    desk_ids = dict(iter(session.exec(select(Desk.key, Desk.id).where(Desk.site_id == site_id))))
    ordered = sorted(roster.duties, key=lambda duty: (duty.start, duty.agent))
    return [
        PublishedDuty(
            version_id=version_id,
            position=position,
            agent_id=agent_ids[duty.agent],
            starts_at=duty.start,
            ends_at=duty.end,
            place=Place(duty.place),
            desk_id=None if duty.desk is None else desk_ids[duty.desk],
            breaks=[StoredSpan(starts_at=pause.start, ends_at=pause.end) for pause in duty.breaks],
            serves=[StoredServes(queue=work.queue, starts_at=work.start, ends_at=work.end) for work in duty.serves],
        )
        for position, duty in enumerate(ordered)
    ]
