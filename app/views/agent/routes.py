"""The blueprint that the modules of this package hang their pages on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("agent", __name__, url_prefix="/agent")
