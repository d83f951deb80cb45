"""``abstand create-site``: shown, confirmed, all or nothing."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.cli import main
from app.commands import speaking
from app.commands.password_file import password_file
from app.db import Database
from app.messages import text
from app.models import Agent, AuditEvent, HomeClearance, HygieneProfile, Language, Role, Site, UserAccount
from app.services import accounts, passwords, site_creation
from app.services.site_accounts import LogIn, OpenedLogIn
from app.services.site_file import site_file_faults
from solver.reading import parse_problem
from tests.app.site_files import AUTUMN, content, person, rows_stored
from tests.solver import build as files

Run = Callable[..., int]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a file of this content."""
    monkeypatch.setenv("ABSTAND_DATABASE_URL", database_url)
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)
    monkeypatch.setattr(passwords, "hashed", partial(passwords.hashed, cheap=True))

    def go(problem: files.Json, *options: str, language: str = "en") -> int:
        path = tmp_path / "week.json"
        path.write_text(json.dumps(problem), encoding="utf-8")
        return main(["create-site", str(path), "--language", language, *options])

    return go


def account(database: Database, login_name: str) -> UserAccount:
    with database.reading() as session:
        return session.exec(select(UserAccount).where(UserAccount.login_name == login_name)).one()


def test_what_is_not_taken_over_as_it_stands_is_said(run: Run, database: Database, capsys: Any) -> None:
    spans = [("2020-10-25 02:30 again", "2020-10-25 04:00"), ("2020-10-25 20:00", "2020-10-26 06:00")]
    availability = [files.span(*ends, kind="blocked") for ends in spans]
    problem = content(horizon=AUTUMN, agents=[person("a", availability=availability)], objectives=["wishes"])
    told = {
        "en": ("1 windows of the file reach out", "1 windows begin or end in the hour", "shortfall, changes, site_"),
        "de": ("1 Fenster der Datei reichen", "1 Fenster beginnen oder enden in", "shortfall, changes, site_"),
    }
    for language, parts in told.items():
        assert run(problem, "--dry-run", language=language) == 0
        said = capsys.readouterr().out
        assert [part for part in parts if part not in said] == []
    assert rows_stored(database) == {}


def test_passwords_never_go_into_a_file_that_somebody_else_made(tmp_path: Path) -> None:
    path = tmp_path / "passwords.csv"
    path.write_text("somebody else's", encoding="utf-8")
    with pytest.raises(FileExistsError), password_file(path, []):
        pass
    assert path.read_text(encoding="utf-8") == "somebody else's"


def test_keys_that_look_like_formulas_are_harmless_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "passwords.csv"
    with password_file(path, [OpenedLogIn(LogIn("muc-1-1", Role.AGENT, "=1+1"), "password", "hash")]):
        pass
    assert path.read_text(encoding="utf-8-sig").splitlines()[1:] == ["'=1+1,muc-1-1,password"]


def test_a_site_is_made_with_its_first_accounts(database: Database, run: Run, capsys: Any) -> None:
    assert run(content(), "--yes", "--land", "by") == 0
    said = capsys.readouterr().out
    with database.reading() as session:
        site = session.exec(select(Site)).one()
        assert (site.key, site.name, site.land) == ("muc", "München", "BY")
        hygiene = session.exec(select(HygieneProfile)).one()
        actions = set(session.exec(select(AuditEvent.action)))
        agent = session.exec(select(Agent).where(Agent.key == "b")).one()
        clearance = session.exec(select(HomeClearance).where(HomeClearance.agent_id == agent.id)).one()
    assert (hygiene.name, hygiene.source) == ("Site policy", "week.json")
    assert (hygiene.valid_from_on, hygiene.valid_to_on) == (date(2020, 3, 30), None)
    assert actions == {"site.created", "user.created"}
    assert (clearance.valid_from_on, clearance.valid_to_on) == (date(2020, 3, 30), date(2021, 3, 29))
    for login_name, role in (("muc-manager", Role.MANAGER), ("administrator", Role.ADMINISTRATOR)):
        made = account(database, login_name)
        assert (made.role, made.must_change_password, made.language) == (role, True, Language.ENGLISH)
        password = said.split(f"{login_name}, temporary password ")[1].split()[0]
        assert passwords.matches(made.password_hash, password, cheap=True)
        assert said.count(password) == 1
    assert account(database, "muc-manager").site_id == site.id


def test_names_of_accounts_can_be_chosen_and_one_administrator_is_enough(database: Database, run: Run) -> None:
    assert run(content(), "--yes", "--manager", "Mona", "--administrator", "adam") == 0
    assert (account(database, "mona").role, account(database, "adam").role) == (Role.MANAGER, Role.ADMINISTRATOR)
    assert run(content(site={"id": "ham"}), "--yes") == 0
    assert rows_stored(database)["user_account"] == 3


def test_agents_get_accounts_with_passwords_in_a_file_of_their_own(
    database: Database, run: Run, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / "passwords.csv"
    assert run(content(), "--yes", "--agents-accounts", str(path)) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [line[:2] for line in lines] == [["agent", "login_name"], ["a", "muc-a"], ["b", "muc-b"], ["c", "muc-c"]]
    said = capsys.readouterr().out
    for _, login_name, password in lines[1:]:
        made = account(database, login_name)
        assert (made.role, made.must_change_password) == (Role.AGENT, True)
        assert passwords.matches(made.password_hash, password, cheap=True)
        assert password not in said
    assert run(content(site={"id": "ham"}), "--yes", "--agents-accounts", str(path)) == 2
    assert "passwords go into a new file only" in capsys.readouterr().err
    assert rows_stored(database)["site"] == 1


def test_the_preview_says_what_is_there_and_what_is_left_out(run: Run, database: Database, capsys: Any) -> None:
    agents = [person("a", availability=[files.span("Mon 08:00", "Mon 12:00", kind="blocked")]), person("b")]
    problem = content(agents=agents, demand=[files.demand("Mon 08:00", [1, 1])], objectives=["shortfall"])
    for language, told in (
        ("en", ("2 rooms with 6 desks", "M mobile, D dsl", "2 agents who may work at home", "1 windows", "demand (1")),
        ("de", ("2 Räume mit 6 Plätzen", "M mobile, D dsl", "2 Agenten, die", "1 Verfügbarkeitsfenster", "Bedarf (1")),
    ):
        assert run(problem, "--dry-run", language=language) == 0
        said = capsys.readouterr().out
        assert [part for part in told if part not in said] == []
    assert rows_stored(database) == {}


def test_without_a_yes_nothing_is_written(
    run: Run, database: Database, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "passwords.csv"
    assert run(content(), "--agents-accounts", str(path)) == 1
    assert "--yes" in capsys.readouterr().err
    assert run(content(), "--dry-run", "--agents-accounts", str(path)) == 0
    assert (rows_stored(database), path.exists()) == ({}, False)
    monkeypatch.setattr(speaking, "agrees", lambda *_unused, **_also: True)
    assert run(content()) == 0
    assert rows_stored(database)["site"] == 1


def test_a_fault_in_the_middle_leaves_nothing(
    run: Run, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "passwords.csv"

    def fail(*_unused: Any, **_also: Any) -> None:
        raise ZeroDivisionError

    for place, name in ((site_creation, "_partners"), (accounts, "create")):
        with monkeypatch.context() as broken:
            broken.setattr(place, name, fail)
            with pytest.raises(ZeroDivisionError):
                run(content(), "--yes", "--agents-accounts", str(path))
        assert (rows_stored(database), path.exists()) == ({}, False)
    assert run(content(), "--yes", "--agents-accounts", str(path)) == 0


def test_a_site_that_exists_is_left_alone(run: Run, database: Database, capsys: Any) -> None:
    assert run(content(), "--yes") == 0
    before = rows_stored(database)
    assert run(content(), "--yes", language="de") == 2
    assert "Einen Standort „muc“ gibt es schon" in capsys.readouterr().err
    assert rows_stored(database) == before


def many_queues(count: int) -> list[files.Json]:
    return [{"id": "mobile"}, {"id": "dsl"}, *({"id": f"q{number}"} for number in range(count - 2))]


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"site": {"id": "m" * 41}}, "site.id", "too_long"),
        ({"site": {"name": "M" * 121}}, "site.name", "too_long"),
        ({"site": {"name": " "}}, "site.name", "blank"),
        ({"site": {"name": "M\u0000"}}, "site.name", "not_printable"),
        ({"queues": many_queues(27)}, "queues", "queues"),
        ({"hygiene": {"max_persons_on_site": 2**31}}, "hygiene.max_persons_on_site", "too_large"),
        ({"rooms": [files.room("r" * 41, [])]}, "rooms[0]", "too_long"),
        ({"rooms": [files.room("r", [files.desk("d" * 41, 0)])]}, "rooms[0] (r).desks[0]", "too_long"),
        ({"agents": [person("a"), person("b" * 41)]}, "agents[1]", "too_long"),
        ({"agents": [person("a", cohort="c" * 21)]}, "agents[0] (a).cohort", "too_long"),
        ({"agents": [person("a", weekly_minutes={"min": 2, "max": 1})]}, "agents[0] (a).weekly_minutes", "contract"),
        ({"agents": [files.agent("a")]}, "agents[0] (a).max_blocks_per_day", "blocks"),
        (
            {"agents": [person("a", not_together_with=[{"agent": "b", "handover_minutes": 721}]), person("b")]},
            "agents[0] (a).not_together_with[0]",
            "handover",
        ),
    ],
)
def test_what_the_tables_cannot_hold_is_named_with_its_place(changes: files.Json, place: str, code: str) -> None:
    found = site_file_faults(parse_problem(content(**changes)))
    assert [fault.code for fault in found] == [code]
    assert found[0].place.startswith(place)
    for language in ("de", "en"):
        said = text(f"create_site.fault.{code}", language, place=found[0].place, **found[0].facts)
        assert said.startswith(found[0].place)
        assert said.endswith(".")


def test_every_fault_is_said_and_nothing_is_written(run: Run, database: Database, capsys: Any) -> None:
    problem = content(site={"id": "m" * 41}, queues=many_queues(27), agents=[files.agent("a")])
    for language in ("de", "en"):
        assert run(problem, "--yes", language=language) == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 3
        assert all(place in line for place, line in zip(("site.id", "queues", "agents[0] (a)"), said, strict=True))
    assert rows_stored(database) == {}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--land", "XX"), "there is no Land “XX”"),
        (("--manager", "Ä"), "cannot be used"),
        (("--manager", "eva", "--administrator", "Eva"), "would be given twice"),
        (("--agents-accounts", "/nonexistent/passwords.csv"), "No such file"),
    ],
)
def test_options_that_cannot_be_used_are_told(
    run: Run, database: Database, capsys: Any, options: tuple[str, ...], told: str
) -> None:
    assert run(content(), "--yes", *options) == 2
    assert told in capsys.readouterr().err
    assert rows_stored(database) == {}


def test_a_name_that_is_taken_and_agents_of_one_name_are_told(run: Run, capsys: Any, tmp_path: Path) -> None:
    assert run(content(), "--yes", "--manager", "mona") == 0
    capsys.readouterr()
    assert run(content(site={"id": "ham"}), "--yes", "--manager", "mona") == 2
    assert "“mona” (manager) is taken" in capsys.readouterr().err
    alike = content(site={"id": "ham"}, agents=[person("a"), person("A")])
    assert run(alike, "--yes", "--agents-accounts", str(tmp_path / "passwords.csv")) == 2
    assert "“ham-a” (a) would be given twice" in capsys.readouterr().err


def test_a_file_that_is_no_problem_is_answered_with_every_fault(run: Run, database: Database, capsys: Any) -> None:
    agents = [person("a", queues=["nothing"]), person("b", usual_desk="nowhere")]
    assert run(content(agents=agents), "--yes") == 2
    said = capsys.readouterr().err
    assert "agents[0] (a).queues[0]" in said
    assert "agents[1] (b).usual_desk" in said
    assert rows_stored(database) == {}


def test_a_database_without_tables_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ABSTAND_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)
    path = tmp_path / "week.json"
    path.write_text(json.dumps(content()), encoding="utf-8")
    assert main(["create-site", str(path), "--yes", "--language", "en"]) == 2
    assert "abstand migrate" in capsys.readouterr().err
