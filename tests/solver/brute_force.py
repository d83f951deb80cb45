"""The best roster of a really tiny problem by trying every one: shares only the checks with any solver."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any

from solver.checks import Verdict, judge
from solver.problem import Agent, Duty, Problem, Serves, SpanOfTime
from solver.roster import Roster, Tiers

OPENS, DAY_MINUTES = 8 * 60, 24 * 60
Day = tuple[Duty, ...]


def draw_problem(seed: int) -> Problem:
    """One or two agents, one or two days of four or five slots, every rule switched on now and then."""
    draw = random.Random(seed)
    days = draw.choice((1, 1, 2))
    slots = 5 if days == 1 else 3
    agents = [_agent(draw, number, days, slots) for number in range(2)]
    if draw.random() < 0.3:
        agents[0]["not_together_with"] = [{"agent": "a1", "handover_minutes": draw.choice((0, 60))}]
    content = {
        "format": "roster-problem/1",
        "site": {"id": "s", "name": "S", "time_zone": "UTC", "holidays": []},
        "horizon": {"first_day": "2020-03-30", "days": days, "slot_minutes": 60},
        "rooms": _rooms(draw),
        "hygiene": {
            "min_distance_m": draw.choice((1.0, 2.0)),
            "cleaning_gap_minutes": draw.choice((0, 60)),
            "max_persons_on_site": draw.choice((None, None, 1)),
            "max_arrivals_per_slot": draw.choice((None, 1)),
            "cohort_rule": draw.choice(("none", "same_room", "same_site", "same_day")),
        },
        "queues": [{"id": "x", "weight": draw.choice((1.0, 0.8))}, {"id": "y", "home_allowed": draw.random() < 0.5}],
        "demand": [_demand(draw, queue, day, slots) for queue in "xy" for day in range(days)],
        "duties": {
            "earliest_start": "08:00",
            "latest_end": f"{8 + slots:02}:00",
            "start_step_minutes": 60,
            "work_minutes": draw.choice(([60, 120], [120, 180], [120, 240])),
            "break_edge_minutes": draw.choice((0, 60)),
            "max_break_minutes": draw.choice((0, 60, 120)),
        },
        "labour": {
            "max_work_minutes_per_day": draw.choice((120, 180, 600)),
            "breaks": draw.choice(([], [{"work_over_minutes": 120, "break_minutes": 60}])),
            "min_break_part_minutes": draw.choice((30, 60, 120)),
            "max_run_minutes": draw.choice((120, 180, 600)),
            "min_rest_minutes": draw.choice((0, 22 * 60, 23 * 60)),
            "max_consecutive_workdays": draw.choice((1, 6)),
            "free_days": [],
        },
        "agents": agents,
        "objectives": draw.sample(["shortfall", "changes", "site_presence", "contract_minutes", "wishes"], 5)
        if draw.random() < 0.3
        else ["shortfall", "changes", "site_presence", "contract_minutes", "wishes"],
    }
    import json

    return Problem.model_validate_json(json.dumps(content))


def _at(day: int, hour: int) -> str:
    return f"2020-03-{30 + day}T{hour:02}:00:00+00:00"


def _rooms(draw: random.Random) -> list[dict[str, Any]]:
    desks = [
        {"id": "d0", "x_m": 0.0, "y_m": 0.0, "features": draw.choice(([], ["high"]))},
        {"id": "d1", "x_m": 1.5, "y_m": 0.0, "features": ["high"]},
    ]
    return [{"id": "r", "floor": "0", "area_m2": 9.0, "max_persons": draw.choice((None, 1)), "desks": desks}]


def _demand(draw: random.Random, queue: str, day: int, slots: int) -> dict[str, Any]:
    return {"queue": queue, "start": _at(day, 8), "required": [draw.choice((0, 1, 1, 2)) for _ in range(slots)]}


def _agent(draw: random.Random, number: int, days: int, slots: int) -> dict[str, Any]:
    agent: dict[str, Any] = {
        "id": f"a{number}",
        "cohort": draw.choice((None, "A", "B")),
        "queues": draw.choice((["x"], ["x", "y"], ["y"])),
        "weekly_minutes": {"min": draw.choice((0, 180)), "max": draw.choice((180, 240, 480))},
        "max_workdays": draw.choice((1, 2)),
        "max_blocks_per_day": draw.choice((1, 1, 2)),
        "home": draw.choice(("none", "none", "allowed", "preferred", "only")),
        "desk_needs": draw.choice(([], [], ["high"])),
        "usual_desk": draw.choice((None, "d0", "d1")),
        "limits": draw.choice(({}, {}, {"max_work_minutes_per_day": 120}, {"earliest_start": "09:00"})),
    }
    if draw.random() < 0.5:
        day, first = draw.randrange(days), 8 + draw.randrange(slots)
        kind = draw.choice(("blocked", "undesired", "preferred"))
        agent["availability"] = [{"start": _at(day, first), "end": _at(day, first + 2), "kind": kind}]
    if draw.random() < 0.3:
        agent["history"] = {"last_end": "2020-03-29T22:30:00+00:00", "consecutive_workdays": draw.choice((0, 1, 6))}
    if draw.random() < 0.3:
        place = draw.choice(("site", "home"))
        agent["previous"] = [{"start": _at(0, 8), "end": _at(0, 10), "place": place}]
    return agent


def best_verdict(problem: Problem) -> Verdict:
    """The verdict of a roster that no other one betters in the order of the objectives."""
    best: tuple[tuple[float, ...], Verdict] | None = None
    for released in _releases(problem):
        weeks = [list(_weeks(problem, agent, released)) for agent in problem.agents]
        for combination in itertools.product(*weeks):
            duties = [duty for week in combination for duty in week]
            if _clash_at_a_glance(duties):
                continue
            verdict = judge(problem, _roster(problem, released, _serving(problem, duties)))
            key = tuple(round(getattr(verdict.tiers, name), 6) for name in problem.objectives)
            if not verdict.findings and (best is None or key < best[0]):
                best = (key, verdict)
    assert best is not None
    return best[1]


def _clash_at_a_glance(duties: list[Duty]) -> bool:
    """Two at one desk at once: spares most of the verdicts."""
    return any(
        one.agent != other.agent and one.desk is not None and one.desk == other.desk
        and one.start < other.end and other.start < one.end
        for one, other in itertools.combinations(duties, 2)
    )  # fmt: skip


def _releases(problem: Problem) -> Iterator[list[str]]:
    """Every largest set of desks that keeps the distance; a smaller one allows nothing more."""
    both = ["d0", "d1"]
    if judge(problem, _roster(problem, both, [])).findings:
        yield from (["d0"], ["d1"])
    else:
        yield both


def _weeks(problem: Problem, agent: Agent, released: list[str]) -> Iterator[Day]:
    per_day = [list(_days(problem, agent, day, released)) for day in range(problem.horizon.days)]
    for combination in itertools.product(*per_day):
        week = tuple(duty for day in combination for duty in day)
        if not judge(problem, _roster(problem, released, list(week))).findings:
            yield week


def _days(problem: Problem, agent: Agent, day: int, released: list[str]) -> Iterator[Day]:
    """No duty, one, or two: every start, length, set of break slots and place that alone breaks nothing."""
    blocks = [
        duty
        for duty in _blocks(problem, agent, day, released)
        if not judge(problem, _roster(problem, released, [duty])).findings or agent.max_blocks_per_day > 1
    ]
    yield ()
    for block in blocks:
        yield (block,)
    if agent.max_blocks_per_day > 1:
        for one, other in itertools.product(blocks, blocks):
            if one.end <= other.start:
                yield (one, other)


def _blocks(problem: Problem, agent: Agent, day: int, released: list[str]) -> Iterator[Duty]:
    instant = problem.timeline.instant_of
    opens = day * DAY_MINUTES + OPENS
    slots = int(problem.duties.latest_end[:2]) - 8
    desks: list[str | None] = [None, *released]
    for first, end in itertools.combinations(range(slots + 1), 2):
        for pattern in itertools.product((False, True), repeat=end - first):
            work = 60 * pattern.count(False)
            if work not in problem.duties.work_minutes:
                continue
            breaks = [
                SpanOfTime(start=instant(opens + 60 * (first + low)), end=instant(opens + 60 * (first + high)))
                for low, high in _stretches(pattern)
            ]
            for desk in desks:
                yield Duty(
                    agent=agent.id,
                    start=instant(opens + 60 * first),
                    end=instant(opens + 60 * end),
                    breaks=breaks,
                    place="home" if desk is None else "site",
                    desk=desk,
                )


def _stretches(pattern: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    for value, group in itertools.groupby(enumerate(pattern), key=lambda entry: entry[1]):
        members = [index for index, _ in group]
        if value:
            yield members[0], members[-1] + 1


def _serving(problem: Problem, duties: list[Duty]) -> list[Duty]:
    """The same duties with everybody at the queues that leave least uncovered, slot by slot."""
    timeline = problem.timeline
    serves: dict[int, list[Serves]] = {index: [] for index in range(len(duties))}
    for slot in range(timeline.slots):
        span = SpanOfTime(start=timeline.instant_of(60 * slot), end=timeline.instant_of(60 * slot + 60))
        working = [
            index
            for index, duty in enumerate(duties)
            if duty.start <= span.start < duty.end and not any(b.start <= span.start < b.end for b in duty.breaks)
        ]
        for index, queue in zip(working, _best_queues(problem, duties, working, slot), strict=True):
            if queue is not None:
                serves[index].append(Serves(queue=queue, start=span.start, end=span.end))
    return [duty.model_copy(update={"serves": serves[index]}) for index, duty in enumerate(duties)]


def _best_queues(problem: Problem, duties: list[Duty], working: list[int], slot: int) -> tuple[str | None, ...]:
    choices = []
    for index in working:
        agent = next(agent for agent in problem.agents if agent.id == duties[index].agent)
        own = [queue for queue in problem.queues if queue.id in agent.queues]
        choices.append([None, *(q.id for q in own if q.home_allowed or duties[index].place == "site")])

    def uncovered(chosen: tuple[str | None, ...]) -> float:
        cost = 0.0
        for entry in problem.demand:
            rank = slot - problem.timeline.minute_of(entry.start) // 60
            required = entry.required[rank] if 0 <= rank < len(entry.required) else 0
            weight = next(queue.weight for queue in problem.queues if queue.id == entry.queue)
            missing = max(0, required - chosen.count(entry.queue))
            cost += weight * (missing + missing**2 / required) if required else 0.0
        return cost

    return min(itertools.product(*choices), key=uncovered)


def _roster(problem: Problem, released: list[str], duties: list[Duty]) -> Roster:
    return Roster(
        format="roster/1",
        site=problem.site.id,
        first_day=problem.horizon.first_day,
        released_desks=released,
        duties=duties,
        tiers=Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0),
        missing_agent_minutes=0,
        required_agent_minutes=0,
    )
