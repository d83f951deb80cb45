"""Values that others have published or computed, against ours."""

import csv
from pathlib import Path
from typing import Any

import pytest

from solver.demand.erlang import erlang_b, erlang_c, lines_for_blocking
from solver.demand.staffing import CallLoad, ServiceTarget, evaluate, required_agents

VECTORS = Path(__file__).parents[3].parent / "shared" / "data" / "erlang" / "published_vectors.csv"


def _number(row: dict[str, str], name: str) -> float | None:
    return float(row[name]) if row[name] else None


def _ours(row: dict[str, str]) -> float:
    load = CallLoad(
        float(row["calls_per_interval"]), float(row["interval_s"]), float(row["aht_s"]), _number(row, "patience_s")
    )
    agents = int(row["agents"] or 0)
    quantity = row["quantity"]
    if quantity == "p_block":
        return erlang_b(load.erlang, agents)
    if quantity == "required_lines_block<=2%":
        return lines_for_blocking(load.erlang, 0.02)
    if quantity == "required_agents(asa<=120s)":
        return required_agents(load, ServiceTarget(max_asa_seconds=120.0))
    if quantity == "required_agents":
        target = ServiceTarget(float(row["target_sl"]), float(row["threshold_s"]), _number(row, "max_occupancy"))
        return required_agents(load, target)
    reached = evaluate(load, agents, _number(row, "threshold_s"))
    arrivals_per_second = load.calls / load.interval_seconds
    figures: dict[str, Any] = {
        "p_wait": reached.wait_probability,
        "p_abandon": reached.abandon_probability,
        "service_level": reached.service_level,
        "service_level_offered": reached.service_level,
        "asa_s": reached.asa_seconds,
        "mean_wait_all_s": reached.asa_seconds,
        "occupancy": reached.agent_occupancy,
        "E[Q]": arrivals_per_second * reached.asa_seconds,  # Little's law
    }
    return float(figures[quantity])


def test_every_published_value_is_met_within_its_tolerance() -> None:
    if not VECTORS.exists():
        pytest.skip("needs the published values at ../shared/data/erlang/published_vectors.csv")
    with VECTORS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missed = [
        (row, ours) for row in rows if not abs((ours := _ours(row)) - float(row["expected"])) <= float(row["tolerance"])
    ]
    assert rows
    assert missed == []


# R's ErlangC and a German worked example (maki-mono.de); the large one was computed apart with incomplete gammas.
@pytest.mark.parametrize(
    ("calls", "aht_seconds", "within_seconds", "agents", "blocked", "waiting", "level", "asa_seconds"),
    [
        (100, 180, 20, 14, 0.056819143386520866, 0.17413193359504983, 0.8883500191794669, 7.835937011777243),
        (350, 190, 20, 42, 0.053735, 0.320545, 0.811733, 12.046857),
        (350, 190, 15, 45, 0.028498, 0.140794, 0.925460, 3.320807),
        (120, 300, 30, 24, 0.066097, 0.298072, 0.800196, 22.355422),
        (12000, 300, 20, 2017, 0.012650, 0.603189, 0.805798, 10.644506),
    ],
)
def test_erlang_c_as_computed_elsewhere(
    calls: float,
    aht_seconds: float,
    within_seconds: float,
    agents: int,
    blocked: float,
    waiting: float,
    level: float,
    asa_seconds: float,
) -> None:
    load = CallLoad(calls, 1800.0, aht_seconds)
    reached = evaluate(load, agents, within_seconds)
    assert erlang_b(load.erlang, agents) == pytest.approx(blocked, abs=6e-7)
    assert erlang_c(load.erlang, agents) == pytest.approx(waiting, abs=6e-7)
    assert reached.service_level == pytest.approx(level, abs=6e-7)
    assert reached.asa_seconds == pytest.approx(asa_seconds, abs=6e-7)


def test_first_published_row_is_met_to_the_last_digits() -> None:
    reached = evaluate(CallLoad(100, 1800.0, 180), 14, 20.0)
    assert reached.service_level == pytest.approx(0.8883500191794669, rel=1e-14)
    assert reached.asa_seconds == pytest.approx(7.835937011777243, rel=1e-13)


@pytest.mark.parametrize(
    ("load_erlang", "agents", "blocked"), [(2000, 2050, 0.005446318868931657), (9900, 10000, 0.00285812673885678)]
)
def test_large_groups_neither_overflow_nor_lose_digits(load_erlang: float, agents: int, blocked: float) -> None:
    assert erlang_b(load_erlang, agents) == pytest.approx(blocked, rel=1e-11)


@pytest.mark.parametrize(
    ("calls", "aht_seconds", "patience_seconds", "agents", "waiting", "abandoned", "asa_seconds", "busy", "level"),
    [
        (100, 180, 120, 10, 0.496853, 0.137464, 16.495659, 0.862536, 0.639941),
        (100, 180, 120, 12, 0.279807, 0.061597, 7.391685, 0.782002, 0.825583),
        (350, 190, 150, 38, 0.428602, 0.056082, 8.412340, 0.917698, 0.789888),
        (1200, 300, 180, 200, 0.447158, 0.031775, 5.719564, 0.968225, 0.877135),
    ],
)
def test_erlang_a_as_computed_elsewhere(
    calls: float,
    aht_seconds: float,
    patience_seconds: float,
    agents: int,
    waiting: float,
    abandoned: float,
    asa_seconds: float,
    busy: float,
    level: float,
) -> None:
    reached = evaluate(CallLoad(calls, 1800.0, aht_seconds, patience_seconds), agents, 20.0)
    assert reached.wait_probability == pytest.approx(waiting, abs=1e-6)
    assert reached.abandon_probability == pytest.approx(abandoned, abs=1e-6)
    assert reached.asa_seconds == pytest.approx(asa_seconds, abs=1e-5)
    assert reached.agent_occupancy == pytest.approx(busy, abs=1e-6)
    assert reached.service_level == pytest.approx(level, abs=1e-6)


def test_agents_at_80_in_20_for_two_thousand_erlang() -> None:
    load = CallLoad(12000, 1800.0, 300)
    assert required_agents(load, ServiceTarget(0.8, 20.0)) == 2017
    assert required_agents(load, ServiceTarget(0.8, 20.0, max_agent_occupancy=0.88)) == 2273
