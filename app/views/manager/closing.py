"""Closing a desk or a room, after naming everybody who has to move; and allowing it again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role
from app.services import closing, manager_floor
from app.services.closing import Affected
from app.views.common import actor, go, my_site_id, now, reading, say, t, transaction
from app.views.manager.routes import blueprint


@blueprint.get("/floor/desks/<int:desk_id>/close")
@permissions.allow(Role.MANAGER)
def confirm_close_desk(desk_id: int) -> str:
    """Who would have to move from a desk, and where to."""
    return _page(desk_id=desk_id)


@blueprint.get("/floor/rooms/<int:room_id>/close")
@permissions.allow(Role.MANAGER)
def confirm_close_room(room_id: int) -> str:
    """Who would have to move from a room, and where to."""
    return _page(room_id=room_id)


def _page(*, desk_id: int | None = None, room_id: int | None = None, fault: str = "") -> str:
    with reading() as session:
        found = manager_floor.to_close(session, my_site_id(), desk_id=desk_id, room_id=room_id)
        affected = closing.affected_by(session, actor(), now(), found.desk_ids) if found.desk_ids else []
        desks = manager_floor.desk_keys(session, my_site_id())
    left = [one for one in affected if one.desk is None]
    return render_template(
        "manager/close_desk.html",
        found=found,
        moved=[one for one in affected if one.desk is not None],
        left=left,
        people=_people(affected),
        desks=desks,
        fault=fault,
    )


def _people(affected: Sequence[Affected]) -> int:
    return len({one.agent.id for one in affected})


@blueprint.post("/floor/desks/<int:desk_id>/close")
@permissions.allow(Role.MANAGER)
def close_desk(desk_id: int) -> AnyResponse | tuple[str, int]:
    """Close it and move everybody in the same step, or change nothing."""
    try:
        with transaction() as session:
            moved = closing.close_desks(session, actor(), now(), [desk_id])
    except RefusedError as refused:
        return _refused(refused, desk_id=desk_id)
    return _closed(moved)


@blueprint.post("/floor/rooms/<int:room_id>/close")
@permissions.allow(Role.MANAGER)
def close_room(room_id: int) -> AnyResponse | tuple[str, int]:
    """Close all its desks and move everybody in the same step, or change nothing."""
    try:
        with transaction() as session:
            moved = closing.close_room(session, actor(), now(), room_id)
    except RefusedError as refused:
        return _refused(refused, room_id=room_id)
    return _closed(moved)


def _refused(refused: RefusedError, *, desk_id: int | None = None, room_id: int | None = None) -> tuple[str, int]:
    if isinstance(refused, NotFoundError):
        raise refused
    return _page(desk_id=desk_id, room_id=room_id, fault=t(refused.key, **refused.facts)), refused.status


def _closed(moved: Sequence[Affected]) -> AnyResponse:
    say("manager_closing.closed", people=_people(moved), duties=len(moved))
    return go("manager.floor")


@blueprint.post("/floor/desks/<int:desk_id>/reopen")
@permissions.allow(Role.MANAGER)
def reopen_desk(desk_id: int) -> AnyResponse:
    """Allow a closed desk again."""
    with transaction() as session:
        usable = closing.reopen_desks(session, actor(), now(), [desk_id])
    return _reopened(1, usable)


@blueprint.post("/floor/rooms/<int:room_id>/reopen")
@permissions.allow(Role.MANAGER)
def reopen_room(room_id: int) -> AnyResponse:
    """Allow all closed desks of a room again."""
    with transaction() as session:
        opened, usable = closing.reopen_room(session, actor(), now(), room_id)
    return _reopened(opened, usable)


def _reopened(opened: int, usable: int) -> AnyResponse:
    say("manager_closing.reopened", desks=opened)
    if usable < opened:
        say("manager_closing.reopened_later", "look", desks=opened - usable)
    return go("manager.floor")
