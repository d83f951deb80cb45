"""A hundred and twenty agents: contracts, skills, home clearances, children to care for.

Drawn from a seeded generator, so that the site is the same wherever it is made.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from app.demo_site.since import SINCE
from app.models import (
    Agent,
    AgentQueue,
    AvailabilityException,
    AvailabilityPattern,
    CarePartner,
    Desk,
    ExceptionKind,
    HomeClearance,
    HomeWish,
    PatternKind,
    PatternWeeks,
    Queue,
    Site,
)

AGENTS = 120
SEED = 1202
WORKING_DAYS = range(5)
SATURDAY = 5
DAY_END_MINUTES = 24 * 60
CONTRACTS = (
    # weekly minutes at least and at most, workdays: 20, 25, 30 and 38.5 hours
    (1140, 1260, 5),
    (1440, 1560, 5),
    (1740, 1860, 5),
    (2220, 2400, 5),
)
CLEARED_SHARE = 0.35
CARE_PAIRS = ((14, 15), (42, 43))
HANDOVER_MINUTES = 30
HOME_WISHES = (HomeWish.ALLOWED, HomeWish.PREFERRED, HomeWish.PREFERRED, HomeWish.ONLY, HomeWish.ALLOWED)

Window = tuple[int, int, int, PatternWeeks]
"""Weekday, start and end in minutes after 00:00, in which weeks."""


def make_people(
    session: Session, site: Site, queues: Sequence[Queue], desks: Sequence[Desk], monday: date, now: datetime
) -> list[Agent]:
    """All agents with everything that is theirs."""
    draw = random.Random(SEED)
    agents = [_agent(site, number, desks, draw) for number in range(1, AGENTS + 1)]
    session.add_all(agents)
    session.flush()
    for agent in agents:
        session.add_all(AgentQueue(agent_id=agent.id, queue_id=queue.id) for queue in _skills(queues, draw))
    _clear_for_home(session, agents, monday, draw)
    _add_care(session, agents, monday)
    _add_wishes(session, agents, draw)
    for first, second in CARE_PAIRS:
        session.add(
            CarePartner(
                first_agent_id=agents[first].id,
                second_agent_id=agents[second].id,
                handover_minutes=HANDOVER_MINUTES,
                first_confirmed_at=now,
                second_confirmed_at=now,
            )
        )
    session.flush()
    return agents


def with_most_to_show(session: Session, agents: Sequence[Agent], queues: Sequence[Queue]) -> Agent:
    """The agent for a first look: may work at home, also serves a queue that nobody serves there, and has windows."""
    skills = set(session.exec(select(AgentQueue.agent_id, AgentQueue.queue_id)))
    windows = select(AvailabilityPattern.agent_id, AvailabilityPattern.kind).distinct()
    kinds = Counter(agent_id for agent_id, _kind in session.exec(windows))

    def worth(agent: Agent) -> tuple[bool, int, int, int]:
        places = {queue.home_allowed for queue in queues if (agent.id, queue.id) in skills}
        both_places = agent.home_wish is HomeWish.ALLOWED and len(places) > 1
        return both_places, kinds[agent.id], sum(agent_id == agent.id for agent_id, _ in skills), -agent.id

    chosen = max(agents, key=worth)
    _add_patterns(session, chosen, [(SATURDAY, 0, DAY_END_MINUTES, PatternWeeks.EVERY)], PatternKind.BLOCKED)
    return chosen


def _agent(site: Site, number: int, desks: Sequence[Desk], draw: random.Random) -> Agent:
    least, most, workdays = CONTRACTS[number % len(CONTRACTS)]
    return Agent(
        site_id=site.id,
        key=f"a{number:03d}",
        display_name=f"Agent {number:03d}",
        weekly_min_minutes=least,
        weekly_max_minutes=most,
        max_workdays=workdays,
        max_blocks_per_day=2 if number % 12 == 0 else 1,
        desk_needs=["adjustable"] if number % 20 == 3 else ["quiet"] if number % 40 == 7 else [],
        usual_desk_id=draw.choice(desks).id if number % 2 == 0 else None,
    )


def _skills(queues: Sequence[Queue], draw: random.Random) -> list[Queue]:
    """One queue for some, two for most, all three for a few; the first is the largest."""
    count = draw.choices((1, 2, 3), weights=(30, 45, 25))[0]
    chosen = draw.choices(range(len(queues)), weights=(50, 28, 22))[0]
    order = [queues[chosen], *(queue for index, queue in enumerate(queues) if index != chosen)]
    return order[:count]


def _clear_for_home(session: Session, agents: Sequence[Agent], monday: date, draw: random.Random) -> None:
    """Clearances for half a year to come; one ends in the middle of the week after next."""
    cleared = draw.sample(agents, round(CLEARED_SHARE * len(agents)))
    for index, agent in enumerate(sorted(cleared, key=lambda agent: agent.key)):
        agent.home_wish = HOME_WISHES[index % len(HOME_WISHES)]
        valid_to_on = monday + (timedelta(days=16) if index == 0 else timedelta(days=180))
        session.add(HomeClearance(agent_id=agent.id, valid_from_on=SINCE, valid_to_on=valid_to_on))


def _mornings_only(_number: int) -> list[Window]:
    return [(day, 13 * 60, DAY_END_MINUTES, PatternWeeks.EVERY) for day in WORKING_DAYS]


def _afternoons_blocked(number: int) -> list[Window]:
    return [(day, 15 * 60 + 30, DAY_END_MINUTES, PatternWeeks.EVERY) for day in WORKING_DAYS if day != number % 5]


def _alternating_weeks(_number: int) -> list[Window]:
    early = [(day, 0, 13 * 60, PatternWeeks.ODD) for day in WORKING_DAYS]
    return early + [(day, 14 * 60, DAY_END_MINUTES, PatternWeeks.EVEN) for day in WORKING_DAYS]


def _two_care_blocks(_number: int) -> list[Window]:
    to_school = [(day, 0, 8 * 60 + 30, PatternWeeks.EVERY) for day in WORKING_DAYS]
    return to_school + [(day, 15 * 60, 17 * 60 + 30, PatternWeeks.EVERY) for day in WORKING_DAYS]


def _no_evenings_and_saturdays(_number: int) -> list[Window]:
    evenings = [(day, 18 * 60, DAY_END_MINUTES, PatternWeeks.EVERY) for day in WORKING_DAYS]
    return [*evenings, (SATURDAY, 0, DAY_END_MINUTES, PatternWeeks.EVERY)]


CARE: tuple[Callable[[int], list[Window]], ...] = (
    _mornings_only,
    _afternoons_blocked,
    _alternating_weeks,
    _two_care_blocks,
    _no_evenings_and_saturdays,
)


def _add_care(session: Session, agents: Sequence[Agent], monday: date) -> None:
    """Every third agent has windows that repeat, two have a daycare that is closed for some days."""
    for number, agent in enumerate(agents):
        if number % 3 == 0:
            windows = CARE[number // 3 % len(CARE)](number)
            _add_patterns(session, agent, windows, PatternKind.BLOCKED)
    for number, days in ((4, (1, 2)), (40, (7, 8, 9))):
        session.add_all(
            AvailabilityException(
                agent_id=agents[number].id,
                applies_on=monday + timedelta(days=day),
                start_clock_minutes=0,
                end_clock_minutes=DAY_END_MINUTES,
                kind=ExceptionKind.BLOCKED,
            )
            for day in days
        )


def _add_wishes(session: Session, agents: Sequence[Agent], draw: random.Random) -> None:
    """Every fourth agent would rather not work late on some days, every fifth likes mornings."""
    for number, agent in enumerate(agents):
        day = draw.choice(WORKING_DAYS)
        if number % 4 == 1:
            # Those who like mornings wish to stop earlier: some of them are blocked in the evenings anyway.
            late = [(day, (16 if number % 5 == 2 else 18) * 60, DAY_END_MINUTES, PatternWeeks.EVERY)]
            _add_patterns(session, agent, late, PatternKind.UNDESIRED)
        if number % 5 == 2:
            early = [(day, 7 * 60, 13 * 60, PatternWeeks.EVERY)]
            _add_patterns(session, agent, early, PatternKind.PREFERRED)


def _add_patterns(session: Session, agent: Agent, windows: Sequence[Window], kind: PatternKind) -> None:
    session.add_all(
        AvailabilityPattern(
            agent_id=agent.id,
            weekday=weekday,
            start_clock_minutes=start,
            end_clock_minutes=end,
            kind=kind,
            weeks=in_weeks,
            valid_from_on=SINCE,
        )
        for weekday, start, end, in_weeks in windows
    )
