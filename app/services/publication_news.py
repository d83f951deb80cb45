"""What a publication changes for whom: each agent is told the own duties that differ, and nobody else anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import Desk, LiveWeek, OutboxMessage, PublishedDuty, UserAccount, Week
from app.problem_rows import AnyDuty
from app.services import live_roster

DutiesByAgent = Mapping[int, Sequence[dict[str, Any]]]


def in_force(session: Session, week: Week) -> DutiesByAgent:
    """Everybody's duties as they hold now, each as messages keep them."""
    rows: Sequence[AnyDuty] = []
    if session.get(LiveWeek, week.id) is not None:
        rows = live_roster.duties_of(session, week.id)
    else:
        version = live_roster.latest_version(session, week.id)
        if version is not None:
            published = select(PublishedDuty).where(PublishedDuty.version_id == version.id)
            rows = session.exec(published.order_by(col(PublishedDuty.starts_at))).all()
    keys = dict(iter(session.exec(select(Desk.id, Desk.key).where(Desk.site_id == week.site_id))))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for duty in rows:
        found[duty.agent_id].append(_facts(duty, keys))
    return found


def _facts(duty: AnyDuty, desk_keys: Mapping[int, str]) -> dict[str, Any]:
    return {
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "place": duty.place.value,
        "desk": None if duty.desk_id is None else desk_keys[duty.desk_id],
        "breaks": [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in duty.breaks],
    }


def announce(session: Session, now: datetime, week: Week, number: int, before: DutiesByAgent) -> None:
    """Tell those for whom the version in force is another than what held before.

    :param before: of :func:`in_force`, read before the publication
    """
    after = in_force(session, week)
    accounts = select(UserAccount.agent_id, UserAccount.id).where(
        UserAccount.site_id == week.site_id,
        col(UserAccount.agent_id).is_not(None),
        col(UserAccount.active).is_(True),
    )
    for agent_id, user_id in session.exec(accounts.order_by(col(UserAccount.id))).all():
        old, new = before.get(agent_id or 0, ()), after.get(agent_id or 0, ())
        gone, come = [duty for duty in old if duty not in new], [duty for duty in new if duty not in old]
        if gone or come:
            facts = {"week_id": week.id, "number": number, "before": gone, "after": come}
            kind = "roster.published" if number == 1 else "roster.republished"
            session.add(OutboxMessage(recipient_user_id=user_id, kind=kind, facts=facts, created_at=now))
