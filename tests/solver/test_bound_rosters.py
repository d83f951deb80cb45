"""No roster that keeps the rules beats the bound: over the whole format, nights and clock changes included."""

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.bound.coverage import required_agents
from solver.checks import judge
from solver.layout import plan_layout
from solver.problem import Duty, FixedDuty, Problem, SpanOfTime
from tests.solver.bounding import SHAPES, TOLERANCE, bound_of, dates, proven
from tests.solver.brute_force import _roster
from tests.solver.build import LAW, agent, at, demand, desk, problem, room


def wide_problem(draw: random.Random) -> Problem:
    slot = draw.choice((15, 30, 60))
    first_day = draw.choice(("2020-03-30", "2020-03-28", "2020-10-24"))
    days = draw.choice((1, 2, 3, 8))
    agents = [wide_agent(draw, f"a{number}", first_day, days) for number in range(draw.randint(1, 5))]
    night = draw.random() < 0.4
    dsl = {"id": "dsl", "home_allowed": draw.choice((True, False))}
    return problem(
        horizon={"first_day": first_day, "days": days, "slot_minutes": slot},
        rooms=[
            room("east", [desk("e1", 0, features=["quiet"]), desk("e2", 1)], max_persons=draw.choice((None, 1))),
            room("west", [desk("w1", 0)]),
        ],
        hygiene={
            "min_distance_m": draw.choice((None, 1.5)),
            "max_persons_on_site": draw.choice((None, 1, 2)),
            "cleaning_gap_minutes": draw.choice((0, slot)),
            "max_arrivals_per_slot": draw.choice((None, 1)),
            "cohort_rule": draw.choice(("none", "same_room", "same_site", "same_day")),
        },
        queues=[{"id": "mobile", "weight": draw.choice((1.0, 0.8))}, dsl],
        demand=[
            demand(f"{on} 08:00", [draw.choice((0, 1, 2, 3)) for _ in range(10 * 60 // slot)], queue)
            for on in dates(first_day, days)
            for queue in ("mobile", "dsl")
        ],
        duties={
            **SHAPES,
            "earliest_start": "00:00" if night else "06:00",
            "latest_end": "30:00" if night else "22:00",
            "break_edge_minutes": draw.choice((0, 60)),
            "work_minutes": draw.choice(([240, 360], [120, 180, 480], [60, 240])),
        },
        labour={**LAW, "min_break_part_minutes": draw.choice((15, 30)), "max_run_minutes": draw.choice((240, 360)),
                "free_days": [], "max_consecutive_workdays": draw.choice((2, 6))},
        agents=agents,
    )  # fmt: skip


def wide_agent(draw: random.Random, name: str, first_day: str, days: int) -> dict[str, Any]:
    content = agent(
        name,
        queues=draw.choice((["mobile"], ["dsl"], ["mobile", "dsl"])),
        weekly_minutes={"min": 0, "max": draw.choice((480, 1200, 2400))},
        max_workdays=draw.choice((2, 5)),
        max_blocks_per_day=draw.choice((1, 1, 2, 3)),
        home=draw.choice(("none", "none", "allowed", "preferred", "only")),
        cohort=draw.choice((None, "A", "B")),
        desk_needs=draw.choice(([], [], ["quiet"])),
        limits=draw.choice(({}, {"max_work_minutes_per_day": 360}, {"earliest_start": "09:00", "latest_end": "18:00"})),
    )
    on = draw.choice(dates(first_day, days))
    if draw.random() < 0.4:
        content["availability"] = [{"start": at(f"{on} 10:00"), "end": at(f"{on} 13:00"), "kind": "blocked"}]
    if draw.random() < 0.4:
        day_before = str(np.datetime64(first_day) - 1)
        content["history"] = {"last_end": at(f"{day_before} 22:00"), "consecutive_workdays": draw.choice((0, 1, 2, 6))}
    return content


def some_duties(draw: random.Random, problem: Problem, attempts: int) -> list[Duty]:
    """A roster made by adding drawn duties one by one, each kept only if nothing is broken."""
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    desks = list(plan_layout(problem).released)
    kept: list[Duty] = []
    for _ in range(attempts):
        person = draw.choice(problem.agents)
        work, pause = draw.choice(problem.duties.work_minutes), draw.choice((0, 30, 30, 60)) // slot * slot
        start = draw.randrange(0, timeline.minutes, 60)
        end = start + work + pause
        if end > timeline.minutes:
            continue
        middle = start + work // 2 // slot * slot
        pauses = [SpanOfTime(start=timeline.instant_of(middle), end=timeline.instant_of(middle + pause))]
        home = person.home == "only" or (person.home != "none" and draw.random() < 0.5)
        if not home and not desks:
            continue
        new = Duty(
            agent=person.id,
            start=timeline.instant_of(start),
            end=timeline.instant_of(end),
            breaks=pauses if pause else [],
            place="home" if home else "site",
            desk=None if home else draw.choice(desks),
        )
        if not judge(problem, _roster(problem, desks, [*kept, new])).findings:
            kept.append(new)
    return kept


def served(problem: Problem, duties: list[Duty]) -> list[Duty]:
    """Everybody at the first of their queues that still lacks somebody, slot by slot."""
    timeline, slot = problem.timeline, problem.horizon.slot_minutes
    lacking = dict(np.ndenumerate(required_agents(problem)))
    row_of = {queue.id: (row, queue) for row, queue in enumerate(problem.queues)}
    queues_of = {person.id: person.queues for person in problem.agents}
    done = []
    for duty in duties:
        serves = []
        for index in range(timeline.minute_of(duty.start) // slot, timeline.minute_of(duty.end) // slot):
            moment = SpanOfTime(start=timeline.instant_of(index * slot), end=timeline.instant_of((index + 1) * slot))
            if any(pause.start <= moment.start < pause.end for pause in duty.breaks):
                continue
            for name in queues_of[duty.agent]:
                row, queue = row_of[name]
                if lacking[row, index] > 0 and (duty.place == "site" or queue.home_allowed):
                    lacking[row, index] -= 1
                    serves.append({"queue": name, "start": moment.start, "end": moment.end})
                    break
        done.append(Duty.model_validate({**duty.model_dump(), "serves": serves}))
    return done


def fixing(problem: Problem, duties: list[Duty], draw: random.Random) -> Problem:
    """The same problem with some duties of a roster fixed, breaks named or not."""
    fixed: dict[str, list[FixedDuty]] = {}
    for duty in duties:
        if draw.random() < 0.4:
            named = duty.breaks if draw.random() < 0.5 else None
            entry = FixedDuty(start=duty.start, end=duty.end, place=duty.place, breaks=named)
            fixed.setdefault(duty.agent, []).append(entry)
    agents = [person.model_copy(update={"fixed": fixed.get(person.id, [])}) for person in problem.agents]
    return problem.model_copy(update={"agents": agents})


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_no_roster_that_keeps_the_rules_beats_the_bound(seed: int) -> None:
    draw = random.Random(seed)
    drawn = wide_problem(draw)
    duties = some_duties(draw, drawn, 60)
    drawn = fixing(drawn, duties, draw)
    verdict = judge(drawn, _roster(drawn, list(plan_layout(drawn).released), served(drawn, duties)))
    assert verdict.findings == ()
    least_shortfall, least_missing = proven(drawn, iterations=6)
    assert least_shortfall <= verdict.tiers.shortfall + TOLERANCE
    assert least_missing <= verdict.missing_agent_minutes


def test_the_same_number_of_rounds_proves_the_same() -> None:
    drawn = wide_problem(random.Random(4))
    assert bound_of(drawn, iterations=4) == bound_of(drawn, iterations=4)
