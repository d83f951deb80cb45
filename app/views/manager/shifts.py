"""One open shift: who has it, who waits, who could stand in, and who was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Agent, OpenShift, Role, ShiftOrigin
from app.services import manager_booking, replacements
from app.services.lookup import of_site
from app.services.manager_names import AgentName, SiteNames, names_of
from app.services.replacements import Candidate
from app.views.common import actor, form_id, go, id_of, is_fragment, my_site_id, now, reading, say, t, transaction
from app.views.manager.finding_texts import finding_texts, refusal_texts
from app.views.manager.routes import blueprint
from solver.rules import Finding, Rule

OUTSIDE_AT_FIRST = 25


@dataclass(frozen=True)
class CandidateLine:
    """Somebody who could stand in, with each reason against it as a sentence."""

    candidate: Candidate
    reasons: list[str]


@blueprint.get("/absences")
@permissions.allow(Role.MANAGER)
def absences() -> str:
    """Duties whose holders cannot come and that nobody has yet."""
    with reading() as session:
        rows = manager_booking.absences_to_fill(session, my_site_id(), now())
    return render_template("manager/absences.html", rows=rows)


@blueprint.get("/shifts/<int:open_shift_id>")
@permissions.allow(Role.MANAGER)
def shift(open_shift_id: int) -> str:
    """The shift, and at once or a moment later everybody who could take it."""
    return _page(open_shift_id)


def _page(open_shift_id: int, fault: str = "", sentences: object = ()) -> str:
    with reading() as session:
        found = manager_booking.shift_page(session, now(), open_shift_id, my_site_id())
    is_open = found.row.shift.closed_at is None and found.row.left > 0 and found.row.shift.starts_at > now()
    return render_template(
        "manager/shift.html",
        found=found,
        is_open=is_open,
        fault=fault,
        sentences=sentences,
    )


@blueprint.get("/shifts/<int:open_shift_id>/candidates")
@permissions.allow(Role.MANAGER)
def candidates(open_shift_id: int) -> str:
    """Everybody who works here, ranked: inside all limits first, the rest with each reason."""
    with reading() as session:
        found = manager_booking.shift_page(session, now(), open_shift_id, my_site_id())
        ranked = replacements.ranked(session, actor(), open_shift_id)
        names = names_of(session, my_site_id())
    inside = [CandidateLine(one, []) for one in ranked if one.inside]
    outside = [one for one in ranked if not one.inside]
    shown = outside if request.args.get("all") else outside[:OUTSIDE_AT_FIRST]
    return render_template(
        "manager/candidates_part.html" if is_fragment() else "manager/candidates.html",
        heading="h3" if is_fragment() else "h2",
        found=found,
        inside=inside,
        outside=[_with_reasons(one, names) for one in shown],
        hidden=len(outside) - len(shown),
        asked={one.agent.id: one for one in found.asked},
    )


def _with_reasons(candidate: Candidate, names: SiteNames) -> CandidateLine:
    """The person's own name stands beside, so sentences about nobody else leave it out."""
    unnamed = replace(names, agents={**names.agents, candidate.agent.key: AgentName(candidate.agent.id, "")})
    said: dict[str, None] = {}
    for finding in telling(candidate.findings):
        called = unnamed if finding.agents == (candidate.agent.key,) else names
        said.update(dict.fromkeys(finding_texts([finding], candidate.timeline, called)))
    return CandidateLine(candidate, list(said))


def telling(findings: Sequence[Finding]) -> list[Finding]:
    """Somebody who works at that time already breaks more rules by it than tell anything."""
    at_once = [one for one in findings if (one.rule, one.detail) == (Rule.OVERLAP, "at_once")]
    return at_once or list(findings)


@blueprint.post("/shifts/<int:open_shift_id>/ask")
@permissions.allow(Role.MANAGER)
def ask(open_shift_id: int) -> AnyResponse | tuple[str, int]:
    """Offer the shift to those who were chosen; the first to accept has it."""
    chosen = [found for found in map(id_of, request.form.getlist("agent_id")) if found is not None]
    if not chosen:
        return _page(open_shift_id, t("manager_shift.nobody_chosen")), 422
    try:
        with transaction() as session:
            asked = replacements.ask(session, actor(), now(), open_shift_id, chosen)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _page(open_shift_id, t(refused.key, **refused.facts)), refused.status
    say("manager_shift.asked", count=len(asked))
    return go("manager.shift", open_shift_id=open_shift_id)


@blueprint.post("/shifts/<int:open_shift_id>/book")
@permissions.allow(Role.MANAGER)
def book_shift_for(open_shift_id: int) -> AnyResponse | tuple[str, int]:
    """Give a place to somebody who has said yes by other means."""
    agent_id = form_id("book_agent_id")
    if agent_id is None:
        return _page(open_shift_id, t("manager_form.choose")), 422
    try:
        with transaction() as session:
            found = of_site(session, OpenShift, open_shift_id, my_site_id())
            agent = of_site(session, Agent, agent_id, my_site_id())
            stands_in = found.origin is ShiftOrigin.ABSENCE
            replacements.book(session, actor(), now(), found.id, agent, asked=stands_in)
    except NotFoundError:
        raise
    except RefusedError as refused:
        with reading() as session:
            names = names_of(session, my_site_id())
        fault, sentences = refusal_texts(refused, names)
        return _page(open_shift_id, fault, sentences), refused.status
    say("manager_shift.booked", name=agent.display_name)
    return go("manager.shift", open_shift_id=open_shift_id)
