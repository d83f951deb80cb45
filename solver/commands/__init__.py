"""The solver's commands, one file each, and what all of them share: exit codes and how bad input is answered.

A command's file has ``register(subparsers)``, which adds an argparse subcommand and sets its default ``run`` to a
function from the parsed arguments to an exit code: 0 kept, 1 findings, 2 unusable input.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from solver.faults import InputFault, UnusableInputError
from solver.sentences import LANGUAGES, Language, fault_sentence, language_from, sentence, words

COMMANDS = ("solve", "check", "explain", "layout", "staffing", "warm")
STARTED = time.monotonic()
"""When the command line began: loading the optimisers counts against a time limit, as the user's clock does."""
KEPT, FINDINGS, UNUSABLE, PIPE_CLOSED, INTERRUPTED = 0, 1, 2, 141, 130


def register(subparsers: Any, words_given: Sequence[str]) -> None:
    """Add the commands to an argparse parser's subcommands.

    Only the command that is meant is loaded, where one is: checking a roster must not wait for OR-Tools.

    :param words_given: the command line, without the program's name
    """
    meant = next((word for word in words_given if not word.startswith("-")), None)
    for name in [meant] if meant in COMMANDS else COMMANDS:
        importlib.import_module(f"{__name__}.{name}").register(subparsers)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Give a command the option in which language it answers."""
    parser.add_argument("--language", choices=LANGUAGES, help="of sentences; default: from LANG, then en")


def language_of(arguments: argparse.Namespace) -> Language:
    """The language asked for."""
    return getattr(arguments, "language", None) or language_from()


def run(arguments: argparse.Namespace) -> int:
    """Run the command that the arguments name; unusable input, a closed pipe and Ctrl-C become exit codes."""
    command: Callable[[argparse.Namespace], int] = arguments.run
    try:
        code = _run_or_report(command, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Else Python would write the rest at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _run_or_report(command: Callable[[argparse.Namespace], int], arguments: argparse.Namespace) -> int:
    try:
        return command(arguments)
    except BrokenPipeError:
        raise
    except OSError as error:
        fault = InputFault("", "not_writable", {"reason": error.strerror or ""})
        unusable = UnusableInputError([fault])
        unusable.source = str(error.filename or "")
    except UnusableInputError as error:
        unusable = error
    report(unusable, language_of(arguments), as_json=bool(getattr(arguments, "json", False)))
    return UNUSABLE


def report(error: UnusableInputError, language: Language, *, as_json: bool) -> None:
    """Name every fault of a file, with its place: on standard error, or as JSON on standard output."""
    if as_json:
        json.dump(unusable_json(error, language), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
        return
    lines = [words("unusable", language).format(file=error.source)] if error.source else []
    lines += [fault_sentence(fault, language) for fault in error.faults]
    if error.timeline is not None:
        lines += [sentence(finding, error.timeline, language) for finding in error.findings]
    sys.stderr.write("\n".join(lines) + "\n")


def unusable_json(error: UnusableInputError, language: Language) -> dict[str, Any]:
    """The faults of a file, stable names and facts beside the sentences."""
    return {
        "usable": False,
        "file": error.source,
        "faults": [
            {
                "place": fault.place,
                "code": fault.code,
                "facts": fault.facts,
                "sentence": fault_sentence(fault, language),
            }
            for fault in error.faults
        ],
    }
