from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.models import Role, UserAccount
from app.services import passwords, throttling
from tests.app import build
from tests.app.conftest import FrozenClock


def sign_in(client: FlaskClient, name: str = "anna", password: str = build.PASSWORD, **more: str) -> int:
    return client.post("/sign-in", data={"login_name": name, "password": password, **more}).status_code


def test_right_password_signs_in(client: FlaskClient) -> None:
    assert sign_in(client, " Anna ") == 303
    assert "Anna" in client.get("/account").text


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", build.PASSWORD), ("", "")])
def test_wrong_password_is_told_and_name_kept(client: FlaskClient, name: str, password: str) -> None:
    answer = client.post("/sign-in", data={"login_name": name, "password": password})
    assert answer.status_code == 422
    assert "passen nicht zusammen" in answer.text
    assert f'value="{name}"' in answer.text
    assert client.get("/account").status_code == 303


def test_sixth_failure_must_wait_even_with_the_right_password(client: FlaskClient, clock: FrozenClock) -> None:
    for _ in range(throttling.FAILURES_PER_NAME):
        assert sign_in(client, password="wrong") == 422
    assert sign_in(client) == 429
    assert sign_in(client, "mona") == 303
    clock.at += throttling.PERIOD + timedelta(seconds=1)
    assert sign_in(client) == 303


def test_fifth_try_may_still_be_right_and_forgives(client: FlaskClient) -> None:
    for _ in range(throttling.FAILURES_PER_NAME - 1):
        sign_in(client, password="wrong")
    assert sign_in(client) == 303
    for _ in range(throttling.FAILURES_PER_NAME - 1):
        assert sign_in(client, password="wrong") == 422


def test_many_names_from_one_address_are_throttled(client: FlaskClient) -> None:
    for number in range(throttling.FAILURES_PER_ADDRESS):
        assert sign_in(client, f"name{number}", "wrong") == 422
    assert sign_in(client, "mona") == 429


def test_closed_account_cannot_sign_in_and_its_session_ends(
    as_role: Callable[[Role], FlaskClient], client: FlaskClient, database: Database, world: build.World
) -> None:
    browser = as_role(Role.AGENT)
    assert browser.get("/account").status_code == 200
    with database.transaction() as session:
        session.get_one(UserAccount, world.users[Role.AGENT]).active = False
    assert browser.get("/account").status_code == 303
    assert sign_in(client) == 422


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/account", "/account"),
        ("/weeks?x=1", "/weeks?x=1"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("///evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_nowhere_else(client: FlaskClient, target: str, leads_to: str) -> None:
    answer = client.post("/sign-in", data={"login_name": "anna", "password": build.PASSWORD, "next": target})
    assert answer.headers["Location"] == leads_to


def test_page_that_needs_a_log_in_comes_back_after_it(client: FlaskClient) -> None:
    assert client.get("/account?x=1").headers["Location"] == "/sign-in?next=/account?x%3D1"


def test_sign_out_ends_the_session(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.MANAGER)
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/account").status_code == 303


def test_new_password_ends_other_sessions_and_keeps_this_one(
    as_role: Callable[[Role], FlaskClient], client: FlaskClient
) -> None:
    here, elsewhere = as_role(Role.AGENT), as_role(Role.AGENT)
    new = "another long sentence"
    answer = here.post("/account/password", data={"current": build.PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(client) == 422
    assert sign_in(client, password=new) == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("wrong", "n" * 12, "n" * 12, "bisherige Kennwort stimmt nicht"),
        (build.PASSWORD, "n" * 11, "n" * 11, "mindestens 12"),
        (build.PASSWORD, "n" * 201, "n" * 201, "höchstens 200"),
        (build.PASSWORD, "n" * 12, "m" * 12, "verschieden"),
        (build.PASSWORD, build.PASSWORD, build.PASSWORD, "wählen Sie ein anderes"),
    ],
)
def test_refused_new_password_says_why(
    as_role: Callable[[Role], FlaskClient], current: str, new: str, again: str, sentence: str
) -> None:
    answer = as_role(Role.AGENT).post("/account/password", data={"current": current, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_temporary_password_must_be_replaced_first(
    as_role: Callable[[Role], FlaskClient], database: Database, world: build.World
) -> None:
    with database.transaction() as session:
        session.get_one(UserAccount, world.users[Role.COUNCIL]).must_change_password = True
    browser = as_role(Role.COUNCIL)
    assert browser.get("/").headers["Location"] == "/account"
    assert "vorläufige Kennwort" in browser.get("/account").text


def test_unknown_names_take_as_long_as_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Hasher:
        def verify(self, password_hash: str, password: str) -> None:
            compared.append(f"{password_hash} {password}")

        def hash(self, password: str) -> str:
            return f"hash of {password}"

    monkeypatch.setattr(passwords, "_hasher", Mock(return_value=Hasher()))
    monkeypatch.setattr(passwords, "_hash_of_nobody", Mock(return_value="hash of nobody"))
    assert not passwords.matches(None, "secret")
    assert compared == ["hash of nobody secret"]


@pytest.mark.parametrize(
    ("accepts", "title"), [("en", "Sign in"), ("fr, en;q=0.3", "Sign in"), ("fr", "Anmelden"), ("", "Anmelden")]
)
def test_log_in_page_speaks_the_browsers_language(client: FlaskClient, accepts: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in client.get("/sign-in", headers={"Accept-Language": accepts}).text


def test_language_switch_holds_for_device_and_account(
    client: FlaskClient, as_role: Callable[[Role], FlaskClient]
) -> None:
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert "<h1>Sign in</h1>" in client.get("/sign-in").text
    assert client.post("/language", data={"language": "xx"}).status_code == 400
    as_role(Role.AGENT).post("/language", data={"language": "en"})
    assert "My account" in as_role(Role.AGENT).get("/account").text


def account_page(client: FlaskClient, **headers: str) -> str:
    assert client.post("/sign-in", data={"login_name": "anna", "password": build.PASSWORD}, headers=headers).location
    return client.get("/account", headers=headers).text


@pytest.mark.usefixtures("world")
def test_language_chosen_before_signing_in_is_stored_to_the_account(app: Flask) -> None:
    assert "Mein Konto" in account_page(app.test_client())
    chooser = app.test_client()
    chooser.post("/language", data={"language": "en"})
    assert "My account" in account_page(chooser)
    assert "My account" in account_page(app.test_client())


@pytest.mark.usefixtures("world")
def test_browsers_language_holds_from_the_first_sign_in_but_undoes_no_choice(app: Flask) -> None:
    browser = app.test_client()
    assert "My account" in account_page(browser, **{"Accept-Language": "en"})
    browser.post("/language", data={"language": "de"})
    assert "Mein Konto" in account_page(app.test_client(), **{"Accept-Language": "en"})


@pytest.mark.usefixtures("world")
def test_language_the_person_before_left_is_nobodys_choice(app: Flask) -> None:
    account_page(app.test_client())
    shared = app.test_client()
    shared.post("/language", data={"language": "en"})
    assert sign_in(shared, "mona") == 303
    shared.post("/sign-out")
    assert "<h1>Sign in</h1>" in shared.get("/sign-in").text
    assert "Mein Konto" in account_page(shared)
