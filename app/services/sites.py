"""Sites: their overview, the hygiene rules in force on a day, their holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import holidays as public_holidays
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Agent, Desk, HygieneProfile, Room, Site


@dataclass(frozen=True)
class SiteLine:
    """One site with what it has."""

    site: Site
    rooms: int
    desks: int
    agents: int
    hygiene: HygieneProfile | None


def site_lines(session: Session, today: date) -> list[SiteLine]:
    """All sites by name, with the hygiene rules of ``today``."""
    rooms, desks, agents = (_count_by_site(session, kind) for kind in (Room, Desk, Agent))
    return [
        SiteLine(
            site,
            rooms.get(site.id, 0),
            desks.get(site.id, 0),
            agents.get(site.id, 0),
            hygiene_on(session, site.id, today),
        )
        for site in session.exec(select(Site).order_by(Site.name))
    ]


def _count_by_site(session: Session, kind: Any) -> dict[int, int]:
    return dict(session.exec(select(kind.site_id, sa.func.count()).group_by(kind.site_id)).all())


def hygiene_on(session: Session, site_id: int, day: date) -> HygieneProfile | None:
    """The profile in force on a local date; of several the one that began last."""
    return session.exec(
        select(HygieneProfile)
        .where(
            HygieneProfile.site_id == site_id,
            HygieneProfile.valid_from_on <= day,
            sa.or_(col(HygieneProfile.valid_to_on).is_(None), col(HygieneProfile.valid_to_on) >= day),
        )
        .order_by(col(HygieneProfile.valid_from_on).desc())
    ).first()


def holidays_between(site: Site, first_day: date, last_day: date) -> list[date]:
    """Public holidays of the site's Land and its own days off, both ends included."""
    days = [first_day + timedelta(days=count) for count in range((last_day - first_day).days + 1)]
    found = set(site.holidays)
    if site.land:
        found |= set(public_holidays.country_holidays("DE", subdiv=site.land, years={day.year for day in days}))
    return [day for day in days if day in found]
