"""What a manager needs to know about one duty in force, or about one person's week, in order to change it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, Desk, Week
from app.services import live_roster
from app.services.duty_breaks import presence_minutes, shapes_of
from app.services.roster_guard import ChangedMeanwhileError
from app.services.site_ground import ground_of
from solver.timeline import parse_clock

MORNING = 8 * 60
DUTY_MINUTES = 6 * 60
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class DutyInForce:
    """A duty with the rows it names."""

    duty: CurrentDuty
    agent: Agent
    week: Week
    desk: Desk | None


def duty_of(session: Session, duty_id: int, site_id: int) -> DutyInForce:
    """The duty of a row id; NotFoundError for another site's.

    :raises ChangedMeanwhileError: where it is no longer in force as it was
    """
    duty = session.get(CurrentDuty, duty_id)
    if duty is None:
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    if duty.site_id != site_id:
        raise NotFoundError
    return _with_rows(session, duty)


def duties_of(session: Session, week: Week, agent: Agent) -> list[DutyInForce]:
    """An agent's duties of a week, in order of time."""
    return [_with_rows(session, duty) for duty in live_roster.duties_of(session, week.id, [agent.id])]


def _with_rows(session: Session, duty: CurrentDuty) -> DutyInForce:
    return DutyInForce(
        duty,
        session.get_one(Agent, duty.agent_id),
        session.get_one(Week, duty.week_id),
        None if duty.desk_id is None else session.get_one(Desk, duty.desk_id),
    )


def usable_desks(session: Session, site_id: int) -> list[Desk]:
    """Desks of a site that are not closed, by key."""
    found = select(Desk).where(Desk.site_id == site_id, col(Desk.blocked).is_(False))
    return list(session.exec(found.order_by(Desk.key)))


def usual_clocks(session: Session, week: Week) -> tuple[int, int]:
    """Start and end of an ordinary duty in minutes after 00:00, to begin a form with."""
    part = ground_of(session, week).part
    start = max(MORNING, parse_clock(part.duties.earliest_start))
    shapes = shapes_of(part)
    minutes = presence_minutes(part, shapes[len(shapes) // 2]) if shapes else DUTY_MINUTES
    return start, min(start + minutes, DAY_MINUTES)
