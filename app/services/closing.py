"""Closing a desk or a room: whoever sits there in the time to come is moved in the same step, or it stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, CurrentDuty, Desk, DutySource, Role, Room, Week
from app.services import live_roster, roster_guard
from app.services.audit import Actor, record
from app.services.desk_choice import free_desks
from app.services.guard_case import NewDuty
from app.services.lookup import of_site
from app.services.roster_guard import Change


@dataclass(frozen=True)
class Affected:
    """A duty at a desk that is to close, and the desk it would move to; None where there is none."""

    duty: CurrentDuty
    agent: Agent
    desk: Desk | None


class NowhereToSitError(RefusedError):
    """Somebody could not be moved, so nothing was closed.

    :param left: name, start and end of each who would have no desk
    """

    def __init__(self, affected: Sequence[Affected]) -> None:
        super().__init__("booking.nowhere_to_sit", 409, count=len(affected))
        # Values, not rows: those are gone with the transaction.
        self.left = [(one.agent.display_name, one.duty.starts_at, one.duty.ends_at) for one in affected]


def affected_by(session: Session, actor: Actor, now: datetime, desk_ids: Sequence[int]) -> list[Affected]:
    """Who would have to move from some desks of the site, and where to; nothing is changed."""
    desks = _desks(session, actor, desk_ids)
    moves: list[Affected] = []
    for week_id in sorted({duty.week_id for duty in _duties(session, now, desks)}):
        moves += _moves(session, now, session.get_one(Week, week_id), desks)
    return moves


def close_desks(session: Session, actor: Actor, now: datetime, desk_ids: Sequence[int]) -> list[Affected]:
    """Block desks for good and move everybody who has one of them from now on; gives who moved where.

    Duties that have begun stay where they are to their end.

    :raises NowhereToSitError: where somebody finds no other desk; then nothing is closed
    """
    desks = _desks(session, actor, desk_ids)
    site_id = desks[0].site_id
    live_roster.take_turn(session, site_id)
    moved: list[Affected] = []
    for week_id in sorted({duty.week_id for duty in _duties(session, now, desks)}):
        week = session.get_one(Week, week_id)
        roster_guard.opened(session, now, week)
        moved += _move(session, actor, now, week, _moves(session, now, week, desks))
    for desk in desks:
        desk.blocked = True
        record(session, actor, now, "desk.closed", "desk", desk.id, site_id=site_id, moved=len(moved))
    session.flush()
    roster_guard.withdraw_desks(session, site_id, [desk.id for desk in desks])
    return moved


def close_room(session: Session, actor: Actor, now: datetime, room_id: int) -> list[Affected]:
    """Close all desks of a room; see :func:`close_desks`."""
    room = of_site(session, Room, room_id, actor.site_id)
    open_desks = select(Desk.id).where(Desk.room_id == room.id, col(Desk.blocked).is_(False))
    found = session.exec(open_desks.order_by(col(Desk.id))).all()
    if not found:
        raise RefusedError("manager_closing.closed_already")
    return close_desks(session, actor, now, found)


def reopen_desks(session: Session, actor: Actor, now: datetime, desk_ids: Sequence[int]) -> int:
    """Allow closed desks again; gives how many may be used at once in every week that is not over.

    Where another desk that is too close has been released meanwhile, the next plan decides between the two.
    """
    desks = [desk for desk in _desks(session, actor, desk_ids) if desk.blocked]
    if not desks:
        raise RefusedError("manager_closing.open_already")
    site_id = desks[0].site_id
    live_roster.take_turn(session, site_id)
    for desk in desks:
        desk.blocked = False
        record(session, actor, now, "desk.reopened", "desk", desk.id, site_id=site_id)
    session.flush()
    return live_roster.release_again(session, now, site_id, desks)


def reopen_room(session: Session, actor: Actor, now: datetime, room_id: int) -> tuple[int, int]:
    """Allow all closed desks of a room; gives how many, and how many at once: see :func:`reopen_desks`."""
    room = of_site(session, Room, room_id, actor.site_id)
    closed = select(Desk.id).where(Desk.room_id == room.id, col(Desk.blocked).is_(True))
    found = session.exec(closed.order_by(col(Desk.id))).all()
    if not found:
        raise RefusedError("manager_closing.open_already")
    return len(found), reopen_desks(session, actor, now, found)


def _desks(session: Session, actor: Actor, desk_ids: Sequence[int]) -> list[Desk]:
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR} or not desk_ids:
        raise NotFoundError
    desks = [of_site(session, Desk, desk_id, actor.site_id) for desk_id in sorted(set(desk_ids))]
    if len({desk.site_id for desk in desks}) != 1:
        raise NotFoundError
    return desks


def _duties(session: Session, now: datetime, desks: Sequence[Desk]) -> list[CurrentDuty]:
    query = select(CurrentDuty).where(
        col(CurrentDuty.desk_id).in_([desk.id for desk in desks]), col(CurrentDuty.starts_at) > now
    )
    return list(session.exec(query.order_by(col(CurrentDuty.starts_at), col(CurrentDuty.id))))


def _moves(session: Session, now: datetime, week: Week, desks: Sequence[Desk]) -> list[Affected]:
    """A desk for each in order of time; desks given to those before are taken."""
    closing = {desk.id for desk in desks}
    duties = [duty for duty in _duties(session, now, desks) if duty.week_id == week.id]
    if not duties:
        return []
    scene = roster_guard.scene_of(session, week, duties, [])
    gap = scene.part.hygiene.cleaning_gap_minutes
    moves: list[Affected] = []
    for duty in duties:
        agent = session.get_one(Agent, duty.agent_id)
        given = {
            move.desk.id
            for move in moves
            if move.desk is not None and _near_in_time(move.duty, duty, gap) and move.agent.id != agent.id
        }
        free = free_desks(scene, agent, duty.starts_at, duty.ends_at, {one.id for one in duties})
        desk = next((one for one in free if one.id not in closing and one.id not in given), None)
        moves.append(Affected(duty, agent, desk))
    return moves


def _near_in_time(one: CurrentDuty, other: CurrentDuty, gap_minutes: int) -> bool:
    apart = max(one.starts_at, other.starts_at) - min(one.ends_at, other.ends_at)
    return apart.total_seconds() < gap_minutes * 60


def _move(session: Session, actor: Actor, now: datetime, week: Week, moves: Sequence[Affected]) -> Sequence[Affected]:
    left = [move for move in moves if move.desk is None]
    if left:
        raise NowhereToSitError(left)
    for source in sorted({move.duty.source for move in moves}):
        own = [move for move in moves if move.duty.source is source]
        new = tuple(
            replace(NewDuty.like(move.duty, move.duty.open_shift_id), desk_id=move.desk.id) for move in own if move.desk
        )
        removed = tuple(move.duty.id for move in own)
        change = Change("moved", DutySource(source), removed=removed, new=new, keeps_shape=True)
        roster_guard.apply(session, actor, now, week, change)
    return moves
