"""What has been published, for those who only look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import RosterVersion, UserAccount, Week


@dataclass(frozen=True)
class VersionLine:
    """One published version."""

    number: int
    author_name: str
    published_at: datetime


@dataclass(frozen=True)
class PublishedWeek:
    """A week with its versions, the newest first."""

    week: Week
    versions: Sequence[VersionLine] = field(default_factory=list)


def published_weeks(session: Session, site_id: int) -> list[PublishedWeek]:
    """Weeks of a site that have been published, the latest first."""
    found = session.exec(
        select(Week, RosterVersion.number, UserAccount.display_name, RosterVersion.published_at)
        .join(RosterVersion, col(RosterVersion.week_id) == col(Week.id))
        .join(UserAccount, col(UserAccount.id) == col(RosterVersion.author_id))
        .where(Week.site_id == site_id)
        .order_by(col(Week.first_day).desc(), col(RosterVersion.number).desc())
    )
    weeks: dict[int, tuple[Week, list[VersionLine]]] = {}
    for week, number, author_name, published_at in found:
        weeks.setdefault(week.id, (week, []))[1].append(VersionLine(number, author_name, published_at))
    return [PublishedWeek(week, versions) for week, versions in weeks.values()]
