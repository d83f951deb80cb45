"""Who could stand in: everybody of the site, ranked, and asked by a manager; the first to accept has the shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    CurrentDuty,
    Desk,
    HomeWish,
    OpenShift,
    Place,
    Role,
    RosterChange,
    StandInRequest,
    StandInState,
    Week,
)
from app.problem_rows import AgentRows
from app.services import open_shifts, roster_guard, shift_booking
from app.services.audit import Actor
from app.services.guard_case import NewDuty, Scene, read_scene
from app.services.lookup import of_site
from app.services.on_site import NOBODY
from app.services.roster_guard import BreaksRuleError
from solver.rules import Finding
from solver.timeline import Timeline


@dataclass(frozen=True)
class Candidate:
    """Somebody who could stand in.

    :param findings: rules it would break, empty for those inside all limits; minutes of ``timeline``
    :param work_minutes: of the week as it is, ``short_minutes`` what is missing to the contract's least
    """

    agent: Agent
    place: Place
    timeline: Timeline
    work_minutes: int
    desk: Desk | None = None
    findings: Sequence[Finding] = ()

    @property
    def short_minutes(self) -> int:
        """Never negative."""
        return max(0, self.agent.weekly_min_minutes - self.work_minutes)

    @property
    def inside(self) -> bool:
        """Whether no rule stands in the way."""
        return not self.findings


def ranked(session: Session, actor: Actor, open_shift_id: int) -> list[Candidate]:
    """Everybody who works here: inside the limits first, there those most below their contract; then the rest by how
    little stands in the way.

    :raises NotFoundError: for anybody but a manager of the site
    """
    shift = _shift_of_manager(session, actor, open_shift_id)
    week = session.get_one(Week, shift.week_id)
    ids = session.exec(select(Agent.id).where(Agent.site_id == shift.site_id, col(Agent.active).is_(True))).all()
    people = _People(read_scene(session, week, ids, [(shift.starts_at, shift.ends_at)]))
    cannot_come = _called_off(session, shift)
    found = [_candidate(people, own, week, shift) for own in people.rows if own.agent.id not in cannot_come]
    return sorted(found, key=_order)


def _called_off(session: Session, shift: OpenShift) -> set[int]:
    """Those who said that they cannot come at the time of a shift."""
    changes = session.exec(
        select(RosterChange).where(RosterChange.week_id == shift.week_id, RosterChange.kind == "absent")
    )
    return {
        int(duty["agent_id"])
        for change in changes
        for duty in change.before
        if datetime.fromisoformat(duty["starts_at"]) < shift.ends_at
        and datetime.fromisoformat(duty["ends_at"]) > shift.starts_at
    }


def _order(one: Candidate) -> tuple[bool, int, int, str]:
    return not one.inside, len({finding.rule for finding in one.findings}), -one.short_minutes, one.agent.key


def _shift_of_manager(session: Session, actor: Actor, open_shift_id: int) -> OpenShift:
    if actor.role not in {Role.MANAGER, Role.ADMINISTRATOR}:
        raise NotFoundError
    return of_site(session, OpenShift, open_shift_id, actor.site_id)


class _People:
    """Everybody of a scene, each to be looked at alone or among all others, without reading anybody twice."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rows = scene.rows.agents
        self._by_key = {own.agent.key: own for own in self.rows}
        self._duties: dict[int, dict[int, CurrentDuty]] = defaultdict(dict)
        for row_id, duty in scene.own.items():
            self._duties[duty.agent_id][row_id] = duty
        self._on_site = scene.others.joined(scene.beside(scene.own.values()))

    def alone(self, own: AgentRows) -> Scene:
        """One person with care partners, and nobody else on the floor."""
        rows = [own, *(self._by_key[key] for key, _minutes in own.partners if key in self._by_key)]
        duties = {row_id: duty for one in rows for row_id, duty in self._duties[one.agent.id].items()}
        return replace(self.scene, rows=replace(self.scene.rows, agents=rows), own=duties, others=NOBODY)

    def among_all(self, alone: Scene) -> Scene:
        """The same with all others who are on site, as people who only count."""
        return replace(alone, others=self._on_site.without([one.agent.id for one in alone.rows.agents]))

    def week_work_minutes(self, agent: Agent, week: Week) -> int:
        """Work of one person in a week."""
        return sum(_work_minutes(duty) for duty in self._duties[agent.id].values() if duty.week_id == week.id)


def _candidate(people: _People, own: AgentRows, week: Week, shift: OpenShift) -> Candidate:
    agent, alone = own.agent, people.alone(own)
    duty = NewDuty(
        agent.id,
        shift.starts_at,
        shift.ends_at,
        open_shifts.usual_place(agent),
        None,
        tuple(shift.breaks),
        tuple(shift.serves),
    )
    desk, findings = open_shifts.fit(alone, people.among_all(alone), agent, duty)
    place = duty.place
    if findings and _also_at_home(agent) and not alone.added_alone((), (replace(duty, place=Place.HOME),)):
        place, desk, findings = Place.HOME, None, ()
    work_minutes = people.week_work_minutes(agent, week)
    return Candidate(agent, place, people.scene.timeline, work_minutes, desk, tuple(findings))


def _also_at_home(agent: Agent) -> bool:
    """Whether somebody who usually comes to the site would work at home, too; the rules know whether it is cleared."""
    return agent.home_wish in {HomeWish.ALLOWED, HomeWish.PREFERRED}


def book(
    session: Session,
    actor: Actor,
    now: datetime,
    open_shift_id: int,
    agent: Agent,
    *,
    desk_id: int | None = None,
    asked: bool = True,
) -> CurrentDuty:
    """Give a place to somebody where they usually work, else at home where they may; raises as booking does."""
    book_shift = partial(shift_booking.book_shift, session, actor, now, open_shift_id, agent_id=agent.id, asked=asked)
    try:
        return book_shift(desk_id=desk_id)
    except BreaksRuleError:
        if desk_id is not None or not _also_at_home(agent):
            raise
        with suppress(BreaksRuleError):
            return book_shift(place=Place.HOME)
        raise


def _work_minutes(duty: CurrentDuty) -> int:
    away = sum((span.ends_at - span.starts_at for span in duty.breaks), timedelta())
    return round((duty.ends_at - duty.starts_at - away).total_seconds() / 60)


def ask(
    session: Session, actor: Actor, now: datetime, open_shift_id: int, agent_ids: Collection[int]
) -> list[StandInRequest]:
    """Ask some people; who was asked before is asked again."""
    shift = _shift_of_manager(session, actor, open_shift_id)
    _in_turn(session, now, shift)
    if shift.closed_at is not None or shift.starts_at <= now or shift.taken >= shift.places:
        raise RefusedError("booking.shift_closed")
    minutes = shift_booking.terms_of(session, shift.site_id).offer_minutes
    asked = []
    for agent_id in sorted(set(agent_ids)):
        of_site(session, Agent, agent_id, shift.site_id)
        entry = _request(session, shift.id, agent_id)
        if entry is None:
            entry = StandInRequest(open_shift_id=shift.id, agent_id=agent_id, asked_at=now, ends_at=now)
            session.add(entry)
        entry.state, entry.asked_at = StandInState.ASKED, now
        entry.ends_at = min(now + timedelta(minutes=minutes), shift.starts_at)
        asked.append(entry)
    session.flush()
    facts = {"open_shift_id": shift.id, "week_id": shift.week_id, "starts_at": shift.starts_at.isoformat()}
    roster_guard.tell(session, now, "stand_in.asked", facts, agent_ids=[entry.agent_id for entry in asked])
    return asked


def _in_turn(session: Session, now: datetime, shift: OpenShift) -> None:
    roster_guard.opened(session, now, session.get_one(Week, shift.week_id))
    session.refresh(shift)


def _request(session: Session, open_shift_id: int, agent_id: int | None) -> StandInRequest | None:
    query = select(StandInRequest).where(
        StandInRequest.open_shift_id == open_shift_id, StandInRequest.agent_id == agent_id
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def accept(
    session: Session, actor: Actor, now: datetime, open_shift_id: int, *, desk_id: int | None = None
) -> CurrentDuty:
    """Stand in; the others who were asked are told that it is settled once no place is left.

    :raises ShiftTakenError: where somebody else was first
    :raises RefusedError: where the time to answer has passed
    """
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    _in_turn(session, now, shift)
    entry = _request(session, shift.id, actor.agent_id)
    if entry is None or actor.agent_id is None:
        raise NotFoundError
    if entry.state is StandInState.OVER:
        raise roster_guard.ShiftTakenError("booking.shift_taken")
    if entry.state is not StandInState.ASKED or entry.ends_at <= now:
        raise RefusedError("booking.offer_lapsed")
    agent = session.get_one(Agent, actor.agent_id)
    duty = book(session, actor, now, shift.id, agent, desk_id=desk_id)
    entry.state = StandInState.ACCEPTED
    session.refresh(shift)
    if shift.taken >= shift.places:
        _settle(session, now, shift)
    return duty


def decline(session: Session, actor: Actor, now: datetime, open_shift_id: int) -> None:
    """Say no; the manager sees it."""
    shift = of_site(session, OpenShift, open_shift_id, actor.site_id)
    _in_turn(session, now, shift)
    entry = _request(session, shift.id, actor.agent_id)
    if entry is None:
        raise NotFoundError
    if entry.state is StandInState.ASKED:
        entry.state = StandInState.DECLINED
        session.flush()


def _settle(session: Session, now: datetime, shift: OpenShift) -> None:
    left = session.exec(
        select(StandInRequest).where(
            StandInRequest.open_shift_id == shift.id, StandInRequest.state == StandInState.ASKED
        )
    ).all()
    for entry in left:
        entry.state = StandInState.OVER
    session.flush()
    facts = {"open_shift_id": shift.id, "week_id": shift.week_id, "starts_at": shift.starts_at.isoformat()}
    roster_guard.tell(session, now, "stand_in.settled", facts, agent_ids=[entry.agent_id for entry in left])
