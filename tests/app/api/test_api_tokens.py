"""Tokens: made by the command, refused when unknown, over, revoked or of a closed account, and never kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app import clock as real_clock
from app.cli import main
from app.db import Database
from app.models import ApiToken, AuditEvent, Role, Scope, UserAccount
from app.services import api_tokens
from app.services.api_tokens import ROLES_OF
from tests.app import booking_site, build
from tests.app.api.conftest import Api, refused, token_for
from tests.app.booking_site import BookingSite

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is looked up of tokens is the same everywhere; bookings use them on both databases."""
    return sqlite_url


@pytest.fixture
def people(database: Database) -> BookingSite:
    with database.transaction() as session:
        return booking_site.make(session)


@pytest.fixture
def run(database_url: str, people: BookingSite, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Run:  # noqa: ARG001
    """``abstand token``: exit code, output, complaints."""
    monkeypatch.setenv("ABSTAND_DATABASE_URL", database_url)
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("LC_ALL", "C")

    def go(*words: str) -> tuple[int, str, str]:
        code = main(["token", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def stored(database: Database) -> list[ApiToken]:
    with database.reading() as session:
        return list(session.exec(select(ApiToken)))


def test_the_command_prints_the_token_and_nothing_else_and_keeps_only_its_hash(database: Database, run: Run) -> None:
    code, out, err = run("create", "A1-muc", "--scope", "availability", "--scope", "bookings", "--name", "phone")
    secret = out.strip()
    assert code == 0
    assert out == secret + "\n"
    assert len(secret) > 40
    assert "availability, bookings" in err
    [token] = stored(database)
    assert secret not in token.model_dump_json()
    assert token.scopes == [Scope.AVAILABILITY, Scope.BOOKINGS]
    assert (token.name, token.expires_at - token.created_at) == ("phone", timedelta(days=90))
    with database.reading() as session:
        assert api_tokens.bearer_of(session, real_clock.now(), secret).login_name == "a1-muc"
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "token.created")).one()
        assert event.facts == {"login_name": "a1-muc", "scopes": "availability, bookings"}


def test_scopes_may_stand_in_one_option_and_all_are_those_of_the_role(database: Database, run: Run) -> None:
    assert run("create", "a1-muc", "--scope", "bookings,swaps")[0] == 0
    assert run("create", "boss-muc", "--scope", "all", "--days", "1")[0] == 0
    assert [token.scopes for token in stored(database)] == [
        [Scope.BOOKINGS, Scope.SWAPS],
        api_tokens.scopes_for(Role.MANAGER),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "nobody", "--scope", "bookings"), "There is no account “nobody”"),
        (("create", "a1-muc"), "at least one scope"),
        (("create", "a1-muc", "--scope", "everything"), "no scope “everything”. Scopes: availability, bookings"),
        (("create", "a1-muc", "--scope", "plans"), "of no use to the role agent"),
        (("create", "a1-muc", "--scope", "bookings", "--days", "0"), "1 to 366 days"),
        (("create", "a1-muc", "--scope", "bookings", "--days", "367"), "1 to 366 days"),
        (("list", "nobody"), "There is no account “nobody”"),
        (("revoke", "4711"), "no token number 4711"),
        (("revoke", "99999999999999999999"), "no token number 99999999999999999999"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_kept(
    database: Database, run: Run, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert stored(database) == []


def test_tokens_are_listed_and_revoked(database: Database, run: Run) -> None:
    assert "has no tokens" in run("list", "a1-muc")[1]
    run("create", "a1-muc", "--scope", "bookings", "--name", "old phone")
    number = stored(database)[0].id
    assert run("revoke", str(number)) == (0, f"Token {number} is no longer valid from now on.\n", "")
    assert run("revoke", str(number))[0] == 0
    line = run("list", "a1-muc")[1]
    assert line.startswith(f"{number}\trevoked\t")
    assert "last used never" in line
    assert line.endswith("old phone\n")
    german = run("list", "a1-muc", "--language", "de")[1]
    assert "widerrufen" in german


def test_each_way_a_token_opens_nothing_is_named(database: Database, api: Api) -> None:
    def answer(token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        response = api.client.get("/api/v1/me", headers=headers)
        problem = refused(response, 401)
        assert response.headers["WWW-Authenticate"].startswith('Bearer realm="abstand", error="invalid_token"')
        return problem

    with database.transaction() as session:
        short = token_for(session, api.made.actors["a1"], days=1)
        revoked = token_for(session, api.made.actors["a1"])
        api_tokens.revoke(session, build.SYSTEM, build.NOW, session.exec(select(sa.func.max(ApiToken.id))).one())
        session.get_one(UserAccount, api.made.actors["a2"].user_id).active = False
    assert answer("abstand_" + "x" * 43)["type"].endswith("api.token.unknown")
    assert answer("x" * 10_000)["type"].endswith("api.token.unknown")
    assert answer(revoked)["type"].endswith("api.token.revoked")
    assert answer(api.tokens["a2"])["type"].endswith("api.token.closed")
    headers = {"Authorization": f"Bearer {short}"}
    api.clock.at = build.NOW + timedelta(days=1) - timedelta(seconds=1)
    assert api.client.get("/api/v1/me", headers=headers).status_code == 200
    api.clock.at = build.NOW + timedelta(days=1)
    assert answer(short)["type"].endswith("api.token.expired")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "abstand_abc"])
def test_without_a_token_there_is_a_challenge_and_no_page(shared_api: Api, header: str) -> None:
    answer = shared_api.client.get("/api/v1/me", headers={"Authorization": header, "Accept-Language": "en"})
    refused(answer, 401, "api.token.missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="abstand"'


def test_a_session_cookie_opens_nothing(database: Database, api: Api, as_user: Callable[[int], Any]) -> None:
    user_id = api.made.actors["a1"].user_id
    assert user_id is not None
    browser = as_user(user_id)
    refused(browser.get("/api/v1/bookings"), 401, "api.token.missing")
    refused(browser.post("/api/v1/bookings", json={"open_shift": 1}), 401, "api.token.missing")
    assert stored(database) != []


def test_last_use_is_noted_now_and_then(database: Database, api: Api) -> None:
    def used(name: str) -> Any:
        user_id = api.made.actors[name].user_id
        return next(token.last_used_at for token in stored(database) if token.user_id == user_id)

    api("a1", "GET", "/me")
    assert used("a1") == build.NOW
    api.clock.at = build.NOW + timedelta(minutes=14)
    api("a1", "GET", "/me")
    assert used("a1") == build.NOW
    api.clock.at = build.NOW + timedelta(minutes=15)
    body = {"start": "2020-03-30T08:00", "end": "2020-03-30T12:00", "place": "site", "desk": None}
    assert api("a1", "POST", "/bookings", body).status_code == 201
    assert used("a1") == api.clock.at
    assert used("a2") is None


def test_people_see_and_revoke_their_own_tokens_only(database: Database, api: Api) -> None:
    own = api("a1", "GET", "/me").get_json()
    assert (own["login_name"], own["agent"], own["role"]) == ("a1-muc", "a1", "agent")
    listed = api("a1", "GET", "/me/tokens").get_json()["tokens"]
    assert [token["id"] for token in listed] == [own["token"]]
    other = api("a2", "GET", "/me").get_json()["token"]
    refused(api("a1", "DELETE", f"/me/tokens/{other}"), 404)
    assert api("a1", "DELETE", f"/me/tokens/{own['token']}").status_code == 204
    refused(api("a1", "GET", "/me"), 401, "api.token.revoked")
    assert api("a2", "GET", "/me").status_code == 200
    assert len(stored(database)) == 5


def test_every_scope_is_of_use_to_somebody() -> None:
    assert set(ROLES_OF) == set(Scope)
    assert all(ROLES_OF.values())
    assert api_tokens.scopes_for(Role.ADMINISTRATOR) == []
