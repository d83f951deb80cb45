"""The one door to the roster in force: every booking, swap, absence, edit, import and publication goes through here.

A change is judged by the same checks as a plan, on the roster before and after it, and refused only for what it adds.
It is written in one transaction with its record and what people are to be told; the database refuses besides what
must never be (see the live guards), and its refusal comes back under the name of the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import (
    CurrentDuty,
    Desk,
    DutySource,
    LiveWeek,
    OutboxMessage,
    PublishedDuty,
    ReleasedDesk,
    Role,
    RosterChange,
    RosterVersion,
    SiteMark,
    UserAccount,
    Week,
)
from app.problem_rows import WeekRows
from app.services import live_roster
from app.services.audit import Actor, record
from app.services.change_record import facts_of, restorable
from app.services.guard_case import AnyDutyState, NewDuty, Scene, read_scene
from app.services.on_site import note_written
from solver.rules import Fact, Finding, Rule
from solver.timeline import Timeline

SHIFT_FULL = "shift_full"
OPENED = "opened_weeks"
"""Where a session keeps which weeks its transaction has opened, and so needs not open again."""
MARK = "mark_just_read"
"""Where it keeps the site's mark that it found in doing so."""
RULE_RAISED = re.compile(r"rule:([a-z_]+)")
CONSTRAINTS = {
    "ex_current_duty_overlap": Rule.OVERLAP.value,
    "ex_current_duty_cleaning_gap": Rule.CLEANING_GAP.value,
    "fk_current_duty_week_id_desk_id": Rule.DESK.value,
    "ck_open_shift_taken": SHIFT_FULL,
}


class BreaksRuleError(RefusedError):
    """A change that adds breaches of rules.

    :param findings: what it adds; empty where only the database saw it
    :param timeline: of the findings' minutes, None without findings
    """

    def __init__(self, rule: str, findings: Sequence[Finding] = (), timeline: Timeline | None = None) -> None:
        super().__init__("booking.breaks_rule", 409, rule=rule)
        self.findings = list(findings)
        self.timeline = timeline

    @property
    def rule(self) -> str:
        """Name of the first rule broken."""
        return str(self.facts["rule"])


class ShiftTakenError(RefusedError):
    """The last place of an open shift went to somebody else."""


class ChangedMeanwhileError(RefusedError):
    """A duty that is to change is no longer as it was seen."""


@dataclass(frozen=True)
class Change:
    """What is to change in one week's roster.

    :param kind: what happened, the key of its sentences: ``booked``, ``cancelled``, ``swapped``, …
    :param removed: row ids of duties that go
    :param new: duties that come
    :param keeps_shape: whether the new duties are others' that only change hands
    """

    kind: str
    source: DutySource
    removed: tuple[int, ...] = ()
    new: tuple[NewDuty, ...] = ()
    keeps_shape: bool = False


def opened(session: Session, now: datetime, week: Week) -> LiveWeek:
    """Take the turn of the week's site, and have the roster in force of the week and the ones beside it."""
    transaction = session.get_transaction()
    known = session.info.get(OPENED)
    if known is None or known[0] is not transaction:
        known = session.info[OPENED] = (transaction, set[int]())
    session.info.pop(MARK, None)
    if week.id not in known[1]:
        _open(session, now, week)
        known[1].add(week.id)
    return session.get_one(LiveWeek, week.id)


def _open(session: Session, now: datetime, week: Week) -> None:
    live_roster.take_turn(session, week.site_id)
    days = [week.first_day + timedelta(weeks=apart) for apart in (-1, 0, 1)]
    beside = (
        select(Week, LiveWeek, SiteMark.mark)
        .join(LiveWeek, col(LiveWeek.week_id) == Week.id, isouter=True)
        .join(SiteMark, col(SiteMark.site_id) == Week.site_id, isouter=True)
        .where(Week.site_id == week.site_id, col(Week.first_day).in_(days))
    )
    # Its state may have changed while this waited.
    for one, live, mark in session.exec(beside.execution_options(populate_existing=True)).all():
        session.info.setdefault(MARK, mark)
        if live is None:
            published = live_roster.begin(session, now, one)
            _write(session, one, [NewDuty.like(duty) for duty in published], DutySource.PUBLISHED, now)
            # Its desks were released just now.
            session.info[MARK] = None


def mark_just_read(session: Session) -> str | None:
    """The site's mark as it was when the turn was taken, once: whoever wrote anything since reads it anew."""
    mark: str | None = session.info.pop(MARK, None)
    return mark


def apply(
    session: Session, actor: Actor, now: datetime, week: Week, change: Change, scene: Scene | None = None
) -> list[CurrentDuty]:
    """Make a change of the roster in force, or refuse it and leave everything as it was.

    :param scene: what the change concerns, where the caller has read it in its turn already
    :returns: the new rows, in the order of ``change.new``
    :raises BreaksRuleError: where it adds a breach of a rule
    :raises ShiftTakenError: where the open shift has no place left
    :raises ChangedMeanwhileError: where a duty that is to go has gone already
    """
    live = opened(session, now, week)
    removed = duties_now(session, week, change.removed)
    scene = scene or scene_of(session, week, removed, change.new)
    require_allowed(scene, change)
    before = [facts_of(session, scene, duty) for duty in removed]
    kept = [restorable(duty) for duty in removed]
    with _refusals_named(), session.begin_nested():
        _remove(session, removed)
        rows = _write(session, week, change.new, change.source, now, scene.ground.room_ids)
    after = [facts_of(session, scene, duty) for duty in rows]
    _touch(live, now)
    _note(session, actor, now, week, change.kind, before, after, kept)
    return rows


def scene_of(
    session: Session,
    week: Week,
    removed: Sequence[CurrentDuty],
    new: Sequence[NewDuty],
    rows: WeekRows | None = None,
    mark: str | None = None,
) -> Scene:
    """The part of the roster that a change concerns.

    :param rows: the people concerned, where the caller has read them before its turn, which is short then
    :param mark: the site's, where the caller has read it in its turn
    """
    both: list[AnyDutyState] = [*removed, *new]
    concerned = {duty.agent_id for duty in both}
    return read_scene(session, week, concerned, [(duty.starts_at, duty.ends_at) for duty in both], rows, mark)


def require_allowed(scene: Scene, change: Change) -> None:
    """Raises BreaksRuleError where a change adds a breach, NotFoundError for new duties of people who left."""
    if any(scene.row(duty.agent_id) is None for duty in change.new):
        raise NotFoundError
    _require_on_grid(scene, change.new)
    found = scene.added(set(change.removed), change.new, keeps_shape=change.keeps_shape)
    if found:
        raise BreaksRuleError(found[0].rule.value, found, scene.timeline)


def _require_on_grid(scene: Scene, new: Iterable[NewDuty]) -> None:
    """A duty begins on a day of its week, and every time lies on a slot."""
    timeline = scene.rows.timeline
    for duty in new:
        times = [duty.starts_at, duty.ends_at]
        for span in (*duty.breaks, *duty.serves):
            times += [span.starts_at, span.ends_at]
        if duty.starts_at >= duty.ends_at or not all(timeline.on_grid(time) for time in times):
            raise RefusedError("booking.off_grid", 422, slot_minutes=timeline.slot_minutes)
        if not 0 <= timeline.minute_of(duty.starts_at) < timeline.minutes:
            raise RefusedError("booking.other_week", 422)
        if duty.desk_id is not None and duty.desk_id not in scene.ground.desk_keys:
            raise NotFoundError


def duties_now(session: Session, week: Week, row_ids: Sequence[int]) -> list[CurrentDuty]:
    """Duties in force by row id; raises ChangedMeanwhileError where one is gone or was never of this week."""
    if not row_ids:
        return []
    query = select(CurrentDuty).where(col(CurrentDuty.id).in_(row_ids), CurrentDuty.week_id == week.id)
    found = {duty.id: duty for duty in session.exec(query)}
    if len(found) != len(set(row_ids)):
        raise ChangedMeanwhileError("booking.changed_meanwhile")
    return [found[row_id] for row_id in row_ids]


def publish(session: Session, now: datetime, week: Week, version: RosterVersion, released: Collection[str]) -> None:
    """Put a version in force that has just been published and judged: its desks and duties instead of all before.

    :param released: keys of the desks that the version releases
    :raises BreaksRuleError: where the weeks beside it leave no room for it
    """
    live = opened(session, now, week)
    booked = {
        (duty.agent_id, duty.starts_at, duty.ends_at, duty.place): duty.open_shift_id
        for duty in live_roster.duties_of(session, week.id)
        if duty.source is DutySource.BOOKED
    }
    published = session.exec(select(PublishedDuty).where(PublishedDuty.version_id == version.id)).all()
    kept = [NewDuty.like(duty, booked[_identity(duty)]) for duty in published if _identity(duty) in booked]
    others = [NewDuty.like(duty) for duty in published if _identity(duty) not in booked]
    with _refusals_named(), session.begin_nested():
        _remove(session, live_roster.duties_of(session, week.id))
        _release(session, week, released)
        _write(session, week, others, DutySource.PUBLISHED, now)
        _write(session, week, kept, DutySource.BOOKED, now)
    live.version_id = version.id
    _touch(live, now)


def withdraw_desks(session: Session, site_id: int, desk_ids: Sequence[int]) -> None:
    """Release desks no more in weeks in which nobody has them; the caller has taken its turn."""
    weeks = select(LiveWeek.week_id).where(LiveWeek.site_id == site_id)
    used = select(CurrentDuty.week_id).where(CurrentDuty.desk_id == col(ReleasedDesk.desk_id))
    session.connection().execute(
        sa.delete(ReleasedDesk).where(
            col(ReleasedDesk.desk_id).in_(desk_ids),
            col(ReleasedDesk.week_id).in_(weeks),
            col(ReleasedDesk.week_id).not_in(used),
        )
    )


def _identity(duty: AnyDutyState) -> tuple[Any, ...]:
    return duty.agent_id, duty.starts_at, duty.ends_at, duty.place


def _release(session: Session, week: Week, released: Collection[str]) -> None:
    """Nobody sits anywhere at this moment, so all desks may be released anew, by the rules of now."""
    session.connection().execute(sa.delete(ReleasedDesk).where(col(ReleasedDesk.week_id) == week.id))
    live_roster.limit(session, week)
    desk_ids = session.exec(select(Desk.id).where(Desk.site_id == week.site_id, col(Desk.key).in_(released)))
    session.add_all(ReleasedDesk(week_id=week.id, desk_id=desk_id) for desk_id in sorted(desk_ids))
    session.flush()


def _remove(session: Session, duties: Iterable[CurrentDuty]) -> None:
    ids = [duty.id for duty in duties]
    if ids:
        note_written(session)
        session.connection().execute(sa.delete(CurrentDuty).where(col(CurrentDuty.id).in_(ids)))


def _write(
    session: Session,
    week: Week,
    duties: Sequence[NewDuty],
    source: DutySource,
    now: datetime,
    rooms: Mapping[int, int] | None = None,
) -> list[CurrentDuty]:
    """The only place that makes a duty in force.

    :param rooms: room of each desk, by row ids; None where they are to be read
    """
    note_written(session)
    if rooms is None:
        rooms = dict(iter(session.exec(select(Desk.id, Desk.room_id).where(Desk.site_id == week.site_id))))
    rows = [
        CurrentDuty(
            site_id=week.site_id,
            week_id=week.id,
            agent_id=duty.agent_id,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
            place=duty.place,
            desk_id=duty.desk_id,
            room_id=None if duty.desk_id is None else rooms[duty.desk_id],
            breaks=list(duty.breaks),
            serves=list(duty.serves),
            source=source,
            open_shift_id=duty.open_shift_id,
            written_at=now,
        )
        for duty in duties
    ]
    session.add_all(rows)
    session.flush()
    return rows


@contextmanager
def _refusals_named() -> Iterator[None]:
    """Gives the database's refusals the name of their rule."""
    try:
        yield
    except IntegrityError as error:
        name = name_of_refusal(error)
        if name == SHIFT_FULL:
            raise ShiftTakenError("booking.shift_taken") from error
        if name is None:
            raise
        raise BreaksRuleError(name) from error


def name_of_refusal(error: IntegrityError) -> str | None:
    """Name of the rule that a guard of the database named; None for any other constraint."""
    said = str(error.orig)
    raised = RULE_RAISED.search(said)
    if raised:
        return raised[1]
    return next((name for constraint, name in CONSTRAINTS.items() if constraint in said), None)


def _touch(live: LiveWeek, now: datetime) -> None:
    live.changed_at, live.revision = now, live.revision + 1


def _note(
    session: Session,
    actor: Actor,
    now: datetime,
    week: Week,
    kind: str,
    before: list[dict[str, Fact]],
    after: list[dict[str, Fact]],
    kept: list[dict[str, Any]],
) -> None:
    session.add(
        RosterChange(
            site_id=week.site_id,
            week_id=week.id,
            kind=kind,
            user_id=actor.user_id,
            happened_at=now,
            before=[{**facts, **rest} for facts, rest in zip(before, kept, strict=True)],
            after=after,
        )
    )
    record(
        session, actor, now, f"roster.{kind}", "week", week.id, site_id=week.site_id, duties=len(before) + len(after)
    )
    for agent_id in sorted({int(str(duty["agent_id"])) for duty in (*before, *after)}):
        own = {
            "week_id": week.id,
            "before": [duty for duty in before if duty["agent_id"] == agent_id],
            "after": [duty for duty in after if duty["agent_id"] == agent_id],
        }
        tell(session, now, f"roster.{kind}", own, agent_ids=[agent_id])


def tell(
    session: Session,
    now: datetime,
    kind: str,
    facts: dict[str, Any],
    *,
    agent_ids: Collection[int] = (),
    managers_of: int | None = None,
) -> None:
    """Leave a message for active accounts of agents, and of a site's managers; it goes out after the commit."""
    told: sa.ColumnElement[bool] = col(UserAccount.agent_id).in_(list(agent_ids))
    if managers_of is not None:
        told = sa.or_(told, sa.and_(col(UserAccount.site_id) == managers_of, col(UserAccount.role) == Role.MANAGER))
    accounts = select(UserAccount.id).where(told, col(UserAccount.active).is_(True)).order_by(col(UserAccount.id))
    for user_id in session.exec(accounts).all():
        session.add(OutboxMessage(recipient_user_id=user_id, kind=kind, facts=facts, created_at=now))
