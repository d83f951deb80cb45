"""Breaks are long enough, in time, and away from the ends of a duty (§ 4 ArbZG)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from solver.checks.case import Case, TimedDuty, Workday
from solver.rules import Finding, Rule
from solver.timeline import Span, total, union


def breaks(case: Case) -> Iterator[Finding]:
    """Place and length of each break, pauses of each workday, and runs of work without a pause."""
    for duty in case.duties:
        yield from _single_breaks(case, duty)
    for agent_id, workdays in case.workdays_of.items():
        for workday in workdays:
            yield from _pause_total(case, workday)
        yield from _runs(case, case.duties_of[agent_id])


def _single_breaks(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    edge = case.problem.duties.break_edge_minutes
    least = case.problem.labour.min_break_part_minutes
    for start, end in duty.breaks:
        for detail, distance in (("near_start", start - duty.start), ("near_end", duty.end - end)):
            if distance < edge:
                yield _finding(detail, duty.agent, (start, end), edge - distance, limit_minutes=edge)
        if end - start < least:
            yield _finding("part_too_short", duty.agent, (start, end), least - (end - start), limit_minutes=least)


def _pause_total(case: Case, workday: Workday) -> Iterator[Finding]:
    work = workday.work_minutes
    exceeded = [rule for rule in case.problem.labour.breaks if work > rule.work_over_minutes]
    if not exceeded:
        return
    rule = max(exceeded, key=lambda rule: (rule.work_over_minutes, rule.break_minutes))
    pauses = total(union(_pauses(workday.duties, case.problem.labour.min_break_part_minutes)))
    if pauses < rule.break_minutes:
        yield _finding(
            "pauses_too_short",
            workday.duties[0].agent,
            case.day_span(workday.day),
            rule.break_minutes - pauses,
            pauses_minutes=pauses,
            limit_minutes=rule.break_minutes,
            work_minutes=work,
        )


def _pauses(duties: Sequence[TimedDuty], least_minutes: int) -> list[Span]:
    """Breaks, and gaps between duties, each if long enough by itself."""
    presence = union(duty.presence for duty in duties)
    gaps = [(before[1], after[0]) for before, after in itertools.pairwise(presence)]
    listed = [pause for duty in duties for pause in duty.breaks]
    return [(start, end) for start, end in listed + gaps if end - start >= least_minutes]


def _runs(case: Case, duties: Sequence[TimedDuty]) -> Iterator[Finding]:
    """Stretches of work, over all duties of one agent, that no pause interrupts for too long."""
    most = case.problem.labour.max_run_minutes
    work = union(span for duty in duties for span in duty.work)
    pauses = sorted(_pauses(duties, case.problem.labour.min_break_part_minutes))
    run: list[Span] = []
    for span in work:
        if run and any(run[-1][1] <= start and end <= span[0] for start, end in pauses):
            yield from _run(run, most, duties[0].agent)
            run = []
        run.append(span)
    if run:
        yield from _run(run, most, duties[0].agent)


def _run(run: Sequence[Span], most: int, agent_id: str) -> Iterator[Finding]:
    work = total(run)
    if work > most:
        span = run[0][0], run[-1][1]
        yield _finding("run_too_long", agent_id, span, work - most, work_minutes=work, limit_minutes=most)


def _finding(detail: str, agent_id: str, span: Span, amount: int, **facts: int) -> Finding:
    return Finding(Rule.BREAKS, detail, (agent_id,), (), *span, amount, "minutes", tuple(facts.items()))
