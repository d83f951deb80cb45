"""The first log-ins of a new site: who gets one, and with which temporary password."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import RefusedError
from app.models import Agent, Language, Role, Site, UserAccount
from app.services import accounts, passwords
from app.services.audit import Actor
from solver.problem import Problem

NOT_IN_NAMES = re.compile(r"[^a-z0-9._@-]+")
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class LogIn:
    """An account to make; ``agent_key`` is None for people who are no agents."""

    login_name: str
    role: Role
    agent_key: str | None = None


@dataclass(frozen=True)
class OpenedLogIn:
    """A log-in with its temporary password, and the hash that is stored of it."""

    log_in: LogIn
    password: str
    password_hash: str


def planned_log_ins(
    session: Session, problem: Problem, *, manager: str | None, administrator: str | None, with_agents: bool
) -> list[LogIn]:
    """A manager, an administrator where one is asked for or none exists, and agents where wanted.

    :raises RefusedError: for a log-in name that cannot be used, is taken, or would be given twice
    """
    site = problem.site.id
    log_ins = [LogIn(_named(manager, default=f"{site}-manager"), Role.MANAGER)]
    if administrator is not None or not _has_administrator(session):
        log_ins.append(LogIn(_named(administrator, default=ADMINISTRATOR), Role.ADMINISTRATOR))
    if with_agents:
        log_ins += [LogIn(_named(None, default=f"{site}-{agent.id}"), Role.AGENT, agent.id) for agent in problem.agents]
    _require_usable(session, log_ins)
    return log_ins


def _named(asked_for: str | None, *, default: str) -> str:
    """As asked for; else the default in the signs that log-in names may have."""
    if asked_for is not None:
        return accounts.tidy_login_name(asked_for)
    plain = unicodedata.normalize("NFKD", default).encode("ascii", "ignore").decode().lower()
    return NOT_IN_NAMES.sub("-", plain).lstrip("._@-")


def _has_administrator(session: Session) -> bool:
    query = select(UserAccount.id).where(UserAccount.role == Role.ADMINISTRATOR, col(UserAccount.active).is_(True))
    return session.exec(query).first() is not None


def _require_usable(session: Session, log_ins: Sequence[LogIn]) -> None:
    times = Counter(log_in.login_name for log_in in log_ins)
    taken = set(session.exec(select(UserAccount.login_name)))
    for log_in in log_ins:
        name = log_in.login_name
        # Of agents the number is what can be found in the file.
        whose = log_in.agent_key or log_in.role.value
        if not accounts.LOGIN_NAME.match(name):
            raise RefusedError("create_site.bad_login_name", 422, login_name=name, whose=whose)
        if name in taken:
            raise RefusedError("create_site.name_taken", 409, login_name=name, whose=whose)
        if times[name] > 1:
            raise RefusedError("create_site.name_twice", 422, login_name=name, whose=whose)


def opened(log_ins: Sequence[LogIn]) -> list[OpenedLogIn]:
    """With temporary passwords; hashing takes its time, so it is done before the database waits."""
    found = []
    for log_in in log_ins:
        password = _temporary_password()
        found.append(OpenedLogIn(log_in, password, passwords.hashed(password)))
    return found


def _temporary_password() -> str:
    """One that no spreadsheet takes for a formula."""
    while True:
        password = accounts.temporary_password()
        if password[0].isalnum():
            return password


def create_accounts(
    session: Session, actor: Actor, now: datetime, site: Site, log_ins: Sequence[OpenedLogIn], language: Language
) -> None:
    """Write the accounts; raises RefusedError for a name that was taken meanwhile."""
    agent_ids = dict(iter(session.exec(select(Agent.key, Agent.id).where(Agent.site_id == site.id))))
    for one in log_ins:
        agent_key = one.log_in.agent_key
        accounts.create(
            session,
            actor,
            now,
            login_name=one.log_in.login_name,
            display_name=agent_key or one.log_in.login_name,
            role=one.log_in.role,
            password_hash=one.password_hash,
            site_id=site.id,
            agent_id=None if agent_key is None else agent_ids[agent_key],
            language=language,
        )
