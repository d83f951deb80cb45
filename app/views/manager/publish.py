"""Publishing a draft after saying what that will do; the versions of a week and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app import permissions
from app.errors import NotFoundError, RefusedError
from app.models import Role, Week
from app.services import manager_rosters, publishing
from app.services.lookup import of_site
from app.services.manager_difference import difference_of
from app.services.manager_names import SiteNames, names_of
from app.services.manager_publishing import publish_preview
from app.services.publishing import AlreadyPublishedError, BreaksRulesError, DraftOutdatedError
from app.views.common import actor, go, language, my_site_id, now, reading, say, t, transaction
from app.views.manager.routes import blueprint
from solver.sentences import Language, sentence

FINAL_REFUSALS = (AlreadyPublishedError, BreaksRulesError, DraftOutdatedError)
MOST_FINDINGS = 20


@blueprint.get("/weeks/drafts/<int:draft_id>/publish")
@permissions.allow(Role.MANAGER)
def confirm_publish(draft_id: int) -> str:
    """What publishing will do, before it is done."""
    return _confirmation(draft_id)


@blueprint.post("/weeks/drafts/<int:draft_id>/publish")
@permissions.allow(Role.MANAGER)
def publish(draft_id: int) -> AnyResponse | tuple[str, int]:
    """Make the draft the next version."""
    try:
        with transaction() as session:
            week_id = manager_rosters.draft_of(session, draft_id, my_site_id()).week.id
            version = publishing.publish(session, actor(), now(), week_id, draft_id, _seen_revision())
    except NotFoundError:
        raise
    except RefusedError as refused:
        return _confirmation(draft_id, refused), refused.status
    say("manager_publish.done", number=version.number)
    return go("manager.version", version_id=version.id)


def _seen_revision() -> int:
    typed = request.form.get("revision", "")
    if not typed.isdecimal() or len(typed) > 9:
        raise RefusedError("common.changed_meanwhile")
    return int(typed)


def _confirmation(draft_id: int, refused: RefusedError | None = None) -> str:
    with reading() as session:
        preview = publish_preview(session, draft_id, my_site_id())
        names = names_of(session, my_site_id())
    return render_template(
        "manager/publish.html",
        preview=preview,
        names=names,
        fault=t(refused.key, **refused.facts) if refused else "",
        sentences=_finding_sentences(refused, preview.draft, names),
        possible=not isinstance(refused, FINAL_REFUSALS),
    )


def _finding_sentences(
    refused: RefusedError | None, stored: manager_rosters.StoredRoster, names: SiteNames
) -> list[str]:
    if not isinstance(refused, BreaksRulesError):
        return []
    timeline = stored.picture.problem.timeline
    called: Mapping[str, str] = {
        **names.rooms,
        **{key: queue.name for key, queue in names.queues.items()},
        **{key: agent.name for key, agent in names.agents.items()},
    }
    spoken: Language = "de" if language() == "de" else "en"
    return [sentence(finding, timeline, spoken, called) for finding in refused.findings[:MOST_FINDINGS]]


@blueprint.get("/weeks/<int:week_id>/versions")
@permissions.allow(Role.MANAGER)
def versions(week_id: int) -> str:
    """All versions of a week, the one in force first."""
    with reading() as session:
        week = of_site(session, Week, week_id, my_site_id())
        found = manager_rosters.versions_of(session, week_id)
        stored = [manager_rosters.version_of(session, version.id, my_site_id()) for version in found]
    return render_template("manager/versions.html", week=week, versions=stored)


@blueprint.get("/weeks/versions/<int:version_id>/difference")
@permissions.allow(Role.MANAGER, Role.COUNCIL)
def difference(version_id: int) -> str:
    """What a version changed against the one before it."""
    with reading() as session:
        stored = manager_rosters.version_of(session, version_id, my_site_id())
        older = [
            version
            for version in manager_rosters.versions_of(session, stored.week.id)
            if stored.version is not None and version.number < stored.version.number
        ]
        before = manager_rosters.version_of(session, older[0].id, my_site_id()) if older else None
        names = names_of(session, my_site_id())
    changed = difference_of(before.picture.rows if before else (), stored.picture.rows)
    return render_template("manager/difference.html", stored=stored, before=before, difference=changed, names=names)
