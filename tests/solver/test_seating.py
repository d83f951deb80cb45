import itertools
import random
from typing import Any

import pytest

from solver.checks import judge
from solver.models.seating import reseat
from solver.problem import Problem
from solver.roster import Roster
from tests.solver import build

DESKS = ("e1", "e2", "e3")


def four_agents(**of_agent: Any) -> list[build.Json]:
    return [build.agent(name, **of_agent.get(name, {})) for name in "abcd"]


def judged(problem: Problem, *duties: build.Json) -> Roster:
    """A roster of these duties with all desks released, that keeps every rule, tiers counted."""
    every_desk = [desk.id for room in problem.rooms for desk in room.desks]
    roster = build.roster(problem, duties, released_desks=every_desk)
    verdict = judge(problem, roster)
    assert verdict.findings == ()
    return roster.model_copy(update={"tiers": verdict.tiers})


def better(problem: Problem, roster: Roster) -> Roster:
    """The roster reseated, with everything but desks as before."""
    seated = reseat(problem, roster, time_limit_seconds=10)
    verdict = judge(problem, seated)
    assert verdict.findings == ()
    assert verdict.tiers == seated.tiers
    kept = [duty.model_copy(update={"desk": None}) for duty in roster.duties]
    assert [duty.model_copy(update={"desk": None}) for duty in seated.duties] == kept
    assert seated.released_desks == roster.released_desks
    return seated


def desks(roster: Roster) -> list[str | None]:
    return [duty.desk for duty in roster.duties]


def test_takes_a_free_usual_desk() -> None:
    problem = build.problem(agents=four_agents(a={"usual_desk": "e3"}))
    roster = judged(problem, build.duty("a", "Mon 08:00", "Mon 12:00", desk="e1"))
    assert desks(better(problem, roster)) == ["e3"]
    assert roster.tiers.wishes - better(problem, roster).tiers.wishes == 60


def test_two_exchange_desks() -> None:
    problem = build.problem(agents=four_agents(a={"usual_desk": "e2"}, b={"usual_desk": "e1"}))
    duties = [build.duty(name, "Mon 08:00", "Mon 12:00", desk=desk) for name, desk in (("a", "e1"), ("b", "e2"))]
    assert desks(better(problem, judged(problem, *duties))) == ["e2", "e1"]


def test_somebody_without_a_wish_makes_room_along_a_chain() -> None:
    # Only d may use w1, b needs what e2 and e1 have: a gets e1 when b goes to e2 and d from there to w1.
    rooms = [
        build.room("east", [build.desk("e1", 0, features=["high"]), build.desk("e2", 2, features=["high"])]),
        build.room("west", [build.desk("w1", 0)]),
    ]
    agents = four_agents(a={"usual_desk": "e1", "desk_needs": ["high"]}, b={"desk_needs": ["high"]})
    problem = build.problem(rooms=rooms, agents=agents)
    duties = [
        build.duty("a", "Tue 08:00", "Tue 12:00", desk="e1"),
        build.duty("a", "Mon 10:00", "Mon 14:00", desk="e2"),
        build.duty("b", "Mon 08:00", "Mon 12:00", desk="e1"),
        build.duty("d", "Mon 07:00", "Mon 09:00", desk="e2"),
    ]
    assert desks(better(problem, judged(problem, *duties))) == ["e1", "e1", "e2", "w1"]


def test_brings_the_duties_of_one_person_to_one_desk() -> None:
    problem = build.problem(agents=four_agents())
    duties = [
        build.duty("a", f"{day} 08:00", f"{day} 12:00", desk=desk)
        for day, desk in zip(build.WEEKDAYS, DESKS, strict=False)
    ]
    assert len(set(desks(better(problem, judged(problem, *duties))))) == 1


@pytest.mark.parametrize(("later", "desk"), [("12:15", "e1"), ("12:00", "e2")])
def test_waits_for_the_desk_to_be_clean(later: str, desk: str) -> None:
    agents = four_agents(a={"usual_desk": "e1"}, b={"usual_desk": "e1"})
    problem = build.problem(agents=agents, hygiene={"cleaning_gap_minutes": 15})
    duties = [
        build.duty("a", "Mon 08:00", "Mon 12:00", desk="e1"),
        build.duty("b", f"Mon {later}", "Mon 16:00", desk="e2"),
    ]
    assert desks(better(problem, judged(problem, *duties))) == ["e1", desk]


def test_a_full_room_and_another_cohort_keep_people_out() -> None:
    def moved(**hygiene: Any) -> list[str | None]:
        agents = four_agents(a={"usual_desk": "w1", "cohort": "A"}, b={"usual_desk": "w2", "cohort": "B"})
        rooms = [build.ROOMS[0], {**build.ROOMS[1], **hygiene.pop("room", {})}]
        problem = build.problem(agents=agents, rooms=rooms, hygiene=hygiene)
        duties = [
            build.duty("a", "Mon 08:00", "Mon 12:00", desk="e1"),
            build.duty("b", "Mon 08:00", "Mon 12:00", desk="w2"),
        ]
        return desks(better(problem, judged(problem, *duties)))

    assert moved() == ["w1", "w2"]
    assert moved(room={"max_persons": 1}) == ["e1", "w2"]
    assert moved(cohort_rule="same_room") == ["e1", "w2"]


def test_a_booked_desk_stays() -> None:
    booking = build.span("Mon 08:00", "Mon 12:00", place="site", desk="e1")
    problem = build.problem(agents=four_agents(a={"usual_desk": "e2", "fixed": [booking]}))
    roster = judged(problem, build.duty("a", "Mon 08:00", "Mon 12:00", desk="e1"))
    assert reseat(problem, roster, time_limit_seconds=5) == roster


def fewest_unusual(problem: Problem, roster: Roster) -> float:
    """The least wishes over every way to seat everybody."""
    best = roster.tiers.wishes
    for chosen in itertools.product(DESKS, repeat=len(roster.duties)):
        pairs = zip(roster.duties, chosen, strict=True)
        tried = roster.model_copy(update={"duties": [duty.model_copy(update={"desk": desk}) for duty, desk in pairs]})
        verdict = judge(problem, tried)
        if not verdict.findings:
            best = min(best, verdict.tiers.wishes)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_small_sites_get_the_best_seating_there_is(seed: int) -> None:
    draw = random.Random(seed)
    usual = {name: {"usual_desk": draw.choice(DESKS), "desk_needs": draw.choice(([], ["high"]))} for name in "abcd"}
    features = [["high"], ["high"], []]
    east = [build.desk(name, 2 * rank, features=features[rank]) for rank, name in enumerate(DESKS)]
    hygiene = {"cleaning_gap_minutes": 15}
    problem = build.problem(rooms=[build.room("east", east)], agents=four_agents(**usual), hygiene=hygiene)
    duties: list[build.Json] = []
    for name in "abcdab":
        start = draw.randrange(6, 18)
        for desk in draw.sample(DESKS, 3):
            added = build.duty(name, f"Mon {start:02}:00", f"Mon {start + 3:02}:00", desk=desk)
            if not build.findings(problem, *duties, added, released_desks=list(DESKS)):
                duties.append(added)
                break
    roster = judged(problem, *duties)
    assert better(problem, roster).tiers.wishes == fewest_unusual(problem, roster)


def test_no_time_leaves_everything_and_the_same_roster_gives_the_same_seats() -> None:
    agents = four_agents(a={"usual_desk": "e3"}, b={"usual_desk": "e3"})
    problem = build.problem(agents=agents)
    duties = [build.duty(name, "Mon 08:00", "Mon 12:00", desk=desk) for name, desk in (("a", "e1"), ("b", "e2"))]
    roster = judged(problem, *duties)
    assert reseat(problem, roster, time_limit_seconds=0) == roster
    assert better(problem, roster) == better(problem, roster)
    assert sorted(name or "" for name in desks(better(problem, roster))) in (["e1", "e3"], ["e2", "e3"])
