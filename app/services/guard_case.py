"""A part of a site's roster as the checks judge it: the people concerned with all their duties of three weeks, and
of everybody else only who is on site around the times concerned.

Three weeks, because rest, workdays in a row and the time for cleaning know no Monday. What the others do by
themselves is the same before and after a change, so it is never *added*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from sqlmodel import Session, col, select

from app.models import CurrentDuty, Place, StoredServes, StoredSpan, Week
from app.problem_agents import agent_of
from app.problem_rows import AgentRows, WeekRows, read_agents
from app.services.floor_case import (
    ALONE,
    Floor,
    GivenCase,
    PlainDuty,
    PlainServes,
    PlainSpan,
    given_case,
    plain_agent,
)
from app.services.on_site import NOBODY, OnSite
from app.services.site_ground import Ground, ground_of
from solver import problem
from solver.checks import added, findings_of
from solver.checks.case import TimedDuty
from solver.problem import Problem
from solver.rules import Finding, Rule
from solver.timeline import Span, Timeline

HISTORY_DAYS = 28

__all__ = ["AnyDutyState", "NewDuty", "Scene", "known_of", "plain_agent", "read_scene"]


class AnyDutyState(Protocol):
    """A duty in force, or one that is to be."""

    @property
    def agent_id(self) -> int: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102
    @property
    def place(self) -> Place: ...  # noqa: D102
    @property
    def desk_id(self) -> int | None: ...  # noqa: D102
    @property
    def breaks(self) -> Sequence[StoredSpan]: ...  # noqa: D102
    @property
    def serves(self) -> Sequence[StoredServes]: ...  # noqa: D102


@dataclass(frozen=True)
class NewDuty:
    """A duty that is to be in force; see :class:`app.models.CurrentDuty`."""

    agent_id: int
    starts_at: datetime
    ends_at: datetime
    place: Place
    desk_id: int | None = None
    breaks: tuple[StoredSpan, ...] = ()
    serves: tuple[StoredServes, ...] = ()
    open_shift_id: int | None = None

    @classmethod
    def like(cls, duty: AnyDutyState, open_shift_id: int | None = None) -> NewDuty:
        """A stored duty as one to be written again; ``open_shift_id`` is the shift whose place it takes."""
        return cls(
            duty.agent_id,
            duty.starts_at,
            duty.ends_at,
            duty.place,
            duty.desk_id,
            tuple(duty.breaks),
            tuple(duty.serves),
            open_shift_id,
        )

    def at_desk(self, desk_id: int | None) -> NewDuty:
        """The same duty at a desk."""
        return replace(self, desk_id=desk_id)


@dataclass(frozen=True)
class Scene:
    """People concerned and the floor around them.

    :param ground: the site as the week stands on it
    :param rows: the week with the people concerned
    :param own: duties in force of the people concerned, by row id
    :param others: everybody else who is on site in the week and at its edges
    """

    ground: Ground
    rows: WeekRows
    agent_keys: Mapping[int, str]
    own: Mapping[int, CurrentDuty]
    others: OnSite

    @property
    def timeline(self) -> Timeline:
        """The week with one on either side."""
        return self.ground.timeline

    @cached_property
    def part(self) -> Problem:
        """What the checks judge by; no demand, and of the people only those concerned."""
        return self._part_with(())

    def _part_with(self, fixed: Sequence[NewDuty]) -> Problem:
        agents = self._agents
        if fixed:
            keys = self.agent_keys
            given = {key: [self._fixed(duty) for duty in fixed if keys[duty.agent_id] == key] for key in keys.values()}
            agents = [agent.model_copy(update={"fixed": given[agent.id]}) for agent in agents]
        return self.ground.part.model_copy(update={"agents": agents})

    @cached_property
    def _agents(self) -> list[problem.Agent]:
        wide = replace(self.rows, timeline=self.timeline)
        agents = []
        for own in self.rows.agents:
            older = [
                duty
                for duty in self.own.values()
                if duty.agent_id == own.agent.id and duty.starts_at < self.timeline.start_at
            ]
            built = agent_of(wide, replace(own, before=list(older)), self.ground.desk_keys)
            agents.append(built.model_copy(update={"fixed": []}))
        return agents

    def _fixed(self, duty: NewDuty) -> problem.FixedDuty:
        return problem.FixedDuty.model_construct(
            start=duty.starts_at, end=duty.ends_at, place=duty.place.value, breaks=None, desk=None
        )

    def minutes_of(self, starts_at: datetime, ends_at: datetime) -> Span:
        """A span in minutes of the timeline."""
        return self.timeline.minute_of(starts_at), self.timeline.minute_of(ends_at)

    def days_of(self, starts_at: datetime, ends_at: datetime) -> tuple[int, ...]:
        """Indexes of the local days that a span touches."""
        start, end = self.minutes_of(starts_at, ends_at)
        return tuple(range(self.timeline.day_index_of(start), self.timeline.day_index_of(end - 1) + 1))

    def of_days(self, days: Collection[int]) -> Scene:
        """The same with only those others who are there on some days, or within the time for cleaning of them."""
        if not days:
            return replace(self, others=NOBODY)
        gap = self.ground.part.hygiene.cleaning_gap_minutes
        start, end = self.timeline.clock_minute(min(days), 0), self.timeline.clock_minute(max(days) + 1, 0)
        return replace(self, others=self.others.during(start - gap, end + gap))

    def of_agent(self, agent_id: int) -> Scene:
        """The same with one agent and care partners alone, nobody else on the floor."""
        own = self.row(agent_id)
        partners = {key for key, _ in own.partners} if own else set()
        agents = [one for one in self.rows.agents if one.agent.id == agent_id or one.agent.key in partners]
        ids = {one.agent.id for one in agents}
        duties = {row_id: duty for row_id, duty in self.own.items() if duty.agent_id in ids}
        return replace(self, rows=replace(self.rows, agents=agents), own=duties, others=NOBODY)

    def beside(self, duties: Iterable[CurrentDuty]) -> OnSite:
        """Those of the duties in force that are on site, of people concerned, as others would be."""
        cohorts = {own.agent.id: own.agent.cohort for own in self.rows.agents}
        people = {agent_id: (key, cohorts.get(agent_id)) for agent_id, key in self.agent_keys.items()}
        indexes = self.ground.desk_indexes
        return OnSite.of(
            (
                (duty.id, duty.agent_id, *self.minutes_of(duty.starts_at, duty.ends_at), indexes[duty.desk_id])
                for duty in duties
                if duty.desk_id is not None
            ),
            people,
        )

    def row(self, agent_id: int) -> AgentRows | None:
        """Everything about an agent concerned; None for others and those who left."""
        return next((own for own in self.rows.agents if own.agent.id == agent_id), None)

    def added(self, removed: Collection[int], new: Sequence[NewDuty], *, keeps_shape: bool = False) -> list[Finding]:
        """Breaches that a change adds, the rules' order kept.

        :param removed: row ids
        :param keeps_shape: whether the new duties are others' that only change hands, so that their shape is given
        """
        return [*self.added_alone(removed, new, keeps_shape=keeps_shape), *self.added_on_floor(removed, new)]

    def added_alone(
        self,
        removed: Collection[int],
        new: Sequence[NewDuty],
        *,
        keeps_shape: bool = False,
        rules: tuple[Rule, ...] = ALONE,
    ) -> list[Finding]:
        """Breaches added of rules that ask the people concerned and nobody else."""
        staying = [timed for row_id, timed in self._timed.items() if row_id not in removed]
        judged_by = self._part_with(new) if keeps_shape else self.part
        after = findings_of(self._case(judged_by, [*staying, *self._laid_out(new)]), rules)
        if not after:
            return []
        if rules not in self._before:
            self._before[rules] = findings_of(self._case(self.part, list(self._timed.values())), rules)
        known = set(self._before[rules])
        return added(self._before[rules], [one for one in after if one not in known])

    @cached_property
    def _before(self) -> dict[tuple[Rule, ...], tuple[Finding, ...]]:
        return {}

    def added_on_floor(self, removed: Collection[int], new: Sequence[NewDuty]) -> list[Finding]:
        """Breaches added of rules about who is where at once."""
        coming = [duty for duty in self._laid_out(new) if duty.place == Place.SITE]
        going = [self._timed[row_id] for row_id in removed if row_id in self._timed]
        staying = [duty for row_id, duty in self._timed.items() if row_id not in removed and duty.place == Place.SITE]
        return Floor(self.ground, self.others, self._cohorts).added(staying, going, coming)

    @cached_property
    def _cohorts(self) -> Mapping[str, str | None]:
        return {own.agent.key: own.agent.cohort for own in self.rows.agents}

    @cached_property
    def _timed(self) -> Mapping[int, TimedDuty]:
        """Duties of the people concerned inside the three weeks."""
        inside = {row_id: duty for row_id, duty in self.own.items() if self._within(duty)}
        return dict(zip(inside, self._laid_out(inside.values()), strict=True))

    def _laid_out(self, duties: Iterable[AnyDutyState]) -> list[TimedDuty]:
        return self._blank.timed(self._plain(duty) for duty in duties)

    @cached_property
    def _blank(self) -> GivenCase:
        return self._case(self.ground.part, ())

    def _case(self, judged_by: Problem, duties: Sequence[TimedDuty]) -> GivenCase:
        """The people concerned alone; of the released desks those that the duties ask for."""
        released = [duty.desk for duty in duties if duty.desk is not None and duty.desk in self.ground.released_keys]
        return given_case(self.ground, judged_by, duties, released)

    def _within(self, duty: AnyDutyState) -> bool:
        return (
            self.timeline.start_at <= duty.starts_at and self.timeline.minute_of(duty.ends_at) <= self.timeline.minutes
        )

    def _plain(self, duty: AnyDutyState) -> PlainDuty:
        return PlainDuty(
            agent=self.agent_keys[duty.agent_id],
            start=duty.starts_at,
            end=duty.ends_at,
            place=duty.place.value,
            desk=None if duty.desk_id is None else self.ground.desk_keys[duty.desk_id],
            breaks=[PlainSpan(span.starts_at, span.ends_at) for span in duty.breaks],
            serves=[PlainServes(work.starts_at, work.ends_at, work.queue) for work in duty.serves],
        )


def known_of(session: Session, week: Week, agent_ids: Collection[int], mark: str | None = None) -> WeekRows:
    """What is known of some agents besides their duties; what their site stands on is read only after it changed."""
    ground = ground_of(session, week, mark)
    return ground.week_rows(week, read_agents(session, ground.rows.site, ground.rows.timeline, agent_ids))


def read_scene(
    session: Session,
    week: Week,
    agent_ids: Collection[int],
    spans: Sequence[tuple[datetime, datetime]],
    rows: WeekRows | None = None,
    mark: str | None = None,
) -> Scene:
    """The part of the roster that duties of some agents at some times concern.

    :param spans: times of all duties that come or go, inside or beside the week
    :param rows: what is known of the agents, where it has been read already
    :param mark: the site's, where it has been read in the same turn
    """
    known = rows or known_of(session, week, agent_ids)
    ground = ground_of(session, week, mark)
    concerned = {own.agent.id: own.agent.key for own in known.agents}
    own = _own(session, ground.timeline, concerned)
    return Scene(
        ground=ground,
        rows=ground.week_rows(week, known.agents),
        agent_keys=concerned,
        own={duty.id: duty for duty in own},
        others=_on_site(session, ground, spans).without(concerned),
    )


def _own(session: Session, timeline: Timeline, agents: Collection[int]) -> list[CurrentDuty]:
    earliest_at = timeline.start_at - timedelta(days=HISTORY_DAYS)
    query = select(CurrentDuty).where(
        col(CurrentDuty.agent_id).in_(list(agents)),
        col(CurrentDuty.ends_at) > earliest_at,
        col(CurrentDuty.starts_at) < timeline.instant_of(timeline.minutes),
    )
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at))))


def _on_site(session: Session, ground: Ground, spans: Sequence[tuple[datetime, datetime]]) -> OnSite:
    """Everybody in the week and at its edges, or further where a span lies further."""
    gap = ground.part.hygiene.cleaning_gap_minutes
    minute_of = ground.timeline.minute_of
    if all(ground.floor.reaches(minute_of(start) - gap, minute_of(end) + gap) for start, end in spans):
        return ground.floor.now(session)
    return ground.floor_between(0, ground.timeline.minutes).now(session)
