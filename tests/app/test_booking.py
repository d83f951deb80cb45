from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.messages import catalogue
from app.models import (
    Agent,
    BookingTerms,
    CurrentDuty,
    DutySource,
    HomeClearance,
    HomeWish,
    LiveWeek,
    OpenShift,
    OutboxMessage,
    Place,
    Room,
    RosterChange,
    Site,
    Week,
    WeekState,
)
from app.problem_builder import build_problem
from app.services import shift_booking
from app.services.roster_guard import BreaksRuleError, ShiftTakenError
from app.services.shift_booking import book_shift, book_time, cancel, cancel_range
from solver.rules import Rule
from tests.app import booking_site, build
from tests.app.booking_site import NOW, at, book, duties, make, wish


def test_a_booking_is_there_with_breaks_desk_record_and_message(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        booked = book(session, made, "a1", "08:00", "16:30")
    with database.reading() as session:
        duty = session.get_one(CurrentDuty, booked.id)
        # 8 hours of work need half an hour of breaks (§ 4 ArbZG), here in the middle.
        assert [(span.starts_at, span.ends_at) for span in duty.breaks] == [(at("12:00"), at("12:30"))]
        assert duty.source is DutySource.BOOKED
        assert duties(session, made) == [("a1", "Mon 08:00", "Mon 16:30", "01")]
        change = session.exec(select(RosterChange)).one()
        assert (change.kind, change.before, change.after[0]["agent"]) == ("booked", [], "a1")
        message = session.exec(select(OutboxMessage)).one()
        assert message.recipient_user_id == made.actors["a1"].user_id
        assert message.facts["after"][0]["starts_at"] == "2020-03-30T06:00:00+00:00"


def test_the_usual_desk_is_proposed_else_the_nearest_to_it(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        for who in ("a1", "a2"):
            session.get_one(Agent, made.agents[who]).usual_desk_id = made.desks["03"]
        book(session, made, "a1", "08:00", "12:00")
        book(session, made, "a2", "08:00", "12:00")
        assert [desk for *_, desk in duties(session, made)] == ["03", "02"]


def test_back_to_back_needs_only_the_time_for_cleaning_and_none_for_oneself(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agent={"max_blocks_per_day": 2}, cleaning_gap_minutes=60)
        book(session, made, "a1", "08:00", "12:00", desk="01")
        book(session, made, "a1", "12:30", "16:30", desk="01")
        with pytest.raises(BreaksRuleError) as caught:
            book(session, made, "a2", "17:00", "21:00", desk="01")
        assert caught.value.rule == Rule.CLEANING_GAP
        assert caught.value.findings[0].amount == 30
        book(session, made, "a2", "17:30", "21:30", desk="01")


REFUSED_BY_RULE: dict[str, tuple[dict[str, Any], Callable[[Session, booking_site.BookingSite], object], Rule]] = {
    "the same person twice": (
        {"agent": {"max_blocks_per_day": 2}},
        lambda session, made: [book(session, made, "a1", f"{hour:02d}:00", f"{hour + 4}:00") for hour in (8, 10)],
        Rule.OVERLAP,
    ),
    "a third person in a room for two": (
        {"room": {"max_persons": 2}},
        lambda session, made: [book(session, made, who, "08:00", "12:00") for who in ("a1", "a2", "a3")],
        Rule.ROOM_CAP,
    ),
    "a third person on a site for two": (
        {"max_persons_on_site": 2},
        lambda session, made: [book(session, made, who, "08:00", "12:00") for who in ("a1", "a2", "a3")],
        Rule.SITE_CAP,
    ),
    "a desk that is not released": (
        {"spacing_m": 1.0, "desks": 2},
        lambda session, made: [
            book(session, made, f"a{number}", "08:00", "12:00", desk=f"0{number}") for number in (1, 2)
        ],
        Rule.DESK,
    ),
    "too short a night": (
        {},
        lambda session, made: [
            book(session, made, "a1", "13:30", "22:00"),
            book(session, made, "a1", "08:00", "12:00", day=1),
        ],
        Rule.REST,
    ),
    "a Sunday": ({}, lambda session, made: book(session, made, "a1", "08:00", "12:00", day=6), Rule.FREE_DAYS),
    "a length nobody may work": (
        {},
        lambda session, made: book(session, made, "a1", "08:00", "13:30"),
        Rule.DUTY_SHAPE,
    ),
    "home without clearance": (
        {},
        lambda session, made: book_time(session, made.actors["a1"], NOW, wish("08:00", "12:00", place=Place.HOME)),
        Rule.PLACE,
    ),
    "a second arrival in one slot": (
        {"max_arrivals_per_slot": 1},
        lambda session, made: [book(session, made, who, "08:00", "12:00") for who in ("a1", "a2")],
        Rule.ARRIVALS,
    ),
}


@pytest.mark.parametrize("case", REFUSED_BY_RULE)
def test_a_refusal_names_the_rule_and_leaves_nothing(sqlite_url: str, case: str) -> None:
    database = Database(sqlite_url)
    changes, act, rule = REFUSED_BY_RULE[case]
    with database.transaction() as session:
        made = make(session, **changes)
    with pytest.raises(BreaksRuleError) as caught, database.transaction() as session:
        act(session, made)
    assert caught.value.rule == rule
    assert caught.value.key in catalogue()
    with database.reading() as session:
        assert duties(session, made) == []
        assert session.exec(select(OutboxMessage)).all() == []
    database.dispose()


def test_what_was_wrong_before_is_no_reason_to_refuse(database: Database) -> None:
    """A cap lowered below those who are there already refuses the next, not somebody in another room's morning."""
    with database.transaction() as session:
        made = make(session)
        book(session, made, "a1", "08:00", "12:00")
        book(session, made, "a2", "08:00", "12:00")
        session.exec(select(Room)).one().max_persons = 1
        session.flush()
        book(session, made, "a3", "14:00", "18:00")
        with pytest.raises(BreaksRuleError):
            book(session, made, "a4", "10:00", "14:00")


def test_rest_is_kept_across_the_end_of_the_week(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, site={"labour": build.LABOUR.model_copy(update={"free_days": []}), "land": None})
        build.week(session, session.get_one(Site, made.site_id), build.MONDAY + timedelta(days=7))
        following = session.exec(select(Week).where(Week.first_day == build.MONDAY + timedelta(days=7))).one()
        booking_site.open_for_booking(session, following)
        book(session, made, "a1", "13:30", "22:00", day=6)
        with pytest.raises(BreaksRuleError) as caught:
            book(session, made, "a1", "08:00", "12:00", day=7)
        assert caught.value.rule == Rule.REST
        book(session, made, "a1", "09:00", "13:00", day=7)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2020, 3, 29), 7), (date(2020, 10, 25), 9), (date(2020, 2, 29), 8), (date(2021, 1, 1), 8)]
)
def test_hours_are_elapsed_hours_on_days_of_clock_changes(sqlite_url: str, day: date, hours: int) -> None:
    """From 22:00 the evening before to 06:00 the clock shows eight hours; week 53 and 29 February are plain days."""
    database = Database(sqlite_url)
    rules = build.DUTY_RULES.model_copy(update={"latest_end": "30:00", "work_minutes": [420, 480, 540]})
    labour = build.LABOUR.model_copy(
        update={"free_days": [], "breaks": [], "max_run_minutes": 600, "max_work_minutes_per_day": 600}
    )
    evening = day - timedelta(days=1)
    monday = evening - timedelta(days=evening.weekday())
    now = build.local(monday - timedelta(days=7), "09:00")
    with database.transaction() as session:
        made = make(
            session,
            first_day=monday,
            site={"duty_rules": rules, "labour": labour, "land": None},
            valid_from_on=date(2019, 1, 1),
        )
        live = session.get_one(LiveWeek, made.week_id)
        live.booking_opens_at = now
        asked = shift_booking.Wish(build.local(evening, "22:00"), build.local(day, "06:00"))
        duty = book_time(session, made.actors["a1"], now, asked)
        assert duty.ends_at - duty.starts_at == timedelta(hours=hours)
        with pytest.raises(BreaksRuleError):
            book_time(session, made.actors["a1"], now, asked)
    database.dispose()


def test_an_open_shift_has_as_many_places_as_it_says(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        offered = booking_site.shift(session, made, "08:00", "12:00", places=2)
        for who in ("a1", "a2"):
            book_shift(session, made.actors[who], NOW, offered.id)
        with pytest.raises(ShiftTakenError):
            book_shift(session, made.actors["a3"], NOW, offered.id)
    with database.transaction() as session:
        assert session.get_one(OpenShift, offered.id).taken == 2
        cancel(session, made.actors["a1"], NOW, session.exec(select(CurrentDuty.id)).first() or 0)
    with database.reading() as session:
        assert session.get_one(OpenShift, offered.id).taken == 1


def test_a_manager_books_for_somebody_and_an_agent_for_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        other = make(session, key="ber")
        book_time(session, made.manager, NOW, wish("08:00", "12:00"), agent_id=made.agents["a2"])
        for actor in (made.actors["a1"], other.manager, other.actors["a1"]):
            with pytest.raises(NotFoundError):
                book_time(session, actor, NOW, wish("13:00", "17:00"), agent_id=made.agents["a2"])
        with pytest.raises(NotFoundError):
            book_time(session, made.actors["a1"], NOW, wish("13:00", "17:00", desk_id=other.desks["01"]))
        assert duties(session, made) == [("a2", "Mon 08:00", "Mon 12:00", "01")]


REFUSED: dict[str, tuple[Callable[[Session, booking_site.BookingSite], object], str]] = {
    "last week": (
        lambda session, made: book_time(session, made.actors["a1"], at("09:00", 1), wish("08:00", "12:00")),
        "booking.past",
    ),
    "a week nobody opened": (
        lambda session, made: book(session, made, "a1", "08:00", "12:00", day=30),
        "booking.no_week",
    ),
    "an end before its start": (
        lambda session, made: book(session, made, "a1", "12:00", "08:00"),
        "booking.ends_before_start",
    ),
    "times between the slots": (lambda session, made: book(session, made, "a1", "08:07", "12:07"), "booking.off_grid"),
    "a week being planned": (
        lambda session, made: (
            booking_site.change(session, made.week(session), state=WeekState.PLANNING),
            book(session, made, "a1", "08:00", "12:00"),
        ),
        "booking.week_closed",
    ),
    "a week not open yet": (
        lambda session, made: (
            booking_site.change(
                session, session.get_one(LiveWeek, made.week_id), booking_opens_at=NOW + timedelta(minutes=1)
            ),
            book(session, made, "a1", "08:00", "12:00"),
        ),
        "booking.not_open",
    ),
    "one more than the limit": (
        lambda session, made: (
            build.saved(session, BookingTerms(site_id=made.site_id, most_bookings_per_week=1)),
            [book(session, made, "a1", "08:00", "12:00", day=day) for day in (0, 1)],
        ),
        "booking.too_many",
    ),
    "a range that ends before it starts": (
        lambda session, made: cancel_range(session, made.actors["a1"], NOW, build.MONDAY, build.MONDAY - timedelta(1)),
        "booking.ends_before_start",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_asked_gets_a_clear_answer(sqlite_url: str, case: str) -> None:
    database = Database(sqlite_url)
    act, key = REFUSED[case]
    with database.transaction() as session:
        made = make(session)
    with pytest.raises(RefusedError) as caught, database.transaction() as session:
        act(session, made)
    assert caught.value.key == key
    assert key in catalogue()
    database.dispose()


@pytest.mark.parametrize("now", [at("08:00", -1), at("08:01", -1)])
def test_cancelling_goes_until_the_deadline(sqlite_url: str, now: datetime) -> None:
    database = Database(sqlite_url)
    with database.transaction() as session:
        made = make(session)
        booked = book(session, made, "a1", "08:00", "12:00")
        if now == at("08:00", -1):
            cancel(session, made.actors["a1"], now, booked.id)
            assert duties(session, made) == []
        else:
            with pytest.raises(RefusedError) as caught:
                cancel(session, made.actors["a1"], now, booked.id)
            assert caught.value.key == "booking.deadline_over"
            cancel(session, made.manager, now, booked.id)
    database.dispose()


def test_a_range_gives_back_what_can_be_and_says_what_is_kept(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        for day in range(4):
            book(session, made, "a1", "08:00", "12:00", day=day)
        outcome = cancel_range(
            session, made.actors["a1"], at("09:00", 0), build.MONDAY + timedelta(1), build.MONDAY + timedelta(2)
        )
        assert [duty.starts_at for duty in outcome.gone] == [at("08:00", 2)]
        assert [duty.starts_at for duty in outcome.kept] == [at("08:00", 1)]
        assert [start for _, start, *_ in duties(session, made)] == ["Mon 08:00", "Tue 08:00", "Thu 08:00"]


def test_a_duty_cancelled_twice_is_not_there_and_a_planned_one_not_cancelled(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        booked = book(session, made, "a1", "08:00", "12:00")
        with pytest.raises(NotFoundError):
            cancel(session, made.actors["a2"], NOW, booked.id)
        cancel(session, made.actors["a1"], NOW, booked.id)
        session.expunge_all()
        with pytest.raises(NotFoundError):
            cancel(session, made.actors["a1"], NOW, booked.id)


def test_a_booking_before_planning_is_fixed_for_the_solver(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        book(session, made, "a1", "08:00", "12:00", desk="02")
        built = build_problem(session, made.week(session))
        fixed = built.agents[0].fixed
        assert [(duty.start, duty.end, duty.place, duty.breaks) for duty in fixed] == [
            (at("08:00"), at("12:00"), "site", None)
        ]
        assert fixed[0].desk is not None
        assert fixed[0].desk.endswith("02")
        assert built.agents[0].previous == []


def test_somebody_who_never_comes_books_from_home(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, agent={"home_wish": HomeWish.ONLY})
        year = HomeClearance(agent_id=made.agents["a1"], valid_from_on=date(2020, 1, 1), valid_to_on=date(2020, 12, 31))
        build.saved(session, year)
        offered = booking_site.shift(session, made, "08:00", "12:00")
        duty = book_shift(session, made.actors["a1"], NOW, offered.id)
        assert (duty.place, duty.desk_id) == (Place.HOME, None)
