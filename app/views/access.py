"""Signing in by session, and the permission of every request."""

from __future__ import annotations

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.models import Site, UserAccount
from app.views.common import DEFAULT_ZONE, MAX_ID, SignedIn, database, is_fragment, me, say

WITH_TEMPORARY_PASSWORD = {"auth.account", "auth.change_password", "auth.sign_out", "common.set_language", "static"}


class RowIdConverter(IntegerConverter):
    """Numbers in addresses are ids: one that no row can have is not found."""

    def __init__(self, url_map: Map, fixed_digits: int = 0, min: int | None = 0, max: int | None = MAX_ID) -> None:  # noqa: A002
        super().__init__(url_map, fixed_digits, min, max)


def init(app: Flask) -> None:
    """Attach the log-in and the check of permissions to an application."""
    login_manager = LoginManager(app)
    login_manager.session_protection = None
    login_manager.user_loader(signed_in_of)
    login_manager.unauthorized_handler(_to_sign_in)
    app.before_request(_require_permission)


def signed_in_of(cookie_id: str) -> SignedIn | None:
    """The person of a session cookie; None where the account is closed or the session ended."""
    user_id, _, epoch = cookie_id.partition(":")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    with database().reading() as session:
        account = session.get(UserAccount, int(user_id))
        if account is None or not account.active or account.session_epoch != int(epoch):
            return None
        site = session.get(Site, account.site_id) if account.site_id is not None else None
        return signed_in(account, site)


def signed_in(account: UserAccount, site: Site | None) -> SignedIn:
    """The person of an account."""
    return SignedIn(
        id=account.id,
        login_name=account.login_name,
        display_name=account.display_name,
        role=account.role,
        site_id=account.site_id,
        site_name=site.name if site else None,
        time_zone=site.time_zone if site else DEFAULT_ZONE,
        agent_id=account.agent_id,
        language=account.language,
        must_change_password=account.must_change_password,
        session_epoch=account.session_epoch,
    )


def _require_permission() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    allowed = permissions.allowed_roles(current_app, request.endpoint)
    if None in allowed:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if me().role not in allowed:
        abort(403)
    if me().must_change_password and request.endpoint not in WITH_TEMPORARY_PASSWORD:
        return redirect(url_for("auth.account"), 303)
    return None


def _to_sign_in() -> AnyResponse:
    """To the log-in and back again; a form that was sent cannot be sent again by a link."""
    back = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    address = url_for("auth.sign_in", next=back)
    if is_fragment():
        return AnyResponse(status=401, headers={"HX-Redirect": url_for("auth.sign_in")})
    if back is not None:
        say("auth.sign_in_first", "look")
    return redirect(address, 303)
