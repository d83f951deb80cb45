"""A duty has one of the shapes that the site allows."""

from __future__ import annotations

from collections.abc import Iterator

from solver.checks.case import Case, TimedDuty
from solver.rules import Finding, Rule
from solver.timeline import total, union


def duty_shape(case: Case) -> Iterator[Finding]:
    """Start, end, work and breaks of every duty that is not fixed."""
    for duty in case.duties:
        if not case.is_fixed(duty):
            yield from _window(case, duty)
            yield from _start_step(case, duty)
            yield from _work(case, duty)
            yield from _break_total(case, duty)


def _window(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    rules = case.problem.duties
    earliest = case.clock_minute(duty.workday, rules.earliest_start)
    latest = case.clock_minute(duty.workday, rules.latest_end)
    if duty.start < earliest:
        yield _finding(
            "too_early", duty, (duty.start, min(earliest, duty.end)), earliest - duty.start, clock=rules.earliest_start
        )
    if duty.end > latest:
        yield _finding("too_late", duty, (max(latest, duty.start), duty.end), duty.end - latest, clock=rules.latest_end)


def _start_step(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    step = case.problem.duties.start_step_minutes
    after_step = case.timeline.clock_of(duty.start) % step
    if after_step:
        yield _finding("start_off_step", duty, duty.presence, after_step, step_minutes=step)


def _work(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    allowed = case.problem.duties.work_minutes
    work = duty.work_minutes
    if work not in allowed:
        nearest = min(allowed, key=lambda minutes: (abs(minutes - work), minutes), default=0)
        yield _finding(
            "work_not_allowed", duty, duty.presence, abs(work - nearest), work_minutes=work, nearest_minutes=nearest
        )


def _break_total(case: Case, duty: TimedDuty) -> Iterator[Finding]:
    most = case.problem.duties.max_break_minutes
    breaks = total(union(duty.breaks))
    if breaks > most:
        yield _finding("breaks_too_long", duty, duty.presence, breaks - most, breaks_minutes=breaks, limit_minutes=most)


def _finding(detail: str, duty: TimedDuty, span: tuple[int, int], amount: int, **facts: int | str) -> Finding:
    return Finding(Rule.DUTY_SHAPE, detail, (duty.agent,), (), *span, amount, "minutes", tuple(facts.items()))
