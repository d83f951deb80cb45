"""Rules about who is where at once, asked of those who are there around a change and of nobody else.

The checks are those of a plan; only their case is laid out from what is at hand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

import numpy as np

from app.problem_rows import WEEK_DAYS
from app.services.on_site import OnSite
from app.services.site_ground import Ground
from solver import problem
from solver.checks import added, findings_of
from solver.checks.case import Case, TimedDuty
from solver.problem import Problem
from solver.roster import Roster, Tiers
from solver.rules import Finding, Rule
from solver.timeline import Span

ON_THE_FLOOR = (Rule.DISTANCE, Rule.ROOM_CAP, Rule.SITE_CAP, Rule.CLEANING_GAP, Rule.ARRIVALS, Rule.COHORT)
IN_A_ROOM = (Rule.ROOM_CAP, Rule.CLEANING_GAP)
ALONE = tuple(rule for rule in Rule if rule not in ON_THE_FLOOR)
"""Rules that ask one person's duties and care partners only."""
PER_DAY = "same_day"
"""The rule of cohorts that asks whole local days."""
ENDLESS_MINUTES = 1_000_000
NOT_COUNTED = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)


class PlainSpan(NamedTuple):
    """A span of time as :class:`solver.problem.SpanOfTime` has it, made in a twentieth of its time."""

    start: datetime
    end: datetime


class PlainServes(NamedTuple):
    """Work for a queue, in the same way."""

    start: datetime
    end: datetime
    queue: str


class PlainDuty(NamedTuple):
    """A duty as :class:`solver.problem.Duty` has it, from rows that were validated long ago."""

    agent: str
    start: datetime
    end: datetime
    place: str
    desk: str | None
    breaks: Sequence[PlainSpan]
    serves: Sequence[PlainServes]


@dataclass(frozen=True)
class GivenCase(Case):
    """A case whose duties are laid out by whoever makes it.

    :param given: the duties to judge
    :param seats: every desk of the site with its room, by key
    """

    given: Sequence[TimedDuty]
    seats: Mapping[str, tuple[problem.Desk, problem.Room]]

    @cached_property
    def duties(self) -> Sequence[TimedDuty]:
        """As given; findings are sorted anyway."""
        return self.given

    @cached_property
    def desks(self) -> Mapping[str, tuple[problem.Desk, problem.Room]]:
        """All of the site, whatever the problem has."""
        return self.seats

    @cached_property
    def duties_of(self) -> Mapping[str, Sequence[TimedDuty]]:
        """By agents of the problem, sorted by start."""
        duties: dict[str, list[TimedDuty]] = {agent: [] for agent in self.agents}
        for duty in self.given:
            duties[duty.agent].append(duty)
        for own in duties.values():
            own.sort(key=lambda duty: duty.presence)
        return duties

    def timed(self, duties: Iterable[PlainDuty]) -> list[TimedDuty]:
        """Duties laid out in elapsed minutes."""
        return [self._timed(cast("problem.Duty", duty)) for duty in duties]


def given_case(
    ground: Ground, judged_by: Problem, duties: Sequence[TimedDuty], released: Sequence[str] = ()
) -> GivenCase:
    """A case of some duties; ``released`` are keys of desks."""
    roster = _roster(ground.rows.site.key, ground.timeline.first_day, tuple(released))
    return GivenCase(judged_by, roster, duties, ground.seats)


@lru_cache(maxsize=256)
def _roster(site: str, first_day: date, released: tuple[str, ...]) -> Roster:
    """Nothing of a roster but its desks: a case has its duties besides."""
    return Roster.model_construct(
        format="roster/1",
        site=site,
        first_day=first_day,
        released_desks=list(released),
        duties=[],
        tiers=NOT_COUNTED,
        missing_agent_minutes=0,
        required_agent_minutes=0,
    )


@dataclass(frozen=True)
class Floor:
    """Everybody else on site, and the rules of the floor.

    :param cohorts: of the people concerned, by key
    """

    ground: Ground
    others: OnSite
    cohorts: Mapping[str, str | None]

    def added(
        self, staying: Sequence[TimedDuty], going: Sequence[TimedDuty], coming: Sequence[TimedDuty]
    ) -> list[Finding]:
        """Breaches that a change adds; whoever goes adds none.

        :param staying: on site, of the people concerned; ``going`` and ``coming`` are what changes
        """
        if not coming:
            return []
        around = self._around(going, coming)
        rooms = frozenset(duty.room for duty in coming if duty.room is not None)
        inside = [*self._laid_out(around, rooms), *staying]
        found = self._too_close(inside, going, coming) if self.ground.too_close else []
        if rooms:
            found += self._added(IN_A_ROOM, rooms, inside, going, coming)
        rules = self._of_the_site(around, len(staying) + len(coming))
        if rules:
            found += self._added(rules, None, [*self._laid_out(around, None), *staying], going, coming)
        return found

    def _of_the_site(self, around: OnSite, concerned: int) -> list[Rule]:
        """Those in force, without a cap that is far away: at the fullest moment there are no more than all together."""
        hygiene = self.ground.part.hygiene
        most = hygiene.max_persons_on_site
        asked = {
            Rule.SITE_CAP: most is not None and around.most_at_once + concerned > most,
            Rule.ARRIVALS: hygiene.max_arrivals_per_slot is not None,
            Rule.COHORT: hygiene.cohort_rule != "none",
        }
        return [rule for rule, is_asked in asked.items() if is_asked]

    def _added(
        self,
        rules: Collection[Rule],
        rooms: frozenset[str] | None,
        staying: Sequence[TimedDuty],
        going: Sequence[TimedDuty],
        coming: Sequence[TimedDuty],
    ) -> list[Finding]:
        after = findings_of(self._case([*staying, *coming], rooms), rules)
        return added(findings_of(self._case([*staying, *going], rooms), rules), after) if after else []

    def _too_close(
        self, staying: Sequence[TimedDuty], going: Sequence[TimedDuty], coming: Sequence[TimedDuty]
    ) -> list[Finding]:
        """No change releases desks, so distance is judged between those in use at once."""
        found: list[Finding] = []
        for duty in coming:
            there = [one for one in (*staying, *coming) if one.start < duty.end and one.end > duty.start]
            left = [one for one in (*staying, *going) if one.start < duty.end and one.end > duty.start]
            rooms = frozenset((duty.room,)) if duty.room is not None else frozenset[str]()
            after = findings_of(self._case(there, rooms), (Rule.DISTANCE,))
            found += added([*findings_of(self._case(left, rooms), (Rule.DISTANCE,)), *found], after)
        return found

    def _around(self, going: Sequence[TimedDuty], coming: Sequence[TimedDuty]) -> OnSite:
        """Others who are there at the times of a change, or within the time for cleaning of them."""
        chosen = np.zeros(len(self.others), dtype=np.bool_)
        for start, end in {self._span(duty) for duty in (*going, *coming)}:
            chosen |= (self.others.starts < end) & (self.others.ends > start)
        return self.others.where(chosen)

    def _span(self, duty: TimedDuty) -> Span:
        """A duty with the time for cleaning, or its local days where cohorts keep to days."""
        hygiene, timeline = self.ground.part.hygiene, self.ground.timeline
        gap = hygiene.cleaning_gap_minutes
        if hygiene.cohort_rule != PER_DAY:
            return duty.start - gap, duty.end + gap
        last = timeline.day_index_of(duty.end - 1)
        return timeline.clock_minute(duty.workday, 0) - gap, timeline.clock_minute(last + 1, 0) + gap

    def _laid_out(self, floor: OnSite, rooms: frozenset[str] | None) -> list[TimedDuty]:
        """Others as the checks know them, of some rooms or all."""
        ground, all_rooms = self.ground, self.ground.part.rooms
        if rooms is not None:
            meant = [index for index, room in enumerate(all_rooms) if room.id in rooms]
            floor = floor.where(np.isin(ground.room_indexes[floor.desks], meant))
        columns = (floor.agents, floor.starts, floor.ends, floor.desks, ground.room_indexes[floor.desks])
        return [
            TimedDuty(
                agent=floor.people[agent][0],
                start=start,
                end=end,
                workday=ground.timeline.day_index_of(start),
                place="site",
                desk=ground.rows.desks[desk].key,
                room=all_rooms[room].id,
                breaks=(),
                work=(),
                serves=(),
            )
            for agent, start, end, desk, room in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def _case(self, duties: Sequence[TimedDuty], rooms: frozenset[str] | None) -> GivenCase:
        part = self.ground.part
        cohorts = {**dict(self.others.people.values()), **self.cohorts}
        judged_by = part.model_copy(
            update={
                "rooms": [room for room in part.rooms if rooms is None or room.id in rooms],
                "agents": [plain_agent(key, cohorts.get(key), ()) for key in {duty.agent for duty in duties}],
            }
        )
        in_use = {duty.desk for duty in duties if duty.desk is not None}
        return given_case(self.ground, judged_by, duties, sorted(in_use))


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
