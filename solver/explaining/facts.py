"""What an explanation says, as facts: sentences are made in :mod:`solver.explain_sentences`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from solver.rules import Fact
from solver.timeline import Timeline


class Reason(StrEnum):
    """Why somebody who could serve a gap's queue does not."""

    AT_WORK = "at_work"
    NEEDED_ELSEWHERE = "needed_elsewhere"
    BLOCKED = "blocked"
    REST = "rest"
    WEEKLY_TIME = "weekly_time"
    WORKDAYS = "workdays"
    CONSECUTIVE_DAYS = "consecutive_days"
    DAILY_TIME = "daily_time"
    BLOCKS = "blocks"
    BREAKS = "breaks"
    LIMITS = "limits"
    FREE_DAY = "free_day"
    NOT_TOGETHER = "not_together"
    OPENING = "opening"
    NO_DESK = "no_desk"
    ROOM_CAP = "room_cap"
    SITE_CAP = "site_cap"
    ARRIVALS = "arrivals"
    COHORT = "cohort"
    NOT_CLEARED = "not_cleared"
    QUEUE_NOT_AT_HOME = "queue_not_at_home"
    NEVER_ON_SITE = "never_on_site"


class Relaxation(StrEnum):
    """One thing that might be different."""

    DESK = "desk"
    ROOM_CAP = "room_cap"
    SITE_CAP = "site_cap"
    AREA = "area"
    DISTANCE = "distance"
    CLEANING_GAP = "cleaning_gap"
    ARRIVALS = "arrivals"
    HOME = "home"
    BLOCKED_WINDOW = "blocked_window"
    OPENING_EARLIER = "opening_earlier"
    OPENING_LATER = "opening_later"
    WEEKLY_TIME = "weekly_time"
    WORKDAY = "workday"
    SKILL = "skill"


@dataclass(frozen=True)
class Gap:
    """One queue short of people over a run of slots of one local day.

    :param start_minute: elapsed minute of its first slot
    :param end_minute: end of its last slot, exclusive
    :param missing_agent_minutes: people missing times minutes
    :param most_missing: people missing at the worst moment
    :param required: people required at that moment
    :param shortfall: its part of the first tier
    """

    queue: str
    start_minute: int
    end_minute: int
    missing_agent_minutes: int
    most_missing: int
    required: int
    shortfall: float


@dataclass(frozen=True)
class Cause:
    """Why some of the people who know the queue do not cover the gap.

    :param agents: ids of those whom this keeps away, alone or with other causes
    :param alone: ids of those whom nothing but this keeps away
    """

    reason: Reason
    agents: tuple[str, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True)
class Remedy:
    """One relaxation that was tried and helped.

    :param ids: what is relaxed: a room, the site, or the agents any one of whom would do
    :param saved_minutes: fewer missing agent minutes in all queues and days
    :param gap_minutes: fewer missing agent minutes in the gap itself
    :param facts: limits before and after, by name
    """

    kind: Relaxation
    ids: tuple[str, ...]
    saved_minutes: int
    gap_minutes: int
    facts: tuple[tuple[str, Fact], ...] = ()

    @property
    def worth(self) -> tuple[int, int]:
        """What the gap gains without another's losing it, then what all gain."""
        return min(self.saved_minutes, self.gap_minutes), self.saved_minutes


@dataclass(frozen=True)
class ExplainedGap:
    """A gap, its causes and what would help.

    :param qualified: number of agents who know the queue
    :param replanned_minutes: missing minutes saved by moving people without relaxing anything
    :param remedies: best first
    :param tried: kinds of relaxation that were tried to the end
    :param not_tried: kinds for which the time was too short, wholly or in part
    :param settled: whether everybody was moved as well as that goes without a relaxation; where not, moving people may
        save more than is said, and each remedy is compared with what its own people bring without it
    :param studied: how many of those who know the queue were looked at for the causes, None for all
    """

    gap: Gap
    qualified: int = 0
    replanned_minutes: int = 0
    causes: tuple[Cause, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    tried: tuple[Relaxation, ...] = ()
    not_tried: tuple[Relaxation, ...] = ()
    settled: bool = True
    studied: int | None = None


@dataclass(frozen=True)
class Explanation:
    """The worst gaps of a roster, worst first.

    :param missing_agent_minutes: of the whole roster
    :param gaps_in_all: how many gaps the roster has
    """

    gaps: tuple[ExplainedGap, ...]
    gaps_in_all: int
    missing_agent_minutes: int
    required_agent_minutes: int
    complete: bool = field(default=True)


def as_json(explanation: Explanation, timeline: Timeline) -> dict[str, Any]:
    """The same for machines: instants instead of elapsed minutes, stable names."""
    return {
        "missing_agent_minutes": explanation.missing_agent_minutes,
        "required_agent_minutes": explanation.required_agent_minutes,
        "gaps_in_all": explanation.gaps_in_all,
        "complete": explanation.complete,
        "gaps": [_gap_json(explained, timeline) for explained in explanation.gaps],
    }


def _gap_json(explained: ExplainedGap, timeline: Timeline) -> dict[str, Any]:
    gap = explained.gap
    return {
        "queue": gap.queue,
        "start": _instant(gap.start_minute, timeline),
        "end": _instant(gap.end_minute, timeline),
        "missing_agent_minutes": gap.missing_agent_minutes,
        "most_missing": gap.most_missing,
        "required": gap.required,
        "shortfall": gap.shortfall,
        "qualified": explained.qualified,
        "studied": explained.qualified if explained.studied is None else explained.studied,
        "replanned_minutes": explained.replanned_minutes,
        "settled": explained.settled,
        "causes": [
            {"reason": cause.reason.value, "agents": list(cause.agents), "alone": list(cause.alone)}
            for cause in explained.causes
        ],
        "remedies": [_remedy_json(remedy, timeline) for remedy in explained.remedies],
        "tried": [kind.value for kind in explained.tried],
        "not_tried": [kind.value for kind in explained.not_tried],
    }


def _remedy_json(remedy: Remedy, timeline: Timeline) -> dict[str, Any]:
    return {
        "kind": remedy.kind.value,
        "ids": list(remedy.ids),
        "saved_minutes": remedy.saved_minutes,
        "gap_minutes": remedy.gap_minutes,
        "facts": dict(_fact_json(name, value, timeline) for name, value in remedy.facts),
    }


def _fact_json(name: str, value: Fact, timeline: Timeline) -> tuple[str, Fact]:
    if name.endswith("_minute") and isinstance(value, int):
        return name.removesuffix("_minute"), _instant(value, timeline)
    return name, value


def _instant(minute: int, timeline: Timeline) -> str:
    return timeline.instant_of(minute).isoformat()


Facts = Mapping[str, Fact]
