"""Changing single duties of the roster in force: by hand, judged while typing, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Agent, CurrentDuty, Desk, Place, Role, RosterChange, Week
from app.services import duty_page, live_roster, manager_agents, roster_editing, roster_guard
from app.services.lookup import of_site
from app.services.manager_names import SiteNames, names_of
from app.services.roster_editing import Tried, Wanted
from app.views.common import actor, go, id_of, is_fragment, my_site_id, now, reading, say, t, transaction
from app.views.manager.finding_texts import finding_texts, refusal_texts
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint
from app.views.manager.times import days_of, local_fields, span_of, usual_fields


@dataclass(frozen=True)
class Verdict:
    """What the rules say to a change before it is made.

    :param desk: key of the desk it would have, empty at home
    """

    sentences: Sequence[str]
    desk: str
    fault: str = ""

    @property
    def fits(self) -> bool:
        """Whether it may be done."""
        return not self.sentences and not self.fault


@blueprint.get("/weeks/<int:week_id>/roster/people/<int:agent_id>")
@permissions.allow(Role.MANAGER)
def person(week_id: int, agent_id: int) -> str:
    """One person's duties of the week, each to be changed, and one more to be given."""
    return _person_page(week_id, agent_id)


def _person_page(
    week_id: int,
    agent_id: int,
    faults: Mapping[str, str] | None = None,
    refused: tuple[str, Sequence[str]] = ("", ()),
    typed: Mapping[str, Any] | None = None,
    verdict: Verdict | None = None,
) -> str:
    with transaction() as session:
        week = _begun(session, week_id)
        agent = of_site(session, Agent, agent_id, my_site_id())
        duties = duty_page.duties_of(session, week, agent)
        usual = usual_fields(session, week)
    return render_template(
        "manager/person.html",
        week=week,
        agent=agent,
        duties=duties,
        days=days_of(week.first_day),
        desks=_desks(),
        typed=typed or {**usual, "place": "site", "desk_id": ""},
        faults=faults or {},
        fault=refused[0],
        sentences=refused[1],
        verdict=verdict,
    )


def _begun(session: Session, week_id: int) -> Week:
    """The week with its roster in force, which begins when it is needed first; only of published weeks."""
    week = of_site(session, Week, week_id, my_site_id())
    if live_roster.latest_version(session, week.id) is None:
        raise NotFoundError
    roster_guard.opened(session, now(), week)
    return week


def _desks() -> list[tuple[object, str]]:
    with reading() as session:
        found = duty_page.usable_desks(session, my_site_id())
    return [("", t("manager_edit.best_desk")), *((desk.id, desk.key) for desk in found)]


@blueprint.get("/roster/duties/<int:duty_id>")
@permissions.allow(Role.MANAGER)
def duty(duty_id: int) -> str | tuple[str, int]:
    """One duty to be changed; with fields in the address, what the rules say to them."""
    try:
        return _duty_page(duty_id, FormReader(request.args)) if request.args else _duty_page(duty_id)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _gone(refused)


def _gone(refused: RefusedError) -> tuple[str, int]:
    return render_template("manager/duty_gone.html", fault=t(refused.key, **refused.facts)), refused.status


def _duty_page(duty_id: int, form: FormReader | None = None, refused: tuple[str, Sequence[str]] = ("", ())) -> str:
    with reading() as session:
        found = duty_page.duty_of(session, duty_id, my_site_id())
        people = manager_agents.active_agents(session, my_site_id())
        names = names_of(session, my_site_id())
        verdict = None
        if form is not None and not refused[0]:
            wanted = _wanted(form, found.week)
            verdict = (
                _judged(session, found.duty, wanted, names) if wanted else Verdict((), "", t("common.form_faults"))
            )
    if is_fragment() and request.method == "GET":
        return render_template("manager/verdict_part.html", verdict=verdict)
    return render_template(
        "manager/duty.html",
        found=found,
        week=found.week,
        people=[(agent.id, agent.display_name) for agent in people],
        days=days_of(found.week.first_day),
        desks=_desks(),
        typed=_typed(found.duty, form),
        faults={} if form is None else form.faults,
        fault=refused[0],
        sentences=refused[1],
        verdict=verdict,
    )


def _typed(found: CurrentDuty, form: FormReader | None) -> Mapping[str, Any]:
    stored = {
        **local_fields(found.starts_at, found.ends_at),
        "agent_id": found.agent_id,
        "place": found.place.value,
        "desk_id": found.desk_id or "",
    }
    return stored if form is None else {name: form.typed.get(name, value) for name, value in stored.items()}


def _wanted(form: FormReader, week: Week) -> Wanted | None:
    span = span_of(form, week.first_day)
    if span is None:
        return None
    place = Place.HOME if form.typed.get("place") == Place.HOME else Place.SITE
    desk_id = id_of(form.typed.get("desk_id", "")) if place is Place.SITE else None
    return Wanted(*span, id_of(form.typed.get("agent_id", "")), place, desk_id, finds_desk=True)


def _judged(session: Session, found: CurrentDuty, wanted: Wanted, names: SiteNames) -> Verdict:
    try:
        tried = roster_editing.try_edit(session, actor(), now(), found.id, wanted)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return Verdict((), "", t(refused.key, **refused.facts))
    return _verdict(session, tried, names)


def _verdict(session: Session, tried: Tried, names: SiteNames) -> Verdict:
    desk = None if tried.duty.desk_id is None else session.get_one(Desk, tried.duty.desk_id)
    return Verdict(finding_texts(tried.findings, tried.timeline, names), "" if desk is None else desk.key)


@blueprint.post("/roster/duties/<int:duty_id>")
@permissions.allow(Role.MANAGER)
def edit_duty(duty_id: int) -> AnyResponse | tuple[str, int]:
    """Change it, or say which rule is in the way and keep what was typed."""
    form = FormReader(request.form)
    try:
        with reading() as session:
            found = duty_page.duty_of(session, duty_id, my_site_id())
        wanted = _wanted(form, found.week)
        if wanted is None:
            return _duty_page(duty_id, form, (t("common.form_faults"), ())), 422
        with transaction() as session:
            roster_editing.edit(
                session,
                actor(),
                now(),
                duty_id,
                starts_at=wanted.starts_at,
                ends_at=wanted.ends_at,
                agent_id=wanted.agent_id,
                place=wanted.place,
                desk_id=wanted.desk_id,
                finds_desk=True,
            )
    except RefusedError as refused:
        return _edit_refused(duty_id, form, refused)
    say("manager_edit.changed")
    return go("manager.person", week_id=found.week.id, agent_id=wanted.agent_id or found.agent.id)


def _edit_refused(duty_id: int, form: FormReader, refused: RefusedError) -> tuple[str, int]:
    if isinstance(refused, NotFoundError):
        raise refused
    if isinstance(refused, roster_guard.ChangedMeanwhileError):
        return _gone(refused)
    return _duty_page(duty_id, form, refusal_texts(refused, _names())), refused.status


def _names() -> SiteNames:
    with reading() as session:
        return names_of(session, my_site_id())


@blueprint.post("/roster/duties/<int:duty_id>/remove")
@permissions.allow(Role.MANAGER)
def remove_duty(duty_id: int) -> AnyResponse | tuple[str, int]:
    """Take it out; the person is told."""
    try:
        with reading() as session:
            found = duty_page.duty_of(session, duty_id, my_site_id())
        with transaction() as session:
            roster_editing.remove(session, actor(), now(), duty_id)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _gone(refused)
    say("manager_edit.removed")
    return go("manager.person", week_id=found.week.id, agent_id=found.agent.id)


@blueprint.post("/weeks/<int:week_id>/roster/people/<int:agent_id>")
@permissions.allow(Role.MANAGER)
def add_duty(week_id: int, agent_id: int) -> AnyResponse | tuple[str, int]:
    """Give the person one more duty; ``check`` only asks what the rules say."""
    form = FormReader(request.form)
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        of_site(session, Agent, agent_id, my_site_id())
    wanted = _wanted(form, week)
    typed = {name: request.form.get(name, "") for name in ("day", "start", "end", "place", "desk_id")}
    if wanted is None or wanted.starts_at is None or wanted.ends_at is None:
        return _person_page(week_id, agent_id, form.faults, (t("common.form_faults"), ()), typed), 422
    try:
        if request.form.get("action") == "check":
            return _person_page(week_id, agent_id, typed=typed, verdict=_added_verdict(week_id, agent_id, wanted)), 200
        _add(week_id, agent_id, wanted, wanted.starts_at, wanted.ends_at)
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _person_page(week_id, agent_id, None, refusal_texts(refused, _names()), typed), refused.status
    say("manager_edit.added")
    return go("manager.person", week_id=week_id, agent_id=agent_id)


def _add(week_id: int, agent_id: int, wanted: Wanted, starts_at: datetime, ends_at: datetime) -> None:
    with transaction() as session:
        _begun(session, week_id)
        roster_editing.add(
            session,
            actor(),
            now(),
            week_id,
            agent_id,
            starts_at,
            ends_at,
            place=wanted.place or Place.SITE,
            desk_id=wanted.desk_id,
        )


def _added_verdict(week_id: int, agent_id: int, wanted: Wanted) -> Verdict:
    with reading() as session:
        tried = roster_editing.try_add(session, actor(), now(), week_id, agent_id, wanted)
        return _verdict(session, tried, names_of(session, my_site_id()))


@blueprint.post("/roster/changes/<int:change_id>/undo")
@permissions.allow(Role.MANAGER)
def undo_change(change_id: int) -> AnyResponse:
    """Take a change back by the same rules, or say what is in the way and leave everything."""
    with reading() as session:
        change = of_site(session, RosterChange, change_id, my_site_id())
    try:
        with transaction() as session:
            roster_editing.undo(session, actor(), now(), change_id)
    except NotFoundError:
        raise
    except RefusedError as refused:
        fault, sentences = refusal_texts(refused, _names())
        say("manager_history.undo_refused", "stop", why=" ".join([fault, *sentences]))
    else:
        say("manager_history.undone")
    return go("manager.roster_changes", week_id=change.week_id)
