"""``explain`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import cli
from solver.__main__ import main
from tests.solver import build
from tests.solver.test_explain import served, site, worker


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    problem = site([worker("a"), worker("b")], [2, 2])
    roster = build.roster_json(problem, [served("a", "Mon 08:00", "Mon 10:00", desk="e1")])
    contents = {"problem.json": problem.as_json(), "roster.json": roster}
    for name, content in contents.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return [str(tmp_path / name) for name in contents]


@pytest.mark.parametrize("command", [main, cli.main])
def test_sentences(command: object, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(command)
    assert command(["explain", *files, "--language", "de"]) == 0
    head, empty, gap = capsys.readouterr().out.splitlines()
    assert head == "1 Lücke, 2 h von 4 h."
    assert empty == ""
    assert "Ein Arbeitsplatz mehr in east würde 2 h decken." in gap


def test_json(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *files, "--json", "--language", "en", "--gaps", "1"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["complete"] is True
    assert content["gaps"][0]["remedies"][0] == {
        "kind": "desk",
        "ids": ["east"],
        "saved_minutes": 120,
        "gap_minutes": 120,
        "facts": {"desks": 1},
    }
    assert "One more desk in east would cover 2 h." in content["gaps"][0]["sentences"]


def test_a_number_of_iterations_stands_for_the_time(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for iterations in ("1", "1000", "1000"):
        assert main(["explain", *files, "--json", "--iterations", iterations]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert [content["complete"] for content in told] == [False, True, True]
    assert told[1] == told[2]


def test_a_file_that_is_none(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", files[0], files[0]]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--gaps=0", "--time-limit=0", "--time-limit=nan"])
def test_numbers_that_make_no_sense(option: str, files: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["explain", *files, option])
    assert refused.value.code == 2


def test_solving_explains_on_standard_error(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["solve", files[0], "--iterations", "20", "--workers", "1", "--quiet", "--explain", "--language", "en"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["format"] == "roster/1"
    # One desk for two people, neither of them cleared for home
    assert "One more desk in east would cover 2 h." in said.err
