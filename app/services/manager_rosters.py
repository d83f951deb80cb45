"""Rosters as managers look at them: drafts and published versions with all that is computed from their two files.

Files never change once stored, so what was computed of them is kept by their bytes.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import Document, Draft, RosterVersion, UserAccount, Week
from app.services.coverage import Coverage, Gap, coverage_of, gaps_of
from app.services.floor_occupancy import FloorOccupancy, floor_occupancy_of
from app.services.lookup import of_site
from app.services.roster_grid import Row, rows_of
from solver.problem import Problem
from solver.roster import Roster
from solver.timeline import Span

KEPT_PICTURES = 12


@dataclass(frozen=True)
class RosterPicture:
    """A roster with its problem; each figure is computed when it is first asked for, and once."""

    problem: Problem
    roster: Roster

    @cached_property
    def coverage(self) -> Coverage:
        """Required and serving agents per queue."""
        return coverage_of(self.problem, self.roster)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Where people are missing, the worst first."""
        return gaps_of(self.problem.timeline, self.coverage)

    @cached_property
    def occupancy(self) -> FloorOccupancy:
        """Persons per room against the caps."""
        return floor_occupancy_of(self.problem, self.roster)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The grid: all agents with their duties."""
        return rows_of(self.problem, self.roster)

    @cached_property
    def used_spans(self) -> list[Span]:
        """Minutes in which anybody is required or present: what a time axis has to show."""
        return [*self._required_spans(), *((bar.start_minute, bar.end_minute) for row in self.rows for bar in row.bars)]

    def _required_spans(self) -> Iterable[Span]:
        slot_minutes = self.problem.horizon.slot_minutes
        for queue in self.coverage.queues:
            for slot, required in enumerate(queue.required):
                if required:
                    yield slot * slot_minutes, (slot + 1) * slot_minutes

    def warm(self) -> None:
        """Compute all figures now."""
        _ = self.gaps, self.occupancy, self.used_spans

    @property
    def missing_share(self) -> float:
        """Agent minutes missing, as a share of those required."""
        return 1 - self.coverage.covered_share

    @property
    def bound_share(self) -> float | None:
        """Share that any roster would miss at least, None where nothing is proven."""
        bound = self.roster.bound
        if bound is None or bound.missing_agent_minutes is None:
            return None
        return bound.missing_agent_minutes / max(1.0, self.roster.required_agent_minutes)


@dataclass(frozen=True)
class StoredRoster:
    """A draft or a version with its week; ``number``, ``author`` and ``published_at`` are those of a version."""

    week: Week
    picture: RosterPicture
    draft: Draft | None = None
    version: RosterVersion | None = None
    author: str = ""

    @property
    def made_at(self) -> datetime:
        """When it was drafted or published."""
        if self.version is not None:
            return self.version.published_at
        if self.draft is not None:
            return self.draft.created_at
        raise NotFoundError


def draft_of(session: Session, draft_id: int, site_id: int) -> StoredRoster:
    """A draft of the site; raises NotFoundError."""
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFoundError
    week = of_site(session, Week, draft.week_id, site_id)
    return StoredRoster(week, picture_of(session, draft.problem_document_id, draft.roster_document_id), draft=draft)


def version_of(session: Session, version_id: int, site_id: int) -> StoredRoster:
    """A published version of the site; raises NotFoundError."""
    version = session.get(RosterVersion, version_id)
    if version is None:
        raise NotFoundError
    week = of_site(session, Week, version.week_id, site_id)
    author = session.get(UserAccount, version.author_id)
    picture = picture_of(session, version.problem_document_id, version.roster_document_id)
    return StoredRoster(week, picture, version=version, author=author.display_name if author else "")


def versions_of(session: Session, week_id: int) -> list[RosterVersion]:
    """The versions of a week, the newest first."""
    found = select(RosterVersion).where(RosterVersion.week_id == week_id).order_by(col(RosterVersion.number).desc())
    return list(session.exec(found))


def last_version_of(session: Session, week_id: int) -> RosterVersion | None:
    """What is in force for a week, None where nothing was published."""
    return next(iter(versions_of(session, week_id)), None)


def last_draft_of(session: Session, week_id: int) -> Draft | None:
    """The newest draft of a week."""
    found = select(Draft).where(Draft.week_id == week_id).order_by(col(Draft.id).desc()).limit(1)
    return session.exec(found).first()


def picture_of(session: Session, problem_document_id: int, roster_document_id: int) -> RosterPicture:
    """Problem and roster of two stored files."""
    return _picture(_content(session, problem_document_id), _content(session, roster_document_id))


def _content(session: Session, document_id: int) -> bytes:
    content = session.exec(select(Document.content).where(Document.id == document_id)).first()
    if content is None:
        raise NotFoundError
    return content


def forget_pictures() -> None:
    """Compute everything anew, for measurements."""
    _picture.cache_clear()


@lru_cache(maxsize=KEPT_PICTURES)
def _picture(packed_problem: bytes, packed_roster: bytes) -> RosterPicture:
    return RosterPicture(
        Problem.model_validate_json(gzip.decompress(packed_problem)),
        Roster.model_validate_json(gzip.decompress(packed_roster)),
    )
