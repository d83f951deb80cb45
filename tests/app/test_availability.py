"""Availability as services keep it: deadlines, undo, two tabs, limits, copies, what planning sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.models import (
    AuditEvent,
    AvailabilityEntry,
    AvailabilityException,
    AvailabilityPattern,
    ExceptionKind,
    PatternKind,
    PatternWeeks,
    Role,
    Site,
    StatedWindows,
    Week,
)
from app.services import availability
from app.services.audit import Actor
from app.services.availability import PaintedWindow
from app.services.availability_patterns import Scope, shown_marks
from app.services.planner_view import planner_view
from tests.app import build
from tests.app.build import MONDAY, NOW, World

DAY, HOUR = 1440, 60
CLOSED_MONDAY = MONDAY - timedelta(weeks=1)
NEXT_MONDAY = MONDAY + timedelta(weeks=1)


@pytest.fixture
def anna(world: World) -> Actor:
    return Actor(world.users[Role.AGENT], Role.AGENT, world.site_id, world.agent_id)


def hours(day: int, start: float, end: float, kind: str = "blocked") -> PaintedWindow:
    return PaintedWindow.model_validate({"day": day, "start": int(start * HOUR), "end": int(end * HOUR), "kind": kind})


def mark_of(session: Session, actor: Actor, now: datetime = NOW) -> str:
    return availability.availability_week(session, actor, now, MONDAY).fingerprint


def save(
    session: Session,
    actor: Actor,
    *painted: PaintedWindow,
    scope: Scope = Scope.WEEK,
    first_day: date = MONDAY,
    now: datetime = NOW,
    valid_to_on: date | None = None,
) -> StatedWindows:
    seen = mark_of(session, actor)
    return availability.save_painted(session, actor, now, seen, first_day, scope, painted, valid_to_on)


def refusal(session: Session, change: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as caught, session.begin_nested():
        change()
    return caught.value


def test_a_painted_week_is_stored_as_one_row_a_stretch(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 10), hours(0, 10, 12), hours(3, 14, 16, "preferred"))
    with database.reading() as session:
        rows = session.exec(select(AvailabilityException).order_by(AvailabilityException.applies_on)).all()  # type: ignore[arg-type]
        assert [
            (row.agent_id, row.applies_on, row.start_clock_minutes, row.end_clock_minutes, row.kind) for row in rows
        ] == [
            (anna.agent_id, MONDAY, 480, 720, ExceptionKind.BLOCKED),
            (anna.agent_id, MONDAY + timedelta(days=3), 840, 960, ExceptionKind.PREFERRED),
        ]
        assert session.exec(select(AvailabilityPattern)).all() == []


def test_a_pattern_is_stored_with_its_weeks_and_its_end(database: Database, anna: Actor) -> None:
    until = date(2020, 4, 24)
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 12), scope=Scope.ODD, valid_to_on=until)
    with database.reading() as session:
        row = session.exec(select(AvailabilityPattern)).one()
        assert (row.weekday, row.weeks, row.valid_from_on, row.valid_to_on) == (0, PatternWeeks.ODD, MONDAY, until)


def test_rows_that_still_hold_keep_their_ids(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 12), scope=Scope.EVERY)
        first = session.exec(select(AvailabilityPattern)).one()
        save(session, anna, hours(0, 8, 12), hours(1, 8, 12), scope=Scope.EVERY)
        assert first.id in {row.id for row in session.exec(select(AvailabilityPattern))}


@pytest.mark.parametrize("scope", Scope)
def test_after_the_deadline_nothing_that_concerns_the_week_is_changed(
    database: Database, anna: Actor, scope: Scope
) -> None:
    with database.transaction() as session:
        seen = mark_of(session, anna)
        deadline = session.exec(select(Week).where(Week.first_day == MONDAY, Week.site_id == anna.site_id)).one()
        just_before, at_it = deadline.entry_deadline_at - timedelta(seconds=1), deadline.entry_deadline_at

        def attempt(now: datetime) -> StatedWindows:
            return availability.save_painted(session, anna, now, seen, MONDAY, scope, [hours(0, 8, 12)])

        # Odd weeks do not concern week 14, so that change is allowed.
        if scope is Scope.ODD:
            attempt(at_it)
            return
        assert refusal(session, lambda: attempt(at_it)).key == "availability.closed"
        assert session.exec(select(AvailabilityPattern)).all() == []
        assert session.exec(select(AvailabilityException)).all() == []
        attempt(just_before)


def test_a_closed_week_between_open_ones_is_guarded_too(database: Database, anna: Actor) -> None:
    """A manager closes week 15 early; a pattern from week 14 on would change it."""
    with database.transaction() as session:
        site = session.get_one(Site, anna.site_id)
        early = build.week(session, site, NEXT_MONDAY)
        early.entry_deadline_at = NOW - timedelta(hours=1)
        session.flush()
        attempt = lambda: save(session, anna, hours(0, 8, 12), scope=Scope.EVERY)  # noqa: E731
        refused = refusal(session, attempt)
        assert (refused.key, refused.facts["week"]) == ("availability.closed", "15")
        save(session, anna, hours(0, 8, 12), scope=Scope.EVERY, valid_to_on=MONDAY + timedelta(days=6))


def test_published_weeks_and_the_past_are_closed(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        seen = mark_of(session, anna)
        published = lambda: availability.save_painted(  # noqa: E731
            session, anna, NOW, seen, CLOSED_MONDAY, Scope.WEEK, [hours(4, 8, 12)]
        )
        assert refusal(session, published).key == "availability.closed"
        long_ago = CLOSED_MONDAY - timedelta(weeks=1)
        past = lambda: availability.save_painted(  # noqa: E731
            session, anna, NOW, seen, long_ago, Scope.WEEK, [hours(4, 8, 12)]
        )
        assert refusal(session, past).key == "availability.past"


def test_a_second_tab_does_not_overwrite_the_first(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        seen_by_both = mark_of(session, anna)
        availability.save_painted(session, anna, NOW, seen_by_both, MONDAY, Scope.WEEK, [hours(0, 8, 12)])
        second = lambda: availability.save_painted(  # noqa: E731
            session, anna, NOW, seen_by_both, MONDAY, Scope.WEEK, [hours(1, 8, 12)]
        )
        assert refusal(session, second).key == "availability.changed_elsewhere"
        assert session.exec(select(AvailabilityException)).one().applies_on == MONDAY


def test_undo_brings_back_exactly_what_was_and_only_once(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        before = save(session, anna, hours(0, 8, 12), scope=Scope.EVERY)
        save(session, anna, hours(2, 9, 10), scope=Scope.EVERY)
        assert availability.availability_week(session, anna, NOW, MONDAY).can_undo
        assert availability.undo(session, anna, NOW) == before
        assert availability.availability_week(session, anna, NOW, MONDAY).stated == before
        assert refusal(session, lambda: availability.undo(session, anna, NOW)).key == "availability.nothing_to_undo"


def test_undo_waits_half_an_hour_and_never_reopens_a_closed_week(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        week = session.exec(select(Week).where(Week.first_day == MONDAY, Week.site_id == anna.site_id)).one()
        shortly_before = week.entry_deadline_at - timedelta(minutes=1)
        save(session, anna, hours(0, 8, 12), now=shortly_before)
        late = refusal(session, lambda: availability.undo(session, anna, shortly_before + timedelta(minutes=2)))
        assert late.key == "availability.closed"
        much_later = refusal(session, lambda: availability.undo(session, anna, NOW + timedelta(days=3, minutes=31)))
        assert much_later.key == "availability.nothing_to_undo"


@pytest.mark.parametrize(
    ("painted", "key"),
    [
        ([hours(0, 12, 8)], "availability.end_before_start"),
        ([hours(0, 8, 8)], "availability.end_before_start"),
        ([hours(0, 8.25, 12)], "availability.not_half_hour"),
        ([hours(0, 8, 12)] * 337, "availability.too_many_painted"),
        ([hours(0, 8, 12)] * 10_000, "availability.too_many_painted"),
    ],
)
def test_misshapen_windows_are_refused_by_name(
    database: Database, anna: Actor, painted: list[PaintedWindow], key: str
) -> None:
    with database.transaction() as session:
        refused = refusal(session, lambda: save(session, anna, *painted))
        assert (refused.key, refused.status) == (key, 422)
        assert session.exec(select(AvailabilityException)).all() == []


def test_a_chequered_week_of_all_half_hours_is_still_taken(database: Database, anna: Actor) -> None:
    kinds = ("blocked", "undesired", "preferred")
    painted = [hours(number // 48, number % 48 / 2, number % 48 / 2 + 0.5, kinds[number % 3]) for number in range(336)]
    with database.transaction() as session:
        assert len(save(session, anna, *painted).dated) == 336


def test_more_windows_than_a_person_can_mean_are_refused_and_nothing_is_lost(database: Database, anna: Actor) -> None:
    kinds = ("blocked", "undesired", "preferred")
    painted = [hours(number // 48, number % 48 / 2, number % 48 / 2 + 0.5, kinds[number % 3]) for number in range(336)]
    with database.transaction() as session:
        stated = save(session, anna, *painted)
        targets = [MONDAY + timedelta(weeks=weeks_on) for weeks_on in range(1, 4)]
        seen = mark_of(session, anna)
        refused = refusal(session, lambda: availability.copy_week(session, anna, NOW, seen, MONDAY, targets))
        assert (refused.key, refused.facts["count"]) == ("availability.too_many", 4 * 336)
        assert availability.availability_week(session, anna, NOW, MONDAY).stated == stated


def test_copying_makes_the_next_weeks_look_alike_over_patterns_that_differ(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 12), scope=Scope.EVEN)
        save(session, anna, hours(0, 8, 12), hours(4, 14, 16, "preferred"))
        targets = [NEXT_MONDAY, NEXT_MONDAY + timedelta(weeks=1)]
        stated = availability.copy_week(session, anna, NOW, mark_of(session, anna), MONDAY, targets)
        wanted = shown_marks(stated, Scope.WEEK, MONDAY)
        assert wanted["blocked"] == [(8 * HOUR, 12 * HOUR)]
        for monday in targets:
            assert shown_marks(stated, Scope.WEEK, monday) == wanted
        after = shown_marks(stated, Scope.WEEK, targets[-1] + timedelta(weeks=1))
        assert not after["preferred"]


def test_blocking_days_of_a_closed_daycare_and_what_is_refused(database: Database, anna: Actor) -> None:
    friday = MONDAY + timedelta(days=4)
    with database.transaction() as session:

        def block(first_on: date, last_on: date) -> StatedWindows:
            return availability.block_days(session, anna, NOW, mark_of(session, anna), first_on, last_on, (0, DAY))

        assert refusal(session, lambda: block(friday, MONDAY)).key == "availability.range_backwards"
        assert refusal(session, lambda: block(NOW.date() - timedelta(days=1), friday)).key == "availability.past"
        assert refusal(session, lambda: block(MONDAY, MONDAY + timedelta(days=62))).key == "availability.range_too_long"
        far = MONDAY + timedelta(weeks=60)
        assert refusal(session, lambda: block(far, far)).key == "availability.too_far"
        assert refusal(session, lambda: block(NOW.date(), friday)).key == "availability.closed"
        stated = block(MONDAY, friday)
        assert [(once.applies_on, once.end_clock_minutes) for once in stated.dated] == [
            (MONDAY + timedelta(days=number), DAY) for number in range(5)
        ]


def test_another_agents_window_cannot_be_removed(database: Database, world: World, anna: Actor) -> None:
    with database.transaction() as session:
        row = build.saved(
            session,
            AvailabilityPattern(
                agent_id=world.second_agent_id,
                weekday=0,
                start_clock_minutes=0,
                end_clock_minutes=60,
                kind=PatternKind.BLOCKED,
                valid_from_on=MONDAY,
            ),
        )
        seen = mark_of(session, anna)
        with pytest.raises(NotFoundError):
            availability.remove_windows(session, anna, NOW, seen, MONDAY, "repeated", [row.id])
        with pytest.raises(NotFoundError):
            availability.remove_windows(session, anna, NOW, seen, MONDAY, "anything", [row.id])


def test_removing_a_pattern_ends_it_from_the_shown_week_on(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 12), scope=Scope.EVERY)
        row = session.exec(select(AvailabilityPattern)).one()
        later = NEXT_MONDAY
        seen = mark_of(session, anna)
        stated = availability.remove_windows(session, anna, NOW, seen, later, "repeated", [row.id])
        assert shown_marks(stated, Scope.WEEK, MONDAY)["blocked"] == [(480, 720)]
        assert shown_marks(stated, Scope.WEEK, later)["blocked"] == []


def test_confirming_is_noted_once_and_only_in_time(database: Database, world: World, anna: Actor) -> None:
    with database.transaction() as session:
        availability.confirm(session, anna, NOW, MONDAY)
        availability.confirm(session, anna, NOW + timedelta(hours=1), MONDAY)
        entry = session.exec(select(AvailabilityEntry)).one()
        assert (entry.week_id, entry.agent_id, entry.confirmed_at) == (world.week_id, world.agent_id, NOW)
        closed = refusal(session, lambda: availability.confirm(session, anna, NOW, CLOSED_MONDAY))
        assert closed.key == "availability.closed"
        unknown = refusal(session, lambda: availability.confirm(session, anna, NOW, NEXT_MONDAY))
        assert unknown.key == "availability.week_not_open"


def test_the_record_says_that_and_never_what(database: Database, anna: Actor) -> None:
    with database.transaction() as session:
        save(session, anna, hours(0, 8, 12))
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "availability.changed")).one()
        assert event.facts == {}


def test_people_who_are_no_agents_have_no_availability(database: Database, world: World) -> None:
    manager = Actor(world.users[Role.MANAGER], Role.MANAGER, world.site_id)
    with database.transaction() as session, pytest.raises(NotFoundError):
        availability.availability_week(session, manager, NOW, MONDAY)


def test_planning_sees_the_clock_in_the_week_of_the_change(database: Database, world: World) -> None:
    """On 29 March 2020 the clock goes from 02:00 to 03:00, on 25 October from 03:00 back to 02:00."""
    with database.reading() as session:
        site = session.get_one(Site, world.site_id)
    spring = StatedWindows.model_validate(
        {
            "dated": [
                {
                    "applies_on": date(2020, 3, 29),
                    "start_clock_minutes": 60,
                    "end_clock_minutes": 240,
                    "kind": "blocked",
                },
                {
                    "applies_on": date(2020, 3, 29),
                    "start_clock_minutes": 1200,
                    "end_clock_minutes": 1440,
                    "kind": "preferred",
                },
            ]
        }
    )
    seen = planner_view(site, spring, date(2020, 3, 23))
    assert [(one.kind, one.start_clock_minutes, one.end_clock_minutes, one.days) for one in seen] == [
        ("blocked", 60, 240, [6]),
        ("preferred", 1200, 1440, [6]),
    ]
    autumn = StatedWindows.model_validate(
        {
            "repeated": [
                {
                    "weekday": 6,
                    "start_clock_minutes": 0,
                    "end_clock_minutes": 1440,
                    "kind": "blocked",
                    "weeks": "every",
                    "valid_from_on": date(2020, 1, 1),
                }
            ]
        }
    )
    seen = planner_view(site, autumn, date(2020, 10, 19))
    assert [(one.start_clock_minutes, one.end_clock_minutes, one.days) for one in seen] == [(0, 1440, [6])]


def test_the_coming_open_week_is_offered_first(database: Database, anna: Actor) -> None:
    with database.reading() as session:
        assert availability.first_open_monday(session, anna, NOW) == MONDAY
        after_deadline = datetime(2020, 3, 28, 9, tzinfo=UTC)
        assert availability.first_open_monday(session, anna, after_deadline) == NEXT_MONDAY
