"""Lists of accounts for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.models import Agent, Role, Site, UserAccount


@dataclass(frozen=True)
class PersonLine:
    """One account with the names of its site and agent."""

    id: int
    login_name: str
    display_name: str
    role: Role
    site_name: str | None
    agent_key: str | None
    active: bool
    must_change_password: bool


def person_lines(session: Session) -> list[PersonLine]:
    """All accounts by name."""
    found = session.exec(
        select(UserAccount, Site.name, Agent.key)
        .join(Site, col(Site.id) == col(UserAccount.site_id), isouter=True)
        .join(Agent, col(Agent.id) == col(UserAccount.agent_id), isouter=True)
        .order_by(UserAccount.display_name)
    )
    return [
        PersonLine(
            account.id,
            account.login_name,
            account.display_name,
            account.role,
            site_name,
            agent_key,
            account.active,
            account.must_change_password,
        )
        for account, site_name, agent_key in found
    ]


def agents_without_account(session: Session) -> list[Agent]:
    """Agents who cannot sign in yet."""
    taken = select(UserAccount.agent_id).where(col(UserAccount.agent_id).is_not(None))
    return list(session.exec(select(Agent).where(col(Agent.id).not_in(taken)).order_by(Agent.display_name)))
