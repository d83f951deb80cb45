"""New versions besides planned ones: cut from the roster in force, or taken over from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role, Week
from app.services import manager_live, publishing, roster_cut, roster_import
from app.services.lookup import of_site
from app.services.manager_difference import difference_of
from app.services.manager_names import names_of
from app.services.manager_rosters import version_of
from app.services.publishing import BreaksRulesError
from app.services.roster_import import ImportBreaksRulesError
from app.views.common import actor, go, is_fragment, language, my_site_id, now, reading, say, t, transaction
from app.views.manager.finding_texts import finding_texts
from app.views.manager.routes import blueprint
from solver.faults import UnusableInputError
from solver.sentences import fault_sentence

MOST_FILE_BYTES = 12 * 1024 * 1024
MOST_FAULTS = 50


@dataclass(frozen=True)
class CutCheck:
    """What the rules say to a version cut now, as sentences; ``fault`` where it cannot be judged."""

    added: Sequence[str]
    known: Sequence[str]
    fault: str = ""


@blueprint.get("/weeks/<int:week_id>/roster/version")
@permissions.allow(Role.MANAGER)
def confirm_cut(week_id: int) -> str:
    """What a version cut from the roster in force would hold, before it is cut."""
    return _cut_page(week_id)


def _cut_page(week_id: int, fault: str = "", check: CutCheck | None = None) -> str:
    with reading() as session:
        live = manager_live.live_view(session, week_id, my_site_id())
        before = version_of(session, live.version.id, my_site_id())
        names = names_of(session, my_site_id())
    difference = difference_of(before.picture.rows, live.stored.picture.rows)
    return render_template(
        "manager/cut.html",
        live=live,
        week=live.stored.week,
        difference=difference,
        timeline=live.stored.picture.problem.timeline,
        names=names,
        fault=fault,
        check=check,
        possible=live.revision is not None and bool(difference.changes),
    )


@blueprint.get("/weeks/<int:week_id>/roster/version/check")
@permissions.allow(Role.MANAGER)
def check_cut(week_id: int) -> str:
    """Every rule on the roster in force; it takes longer than a page may, so it follows the page."""
    check = _checked(week_id)
    return render_template("manager/cut_check.html", check=check) if is_fragment() else _cut_page(week_id, "", check)


def _checked(week_id: int) -> CutCheck:
    with reading() as session:
        live = manager_live.live_view(session, week_id, my_site_id())
        names = names_of(session, my_site_id())
        try:
            found = roster_cut.of_live(session, live.stored.week)
        except NotFoundError:
            raise
        except RefusedError as refused:
            return CutCheck((), (), t(refused.key, **refused.facts))
    timeline = found.problem.timeline
    return CutCheck(finding_texts(found.added, timeline, names), finding_texts(found.known, timeline, names))


@blueprint.post("/weeks/<int:week_id>/roster/version")
@permissions.allow(Role.MANAGER)
def cut_version(week_id: int) -> AnyResponse | tuple[str, int]:
    """Make the roster in force the next version."""
    typed = request.form.get("revision", "")
    revision = int(typed) if typed.isdecimal() and len(typed) < 10 else -1
    try:
        with transaction() as session:
            version = publishing.cut(session, actor(), now(), week_id, revision)
    except NotFoundError:
        raise
    except RefusedError as refused:
        if isinstance(refused, BreaksRulesError):
            return _cut_page(week_id, t("manager_version.breaks"), _checked(week_id)), refused.status
        return _cut_page(week_id, t(refused.key, **refused.facts)), refused.status
    say("manager_version.cut", number=version.number)
    return go("manager.version", version_id=version.id)


@blueprint.get("/weeks/<int:week_id>/import")
@permissions.allow(Role.MANAGER)
def import_roster(week_id: int) -> str:
    """Where a roster file is chosen."""
    return _import_page(week_id)


def _import_page(week_id: int, fault: str = "", sentences: Sequence[str] = (), count: int = 0) -> str:
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
    return render_template(
        "manager/import_roster.html", week=week, fault=fault, sentences=sentences, hidden=count - len(sentences)
    )


@blueprint.post("/weeks/<int:week_id>/import")
@permissions.allow(Role.MANAGER)
def take_roster(week_id: int) -> AnyResponse | tuple[str, int]:
    """Read and judge a file; what is without fault is shown before it is published, anything else changes nothing."""
    sent = request.files.get("file")
    content = sent.read(MOST_FILE_BYTES + 1) if sent else b""
    if not content or len(content) > MOST_FILE_BYTES:
        return _import_page(week_id, t("manager_import.no_file" if not content else "error.413.what")), 422
    try:
        with transaction() as session:
            draft = roster_import.take_over(session, actor(), now(), week_id, content)
    except UnusableInputError as error:
        said = [fault_sentence(fault, language()) for fault in error.faults[:MOST_FAULTS]]
        return _import_page(week_id, t("manager_import.faults", count=len(error.faults)), said, len(error.faults)), 422
    except NotFoundError:
        raise
    except ImportBreaksRulesError as refused:
        return _rules_page(week_id, refused), 422
    except RefusedError as refused:
        return _import_page(week_id, t(refused.key, **refused.facts)), refused.status
    say("manager_import.taken")
    return go("manager.confirm_publish", draft_id=draft.id)


def _rules_page(week_id: int, refused: ImportBreaksRulesError) -> str:
    with reading() as session:
        names = names_of(session, my_site_id())
    said = finding_texts(refused.findings, refused.timeline, names)
    count = len(refused.findings)
    return _import_page(week_id, t("manager_import.findings", count=count), said, max(count, len(said)))
