"""``abstand create-site``: a site from a problem file, shown before it is made, all or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.commands import add_language, language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Database
    from app.services.site_accounts import LogIn, OpenedLogIn
    from app.services.site_creation import SiteTerms
    from solver.problem import Problem

MADE, NOT_CONFIRMED, UNUSABLE = 0, 1, 2


def register(subparsers: Any) -> None:
    """Add the command to an argparse parser's subcommands."""
    parser = subparsers.add_parser(
        "create-site",
        help="make a site from a problem file",
        description="Reads a problem file (roster-problem/1), shows what was understood, and after a confirmation "
        "makes the site with its rules, rooms, queues and people and its first accounts: all of it or nothing. "
        "Demand and anybody's duties are left out.",
        epilog="Exit codes: 0 made (or shown, with --dry-run), 1 not confirmed, 2 unusable input.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="problem file, .json or .json.gz")
    parser.add_argument("--land", metavar="NW", help="German Land whose public holidays count")
    parser.add_argument("--manager", metavar="LOGIN", help="log-in name of the site manager, default KEY-manager")
    parser.add_argument(
        "--administrator", metavar="LOGIN", help="log-in name of an administrator, default: only where none exists yet"
    )
    parser.add_argument(
        "--agents-accounts", type=Path, metavar="CSV", help="an account for every agent too, passwords into a new file"
    )
    parser.add_argument("--yes", action="store_true", help="make it without being asked")
    parser.add_argument("--dry-run", action="store_true", help="only show what was understood")
    add_language(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show and make; 0, 1 where it was not confirmed, 2 where it cannot be made."""
    from app import config, migrating  # noqa: PLC0415  # help texts need no database
    from app.commands.speaking import complain  # noqa: PLC0415
    from app.db import Database  # noqa: PLC0415
    from app.errors import RefusedError  # noqa: PLC0415
    from app.services.site_file import SiteFileError  # noqa: PLC0415

    database = Database(config.from_environment().database_url)
    try:
        if not migrating.is_current(database):
            complain(arguments, "command.not_migrated")
            return UNUSABLE
        return _run(arguments, database)
    except SiteFileError as error:
        for fault in error.faults:
            complain(arguments, f"create_site.fault.{fault.code}", place=fault.place, **fault.facts)
        return UNUSABLE
    except RefusedError as refusal:
        complain(arguments, refusal.key, **refusal.facts)
        return UNUSABLE
    finally:
        database.dispose()


def _run(arguments: argparse.Namespace, database: Database) -> int:
    from app.commands.create_site_preview import show  # noqa: PLC0415  # as above
    from app.commands.speaking import agrees, complain, say  # noqa: PLC0415

    problem = _usable_problem(arguments)
    terms = _terms(arguments)
    log_ins = _log_ins(arguments, database, problem)
    show(arguments, problem, terms, log_ins)
    if arguments.dry_run:
        say(arguments, "create_site.dry")
        return MADE
    if not arguments.yes and not agrees(arguments, "create_site.ask"):
        complain(arguments, "create_site.not_confirmed")
        return NOT_CONFIRMED
    _make(arguments, database, problem, terms, log_ins)
    return MADE


def _usable_problem(arguments: argparse.Namespace) -> Problem:
    """Raises UnusableInputError or SiteFileError with every fault."""
    from app.services.site_file import SiteFileError, site_file_faults  # noqa: PLC0415  # as above
    from solver.reading import read_problem  # noqa: PLC0415

    problem = read_problem(arguments.file)
    faults = site_file_faults(problem)
    if faults:
        raise SiteFileError(faults)
    return problem


def _terms(arguments: argparse.Namespace) -> SiteTerms:
    from app.errors import RefusedError  # noqa: PLC0415  # as above
    from app.messages import text  # noqa: PLC0415
    from app.services.site_creation import SiteTerms  # noqa: PLC0415
    from app.services.site_file import LAENDER  # noqa: PLC0415
    from solver.faults import printable  # noqa: PLC0415

    land = None if arguments.land is None else arguments.land.upper()
    if land is not None and land not in LAENDER:
        raise RefusedError("create_site.no_land", 422, land=arguments.land, known=", ".join(sorted(LAENDER)))
    policy_name = text("create_site.policy", language_of(arguments))
    return SiteTerms(land=land, policy_name=policy_name, source=printable(arguments.file.name))


def _log_ins(arguments: argparse.Namespace, database: Database, problem: Problem) -> list[LogIn]:
    from app.errors import RefusedError  # noqa: PLC0415  # as above
    from app.services.site_accounts import planned_log_ins  # noqa: PLC0415
    from app.services.site_creation import require_new  # noqa: PLC0415

    path = arguments.agents_accounts
    if path is not None and (path.exists() or path.is_symlink()):
        raise RefusedError("create_site.file_exists", 422, file=str(path))
    with database.reading() as session:
        require_new(session, problem.site.id)
        return planned_log_ins(
            session,
            problem,
            manager=arguments.manager,
            administrator=arguments.administrator,
            with_agents=path is not None,
        )


def _make(
    arguments: argparse.Namespace, database: Database, problem: Problem, terms: SiteTerms, log_ins: Sequence[LogIn]
) -> None:
    from rich.console import Console  # noqa: PLC0415  # as above

    from app import clock  # noqa: PLC0415
    from app.commands.password_file import password_file  # noqa: PLC0415
    from app.models import Language  # noqa: PLC0415
    from app.services.audit import Actor  # noqa: PLC0415
    from app.services.site_accounts import create_accounts, opened  # noqa: PLC0415
    from app.services.site_creation import create_site  # noqa: PLC0415

    actor, now = Actor(user_id=None), clock.now()
    with Console(stderr=True).status(""):
        accounts = opened(log_ins)
        # The file is there before the database knows the passwords, and goes again where it does not get to know them.
        with password_file(arguments.agents_accounts, accounts), database.transaction() as session:
            site = create_site(session, actor, now, problem, terms)
            create_accounts(session, actor, now, site, accounts, Language(language_of(arguments)))
    _tell(arguments, problem, accounts)


def _tell(arguments: argparse.Namespace, problem: Problem, accounts: Sequence[OpenedLogIn]) -> None:
    from app.commands.speaking import say  # noqa: PLC0415  # as above

    say(arguments, "create_site.done", site=problem.site.id)
    for account in accounts:
        if account.log_in.agent_key is None:
            key = f"role.{account.log_in.role.value}"
            _tell_password(arguments, key, account)
    say(arguments, "create_site.passwords")
    if arguments.agents_accounts is not None:
        say(arguments, "create_site.agents_file", file=str(arguments.agents_accounts), count=len(problem.agents))
    if problem.queues:
        say(arguments, "create_site.next", site=problem.site.id, queue=problem.queues[0].id)


def _tell_password(arguments: argparse.Namespace, role_key: str, account: OpenedLogIn) -> None:
    from app.commands.speaking import say  # noqa: PLC0415  # as above
    from app.messages import text  # noqa: PLC0415

    role = text(role_key, language_of(arguments))
    say(arguments, "create_site.password", role=role, login_name=account.log_in.login_name, password=account.password)
