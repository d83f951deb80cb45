"""Who could stand in for an open shift, ranked; and asking them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.models import Agent, Place, Scope, StandInState
from app.services import replacements
from app.services.replacements import Candidate
from app.views.api.duties import FindingTold, agent_id
from app.views.api.operation import MANAGER, Answer, Call, operation
from app.views.api.schema import IdOrKey, Input, Output, local
from app.views.api.weeks import PartAsked
from app.views.problems import spoken
from app.views.told_findings import told_findings

MOST_ASKED = 100


class CandidateTold(Output):
    """Somebody who could stand in. ``inside`` where no rule stands in the way; else the rules that do."""

    agent: str
    name: str
    inside: bool
    rule: str | None
    findings: list[FindingTold]
    place: Place
    desk: int | None
    desk_key: str | None
    work_minutes: int
    short_minutes: int


class CandidatesTold(Output):
    """A part of the ranking, the best first; ``next_offset`` is where the rest begins, null at the end."""

    candidates: list[CandidateTold]
    total: int
    next_offset: int | None


class Asking(Input):
    """Whom to ask, by id or key."""

    agents: Annotated[list[IdOrKey], Field(min_length=1, max_length=MOST_ASKED)]


class AskedTold(Output):
    """Somebody who was asked, and until when to answer."""

    agent: str
    state: StandInState
    until: str


class AskedsTold(Output):
    """All who have been asked by this request."""

    asked: list[AskedTold]


@operation(
    "GET",
    "/open-shifts/<int:open_shift_id>/replacements",
    Scope.REPLACEMENTS,
    MANAGER,
    query=PartAsked,
    answer=CandidatesTold,
)
def list_replacements(call: Call, open_shift_id: int) -> Answer:
    """Who could stand in: inside all limits first, there those most below their contract."""
    asked: PartAsked = call.query
    ranked = replacements.ranked(call.session, call.actor, open_shift_id)
    shown = ranked[asked.offset : asked.offset + asked.limit]
    reached = asked.offset + len(shown)
    return Answer(
        CandidatesTold(
            candidates=[_told(one) for one in shown],
            total=len(ranked),
            next_offset=reached if shown and reached < len(ranked) else None,
        )
    )


def _told(one: Candidate) -> CandidateTold:
    findings = told_findings(one.findings, one.timeline, spoken(), None)
    return CandidateTold(
        agent=one.agent.key,
        name=one.agent.display_name,
        inside=one.inside,
        rule=one.findings[0].rule.value if one.findings else None,
        findings=[FindingTold.model_validate(finding) for finding in findings],
        place=one.place,
        desk=None if one.desk is None else one.desk.id,
        desk_key=None if one.desk is None else one.desk.key,
        work_minutes=one.work_minutes,
        short_minutes=one.short_minutes,
    )


@operation(
    "POST",
    "/open-shifts/<int:open_shift_id>/replacements",
    Scope.REPLACEMENTS,
    MANAGER,
    body=Asking,
    answer=AskedsTold,
)
def ask_replacements(call: Call, open_shift_id: int) -> Answer:
    """Ask some people to stand in; the first to accept has the shift."""
    wanted: Asking = call.body
    ids = [agent_id(call, named, f"#/agents/{number}") for number, named in enumerate(wanted.agents)]
    found = replacements.ask(call.session, call.actor, call.now, open_shift_id, [one for one in ids if one is not None])
    return Answer(
        AskedsTold(
            asked=[
                AskedTold(
                    agent=call.session.get_one(Agent, entry.agent_id).key,
                    state=entry.state,
                    until=local(entry.ends_at, call.zone),
                )
                for entry in found
            ]
        )
    )
