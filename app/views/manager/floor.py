"""The floor to scale: released desks, the distance around each, who sits where, and what another distance would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request
from markupsafe import Markup

from app import permissions
from app.messages import formats
from app.models import Role
from app.services import manager_floor
from app.services.floor_plan import DeskPlan, FloorPlan, RoomPlan
from app.services.manager_floor import Floor
from app.services.manager_names import SiteNames, names_of
from app.services.manager_rosters import StoredRoster
from app.svg.floor import room_picture
from app.views.common import language, my_site_id, reading, t
from app.views.manager.agents import today
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint

MOST_DISTANCE_M = 10.0
NOON = 12 * 60


@dataclass(frozen=True)
class Moment:
    """The slot that the slider stands at, in minutes of the day, between the day's ends."""

    day_index: int
    minute: int
    day_minutes: int
    slot_minutes: int


@dataclass(frozen=True)
class RoomView:
    """A room with its picture and what each desk is read as."""

    plan: RoomPlan
    before: RoomPlan
    name: str
    picture: Markup
    texts: dict[str, str]


@blueprint.get("/floor")
@permissions.allow(Role.MANAGER)
def floor() -> str:
    """The plan by today's rules, or with a roster, or with a distance that is tried."""
    form = FormReader(request.args)
    distance_m = form.optional_number("distance", 0, MOST_DISTANCE_M)
    monday = today() - timedelta(days=today().weekday())
    with reading() as session:
        choices = manager_floor.roster_choices(session, my_site_id())
        stored = manager_floor.stored_roster(session, request.args.get("roster", ""), my_site_id())
        at = _moment(stored)
        tried = None if form.faults else distance_m
        found = manager_floor.floor_of(session, my_site_id(), monday, stored, _elapsed(stored, at), tried)
        names = names_of(session, my_site_id())
        desk_ids, room_ids = (ids(session, my_site_id()) for ids in (manager_floor.desk_ids, manager_floor.room_ids))
    return render_template(
        "manager/floor.html",
        floor=found,
        floors=_floors(found, names),
        choices=choices,
        chosen=request.args.get("roster", "") if stored else "",
        timeline=stored.picture.problem.timeline if stored else None,
        at=at,
        clock=_clock(stored, at),
        distance=request.args.get("distance", ""),
        fault=form.faults.get("distance", ""),
        desk_ids=desk_ids,
        room_ids=room_ids,
    )


def _moment(stored: StoredRoster | None) -> Moment:
    """Noon of the first day unless the address says otherwise."""
    if stored is None:
        return Moment(0, NOON, 24 * 60, 15)
    timeline = stored.picture.problem.timeline
    day_index = min(_number("day"), timeline.days - 1)
    day_minutes = timeline.day_start_minutes[day_index + 1] - timeline.day_start_minutes[day_index]
    asked = _number("at") if "at" in request.args else NOON
    minute = min(asked, day_minutes - timeline.slot_minutes) // timeline.slot_minutes * timeline.slot_minutes
    return Moment(day_index, minute, day_minutes, timeline.slot_minutes)


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _elapsed(stored: StoredRoster | None, at: Moment) -> int:
    if stored is None:
        return 0
    return stored.picture.problem.timeline.day_start_minutes[at.day_index] + at.minute


def _clock(stored: StoredRoster | None, at: Moment) -> str:
    if stored is None:
        return ""
    return formats.clock_minutes(stored.picture.problem.timeline.clock_of(_elapsed(stored, at)))


def _floors(found: Floor, names: SiteNames) -> dict[str, list[RoomView]]:
    before = {room.room.id: room for room in found.present.rooms}
    return {
        storey: [_room_view(found, room, before[room.room.id], names) for room in rooms]
        for storey, rooms in found.plan.floors.items()
    }


def _room_view(found: Floor, room: RoomPlan, before: RoomPlan, names: SiteNames) -> RoomView:
    texts = {desk.desk.id: _desk_text(found, desk, names) for desk in room.desks}
    name = names.room(room.room.id)
    label = t("manager_floor.room", room=name, released=room.released, desks=len(room.desks), limit=room.limit)
    picture = room_picture(room, found.plan.distance_m, label, lambda desk: f"{desk.desk.id}: {texts[desk.desk.id]}")
    return RoomView(room, before, name, picture, texts)


def _desk_text(found: Floor, desk: DeskPlan, names: SiteNames) -> str:
    state = _state_text(desk, found.plan)
    if desk.seating is None or found.stored is None:
        return state
    until = formats.clock_minutes(found.stored.picture.problem.timeline.clock_of(desk.seating.end_minute))
    return t("manager_floor.seated", state=state, name=names.agent(desk.seating.agent).name, until=until)


def _state_text(desk: DeskPlan, plan: FloorPlan) -> str:
    if desk.near is None:
        return t(f"manager_floor.state.{desk.state.value}")
    other, apart_m = desk.near
    metres = formats.fixed_number(apart_m, language(), 2)
    least = formats.fixed_number(plan.distance_m, language(), 2)
    return t("manager_floor.state.too_close", other=other, metres=metres, least=least)
