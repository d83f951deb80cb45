"""The JSON API, version 1: every module here adds operations to one blueprint."""

from app.views.api import bookings, open_shifts, openapi, own, waiting
from app.views.api.routes import blueprint

__all__ = ["blueprint", "bookings", "open_shifts", "openapi", "own", "waiting"]
