"""Pages of nobody in particular: the start, the language, whether the application lives."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.db import answers
from app.models import Language
from app.services import accounts
from app.views import navigation
from app.views.common import database, me, safe_next, signed_in, transaction

blueprint = Blueprint("common", __name__)


@blueprint.get("/")
@permissions.allow_signed_in
def home() -> AnyResponse:
    """On to the first page of the person's role."""
    return redirect(navigation.start_page(), 303)


@blueprint.post("/language")
@permissions.allow_everybody
def set_language() -> AnyResponse:
    """Keep the language, for the account where there is one, else on this device until somebody signs in."""
    chosen = request.form.get("language", "")
    if chosen not in set(Language):
        abort(400)
    session["language"] = chosen
    if signed_in():
        with transaction() as opened:
            accounts.set_language(opened, me().id, Language(chosen))
    else:
        session["language_chosen"] = True
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.get("/healthz")
@permissions.allow_everybody
def healthz() -> tuple[str, int]:
    """For probes: 200 where the database answers."""
    return ("ok", 200) if answers(database()) else ("database", 503)
