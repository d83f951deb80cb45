"""Signing in and out, the own account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import RefusedError
from app.models import Language, Site, UserAccount
from app.services import accounts, passwords, throttling
from app.services.audit import Actor, record
from app.views.access import signed_in as signed_in_as
from app.views.common import (
    actor,
    browser_language,
    go,
    language,
    me,
    now,
    reading,
    safe_next,
    say,
    settings,
    signed_in,
    t,
    transaction,
)

blueprint = Blueprint("auth", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@permissions.allow_everybody
def sign_in() -> AnyResponse | tuple[str, int] | str:
    """The log-in form and what it sends."""
    if request.method == "GET":
        return go("common.home") if signed_in() else _sign_in_page()
    login_name = accounts.tidy_login_name(request.form.get("login_name", ""))
    try:
        with transaction() as opened:
            throttling.begin_attempt(opened, login_name, request.remote_addr or "", now())
    except RefusedError as refused:
        return _sign_in_page(t(refused.key, **refused.facts), login_name), refused.status
    account = _account_with_password(login_name, request.form.get("password", ""))
    if account is None:
        return _sign_in_page(t("auth.wrong"), login_name), 422
    _begin_session(account)
    return redirect(safe_next(request.form.get("next")), 303)


def _sign_in_page(fault: str = "", login_name: str = "") -> str:
    back = request.values.get("next", "")
    return render_template("auth/sign_in.html", fault=fault, login_name=login_name, back=back)


def _account_with_password(login_name: str, password: str) -> UserAccount | None:
    """The hash is compared outside every transaction: it takes a fifth of a second on purpose."""
    with reading() as opened:
        account = accounts.by_login_name(opened, login_name)
    password_hash = account.password_hash if account else None
    fits = passwords.matches(password_hash, password[: passwords.MAX_LENGTH], cheap=settings().cheap_passwords)
    return account if fits else None


def _begin_session(account: UserAccount) -> None:
    with transaction() as opened:
        throttling.forgive(opened, account.login_name)
        accounts.settle_language(opened, account.id, chosen=_chosen_language(), met_with=_met_language())
        who = Actor(account.id, account.role, account.site_id)
        record(opened, who, now(), "user.signed_in", "user_account", account.id)
        site = opened.get(Site, account.site_id) if account.site_id is not None else None
    session.clear()
    # Agents open it on their own phones several times a day: the log-in outlives the browser's window.
    session.permanent = True
    login_user(signed_in_as(account, site))


def _chosen_language() -> Language | None:
    """What was chosen on the page for signing in, not what the person before left behind."""
    return Language(language()) if session.get("language_chosen") else None


def _met_language() -> Language | None:
    """The language the page for signing in was shown in, unless only for want of a better one."""
    return Language(language()) if "language" in session or browser_language() else None


@blueprint.post("/sign-out")
@permissions.allow_signed_in
def sign_out() -> AnyResponse:
    """End this session."""
    chosen = me().language.value
    logout_user()
    session.clear()
    session["language"] = chosen
    say("auth.signed_out")
    return go("auth.sign_in")


@blueprint.get("/account")
@permissions.allow_signed_in
def account() -> str:
    """The own account."""
    return render_template("auth/account.html", person=me(), fault="", min_length=passwords.MIN_LENGTH)


@blueprint.post("/account/password")
@permissions.allow_signed_in
def change_password() -> AnyResponse | tuple[str, int]:
    """Replace the own password; this session goes on, others end."""
    try:
        _require_change()
    except RefusedError as refused:
        fault = t(refused.key, **refused.facts)
        page = render_template("auth/account.html", person=me(), fault=fault, min_length=passwords.MIN_LENGTH)
        return page, refused.status
    password_hash = passwords.hashed(request.form["new"], cheap=settings().cheap_passwords)
    with transaction() as opened:
        changed = accounts.get(opened, me().id)
        accounts.set_password(opened, actor(), now(), changed, password_hash)
        site = opened.get(Site, changed.site_id) if changed.site_id is not None else None
    login_user(signed_in_as(changed, site))
    say("auth.password.changed")
    return go("auth.account")


def _require_change() -> None:
    current, new, again = (request.form.get(field, "") for field in ("current", "new", "again"))
    accounts.require_good_password(new)
    if new != again:
        raise RefusedError("auth.password.differs", 422)
    if new == current:
        raise RefusedError("auth.password.same", 422)
    with reading() as opened:
        password_hash = accounts.get(opened, me().id).password_hash
    if not passwords.matches(password_hash, current[: passwords.MAX_LENGTH], cheap=settings().cheap_passwords):
        raise RefusedError("auth.password.wrong", 422)
