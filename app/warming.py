"""What a web process does before its first request, so that nobody's first page waits for it.

Templates are compiled, sentences and formats read, tables mapped, and the rosters looked up that people ask for first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import configure_mappers
from sqlmodel import Session, col, select

from app import messages
from app.messages import formats
from app.models import Language, Site, Week, WeekState
from app.services import manager_live, manager_weeks
from app.services.site_days import holidays_among

if TYPE_CHECKING:
    from flask import Flask

    from app.db import Database

NEAR = timedelta(weeks=1)


def warm(app: Flask, now: datetime) -> None:
    """Do once what would otherwise be done by the first request."""
    configure_mappers()
    messages.catalogue()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
    for language in Language:
        formats.week_label(now.date(), language.value)
        formats.percent(0.5, language.value)
    database: Database = app.extensions["abstand_database"]
    try:
        with database.reading() as session:
            _look_up(session, now)
    except (OperationalError, ProgrammingError):
        # A database that does not answer is told by the first request, as at any other time.
        return
    finally:
        database.dispose()


def _look_up(session: Session, now: datetime) -> None:
    for site in session.exec(select(Site)).all():
        holidays_among(site, [now.date(), now.date() + timedelta(days=366)])
        manager_weeks.managed_weeks(session, site.id, now)
        for week_id in _rosters_near(session, site, now):
            manager_live.live_view(session, week_id, site.id).stored.picture.warm()


def _rosters_near(session: Session, site: Site, now: datetime) -> list[int]:
    """Published weeks that run, or ran or will run a week from now."""
    today = now.date()
    near = select(Week.id).where(
        Week.site_id == site.id,
        col(Week.state).in_([WeekState.PUBLISHED, WeekState.RUNNING]),
        col(Week.first_day).between(today - 2 * NEAR, today + NEAR),
    )
    return list(session.exec(near.order_by(col(Week.first_day).desc())))
