"""``staffing``: how many agents calls require, or what a given number of agents reaches."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from solver.demand.staffing_batch import answer_file
from solver.demand.staffing_questions import (
    QUESTION_COLUMNS,
    StaffingAnswer,
    StaffingQuestion,
    answer,
    figure_json,
    read_question,
)
from solver.demand.staffing_sentences import staffing_sentence
from solver.faults import UnusableInputError

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
    parser.set_defaults(run=run, usage_error=parser.error)


def _option(column: str) -> str:
    return "--" + column.replace("_", "-")


def run(arguments: argparse.Namespace) -> int:
    """Answer one question on standard output or a file of them; 0, or 2 with every fault on standard error."""
    try:
        return _run_batch(arguments) if arguments.batch else _run_single(arguments)
    except UnusableInputError as error:
        sys.stderr.writelines(staffing_sentence(fault, "en") + "\n" for fault in error.faults)
        return 2


def _run_batch(arguments: argparse.Namespace) -> int:
    given = [_option(column) for column in _OPTIONS if getattr(arguments, column) is not None]
    if given or arguments.json:
        arguments.usage_error(f"--batch goes without {', '.join(given or ['--json'])}: the file has these as columns")
    rows = answer_file(*arguments.batch)
    sys.stdout.write(f"{rows} rows answered in {arguments.batch[1]}\n")
    return 0


def _run_single(arguments: argparse.Namespace) -> int:
    texts = {column: getattr(arguments, column) or "" for column in _OPTIONS}
    question, faults = read_question(texts, _option)
    if question is None:
        raise UnusableInputError(faults)
    found = answer(question)
    sys.stdout.write((_as_json(texts, found) if arguments.json else _as_text(question, found)) + "\n")
    return 0


def _as_json(texts: dict[str, str], found: StaffingAnswer) -> str:
    asked = {column: float(text) if text.strip() else None for column, text in texts.items()}
    reached = {name: figure_json(figure) for name, figure in found.figures().items()}
    return json.dumps({**asked, **reached}, indent=1)


def _as_text(question: StaffingQuestion, found: StaffingAnswer) -> str:
    load, reached = question.load, found.performance
    model = "Erlang C (nobody hangs up)" if load.patience_seconds is None else "Erlang A (callers hang up)"
    word = "required" if question.agents is None else "given"
    lines = [("model", model), ("offered load", f"{load.erlang:.2f} Erlang"), (f"{word} agents", found.required_agents)]
    if question.shrinkage_share:
        lines.append(("scheduled agents", f"{found.scheduled_agents} at {question.shrinkage_share:.1%} shrinkage"))
    if reached.service_level is not None:
        within = f"{question.target.within_seconds:g} s"
        lines.append(
            ("service level", f"{reached.service_level:.1%} of the calls offered are answered within {within}")
        )
    lines += [
        ("mean wait (asa)", f"{reached.asa_seconds:.1f} s over all calls offered"),
        ("agent occupancy", f"{reached.agent_occupancy:.1%}"),
        ("calls that wait", f"{reached.wait_probability:.1%}"),
        ("calls that hang up", f"{reached.abandon_probability:.1%}"),
    ]
    return "\n".join(f"{name:<20}{text}" for name, text in lines)
