"""Links in mails that do one thing for one person, once, until they expire; opening one changes nothing.

A link carries what it is for and is signed, so nothing is stored until it is used. It holds for the account's present
session epoch: a new password or a closed account ends all links sent before, as it ends all sessions.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.errors import RefusedError
from app.models import UsedLink, UserAccount
from app.services.audit import Actor

SALT = "abstand-signed-link"
LONGEST_TOKEN = 1000
GONE = 410


class Purpose(StrEnum):
    """What a link does."""

    WAITING_ACCEPT = "waiting_accept"
    WAITING_RELEASE = "waiting_release"
    STAND_IN_ACCEPT = "stand_in_accept"
    STAND_IN_DECLINE = "stand_in_decline"
    OFFER_ACCEPT = "offer_accept"
    OFFER_DECLINE = "offer_decline"
    OFFER_CONFIRM = "offer_confirm"
    BOOKING_RELEASE = "booking_release"
    ADDRESS_CONFIRM = "address_confirm"


@dataclass(frozen=True)
class Link:
    """Who may do what until when.

    :param object_id: row of the shift, offer or duty that it is about
    :param address: the mail address to confirm, else empty
    """

    user_id: int
    session_epoch: int
    purpose: Purpose
    object_id: int
    expires_at: datetime
    address: str = ""


class LinkRefusedError(RefusedError):
    """A link that is no link, used up, too old, or of an account that is closed."""


def signed(secret_key: str, link: Link) -> str:
    """The token of a link."""
    content = [
        link.user_id,
        link.session_epoch,
        link.purpose.value,
        link.object_id,
        int(link.expires_at.timestamp()),
        link.address,
    ]
    token: str = _serializer(secret_key).dumps(content)
    return token


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT, signer_kwargs={"digest_method": hashlib.sha256})


def read(secret_key: str, token: str) -> Link:
    """The link of a token; LinkRefusedError (404) for one that was never signed here."""
    if len(token) > LONGEST_TOKEN:
        raise LinkRefusedError("link.garbled", 404)
    try:
        user_id, epoch, purpose, object_id, expires, address = _serializer(secret_key).loads(token)
    except BadSignature as error:
        raise LinkRefusedError("link.garbled", 404) from error
    return Link(user_id, epoch, Purpose(purpose), object_id, datetime.fromtimestamp(expires, UTC), address)


def owner(session: Session, now: datetime, token: str, link: Link) -> UserAccount:
    """Whose link it is.

    :raises LinkRefusedError: (410) where it was used, has expired, or the account has ended it
    """
    if session.get(UsedLink, _hash(token)) is not None:
        raise LinkRefusedError("link.used", GONE)
    if link.expires_at <= now:
        raise LinkRefusedError("link.expired", GONE)
    account = session.get(UserAccount, link.user_id)
    if account is None or not account.active or account.session_epoch != link.session_epoch:
        raise LinkRefusedError("link.ended", GONE)
    return account


def use_up(session: Session, now: datetime, token: str, link: Link) -> Actor:
    """Note that a link does its work now, in the transaction of that work; gives who does it.

    :raises LinkRefusedError: (410) as :func:`owner`; of two at once the second is refused as well
    """
    account = owner(session, now, token, link)
    used = UsedLink(token_hash=_hash(token), user_id=link.user_id, used_at=now, expires_at=link.expires_at)
    try:
        with session.begin_nested():
            session.add(used)
            session.flush()
    except IntegrityError as error:
        raise LinkRefusedError("link.used", GONE) from error
    return Actor(user_id=account.id, role=account.role, site_id=account.site_id, agent_id=account.agent_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
