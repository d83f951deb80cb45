"""Duties of an agent that lie in time the agent has blocked: they stay until they are cancelled, so they are named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.availability_windows import windows_of
from app.models import CurrentDuty, Site, StatedWindows
from app.services.availability_entry import monday_of
from app.services.availability_patterns import WEEK_DAYS, as_rows
from solver.timeline import Span, Timeline, intersect


def to_come(session: Session, agent_id: int, now: datetime) -> list[CurrentDuty]:
    """Duties of an agent that are not over, in order of time."""
    query = select(CurrentDuty).where(CurrentDuty.agent_id == agent_id, col(CurrentDuty.ends_at) > now)
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at))))


def in_blocked_time(site: Site, duties: Iterable[CurrentDuty], stated: StatedWindows) -> list[CurrentDuty]:
    """Those of the duties that meet a blocked window."""
    zone = ZoneInfo(site.time_zone)
    return [duty for duty in duties if _meets_blocked(site, zone, duty, stated)]


def _meets_blocked(site: Site, zone: ZoneInfo, duty: CurrentDuty, stated: StatedWindows) -> bool:
    # Two weeks, because a duty of a Sunday night ends in the next one.
    first_day = monday_of(duty.starts_at.astimezone(zone).date())
    timeline = Timeline(zone, first_day, 2 * WEEK_DAYS, site.slot_minutes)
    span = timeline.minute_of(duty.starts_at), timeline.minute_of(duty.ends_at)
    blocked: Sequence[Span] = windows_of(timeline, *as_rows(stated)).blocked
    return bool(intersect([span], blocked))
