"""Our solver beside the plain CP-SAT model and an earlier version: equal time, equal cores, one judge.

``python bench/compare.py [PROBLEM …] [--seconds 30] [--workers 2] [--against REVISION] [--only NAME …]``
prints a table in Markdown. PROBLEM is a file, or a kind of ``bench/problems.py`` as ``KIND:AGENTS:SEED``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from problems import KINDS, make_problem, write_problem

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
UNSEEN = ("week:40:1", "scarce:40:1", "week:200:1")
# The plain model of more people than this needs more memory than most machines have.
MOST_PLAIN_AGENTS = 300
# Longer than this after its time limit nobody waits for a solver.
GRACE_SECONDS = 120.0
OURS, PLAIN, EARLIER = "ours", "plain", "earlier"


@dataclass(frozen=True)
class Run:
    """What one solver made of one problem; shortfall and the like in minutes, None where there is no roster.

    :param bound: the bound on the shortfall that the roster's file claims, None where it claims none
    """

    solver: str
    seconds: float
    peak_mb: float
    findings: int = 0
    required: float = 0.0
    missing: float | None = None
    shortfall: float | None = None
    bound: float | None = None
    site_presence: float | None = None


def command(solver: str, problem: Path, roster: Path, seconds: float, workers: int) -> list[str]:
    limits = ["--time-limit", str(seconds), "--workers", str(workers)]
    if solver == PLAIN:
        return [sys.executable, str(HERE / "plain_cpsat.py"), str(problem), "-o", str(roster), *limits]
    return [sys.executable, "-m", "solver", "solve", str(problem), "-o", str(roster), "--quiet", *limits]


def run(solver: str, source: Path, problem: Path, seconds: float, workers: int) -> Run:
    """Run one solver in a process of its own and have its roster judged by ours."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.json"
        started = time.monotonic()
        peak_mb = measured(command(solver, problem, roster, seconds, workers), source, seconds + GRACE_SECONDS)
        spent = time.monotonic() - started
        return judged(Run(solver, spent, peak_mb), problem, roster) if roster.exists() else Run(solver, spent, peak_mb)


def measured(words: list[str], source: Path, most_seconds: float) -> float:
    """Peak memory in MB of a process, which is stopped where it takes far too long."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(words, cwd=source, env=environment, stdout=subprocess.DEVNULL, stderr=told) as process,
    ):
        deadline = time.monotonic() + most_seconds
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                process.terminate()
            time.sleep(0.05)
        # wait4 has taken the status, so Popen would wait for ever.
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            print(f"{' '.join(words[:4])}: {told.read().decode(errors='replace')[-500:]}", file=sys.stderr)
    return usage.ru_maxrss / 1024


def judged(made: Run, problem: Path, roster: Path) -> Run:
    """Findings and tiers as ``abstand check`` recomputes them."""
    words = [sys.executable, "-m", "solver", "check", str(problem), str(roster), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    verdict = json.loads(subprocess.run(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False).stdout)
    claimed = json.loads(roster.read_text()).get("bound") or {}
    return Run(
        solver=made.solver,
        seconds=made.seconds,
        peak_mb=made.peak_mb,
        findings=len(verdict["findings"]),
        required=verdict["required_agent_minutes"],
        missing=verdict["missing_agent_minutes"],
        shortfall=verdict["tiers"]["shortfall"],
        bound=claimed.get("shortfall"),
        site_presence=verdict["tiers"]["site_presence"],
    )


@contextlib.contextmanager
def revision(name: str | None) -> Iterator[Path | None]:
    """A folder with the sources of an earlier revision."""
    if name is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "earlier"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", "--quiet", str(tree), name], check=True)
        try:
            warm(tree)
            yield tree
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)], check=True)


def warm(source: Path) -> None:
    """Compile the kernels of a tree, which would else be part of its first run; an older one may know no such thing."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    words = [sys.executable, "-m", "solver", "warm"]
    subprocess.run(words, cwd=source, env=environment, capture_output=True, check=False)


@contextlib.contextmanager
def problem_file(name: str) -> Iterator[tuple[str, Path]]:
    """The file of a problem, made where it is named as ``KIND:AGENTS:SEED``."""
    if name.count(":") != 2:
        yield Path(name).name.split(".")[0], Path(name).resolve()
        return
    kind, agents, seed = name.split(":")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.json"
        write_problem(make_problem(KINDS[kind], int(agents), int(seed)), path)
        yield name, path


def agents_in(problem: Path) -> int:
    words = [
        sys.executable,
        "-c",
        "import sys; from solver.reading import read_problem as r; print(len(r(sys.argv[1]).agents))",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return int(subprocess.run([*words, str(problem)], env=environment, stdout=subprocess.PIPE, check=True).stdout)


def row(name: str, made: Run, ours: Run | None) -> str:
    """One line of the table; the ratio is this solver's shortfall over ours."""
    cells = [name, made.solver, f"{made.seconds:.0f}", f"{made.peak_mb:.0f}"]
    if made.shortfall is None or made.missing is None:
        return "| " + " | ".join([*cells, "no roster", "", "", "", "", ""]) + " |"
    required = max(made.required, 1.0)
    bounds = [run.bound for run in (made, ours) if run is not None and run.bound is not None]
    bound = max(bounds, default=None)
    cells += [
        f"{100 * made.missing / required:.2f}",
        f"{made.shortfall:,.0f}",
        "–" if bound is None else f"{bound:,.0f}",
        "–" if bound is None else f"{100 * (made.shortfall - bound) / required:.2f}",
        "kept" if not made.findings else f"{made.findings} findings",
    ]
    reference = None if ours is None else ours.shortfall
    cells.append(
        ""
        if reference is None
        else f"{made.shortfall / reference:.2f}"
        if reference
        else "∞"
        if made.shortfall
        else "1.00"
    )
    return "| " + " | ".join(cells) + " |"


HEADINGS = (
    "problem", "solver", "seconds", "peak MB", "missing %", "shortfall", "bound", "gap %", "rules", "× ours",
)  # fmt: skip


def solvers_for(problem: Path, wanted: list[str]) -> list[str]:
    return [name for name in wanted if name != PLAIN or agents_in(problem) <= MOST_PLAIN_AGENTS]


def compare(arguments: argparse.Namespace) -> None:
    print("| " + " | ".join(HEADINGS) + " |")
    print("|" + " --- |" * len(HEADINGS))
    with revision(arguments.against) as earlier:
        warm(ROOT)
        wanted = arguments.only or [OURS, PLAIN, *([EARLIER] if earlier else [])]
        for given in arguments.problems or UNSEEN:
            with problem_file(given) as (name, path):
                ours = None
                for solver in solvers_for(path, wanted):
                    source = earlier if solver == EARLIER and earlier is not None else ROOT
                    made = run(solver, source, path, arguments.seconds, arguments.workers)
                    ours = made if solver == OURS else ours
                    print(row(name, made, ours), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare solvers at equal time and cores.")
    parser.add_argument("problems", nargs="*", metavar="PROBLEM", help="file, or KIND:AGENTS:SEED; default: three")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--against", metavar="REVISION", help="an earlier git revision to run as well")
    parser.add_argument("--only", nargs="+", choices=(OURS, PLAIN, EARLIER))
    compare(parser.parse_args())
    return 0


if __name__ == "__main__":
    sys.exit(main())
