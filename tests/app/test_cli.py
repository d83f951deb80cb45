from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from app import cli, config, migrating
from app.commands import companion, serve
from app.db import Database
from app.errors import RefusedError
from solver.faults import InputFault, UnusableInputError


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        cwd=config.PROJECT_ROOT,
    )


def test_help_knows_every_command_and_imports_none() -> None:
    heavy = ("flask", "sqlalchemy", "sqlmodel", "numpy", "ortools", "numba", "pydantic")
    loaded = "import sys, app.cli; app.cli.parser_for(['--help']); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    assert not set(heavy) & set(modules)
    helped = cli.parser_for(["--help"]).format_help()
    assert all(name in helped for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_of_the_table_can_be_asked_for_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    assert left.value.code == 0
    assert f"abstand {name}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["unknown"], ["serve", "--port", "0"], ["serve", "--threads", "x"]])
def test_unusable_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    assert left.value.code == 2
    assert "usage: abstand" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "english", "german"),
    [
        (RefusedError("command.not_migrated"), "please run “abstand migrate”", "bitte zuerst „abstand migrate“"),
        (
            config.SettingError("ABSTAND_SECRET_KEY", "setting.secret_key"),
            "ABSTAND_SECRET_KEY must have at least 32",
            "ABSTAND_SECRET_KEY muss mindestens 32",
        ),
        (FileNotFoundError(2, "No such file", "calls.csv"), "calls.csv", "calls.csv"),
        (UnusableInputError([InputFault("agents[3]", "not_a_date", {})]), "agents[3]: ", "agents[3]: "),
    ],
)
def test_what_cannot_be_used_is_said_in_the_terminals_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, english: str, german: str
) -> None:
    said = []
    for language in ("en_GB.UTF-8", "de_DE.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        assert _main_raising(monkeypatch, error) == 2
        said.append(capsys.readouterr().err)
    assert english in said[0]
    assert german in said[1]
    assert said[0] != said[1]


def _main_raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    def fail(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(import_module("app.commands.migrate"), "run", fail)
    return cli.main(["migrate"])


def test_what_nobody_foresaw_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        _main_raising(monkeypatch, ZeroDivisionError())


def test_an_interrupted_command_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _main_raising(monkeypatch, KeyboardInterrupt()) == 130
    assert capsys.readouterr().err == ""


def test_migrate_makes_the_tables_and_again_finds_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    monkeypatch.setenv("ABSTAND_DATABASE_URL", url)
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)
    with pytest.raises(RefusedError, match=r"command\.not_migrated"):
        serve.require_migrated(url)
    assert cli.main(["migrate"]) == 0
    assert cli.main(["migrate"]) == 0
    serve.require_migrated(url)
    database = Database(url)
    migrating.check(database)
    database.dispose()


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RefusedError) as caught:
            serve.require_free("127.0.0.1", port)
    assert caught.value.facts["port"] == str(port)
    with pytest.raises(RefusedError):
        serve.require_free("192.0.2.1", port)


def test_a_database_that_cannot_be_reached_is_told() -> None:
    answer = run("migrate", ABSTAND_DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent")
    assert answer.returncode == 2
    assert "The database does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(condition: Callable[[], Any], seconds: float = 40) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def test_serve_answers_and_ends_with_its_processes(sqlite_url: str) -> None:
    port = free_port()
    words = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--processes", "1", "--no-worker"]
    environment = {**os.environ, "ABSTAND_DATABASE_URL": sqlite_url, "ABSTAND_SECRET_KEY": "s" * 40}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith(f"Abstand: http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=40) as answer:
            assert answer.read() == b"ok"
        server.send_signal(signal.SIGINT)
        assert server.wait(30) in {0, 1}


WRITES_ITS_ID = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); time.sleep(600)"
WATCHES = (
    "import sys; from app.commands import companion; "
    "companion.RESTART_SECONDS = 0.1; companion.watch(tuple(sys.argv[1:]))"
)


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process_id}/status")
    return not (status.exists() and "\nState:\tZ" in status.read_text(encoding="ascii"))


def test_companion_starts_its_worker_again_and_ends_it_with_the_server(tmp_path: Path) -> None:
    written = tmp_path / "ids"
    written.touch()
    worker = (sys.executable, "-c", WRITES_ITS_ID, str(written))
    watching = companion.start((sys.executable, "-c", WATCHES, *worker))
    until(lambda: len(written.read_text().split()) == 1)
    first = int(written.read_text().split()[0])
    os.kill(first, signal.SIGKILL)
    until(lambda: len(written.read_text().split()) == 2)
    second = int(written.read_text().split()[1])
    assert alive(second)
    # The pipe closes as it does when the server is killed.
    assert watching.stdin is not None
    watching.stdin.close()
    assert watching.wait(30) == 0
    assert not alive(second)
