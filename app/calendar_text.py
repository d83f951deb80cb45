"""A feed as an iCalendar file (RFC 5545): bytes that are the same for the same feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from app.messages import text
from app.models import Place
from app.notice_text import clock, moment
from app.services.calendar_feed import Feed, FeedEntry

PRODUCT = "-//Abstand//Duties//EN"
ASK_EVERY = timedelta(minutes=15)


def as_ical(feed: Feed, page_url: str) -> bytes:
    """The file.

    :param page_url: where the person sees the week, empty where that is not known
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = text("feed.name", feed.language, site=feed.site_name)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", feed.zone)
    calendar.add("refresh-interval", ASK_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for entry in feed.entries:
        calendar.add_component(_event(feed, entry, page_url))
    if feed.entries:
        first, last = (edge(entry.starts_at for entry in feed.entries).date() for edge in (min, max))
        calendar.add_missing_timezones(first - timedelta(days=366), last + timedelta(days=366))
    content: bytes = calendar.to_ical()
    return content


def _event(feed: Feed, entry: FeedEntry, page_url: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@abstand")
    event.add("sequence", entry.sequence)
    # Not the moment of the request: the same content must be the same bytes.
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", _on_the_wall(entry.starts_at, feed.zone))
    event.add("dtend", _on_the_wall(entry.ends_at, feed.zone))
    event.add("summary", _summary(feed, entry))
    event.add("location", _location(feed, entry))
    event.add("description", "\n".join([*_details(feed, entry), *([page_url] if page_url else [])]))
    if page_url:
        event.add("url", page_url)
    event.add("status", "CONFIRMED" if entry.is_sure else "TENTATIVE")
    event.add("transp", "OPAQUE" if entry.is_sure else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _on_the_wall(instant: datetime, zone: str) -> datetime:
    """With the site's time zone; in UTC inside the hour that comes twice, where a clock time alone says too little."""
    local = instant.astimezone(ZoneInfo(zone))
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return instant.astimezone(UTC) if comes_twice else local


def _summary(feed: Feed, entry: FeedEntry) -> str:
    if not entry.is_sure:
        return f"{text('feed.unsure', feed.language)} · {text('feed.no_desk', feed.language)}"
    if entry.place is Place.HOME:
        return text("feed.at_home", feed.language)
    if entry.desk is None:
        return f"{text('feed.on_site', feed.language)} · {text('feed.no_desk', feed.language)}"
    return text("feed.at_desk", feed.language, desk=entry.desk)


def _location(feed: Feed, entry: FeedEntry) -> str:
    if entry.place is Place.HOME:
        return text("feed.location_home", feed.language)
    if entry.desk is None or entry.room is None:
        return feed.site_name
    return text("feed.location", feed.language, room=entry.room, desk=entry.desk, site=feed.site_name)


def _details(feed: Feed, entry: FeedEntry) -> list[str]:
    details = [
        text("feed.break", feed.language, times=f"{clock(start, feed.zone)}–{clock(end, feed.zone)}")
        for start, end in entry.breaks
    ]
    if entry.answer_by is not None:
        details.append(text("feed.answer_by", feed.language, until=moment(entry.answer_by, feed.language, feed.zone)))
    elif not entry.is_sure:
        details.append(text("feed.waits", feed.language))
    return details
