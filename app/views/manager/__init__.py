"""Pages of the site manager: weeks, demand, plan, draft, publishing, floor, agents.

Importing a module of this package hangs its pages on the blueprint, so all of them are imported here.
"""

import pkgutil
from importlib import import_module

from app.views.manager.routes import blueprint

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["blueprint"]
