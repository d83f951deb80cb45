"""Searches that count seats and share the site out keep every rule, however small the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from solver.arrays import NO_LIMIT, Compiled
from solver.checks import judge
from solver.compiled_desks import pool_seats
from solver.compiling import compile_problem
from solver.fixed import completed_fixed
from solver.layout import plan_layout
from solver.problem import Problem, Window
from solver.search import engine
from solver.search.engine import phases
from solver.search.parts import draw_groups, part_of, share_required
from solver.search.rounds import Round
from solver.search.worker import Worker
from solver.solve import solve
from tests.solver.search_problems import problems

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def _as_if_large() -> Iterator[None]:
    """Let every site count its seats, and draw new parts every few moves."""
    with (
        mock.patch.object(engine, "AGENTS_ON_SEATS", 1),
        mock.patch.object(engine, "CHUNK_MOVES", 8),
        mock.patch.object(engine, "PART_CHUNKS", 1),
    ):
        yield


def _compiled(problem: Problem) -> Compiled:
    fixed = completed_fixed(problem, plan_layout(problem, time_limit_seconds=10))
    return compile_problem(problem, fixed.released, fixed.blocks)


def _drafted(problem: Problem) -> Worker:
    compiled = _compiled(problem)
    assume(compiled.arrays.agents > 0 and problem.objectives)
    pool_seats(compiled)
    worker = Worker(compiled, 0)
    worker.count_seats(0.1)
    worker.draft(phases(compiled)[0].weights, np.arange(compiled.arrays.agents, dtype=np.int32))
    worker.keep()
    return worker


@QUICK
@given(problems(), st.integers(1, 3))
def test_a_roster_found_on_counted_seats_keeps_every_rule(problem: Problem, workers: int) -> None:
    with _as_if_large():
        roster = solve(problem, iterations=60, workers=workers)
    verdict = judge(problem, roster)
    assert verdict.findings == ()
    assert roster.tiers == verdict.tiers


@QUICK
@given(problems())
def test_the_same_seed_and_workers_give_the_same_roster(problem: Problem) -> None:
    with _as_if_large():
        first, second = (solve(problem, iterations=60, workers=2, seed=3).model_dump_json() for _turn in range(2))
    assert first == second


@QUICK
@given(problems())
def test_no_pool_ever_holds_more_than_its_seats(problem: Problem) -> None:
    worker = _drafted(problem)
    arrays = worker.compiled.arrays
    alone = arrays.blocks.max() < 2  # two duties of one person may share a desk without cleaning
    fixed = Worker(worker.compiled, 0).state.pool_load
    if alone:
        assert (worker.state.pool_load <= np.maximum(arrays.pool_cap, fixed)).all()


@QUICK
@given(problems(), st.integers(2, 3))
def test_parts_share_out_all_that_is_required_and_all_seats(problem: Problem, count: int) -> None:
    worker = _drafted(problem)
    arrays = worker.compiled.arrays
    groups = draw_groups(arrays, count, np.random.default_rng(1))
    parts = [part_of(worker.compiled, agents) for agents in groups]
    share_required(arrays, worker.state, groups, parts, 1)
    assert sorted(np.concatenate(groups).tolist()) == list(range(arrays.agents))
    assert (sum(part.arrays.required for part in parts) >= arrays.required).all()
    drawn = Round(worker, count, 0, 1)
    seats = np.array([part.compiled.arrays.pool_cap for part in drawn.workers], dtype=np.int64).sum(axis=0)
    limited = arrays.pool_cap < NO_LIMIT
    assert np.array_equal(seats[limited], np.maximum(arrays.pool_cap, worker.state.pool_load)[limited])


@QUICK
@given(problems(), st.integers(2, 3))
def test_a_round_without_moves_changes_nothing_and_none_makes_it_worse(problem: Problem, count: int) -> None:
    worker = _drafted(problem)
    tiers, blocks = worker.state.tiers.copy(), worker.state.blocks.copy()
    Round(worker, count, 0, 1).end()
    assert np.allclose(worker.state.tiers, tiers)
    assert (worker.state.blocks == blocks).all()
    drawn = Round(worker, count, 0, 2)
    phase = phases(worker.compiled)[0]
    for part in drawn.workers:
        part.moves(phase, 0.5, 5.0, 50)
    drawn.end()
    assert worker.state.tiers[0] <= tiers[0] + 1e-6


@QUICK
@given(problems())
def test_care_partners_stay_in_one_part(problem: Problem) -> None:
    arrays = _compiled(problem).arrays
    groups = draw_groups(arrays, 2, np.random.default_rng(5))
    number = {agent: index for index, agents in enumerate(groups) for agent in agents.tolist()}
    for agent in range(arrays.agents):
        for other in arrays.partner[arrays.partner_start[agent] : arrays.partner_start[agent + 1]].tolist():
            assert number[other] == number[agent]


@QUICK
@given(problems(), st.integers(1, 30))
def test_a_window_that_is_over_before_the_first_day_changes_nothing(problem: Problem, hours: int) -> None:
    assume(problem.agents)
    first_slot = problem.timeline.instant_of(0)
    window = Window(
        start=first_slot - timedelta(hours=hours + 1), end=first_slot - timedelta(hours=hours), kind="blocked"
    )
    before, *others = problem.agents
    agent = before.model_copy(update={"availability": [*before.availability, window]})
    longer = problem.model_copy(update={"agents": [agent, *others]})
    assert solve(longer, iterations=8, workers=1).duties == solve(problem, iterations=8, workers=1).duties
