"""Tiny problems and rosters for tests: everything is allowed that a test does not restrict.

Times are texts on the clock in Berlin: ``"Mon 08:00"`` in the week of 30 March 2020 (``"Mon+1 08:00"`` a week later),
``"2020-10-25 02:30"`` on a date, ``"2020-10-25 02:30 again"`` in the hour that comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from solver.checks import judge
from solver.problem import Problem
from solver.reading import parse_problem, parse_roster
from solver.roster import Roster
from solver.rules import Finding
from solver.sentences import LANGUAGES, sentence
from solver.timeline import local_instant, parse_clock

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2020, 3, 30)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NO_TIERS = {"shortfall": 0, "changes": 0, "site_presence": 0, "contract_minutes": 0, "wishes": 0}

Json = dict[str, Any]
Part = tuple[str, str]


def at(text: str) -> str:
    """The instant of a time in the texts described above, as the files write it."""
    day_text, clock, *again = text.split()
    day = date.fromisoformat(day_text) if day_text[0].isdigit() else _day_of_week(day_text)
    if again:
        return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), BERLIN).replace(fold=1).isoformat()  # noqa: DTZ007
    return local_instant(BERLIN, day, parse_clock(clock)).astimezone(BERLIN).isoformat()


def _day_of_week(text: str) -> date:
    weekday, _, weeks = text.partition("+")
    return MONDAY + timedelta(days=WEEKDAYS.index(weekday) + 7 * int(weeks or 0))


def span(start: str, end: str, **more: Any) -> Json:
    """A span with whatever else belongs to it."""
    return {"start": at(start), "end": at(end), **more}


def desk(name: str, x_m: float, y_m: float = 0.0, **more: Any) -> Json:
    """A desk."""
    return {"id": name, "x_m": x_m, "y_m": y_m, **more}


def room(name: str, desks: Sequence[Json], area_m2: float = 1000.0, **more: Any) -> Json:
    """A room."""
    return {"id": name, "floor": "1", "area_m2": area_m2, "desks": list(desks), **more}


def agent(name: str, **more: Any) -> Json:
    """Somebody who may work at any time, anywhere, for queue ``mobile``."""
    content: Json = {
        "id": name,
        "queues": ["mobile"],
        "weekly_minutes": {"min": 0, "max": 10_080},
        "max_workdays": 7,
        "max_blocks_per_day": 10,
        "home": "allowed",
    }
    return content | more


def demand(start: str, required: Sequence[int], queue: str = "mobile") -> Json:
    """Required agents from a time on."""
    return {"queue": queue, "start": at(start), "required": list(required)}


LAW: Json = {
    "max_work_minutes_per_day": 600,
    "breaks": [{"work_over_minutes": 360, "break_minutes": 30}, {"work_over_minutes": 540, "break_minutes": 45}],
    "min_break_part_minutes": 15,
    "max_run_minutes": 360,
    "min_rest_minutes": 660,
    "max_consecutive_workdays": 6,
    "free_days": ["sunday", "holiday"],
}
"""The numbers of the Arbeitszeitgesetz, sections 3, 4, 5 and 9."""

NO_LAW: Json = {
    "max_work_minutes_per_day": 100_000,
    "breaks": [],
    "min_break_part_minutes": 15,
    "max_run_minutes": 100_000,
    "min_rest_minutes": 0,
    "max_consecutive_workdays": 1000,
    "free_days": [],
}

ANY_SHAPE: Json = {
    "earliest_start": "00:00",
    "latest_end": "48:00",
    "start_step_minutes": 1,
    "work_minutes": list(range(5, 1441, 5)),
    "break_edge_minutes": 0,
    "max_break_minutes": 1440,
}

ROOMS = [
    room("east", [desk("e1", 0), desk("e2", 2), desk("e3", 4)]),
    room("west", [desk("w1", 0), desk("w2", 2), desk("w3", 4)]),
]


def problem_json(**changes: Any) -> Json:
    """A valid problem of agents a, b and c; parts of objects (``labour``, ``site`` …) may be given alone."""
    content: Json = {
        "format": "roster-problem/1",
        "site": {"id": "muc", "name": "München", "time_zone": "Europe/Berlin"},
        "horizon": {"first_day": MONDAY.isoformat(), "days": 7, "slot_minutes": 15},
        "rooms": ROOMS,
        "hygiene": {},
        "queues": [{"id": "mobile"}, {"id": "dsl"}],
        "demand": [],
        "duties": ANY_SHAPE,
        "labour": NO_LAW,
        "agents": [agent("a"), agent("b"), agent("c")],
    }
    for name, change in changes.items():
        former = content.get(name)
        content[name] = former | change if isinstance(former, dict) else change
    return content


def problem(**changes: Any) -> Problem:
    """The same, read."""
    return parse_problem(problem_json(**changes))


def duty(
    agent: str,
    start: str,
    end: str,
    *,
    breaks: Iterable[Part] = (),
    serves: Iterable[tuple[str, str, str]] = (),
    desk: str | None = None,
    home: bool = False,
) -> Json:
    """A duty: at a desk, at home, or on site without a desk."""
    content: Json = {"agent": agent, "place": "home" if home else "site", **span(start, end)}
    content["breaks"] = [span(*part) for part in breaks]
    content["serves"] = [span(part_start, part_end, queue=queue) for queue, part_start, part_end in serves]
    return content | ({} if desk is None else {"desk": desk})


def at_home(agent: str, start: str, end: str, *breaks: Part) -> Json:
    """A duty at home, which only rules about time can forbid."""
    return duty(agent, start, end, breaks=breaks, home=True)


def roster_json(problem: Problem, duties: Sequence[Json], **more: Any) -> Json:
    """A roster whose released desks are those used, and whose tiers are not counted."""
    content: Json = {
        "format": "roster/1",
        "site": problem.site.id,
        "first_day": problem.horizon.first_day.isoformat(),
        "released_desks": sorted({duty["desk"] for duty in duties if duty.get("desk")}),
        "duties": list(duties),
        "tiers": NO_TIERS,
        "missing_agent_minutes": 0,
        "required_agent_minutes": 0,
    }
    return content | more


def roster(problem: Problem, duties: Sequence[Json], **more: Any) -> Roster:
    """The same, read."""
    return parse_roster(roster_json(problem, duties, **more), problem)


def findings(problem: Problem, *duties: Json, **more: Any) -> tuple[Finding, ...]:
    """What breaks a rule in a roster of these duties; each must be a sentence in every language."""
    found = judge(problem, roster(problem, duties, **more)).findings
    for finding in found:
        for language in LANGUAGES:
            said = sentence(finding, problem.timeline, language)
            assert said.isprintable(), said
            assert said.endswith("."), said
    return found


def breach(problem: Problem, *duties: Json, **more: Any) -> Finding:
    """The one finding that there must be in a roster of these duties."""
    found = findings(problem, *duties, **more)
    assert len(found) == 1, found
    return found[0]


def size(finding: Finding) -> tuple[str, str, float, str]:
    """Rule, clause and amount of a finding."""
    return finding.rule.value, finding.detail, finding.amount, finding.unit


def minutes(problem: Problem, start: str, end: str) -> tuple[int, int]:
    """A span in elapsed minutes of the problem."""
    timeline = problem.timeline
    return timeline.minute_of(datetime.fromisoformat(at(start))), timeline.minute_of(datetime.fromisoformat(at(end)))


def when(finding: Finding) -> tuple[int | None, int | None]:
    """The span of a finding."""
    return finding.start_minute, finding.end_minute


def facts(finding: Finding) -> Mapping[str, object]:
    """What a finding knows besides."""
    return dict(finding.facts)
