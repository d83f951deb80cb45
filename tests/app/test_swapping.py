from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.messages import catalogue
from app.models import (
    Agent,
    BookingTerms,
    CurrentDuty,
    Desk,
    DutySource,
    OfferKind,
    OfferState,
    OutboxMessage,
    RosterChange,
    SwapOffer,
    WeekState,
)
from app.services import swapping
from app.services.roster_guard import BreaksRuleError, ChangedMeanwhileError
from app.services.shift_booking import book_shift
from solver.problem import AgentLimits
from solver.rules import Rule
from tests.app import booking_site, build
from tests.app.booking_site import NOW, BookingSite, at, book, duties, make

SWAP, GIVE = OfferKind.SWAP, OfferKind.GIVE_AWAY


def two(session: Session) -> tuple[BookingSite, CurrentDuty, CurrentDuty]:
    """An early duty of the first agent and a late one of the second, in a published week."""
    made = make(session, state=WeekState.PUBLISHED)
    return made, book(session, made, "a1", "06:00", "10:00"), book(session, made, "a2", "14:00", "18:00")


def test_a_named_swap_is_done_when_the_partner_accepts(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        offer = swapping.offer(
            session, made.actors["a1"], NOW, early.id, SWAP, to_agent_id=made.agents["a2"], wanted_duty_id=late.id
        )
    with database.transaction() as session:
        done = swapping.accept(session, made.actors["a2"], NOW, offer.id)
        assert done.state is OfferState.DONE
    with database.reading() as session:
        assert [(who, start) for who, start, *_ in duties(session, made)] == [("a2", "Mon 06:00"), ("a1", "Mon 14:00")]
        change = session.exec(select(RosterChange).where(RosterChange.kind == "swapped")).one()
        assert [duty["agent"] for duty in change.before] == ["a1", "a2"]
        assert [duty["agent"] for duty in change.after] == ["a2", "a1"]
        told = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "roster.swapped")).all()
        assert {message.recipient_user_id for message in told} == {made.actors[who].user_id for who in ("a1", "a2")}
        assert all(duty.source is DutySource.SWAPPED for duty in session.exec(select(CurrentDuty)))
        history = swapping.history(session, made.actors["a1"], offer.id)
        assert [event.state for event in history] == [OfferState.OPEN, OfferState.DONE]
        with pytest.raises(NotFoundError):
            swapping.history(session, made.actors["a3"], offer.id)


def test_overlapping_duties_can_be_swapped(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        early, late = book(session, made, "a1", "08:00", "12:00"), book(session, made, "a2", "10:00", "14:00")
        offer = swapping.offer(
            session, made.actors["a1"], NOW, early.id, SWAP, to_agent_id=made.agents["a2"], wanted_duty_id=late.id
        )
        swapping.accept(session, made.actors["a2"], NOW, offer.id)
        # Each keeps the desk of the duty.
        assert [(who, start, desk) for who, start, _, desk in duties(session, made)] == [
            ("a2", "Mon 08:00", "01"),
            ("a1", "Mon 10:00", "02"),
        ]


def test_a_swap_for_any_duty_waits_for_the_one_who_offered(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        offer = swapping.offer(session, made.actors["a1"], NOW, early.id, SWAP)
        with pytest.raises(RefusedError) as caught:
            swapping.accept(session, made.actors["a2"], NOW, offer.id)
        assert caught.value.key == "booking.names_no_duty"
        assert swapping.accept(session, made.actors["a2"], NOW, offer.id, own_duty_id=late.id).state == "answered"
        with pytest.raises(RefusedError):
            swapping.accept(session, made.actors["a3"], NOW, offer.id, own_duty_id=late.id)
        with pytest.raises(NotFoundError):
            swapping.confirm(session, made.actors["a3"], NOW, offer.id)
        assert swapping.decline(session, made.actors["a1"], NOW, offer.id).state == "open"
        swapping.accept(session, made.actors["a2"], NOW, offer.id, own_duty_id=late.id)
        assert swapping.confirm(session, made.actors["a1"], NOW, offer.id).state == "done"
        assert [who for who, *_ in duties(session, made)] == ["a2", "a1"]


def test_rules_are_kept_for_both_and_nothing_half_happens(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        session.get_one(Agent, made.agents["a1"]).limits = AgentLimits(latest_end="16:00")
        session.flush()
        before = duties(session, made)
        offer = swapping.offer(
            session, made.actors["a1"], NOW, early.id, SWAP, to_agent_id=made.agents["a2"], wanted_duty_id=late.id
        )
        refusal = swapping.fits(session, made.actors["a2"], NOW, offer.id)
        assert refusal is not None
        assert refusal.rule == Rule.AGENT_LIMITS
        with pytest.raises(BreaksRuleError):
            swapping.accept(session, made.actors["a2"], NOW, offer.id)
        assert duties(session, made) == before
        session.refresh(offer)
        assert offer.state is OfferState.OPEN


def test_who_takes_a_duty_gets_a_desk_that_suits(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        given = book(session, made, "a1", "08:00", "12:00", desk="01")
        session.get_one(Agent, made.agents["a2"]).desk_needs = ["adjustable"]
        session.get_one(Desk, made.desks["03"]).features = ["adjustable"]
        session.flush()
        offer = swapping.offer(session, made.actors["a1"], NOW, given.id, GIVE)
        swapping.accept(session, made.actors["a2"], NOW, offer.id)
        assert duties(session, made) == [("a2", "Mon 08:00", "Mon 12:00", "03")]
        assert session.exec(select(CurrentDuty)).one().source is DutySource.TAKEN_OVER


def test_a_place_in_a_shift_goes_with_the_duty(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED)
        shift = booking_site.shift(session, made, "08:00", "12:00")
        booked = book_shift(session, made.actors["a1"], NOW, shift.id)
        offer = swapping.offer(session, made.actors["a1"], NOW, booked.id, GIVE)
        swapping.accept(session, made.actors["a2"], NOW, offer.id)
        session.refresh(shift)
        assert shift.taken == 1


def test_a_manager_approves_where_the_site_wants_it(database: Database) -> None:
    with database.transaction() as session:
        made, early, _ = two(session)
        build.saved(session, BookingTerms(site_id=made.site_id, swaps_need_approval=True))
        offer = swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE)
        assert swapping.accept(session, made.actors["a3"], NOW, offer.id).state == "accepted"
        assert [who for who, *_ in duties(session, made)] == ["a1", "a2"]
        with pytest.raises(NotFoundError):
            swapping.approve(session, made.actors["a1"], NOW, offer.id)
        assert swapping.approve(session, made.manager, NOW, offer.id).state == "done"
        assert [who for who, *_ in duties(session, made)] == ["a3", "a2"]


def test_an_offer_ends_with_its_time_or_its_duty(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        first = swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE)
        second = swapping.offer(session, made.actors["a2"], NOW, late.id, GIVE)
        with pytest.raises(RefusedError) as caught:
            swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE)
        assert caught.value.key == "booking.offered_already"
        session.connection().execute(sa.delete(CurrentDuty).where(sa.column("id") == late.id))
        with pytest.raises(ChangedMeanwhileError):
            swapping.accept(session, made.actors["a3"], NOW, second.id)
        over = NOW + timedelta(hours=48)
        with pytest.raises(RefusedError) as caught:
            swapping.accept(session, made.actors["a3"], over, first.id)
        assert caught.value.key == "booking.offer_lapsed"
        week = made.week(session)
        assert swapping.lapse(session, made.manager, NOW, week) == 1
        assert swapping.lapse(session, made.manager, over, week) == 1
        assert (first.state, second.state) == (OfferState.LAPSED, OfferState.OUTDATED)
        assert swapping.lapse(session, made.manager, over, week) == 0


def test_taken_back_or_declined_it_is_over(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        offer = swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE)
        swapping.withdraw(session, made.actors["a1"], NOW, offer.id)
        asked = swapping.offer(session, made.actors["a2"], NOW, late.id, GIVE, to_agent_id=made.agents["a3"])
        with pytest.raises(NotFoundError):
            swapping.accept(session, made.actors["a4"], NOW, asked.id)
        swapping.decline(session, made.actors["a3"], NOW, asked.id)
        for over in (offer, asked):
            with pytest.raises(RefusedError) as caught:
                swapping.accept(session, made.actors["a3"] if over is asked else made.actors["a4"], NOW, over.id)
            assert caught.value.key == "booking.offer_over"
            assert caught.value.key in catalogue()


def test_nothing_is_declined_or_taken_back_once_the_week_is_over_or_the_offer(database: Database) -> None:
    with database.transaction() as session:
        made, early, _ = two(session)
        offer = swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE, to_agent_id=made.agents["a2"])
        over = offer.expires_at + timedelta(seconds=1)
        for act, who in ((swapping.decline, "a2"), (swapping.withdraw, "a1")):
            with pytest.raises(RefusedError) as caught:
                act(session, made.actors[who], over, offer.id)
            assert caught.value.key == "booking.offer_lapsed"
            booking_site.change(session, made.week(session), state=WeekState.ARCHIVED)
            with pytest.raises(RefusedError) as caught:
                act(session, made.actors[who], NOW, offer.id)
            assert caught.value.key == "booking.not_published"
            booking_site.change(session, made.week(session), state=WeekState.PUBLISHED)
        assert offer.state is OfferState.OPEN


def test_what_is_not_ones_own_cannot_be_offered(database: Database) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        other = make(session, key="ber", state=WeekState.PUBLISHED)
        for actor in (made.actors["a2"], made.manager, other.actors["a1"]):
            with pytest.raises(NotFoundError):
                swapping.offer(session, actor, NOW, early.id, GIVE)
        for to, wanted in ((other.agents["a1"], None), (made.agents["a3"], late.id), (made.agents["a1"], None)):
            with pytest.raises(NotFoundError):
                swapping.offer(session, made.actors["a1"], NOW, early.id, SWAP, to_agent_id=to, wanted_duty_id=wanted)
        with pytest.raises(RefusedError) as caught:
            swapping.offer(session, made.actors["a1"], at("06:00"), early.id, GIVE)
        assert caught.value.key == "booking.past"
        seen = [line.offer.id for line in swapping.offers_for(session, made.actors["a3"], NOW, made.week_id)]
        assert seen == []


def test_everybody_sees_an_open_offer_and_only_the_two_a_settled_one(database: Database) -> None:
    with database.transaction() as session:
        made, early, _ = two(session)
        offer = swapping.offer(session, made.actors["a1"], NOW, early.id, GIVE)

        def seen_by(*names: str) -> list[str]:
            return [name for name in names if swapping.offers_for(session, made.actors[name], NOW, made.week_id)]

        assert seen_by("a1", "a2", "a3") == ["a1", "a2", "a3"]
        swapping.accept(session, made.actors["a3"], NOW, offer.id)
        assert seen_by("a1", "a2", "a3") == ["a1", "a3"]
        assert len(swapping.offers_for(session, made.manager, NOW, made.week_id)) == 1


def test_many_accept_at_once_and_one_has_it(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agents=10, state=WeekState.PUBLISHED)
        given = book(session, made, "a1", "08:00", "12:00")
        offer = swapping.offer(session, made.actors["a1"], NOW, given.id, GIVE)
    start = threading.Barrier(9)

    def take(number: int) -> str:
        start.wait(30)
        try:
            with database.transaction() as session:
                return swapping.accept(session, made.actors[f"a{number}"], NOW, offer.id).state.value
        except RefusedError as refusal:
            return refusal.key

    with ThreadPoolExecutor(9) as pool:
        answers = sorted(pool.map(take, range(2, 11)))
    assert answers == ["booking.offer_over"] * 8 + ["done"]
    with database.reading() as session:
        assert len(duties(session, made)) == 1
        assert session.exec(select(SwapOffer)).one().partner_agent_id != made.agents["a1"]


def test_a_process_killed_half_way_leaves_no_half_swap(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.transaction() as session:
        made, early, late = two(session)
        offer = swapping.offer(
            session, made.actors["a1"], NOW, early.id, SWAP, to_agent_id=made.agents["a2"], wanted_duty_id=late.id
        )
        before = duties(session, made)

    def die(*_unused: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(swapping, "_move", die)
    with pytest.raises(KeyboardInterrupt), database.transaction() as session:
        swapping.accept(session, made.actors["a2"], NOW, offer.id)
    with database.reading() as session:
        assert duties(session, made) == before
        assert session.exec(select(RosterChange).where(RosterChange.kind == "swapped")).all() == []
