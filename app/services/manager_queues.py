"""Service targets of a queue: what a form says, checked and kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from app.models import Queue
from app.services.audit import Actor, record
from app.services.lookup import require_revision


@dataclass(frozen=True)
class QueueTargets:
    """How the calls of a queue are to be answered; shares are 0 to 1.

    :param service_level: share of the calls offered that are answered within ``within_seconds``
    :param patience_seconds: mean time after which callers hang up, None where nobody does
    :param max_agent_occupancy: most of their time that agents spend on calls, None for no limit
    :param shrinkage_share: part of the scheduled people who are absent unplanned
    """

    service_level: float
    within_seconds: float
    aht_seconds: float
    patience_seconds: float | None
    max_agent_occupancy: float | None
    shrinkage_share: float


def set_targets(
    session: Session, actor: Actor, now: datetime, queue: Queue, revision: int, targets: QueueTargets
) -> None:
    """Change the targets; raises RefusedError where somebody else has changed the queue since ``revision``."""
    require_revision(queue, revision)
    for name, value in asdict(targets).items():
        setattr(queue, name, value)
    record(session, actor, now, "queue.changed", "queue", queue.id, site_id=queue.site_id, **asdict(targets))
