"""Who is on site in a week and at its edges, as arrays that a process keeps and only adds to.

Rows of the roster in force are never changed and their ids never given out twice, so the number of rows and the largest
id say whether anything is new, and only what is new is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col

from app.models import Agent, CurrentDuty, Place
from solver.timeline import Timeline

WRITTEN = "duties_written"
"""Where a session keeps in which transaction it wrote duties: what it sees may be taken back."""

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Person = tuple[str, str | None]
Row = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class OnSite:
    """Duties on site, one entry each.

    :param ids: row ids, ascending
    :param agents: row ids of agents; ``people`` has their keys and cohorts
    :param starts: minutes of the timeline at which they begin, ``ends`` at which they end
    :param desks: indexes into the desks of the site
    """

    ids: IntArray
    agents: IntArray
    starts: IntArray
    ends: IntArray
    desks: IntArray
    people: Mapping[int, Person]

    @classmethod
    def of(cls, rows: Iterable[Row], people: Mapping[int, Person]) -> OnSite:
        """From rows of id, agent, start, end and desk."""
        columns = np.array(sorted(rows), dtype=np.int64).reshape(-1, 5).T
        return cls(columns[0], columns[1], columns[2], columns[3], columns[4], people)

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, chosen: BoolArray) -> OnSite:
        """Those for which ``chosen`` is true."""
        return OnSite(
            self.ids[chosen],
            self.agents[chosen],
            self.starts[chosen],
            self.ends[chosen],
            self.desks[chosen],
            self.people,
        )

    def during(self, start: int, end: int) -> OnSite:
        """Those with a minute in a half-open span."""
        return self.where((self.starts < end) & (self.ends > start))

    def without(self, agent_ids: Collection[int]) -> OnSite:
        """All but those of some agents."""
        return self.where(~np.isin(self.agents, list(agent_ids)))

    def joined(self, more: OnSite) -> OnSite:
        """Both together."""
        return OnSite(
            np.concatenate([self.ids, more.ids]),
            np.concatenate([self.agents, more.agents]),
            np.concatenate([self.starts, more.starts]),
            np.concatenate([self.ends, more.ends]),
            np.concatenate([self.desks, more.desks]),
            {**self.people, **more.people},
        )

    @property
    def most_at_once(self) -> int:
        """Most persons at one moment; whoever comes as another goes is not there with them."""
        return most_at_once(self.starts, self.ends)


NOBODY = OnSite.of([], {})


def most_at_once(starts: IntArray, ends: IntArray) -> int:
    """Largest number of half-open spans over one point."""
    times = np.concatenate([ends, starts])
    steps = np.concatenate([np.full(len(ends), -1), np.full(len(starts), 1)])
    # A stable sort keeps those who go before those who come at the same moment.
    here = np.cumsum(steps[np.argsort(times, kind="stable")])
    return int(here.max(initial=0))


class LiveFloor:
    """The duties on site of one stretch of time; safe to share between threads.

    :param timeline: whose minutes are meant
    :param desk_indexes: index of each desk by row id
    :param span: first and last minute of the stretch
    """

    def __init__(
        self, site_id: int, timeline: Timeline, desk_indexes: Mapping[int, int], span: tuple[int, int]
    ) -> None:
        self.site_id = site_id
        self.timeline = timeline
        self.desk_indexes = desk_indexes
        self.span = span
        self._kept = NOBODY

    def reaches(self, start: int, end: int) -> bool:
        """Whether a span lies in the stretch."""
        return self.span[0] <= start and end <= self.span[1]

    def now(self, session: Session) -> OnSite:
        """Who is on site as the session sees it."""
        if session.info.get(WRITTEN) is not None and session.info[WRITTEN] is session.get_transaction():
            return self._read(session, 0)
        kept = self._kept
        count, newest = self._extent(session)
        if (count, newest) != (len(kept), kept.ids[-1] if len(kept) else None):
            kept = kept.joined(self._read(session, int(kept.ids[-1]) if len(kept) else 0))
            if len(kept) != count:
                kept = self._read(session, 0)
            self._kept = kept
        return kept

    def _extent(self, session: Session) -> tuple[int, int | None]:
        query = sa.select(sa.func.count(), sa.func.max(CurrentDuty.id)).where(*self._meant())
        count, newest = session.execute(query).one()
        return count, newest

    def _read(self, session: Session, after_id: int) -> OnSite:
        query = (
            sa.select(
                col(CurrentDuty.id),
                col(CurrentDuty.agent_id),
                col(CurrentDuty.starts_at),
                col(CurrentDuty.ends_at),
                col(CurrentDuty.desk_id),
                col(Agent.key),
                col(Agent.cohort),
            )
            .join(Agent, col(Agent.id) == CurrentDuty.agent_id)
            .where(*self._meant(), col(CurrentDuty.id) > after_id)
        )
        minute_of, desk_indexes = self.timeline.minute_of, self.desk_indexes
        rows, people = [], {}
        for row_id, agent_id, starts_at, ends_at, desk_id, key, cohort in session.execute(query):
            # A desk made a moment ago is none of this ground's; the next request stands on a new one.
            if desk_id in desk_indexes:
                people[agent_id] = (key, cohort)
                rows.append((row_id, agent_id, minute_of(starts_at), minute_of(ends_at), desk_indexes[desk_id]))
        return OnSite.of(rows, people)

    def _meant(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            col(CurrentDuty.site_id) == self.site_id,
            col(CurrentDuty.place) == Place.SITE,
            col(CurrentDuty.ends_at) > self.timeline.instant_of(self.span[0]),
            col(CurrentDuty.starts_at) < self.timeline.instant_of(self.span[1]),
        )


def note_written(session: Session) -> None:
    """The session has inserted or deleted duties in its transaction."""
    session.info[WRITTEN] = session.get_transaction()
