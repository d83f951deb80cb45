"""The planning worker beside ``abstand serve``: started again when it dies, ended with the server.

Its standard input is a pipe that the server holds open. When the server ends, however it ends, the pipe closes;
so no worker is left behind even after ``kill -9``.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

POLL_SECONDS = 0.5
RESTART_SECONDS = 3.0
GRACE_SECONDS = 10.0
WORKER = (sys.executable, "-m", "app.commands.companion", "--worker")


def start(command: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    """Start the companion; keep the returned process (it holds the pipe) as long as the worker is wanted."""
    own_command = command or (sys.executable, "-m", "app.commands.companion")
    return subprocess.Popen(own_command, stdin=subprocess.PIPE)


def watch(worker_command: tuple[str, ...] = WORKER) -> None:
    """Keep a worker running until standard input is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    worker = _begin(worker_command)
    try:
        while not _server_is_gone():
            if worker.poll() is not None:
                time.sleep(RESTART_SECONDS)
                worker = _begin(worker_command)
    finally:
        _end(worker)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit


def _begin(worker_command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(worker_command, stdin=subprocess.DEVNULL)


def _server_is_gone() -> bool:
    readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["--worker"]:
        from app.cli import main

        sys.exit(main(["worker"]))
    watch()
