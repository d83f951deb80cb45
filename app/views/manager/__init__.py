"""Pages of the site manager: weeks, demand, plan, draft, publishing, floor, agents."""

from app.views.manager import draft as _draft
from app.views.manager import draft_files as _draft_files
from app.views.manager.routes import blueprint

PAGES = (_draft, _draft_files)
"""Importing a module hangs its pages on the blueprint."""

__all__ = ["PAGES", "blueprint"]
