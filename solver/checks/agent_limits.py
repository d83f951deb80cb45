"""A person's own limits are kept."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, Workday
from solver.problem import AgentLimits
from solver.rules import Finding, Rule


def agent_limits(case: Case) -> Iterator[Finding]:
    """Start, end, a day's work and free days of each agent, by the agent's own limits."""
    for agent_id, agent in case.agents.items():
        if agent.limits != AgentLimits():
            for workday in case.workdays_of[agent_id]:
                yield from _clock(case, agent.limits, workday)
                yield from _work(case, agent.limits, workday)
                yield from _free_day(case, agent.limits, workday)


def _clock(case: Case, limits: AgentLimits, workday: Workday) -> Iterator[Finding]:
    for duty in workday.duties:
        if limits.earliest_start is not None:
            earliest = case.clock_minute(workday.day, limits.earliest_start)
            if duty.start < earliest:
                yield Finding(
                    Rule.AGENT_LIMITS,
                    "too_early",
                    (duty.agent,),
                    (),
                    duty.start,
                    min(earliest, duty.end),
                    earliest - duty.start,
                    "minutes",
                    (("clock", limits.earliest_start),),
                )
        if limits.latest_end is not None:
            latest = case.clock_minute(workday.day, limits.latest_end)
            if duty.end > latest:
                yield Finding(
                    Rule.AGENT_LIMITS,
                    "too_late",
                    (duty.agent,),
                    (),
                    max(latest, duty.start),
                    duty.end,
                    duty.end - latest,
                    "minutes",
                    (("clock", limits.latest_end),),
                )


def _work(case: Case, limits: AgentLimits, workday: Workday) -> Iterator[Finding]:
    most, work = limits.max_work_minutes_per_day, workday.work_minutes
    if most is not None and work > most:
        yield Finding(
            Rule.AGENT_LIMITS,
            "too_much_work",
            (workday.duties[0].agent,),
            (),
            *case.day_span(workday.day),
            work - most,
            "minutes",
            (("work_minutes", work), ("limit_minutes", most)),
        )


def _free_day(case: Case, limits: AgentLimits, workday: Workday) -> Iterator[Finding]:
    free = case.day_names(workday.day) & set(limits.free_days)
    for duty in workday.duties if free else ():
        yield Finding(
            Rule.AGENT_LIMITS,
            "free_day",
            (duty.agent,),
            (),
            duty.start,
            duty.end,
            1,
            "duties",
            (("day", min(free)),),
        )
