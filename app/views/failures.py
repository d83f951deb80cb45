"""Error pages: what happened, what was kept, what to do."""

from __future__ import annotations

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from app.errors import RefusedError
from app.views import problems
from app.views.common import is_fragment, t

EXPLAINED = (400, 403, 404, 405, 409, 413, 422, 429, 500)


def init(app: Flask) -> None:
    """Attach the pages to an application."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(RefusedError, _on_refusal)
    app.register_error_handler(500, _on_fault)


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


def failure_page(code: int, what: str) -> str:
    """The page, or for htmx only its message."""
    template = "errors/fragment.html" if is_fragment() else "errors/page.html"
    kept = t("error.500.kept" if code >= 500 else "error.nothing_changed")
    return render_template(template, code=code, what=what, kept=kept)
