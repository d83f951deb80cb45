"""Closing desks or a room: whoever sits there is moved in the same step, or everything stays open."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, RootModel, Tag
from sqlmodel import col, select

from app.errors import RefusedError
from app.models import Desk, Room, Scope
from app.services import closing
from app.services.closing import Affected
from app.views.api.duties import desk_id
from app.views.api.operation import MANAGER, Answer, Call, operation
from app.views.api.schema import IdOrKey, Input, Output, local
from app.views.problems import Fault, FaultyRequestError

MOST_DESKS = 500


class DesksToClose(Input):
    """Desks by id or key; with ``preview`` it is only told who would move where."""

    desks: Annotated[list[IdOrKey], Field(min_length=1, max_length=MOST_DESKS)]
    preview: bool = False


class RoomToClose(Input):
    """All desks of a room, by id or key."""

    room: IdOrKey
    preview: bool = False


def _kind_of(asked: Any) -> str:
    names = asked if isinstance(asked, dict) else getattr(asked, "__pydantic_fields_set__", ())
    return "by_room" if "room" in names else "by_desks"


class Closure(
    RootModel[
        Annotated[
            Annotated[DesksToClose, Tag("by_desks")] | Annotated[RoomToClose, Tag("by_room")],
            Discriminator(_kind_of),
        ]
    ]
):
    """What is to be closed: desks, or a room."""


class MovedTold(Output):
    """Somebody who moves; ``to`` is null where there is no other desk."""

    agent: str
    start: str
    end: str
    desk: int | None
    to: int | None
    to_key: str | None


class ClosureTold(Output):
    """Who moves where; ``closed`` is false for a preview."""

    closed: bool
    moved: list[MovedTold]


@operation("POST", "/closures", Scope.FLOOR, MANAGER, body=Closure, answer=ClosureTold)
def close_floor(call: Call) -> Answer:
    """Close desks or a room for good, and move everybody who has one of them from now on."""
    asked: DesksToClose | RoomToClose = call.body.root
    ids = _room_desks(call, asked.room) if isinstance(asked, RoomToClose) else _desks(call, asked)
    if asked.preview:
        moved = closing.affected_by(call.session, call.actor, call.now, ids)
    else:
        moved = closing.close_desks(call.session, call.actor, call.now, ids)
    return Answer(ClosureTold(closed=not asked.preview, moved=[_told(call, one) for one in moved]))


def _desks(call: Call, asked: DesksToClose) -> list[int]:
    found = [desk_id(call, named, f"#/desks/{number}") for number, named in enumerate(asked.desks)]
    return [one for one in found if one is not None]


def _room_desks(call: Call, named: IdOrKey) -> list[int]:
    wanted = col(Room.id) == named if isinstance(named, int) else col(Room.key) == named
    room = call.session.exec(select(Room.id).where(wanted, Room.site_id == call.site_id)).first()
    if room is None:
        raise FaultyRequestError([Fault("#/room", "api.no_room")])
    open_desks = select(Desk.id).where(Desk.room_id == room, col(Desk.blocked).is_(False))
    found = list(call.session.exec(open_desks.order_by(col(Desk.id))))
    if not found:
        raise RefusedError("api.room_closed")
    return found


def _told(call: Call, one: Affected) -> MovedTold:
    return MovedTold(
        agent=one.agent.key,
        start=local(one.duty.starts_at, call.zone),
        end=local(one.duty.ends_at, call.zone),
        desk=one.duty.desk_id,
        to=None if one.desk is None else one.desk.id,
        to_key=None if one.desk is None else one.desk.key,
    )
