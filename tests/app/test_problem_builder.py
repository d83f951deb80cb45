"""Rows become the problem they mean: availability, clearances, partners, holidays, the weeks around."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from app.availability_windows import windows_of
from app.db import Database
from app.models import (
    Agent,
    AvailabilityException,
    AvailabilityPattern,
    CarePartner,
    CohortRule,
    Desk,
    ExceptionKind,
    HomeClearance,
    HomeWish,
    HygieneProfile,
    Partition,
    PatternKind,
    PatternWeeks,
    Role,
    Site,
    Week,
    WeekState,
)
from app.problem_agents import home_of
from app.problem_builder import build_problem, strictest
from solver import problem
from solver.timeline import Timeline
from tests.app import build, planning_site
from tests.app.build import MONDAY

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2020, 3, 23), date(2020, 10, 19)
"""Weeks whose Sunday has 23 and 25 hours."""


def timeline(first_day: date = MONDAY, slot_minutes: int = 15) -> Timeline:
    return Timeline(BERLIN, first_day, 7, slot_minutes)


def pattern(weekday: int, start: float, end: float, **changes: Any) -> AvailabilityPattern:
    fields = {"kind": PatternKind.BLOCKED, "weeks": PatternWeeks.EVERY, "valid_from_on": date(2020, 1, 1)}
    clock = {"start_clock_minutes": round(start * 60), "end_clock_minutes": round(end * 60)}
    return AvailabilityPattern(agent_id=1, weekday=weekday, **{**fields, **clock, **changes})


def exception(on: date, start: float, end: float, kind: str) -> AvailabilityException:
    return AvailabilityException(
        agent_id=1,
        applies_on=on,
        start_clock_minutes=round(start * 60),
        end_clock_minutes=round(end * 60),
        kind=ExceptionKind(kind),
    )


def hours(spans: list[tuple[int, int]]) -> list[tuple[float, float]]:
    return [(start / 60, end / 60) for start, end in spans]


def test_a_pattern_holds_on_its_weekday_only() -> None:
    assert hours(windows_of(timeline(), [pattern(2, 8, 12)], []).blocked) == [(56, 60)]


@pytest.mark.parametrize(
    ("first_day", "weeks", "holds"),
    [
        (date(2020, 3, 30), PatternWeeks.EVEN, True),  # ISO week 14
        (date(2020, 3, 30), PatternWeeks.ODD, False),
        (date(2020, 12, 28), PatternWeeks.ODD, True),  # ISO week 53 of 2020 …
        (date(2021, 1, 4), PatternWeeks.ODD, True),  # … and week 1 of 2021: two odd weeks in a row
        (date(2021, 1, 4), PatternWeeks.EVEN, False),
    ],
)
def test_odd_and_even_are_the_weeks_of_the_calendar(first_day: date, weeks: PatternWeeks, *, holds: bool) -> None:
    assert bool(windows_of(timeline(first_day), [pattern(0, 8, 12, weeks=weeks)], []).blocked) is holds


def test_a_pattern_holds_from_its_first_to_its_last_day_both_included() -> None:
    daily = [
        pattern(weekday, 8, 9, valid_from_on=MONDAY + timedelta(days=1), valid_to_on=MONDAY + timedelta(days=3))
        for weekday in range(7)
    ]
    assert hours(windows_of(timeline(), daily, []).blocked) == [(32, 33), (56, 57), (80, 81)]


def test_the_sunday_before_reaches_into_the_week_and_the_last_sunday_ends_with_it() -> None:
    overnight = pattern(6, 22, 30)
    assert hours(windows_of(timeline(), [overnight], []).blocked) == [(0, 6), (166, 168)]


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        (SPRING, (6 * 24 + 1, 6 * 24 + 7)),  # 01:00 to 08:00 has six hours where the clock is put forward
        (AUTUMN, (6 * 24 + 1, 6 * 24 + 9)),  # and eight where it is put back
        (MONDAY, (6 * 24 + 1, 6 * 24 + 8)),
    ],
)
def test_clock_times_follow_the_clock_change(first_day: date, expected: tuple[int, int]) -> None:
    assert hours(windows_of(timeline(first_day), [pattern(6, 1, 8)], []).blocked) == [expected]


def test_a_window_of_the_skipped_hour_is_none() -> None:
    assert windows_of(timeline(SPRING), [pattern(6, 2, 3)], []).blocked == []
    assert hours(windows_of(timeline(AUTUMN), [pattern(6, 2, 3)], []).blocked) == [(146, 148)]


def test_an_exception_replaces_patterns_for_its_minutes() -> None:
    patterns = [pattern(0, 8, 18), pattern(0, 6, 20, kind=PatternKind.PREFERRED)]
    lifted = windows_of(timeline(), patterns, [exception(MONDAY, 10, 12, "available")])
    assert hours(lifted.blocked) == [(8, 10), (12, 18)]
    assert hours(lifted.preferred) == [(6, 10), (12, 20)]
    softened = windows_of(timeline(), patterns, [exception(MONDAY, 10, 12, "undesired")])
    assert (hours(softened.blocked), hours(softened.undesired)) == ([(8, 10), (12, 18)], [(10, 12)])


def test_an_exception_leaves_other_days_alone() -> None:
    patterns = [pattern(0, 8, 10), pattern(1, 8, 10)]
    found = windows_of(timeline(), patterns, [exception(MONDAY, 0, 24, "available")])
    assert hours(found.blocked) == [(32, 34)]


def test_where_two_exceptions_meet_blocked_holds() -> None:
    both = [exception(MONDAY, 8, 12, "blocked"), exception(MONDAY, 10, 14, "available")]
    assert hours(windows_of(timeline(), [], both).blocked) == [(8, 12)]


def test_times_off_the_grid_are_rounded_to_the_safe_side() -> None:
    stated = [
        pattern(0, 8 + 10 / 60, 9 + 5 / 60),
        pattern(1, 8 + 10 / 60, 9 + 5 / 60, kind=PatternKind.UNDESIRED),
        pattern(2, 8 + 10 / 60, 9 + 5 / 60, kind=PatternKind.PREFERRED),
    ]
    found = windows_of(timeline(), stated, [])
    assert hours(found.blocked) == [(8, 9.25)]
    assert hours(found.undesired) == [(32, 33.25)]
    assert hours(found.preferred) == [(56.25, 57)]


DAYS = [MONDAY + timedelta(days=index) for index in range(7)]


def cleared(first: int, last: int) -> HomeClearance:
    return HomeClearance(agent_id=1, valid_from_on=DAYS[first], valid_to_on=DAYS[last])


@pytest.mark.parametrize(
    ("wish", "clearances", "home", "blocked_days"),
    [
        (HomeWish.NONE, [cleared(0, 6)], "none", 0),
        (HomeWish.ALLOWED, [], "none", 0),
        (HomeWish.ALLOWED, [cleared(0, 6)], "allowed", 0),
        (HomeWish.PREFERRED, [cleared(0, 3), cleared(4, 6)], "preferred", 0),
        (HomeWish.PREFERRED, [cleared(0, 5)], "none", 0),
        (HomeWish.ONLY, [cleared(0, 6)], "only", 0),
        (HomeWish.ONLY, [cleared(0, 2)], "only", 4),
        (HomeWish.ONLY, [], "only", 7),
    ],
)
def test_home_is_a_wish_that_counts_where_it_is_cleared(
    wish: HomeWish, clearances: list[HomeClearance], home: str, blocked_days: int
) -> None:
    found, blocked = home_of(wish, clearances, DAYS)
    assert (found, len(blocked)) == (home, blocked_days)


def test_a_clearance_that_ends_in_the_week_blocks_the_rest_for_who_never_comes(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        agent = agent_row(session, "a001")
        agent.home_wish = HomeWish.ONLY
        session.add(HomeClearance(agent_id=agent.id, valid_from_on=DAYS[0], valid_to_on=DAYS[4]))
    built = agent_of(database, made.week_id, "a001")
    assert built.home == "only"
    assert [(window.start, window.end) for window in built.availability] == [
        (build.local(DAYS[5], "00:00"), build.local(DAYS[6] + timedelta(days=1), "00:00"))
    ]


def test_care_partners_count_once_both_have_confirmed(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        first, second, third = (agent_row(session, key) for key in ("a001", "a002", "a003"))
        confirmed = {"first_confirmed_at": build.NOW, "second_confirmed_at": build.NOW}
        session.add(CarePartner(first_agent_id=first.id, second_agent_id=second.id, handover_minutes=30, **confirmed))
        session.add(CarePartner(first_agent_id=first.id, second_agent_id=third.id, first_confirmed_at=build.NOW))
    partners = [agent_of(database, made.week_id, key).not_together_with for key in ("a001", "a002", "a003")]
    assert [[(one.agent, one.handover_minutes) for one in own] for own in partners] == [
        [("a002", 30)],
        [("a001", 30)],
        [],
    ]


def test_holidays_are_those_of_the_land_and_the_sites_own(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session, first_day=date(2020, 4, 6))
        session.get_one(Site, made.site_id).holidays = [date(2020, 4, 8), date(2020, 5, 8)]
    built = problem_of(database, made.week_id)
    assert built.site.holidays == [date(2020, 4, 8), date(2020, 4, 10)]  # the latter is Good Friday
    days_with_demand = {entry.start.astimezone(BERLIN).day for entry in built.demand}
    assert days_with_demand == {6, 7, 9}


def test_the_week_before_gives_rest_and_a_run_of_days(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        publish_duties(session, made, MONDAY - timedelta(weeks=1), "a001", ["2020-03-28", "2020-03-29", "2020-03-26"])
        publish_duties(session, made, MONDAY - timedelta(weeks=2), "a002", ["2020-03-20"])
    first, second, third = (agent_of(database, made.week_id, key).history for key in ("a001", "a002", "a003"))
    assert first == problem.History(last_end=build.local(date(2020, 3, 29), "16:00"), consecutive_workdays=2)
    assert second == problem.History(last_end=build.local(date(2020, 3, 20), "16:00"), consecutive_workdays=0)
    assert third is None


def test_the_run_of_days_goes_on_over_several_weeks(database: Database) -> None:
    days = [MONDAY - timedelta(days=back) for back in range(1, 10)]
    with database.transaction() as session:
        made = planning_site.make(session)
        for weeks in (1, 2):
            first_day = MONDAY - timedelta(weeks=weeks)
            own = [day.isoformat() for day in days if first_day <= day < first_day + timedelta(weeks=1)]
            publish_duties(session, made, first_day, "a001", own)
    history = agent_of(database, made.week_id, "a001").history
    assert history is not None
    assert history.consecutive_workdays == 9


def test_the_latest_version_of_this_week_is_what_changes_are_counted_from(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        publish_duties(session, made, MONDAY, "a001", ["2020-03-30"], number=1)
        publish_duties(session, made, MONDAY, "a001", ["2020-03-31"], number=2)
    previous = agent_of(database, made.week_id, "a001").previous
    assert [(duty.start, duty.end, duty.place) for duty in previous] == [
        (build.local(DAYS[1], "08:00"), build.local(DAYS[1], "16:00"), "home")
    ]


def test_the_rest_before_a_published_week_after_reaches_back(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        publish_duties(session, made, MONDAY + timedelta(weeks=1), "a001", ["2020-04-06"])
    windows = agent_of(database, made.week_id, "a001").availability
    # 08:00 less eleven hours is 21:00 of the Sunday.
    assert [(window.start, window.end, window.kind) for window in windows] == [
        (build.local(DAYS[6], "21:00"), build.local(MONDAY + timedelta(weeks=1), "00:00"), "blocked")
    ]


def test_hygiene_is_the_strictest_of_the_profiles_of_the_week(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        site = session.get_one(Site, made.site_id)
        old = session.exec(select(HygieneProfile)).one()
        old.valid_to_on = DAYS[2]
        changes: dict[str, Any] = {"min_distance_m": 2.0, "min_area_per_person_m2": None, "max_persons_on_site": 40}
        build.hygiene(session, site, valid_from_on=DAYS[3], cleaning_gap_minutes=0, **changes)
        build.hygiene(session, site, valid_from_on=DAYS[6] + timedelta(days=1), min_distance_m=9.0)
    assert problem_of(database, made.week_id).hygiene == problem.Hygiene(
        min_distance_m=2.0, min_area_per_person_m2=10.0, max_persons_on_site=40, cleaning_gap_minutes=15
    )


def test_no_profile_limits_nothing_and_the_strictest_cohort_rule_wins() -> None:
    assert strictest([]) == problem.Hygiene()
    kinds = [CohortRule.SAME_ROOM, CohortRule.SAME_DAY, CohortRule.NONE]
    profiles = [
        HygieneProfile(site_id=1, name="", source="", valid_from_on=MONDAY, cohort_rule=kind, max_arrivals_per_slot=5)
        for kind in kinds
    ]
    hygiene = strictest(profiles)
    assert (hygiene.cohort_rule, hygiene.max_arrivals_per_slot) == ("same_day", 5)


def test_rooms_desks_screens_and_people_are_all_there(database: Database) -> None:
    with database.transaction() as session:
        made = planning_site.make(session)
        desks = session.exec(select(Desk).order_by(Desk.key)).all()
        desks[0].blocked = True
        session.add(Partition(first_desk_id=desks[0].id, second_desk_id=desks[1].id))
        agent = agent_row(session, "a002")
        agent.usual_desk_id = desks[2].id
        agent_row(session, "a003").active = False
    built = problem_of(database, made.week_id)
    assert [(room.id, room.partitions, len(room.desks)) for room in built.rooms] == [
        ("3-east", [["3-east-01", "3-east-02"]], 4)
    ]
    assert [desk.blocked for desk in built.rooms[0].desks] == [True, False, False, False]
    assert [(agent.id, agent.usual_desk) for agent in built.agents] == [("a001", None), ("a002", "3-east-03")]


@pytest.mark.parametrize(("first_day", "slots"), [(SPRING, 167 * 4), (AUTUMN, 169 * 4), (MONDAY, 168 * 4)])
def test_weeks_of_a_clock_change_have_their_own_length(database: Database, first_day: date, slots: int) -> None:
    with database.transaction() as session:
        made = planning_site.make(session, first_day=first_day)
    built = problem_of(database, made.week_id)
    assert built.timeline.slots == slots
    assert {entry.start.astimezone(BERLIN).hour for entry in built.demand} == {8}


def problem_of(database: Database, week_id: int) -> problem.Problem:
    with database.reading() as session:
        return build_problem(session, session.get_one(Week, week_id))


def agent_of(database: Database, week_id: int, key: str) -> problem.Agent:
    return next(agent for agent in problem_of(database, week_id).agents if agent.id == key)


def agent_row(session: Session, key: str) -> Agent:
    return session.exec(select(Agent).where(Agent.key == key)).one()


def publish_duties(
    session: Session,
    made: planning_site.PlanningSite,
    first_day: date,
    agent_key: str,
    days: list[str],
    number: Literal[1, 2] = 1,
) -> None:
    """Duties from 08:00 to 16:00 at home, published as a version of a week."""
    site = session.get_one(Site, made.site_id)
    week = session.exec(select(Week).where(Week.site_id == site.id, Week.first_day == first_day)).first()
    week = week or build.week(session, site, first_day, WeekState.PUBLISHED)
    author = build.account(session, f"author{number}-{first_day}", Role.MANAGER, site)
    version = build.version(session, site, week, author, number=number, duty_count=len(days))
    agent = agent_row(session, agent_key)
    for position, day in enumerate(days):
        on = date.fromisoformat(day)
        build.duty(session, version, agent, build.local(on, "08:00"), build.local(on, "16:00"), position=position)
