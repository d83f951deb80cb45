"""Pressing things on a page by touch, or by keyboard alone as somebody without a pointer would."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

MOST_TABS = 120
Press = Callable[[Locator], None]


def touch(target: Locator) -> None:
    target.tap()


def keyboard(target: Locator) -> None:
    """Tab to it as somebody without a pointer would, then Enter."""
    page = target.page
    target.wait_for()
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            # Shown, not hidden behind a bar.
            assert target.is_visible()
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    message = f"not reached by Tab: {target}"
    raise AssertionError(message)


def named(action: str, what: str) -> re.Pattern[str]:
    """A button that says besides, for those who cannot see its card, what it is for."""
    return re.compile(f"^{re.escape(action)} ?: {re.escape(what)}$")


HANDS = pytest.mark.parametrize("press", [touch, keyboard], ids=["touch", "keyboard"])
