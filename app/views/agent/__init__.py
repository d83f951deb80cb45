"""Pages of the agent, for a phone first: my week, availability, and what else is mine."""

from app.views.agent import availability as _availability
from app.views.agent import availability_changes as _availability_changes
from app.views.agent import more as _more
from app.views.agent import week as _week
from app.views.agent.routes import blueprint

PAGES = (_availability, _availability_changes, _more, _week)
"""Importing a module hangs its pages on the blueprint."""

__all__ = ["PAGES", "blueprint"]
