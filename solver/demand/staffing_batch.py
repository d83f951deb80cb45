"""A CSV file of staffing questions in, the same file with the answers out; all or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.demand.staffing_questions import (
    ANSWER_COLUMNS,
    QUESTION_COLUMNS,
    StaffingAnswer,
    StaffingQuestion,
    answer,
    figure_text,
    read_question,
)
from solver.faults import InputFault, UnusableInputError, printable
from solver.rules import Fact
from solver.writing import write_whole

_Row = tuple[int, list[str]]


@dataclass(frozen=True)
class StaffingFile:
    """A checked file of questions.

    :param columns: names of the columns in the order of the file
    :param rows: the texts of each row as they stood in the file, without the rows that were empty
    :param questions: one for each row
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    questions: Sequence[StaffingQuestion]


def answer_file(source: Path, target: Path) -> int:
    """Answer every row of ``source`` into ``target``; returns the number of rows.

    :raises UnusableInputError: with every fault of the file; then ``target`` is as it was
    """
    try:
        staffing_file = read_staffing_file(_bytes_of(source))
    except UnusableInputError as error:
        error.source = str(source)
        raise
    answers: dict[StaffingQuestion, StaffingAnswer] = {}
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*staffing_file.columns, *ANSWER_COLUMNS])
    for row, question in zip(staffing_file.rows, staffing_file.questions, strict=True):
        if question not in answers:
            answers[question] = answer(question)
        writer.writerow([*row, *(figure_text(figure) for figure in answers[question].figures().values())])
    _write(target, written.getvalue())
    return len(staffing_file.rows)


def read_staffing_file(content: bytes) -> StaffingFile:
    """Read a CSV file whose first line names the columns.

    :param content: comma-separated, UTF-8 with or without byte order mark
    :raises UnusableInputError: with every fault, each at its line and column
    """
    columns, rows = _table(content)
    questions: list[StaffingQuestion] = []
    faults: list[InputFault] = []
    for line, cells in rows:
        if len(cells) != len(columns):
            faults.append(_row_length(line, len(cells), len(columns)))
            continue
        texts = dict(zip(columns, cells, strict=True))
        question, row_faults = read_question(texts, f"line {line}, column {{}}".format)
        faults += row_faults
        if question is not None:
            questions.append(question)
    if faults:
        raise UnusableInputError(faults)
    return StaffingFile(columns, [cells for _, cells in rows], questions)


def _row_length(line: int, cells: int, columns: int) -> InputFault:
    return InputFault(f"line {line}", "staffing_row_length", {"cells": cells, "columns": columns})


def _table(content: bytes) -> tuple[list[str], list[_Row]]:
    """Names of the columns, and the rows with their line numbers."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableInputError([InputFault(f"line {line}", "not_utf8")]) from error
    rows = list(_rows(text))
    if not rows:
        raise UnusableInputError([InputFault("line 1", "staffing_no_header")])
    line, header = rows[0]
    columns = [name.strip() for name in header]
    faults = _header_faults(line, columns)
    if faults:
        raise UnusableInputError(faults)
    return columns, rows[1:]


def _rows(text: str) -> Iterator[_Row]:
    """Rows that hold anything, each with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnusableInputError([InputFault(f"line {line}", "staffing_not_csv")]) from error


def _header_faults(line: int, columns: Sequence[str]) -> list[InputFault]:
    faults = []
    for number, name in enumerate(columns, start=1):
        place = f"line {line}, column {number}"
        if name not in QUESTION_COLUMNS:
            faults.append(InputFault(place, "staffing_unknown_column", {"name": printable(name)}))
        elif name in columns[: number - 1]:
            faults.append(InputFault(place, "staffing_column_twice", {"name": name}))
    for name, limits in QUESTION_COLUMNS.items():
        if limits.needed and name not in columns:
            faults.append(InputFault(f"line {line}", "staffing_column_missing", {"name": name}))
    return faults


def _bytes_of(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except FileNotFoundError as error:
        raise _unusable("file_missing", source) from error
    except IsADirectoryError as error:
        raise _unusable("is_a_directory", source) from error
    except OSError as error:
        raise _unusable("not_readable", source) from error


def _write(target: Path, text: str) -> None:
    try:
        write_whole(target, text.encode())
    except OSError as error:
        raise _unusable("not_writable", target, reason=error.strerror or "") from error


def _unusable(code: str, path: Path, **facts: Fact) -> UnusableInputError:
    unusable = UnusableInputError([InputFault("", code, facts)])
    unusable.source = str(path)
    return unusable
