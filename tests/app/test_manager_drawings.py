"""Axes, charts and floor plans: where things are drawn, also where the clock changes."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from app.services.demand_view import calls_per_slot
from app.services.floor_occupancy import Seating
from app.services.floor_plan import DeskState, floor_plan, released_at
from app.services.roster_grid import rows_of
from app.svg.axis import axis_for
from app.svg.bands import bars_band
from app.svg.element import element
from app.svg.floor import room_picture
from app.svg.progress import progress_chart
from solver.demand.forecast import ForecastCalls
from solver.timeline import Timeline
from tests.app.small_problems import at, duty, problem, room, roster

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Timeline(BERLIN, date(2020, 3, 30), 7, 15)
AUTUMN = Timeline(BERLIN, date(2020, 10, 24), 2, 60)
SPRING = Timeline(BERLIN, date(2020, 3, 28), 2, 60)


def xml(picture: Markup) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  # our own text


def test_days_are_cropped_to_the_hours_in_use_on_any_of_them() -> None:
    axis = axis_for(WEEK, [(7 * 60 + 30, 9 * 60), (1440 + 600, 1440 + 20 * 60 + 15)], range(7), 1080.0)
    assert [
        (panel.start_minute - panel.day_index * 1440, panel.end_minute - panel.day_index * 1440)
        for panel in axis.panels
    ] == [(420, 21 * 60)] * 7
    assert axis.panels[-1].right == pytest.approx(1080.0)
    assert {tick.clock_hour for tick in axis.ticks()} <= set(range(7, 21))


def test_a_duty_past_midnight_shows_whole_days_and_is_drawn_in_both() -> None:
    axis = axis_for(WEEK, [(1200, 1500)], range(7), 1080.0)
    left, right = axis.pieces(1200, 1500)
    assert left[1] == pytest.approx(axis.panels[0].right)
    assert right[0] == pytest.approx(axis.panels[1].left)


def test_nothing_in_use_still_makes_an_axis() -> None:
    axis = axis_for(WEEK, [], [3], 100.0)
    assert [(panel.day_index, panel.left, panel.right) for panel in axis.panels] == [(3, 0.0, 100.0)]


@pytest.mark.parametrize(
    ("timeline", "hours", "clocks"), [(AUTUMN, 25, [0, 1, 2, 2, 3]), (SPRING, 23, [0, 1, 3, 4, 5])]
)
def test_the_day_of_a_clock_change_is_as_long_as_it_is(timeline: Timeline, hours: int, clocks: list[int]) -> None:
    axis = axis_for(timeline, [(0, timeline.minutes)], [0, 1], 2000.0, gap=0.0)
    ordinary, changed = axis.panels
    assert changed.end_minute - changed.start_minute == hours * 60
    assert (changed.right - changed.left) / (ordinary.right - ordinary.left) == pytest.approx(hours / 24)
    labelled = [tick.clock_hour for tick in axis.ticks() if tick.x >= changed.left]
    assert labelled[:5] == clocks


def test_text_in_a_picture_is_escaped() -> None:
    assert element("text", "<script>", title='"&') == '<text title="&#34;&amp;">&lt;script&gt;</text>'
    assert element("g", element("rect", x=1.005, y=2), x=None) == '<g><rect x="1" y="2"/></g>'


def test_names_in_bars_are_escaped() -> None:
    found = problem()
    bars = rows_of(found, roster(found, duty("a", "08:00", "12:00")))[0].bars
    axis = axis_for(found.timeline, [(480, 720)], [0], 100.0)
    picture = bars_band(axis, bars, {"mobile": ("<", 0)}, ["<b>"], '">')
    assert "<b>" not in picture
    assert xml(picture).attrib["aria-label"] == '">'


def test_a_bar_at_home_differs_by_more_than_colour_and_breaks_are_notches() -> None:
    found = problem(rooms=[room()])
    pause = [{"start": at("09:00"), "end": at("10:00")}]
    made = roster(
        found, duty("a", "08:00", "12:00", serves=[], breaks=pause), duty("b", "08:00", "12:00", desk="east-1")
    )
    axis = axis_for(found.timeline, [(480, 720)], [0], 240.0)
    at_home, on_site = (
        xml(bars_band(axis, row.bars, {"mobile": ("M", 0)}, ["x"], "l"))[1] for row in rows_of(found, made)[:2]
    )
    assert at_home[1].attrib["rx"] != on_site[1].attrib["rx"]
    assert (at_home[1].attrib["x"], at_home[1].attrib["width"]) == ("0.0", "240.0")
    notch = at_home.find("path")
    assert notch is not None
    assert notch.attrib["d"].startswith("M60.0")
    assert on_site.find("path") is None


def test_calls_are_spread_over_finer_slots_and_gathered_in_coarser_ones() -> None:
    calls = [ForecastCalls(date(2020, 3, 30), 8 * 60, 10.0, 4), ForecastCalls(date(2020, 3, 30), 8 * 60 + 30, 20.0, 4)]
    finer = calls_per_slot(Timeline(BERLIN, date(2020, 3, 30), 1, 15), calls, 30)
    assert finer[32:36] == pytest.approx((5.0, 5.0, 10.0, 10.0))
    assert calls_per_slot(Timeline(BERLIN, date(2020, 3, 30), 1, 60), calls, 30)[8] == pytest.approx(30.0)


def test_an_hour_that_comes_twice_brings_its_calls_twice_and_a_skipped_one_none() -> None:
    night = [ForecastCalls(date(2020, 10, 25), 2 * 60, 6.0, 4)]
    assert sum(calls_per_slot(AUTUMN, night, 60)) == pytest.approx(12.0)
    skipped = [ForecastCalls(date(2020, 3, 29), 2 * 60, 6.0, 4)]
    assert sum(calls_per_slot(SPRING, skipped, 60)) == 0.0


def test_desks_say_why_they_are_not_released() -> None:
    east = room(desks=4)
    east["desks"][3]["blocked"] = True
    found = problem(rooms=[east], min_distance_m=1.5)
    plan = floor_plan(found, ["east-1"], {}).rooms[0]
    assert [desk.state for desk in plan.desks] == [
        DeskState.RELEASED,
        DeskState.TOO_CLOSE,
        DeskState.SPARE,
        DeskState.BLOCKED,
    ]
    assert plan.desks[1].near == ("east-1", 1.0)


@pytest.mark.parametrize(("spacing_m", "state"), [(1.5, DeskState.SPARE), (1.49, DeskState.TOO_CLOSE)])
def test_exactly_the_distance_is_far_enough(spacing_m: float, state: DeskState) -> None:
    found = problem(rooms=[room(desks=2, spacing_m=spacing_m)], min_distance_m=1.5)
    assert floor_plan(found, ["east-1"], {}).rooms[0].desks[1].state is state


def test_a_screen_between_two_desks_lets_them_be_closer() -> None:
    east = {**room(desks=2), "partitions": [["east-1", "east-2"]]}
    plan = floor_plan(problem(rooms=[east], min_distance_m=1.5), ["east-1"], {}).rooms[0]
    assert plan.desks[1].state is DeskState.SPARE
    assert plan.screens == (((1.5, 1.5), (1.5, 0.5)),)


def test_another_distance_releases_other_desks() -> None:
    found = problem(rooms=[room(desks=5)], min_distance_m=1.0)
    assert len(released_at(found).released) == 5
    assert len(released_at(found, 2.0).released) == 3
    tried = floor_plan(found, released_at(found, 2.0).released, {}, distance_m=2.0)
    assert (tried.released, tried.rooms[0].count(DeskState.TOO_CLOSE)) == (3, 2)


def test_a_room_is_drawn_to_scale_with_a_circle_of_the_distance() -> None:
    found = problem(rooms=[room(desks=2)], min_distance_m=1.5)
    seated = {"east-1": Seating("a", "east-1", 480, 600)}
    plan = floor_plan(found, ["east-1"], {"east": [(0, 0), (12, 0), (12, 4), (0, 4)]}, seatings=seated).rooms[0]
    picture = xml(room_picture(plan, 1.5, "East", lambda desk: desk.desk.id))
    desks = [part for part in picture if part.attrib.get("class", "").startswith("desk ")]
    assert [desk.attrib["class"] for desk in desks] == ["desk released seated", "desk too_close"]
    assert {desk.attrib["tabindex"] for desk in desks} == {"0"}
    assert desks[0][0].attrib == {"class": "reach", "cx": "1", "cy": "1", "r": "1.5"}
    left, top, width, height = map(float, picture.attrib["viewBox"].split())
    assert float(picture.attrib["width"]) / width == pytest.approx(float(picture.attrib["height"]) / height, rel=0.01)
    assert left < 0
    assert left + width > 12
    assert top < 0
    assert top + height > 4


TEXTS = {"label": "l", "missing": "m", "bound": "b", "seconds": "{:.0f} s", "share": "{:g} %"}


def test_the_curve_falls_and_the_bound_stays_below() -> None:
    points = [(1.0, 300.0, 100.0), (5.0, 200.0, 100.0), (20.0, 150.0, 120.0)]
    picture = xml(progress_chart(points, 1000.0, 30.0, 60.0, TEXTS))
    ends = {part.attrib["class"]: float(part.attrib["y"]) for part in picture if "end" in part.attrib.get("class", "")}
    assert ends["end missing-end"] < ends["end bound-end"]


@pytest.mark.parametrize("points", [[(0.0, 0.0, None)], [(0.0, 50.0, None)], [(2.0, 10.0, 10.0)]])
def test_any_course_can_be_drawn(points: list[tuple[float, float, float | None]]) -> None:
    assert xml(progress_chart(points, 0.0, 0.0, 60.0, TEXTS)).tag == "svg"


def test_ends_that_meet_give_way_to_each_other() -> None:
    picture = xml(progress_chart([(1.0, 100.0, 100.0)], 1000.0, 30.0, 60.0, TEXTS))
    ends = [float(part.attrib["y"]) for part in picture if "end" in part.attrib.get("class", "")]
    assert abs(ends[0] - ends[1]) >= 15


def test_a_week_later_nothing_moves() -> None:
    later = Timeline(BERLIN, WEEK.first_day + timedelta(weeks=1), 7, 15)
    spans = [(480, 1200), (1440 + 360, 1440 + 600)]
    assert axis_for(later, spans, range(7), 1080.0).panels == axis_for(WEEK, spans, range(7), 1080.0).panels
