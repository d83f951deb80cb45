"""Days and clock times of a week as forms send them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.messages import formats
from app.models import Week
from app.services.duty_page import usual_clocks
from app.views.common import language, t, zone
from app.views.manager.form_fields import FormReader
from solver.timeline import local_instant

DAY_MINUTES = 24 * 60
WEEK_DAYS = 7


def days_of(first_day: date) -> list[tuple[str, str]]:
    """The days of a week, for a choice."""
    days = [first_day + timedelta(days=index) for index in range(WEEK_DAYS)]
    return [(day.isoformat(), formats.weekday_date(day, language())) for day in days]


def span_of(form: FormReader, first_day: date) -> tuple[datetime, datetime] | None:
    """Start and end from the fields ``day``, ``start`` and ``end``; an end before the start is on the next day.

    None where something is wrong, which is kept with the form.
    """
    day = form.day("day")
    if "day" not in form.faults and not first_day <= day < first_day + timedelta(days=WEEK_DAYS):
        form.faults["day"] = t("booking.other_week")
    start, end = form.clock("start"), form.clock("end")
    if form.faults:
        return None
    site_zone = ZoneInfo(zone())
    return (
        local_instant(site_zone, day, start),
        local_instant(site_zone, day, end if end > start else end + DAY_MINUTES),
    )


def local_fields(starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """What the fields of :func:`span_of` hold for a duty."""
    local = starts_at.astimezone(ZoneInfo(zone()))
    return {
        "day": local.date().isoformat(),
        "start": f"{local:%H:%M}",
        "end": f"{ends_at.astimezone(ZoneInfo(zone())):%H:%M}",
    }


def usual_fields(session: Session, week: Week) -> dict[str, str]:
    """What the fields of :func:`span_of` begin with."""
    start, end = usual_clocks(session, week)
    first_day = week.first_day.isoformat()
    return {"day": first_day, "start": formats.clock_minutes(start), "end": formats.clock_minutes(end)}
