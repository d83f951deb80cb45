"""Duties that change hands: time, breaks and work stay, a desk is found anew where the old one does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.models import CurrentDuty, DutySource, HomeWish, Place, Week
from app.services import roster_guard
from app.services.desk_choice import free_desks
from app.services.guard_case import NewDuty, Scene
from app.services.roster_guard import Change


@dataclass(frozen=True)
class Transfer:
    """A duty and who is to have it."""

    duty: CurrentDuty
    to_agent_id: int


def handed_over(session: Session, week: Week, transfers: Sequence[Transfer], kind: str) -> tuple[Change, Scene]:
    """The change that hands duties over, and what it concerns; the caller has taken its turn."""
    removed = [transfer.duty for transfer in transfers]
    new = [
        replace(NewDuty.like(transfer.duty, transfer.duty.open_shift_id), agent_id=transfer.to_agent_id)
        for transfer in transfers
    ]
    scene = roster_guard.scene_of(session, week, removed, new)
    change = Change(
        kind=kind,
        source=DutySource.SWAPPED if len(transfers) > 1 else DutySource.TAKEN_OVER,
        removed=tuple(duty.id for duty in removed),
        new=tuple(seated(scene, removed, new)),
        keeps_shape=True,
    )
    return change, scene


def seated(scene: Scene, removed: Sequence[CurrentDuty], new: Sequence[NewDuty]) -> list[NewDuty]:
    """The duties, each at the place where its new holder works; the old desk if it fits, else the best free one."""
    gone = {duty.id for duty in removed}
    taken: list[NewDuty] = []
    for duty in new:
        own = scene.row(duty.agent_id)
        if own is None:
            taken.append(duty)
            continue
        placed = duty if own.agent.home_wish is not HomeWish.ONLY else replace(duty, place=Place.HOME, desk_id=None)
        if placed.place is Place.HOME and own.agent.home_wish is HomeWish.NONE:
            placed = replace(placed, place=Place.SITE)
        taken.append(_at_a_desk(scene, gone, taken, placed))
    return taken


def _at_a_desk(scene: Scene, gone: set[int], taken: Sequence[NewDuty], duty: NewDuty) -> NewDuty:
    own = scene.row(duty.agent_id)
    if duty.place is Place.HOME or own is None:
        return duty
    others = {one.desk_id for one in taken if one.starts_at < duty.ends_at and one.ends_at > duty.starts_at}
    free = [
        desk.id for desk in free_desks(scene, own.agent, duty.starts_at, duty.ends_at, gone) if desk.id not in others
    ]
    if duty.desk_id in free or not free:
        return duty
    return duty.at_desk(free[0])
