"""What is written down of a duty that changes: what people are told, and what undoing needs."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from app.models import Agent, CurrentDuty
from app.services.guard_case import Scene
from solver.rules import Fact


def facts_of(session: Session, scene: Scene, duty: CurrentDuty) -> dict[str, Fact]:
    """A duty with keys of agent and desk."""
    return {
        "duty_id": duty.id,
        "agent_id": duty.agent_id,
        # Duties of those who left may go too.
        "agent": scene.agent_keys.get(duty.agent_id) or session.get_one(Agent, duty.agent_id).key,
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "place": duty.place.value,
        "desk": None if duty.desk_id is None else scene.ground.desk_keys[duty.desk_id],
    }


def restorable(duty: CurrentDuty) -> dict[str, Any]:
    """What undoing a change needs besides, and nobody is told."""
    return {
        "breaks": [span.model_dump(mode="json") for span in duty.breaks],
        "serves": [work.model_dump(mode="json") for work in duty.serves],
        "source": duty.source.value,
        "open_shift_id": duty.open_shift_id,
    }
