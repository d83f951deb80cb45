"""The administrator: people, sites, the audit record."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.messages.formats import moment
from app.models import Language, Role, Site, UserAccount
from app.services import accounts, audit, passwords, people, sites
from app.services.audit import EventLine
from app.services.people import PersonLine
from app.services.sites import SiteLine
from app.views import tables
from app.views.audit_text import action_text, facts_text, object_text
from app.views.common import (
    actor,
    csv_response,
    form_id,
    go,
    language,
    now,
    reading,
    say,
    settings,
    t,
    transaction,
    zone,
)
from app.views.tables import Column

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


def _state(person: PersonLine) -> str:
    if not person.active:
        return "closed"
    return "temporary" if person.must_change_password else "open"


PEOPLE: tuple[Column[PersonLine], ...] = (
    Column("name", "admin.users.name", lambda person: person.display_name),
    Column("login", "auth.login_name", lambda person: person.login_name),
    Column("role", "auth.account.role", lambda person: t(f"role.{person.role.value}")),
    Column("site", "auth.account.site", lambda person: person.site_name),
    Column("agent", "admin.users.agent", lambda person: person.agent_key),
    Column("state", "admin.users.state", lambda person: t(f"admin.users.state.{_state(person)}")),
)
SITES: tuple[Column[SiteLine], ...] = (
    Column("name", "admin.sites.name", lambda line: line.site.name),
    Column("key", "admin.sites.key", lambda line: line.site.key),
    Column("land", "admin.sites.land", lambda line: line.site.land),
    Column("zone", "admin.sites.zone", lambda line: line.site.time_zone),
    Column("rooms", "admin.sites.rooms", lambda line: line.rooms, is_number=True),
    Column("desks", "admin.sites.desks", lambda line: line.desks, is_number=True),
    Column("agents", "admin.sites.agents", lambda line: line.agents, is_number=True),
    Column("hygiene", "admin.sites.hygiene", lambda line: line.hygiene.name if line.hygiene else None),
    Column(
        "council", "admin.sites.council", lambda line: t("common.yes" if line.site.has_works_council else "common.no")
    ),
)
EVENTS: tuple[Column[EventLine], ...] = (
    Column("when", "admin.audit.when", lambda event: moment(event.happened_at, language(), zone())),
    Column("who", "admin.audit.who", lambda event: event.user_name),
    Column("what", "admin.audit.what", action_text),
    Column("object", "admin.audit.object", object_text),
    Column("facts", "admin.audit.facts", facts_text),
)


@blueprint.get("/users")
@permissions.allow(Role.ADMINISTRATOR)
def users() -> Response | str:
    """All accounts."""
    with reading() as session:
        shown = tables.listing(people.person_lines(session), PEOPLE, request.args, "name")
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), "people")
    return render_template("admin/users.html", shown=shown, state_of=_state)


@blueprint.get("/users/new")
@permissions.allow(Role.ADMINISTRATOR)
def new_user() -> str:
    """The form for a new account."""
    return _user_form()


def _user_form(fault: str = "") -> str:
    with reading() as session:
        site_choices = [(line.site.id, line.site.name) for line in sites.site_lines(session, now().date())]
        agents = people.agents_without_account(session)
    return render_template(
        "admin/new_user.html",
        fault=fault,
        typed=request.form,
        roles=list(Role),
        site_choices=site_choices,
        agent_choices=[(agent.id, f"{agent.display_name} ({agent.key})") for agent in agents],
    )


@blueprint.post("/users/new")
@permissions.allow(Role.ADMINISTRATOR)
def create_user() -> tuple[str, int]:
    """A new account; its temporary password is shown this once."""
    password = accounts.temporary_password()
    password_hash = passwords.hashed(password, cheap=settings().cheap_passwords)
    try:
        with transaction() as session:
            account = _create(session, password_hash)
    except RefusedError as refused:
        return _user_form(t(refused.key, **refused.facts)), refused.status
    return render_template("admin/password.html", account=account, password=password), 200


def _create(session: Session, password_hash: str) -> UserAccount:
    role, chosen_language = request.form.get("role", ""), request.form.get("language", "")
    if role not in set(Role) or chosen_language not in set(Language):
        raise RefusedError("common.form_faults", 422)
    return accounts.create(
        session,
        actor(),
        now(),
        login_name=request.form.get("login_name", ""),
        display_name=request.form.get("display_name", ""),
        role=Role(role),
        password_hash=password_hash,
        site_id=form_id("site_id"),
        agent_id=form_id("agent_id"),
        language=Language(chosen_language),
    )


@blueprint.get("/users/<int:user_id>")
@permissions.allow(Role.ADMINISTRATOR)
def user(user_id: int) -> str:
    """One account and what can be done with it."""
    with reading() as session:
        account = accounts.get(session, user_id)
        site = session.get(Site, account.site_id) if account.site_id is not None else None
    return render_template("admin/user.html", account=account, site=site, own=account.id == actor().user_id)


@blueprint.post("/users/<int:user_id>/reset")
@permissions.allow(Role.ADMINISTRATOR)
def reset_user(user_id: int) -> str:
    """A new temporary password, shown this once."""
    password = accounts.temporary_password()
    password_hash = passwords.hashed(password, cheap=settings().cheap_passwords)
    with transaction() as session:
        account = accounts.get(session, user_id)
        accounts.reset_password(session, actor(), now(), account, password_hash)
    return render_template("admin/password.html", account=account, password=password)


@blueprint.post("/users/<int:user_id>/active")
@permissions.allow(Role.ADMINISTRATOR)
def set_user_active(user_id: int) -> AnyResponse:
    """Close an account, or open it again."""
    active = request.form.get("active") == "yes"
    with transaction() as session:
        account = accounts.get(session, user_id)
        accounts.set_active(session, actor(), now(), account, active=active)
    say("admin.users.opened" if active else "admin.users.closed", name=account.display_name)
    return go("admin.user", user_id=user_id)


@blueprint.get("/sites", endpoint="sites")
@permissions.allow(Role.ADMINISTRATOR)
def all_sites() -> Response | str:
    """All sites."""
    with reading() as session:
        shown = tables.listing(sites.site_lines(session, now().date()), SITES, request.args, "name")
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), "sites")
    return render_template("admin/sites.html", shown=shown)


@blueprint.get("/audit", endpoint="audit")
@permissions.allow(Role.ADMINISTRATOR)
def audit_events() -> Response | str:
    """Who did what; looking at it is an event too."""
    with transaction() as session:
        shown = tables.listing(audit.latest_events(session), EVENTS, request.args)
        audit.record(session, actor(), now(), "audit.viewed", "audit_event")
    if request.args.get("format") == "csv":
        return csv_response(tables.as_csv(shown), "audit")
    return render_template("admin/audit.html", shown=shown, most=audit.MOST_EVENTS)
