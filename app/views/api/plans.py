"""Planning a week: ask for it, watch it, stop it, and take the draft away as the two files."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from app.errors import NotFoundError
from app.messages import text
from app.models import Draft, Scope, Week
from app.services import documents, drafts, planning
from app.services.lookup import of_site
from app.services.planning import MOST_TIME_LIMIT_SECONDS, PlanPhase
from app.views.api.operation import MANAGER, Answer, Call, operation
from app.views.api.schema import Input, Output, local
from app.views.problems import spoken
from solver.problem import Problem
from solver.roster import Roster


class PlanAsked(Input):
    """How long to search, and from which random numbers."""

    time_limit_seconds: Annotated[float, Field(gt=0, le=MOST_TIME_LIMIT_SECONDS, allow_inf_nan=False)] = 60.0
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0


class PointTold(Output):
    """How good the plan was after so many seconds; ``bound`` where some minutes are proven to be missing anyway."""

    seconds: float
    missing_agent_minutes: float
    bound_agent_minutes: float | None


class PlanTold(Output):
    """The latest plan of a week. Shares are of the required agent minutes, 0 to 1."""

    plan: int
    phase: PlanPhase
    active: bool
    attempts: int
    requested: str
    requested_by: str | None
    elapsed_seconds: float
    time_limit_seconds: float
    missing_share: float | None
    bound_share: float | None
    progress: list[PointTold]
    message: str | None
    draft: int | None


class DraftTold(Output):
    """A draft and its figures."""

    id: int
    week: int
    created: str
    missing_agent_minutes: float | None
    required_agent_minutes: float | None
    bound_agent_minutes: float | None
    on_site_peak: int | None
    on_site_limit: int | None
    change_minutes: float | None
    changed_agents: int | None
    duties: int | None


@operation("POST", "/weeks/<int:week_id>/plan", Scope.PLANS, MANAGER, body=PlanAsked, answer=PlanTold, status=202)
def request_plan(call: Call, week_id: int) -> Answer:
    """Ask for a plan; a worker makes it."""
    asked: PlanAsked = call.body
    planning.request_plan(
        call.session,
        call.actor,
        call.now,
        week_id,
        time_limit_seconds=asked.time_limit_seconds,
        seed=asked.seed,
    )
    return Answer(_status(call, week_id))


def _status(call: Call, week_id: int) -> PlanTold:
    week = of_site(call.session, Week, week_id, call.site_id)
    status = planning.status(call.session, week.id, call.now)
    if status is None:
        raise NotFoundError
    key = status.message_key
    return PlanTold(
        plan=status.job_id,
        phase=status.phase,
        active=status.is_active,
        attempts=status.attempts,
        requested=local(status.requested_at, call.zone),
        requested_by=status.requested_by,
        elapsed_seconds=status.elapsed_seconds,
        time_limit_seconds=status.time_limit_seconds,
        missing_share=status.missing_share,
        bound_share=status.bound_share,
        progress=[
            PointTold(seconds=seconds, missing_agent_minutes=missing, bound_agent_minutes=bound)
            for seconds, missing, bound in status.progress
        ],
        message=None if key is None else text(key, spoken(), **status.message_facts),
        draft=status.draft_id,
    )


@operation("GET", "/weeks/<int:week_id>/plan", Scope.PLANS, MANAGER, answer=PlanTold)
def show_plan(call: Call, week_id: int) -> Answer:
    """How the week's latest plan goes; not found where none was asked for."""
    return Answer(_status(call, week_id))


@operation("POST", "/weeks/<int:week_id>/plan/stop", Scope.PLANS, MANAGER, answer=PlanTold, status=202)
def stop_plan(call: Call, week_id: int) -> Answer:
    """End the running plan with the best roster so far."""
    planning.request_stop(call.session, call.actor, call.now, week_id)
    return Answer(_status(call, week_id))


@operation("GET", "/weeks/<int:week_id>/draft", Scope.PLANS, MANAGER, answer=DraftTold)
def show_newest_draft(call: Call, week_id: int) -> Answer:
    """The newest draft of a week."""
    week = of_site(call.session, Week, week_id, call.site_id)
    draft = drafts.latest(call.session, week.id)
    if draft is None:
        raise NotFoundError
    return Answer(told_draft(call, draft))


def told_draft(call: Call, draft: Draft) -> DraftTold:
    """A draft's stored figures; null where it has none."""
    figures: dict[str, Any] = draft.summary
    names = DraftTold.model_fields.keys() - {"id", "week", "created"}
    known = {name: figures.get(name) for name in names}
    return DraftTold(id=draft.id, week=draft.week_id, created=local(draft.created_at, call.zone), **known)


def draft_of(call: Call, draft_id: int) -> Draft:
    """A draft of the person's site."""
    draft = call.session.get(Draft, draft_id)
    if draft is None:
        raise NotFoundError
    of_site(call.session, Week, draft.week_id, call.site_id)
    return draft


@operation("GET", "/drafts/<int:draft_id>", Scope.PLANS, MANAGER, answer=DraftTold)
def show_draft(call: Call, draft_id: int) -> Answer:
    """A draft's figures."""
    return Answer(told_draft(call, draft_of(call, draft_id)))


@operation("GET", "/drafts/<int:draft_id>/problem", Scope.PLANS, MANAGER, answer=Problem, sensitive=True)
def show_draft_problem(call: Call, draft_id: int) -> Answer:
    """What a draft was planned from, as a `roster-problem/1` file."""
    return Answer(file=documents.load(call.session, draft_of(call, draft_id).problem_document_id))


@operation("GET", "/drafts/<int:draft_id>/roster", Scope.PLANS, MANAGER, answer=Roster)
def show_draft_roster(call: Call, draft_id: int) -> Answer:
    """A draft as a `roster/1` file."""
    return Answer(file=documents.load(call.session, draft_of(call, draft_id).roster_document_id))
