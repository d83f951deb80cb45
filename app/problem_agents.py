"""One agent's part of a problem: what the agent may and wants to do in a week, with effects only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from app.availability_windows import KINDS, windows_of
from app.models import HomeClearance, HomeWish
from app.problem_rows import AgentRows, AnyDuty, WeekRows
from solver import problem
from solver.timeline import Span, Timeline, subtract, union

Home = Literal["none", "allowed", "preferred", "only"]


def agent_of(rows: WeekRows, own: AgentRows, desk_keys: Mapping[int, str]) -> problem.Agent:
    """The agent as the problem knows it."""
    agent, timeline = own.agent, rows.timeline
    home, without_place = home_of(agent.home_wish, own.clearances, rows.days)
    usual_desk = None if agent.usual_desk_id is None else desk_keys.get(agent.usual_desk_id)
    return problem.Agent(
        id=agent.key,
        cohort=agent.cohort,
        queues=own.queues,
        weekly_minutes=problem.WeeklyMinutes(min=agent.weekly_min_minutes, max=agent.weekly_max_minutes),
        max_workdays=agent.max_workdays,
        max_blocks_per_day=agent.max_blocks_per_day,
        home=home,
        desk_needs=agent.desk_needs,
        usual_desk=usual_desk,
        limits=agent.limits,
        availability=_availability(rows, own, without_place),
        not_together_with=[
            problem.NotTogether(agent=partner, handover_minutes=minutes) for partner, minutes in own.partners
        ],
        history=_history(timeline, own.before),
        fixed=[_fixed(timeline, duty, desk_keys) for duty in own.booked if _is_plannable(timeline, duty)],
        previous=[_previous(timeline, duty) for duty in own.previous if _is_plannable(timeline, duty)],
    )


def home_of(wish: HomeWish, clearances: Sequence[HomeClearance], days: Sequence[date]) -> tuple[Home, list[date]]:
    """Where the agent may work, and the days on which that is nowhere.

    A wish counts only where a clearance is valid, and a problem knows one ``home`` for all its days. So whoever also
    works on site is planned there for the whole week unless all its days are cleared, even by several clearances;
    whoever never works on site stays at home, and the days that are not cleared are blocked.
    """
    uncleared = [day for day in days if not any(one.valid_from_on <= day <= one.valid_to_on for one in clearances)]
    if wish is HomeWish.NONE:
        return "none", []
    if wish is HomeWish.ONLY:
        return "only", uncleared
    if uncleared:
        return "none", []
    return ("preferred" if wish is HomeWish.PREFERRED else "allowed"), []


def _availability(rows: WeekRows, own: AgentRows, without_place: Iterable[date]) -> list[problem.Window]:
    timeline = rows.timeline
    stated = windows_of(timeline, own.patterns, own.exceptions)
    # Who books and then blocks that time keeps the booking until it is cancelled; as a breach it would end planning.
    booked = [_span(timeline, duty) for duty in own.booked if _is_plannable(timeline, duty)]
    blocked = [*subtract(stated.blocked, booked), *_whole_days(timeline, without_place)]
    blocked += _rest_before_next_week(timeline, own.after, rows.site.labour.min_rest_minutes)
    spans = {"blocked": union(blocked), "undesired": stated.undesired, "preferred": stated.preferred}
    return [
        problem.Window(start=timeline.instant_of(start), end=timeline.instant_of(end), kind=kind)
        for kind in KINDS
        for start, end in spans[kind]
    ]


def _whole_days(timeline: Timeline, days: Iterable[date]) -> list[Span]:
    indexes = [(day - timeline.first_day).days for day in days]
    return [(timeline.day_start_minutes[index], timeline.day_start_minutes[index + 1]) for index in indexes]


def _rest_before_next_week(timeline: Timeline, after: Sequence[AnyDuty], min_rest_minutes: int) -> list[Span]:
    """The rest period before the first duty of a week that is published already reaches back into this one."""
    if not after:
        return []
    start = max(0, timeline.minute_of(after[0].starts_at) - min_rest_minutes)
    start = start // timeline.slot_minutes * timeline.slot_minutes
    return [(start, timeline.minutes)] if start < timeline.minutes else []


def _history(timeline: Timeline, before: Sequence[AnyDuty]) -> problem.History | None:
    if not before:
        return None
    last_end = max(duty.ends_at for duty in before)
    workdays = {duty.starts_at.astimezone(timeline.zone).date() for duty in before}
    return problem.History(
        last_end=last_end.astimezone(timeline.zone),
        consecutive_workdays=_run_before(timeline.first_day, workdays),
    )


def _run_before(first_day: date, workdays: set[date]) -> int:
    """Workdays in a row up to the day before ``first_day``."""
    run = 0
    while first_day - timedelta(days=run + 1) in workdays:
        run += 1
    return run


def _is_plannable(timeline: Timeline, duty: AnyDuty) -> bool:
    """A site that changed its slots may have published duties which the new grid cannot say."""
    inside = timeline.start_at <= duty.starts_at and timeline.minute_of(duty.ends_at) <= timeline.minutes
    return inside and timeline.on_grid(duty.starts_at) and timeline.on_grid(duty.ends_at)


def _span(timeline: Timeline, duty: AnyDuty) -> Span:
    return timeline.minute_of(duty.starts_at), timeline.minute_of(duty.ends_at)


def _fixed(timeline: Timeline, duty: AnyDuty, desk_keys: Mapping[int, str]) -> problem.FixedDuty:
    """A booking keeps its time, place and desk; its breaks may move with the others'."""
    return problem.FixedDuty(
        start=duty.starts_at.astimezone(timeline.zone),
        end=duty.ends_at.astimezone(timeline.zone),
        place=duty.place.value,
        desk=None if duty.desk_id is None else desk_keys[duty.desk_id],
    )


def _previous(timeline: Timeline, duty: AnyDuty) -> problem.PreviousDuty:
    return problem.PreviousDuty(
        start=duty.starts_at.astimezone(timeline.zone),
        end=duty.ends_at.astimezone(timeline.zone),
        place=duty.place.value,
    )
