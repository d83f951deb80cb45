"""Until when availability of a week is entered, and whether an agent has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import AvailabilityEntry, Role, Site, UserAccount, Week, WeekState
from app.services.availability_patterns import WEEK_DAYS

WEEKS_AHEAD = 53
WEEKS_BACK = 8
ENTRY_OVER = (WeekState.PUBLISHED, WeekState.RUNNING, WeekState.ARCHIVED)


class EntryClosedError(RefusedError):
    """A change would alter a week whose entry is over; ``first_day`` and ``closed_at`` name it."""

    def __init__(self, week: Week) -> None:
        number, closed_at = str(week.first_day.isocalendar().week), week.entry_deadline_at.isoformat()
        super().__init__("availability.closed", 409, week=number, at=closed_at)
        # Plain values: the row is gone from its session once the transaction has been rolled back.
        self.first_day, self.closed_at = week.first_day, week.entry_deadline_at


@dataclass(frozen=True)
class Entry:
    """How far the entry for one week is.

    :param week: None where the week has not been opened yet: then there is no deadline either
    :param is_closed: nothing can be changed any more
    """

    first_day: date
    week: Week | None
    is_closed: bool
    confirmed_at: datetime | None

    @property
    def deadline_at(self) -> datetime | None:
        """Instant from which on entry is closed."""
        return self.week.entry_deadline_at if self.week else None


def today_of(site: Site, now: datetime) -> date:
    """The local date."""
    return now.astimezone(ZoneInfo(site.time_zone)).date()


def monday_of(day: date) -> date:
    """The Monday of a date's ISO week."""
    return day - timedelta(days=day.weekday())


def is_reachable(site: Site, now: datetime, first_day: date) -> bool:
    """Whether a date is a Monday, not long past and not more than a year ahead."""
    this_monday = monday_of(today_of(site, now))
    earliest, latest = this_monday - timedelta(weeks=WEEKS_BACK), this_monday + timedelta(weeks=WEEKS_AHEAD)
    return first_day.weekday() == 0 and earliest <= first_day <= latest


def require_reachable(site: Site, now: datetime, first_day: date) -> None:
    """Raises NotFoundError for a date that has no page."""
    if not is_reachable(site, now, first_day):
        raise NotFoundError


def last_reachable_on(site: Site, now: datetime) -> date:
    """The last date that can be entered: the Sunday of the last week that has a page."""
    return monday_of(today_of(site, now)) + timedelta(weeks=WEEKS_AHEAD, days=WEEK_DAYS - 1)


def entry_of(session: Session, site: Site, agent_id: int, now: datetime, first_day: date) -> Entry:
    """How far an agent's entry for the week from ``first_day`` is."""
    week = session.exec(select(Week).where(Week.site_id == site.id, Week.first_day == first_day)).first()
    confirmed = session.get(AvailabilityEntry, (week.id, agent_id)) if week else None
    is_past = first_day + timedelta(days=WEEK_DAYS) <= today_of(site, now)
    return Entry(
        first_day=first_day,
        week=week,
        is_closed=is_past or (week is not None and is_closed(week, now)),
        confirmed_at=confirmed.confirmed_at if confirmed else None,
    )


def is_closed(week: Week, now: datetime) -> bool:
    """Whether nothing can be entered for a week any more."""
    return now >= week.entry_deadline_at or week.state in ENTRY_OVER


def closed_weeks(session: Session, site: Site, now: datetime) -> list[Week]:
    """Weeks of a site, recent and to come, in which nothing may change any more."""
    earliest = monday_of(today_of(site, now)) - timedelta(weeks=WEEKS_BACK)
    found = session.exec(select(Week).where(Week.site_id == site.id, col(Week.first_day) >= earliest))
    return [week for week in found if is_closed(week, now)]


def manager_names(session: Session, site: Site) -> list[str]:
    """Whom an agent can ask once entry is closed."""
    query = select(UserAccount.display_name).where(
        UserAccount.site_id == site.id, UserAccount.role == Role.MANAGER, col(UserAccount.active).is_(True)
    )
    return list(session.exec(query.order_by(UserAccount.display_name)))
