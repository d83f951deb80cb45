"""The formulas against an independent solution and a simulation, and at their ends."""

import heapq
import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.demand.erlang import erlang_b, erlang_c, patient_queue
from solver.demand.erlang_a import impatient_queue
from solver.demand.staffing import (
    CallLoad,
    ServiceTarget,
    agents_for_occupancy,
    evaluate,
    required_agents,
    scheduled_agents,
)


def _recursive_b(load_erlang: float, agents: int) -> float:
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load_erlang * blocked / (number + load_erlang * blocked)
    return blocked


def _birth_death(load_erlang: float, aht: float, patience: float, agents: int) -> tuple[float, float, float]:
    """Wait and abandon probability and mean wait from the stationary states, each in logarithms."""
    arrivals, log_states = load_erlang / aht, [0.0]
    for state in range(1, agents + 20_000):
        leaving = min(state, agents) / aht + max(0, state - agents) / patience
        log_states.append(log_states[-1] + math.log(arrivals / leaving))
    largest = max(log_states)
    states = [math.exp(log_state - largest) for log_state in log_states]
    total = math.fsum(states)
    queue = math.fsum(max(0, number - agents) * state for number, state in enumerate(states)) / total
    return math.fsum(states[agents:]) / total, queue / patience / arrivals, queue / arrivals


@pytest.mark.parametrize(
    ("load_erlang", "agents"), [(0.3, 1), (10, 3), (10, 14), (10, 200), (500, 480), (500, 560), (5, 0)]
)
def test_erlang_b_equals_the_recursion(load_erlang: float, agents: int) -> None:
    assert erlang_b(load_erlang, agents) == pytest.approx(_recursive_b(load_erlang, agents), rel=1e-12)


def test_erlang_b_far_below_any_number_is_zero() -> None:
    assert erlang_b(10, 100_000) == 0.0
    assert erlang_c(10, 100_000) == 0.0


@pytest.mark.parametrize(
    ("load_erlang", "aht", "patience", "agents"),
    [
        (10, 180, 120, 1),
        (10, 180, 120, 10),
        (10, 180, 5, 12),
        (10, 180, 3000, 8),
        (300, 300, 60, 250),
        (300, 300, 180, 310),
        (300, 300, 900, 299),
        (0.2, 200, 60, 1),
        (12, 100, 40_000, 11),
    ],
)
def test_erlang_a_equals_the_birth_death_solution(load_erlang: float, aht: float, patience: float, agents: int) -> None:
    waiting, abandoned, wait_seconds = _birth_death(load_erlang, aht, patience, agents)
    reached = impatient_queue(load_erlang, aht, patience, agents, None)
    assert reached.wait_probability == pytest.approx(waiting, rel=1e-9)
    assert reached.abandon_probability == pytest.approx(abandoned, rel=1e-9)
    assert reached.asa_seconds == pytest.approx(wait_seconds, rel=1e-9)
    assert reached.agent_occupancy == pytest.approx(load_erlang * (1 - abandoned) / agents, rel=1e-9)


def _simulate(load: CallLoad, agents: int, within_seconds: float, calls: int) -> tuple[float, float, float]:
    """Service level over offered, abandon and wait probability of simulated calls, first come first served."""
    dice = random.Random(7)
    free_at = [0.0] * agents
    now = in_time = hung_up = waited = 0.0
    for _ in range(calls):
        now += dice.expovariate(load.calls / load.interval_seconds)
        patience = dice.expovariate(1.0 / load.patience_seconds) if load.patience_seconds else math.inf
        wait = max(0.0, free_at[0] - now)
        waited += wait > 0.0
        if wait > patience:
            hung_up += 1
            continue
        in_time += wait <= within_seconds
        heapq.heapreplace(free_at, now + wait + dice.expovariate(1.0 / load.aht_seconds))
    return in_time / calls, hung_up / calls, waited / calls


@pytest.mark.parametrize(
    ("load", "agents"),
    [
        (CallLoad(100, 1800.0, 180.0), 13),
        (CallLoad(100, 1800.0, 180.0, 120.0), 10),
        (CallLoad(100, 1800.0, 180.0, 60.0), 6),
        (CallLoad(350, 1800.0, 190.0, 150.0), 38),
    ],
)
def test_simulated_calls_fare_as_the_formula_says(load: CallLoad, agents: int) -> None:
    level, abandoned, waiting = _simulate(load, agents, 20.0, 120_000)
    reached = evaluate(load, agents, 20.0)
    assert reached.service_level == pytest.approx(level, abs=0.012)
    assert reached.abandon_probability == pytest.approx(abandoned, abs=0.006)
    assert reached.wait_probability == pytest.approx(waiting, abs=0.015)


def test_endless_patience_becomes_erlang_c() -> None:
    patient, almost = patient_queue(10.0, 180.0, 12, 20.0), impatient_queue(10.0, 180.0, 1e9, 12, 20.0)
    assert almost.service_level == pytest.approx(patient.service_level, abs=1e-6)
    assert almost.asa_seconds == pytest.approx(patient.asa_seconds, rel=1e-5)
    assert almost.wait_probability == pytest.approx(patient.wait_probability, abs=1e-6)


def test_no_patience_becomes_erlang_b() -> None:
    hasty = impatient_queue(10.0, 180.0, 0.001, 12, 20.0)
    assert hasty.abandon_probability == pytest.approx(_recursive_b(10.0, 12), rel=1e-3)
    assert hasty.service_level == pytest.approx(1.0 - _recursive_b(10.0, 12), rel=1e-3)


def test_answered_within_a_very_long_time_is_answered_at_all() -> None:
    reached = impatient_queue(10.0, 180.0, 120.0, 8, 1e7)
    assert reached.service_level == pytest.approx(1.0 - reached.abandon_probability, abs=1e-12)
    at_once = impatient_queue(10.0, 180.0, 120.0, 8, 0.0)
    assert at_once.service_level == pytest.approx(1.0 - at_once.wait_probability, abs=1e-12)


def test_overload_tends_to_what_the_agents_can_carry() -> None:
    reached = evaluate(CallLoad(12000, 1800.0, 300.0, 180.0), 1000, 20.0)
    assert reached.abandon_probability == pytest.approx(0.5, abs=1e-6)
    assert reached.agent_occupancy == pytest.approx(1.0, abs=1e-6)
    assert reached.service_level == pytest.approx(0.0, abs=1e-6)


def test_too_few_agents_for_callers_who_never_hang_up() -> None:
    for agents in (0, 9, 10):
        reached = evaluate(CallLoad(100, 1800.0, 180.0), agents, 20.0)
        assert (reached.service_level, reached.asa_seconds, reached.wait_probability) == (0.0, math.inf, 1.0)
        assert (reached.agent_occupancy, reached.abandon_probability) == (1.0, 0.0)


def test_nobody_there_and_callers_who_hang_up() -> None:
    reached = evaluate(CallLoad(100, 1800.0, 180.0, 120.0), 0, 20.0)
    assert (reached.service_level, reached.asa_seconds, reached.abandon_probability) == (0.0, 120.0, 1.0)


@pytest.mark.parametrize("patience_seconds", [None, 120.0])
def test_without_calls_nobody_is_required_and_nobody_waits(patience_seconds: float | None) -> None:
    load = CallLoad(0, 1800.0, 180.0, patience_seconds)
    assert required_agents(load, ServiceTarget(0.8, 20.0, 0.85)) == 0
    for agents in (0, 3):
        reached = evaluate(load, agents, 20.0)
        assert (reached.service_level, reached.asa_seconds, reached.agent_occupancy) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("patience_seconds", [None, 180.0])
def test_fifty_thousand_erlang_take_no_time(patience_seconds: float | None) -> None:
    load = CallLoad(300_000, 1800.0, 300.0, patience_seconds)
    target = ServiceTarget(0.8, 20.0)
    began = time.perf_counter()
    agents = required_agents(load, target)
    assert time.perf_counter() - began < 2.0
    enough, short = evaluate(load, agents, 20.0), evaluate(load, agents - 1, 20.0)
    assert enough.service_level is not None
    assert short.service_level is not None
    assert short.service_level < 0.8 <= enough.service_level


LOADS = st.builds(
    CallLoad,
    st.floats(0.1, 3000.0),
    st.just(1800.0),
    st.floats(20.0, 900.0),
    st.none() | st.floats(1.0, 5000.0),
)


@settings(max_examples=80, deadline=None)
@given(load=LOADS, level=st.floats(0.05, 0.99), within_seconds=st.floats(0.0, 120.0))
def test_required_agents_are_the_fewest(load: CallLoad, level: float, within_seconds: float) -> None:
    agents = required_agents(load, ServiceTarget(level, within_seconds))
    assert (evaluate(load, agents, within_seconds).service_level or 0.0) >= level
    assert agents == 0 or (evaluate(load, agents - 1, within_seconds).service_level or 0.0) < level


@settings(max_examples=80, deadline=None)
@given(load=LOADS, agents=st.integers(0, 400))
def test_one_more_agent_is_never_worse(load: CallLoad, agents: int) -> None:
    fewer, more = evaluate(load, agents, 20.0), evaluate(load, agents + 1, 20.0)
    assert (more.service_level or 0.0) >= (fewer.service_level or 0.0) - 1e-12
    assert more.asa_seconds <= fewer.asa_seconds * (1 + 1e-12)
    assert more.wait_probability <= fewer.wait_probability + 1e-12
    assert more.abandon_probability <= fewer.abandon_probability + 1e-12
    assert more.agent_occupancy <= fewer.agent_occupancy + 1e-12


@settings(max_examples=80, deadline=None)
@given(load=LOADS, extra=st.floats(0.0, 500.0), cap=st.none() | st.floats(0.5, 1.0))
def test_more_calls_never_require_fewer_agents(load: CallLoad, extra: float, cap: float | None) -> None:
    busier = CallLoad(load.calls + extra, load.interval_seconds, load.aht_seconds, load.patience_seconds)
    target = ServiceTarget(0.8, 20.0, cap)
    assert required_agents(busier, target) >= required_agents(load, target)


@settings(max_examples=60, deadline=None)
@given(load=LOADS, agents=st.integers(0, 3000), within_seconds=st.floats(0.0, 600.0))
def test_every_share_is_a_share(load: CallLoad, agents: int, within_seconds: float) -> None:
    reached = evaluate(load, agents, within_seconds)
    shares = (
        reached.service_level,
        reached.agent_occupancy,
        reached.wait_probability,
        reached.abandon_probability,
    )
    assert all(share is not None and 0.0 <= share <= 1.0 for share in shares)
    assert reached.asa_seconds >= 0.0


def test_rounding_errors_do_not_add_an_agent() -> None:
    for percent in range(1, 100):
        for required in range(1, 200):
            exact = -(-required * 100 // (100 - percent))
            assert scheduled_agents(required, percent / 100) == exact
    assert required_agents(CallLoad(17, 1.0, 1.0), ServiceTarget(0.01, 1e6, max_agent_occupancy=0.85)) == 20
    # 22.1 Erlang are exactly 26 agents at 85 %; plain division says 26.000000000000004.
    assert agents_for_occupancy(CallLoad(221, 1800.0, 180.0), 0.85) == 26
