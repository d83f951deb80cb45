"""The web application: people, weeks, bookings and pages."""

from __future__ import annotations

import pkgutil
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

MAX_REQUEST_BYTES = 16 * 1024 * 1024
SESSION_DAYS = 14


def create_app(settings: Settings | None = None) -> Flask:
    """Wire an application together.

    Raises SettingError for an unusable environment, UndeclaredViewError for a view without a permission.
    """
    # The command line imports this package for every command, so Flask waits until a server is wanted.
    from flask import Flask  # noqa: PLC0415

    from app import config, permissions  # noqa: PLC0415
    from app.db import Database  # noqa: PLC0415
    from app.views import access, failures, headers, templating  # noqa: PLC0415

    settings = settings or config.from_environment()
    app = Flask(__name__, template_folder=str(config.PROJECT_ROOT / "templates"))
    _configure(app, settings)
    app.extensions["abstand_settings"] = settings
    app.extensions["abstand_database"] = Database(settings.database_url)
    app.url_map.converters["int"] = access.RowIdConverter
    access.init(app)
    templating.init(app)
    failures.init(app)
    app.after_request(headers.secure)
    _register_views(app)
    permissions.require_declarations(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from flask_wtf import CSRFProtect  # noqa: PLC0415
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415

    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        SESSION_COOKIE_NAME="abstand",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=SESSION_DAYS),
        WTF_CSRF_TIME_LIMIT=None,
    )
    CSRFProtect(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _register_views(app: Flask) -> None:
    """Every module of ``app.views`` that has a ``blueprint``."""
    from app import views  # noqa: PLC0415

    modules = [import_module(f"app.views.{module.name}") for module in pkgutil.iter_modules(views.__path__)]
    # Several modules may add pages to one blueprint, so all are imported before the first is registered.
    blueprints = {blueprint.name: blueprint for module in modules if (blueprint := getattr(module, "blueprint", None))}
    for blueprint in blueprints.values():
        app.register_blueprint(blueprint)
