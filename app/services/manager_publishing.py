"""What publishing a draft will do, told before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.models import Agent, UserAccount, Week
from app.services.manager_difference import RosterDifference, difference_of
from app.services.manager_rosters import StoredRoster, draft_of, last_version_of, version_of


@dataclass(frozen=True)
class PublishPreview:
    """The draft, and whom it concerns.

    :param in_force: the version it replaces, None for the first
    :param difference: to that version; where there is none, all duties are new
    :param informed: people with a log-in who will read of it when they sign in next
    """

    draft: StoredRoster
    in_force: StoredRoster | None
    difference: RosterDifference
    informed: int

    @property
    def week(self) -> Week:
        """The week that is published."""
        return self.draft.week

    @property
    def number(self) -> int:
        """Of the version that will be made."""
        return 1 if self.in_force is None or self.in_force.version is None else self.in_force.version.number + 1


def publish_preview(session: Session, draft_id: int, site_id: int) -> PublishPreview:
    """What publishing a draft will do; raises NotFoundError."""
    draft = draft_of(session, draft_id, site_id)
    last = last_version_of(session, draft.week.id)
    in_force = version_of(session, last.id, site_id) if last is not None else None
    difference = difference_of(in_force.picture.rows if in_force else (), draft.picture.rows)
    informed = _accounts_of(session, site_id, {change.agent for change in difference.changes})
    return PublishPreview(draft, in_force, difference, informed)


def _accounts_of(session: Session, site_id: int, agents: Iterable[str]) -> int:
    found = (
        select(sa.func.count())
        .select_from(UserAccount)
        .join(Agent, col(Agent.id) == col(UserAccount.agent_id))
        .where(Agent.site_id == site_id, col(Agent.key).in_(list(agents)), col(UserAccount.active).is_(True))
    )
    return session.exec(found).one()
