"""One person's duties for a calendar program: a secret address that can be revoked, and what stands behind it.

Only what the person's own week shows: no reasons, nobody else. Nothing is written while the content stays the same,
however often a program asks.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models import (
    CurrentDuty,
    Desk,
    FeedToken,
    LiveWeek,
    OfferState,
    OpenShift,
    OutboxMessage,
    Place,
    PublishedDuty,
    Room,
    RosterVersion,
    Site,
    StandInRequest,
    StandInState,
    SwapOffer,
    UserAccount,
    WaitingEntry,
    WaitingState,
    Week,
)
from app.problem_rows import AnyDuty
from app.services.audit import Actor, record

BACK = timedelta(weeks=4)
"""How long duties stay in the calendar after they are over."""
TOKEN_BYTES = 32
SEQUENCE_BEGAN_AT = datetime(2020, 1, 1, tzinfo=UTC)
LOOKED_AT_EVERY = timedelta(hours=1)
"""How exactly the last fetch is noted."""


@dataclass(frozen=True)
class FeedEntry:
    """One entry of the calendar.

    :param uid: the same for the n-th duty of a day whatever changes about it
    :param sequence: grows with every change (RFC 5545, 3.8.7.4)
    :param is_sure: not sure is what somebody holds or asks until ``answer_by``
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    place: Place | None = None
    desk: str | None = None
    room: str | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()
    is_sure: bool = True
    answer_by: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """What a program gets; ``content_hash`` is equal exactly where nothing differs."""

    entries: Sequence[FeedEntry]
    language: str
    zone: str
    site_name: str

    @property
    def content_hash(self) -> str:
        """SHA-256 in hexadecimal digits."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def make(session: Session, actor: Actor, now: datetime) -> str:
    """A new address for the actor; the one before stops working. The token is given this once and kept nowhere."""
    user_id = _agent_account(actor)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = session.get(FeedToken, user_id)
    if row is None:
        row = FeedToken(user_id=user_id, token_hash="", created_at=now)
        session.add(row)
    row.token_hash, row.created_at = hash_of(token), now
    row.content_hash = row.content_changed_at = row.fetched_at = None
    session.flush()
    record(session, actor, now, "feed.made", "user_account", user_id)
    return token


def revoke(session: Session, actor: Actor, now: datetime) -> None:
    """The address stops working; revoking twice is revoking once."""
    row = session.get(FeedToken, _agent_account(actor))
    if row is not None:
        session.delete(row)
        record(session, actor, now, "feed.revoked", "user_account", row.user_id)


def of_actor(session: Session, actor: Actor) -> FeedToken | None:
    """The actor's feed, None where there is none."""
    return session.get(FeedToken, _agent_account(actor))


def _agent_account(actor: Actor) -> int:
    if actor.user_id is None or actor.agent_id is None:
        raise NotFoundError
    return actor.user_id


def hash_of(token: str) -> str:
    """What is kept of a token; it is a long random number, so a slow hash would add nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def opened(session: Session, token: str) -> tuple[FeedToken, UserAccount]:
    """The feed behind an address; NotFoundError for one that never was, was revoked, or whose account is closed."""
    row = session.exec(select(FeedToken).where(FeedToken.token_hash == hash_of(token))).first()
    account = None if row is None else session.get(UserAccount, row.user_id)
    if row is None or account is None or not account.active or account.agent_id is None:
        raise NotFoundError
    return row, account


def is_news(row: FeedToken, feed: Feed, now: datetime) -> bool:
    """Whether something has to be noted: other content than before, or a look long after the last one."""
    return row.content_hash != feed.content_hash or row.fetched_at is None or now - row.fetched_at >= LOOKED_AT_EVERY


def note(session: Session, now: datetime, user_id: int, feed: Feed) -> datetime:
    """Note what the feed says now; gives since when it says that."""
    row = session.get_one(FeedToken, user_id, with_for_update=True)
    if row.content_hash != feed.content_hash or row.content_changed_at is None:
        # HTTP dates have whole seconds.
        row.content_hash, row.content_changed_at = feed.content_hash, now.replace(microsecond=0)
    row.fetched_at = now
    session.flush()
    return row.content_changed_at


def feed_of(session: Session, now: datetime, account: UserAccount) -> Feed:
    """All that the account's agent should see in a calendar."""
    site = session.get_one(Site, account.site_id)
    agent_id = account.agent_id or 0
    duties: list[AnyDuty] = [*_in_force(session, agent_id, now), *_published_only(session, site, agent_id, now)]
    sure = _sure(session, site, account, sorted(duties, key=lambda duty: duty.starts_at))
    return Feed([*sure, *_unsure(session, agent_id, now)], account.language.value, site.time_zone, site.name)


def _in_force(session: Session, agent_id: int, now: datetime) -> Sequence[CurrentDuty]:
    query = select(CurrentDuty).where(CurrentDuty.agent_id == agent_id, col(CurrentDuty.ends_at) > now - BACK)
    return session.exec(query).all()


def _published_only(session: Session, site: Site, agent_id: int, now: datetime) -> Sequence[PublishedDuty]:
    """Of weeks in which nothing has happened since they were published, so that no roster in force was begun."""
    begun = select(LiveWeek.week_id).where(LiveWeek.site_id == site.id)
    versions = session.exec(
        select(RosterVersion.week_id, RosterVersion.id)
        .join(Week, col(Week.id) == col(RosterVersion.week_id))
        .where(
            Week.site_id == site.id,
            col(Week.first_day) > (now - BACK - timedelta(weeks=2)).date(),
            col(Week.id).not_in(begun),
        )
        .order_by(col(RosterVersion.number))
    )
    newest = {week_id: version_id for week_id, version_id in versions}  # noqa: C416  # the last of a week counts
    if not newest:
        return []
    return session.exec(
        select(PublishedDuty).where(
            PublishedDuty.agent_id == agent_id,
            col(PublishedDuty.version_id).in_(newest.values()),
            col(PublishedDuty.ends_at) > now - BACK,
        )
    ).all()


def _sure(session: Session, site: Site, account: UserAccount, duties: Sequence[AnyDuty]) -> list[FeedEntry]:
    desks = _desks(session, duties)
    changed = _days_told_of(session, site, account)
    by_day: dict[date, list[AnyDuty]] = defaultdict(list)
    for duty in duties:
        by_day[duty.starts_at.astimezone(ZoneInfo(site.time_zone)).date()].append(duty)
    whose = hashlib.sha256(f"{site.key}/{account.agent_id}".encode()).hexdigest()[:16]
    entries = []
    for day, own in by_day.items():
        changed_at = max([*(_written_at(session, duty) for duty in own), changed.get(day, SEQUENCE_BEGAN_AT)])
        for number, duty in enumerate(own, start=1):
            desk, room = desks.get(duty.desk_id or 0, (None, None))
            entries.append(
                FeedEntry(
                    f"{day:%Y%m%d}-{number}-{whose}",
                    _sequence(changed_at),
                    changed_at,
                    duty.starts_at,
                    duty.ends_at,
                    duty.place,
                    desk,
                    room,
                    tuple((span.starts_at, span.ends_at) for span in duty.breaks),
                )
            )
    return entries


def _desks(session: Session, duties: Iterable[AnyDuty]) -> Mapping[int, tuple[str | None, str | None]]:
    """Desk and room by the id of the desk."""
    ids = {duty.desk_id for duty in duties if duty.desk_id is not None}
    query = (
        select(Desk.id, Desk.key, Room.name).join(Room, col(Room.id) == col(Desk.room_id)).where(col(Desk.id).in_(ids))
    )
    return {desk_id: (key, name) for desk_id, key, name in session.exec(query)}


def _written_at(session: Session, duty: AnyDuty) -> datetime:
    if isinstance(duty, CurrentDuty):
        return duty.written_at
    return session.get_one(RosterVersion, duty.version_id).published_at


def _days_told_of(session: Session, site: Site, account: UserAccount) -> Mapping[date, datetime]:
    """When the person was last told of a change of each day: a duty that is gone leaves no other trace of when."""
    query = select(OutboxMessage.created_at, OutboxMessage.facts).where(
        OutboxMessage.recipient_user_id == account.id, col(OutboxMessage.kind).startswith("roster.")
    )
    found: dict[date, datetime] = {}
    for created_at, facts in session.exec(query):
        for duty in (*facts.get("before", ()), *facts.get("after", ())):
            day = datetime.fromisoformat(duty["starts_at"]).astimezone(ZoneInfo(site.time_zone)).date()
            found[day] = max(created_at, found.get(day, created_at))
    return found


def _sequence(changed_at: datetime) -> int:
    return max(0, int((changed_at - SEQUENCE_BEGAN_AT).total_seconds()))


def _unsure(session: Session, agent_id: int, now: datetime) -> list[FeedEntry]:
    """Places held for the person, requests to stand in, and swaps that a manager has yet to approve."""
    held = session.exec(
        select(WaitingEntry, OpenShift)
        .join(OpenShift, col(OpenShift.id) == col(WaitingEntry.open_shift_id))
        .where(
            WaitingEntry.agent_id == agent_id,
            WaitingEntry.state == WaitingState.OFFERED,
            col(WaitingEntry.offer_ends_at) > now,
        )
    )
    asked = session.exec(
        select(StandInRequest, OpenShift)
        .join(OpenShift, col(OpenShift.id) == col(StandInRequest.open_shift_id))
        .where(
            StandInRequest.agent_id == agent_id,
            StandInRequest.state == StandInState.ASKED,
            col(StandInRequest.ends_at) > now,
        )
    )
    agreed = session.exec(
        select(SwapOffer).where(
            SwapOffer.partner_agent_id == agent_id,
            SwapOffer.state == OfferState.ACCEPTED,
            col(SwapOffer.expires_at) > now,
        )
    )
    return [
        *(_maybe(f"held-{one.id}", one.since_at, shift, one.offer_ends_at) for one, shift in held),
        *(_maybe(f"asked-{one.id}", one.asked_at, shift, one.ends_at) for one, shift in asked),
        *(_maybe(f"swap-{offer.id}", offer.created_at, offer, None) for offer in agreed),
    ]


def _maybe(uid: str, since_at: datetime, times: OpenShift | SwapOffer, answer_by: datetime | None) -> FeedEntry:
    return FeedEntry(
        uid,
        _sequence(answer_by or since_at),
        since_at,
        times.starts_at,
        times.ends_at,
        is_sure=False,
        answer_by=answer_by,
    )
