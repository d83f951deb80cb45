from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select

from app.db import Database
from app.models import Agent, AuditEvent, Role, Site, UserAccount, Week, WeekState
from app.services import audit
from tests.app import build
from tests.app.conftest import FrozenClock
from tests.app.filled_site import fill, publish

AsRole = Callable[[Role], FlaskClient]
ONE_TIME = re.compile(r'class="one-time">([^<]+)<')


@pytest.fixture
def admin(as_role: AsRole) -> FlaskClient:
    return as_role(Role.ADMINISTRATOR)


def form(world: build.World, **changes: Any) -> dict[str, Any]:
    fields = {"login_name": "nora", "display_name": "Nora", "role": "manager", "site_id": world.site_id}
    return {**fields, "language": "en", **changes}


def actions(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))))


def test_new_manager_gets_a_password_that_works_once(
    admin: FlaskClient, client: FlaskClient, world: build.World, database: Database
) -> None:
    answer = admin.post("/admin/users/new", data=form(world, login_name=" Nora.B "))
    password = ONE_TIME.findall(answer.text)[0]
    signed_in = client.post("/sign-in", data={"login_name": "nora.b", "password": password})
    assert signed_in.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/account"
    assert "Please replace" in client.get("/account").text
    assert actions(database)[-2:] == ["user.created", "user.signed_in"]


def test_new_agent_belongs_to_the_agents_site(admin: FlaskClient, world: build.World, database: Database) -> None:
    data = form(world, role="agent", agent_id=world.second_agent_id, site_id=world.other_site_id)
    assert admin.post("/admin/users/new", data=data).status_code == 200
    with database.reading() as session:
        account = session.exec(select(UserAccount).where(UserAccount.login_name == "nora")).one()
        assert (account.site_id, account.agent_id) == (world.site_id, world.second_agent_id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"login_name": "mona"}, "gibt es schon"),
        ({"login_name": "MONA "}, "gibt es schon"),
        ({"login_name": "n"}, "2 bis 80"),
        ({"login_name": "no ra"}, "2 bis 80"),
        ({"login_name": "nöra"}, "2 bis 80"),
        ({"site_id": ""}, "braucht einen Standort"),
        ({"site_id": "99999"}, "braucht einen Standort"),
        ({"site_id": "9" * 20}, "braucht einen Standort"),
        ({"site_id": "²"}, "braucht einen Standort"),
        ({"site_id": "-1"}, "braucht einen Standort"),
        ({"role": "agent", "agent_id": ""}, "braucht einen Agenten"),
        ({"role": "boss"}, "markierten Felder"),
        ({"language": "fr"}, "markierten Felder"),
    ],
)
def test_refused_account_says_why_and_keeps_what_was_typed(
    admin: FlaskClient, world: build.World, changes: dict[str, str], sentence: str
) -> None:
    answer = admin.post("/admin/users/new", data=form(world, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Nora"' in answer.text


def test_an_agent_has_one_account(admin: FlaskClient, world: build.World) -> None:
    answer = admin.post("/admin/users/new", data=form(world, role="agent", agent_id=world.agent_id))
    assert answer.status_code == 422
    assert "hat schon ein Konto" in answer.text


def test_reset_ends_sessions_and_old_password(
    admin: FlaskClient, as_role: AsRole, client: FlaskClient, world: build.World
) -> None:
    mona = as_role(Role.MANAGER)
    answer = admin.post(f"/admin/users/{world.users[Role.MANAGER]}/reset")
    password = ONE_TIME.findall(answer.text)[0]
    assert mona.get("/account").status_code == 303
    assert client.post("/sign-in", data={"login_name": "mona", "password": build.PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"login_name": "mona", "password": password}).status_code == 303


def test_closing_and_opening_again(admin: FlaskClient, client: FlaskClient, world: build.World) -> None:
    address = f"/admin/users/{world.users[Role.MANAGER]}/active"
    right = {"login_name": "mona", "password": build.PASSWORD}
    admin.post(address, data={"active": "no"})
    assert client.post("/sign-in", data=right).status_code == 422
    assert "Konto wieder öffnen" in admin.get(f"/admin/users/{world.users[Role.MANAGER]}").text
    admin.post(address, data={"active": "yes"})
    assert client.post("/sign-in", data=right).status_code == 303


def test_nobody_closes_the_own_account(admin: FlaskClient, world: build.World) -> None:
    own = world.users[Role.ADMINISTRATOR]
    assert admin.post(f"/admin/users/{own}/active", data={"active": "no"}).status_code == 409
    assert admin.get(f"/admin/users/{own}").status_code == 200


@pytest.mark.parametrize("address", ["/admin/users/99999", "/admin/users/99999999999999999999"])
def test_unknown_accounts_are_not_found(admin: FlaskClient, address: str) -> None:
    assert admin.get(address).status_code == 404
    assert admin.post(f"{address}/reset").status_code == 404


def test_list_is_searched_sorted_and_saved(admin: FlaskClient) -> None:
    found = admin.get("/admin/users?search=muc+agent").text
    assert "anna" in found
    assert "mona" not in found
    saved = admin.get("/admin/users?sort=-login&format=csv")
    rows = list(csv.reader(io.StringIO(saved.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][1] == "Benutzername"
    assert [row[1] for row in rows[1:]] == ["mona", "carl", "bela", "anna", "ada"]
    assert saved.headers["Content-Disposition"] == 'attachment; filename="people.csv"'


def test_sites_show_what_they_have(admin: FlaskClient) -> None:
    page = admin.get("/admin/sites?format=csv").text.splitlines()
    assert page[2] == "MUC;muc;BY;Europe/Berlin;1;4;2;DE_ARBSCHV_2021_01;nein"


def test_looking_at_the_record_is_recorded(admin: FlaskClient, database: Database, world: build.World) -> None:
    admin.get("/admin/audit")
    with database.reading() as session:
        event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
        assert event is not None
        assert (event.action, event.user_id) == ("audit.viewed", world.users[Role.ADMINISTRATOR])
    assert "Protokoll angesehen" in admin.get("/admin/audit").text


def test_an_action_without_sentence_is_shown_by_its_name(admin: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        audit.record(session, build.SYSTEM, build.NOW + timedelta(minutes=1), "moon.landed", "moon", 1)
    assert "moon.landed" in admin.get("/admin/audit").text


def test_object_and_details_are_in_the_readers_language(admin: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        later = build.NOW + timedelta(minutes=1)
        audit.record(session, build.SYSTEM, later, "week.created", "week", 7, first_day="2020-04-06")
        audit.record(session, build.SYSTEM, later, "user.created", "user_account", 4, role="council")
        audit.record(
            session, build.SYSTEM, later, "queue.changed", "queue", 2, service_level=0.8, patience_seconds=None
        )
    page = admin.get("/admin/audit").text
    assert "Woche 7" in page
    assert "erster Tag 6.4.2020" in page
    assert "Benutzerkonto 4" in page
    assert "Rolle Betriebsrat" in page
    assert "Anrufe 0,8, Geduld der Anrufenden in s –" in page
    admin.post("/language", data={"language": "en"})
    assert "first day 6 Apr 2020" in admin.get("/admin/audit").text


def test_council_sees_its_own_sites_versions_only(
    as_role: AsRole, database: Database, world: build.World, as_user: Callable[[int], FlaskClient]
) -> None:
    assert "Fassung 1 von Mona, 25.3.2020, 10:00" in as_role(Role.COUNCIL).get("/council/weeks").text
    with database.transaction() as session:
        other = build.account(session, "olga", Role.COUNCIL, session.get_one(Site, world.other_site_id))
    assert "Noch nichts veröffentlicht" in as_user(other.id).get("/council/weeks").text


def test_council_reads_a_published_version_and_its_difference_and_takes_nothing_away(
    as_role: AsRole, database: Database, as_user: Callable[[int], FlaskClient], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        filled = fill(session)
        site = session.get_one(Site, filled.site_id)
        week = session.get_one(Week, filled.week_id)
        week.state, first_day = WeekState.PUBLISHED, week.first_day
        first = publish(session, filled, week, 1)
        carol = build.account(session, "carol", Role.COUNCIL, site)
    clock.at = datetime.combine(first_day, time(12), UTC)
    carol_browser, manager_browser = as_user(carol.id), as_user(filled.manager_id)
    assert "Läuft" in manager_browser.get("/manager/weeks").text
    listed = carol_browser.get("/council/weeks").text
    assert "Läuft" in listed, "the same word as on the manager's page"
    for address in (f"/manager/weeks/versions/{first.id}", f"/manager/weeks/versions/{first.id}/difference"):
        assert f'href="{address}"' in listed
        page = carol_browser.get(address)
        assert page.status_code == 200
        assert ".csv" not in page.text
        assert "roster.json" not in page.text
    assert carol_browser.get(f"/manager/weeks/versions/{first.id}.csv").status_code == 403
    assert as_role(Role.COUNCIL).get(f"/manager/weeks/versions/{first.id}").status_code == 404


def test_rule_sheet_shows_the_rules_in_force(
    as_role: AsRole, database: Database, world: build.World, as_user: Callable[[int], FlaskClient]
) -> None:
    page = as_role(Role.COUNCIL).get("/council/rules").text
    for expected in ("1,5 m", "10 m²", "15\u00a0min", "11:00\u00a0h", "Sonntag, Feiertag", "06:00–22:00"):
        assert expected in page
    with database.transaction() as session:
        other = build.account(session, "olga", Role.COUNCIL, session.get_one(Site, world.other_site_id))
    assert "Heute gelten keine Hygieneregeln" in as_user(other.id).get("/council/rules").text


def test_names_are_shown_as_typed(admin: FlaskClient, database: Database, world: build.World) -> None:
    with database.transaction() as session:
        session.get_one(Agent, world.second_agent_id).display_name = "<b>Ben</b>"
    assert "&lt;b&gt;Ben&lt;/b&gt;" in admin.get("/admin/users/new").text
