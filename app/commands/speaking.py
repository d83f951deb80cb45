"""How commands of the application speak: lines of the message catalogue, in the person's language."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from app.messages import text
from solver.commands import language_of


def say(arguments: argparse.Namespace, key: str, **facts: Any) -> None:
    """A line on standard output."""
    sys.stdout.write(text(key, language_of(arguments), **facts) + "\n")
    sys.stdout.flush()


def complain(arguments: argparse.Namespace, key: str, **facts: Any) -> None:
    """A line on standard error."""
    sys.stderr.write(text(key, language_of(arguments), **facts) + "\n")


def agrees(arguments: argparse.Namespace, key: str, **facts: Any) -> bool:
    """Whether the person says yes; nobody can where the input is no terminal."""
    if not sys.stdin.isatty():
        return False
    sys.stdout.write(text(key, language_of(arguments), **facts) + " ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes", "j", "ja"}
