"""A site on which an agent has everything that the agent's pages show: duties, open shifts, offers, a request."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.models import (
    Agent,
    AgentQueue,
    CurrentDuty,
    OfferKind,
    OpenShift,
    Place,
    Queue,
    Role,
    Site,
    StoredServes,
    Week,
    WeekState,
)
from app.services import absence, open_shifts, replacements, shift_booking, swapping
from app.services.audit import Actor
from app.services.roster_guard import BreaksRuleError
from app.services.shift_booking import Wish
from tests.app import booking_site, build
from tests.app.filled_site import fill, fill_calls

DAYS = (2, 3, 4)
MOST_WITH_DUTIES = 80
SHAPES = (("10:30", "16:30"), ("13:00", "19:00"), ("14:00", "20:00"))
BEFORE = timedelta(minutes=30)


@dataclass(frozen=True)
class AgentSite:
    """The agent who looks, and the ids in the addresses of what there is to see."""

    user_id: int
    in_addresses: dict[str, Any]


def make(session: Session, agents: int) -> AgentSite:
    """Rows of the site: a week in force with duties of the first agents, and the next one open for booking."""
    filled = fill(session, agents)
    site, coming = session.get_one(Site, filled.site_id), session.get_one(Week, filled.week_id)
    manager = Actor(filled.manager_id, Role.MANAGER, site.id)
    coming.state = WeekState.COLLECTING
    fill_calls(session, site, coming.first_day)
    open_shifts.open_week(session, manager, build.NOW - BEFORE, coming.id)
    in_force = build.week(session, site, coming.first_day - timedelta(weeks=1), WeekState.PUBLISHED)
    booking_site.open_for_booking(session, in_force)
    people = session.exec(select(Agent).where(Agent.site_id == site.id).order_by(col(Agent.id))).all()
    for number, agent in enumerate(people[:MOST_WITH_DUTIES]):
        _give_duties(session, manager, agent, in_force.first_day, SHAPES[number % len(SHAPES)])
    first, second, third = (_with_duties(session, in_force)[number] for number in (0, 1, 2))
    return _with_offers(session, manager, site, coming, in_force, (first, second, third))


def _give_duties(session: Session, manager: Actor, agent: Agent, first_day: date, shape: tuple[str, str]) -> None:
    agent.weekly_min_minutes = 0
    line = session.exec(
        select(Queue.key).join(AgentQueue, col(AgentQueue.queue_id) == Queue.id).where(AgentQueue.agent_id == agent.id)
    ).first()
    for day in DAYS:
        starts_at, ends_at = (build.local(first_day + timedelta(days=day), clock) for clock in shape)
        serves = [StoredServes(queue=str(line), starts_at=starts_at, ends_at=ends_at)]
        wish = Wish(starts_at, ends_at, Place.SITE, serves=serves)
        # Once the rooms are full the rest stay at home.
        with suppress(BreaksRuleError):
            shift_booking.book_time(session, manager, build.NOW - BEFORE, wish, agent_id=agent.id)


def _with_duties(session: Session, week: Week) -> list[Agent]:
    holders = select(CurrentDuty.agent_id).where(CurrentDuty.week_id == week.id)
    return list(session.exec(select(Agent).where(col(Agent.id).in_(holders)).order_by(col(Agent.id))))


def _with_offers(
    session: Session, manager: Actor, site: Site, coming: Week, in_force: Week, people: tuple[Agent, Agent, Agent]
) -> AgentSite:
    """Offers by the second to the first and to all, and a duty of the third for which the first is asked."""
    accounts = [
        build.account(session, f"agent-{number}", Role.AGENT, site, agent) for number, agent in enumerate(people)
    ]
    actors = [Actor(account.id, Role.AGENT, site.id, agent.id) for account, agent in zip(accounts, people, strict=True)]
    duties = [_last_duties(session, in_force, agent) for agent in people]
    offer = swapping.offer(session, actors[1], build.NOW, duties[1][0].id, OfferKind.SWAP, to_agent_id=people[0].id)
    swapping.offer(session, actors[1], build.NOW, duties[1][1].id, OfferKind.GIVE_AWAY)
    called_off = absence.report(session, actors[2], build.NOW, duties[2][0].id)
    replacements.ask(session, manager, build.NOW, called_off.id, [people[0].id])
    shift = session.exec(select(OpenShift.id).where(OpenShift.week_id == coming.id)).first()
    return AgentSite(
        accounts[0].id,
        {
            "open_week_id": coming.id,
            "live_week_id": in_force.id,
            "first_day": coming.first_day.isoformat(),
            "shift_id": shift,
            "duty_id": duties[0][0].id,
            "colleague_id": people[1].id,
            "offer_id": offer.id,
            "absence_id": called_off.id,
        },
    )


def _last_duties(session: Session, week: Week, agent: Agent) -> list[CurrentDuty]:
    query = select(CurrentDuty).where(CurrentDuty.week_id == week.id, CurrentDuty.agent_id == agent.id)
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at).desc())))
