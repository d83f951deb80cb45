"""The five tiers by hand-made rosters whose numbers are worked out in the tests."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.checks import Verdict, judge
from solver.problem import Problem
from tests.solver.build import (
    Json,
    agent,
    at_home,
    demand,
    duty,
    problem,
    roster,
    span,
)


def verdict(site: Problem, *duties: Json) -> Verdict:
    return judge(site, roster(site, duties))


def serving(name: str, start: str, end: str, queue: str = "mobile") -> Json:
    return duty(name, start, end, serves=[(queue, start, end)], home=True)


class TestShortfall:
    SITE = problem(
        queues=[{"id": "mobile"}, {"id": "dsl", "weight": 2.5}],
        demand=[demand("Mon 08:00", [2, 4, 0, 1]), demand("Tue 08:00", [20], "dsl")],
        agents=[agent(name, queues=["mobile", "dsl"]) for name in "abc"],
    )

    def test_nobody_serves(self) -> None:
        """15 · (2+2 + 4+4 + 1+1) + 15 · 2.5 · (20+20) = 210 + 1500."""
        judged = verdict(self.SITE)
        assert judged.tiers.shortfall == 1710
        assert (judged.missing_agent_minutes, judged.required_agent_minutes) == (15 * 27, 15 * 27)

    def test_holes_are_squared_and_divided_by_what_is_required(self) -> None:
        """One of 2 and 4 serves: 15 · (1 + 1/2 + 3 + 9/4 + 0), then the last quarter misses 1 + 1."""
        judged = verdict(self.SITE, serving("a", "Mon 08:00", "Mon 08:45"))
        assert judged.tiers.shortfall == 15 * (1.5 + 5.25 + 2) + 1500
        assert judged.missing_agent_minutes == 15 * (1 + 3 + 1 + 20)

    def test_more_than_required_helps_nobody_else(self) -> None:
        judged = verdict(self.SITE, *(serving(name, "Mon 08:30", "Mon 09:00") for name in "abc"))
        assert judged.tiers.shortfall == 15 * (4 + 8) + 1500

    def test_a_person_counts_once_and_only_for_the_queue_served(self) -> None:
        twice = duty(
            "a",
            "Tue 08:00",
            "Tue 09:00",
            home=True,
            serves=[("dsl", "Tue 08:00", "Tue 08:15"), ("dsl", "Tue 08:00", "Tue 08:30")],
        )
        judged = verdict(self.SITE, twice)
        assert judged.missing_agent_minutes == 15 * (2 + 4 + 1 + 19)
        assert judged.tiers.shortfall == 15 * 14 + 15 * 2.5 * (19 + 19**2 / 20)

    def test_the_first_and_the_last_slot(self) -> None:
        site = problem(demand=[demand("Mon 00:00", [1]), demand("Sun 23:45", [1])])
        judged = verdict(site, serving("a", "Mon 00:00", "Mon 00:15"), serving("a", "Sun 23:45", "Sun 24:00"))
        assert (judged.tiers.shortfall, judged.missing_agent_minutes) == (0, 0)

    def test_the_hour_that_comes_twice_has_slots_twice(self) -> None:
        site = problem(horizon={"first_day": "2020-10-25", "days": 1}, demand=[demand("2020-10-25 02:00", [1] * 8)])
        judged = verdict(site, serving("a", "2020-10-25 02:00 again", "2020-10-25 03:00"))
        assert judged.missing_agent_minutes == 60


class TestChanges:
    def site(self, *previous: Json, **more: Any) -> Problem:
        return problem(agents=[agent("a", previous=list(previous)), agent("b"), agent("c")], **more)

    def test_nothing_was_published_yet(self) -> None:
        assert verdict(self.site(), at_home("a", "Mon 08:00", "Mon 12:00")).tiers.changes == 0

    def test_the_published_roster_unchanged(self) -> None:
        same = self.site(span("Mon 08:00", "Mon 12:00", place="home"))
        assert verdict(same, at_home("a", "Mon 08:00", "Mon 12:00")).tiers.changes == 0

    def test_minutes_left_out_added_and_moved_to_another_place(self) -> None:
        """8–12 at home becomes 9–13 on site: one hour gone, one new, three elsewhere."""
        site = self.site(span("Mon 08:00", "Mon 12:00", place="home"))
        assert verdict(site, duty("a", "Mon 09:00", "Mon 13:00", desk="e1")).tiers.changes == 300

    def test_people_without_a_published_duty_count_once_anybody_has_one(self) -> None:
        site = self.site(span("Mon 08:00", "Mon 12:00", place="home"))
        duties = [at_home("a", "Mon 08:00", "Mon 12:00"), at_home("b", "Mon 08:00", "Mon 12:00")]
        assert verdict(site, *duties).tiers.changes == 240

    def test_a_duty_given_to_somebody_else_counts_twice(self) -> None:
        site = self.site(span("Mon 08:00", "Mon 12:00", place="home"))
        assert verdict(site, at_home("b", "Mon 08:00", "Mon 12:00")).tiers.changes == 480

    def test_only_presence_counts_not_how_it_is_cut_or_paused(self) -> None:
        site = self.site(span("Mon 08:00", "Mon 12:00", place="home"))
        halves = [
            at_home("a", "Mon 08:00", "Mon 10:00", ("Mon 09:00", "Mon 09:15")),
            at_home("a", "Mon 10:00", "Mon 12:00"),
        ]
        assert verdict(site, *halves).tiers.changes == 0

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.booleans(), st.booleans()), max_size=5))
    def test_changes_are_those_of_a_count_minute_by_minute(self, blocks: list[tuple[int, int, bool, bool]]) -> None:
        before, after = ({}, {})  # type: tuple[dict[int, bool], dict[int, bool]]
        duties: dict[bool, list[Json]] = {True: [], False: []}
        for start, length, at_home_now, published in blocks:
            hours = before if published else after
            if any(hour in hours for hour in range(start, start + length)) or start + length > 24:
                continue
            hours.update(dict.fromkeys(range(start, start + length), at_home_now))
            made = duty("a", f"Mon {start:02d}:00", f"Mon {start + length:02d}:00", home=at_home_now)
            duties[published].append(made)
        site = self.site(*duties[True])
        changed = sum(before.get(hour) != after.get(hour) for hour in range(24)) * 60
        assert verdict(site, *duties[False]).tiers.changes == (changed if duties[True] else 0)


def test_presence_on_site_counts_breaks_and_not_those_at_home() -> None:
    site = problem()
    duties = [
        duty("a", "Mon 08:00", "Mon 12:00", desk="e1", breaks=[("Mon 10:00", "Mon 10:30")]),
        duty("b", "Mon 22:00", "Tue 02:00", desk="e2"),
        at_home("c", "Mon 08:00", "Mon 12:00"),
    ]
    assert verdict(site, *duties).tiers.site_presence == 480


class TestContractMinutes:
    def site(self, days: int, **own: Any) -> Problem:
        return problem(horizon={"days": days}, agents=[agent("a", weekly_minutes={"min": 600, "max": 10_080}, **own)])

    def test_work_short_of_the_contract(self) -> None:
        duties = [
            at_home("a", "Mon 08:00", "Mon 12:30", ("Mon 10:00", "Mon 10:30")),
            at_home("a", "Tue 08:00", "Tue 12:00"),
        ]
        assert verdict(self.site(7), *duties).tiers.contract_minutes == 120

    def test_each_run_of_seven_days_counts_and_a_short_one_in_full(self) -> None:
        """Ten days: two runs; fifteen hours in the first do not help the second."""
        duties = [at_home("a", "Mon 08:00", "Mon 18:00"), at_home("a", "Tue 08:00", "Tue 13:00")]
        assert verdict(self.site(10), *duties).tiers.contract_minutes == 600

    def test_an_overnight_duty_belongs_to_the_run_it_starts_in(self) -> None:
        assert verdict(self.site(14), at_home("a", "Sun 20:00", "Mon+1 06:00")).tiers.contract_minutes == 600

    def test_nobody_lacks_what_the_contract_does_not_ask(self) -> None:
        assert verdict(problem()).tiers.contract_minutes == 0


class TestWishes:
    def wishes(self, own: Json, *duties: Json) -> float:
        return verdict(problem(agents=[agent("a", **own)]), *duties).tiers.wishes

    def test_undesired_and_preferred_windows(self) -> None:
        windows = [span("Mon 08:00", "Mon 10:00", kind="undesired"), span("Mon 10:00", "Mon 11:00", kind="preferred")]
        assert self.wishes({"availability": windows}, at_home("a", "Mon 09:00", "Mon 12:00")) == 60 - 60

    def test_windows_of_one_kind_count_a_minute_once(self) -> None:
        windows = [span("Mon 08:00", "Mon 10:00", kind="undesired"), span("Mon 09:00", "Mon 11:00", kind="undesired")]
        assert self.wishes({"availability": windows}, at_home("a", "Mon 08:00", "Mon 12:00")) == 180

    def test_windows_of_two_kinds_count_both(self) -> None:
        windows = [span("Mon 08:00", "Mon 10:00", kind=kind) for kind in ("undesired", "preferred")]
        assert self.wishes({"availability": windows}, at_home("a", "Mon 08:00", "Mon 10:00")) == 0

    @pytest.mark.parametrize(("home", "minutes"), [("allowed", 0), ("preferred", 240)])
    def test_on_site_though_home_is_preferred(self, home: str, minutes: int) -> None:
        assert self.wishes({"home": home}, duty("a", "Mon 08:00", "Mon 12:00", desk="e1")) == minutes
        assert self.wishes({"home": home}, at_home("a", "Mon 08:00", "Mon 12:00")) == 0

    def test_an_hour_for_each_duty_at_another_desk(self) -> None:
        own = {"usual_desk": "e1"}
        at_usual, elsewhere = (duty("a", "Mon 08:00", "Mon 12:00", desk=name) for name in ("e1", "e2"))
        assert self.wishes(own, at_usual) == 0
        assert self.wishes(own, elsewhere, duty("a", "Tue 08:00", "Tue 12:00", desk="w1")) == 120
        assert self.wishes(own, at_home("a", "Mon 08:00", "Mon 12:00")) == 0
        assert self.wishes({}, elsewhere) == 0
