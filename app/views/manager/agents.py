"""Agents: the list, one agent with what planning knows, contract and skills, clearances for home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.models import Agent, Role
from app.services import manager_agents
from app.services.manager_agents import AgentContract, AgentLine
from app.svg.availability import availability_band
from app.views import tables
from app.views.common import actor, csv_response, go, my_site_id, now, reading, say, t, transaction, zone
from app.views.manager.form_fields import FormReader
from app.views.manager.routes import blueprint
from app.views.tables import Column

HOUR = 60
WEEK_HOURS = 60
CONTRACT_FIELDS = ("weekly_min_hours", "weekly_max_hours", "max_workdays", "max_blocks_per_day", "revision")


def today() -> date:
    """The local date at the site."""
    return now().astimezone(ZoneInfo(zone())).date()


@blueprint.get("/agents")
@permissions.allow(Role.MANAGER)
def agents() -> str | Response:
    """All agents, to search, sort and save."""
    with reading() as session:
        lines = manager_agents.agent_lines(session, my_site_id(), today())
    shown = tables.listing(lines, _columns(), request.args, sort="name")
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), "agents")
    return render_template("manager/agents.html", shown=shown)


def _columns() -> list[Column[AgentLine]]:
    return [
        Column("name", "manager.agent", lambda line: line.agent.display_name),
        Column("key", "manager.agent_key", lambda line: line.agent.key),
        Column("queues", "manager_agents.skills", lambda line: line.letters),
        Column("from", "manager_agents.column.from", lambda line: line.agent.weekly_min_minutes / HOUR, is_number=True),
        Column("to", "manager_agents.column.to", lambda line: line.agent.weekly_max_minutes / HOUR, is_number=True),
        Column("days", "manager_agents.column.days", lambda line: line.agent.max_workdays, is_number=True),
        Column("wish", "manager_agents.wish", lambda line: t(f"manager_agents.wish.{line.agent.home_wish.value}")),
        Column("cleared", "manager_agents.cleared_to", _cleared_to),
    ]


def _cleared_to(line: AgentLine) -> str | None:
    return None if line.cleared_to_on is None else line.cleared_to_on.isoformat()


@blueprint.get("/agents/<int:agent_id>")
@permissions.allow(Role.MANAGER)
def agent(agent_id: int) -> str:
    """One agent; availability by its effect, without any reason."""
    return _agent_page(agent_id)


def _agent_page(
    agent_id: int,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    fault: str = "",
    chosen: set[int] | None = None,
) -> str:
    with reading() as session:
        found = manager_agents.agent_of_site(session, agent_id, my_site_id())
        skills = manager_agents.skills_of(session, found)
        queues = manager_agents.site_queues(session, found.site_id)
        clearances = manager_agents.clearances_of(session, found)
        seen = manager_agents.seen_availability(session, found, _first_day())
    return render_template(
        "manager/agent.html",
        agent=found,
        skills=skills,
        queues=queues,
        chosen={queue.id for queue in skills} if chosen is None else chosen,
        clearances=clearances,
        seen=seen,
        picture=availability_band(seen, t("manager_agents.availability")),
        first_day=_first_day(),
        week_step=timedelta(weeks=1),
        today=today(),
        next_year=today() + timedelta(days=364),
        typed=_typed_of(found) if typed is None else {name: typed.get(name, "") for name in CONTRACT_FIELDS},
        dates={name: (typed or {}).get(name, "") for name in ("valid_from_on", "valid_to_on")},
        faults=faults or {},
        fault=fault,
    )


def _first_day() -> date:
    """Monday of the week that the address asks for, else of the coming week."""
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        asked = today() + timedelta(weeks=1)
    if not 2000 <= asked.year <= 2100:
        asked = today()
    return asked - timedelta(days=asked.weekday())


def _typed_of(found: Agent) -> dict[str, Any]:
    return {
        "weekly_min_hours": f"{found.weekly_min_minutes / HOUR:g}",
        "weekly_max_hours": f"{found.weekly_max_minutes / HOUR:g}",
        "max_workdays": found.max_workdays,
        "max_blocks_per_day": found.max_blocks_per_day,
        "revision": found.revision,
    }


@blueprint.post("/agents/<int:agent_id>")
@permissions.allow(Role.MANAGER)
def change_agent(agent_id: int) -> AnyResponse | tuple[str, int]:
    """Keep contract and skills, or show the form again with everything that is wrong with it."""
    form = FormReader(request.form)
    contract = _contract_of(form)
    chosen = set(contract.queue_ids)
    if form.faults:
        return _agent_page(agent_id, request.form, form.faults, chosen=chosen), 422
    try:
        with transaction() as session:
            found = manager_agents.agent_of_site(session, agent_id, my_site_id())
            manager_agents.set_contract(session, actor(), now(), found, form.revision, contract)
    except RefusedError as refused:
        if refused.status == 404:
            raise
        return _refused_page(agent_id, refused, chosen), refused.status
    say("common.saved")
    return go("manager.agent", agent_id=agent_id)


def _refused_page(agent_id: int, refused: RefusedError, chosen: set[int]) -> str:
    """What was typed stays; the next try is made against the present revision."""
    with reading() as session:
        present = manager_agents.agent_of_site(session, agent_id, my_site_id())
    typed = {**request.form, "revision": str(present.revision)}
    return _agent_page(agent_id, typed, fault=t(refused.key, **refused.facts), chosen=chosen)


def _contract_of(form: FormReader) -> AgentContract:
    return AgentContract(
        weekly_min_minutes=round(form.number("weekly_min_hours", 0, WEEK_HOURS) * HOUR),
        weekly_max_minutes=round(form.number("weekly_max_hours", 0, WEEK_HOURS) * HOUR),
        max_workdays=form.whole("max_workdays", 0, 7),
        max_blocks_per_day=form.whole("max_blocks_per_day", 1, 2),
        queue_ids=tuple(int(text) for text in request.form.getlist("queues") if text.isdecimal() and len(text) < 10),
    )


@blueprint.post("/agents/<int:agent_id>/clearances")
@permissions.allow(Role.MANAGER)
def add_clearance(agent_id: int) -> AnyResponse | tuple[str, int]:
    """Clear the agent for work from home."""
    form = FormReader(request.form)
    first_on, last_on = form.day("valid_from_on"), form.day("valid_to_on")
    if form.faults:
        return _clearance_refused(agent_id, form.faults), 422
    try:
        with transaction() as session:
            found = manager_agents.agent_of_site(session, agent_id, my_site_id())
            manager_agents.add_clearance(session, actor(), now(), found, first_on, last_on)
    except RefusedError as refused:
        if refused.status == 404:
            raise
        return _clearance_refused(agent_id, {"valid_to_on": t(refused.key)}), refused.status
    say("manager_agents.clearance_added")
    return go("manager.agent", agent_id=agent_id)


def _clearance_refused(agent_id: int, faults: Mapping[str, str]) -> str:
    with reading() as session:
        found = manager_agents.agent_of_site(session, agent_id, my_site_id())
    return _agent_page(agent_id, {**_typed_of(found), **request.form}, faults)


@blueprint.post("/agents/<int:agent_id>/clearances/end")
@permissions.allow(Role.MANAGER)
def end_clearance(agent_id: int) -> AnyResponse:
    """End a clearance with today."""
    typed = request.form.get("clearance_id", "")
    clearance_id = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    with transaction() as session:
        found = manager_agents.agent_of_site(session, agent_id, my_site_id())
        manager_agents.end_clearance(session, actor(), now(), found, clearance_id, today())
    say("manager_agents.clearance_ended")
    return go("manager.agent", agent_id=agent_id)
