"""The weeks as a manager sees them: how well each is covered, who is awaited, and what is to be done next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import Agent, AvailabilityEntry, CallHistory, Draft, LiveWeek, Queue, Site, Week, WeekState
from app.services import manager_booking, manager_live, planning, swap_approvals, weeks
from app.services.weeks import WeekLine


class NextStep(StrEnum):
    """What a week waits for; ``nothing`` where it runs or is over."""

    IMPORT = "import"
    PLAN = "plan"
    WATCH = "watch"
    REVIEW = "review"
    FILL = "fill"
    APPROVE = "approve"
    NOTHING = "nothing"


@dataclass(frozen=True)
class WeekFigures:
    """The figures of the roster in force, else of the newest draft."""

    covered_share: float
    on_site_peak: int
    on_site_limit: int
    is_published: bool


@dataclass(frozen=True)
class ToDo:
    """What people did that waits for the manager.

    :param absences: duties whose holders cannot come and that nobody has
    :param swaps: agreed swaps to be approved
    :param places_left: free places in the shifts on the list
    """

    absences: int = 0
    swaps: int = 0
    places_left: int = 0


@dataclass(frozen=True)
class ManagedWeek:
    """One line of the list."""

    line: WeekLine
    state: WeekState
    figures: WeekFigures | None
    next_step: NextStep
    to_do: ToDo

    @property
    def awaited(self) -> int:
        """Agents who have not entered their availability."""
        return max(0, self.line.agents - self.line.entered)


def managed_weeks(session: Session, site_id: int, now: datetime) -> list[ManagedWeek]:
    """All weeks of a site, the latest first."""
    site = session.get_one(Site, site_id)
    has_calls = _has_calls(session, site_id)
    to_do = _to_do(session, site_id, now)
    managed = []
    for line in weeks.listed(session, site_id):
        state = weeks.shown_state(site, line.week, now)
        figures = _figures_now(session, line, state)
        managed.append(_managed(line, state, to_do.get(line.week.id, ToDo()), figures, has_calls=has_calls))
    return managed


def _managed(
    line: WeekLine, state: WeekState, to_do: ToDo, figures: WeekFigures | None, *, has_calls: bool
) -> ManagedWeek:
    step = _next_step(line, state, to_do, has_calls=has_calls)
    return ManagedWeek(line=line, state=state, figures=figures, next_step=step, to_do=to_do)


def _figures_now(session: Session, line: WeekLine, state: WeekState) -> WeekFigures | None:
    """Those of the roster in force while it is not over; afterwards those it was published with."""
    published = _figures(line)
    live = session.get(LiveWeek, line.week.id)
    if line.version is None or live is None or published is None or state is WeekState.ARCHIVED:
        return published
    picture = manager_live.live_view(session, line.week.id, line.week.site_id).stored.picture
    return WeekFigures(
        picture.coverage.covered_share, picture.occupancy.peak, picture.occupancy.limit, is_published=True
    )


def _to_do(session: Session, site_id: int, now: datetime) -> dict[int, ToDo]:
    absences = Counter(row.shift.week_id for row in manager_booking.absences_to_fill(session, site_id, now))
    swaps = swap_approvals.count_to_decide(session, site_id, now)
    places = manager_booking.places_left(session, site_id, now)
    return {
        week_id: ToDo(absences[week_id], swaps.get(week_id, 0), places.get(week_id, 0))
        for week_id in {*absences, *swaps, *places}
    }


def _figures(line: WeekLine) -> WeekFigures | None:
    if line.version is not None:
        return figures_of(line.version.summary, is_published=True)
    return figures_of(line.draft.summary, is_published=False) if line.draft is not None else None


def figures_of(summary: Mapping[str, Any], *, is_published: bool) -> WeekFigures | None:
    """The figures of a stored summary, None where it has none."""
    if "required_agent_minutes" not in summary:
        return None
    required_minutes = summary["required_agent_minutes"]
    missing_share = summary["missing_agent_minutes"] / required_minutes if required_minutes else 0.0
    return WeekFigures(1 - missing_share, summary["on_site_peak"], summary["on_site_limit"], is_published)


def _has_calls(session: Session, site_id: int) -> bool:
    calls = select(CallHistory.id).join(Queue, col(Queue.id) == CallHistory.queue_id).where(Queue.site_id == site_id)
    return session.exec(calls.limit(1)).first() is not None


def _next_step(line: WeekLine, state: WeekState, to_do: ToDo, *, has_calls: bool) -> NextStep:
    """People who wait for an answer come first, and of those the ones without whom a desk stays empty."""
    if state is WeekState.ARCHIVED:
        return NextStep.NOTHING
    if to_do.absences or to_do.swaps:
        return NextStep.FILL if to_do.absences else NextStep.APPROVE
    if line.job is not None and line.job.state in planning.ACTIVE:
        return NextStep.WATCH
    if _has_unpublished_draft(line):
        return NextStep.REVIEW
    if line.version is not None:
        return NextStep.NOTHING
    return NextStep.PLAN if has_calls else NextStep.IMPORT


def _has_unpublished_draft(line: WeekLine) -> bool:
    return line.draft is not None and is_newer(line.draft, line)


def is_newer(draft: Draft, line: WeekLine) -> bool:
    """Whether a draft was made after the version in force, and so may be published."""
    return line.version is None or (draft.id != line.version.draft_id and draft.created_at > line.version.published_at)


def next_monday(session: Session, site: Site, now: datetime) -> date:
    """The Monday after the last week there is, and not before the coming one."""
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    coming = today + timedelta(days=7 - today.weekday())
    last = session.exec(
        select(col(Week.first_day)).where(Week.site_id == site.id).order_by(col(Week.first_day).desc()).limit(1)
    ).first()
    return max(coming, last + timedelta(weeks=1)) if last is not None else coming


@dataclass(frozen=True)
class EntryLine:
    """One agent of a week; ``confirmed_at`` None where availability is still awaited."""

    agent: Agent
    confirmed_at: datetime | None


def entry_lines(session: Session, week: Week) -> list[EntryLine]:
    """All agents who work at the site, those awaited first."""
    confirmed = dict(
        iter(
            session.exec(
                select(AvailabilityEntry.agent_id, AvailabilityEntry.confirmed_at).where(
                    AvailabilityEntry.week_id == week.id
                )
            )
        )
    )
    agents = session.exec(
        select(Agent).where(Agent.site_id == week.site_id, col(Agent.active).is_(True)).order_by(Agent.display_name)
    )
    lines = [EntryLine(agent, confirmed.get(agent.id)) for agent in agents]
    return sorted(lines, key=lambda line: line.confirmed_at is not None)
