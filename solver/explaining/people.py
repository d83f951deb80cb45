"""Could one person work a duty more, by every rule about people? Asked of the same checks that judge rosters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from solver.checks import CHECKS, added
from solver.checks.case import Case
from solver.explaining.day_state import DayState, Stay, duty_of, queue_mask
from solver.explaining.facts import Reason
from solver.problem import Agent, Place, Problem
from solver.rules import Finding, Rule
from solver.timeline import Span, parse_clock

NO_LIMIT = 1 << 40
PERSONAL = (
    Rule.DUTY_SHAPE,
    Rule.AGENT_LIMITS,
    Rule.AVAILABILITY,
    Rule.OVERLAP,
    Rule.DAILY_WORK,
    Rule.BREAKS,
    Rule.REST,
    Rule.WEEKLY_WORK,
    Rule.CONSECUTIVE_DAYS,
    Rule.FREE_DAYS,
    Rule.NOT_TOGETHER,
)
REASONS = {
    Rule.DUTY_SHAPE: Reason.OPENING,
    Rule.AGENT_LIMITS: Reason.LIMITS,
    Rule.AVAILABILITY: Reason.BLOCKED,
    Rule.OVERLAP: Reason.BLOCKS,
    Rule.DAILY_WORK: Reason.DAILY_TIME,
    Rule.BREAKS: Reason.BREAKS,
    Rule.REST: Reason.REST,
    Rule.WEEKLY_WORK: Reason.WEEKLY_TIME,
    Rule.CONSECUTIVE_DAYS: Reason.CONSECUTIVE_DAYS,
    Rule.FREE_DAYS: Reason.FREE_DAY,
    Rule.NOT_TOGETHER: Reason.NOT_TOGETHER,
}


class Person:
    """One agent with their care partners, cut out of a state so that rules about people can be asked quickly."""

    def __init__(self, state: DayState, agent: str) -> None:
        self.state = state
        self.agent = state.agents[agent]
        problem = state.problem
        partners = state.partners.get(agent, ())
        self.problem = problem.model_copy(update={"agents": [self.agent, *partners]})
        self.around = [stay for partner in partners for stay in state.stays[partner.id]]
        self.own = list(state.stays[agent])
        self._kept: dict[tuple[int, int, tuple[Span, ...], Stay | None], bool] = {}
        self._limits_known: dict[tuple[int, Stay | None], tuple[int, int, int]] = {}

    def keeps_rules(self, stay: Stay, without: Stay | None = None) -> bool:
        """Whether a duty adds no breach; remembered, for the place of the duty makes no difference."""
        key = stay.start, stay.end, stay.breaks, without
        if key not in self._kept:
            self._kept[key] = not self.findings_with(stay, without)
        return self._kept[key]

    def holds_in(self, state: DayState) -> bool:
        """Whether what is known of the person holds in another state: same rules, same duties."""
        same_rules = state.problem.duties is self.problem.duties and state.problem.labour is self.problem.labour
        return (
            same_rules
            and not self.around
            and state.agents[self.agent.id] is self.agent
            and state.stays[self.agent.id] == self.own
        )

    def findings_with(self, stay: Stay, without: Stay | None = None) -> list[Finding]:
        """Breaches that a duty adds, or puts in the place of those of a duty that it replaces."""
        kept = [other for other in self.own if other != without]
        return added(self._before, self._findings([*kept, stay]))

    def cannot(self, stay: Stay, without: Stay | None = None) -> bool:
        """Whether time alone forbids a duty: what can be seen quickly, before every rule is asked."""
        minutes = self.problem.horizon.slot_minutes
        start, end = stay.start * minutes, stay.end * minutes
        if any(blocked_start < end and start < blocked_end for blocked_start, blocked_end in self._blocked):
            return True
        timeline = self.problem.timeline
        day = timeline.day_index_of(start)
        earliest, latest, work_minutes = self._limits(day, without)
        return start < earliest or end > latest or len(stay.work_slots) * minutes > work_minutes

    def _limits(self, day: int, without: Stay | None) -> tuple[int, int, int]:
        """Earliest start and latest end by opening and rest periods, and minutes of work left in the week."""
        known = self._limits_known.get((day, without))
        if known is None:
            known = self._limits_known[day, without] = self._limits_of(day, without)
        return known

    def _limits_of(self, day: int, without: Stay | None) -> tuple[int, int, int]:
        timeline = self.problem.timeline
        minutes, rest = timeline.slot_minutes, self.problem.labour.min_rest_minutes
        earliest, latest = self._hours(day)
        left, left_today = self.agent.weekly_minutes.max, self.problem.labour.max_work_minutes_per_day
        workdays = {day}
        for other, other_day in zip(self.own, self._days, strict=True):
            if other == without:
                continue
            work_minutes = len(other.work_slots) * minutes
            if timeline.run_of(other_day) == timeline.run_of(day):
                left -= work_minutes
                workdays.add(other_day)
            if other_day < day:
                earliest = max(earliest, other.end * minutes + rest)
            if other_day > day:
                latest = min(latest, other.start * minutes - rest)
            left_today -= work_minutes if other_day == day else 0
        too_many = len(workdays) > self.agent.max_workdays
        return earliest, latest, -1 if too_many else min(left, left_today)

    def _hours(self, day: int) -> tuple[int, int]:
        """Earliest start and latest end by the opening and the person's own limits."""
        clock_minute, limits = self.problem.timeline.clock_minute, self.agent.limits
        latest = clock_minute(day, parse_clock(self.problem.duties.latest_end))
        if limits.latest_end is not None:
            latest = min(latest, clock_minute(day, parse_clock(limits.latest_end)))
        if limits.earliest_start is not None:
            return clock_minute(day, parse_clock(limits.earliest_start)), latest
        return -NO_LIMIT, latest

    @cached_property
    def _days(self) -> list[int]:
        timeline = self.problem.timeline
        return [timeline.day_index_of(stay.start * timeline.slot_minutes) for stay in self.own]

    @cached_property
    def _blocked(self) -> list[tuple[int, int]]:
        timeline = self.problem.timeline
        return [
            (timeline.minute_of(window.start), timeline.minute_of(window.end))
            for window in self.agent.availability
            if window.kind == "blocked"
        ]

    @cached_property
    def _before(self) -> list[Finding]:
        return self._findings(self.own)

    def reasons_with(self, stay: Stay, without: Stay | None = None) -> set[Reason]:
        """The same as reasons."""
        return {_reason(finding) for finding in self.findings_with(stay, without)}

    def _findings(self, stays: Sequence[Stay]) -> list[Finding]:
        duties = [duty_of(self.problem.timeline, replace(stay, desk=None), []) for stay in [*stays, *self.around]]
        case = Case(self.problem, self.state.roster.model_copy(update={"duties": duties}))
        found = [finding for rule in PERSONAL for finding in CHECKS[rule](case)]
        return [finding for finding in found if self.agent.id in finding.agents]


def _reason(finding: Finding) -> Reason:
    if (finding.rule, finding.detail) == (Rule.WEEKLY_WORK, "too_many_workdays"):
        return Reason.WORKDAYS
    return REASONS[finding.rule]


def place_reason(problem: Problem, agent: Agent, place: Place, helping: int) -> Reason | None:
    """Why an agent may not work at a place, or cannot help there.

    :param helping: a bit for each queue in which one person more would cover the gap
    """
    if place == "site":
        return Reason.NEVER_ON_SITE if agent.home == "only" else None
    if agent.home == "none":
        return Reason.NOT_CLEARED
    return None if queue_mask(problem, agent, place) & helping else Reason.QUEUE_NOT_AT_HOME
