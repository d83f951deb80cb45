from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    AuditEvent,
    CurrentDuty,
    OpenShift,
    OutboxMessage,
    RosterChange,
    ShiftOrigin,
    Site,
    StandInRequest,
    UserAccount,
    WeekState,
)
from app.services import absence, my_week, replacements
from app.services.roster_guard import ChangedMeanwhileError, ShiftTakenError
from app.services.shift_booking import book_shift
from solver.rules import Rule
from tests.app import booking_site, build
from tests.app.booking_site import NOW, BookingSite, at, book, duties, make


def absent(session: Session) -> tuple[BookingSite, OpenShift]:
    made = make(session, state=WeekState.PUBLISHED)
    duty = book(session, made, "a1", "08:00", "12:00")
    return made, absence.report(session, made.actors["a1"], NOW, duty.id)


def test_the_duty_becomes_open_and_no_reason_is_kept(database: Database) -> None:
    with database.transaction() as session:
        made, shift = absent(session)
    with database.reading() as session:
        assert duties(session, made) == []
        assert (shift.origin, shift.starts_at, shift.places) == (ShiftOrigin.ABSENCE, at("08:00"), 1)
        to_fill = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "absence.to_fill")).all()
        assert [message.recipient_user_id for message in to_fill] == [made.manager.user_id]
        change = session.exec(select(RosterChange).where(RosterChange.kind == "absent")).one()
        assert (len(change.before), change.after) == (1, [])
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "roster.absent")).one()
        assert event.facts == {"duties": 1}


def test_a_place_of_a_shift_still_open_comes_back_instead(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        shift = booking_site.shift(session, made, "08:00", "12:00")
        booked = book_shift(session, made.actors["a1"], NOW, shift.id)
        again = absence.report(session, made.actors["a1"], NOW, booked.id)
        session.refresh(shift)
        assert (again.id, shift.taken) == (shift.id, 0)


def test_only_ones_own_and_only_before_it_begins(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        duty = book(session, made, "a1", "08:00", "12:00")
        with pytest.raises(NotFoundError):
            absence.report(session, made.actors["a2"], NOW, duty.id)
        with pytest.raises(RefusedError) as caught:
            absence.report(session, made.actors["a1"], at("08:00"), duty.id)
        assert caught.value.key == "booking.past"
        absence.report(session, made.manager, NOW, duty.id)
        session.expunge_all()
        with pytest.raises((NotFoundError, ChangedMeanwhileError)):
            absence.report(session, made.actors["a1"], NOW, duty.id)


def test_replacements_come_in_order_with_reasons(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agents=5, state=WeekState.PUBLISHED)
        duty = book(session, made, "a1", "08:00", "12:00")
        book(session, made, "a2", "10:00", "14:00")
        book(session, made, "a3", "08:00", "12:00", day=1)
        for who, least in (("a3", 600), ("a4", 300)):
            session.get_one(Agent, made.agents[who]).weekly_min_minutes = least
        session.flush()
        shift = absence.report(session, made.actors["a1"], NOW, duty.id)
        ranked = replacements.ranked(session, made.manager, shift.id)
        # a3 has worked 240 of at least 600 minutes, a4 none of 300; the one who cannot come is not asked.
        assert [(one.agent.key, one.inside, one.short_minutes) for one in ranked] == [
            ("a3", True, 360),
            ("a4", True, 300),
            ("a5", True, 0),
            ("a2", False, 0),
        ]
        assert Rule.OVERLAP in {finding.rule for finding in ranked[-1].findings}
        assert ranked[0].desk is not None
        with pytest.raises(NotFoundError):
            replacements.ranked(session, made.actors["a1"], shift.id)


def test_the_room_counts_for_replacements(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED, room={"max_persons": 1})
        book(session, made, "a2", "08:00", "12:00")
        shift = booking_site.shift(session, made, "10:00", "14:00")
        ranked = {one.agent.key: one for one in replacements.ranked(session, made.manager, shift.id)}
        assert [finding.rule for finding in ranked["a1"].findings] == [Rule.ROOM_CAP]


def test_the_first_to_accept_has_it(database: Database) -> None:
    with database.transaction() as session:
        made, shift = absent(session)
        ids = [made.agents[who] for who in ("a2", "a3", "a4")]
        replacements.ask(session, made.manager, NOW, shift.id, ids)
        replacements.decline(session, made.actors["a4"], NOW, shift.id)
        replacements.accept(session, made.actors["a3"], NOW, shift.id)
        with pytest.raises(ShiftTakenError):
            replacements.accept(session, made.actors["a2"], NOW, shift.id)
        assert [who for who, *_ in duties(session, made)] == ["a3"]
        states = {entry.agent_id: entry.state.value for entry in session.exec(select(StandInRequest))}
        assert [states[agent_id] for agent_id in ids] == ["over", "accepted", "declined"]
        told = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "stand_in.settled")).all()
        assert [message.recipient_user_id for message in told] == [made.actors["a2"].user_id]


def test_who_was_not_asked_or_too_late_does_not_stand_in(database: Database) -> None:
    with database.transaction() as session:
        made, shift = absent(session)
        replacements.ask(session, made.manager, NOW, shift.id, [made.agents["a2"]])
        with pytest.raises(NotFoundError):
            replacements.accept(session, made.actors["a3"], NOW, shift.id)
        with pytest.raises(RefusedError) as caught:
            replacements.accept(session, made.actors["a2"], NOW + timedelta(hours=1), shift.id)
        assert caught.value.key == "booking.offer_lapsed"
        with pytest.raises(NotFoundError):
            replacements.ask(session, made.actors["a1"], NOW, shift.id, [made.agents["a2"]])
        assert session.exec(select(CurrentDuty)).all() == []


def test_my_week_shows_what_is_in_force(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        boss = session.get_one(UserAccount, made.manager.user_id)
        version = build.version(session, session.get_one(Site, made.site_id), made.week(session), boss, duty_count=0)
        assert version.number == 1
        book(session, made, "a1", "08:00", "12:00")
        duty = book(session, made, "a1", "08:00", "12:00", day=1)
        absence.report(session, made.actors["a1"], NOW, duty.id)
    with database.reading() as session:
        shown = my_week.week_of(session, made.actors["a1"], made.week_id)
        assert [one.starts_at for one in shown.duties] == [at("08:00")]
        assert my_week.week_of(session, made.actors["a2"], made.week_id).duties == []
