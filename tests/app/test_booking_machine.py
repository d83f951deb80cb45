"""Booking, cancelling, giving away, swapping, calling off and closing desks in any order, against a small model."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import Session, select

from app.db import Database
from app.errors import RefusedError
from app.models import CurrentDuty, Desk, OfferKind, OpenShift, RosterChange, WeekState
from app.services import absence, closing, floor_case, shift_booking, swapping
from solver.checks import findings_of
from solver.rules import Rule
from tests.app import booking_site
from tests.app.booking_site import NOW, make, wish

AGENTS, DESKS, ROOM_CAP, GAP = 5, 5, 2, timedelta(minutes=15)
SPACING_M, LEAST_M = 1.0, 1.5
"""All desks are released, though each is too close to its neighbours."""
STARTS = st.sampled_from(["08:00", "10:00", "12:00", "12:30"])
WHO = st.integers(1, AGENTS)

Held = tuple[str, datetime, datetime, int]


class Booking(RuleBasedStateMachine):
    """``held`` is what the model believes to be in force: agent, start, end, desk, by row id."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "machine.db"
        shutil.copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        with self.database.transaction() as session:
            self.made = make(
                session,
                agents=AGENTS,
                desks=DESKS,
                spacing_m=SPACING_M,
                room={"max_persons": ROOM_CAP},
                state=WeekState.PUBLISHED,
                min_distance_m=LEAST_M,
            )
            booking_site.put_too_close(session, self.made, self.made.desks)
            self.prepare(session)
        self.place_m = {desk_id: int(key) * SPACING_M for key, desk_id in self.made.desks.items()}
        with self.database.transaction() as session:
            self.shift_id = booking_site.shift(session, self.made, "08:00", "12:00", places=2).id
        self.held: dict[int, Held] = {}
        self.closed: set[int] = set()

    def prepare(self, session: Session) -> None:
        """Nothing; a machine that is to fail takes something away here."""

    def teardown(self) -> None:
        self.database.dispose()
        self.folder.cleanup()

    def attempt(self, act: Callable[[Any], Any]) -> Any:
        """What came of it, None for a refusal; what the model holds is read anew, and compared in the invariants."""
        try:
            with self.database.transaction() as session:
                return act(session)
        except RefusedError:
            return None

    @rule(who=WHO, start=STARTS, day=st.sampled_from([0, 0, 0, 1]), desk=st.integers(0, DESKS))
    def book(self, who: int, start: str, day: int, desk: int) -> None:
        self.book_desk(who, start, day, desk)

    def book_desk(self, who: int, start: str, day: int, desk: int) -> None:
        hour, minute = start.split(":")
        desk_id = self.made.desks[f"{desk:02d}"] if desk else None
        asked = wish(start, f"{int(hour) + 4:02d}:{minute}", day, desk_id)
        actor = self.made.actors[f"a{who}"]
        duty = self.attempt(lambda session: shift_booking.book_time(session, actor, NOW, asked))
        if duty is not None:
            assert desk_id in {None, duty.desk_id}
            self.held[duty.id] = (f"a{who}", asked.starts_at, asked.ends_at, duty.desk_id)

    @rule(start=STARTS, desks=st.permutations(range(1, DESKS + 1)))
    def all_book(self, start: str, desks: list[int]) -> None:
        """Everybody wants to come at once, each to a desk of their own."""
        for who, desk in enumerate(desks, 1):
            self.book_desk(who, start, 0, desk)

    @rule(who=WHO)
    def book_shift(self, who: int) -> None:
        actor = self.made.actors[f"a{who}"]
        duty = self.attempt(lambda session: shift_booking.book_shift(session, actor, NOW, self.shift_id))
        if duty is not None:
            self.held[duty.id] = (f"a{who}", duty.starts_at, duty.ends_at, duty.desk_id)

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 20))
    def cancel(self, pick: int) -> None:
        row_id = sorted(self.held)[pick % len(self.held)]

        def act(session: Any) -> bool:
            shift_booking.cancel(session, self.made.manager, NOW, row_id)
            return True

        if self.attempt(act):
            del self.held[row_id]

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 20))
    def cannot_come(self, pick: int) -> None:
        row_id = sorted(self.held)[pick % len(self.held)]
        actor = self.made.actors[self.held[row_id][0]]
        assert self.attempt(lambda session: absence.report(session, actor, NOW, row_id)) is not None
        del self.held[row_id]

    @precondition(lambda self: self.held)
    @rule(pick=st.integers(0, 20), other=st.integers(0, 20), who=WHO, swap=st.booleans())
    def pass_on(self, pick: int, other: int, who: int, *, swap: bool) -> None:
        """Give a duty away, or swap it for another one."""
        ids = sorted(self.held)
        mine, theirs = ids[pick % len(ids)], ids[other % len(ids)]
        giver = self.held[mine][0]
        taker = self.held[theirs][0] if swap else f"a{who}"
        kind = OfferKind.SWAP if swap else OfferKind.GIVE_AWAY

        def act(session: Any) -> bool:
            wanted = theirs if swap else None
            offer = swapping.offer(
                session,
                self.made.actors[giver],
                NOW,
                mine,
                kind,
                to_agent_id=self.made.agents[taker],
                wanted_duty_id=wanted,
            )
            swapping.accept(session, self.made.actors[taker], NOW, offer.id)
            return True

        if self.attempt(act):
            expected = {mine: taker} | ({theirs: giver} if swap else {})
            self._replaced({row_id: self.held.pop(row_id)[1:3] for row_id in expected}, set(expected.values()))

    def _replaced(self, times: dict[int, tuple[datetime, datetime]], takers: set[str]) -> None:
        """Rows with new ids hold the times of the old ones."""
        new = {row_id: held for row_id, held in self.in_force().items() if row_id not in self.held}
        assert sorted(held[1:3] for held in new.values()) == sorted(times.values())
        assert {held[0] for held in new.values()} == takers
        self.held |= new

    @precondition(lambda self: len(self.closed) < 2)
    @rule(desk=st.integers(1, DESKS))
    def close_desk(self, desk: int) -> None:
        desk_id = self.made.desks[f"{desk:02d}"]
        moved = self.attempt(lambda session: closing.close_desks(session, self.made.manager, NOW, [desk_id]))
        if moved is not None:
            self.closed.add(desk_id)
            rows = self.in_force()
            gone = {row_id: held for row_id, held in self.held.items() if held[3] == desk_id}
            assert len(moved) == len(gone)
            self.held = {row_id: held for row_id, held in self.held.items() if row_id not in gone}
            new = {row_id: held for row_id, held in rows.items() if row_id not in self.held}
            assert sorted(held[:3] for held in new.values()) == sorted(held[:3] for held in gone.values())
            self.held |= new

    def in_force(self) -> dict[int, Held]:
        names = {agent_id: key for key, agent_id in self.made.agents.items()}
        with self.database.reading() as session:
            return {
                duty.id: (names[duty.agent_id], duty.starts_at, duty.ends_at, duty.desk_id or 0)
                for duty in session.exec(select(CurrentDuty))
            }

    @invariant()
    def what_was_accepted_is_there_and_nothing_else(self) -> None:
        assert self.in_force() == self.held

    @invariant()
    def nobody_is_oversold(self) -> None:
        held = list(self.held.values())
        for index, (who, start, end, desk) in enumerate(held):
            assert desk not in self.closed
            for other_who, other_start, other_end, other_desk in held[:index]:
                overlap = start < other_end and other_start < end
                assert not (overlap and who == other_who)
                unclean = start < other_end + GAP and other_start < end + GAP
                assert not (unclean and desk == other_desk and who != other_who)
                apart_m = abs(self.place_m[desk] - self.place_m[other_desk])
                assert not (overlap and desk != other_desk and apart_m < LEAST_M)
            assert sum(other[1] <= start < other[2] for other in held) <= ROOM_CAP

    @invariant()
    def counts_and_records_agree(self) -> None:
        with self.database.reading() as session:
            shift = session.get_one(OpenShift, self.shift_id)
            duties = session.exec(select(CurrentDuty).where(CurrentDuty.open_shift_id == shift.id)).all()
            assert shift.taken == len(duties) <= shift.places
            changes = session.exec(select(RosterChange)).all()
            assert sum(len(one.after) - len(one.before) for one in changes) == len(self.held)
            assert {desk.id for desk in session.exec(select(Desk)) if desk.blocked} == self.closed


def run(machine: type[Booking], examples: int, *phases: Phase) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=15,
            deadline=None,
            database=None,
            phases=phases or tuple(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_order_of_changes_keeps_every_limit(sqlite_template: Path) -> None:
    run(type("Machine", (Booking,), {"template": sqlite_template}), 6)


class Unguarded(Booking):
    """One rule is asked neither by the guard nor by the database."""

    rule_left_out: Rule

    def prepare(self, session: Session) -> None:
        session.connection().execute(sa.text(f"DROP TRIGGER tr_current_duty_{self.rule_left_out.value}"))


@pytest.mark.parametrize("left_out", [Rule.ROOM_CAP, Rule.DISTANCE, Rule.CLEANING_GAP])
def test_without_a_rule_the_machine_finds_who_is_oversold(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, left_out: Rule
) -> None:
    monkeypatch.setattr(
        floor_case,
        "findings_of",
        lambda case, rules: findings_of(case, [rule for rule in rules if rule is not left_out]),
    )
    machine = type("Machine", (Unguarded,), {"template": sqlite_template, "rule_left_out": left_out})
    with pytest.raises(AssertionError):
        run(machine, 40, Phase.generate)


def test_a_desk_that_somebody_needs_is_not_closed(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, desks=1)
        booking_site.book(session, made, "a1", "08:00", "12:00")
    with pytest.raises(closing.NowhereToSitError) as caught, database.transaction() as session:
        closing.close_desks(session, made.manager, NOW, [made.desks["01"]])
    assert caught.value.left == [("Agent a1", booking_site.at("08:00"), booking_site.at("12:00"))]
    with database.reading() as session:
        assert not session.get_one(Desk, made.desks["01"]).blocked


def test_who_sits_at_a_closed_desk_is_moved(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        booking_site.book(session, made, "a1", "08:00", "12:00", desk="01")
        booking_site.book(session, made, "a2", "12:30", "16:30", desk="01")
        closing.close_desks(session, made.manager, NOW, [made.desks["01"]])
        assert [desk for *_, desk in booking_site.duties(session, made)] == ["02", "02"]
        with pytest.raises(closing.NowhereToSitError):
            closing.close_room(session, made.manager, NOW, session.get_one(Desk, made.desks["01"]).room_id)
