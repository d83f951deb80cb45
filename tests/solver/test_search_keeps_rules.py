"""Whatever the problem, the search's roster has no finding: solve() judges it and raises where it has."""

from hypothesis import HealthCheck, given, settings

from solver.checks import judge
from solver.problem import Problem
from solver.solve import solve
from tests.solver.search_problems import problems

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(problems())
def test_no_roster_of_the_search_has_a_finding_or_beats_the_bound(problem: Problem) -> None:
    roster = solve(problem, iterations=40, workers=1)
    verdict = judge(problem, roster)
    assert verdict.findings == ()
    assert roster.tiers == verdict.tiers
    if roster.bound is not None and roster.bound.shortfall is not None:
        assert roster.bound.shortfall <= verdict.tiers.shortfall + 1e-6
