"""A reminder before the entry deadline, once, to those who have not said that their availability is complete."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.models import Agent, AvailabilityEntry, EntryReminder, Week, WeekState
from app.services import roster_guard

BEFORE_DEADLINE = timedelta(hours=24)


def weeks_to_remind_of(session: Session, now: datetime) -> list[int]:
    """Weeks whose deadline is less than a day away and of which nobody has been reminded."""
    query = select(Week.id).where(
        Week.state == WeekState.COLLECTING,
        col(Week.entry_deadline_at) > now,
        col(Week.entry_deadline_at) <= now + BEFORE_DEADLINE,
        col(Week.id).not_in(select(EntryReminder.week_id)),
    )
    return list(session.exec(query.order_by(col(Week.id))))


def remind(session: Session, now: datetime, week_id: int) -> int:
    """Tell the agents of a week who have not confirmed; gives how many, 0 where another worker was quicker."""
    try:
        with session.begin_nested():
            session.add(EntryReminder(week_id=week_id, reminded_at=now))
            session.flush()
    except IntegrityError:
        return 0
    week = session.get_one(Week, week_id)
    entered = select(AvailabilityEntry.agent_id).where(AvailabilityEntry.week_id == week.id)
    missing = select(Agent.id).where(
        Agent.site_id == week.site_id, col(Agent.active).is_(True), col(Agent.id).not_in(entered)
    )
    agent_ids = session.exec(missing).all()
    facts = {"week_id": week.id, "deadline_at": week.entry_deadline_at.isoformat()}
    roster_guard.tell(session, now, "availability.reminder", facts, agent_ids=agent_ids)
    return len(agent_ids)
