"""The command as people and scripts use it."""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from solver import commands
from solver.commands import staffing
from solver.demand.staffing import CallLoad, ServiceTarget, evaluate, required_agents
from solver.demand.staffing_questions import ANSWER_COLUMNS, QUESTION_COLUMNS
from solver.demand.staffing_sentences import ENGLISH_FAULTS, ENGLISH_LABELS, GERMAN_FAULTS, GERMAN_LABELS

HEADER = ",".join(QUESTION_COLUMNS)
GOOD = "100,30,180,0.8,20,,,,"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "language_from", lambda: "en")


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    staffing.register(parser.add_subparsers(required=True))
    arguments = parser.parse_args(["staffing", *map(str, words)])
    return commands.run(arguments)


def batch(folder: Path, content: str | bytes) -> tuple[int, Path]:
    source, target = folder / "in.csv", folder / "out.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    return run("--batch", source, target), target


ONE = ("--calls", "100", "--interval-minutes", "30", "--aht-seconds", "180")


def test_one_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*ONE, "--service-level", "0.8", "--within-seconds", "20", "--shrinkage", "0.3") == 0
    lines = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    found = {name: text.strip() for name, text in lines.items()}
    assert found["required agents"] == "14"
    assert found["scheduled agents"] == "20 at 30.0% shrinkage"
    assert found["service level"] == "88.8% of the calls offered are answered within 20 s"


def test_one_question_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*ONE, "--agents", "9", "--within-seconds", "20", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["required_agents"], printed["reached_service_level"]) == (9, 0.0)
    assert printed["asa_seconds"] is None
    assert set(printed) == {*QUESTION_COLUMNS, *ANSWER_COLUMNS}


def test_help_says_what_the_service_level_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("--help")
    assert "answered within the time over calls OFFERED" in " ".join(capsys.readouterr().out.split())


def test_one_question_with_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--calls", "-1", "--aht-seconds", "nan", "--service-level", "1.5") == 2
    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(":")[0] for fault in faults] == [
        "--calls",
        "--interval-minutes",
        "--aht-seconds",
        "--service-level",
        "--within-seconds",
    ]


def test_batch_and_other_options_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        run("--batch", tmp_path / "in.csv", tmp_path / "out.csv", "--calls", "1")
    assert stop.value.code == 2


def test_batch_answers_every_row_in_full_precision(tmp_path: Path) -> None:
    rows = [
        GOOD,
        "100,30,180,,20,120,,0.12,10",
        "0,30,180,0.8,20,,,,",
        "100,30,180,,,,,,10",
        "12000,30,300,0.8,20,,.88,,",
    ]
    status, target = batch(tmp_path, "\ufeff" + "\r\n".join([HEADER, *rows, "", ""]))
    assert status == 0
    with target.open(encoding="utf-8", newline="") as file:
        answers = list(csv.DictReader(file))
    assert list(answers[0]) == [*QUESTION_COLUMNS, *ANSWER_COLUMNS]
    assert [(answer["required_agents"], answer["scheduled_agents"]) for answer in answers] == [
        ("14", "14"),
        ("10", "12"),
        ("0", "0"),
        ("10", "10"),
        ("2273", "2273"),
    ]
    reached = evaluate(CallLoad(100, 1800.0, 180.0, 120.0), 10, 20.0)
    assert float(answers[1]["reached_service_level"]) == reached.service_level
    assert float(answers[1]["asa_seconds"]) == reached.asa_seconds
    assert answers[2]["reached_service_level"] == "1.0"
    assert (answers[3]["reached_service_level"], answers[3]["asa_seconds"]) == ("", "inf")
    assert answers[4]["max_agent_occupancy"] == ".88"


def test_batch_keeps_the_order_of_columns_and_may_leave_some_out(tmp_path: Path) -> None:
    status, target = batch(tmp_path, "agents,aht_seconds,calls,interval_minutes\n14,180,100,30\n")
    assert status == 0
    assert target.read_text().splitlines()[0] == ",".join(
        ["agents", "aht_seconds", "calls", "interval_minutes", *ANSWER_COLUMNS]
    )


BAD_ROWS = [
    ("-1,30,180,0.8,20,,,,", "line 2, column calls", "staffing_out_of_range"),
    (",30,180,0.8,20,,,,", "line 2, column calls", "staffing_missing"),
    ("nan,30,180,0.8,20,,,,", "line 2, column calls", "staffing_not_a_number"),
    ("1_000,30,180,0.8,20,,,,", "line 2, column calls", "staffing_not_a_number"),
    ("100,0,180,0.8,20,,,,", "line 2, column interval_minutes", "staffing_out_of_range"),
    ("100,30,inf,0.8,20,,,,", "line 2, column aht_seconds", "staffing_not_a_number"),
    ("100,30,180,1,20,,,,", "line 2, column service_level", "staffing_not_between"),
    ("100,30,180,,20,,,,", "line 2, column service_level", "staffing_nothing_asked"),
    ("100,30,180,,20,,0.85,,", "line 2, column service_level", "staffing_nothing_asked"),
    ("100,30,180,0.8,,,,,", "line 2, column within_seconds", "staffing_without_time"),
    ("100,30,180,0.8,-1,,,,", "line 2, column within_seconds", "staffing_out_of_range"),
    ("100,30,180,0.8,20,0,,,", "line 2, column patience_seconds", "staffing_out_of_range"),
    ("100,30,180,0.8,20,,1.01,,", "line 2, column max_agent_occupancy", "staffing_out_of_range"),
    ("100,30,180,0.8,20,,,1,", "line 2, column shrinkage", "staffing_out_of_range"),
    ("100,30,180,0.8,20,,,,1.5", "line 2, column agents", "staffing_not_whole"),
    ("1e9,30,180,0.8,20,,,,", "line 2, column calls", "staffing_load_too_large"),
    ("1e6,30,1,0.8,20,1e9,,,", "line 2, column patience_seconds", "staffing_patience_too_long"),
    ("100,30,180,0.8,20,,,", "line 2", "staffing_row_length"),
    ('"100,30,180,0.8,20,,,,', "line 2", "staffing_not_csv"),
]


@pytest.mark.parametrize(("row", "place", "code"), BAD_ROWS)
def test_bad_row_is_named_and_nothing_written(
    row: str, place: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.csv").write_text("as it was")
    status, target = batch(tmp_path, f"{HEADER}\n{row}\n")
    printed = capsys.readouterr().err.splitlines()
    assert status == 2
    assert target.read_text() == "as it was"
    assert len(printed) == 2
    assert printed[1].startswith(f"{place}: ")
    assert printed[1].endswith(ENGLISH_FAULTS[code].split("}")[-1])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1"),
        (b"\n \n", "line 1"),
        (f"{HEADER}\n".encode() + b"\xff\xfe,1\n", "line 2"),
        (b"calls;interval_minutes;aht_seconds\n1;2;3\n", "line 1, column 1"),
        (b"calls,calls,interval_minutes,aht_seconds\n", "line 1, column 2"),
        (b"calls,aht_seconds\n", "line 1"),
        (HEADER.replace("agents", "agent").encode(), "line 1, column 9"),
        (f"{HEADER}\n{GOOD}\n{HEADER}\n".encode(), "line 3, column calls"),
        (bytes(range(256)) * 50, "line 2"),
    ],
)
def test_bad_file_is_named(content: bytes, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, target = batch(tmp_path, content)
    assert status == 2
    assert capsys.readouterr().err.splitlines()[1].startswith(place + ":")
    assert not target.exists()


def test_all_faults_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _ = batch(tmp_path, f"{HEADER}\n-1,0,180,0.8,20,,,,\n{GOOD}\n\n100,30,180,,,,,,x\n")
    assert status == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()[1:]] == [
        "line 2, column calls",
        "line 2, column interval_minutes",
        "line 5, column agents",
    ]


def test_missing_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--batch", tmp_path / "none.csv", tmp_path / "out.csv") == 2
    (tmp_path / "in.csv").write_text(f"{HEADER}\n{GOOD}\n")
    assert run("--batch", tmp_path / "in.csv", tmp_path / "none" / "out.csv") == 2
    errors = capsys.readouterr().err
    assert "none.csv cannot be used:\nThere is no such file." in errors
    assert "out.csv cannot be used:\nThe file cannot be written: No such file or directory." in errors
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_may_be_answered_in_place(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n")
    assert run("--batch", path, path) == 0
    assert len(path.read_text().splitlines()) == 2
    assert [left.name for left in tmp_path.iterdir()] == ["both.csv"]


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_facts() -> None:
    assert set(GERMAN_FAULTS) == set(ENGLISH_FAULTS)
    assert set(GERMAN_LABELS) == set(ENGLISH_LABELS)
    for code, sentence in GERMAN_FAULTS.items():
        assert _facts(sentence) == _facts(ENGLISH_FAULTS[code])
    for key, (_, sentence) in GERMAN_LABELS.items():
        assert _facts(sentence) == _facts(ENGLISH_LABELS[key][1])


def test_an_answer_in_german(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*ONE, "--agents", "14", "--within-seconds", "20", "--language", "de") == 0
    assert "88.8% der angebotenen Anrufe werden binnen 20 s angenommen" in capsys.readouterr().out


def test_staffing_needs_neither_web_nor_compiled_packages() -> None:
    program = (
        "import sys, solver.__main__, solver.demand.forecast\n"
        f"assert solver.__main__.main({['staffing', *ONE, '--agents', '14']}) == 0\n"
        "heavy = {'flask', 'sqlalchemy', 'sqlmodel', 'ortools', 'numba', 'app'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_required_agents_of_the_file_are_those_of_the_function(tmp_path: Path) -> None:
    rows = [f"{calls},15,240,0.9,10,{patience},," for calls in (1, 7.5, 300) for patience in ("", 90)]
    status, target = batch(tmp_path, "\n".join([HEADER, *(row + "," for row in rows)]))
    assert status == 0
    with target.open(encoding="utf-8", newline="") as file:
        found = [int(answer["required_agents"]) for answer in csv.DictReader(file)]
    loads = [CallLoad(calls, 900.0, 240.0, patience) for calls in (1, 7.5, 300) for patience in (None, 90.0)]
    assert found == [required_agents(load, ServiceTarget(0.9, 10.0)) for load in loads]
