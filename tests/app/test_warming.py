"""What a web process does before its first request."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session

from app import create_app, warming
from app.config import PROJECT_ROOT, Settings
from app.services import manager_live
from app.services.manager_live import LiveView
from app.services.site_days import _of_land
from tests.app import build


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """It is the same on both databases."""
    return sqlite_url


def test_all_templates_are_compiled_and_holidays_known(app: Flask, world: build.World) -> None:
    assert world.site_id
    _of_land.cache_clear()
    warming.warm(app, build.NOW)
    cache = app.jinja_env.cache
    assert cache is not None
    compiled = {key[1] for key in cache.keys()}  # noqa: SIM118  # the cache of templates is no dict
    folder = PROJECT_ROOT / "templates"
    assert compiled >= {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    assert _of_land.cache_info().currsize > 0


def test_the_roster_of_the_running_week_is_read(
    app: Flask, world: build.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    original = manager_live.live_view

    def noted(session: Session, week_id: int, site_id: int) -> LiveView:
        asked.append(week_id)
        return original(session, week_id, site_id)

    monkeypatch.setattr(manager_live, "live_view", noted)
    warming.warm(app, build.NOW)
    assert asked == [world.published_week_id]


def test_a_database_without_tables_stops_nobody(tmp_path: Path) -> None:
    bare = create_app(Settings(f"sqlite:///{tmp_path / 'bare.db'}", "s" * 40))
    warming.warm(bare, build.NOW)
    assert bare.test_client().get("/sign-in").status_code == 200
    bare.extensions["abstand_database"].dispose()
