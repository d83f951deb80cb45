from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import config
from app.models import Role
from app.views.headers import HEADERS
from tests.app import build
from tests.app.build import World
from tests.app.routes import every_call

INLINE = re.compile(r"<style|<[^>{]*\s(?:style|on\w+|hx-on[:\w]*)=|javascript:|\|\s*safe\b")


@pytest.mark.parametrize("address", ["/sign-in", "/nope", "/static/app.css", "/healthz"])
def test_every_answer_has_the_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_about_persons_are_not_kept_by_caches(as_role: Callable[[Role], FlaskClient]) -> None:
    browser = as_role(Role.AGENT)
    assert browser.get("/account").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in browser.get("/static/app.css", buffered=True).headers["Cache-Control"]


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login_name": "anna", "password": build.PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_every_form_needs_its_token(app: Flask, as_role: Callable[[Role], FlaskClient], world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    calls = [call for call in every_call(app, world) if call.method != "GET"]
    assert len(calls) > 5
    for call in calls:
        answer = as_role(Role.ADMINISTRATOR).open(call.address, method=call.method, data={})
        assert answer.status_code == 400, call
        assert "Formular ist abgelaufen" in answer.text, call


def test_templates_hold_no_inline_script_or_style() -> None:
    for template in (config.PROJECT_ROOT / "templates").rglob("*.html"):
        content = template.read_text(encoding="utf-8")
        assert not INLINE.findall(content), template.name
        for script in content.split("<script")[1:]:
            assert script.lstrip().startswith("src="), template.name


@pytest.mark.parametrize(
    "inline", ['<p style="x">', "<a onclick='x()'>", "<b hx-on:click=x>", "<style>", "{{ name | safe }}"]
)
def test_inline_is_found(inline: str) -> None:
    assert INLINE.search(inline)


def test_names_are_escaped(app: Flask, client: FlaskClient) -> None:
    assert app.jinja_env.autoescape
    answer = client.post("/sign-in", data={"login_name": '"><script>', "password": "x"})
    assert "<script>" not in answer.text.split("</head>")[1]


def test_secret_key_is_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = config.kept_secret_key(tmp_path)
    assert len(first) >= 43
    assert config.kept_secret_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_second_of_two_first_starts_takes_the_key_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_exists = Path.exists

    def first_comes_between(path: Path) -> bool:
        if path.name == "secret_key" and not real_exists(path):
            path.write_text("the first one's key", encoding="ascii")
            return False
        return real_exists(path)

    monkeypatch.setattr(Path, "exists", first_comes_between)
    assert config.kept_secret_key(tmp_path) == "the first one's key"


@pytest.mark.parametrize(
    ("variable", "content"),
    [
        ("ABSTAND_DATABASE_URL", "mysql://localhost/abstand"),
        ("ABSTAND_DATABASE_URL", "abstand.db"),
        ("ABSTAND_DATABASE_URL", "sqlite://"),
        ("ABSTAND_SECRET_KEY", "short"),
        ("ABSTAND_TRUSTED_PROXIES", "one"),
    ],
)
def test_unusable_settings_are_named(tmp_path: Path, variable: str, content: str) -> None:
    with pytest.raises(config.SettingError) as caught:
        config.from_environment({variable: content}, tmp_path)
    assert caught.value.name == variable


def test_postgresql_addresses_use_the_installed_driver(tmp_path: Path) -> None:
    settings = config.from_environment({"ABSTAND_DATABASE_URL": "postgres://host/abstand"}, tmp_path)
    assert settings.database_url == "postgresql+psycopg://host/abstand"
