"""How a file of call history is laid out: its encoding, its delimiter, which column holds what."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from solver.faults import InputFault, printable
from solver.rules import Fact

MOST_BYTES = 20_000_000
MOST_ROWS = 600_000
MOST_FAULTS = 1000
DELIMITERS = (";", ",", "\t")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR_LINE = re.compile(r"sep=[;,\t](?=[\r\n])")
_BETWEEN_WORDS = re.compile(r"[\s_\-/.]+")

Row = tuple[int, list[str]]


class CallFileFaults(Exception):  # noqa: N818  (it is raised with what was found)
    """A file of calls that cannot be used: nothing of it is taken.

    :param faults: everything that was found, at least one; codes are keys of ``app.messages.call_import``
    """

    def __init__(self, faults: Sequence[InputFault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.code}" for fault in faults[:5]))
        self.faults = list(faults)


class Role(StrEnum):
    """What a column holds."""

    START = "start"
    DATE = "date"
    TIME = "time"
    CALLS = "calls"


_NAMES: Mapping[str, Role] = {
    **dict.fromkeys(("interval_start", "start", "start_time", "starts_at", "begin", "begins_at", "from"), Role.START),
    **dict.fromkeys(("datetime", "date_time", "timestamp", "interval"), Role.START),
    **dict.fromkeys(("beginn", "intervallbeginn", "intervall_beginn", "startzeit", "von", "intervall"), Role.START),
    **dict.fromkeys(("zeitpunkt", "zeitstempel", "datum_uhrzeit", "datum_und_uhrzeit", "datum_zeit"), Role.START),
    **dict.fromkeys(("date", "day", "datum", "tag"), Role.DATE),
    **dict.fromkeys(("time", "clock", "time_of_day", "uhrzeit", "zeit"), Role.TIME),
    **dict.fromkeys(("calls", "offered", "calls_offered", "offered_calls", "incoming", "incoming_calls"), Role.CALLS),
    **dict.fromkeys(("call_volume", "volume", "count", "anrufe", "anzahl", "anzahl_anrufe"), Role.CALLS),
    **dict.fromkeys(("angebotene_anrufe", "anrufe_angeboten", "eingehende_anrufe", "anrufvolumen"), Role.CALLS),
    **dict.fromkeys(("gespräche", "gespraeche"), Role.CALLS),
}
_GERMAN_CALLS = re.compile("anruf|anzahl|gespr")


@dataclass(frozen=True)
class Column:
    """:param number: counted from 1.

    :param name: as the file spells it
    """

    number: int
    name: str


@dataclass(frozen=True)
class CallFileLayout:
    """What the first line says, and the rows below it.

    :param encoding: ``utf-8``, ``utf-16`` or ``cp1252``
    :param delimiter: one of :data:`DELIMITERS`
    :param columns: the columns used: START and CALLS, or DATE, TIME and CALLS
    :param ignored: names of the other columns
    :param german_numbers: whether 1.234,5 is how this file writes numbers, not 1,234.5
    :param rows: rows with anything in them, each with its line number
    """

    encoding: str
    delimiter: str
    columns: Mapping[Role, Column]
    ignored: Sequence[str]
    german_numbers: bool
    rows: Sequence[Row]
    header: Sequence[str]


def fault_at(code: str, line: int, column: int | None = None, **facts: Fact) -> InputFault:
    """Make a fault at a line and perhaps a column, both counted from 1.

    Line and column are texts among the facts: they are names of places, not amounts with thousands separators.
    """
    place = f"line {line}" if column is None else f"line {line}, column {column}"
    return InputFault(place, code, {"line": str(line), "column": str(column or ""), **facts})


def read_layout(raw: bytes) -> CallFileLayout:
    """Find encoding, delimiter and columns.

    :raises CallFileFaults: where the file is no table or its first line is not understood
    """
    text, encoding = _decoded(raw)
    best: Row | None = None
    for delimiter in DELIMITERS:
        row = _header_row(text, delimiter)
        if row is None:
            continue
        columns, faults = _columns(*row)
        if not faults:
            return _layout(encoding, delimiter, columns, row[1], _data_rows(text, delimiter, row[1]))
        if best is None or len(row[1]) > len(best[1]):
            best = row
    raise CallFileFaults([fault_at("not_csv", 1)] if best is None else _header_faults(*best))


def _header_row(text: str, delimiter: str) -> Row | None:
    """First row by this delimiter; None where quotation marks say that it cannot be this one."""
    try:
        return next(_rows(text, delimiter), None)
    except CallFileFaults:
        return None


def _layout(
    encoding: str, delimiter: str, columns: Mapping[Role, Column], header: Sequence[str], rows: Sequence[Row]
) -> CallFileLayout:
    used = {column.number for column in columns.values()}
    ignored = [printable(name) for number, name in enumerate(header, start=1) if number not in used and name.strip()]
    german = delimiter == ";" or _GERMAN_CALLS.search(_plain(columns[Role.CALLS].name)) is not None
    return CallFileLayout(encoding, delimiter, columns, ignored, german, rows, header)


def _decoded(raw: bytes) -> tuple[str, str]:
    """Text and encoding; Windows' cp1252 where it is not UTF-8."""
    if len(raw) > MOST_BYTES:
        raise CallFileFaults([fault_at("file_too_large", 1, megabytes=len(raw) / 1e6, most=MOST_BYTES / 1e6)])
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for codec, name in [("utf-16", "utf-16")] if wide else [("utf-8-sig", "utf-8"), ("cp1252", "cp1252")]:
        try:
            return _plain_text(raw.decode(codec)), name
        except UnicodeDecodeError as error:
            place = error.start
    raise CallFileFaults([fault_at("not_text", raw.count(b"\n", 0, place) + 1)])


def _plain_text(text: str) -> str:
    control = _CONTROL.search(text)
    if control is not None:
        raise CallFileFaults([fault_at("not_text", text.count("\n", 0, control.start()) + 1)])
    if not text.strip():
        raise CallFileFaults([fault_at("empty_file", 1)])
    # Spreadsheets announce their delimiter in a line of its own; without its text it is an empty line.
    return _SEPARATOR_LINE.sub("", text, count=1) if text.startswith("sep=") else text


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    """Rows that hold anything, each with the line it starts on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise CallFileFaults([fault_at("not_csv", line)]) from error


def _data_rows(text: str, delimiter: str, header: Sequence[str]) -> list[Row]:
    """Rows below the header, empty cells beyond its last column left off.

    :raises CallFileFaults: where there are none or too many
    """
    rows = _rows(text, delimiter)
    line, _ = next(rows)
    below = [(row_line, _trimmed(cells, len(header))) for row_line, cells in islice(rows, MOST_ROWS + 1)]
    if len(below) > MOST_ROWS:
        raise CallFileFaults([fault_at("too_many_rows", below[-1][0], None, most=MOST_ROWS)])
    if not below:
        raise CallFileFaults([fault_at("no_rows", line)])
    return below


def _trimmed(cells: list[str], width: int) -> list[str]:
    return cells[:width] if not any(cell.strip() for cell in cells[width:]) else cells


def _plain(name: str) -> str:
    return _BETWEEN_WORDS.sub("_", name.strip().casefold()).strip("_")


def role_of(name: str) -> Role | None:
    """Tell what a column of this name holds, in English or German; None where the name is not known."""
    return _NAMES.get(_plain(name))


def _columns(line: int, header: Sequence[str]) -> tuple[dict[Role, Column], list[InputFault]]:
    """Columns by what they hold, or what is wrong with them."""
    columns: dict[Role, Column] = {}
    faults = []
    for number, name in enumerate(header, start=1):
        role = role_of(name)
        if role is not None and role in columns:
            faults.append(fault_at("column_twice", line, number, name=printable(name), first=columns[role].name))
        elif role is not None:
            columns[role] = Column(number, printable(name.strip()))
    _settle_moment(columns)
    faults += [
        fault_at("column_missing", line, None, wanted=role.value)
        for role in (Role.START, Role.CALLS)
        if role not in columns and not (role is Role.START and Role.DATE in columns)
    ]
    return columns, faults


def _settle_moment(columns: dict[Role, Column]) -> None:
    """Leave START alone, or DATE with TIME: a date column may hold the time too, a start may be a mere time."""
    if Role.DATE in columns:
        if Role.TIME not in columns and Role.START in columns:
            columns[Role.TIME] = columns[Role.START]
        if Role.TIME in columns:
            columns.pop(Role.START, None)
        else:
            columns[Role.START] = columns.pop(Role.DATE)
    else:
        columns.pop(Role.TIME, None)


def _header_faults(line: int, header: Sequence[str]) -> list[InputFault]:
    """Say why the first line is not understood, cut by the delimiter that made most cells of it."""
    if len(header) == 1:
        return [fault_at("no_delimiter", line, None, text=printable(header[0]))]
    if not any(role_of(name) for name in header):
        return [fault_at("header_not_understood", line, None, names=printable(", ".join(header)))]
    return _columns(line, header)[1]
