"""Error pages, lists and what templates may not do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from app import MAX_REQUEST_BYTES, permissions
from app.config import PROJECT_ROOT
from app.errors import RefusedError
from app.models import Role
from app.views import tables
from app.views.failures import EXPLAINED
from app.views.tables import Column


@pytest.fixture
def failing(app: Flask) -> Flask:
    """An application with pages that fail in every way."""

    @permissions.allow_everybody
    def fail(code: int) -> str:
        if code == 500:
            raise ZeroDivisionError
        if code == 409:
            raise RefusedError("admin.users.name_taken", login_name="<mona>")
        abort(code)

    app.add_url_rule("/fail/<int:code>", "fail", fail)
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    return app


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", EXPLAINED)
def test_every_failure_says_what_happened_what_was_kept_and_what_to_do(
    failing: Flask, code: int, language: str
) -> None:
    answer = failing.test_client().get(f"/fail/{code}", headers={"Accept-Language": language})
    assert answer.status_code == code
    headings = ("Was geschah", "Was erhalten ist", "Was Sie tun können")
    for heading in headings if language == "de" else ("What happened", "What was kept", "What you can do"):
        assert heading in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_refusal_tells_its_facts_escaped(failing: Flask) -> None:
    assert "Den Benutzernamen &lt;mona&gt; gibt es schon." in failing.test_client().get("/fail/409").text


def test_other_codes_get_the_nearest_page(failing: Flask) -> None:
    browser = failing.test_client()
    assert browser.get("/fail/418").status_code == 418
    assert "Anfrage nicht verständlich" in browser.get("/fail/418").text
    assert "Fehler bei uns" in browser.get("/fail/501").text


def test_a_failed_part_of_a_page_is_a_part(failing: Flask) -> None:
    answer = failing.test_client().get("/fail/409", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "gibt es schon" in answer.text


def test_a_part_of_a_page_asked_for_without_log_in_leads_to_it(client: FlaskClient) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


def test_too_much_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login_name": "x" * (MAX_REQUEST_BYTES + 1)})
    assert answer.status_code == 413
    assert "Zu groß" in answer.text


def test_health_needs_no_log_in(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok"


def test_misspelt_names_in_templates_are_errors(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing_of_this_name }}").render()


def test_every_template_is_used() -> None:
    folder = PROJECT_ROOT / "templates"
    sources = [*(PROJECT_ROOT / "app").rglob("*.py"), *folder.rglob("*.*")]
    named = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    templates = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    assert len(templates) > 10
    assert [name for name in templates if f'"{name}"' not in named and f"'{name}'" not in named] == []


@pytest.mark.parametrize("role", Role)
def test_start_page_is_the_roles_first_page(as_role: Callable[[Role], FlaskClient], role: Role) -> None:
    browser = as_role(role)
    answer = browser.get(browser.get("/").headers["Location"])
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


NUMBERS: tuple[Column[float | None], ...] = (
    Column("amount", "admin.users.name", lambda row: row, is_number=True),
    Column("text", "admin.users.agent", lambda row: None if row is None else f"=row {row}"),
)


def shown(app: Flask, *rows: float | None, **arguments: str) -> tables.Listing[float | None]:
    with app.test_request_context("/"):
        return tables.listing(rows, NUMBERS, arguments)


def test_numbers_are_sorted_by_size_and_what_is_missing_comes_last(app: Flask) -> None:
    assert shown(app, 10, None, 9.5, sort="amount").rows == [9.5, 10, None]
    assert shown(app, 10, None, 9.5, sort="nothing").rows == [10, None, 9.5]


@pytest.mark.parametrize(
    ("page", "first", "number"), [("1", 0, 1), ("3", 200, 3), ("4", 200, 3), ("0", 0, 1), ("x", 0, 1), ("-2", 0, 1)]
)
def test_pages_of_a_list(app: Flask, page: str, first: int, number: int) -> None:
    found = shown(app, *range(201), page=page)
    assert (found.rows[0], found.page, found.pages, found.found) == (first, number, 3, 201)


def test_saved_list_has_all_rows_german_commas_and_no_formulas(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "de"}):
        saved = tables.as_csv(tables.listing([1234.5, None, *range(150)], NUMBERS, {"format": "csv"}))
    lines = saved.splitlines()
    assert lines[:3] == ["Name;Agent", "1.234,5;'=row 1234.5", ";"]
    assert len(lines) == 153
