"""The roster in force has one door, and behind it the database refuses by itself what must never be."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.config import PROJECT_ROOT
from app.db import Database
from app.models import (
    CurrentDuty,
    Desk,
    DutySource,
    LiveRoom,
    LiveWeek,
    OpenShift,
    Partition,
    Place,
    ReleasedDesk,
    Site,
)
from app.services.roster_guard import SHIFT_FULL, name_of_refusal
from solver.rules import Rule
from tests.app import booking_site, build
from tests.app.booking_site import NOW, BookingSite, at, make

GUARDED = {"CurrentDuty", "ReleasedDesk", "LiveRoom", "LiveWeek"}
WRITES = {"insert", "update", "delete"}
DOORS = {
    ("roster_guard.py", "CurrentDuty"),
    ("roster_guard.py", "ReleasedDesk"),
    # What duties rest on, written in the guard's turn.
    ("live_roster.py", "ReleasedDesk"),
    ("live_roster.py", "LiveRoom"),
    ("live_roster.py", "LiveWeek"),
}


def written_in(source: str) -> Iterator[str]:
    """Guarded tables that a module makes rows of, or inserts into, updates or deletes by statement or as text."""
    tables = {
        "current_duty": "CurrentDuty",
        "released_desk": "ReleasedDesk",
        "live_room": "LiveRoom",
        "live_week": "LiveWeek",
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = {inner.id for argument in node.args for inner in ast.walk(argument) if isinstance(inner, ast.Name)}
            if name in GUARDED:
                yield name
            elif name in WRITES:
                yield from named & GUARDED
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = node.value.lower().split()
            if words[:1] and words[0] in WRITES:
                yield from (tables[word] for word in words if word in tables)


def test_there_is_one_door_to_the_roster_in_force() -> None:
    found = {
        (path.name, table)
        for path in (PROJECT_ROOT / "app").rglob("*.py")
        if "models" not in path.parts
        for table in written_in(path.read_text(encoding="utf-8"))
    }
    assert found == DOORS


CHANGES = {"apply", "publish", "withdraw_desks", "release_again", "begin"}
PATHS = {
    # Booking, giving back, undoing within a minute; handing over and standing in go through these and swapping.
    ("shift_booking.py", "_booked"),
    ("shift_booking.py", "_give_back"),
    ("own_bookings.py", "undo"),
    ("swapping.py", "_done"),
    ("absence.py", "report"),
    # A manager's changes, each taken back by the same door, and desks closed and opened again.
    ("roster_editing.py", "add"),
    ("roster_editing.py", "edit"),
    ("roster_editing.py", "remove"),
    ("roster_editing.py", "undo"),
    ("closing.py", "_move"),
    ("closing.py", "close_desks"),
    ("closing.py", "reopen_desks"),
    # Versions: published from a draft, imported or cut from the roster in force; and the start of a week.
    ("publishing.py", "publish"),
    ("roster_guard.py", "_open"),
}
"""Every function that changes the roster in force, through the guard; a new one has to be added here knowingly."""


def changing_in(source: str) -> Iterator[str]:
    """Functions of a module that ask the guard for a change."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
                if called.rpartition(".")[0] in {"roster_guard", "live_roster"} and called.split(".")[1] in CHANGES:
                    yield function.name


def test_every_path_that_changes_the_roster_in_force_is_known() -> None:
    found = {
        (path.name, name)
        for path in (PROJECT_ROOT / "app").rglob("*.py")
        for name in changing_in(path.read_text(encoding="utf-8"))
    }
    assert found == PATHS


@pytest.mark.parametrize(
    "source",
    [
        "CurrentDuty(agent_id=1)",
        "models.CurrentDuty(agent_id=1)",
        "sa.update(CurrentDuty).where(1)",
        "session.delete(session.get(CurrentDuty, 1))",
        "sa.text('DELETE FROM current_duty')",
    ],
)
def test_the_finder_of_doors_sees_every_way_to_write(source: str) -> None:
    assert list(written_in(source)) != []


def test_nobody_changes_a_duty_in_place() -> None:
    """Assigned attributes of anything called a duty; the database refuses as well."""
    for path in (PROJECT_ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    assert target.value.id not in {"duty", "booked", "own_duty"}, path.name


def insert(
    session: Session, made: BookingSite, who: str, start: str, end: str, desk: str | None, **changes: Any
) -> int:
    """Past the guard, as a program with a fault would."""
    found = None if desk is None else session.get_one(Desk, made.desks[desk])
    row = CurrentDuty(
        site_id=made.site_id,
        week_id=made.week_id,
        agent_id=made.agents[who],
        starts_at=at(start),
        ends_at=at(end),
        place=Place.SITE if found else Place.HOME,
        desk_id=None if found is None else found.id,
        room_id=None if found is None else found.room_id,
        source=DutySource.EDITED,
        written_at=NOW,
    )
    for name, value in changes.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row.id


Act = Callable[[Session, BookingSite], object]
EDGES: dict[str, tuple[dict[str, Any], Act, Act, str]] = {
    "a person at both places": (
        {},
        lambda session, made: insert(session, made, "a1", "12:00", "16:00", None),
        lambda session, made: insert(session, made, "a1", "11:45", "16:00", None),
        Rule.OVERLAP,
    ),
    "two at a desk, cleaned between": (
        {},
        lambda session, made: insert(session, made, "a2", "12:15", "16:00", "01"),
        lambda session, made: insert(session, made, "a2", "12:14", "16:00", "01"),
        Rule.CLEANING_GAP,
    ),
    "two at a desk, the later one there before": (
        {},
        lambda session, made: insert(session, made, "a2", "06:00", "07:45", "01"),
        lambda session, made: insert(session, made, "a2", "06:00", "07:46", "01"),
        Rule.CLEANING_GAP,
    ),
    "the same person at once again": (
        {"cleaning_gap_minutes": 60},
        lambda session, made: insert(session, made, "a1", "12:00", "16:00", "01"),
        lambda session, made: insert(session, made, "a1", "11:59", "16:00", "01"),
        Rule.OVERLAP,
    ),
    "as many in a room as it takes": (
        {"room": {"max_persons": 2}},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", "02"),
        lambda session, made: (
            insert(session, made, "a2", "11:00", "15:00", "02"),
            insert(session, made, "a3", "07:00", "11:15", "03"),
        ),
        Rule.ROOM_CAP,
    ),
    "as many on site as may be": (
        {"max_persons_on_site": 1},
        lambda session, made: insert(session, made, "a2", "12:00", "16:00", "02"),
        lambda session, made: insert(session, made, "a2", "11:59", "16:00", "02"),
        Rule.SITE_CAP,
    ),
    "a full site counts nobody at home": (
        {"max_persons_on_site": 1},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", None),
        lambda session, made: insert(session, made, "a3", "08:00", "12:00", "03"),
        Rule.SITE_CAP,
    ),
    "a desk released this week": (
        {},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", "02"),
        lambda session, made: (
            session.connection().execute(sa.delete(ReleasedDesk).where(col(ReleasedDesk.desk_id) == made.desks["02"])),
            insert(session, made, "a2", "08:00", "12:00", "02"),
        ),
        Rule.DESK,
    ),
    "a desk that is not blocked": (
        {},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", "02"),
        lambda session, made: (
            booking_site.change(session, session.get_one(Desk, made.desks["02"]), blocked=True),
            insert(session, made, "a2", "08:00", "12:00", "02"),
        ),
        Rule.DESK,
    ),
    "a desk far enough from one in use": (
        {},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", "02"),
        lambda session, made: (
            booking_site.change(session, session.get_one(LiveWeek, made.week_id), min_distance_m=2.1),
            insert(session, made, "a2", "08:00", "12:00", "02"),
        ),
        Rule.DISTANCE,
    ),
    "no more than a shift has places": (
        {},
        lambda session, made: insert(session, made, "a2", "08:00", "12:00", "02", open_shift_id=shift_id(session)),
        lambda session, made: [
            insert(session, made, who, "08:00", "12:00", desk, open_shift_id=shift_id(session))
            for who, desk in (("a2", "02"), ("a3", "03"))
        ],
        SHIFT_FULL,
    ),
}


def shift_id(session: Session) -> int:
    return session.exec(select(OpenShift.id)).one()


@pytest.mark.parametrize("edge", EDGES)
def test_the_database_allows_the_edge_and_refuses_one_beyond(database: Database, edge: str) -> None:
    changes, allowed, refused, name = EDGES[edge]
    with database.transaction() as session:
        made = make(session, **changes)
        booking_site.shift(session, made, "08:00", "12:00")
        insert(session, made, "a1", "08:00", "12:00", "01")
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        refused(session, made)
    assert name_of_refusal(caught.value) == name
    with database.transaction() as session:
        allowed(session, made)


def test_the_database_releases_no_two_desks_too_close(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, desks=3, spacing_m=1.0)
        session.connection().execute(sa.delete(ReleasedDesk))
        session.add(ReleasedDesk(week_id=made.week_id, desk_id=made.desks["01"]))
        session.add(ReleasedDesk(week_id=made.week_id, desk_id=made.desks["03"]))
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.add(ReleasedDesk(week_id=made.week_id, desk_id=made.desks["02"]))
    assert name_of_refusal(caught.value) == Rule.DISTANCE
    with database.transaction() as session:
        for other in ("01", "03"):
            first, second = sorted((made.desks["02"], made.desks[other]))
            session.add(Partition(first_desk_id=first, second_desk_id=second))
        session.flush()
        session.add(ReleasedDesk(week_id=made.week_id, desk_id=made.desks["02"]))


def test_a_desk_in_use_stays_released_and_a_duty_as_it_is(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        insert(session, made, "a1", "08:00", "12:00", "01")
    for statement in (
        sa.delete(ReleasedDesk),
        sa.update(CurrentDuty).values(ends_at=at("13:00")),
    ):
        with pytest.raises(IntegrityError), database.transaction() as session:
            session.connection().execute(statement)


def test_a_duty_belongs_to_one_site_in_all_its_parts(database: Database) -> None:
    with database.transaction() as session:
        made, other = make(session), make(session, key="ber")
    for changes in (
        {"agent_id": other.agents["a1"]},
        {"week_id": other.week_id},
        {"site_id": other.site_id},
    ):
        with pytest.raises(IntegrityError), database.transaction() as session:
            insert(session, made, "a1", "08:00", "12:00", None, **changes)


def test_the_next_week_is_guarded_against_the_last(database: Database) -> None:
    """Cleaning between Sunday night and Monday morning, though the two are duties of two weeks."""
    with database.transaction() as session:
        made = make(session)
        following = build.week(session, session.get_one(Site, made.site_id), build.MONDAY + timedelta(days=7))
        booking_site.open_for_booking(session, following)
        midnight = at("00:00", 7)
        insert(session, made, "a1", "08:00", "12:00", "01", starts_at=midnight - timedelta(hours=4), ends_at=midnight)
    late = {"week_id": following.id, "ends_at": midnight + timedelta(hours=4)}
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        insert(session, made, "a2", "08:00", "12:00", "01", starts_at=midnight + timedelta(minutes=14), **late)
    assert name_of_refusal(caught.value) == Rule.CLEANING_GAP
    with database.transaction() as session:
        insert(session, made, "a2", "08:00", "12:00", "01", starts_at=midnight + timedelta(minutes=15), **late)


def test_ids_of_duties_are_never_given_out_twice(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        insert(session, made, "a1", "08:00", "12:00", "01")
        first = session.exec(select(CurrentDuty.id)).one()
        session.connection().execute(sa.delete(CurrentDuty))
        insert(session, made, "a1", "08:00", "12:00", "01")
        assert session.exec(select(CurrentDuty.id)).one() > first
        assert session.exec(select(LiveRoom)).all() != []
