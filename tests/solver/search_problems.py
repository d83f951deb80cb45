"""Problems drawn by Hypothesis over the whole format, small enough to be planned in a moment."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from solver.problem import Problem

FIRST_DAYS = {
    "UTC": date(2020, 3, 30),
    "Europe/Berlin": date(2020, 3, 28),
    "Europe/Lisbon": date(2020, 10, 24),
}


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A problem without fixed duties: any of the rules may be strict, absent or in each other's way."""
    zone = draw(st.sampled_from(sorted(FIRST_DAYS)))
    slot = draw(st.sampled_from([15, 30, 60]))
    days = draw(st.sampled_from([1, 2, 3, 8]))
    content: dict[str, Any] = {
        "format": "roster-problem/1",
        "site": {"id": "s", "name": "s", "time_zone": zone, "holidays": []},
        "horizon": {"first_day": FIRST_DAYS[zone].isoformat(), "days": days, "slot_minutes": slot},
        "rooms": draw(_rooms()),
        "hygiene": draw(_hygiene()),
        "queues": [{"id": "one"}, {"id": "two", "home_allowed": False, "weight": 2.0}],
        "duties": {
            "earliest_start": draw(st.sampled_from(["00:00", "06:00", "20:00"])),
            "latest_end": draw(st.sampled_from(["14:00", "24:00", "30:00", "40:00"])),
            "start_step_minutes": draw(st.sampled_from([60, 120])),
            "work_minutes": draw(st.sampled_from([[120], [120, 240], [180, 360, 480], [240, 300, 420]])),
            "break_edge_minutes": draw(st.sampled_from([0, 60])),
            "max_break_minutes": draw(st.sampled_from([0, 60, 120])),
        },
        "labour": draw(_labour()),
        "agents": [],
        "demand": [],
    }
    start = Problem.model_validate({**content, "horizon": content["horizon"]}).timeline
    spans = start.slots
    for queue in ("one", "two"):
        required = draw(st.lists(st.integers(0, 2), min_size=1, max_size=spans))
        content["demand"].append(
            {"queue": queue, "start": start.instant_of(0).isoformat(), "required": required * (spans // len(required))}
        )
    count = draw(st.integers(0, 4))
    content["agents"] = [draw(_agents(number, count, start.start_at, spans, slot)) for number in range(count)]
    content["objectives"] = draw(
        st.sampled_from(
            [
                ["shortfall", "changes", "site_presence", "contract_minutes", "wishes"],
                ["wishes", "shortfall"],
                ["contract_minutes"],
                [],
            ]
        )
    )
    return Problem.model_validate(content)


@st.composite
def _rooms(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        {
            "id": f"r{room}",
            "floor": "1",
            "area_m2": draw(st.sampled_from([10.0, 20.0, 40.0])),
            "max_persons": draw(st.sampled_from([None, 0, 1])),
            "desks": [
                {
                    "id": f"r{room}d{desk}",
                    "x_m": desk * 1.0,
                    "y_m": 0.0,
                    "features": draw(st.sampled_from([[], ["adjustable"]])),
                }
                for desk in range(draw(st.integers(0, 3)))
            ],
        }
        for room in range(draw(st.integers(0, 2)))
    ]


@st.composite
def _hygiene(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "min_distance_m": draw(st.sampled_from([None, 1.5])),
        "min_area_per_person_m2": draw(st.sampled_from([None, 10.0])),
        "max_persons_on_site": draw(st.sampled_from([None, 0, 1, 2])),
        "cleaning_gap_minutes": draw(st.sampled_from([0, 10, 60])),
        "max_arrivals_per_slot": draw(st.sampled_from([None, 1])),
        "cohort_rule": draw(st.sampled_from(["none", "same_room", "same_site", "same_day"])),
    }


@st.composite
def _labour(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "max_work_minutes_per_day": draw(st.sampled_from([240, 480, 600])),
        "breaks": draw(
            st.sampled_from(
                [
                    [],
                    [{"work_over_minutes": 180, "break_minutes": 30}, {"work_over_minutes": 360, "break_minutes": 60}],
                ]
            )
        ),
        "min_break_part_minutes": draw(st.sampled_from([0, 15, 30])),
        "max_run_minutes": draw(st.sampled_from([120, 180, 360])),
        "min_rest_minutes": draw(st.sampled_from([0, 660, 2000])),
        "max_consecutive_workdays": draw(st.sampled_from([0, 1, 2, 6])),
        "free_days": draw(st.sampled_from([[], ["sunday"]])),
    }


@st.composite
def _agents(draw: st.DrawFn, number: int, count: int, start_at: datetime, slots: int, slot: int) -> dict[str, Any]:
    windows = draw(
        st.lists(
            st.tuples(
                st.integers(-4, slots), st.integers(1, 12), st.sampled_from(["blocked", "undesired", "preferred"])
            ),
            max_size=2,
        )
    )
    partners = [{"agent": f"a{(number + 1) % count}", "handover_minutes": 30}] if count > 1 else []
    return {
        "id": f"a{number}",
        "cohort": draw(st.sampled_from([None, "A", "B"])),
        "queues": draw(st.sampled_from([["one"], ["two"], ["one", "two"], []])),
        "weekly_minutes": draw(st.sampled_from([{"min": 0, "max": 240}, {"min": 600, "max": 1200}])),
        "max_workdays": draw(st.integers(0, 5)),
        "max_blocks_per_day": draw(st.integers(0, 2)),
        "home": draw(st.sampled_from(["none", "allowed", "preferred", "only"])),
        "desk_needs": draw(st.sampled_from([[], ["adjustable"]])),
        "limits": draw(
            st.sampled_from(
                [{}, {"max_work_minutes_per_day": 240}, {"latest_end": "13:00"}, {"earliest_start": "09:00"}]
            )
        ),
        "availability": [
            {
                "start": (start_at + timedelta(minutes=first * slot)).astimezone(UTC).isoformat(),
                "end": (start_at + timedelta(minutes=(first + length) * slot)).astimezone(UTC).isoformat(),
                "kind": kind,
            }
            for first, length, kind in windows
        ],
        "not_together_with": draw(st.sampled_from([[], partners])),
        "history": draw(
            st.sampled_from(
                [None, {"last_end": (start_at - timedelta(minutes=100)).isoformat(), "consecutive_workdays": 2}]
            )
        ),
    }
