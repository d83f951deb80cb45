"""``staffing``: how many agents calls require, or what a given number of agents reaches."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from solver import commands
from solver.demand.staffing_batch import answer_file
from solver.demand.staffing_questions import (
    QUESTION_COLUMNS,
    StaffingAnswer,
    StaffingQuestion,
    answer,
    figure_json,
    read_question,
)
from solver.demand.staffing_sentences import LABELS
from solver.faults import UnusableInputError
from solver.sentences import Language

_OPTIONS = {
    "calls": "calls offered in the interval",
    "interval_minutes": "length of the interval",
    "aht_seconds": "mean handling time of a call, after-call work included",
    "service_level": "share (0-1) of the calls OFFERED to be answered within --within-seconds; "
    "callers who hang up count as not answered",
    "within_seconds": "time for the service level",
    "patience_seconds": "mean patience of a waiting caller: then Erlang A is used, else Erlang C (nobody hangs up)",
    "max_agent_occupancy": "share (0-1) of their time that agents may be busy: offered load / agents",
    "shrinkage": "share (0-1) of paid time not on the phones: scheduled = required / (1 - shrinkage)",
    "agents": "evaluate this number instead of searching for the smallest one",
}
_BATCH_HELP = (
    "answer every row of a CSV file into another; the columns have the names of the options "
    f"({', '.join(QUESTION_COLUMNS)}), empty where not given"
)
_DESCRIPTION = (
    "How many agents calls require, or with --agents what that number reaches. The service level counts calls "
    "answered within the time over calls OFFERED. The average speed of answer (asa) is the mean wait of all calls "
    "offered; where Erlang C's agents cannot keep up it is infinite (inf; null in JSON) and the service level 0."
)


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser("staffing", help="calls in, required agents out", description=_DESCRIPTION)
    for column, meaning in _OPTIONS.items():
        parser.add_argument(_option(column), metavar="N", help=meaning)
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--batch", nargs=2, type=Path, metavar=("IN.CSV", "OUT.CSV"), help=_BATCH_HELP)
    commands.add_language(parser)
    parser.set_defaults(run=run, usage_error=parser.error)


def _option(column: str) -> str:
    return "--" + column.replace("_", "-")


def run(arguments: argparse.Namespace) -> int:
    """Answer one question on standard output, or a file of them into another file.

    :raises UnusableInputError: with every fault of the question or the file; then nothing is written
    """
    return _run_batch(arguments) if arguments.batch else _run_single(arguments)


def _run_batch(arguments: argparse.Namespace) -> int:
    given = [_option(column) for column in _OPTIONS if getattr(arguments, column) is not None]
    if given or arguments.json:
        arguments.usage_error(f"--batch goes without {', '.join(given or ['--json'])}: the file has these as columns")
    rows = answer_file(*arguments.batch)
    _, text = LABELS[commands.language_of(arguments)]["rows"]
    sys.stdout.write(text.format(count=rows, file=arguments.batch[1]) + "\n")
    return commands.KEPT


def _run_single(arguments: argparse.Namespace) -> int:
    texts = {column: getattr(arguments, column) or "" for column in _OPTIONS}
    question, faults = read_question(texts, _option)
    if question is None:
        raise UnusableInputError(faults)
    found = answer(question)
    text = _as_json(texts, found) if arguments.json else _as_text(question, found, commands.language_of(arguments))
    sys.stdout.write(text + "\n")
    return commands.KEPT


def _as_json(texts: dict[str, str], found: StaffingAnswer) -> str:
    asked = {column: float(text) if text.strip() else None for column, text in texts.items()}
    reached = {name: figure_json(figure) for name, figure in found.figures().items()}
    return json.dumps({**asked, **reached}, indent=1)


def _as_text(question: StaffingQuestion, found: StaffingAnswer, language: Language) -> str:
    load, reached, labels = question.load, found.performance, LABELS[language]
    model = labels["erlang_c" if load.patience_seconds is None else "erlang_a"][1]
    lines: list[tuple[str, dict[str, Any]]] = [
        ("model", {"model": model}),
        ("load", {"erlang": load.erlang}),
        ("required" if question.agents is None else "given", {"agents": found.required_agents}),
    ]
    if question.shrinkage_share:
        lines.append(("scheduled", {"agents": found.scheduled_agents, "share": question.shrinkage_share}))
    if reached.service_level is not None:
        lines.append(("level", {"share": reached.service_level, "seconds": question.target.within_seconds}))
    lines += [
        ("wait", {"seconds": reached.asa_seconds}),
        ("busy", {"share": reached.agent_occupancy}),
        ("waiting", {"share": reached.wait_probability}),
        ("abandoned", {"share": reached.abandon_probability}),
    ]
    return "\n".join(f"{labels[key][0]:<22}{labels[key][1].format(**facts)}" for key, facts in lines)
