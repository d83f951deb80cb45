"""A part of a site's roster as the checks judge it: the people concerned with all their duties of three weeks, and
of everybody else only who is on site at the days concerned.

Three weeks, because rest, workdays in a row and the time for cleaning know no Monday. What the others do by
themselves is the same before and after a change, so it is never *added*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Agent, CurrentDuty, Place, StoredServes, StoredSpan, Week
from app.problem_agents import agent_of
from app.problem_builder import rooms_of, slot_minutes_of, strictest
from app.problem_rows import WEEK_DAYS, AgentRows, WeekRows, read_week
from app.services.live_roster import released_desks
from app.services.site_days import holidays_among
from solver import problem
from solver.checks import added, findings
from solver.problem import Problem, SpanOfTime
from solver.roster import Roster, Tiers
from solver.rules import Finding
from solver.timeline import Timeline

HISTORY_DAYS = 28
WEEKS_AROUND = 1
ENDLESS_MINUTES = 1_000_000
NOT_COUNTED = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)


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

    :param timeline: the week with one on either side
    :param own: duties in force of the people concerned, by row id
    :param others: duties of everybody else on the days concerned
    """

    rows: WeekRows
    timeline: Timeline
    agent_keys: Mapping[int, str]
    own: Mapping[int, CurrentDuty]
    others: Sequence[problem.Duty]
    other_agents: Sequence[problem.Agent]
    released: Sequence[str]

    @cached_property
    def part(self) -> Problem:
        """What the checks judge by; no demand."""
        return self._problem(())

    def _problem(self, fixed: Iterable[NewDuty]) -> Problem:
        site = self.rows.site
        days = [self.timeline.day(index) for index in range(self.timeline.days)]
        return Problem.model_construct(
            format="roster-problem/1",
            site=problem.Site(
                id=site.key, name=site.name, time_zone=site.time_zone, holidays=holidays_among(site, days)
            ),
            horizon=problem.Horizon(
                first_day=self.timeline.first_day, days=self.timeline.days, slot_minutes=slot_minutes_of(self.rows)
            ),
            rooms=rooms_of(self.rows),
            hygiene=strictest(self.rows.hygiene),
            queues=[problem.Queue(id=queue.key, home_allowed=queue.home_allowed) for queue in self.rows.queues],
            demand=[],
            duties=site.duty_rules,
            labour=site.labour,
            agents=[*self._concerned(tuple(fixed)), *self.other_agents],
        )

    def _concerned(self, fixed: Sequence[NewDuty]) -> list[problem.Agent]:
        agents = []
        for own in self.rows.agents:
            older = [
                duty
                for duty in self.own.values()
                if duty.agent_id == own.agent.id and duty.starts_at < self.timeline.start_at
            ]
            built = agent_of(self._wide, replace(own, before=list(older)), self.rows.desk_keys)
            kept = [self._fixed(duty) for duty in fixed if duty.agent_id == own.agent.id]
            agents.append(built.model_copy(update={"fixed": kept}))
        return agents

    @cached_property
    def _wide(self) -> WeekRows:
        return replace(self.rows, timeline=self.timeline)

    def _fixed(self, duty: NewDuty) -> problem.FixedDuty:
        return problem.FixedDuty.model_construct(
            start=duty.starts_at, end=duty.ends_at, place=duty.place.value, breaks=None, desk=None
        )

    def days_of(self, starts_at: datetime, ends_at: datetime) -> tuple[int, ...]:
        """Indexes of the local days that a span touches."""
        first = self.timeline.day_index_of(self.timeline.minute_of(starts_at))
        return tuple(range(first, self.timeline.day_index_of(self.timeline.minute_of(ends_at) - 1) + 1))

    def of_days(self, days: Collection[int]) -> Scene:
        """The same with only those others who are there on some days, or within the time for cleaning of them."""
        gap = timedelta(minutes=self.part.hygiene.cleaning_gap_minutes)
        first, last = min(days, default=0), max(days, default=-1)
        starts_at = self.timeline.instant_of(self.timeline.clock_minute(first, 0)) - gap
        ends_at = self.timeline.instant_of(self.timeline.clock_minute(last + 1, 0)) + gap
        others = [duty for duty in self.others if duty.start < ends_at and duty.end > starts_at] if days else []
        present = {duty.agent for duty in others}
        return replace(self, others=others, other_agents=[one for one in self.other_agents if one.id in present])

    def of_agent(self, agent_id: int) -> Scene:
        """The same with one agent and care partners alone, nobody else on the floor."""
        own = self.row(agent_id)
        partners = {key for key, _ in own.partners} if own else set()
        agents = [one for one in self.rows.agents if one.agent.id == agent_id or one.agent.key in partners]
        ids = {one.agent.id for one in agents}
        duties = {row_id: duty for row_id, duty in self.own.items() if duty.agent_id in ids}
        return replace(self, rows=replace(self.rows, agents=agents), own=duties, others=[], other_agents=[])

    def row(self, agent_id: int) -> AgentRows | None:
        """Everything about an agent concerned; None for others and those who left."""
        return next((own for own in self.rows.agents if own.agent.id == agent_id), None)

    def findings(
        self, removed: Collection[int] = (), new: Sequence[NewDuty] = (), judged_by: Problem | None = None
    ) -> tuple[Finding, ...]:
        """All breaches of the part, with some duties gone and some new.

        :param removed: row ids
        """
        kept = [self.duty_of(duty) for row_id, duty in self.own.items() if row_id not in removed and self._within(duty)]
        duties = [*kept, *(self.duty_of(duty) for duty in new), *self.others]
        return findings(judged_by or self.part, self._roster(duties))

    def added(self, removed: Collection[int], new: Sequence[NewDuty], *, keeps_shape: bool = False) -> list[Finding]:
        """Breaches that a change adds, the rules' order kept.

        :param keeps_shape: whether the new duties are others' that only change hands, so that their shape is given
        """
        judged_by = self._problem(new) if keeps_shape else self.part
        before = self._before
        known = set(before)
        return added(before, [one for one in self.findings(removed, new, judged_by) if one not in known])

    @cached_property
    def _before(self) -> tuple[Finding, ...]:
        return self.findings()

    def _within(self, duty: AnyDutyState) -> bool:
        return (
            self.timeline.start_at <= duty.starts_at and self.timeline.minute_of(duty.ends_at) <= self.timeline.minutes
        )

    def duty_of(self, duty: AnyDutyState) -> problem.Duty:
        """A duty as the checks know it."""
        return problem.Duty.model_construct(
            agent=self.agent_keys[duty.agent_id],
            start=duty.starts_at,
            end=duty.ends_at,
            place=duty.place.value,
            desk=None if duty.desk_id is None else self.rows.desk_keys[duty.desk_id],
            breaks=[SpanOfTime.model_construct(start=span.starts_at, end=span.ends_at) for span in duty.breaks],
            serves=[
                problem.Serves.model_construct(queue=work.queue, start=work.starts_at, end=work.ends_at)
                for work in duty.serves
            ],
        )

    def _roster(self, duties: Sequence[problem.Duty]) -> Roster:
        return Roster.model_construct(
            format="roster/1",
            site=self.rows.site.key,
            first_day=self.timeline.first_day,
            released_desks=list(self.released),
            duties=list(duties),
            tiers=NOT_COUNTED,
            missing_agent_minutes=0,
            required_agent_minutes=0,
        )


def read_scene(
    session: Session,
    week: Week,
    agent_ids: Collection[int],
    spans: Sequence[tuple[datetime, datetime]],
    rows: WeekRows | None = None,
) -> Scene:
    """The part of the roster that duties of some agents at some times concern.

    :param spans: times of all duties that come or go, inside or beside the week
    :param rows: what is known of the agents, where it has been read already
    """
    rows = rows or read_week(session, week, agent_ids)
    timeline = Timeline(
        rows.timeline.zone, week.first_day - timedelta(weeks=WEEKS_AROUND), 3 * WEEK_DAYS, rows.timeline.slot_minutes
    )
    concerned = {own.agent.id: own.agent.key for own in rows.agents}
    own = _own(session, timeline, concerned)
    found = _others(session, rows, timeline, spans, concerned)
    released = released_desks(session, week.id)
    return Scene(
        rows=rows,
        timeline=timeline,
        agent_keys=concerned,
        own={duty.id: duty for duty in own},
        others=[_plain_duty(rows.desk_keys, one) for one in found],
        other_agents=_plain_agents(rows, found),
        released=[desk.key for desk in rows.desks if desk.id in released],
    )


def _own(session: Session, timeline: Timeline, agents: Collection[int]) -> list[CurrentDuty]:
    earliest_at = timeline.start_at - timedelta(days=HISTORY_DAYS)
    query = select(CurrentDuty).where(
        col(CurrentDuty.agent_id).in_(list(agents)),
        col(CurrentDuty.ends_at) > earliest_at,
        col(CurrentDuty.starts_at) < timeline.instant_of(timeline.minutes),
    )
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at))))


def _others(
    session: Session,
    rows: WeekRows,
    timeline: Timeline,
    spans: Sequence[tuple[datetime, datetime]],
    concerned: Collection[int],
) -> list[Any]:
    """Whole local days, for cohorts that keep to days, and the time for cleaning around them."""
    gap = timedelta(minutes=max((profile.cleaning_gap_minutes for profile in rows.hygiene), default=0))
    overlapping = []
    for starts_at, ends_at in _days(timeline, spans):
        overlapping.append(
            sa.and_(col(CurrentDuty.ends_at) > starts_at - gap, col(CurrentDuty.starts_at) < ends_at + gap)
        )
    query = (
        sa.select(
            col(CurrentDuty.agent_id),
            col(Agent.key),
            col(Agent.cohort),
            col(CurrentDuty.starts_at),
            col(CurrentDuty.ends_at),
            col(CurrentDuty.desk_id),
        )
        .join(Agent, col(Agent.id) == CurrentDuty.agent_id)
        .where(col(CurrentDuty.site_id) == rows.site.id, col(CurrentDuty.place) == Place.SITE, sa.or_(*overlapping))
        .where(col(CurrentDuty.agent_id).not_in(list(concerned)))
    )
    inside = timeline.start_at, timeline.instant_of(timeline.minutes)
    found = session.connection().execute(query)
    return [one for one in found if inside[0] <= one.starts_at and one.ends_at <= inside[1]]


def _days(timeline: Timeline, spans: Sequence[tuple[datetime, datetime]]) -> set[tuple[datetime, datetime]]:
    days = set()
    for starts_at, ends_at in spans:
        first = timeline.day_index_of(timeline.minute_of(starts_at))
        last = timeline.day_index_of(timeline.minute_of(ends_at) - 1)
        days.add(
            (
                timeline.instant_of(timeline.clock_minute(first, 0)),
                timeline.instant_of(timeline.clock_minute(last + 1, 0)),
            )
        )
    return days


def _plain_duty(desk_keys: Mapping[int, str], found: Any) -> problem.Duty:
    return problem.Duty.model_construct(
        agent=found.key,
        start=found.starts_at,
        end=found.ends_at,
        place="site",
        desk=desk_keys[found.desk_id],
        breaks=[],
        serves=[],
    )


def _plain_agents(rows: WeekRows, found: Iterable[Any]) -> list[problem.Agent]:
    """Others, with no limit of their own: only where they are counts."""
    cohorts = {one.key: one.cohort for one in found}
    queues = tuple(queue.key for queue in rows.queues)
    return [plain_agent(key, cohorts[key], queues) for key in sorted(cohorts)]


@lru_cache(maxsize=4096)
def plain_agent(key: str, cohort: str | None, queues: tuple[str, ...]) -> problem.Agent:
    """Somebody with no limit of their own; made once, for it takes longer than to judge it."""
    return problem.Agent.model_construct(
        id=key,
        cohort=cohort,
        queues=list(queues),
        weekly_minutes=problem.WeeklyMinutes(min=0, max=ENDLESS_MINUTES),
        max_workdays=3 * WEEK_DAYS,
        max_blocks_per_day=24,
        home="allowed",
    )
