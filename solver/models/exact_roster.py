"""From the exact model's values to a roster, and from a roster to values to start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ortools.sat.python import cp_model

from solver.layout import plan_layout
from solver.models.candidates import Candidate
from solver.models.exact_frame import ExactFrame
from solver.models.exact_site import SitePart
from solver.models.exact_tiers import TierPart
from solver.problem import Duty, Serves, SpanOfTime
from solver.roster import Roster, Tiers
from solver.timeline import Span

IsTrue = Callable[[cp_model.IntVar], bool]
NOTHING_YET = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)


class RosterReader:
    """Reads duties out of a solution."""

    def __init__(self, frame: ExactFrame, site: SitePart, tiers: TierPart) -> None:
        self.frame = frame
        self.site = site
        self.tiers = tiers

    def roster(self, is_true: IsTrue) -> Roster:
        """The roster of a solution, tiers still to be counted."""
        problem = self.frame.problem
        duties = [
            self._duty(candidate, is_true)
            for candidate, chosen in zip(self.frame.candidates, self.frame.chosen, strict=True)
            if is_true(chosen)
        ]
        used = {duty.desk for duty in duties if duty.desk is not None}
        return Roster(
            format="roster/1",
            site=problem.site.id,
            first_day=problem.horizon.first_day,
            released_desks=list(plan_layout(problem, keep=used).released),
            duties=sorted(duties, key=lambda duty: (duty.agent, duty.start)),
            tiers=NOTHING_YET,
            missing_agent_minutes=0,
            required_agent_minutes=0,
        )

    def _duty(self, candidate: Candidate, is_true: IsTrue) -> Duty:
        span = self._span(candidate.start, candidate.end)
        return Duty(
            agent=self.frame.problem.agents[candidate.agent].id,
            start=span.start,
            end=span.end,
            breaks=self._breaks(candidate, is_true),
            place=candidate.place,
            desk=self._desk(candidate, is_true),
            serves=self._serves(candidate, is_true),
        )

    def _span(self, first_slot: int, end_slot: int) -> SpanOfTime:
        instant_of, slot_minutes = self.frame.timeline.instant_of, self.frame.slot_minutes
        return SpanOfTime(start=instant_of(first_slot * slot_minutes), end=instant_of(end_slot * slot_minutes))

    def _breaks(self, candidate: Candidate, is_true: IsTrue) -> list[SpanOfTime]:
        if candidate.fixed is not None and candidate.fixed.breaks is not None:
            return candidate.fixed.breaks
        on_break = self.frame.on_break
        taken = [
            (candidate.agent, slot) in on_break and is_true(on_break[candidate.agent, slot])
            for slot in range(candidate.start, candidate.end)
        ]
        return [self._span(candidate.start + first, candidate.start + end) for first, end in runs(taken)]

    def _desk(self, candidate: Candidate, is_true: IsTrue) -> str | None:
        if candidate.place != "site":
            return None
        return next(
            desk.id
            for number, (desk, _) in enumerate(self.site.desks)
            if (seat := self.site.at_desk.get((candidate.agent, number, candidate.start))) is not None and is_true(seat)
        )

    def _serves(self, candidate: Candidate, is_true: IsTrue) -> list[Serves]:
        serves = []
        for queue, entry in enumerate(self.frame.problem.queues):
            keys = ((candidate.agent, queue, slot) for slot in range(candidate.start, candidate.end))
            serving = [key in self.tiers.serving and is_true(self.tiers.serving[key]) for key in keys]
            for first, end in runs(serving):
                span = self._span(candidate.start + first, candidate.start + end)
                serves.append(Serves(queue=entry.id, start=span.start, end=span.end))
        return sorted(serves, key=lambda part: part.start)


def runs(flags: list[bool]) -> Iterator[Span]:
    """Each longest stretch of true flags as a half-open span of indices."""
    first = None
    for index, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = index
        elif not flag and first is not None:
            yield first, index
            first = None


def start_values(frame: ExactFrame, site: SitePart, tiers: TierPart, roster: Roster) -> dict[int, bool]:
    """What the duties, breaks, desks and queues of a roster say about the model's variables, by their index."""
    tables = (frame.on_break.values(), site.at_desk.values(), tiers.serving.values())
    values = dict.fromkeys((var.index for table in (frame.chosen, *tables) for var in table), False)
    agent_of = {agent.id: index for index, agent in enumerate(frame.problem.agents)}
    for duty in roster.duties:
        for literal in _true_by(frame, site, tiers, agent_of[duty.agent], duty):
            values[literal.index] = True
    released = set(roster.released_desks)
    for flag, (desk, _) in zip(site.released, site.desks, strict=True):
        values[flag.index] = desk.id in released
    return values


def _true_by(frame: ExactFrame, site: SitePart, tiers: TierPart, agent: int, duty: Duty) -> Iterator[cp_model.IntVar]:
    start, end = _slots(frame, duty)
    breaks = [slot for part in duty.breaks for slot in range(*_slots(frame, part))]
    for index in frame.of_agent[agent]:
        candidate = frame.candidates[index]
        shape = (candidate.start, candidate.end, candidate.place)
        if shape == (start, end, duty.place) and candidate.break_slots in (None, len(breaks)):
            yield frame.chosen[index]
    yield from (frame.on_break[agent, slot] for slot in breaks if (agent, slot) in frame.on_break)
    for number, (desk, _) in enumerate(site.desks):
        if desk.id == duty.desk:
            yield from (
                site.at_desk[key] for slot in range(start, end) if (key := (agent, number, slot)) in site.at_desk
            )
    for queue, entry in enumerate(frame.problem.queues):
        for part in duty.serves:
            if part.queue == entry.id:
                keys = ((agent, queue, slot) for slot in range(*_slots(frame, part)))
                yield from (tiers.serving[key] for key in keys if key in tiers.serving)


def _slots(frame: ExactFrame, span: SpanOfTime) -> Span:
    minute_of, slot_minutes = frame.timeline.minute_of, frame.slot_minutes
    return minute_of(span.start) // slot_minutes, minute_of(span.end) // slot_minutes
