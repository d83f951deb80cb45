"""How far somebody has followed the changes of a week's roster in force."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from app.models.base import Table, instant


class RosterLook(Table, table=True):
    """The last change of a week that a person has read; ``change_id`` 0 is before the first."""

    __tablename__ = "roster_look"

    user_id: int = Field(foreign_key="user_account.id", primary_key=True)
    week_id: int = Field(foreign_key="week.id", primary_key=True)
    change_id: int = 0
    looked_at: datetime = Field(sa_type=instant())
