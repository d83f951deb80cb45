"""What has been published, for those who only look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import RosterVersion, Site, UserAccount, Week, WeekState
from app.services.weeks import shown_state


@dataclass(frozen=True)
class VersionLine:
    """One published version."""

    version_id: int
    number: int
    author_name: str
    published_at: datetime


@dataclass(frozen=True)
class PublishedWeek:
    """A week with its versions, the newest first; ``state`` as it is shown to managers."""

    week: Week
    state: WeekState
    versions: Sequence[VersionLine] = field(default_factory=list)


def published_weeks(session: Session, site_id: int, now: datetime) -> list[PublishedWeek]:
    """Weeks of a site that have been published, the latest first."""
    found = session.exec(
        select(Week, RosterVersion, UserAccount.display_name)
        .join(RosterVersion, col(RosterVersion.week_id) == col(Week.id))
        .join(UserAccount, col(UserAccount.id) == col(RosterVersion.author_id))
        .where(Week.site_id == site_id)
        .order_by(col(Week.first_day).desc(), col(RosterVersion.number).desc())
    )
    weeks: dict[int, tuple[Week, list[VersionLine]]] = {}
    for week, version, author_name in found:
        line = VersionLine(version.id, version.number, author_name, version.published_at)
        weeks.setdefault(week.id, (week, []))[1].append(line)
    site = session.get_one(Site, site_id)
    return [PublishedWeek(week, shown_state(site, week, now), versions) for week, versions in weeks.values()]
