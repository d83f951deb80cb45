"""The JSON API, version 1: every module here adds operations to one blueprint."""

from app.views.api import (
    absence,
    availability,
    bookings,
    floor,
    my_week,
    open_shifts,
    openapi,
    own,
    plans,
    problem_types,
    replacements,
    rosters,
    swaps,
    waiting,
    weeks,
)
from app.views.api.routes import blueprint

__all__ = [
    "absence",
    "availability",
    "blueprint",
    "bookings",
    "floor",
    "my_week",
    "open_shifts",
    "openapi",
    "own",
    "plans",
    "problem_types",
    "replacements",
    "rosters",
    "swaps",
    "waiting",
    "weeks",
]
