"""Dates, times and numbers as call statistics write them, ISO or German."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

YEARS = range(1970, 2100)
MOST_CALLS = 1_000_000
_ISO_DATE = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_GERMAN_DATE = r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})(\.0+)?)?( Uhr)?"
_BETWEEN = r"(,? +|T)"
_WITH_OFFSET = re.compile(rf"{_ISO_DATE}{_BETWEEN}{_CLOCK} ?(Z|[+-]\d{{2}}(:?\d{{2}})?)", re.ASCII)
_GERMAN_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII)
_ENGLISH_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_LONGEST_CELL = 60


class DateFormat(StrEnum):
    """How a file writes its dates: ``2003-12-31`` or ``31.12.2003``."""

    ISO = "iso"
    GERMAN = "german"


_MOMENT = {
    DateFormat.ISO: re.compile(_ISO_DATE + _BETWEEN + _CLOCK, re.ASCII),
    DateFormat.GERMAN: re.compile(_GERMAN_DATE + _BETWEEN + _CLOCK, re.ASCII),
}


class CellError(Exception):
    """A cell that cannot be read.

    :param code: what is wrong with it, a key of ``app.messages.call_import``
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_wall_time(text: str) -> tuple[DateFormat, datetime]:
    """Read a date and a time as the wall clock showed them, without zone.

    :raises CellError: ``not_a_time``, ``no_such_time``, ``year_out_of_range``, ``time_with_offset``
    """
    text = " ".join(text.split()) if len(text) <= _LONGEST_CELL else ""
    for date_format, pattern in _MOMENT.items():
        match = pattern.fullmatch(text)
        if match is not None:
            return date_format, _wall_time({name: int(digits or 0) for name, digits in match.groupdict().items()})
    raise CellError("time_with_offset" if _WITH_OFFSET.fullmatch(text) else "not_a_time")


def _wall_time(parts: dict[str, int]) -> datetime:
    year = parts["year"] + (2000 if parts["year"] < 100 else 0)
    if year not in YEARS:
        raise CellError("year_out_of_range")
    try:
        return datetime(  # noqa: DTZ001  (the zone is the site's, and the clock may show this twice)
            year, parts["month"], parts["day"], parts["hour"], parts["minute"], parts["second"]
        )
    except ValueError as error:
        raise CellError("no_such_time") from error


def read_calls(text: str, *, german: bool, fractions: bool) -> Decimal:
    """Read a number of calls.

    :param german: whether dots group thousands and the comma is the decimal sign, not the other way round
    :param fractions: whether calls may be fractional
    :raises CellError: ``calls_missing``, ``not_a_number``, ``negative_calls``, ``too_many_calls``, ``fractional_calls``
    """
    text = text.strip()
    if not text:
        raise CellError("calls_missing")
    if len(text) > _LONGEST_CELL or not (_GERMAN_NUMBER if german else _ENGLISH_NUMBER).fullmatch(text):
        raise CellError("not_a_number")
    plain = text.replace(".", "").replace(",", ".") if german else text.replace(",", "")
    calls = Decimal(plain)
    if calls < 0:
        raise CellError("negative_calls")
    if calls > MOST_CALLS:
        raise CellError("too_many_calls")
    if not fractions and calls != calls.to_integral_value():
        raise CellError("fractional_calls")
    return calls


def instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """List the instants (UTC) at which the clock showed this time: one, two when it was put back, none when skipped."""
    instants = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if instants[0].astimezone(zone).replace(tzinfo=None) != wall:
        return []
    return instants[:1] if instants[0] == instants[1] else instants
