"""Times of duties as an agent reads them, on the clock of the site."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.messages import formats
from app.views.common import language, zone


def local(instant: datetime) -> datetime:
    """The instant on the clock of the site."""
    return instant.astimezone(ZoneInfo(zone()))


def day_of(instant: datetime) -> date:
    """The local date of an instant."""
    return local(instant).date()


def clock(instant: datetime) -> str:
    """``02:30``; with its offset in the hour that comes twice, ``02:30+01:00``."""
    at = local(instant)
    comes_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    return f"{at:%H:%M}" + (at.isoformat()[-6:] if comes_twice else "")


def times(starts_at: datetime, ends_at: datetime) -> str:
    """``22:00–06:00 (Di)``, with the day on which it ends where that is another one; midnight is 24:00."""
    end = local(ends_at)
    if end.date() == day_of(starts_at):
        return f"{clock(starts_at)}–{clock(ends_at)}"
    if f"{end:%H:%M}" == "00:00" and (end.date() - day_of(starts_at)).days == 1:
        return f"{clock(starts_at)}–24:00"
    return f"{clock(starts_at)}–{clock(ends_at)} ({formats.weekday(end.date(), language())})"


def day_and_times(starts_at: datetime, ends_at: datetime) -> str:
    """``Mo 30.3. 08:00–14:30``."""
    return f"{formats.weekday_date(day_of(starts_at), language())} {times(starts_at, ends_at)}"


def moment(instant: datetime) -> str:
    """``Mo 30.3., 08:00``."""
    return f"{formats.weekday_date(day_of(instant), language())}, {clock(instant)}"
