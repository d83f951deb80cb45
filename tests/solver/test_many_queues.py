"""More queues than a machine word has bits: each is served by the one who knows it."""

from __future__ import annotations

from solver.solve import solve
from solver.tiers import required_agent_minutes
from tests.solver import build

AGENTS = 8
QUEUES = 70


def test_seventy_queues_are_served_by_those_who_know_them() -> None:
    names = [f"q{number}" for number in range(QUEUES)]
    problem = build.problem(
        horizon={"first_day": build.MONDAY.isoformat(), "days": 1, "slot_minutes": 60},
        queues=[{"id": name} for name in names],
        agents=[build.agent(f"a{number}", queues=[names[-1 - number], names[number]]) for number in range(AGENTS)],
        demand=[build.demand("Mon 08:00", [1, 1, 1, 1], names[-1 - number]) for number in range(AGENTS)],
    )
    roster = solve(problem, iterations=50, workers=1)
    served = {(duty.agent, work.queue) for duty in roster.duties for work in duty.serves}
    assert required_agent_minutes(problem) == AGENTS * 4 * 60
    assert roster.missing_agent_minutes == 0
    assert served >= {(f"a{number}", names[-1 - number]) for number in range(AGENTS)}
