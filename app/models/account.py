"""Who may sign in, and who tried."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, instant


class Role(StrEnum):
    """What a person may do; one role each."""

    AGENT = "agent"
    MANAGER = "manager"
    COUNCIL = "council"
    ADMINISTRATOR = "administrator"


class Language(StrEnum):
    """Languages of all pages."""

    GERMAN = "de"
    ENGLISH = "en"


class UserAccount(Table, table=True):
    """A log-in. ``session_epoch`` grows when all sessions of the account must end."""

    __tablename__ = "user_account"
    __table_args__ = (
        sa.CheckConstraint("login_name = lower(login_name) AND login_name <> ''", name="login_name"),
        sa.CheckConstraint("role = 'administrator' OR site_id IS NOT NULL", name="site_of_role"),
        sa.CheckConstraint("(role = 'agent') = (agent_id IS NOT NULL)", name="agent_of_role"),
    )

    id: int = Field(default=None, primary_key=True)
    login_name: str = Field(max_length=80, unique=True)
    display_name: str = Field(max_length=120)
    password_hash: str = Field(max_length=200)
    role: Role = Field(sa_type=enum_of(Role, "role"))
    site_id: int | None = Field(default=None, foreign_key="site.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id", unique=True)
    language: Language = Field(default=Language.GERMAN, sa_type=enum_of(Language, "language"))
    active: bool = True
    must_change_password: bool = False
    session_epoch: int = 0
    created_at: datetime = Field(sa_type=instant())
    revision: int = 1


class LoginAttempt(Table, table=True):
    """One try to sign in, kept for throttling only."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        sa.Index("ix_login_attempt_name", "login_name", "attempted_at"),
        sa.Index("ix_login_attempt_address", "address", "attempted_at"),
    )

    id: int = Field(default=None, primary_key=True)
    login_name: str = Field(max_length=80)
    address: str = Field(max_length=64)
    attempted_at: datetime = Field(sa_type=instant())
    succeeded: bool = False
