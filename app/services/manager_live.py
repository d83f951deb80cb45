"""The roster in force as managers and the works council look at it: what was published, and all that happened since."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app.errors import NotFoundError
from app.models import Agent, CurrentDuty, LiveWeek, Place, RosterVersion, Week
from app.problem_rows import WeekRows
from app.services import live_roster
from app.services.lookup import of_site
from app.services.manager_rosters import KEPT_PICTURES, RosterPicture, StoredRoster, last_version_of, version_of
from app.services.site_ground import Ground, ground_of
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
    ground = ground_of(session, week)
    shown = _remembered(session, ground, live, lambda: _made(session, ground, week, published.picture.problem))
    stored = StoredRoster(week, shown.picture, version=version, author=published.author)
    return LiveView(stored, version, live.revision, shown.duty_ids)


@dataclass(frozen=True)
class _Shown:
    """What was made of a roster in force, and the ground it was made on."""

    ground: Ground
    picture: RosterPicture
    duty_ids: Mapping[tuple[str, int], int]


_kept: OrderedDict[tuple[Any, ...], _Shown] = OrderedDict()
_turn = threading.Lock()


def forget_pictures() -> None:
    """Make everything anew, for measurements."""
    with _turn:
        _kept.clear()


def _remembered(session: Session, ground: Ground, live: LiveWeek, make: Callable[[], _Shown]) -> _Shown:
    """What a process made before, while neither the roster nor the site has changed since."""
    key = (str(session.connection().engine.url), live.week_id, live.version_id, live.revision, live.changed_at)
    with _turn:
        found = _kept.get(key)
    if found is not None and found.ground is ground:
        return found
    made = make()
    with _turn:
        _kept[key] = made
        while len(_kept) > KEPT_PICTURES:
            _kept.popitem(last=False)
    return made


def _made(session: Session, ground: Ground, week: Week, base: Problem) -> _Shown:
    duties = live_roster.duties_of(session, week.id)
    keys = dict(iter(session.exec(select(Agent.id, Agent.key).where(Agent.site_id == week.site_id))))
    shown = shown_problem(ground, base, [keys[duty.agent_id] for duty in duties])
    roster = roster_in_force(ground.rows, keys, duties, _released(session, week.id, ground.rows))
    ids = {(keys[duty.agent_id], base.timeline.minute_of(duty.starts_at)): duty.id for duty in duties}
    return _Shown(ground, RosterPicture(shown, roster), ids)


def _released(session: Session, week_id: int, rows: WeekRows) -> list[str]:
    released = live_roster.released_desks(session, week_id)
    return [desk.key for desk in rows.desks if desk.id in released]


def shown_problem(ground: Ground, base: Problem, working: Sequence[str]) -> Problem:
    """The requirement that was published, on the rooms of today, with everybody who works now.

    :param working: keys of agents with a duty, some of whom may have come since the publication
    """
    known = {agent.id for agent in base.agents}
    come = [_newcomer(key) for key in sorted(set(working) - known)]
    planned = {queue.id for queue in base.queues}
    return base.model_copy(
        update={
            "rooms": ground.part.rooms,
            "hygiene": ground.part.hygiene,
            "queues": [*base.queues, *(queue for queue in ground.part.queues if queue.id not in planned)],
            "agents": [*base.agents, *come],
        }
    )


def _newcomer(key: str) -> problem.Agent:
    """Somebody of whom the published problem knows nothing: shown, not judged."""
    return problem.Agent(id=key, queues=[], weekly_minutes=problem.WeeklyMinutes(min=0, max=0), max_workdays=0)


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
