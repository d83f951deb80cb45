"""Whatever a site's rosters stand on changes its mark, whoever writes it: that is what remembering a site rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.db import Database
from app.models import (
    Agent,
    BookingTerms,
    Desk,
    HygieneProfile,
    LiveRoom,
    Partition,
    Queue,
    ReleasedDesk,
    Room,
    Site,
    SiteMark,
)
from tests.app import booking_site, build

Act = Callable[[Session, Site], Any]


def first(session: Session, kind: Any) -> Any:
    return session.exec(select(kind).order_by(*kind.__table__.primary_key)).first()


def changed(kind: Any, **values: Any) -> Act:
    return lambda session, _site: session.connection().execute(
        sa.update(kind).values(**values).where(kind.__table__.primary_key.columns[0] > 0)
    )


def gone(kind: Any) -> Act:
    return lambda session, _site: session.delete(first(session, kind))


def screen(session: Session, site: Site) -> Partition:
    desks = session.exec(select(Desk.id).where(Desk.site_id == site.id).order_by(col(Desk.id))).all()
    row: Partition = build.saved(session, Partition(first_desk_id=desks[2], second_desk_id=desks[3]))
    return row


CHANGES: dict[str, Act] = {
    "desks released": lambda session, site: booking_site.open_for_booking(session, build.week(session, site)),
    "desks released no more": lambda session, _site: [
        session.connection().execute(sa.delete(table)) for table in (ReleasedDesk, LiveRoom)
    ],
    "site changed": changed(Site, name="other"),
    "room added": lambda session, site: build.room(session, site, "4-west", desks=0),
    "room changed": changed(Room, max_persons=2),
    "room gone": lambda session, _site: session.delete(session.exec(select(Room).where(Room.key == "bare")).one()),
    "desk added": lambda session, site: build.saved(
        session, Desk(site_id=site.id, room_id=first(session, Room).id, key="new", x_m=9.0, y_m=9.0)
    ),
    "desk changed": changed(Desk, blocked=True),
    "desk gone": lambda session, _site: session.delete(session.exec(select(Desk).where(Desk.key == "spare")).one()),
    "screen added": screen,
    "screen gone": gone(Partition),
    "queue added": lambda session, site: build.queue(session, site, "second", "B"),
    "queue changed": changed(Queue, home_allowed=False),
    "queue gone": gone(Queue),
    "rules added": lambda session, site: build.hygiene(session, site, valid_from_on=date(2021, 1, 1)),
    "rules changed": changed(HygieneProfile, cleaning_gap_minutes=45),
    "rules gone": gone(HygieneProfile),
    "terms changed": changed(BookingTerms, offer_minutes=5),
    "terms gone": gone(BookingTerms),
    "terms added": lambda session, site: build.saved(session, BookingTerms(site_id=site.id)),
    "cohort of an agent": changed(Agent, cohort="B"),
}


def marks(session: Session) -> dict[int, str]:
    return {row.site_id: row.mark for row in session.exec(select(SiteMark).execution_options(populate_existing=True))}


def seeded(session: Session) -> Site:
    site = build.site(session)
    build.hygiene(session, site)
    room = build.room(session, site)
    build.room(session, site, "bare", desks=0)
    build.saved(session, Desk(site_id=site.id, room_id=room.id, key="spare", x_m=50.0, y_m=1.0))
    build.queue(session, site)
    build.agent(session, site, "a1")
    build.saved(session, BookingTerms(site_id=site.id))
    desks = session.exec(select(Desk.id).where(Desk.site_id == site.id).order_by(col(Desk.id))).all()
    build.saved(session, Partition(first_desk_id=desks[0], second_desk_id=desks[1]))
    return site


def test_every_change_of_a_site_changes_its_mark(database: Database) -> None:
    with database.transaction() as session:
        site, bystander = seeded(session), build.site(session, "ber")
    for name, change in CHANGES.items():
        with database.transaction() as session:
            before = marks(session)
            change(session, session.get_one(Site, site.id))
            session.flush()
            after = marks(session)
        assert after[site.id] != before[site.id], name
        assert name == "site changed" or after[bystander.id] == before[bystander.id], name


def test_what_was_taken_back_never_looks_like_what_came_after(database: Database) -> None:
    with database.transaction() as session:
        site = seeded(session)
    seen = [mark_of_a_change_taken_back(database, site) for _ in range(3)]
    assert len(set(seen)) == 3


def mark_of_a_change_taken_back(database: Database, site: Site) -> str:
    with Session(database.engine) as session:
        changed(Desk, blocked=True)(session, site)
        return marks(session)[site.id]


def test_a_wish_of_an_agent_changes_no_mark(database: Database) -> None:
    """People state what they can do all day long; it is read anew with every request."""
    with database.transaction() as session:
        site = seeded(session)
        before = marks(session)[site.id]
        changed(Agent, weekly_max_minutes=1200, weekly_min_minutes=0)(session, site)
        assert marks(session)[site.id] == before


def test_a_site_that_goes_takes_its_mark_along(database: Database) -> None:
    with database.transaction() as session:
        site = build.site(session)
    with database.transaction() as session:
        session.connection().execute(sa.delete(Site).where(col(Site.id) == site.id))
        assert marks(session) == {}
