"""Which weeks an agent may book in, or from when, and how many bookings are left in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import BookingTerms, LiveWeek, Site, Week
from app.services import shift_booking
from app.services.audit import Actor
from app.services.lookup import of_site
from app.services.shift_booking import BOOKABLE

WEEK_DAYS = 7


class Opening(StrEnum):
    """Whether a week takes bookings: ``later`` from a known instant on, ``not_opened`` while nobody has said when."""

    OPEN = "open"
    LATER = "later"
    NOT_OPENED = "not_opened"
    PLANNING = "planning"
    OVER = "over"


@dataclass(frozen=True)
class BookingWeek:
    """A week as somebody who would book sees it.

    :param opens_at: from when bookings are taken, None where nobody has said
    """

    week: Week
    opening: Opening
    opens_at: datetime | None

    @property
    def days(self) -> list[date]:
        """Its local dates."""
        return [self.week.first_day + timedelta(days=number) for number in range(WEEK_DAYS)]


@dataclass(frozen=True)
class OwnLimit:
    """How many bookings somebody has in a week; ``most`` None where nothing limits them."""

    booked: int
    most: int | None

    @property
    def left(self) -> int | None:
        """How many more."""
        return None if self.most is None else max(0, self.most - self.booked)


def site_of(session: Session, actor: Actor) -> Site:
    """The agent's site; raises NotFoundError for people who are no agents."""
    site = None if actor.site_id is None else session.get(Site, actor.site_id)
    if site is None or actor.agent_id is None:
        raise NotFoundError
    return site


def this_monday(site: Site, now: datetime) -> date:
    """First day of the present week on the site's clock."""
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    return today - timedelta(days=today.weekday())


def weeks(session: Session, actor: Actor, now: datetime) -> list[BookingWeek]:
    """Weeks of the actor's site that are not over, in order of time."""
    site = site_of(session, actor)
    found = session.exec(
        select(Week, LiveWeek)
        .join(LiveWeek, col(LiveWeek.week_id) == Week.id, isouter=True)
        .where(Week.site_id == site.id, col(Week.first_day) >= this_monday(site, now))
        .order_by(col(Week.first_day))
    ).all()
    return [_booking_week(week, live, site, now) for week, live in found]


def one(session: Session, actor: Actor, now: datetime, week_id: int) -> BookingWeek:
    """One week of the actor's site; raises NotFoundError for another's."""
    site = site_of(session, actor)
    week = of_site(session, Week, week_id, site.id)
    return _booking_week(week, session.get(LiveWeek, week.id), site, now)


def _booking_week(week: Week, live: LiveWeek | None, site: Site, now: datetime) -> BookingWeek:
    opens_at = None if live is None else live.booking_opens_at
    if week.first_day < this_monday(site, now):
        opening = Opening.OVER
    elif week.state not in BOOKABLE:
        opening = Opening.PLANNING
    elif opens_at is None:
        opening = Opening.NOT_OPENED
    else:
        opening = Opening.LATER if opens_at > now else Opening.OPEN
    return BookingWeek(week, opening, opens_at)


def first_to_show(found: Sequence[BookingWeek]) -> BookingWeek | None:
    """The first week that is open, else the first that will be, else the first."""
    for wanted in (Opening.OPEN, Opening.LATER):
        week = next((one_week for one_week in found if one_week.opening is wanted), None)
        if week is not None:
            return week
    return next(iter(found), None)


def own_limit(session: Session, actor: Actor, week_id: int) -> OwnLimit:
    """How many bookings the actor has in a week, and may have."""
    site = site_of(session, actor)
    booked = shift_booking.bookings_of(session, week_id, actor.agent_id or 0)
    return OwnLimit(len(booked), terms(session, site).most_bookings_per_week)


def terms(session: Session, site: Site) -> BookingTerms:
    """The site's terms of booking."""
    return shift_booking.terms_of(session, site.id)
