"""Sites drawn over the whole format, so small that the exact model proves their best roster in a moment.

Drawn with the methods of :class:`random.Random`, so that Hypothesis can draw and shrink them, and a plain seed can too.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from solver.checks import judge
from solver.layout import plan_layout
from solver.problem import Duty, Problem, SpanOfTime
from solver.reading import parse_problem
from solver.timeline import parse_clock
from tests.solver.brute_force import _roster

Json = dict[str, Any]

EXAMPLES = int(os.environ.get("ABSTAND_DRAWN_SITES", "0"))
"""How many sites each property is tried on; without it, a few."""


@dataclass(frozen=True)
class Opening:
    """When duties may be, and what is asked for from when on."""

    earliest_start: str
    latest_end: str
    first_asked: str
    hours: int


OPENINGS = (
    Opening("08:00", "14:00", "08:00", 5),
    Opening("06:00", "22:00", "09:00", 6),
    Opening("20:00", "30:00", "22:00", 6),
    Opening("00:00", "24:00", "00:00", 8),
)
# A usual week; nights and days on which a clock goes forward or back; a place where it does so at another hour.
FIRST_DAYS = (
    ("UTC", "2020-03-30"),
    ("Europe/Berlin", "2020-03-28"),
    ("Europe/Berlin", "2020-10-24"),
    ("Europe/Berlin", "2020-05-01"),
    ("Atlantic/Azores", "2020-10-25"),
)


def drawn_site(draw: random.Random) -> Problem:
    """A problem of at most five agents with bookings and a published roster now and then."""
    content = _bare_site(draw)
    alone = parse_problem(content)
    if draw.random() < 0.5:
        duties = some_duties(draw, alone, 12)
        for agent in content["agents"]:
            own = [duty for duty in duties if duty.agent == agent["id"]]
            agent["fixed"] = [_booking(draw, duty) for duty in own if draw.random() < 0.4]
            if draw.random() < 0.7:
                agent["previous"] = [_span(duty, place=duty.place) for duty in own]
    return parse_problem(content)


def _bare_site(draw: random.Random) -> Json:
    zone, first_day = draw.choice(FIRST_DAYS)
    slot = draw.choice((5, 10, 15, 30, 60))
    days = draw.choice((1, 1, 2, 2, 3, 4, 8, 28))
    agents = {1: 5, 2: 4, 3: 3, 4: 3, 8: 2, 28: 1}[days]
    fine = slot < 15
    opening = draw.choice(OPENINGS[::2] if fine else OPENINGS)
    rooms = [_room(draw, number) for number in range(draw.choice((1, 1, 2)))]
    desks = [desk["id"] for room in rooms for desk in room["desks"]]
    names = [f"a{number}" for number in range(draw.randint(1, agents))]
    content: Json = {
        "format": "roster-problem/1",
        "site": {"id": "s", "name": "S", "time_zone": zone, "holidays": []},
        "horizon": {"first_day": first_day, "days": days, "slot_minutes": slot},
        "rooms": rooms,
        "hygiene": {
            "min_distance_m": draw.choice((None, 1.5)),
            "min_area_per_person_m2": draw.choice((None, 10.0)),
            "max_persons_on_site": draw.choice((None, None, 1, 2)),
            "cleaning_gap_minutes": draw.choice((0, 10, 60)),
            "max_arrivals_per_slot": draw.choice((None, None, 1)),
            "cohort_rule": draw.choice(("none", "same_room", "same_site", "same_day")),
        },
        "queues": [{"id": "x", "weight": draw.choice((1.0, 0.5))}, {"id": "y", "home_allowed": draw.random() < 0.5}],
        "duties": {
            "earliest_start": opening.earliest_start,
            "latest_end": opening.latest_end,
            "start_step_minutes": 120 if days > 2 or fine else 60,
            "work_minutes": draw.choice(([120], [180]) if fine else ([120], [120, 240], [60, 180])),
            "break_edge_minutes": draw.choice((0, 30)),
            "max_break_minutes": draw.choice((0, 20) if fine else (0, 60)),
        },
        "labour": _labour(draw),
        "agents": [_agent(draw, name, first_day, days, names, desks) for name in names],
        "objectives": draw.choice((
            ["shortfall", "changes", "site_presence", "contract_minutes", "wishes"],
            ["shortfall", "changes", "site_presence", "contract_minutes", "wishes"],
            ["shortfall", "wishes"],
            ["contract_minutes", "shortfall", "changes"],
        )),
        "demand": [],
    }  # fmt: skip
    content["demand"] = _demand(draw, {**content, "agents": []}, opening)
    return content


def _room(draw: random.Random, number: int) -> Json:
    desks = [
        {
            "id": f"r{number}d{desk}",
            "x_m": float(desk),
            "y_m": 0.0,
            "blocked": draw.random() < 0.1,
            "features": draw.choice(([], ["high"])),
        }
        for desk in range(draw.randint(0, 3))
    ]
    names = [desk["id"] for desk in desks]
    return {
        "id": f"r{number}",
        "floor": "0",
        "area_m2": draw.choice((10.0, 20.0, 40.0)),
        "max_persons": draw.choice((None, None, 1)),
        "partitions": [names[:2]] if len(names) > 1 and draw.random() < 0.3 else [],
        "desks": desks,
    }


def _labour(draw: random.Random) -> Json:
    rules = [{"work_over_minutes": 120, "break_minutes": 30}, {"work_over_minutes": 200, "break_minutes": 45}]
    return {
        "max_work_minutes_per_day": draw.choice((240, 600)),
        "breaks": draw.choice(([], rules)),
        "min_break_part_minutes": draw.choice((0, 15, 30)),
        "max_run_minutes": draw.choice((120, 180, 600)),
        "min_rest_minutes": draw.choice((0, 660, 2000)),
        "max_consecutive_workdays": draw.choice((1, 2, 6)),
        "free_days": draw.choice(([], [], ["sunday"])),
    }


def _agent(draw: random.Random, name: str, first_day: str, days: int, names: list[str], desks: list[str]) -> Json:
    agent: Json = {
        "id": name,
        "cohort": draw.choice((None, "A", "B")),
        "queues": draw.choice((["x"], ["x", "y"], ["y"])),
        "weekly_minutes": draw.choice(({"min": 0, "max": 240}, {"min": 180, "max": 600}, {"min": 0, "max": 2400})),
        "max_workdays": draw.choice((1, 2, 5)),
        "max_blocks_per_day": draw.choice((1, 1, 1, 2, 3)),
        "home": draw.choice(("none", "none", "allowed", "preferred", "only")),
        "desk_needs": draw.choice(([], [], ["high"])),
        "usual_desk": draw.choice((None, None, *desks)),
        "limits": draw.choice((
            {}, {}, {"max_work_minutes_per_day": 120}, {"earliest_start": "09:00"}, {"free_days": ["monday"]},
        )),
    }  # fmt: skip
    others = [other for other in names if other != name]
    if others and draw.random() < 0.25:
        agent["not_together_with"] = [{"agent": draw.choice(others), "handover_minutes": draw.choice((0, 30, 120))}]
    on = date.fromisoformat(first_day)
    if draw.random() < 0.4:
        day, hour = draw.randrange(days), draw.choice((0, 8, 10, 22))
        first = f"{on + timedelta(days=day)}T{hour:02}:00:00+00:00"
        last = f"{on + timedelta(days=day)}T{hour + 1:02}:00:00+00:00"
        agent["availability"] = [
            {"start": first, "end": last, "kind": draw.choice(("blocked", "undesired", "preferred"))}
        ]
    if draw.random() < 0.3:
        last_end = f"{on - timedelta(days=1)}T21:35:00+00:00"
        agent["history"] = {"last_end": last_end, "consecutive_workdays": draw.choice((0, 1, 6))}
    return agent


def _demand(draw: random.Random, content: Json, opening: Opening) -> list[Json]:
    timeline = Problem.model_validate_json(json.dumps({**content, "demand": []})).timeline
    slot, entries = timeline.slot_minutes, []
    for queue in ("x", "y"):
        for day in range(timeline.days):
            clock = int(opening.first_asked[:2]) * 60
            start = timeline.clock_minute(day, clock)
            hours = [draw.choice((0, 1, 1, 2)) for _ in range(opening.hours)]
            required = [agents for agents in hours for _ in range(60 // slot)]
            required = required[: (timeline.minutes - start) // slot]
            entries.append({"queue": queue, "start": timeline.instant_of(start).isoformat(), "required": required})
    return entries


def some_duties(draw: random.Random, problem: Problem, attempts: int) -> list[Duty]:
    """A roster made by adding drawn duties one by one, each kept only if nothing is broken."""
    desks = list(plan_layout(problem).released)
    kept: list[Duty] = []
    for _ in range(attempts):
        new = _some_duty(draw, problem, desks)
        if new is not None and not judge(problem, _roster(problem, desks, [*kept, new])).findings:
            kept.append(new)
    return kept


def _some_duty(draw: random.Random, problem: Problem, desks: list[str]) -> Duty | None:
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    person = draw.choice(problem.agents)
    work, pause = draw.choice(problem.duties.work_minutes), draw.choice((0, problem.duties.max_break_minutes))
    opens, closes = parse_clock(problem.duties.earliest_start), parse_clock(problem.duties.latest_end)
    latest = max(opens + 1, min(closes, 24 * 60) - work)
    clock = draw.randrange(opens, latest, problem.duties.start_step_minutes)
    start = timeline.clock_minute(draw.randrange(timeline.days), clock)
    end, middle = start + work + pause, start + work // 2 // slot * slot
    home = person.home == "only" or (person.home != "none" and draw.random() < 0.5)
    if end > timeline.minutes or not (home or desks):
        return None
    pauses = [SpanOfTime(start=timeline.instant_of(middle), end=timeline.instant_of(middle + pause))]
    return Duty(
        agent=person.id,
        start=timeline.instant_of(start),
        end=timeline.instant_of(end),
        breaks=pauses if pause else [],
        place="home" if home else "site",
        desk=None if home else draw.choice(desks),
    )


def _span(span: SpanOfTime, **more: Any) -> Json:
    return {"start": span.start.isoformat(), "end": span.end.isoformat(), **more}


def _booking(draw: random.Random, duty: Duty) -> Json:
    booking = _span(duty, place=duty.place)
    if draw.random() < 0.5:
        booking["breaks"] = [_span(pause) for pause in duty.breaks]
    if duty.desk is not None and draw.random() < 0.3:
        booking["desk"] = duty.desk
    return booking
