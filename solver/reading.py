"""Reading the two files: everything that is wrong is named at once, with its place in the file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from solver import json_text
from solver.checks.fixed_alone import fixed_findings
from solver.collecting import garbage_left_alone
from solver.faults import InputFault, UnusableInputError
from solver.model_faults import MOST_FAULTS, checked
from solver.problem import Agent, Demand, Duty, Problem, Room
from solver.problem_faults import fixed_faults, problem_faults
from solver.roster import Roster
from solver.roster_faults import roster_faults

MOST_BYTES = 256 * 1024 * 1024
_FIRST_BYTES = 64 * 1024
_CHUNK_BYTES = 4 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"

Content = bytes | str | Mapping[str, Any]


def read_problem(path: Path | str) -> Problem:
    """The problem in a ``.json`` or ``.json.gz`` file.

    :raises UnusableInputError: with every fault found, and the breaches where ``fixed`` duties break rules
    """
    with _named(path):
        return parse_problem(bytes_of(path))


def parse_problem(content: Content) -> Problem:
    """The problem in a file's bytes, its text or its parsed JSON; raises like :func:`read_problem`."""
    parsed, faults = _object_in(content)
    result = checked(Problem, parsed, {"agents": Agent, "demand": Demand, "rooms": Room})
    problem, faults = result.file, faults + result.faults
    if problem is not None:
        faults += problem_faults(problem, parsed, result.kept)
    if faults or problem is None:
        raise UnusableInputError(_each_once(faults))
    findings = fixed_findings(problem)
    if findings:
        raise UnusableInputError(fixed_faults(problem, findings), findings, problem.timeline)
    return problem


def read_roster(path: Path | str, problem: Problem) -> Roster:
    """The roster in a ``.json`` or ``.json.gz`` file, made for ``problem``.

    :raises UnusableInputError: with every fault found; a broken rule is no fault of the file
    """
    with _named(path):
        return parse_roster(bytes_of(path), problem)


def parse_roster(content: Content, problem: Problem) -> Roster:
    """The roster in a file's bytes, its text or its parsed JSON; raises like :func:`read_roster`."""
    parsed, faults = _object_in(content)
    result = checked(Roster, parsed, {"duties": Duty})
    roster, faults = result.file, faults + result.faults
    if roster is not None:
        faults += roster_faults(problem, roster, parsed, result.kept)
    if faults or roster is None:
        raise UnusableInputError(_each_once(faults))
    return roster


@contextmanager
def _named(path: Path | str) -> Iterator[None]:
    try:
        with garbage_left_alone():
            yield
    except UnusableInputError as error:
        error.source = str(path)
        raise


def bytes_of(path: Path | str) -> bytes:
    """The unpacked bytes of a file; one that can be no JSON object is refused after its first bytes.

    :raises UnusableInputError: where the file is missing, unreadable, no archive or far too large
    """
    try:
        with Path(path).open("rb") as file:
            packed = file.peek(2)[:2] == _GZIP_MAGIC or str(path).endswith(".gz")
            return _unpacked(file) if packed else _limited(file)
    except FileNotFoundError:
        code = "file_missing"
    except IsADirectoryError:
        code = "is_a_directory"
    except (OSError, ValueError):
        code = "not_readable"
    raise UnusableInputError([InputFault("", code)])


def _unpacked(file: IO[bytes]) -> bytes:
    try:
        with gzip.GzipFile(fileobj=file) as archive:
            return _limited(archive)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnusableInputError([InputFault("", "broken_gzip")]) from error


def _limited(file: IO[bytes] | gzip.GzipFile) -> bytes:
    beginning = file.read(_FIRST_BYTES)
    json_text.refuse_other_than_object(beginning)
    chunks, bytes_read = [beginning], len(beginning)
    while chunk := file.read(_CHUNK_BYTES):
        chunks.append(chunk)
        bytes_read += len(chunk)
        if bytes_read > MOST_BYTES:
            raise UnusableInputError([InputFault("", "file_too_large", {"most_megabytes": MOST_BYTES // 1024**2})])
    return b"".join(chunks)


def _each_once(faults: Sequence[InputFault]) -> list[InputFault]:
    """Faults without those that two readers noted, at most as many as anybody would read."""
    return list({(fault.place, fault.code): fault for fault in faults}.values())[:MOST_FAULTS]


def _object_in(content: Content) -> tuple[Mapping[str, Any], list[InputFault]]:
    if isinstance(content, Mapping):
        return content, []
    return json_text.parsed(content.encode(errors="surrogatepass") if isinstance(content, str) else content)
