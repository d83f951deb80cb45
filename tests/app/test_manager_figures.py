"""Coverage, floor occupancy, grid, difference and tables at numbers that were counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.services.coverage import coverage_of, gaps_of
from app.services.floor_occupancy import floor_occupancy_of, seated_at
from app.services.manager_difference import Change, difference_of
from app.services.manager_rosters import RosterPicture
from app.services.manager_slot_table import slot_rows
from app.services.manager_weeks import figures_of
from app.services.roster_grid import GridFilter, filtered, rows_of
from solver.checks import judge
from tests.app.filled_site import problem_of
from tests.app.plausible_rosters import plausible_roster
from tests.app.small_problems import MONDAY, at, duty, problem, room, roster

TUESDAY = MONDAY + timedelta(days=1)


def test_people_who_serve_count_slot_by_slot() -> None:
    found = problem(required={"mobile": [2, 2, 1]})
    queue = coverage_of(found, roster(found, duty("a", "08:00", "10:00"), duty("b", "09:00", "11:00"))).queues[0]
    assert queue.required[7:12] == (0, 2, 2, 1, 0)
    assert queue.serving[7:12] == (0, 1, 2, 1, 0)
    assert queue.missing[7:12] == (0, 1, 0, 0, 0)
    assert (queue.required_agent_minutes, queue.missing_agent_minutes) == (300, 60)
    assert queue.covered_share == pytest.approx(0.8)


def test_a_surplus_makes_up_for_no_gap() -> None:
    found = problem(required={"mobile": [1, 1]})
    everybody_early = roster(found, *(duty(agent, "08:00", "09:00") for agent in "abc"))
    assert coverage_of(found, everybody_early).covered_share == pytest.approx(0.5)


def test_breaks_and_other_queues_serve_nobody() -> None:
    found = problem(required={"mobile": [1, 1, 1], "dsl": [1, 1, 1]})
    serves = [
        {"queue": "mobile", "start": at("08:00"), "end": at("09:00")},
        {"queue": "dsl", "start": at("10:00"), "end": at("11:00")},
    ]
    pause = [{"start": at("09:00"), "end": at("10:00")}]
    mobile, dsl = coverage_of(found, roster(found, duty("a", "08:00", "11:00", serves=serves, breaks=pause))).queues
    assert mobile.missing[8:11] == (0, 1, 1)
    assert dsl.missing[8:11] == (1, 1, 0)


def test_nobody_required_is_fully_covered() -> None:
    found = problem(required={"mobile": [0]})
    coverage = coverage_of(found, roster(found))
    assert coverage.covered_share == 1.0
    assert gaps_of(found.timeline, coverage) == []


def test_gaps_come_worst_first_by_what_they_add_to_the_shortfall() -> None:
    # Three of three missing for an hour add 3 + 9 / 3 = 6 hours, four of forty only 4 + 16 / 40 = 4.4.
    found = problem(required={"small": [3, 0, 0], "large": [0, 0, 40]})
    all_large = [{"queue": "large", "start": at("10:00"), "end": at("11:00")}]
    served = roster(found, *(duty("a", "10:00", "11:00", serves=all_large) for _person in range(36)))
    small, large = gaps_of(found.timeline, coverage_of(found, served))
    assert (small.queue, small.start_minute, small.end_minute) == ("small", 480, 540)
    assert small.shortfall == pytest.approx(60 * 6.0)
    assert (large.queue, large.most_missing, large.required_then, large.missing_agent_minutes) == ("large", 4, 40, 240)
    assert large.shortfall == pytest.approx(60 * 4.4)


def test_a_gap_ends_with_its_day_and_where_somebody_serves() -> None:
    found = problem(required={"mobile": [1] * 28}, start="20:00", days=2)
    served = roster(found, duty("a", "22:00", "23:00"))
    spans = sorted((gap.start_minute, gap.end_minute) for gap in gaps_of(found.timeline, coverage_of(found, served)))
    assert spans == [(1200, 1320), (1380, 1440), (1440, 2880)]


@pytest.mark.parametrize("agents", [40])
def test_the_page_and_the_checks_measure_alike(agents: int) -> None:
    """The checks compute the tiers on their own; every gap's part must add up to them."""
    found = problem_of(agents)
    made = plausible_roster(found)
    verdict, coverage = judge(found, made), coverage_of(found, made)
    assert coverage.missing_agent_minutes == verdict.missing_agent_minutes
    assert coverage.required_agent_minutes == verdict.required_agent_minutes
    gaps = gaps_of(found.timeline, coverage)
    assert sum(gap.shortfall for gap in gaps) == pytest.approx(verdict.tiers.shortfall)
    assert sum(gap.missing_agent_minutes for gap in gaps) == coverage.missing_agent_minutes


def test_people_in_a_room_against_its_cap() -> None:
    found = problem(rooms=[room(area_m2=25.0)], min_area_per_person_m2=10.0, max_persons_on_site=5)
    present = roster(
        found,
        duty("a", "08:00", "10:00", desk="east-1"),
        duty("b", "09:00", "11:00", desk="east-3"),
        duty("c", "09:00", "11:00"),
        released=["east-1", "east-3"],
    )
    occupancy = floor_occupancy_of(found, present)
    east = occupancy.rooms[0]
    assert east.present[7:12] == (0, 1, 2, 1, 0)
    assert (east.cap, east.released, east.limit) == (2, 2, 2)
    assert (east.peak, east.peak_slot) == (2, 9)
    assert (occupancy.peak, occupancy.limit) == (2, 2)


@pytest.mark.parametrize(("site_cap", "limit"), [(None, 3), (2, 2), (4, 3)])
def test_the_site_takes_no_more_than_its_rooms_and_its_own_cap(site_cap: int | None, limit: int) -> None:
    rooms = [room(), room("west", desks=1)]
    found = problem(rooms=rooms, max_persons_on_site=site_cap)
    empty = roster(found, released=["east-1", "east-3", "west-1"])
    assert floor_occupancy_of(found, empty).limit == limit


def test_a_site_without_rooms_has_nobody_in_them() -> None:
    found = problem()
    occupancy = floor_occupancy_of(found, roster(found))
    assert (occupancy.peak, occupancy.limit, occupancy.rooms) == (0, 0, ())


def test_who_sits_where_at_the_first_and_after_the_last_minute() -> None:
    found = problem(rooms=[room()])
    made = roster(found, duty("a", "08:00", "10:00", desk="east-1"))
    assert seated_at(found, made, 8 * 60)["east-1"].agent == "a"
    assert seated_at(found, made, 10 * 60) == {}


def test_rows_have_all_agents_and_work_without_breaks() -> None:
    found = problem()
    pause = [{"start": at("09:00"), "end": at("10:00")}]
    rows = rows_of(found, roster(found, duty("b", "08:00", "12:00", serves=[], breaks=pause)))
    assert [row.agent.id for row in rows] == ["a", "b", "c", "d"]
    assert [row.work_minutes for row in rows] == [0, 180, 0, 0]


def test_work_for_one_queue_that_goes_on_is_one_stripe() -> None:
    found = problem()
    serves = [
        {"queue": "mobile", "start": at(start), "end": at(end)}
        for start, end in (("09:00", "10:00"), ("08:00", "09:00"))
    ]
    bar = rows_of(found, roster(found, duty("a", "08:00", "10:00", serves=serves)))[0].bars[0]
    assert [(work.start_minute, work.end_minute) for work in bar.serves] == [(480, 600)]


FILTERS = [
    (GridFilter(), "abcd"),
    (GridFilter(search="ANNA"), "a"),
    (GridFilter(search=" b "), "b"),
    (GridFilter(queue="dsl"), "b"),
    (GridFilter(place="site"), "a"),
    (GridFilter(day_index=1), "a"),
    (GridFilter(place="home", day_index=1), "a"),
    (GridFilter(place="site", day_index=1), ""),
    (GridFilter(search="anna", queue="dsl"), ""),
]


@pytest.mark.parametrize(("wanted", "left"), FILTERS)
def test_filters_ask_for_one_duty_that_fits_in_every_way(wanted: GridFilter, left: str) -> None:
    found = problem(required={"mobile": [1], "dsl": [1]}, rooms=[room()], days=2)
    dsl = [{"queue": "dsl", "start": at("08:00"), "end": at("09:00")}]
    rows = rows_of(
        found,
        roster(
            found,
            duty("a", "08:00", "09:00", desk="east-1"),
            duty("a", "08:00", "09:00", day=TUESDAY),
            duty("b", "08:00", "09:00", serves=dsl),
        ),
    )
    assert "".join(row.agent.id for row in filtered(rows, wanted, {"a": "Anna", "c": "Cem"})) == left


def test_changes_are_added_moved_removed_or_only_another_desk() -> None:
    found = problem(rooms=[room()], days=2)
    before = roster(
        found,
        duty("a", "08:00", "10:00", desk="east-1"),
        duty("b", "08:00", "10:00"),
        duty("c", "08:00", "10:00"),
        duty("d", "08:00", "10:00"),
    )
    after = roster(
        found,
        duty("a", "08:00", "10:00", desk="east-2"),
        duty("b", "09:00", "11:00"),
        duty("c", "08:00", "10:00", day=TUESDAY),
        duty("d", "08:00", "10:00"),
    )
    difference = difference_of(rows_of(found, before), rows_of(found, after))
    assert [(change.agent, change.day_index, change.change) for change in difference.changes] == [
        ("a", 0, Change.DESK),
        ("b", 0, Change.MOVED),
        ("c", 0, Change.REMOVED),
        ("c", 1, Change.ADDED),
    ]
    assert difference.agents == 3


def test_the_same_place_changed_is_a_move() -> None:
    found = problem(rooms=[room()])
    at_home, on_site = (roster(found, duty("a", "08:00", "10:00", desk=desk)) for desk in (None, "east-1"))
    changes = difference_of(rows_of(found, at_home), rows_of(found, on_site)).changes
    assert [change.change for change in changes] == [Change.MOVED]


def test_against_nothing_everything_is_new() -> None:
    found = problem()
    difference = difference_of((), rows_of(found, roster(found, duty("a", "08:00", "10:00"))))
    assert (difference.agents, difference.count(Change.ADDED)) == (1, 1)


def test_the_table_has_the_slots_in_which_anything_happens() -> None:
    found = problem(required={"mobile": [2, 1]}, rooms=[room()])
    picture = RosterPicture(found, roster(found, duty("a", "07:00", "10:00", desk="east-1")))
    rows = slot_rows(picture, 0)
    assert [row.clock_minutes for row in rows] == [7 * 60, 8 * 60, 9 * 60]
    assert [(row.queues[0].required, row.queues[0].serving, row.queues[0].missing) for row in rows] == [
        (0, 1, 0),
        (2, 1, 1),
        (1, 1, 0),
    ]
    assert [(row.rooms, row.on_site) for row in rows] == [((1,), 1)] * 3


def test_an_idle_day_has_no_table() -> None:
    found = problem(required={"mobile": [0]})
    assert slot_rows(RosterPicture(found, roster(found)), 0) == []


def test_a_day_of_25_hours_has_25_rows_an_hour_and_two_twos() -> None:
    october = date(2020, 10, 25)
    found = problem(required={"mobile": [1] * 25}, start="00:00", first_day=october)
    clocks = [row.clock_minutes // 60 for row in slot_rows(RosterPicture(found, roster(found)), 0)]
    assert len(clocks) == 25
    assert clocks[:5] == [0, 1, 2, 2, 3]


def test_figures_of_a_summary_without_any_are_none() -> None:
    assert figures_of({}, is_published=True) is None
    summary = {"required_agent_minutes": 0, "missing_agent_minutes": 0, "on_site_peak": 0, "on_site_limit": 0}
    figures = figures_of(summary, is_published=False)
    assert figures is not None
    assert figures.covered_share == 1.0
