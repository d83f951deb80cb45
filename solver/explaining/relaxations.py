"""One thing made different: the relaxed problems that are tried for a gap, most promising first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from solver.checks.room_cap import cap_of
from solver.explaining.causes import Hindrance
from solver.explaining.day_state import DayState
from solver.explaining.facts import Reason, Relaxation
from solver.explaining.moves import Target
from solver.layout import plan_layout
from solver.problem import Agent, Desk, Hygiene, Problem, Room, WeeklyMinutes
from solver.rules import Fact
from solver.timeline import parse_clock

MORE_WORK_MINUTES = 60
MORE_OPENING_MINUTES = 30
DISTANCE_STEP_M = 0.5
AREA_STEP_M2 = 1.0
LAYOUT_SECONDS = 2.0
LATEST_CLOCK = 48 * 60
FAR_AWAY_M = 1000.0


@dataclass(frozen=True)
class Trial:
    """A relaxed problem to try.

    :param ids: what is relaxed
    :param released: desks released besides
    :param agents: who might come because of it; None for everybody
    :param goes_home: somebody who is sent home first, which makes a desk free
    """

    kind: Relaxation
    ids: tuple[str, ...]
    problem: Problem
    released: tuple[str, ...] = ()
    agents: tuple[str, ...] | None = None
    goes_home: str | None = None
    facts: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True)
class Ground:
    """What is known before a relaxation is tried.

    :param unseated: agents who could come if the site had room for them
    """

    state: DayState
    target: Target
    hindrances: Mapping[str, Hindrance]
    unseated: tuple[str, ...]

    @property
    def problem(self) -> Problem:
        """The problem as it is."""
        return self.state.problem


Trials = Iterator[Trial]


def _with_hygiene(problem: Problem, **changes: object) -> Problem:
    hygiene: Hygiene = problem.hygiene.model_copy(update=changes)
    return problem.model_copy(update={"hygiene": hygiene})


def _with_room(problem: Problem, changed: Room) -> Problem:
    rooms = [changed if room.id == changed.id else room for room in problem.rooms]
    return problem.model_copy(update={"rooms": rooms})


def _with_agent(problem: Problem, changed: Agent) -> Problem:
    agents = [changed if agent.id == changed.id else agent for agent in problem.agents]
    return problem.model_copy(update={"agents": agents})


def desks(ground: Ground) -> Trials:
    """A plain desk more in each room, far enough from all others."""
    for room in ground.problem.rooms if ground.unseated else ():
        taken = {desk.id for other in ground.problem.rooms for desk in other.desks}
        name = next(name for number in range(1, len(taken) + 2) if (name := f"{room.id}+{number}") not in taken)
        x_m = max((desk.x_m for desk in room.desks), default=0.0) + FAR_AWAY_M
        changed = room.model_copy(update={"desks": [*room.desks, Desk(id=name, x_m=x_m, y_m=0.0)]})
        relaxed = _with_room(ground.problem, changed)
        facts = (("desks", sum(desk.id in ground.state.released for desk in room.desks)),)
        yield Trial(Relaxation.DESK, (room.id,), relaxed, (name,), ground.unseated, facts=facts)


def room_caps(ground: Ground) -> Trials:
    """One person more in each room whose cap is below its desks."""
    per_person_m2 = ground.problem.hygiene.min_area_per_person_m2
    for room in ground.problem.rooms if ground.unseated else ():
        cap = cap_of(room, ground.problem.hygiene)
        if cap is None:
            continue
        changes: dict[str, object] = {}
        if room.max_persons is not None:
            changes["max_persons"] = max(room.max_persons, cap + 1)
        if per_person_m2:
            changes["area_m2"] = max(room.area_m2, (cap + 1) * per_person_m2)
        relaxed = _with_room(ground.problem, room.model_copy(update=changes))
        yield Trial(Relaxation.ROOM_CAP, (room.id,), relaxed, agents=ground.unseated, facts=(("limit", cap),))


def site_cap(ground: Ground) -> Trials:
    """One person more on the whole site."""
    cap = ground.problem.hygiene.max_persons_on_site
    if cap is not None and ground.unseated:
        relaxed = _with_hygiene(ground.problem, max_persons_on_site=cap + 1)
        yield Trial(Relaxation.SITE_CAP, (), relaxed, agents=ground.unseated, facts=(("limit", cap),))


def area(ground: Ground) -> Trials:
    """A square metre less per person."""
    per_person_m2 = ground.problem.hygiene.min_area_per_person_m2
    if per_person_m2 and per_person_m2 > AREA_STEP_M2 and ground.unseated:
        relaxed = _with_hygiene(ground.problem, min_area_per_person_m2=per_person_m2 - AREA_STEP_M2)
        facts = (("before_m2", per_person_m2), ("after_m2", per_person_m2 - AREA_STEP_M2))
        yield Trial(Relaxation.AREA, (), relaxed, agents=ground.unseated, facts=facts)


def distance(ground: Ground) -> Trials:
    """Half a metre less distance; desks that people sit at stay released."""
    before_m = ground.problem.hygiene.min_distance_m
    if not before_m or not ground.unseated:
        return
    after_m = max(0.0, round(before_m - DISTANCE_STEP_M, 3))
    relaxed = _with_hygiene(ground.problem, min_distance_m=after_m)
    layout = plan_layout(relaxed, time_limit_seconds=LAYOUT_SECONDS, keep=ground.state.released)
    facts = (("before_m", before_m), ("after_m", after_m))
    if ground.state.released <= set(layout.released):
        yield Trial(Relaxation.DISTANCE, (), relaxed, layout.released, ground.unseated, facts=facts)


def cleaning_gap(ground: Ground) -> Trials:
    """No time for cleaning between two people at a desk."""
    before = ground.problem.hygiene.cleaning_gap_minutes
    if before and ground.unseated:
        relaxed = _with_hygiene(ground.problem, cleaning_gap_minutes=0)
        yield Trial(Relaxation.CLEANING_GAP, (), relaxed, agents=ground.unseated, facts=(("gap_minutes", before),))


def arrivals(ground: Ground) -> Trials:
    """One arrival more per slot."""
    most = ground.problem.hygiene.max_arrivals_per_slot
    if most is not None and ground.unseated:
        relaxed = _with_hygiene(ground.problem, max_arrivals_per_slot=most + 1)
        yield Trial(Relaxation.ARRIVALS, (), relaxed, agents=ground.unseated, facts=(("limit", most),))


def home(ground: Ground) -> Trials:
    """Each person without clearance: they come at home, or leave their desk to somebody else."""
    for agent in ground.problem.agents:
        if agent.home != "none":
            continue
        relaxed = _with_agent(ground.problem, agent.model_copy(update={"home": "allowed"}))
        hindrance = ground.hindrances.get(agent.id)
        on_site = any(
            stay.place == "site" and stay.start < ground.target.slots.stop and ground.target.slots.start < stay.end
            for stay in ground.state.stays[agent.id]
        )
        if on_site and ground.unseated:
            others = tuple(other for other in ground.unseated if other != agent.id)
            yield Trial(Relaxation.HOME, (agent.id,), relaxed, agents=(agent.id, *others), goes_home=agent.id)
        elif hindrance is not None and Reason.NOT_CLEARED in hindrance.reasons:
            yield Trial(Relaxation.HOME, (agent.id,), relaxed, agents=(agent.id,))


def blocked_windows(ground: Ground) -> Trials:
    """Each blocked window, around the gap, of somebody whom nothing else keeps away."""
    timeline = ground.problem.timeline
    reach = ground.state.window
    for agent in _kept_away(ground, Reason.BLOCKED):
        for window in agent.availability:
            start, end = timeline.minute_of(window.start), timeline.minute_of(window.end)
            slots = range(start // timeline.slot_minutes, end // timeline.slot_minutes)
            if window.kind == "blocked" and slots.start < reach.stop and reach.start < slots.stop:
                left = [other for other in agent.availability if other is not window]
                relaxed = _with_agent(ground.problem, agent.model_copy(update={"availability": left}))
                facts = (("start_minute", start), ("end_minute", end))
                yield Trial(Relaxation.BLOCKED_WINDOW, (agent.id,), relaxed, agents=(agent.id,), facts=facts)


def weekly_time(ground: Ground) -> Trials:
    """An hour more a week for somebody whose hours are used up."""
    for agent in _kept_away(ground, Reason.WEEKLY_TIME):
        before = agent.weekly_minutes
        longer = WeeklyMinutes(min=before.min, max=before.max + MORE_WORK_MINUTES)
        relaxed = _with_agent(ground.problem, agent.model_copy(update={"weekly_minutes": longer}))
        yield Trial(Relaxation.WEEKLY_TIME, (agent.id,), relaxed, agents=(agent.id,))


def workdays(ground: Ground) -> Trials:
    """A workday more for somebody whose days are used up."""
    for agent in _kept_away(ground, Reason.WORKDAYS):
        relaxed = _with_agent(ground.problem, agent.model_copy(update={"max_workdays": agent.max_workdays + 1}))
        yield Trial(Relaxation.WORKDAY, (agent.id,), relaxed, agents=(agent.id,))


def skills(ground: Ground) -> Trials:
    """The queue's skill for each person who lacks it."""
    queue = ground.problem.queues[ground.target.queue].id
    for agent in ground.problem.agents:
        if queue not in agent.queues:
            relaxed = _with_agent(ground.problem, agent.model_copy(update={"queues": [*agent.queues, queue]}))
            yield Trial(Relaxation.SKILL, (agent.id,), relaxed, agents=(agent.id,))


def opening(ground: Ground) -> Trials:
    """Half an hour more of opening, in the morning and in the evening."""
    duties = ground.problem.duties
    earlier = parse_clock(duties.earliest_start) - MORE_OPENING_MINUTES
    later = parse_clock(duties.latest_end) + MORE_OPENING_MINUTES
    if earlier >= 0:
        yield _opening(ground, Relaxation.OPENING_EARLIER, "earliest_start", earlier, duties.earliest_start)
    if later <= LATEST_CLOCK:
        yield _opening(ground, Relaxation.OPENING_LATER, "latest_end", later, duties.latest_end)


def _opening(ground: Ground, kind: Relaxation, name: str, clock_minutes: int, before: str) -> Trial:
    clock = f"{clock_minutes // 60:02}:{clock_minutes % 60:02}"
    duties = ground.problem.duties.model_copy(update={name: clock})
    relaxed = ground.problem.model_copy(update={"duties": duties})
    return Trial(kind, (), relaxed, facts=(("before_clock", before), ("after_clock", clock)))


def _kept_away(ground: Ground, reason: Reason) -> Iterator[Agent]:
    for agent in ground.problem.agents:
        hindrance = ground.hindrances.get(agent.id)
        if hindrance is not None and reason in hindrance.reasons:
            yield agent


KINDS: Mapping[tuple[Relaxation, ...], Callable[[Ground], Trials]] = {
    (Relaxation.DESK,): desks,
    (Relaxation.ROOM_CAP,): room_caps,
    (Relaxation.SITE_CAP,): site_cap,
    (Relaxation.AREA,): area,
    (Relaxation.DISTANCE,): distance,
    (Relaxation.CLEANING_GAP,): cleaning_gap,
    (Relaxation.ARRIVALS,): arrivals,
    (Relaxation.HOME,): home,
    (Relaxation.BLOCKED_WINDOW,): blocked_windows,
    (Relaxation.WEEKLY_TIME,): weekly_time,
    (Relaxation.WORKDAY,): workdays,
    (Relaxation.SKILL,): skills,
    (Relaxation.OPENING_EARLIER, Relaxation.OPENING_LATER): opening,
}
"""What may be relaxed, in the order of trying where nothing is known that speaks for another."""
