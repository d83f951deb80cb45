"""Pages of the agent, for a phone first: my week, availability, and what else is mine."""

from app.views.agent import absence as _absence
from app.views.agent import availability as _availability
from app.views.agent import availability_changes as _availability_changes
from app.views.agent import book as _book
from app.views.agent import book_choice as _book_choice
from app.views.agent import bookings as _bookings
from app.views.agent import calendar as _calendar
from app.views.agent import more as _more
from app.views.agent import offers as _offers
from app.views.agent import swap as _swap
from app.views.agent import week as _week
from app.views.agent.routes import blueprint

PAGES = (
    _absence,
    _availability,
    _availability_changes,
    _book,
    _book_choice,
    _bookings,
    _calendar,
    _more,
    _offers,
    _swap,
    _week,
)
"""Importing a module hangs its pages on the blueprint."""

__all__ = ["PAGES", "blueprint"]
