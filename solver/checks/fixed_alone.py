"""What every roster of a problem must break because of its fixed duties."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks import findings
from solver.checks.case import Case, crowded
from solver.checks.room_cap import cap_of
from solver.problem import Agent, Duty, FixedDuty, Problem, SpanOfTime
from solver.roster import Roster, Tiers
from solver.rules import Finding, Rule

_NOT_COUNTED = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)


def fixed_findings(problem: Problem) -> list[Finding]:
    """Breaches of the fixed duties themselves, in the best roster that has only them.

    Breaks that a duty leaves open are taken as long as they may be: less work and longer pauses break no rule that
    more work and shorter ones would keep. For desks left open it is asked whether one suits each duty, and whether
    there are enough of them; whether all duties find one at the same time is a question of seating.
    """
    if not any(agent.fixed for agent in problem.agents):
        return []
    roster = fixed_roster(problem)
    breaches = [finding for finding in findings(problem, roster) if not _is_left_open(finding)]
    return breaches + list(_unsuited(problem)) + list(_too_few_desks(Case(problem, roster)))


def fixed_roster(problem: Problem) -> Roster:
    """The fixed duties alone, open breaks as long as they may be, open desks left out."""
    return Roster(
        format="roster/1",
        site=problem.site.id,
        first_day=problem.horizon.first_day,
        released_desks=sorted({duty.desk for agent in problem.agents for duty in agent.fixed if duty.desk}),
        duties=[_duty(problem, agent, duty) for agent in problem.agents for duty in agent.fixed],
        tiers=_NOT_COUNTED,
        missing_agent_minutes=0,
        required_agent_minutes=0,
    )


def _duty(problem: Problem, agent: Agent, duty: FixedDuty) -> Duty:
    breaks = _longest_break(problem, duty) if duty.breaks is None else duty.breaks
    return Duty(agent=agent.id, start=duty.start, end=duty.end, breaks=breaks, place=duty.place, desk=duty.desk)


def _longest_break(problem: Problem, duty: FixedDuty) -> list[SpanOfTime]:
    timeline = problem.timeline
    edge_slots = -(-problem.duties.break_edge_minutes // timeline.slot_minutes)
    start = timeline.minute_of(duty.start) + edge_slots * timeline.slot_minutes
    end = timeline.minute_of(duty.end) - edge_slots * timeline.slot_minutes
    if end - start < max(problem.labour.min_break_part_minutes, timeline.slot_minutes):
        return []
    return [SpanOfTime(start=timeline.instant_of(start), end=timeline.instant_of(end))]


def _is_left_open(finding: Finding) -> bool:
    return (finding.rule, finding.detail) == (Rule.DESK, "none")


def _unsuited(problem: Problem) -> Iterator[Finding]:
    desks = [set(desk.features) for room in problem.rooms for desk in room.desks if not desk.blocked]
    for agent in problem.agents:
        suited = any(set(agent.desk_needs) <= features for features in desks)
        for duty in agent.fixed if not suited else ():
            if duty.place == "site" and duty.desk is None:
                start, end = problem.timeline.minute_of(duty.start), problem.timeline.minute_of(duty.end)
                yield Finding(Rule.DESK, "none_suits", (agent.id,), (), start, end, end - start, "minutes")


def _too_few_desks(case: Case) -> Iterator[Finding]:
    seats = 0
    for room in case.problem.rooms:
        usable = sum(not desk.blocked for desk in room.desks)
        cap = cap_of(room, case.problem.hygiene)
        seats += usable if cap is None else min(usable, cap)
    for excess in crowded(case.on_site, seats) if seats else ():
        facts = (("persons", seats + excess.amount), ("limit", seats))
        yield Finding(
            Rule.DESK,
            "too_few",
            tuple(sorted(excess.agents)),
            ("site",),
            excess.start,
            excess.end,
            excess.amount,
            "persons",
            facts,
        )
