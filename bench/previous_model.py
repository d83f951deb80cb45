"""A roster published before: everybody's days filled one by one where calls are uncovered, then some fall ill."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from solver.timeline import Timeline, parse_clock

NEWLY_BLOCKED_SHARE = 0.1


def publish(draw: random.Random, problem: dict[str, Any], timeline: Timeline) -> None:
    """Give every agent ``previous`` duties, then block a tenth of the agents for two or three days."""
    open_need = _need(problem, timeline)
    seats = sum(len(room["desks"]) for room in problem["rooms"]) // 3
    seated = [0] * (timeline.slots + 1)
    for agent in draw.sample(problem["agents"], len(problem["agents"])):
        agent["previous"] = _week(draw, problem, timeline, agent, open_need, seated, seats)
    for agent in draw.sample(problem["agents"], max(1, round(len(problem["agents"]) * NEWLY_BLOCKED_SHARE))):
        if agent.get("fixed"):
            continue
        first = draw.randrange(max(1, timeline.days - 2))
        start, end = timeline.clock_minute(first, 0), timeline.clock_minute(min(timeline.days, first + 3), 0)
        agent.setdefault("availability", []).append(
            {
                "start": timeline.instant_of(start).isoformat(),
                "end": timeline.instant_of(end).isoformat(),
                "kind": "blocked",
            }
        )


def _need(problem: dict[str, Any], timeline: Timeline) -> list[int]:
    need = [0] * (timeline.slots + 1)
    for entry in problem["demand"]:
        first = timeline.minute_of(datetime.fromisoformat(entry["start"])) // timeline.slot_minutes
        for rank, required in enumerate(entry["required"]):
            need[first + rank] += required
    return need


def _week(
    draw: random.Random,
    problem: dict[str, Any],
    timeline: Timeline,
    agent: dict[str, Any],
    need: list[int],
    seated: list[int],
    seats: int,
) -> list[dict[str, Any]]:
    if agent.get("fixed"):
        return [{key: booking[key] for key in ("start", "end", "place")} for booking in agent["fixed"]]
    duties: list[dict[str, Any]] = []
    minutes_left = agent["weekly_minutes"]["max"]
    for day in sorted(draw.sample(range(timeline.days), timeline.days), key=lambda _: draw.random()):
        if len(duties) >= agent["max_workdays"]:
            break
        duty = _best(draw, problem, timeline, agent, day, minutes_left, need, seated, seats)
        if duty is not None:
            duties.append(duty)
            minutes_left -= _work(duty)
    return sorted(duties, key=lambda duty: duty["start"])


def _work(duty: dict[str, Any]) -> int:
    span = datetime.fromisoformat(duty["end"]) - datetime.fromisoformat(duty["start"])
    minutes = round(span.total_seconds() / 60)
    return minutes - 30 if duty["breaks"] else minutes


def _best(
    draw: random.Random,
    problem: dict[str, Any],
    timeline: Timeline,
    agent: dict[str, Any],
    day: int,
    minutes_left: int,
    need: list[int],
    seated: list[int],
    seats: int,
) -> dict[str, Any] | None:
    """Find the duty of one day that covers most of what is still uncovered."""
    at_home = agent.get("home") in ("preferred", "only") or (agent.get("home") == "allowed" and draw.random() < 0.5)
    best: tuple[int, int, int] | None = None
    for work in (work for work in problem["duties"]["work_minutes"] if work <= minutes_left):
        presence = work + (30 if work > 360 else 0)
        for start in _starts(problem, timeline, agent, day, presence):
            slots = range(start // timeline.slot_minutes, (start + presence) // timeline.slot_minutes)
            if not at_home and any(seated[slot] >= seats for slot in slots):
                continue
            value = sum(need[slot] > 0 for slot in slots)
            if value and (best is None or value > best[0]):
                best = (value, start, presence)
    if best is None:
        return None
    _, start, presence = best
    for slot in range(start // timeline.slot_minutes, (start + presence) // timeline.slot_minutes):
        need[slot] -= 1
        seated[slot] += not at_home
    return _duty(timeline, start, presence, "home" if at_home else "site")


def _starts(problem: dict[str, Any], timeline: Timeline, agent: dict[str, Any], day: int, presence: int) -> list[int]:
    """List the full hours at which no blocked window and no limit forbids to start."""
    weekday = timeline.day(day).weekday()
    if agent.get("limits", {}).get("free_days") or (weekday == 6 and problem["labour"]["free_days"]):
        return []
    blocked = [
        tuple(timeline.minute_of(datetime.fromisoformat(window[edge])) for edge in ("start", "end"))
        for window in agent.get("availability", [])
        if window["kind"] == "blocked"
    ]
    limits = agent.get("limits", {})
    latest = timeline.clock_minute(day, parse_clock(limits.get("latest_end", "21:00")))
    first = timeline.clock_minute(day, 8 * 60)
    if limits.get("max_work_minutes_per_day", 600) < presence:
        return []
    return [
        start
        for start in range(first, latest - presence + 1, 60)
        if not any(begin < start + presence and start < end for begin, end in blocked)
    ]


def _duty(timeline: Timeline, start: int, presence: int, place: str) -> dict[str, Any]:
    breaks = []
    if presence > 360:
        middle = start + presence // 2 // 60 * 60
        breaks = [
            {
                "start": timeline.instant_of(middle).isoformat(),
                "end": timeline.instant_of(middle + 30).isoformat(),
            }
        ]
    return {
        "start": timeline.instant_of(start).isoformat(),
        "end": timeline.instant_of(start + presence).isoformat(),
        "breaks": breaks,
        "place": place,
    }
