"""What happens without a visitor: offers end in time, the next are asked, people are reminded, each by one worker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import RefusedError
from app.models import (
    AvailabilityEntry,
    BookingTerms,
    CurrentDuty,
    OfferKind,
    OfferState,
    OutboxMessage,
    StandInRequest,
    StandInState,
    SwapOffer,
    UserAccount,
    WaitingEntry,
    WaitingState,
    Week,
    WeekState,
)
from app.services import chores, lapsing, reminders, replacements, shift_booking, swapping, waiting_list
from app.worker_chores import Chores
from tests.app import booking_site, mail_site
from tests.app.booking_site import NOW, BookingSite
from tests.app.conftest import FrozenClock

MakeChores = Callable[..., Chores]


@pytest.fixture
def site(database: Database) -> BookingSite:
    with database.transaction() as session:
        return booking_site.make(session)


@pytest.fixture
def worker(database: Database, database_url: str, clock: FrozenClock) -> MakeChores:
    def make(worker_id: str = "worker-1") -> Chores:
        return Chores(database, mail_site.settings(database_url, None, clock), worker_id, threading.Event())

    return make


def told(database: Database, kind: str) -> list[str]:
    """Who was told something, by display name."""
    with database.reading() as session:
        return [
            session.get_one(UserAccount, message.recipient_user_id).display_name
            for message in session.exec(select(OutboxMessage).where(OutboxMessage.kind == kind))
        ]


def test_a_held_place_goes_to_the_next_a_minute_after_its_time(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        duty = shift_booking.book_shift(session, site.actors["a1"], NOW, shift.id)
        for name in ("a2", "a3"):
            waiting_list.join(session, site.actors[name], NOW, shift.id)
        shift_booking.cancel(session, site.actors["a1"], NOW, duty.id)
    clock.at = NOW + timedelta(minutes=59)
    worker().look()
    assert told(database, "waiting.offered") == ["a2"]
    clock.at = NOW + timedelta(minutes=60)
    worker().look()
    assert told(database, "waiting.offered") == ["a2", "a3"]
    with database.reading() as session:
        states = [entry.state for entry in session.exec(select(WaitingEntry).order_by(WaitingEntry.id))]  # type: ignore[arg-type]
    assert states == [WaitingState.LAPSED, WaitingState.OFFERED]


def offer(session: Session, site: BookingSite) -> int:
    duty = booking_site.book(session, site, "a1", "08:00", "12:00", day=5)
    site.week(session).state = WeekState.PUBLISHED
    to = site.agents["a2"]
    return swapping.offer(session, site.actors["a1"], NOW, duty.id, OfferKind.GIVE_AWAY, to_agent_id=to).id


def test_an_offer_lapses_in_time_and_both_hear_of_it(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        offer_id = offer(session, site)
    clock.at = NOW + timedelta(hours=48) - timedelta(seconds=1)
    worker().look()
    with database.reading() as session:
        assert session.get_one(SwapOffer, offer_id).state is OfferState.OPEN
    clock.at += timedelta(minutes=1)
    worker().look()
    with database.reading() as session:
        assert session.get_one(SwapOffer, offer_id).state is OfferState.LAPSED
    assert sorted(told(database, "offer.lapsed")) == ["a1", "a2"]
    clock.at += timedelta(minutes=2)
    worker().look()
    assert len(told(database, "offer.lapsed")) == 2


def test_an_offer_of_a_duty_that_is_gone_is_over_at_once(
    database: Database, site: BookingSite, worker: MakeChores
) -> None:
    with database.transaction() as session:
        offer_id = offer(session, site)
        duty = session.exec(select(CurrentDuty)).one()
        shift_booking.cancel(session, site.actors["a1"], NOW, duty.id)
    worker().look()
    with database.reading() as session:
        assert session.get_one(SwapOffer, offer_id).state is OfferState.OUTDATED


def test_requests_to_stand_in_end_and_the_manager_hears_that_nobody_came(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        replacements.ask(session, site.manager, NOW, shift.id, [site.agents["a1"]])
        later = NOW + timedelta(minutes=30)
        replacements.ask(session, site.manager, later, shift.id, [site.agents["a2"]])
    clock.at = NOW + timedelta(minutes=61)
    worker().look()
    assert told(database, "stand_in.unanswered") == []
    clock.at = NOW + timedelta(minutes=91)
    worker().look()
    with database.reading() as session:
        assert {row.state for row in session.exec(select(StandInRequest))} == {StandInState.OVER}
    assert told(database, "stand_in.unanswered") == ["Boss-muc"]


def test_nobody_is_bothered_about_a_shift_that_somebody_took(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        session.add(BookingTerms(site_id=site.site_id, offer_minutes=30))
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        replacements.ask(session, site.manager, NOW, shift.id, [site.agents["a1"]])
        shift_booking.book_shift(session, site.actors["a2"], NOW, shift.id)
    clock.at = NOW + timedelta(minutes=31)
    worker().look()
    assert told(database, "stand_in.unanswered") == []


def test_a_reminder_goes_once_a_day_before_to_those_who_have_not_entered(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        deadline_at = session.get_one(Week, site.week_id).entry_deadline_at
        session.add(AvailabilityEntry(week_id=site.week_id, agent_id=site.agents["a2"], confirmed_at=NOW))
        session.get_one(UserAccount, site.actors["a4"].user_id).active = False
    clock.at = deadline_at - timedelta(hours=24, seconds=1)
    worker().look()
    assert told(database, "availability.reminder") == []
    clock.at = deadline_at - timedelta(hours=23, minutes=58)
    worker().look()
    assert told(database, "availability.reminder") == ["a1", "a3"]
    clock.at += timedelta(minutes=5)
    worker().look()
    assert len(told(database, "availability.reminder")) == 2


@pytest.mark.parametrize("late", ["after the deadline", "week in planning"])
def test_nobody_is_reminded_of_what_cannot_be_entered(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock, late: str
) -> None:
    with database.transaction() as session:
        week = session.get_one(Week, site.week_id)
        clock.at = week.entry_deadline_at - timedelta(hours=1)
        if late == "week in planning":
            week.state = WeekState.PLANNING
        else:
            clock.at = week.entry_deadline_at
    worker().look()
    assert told(database, "availability.reminder") == []


def test_of_several_workers_one_does_it(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        clock.at = session.get_one(Week, site.week_id).entry_deadline_at - timedelta(hours=2)
    start = threading.Barrier(4)

    def look(one: Chores) -> None:
        start.wait()
        one.look()

    threads = [threading.Thread(target=look, args=(worker(f"worker-{number}"),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told(database, "availability.reminder")) == ["a1", "a2", "a3", "a4"]


def test_two_who_remind_at_the_same_moment_remind_once(database: Database, site: BookingSite) -> None:
    """Even if both believed it was theirs to do."""
    with database.transaction() as session:
        at = session.get_one(Week, site.week_id).entry_deadline_at - timedelta(hours=2)
    with database.reading() as session:
        assert reminders.weeks_to_remind_of(session, at) == [site.week_id]
    counts = []
    for _ in range(2):
        with database.transaction() as session:
            counts.append(reminders.remind(session, at, site.week_id))
    assert counts == [4, 0]


def test_a_chore_is_somebodys_once_in_its_period(database: Database) -> None:
    def mine(worker_id: str, after_seconds: float) -> bool:
        with database.transaction() as session:
            return chores.is_mine(session, NOW + timedelta(seconds=after_seconds), chores.EVERY_MINUTE, worker_id)

    assert [mine("one", 0), mine("two", 0), mine("one", 59), mine("two", 60), mine("one", 61)] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_a_week_that_cannot_be_ended_keeps_no_other_from_it(
    database: Database, site: BookingSite, worker: MakeChores, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        other = booking_site.make(session, key="ham")
        offers = [offer(session, one) for one in (site, other)]
    ended = lapsing.end

    def end(session: Session, now: object, week_id: int) -> int:
        if week_id == site.week_id:
            raise RefusedError("booking.offer_over")
        return ended(session, now, week_id)  # type: ignore[arg-type]

    monkeypatch.setattr(lapsing, "end", end)
    clock.at = NOW + timedelta(hours=49)
    worker().look()
    with database.reading() as session:
        assert [session.get_one(SwapOffer, one).state for one in offers] == [OfferState.OPEN, OfferState.LAPSED]
