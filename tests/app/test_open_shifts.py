from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.models import Agent, AgentQueue, LiveWeek, OutboxMessage, Queue, Site, Week, WeekState
from app.problem_builder import build_problem
from app.services import open_shifts, shift_booking, waiting_list
from app.services.roster_guard import ShiftTakenError
from app.services.shift_booking import book_shift, cancel
from app.services.shift_shapes import MOST_SHAPES_PER_DAY
from solver.rules import Rule
from tests.app import booking_site, build, planning_site
from tests.app.booking_site import NOW, at, book, make


@pytest.fixture
def database(sqlite_url: str) -> Database:
    """How shifts are found is the same on both; what many at once do is tested elsewhere on both."""
    return Database(sqlite_url)


def calls(session: Session, made: booking_site.BookingSite) -> Week:
    queue = session.get_one(Queue, made.queue_id)
    planning_site.calls(session, session.get_one(Site, made.site_id), queue, build.MONDAY)
    return made.week(session)


def test_shifts_cover_what_is_required_with_few_shapes(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        week = calls(session, made)
        shifts = open_shifts.open_week(session, made.manager, NOW, week.id)
        problem = build_problem(session, week)
        required = sum(sum(entry.required) for entry in problem.demand) * 15
        served = sum(
            shift.places * (work.ends_at - work.starts_at) / timedelta(minutes=1)
            for shift in shifts
            for work in shift.serves
        )
        # Calls come from 8 to 16 on weekdays alone; every shift is mostly of use, and little is left over.
        assert 0.9 * required <= served <= 1.4 * required
        days = {shift.starts_at.astimezone(planning_site.ZONE).date() for shift in shifts}
        assert days == {build.MONDAY + timedelta(days=day) for day in range(5)}
        for day in days:
            on_day = [shift for shift in shifts if shift.starts_at.astimezone(planning_site.ZONE).date() == day]
            assert len(on_day) <= MOST_SHAPES_PER_DAY
        assert session.get_one(LiveWeek, week.id).booking_opens_at == NOW


def test_opening_again_counts_what_is_booked(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        week = calls(session, made)
        first = open_shifts.open_week(session, made.manager, NOW, week.id)
        book_shift(session, made.actors["a1"], NOW, first[0].id)
        places = sum(shift.places for shift in first)
        again = open_shifts.open_week(session, made.manager, NOW, week.id)
        assert sum(shift.places for shift in again) == places - 1
        assert {shift.id for shift in open_shifts.shifts_of(session, week.id)} == {shift.id for shift in again}
        with pytest.raises(RefusedError) as caught:
            book_shift(session, made.actors["a2"], NOW, first[1].id)
        assert caught.value.key == "booking.shift_closed"


def test_those_that_fit_come_first_and_the_others_say_why(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        book(session, made, "a1", "13:30", "22:00")
        misfit = booking_site.shift(session, made, "06:00", "10:00", day=1)
        fit = booking_site.shift(session, made, "08:00", "12:00", day=2)
        gone = booking_site.shift(session, made, "08:00", "12:00", day=3)
        book_shift(session, made.actors["a2"], NOW, gone.id)
    with database.reading() as session:
        lines = open_shifts.for_agent(session, made.actors["a1"], NOW, made.week_id)
        assert [(line.shift.id, line.fits) for line in lines] == [(fit.id, True), (misfit.id, False), (gone.id, False)]
        assert lines[0].desk is not None
        assert [finding.rule for finding in lines[1].findings] == [Rule.REST]
        # From 22:00 to 6:00 are 8 of 11 hours.
        assert lines[1].findings[0].amount == 180
        assert (lines[2].left, list(lines[2].findings)) == (0, [])


def test_the_nearest_that_fits_is_found(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        book(session, made, "a1", "13:30", "22:00")
        misfit = booking_site.shift(session, made, "08:00", "12:00", day=1)
    with database.transaction() as session:
        near = open_shifts.nearest(session, made.actors["a1"], NOW, misfit.id)
        assert near is not None
        # Eleven hours after 22:00 is 9:00; as long as the shift.
        assert (near.starts_at, near.ends_at) == (at("09:00", 1), at("13:00", 1))
        assert near.desk is not None
        wish = shift_booking.Wish(near.starts_at, near.ends_at, near.place, near.desk.id)
        shift_booking.book_time(session, made.actors["a1"], NOW, wish)


def test_a_full_room_and_a_missing_skill_are_reasons(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, room={"max_persons": 1})
        book(session, made, "a2", "08:00", "12:00")
        shift = booking_site.shift(session, made, "10:00", "14:00")
        skilled = open_shifts.add(
            session, made.manager, NOW, made.week_id, at("08:00", 1), at("12:00", 1), made.queue_id
        )
        session.delete(session.exec(select(AgentQueue).where(AgentQueue.agent_id == made.agents["a1"])).one())
    with database.reading() as session:
        lines = {line.shift.id: line for line in open_shifts.for_agent(session, made.actors["a1"], NOW, made.week_id)}
        assert [finding.rule for finding in lines[shift.id].findings] == [Rule.ROOM_CAP]
        assert [finding.rule for finding in lines[skilled.id].findings] == [Rule.SKILLS]
        assert open_shifts.nearest(session, made.actors["a1"], NOW, skilled.id) is None


def test_nothing_is_shown_before_it_opens_nor_to_other_sites(database: Database) -> None:
    with database.transaction() as session:
        made, other = make(session), make(session, key="ber")
        booking_site.shift(session, made, "08:00", "12:00")
        booking_site.change(session, session.get_one(LiveWeek, made.week_id), booking_opens_at=at("08:00"))
        assert open_shifts.for_agent(session, made.actors["a1"], NOW, made.week_id) == []
        for actor in (other.actors["a1"], made.manager):
            with pytest.raises(NotFoundError):
                open_shifts.for_agent(session, actor, NOW, made.week_id)
        booking_site.change(session, session.get_one(Agent, made.agents["a1"]), active=False)
        with pytest.raises(NotFoundError):
            open_shifts.for_agent(session, made.actors["a1"], NOW, made.week_id)


def test_a_shift_by_hand_has_a_length_and_a_week(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        for start, end, places, key in (
            ("08:00", "13:30", 1, "booking.no_such_length"),
            ("12:00", "08:00", 1, "booking.no_such_length"),
            ("08:00", "12:00", 0, "booking.places"),
        ):
            with pytest.raises(RefusedError) as caught:
                open_shifts.add(
                    session, made.manager, NOW, made.week_id, at(start), at(end), made.queue_id, places=places
                )
            assert caught.value.key == key
        late = at("12:00"), at("16:00")
        with pytest.raises(RefusedError) as caught:
            open_shifts.add(session, made.manager, at("12:00"), made.week_id, *late, made.queue_id)
        assert caught.value.key == "booking.other_week"


def test_a_week_being_planned_is_not_opened(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PLANNING)
        with pytest.raises(RefusedError):
            open_shifts.open_week(session, made.manager, NOW, made.week_id)


def test_who_waits_is_offered_the_place_and_keeps_it_for_an_hour(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        shift = booking_site.shift(session, made, "08:00", "12:00")
        with pytest.raises(RefusedError) as caught:
            waiting_list.join(session, made.actors["a2"], NOW, shift.id)
        assert caught.value.key == "booking.place_left"
        booked = book_shift(session, made.actors["a1"], NOW, shift.id)
        for who in ("a2", "a3"):
            waiting_list.join(session, made.actors[who], NOW, shift.id)
        waiting_list.join(session, made.actors["a2"], NOW + timedelta(minutes=1), shift.id)
        cancel(session, made.actors["a1"], NOW, booked.id)
        told = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "waiting.offered")).all()
        assert [message.recipient_user_id for message in told] == [made.actors["a2"].user_id]
        with pytest.raises(ShiftTakenError):
            book_shift(session, made.actors["a4"], NOW, shift.id)
        late = NOW + timedelta(minutes=60)
        assert open_shifts.lapse_offers(session, late, made.site_id) == 1
        with pytest.raises(ShiftTakenError):
            book_shift(session, made.actors["a2"], late, shift.id)
        book_shift(session, made.actors["a3"], late, shift.id)
        session.refresh(shift)
        assert shift.taken == 1


def test_leaving_the_list_passes_the_place_on(database: Database) -> None:
    with database.transaction() as session:
        made = make(session)
        shift = booking_site.shift(session, made, "08:00", "12:00")
        booked = book_shift(session, made.actors["a1"], NOW, shift.id)
        for who in ("a2", "a3"):
            waiting_list.join(session, made.actors[who], NOW, shift.id)
        cancel(session, made.manager, NOW, booked.id)
        waiting_list.leave(session, made.actors["a2"], NOW, shift.id)
        with pytest.raises(ShiftTakenError):
            book_shift(session, made.actors["a4"], NOW, shift.id)
        book_shift(session, made.actors["a3"], NOW, shift.id)


def test_a_day_of_23_hours_has_its_shifts_on_the_clock(database: Database) -> None:
    monday = date(2020, 3, 23)
    with database.transaction() as session:
        labour = build.LABOUR.model_copy(update={"free_days": []})
        made = make(session, first_day=monday, site={"labour": labour})
        shift = booking_site.shift(session, made, "08:00", "12:00", day=-1)
        assert shift.starts_at == build.local(date(2020, 3, 29), "08:00")
        now = at("00:00", -3)
        booking_site.change(session, session.get_one(LiveWeek, made.week_id), booking_opens_at=now)
        line = open_shifts.for_agent(session, made.actors["a1"], now, made.week_id)[0]
        assert line.fits
