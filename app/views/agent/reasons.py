"""Why something does not go, in one line for the agent it concerns: never another person's name, number or times."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import RefusedError
from app.messages import formats
from app.services.roster_guard import BreaksRuleError
from app.views.common import language, t
from solver import sentences
from solver.rules import Finding, Rule
from solver.timeline import Timeline

OWN = {
    Rule.AVAILABILITY,
    Rule.PLACE,
    Rule.SKILLS,
    Rule.OVERLAP,
    Rule.DAILY_WORK,
    Rule.REST,
    Rule.WEEKLY_WORK,
    Rule.CONSECUTIVE_DAYS,
    Rule.FREE_DAYS,
    Rule.AGENT_LIMITS,
    Rule.DUTY_SHAPE,
    Rule.BREAKS,
    Rule.FIXED,
}
"""Rules about one person; all others are about the floor, or about two who agreed."""
OTHER_TIME_HELPS = {
    "availability.blocked",
    "rest.too_short",
    "overlap.at_once",
    "agent_limits.too_early",
    "agent_limits.too_late",
    "agent_limits.too_much_work",
    "daily_work.too_much_work",
    "weekly_work.too_much_work",
    "not_together.too_close",
    "desk.none",
    "desk.too_few",
    "cleaning_gap.too_short",
    "room_cap.too_full",
    "site_cap.too_full",
    "arrivals.too_many",
    "cohort.same_room",
    "cohort.same_site",
}
TELLS_MORE = {"overlap.at_once": -1, "overlap.too_many_blocks": 1, "skills.two_queues": 1}
"""Of several reasons the lowest first: that there is a duty at that time tells more than what follows from it."""
SEEN_BY_DATABASE = {
    "overlap": "agent_reason.overlap.at_once",
    "desk": "agent_reason.desk.not_released",
    "distance": "agent_reason.distance.too_close",
    "room_cap": "agent_reason.room_cap.too_full",
    "site_cap": "agent_reason.site_cap.too_full",
    "cleaning_gap": "agent_reason.cleaning_gap.too_short",
}


def reason(findings: Sequence[Finding], timeline: Timeline, own_key: str) -> str:
    """The first of the agent's own reasons, else one of the floor, else that it does not fit the other person."""
    own = [finding for finding in findings if finding.rule in OWN and finding.agents == (own_key,)]
    own.sort(key=lambda finding: TELLS_MORE.get(f"{finding.rule}.{finding.detail}", 0))
    floor = [finding for finding in findings if finding.rule not in OWN]
    for finding in (*own, *floor):
        return _line(finding, timeline, own_key)
    return t("agent_reason.other_person")


def refusal_said(refused: RefusedError, own_key: str) -> str:
    """What a refusal of something asked for means to the agent."""
    if not isinstance(refused, BreaksRuleError):
        return t(refused.key, **refused.facts)
    return t("agent_reason.refused", reason=why(refused, own_key))


def why(refused: RefusedError, own_key: str) -> str:
    """The same as a reason alone, before anything was asked for."""
    if not isinstance(refused, BreaksRuleError):
        return t(refused.key, **refused.facts)
    if refused.timeline is None or not refused.findings:
        return t(SEEN_BY_DATABASE.get(refused.rule, "agent_reason.other"))
    return reason(refused.findings, refused.timeline, own_key)


def is_of_floor(refused: RefusedError) -> bool:
    """Whether only the floor stands in the way, so that another desk may help."""
    if not isinstance(refused, BreaksRuleError):
        return False
    if not refused.findings:
        return refused.rule in SEEN_BY_DATABASE and refused.rule != Rule.OVERLAP
    return all(finding.rule not in OWN for finding in refused.findings)


def other_time_helps(findings: Sequence[Finding]) -> bool:
    """Whether another start or length could be worth a look."""
    return bool(findings) and all(f"{finding.rule}.{finding.detail}" in OTHER_TIME_HELPS for finding in findings[:1])


def _line(finding: Finding, timeline: Timeline, own_key: str) -> str:
    if finding.rule is Rule.REST:
        return _rest(finding, timeline)
    facts = {
        name: _fact(name, value) for name, value in finding.facts if not _is_about_others(str(value), finding, own_key)
    }
    return t(f"agent_reason.{finding.rule}.{finding.detail}", **facts)


def _is_about_others(value: str, finding: Finding, own_key: str) -> bool:
    return value in finding.agents and value != own_key


def _fact(name: str, value: object) -> object:
    if isinstance(value, int) and name.endswith("_minutes"):
        return formats.duration(value, language())
    if name == "day":
        return sentences.words(str(value), language())
    return value


def _rest(finding: Finding, timeline: Timeline) -> str:
    """Between which days the rest would be too short."""
    facts = dict(finding.facts)
    rest, limit = (formats.duration(float(str(facts[name])), language()) for name in ("rest_minutes", "limit_minutes"))
    # A duty until midnight belongs to the day before.
    minutes = int(str(facts["last_end_minute"])) - 1, int(str(facts["next_start_minute"]))
    days = [timeline.day_index_of(minute) for minute in minutes]
    before, after = (formats.weekday(timeline.day(day), language()) for day in days)
    return t("agent_reason.rest.too_short", rest=rest, limit=limit, before=before, after=after)
