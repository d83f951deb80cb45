"""What templates know: sentences, formats, the person, static files by content."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, request, url_for
from jinja2 import StrictUndefined

from app.messages import formats
from app.models import Language
from app.views import common, navigation


def init(app: Flask) -> None:
    """Attach filters and globals to an application; a name that a template misspells is an error."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(FILTERS)
    environment.globals.update(
        t=common.t,
        languages=list(Language),
        navigation=navigation.entries,
        static_file=_static_file,
        language=common.language,
        signed_in=common.signed_in,
        now=common.now,
        here=_here,
    )


def _here() -> str:
    """The page shown, to come back to; pages that only take forms have none."""
    return request.full_path.rstrip("?") if request.method == "GET" and request.endpoint else "/"


def _static_file(name: str) -> str:
    """Address of a static file that changes with its content, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_content_mark(name))


@cache
def _content_mark(name: str) -> str:
    content = (Path(__file__).parent.parent / "static" / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:10]


def _in_language(write: Any) -> Any:
    return lambda thing, *details: write(thing, common.language(), *details)


def _clock(instant: datetime, zone: str | None = None) -> str:
    return formats.clock(instant, zone or common.zone())


def _span(starts_at: datetime, ends_at: datetime, zone: str | None = None) -> str:
    return formats.span(starts_at, ends_at, zone or common.zone())


def _moment(instant: datetime, zone: str | None = None) -> str:
    return formats.moment(instant, common.language(), zone or common.zone())


def _local_day(instant: datetime) -> date:
    """The date of an instant where the reader is."""
    return instant.astimezone(ZoneInfo(common.zone())).date()


def _iso(day: date) -> str:
    return day.isoformat()


FILTERS = {
    "number": _in_language(formats.number),
    "fixed_number": _in_language(formats.fixed_number),
    "percent": _in_language(formats.percent),
    "duration": _in_language(formats.duration),
    "short_date": _in_language(formats.short_date),
    "full_date": _in_language(formats.full_date),
    "weekday": _in_language(formats.weekday),
    "weekday_date": _in_language(formats.weekday_date),
    "long_weekday_date": _in_language(formats.long_weekday_date),
    "week_label": _in_language(formats.week_label),
    "clock_minutes": formats.clock_minutes,
    "clock": _clock,
    "span_to": _span,
    "moment": _moment,
    "local_day": _local_day,
    "iso": _iso,
}
