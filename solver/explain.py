"""Why the worst gaps of a roster are there, and what single relaxation would close them: found by trying.

Around each gap the people of the roster are first moved as well as that goes under the rules as they are. Only what a
relaxed problem allows beyond that counts as its effect, and every effect that is told has been judged by
:mod:`solver.checks` under the relaxed problem.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from solver.checks import Verdict, added, judge
from solver.explaining.causes import causes_of, hindrances
from solver.explaining.day_state import DayState, window_around
from solver.explaining.facts import Cause, ExplainedGap, Explanation, Gap, Reason, Relaxation, Remedy
from solver.explaining.gaps import gaps_of
from solver.explaining.moves import target_of, usable_shapes
from solver.explaining.relaxations import KINDS, Ground, Trial
from solver.explaining.trying import Allowance, Attempt, Saved, StoppedError
from solver.problem import Problem
from solver.roster import Roster
from solver.shapes import Shape

MOST_NAMED = 3
MOST_OF_A_KIND = 2

PROMISING = {
    Reason.NO_DESK: (Relaxation.DESK, Relaxation.DISTANCE, Relaxation.CLEANING_GAP),
    Reason.ROOM_CAP: (Relaxation.ROOM_CAP, Relaxation.AREA),
    Reason.SITE_CAP: (Relaxation.SITE_CAP,),
    Reason.ARRIVALS: (Relaxation.ARRIVALS,),
    Reason.NOT_CLEARED: (Relaxation.HOME,),
    Reason.BLOCKED: (Relaxation.BLOCKED_WINDOW,),
    Reason.WEEKLY_TIME: (Relaxation.WEEKLY_TIME,),
    Reason.WORKDAYS: (Relaxation.WORKDAY,),
    Reason.OPENING: (Relaxation.OPENING_EARLIER, Relaxation.OPENING_LATER),
}
"""Which relaxations answer which reason: they are tried first."""

ONE_PERSON_EACH = {
    Relaxation.HOME,
    Relaxation.BLOCKED_WINDOW,
    Relaxation.WEEKLY_TIME,
    Relaxation.WORKDAY,
    Relaxation.SKILL,
}
"""These need a trial for each person."""


@dataclass(frozen=True)
class ExplainProgress:
    """How far an explanation is: gaps done and gaps to do."""

    elapsed_seconds: float
    gaps_done: int
    gaps: int


def explain(
    problem: Problem,
    roster: Roster,
    *,
    gaps: int = 5,
    time_limit_seconds: float = 30,
    iterations: int | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[ExplainProgress], None] | None = None,
) -> Explanation:
    """Explain the worst gaps of a roster, worst first by their part of the shortfall.

    :param gaps: how many gaps at most
    :param time_limit_seconds: shared evenly; what could not be tried in it is named in ``not_tried``
    :param iterations: instead of a time limit, how many times somebody is asked to come, for each gap: the same files
        then give the same explanation on any machine
    """
    started = time.monotonic()
    found = gaps_of(problem, roster)
    verdict = judge(problem, roster)
    shapes = usable_shapes(problem)
    explained: list[ExplainedGap] = []
    for number, gap in enumerate(found[:gaps]):
        left_seconds = time_limit_seconds - (time.monotonic() - started)
        allowance = Allowance(left_seconds / (min(gaps, len(found)) - number), iterations, should_stop)
        explained.append(_GapStudy(problem, roster, gap, shapes, allowance, verdict).explained())
        if on_progress is not None:
            on_progress(ExplainProgress(time.monotonic() - started, number + 1, min(gaps, len(found))))
    return Explanation(
        gaps=tuple(explained),
        gaps_in_all=len(found),
        missing_agent_minutes=verdict.missing_agent_minutes,
        required_agent_minutes=verdict.required_agent_minutes,
        complete=not any(one.not_tried or not one.settled for one in explained),
    )


class _GapStudy:
    """One gap, its causes and remedies."""

    def __init__(
        self,
        problem: Problem,
        roster: Roster,
        gap: Gap,
        shapes: Sequence[Shape],
        allowance: Allowance,
        verdict: Verdict,
    ) -> None:
        self.problem = problem
        self.gap = gap
        self.shapes = shapes
        self.verdict = verdict
        self.target = target_of(problem, gap)
        self.state = DayState(problem, roster, window_around(problem, gap.start_minute))
        self.attempt = Attempt(self.target, shapes, allowance)
        self.tried: list[Relaxation] = []
        self.not_tried: list[Relaxation] = []

    def explained(self) -> ExplainedGap:
        """Settle, say who is kept away by what, then try what might be relaxed."""
        if self.attempt.allowance.is_over():
            return ExplainedGap(self.gap, self._qualified(), not_tried=tuple(Relaxation), settled=False)
        settled, unseated = self.attempt.settled(self.state)
        self.base = judge(self.problem, settled.roster_now())
        if added(self.verdict.findings, self.base.findings):
            settled, self.base = self.state, judge(self.problem, self.state.roster_now())
            self.attempt.is_settled = False
        found = hindrances(settled, self.target, self.shapes)
        ground = Ground(settled, self.target, found, unseated)
        studied = {agent: found[agent] for agent in found if self._knows(agent)}
        causes = causes_of(studied)
        remedies = list(self._remedies(ground, causes))
        remedies.sort(key=lambda remedy: remedy.worth, reverse=True)
        return ExplainedGap(
            gap=self.gap,
            qualified=self._qualified(),
            studied=len(studied) if len(studied) < self._qualified() else None,
            replanned_minutes=self.verdict.missing_agent_minutes - self.base.missing_agent_minutes,
            causes=causes,
            remedies=tuple(remedies),
            tried=tuple(self.tried),
            not_tried=tuple(self.not_tried),
            settled=self.attempt.is_settled,
        )

    def _knows(self, agent: str) -> bool:
        return self.gap.queue in self.state.agents[agent].queues

    def _qualified(self) -> int:
        return sum(self._knows(agent) for agent in self.state.agents)

    def _remedies(self, ground: Ground, causes: Sequence[Cause]) -> Iterator[Remedy]:
        missing = ground.state.missing_in(self.target.queue, self.target.slots)
        for kinds in _in_order(causes) if missing else ():
            saved, done = self._tried(ground, kinds)
            (self.tried if done else self.not_tried).extend(kinds)
            yield from self._told(saved)

    def _tried(self, ground: Ground, kinds: tuple[Relaxation, ...]) -> tuple[list[tuple[Trial, Saved]], bool]:
        """What helped, and whether everything of the kind was tried."""
        found: list[tuple[Trial, Saved]] = []
        if self.attempt.allowance.is_over():
            return found, False
        try:
            for trial in KINDS[kinds](ground):
                saved = self.attempt.best(ground.state, trial)
                if saved is not None:
                    found.append((trial, saved))
        except StoppedError:
            return found, False
        return found, True

    def _told(self, tried: list[tuple[Trial, Saved]]) -> Iterator[Remedy]:
        """The best of a kind, those who would do alike named together; each judged before it is told."""
        groups: dict[tuple[object, ...], list[tuple[Trial, Saved]]] = defaultdict(list)
        for trial, saved in tried:
            groups[trial.kind, saved.gap_minutes, saved.minutes, trial.facts].append((trial, saved))
        best = sorted(groups.values(), key=lambda group: group[0][1].worth, reverse=True)
        for group in best[:MOST_OF_A_KIND]:
            proven = list(self._proven_of(group[:MOST_NAMED]))
            ids = tuple(dict.fromkeys(name for trial in proven for name in trial.ids))
            if proven:
                saved = group[0][1]
                yield Remedy(proven[0].kind, ids, saved.minutes, saved.gap_minutes, proven[0].facts)

    def _proven_of(self, group: Sequence[tuple[Trial, Saved]]) -> Iterator[Trial]:
        """Those of a group that the checks confirm; on a large site, where judging takes seconds, as time allows."""
        for number, (trial, saved) in enumerate(group):
            if number and self.attempt.allowance.is_over():
                return
            if self._proven(trial, saved):
                yield trial

    def _proven(self, trial: Trial, saved: Saved) -> bool:
        """Whether the roster that was found breaks nothing new under the relaxed problem and saves what it says."""
        verdict = judge(trial.problem, saved.state.roster_now())
        saves = self.base.missing_agent_minutes - verdict.missing_agent_minutes
        return saves == saved.minutes + saved.moved_minutes and not added(self.base.findings, verdict.findings)


def _in_order(causes: Sequence[Cause]) -> list[tuple[Relaxation, ...]]:
    """Kinds that answer a cause first, of these the ones with few trials, then those of the most frequent cause."""
    answering = [kind for cause in causes for kind in PROMISING.get(cause.reason, ())]
    ranks = {kind: rank for rank, kind in reversed(list(enumerate(answering)))}

    def order(kinds: tuple[Relaxation, ...]) -> tuple[int, int]:
        rank = min(ranks.get(kind, len(answering)) for kind in kinds)
        return (2 if rank == len(answering) else int(kinds[0] in ONE_PERSON_EACH)), rank

    return sorted(KINDS, key=order)
