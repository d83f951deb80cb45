"""What a message tells its recipient: what was and what is, until when to answer, and what a link can do about it.

Only the recipient's own duties and what was offered to the recipient are read; never who else is concerned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import (
    CurrentDuty,
    OfferKind,
    OpenShift,
    OutboxMessage,
    Place,
    StandInRequest,
    SwapOffer,
    UserAccount,
    Week,
)
from app.services.shift_booking import terms_of
from app.services.signed_links import Purpose

BEFORE_DUTY = timedelta(hours=2)
"""A change has to be known so long before the duty, to be of use."""
BEFORE_DEADLINE = timedelta(minutes=30)
ADDRESS_DAYS = 3
LISTED_DAYS = 90
MOST_LISTED = 200


@dataclass(frozen=True)
class ToldDuty:
    """A duty, or a shift that may become one; without a desk where none has been found yet."""

    starts_at: datetime
    ends_at: datetime
    place: Place | None = None
    desk: str | None = None
    breaks: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Act:
    """What the recipient may do with one click."""

    purpose: Purpose
    object_id: int
    expires_at: datetime
    address: str = ""


@dataclass(frozen=True)
class Notice:
    """One message, read.

    :param before: duties of the recipient that no longer hold, or that would be given away
    :param after: duties that hold instead, or that would be had
    :param about: the duty or shift that it is about, where nothing changes
    :param object_id: row of the offer or shift
    :param first_day: Monday of the week it is about
    :param deadline_at: until when an answer counts
    """

    message_id: int
    kind: str
    created_at: datetime
    read_at: datetime | None = None
    before: tuple[ToldDuty, ...] = ()
    after: tuple[ToldDuty, ...] = ()
    about: tuple[ToldDuty, ...] = ()
    week_id: int | None = None
    object_id: int | None = None
    first_day: date | None = None
    deadline_at: datetime | None = None
    acts: tuple[Act, ...] = ()
    address: str = ""

    @property
    def needed_by(self) -> datetime | None:
        """After which it is of little use, None where it can wait."""
        if self.deadline_at is not None:
            return self.deadline_at - BEFORE_DEADLINE if self.deadline_at > self.created_at else None
        starts = [duty.starts_at for duty in (*self.before, *self.after) if duty.starts_at > self.created_at]
        return min(starts) - BEFORE_DUTY if starts else None


Reader = Callable[[Session, OutboxMessage, Notice], Notice]


def notice_of(session: Session, message: OutboxMessage) -> Notice:
    """What a message tells."""
    bare = Notice(message.id, message.kind, message.created_at, message.read_at)
    week_id, object_id = message.facts.get("week_id"), message.facts.get("offer_id", message.facts.get("open_shift_id"))
    bare = replace(bare, object_id=object_id)
    week = session.get(Week, week_id) if isinstance(week_id, int) else None
    if week is not None:
        bare = replace(bare, week_id=week.id, first_day=week.first_day)
    reader = READERS.get(message.kind.partition(".")[0])
    return bare if reader is None else reader(session, message, bare)


def listed(session: Session, user_id: int, now: datetime) -> list[Notice]:
    """What somebody was told, the newest first."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.recipient_user_id == user_id, OutboxMessage.created_at > now - timedelta(days=LISTED_DAYS))
        .order_by(col(OutboxMessage.created_at).desc(), col(OutboxMessage.id).desc())
        .limit(MOST_LISTED)
    )
    return [notice_of(session, message) for message in session.exec(query)]


def _of_roster(session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    before, after = (_duties(message.facts.get(side, ())) for side in ("before", "after"))
    acts: tuple[Act, ...] = ()
    if message.kind == "roster.booked" and len(after) == 1:
        acts = _release_of(session, int(message.facts["after"][0]["duty_id"]))
    return replace(bare, before=before, after=after, acts=acts)


def _duties(facts: Iterable[Mapping[str, Any]]) -> tuple[ToldDuty, ...]:
    return tuple(
        ToldDuty(
            datetime.fromisoformat(duty["starts_at"]),
            datetime.fromisoformat(duty["ends_at"]),
            Place(duty["place"]),
            duty["desk"],
            tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in duty.get("breaks", ())
            ),
        )
        for duty in facts
    )


def _release_of(session: Session, duty_id: int) -> tuple[Act, ...]:
    duty = session.get(CurrentDuty, duty_id)
    if duty is None:
        return ()
    until_at = duty.starts_at - timedelta(hours=terms_of(session, duty.site_id).cancel_hours_before)
    return (Act(Purpose.BOOKING_RELEASE, duty.id, until_at),)


def _of_offer(session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    facts = message.facts
    offered = ToldDuty(datetime.fromisoformat(facts["starts_at"]), datetime.fromisoformat(facts["ends_at"]))
    offer = session.get(SwapOffer, facts["offer_id"])
    if offer is None or message.kind not in {"offer.offered", "offer.answered"}:
        return replace(bare, about=(offered,))
    if message.kind == "offer.answered":
        got = told_row(session, offer.partner_duty_id)
        acts = (Purpose.OFFER_CONFIRM, Purpose.OFFER_DECLINE)
        return replace(bare, before=(offered,), after=got, **_answerable(acts, offer.id, offer.expires_at))
    given = told_row(session, offer.wanted_duty_id)
    can_accept = offer.kind is OfferKind.GIVE_AWAY or offer.wanted_duty_id is not None
    answers = (Purpose.OFFER_ACCEPT, Purpose.OFFER_DECLINE) if can_accept else (Purpose.OFFER_DECLINE,)
    return replace(bare, before=given, after=(offered,), **_answerable(answers, offer.id, offer.expires_at))


def _answerable(purposes: Sequence[Purpose], object_id: int, until_at: datetime) -> dict[str, Any]:
    return {"deadline_at": until_at, "acts": tuple(Act(one, object_id, until_at) for one in purposes)}


def told_row(session: Session, duty_id: int | None) -> tuple[ToldDuty, ...]:
    """A duty in force, empty where it is no longer as it was; without its desk, which is found anew for another."""
    duty = None if duty_id is None else session.get(CurrentDuty, duty_id)
    return () if duty is None else (ToldDuty(duty.starts_at, duty.ends_at),)


def told_shift(session: Session, open_shift_id: int) -> tuple[ToldDuty, ...]:
    """An open shift, empty where it has been deleted."""
    shift = session.get(OpenShift, open_shift_id)
    return () if shift is None else (ToldDuty(shift.starts_at, shift.ends_at),)


def _of_waiting(session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    shift_id, until_at = message.facts["open_shift_id"], datetime.fromisoformat(message.facts["offer_ends_at"])
    acts = (Purpose.WAITING_ACCEPT, Purpose.WAITING_RELEASE)
    return replace(bare, after=told_shift(session, shift_id), **_answerable(acts, shift_id, until_at))


def _of_stand_in(session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    shift_id = message.facts["open_shift_id"]
    shift = told_shift(session, shift_id)
    if message.kind != "stand_in.asked":
        return replace(bare, about=shift)
    request = session.exec(
        select(StandInRequest)
        .join(UserAccount, col(UserAccount.agent_id) == col(StandInRequest.agent_id))
        .where(StandInRequest.open_shift_id == shift_id, UserAccount.id == message.recipient_user_id)
    ).first()
    if request is None:
        return replace(bare, about=shift)
    acts = (Purpose.STAND_IN_ACCEPT, Purpose.STAND_IN_DECLINE)
    return replace(bare, after=shift, **_answerable(acts, shift_id, request.ends_at))


def _of_absence(session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    return replace(bare, about=told_shift(session, message.facts["open_shift_id"]))


def _of_availability(_session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    return replace(bare, deadline_at=datetime.fromisoformat(message.facts["deadline_at"]))


def _of_address(_session: Session, message: OutboxMessage, bare: Notice) -> Notice:
    address = str(message.facts["address"])
    until_at = message.created_at + timedelta(days=ADDRESS_DAYS)
    act = Act(Purpose.ADDRESS_CONFIRM, message.recipient_user_id, until_at, address)
    return replace(bare, address=address, acts=(act,))


READERS: dict[str, Reader] = {
    "roster": _of_roster,
    "offer": _of_offer,
    "waiting": _of_waiting,
    "stand_in": _of_stand_in,
    "absence": _of_absence,
    "availability": _of_availability,
    "address": _of_address,
}
"""By the first part of a kind."""


def unread_count(session: Session, user_id: int, now: datetime) -> int:
    """How much of what somebody was told is not marked as read."""
    return session.exec(select(sa.func.count()).select_from(OutboxMessage).where(*_unread(user_id, now))).one()


def mark_read(session: Session, user_id: int, now: datetime) -> None:
    """Everything up to now."""
    session.exec(
        sa.update(OutboxMessage)
        .where(*_unread(user_id, now))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )


def _unread(user_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(OutboxMessage.recipient_user_id) == user_id,
        col(OutboxMessage.read_at).is_(None),
        col(OutboxMessage.created_at) > now - timedelta(days=LISTED_DAYS),
    )
