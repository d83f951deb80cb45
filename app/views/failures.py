"""Error pages: what happened, what was kept, what to do."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, render_template
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import HTTPException

from app.errors import RefusedError
from app.views import problems
from app.views.common import is_fragment, t

EXPLAINED = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
AGAIN_AFTER_SECONDS = 5


def init(app: Flask) -> None:
    """Attach the pages to an application."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(RefusedError, _on_refusal)
    app.register_error_handler(500, _on_fault)
    for error in (OperationalError, InterfaceError, NoConnectionError):
        app.register_error_handler(error, _on_database_away)


def _on_http(error: HTTPException) -> Response | tuple[str, int]:
    if problems.under_api():
        return problems.of_http(error)
    code = error.code if error.code in EXPLAINED else 400 if (error.code or 500) < 500 else 500
    what = t("error.422.title") if code == 422 else t(f"error.{code}.what")
    return failure_page(code, what), error.code or 500


def _on_refusal(error: RefusedError) -> Response | tuple[str, int]:
    if problems.under_api():
        return problems.of_refusal(error)
    return failure_page(error.status, t(error.key, **error.facts)), error.status


def _on_fault(_error: Exception) -> Response | tuple[str, int]:
    if problems.under_api():
        return problems.of_fault()
    return failure_page(500, t("error.500.what")), 500


def _on_database_away(error: Exception) -> Response:
    """Connections are made anew with the next request, so nothing has to be done once it is back."""
    current_app.logger.warning("database away: %s", error)
    # Who asks stands in the database.
    setattr(g, "_login_user", AnonymousUserMixin())  # noqa: B010
    answer = problems.of_database_away() if problems.under_api() else make_response(_page_of_database_away(), 503)
    answer.headers["Retry-After"] = str(AGAIN_AFTER_SECONDS)
    return answer


def _page_of_database_away() -> str:
    return failure_page(503, t("error.503.what"))


def failure_page(code: int, what: str) -> str:
    """The page, or for htmx only its message."""
    template = "errors/fragment.html" if is_fragment() else "errors/page.html"
    kept = t("error.500.kept" if code >= 500 else "error.nothing_changed")
    return render_template(template, code=code, what=what, kept=kept)
