"""The names of the hard rules, and what a check reports: facts, never text."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Rule(StrEnum):
    """Every hard rule of the roster format, by the one name it has everywhere."""

    DUTY_SHAPE = "duty_shape"
    AGENT_LIMITS = "agent_limits"
    AVAILABILITY = "availability"
    PLACE = "place"
    SKILLS = "skills"
    OVERLAP = "overlap"
    DAILY_WORK = "daily_work"
    BREAKS = "breaks"
    REST = "rest"
    WEEKLY_WORK = "weekly_work"
    CONSECUTIVE_DAYS = "consecutive_days"
    FREE_DAYS = "free_days"
    NOT_TOGETHER = "not_together"
    FIXED = "fixed"
    DESK = "desk"
    DISTANCE = "distance"
    ROOM_CAP = "room_cap"
    SITE_CAP = "site_cap"
    CLEANING_GAP = "cleaning_gap"
    ARRIVALS = "arrivals"
    COHORT = "cohort"


Fact = str | int | float | None


@dataclass(frozen=True, order=True)
class Finding:
    """One breach of one rule.

    :param rule: the rule broken
    :param detail: which clause of the rule, e.g. ``"break_too_short"``; the key of its sentence
    :param agents: ids of the agents concerned, sorted
    :param where: ids of the room, desk, queue or ``"site"`` concerned, empty where the rule knows none
    :param start_minute: first elapsed minute concerned (see :mod:`solver.timeline`), None where no time is meant
    :param end_minute: end of the span concerned, exclusive
    :param amount: how far beyond the limit, in ``unit``
    :param unit: ``minutes``, ``persons``, ``metres``, ``days``, ``duties``, ``parts``
    :param facts: what the sentence needs besides, by name: limits, ids, measured values
    """

    rule: Rule
    detail: str
    agents: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    start_minute: int | None = None
    end_minute: int | None = None
    amount: float = 0.0
    unit: str = ""
    facts: tuple[tuple[str, Fact], ...] = field(default=())
