"""What stands beside the product: problems to compare with, the plain model, the table."""

import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ortools.sat.python import cp_model

from solver.checks import judge
from solver.layout import plan_layout
from solver.reading import parse_problem, read_problem

BENCH = Path(__file__).parents[2] / "bench"
KINDS = (
    "arrivals", "autumn", "barred", "blocks", "breaks", "cohort-days", "day", "five", "home", "hour", "mixed",
    "month", "replan", "rooms", "santiago", "scarce", "short", "sites", "spring", "ten", "ten-days", "week",
)  # fmt: skip


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a module of the folder as its commands do."""
    monkeypatch.syspath_prepend(str(BENCH))

    def module(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield module
    for name in ("problems", "compare", "plain_cpsat", "agents_model", "call_model", "previous_model", "rooms_model"):
        sys.modules.pop(name, None)


def test_all_kinds_are_tried(bench: Any) -> None:
    assert tuple(sorted(bench("problems").KINDS)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_valid_problem(bench: Any, kind: str) -> None:
    problems = bench("problems")
    for seed in range(3):
        made = parse_problem(problems.make_problem(problems.KINDS[kind], 12, seed))
        assert len(made.agents) == 12
        assert sum(sum(entry.required) for entry in made.demand) > 0


def test_the_same_seed_is_the_same_problem_and_another_is_not(bench: Any, tmp_path: Path) -> None:
    problems = bench("problems")

    def written(seed: int) -> bytes:
        path = tmp_path / "problem.json.gz"
        problems.write_problem(problems.make_problem(problems.KINDS["mixed"], 20, seed), path)
        assert read_problem(path).site.id == "unseen"
        return path.read_bytes()

    assert written(1) == written(1) != written(2)


def test_special_kinds_have_what_they_promise(bench: Any) -> None:
    problems = bench("problems")

    def made(kind: str) -> Any:
        return parse_problem(problems.make_problem(problems.KINDS[kind], 60, 1))

    assert made("spring").timeline.minutes == 7 * 1440 - 60
    assert made("autumn").timeline.minutes == 7 * 1440 + 60
    assert any(agent.previous for agent in made("replan").agents)
    assert made("rooms").hygiene.cohort_rule == "same_room"
    assert len({agent.cohort for agent in made("rooms").agents}) > 3
    assert any(agent.not_together_with for agent in made("blocks").agents)
    assert made("arrivals").hygiene.max_arrivals_per_slot == 3
    assert any(agent.fixed for agent in made("week").agents)
    assert any(room.partitions for room in made("week").rooms)
    scarce = made("scarce")
    assert sum(len(room.desks) for room in scarce.rooms) == 12


def test_required_agents_are_those_of_published_tables(bench: Any) -> None:
    # 10 Erlang, mean handling time 180 s, 80 % in 20 s: 14 agents answer 88.8 % in time, 13 answer 79.6 %; by Erlang C.
    assert bench("call_model").required_agents(10.0) == 14
    assert bench("call_model").required_agents(0.0) == 0
    # The occupancy decides for large groups: 100 / 0.85 is 117.6.
    assert bench("call_model").required_agents(100.0) == 118


def small_problem(bench: Any, kind: str, folder: Path) -> Path:
    """Three people and two days of a kind: solved in moments."""
    problems = bench("problems")
    path = folder / f"{kind}.json"
    problems.write_problem(problems.make_problem(replace(problems.KINDS[kind], days=2, load_share=0.5), 3, 3), path)
    return path


@pytest.mark.parametrize("kind", ["replan", "rooms", "cohort-days", "breaks"])
def test_the_plain_model_keeps_every_rule(bench: Any, tmp_path: Path, kind: str) -> None:
    plain_cpsat = bench("plain_cpsat")
    read = read_problem(small_problem(bench, kind, tmp_path))
    layout = plan_layout(read)
    plain = plain_cpsat.PlainModel(read, layout)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 30
    solver.parameters.stop_after_first_solution = kind == "breaks"
    solver.parameters.relative_gap_limit = 0.2
    solver.solve(plain.model)
    roster = plain_cpsat.roster_of(plain, layout, solver, 0.0)
    assert judge(read, roster).findings == ()
    assert kind == "breaks" or roster.missing_agent_minutes < roster.required_agent_minutes


def test_the_table_has_a_row_for_each_solver_and_the_ratio(bench: Any) -> None:
    compare = bench("compare")
    ours = compare.Run("ours", 10.2, 300.4, 0, 1000.0, 10.0, 20.0, 15.0, 500.0)
    plain = compare.Run("plain", 11.0, 900.0, 2, 1000.0, 100.0, 200.0)
    assert compare.row("x", ours, ours) == "| x | ours | 10 | 300 | 1.00 | 20 | 15 | 0.50 | kept | 1.00 |"
    assert compare.row("x", plain, ours) == "| x | plain | 11 | 900 | 10.00 | 200 | 15 | 18.50 | 2 findings | 10.00 |"
    assert compare.row("x", compare.Run("plain", 11.0, 9.0), ours).count("|") == len(compare.HEADINGS) + 1


def test_a_run_is_measured_and_judged(bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compare = bench("compare")
    problem = small_problem(bench, "day", tmp_path)
    read = read_problem(problem)
    nobody = {
        "format": "roster/1",
        "site": read.site.id,
        "first_day": read.horizon.first_day.isoformat(),
        "released_desks": [desk.id for room in read.rooms for desk in room.desks],
        "duties": [],
        "tiers": dict.fromkeys(("shortfall", "changes", "site_presence", "contract_minutes", "wishes"), 0),
        "missing_agent_minutes": 0,
        "required_agent_minutes": 0,
        "bound": {"shortfall": 12.5},
    }
    script = tmp_path / "write.py"
    script.write_text(f"import sys; open(sys.argv[1], 'w').write({json.dumps(json.dumps(nobody))}); print('noise')")
    monkeypatch.setattr(compare, "command", lambda *given: [sys.executable, str(script), str(given[2])])
    made = compare.run("ours", compare.ROOT, problem, 5.0, 2)
    assert (made.bound, made.missing) == (12.5, made.required)
    assert made.shortfall == pytest.approx(2 * made.required)
    assert 1 < made.peak_mb < 1000
    # Desks that are too close to each other, some of them blocked: the judge has seen them.
    assert made.findings > 0


def test_no_roster_is_said_so(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    compare = bench("compare")
    monkeypatch.setattr(compare, "command", lambda *_: [sys.executable, "-c", "raise SystemExit('out of breath')"])
    made = compare.run("plain", compare.ROOT, tmp_path / "none.json", 5.0, 2)
    assert made.shortfall is None
    assert "out of breath" in capsys.readouterr().err


def test_commands_get_equal_time_and_cores(bench: Any) -> None:
    compare = bench("compare")
    for solver in ("ours", "plain"):
        words = compare.command(solver, Path("p"), Path("r"), 7.0, 2)
        assert words[-4:] == ["--time-limit", "7.0", "--workers", "2"]
        assert words[words.index("-o") + 1] == "r"
