"""Planning again: nothing is touched without need, and what must change stays small."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from solver.compiling import compile_problem
from solver.layout import plan_layout
from solver.problem import Duty, PreviousDuty, Problem, Window
from solver.published import published_tours
from solver.reading import read_problem
from solver.roster import Roster
from solver.solve import solve
from tests.solver import build

INSTANCES = Path(__file__).resolve().parents[2].parent / "shared" / "instances"
needs_instances = pytest.mark.skipif(not INSTANCES.is_dir(), reason="needs ../shared/instances beside the checkout")


FOUR_HOURS = {"work_minutes": [240], "start_step_minutes": 60, "max_break_minutes": 0}


def without_windows(problem: Problem) -> Problem:
    """The problem before anybody was blocked in a published duty."""
    agents = []
    for agent in problem.agents:
        kept = [window for window in agent.availability if not hits(agent.previous, window)]
        agents.append(agent.model_copy(update={"availability": kept}))
    return problem.model_copy(update={"agents": agents})


def hits(duties: list[PreviousDuty], window: Window) -> bool:
    return window.kind == "blocked" and any(duty.start < window.end and window.start < duty.end for duty in duties)


def published_duties(problem: Problem) -> list[Duty]:
    return [
        Duty(**{**duty.model_dump(), "agent": agent.id})
        for agent in problem.agents
        for duty in sorted(agent.previous, key=lambda duty: duty.start)
    ]


@needs_instances
def test_a_published_roster_of_a_large_site_stays_to_the_last_desk_and_queue() -> None:
    problem = without_windows(read_problem(INSTANCES / "s200-replan.json"))
    roster = solve(problem, iterations=64, workers=1)
    assert roster.duties == published_duties(problem)
    assert roster.tiers.changes == 0


@needs_instances
def test_where_one_agent_cannot_come_little_else_changes() -> None:
    problem = without_windows(read_problem(INSTANCES / "s200-replan.json"))
    duty = problem.agents[0].previous[0]
    window = Window(start=duty.start, end=duty.end, kind="blocked")
    first = problem.agents[0].model_copy(update={"availability": [*problem.agents[0].availability, window]})
    roster = solve(problem.model_copy(update={"agents": [first, *problem.agents[1:]]}), iterations=64, workers=1)
    lost = (duty.end - duty.start).total_seconds() / 60
    published = sum((one.end - one.start).total_seconds() / 60 for one in published_duties(problem))
    assert lost <= roster.tiers.changes < 0.15 * published


def two_agents(**of_first: Any) -> Problem:
    previous = [build.span(f"{day} 08:00", f"{day} 12:00", place="site", desk="e1") for day in ("Mon", "Tue")]
    agents = [
        build.agent("a", max_blocks_per_day=1, previous=previous, availability=of_first.pop("availability", [])),
        build.agent("b", max_blocks_per_day=1),
    ]
    return build.problem(agents=agents, duties=FOUR_HOURS, **of_first)


def test_only_the_duty_that_became_impossible_goes() -> None:
    window = build.span("Mon 08:00", "Mon 12:00", kind="blocked")
    roster = solve(two_agents(availability=[window]), iterations=64, workers=1)
    assert [(duty.agent, duty.start) for duty in roster.duties] == [
        ("a", datetime.fromisoformat(build.at("Tue 08:00")))
    ]
    assert roster.tiers.changes == 240


def test_who_sat_at_a_desk_that_was_closed_sits_elsewhere_at_the_same_time() -> None:
    rooms = [build.room("east", [build.desk("e1", 0, blocked=True), build.desk("e2", 2)])]
    roster = solve(two_agents(rooms=rooms), iterations=64, workers=1)
    assert [duty.desk for duty in roster.duties] == ["e2", "e2"]
    assert roster.tiers.changes == 0


def test_a_little_more_required_is_seen_where_somebody_idle_could_serve_it() -> None:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri")
    busy = [
        build.span(
            f"{day} 08:00",
            f"{day} 12:00",
            place="home",
            serves=[build.span(f"{day} 08:00", f"{day} 12:00", queue="mobile")],
        )
        for day in days
    ]
    idle = [build.span("Mon 08:00", "Mon 12:00", place="home")]
    agents = [
        build.agent("a", max_blocks_per_day=1, previous=busy),
        build.agent("b", max_blocks_per_day=1, previous=idle),
    ]
    demand = [build.demand(f"{day} 08:00", ([2, 2] if day == "Mon" else [1, 1]) + [1] * 14) for day in days]
    roster = solve(build.problem(agents=agents, demand=demand, duties=FOUR_HOURS), iterations=64, workers=1)
    assert roster.missing_agent_minutes == 0
    assert roster.tiers.changes == 0


def published_starts(problem: Problem) -> dict[int, list[tuple[int, int]]]:
    """Start in hours and desk of the duties that the search begins with, by agent."""
    layout = plan_layout(problem, time_limit_seconds=5)
    compiled = compile_problem(problem, layout.released, {})

    def draft(duties: Sequence[Duty]) -> Roster:
        return build.roster(problem, [], released_desks=list(layout.released)).model_copy(
            update={"duties": list(duties)}
        )

    tours = published_tours(problem, compiled, draft)
    return {agent: [(block.start // 4, block.desk) for block in tour] for agent, tour in tours.items()}


def test_the_search_begins_with_the_days_that_are_still_possible() -> None:
    window = build.span("Mon 08:00", "Mon 12:00", kind="blocked")
    assert published_starts(two_agents(availability=[window])) == {0: [(32, 0)]}


def test_the_search_begins_with_another_desk_where_the_published_one_was_closed() -> None:
    rooms = [build.room("east", [build.desk("e1", 0, blocked=True), build.desk("e2", 2)])]
    assert published_starts(two_agents(rooms=rooms)) == {0: [(8, 0), (32, 0)]}
