"""Three queues, and four weeks of calls from a seeded model."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models import CallHistory, Queue, Site
from solver.demand.call_model import PeakEvent, QueueModel, model_calls

WEEKS = 4
INTERVAL_MINUTES = 15
OPENS_MINUTES, CLOSES_MINUTES = 7 * 60, 21 * 60
ZONE = ZoneInfo("Europe/Berlin")
SEED = 2021
QUEUES = (
    # key, name, letter, mean handling seconds, calls on an ordinary weekday, home allowed
    ("mobile", "Mobilfunk", "M", 240.0, 2840.0, True),
    ("dsl", "DSL & Festnetz", "D", 360.0, 1210.0, True),
    ("billing", "Rechnung", "R", 200.0, 1210.0, False),
)


def make_queues(session: Session, site: Site) -> list[Queue]:
    """Mobile, landline and billing; calls about bills are not taken at home."""
    queues = [
        Queue(
            site_id=site.id,
            key=key,
            name=name,
            letter=letter,
            colour_index=index,
            aht_seconds=aht_seconds,
            home_allowed=home_allowed,
        )
        for index, (key, name, letter, aht_seconds, _, home_allowed) in enumerate(QUEUES)
    ]
    session.add_all(queues)
    session.flush()
    return queues


def make_calls(session: Session, queues: list[Queue], monday: date) -> None:
    """Calls of the four weeks before ``monday``; in the second of them a fault keeps the landline busy."""
    first_day = monday - timedelta(weeks=WEEKS)
    outage = PeakEvent(on=first_day + timedelta(days=9), clock_minutes=9 * 60, lift=0.8, half_life_minutes=120.0)
    for index, (queue, (key, _, _, _, calls_per_day, _)) in enumerate(zip(queues, QUEUES, strict=True)):
        events = (outage,) if key == "dsl" else ()
        model = QueueModel(calls_per_day, OPENS_MINUTES, CLOSES_MINUTES, events=events)
        drawn = model_calls(
            model, first_day=first_day, days=7 * WEEKS, interval_minutes=INTERVAL_MINUTES, seed=SEED + index
        )
        session.add_all(
            CallHistory(
                queue_id=queue.id,
                starts_at=interval.starts_local.replace(tzinfo=ZONE),
                interval_minutes=interval.minutes,
                calls=interval.calls,
            )
            for interval in drawn
        )
    session.flush()
