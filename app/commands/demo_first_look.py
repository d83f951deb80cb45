"""What the demonstration has to look at once its week is published: open shifts, an absence, an agent with a desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.demo_site import DemoSite
from app.models import Agent, AvailabilityEntry, AvailabilityPattern, CurrentDuty, Place, Role, UserAccount, Week
from app.services import absence, open_shifts
from app.services.audit import Actor


def prepare(session: Session, demo: DemoSite, now: datetime) -> None:
    """Open both weeks for booking, let the agent's account be one of somebody on site, and one other call off."""
    weeks = select(Week.id).where(Week.site_id == demo.site.id).order_by(col(Week.first_day))
    for week_id in session.exec(weeks).all():
        open_shifts.open_week(session, demo.manager, now, week_id)
    to_come = select(CurrentDuty).where(CurrentDuty.week_id == demo.first_week.id, col(CurrentDuty.starts_at) > now)
    duties = session.exec(to_come.order_by(col(CurrentDuty.starts_at), col(CurrentDuty.agent_id))).all()
    if not duties:
        return
    shown_id = _give_account(session, demo, duties)
    _call_off(session, demo, now, [duty for duty in duties if duty.agent_id != shown_id])


def _give_account(session: Session, demo: DemoSite, duties: Sequence[CurrentDuty]) -> int:
    """The account for a first look goes to the one with most to see who has not entered availability yet."""
    places: dict[int, set[Place]] = defaultdict(set)
    for duty in duties:
        places[duty.agent_id].add(duty.place)
    entered = select(AvailabilityEntry.agent_id).where(AvailabilityEntry.week_id == demo.first_week.id)
    candidates = session.exec(select(Agent).where(Agent.site_id == demo.site.id, col(Agent.id).not_in(entered))).all()
    kinds = defaultdict(set)
    for agent_id, kind in session.exec(select(AvailabilityPattern.agent_id, AvailabilityPattern.kind)):
        kinds[agent_id].add(kind)

    def worth(agent: Agent) -> tuple[bool, int, int, int]:
        return Place.SITE in places[agent.id], len(places[agent.id]), len(kinds[agent.id]), -agent.id

    account = session.exec(
        select(UserAccount).where(UserAccount.site_id == demo.site.id, UserAccount.role == Role.AGENT)
    ).one()
    chosen = max(candidates, key=worth)
    account.agent_id, account.display_name = chosen.id, chosen.display_name
    session.flush()
    return chosen.id


def _call_off(session: Session, demo: DemoSite, now: datetime, duties: Sequence[CurrentDuty]) -> None:
    """One of the later duties on site, so that there is time to find a replacement."""
    on_site = [duty for duty in duties if duty.place is Place.SITE]
    if on_site:
        duty = on_site[len(on_site) // 2]
        absence.report(session, Actor(None, Role.AGENT, demo.site.id, duty.agent_id), now, duty.id)
