"""Which local dates of a site are holidays, or closed by its working-time rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays as public_holidays

from app.models import Site
from solver.checks.case import WEEKDAYS


@lru_cache(maxsize=64)
def _of_land(land: str, year: int) -> frozenset[date]:
    return frozenset(public_holidays.country_holidays("DE", subdiv=land, years=year))


def holidays_among(site: Site, days: Iterable[date]) -> list[date]:
    """Those of the days that are public holidays in the site's Land, or days off of the site itself, sorted."""
    own = set(site.holidays)
    return sorted(
        {day for day in days if day in own or (site.land is not None and day in _of_land(site.land, day.year))}
    )


def closed_among(site: Site, days: Iterable[date]) -> list[date]:
    """Those of the days on which nobody may work at all: weekdays and holidays that ``free_days`` names."""
    days = list(days)
    free_days = site.labour.free_days
    holidays = set(holidays_among(site, days)) if "holiday" in free_days else set()
    return sorted(day for day in days if day in holidays or WEEKDAYS[day.weekday()] in free_days)
