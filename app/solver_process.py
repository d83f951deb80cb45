"""The solver in a process of its own: it can be stopped, killed and outlived, and dies with whoever started it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from app.problem_builder import plan
from solver.problem import Problem
from solver.reading import parse_problem
from solver.roster import Roster

Solve = Callable[..., Roster]
"""Called like :func:`app.problem_builder.plan`."""

REPORT_SECONDS = 0.2
POLITENESS = 5
"""Pages are served first where both share a machine."""


@dataclass(frozen=True)
class Point:
    """The best roster so far.

    :param bound_agent_minutes: proven least missing agent minutes, None where nothing is proven
    """

    elapsed_seconds: float
    missing_agent_minutes: float
    bound_agent_minutes: float | None


@dataclass(frozen=True)
class Solved:
    """The search has ended.

    :param roster: JSON of the roster file
    """

    roster: str


@dataclass(frozen=True)
class Failed:
    """The search has ended in an exception.

    :param rules: names of the rules that its roster broke, one for each finding, where that was the reason
    """

    kind: str
    trace: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crashed:
    """The process has ended without a word, killed by the system perhaps."""

    exit_code: int | None


Message = Point | Solved | Failed | Crashed


class SolverProcess:
    """One search, started at once.

    :param solve: a function of a module, so that the new process finds it
    """

    def __init__(self, problem: Problem, *, time_limit_seconds: float, seed: int, solve: Solve = plan) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        options = {"time_limit_seconds": time_limit_seconds, "seed": seed}
        content = json.dumps(problem.as_json())
        self._process = context.Process(target=_work, args=(theirs, content, options, solve), daemon=True)
        self._process.start()
        theirs.close()

    def messages(self, wait_seconds: float) -> Iterator[Message]:
        """What has come since the last call; waits for the first so long."""
        try:
            while self._connection.poll(wait_seconds):
                yield self._connection.recv()
                wait_seconds = 0.0
        except (EOFError, OSError):
            self._process.join(timeout=5)
            yield Crashed(self._process.exitcode)

    def stop(self) -> None:
        """Ask the search to end with the best so far."""
        try:
            self._connection.send("stop")
        except OSError:
            # It ended by itself just now; its last words are still to be read.
            return

    def kill(self) -> None:
        """End the process whatever it does, and free what it held."""
        self._process.kill()
        self._process.join()
        self._connection.close()


def _work(connection: Connection, content: str, options: dict[str, Any], solve: Solve) -> None:
    """Everything that happens in the new process."""
    # Ctrl-C reaches the whole group; the worker decides what becomes of the search.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(POLITENESS)
    stop = threading.Event()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threading.Thread(target=_listen, args=(connection, stop), daemon=True).start()
    try:
        roster = solve(parse_problem(content), on_progress=_Reporter(connection), should_stop=stop.is_set, **options)
        connection.send(Solved(json.dumps(roster.as_json())))
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001  # nobody above could hear it; the worker logs it and fails the job
        rules = tuple(finding.rule.value for finding in getattr(error, "findings", ()))
        connection.send(Failed(type(error).__name__, traceback.format_exc(), rules))


class _Reporter:
    """Sends progress, not more often than anybody looks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sent_at = -REPORT_SECONDS

    def __call__(self, progress: Any) -> None:
        now = time.monotonic()
        if progress.missing_agent_minutes is None or now - self._sent_at < REPORT_SECONDS:
            return
        self._sent_at = now
        point = Point(progress.elapsed_seconds, progress.missing_agent_minutes, progress.bound_missing_agent_minutes)
        self._connection.send(point)


def _end_with_parent() -> None:
    """A spawned child outlives a killed parent unless somebody waits for the parent's end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _listen(connection: Connection, stop: threading.Event) -> None:
    try:
        connection.recv()
    except (EOFError, OSError):
        return
    stop.set()
