"""The roster in force as managers and the works council look at it: what was published, and all that happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, LiveWeek, Place, RosterVersion, Week
from app.problem_builder import rooms_of, strictest
from app.problem_rows import WeekRows, read_week
from app.services import live_roster
from app.services.guard_case import plain_agent
from app.services.lookup import of_site
from app.services.manager_rosters import RosterPicture, StoredRoster, last_version_of, version_of
from solver import problem
from solver.checks import judge
from solver.problem import Problem, SpanOfTime
from solver.roster import Roster, Tiers

NOT_COUNTED = Tiers(shortfall=0, changes=0, site_presence=0, contract_minutes=0, wishes=0)


@dataclass(frozen=True)
class LiveView:
    """The roster in force of a week.

    :param stored: its picture, with the version it was last published as
    :param revision: of the roster in force, to notice that somebody was quicker; None where nothing ever changed
    :param duty_ids: rows in force by agent's key and start in minutes of the week
    """

    stored: StoredRoster
    version: RosterVersion
    revision: int | None
    duty_ids: Mapping[tuple[str, int], int]


def live_view(session: Session, week_id: int, site_id: int) -> LiveView:
    """The roster in force of a published week; NotFoundError for any other."""
    week = of_site(session, Week, week_id, site_id)
    version = last_version_of(session, week.id)
    if version is None:
        raise NotFoundError
    published = version_of(session, version.id, site_id)
    live = session.get(LiveWeek, week.id)
    if live is None:
        return LiveView(published, version, None, {})
    picture, ids = _picture(session, week, published.picture.problem)
    stored = StoredRoster(week, picture, version=version, author=published.author)
    return LiveView(stored, version, live.revision, ids)


def _picture(session: Session, week: Week, base: Problem) -> tuple[RosterPicture, dict[tuple[str, int], int]]:
    rows = read_week(session, week, ())
    duties = live_roster.duties_of(session, week.id)
    keys = _agent_keys(session, week.site_id)
    shown = shown_problem(rows, base, [keys[duty.agent_id] for duty in duties])
    roster = roster_in_force(rows, keys, duties, _released(session, week.id, rows))
    ids = {(keys[duty.agent_id], base.timeline.minute_of(duty.starts_at)): duty.id for duty in duties}
    return RosterPicture(shown, roster), ids


def _agent_keys(session: Session, site_id: int) -> dict[int, str]:
    return dict(iter(session.exec(select(Agent.id, Agent.key).where(Agent.site_id == site_id))))


def _released(session: Session, week_id: int, rows: WeekRows) -> list[str]:
    released = live_roster.released_desks(session, week_id)
    return [desk.key for desk in rows.desks if desk.id in released]


def shown_problem(rows: WeekRows, base: Problem, working: Sequence[str]) -> Problem:
    """The requirement that was published, on the rooms of today, with everybody who works now.

    :param working: keys of agents with a duty, some of whom may have come since the publication
    """
    known = {agent.id for agent in base.agents}
    queues = tuple(queue.key for queue in rows.queues)
    come = [plain_agent(key, None, queues) for key in sorted(set(working) - known)]
    planned = {queue.id for queue in base.queues}
    new = [problem.Queue(id=queue.key, home_allowed=queue.home_allowed) for queue in rows.queues]
    return base.model_copy(
        update={
            "rooms": rooms_of(rows),
            "hygiene": strictest(rows.hygiene),
            "queues": [*base.queues, *(queue for queue in new if queue.id not in planned)],
            "agents": [*base.agents, *come],
        }
    )


def roster_in_force(
    rows: WeekRows, keys: Mapping[int, str], duties: Sequence[CurrentDuty], released: Sequence[str]
) -> Roster:
    """Duties in force as a roster; its tiers are not counted yet."""
    return Roster.model_construct(
        format="roster/1",
        site=rows.site.key,
        first_day=rows.week.first_day,
        released_desks=list(released),
        duties=[duty_of(rows.timeline.zone, keys, rows.desk_keys, duty) for duty in duties],
        tiers=NOT_COUNTED,
        missing_agent_minutes=0,
        required_agent_minutes=0,
    )


def duty_of(zone: ZoneInfo, keys: Mapping[int, str], desk_keys: Mapping[int, str], duty: CurrentDuty) -> problem.Duty:
    """A duty in force as the files know it, with the site's clock."""
    return problem.Duty.model_construct(
        agent=keys[duty.agent_id],
        start=duty.starts_at.astimezone(zone),
        end=duty.ends_at.astimezone(zone),
        place="home" if duty.place is Place.HOME else "site",
        desk=None if duty.desk_id is None else desk_keys[duty.desk_id],
        breaks=[
            SpanOfTime.model_construct(start=span.starts_at.astimezone(zone), end=span.ends_at.astimezone(zone))
            for span in duty.breaks
        ],
        serves=[
            problem.Serves.model_construct(
                queue=work.queue, start=work.starts_at.astimezone(zone), end=work.ends_at.astimezone(zone)
            )
            for work in duty.serves
        ],
    )


def counted_file(session: Session, week_id: int, site_id: int) -> dict[str, Any]:
    """The roster in force as a ``roster/1`` file, its tiers counted against the requirement that was published."""
    picture = live_view(session, week_id, site_id).stored.picture
    verdict = judge(picture.problem, picture.roster)
    counted = {
        "tiers": verdict.tiers,
        "missing_agent_minutes": float(verdict.missing_agent_minutes),
        "required_agent_minutes": float(verdict.required_agent_minutes),
    }
    return picture.roster.model_copy(update=counted).as_json()
