"""When a message may go out by mail: at once or with the day's digest, never in quiet hours unless it cannot wait."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.models import MailDelivery, MailWish

HOUR_MINUTES = 60


def due_at(wish: MailWish, zone: str, created_at: datetime, needed_by: datetime | None) -> datetime:
    """The first instant that suits both the person's wishes and the message.

    What would come too late with the digest comes as soon as quiet hours allow, and what would come too late even
    then comes at once, where the person lets it.

    :param zone: in which the person lives by the clock
    :param needed_by: after which the message is of little use, None where it can wait
    """
    soon = _after_quiet_hours(wish, zone, created_at)
    wished = soon
    if wish.delivery is MailDelivery.DAILY:
        digest_at = _next_clock(zone, created_at, wish.daily_clock_minutes)
        wished = _after_quiet_hours(wish, zone, digest_at)
    if needed_by is None or wished <= needed_by:
        return wished
    if soon <= needed_by or not wish.urgent_any_time:
        return soon
    return created_at


def is_quiet(wish: MailWish, zone: str, at: datetime) -> bool:
    """Whether an instant lies in a person's quiet hours, by the clock on the wall."""
    start, end = wish.quiet_from_clock_minutes, wish.quiet_to_clock_minutes
    local = at.astimezone(ZoneInfo(zone))
    clock = local.hour * HOUR_MINUTES + local.minute
    return start <= clock < end if start <= end else clock >= start or clock < end


def _after_quiet_hours(wish: MailWish, zone: str, at: datetime) -> datetime:
    return _next_clock(zone, at, wish.quiet_to_clock_minutes) if is_quiet(wish, zone, at) else at


def _next_clock(zone: str, after: datetime, clock_minutes: int) -> datetime:
    """The next instant at which the clock shows a time; where that hour is skipped, as much later as it skips."""
    local = after.astimezone(ZoneInfo(zone))
    at = time(*divmod(clock_minutes, HOUR_MINUTES))
    days = (local.date() + timedelta(days=number) for number in range(3))
    instants = (datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for day in days)
    return next(instant for instant in instants if instant > after)
