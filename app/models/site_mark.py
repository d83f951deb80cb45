"""What tells a process whether the site that it remembers is still the one that is stored."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table


class SiteMark(Table, table=True):
    """A mark drawn anew, by triggers, whenever anything changes that a site's rosters stand on: rooms, desks, released
    desks, screens, queues, rules, terms.
    """

    __tablename__ = "site_mark"

    site_id: int = Field(sa_column=sa.Column(sa.ForeignKey("site.id", ondelete="CASCADE"), primary_key=True))
    mark: str = Field(max_length=40)
