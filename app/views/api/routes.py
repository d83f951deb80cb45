"""The blueprint of the JSON API, which no session cookie opens and which therefore needs no form's token."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.record_once
def _without_form_token(state: BlueprintSetupState) -> None:
    state.app.extensions["csrf"].exempt(blueprint)
