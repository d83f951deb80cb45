"""The page of notifications, what it lets choose, and the administrator's page of mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app import create_app
from app.config import MailServer, SettingError, Settings, SmtpSecurity, from_environment
from app.db import Database
from app.models import (
    Agent,
    Chore,
    CurrentDuty,
    Mail,
    MailDelivery,
    MailState,
    MailStep,
    MailWish,
    OutboxMessage,
    Role,
    Site,
    UserAccount,
    Week,
    WeekState,
)
from app.notice_text import PAGES, page_of
from app.services import publication_news, roster_guard
from app.services.telling import Notice
from tests.app import booking_site, build, planning_site
from tests.app.build import NOW, World
from tests.app.conftest import FrozenClock
from tests.app.test_publishing import drafted, publish

SETTINGS = "/notifications/settings"
TIMES = {"delivery": "daily", "daily_at": "16:30", "quiet_from": "21:00", "quiet_to": "06:15"}


@pytest.fixture
def anna(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.AGENT)


def duty(start: str, end: str, desk: str | None = "3-east-01") -> dict[str, Any]:
    day = build.MONDAY
    return {
        "starts_at": build.local(day, start).isoformat(),
        "ends_at": build.local(day, end).isoformat(),
        "place": "site" if desk else "home",
        "desk": desk,
    }


def tell(database: Database, world: World, kind: str, role: Role = Role.AGENT, **facts: Any) -> None:
    with database.transaction() as session:
        user_id = world.users[role]
        told = {"week_id": world.week_id, **facts}
        session.add(OutboxMessage(recipient_user_id=user_id, kind=kind, facts=told, created_at=NOW))


def wish(database: Database, world: World) -> MailWish:
    with database.reading() as session:
        return session.get_one(MailWish, world.users[Role.AGENT])


def test_the_list_says_what_was_and_what_is_until_it_is_read(
    database: Database, world: World, anna: FlaskClient
) -> None:
    assert "Noch nichts" in anna.get("/notifications").text
    tell(database, world, "roster.edited", before=[duty("08:00", "14:30")], after=[duty("22:00", "06:00", None)])
    tell(database, world, "roster.cancelled", before=[duty("08:00", "12:00")], after=[])
    page = anna.get("/notifications").text
    for words in ("Dienst geändert", "Bisher", "Mo 30.3. 08:00–14:30 · Platz 3-east-01", "Jetzt", "zu Hause", "frei"):
        assert words in page
    assert page.count('class="new-mark"') == 2
    assert f'href="/agent/week/{world.week_id}"' in page
    assert "2 neu" in anna.get("/agent/more").text
    assert anna.post("/notifications/read").status_code == 303
    assert "new-mark" not in anna.get("/notifications").text
    assert "neu</span>" not in anna.get("/agent/more").text


def test_nobody_sees_what_others_were_told(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    tell(database, world, "roster.cancelled", before=[duty("08:00", "12:00")], after=[])
    manager = as_role(Role.MANAGER)
    assert "08:00" not in manager.get("/notifications").text
    manager.post("/notifications/read")
    with database.reading() as session:
        assert session.exec(select(OutboxMessage)).one().read_at is None


def test_times_are_kept_and_what_waits_is_decided_anew(database: Database, world: World, anna: FlaskClient) -> None:
    tell(database, world, "roster.cancelled", before=[], after=[])
    with database.transaction() as session:
        session.exec(select(OutboxMessage)).one().mail_due_at = NOW + timedelta(days=1)
    assert anna.post(f"{SETTINGS}/times", data=TIMES).status_code == 303
    kept = wish(database, world)
    assert (kept.delivery, kept.daily_clock_minutes) == (MailDelivery.DAILY, 990)
    assert (kept.quiet_from_clock_minutes, kept.quiet_to_clock_minutes, kept.urgent_any_time) == (1260, 375, False)
    with database.reading() as session:
        assert session.exec(select(OutboxMessage)).one().mail_due_at is None
    page = anna.get(SETTINGS).text
    assert 'value="16:30"' in page
    assert "checked" not in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("quiet_from", "25:00", "Stunden und Minuten"),
        ("quiet_to", "", "Stunden und Minuten"),
        ("daily_at", "noon", "Stunden und Minuten"),
        ("delivery", "never", "markierten Felder"),
    ],
)
def test_times_that_are_none_are_refused_and_stay_typed(
    database: Database, world: World, anna: FlaskClient, field: str, typed: str, said: str
) -> None:
    answer = anna.post(f"{SETTINGS}/times", data={**TIMES, field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="06:15"' in answer.text or field == "quiet_to"
    with database.reading() as session:
        assert session.get(MailWish, world.users[Role.AGENT]) is None


def test_an_address_is_asked_to_confirm_by_mail(database: Database, world: World, anna: FlaskClient) -> None:
    assert anna.post(f"{SETTINGS}/address", data={"address": " anna@example.org "}).status_code == 303
    assert wish(database, world).address == "anna@example.org"
    assert "noch nicht bestätigt" in anna.get(SETTINGS).text
    with database.reading() as session:
        mail = session.exec(select(Mail)).one()
        told = session.exec(select(OutboxMessage)).one()
    assert (mail.address, told.kind, told.mail_id, told.mail_step) == (
        "anna@example.org",
        "address.confirm",
        mail.id,
        MailStep.MAILED,
    )


@pytest.mark.parametrize(
    "typed",
    ["anna", "anna@", "@example.org", "a b@example.org", "a@b..org", "a@b.org\nBcc: x@y.org", "a" * 250 + "@b.org"],
)
def test_what_is_no_address_is_refused(database: Database, world: World, anna: FlaskClient, typed: str) -> None:
    answer = anna.post(f"{SETTINGS}/address", data={"address": typed})
    assert answer.status_code == 422
    assert "keine Mailadresse" in answer.text
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []
    assert world.users


def test_strangers_cannot_be_written_to_without_end(anna: FlaskClient) -> None:
    codes = [anna.post(f"{SETTINGS}/address", data={"address": f"a{n}@example.org"}).status_code for n in range(6)]
    assert codes == [303] * 5 + [429]


def test_a_new_address_calls_back_what_waits_for_the_old(database: Database, world: World, anna: FlaskClient) -> None:
    user_id = world.users[Role.AGENT]
    with database.transaction() as session:
        old = build.saved(
            session, Mail(recipient_user_id=user_id, address="old@example.org", created_at=NOW, next_try_at=NOW)
        )
        told: dict[str, Any] = {
            "kind": "roster.cancelled",
            "created_at": NOW,
            "mail_id": old.id,
            "mail_step": MailStep.MAILED,
        }
        session.add(OutboxMessage(recipient_user_id=user_id, **told))
        session.add(MailWish(user_id=user_id, address="old@example.org", address_confirmed_at=NOW))
    anna.post(f"{SETTINGS}/address", data={"address": ""})
    with database.reading() as session:
        assert session.exec(select(Mail)).all() == []
        assert session.exec(select(OutboxMessage)).one().mail_step is MailStep.OPEN
    assert wish(database, world).address is None


def test_every_page_that_news_lead_to_exists(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for kind in PAGES:
        notice = Notice(1, kind, NOW, week_id=1, object_id=1)
        assert adapter.match(page_of(notice), method="GET"), kind


# The administrator's page.


def mails(session: Session, world: World) -> None:
    user_id = world.users[Role.AGENT]
    for state, error in ((MailState.WAITING, "450 later"), (MailState.FAILED, "550 no such user")):
        made: dict[str, Any] = {
            "address": "secret@example.org",
            "created_at": NOW,
            "next_try_at": NOW,
            "tried_at": NOW,
            "attempts": 3,
        }
        session.add(Mail(recipient_user_id=user_id, state=state, last_error=error, **made))


def test_the_administrator_sees_what_waits_and_why_but_no_address(
    database: Database, world: World, as_role: Callable[[Role], FlaskClient]
) -> None:
    admin = as_role(Role.ADMINISTRATOR)
    assert "kein Mailserver eingerichtet" in admin.get("/admin/mail").text
    with database.transaction() as session:
        mails(session, world)
    page = admin.get("/admin/mail").text
    for words in ("450 later", "550 no such user", "Anna", "wartet", "fehlgeschlagen"):
        assert words in page
    assert "secret@example.org" not in page
    assert "450 later" in admin.get("/admin/mail?format=csv").text
    assert admin.post("/admin/mail/retry").status_code == 303
    with database.reading() as session:
        found = session.exec(select(Mail)).all()
    assert {(mail.state, mail.attempts, mail.next_try_at) for mail in found} == {(MailState.WAITING, 0, NOW)}


def test_the_administrator_hears_of_a_failing_server_and_a_missing_worker(
    database: Database, database_url: str, world: World, clock: FrozenClock
) -> None:
    server = MailServer("mail.example.org", 587, SmtpSecurity.STARTTLS, "abstand@example.org")
    app = create_app(Settings(database_url, "s" * 40, cheap_passwords=True, clock=clock, mail_server=server))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = f"{world.users[Role.ADMINISTRATOR]}:0", True
    page = browser.get("/admin/mail").text
    assert "mail.example.org:587 (mit STARTTLS)" in page
    assert "Noch kein Worker" in page
    with database.transaction() as session:
        session.add(Chore(name="every_minute", begun_at=NOW, worker_id="w"))
        mails(session, world)
    page = browser.get("/admin/mail").text
    assert "Noch kein Worker" not in page
    assert "Nichts ist verloren" in page
    clock.at = NOW + timedelta(minutes=6)
    assert "hat sich kein Worker um Mails gekümmert" in browser.get("/admin/mail").text
    app.extensions["abstand_database"].dispose()


# Settings.

SMTP = {
    "ABSTAND_SECRET_KEY": "s" * 40,
    "ABSTAND_BASE_URL": "https://abstand.example.org/",
    "ABSTAND_SMTP_HOST": "mail.example.org",
    "ABSTAND_SMTP_SENDER": "Abstand <abstand@example.org>",
}


@pytest.mark.parametrize(
    ("changes", "security", "port"),
    [
        ({}, SmtpSecurity.STARTTLS, 587),
        ({"ABSTAND_SMTP_SECURITY": "tls"}, SmtpSecurity.TLS, 465),
        ({"ABSTAND_SMTP_SECURITY": "none"}, SmtpSecurity.NONE, 25),
        ({"ABSTAND_SMTP_PORT": "2525"}, SmtpSecurity.STARTTLS, 2525),
    ],
)
def test_mail_is_set_by_the_environment(
    tmp_path: Any, changes: dict[str, str], security: SmtpSecurity, port: int
) -> None:
    settings = from_environment({**SMTP, **changes, "ABSTAND_SMTP_USER": "u", "ABSTAND_SMTP_PASSWORD": "p"}, tmp_path)
    server = settings.mail_server
    assert server is not None
    assert (server.host, server.security, server.port, server.user) == ("mail.example.org", security, port, "u")
    assert settings.base_url == "https://abstand.example.org"
    assert from_environment({"ABSTAND_SECRET_KEY": "s" * 40}, tmp_path).mail_server is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ABSTAND_BASE_URL", ""),
        ("ABSTAND_BASE_URL", "abstand.example.org"),
        ("ABSTAND_BASE_URL", "https://abstand.example.org/app"),
        ("ABSTAND_SMTP_SECURITY", "ssl"),
        ("ABSTAND_SMTP_SENDER", "nobody"),
        ("ABSTAND_SMTP_PORT", "70000"),
        ("ABSTAND_SMTP_PORT", "x"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Any, name: str, value: str) -> None:
    with pytest.raises(SettingError) as refusal:
        from_environment({**SMTP, name: value}, tmp_path)
    assert refusal.value.name == name


# Publishing tells those for whom something differs.


def test_publishing_anew_tells_each_agent_the_own_duties_that_differ(database: Database) -> None:
    with database.transaction() as session:
        world = _two_with_duties(session)
        week = session.get_one(Week, world["week"])
        before = publication_news.in_force(session, week)
        moved = session.exec(select(CurrentDuty).where(CurrentDuty.agent_id == world["a1"])).one()
        session.delete(moved)
        session.flush()
        later = moved.starts_at + timedelta(hours=1)
        session.add(CurrentDuty(**{**moved.model_dump(exclude={"id"}), "starts_at": later}))
        session.flush()
        publication_news.announce(session, NOW, week, 2, before)
    with database.reading() as session:
        only = session.exec(select(OutboxMessage).where(OutboxMessage.kind == "roster.republished")).one()
    assert only.recipient_user_id == world["user"]
    assert [one["starts_at"] for one in only.facts["before"]] == [moved.starts_at.isoformat()]
    assert [one["starts_at"] for one in only.facts["after"]] == [later.isoformat()]


def _two_with_duties(session: Session) -> dict[str, int]:
    site = booking_site.make(session)
    for name, desk in (("a1", "01"), ("a2", "02")):
        booking_site.book(session, site, name, "08:00", "12:00", day=2, desk=desk)
    week = site.week(session)
    week.state = WeekState.PUBLISHED
    roster_guard.opened(session, NOW, week)
    return {"week": week.id, "a1": site.agents["a1"], "user": site.actors["a1"].user_id or 0}


def test_a_first_publication_tells_everybody_with_duties_what_they_are(database: Database) -> None:
    with database.transaction() as session:
        site = planning_site.make(session)
        row = session.get_one(Site, site.site_id)
        for agent in session.exec(select(Agent)).all():
            build.account(session, agent.key, Role.AGENT, row, agent)
    draft_id = drafted(database, site)
    with database.transaction() as session:
        publish(session, site, draft_id)
    with database.reading() as session:
        told = {
            session.get_one(UserAccount, message.recipient_user_id).login_name: message.facts["after"]
            for message in session.exec(select(OutboxMessage).where(OutboxMessage.kind == "roster.published"))
        }
    assert {name: [(duty["desk"], len(duty["breaks"])) for duty in duties] for name, duties in told.items()} == {
        "a001": [("3-east-01", 1)],
        "a002": [("3-east-02", 0)],
    }
