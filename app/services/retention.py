"""Deleting on time: what is kept about people, for how long, and nothing for longer.

Periods follow data minimisation (GDPR Art. 5 (1) (c) and (e)); rosters are kept for two years as proof of what was
agreed (ArbZG § 16 (2) asks that much for hours beyond eight). ``docs/administration.md`` has the same table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import (
    Agent,
    ApiToken,
    AuditEvent,
    AvailabilityEntry,
    AvailabilityException,
    AvailabilityPattern,
    AvailabilityUndo,
    Document,
    Draft,
    EntryReminder,
    FeedToken,
    HomeClearance,
    IdempotencyKey,
    LoginAttempt,
    Mail,
    MailState,
    MailWish,
    OfferEvent,
    OpenShift,
    OutboxMessage,
    OwnMark,
    PlanJob,
    RetentionPass,
    RosterChange,
    RosterVersion,
    StandInRequest,
    SwapOffer,
    Table,
    UsedLink,
    UserAccount,
    WaitingEntry,
    Week,
    WorkerHeartbeat,
)
from app.services import own_marks
from app.services.audit import Actor, record

SYSTEM = Actor(user_id=None)
AVAILABILITY = timedelta(weeks=4)
"""After the end of the week."""
UNDO = timedelta(days=7)
CLEARANCE = timedelta(days=92)
"""After it ended."""
OFFERS = timedelta(days=92)
"""After the end of the week."""
ROSTER_YEARS = 2
"""From the end of the month in which the week ended."""
AUDIT = timedelta(days=365)
MESSAGES = timedelta(days=90)
MAILS = timedelta(days=30)
"""After they were sent or given up."""
KEYS = timedelta(days=7)
TOKENS = timedelta(days=30)
"""After they expired or were revoked."""
TRACES = timedelta(days=1)

Rule = Callable[[Session, datetime], int]


def delete_what_is_over(session: Session, now: datetime, secret_key: str) -> dict[str, int]:
    """Delete all whose time is over, and note how much in the audit; gives how many rows by name of the rule.

    :param secret_key: opens the sealed ticks of agents, of which the old ones go
    """
    counts = {name: rule(session, now) for name, rule in RULES.items()}
    _forget_ticks(session, secret_key)
    done = {name: count for name, count in counts.items() if count}
    if done:
        record(session, SYSTEM, now, "retention.done", "retention", **done)
    return counts


def _delete(session: Session, kind: Any, *conditions: Any) -> int:
    statement = sa.delete(kind).where(*conditions).execution_options(synchronize_session=False)
    return int(session.exec(statement).rowcount)


def _first_kept_monday(now: datetime) -> date:
    """Weeks before this one ended more than the period of availability ago."""
    kept = (now - AVAILABILITY).date()
    return kept - timedelta(days=kept.weekday())


def _new_sites(period_began_at: datetime) -> Any:
    """Sites made within a period, perhaps from files of years ago: what is in them has only just come."""
    return select(AuditEvent.site_id).where(
        AuditEvent.action == "site.created",
        col(AuditEvent.site_id).is_not(None),
        col(AuditEvent.happened_at) > period_began_at,
    )


def _weeks_before(monday: date, period_began_at: datetime) -> Any:
    return select(Week.id).where(col(Week.first_day) < monday, col(Week.site_id).not_in(_new_sites(period_began_at)))


def _availability(session: Session, now: datetime) -> int:
    monday = _first_kept_monday(now)
    over = _weeks_before(monday, now - AVAILABILITY)
    new = select(Agent.id).where(col(Agent.site_id).in_(_new_sites(now - AVAILABILITY)))
    dated, repeated = col(AvailabilityException.agent_id), col(AvailabilityPattern.agent_id)
    return (
        _delete(session, AvailabilityException, col(AvailabilityException.applies_on) < monday, dated.not_in(new))
        + _delete(session, AvailabilityPattern, col(AvailabilityPattern.valid_to_on) < monday, repeated.not_in(new))
        + _delete(session, AvailabilityEntry, col(AvailabilityEntry.week_id).in_(over))
        + _delete(session, EntryReminder, col(EntryReminder.week_id).in_(over))
        + _delete(session, AvailabilityUndo, col(AvailabilityUndo.saved_at) < now - UNDO)
    )


def _forget_ticks(session: Session, secret_key: str) -> None:
    """Ticks on windows that have just gone; those closed by another key stay closed."""
    for agent_id in session.exec(select(OwnMark.agent_id)).all():
        sealer = own_marks.Sealer(secret_key, agent_id)
        if own_marks.of_agent(session, sealer).is_readable:
            own_marks.prune(session, sealer)


def _clearances(session: Session, now: datetime) -> int:
    return _delete(session, HomeClearance, col(HomeClearance.valid_to_on) < (now - CLEARANCE).date())


def _drafts(session: Session, now: datetime) -> int:
    """What was planned and not published, for it holds everybody's availability of the week."""
    over = _weeks_before(_first_kept_monday(now), now - AVAILABILITY)
    published = select(RosterVersion.draft_id).where(col(RosterVersion.draft_id).is_not(None))
    drafts = _delete(session, Draft, col(Draft.week_id).in_(over), col(Draft.id).not_in(published))
    needed = select(Draft.plan_job_id).where(col(Draft.plan_job_id).is_not(None))
    jobs = _delete(session, PlanJob, col(PlanJob.week_id).in_(over), col(PlanJob.id).not_in(needed))
    return drafts + jobs + _unused_documents(session)


def _unused_documents(session: Session) -> int:
    document = Table.metadata.tables[Document.__tablename__]
    users = [
        ~sa.exists().where(column == document.c.id)
        for table in Table.metadata.tables.values()
        for column in table.c
        if any(key.column is document.c.id for key in column.foreign_keys)
    ]
    return int(session.connection().execute(sa.delete(document).where(*users)).rowcount)


def _absences(session: Session, now: datetime) -> int:
    """Who called off a duty, in the history and in the audit: together that would be a list of sick days."""
    over = _weeks_before(_first_kept_monday(now), now - AVAILABILITY)
    return _delete(
        session, RosterChange, col(RosterChange.kind) == "absent", col(RosterChange.week_id).in_(over)
    ) + _delete(
        session,
        AuditEvent,
        col(AuditEvent.action) == "roster.absent",
        col(AuditEvent.happened_at) < now - AVAILABILITY - timedelta(weeks=1),
    )


def _offers(session: Session, now: datetime) -> int:
    over = _weeks_before((now - OFFERS).date() - timedelta(weeks=1), now - OFFERS)
    shifts = select(OpenShift.id).where(col(OpenShift.week_id).in_(over))
    offers = select(SwapOffer.id).where(col(SwapOffer.week_id).in_(over))
    return (
        _delete(session, OfferEvent, col(OfferEvent.offer_id).in_(offers))
        + _delete(session, SwapOffer, col(SwapOffer.week_id).in_(over))
        + _delete(session, WaitingEntry, col(WaitingEntry.open_shift_id).in_(shifts))
        + _delete(session, StandInRequest, col(StandInRequest.open_shift_id).in_(shifts))
    )


def _weeks(session: Session, now: datetime) -> int:
    """Whole weeks with everything that hangs on them; the only way in which a published version ever goes."""
    boundary = date(now.year - ROSTER_YEARS, now.month, 1)
    boundary_at = datetime.combine(boundary, time(), UTC)
    late = select(RosterVersion.week_id).where(col(RosterVersion.published_at) >= boundary_at)
    old = _weeks_before(boundary - timedelta(days=6), boundary_at)
    ids = session.exec(old.where(col(Week.id).not_in(late))).all()
    if not ids:
        return 0
    session.add(RetentionPass(published_before=boundary_at))
    session.flush()
    _delete_with_all_below(session, Table.metadata.tables[Week.__tablename__], ids)
    _delete(session, RetentionPass, sa.true())
    _unused_documents(session)
    return len(ids)


def _delete_with_all_below(session: Session, top: sa.Table, ids: Any) -> None:
    """Rows of a table and, before them, all that refer to them, whichever tables there are."""
    doomed: dict[sa.Table, Any] = {top: top.c.id.in_(ids)}
    for table in Table.metadata.sorted_tables:
        links = [
            constraint.columns[0].in_(select(constraint.elements[0].column).where(doomed[constraint.referred_table]))
            for constraint in table.foreign_key_constraints
            # A reference by two columns says nothing by one of them; those tables name the week as well.
            if constraint.referred_table in doomed and len(constraint.elements) == 1
        ]
        if links:
            doomed[table] = sa.or_(*links)
    for table in reversed(list(doomed)):
        session.connection().execute(sa.delete(table).where(doomed[table]))


def _messages(session: Session, now: datetime) -> int:
    return _delete(session, OutboxMessage, col(OutboxMessage.created_at) < now - MESSAGES)


def _mails(session: Session, now: datetime) -> int:
    """Mails that have ended, and those whose messages have gone; they hold the address."""
    ended = sa.and_(
        col(Mail.state).in_([MailState.SENT, MailState.FAILED]),
        sa.func.coalesce(col(Mail.tried_at), col(Mail.created_at)) < now - MAILS,
    )
    empty = sa.and_(
        col(Mail.state) != MailState.SENDING,
        ~sa.exists().where(col(OutboxMessage.mail_id) == col(Mail.id)),
    )
    mail_ids = session.exec(select(Mail.id).where(sa.or_(ended, empty))).all()
    session.exec(
        sa.update(OutboxMessage)
        .where(col(OutboxMessage.mail_id).in_(mail_ids))
        .values(mail_id=None)
        .execution_options(synchronize_session=False)
    )
    return _delete(session, Mail, col(Mail.id).in_(mail_ids))


def _audit(session: Session, now: datetime) -> int:
    return _delete(session, AuditEvent, col(AuditEvent.happened_at) < now - AUDIT)


def _keys(session: Session, now: datetime) -> int:
    expired = sa.or_(col(ApiToken.expires_at) < now - TOKENS, col(ApiToken.revoked_at) < now - TOKENS)
    return (
        _delete(session, IdempotencyKey, col(IdempotencyKey.created_at) < now - KEYS)
        + _delete(session, UsedLink, col(UsedLink.expires_at) < now)
        + _delete(session, ApiToken, expired)
    )


def _closed_accounts(session: Session, _now: datetime) -> int:
    """A closed account keeps its name for the audit, and no way to reach the person."""
    closed = select(UserAccount.id).where(col(UserAccount.active).is_(False))
    return _delete(session, MailWish, col(MailWish.user_id).in_(closed)) + _delete(
        session, FeedToken, col(FeedToken.user_id).in_(closed)
    )


def _traces(session: Session, now: datetime) -> int:
    return _delete(session, LoginAttempt, col(LoginAttempt.attempted_at) < now - TRACES) + _delete(
        session, WorkerHeartbeat, col(WorkerHeartbeat.beat_at) < now - TRACES
    )


RULES: dict[str, Rule] = {
    "availability": _availability,
    "clearances": _clearances,
    "drafts": _drafts,
    "absences": _absences,
    "offers": _offers,
    "weeks": _weeks,
    "messages": _messages,
    "mails": _mails,
    "audit": _audit,
    "keys": _keys,
    "closed_accounts": _closed_accounts,
    "traces": _traces,
}
"""What is deleted, by the name under which it is told."""
