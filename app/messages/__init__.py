"""Every sentence of the pages, in German and English; the only place where facts become text.

A module of this package is an area with its catalogue ``MESSAGES``: ``key: (German, English)``, placeholders as in
``str.format``. Keys begin with the area's name. ``BUILT`` names prefixes of keys that are put together at run time.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from app.messages.formats import fact_text
from app.models.account import Language

Catalogue = dict[str, tuple[str, str]]
NOT_AREAS = {"formats"}


class DoubleMessageError(Exception):
    """Two areas have a message of one key."""


@cache
def catalogue() -> Catalogue:
    """All messages of all areas."""
    messages: Catalogue = {}
    for area in areas():
        for key, texts in import_module(f"{__name__}.{area}").MESSAGES.items():
            if key in messages:
                raise DoubleMessageError(key)
            messages[key] = texts
    return messages


def areas() -> list[str]:
    """Names of the modules with catalogues."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in NOT_AREAS)


def built_prefixes() -> tuple[str, ...]:
    """Prefixes of keys that are put together at run time, e.g. ``week_state.`` and the state's name."""
    return tuple(prefix for area in areas() for prefix in getattr(import_module(f"{__name__}.{area}"), "BUILT", ()))


def text(key: str, language: str, **facts: object) -> str:
    """The sentence of a key in ``de`` or ``en``; numbers among the facts are written in that language.

    Raises KeyError for a key that no area has, or a fact that the sentence needs and does not get.
    """
    german, english = catalogue()[key]
    pattern = german if language == Language.GERMAN else english
    return pattern.format(**{name: fact_text(fact, language) for name, fact in facts.items()})
