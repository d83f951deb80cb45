"""``explain``: why are the worst gaps of a roster there, and what single relaxation would help?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from solver import commands
from solver.explain import explain
from solver.explain_sentences import explanation_lines, gap_sentences
from solver.explaining.facts import Explanation, as_json
from solver.reading import read_problem, read_roster
from solver.sentences import Language
from solver.timeline import Timeline

MOST_SECONDS = 24 * 3600


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "explain",
        help="why gaps are there and what would help",
        description="For the worst gaps of a roster: why those who know the queue do not cover them, and which single "
        "relaxation would save how many missing minutes. Every effect was found by trying and is judged by the checks.",
        epilog="Exit codes: 0 explained, 2 unusable input.",
    )
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="problem file (.json or .json.gz)")
    parser.add_argument("roster", type=Path, metavar="ROSTER", help="roster file (.json or .json.gz)")
    parser.add_argument("--json", action="store_true", help="print JSON, sentences included")
    parser.add_argument("--gaps", type=_whole, default=5, metavar="N", help="how many gaps at most; default: 5")
    limits = parser.add_mutually_exclusive_group()
    limits.add_argument("--time-limit", type=_seconds, default=30.0, metavar="SECONDS", help="default: 30")
    limits.add_argument(
        "--iterations", type=_whole, metavar="N", help="ask N times per gap instead of a time limit: repeatable"
    )
    commands.add_language(parser)
    parser.set_defaults(run=run)


def _whole(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"not a whole number from 1 on: {text}")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.0 < value <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"not a number of seconds above 0: {text}")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Print causes and remedies; 0 where that was possible.

    :raises solver.faults.UnusableInputError: where one of the files cannot be used
    """
    problem = read_problem(arguments.problem)
    roster = read_roster(arguments.roster, problem)
    explanation = explain(
        problem,
        roster,
        gaps=arguments.gaps,
        time_limit_seconds=arguments.time_limit,
        iterations=arguments.iterations,
    )
    language = commands.language_of(arguments)
    if arguments.json:
        content = with_sentences(explanation, problem.timeline, language)
        json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in text_lines(explanation, problem.timeline, language))
    return commands.KEPT


def text_lines(explanation: Explanation, timeline: Timeline, language: Language) -> Iterator[str]:
    """A paragraph for each gap, below a line on the whole."""
    for number, line in enumerate(explanation_lines(explanation, timeline, language)):
        if number:
            yield ""
        yield line


def with_sentences(explanation: Explanation, timeline: Timeline, language: Language) -> dict[str, Any]:
    """The facts, and beside those of each gap its sentences."""
    content = as_json(explanation, timeline)
    for gap, explained in zip(content["gaps"], explanation.gaps, strict=True):
        gap["sentences"] = gap_sentences(explained, timeline, language)
    return content
