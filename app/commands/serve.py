"""``serve``: the web application on gunicorn, with a planning worker beside it."""

from __future__ import annotations

import argparse
import socket
import sys
from typing import Any

PROCESSES = 2
THREADS = 8
ANSWER_SECONDS = 60


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "serve",
        help="serve the web application and start a planning worker",
        description="Serve the web application until Ctrl-C. The database must have been migrated.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="default: 8000")
    parser.add_argument("--processes", type=_at_least_one, default=PROCESSES, metavar="N", help="default: 2")
    parser.add_argument("--threads", type=_at_least_one, default=THREADS, metavar="N", help="per process, default: 8")
    parser.add_argument("--no-worker", action="store_true", help="leave planning to workers started elsewhere")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return number


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"not a number from 1 on: {text}")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted.

    Raises RefusedError where the database is not migrated or the port is taken, SettingError for settings.
    """
    from app import config  # noqa: PLC0415  # help texts need no server
    from app.commands import companion  # noqa: PLC0415

    settings = config.from_environment()
    require_migrated(settings.database_url)
    require_free(arguments.host, arguments.port)
    worker = None if arguments.no_worker else companion.start()
    try:
        _serve(arguments, settings)
    finally:
        if worker is not None:
            # Closing the pipe is what ends the companion.
            worker.communicate()
    return 0


def require_migrated(database_url: str) -> None:
    """Raises RefusedError where the tables are not the newest."""
    from app import migrating  # noqa: PLC0415
    from app.db import Database  # noqa: PLC0415
    from app.errors import RefusedError  # noqa: PLC0415

    database = Database(database_url)
    try:
        if not migrating.is_current(database):
            raise RefusedError("command.not_migrated")
    finally:
        database.dispose()


def require_free(host: str, port: int) -> None:
    """Raises RefusedError where something else listens already, or the host is none of this machine."""
    from app.errors import RefusedError  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise RefusedError("command.port", host=host, port=str(port), reason=error.strerror) from error


def _serve(arguments: argparse.Namespace, settings: Any) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    from app import create_app  # noqa: PLC0415
    from app.warming import warm  # noqa: PLC0415

    options = {
        "bind": f"[{arguments.host}]:{arguments.port}"
        if ":" in arguments.host
        else f"{arguments.host}:{arguments.port}",
        "workers": arguments.processes,
        "threads": arguments.threads,
        "worker_class": "gthread",
        "timeout": ANSWER_SECONDS,
        "loglevel": "warning",
        "proc_name": "abstand",
        "control_socket_disable": True,
        "when_ready": lambda _server: _announce(arguments, settings.database_url),
    }

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn without its own command line."""

        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app(settings)
            warm(app, settings.clock())
            return app

    Server().run()


def _announce(arguments: argparse.Namespace, database_url: str) -> None:
    from app.commands.demo_presence import log_ins_of  # noqa: PLC0415  # as above

    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    sys.stdout.write(f"Abstand: http://{host}:{arguments.port}  (Ctrl-C ends it)\n")
    sys.stdout.writelines(f"{line}\n" for line in log_ins_of(database_url))
    sys.stdout.flush()
