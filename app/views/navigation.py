"""The main navigation: a line per page and role, shown where the page exists."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from app.models import Role
from app.views.common import me, signed_in, t

PAGES: dict[Role, tuple[str, ...]] = {
    Role.AGENT: ("agent.week", "agent.book", "agent.availability", "agent.more"),
    Role.MANAGER: ("manager.weeks", "manager.floor", "manager.agents", "manager.queues"),
    Role.COUNCIL: ("council.weeks", "council.rules"),
    Role.ADMINISTRATOR: ("admin.users", "admin.sites", "admin.mail", "admin.audit"),
}
BELONGS: dict[str, tuple[str, ...]] = {
    "agent.more": ("/notifications",),
    "manager.weeks": ("/manager/absences", "/manager/swaps", "/manager/shifts", "/manager/roster", "/manager/terms"),
    "council.weeks": ("/manager/weeks",),
}
"""Addresses that stand beside a page and belong to it all the same."""


@dataclass(frozen=True)
class Entry:
    """One link; ``current`` where the page shown is it or below it."""

    endpoint: str
    label: str
    address: str
    current: bool


def entries() -> list[Entry]:
    """The signed-in person's pages, in order."""
    if not signed_in():
        return []
    pages = [page for page in PAGES[me().role] if page in current_app.view_functions]
    addresses = {page: url_for(page) for page in pages}
    inside = [
        page
        for page in pages
        if any(_is_inside(request.path, address) for address in (addresses[page], *BELONGS.get(page, ())))
    ]
    current = max(inside, key=lambda page: len(addresses[page]), default=None)
    return [Entry(page, t(f"nav.{page}"), addresses[page], page == current) for page in pages]


def _is_inside(path: str, address: str) -> bool:
    return path == address or path.startswith(address.rstrip("/") + "/")


def start_page() -> str:
    """Where the signed-in person begins."""
    first = next((page for page in PAGES[me().role] if page in current_app.view_functions), "auth.account")
    return url_for(first)
