"""A notice in words, for mail and page alike: title, sentence, and duties with day, time and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.messages import formats, text
from app.models import Place
from app.services.telling import Notice, ToldDuty

OFFERS = ("offer", "waiting", "stand_in")
"""First parts of kinds whose duties change hands only once somebody says yes."""
WEEK_PAGE = "/agent/week/{week_id}"
PAGES = {
    "absence": "/manager/shifts/{object_id}",
    "address": "/notifications/settings",
    "availability": "/agent/availability",
    "offer.to_approve": "/manager/swaps",
    "offer": "/agent/week/offers/{object_id}",
    "roster": WEEK_PAGE,
    "stand_in": "/agent/week/stand-in/{object_id}",
    "stand_in.unanswered": "/manager/shifts/{object_id}",
    "waiting": "/agent/book/{week_id}/shifts/{object_id}",
}
"""Where to see more, by the kind or its first part."""


@dataclass(frozen=True)
class Block:
    """Duties under a heading."""

    heading: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Written:
    """A notice in one language.

    :param path: of the page that shows more
    """

    notice: Notice
    title: str
    lead: str
    blocks: Sequence[Block]
    path: str


def written(notice: Notice, language: str, zone: str) -> Written:
    """A notice in words; KeyError for a kind that has none."""
    facts = {
        "week": "" if notice.first_day is None else formats.week_label(notice.first_day, language),
        "until": "" if notice.deadline_at is None else moment(notice.deadline_at, language, zone),
        "address": notice.address,
    }
    return Written(
        notice,
        text(f"told.title.{notice.kind}", language, **facts),
        text(f"told.lead.{notice.kind}", language, **facts),
        blocks(notice, language, zone),
        page_of(notice),
    )


def page_of(notice: Notice) -> str:
    """Path of the page that shows what a notice is about."""
    pattern = PAGES.get(notice.kind) or PAGES.get(notice.kind.partition(".")[0], "/")
    return pattern.format(week_id=notice.week_id, object_id=notice.object_id)


def blocks(notice: Notice, language: str, zone: str) -> list[Block]:
    """Before, after, and what it is about."""
    is_offer = notice.kind.partition(".")[0] in OFFERS
    headings = ("told.give", "told.get") if is_offer else ("told.before", "told.after")
    found = []
    for key, duties in (*zip(headings, (notice.before, notice.after), strict=True), ("told.about", notice.about)):
        lines = [duty_line(duty, language, zone) for duty in duties]
        if key == "told.after" and notice.before and not lines:
            lines = [text("told.free", language)]
        if lines:
            found.append(Block(text(key, language), lines))
    return found


def duty_line(duty: ToldDuty, language: str, zone: str) -> str:
    """``Mo 30.3. 08:00–14:30 · Platz 3E-01 · Pause 11:00–11:30``."""
    breaks = [
        text("told.break", language, times=f"{clock(start, zone)}–{clock(end, zone)}") for start, end in duty.breaks
    ]
    return " · ".join([day_and_times(duty.starts_at, duty.ends_at, language, zone), place(duty, language), *breaks])


def place(duty: ToldDuty, language: str) -> str:
    """``Platz 3E-01``, ``zu Hause``, or that there is no desk yet."""
    if duty.place is Place.HOME:
        return text("told.at_home", language)
    return text("told.no_desk", language) if duty.desk is None else text("told.at_desk", language, desk=duty.desk)


def day_and_times(starts_at: datetime, ends_at: datetime, language: str, zone: str) -> str:
    """``Mo 30.3. 22:00–06:00 (Di)``, with the day on which it ends where that is another one; midnight is 24:00."""
    start, end = (instant.astimezone(ZoneInfo(zone)) for instant in (starts_at, ends_at))
    day = formats.weekday_date(start.date(), language)
    until = clock(ends_at, zone)
    if end.date() == start.date():
        return f"{day} {clock(starts_at, zone)}–{until}"
    if until == "00:00" and (end.date() - start.date()).days == 1:
        return f"{day} {clock(starts_at, zone)}–24:00"
    return f"{day} {clock(starts_at, zone)}–{until} ({formats.weekday(end.date(), language)})"


def moment(instant: datetime, language: str, zone: str) -> str:
    """``Mo 30.3., 08:00``."""
    day = instant.astimezone(ZoneInfo(zone)).date()
    return f"{formats.weekday_date(day, language)}, {clock(instant, zone)}"


def clock(instant: datetime, zone: str) -> str:
    """``02:30``; with its offset in the hour that comes twice, ``02:30+01:00``."""
    local = instant.astimezone(ZoneInfo(zone))
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M}" + (local.isoformat()[-6:] if comes_twice else "")
