"""Problems and rosters small enough to be counted by hand: one day of four hours of one-hour slots, or a week."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from solver.problem import Duty, Problem
from solver.roster import Roster
from tests.app import build

MONDAY = date(2020, 3, 30)


def at(clock: str, day: date = MONDAY) -> str:
    return build.local(day, clock).isoformat()


def problem(
    *,
    required: dict[str, list[int]] | None = None,
    start: str = "08:00",
    rooms: list[dict[str, Any]] | None = None,
    first_day: date = MONDAY,
    days: int = 1,
    slot_minutes: int = 60,
    **hygiene: Any,
) -> Problem:
    """Agents ``a`` to ``d`` may serve everything."""
    queues = required or {"mobile": [2, 2, 1]}
    return Problem.model_validate_json(
        _json(
            {
                "format": "roster-problem/1",
                "site": {"id": "muc", "name": "München", "time_zone": "Europe/Berlin"},
                "horizon": {"first_day": first_day.isoformat(), "days": days, "slot_minutes": slot_minutes},
                "rooms": rooms or [],
                "hygiene": hygiene,
                "queues": [{"id": queue} for queue in queues],
                "demand": [
                    {"queue": queue, "start": at(start, first_day), "required": numbers}
                    for queue, numbers in queues.items()
                ],
                "duties": build.DUTY_RULES.model_dump(mode="json"),
                "labour": build.LABOUR.model_dump(mode="json"),
                "agents": [
                    {"id": key, "queues": list(queues), "weekly_minutes": {"min": 0, "max": 2400}, "max_workdays": 5}
                    for key in "abcd"
                ],
            }
        )
    )


def room(key: str = "east", area_m2: float = 100.0, desks: int = 3, spacing_m: float = 1.0) -> dict[str, Any]:
    """Desks in a row, ``east-1`` at 1 m from the wall."""
    placed = [{"id": f"{key}-{number}", "x_m": number * spacing_m, "y_m": 1.0} for number in range(1, desks + 1)]
    return {"id": key, "floor": "3", "area_m2": area_m2, "desks": placed}


def duty(agent: str, start: str, end: str, *, desk: str | None = None, day: date = MONDAY, **more: Any) -> Duty:
    """All of it serves ``mobile`` unless ``serves`` says otherwise."""
    place = "site" if desk else "home"
    serves = more.pop("serves", [{"queue": "mobile", "start": at(start, day), "end": at(end, day)}])
    content = {"agent": agent, "start": at(start, day), "end": at(end, day), "place": place, "desk": desk}
    return Duty.model_validate_json(_json({**content, "serves": serves, **more}))


def roster(of: Problem, *duties: Duty, released: list[str] | None = None) -> Roster:
    return Roster(
        format="roster/1",
        site=of.site.id,
        first_day=of.horizon.first_day,
        released_desks=released or [],
        duties=list(duties),
        tiers={"shortfall": 0.0, "changes": 0.0, "site_presence": 0.0, "contract_minutes": 0.0, "wishes": 0.0},  # type: ignore[arg-type]
        missing_agent_minutes=0.0,
        required_agent_minutes=0.0,
    )


def _json(content: Any) -> str:
    return json.dumps(content)
