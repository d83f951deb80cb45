"""The command ``abstand``: a table of commands, each in a module that is imported only when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

EXIT_UNUSABLE = 2

COMMANDS: dict[str, tuple[str, str]] = {
    "solve": ("solver.commands.solve", "plan a problem file and write the roster"),
    "check": ("solver.commands.check", "does a roster keep every rule of its problem?"),
    "explain": ("solver.commands.explain", "why gaps are there and which single relaxation would help"),
    "layout": ("solver.commands.layout", "which desks may be used at the required distance"),
    "staffing": ("solver.commands.staffing", "how many agents some calls need (Erlang C, or A with patience)"),
    "demo": ("app.commands.demo", "make the demonstration site and plan its week"),
    "create-site": ("app.commands.create_site", "make a site from a problem file"),
    "import-calls": ("app.commands.import_calls", "read interval call history from a CSV file"),
    "migrate": ("app.commands.migrate", "bring the database to the newest form"),
    "serve": ("app.commands.serve", "serve the web application and start a planning worker"),
    "worker": ("app.commands.worker", "plan what the web application asks for, send mail, end what lapses"),
    "retention": ("app.commands.retention", "delete what has been kept long enough"),
    "token": ("app.commands.token", "make, list and revoke tokens for the JSON API"),
}
"""Name, module with ``register(subparsers)`` (which sets ``run``), and the line in ``abstand --help``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done or kept, 1 findings, 2 unusable input or settings."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    parsed = parser_for(words).parse_args(words)
    # Files that cannot be used, a closed pipe and Ctrl-C are answered alike in both command lines.
    runner = import_module("solver.commands")
    try:
        return int(runner.run(parsed))
    except Exception as error:  # noqa: BLE001  # explained, or raised again
        return explained(error)


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser that knows the asked-for command in full and the others by their line."""
    parser = argparse.ArgumentParser(prog="abstand", description="Plan customer-service sites at a safe distance.")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked_for = next((word for word in words if not word.startswith("-")), None)
    for name, (module, line) in COMMANDS.items():
        if name == asked_for:
            import_module(module).register(subparsers)
        else:
            subparsers.add_parser(name, help=line)
    return parser


def explained(error: Exception) -> int:
    """Say what cannot be used; re-raises what nobody foresaw."""
    said = import_module("app.failures_said").sentence_of(error)
    if said is None:
        raise error
    sys.stderr.write(f"abstand: {said}\n")
    return EXIT_UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
