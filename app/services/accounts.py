"""Accounts: signing in, passwords, and what an administrator does with them."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from sqlmodel import Session, select

from app.errors import NotFoundError, RefusedError
from app.models import Agent, AuditEvent, Language, Role, Site, UserAccount
from app.services import passwords
from app.services.audit import Actor, record

LOGIN_NAME = re.compile(r"^[a-z0-9][a-z0-9._@-]{1,79}$")


def by_login_name(session: Session, login_name: str) -> UserAccount | None:
    """The active account of a log-in name, however it is capitalised."""
    account = session.exec(select(UserAccount).where(UserAccount.login_name == tidy_login_name(login_name))).first()
    return account if account is not None and account.active else None


def tidy_login_name(login_name: str) -> str:
    """As it is stored."""
    return login_name.strip().lower()[:80]


def get(session: Session, user_id: int) -> UserAccount:
    """Raises NotFoundError."""
    account = session.get(UserAccount, user_id)
    if account is None:
        raise NotFoundError
    return account


def require_good_password(password: str) -> None:
    """Raises RefusedError (422) for one that is too short or too long."""
    if len(password) < passwords.MIN_LENGTH:
        raise RefusedError("auth.password.short", 422, length=passwords.MIN_LENGTH)
    if len(password) > passwords.MAX_LENGTH:
        raise RefusedError("auth.password.long", 422, length=passwords.MAX_LENGTH)


def set_password(session: Session, actor: Actor, now: datetime, account: UserAccount, password_hash: str) -> None:
    """A person's own new password; all sessions of the account end."""
    account.password_hash = password_hash
    account.must_change_password = False
    account.session_epoch += 1
    record(session, actor, now, "user.password_changed", "user_account", account.id)


def set_language(session: Session, user_id: int, language: Language) -> None:
    """The language of all pages for this person."""
    get(session, user_id).language = language


def settle_language(session: Session, user_id: int, *, chosen: Language | None, met_with: Language | None) -> None:
    """Keep to the language of the page on which the person signs in.

    :param chosen: picked on that page; it holds for the account from now on
    :param met_with: that page's language without a choice; it holds from the account's first signing in, before which
        nobody of that account can have chosen one
    """
    language = chosen or (None if _has_signed_in(session, user_id) else met_with)
    if language is not None:
        set_language(session, user_id, language)


def _has_signed_in(session: Session, user_id: int) -> bool:
    before = select(AuditEvent.id).where(AuditEvent.user_id == user_id, AuditEvent.action == "user.signed_in")
    return session.exec(before.limit(1)).first() is not None


def temporary_password() -> str:
    """Shown once to the administrator, replaced at the first log-in."""
    return secrets.token_urlsafe(12)


def create(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    login_name: str,
    display_name: str,
    role: Role,
    password_hash: str,
    site_id: int | None = None,
    agent_id: int | None = None,
    language: Language = Language.GERMAN,
    must_change_password: bool = True,
) -> UserAccount:
    """A new account.

    Raises RefusedError (422) for a name that cannot be used or is taken, or a role without its site or agent.
    """
    login_name = tidy_login_name(login_name)
    if not LOGIN_NAME.match(login_name):
        raise RefusedError("admin.users.bad_login_name", 422)
    if session.exec(select(UserAccount.id).where(UserAccount.login_name == login_name)).first() is not None:
        raise RefusedError("admin.users.name_taken", 422, login_name=login_name)
    site_id, agent_id = _place(session, role, site_id, agent_id)
    account = UserAccount(
        login_name=login_name,
        display_name=display_name.strip()[:120] or login_name,
        role=role,
        password_hash=password_hash,
        site_id=site_id,
        agent_id=agent_id,
        language=language,
        must_change_password=must_change_password,
        created_at=now,
    )
    session.add(account)
    session.flush()
    record(session, actor, now, "user.created", "user_account", account.id, site_id=site_id, role=role.value)
    return account


def _place(session: Session, role: Role, site_id: int | None, agent_id: int | None) -> tuple[int | None, int | None]:
    """Site and agent as the role needs them."""
    if role is Role.ADMINISTRATOR:
        return None, None
    if role is Role.AGENT:
        agent = session.get(Agent, agent_id) if agent_id is not None else None
        if agent is None:
            raise RefusedError("admin.users.agent_needed", 422)
        if session.exec(select(UserAccount.id).where(UserAccount.agent_id == agent.id)).first() is not None:
            raise RefusedError("admin.users.agent_taken", 422, agent=agent.display_name)
        return agent.site_id, agent.id
    if site_id is None or session.get(Site, site_id) is None:
        raise RefusedError("admin.users.site_needed", 422)
    return site_id, None


def reset_password(session: Session, actor: Actor, now: datetime, account: UserAccount, password_hash: str) -> None:
    """A temporary password by an administrator; all sessions of the account end."""
    account.password_hash = password_hash
    account.must_change_password = True
    account.session_epoch += 1
    record(session, actor, now, "user.password_reset", "user_account", account.id, site_id=account.site_id)


def set_active(session: Session, actor: Actor, now: datetime, account: UserAccount, *, active: bool) -> None:
    """Open or close an account; closing ends its sessions. Nobody closes the own one (RefusedError)."""
    if account.id == actor.user_id:
        raise RefusedError("admin.users.not_yourself")
    account.active = active
    account.session_epoch += 1
    action = "user.opened" if active else "user.closed"
    record(session, actor, now, action, "user_account", account.id, site_id=account.site_id)
