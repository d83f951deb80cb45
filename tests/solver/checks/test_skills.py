from __future__ import annotations

from tests.solver.build import agent, breach, duty, findings, minutes, problem, size, when

SITE = problem(agents=[agent("a", queues=["mobile", "dsl"]), agent("b")])
MORNING = ("Mon 08:00", "Mon 12:00")


def test_one_queue_after_the_other() -> None:
    served = [("mobile", "Mon 08:00", "Mon 10:00"), ("dsl", "Mon 10:00", "Mon 12:00")]
    assert findings(SITE, duty("a", *MORNING, serves=served, home=True)) == ()


def test_a_queue_without_the_skill() -> None:
    found = breach(SITE, duty("b", *MORNING, serves=[("dsl", "Mon 08:00", "Mon 08:15")], home=True))
    assert size(found) == ("skills", "not_skilled", 15, "minutes")
    assert (found.agents, found.where, when(found)) == (("b",), ("dsl",), minutes(SITE, "Mon 08:00", "Mon 08:15"))


def test_two_queues_at_once() -> None:
    served = [("mobile", "Mon 08:00", "Mon 10:15"), ("dsl", "Mon 10:00", "Mon 12:00")]
    found = breach(SITE, duty("a", *MORNING, serves=served, home=True))
    assert size(found) == ("skills", "two_queues", 15, "minutes")
    assert (found.where, when(found)) == (("dsl", "mobile"), minutes(SITE, "Mon 10:00", "Mon 10:15"))


def test_service_until_and_from_a_break() -> None:
    pause = [("Mon 10:00", "Mon 10:30")]
    served = [("mobile", "Mon 08:00", "Mon 10:00"), ("mobile", "Mon 10:30", "Mon 12:00")]
    assert findings(SITE, duty("a", *MORNING, breaks=pause, serves=served, home=True)) == ()


def test_service_in_a_break() -> None:
    pause = [("Mon 10:00", "Mon 10:30")]
    found = breach(SITE, duty("a", *MORNING, breaks=pause, serves=[("mobile", "Mon 08:00", "Mon 10:15")], home=True))
    assert size(found) == ("skills", "in_break", 15, "minutes")
    assert (found.where, when(found)) == (("mobile",), minutes(SITE, "Mon 10:00", "Mon 10:15"))
