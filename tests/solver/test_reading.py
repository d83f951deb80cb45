from __future__ import annotations

import contextlib
import gzip
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver import reading
from solver.faults import UnusableInputError
from solver.problem import Problem
from solver.reading import parse_problem, parse_roster, read_problem
from solver.sentences import LANGUAGES, fault_sentence
from solver.writing import roster_bytes
from tests.solver.build import (
    Json,
    agent,
    at,
    at_home,
    demand,
    desk,
    duty,
    problem_json,
    room,
    roster_json,
    span,
)

INSTANCES = Path(__file__).parents[3] / "shared" / "instances"

FULL = problem_json(
    site={"holidays": ["2020-04-10"]},
    rooms=[room("east", [desk("e1", 0, features=["quiet"]), desk("e2", 2)], max_persons=2, partitions=[["e1", "e2"]])],
    hygiene={"min_distance_m": 1.5, "min_area_per_person_m2": 10.0, "cohort_rule": "same_room"},
    demand=[demand("Mon 08:00", [1, 2])],
    agents=[
        agent(
            "a",
            cohort="A",
            usual_desk="e1",
            desk_needs=["quiet"],
            limits={"earliest_start": "06:00", "free_days": ["sunday"]},
            availability=[span("Mon 00:00", "Mon 06:00", kind="blocked")],
            not_together_with=[{"agent": "b", "handover_minutes": 30}],
            history={"last_end": "2020-03-29T18:00:00+02:00", "consecutive_workdays": 2},
            fixed=[span("Tue 09:00", "Tue 13:00", place="site", breaks=[], desk="e1")],
            previous=[at_home("a", "Tue 09:00", "Tue 13:00", ("Tue 10:00", "Tue 10:15"))],
        ),
        agent("b"),
    ],
    objectives=["shortfall", "wishes"],
)
SITE = parse_problem(FULL)
ROSTER = roster_json(
    SITE,
    [duty("a", "Tue 09:00", "Tue 13:00", desk="e1", serves=[("mobile", "Tue 09:00", "Tue 10:00")])],
    bound={"shortfall": 0.0},
    solver={"seconds": 1.5, "seed": 0, "version": "1"},
)


def refusal(content: Any) -> list[tuple[str, str]]:
    with pytest.raises(UnusableInputError) as caught:
        parse_problem(content)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def file_refusal(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(UnusableInputError) as caught:
        read_problem(path)
    assert caught.value.source == str(path)
    return [(fault.place, fault.code) for fault in caught.value.faults]


def test_a_problem_reads_the_same_from_every_kind_of_file(tmp_path: Path) -> None:
    text = json.dumps(FULL, ensure_ascii=False)
    (tmp_path / "p.json").write_text(text, encoding="utf-8")
    (tmp_path / "bom.json").write_text(text, encoding="utf-8-sig")
    (tmp_path / "p.json.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "packed.json").write_bytes(gzip.compress(text.encode()))
    made = [read_problem(path) for path in sorted(tmp_path.iterdir())]
    assert len(made) == 4
    assert all(each == SITE for each in [*made, parse_problem(text), parse_problem(text.encode())])


def test_a_problem_written_out_reads_the_same_again() -> None:
    assert parse_problem(SITE.as_json()) == SITE
    assert SITE.as_json()["agents"][0]["fixed"][0]["breaks"] == []


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "line 1, column 1", "not_json"),
        ("  \n ", "line 2, column 2", "not_json"),
        ("[1, 2]", "line 1, column 1", "not_an_object"),
        ("null", "line 1, column 1", "not_an_object"),
        ("<html>", "line 1, column 1", "not_json"),
        ('{"a": 1,\n "b": }', "line 2, column 7", "not_json"),
        ('{"a": 1} {"b": 2}', "line 1, column 10", "not_json"),
        ('{"a": 1', "line 1, column 8", "not_json"),
        ('{"a": ' + "[" * 100_000, "", "too_deep"),
        ('{"a": ' + '{"a": ' * 100_000, "", "too_deep"),
        ('{"a": 01}', "line 1, column 8", "not_json"),
        ('{"a": "\t"}', "line 1, column 8", "not_json"),
    ],
)
def test_text_that_is_no_object_is_refused_with_line_and_column(text: str, place: str, code: str) -> None:
    assert refusal(text) == [(place, code)]


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    assert refusal('{\n "Straße": 1}'.encode("latin-1")) == [("line 2, column 7", "not_utf8")]
    assert refusal(json.dumps(FULL).encode("utf-16")) == [("line 1, column 1", "not_json")]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_numbers_that_are_none(number: str) -> None:
    text = json.dumps(FULL | {"hygiene": {"min_distance_m": 7.125}}).replace("7.125", number)
    assert refusal(text) == [("hygiene.min_distance_m", "not_finite")]


@pytest.mark.parametrize("colon", [":", " :", "\n:"])
@pytest.mark.parametrize("name", ["München", 'Mün":chen', ":"])
def test_names_that_stand_twice_are_named_with_what_else_is_wrong(colon: str, name: str) -> None:
    """However the colon is written, and whatever other text looks like the end of a name."""
    text = json.dumps(FULL | {"site": FULL["site"] | {"name": name}})
    twice = text.replace('"id": "a",', f'"id"{colon} "b", "id"{colon} "a", "colour": 1,')
    assert refusal(twice) == [("agents[0] (a).id", "repeated_name"), ("agents[0] (a).colour", "unknown_field")]
    assert parse_problem(text.replace('":', f'"{colon}') if name == "München" else text).site.name == name


@pytest.mark.parametrize("text", ['"\\ud800"', '"x\\uDFFFy"'])
def test_half_a_character_is_refused(text: str) -> None:
    made = json.dumps(FULL | {"site": FULL["site"] | {"name": "München"}}, ensure_ascii=False)
    assert refusal(made.replace('"München"', text)) == [("site.name", "broken_text")]
    assert refusal(made.replace('"name"', text))[0][1] == "broken_text"


def test_a_whole_character_written_as_two_halves_is_accepted() -> None:
    text = json.dumps(FULL | {"site": FULL["site"] | {"name": "🏢"}})
    assert "\\ud83c" in text
    assert parse_problem(text).site.name == "🏢"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert file_refusal(tmp_path / "none.json") == [("", "file_missing")]
    assert file_refusal(tmp_path) == [("", "is_a_directory")]
    assert file_refusal(tmp_path / "none.json" / "below.json") == [("", "file_missing")]
    loop = tmp_path / "loop.json"
    loop.symlink_to(loop)
    assert file_refusal(loop) == [("", "not_readable")]
    assert file_refusal(Path("nul\0.json")) == [("", "not_readable")]


def test_archives_that_are_broken(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(FULL).encode())
    for name, content in {
        "cut.json.gz": whole[:-20],
        "text.json.gz": b'{"format": "roster-problem/1"}',
        "wrong.json.gz": whole[:30] + bytes([whole[30] ^ 0xFF]) + whole[31:],
        "sum.json.gz": whole[:-8] + b"\0" * 8,
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert file_refusal(path) == [("", "broken_gzip")], name


def test_a_file_that_unpacks_without_end_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 20 * 1024**2)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b"{" + b" " * 60 * 1024**2))
    tracemalloc.start()
    refused = file_refusal(path)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused == [("", "file_too_large")]
    assert peak_bytes < 60 * 1024**2


@pytest.mark.parametrize("beginning", [b"<html>", b'{"a": [x', b"\x89PNG", b"[{"])
def test_fifty_megabytes_of_something_else_are_refused_at_once(tmp_path: Path, beginning: bytes) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(beginning + b"x" * 50_000_000)
    began = time.perf_counter()
    assert len(file_refusal(path)) == 1
    assert time.perf_counter() - began < 5


def test_a_million_broken_entries_do_not_become_a_million_faults() -> None:
    many = parse_faults({**FULL, "agents": [{}] * 100_000, "demand": [None] * 100_000})
    assert len(many) == 1000


def parse_faults(content: Json) -> list[Any]:
    with pytest.raises(UnusableInputError) as caught:
        parse_problem(content)
    return caught.value.faults


def test_text_that_could_steer_a_terminal_is_made_harmless() -> None:
    fault = parse_faults(FULL | {"\x1b[2J" + "x" * 500: 1})[0]
    assert fault.place.startswith("\\u001b[2Jxxx")
    assert len(fault.place) < 100
    assert "\x1b" not in fault_sentence(fault, "en")


NAMES = st.sampled_from(sorted({name for part in (FULL, *FULL["agents"], FULL["hygiene"], ROSTER) for name in part}))
INSTANTS = st.sampled_from(
    [at("Mon 08:00"), "2020-03-30T07:07:00+02:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | INSTANTS | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def mutations(draw: st.DrawFn, content: Json) -> Json:
    """The content with one to three values exchanged, removed or added somewhere."""
    mutated: Json = json.loads(json.dumps(content))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = mutated
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inside = node[key]
            if isinstance(inside, (dict, list)) and inside and draw(st.integers(0, 3)):
                node = inside
                continue
            change = draw(st.sampled_from(["set", "remove", "add"]))
            if change == "set":
                node[key] = draw(VALUES)
            elif change == "remove":
                del node[key]
            elif isinstance(node, dict):
                node[draw(NAMES | st.text(max_size=4))] = draw(VALUES)
            else:
                node.append(draw(VALUES))
            break
    return mutated


THOROUGH = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def refused_with_sentences(error: UnusableInputError) -> None:
    assert error.faults
    for fault in error.faults:
        for language in LANGUAGES:
            assert fault_sentence(fault, language).isprintable()


@THOROUGH
@given(mutations(FULL))
def test_any_change_of_a_problem_gives_a_problem_or_a_refusal_in_words(content: Json) -> None:
    for form in (content, json.dumps(content)):
        try:
            made = parse_problem(form)
        except UnusableInputError as error:
            refused_with_sentences(error)
        else:
            assert isinstance(made, Problem)


@THOROUGH
@given(mutations(ROSTER))
def test_any_change_of_a_roster_gives_a_roster_or_a_refusal_in_words(content: Json) -> None:
    try:
        made = parse_roster(json.dumps(content), SITE)
    except UnusableInputError as error:
        refused_with_sentences(error)
    else:
        assert parse_roster(roster_bytes(made, SITE.timeline), SITE) == made


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_refused_in_words(content: bytes) -> None:
    for form in (content, b'{"agents": [' + content, json.dumps(FULL).encode()[: len(content) * 7] + content):
        with contextlib.suppress(UnusableInputError):
            parse_problem(form)
            pytest.fail("accepted")


@pytest.mark.skipif(
    not INSTANCES.is_dir(), reason="needs the problem instances in ../shared/instances beside the checkout"
)
class TestInstances:
    def test_all_are_accepted(self) -> None:
        paths = [path for path in INSTANCES.iterdir() if ".json" in path.suffixes and path.stem != "optima"]
        assert len(paths) >= 16
        for path in paths:
            assert read_problem(path).agents

    @pytest.mark.parametrize(("name", "most_seconds"), [("s2000.json", 1.0), ("s10000.json.gz", 3.0)])
    def test_reading_is_fast(self, name: str, most_seconds: float) -> None:
        """The best of three, for a machine may be busy."""
        seconds = []
        for _ in range(3):
            began = time.process_time()
            read_problem(INSTANCES / name)
            seconds.append(time.process_time() - began)
        assert min(seconds) < most_seconds
