from __future__ import annotations

import pytest
from sqlmodel import select

from app.db import Database
from app.errors import NotFoundError
from app.models import OutboxMessage, RosterChange, WeekState
from app.services import roster_editing
from app.services.roster_guard import BreaksRuleError, ChangedMeanwhileError
from solver.rules import Rule
from tests.app.booking_site import NOW, at, book, duties, make


def test_a_manager_moves_a_duty_and_those_concerned_are_told(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        duty = book(session, made, "a1", "08:00", "12:00", desk="01")
        roster_editing.edit(
            session,
            made.manager,
            NOW,
            duty.id,
            starts_at=at("09:00"),
            ends_at=at("13:00"),
            agent_id=made.agents["a2"],
            desk_id=made.desks["02"],
        )
        assert duties(session, made) == [("a2", "Mon 09:00", "Mon 13:00", "02")]
        told = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "roster.edited")).all()
        assert {message.recipient_user_id for message in told} == {made.actors[who].user_id for who in ("a1", "a2")}
        with pytest.raises(ChangedMeanwhileError):
            roster_editing.remove(session, made.manager, NOW, duty.id)


def test_rules_hold_for_managers_too(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, room={"max_persons": 1})
        book(session, made, "a1", "08:00", "12:00")
        late = book(session, made, "a2", "13:00", "17:00")
        with pytest.raises(BreaksRuleError) as caught:
            roster_editing.edit(session, made.manager, NOW, late.id, starts_at=at("11:00"), ends_at=at("15:00"))
        assert caught.value.rule == Rule.ROOM_CAP
        with pytest.raises(NotFoundError):
            roster_editing.edit(session, made.actors["a2"], NOW, late.id, starts_at=at("14:00"))
        roster_editing.remove(session, made.manager, NOW, late.id)
        assert [who for who, *_ in duties(session, made)] == ["a1"]
        assert session.exec(select(RosterChange).where(RosterChange.kind == "removed")).one().after == []
