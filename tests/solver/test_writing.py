from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from solver.reading import parse_roster, read_roster
from solver.writing import roster_bytes, write_roster
from tests.solver.build import at_home, duty, problem, roster, roster_json

SITE = problem()
ROSTER = roster_json(
    SITE,
    [duty("a", "Tue 09:00", "Tue 13:00", desk="e1", serves=[("mobile", "Tue 09:00", "Tue 10:00")])],
    bound={"shortfall": 0.0},
    solver={"seconds": 1.5, "seed": 0, "version": "1"},
)


def test_a_roster_reads_as_it_was_written(tmp_path: Path) -> None:
    made = parse_roster(ROSTER, SITE)
    for name in ("r.json", "r.json.gz"):
        write_roster(made, tmp_path / name)
        assert read_roster(tmp_path / name, SITE) == made
    assert (tmp_path / "r.json.gz").read_bytes()[:2] == b"\x1f\x8b"


def test_names_stand_in_the_order_of_the_format_and_empty_ones_not_at_all() -> None:
    site = problem()
    content = json.loads(roster_bytes(roster(site, [at_home("a", "Mon 08:00", "Mon 12:00")])))
    assert list(content) == [
        "format",
        "site",
        "first_day",
        "released_desks",
        "duties",
        "tiers",
        "missing_agent_minutes",
        "required_agent_minutes",
    ]
    assert list(content["duties"][0]) == ["agent", "start", "end", "place"]
    written = json.loads(roster_bytes(parse_roster(ROSTER, SITE)))
    assert list(written["duties"][0]) == ["agent", "start", "end", "place", "desk", "serves"]
    assert list(written["tiers"]) == ["shortfall", "changes", "site_presence", "contract_minutes", "wishes"]


def test_whole_numbers_are_written_without_a_point() -> None:
    text = roster_bytes(parse_roster(ROSTER | {"missing_agent_minutes": 12.5}, SITE)).decode()
    assert '"changes": 0,' in text
    assert '"missing_agent_minutes": 12.5' in text


def test_instants_get_the_offset_of_the_site() -> None:
    autumn = problem(horizon={"first_day": "2020-10-25", "days": 1})
    utc = {"agent": "a", "place": "home", "start": "2020-10-25T00:30:00Z", "end": "2020-10-25T02:30:00Z"}
    (written,) = json.loads(roster_bytes(roster(autumn, [utc]), autumn.timeline))["duties"]
    assert (written["start"], written["end"]) == ("2020-10-25T02:30:00+02:00", "2020-10-25T03:30:00+01:00")


def test_the_same_roster_gives_the_same_bytes(tmp_path: Path) -> None:
    made = parse_roster(ROSTER, SITE)
    for name in ("one.json.gz", "two.json.gz"):
        write_roster(made, tmp_path / name)
    packed = (tmp_path / "one.json.gz").read_bytes()
    assert packed == (tmp_path / "two.json.gz").read_bytes()
    # RFC 1952: the time of packing; zero says that there is none.
    assert packed[4:8] == b"\0\0\0\0"


def test_a_failed_write_leaves_the_former_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.json"
    path.write_text("former")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        write_roster(parse_roster(ROSTER, SITE), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.json"]
    assert path.read_text() == "former"


def test_a_new_file_may_be_read_by_those_who_may_read_files(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    write_roster(parse_roster(ROSTER, SITE), tmp_path / "r.json")
    assert (tmp_path / "r.json").stat().st_mode == other.stat().st_mode


def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """A pipe in a folder of its own stands for every device: were this to fail, nothing else would be lost."""
    made = parse_roster(ROSTER, SITE)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Opened for reading too, or a writer would wait for a reader that never comes.
    handle = os.open(pipe, os.O_RDWR)
    try:
        write_roster(made, pipe)
        assert pipe.is_fifo()
        assert os.read(handle, 1_000_000) == roster_bytes(made)
    finally:
        os.close(handle)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    made = parse_roster(ROSTER, SITE)
    (tmp_path / "real.json").touch()
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_roster(made, tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert read_roster(tmp_path / "real.json", SITE) == made
