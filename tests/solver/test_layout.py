import csv
import itertools
import json
import math
import random
import time
from pathlib import Path
from typing import Any

import pytest

from solver.__main__ import main
from solver.layout import clique_bound, conflicts, desk_liking, plan_layout
from solver.problem import Problem

SHARED = Path(__file__).parents[3] / "shared"
SEATS = SHARED / "data" / "seating" / "real_room_199_seats.csv"


def site(desks: list[dict[str, Any]], **changes: Any) -> Problem:
    """One room with these desks; keyword ``room``, ``hygiene`` and ``agents`` change the rest."""
    room = {"id": "r", "floor": "0", "area_m2": 10_000.0, "desks": desks, **changes.get("room", {})}
    agents = [
        {"id": f"a{number}", "queues": [], "weekly_minutes": {"min": 0, "max": 0}, "max_workdays": 0, **agent}
        for number, agent in enumerate(changes.get("agents", []))
    ]
    return Problem.model_validate_json(_json({"rooms": [room], "agents": agents}, changes.get("hygiene", {})))


def _json(parts: dict[str, Any], hygiene: dict[str, Any]) -> str:
    return json.dumps(
        {
            "format": "roster-problem/1",
            "site": {"id": "s", "name": "S", "time_zone": "UTC"},
            "horizon": {"first_day": "2020-03-30", "days": 1, "slot_minutes": 60},
            "hygiene": hygiene,
            "queues": [],
            "demand": [],
            "duties": {
                "earliest_start": "06:00",
                "latest_end": "20:00",
                "start_step_minutes": 60,
                "work_minutes": [60],
                "break_edge_minutes": 0,
                "max_break_minutes": 0,
            },
            "labour": {
                "max_work_minutes_per_day": 600,
                "breaks": [],
                "min_break_part_minutes": 0,
                "max_run_minutes": 600,
                "min_rest_minutes": 0,
                "max_consecutive_workdays": 6,
                "free_days": [],
            },
            **parts,
        }
    )


def desks_at(points: list[tuple[float, float]], **more: Any) -> list[dict[str, Any]]:
    return [{"id": f"d{number:03}", "x_m": x, "y_m": y, **more} for number, (x, y) in enumerate(points)]


def largest_by_trying_all(points: list[tuple[float, float]], distance_m: float) -> int:
    for size in range(len(points), 0, -1):
        for chosen in itertools.combinations(points, size):
            if all(math.dist(one, two) >= distance_m for one, two in itertools.combinations(chosen, 2)):
                return size
    return 0


def real_seats() -> list[tuple[float, float]]:
    if not SEATS.exists():
        pytest.skip(f"needs {SEATS}")
    with SEATS.open() as lines:
        return [(float(row["x_m"]), float(row["y_m"])) for row in csv.DictReader(lines) if row["Feature"] == "seat"]


@pytest.mark.parametrize("seed", range(8))
def test_releases_as_many_as_trying_all_subsets_finds(seed: int) -> None:
    draw = random.Random(seed)
    points = [(draw.uniform(0, 5), draw.uniform(0, 5)) for _ in range(11)]
    layout = plan_layout(site(desks_at(points), hygiene={"min_distance_m": 1.7}))
    assert layout.proven
    assert len(layout.released) == layout.upper_bound == largest_by_trying_all(points, 1.7)
    place = dict(zip([f"d{number:03}" for number in range(11)], points, strict=True))
    assert all(math.dist(place[one], place[two]) >= 1.7 for one, two in itertools.combinations(layout.released, 2))


@pytest.mark.parametrize(("distance_m", "released"), [(1.8288, 63), (2.4384, 47)])
def test_real_lecture_hall_is_proven_in_two_seconds(distance_m: float, released: int) -> None:
    problem = site(desks_at(real_seats()))
    started = time.monotonic()
    layout = plan_layout(problem, distance_m=distance_m)
    assert (len(layout.released), layout.proven) == (released, True)
    assert time.monotonic() - started < 2


def test_bench_rows_at_two_metres_are_proven_in_five_seconds() -> None:
    # A square lattice of 1.6 m at 2.0 m is a chessboard: one colour of it is released.
    points = [(column * 1.6, row * 1.6) for row in range(20) for column in range(20)]
    layout = plan_layout(site(desks_at(points), hygiene={"min_distance_m": 2.0}))
    assert (len(layout.released), layout.proven) == (200, True)


@pytest.mark.parametrize(
    ("apart_m", "released"), [(1.5, 2), (1.5 - 0.9e-9, 2), (1.5 - 1.1e-9, 1), (1.4999, 1), (1.6, 2)]
)
def test_only_less_than_the_distance_is_too_close(apart_m: float, released: int) -> None:
    layout = plan_layout(site(desks_at([(0.0, 0.0), (0.0, apart_m)]), hygiene={"min_distance_m": 1.5}))
    assert len(layout.released) == released


def test_a_screen_between_two_desks_lets_both_be_used() -> None:
    desks = desks_at([(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)])
    apart = plan_layout(site(desks, hygiene={"min_distance_m": 1.5}, room={"partitions": [["d001", "d000"]]}))
    assert len(apart.released) == 2
    assert apart.rooms[0].conflicts == 1
    both = {"partitions": [["d001", "d000"], ["d001", "d002"]]}
    assert len(plan_layout(site(desks, hygiene={"min_distance_m": 1.5}, room=both)).released) == 3


def test_blocked_desks_are_neither_released_nor_in_the_way() -> None:
    desks = desks_at([(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)])
    desks[1]["blocked"] = True
    layout = plan_layout(site(desks, hygiene={"min_distance_m": 1.5}))
    assert layout.released == ("d000", "d002")
    assert layout.rooms[0].desks == 3


def test_cap_is_the_smaller_of_persons_and_area() -> None:
    def persons(area_m2: float, max_persons: int | None) -> tuple[int | None, int]:
        room = {"area_m2": area_m2, "max_persons": max_persons}
        problem = site(desks_at([(0, 0), (5, 0), (9, 0)]), room=room, hygiene={"min_area_per_person_m2": 10.0})
        layout = plan_layout(problem)
        return layout.rooms[0].cap, layout.usable_persons

    assert persons(19.99, None) == (1, 1)
    assert persons(20.0, None) == (2, 2)
    assert persons(20.0, 1) == (1, 1)
    assert persons(90.0, None) == (9, 3)
    # 3 · 0.1 is a little more than 0.3 in binary: the tolerance forgives that much.
    assert (
        plan_layout(site(desks_at([(0, 0)]), room={"area_m2": 0.3}, hygiene={"min_area_per_person_m2": 0.1}))
        .rooms[0]
        .cap
        == 3
    )


def test_without_limits_every_desk_is_released() -> None:
    layout = plan_layout(site(desks_at([(0.0, 0.0), (0.0, 0.1)])))
    assert (layout.rooms[0].cap, len(layout.released), layout.usable_persons) == (None, 2, 2)


def test_needed_features_come_before_usual_desks_and_never_cost_a_desk() -> None:
    desks = desks_at([(float(column), 0.0) for column in range(4)])  # 0-2, 0-3 or 1-3 of a row
    desks[1]["features"] = desks[3]["features"] = ["adjustable"]
    usual = [{"usual_desk": "d000"}, {"usual_desk": "d000"}, {"usual_desk": "d002"}]
    hygiene = {"min_distance_m": 1.5}
    assert plan_layout(site(desks, hygiene=hygiene, agents=usual)).released == ("d000", "d002")
    needing = [*usual, {"desk_needs": ["adjustable"]}]
    assert plan_layout(site(desks, hygiene=hygiene, agents=needing)).released == ("d001", "d003")
    at_home = [*usual, {"desk_needs": ["adjustable"], "home": "only"}]
    assert plan_layout(site(desks, hygiene=hygiene, agents=at_home)).released == ("d000", "d002")
    middle = desks_at([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)])
    middle[1]["features"] = ["adjustable"]
    needing_middle = [{"desk_needs": ["adjustable"]}] * 9
    assert plan_layout(site(middle, hygiene=hygiene, agents=needing_middle)).released == ("d000", "d002")


def test_liking_weighs_rare_desks_more() -> None:
    desks = desks_at([(float(column), 0.0) for column in range(4)])
    desks[0]["features"] = ["quiet", "adjustable"]
    desks[1]["features"] = ["adjustable"]
    agents = [{"desk_needs": ["adjustable"]}, {"desk_needs": ["quiet", "adjustable"]}, {"usual_desk": "d001"}]
    assert desk_liking(site(desks, agents=agents)) == {"d000": 15.0, "d001": 6.0}


def test_desks_that_fixed_duties_name_are_released() -> None:
    fixed = {
        "start": "2020-03-30T09:00:00+00:00",
        "end": "2020-03-30T10:00:00+00:00",
        "place": "site",
        "desk": "d001",
    }
    desks = desks_at([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)])
    layout = plan_layout(site(desks, hygiene={"min_distance_m": 1.5}, agents=[{"fixed": [fixed]}]))
    assert layout.released == ("d001",)
    assert layout.proven


def test_out_of_time_the_bound_is_honest_and_the_set_keeps_the_distance() -> None:
    draw = random.Random(5)
    points = [(draw.uniform(0, 9), draw.uniform(0, 9)) for _ in range(120)]
    problem = site(desks_at(points), hygiene={"min_distance_m": 1.5})
    hurried, proven = plan_layout(problem, time_limit_seconds=0), plan_layout(problem)
    assert proven.proven
    assert not hurried.proven
    assert len(hurried.released) <= len(proven.released) <= hurried.upper_bound < 120
    place = dict(zip([f"d{number:03}" for number in range(120)], points, strict=True))
    assert all(math.dist(place[one], place[two]) >= 1.5 for one, two in itertools.combinations(hurried.released, 2))


def test_neighbours_by_cells_are_those_of_all_pairs() -> None:
    draw = random.Random(3)
    points = [(draw.uniform(-7, 7), draw.uniform(-7, 7)) for _ in range(90)]
    room = site(desks_at(points)).rooms[0]
    for distance_m in (0.3, 1.0, 2.5, 40.0):
        near = conflicts(room, distance_m)
        for one, two in itertools.permutations(range(90), 2):
            expected = math.dist(points[one], points[two]) < distance_m
            assert (f"d{two:03}" in near[f"d{one:03}"]) == expected
    assert clique_bound(conflicts(room, 40.0)) == 1


def test_order_of_the_desks_does_not_change_how_many_are_released() -> None:
    draw = random.Random(11)
    desks = desks_at([(draw.uniform(0, 9), draw.uniform(0, 9)) for _ in range(60)])
    hygiene = {"min_distance_m": 1.5}
    first = plan_layout(site(desks, hygiene=hygiene))
    shuffled = draw.sample(desks, len(desks))
    assert len(plan_layout(site(shuffled, hygiene=hygiene)).released) == len(first.released)
    assert plan_layout(site(desks, hygiene=hygiene)) == first


def test_no_rooms_and_no_desks_are_valid() -> None:
    assert plan_layout(site([])).released == ()


def layout_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["layout", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def problem_file(tmp_path: Path) -> str:
    desks = desks_at([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (9.0, 4.0)])
    desks[3]["blocked"] = True
    hygiene = {"min_distance_m": 1.5, "min_area_per_person_m2": 10.0}
    problem = site(desks, room={"area_m2": 15.0}, hygiene=hygiene)
    path = tmp_path / "problem.json"
    path.write_text(problem.model_dump_json())
    return str(path)


def test_command_shows_each_room_and_the_site(capsys: pytest.CaptureFixture[str], problem_file: str) -> None:
    code, shown, _ = layout_command(capsys, problem_file, "--lang", "en")
    assert code == 0
    lines = [line.split() for line in shown.splitlines()]
    assert lines[1:] == [
        ["room", "floor", "desks", "cap", "released", "persons", "proven"],
        ["r", "0", "4", "1", "2", "1", "yes"],
        ["site", "4", "2", "1", "yes"],
    ]
    assert "bewiesen" in layout_command(capsys, problem_file, "--lang", "de")[1]


def test_command_tries_another_distance_as_json(capsys: pytest.CaptureFixture[str], problem_file: str) -> None:
    code, shown, _ = layout_command(capsys, problem_file, "--json", "--distance", "2.5")
    told = json.loads(shown)
    assert code == 0
    assert (told["distance_m"], told["released"], told["usable_persons"], told["proven"]) == (2.5, 1, 1, True)
    assert told["rooms"][0]["conflicts"] == 3


def test_command_draws_the_rooms(capsys: pytest.CaptureFixture[str], problem_file: str) -> None:
    drawn = layout_command(capsys, problem_file, "--sketch")[1].splitlines()
    assert drawn[-1].split() == ["O", ".", "O"]
    assert drawn[-11].strip() == "x"


def test_command_refuses_what_it_cannot_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, shown, told = layout_command(capsys, str(tmp_path / "none.json"))
    assert (code, shown) == (2, "")
    assert "none.json" in told
    for distance in ("x", "-1", "nan"):
        with pytest.raises(SystemExit) as ended:
            main(["layout", "--distance", distance, "none.json"])
        assert ended.value.code == 2
    assert "nan" in capsys.readouterr().err
