"""One log-in per role, with a password that everybody may know."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.models import Agent, Role, Site
from app.services import accounts, passwords
from app.services.audit import Actor

PASSWORD = "abstand-demo"  # noqa: S105  # published on purpose: it opens a site of made-up people
LOG_INS: dict[str, tuple[Role, str]] = {
    "manager": (Role.MANAGER, "Standortleitung"),
    "agent": (Role.AGENT, "Agent"),
    "council": (Role.COUNCIL, "Betriebsrat"),
    "admin": (Role.ADMINISTRATOR, "Administration"),
}


def make_accounts(session: Session, site: Site, agent: Agent, now: datetime) -> None:
    """The accounts of :data:`LOG_INS`; the agent's goes by the name of the agent."""
    password_hash = passwords.hashed(PASSWORD)
    for login_name, (role, display_name) in LOG_INS.items():
        accounts.create(
            session,
            Actor(user_id=None),
            now,
            login_name=login_name,
            display_name=agent.display_name if role is Role.AGENT else display_name,
            role=role,
            password_hash=password_hash,
            site_id=site.id,
            agent_id=agent.id if role is Role.AGENT else None,
            must_change_password=False,
        )
