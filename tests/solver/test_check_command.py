from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solver.__main__ import main
from solver.checks import judge
from solver.writing import write_roster
from tests.solver.build import (
    LAW,
    Json,
    agent,
    at_home,
    demand,
    duty,
    problem,
    problem_json,
    roster,
    roster_json,
    span,
)

CONTENT = problem_json(
    labour=LAW,
    demand=[demand("Mon 08:00", [2] * 16)],
    agents=[
        agent("a", history={"last_end": "2020-03-29T20:00:00+02:00"}),
        agent("b", weekly_minutes={"min": 300, "max": 600}),
    ],
)
SITE = problem(**{name: value for name, value in CONTENT.items() if name != "format"})
KEPT = [
    duty("a", "Mon 08:00", "Mon 12:00", desk="e1", serves=[("mobile", "Mon 08:00", "Mon 12:00")]),
    duty("b", "Mon 08:00", "Mon 12:00", home=True, serves=[("mobile", "Mon 08:00", "Mon 11:00")]),
]
BROKEN = [*KEPT, at_home("a", "Mon 12:30", "Mon 23:00")]


class Files:
    def __init__(self, folder: Path) -> None:
        self.problem = folder / "problem.json"
        self.roster = folder / "roster.json"
        self.problem.write_text(json.dumps(CONTENT))

    def write(self, duties: list[Json], **claims: Any) -> None:
        """Write a roster that tells the truth of itself, but for what is claimed otherwise."""
        verdict = judge(SITE, roster(SITE, duties))
        truth: Json = {
            "tiers": verdict.tiers.model_dump(),
            "missing_agent_minutes": verdict.missing_agent_minutes,
            "required_agent_minutes": verdict.required_agent_minutes,
        }
        content = roster_json(SITE, duties, **(truth | claims))
        self.roster.write_text(json.dumps(content))

    def check(self, *options: str) -> int:
        return main(["check", *options, str(self.problem), str(self.roster)])


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return Files(tmp_path)


def test_a_roster_that_is_kept(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """Four quarters of an hour lack one of two: 15 · 4 · (1 + 1/2) = 90."""
    files.write(KEPT)
    assert files.check() == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert lines[0] == "The roster keeps every rule."
    table = {line[:27].strip(): line[27:].split() for line in lines[3:]}
    assert table["shortfall"] == ["90.00", "90.00"]
    assert table["missing agent minutes"] == ["60.00", "60.00"]
    assert table["contract minutes lacking"] == ["60.00", "60.00"]


def test_findings_are_named_by_rule_in_either_language(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.write(BROKEN)
    assert files.check() == 1
    english = capsys.readouterr().out
    assert english.splitlines()[0] == "3 findings:"
    assert (
        "Work in a day (daily_work)\n  a, Mon 30 Mar: 14 h 30 min of work on one day, 4 h 30 min more than 10 h."
        in english
    )
    assert files.check("--language", "de") == 1
    german = capsys.readouterr().out
    assert german.splitlines()[0] == "3 Verstöße:"
    assert "Ruhepausen (breaks)\n  a, Mo 30.3.: 14 h 30 min Arbeit mit nur 30 min Pause; 45 min sind nötig" in german


def test_the_language_of_the_environment(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    files.write(KEPT)
    files.check()
    assert capsys.readouterr().out.startswith("Der Plan hält jede Regel ein.")


@pytest.mark.parametrize(
    ("claims", "differing"),
    [
        ({"missing_agent_minutes": 45}, "missing_agent_minutes"),
        ({"required_agent_minutes": 481}, "required_agent_minutes"),
        (
            {"tiers": {"shortfall": 90.02, "changes": 0, "site_presence": 240, "contract_minutes": 60, "wishes": 0}},
            "shortfall",
        ),
        (
            {"tiers": {"shortfall": 90, "changes": 0, "site_presence": 225, "contract_minutes": 60, "wishes": 0}},
            "site_presence",
        ),
        ({"bound": {"shortfall": 91}}, "bound.shortfall"),
        ({"bound": {"missing_agent_minutes": 61, "shortfall": 90}}, "bound.missing_agent_minutes"),
    ],
)
def test_a_roster_that_is_kept_but_does_not_tell_the_truth(
    files: Files, capsys: pytest.CaptureFixture[str], claims: Json, differing: str
) -> None:
    files.write(KEPT, **claims)
    assert files.check("--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["kept"] is True
    assert [claim["name"] for claim in answer["claims"] if claim["differs"]] == [differing]
    assert files.check() == 1
    remark = "above what the roster reaches" if differing.startswith("bound") else "differs"
    assert capsys.readouterr().out.count(remark) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"bound": {"shortfall": 90, "missing_agent_minutes": 60}},
        {"bound": {"shortfall": 0}},
        {"tiers": {"shortfall": 90.009, "changes": 0, "site_presence": 240, "contract_minutes": 60, "wishes": 0}},
    ],
)
def test_rounding_and_honest_bounds_are_no_lies(files: Files, claims: Json) -> None:
    files.write(KEPT, **claims)
    assert files.check() == 0


def test_the_answer_for_machines(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.write(BROKEN)
    assert files.check("--json", "--language", "en") == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["usable"], answer["kept"]) == (True, False)
    assert answer["tiers"]["shortfall"] == 90
    assert (answer["missing_agent_minutes"], answer["required_agent_minutes"]) == (60, 480)
    (daily,) = (finding for finding in answer["findings"] if finding["rule"] == "daily_work")
    assert daily == {
        "rule": "daily_work",
        "detail": "too_much_work",
        "agents": ["a"],
        "where": [],
        "start": "2020-03-30T00:00:00+02:00",
        "end": "2020-03-31T00:00:00+02:00",
        "amount": 270,
        "unit": "minutes",
        "facts": {"work_minutes": 870, "limit_minutes": 600},
        "sentence": "a, Mon 30 Mar: 14 h 30 min of work on one day, 4 h 30 min more than 10 h.",
    }


def test_files_that_cannot_be_used(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert files.check() == 2
    assert capsys.readouterr().err == f"{files.roster} cannot be used:\nThere is no such file.\n"
    content = roster_json(SITE, [KEPT[0] | {"agent": "z"}, KEPT[1] | {"place": "moon"}], released_desks=["e9"])
    files.roster.write_text(json.dumps(content))
    assert files.check() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"{files.roster} cannot be used:",
        "duties[1] (b).place: here must be one of: site, home.",
        "released_desks[0]: there is no desk e9.",
        "duties[0] (z).agent: there is no agent z.",
    ]


def test_unusable_files_for_machines(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.problem.write_text('{"format": "roster-problem/1",}')
    assert files.check("--json") == 2
    printed = capsys.readouterr()
    assert printed.err == ""
    assert json.loads(printed.out) == {
        "usable": False,
        "file": str(files.problem),
        "faults": [
            {
                "place": "line 1, column 31",
                "code": "not_json",
                "facts": {},
                "sentence": "line 1, column 31: from here on this is not JSON.",
            }
        ],
    }


def test_fixed_duties_that_break_a_rule_are_named_with_the_rule(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    fixed = [span("Mon 14:00", "Mon 22:00", place="home"), span("Tue 08:45", "Tue 12:00", place="home")]
    files.problem.write_text(json.dumps(CONTENT | {"agents": [agent("a", fixed=fixed)]}))
    assert files.check() == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{files.problem} cannot be used:",
        "agents[0] (a).fixed[0]: this fixed duty breaks a rule: Rest period.",
        "agents[0] (a).fixed[1]: this fixed duty breaks a rule: Rest period.",
        (
            "a, Tue 31 Mar 08:45–09:00: only 10 h 45 min of rest between Mon 30 Mar 22:00 and Tue 31 Mar 08:45; "
            "11 h are needed, 15 min are missing."
        ),
    ]


def solver_process(*words: str, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "solver", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def test_packed_files_in_a_process_of_its_own(files: Files, tmp_path: Path) -> None:
    packed = tmp_path / "roster.json.gz"
    write_roster(roster(SITE, KEPT), packed, SITE.timeline)
    process = solver_process("check", str(files.problem), str(packed))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")
    assert "differs" in out


def test_a_reader_that_goes_away_gets_no_traceback(files: Files) -> None:
    many = [
        at_home("b", f"Mon {hour:02d}:{quarter:02d}", f"Mon {hour:02d}:{quarter + 15:02d}")
        for hour in range(24)
        for quarter in (0, 15, 30)
    ]
    files.write(many * 40)
    process = solver_process("check", str(files.problem), str(files.roster))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 141


def test_an_interruption_gets_no_traceback(
    files: Files, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("solver.commands.check.read_problem", interrupt)
    assert files.check() == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "words", [[], ["chekc"], ["check"], ["check", "one.json"], ["check", "--language", "fr", "a", "b"]]
)
def test_wrong_words_are_answered_with_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: python -m solver" in capsys.readouterr().err


def test_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", "--help"])
    assert caught.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "0 kept, 1 findings" in shown
