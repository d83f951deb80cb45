"""What is built from a site that was made from a file is what the file says."""

from __future__ import annotations

import json
from datetime import date
from importlib import import_module

import pytest
from sqlmodel import Session, col, select

from app.db import Database
from app.errors import RefusedError
from app.models import DatedWindow, ExceptionKind, Queue, Role, Site
from app.problem_builder import build_problem
from app.services import weeks
from app.services.audit import Actor
from app.services.site_creation import create_site, letters_of
from app.services.site_file import site_file_faults
from app.services.site_windows import dated_windows
from solver.problem import Problem
from solver.reading import parse_problem
from solver.timeline import union
from tests.app import build
from tests.app.site_files import AUTUMN, TERMS, content, person, rows_stored
from tests.solver import build as files


def generated(kind: str, agents: int = 20) -> Problem:
    problems = import_module("bench.problems")
    return parse_problem(json.dumps(problems.make_problem(problems.KINDS[kind], agents, seed=3)))


def built(session: Session, problem: Problem) -> Problem:
    """The first week of the file, made from the rows that were made from the file."""
    site = create_site(session, build.SYSTEM, build.NOW, problem, TERMS)
    week = weeks.create(session, build.SYSTEM, build.NOW, site.id, problem.horizon.first_day)
    return build_problem(session, week)


def windows(problem: Problem, agent_id: str, days: int) -> dict[str, list[tuple[int, int]]]:
    """Elapsed minutes of an agent's windows within the first days, by kind."""
    own = next(agent for agent in problem.agents if agent.id == agent_id)
    timeline = problem.timeline
    last = timeline.day_start_minutes[days]
    spans: dict[str, list[tuple[int, int]]] = {"blocked": [], "undesired": [], "preferred": []}
    for window in own.availability:
        start, end = max(0, timeline.minute_of(window.start)), min(last, timeline.minute_of(window.end))
        spans[window.kind] += [(start, end)] if start < end else []
    return {kind: union(found) for kind, found in spans.items()}


def partners(problem: Problem) -> dict[frozenset[str], int]:
    found = [
        (frozenset((agent.id, partner.agent)), partner.handover_minutes)
        for agent in problem.agents
        for partner in agent.not_together_with
    ]
    return {pair: max(minutes for other, minutes in found if other == pair) for pair, _ in found}


@pytest.mark.parametrize("kind", ["week", "spring", "autumn", "santiago", "mixed", "home", "blocks", "month"])
def test_what_is_built_from_the_site_is_what_the_file_says(sqlite_url: str, kind: str) -> None:
    database = Database(sqlite_url)
    problem = generated(kind)
    assert site_file_faults(problem) == []
    with database.transaction() as session:
        again = built(session, problem)
    database.dispose()
    require_alike(problem, again)


def test_both_databases_hold_the_same(database: Database) -> None:
    problem = generated("mixed", agents=12)
    with database.transaction() as session:
        require_alike(problem, built(session, problem))


def require_alike(problem: Problem, again: Problem) -> None:
    assert (again.site, again.hygiene, again.queues) == (problem.site, problem.hygiene, problem.queues)
    assert (again.duties, again.labour) == (problem.duties, problem.labour)
    assert again.horizon.slot_minutes == problem.horizon.slot_minutes
    assert again.rooms == problem.rooms
    assert again.demand == []
    assert partners(again) == partners(problem)
    stored = {agent.id: agent for agent in again.agents}
    assert len(stored) == len(problem.agents)
    for agent in problem.agents:
        found = stored[agent.id]
        left_out = {"availability", "not_together_with", "history", "fixed", "previous", "queues"}
        assert found.model_dump(exclude=left_out) == agent.model_dump(exclude=left_out)
        assert sorted(found.queues) == sorted(agent.queues)
        assert windows(again, agent.id, 7) == windows(problem, agent.id, 7)
        assert (found.history, found.fixed, found.previous) == (None, [], [])


def test_generated_files_say_what_is_compared() -> None:
    problem = generated("mixed")
    agents = problem.agents
    assert any(agent.availability for agent in agents)
    assert any(agent.usual_desk for agent in agents)
    assert any(agent.not_together_with for agent in agents)
    assert any(agent.home != "none" for agent in agents)
    assert any(agent.cohort for agent in agents)


SUNDAY = date(2020, 10, 25)


@pytest.mark.parametrize(
    ("start", "end", "kind", "clocks"),
    [
        ("2020-10-25 01:00", "2020-10-25 04:00", "blocked", [(60, 240)]),
        # The second 02:30 has no clock time of its own: the last before it is the first 02:45, the next one 03:00.
        ("2020-10-25 02:30 again", "2020-10-25 04:00", "blocked", [(165, 240)]),
        ("2020-10-25 02:30 again", "2020-10-25 04:00", "preferred", [(180, 240)]),
        ("2020-10-25 01:00", "2020-10-25 02:15 again", "undesired", [(60, 180)]),
        ("2020-10-25 01:00", "2020-10-25 02:15 again", "preferred", [(60, 165)]),
        ("2020-10-25 02:15 again", "2020-10-25 02:45 again", "preferred", []),
        # Beyond the last midnight of the file nothing is kept.
        ("2020-10-25 20:00", "2020-10-26 06:00", "blocked", [(1200, 1440)]),
    ],
)
def test_windows_become_clock_times_to_the_safe_side(
    start: str, end: str, kind: str, clocks: list[tuple[int, int]]
) -> None:
    problem = files.problem(horizon=AUTUMN, agents=[person("a", availability=[files.span(start, end, kind=kind)])])
    found = dated_windows(problem.timeline, problem.agents[0].availability)
    assert list(found.windows) == [
        DatedWindow(applies_on=SUNDAY, start_clock_minutes=first, end_clock_minutes=last, kind=ExceptionKind(kind))
        for first, last in clocks
    ]
    assert found.rounded == ("again" in start + end)
    assert found.outside == (end > "2020-10-26 00:00")


def test_a_window_over_midnight_is_one_of_each_day() -> None:
    problem = files.problem(agents=[person("a", availability=[files.span("Mon 22:00", "Wed 06:00", kind="blocked")])])
    found = dated_windows(problem.timeline, problem.agents[0].availability)
    spans = [(one.applies_on.day, one.start_clock_minutes, one.end_clock_minutes) for one in found.windows]
    assert spans == [(30, 1320, 1440), (31, 0, 1440), (1, 0, 360)]


def test_the_longer_handover_counts_and_a_week_has_seven_days(database: Database) -> None:
    first = person("a", not_together_with=[{"agent": "b", "handover_minutes": 30}], max_workdays=1000)
    second = person("b", not_together_with=[{"agent": "a", "handover_minutes": 45}])
    with database.transaction() as session:
        again = built(session, parse_problem(content(agents=[second, first])))
    assert partners(again) == {frozenset("ab"): 45}
    assert {agent.id: agent.max_workdays for agent in again.agents} == {"a": 7, "b": 7}


def test_the_files_holidays_are_the_sites(database: Database) -> None:
    with database.transaction() as session:
        again = built(session, parse_problem(content(site={"holidays": ["2020-04-10", "2020-04-01"]})))
        assert session.exec(select(Site)).one().holidays == [date(2020, 4, 1), date(2020, 4, 10)]
    assert again.site.holidays == [date(2020, 4, 1)]


def test_two_at_once_make_one_site(database: Database) -> None:
    problem = parse_problem(content())
    with database.transaction() as session:
        create_site(session, build.SYSTEM, build.NOW, problem, TERMS)
        with pytest.raises(RefusedError, match=r"create_site\.exists"):
            create_site(session, build.SYSTEM, build.NOW, problem, TERMS)
    assert rows_stored(database)["site"] == 1


def test_queues_get_letters_of_their_names() -> None:
    assert letters_of(["mobile", "music", "Mu", "überlauf", "123"]) == ["M", "U", "A", "B", "C"]
    many = letters_of([f"queue {number}" for number in range(26)])
    assert sorted(many) == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_site_can_be_used_by_its_manager(database: Database) -> None:
    with database.transaction() as session:
        site = create_site(session, build.SYSTEM, build.NOW, parse_problem(content()), TERMS)
        manager = Actor(user_id=None, role=Role.MANAGER, site_id=site.id)
        week = weeks.create(session, manager, build.NOW, site.id, date(2020, 3, 30))
        assert [line.agents for line in weeks.listed(session, site.id)] == [3]
        queues = session.exec(select(Queue).order_by(col(Queue.id))).all()
        assert [(queue.letter, queue.colour_index) for queue in queues] == [("M", 0), ("D", 1)]
        assert week.site_id == site.id
