"""Bearer tokens: made for a person with scopes and an end, shown once, found by their hash, revoked at any time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, ApiToken, Language, Role, Scope, Site, UserAccount
from app.services.audit import Actor, record

PREFIX = "abstand_"
"""So that programs that look for leaked secrets know one of ours."""
SECRET_BYTES = 32
LONGEST = 200
DEFAULT_DAYS = 90
MOST_DAYS = 366
MOST_NAME = 80
USE_NOTED_EVERY = timedelta(minutes=15)

ROLES_OF: Mapping[Scope, frozenset[Role]] = {
    Scope.AVAILABILITY: frozenset({Role.AGENT}),
    Scope.BOOKINGS: frozenset({Role.AGENT, Role.MANAGER}),
    Scope.SWAPS: frozenset({Role.AGENT, Role.MANAGER}),
    Scope.ABSENCE: frozenset({Role.AGENT, Role.MANAGER}),
    Scope.MY_WEEK: frozenset({Role.AGENT}),
    Scope.WEEKS: frozenset({Role.MANAGER}),
    Scope.PLANS: frozenset({Role.MANAGER}),
    Scope.ROSTERS: frozenset({Role.MANAGER, Role.COUNCIL}),
    Scope.REPLACEMENTS: frozenset({Role.MANAGER}),
    Scope.FLOOR: frozenset({Role.MANAGER}),
}
"""Whom a scope is of use to; what each operation allows is declared there besides."""


class BadTokenError(RefusedError):
    """A token that opens nothing: unknown, revoked, over, or of a closed account."""

    def __init__(self, key: str) -> None:
        super().__init__(key, 401)


@dataclass(frozen=True)
class Bearer:
    """Whom a token speaks for, as plain values."""

    token_id: int
    scopes: frozenset[Scope]
    expires_at: datetime
    last_used_at: datetime | None
    user_id: int
    login_name: str
    role: Role
    language: Language
    site_id: int | None
    site_key: str | None
    time_zone: str | None
    agent_id: int | None
    agent_key: str | None

    @property
    def actor(self) -> Actor:
        """The person as services want it."""
        return Actor(user_id=self.user_id, role=self.role, site_id=self.site_id, agent_id=self.agent_id)


def scopes_for(role: Role) -> list[Scope]:
    """All scopes that are of use to a role."""
    return [scope for scope in Scope if role in ROLES_OF[scope]]


def create(
    session: Session,
    actor: Actor,
    now: datetime,
    account: UserAccount,
    scopes: Collection[Scope],
    *,
    days: int = DEFAULT_DAYS,
    name: str = "",
) -> tuple[ApiToken, str]:
    """A new token; the second part is the token itself, which is kept nowhere.

    :raises RefusedError: without a scope, with one that the person's role has no use for, or for too many days
    """
    if not scopes:
        raise RefusedError("api_token.no_scope", 422, known=", ".join(scopes_for(account.role)))
    useless = [scope for scope in scopes if account.role not in ROLES_OF[scope]]
    if useless:
        raise RefusedError(
            "api_token.not_for_role",
            422,
            scope=", ".join(useless),
            role=account.role.value,
            known=", ".join(scopes_for(account.role)) or "–",
        )
    if not 1 <= days <= MOST_DAYS:
        raise RefusedError("api_token.days", 422, most=MOST_DAYS)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken(
        user_id=account.id,
        name=name.strip()[:MOST_NAME],
        token_hash=hash_of(secret),
        scopes=[scope for scope in Scope if scope in set(scopes)],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    record(
        session,
        actor,
        now,
        "token.created",
        "api_token",
        token.id,
        site_id=account.site_id,
        login_name=account.login_name,
        scopes=", ".join(token.scopes),
    )
    return token, secret


def hash_of(secret: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def bearer_of(session: Session, now: datetime, secret: str) -> Bearer:
    """Whom a token speaks for, in one statement.

    :raises BadTokenError: where it opens nothing
    """
    if not secret.startswith(PREFIX) or len(secret) > LONGEST:
        raise BadTokenError("api.token.unknown")
    columns: list[Any] = [
        col(ApiToken.id),
        col(ApiToken.scopes),
        col(ApiToken.expires_at),
        col(ApiToken.revoked_at),
        col(ApiToken.last_used_at),
        col(UserAccount.id).label("user_id"),
        col(UserAccount.login_name),
        col(UserAccount.role),
        col(UserAccount.language),
        col(UserAccount.active),
        col(UserAccount.site_id),
        col(UserAccount.agent_id),
        col(Site.key).label("site_key"),
        col(Site.time_zone),
        col(Agent.key).label("agent_key"),
    ]
    query = (
        sa.select(*columns)
        .join(UserAccount, col(UserAccount.id) == col(ApiToken.user_id))
        .join(Site, col(Site.id) == col(UserAccount.site_id), isouter=True)
        .join(Agent, col(Agent.id) == col(UserAccount.agent_id), isouter=True)
        .where(col(ApiToken.token_hash) == hash_of(secret))
    )
    found = session.connection().execute(query).first()
    if found is None:
        raise BadTokenError("api.token.unknown")
    _require_open(found, now)
    return Bearer(
        token_id=found.id,
        scopes=frozenset(found.scopes),
        expires_at=found.expires_at,
        last_used_at=found.last_used_at,
        user_id=found.user_id,
        login_name=found.login_name,
        role=found.role,
        language=found.language,
        site_id=found.site_id,
        site_key=found.site_key,
        time_zone=found.time_zone,
        agent_id=found.agent_id,
        agent_key=found.agent_key,
    )


def _require_open(found: sa.Row[Any], now: datetime) -> None:
    if found.revoked_at is not None:
        raise BadTokenError("api.token.revoked")
    if found.expires_at <= now:
        raise BadTokenError("api.token.expired")
    if not found.active:
        raise BadTokenError("api.token.closed")


def use_to_note(bearer: Bearer, now: datetime) -> bool:
    """Whether the last use that is written down is long enough ago."""
    return bearer.last_used_at is None or now - bearer.last_used_at >= USE_NOTED_EVERY


def note_use(session: Session, now: datetime, token_id: int) -> None:
    """Write down that a token was used."""
    session.connection().execute(sa.update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=now))


def tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """All tokens of a person, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(col(ApiToken.id).desc())
    return list(session.exec(query))


def revoke(session: Session, actor: Actor, now: datetime, token_id: int, *, user_id: int | None = None) -> ApiToken:
    """End a token; doing it again changes nothing.

    :param user_id: whose it has to be, None for anybody's
    :raises NotFoundError: where there is none
    """
    token = session.get(ApiToken, token_id)
    if token is None or (user_id is not None and token.user_id != user_id):
        raise NotFoundError
    if token.revoked_at is None:
        token.revoked_at = now
        record(session, actor, now, "token.revoked", "api_token", token.id)
        session.flush()
    return token
