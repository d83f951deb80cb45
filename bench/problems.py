"""Make problems that nobody has seen: ``python bench/problems.py KIND --agents N --seed S -o FILE``.

The same kind, number and seed give the same file. ``--list`` says what kinds there are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from agents_model import draw_agents
from call_model import OpeningHours, day_shape, requirement
from previous_model import publish
from rooms_model import draw_rooms

from solver.timeline import Timeline

DAYTIME = OpeningHours(7, 21)
QUEUES = ("mobile", "billing", "dsl", "faults")


@dataclass(frozen=True)
class Kind:
    """What is special in a kind of problem; the rest is the ordinary week.

    :param desks_share: desks per agent, blocked and too close ones included
    :param load_share: required hours over the hours of the contracts
    :param home_shares: of the agents who may work at home, would rather, and never come
    """

    says: str
    first_day: date = date(2020, 3, 30)
    days: int = 7
    slot_minutes: int = 15
    step_minutes: int = 30
    queues: int = 3
    desks_share: float = 0.95
    load_share: float = 0.9
    home_shares: tuple[float, float, float] = (0.2, 0.1, 0.08)
    home_barred: bool = False
    opening: OpeningHours = DAYTIME
    latest_end: str = "22:00"
    earliest_start: str = "06:00"
    work_minutes: tuple[int, ...] = (240, 300, 360, 420, 480)
    cohort_rule: str = "none"
    cohorts: int = 0
    max_persons_share: float | None = None
    arrivals_share: float | None = None
    free_days: tuple[str, ...] = ("sunday", "holiday")
    holidays: tuple[date, ...] = ()
    replan: bool = False
    cleaning_gap_minutes: int = 15
    break_part_minutes: int = 15
    split_breaks: bool = False
    two_blocks_share: float = 0.06
    partners_share: float = 0.02
    zone: str = "Europe/Berlin"


ROUND_THE_CLOCK: dict[str, Any] = {
    "opening": OpeningHours(0, 24, night_share=0.12),
    "earliest_start": "00:00",
    "latest_end": "30:30",
    "free_days": (),
    "queues": 2,
}
KINDS = {
    "week": Kind("the ordinary week"),
    "scarce": Kind("desks for a fifth of the agents", desks_share=0.2, load_share=0.42),
    "short": Kind("more required than the agents can give", load_share=1.15, slot_minutes=30),
    "five": Kind("slots of five minutes", slot_minutes=5, step_minutes=15, queues=2, cleaning_gap_minutes=10),
    "ten": Kind(
        "slots of ten minutes",
        slot_minutes=10,
        step_minutes=20,
        queues=2,
        cleaning_gap_minutes=20,
        work_minutes=(240, 300, 360, 420, 480),
    ),
    "hour": Kind("slots of an hour", slot_minutes=60, step_minutes=60, cleaning_gap_minutes=60, queues=2),
    "spring": Kind("day and night, the clock goes forward", first_day=date(2020, 3, 23), **ROUND_THE_CLOCK),
    "autumn": Kind("day and night, the clock goes back", first_day=date(2020, 10, 19), **ROUND_THE_CLOCK),
    "santiago": Kind(
        "the clock changes at midnight", first_day=date(2022, 9, 5), zone="America/Santiago", **ROUND_THE_CLOCK
    ),
    "rooms": Kind("cohorts that never share a room", cohort_rule="same_room", cohorts=4, desks_share=1.1),
    "sites": Kind(
        "cohorts that never share the site",
        cohort_rule="same_site",
        cohorts=2,
        desks_share=0.6,
        home_shares=(0.4, 0.15, 0.1),
    ),
    "cohort-days": Kind(
        "cohorts that never share a day",
        cohort_rule="same_day",
        cohorts=2,
        desks_share=0.8,
        home_shares=(0.4, 0.15, 0.1),
        load_share=0.75,
    ),
    "home": Kind(
        "nearly all at home, few on site",
        home_shares=(0.25, 0.2, 0.5),
        max_persons_share=0.1,
        desks_share=0.6,
        queues=2,
    ),
    "arrivals": Kind("few may arrive at once", arrivals_share=0.05),
    "replan": Kind("a published roster, a tenth newly blocked", replan=True),
    "blocks": Kind(
        "many split days, many care partners",
        two_blocks_share=0.4,
        partners_share=0.2,
        work_minutes=(120, 180, 240, 300, 480),
    ),
    "breaks": Kind("long days whose breaks must be split", split_breaks=True, work_minutes=(240, 360, 480, 570)),
    "month": Kind("twenty-eight days", days=28),
    "day": Kind("one day", days=1),
    "ten-days": Kind("a week and a part of one", days=10, holidays=(date(2020, 4, 6),)),
    "barred": Kind("one queue not from home", home_barred=True, home_shares=(0.3, 0.2, 0.15)),
}
KINDS["mixed"] = replace(
    KINDS["rooms"],
    says="cohorts, split days, arrivals, five-minute slots, scarce desks at once",
    slot_minutes=5,
    step_minutes=15,
    cleaning_gap_minutes=10,
    desks_share=0.6,
    arrivals_share=0.08,
    two_blocks_share=0.2,
    partners_share=0.1,
    home_barred=True,
)


def make_problem(kind: Kind, agents: int, seed: int) -> dict[str, Any]:
    """One problem as its JSON content."""
    draw = random.Random(f"{kind.says} {agents} {seed}")
    timeline = Timeline(ZoneInfo(kind.zone), kind.first_day, kind.days, kind.slot_minutes)
    queues = [
        {"id": name, "weight": 0.8 if name == "billing" else 1.0, "home_allowed": not (kind.home_barred and rank == 1)}
        for rank, name in enumerate(QUEUES[: min(kind.queues, max(1, agents // 4))])
    ]
    rooms = draw_rooms(draw, max(2, round(agents * kind.desks_share)))
    desks = [desk for room in rooms for desk in room["desks"]]
    names = [str(queue["id"]) for queue in queues]
    people = draw_agents(draw, kind, timeline, agents, names, desks)
    hours = kind.load_share * sum(agent["weekly_minutes"]["max"] for agent in people) / 60 * min(1.0, kind.days / 5)
    problem = {
        "format": "roster-problem/1",
        "site": {
            "id": "unseen",
            "name": "Unseen",
            "time_zone": kind.zone,
            "holidays": [day.isoformat() for day in kind.holidays],
        },
        "horizon": {"first_day": kind.first_day.isoformat(), "days": kind.days, "slot_minutes": kind.slot_minutes},
        "rooms": rooms,
        "hygiene": hygiene(kind, agents),
        "queues": queues,
        "demand": demand(draw, kind, timeline, queues, hours * weeks(kind)),
        "duties": {
            "earliest_start": kind.earliest_start,
            "latest_end": kind.latest_end,
            "start_step_minutes": kind.step_minutes,
            "work_minutes": list(kind.work_minutes),
            "break_edge_minutes": 60,
            "max_break_minutes": 60,
        },
        "labour": labour(kind),
        "agents": people,
    }
    if kind.replan:
        publish(draw, problem, timeline)
    return problem


def weeks(kind: Kind) -> float:
    """Contracts count per run of seven days."""
    return max(1.0, kind.days / 7)


def hygiene(kind: Kind, agents: int) -> dict[str, Any]:
    rules: dict[str, Any] = {
        "min_distance_m": 1.5,
        "min_area_per_person_m2": 10.0,
        "cleaning_gap_minutes": kind.cleaning_gap_minutes,
        "cohort_rule": kind.cohort_rule,
    }
    if kind.max_persons_share is not None:
        rules["max_persons_on_site"] = max(1, round(agents * kind.max_persons_share))
    if kind.arrivals_share is not None:
        rules["max_arrivals_per_slot"] = max(1, round(agents * kind.arrivals_share))
    return rules


def labour(kind: Kind) -> dict[str, Any]:
    part_minutes = 15 if kind.slot_minutes < 30 else kind.slot_minutes
    return {
        "max_work_minutes_per_day": 600,
        "breaks": [{"work_over_minutes": 360, "break_minutes": 30}, {"work_over_minutes": 540, "break_minutes": 45}],
        "min_break_part_minutes": part_minutes,
        "max_run_minutes": 180 if kind.split_breaks else 360,
        "min_rest_minutes": 660,
        "max_consecutive_workdays": 6,
        "free_days": list(kind.free_days),
    }


def demand(
    draw: random.Random, kind: Kind, timeline: Timeline, queues: list[dict[str, Any]], hours_wanted: float
) -> list[dict[str, Any]]:
    """Draw the required agents of each queue on each day that is open, zeros at the edges cut off."""
    shares = [draw.uniform(0.6, 1.6) for _ in queues]
    entries = []
    for queue, share in zip(queues, shares, strict=True):
        days = [index for index in range(kind.days) if is_open(kind, timeline.day(index))]
        slots = [
            list(range(timeline.day_start_minutes[index], timeline.day_start_minutes[index + 1], kind.slot_minutes))
            for index in days
        ]
        shapes = [
            day_shape(
                draw,
                kind.opening,
                timeline.day(index).weekday(),
                [timeline.clock_of(minute) / 60 for minute in minutes],
            )
            for index, minutes in zip(days, slots, strict=True)
        ]
        required = requirement(shapes, kind.slot_minutes, hours_wanted * share / sum(shares))
        entries += [
            entry
            for minutes, numbers in zip(slots, required, strict=True)
            if (entry := _entry(timeline, queue["id"], minutes, numbers))
        ]
    return entries


def _entry(timeline: Timeline, queue: str, minutes: list[int], required: list[int]) -> dict[str, Any] | None:
    needed = [index for index, agents in enumerate(required) if agents]
    if not needed:
        return None
    first, last = needed[0], needed[-1]
    start = timeline.instant_of(minutes[first]).isoformat()
    return {"queue": queue, "start": start, "required": required[first : last + 1]}


def is_open(kind: Kind, day: date) -> bool:
    return not (("sunday" in kind.free_days and day.weekday() == 6) or day in kind.holidays)


def write_problem(problem: dict[str, Any], path: Path) -> None:
    content = json.dumps(problem, ensure_ascii=False).encode()
    # No time in the archive's head: the same seed shall give the same bytes.
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def main() -> int:
    parser = argparse.ArgumentParser(description="Make a problem file of one kind.")
    parser.add_argument("kind", nargs="?", choices=sorted(KINDS))
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--list", action="store_true", help="say what kinds there are")
    arguments = parser.parse_args()
    if arguments.list or arguments.kind is None or arguments.output is None:
        for name, kind in sorted(KINDS.items()):
            print(f"{name:12} {kind.says}")
        return 0 if arguments.list else 2
    write_problem(make_problem(KINDS[arguments.kind], arguments.agents, arguments.seed), arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
