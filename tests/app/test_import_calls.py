"""``abstand import-calls``: shown, confirmed, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from app.cli import main
from app.db import Database
from app.models import AuditEvent, CallHistory, Site, Week
from app.services.forecasting import forecast, requirement_of_real_calls
from app.services.weeks import create
from tests.app import build, planning_site
from tests.app.planning_site import PlanningSite

Run = Callable[..., int]
CSV = "interval_start,calls\n2020-03-30 08:00,10\n2020-03-30 08:15,20\n2020-03-30 08:30,30\n"
BANK = Path(__file__).resolve().parents[3] / "shared" / "data" / "calls" / "bank_15min.csv"


@pytest.fixture
def site(database: Database) -> PlanningSite:
    with database.transaction() as session:
        return planning_site.make(session)


@pytest.fixture
def run(database_url: str, site: PlanningSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:  # noqa: ARG001
    """Run the command on a file of this content."""
    monkeypatch.setenv("ABSTAND_DATABASE_URL", database_url)
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)

    def go(content: str, *options: str, queue: str = "mobile", site_key: str = "muc") -> int:
        path = tmp_path / "calls.csv"
        path.write_text(content, encoding="utf-8")
        words = ["import-calls", str(path), "--site", site_key, "--queue", queue, "--language", "en", *options]
        return main(words)

    return go


def stored(database: Database, after: str = "2020-03-30T00:00") -> list[tuple[str, float]]:
    with database.reading() as session:
        rows = session.exec(select(CallHistory).order_by(col(CallHistory.starts_at))).all()
    found = [(f"{row.starts_at:%Y-%m-%dT%H:%M}", row.calls) for row in rows]
    return [row for row in found if row[0] >= after]


def test_a_file_is_taken_over_with_its_clock_and_scale(database: Database, run: Run, capsys: Any) -> None:
    assert run(CSV, "--yes", "--scale", "0.5") == 0
    assert stored(database) == [("2020-03-30T06:00", 5), ("2020-03-30T06:15", 10), ("2020-03-30T06:30", 15)]
    said = capsys.readouterr().out
    assert "3 intervals of 15 minutes on 1 days, 2020-03-30 08:00 to 2020-03-30 08:30" in said
    assert "60 calls in the file, 30 of them at scale 0.5" in said
    with database.reading() as session:
        assert "calls.imported" in session.exec(select(AuditEvent.action)).all()


def test_without_a_yes_nothing_is_written(database: Database, run: Run, capsys: Any) -> None:
    assert run(CSV) == 1
    assert stored(database) == []
    assert "--yes" in capsys.readouterr().err
    assert run(CSV, "--dry-run") == 0
    assert stored(database) == []


def test_a_second_file_replaces_its_span_and_says_so(database: Database, run: Run, capsys: Any) -> None:
    assert run(CSV, "--yes") == 0
    capsys.readouterr()
    shorter = "interval_start,calls\n2020-03-30 08:15,1\n2020-03-30 08:30,2\n"
    assert run(shorter, "--yes") == 0
    assert "2 stored intervals of the queue mobile in this span will be replaced" in capsys.readouterr().out
    assert [calls for _, calls in stored(database)] == [10, 1, 2]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (CSV + "2020-03-30 08:45,-1\n", "Line 5, column 2: “-1” is negative"),
        (CSV + "2020-03-30 08:45,many\n", "Line 5, column 2"),
        ("", "The file is empty"),
        (CSV + "2020-03-29 02:30,1\n", "Line 5, column 1"),
    ],
)
def test_a_fault_names_its_place_and_leaves_everything(
    database: Database, run: Run, capsys: Any, content: str, told: str
) -> None:
    before = stored(database, after="")
    assert run(content, "--yes") == 2
    assert told in capsys.readouterr().err
    assert stored(database, after="") == before


def test_an_unknown_site_or_queue_is_answered_with_the_known_ones(run: Run, capsys: Any) -> None:
    assert run(CSV, "--yes", site_key="ber") == 2
    assert "Known: muc" in capsys.readouterr().err
    assert run(CSV, "--yes", queue="dsl") == 2
    assert "Known: mobile" in capsys.readouterr().err


def test_a_missing_file_is_answered(run: Run, capsys: Any) -> None:
    assert run(CSV, "--dry-run") == 0
    assert main(["import-calls", "/nowhere/calls.csv", "--site", "muc", "--queue", "mobile", "--yes"]) == 2
    assert "/nowhere/calls.csv" in capsys.readouterr().err


@pytest.mark.skipif(not BANK.is_file(), reason="needs ../shared/data/calls/bank_15min.csv beside the checkout")
def test_half_a_year_of_a_real_bank(database: Database, run: Run, site: PlanningSite, capsys: Any) -> None:
    assert run(BANK.read_text(encoding="utf-8"), "--yes", "--scale", "0.2") == 0
    assert "7,182 intervals" in capsys.readouterr().out
    with database.transaction() as session:
        home = session.get_one(Site, site.site_id)
        week: Week = create(session, site.mona, build.NOW, home.id, date(2003, 8, 25))
    with database.reading() as session:
        expected, real = forecast(session, week).queues[0], requirement_of_real_calls(session, week).queues[0]
    assert expected.calls_total == pytest.approx(real.calls_total, rel=0.15)
    assert {interval.weeks for interval in expected.calls} <= {1, 2, 3, 4}
