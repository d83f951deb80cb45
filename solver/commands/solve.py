"""``solve``: make a roster for a problem."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.text import Text

from solver import commands
from solver.commands.explain import text_lines
from solver.explain import explain
from solver.faults import InputFault, UnusableInputError
from solver.problem import Problem
from solver.reading import read_problem
from solver.roster import Roster
from solver.sentences import Language
from solver.solve import Progress, solve
from solver.writing import roster_bytes, write_roster

MOST_SECONDS = 7 * 24 * 3600
PLAIN_LINE_SECONDS = 5.0


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "solve",
        help="make a roster for a problem",
        description="Plans a problem and writes the best roster found. Ctrl-C ends early and writes the best so far.",
        epilog="Exit codes: 0 a roster was written, 2 unusable input.",
    )
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="problem file (.json or .json.gz)")
    parser.add_argument("-o", "--output", type=Path, metavar="ROSTER", help="default: standard output")
    parser.add_argument("--time-limit", type=_seconds, default=60.0, metavar="SECONDS", help="default: 60")
    parser.add_argument("--workers", type=_count, metavar="N", help="threads; default: one per core")
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="default: 0")
    parser.add_argument(
        "--iterations", type=_count, metavar="N", help="moves instead of a time limit: the same roster every time"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.add_argument(
        "--explain", action="store_true", help="then say on standard error why the worst gaps are there (half a minute)"
    )
    commands.add_language(parser)
    parser.set_defaults(run=run)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"not a number of seconds above 0: {text}")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"not a whole number from 1 on: {text}")
    return value


def _seed(text: str) -> int:
    value = int(text)
    if not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(f"not a whole number from 0 to {2**31 - 1}: {text}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Plan and write; 0 where a roster was written.

    :raises solver.faults.UnusableInputError: where the problem cannot be used or the output cannot be written
    """
    _must_be_writable(arguments.output)
    problem = read_problem(arguments.problem)
    with _stopped_by_signals() as stop, _shown(arguments.quiet) as show:
        roster = solve(
            problem,
            time_limit_seconds=max(0.1, arguments.time_limit - (time.monotonic() - commands.STARTED)),
            workers=arguments.workers,
            seed=arguments.seed,
            iterations=arguments.iterations,
            on_progress=show,
            should_stop=stop.is_set,
        )
    _write(roster, arguments.output, problem)
    if arguments.explain:
        _explain(problem, roster, commands.language_of(arguments))
    return commands.KEPT


def _must_be_writable(path: Path | None) -> None:
    """Notice before planning that the result could not be kept."""
    if path is None:
        return
    folder = path.resolve().parent
    usable = os.access(path, os.W_OK) if path.exists() else os.access(folder, os.W_OK)
    if not usable or not folder.is_dir() or path.is_dir():
        raise UnusableInputError([InputFault("", "not_writable", {"reason": str(path)})])


def _write(roster: Roster, path: Path | None, problem: Problem) -> None:
    if path is None:
        sys.stdout.buffer.write(roster_bytes(roster, problem.timeline))
        return
    write_roster(roster, path, problem.timeline)


def _explain(problem: Problem, roster: Roster, language: Language) -> None:
    for line in text_lines(explain(problem, roster), problem.timeline, language):
        sys.stderr.write(f"{line}\n")


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into a wish to stop; outside the main thread nobody can."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _shown(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:  # noqa: FBT001
    """Show progress on standard error: one changing line on a terminal, else a line every few seconds."""
    console = Console(stderr=True)
    if quiet:
        yield None
    elif console.is_terminal:
        with Live(Text(""), console=console, auto_refresh=False) as live:
            yield lambda progress: live.update(Text(line_of(progress)), refresh=True)
    else:
        yield _PlainLines()


class _PlainLines:
    """Writes a line every few seconds."""

    def __init__(self) -> None:
        self.next_seconds = 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.elapsed_seconds >= self.next_seconds:
            self.next_seconds = progress.elapsed_seconds + PLAIN_LINE_SECONDS
            sys.stderr.write(line_of(progress) + "\n")
            sys.stderr.flush()


def line_of(progress: Progress) -> str:
    """Seconds, missing share, bound and gap, as far as known."""
    required = progress.required_agent_minutes
    parts = [f"{progress.elapsed_seconds:6.1f} s", f"missing {_percent(progress.missing_agent_minutes, required)}"]
    parts.append(f"bound {_percent(progress.bound_missing_agent_minutes, required)}")
    gap = "-" if progress.gap_share is None else f"{100 * progress.gap_share:.3f} %"
    return "  ".join([*parts, f"gap {gap}", progress.phase])


def _percent(minutes: float | None, required: float) -> str:
    return "-" if minutes is None or not required else f"{100 * minutes / required:.3f} %"
