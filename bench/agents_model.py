"""People: contracts, skills, child care, health limits, care partners, history, bookings."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, Protocol

from solver.timeline import Timeline

CONTRACTS = ((2400, 5, 0.45), (1860, 5, 0.25), (1260, 4, 0.2), (900, 3, 0.1))
FULL_DAYS = 5


class AgentShares(Protocol):
    """What a kind of problem says about its people: a part of ``problems.Kind``."""

    @property
    def home_shares(self) -> tuple[float, float, float]:
        """Of the agents who may work at home, would rather, and never come."""

    @property
    def cohorts(self) -> int:
        """Number of cohorts, 0 for none."""

    @property
    def two_blocks_share(self) -> float:
        """Of the agents who may work in two blocks a day."""

    @property
    def partners_share(self) -> float:
        """Pairs of care partners per agent."""

    @property
    def split_breaks(self) -> bool:
        """Whether four hours of work are too long without a pause."""

    @property
    def free_days(self) -> tuple[str, ...]:
        """Days on which nobody works."""


def draw_agents(
    draw: random.Random,
    kind: AgentShares,
    timeline: Timeline,
    count: int,
    queues: list[str],
    desks: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Draw ``count`` agents as in a problem file."""
    agents = [_agent(draw, kind, timeline, rank, queues, desks) for rank in range(count)]
    for pair in range(round(count * kind.partners_share)):
        one, other = agents[2 * pair], agents[2 * pair + 1]
        handover = draw.choice((0, 60))
        one["not_together_with"] = [{"agent": other["id"], "handover_minutes": handover}]
        if draw.random() < 0.5:
            other["not_together_with"] = [{"agent": one["id"], "handover_minutes": 0}]
    for agent in agents[2 * round(count * kind.partners_share) :][: max(1, count // 50)]:
        _book(draw, kind, timeline, agent)
    return agents


def _agent(
    draw: random.Random,
    kind: AgentShares,
    timeline: Timeline,
    rank: int,
    queues: list[str],
    desks: list[dict[str, Any]],
) -> dict[str, Any]:
    most_minutes, workdays, _ = draw.choices(CONTRACTS, [share for _, _, share in CONTRACTS])[0]
    agent: dict[str, Any] = {
        "id": f"a{rank + 1:05}",
        "queues": draw.sample(queues, min(len(queues), draw.choice((1, 1, 2, 2, 3)))),
        "weekly_minutes": {"min": most_minutes - 120, "max": most_minutes},
        "max_workdays": workdays,
    }
    home = draw.choices(("allowed", "preferred", "only", "none"), [*kind.home_shares, 1 - sum(kind.home_shares)])[0]
    if home != "none":
        agent["home"] = home
    if kind.cohorts and draw.random() < 0.93:
        agent["cohort"] = "ABCDEFGH"[draw.randrange(kind.cohorts)]
    if draw.random() < kind.two_blocks_share:
        agent["max_blocks_per_day"] = 2
    if draw.random() < 0.1:
        agent["desk_needs"] = draw.choice((["adjustable"], ["quiet"], ["two_screens"], ["adjustable", "two_screens"]))
    if desks and draw.random() < 0.25:
        agent["usual_desk"] = draw.choice(desks)["id"]
    if draw.random() < 0.15:
        agent["limits"] = _limits(draw)
    if draw.random() < 0.5:
        agent["history"] = _history(draw, timeline)
    windows = _windows(draw, timeline)
    if windows:
        agent["availability"] = windows
    return agent


def _limits(draw: random.Random) -> dict[str, Any]:
    return draw.choice(
        (
            {"max_work_minutes_per_day": 360},
            {"earliest_start": "08:00"},
            {"latest_end": "20:00"},
            {"earliest_start": "08:00", "latest_end": "20:00", "max_work_minutes_per_day": 480},
            {"free_days": [draw.choice(("monday", "wednesday", "friday", "saturday"))]},
        )
    )


def _history(draw: random.Random, timeline: Timeline) -> dict[str, Any]:
    hours_before = draw.choice((2, 4.25, 9.5, 30, 60.75))
    last_end = timeline.instant_of(-round(hours_before * 60) + 7).isoformat()
    return {"last_end": last_end, "consecutive_workdays": draw.choice((1, 2, 5)) if hours_before < 24 else 0}


def _windows(draw: random.Random, timeline: Timeline) -> list[dict[str, Any]]:
    """Child care: mornings only, evenings only, single days, afternoons in the middle; and a few wishes."""
    pattern = draw.choices(("none", "mornings", "evenings", "days", "middle"), (50, 14, 10, 14, 12))[0]
    hour = draw.choice((13, 13.5, 14, 15))
    patterns: dict[str, list[tuple[float, float]]] = {
        "none": [],
        "mornings": [(hour, 24)],
        "evenings": [(0, hour + 1)],
        "days": [(0, 24)],
        "middle": [(0, 8), (hour + 1, hour + 3)],
    }
    spans = patterns[pattern]
    windows = []
    for day in range(timeline.days):
        if pattern != "days" or draw.random() < 0.35:
            windows += [_window(timeline, day, span, "blocked") for span in spans]
        if draw.random() < 0.08:
            windows.append(_window(timeline, day, (19, 24), "undesired"))
        if draw.random() < 0.05:
            windows.append(_window(timeline, day, (8, 14), "preferred"))
    return windows


def _window(timeline: Timeline, day: int, hours: tuple[float, float], kind: str) -> dict[str, Any]:
    grid = timeline.slot_minutes
    start, end = (timeline.clock_minute(day, round(hour * 60 / 60) * 60) // grid * grid for hour in hours)
    return {
        "start": timeline.instant_of(start).isoformat(),
        "end": timeline.instant_of(end).isoformat(),
        "kind": kind,
    }


def _book(draw: random.Random, kind: AgentShares, timeline: Timeline, agent: dict[str, Any]) -> None:
    """Give the agent a confirmed booking of four hours about noon, where nothing of the agent stands against it."""
    days = [day for day in range(timeline.days) if _may_book(timeline, agent, day, kind.free_days)]
    if not days or "limits" in agent or "cohort" in agent:
        return
    day = draw.choice(days)
    start = timeline.clock_minute(day, 60 * draw.choice((9, 10, 11)))
    place = "home" if agent.get("home") in ("only", "preferred") else "site"
    if place == "site" and "desk_needs" in agent:
        return
    booking: dict[str, Any] = {
        "start": timeline.instant_of(start).isoformat(),
        "end": timeline.instant_of(start + 240).isoformat(),
        "place": place,
    }
    if draw.random() < 0.5 and not kind.split_breaks:
        booking["breaks"] = []
    agent["fixed"] = [booking]


def _may_book(timeline: Timeline, agent: dict[str, Any], day: int, free_days: tuple[str, ...]) -> bool:
    date = timeline.day(day)
    if day == 0 or ("sunday" in free_days and date.weekday() == FULL_DAYS + 1):
        return False
    from_midnight, to_midnight = date.isoformat(), (date + timedelta(days=1)).isoformat()
    windows = agent.get("availability", [])
    return not any(from_midnight < window["end"] and window["start"] < to_midnight for window in windows)
