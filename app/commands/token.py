"""``abstand token``: make, list and revoke tokens for the JSON API."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from solver.commands import add_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.models import ApiToken, Role, Scope, UserAccount

DONE, UNUSABLE = 0, 2
DEFAULT_DAYS = 90
EVERY_SCOPE = "all"


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "token",
        help="make, list and revoke tokens for the JSON API",
        description="A token lets a program use /api/v1 in the name of a person, within scopes and for some time.",
        epilog="Exit codes: 0 done, 2 unusable input.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _register_create(actions)
    listing = actions.add_parser("list", help="tokens of a person", description="One line for each, the newest first.")
    listing.add_argument("user", metavar="USER", help="name of the account")
    revoking = actions.add_parser("revoke", help="end a token", description="It is refused from then on.")
    revoking.add_argument("number", type=int, metavar="NUMBER", help="as `abstand token list` shows it")
    for action in (listing, revoking):
        add_language(action)
    parser.set_defaults(run=run)


def _register_create(actions: Any) -> None:
    parser = actions.add_parser(
        "create",
        help="a new token",
        description="Prints the token, and nothing else, on standard output. It is shown this once.",
    )
    parser.add_argument("user", metavar="USER", help="name of the account that the token speaks for")
    parser.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help="what it may be used for; repeat, or `all`"
    )
    parser.add_argument("--days", type=int, default=DEFAULT_DAYS, metavar="N", help="how long it holds; default: 90")
    parser.add_argument("--name", default="", metavar="TEXT", help="to know it again in the list")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; 0, or 2 for an unknown person, scope or token."""
    from app import config  # noqa: PLC0415  # help texts need no database
    from app.db import Database  # noqa: PLC0415

    actions = {"create": _create, "list": _list, "revoke": _revoke}
    database = Database(config.from_environment().database_url)
    try:
        return actions[arguments.action](arguments, database)
    finally:
        database.dispose()


def _create(arguments: argparse.Namespace, database: Any) -> int:
    import sys  # noqa: PLC0415  # as above

    from app import clock  # noqa: PLC0415
    from app.commands.speaking import complain  # noqa: PLC0415
    from app.services import api_tokens  # noqa: PLC0415
    from app.services.audit import Actor  # noqa: PLC0415

    with database.transaction() as session:
        account = _account(arguments, session)
        scopes = None if account is None else _scopes(arguments, account.role)
        if account is None or scopes is None:
            return UNUSABLE
        actor, now = Actor(user_id=None), clock.now()
        token, secret = api_tokens.create(
            session, actor, now, account, scopes, days=arguments.days, name=arguments.name
        )
        facts = _facts(token)
    sys.stdout.write(secret + "\n")
    # Not with the token, so that a script may take standard output as it is.
    complain(arguments, "api_token.created", user=account.login_name, **facts)
    return DONE


def _account(arguments: argparse.Namespace, session: Any) -> UserAccount | None:
    from app.commands.speaking import complain  # noqa: PLC0415  # as above
    from app.services.accounts import by_login_name  # noqa: PLC0415

    account = by_login_name(session, arguments.user)
    if account is None:
        complain(arguments, "api_token.no_user", user=arguments.user)
    return account


def _scopes(arguments: argparse.Namespace, role: Role) -> Sequence[Scope] | None:
    """The scopes asked for; None after saying which one is none."""
    from app.commands.speaking import complain  # noqa: PLC0415  # as above
    from app.models import Scope  # noqa: PLC0415
    from app.services.api_tokens import scopes_for  # noqa: PLC0415

    asked = [word for option in arguments.scope for word in option.replace(",", " ").split()]
    if EVERY_SCOPE in asked:
        return scopes_for(role)
    unknown = next((word for word in asked if word not in set(Scope)), None)
    if unknown is not None:
        complain(arguments, "api_token.unknown_scope", scope=unknown, known=", ".join(scopes_for(role)) or "–")
        return None
    return [Scope(word) for word in asked]


def _list(arguments: argparse.Namespace, database: Any) -> int:
    from app import clock  # noqa: PLC0415  # as above
    from app.commands.speaking import say  # noqa: PLC0415
    from app.messages import text  # noqa: PLC0415
    from app.services.api_tokens import tokens_of  # noqa: PLC0415
    from solver.commands import language_of  # noqa: PLC0415

    with database.reading() as session:
        account = _account(arguments, session)
        if account is None:
            return UNUSABLE
        tokens = tokens_of(session, account.id)
    if not tokens:
        say(arguments, "api_token.none", user=account.login_name)
    language = language_of(arguments)
    for token in tokens:
        used = text("api_token.never", language) if token.last_used_at is None else _moment(token.last_used_at)
        state = text(f"api_token.state.{_state(token, clock.now())}", language)
        say(arguments, "api_token.line", state=state, used=used, name=token.name, **_facts(token))
    return DONE


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at <= now else "valid"


def _facts(token: ApiToken) -> dict[str, str]:
    return {"number": str(token.id), "until": _moment(token.expires_at), "scopes": ", ".join(token.scopes)}


def _moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _revoke(arguments: argparse.Namespace, database: Any) -> int:
    from app import clock  # noqa: PLC0415  # as above
    from app.commands.speaking import complain, say  # noqa: PLC0415
    from app.errors import NotFoundError  # noqa: PLC0415
    from app.services import api_tokens  # noqa: PLC0415
    from app.services.audit import Actor  # noqa: PLC0415

    number = str(arguments.number)
    try:
        with database.transaction() as session:
            api_tokens.revoke(session, Actor(user_id=None), clock.now(), min(arguments.number, 2**31 - 1))
    except NotFoundError:
        complain(arguments, "api_token.no_token", number=number)
        return UNUSABLE
    say(arguments, "api_token.revoked", number=number)
    return DONE
