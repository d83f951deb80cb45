"""Rosters in and out: published versions, the roster in force, files from elsewhere, and publishing."""

from __future__ import annotations

import re

from sqlmodel import select

from app.errors import NotFoundError
from app.models import Role, RosterVersion, Scope, UserAccount, Week
from app.services import documents, manager_live, manager_rosters, publishing, roster_import
from app.services.lookup import of_site
from app.views.api.operation import MANAGER, Answer, Call, operation
from app.views.api.plans import DraftTold, draft_of, told_draft
from app.views.api.schema import Output, local
from app.views.api.weeks import show_week
from app.views.problems import FaultyRequestError, FileFault
from solver.faults import InputFault, UnusableInputError
from solver.problem import Problem
from solver.roster import Roster

MOST_FAULTS = 100
FILE_BYTES = 16 * 1024 * 1024
READERS = MANAGER | {Role.COUNCIL}
LABEL = re.compile(r" \([^)]*\)")
STEP = re.compile(r"[.\[]")


class VersionTold(Output):
    """A published version; it never changes."""

    id: int
    week: int
    number: int
    author: str
    published: str
    draft: int | None
    duties: int


class VersionsTold(Output):
    """The versions of a week, the one in force first."""

    versions: list[VersionTold]


@operation(
    "POST",
    "/drafts/<int:draft_id>/publish",
    Scope.ROSTERS,
    MANAGER,
    answer=VersionTold,
    status=201,
    needs_revision=True,
)
def publish_draft(call: Call, draft_id: int) -> Answer:
    """Make a draft the next version of its week; `If-Match` is the ETag of the week as it was seen."""
    draft = draft_of(call, draft_id)
    week = call.session.get_one(Week, draft.week_id)
    if call.revision is not None and call.revision != str(week.revision):
        call.require_revision(week.revision, show_week(call, week.id).content)
    version = publishing.publish(call.session, call.actor, call.now, week.id, draft.id, week.revision)
    return Answer(_told(call, version))


def _told(call: Call, version: RosterVersion) -> VersionTold:
    author = call.session.exec(select(UserAccount.display_name).where(UserAccount.id == version.author_id)).one()
    return VersionTold(
        id=version.id,
        week=version.week_id,
        number=version.number,
        author=author,
        published=local(version.published_at, call.zone),
        draft=version.draft_id,
        duties=version.duty_count,
    )


@operation("GET", "/weeks/<int:week_id>/versions", Scope.ROSTERS, READERS, answer=VersionsTold)
def list_versions(call: Call, week_id: int) -> Answer:
    """The published versions of a week, the one in force first."""
    week = of_site(call.session, Week, week_id, call.site_id)
    found = manager_rosters.versions_of(call.session, week.id)
    return Answer(VersionsTold(versions=[_told(call, version) for version in found]))


def _version(call: Call, version_id: int) -> RosterVersion:
    version = call.session.get(RosterVersion, version_id)
    if version is None:
        raise NotFoundError
    of_site(call.session, Week, version.week_id, call.site_id)
    return version


@operation("GET", "/versions/<int:version_id>", Scope.ROSTERS, READERS, answer=VersionTold)
def show_version(call: Call, version_id: int) -> Answer:
    """One published version."""
    return Answer(_told(call, _version(call, version_id)))


@operation("GET", "/versions/<int:version_id>/roster", Scope.ROSTERS, READERS, answer=Roster)
def show_version_roster(call: Call, version_id: int) -> Answer:
    """A version as a `roster/1` file."""
    return Answer(file=documents.load(call.session, _version(call, version_id).roster_document_id))


@operation("GET", "/versions/<int:version_id>/problem", Scope.ROSTERS, MANAGER, answer=Problem, sensitive=True)
def show_version_problem(call: Call, version_id: int) -> Answer:
    """What a version was planned from, as a `roster-problem/1` file."""
    return Answer(file=documents.load(call.session, _version(call, version_id).problem_document_id))


@operation("GET", "/weeks/<int:week_id>/roster", Scope.ROSTERS, READERS, answer=Roster)
def show_roster_in_force(call: Call, week_id: int) -> Answer:
    """The roster in force with all that happened since the publication, as a `roster/1` file."""
    return Answer(file=manager_live.counted_file(call.session, week_id, call.site_id))


@operation(
    "POST",
    "/weeks/<int:week_id>/rosters",
    Scope.ROSTERS,
    MANAGER,
    body=Roster,
    file=True,
    answer=DraftTold,
    status=201,
    most_bytes=FILE_BYTES,
)
def import_roster(call: Call, week_id: int) -> Answer:
    """Take a `roster/1` file over as a draft, judged by every rule; publish it like any other."""
    try:
        draft = roster_import.take_over(call.session, call.actor, call.now, week_id, call.raw)
    except UnusableInputError as error:
        raise FaultyRequestError([_fault(fault) for fault in error.faults[:MOST_FAULTS]]) from error
    return Answer(told_draft(call, draft))


def _fault(fault: InputFault) -> FileFault:
    """A place like ``duties[3] (a001).start`` as a JSON pointer; one in the text itself stays as it is."""
    if not fault.place or fault.place.startswith("line "):
        return FileFault(fault.place or "#", fault.code, fault.facts)
    steps = STEP.split(LABEL.sub("", fault.place).replace("]", ""))
    return FileFault("#/" + "/".join(steps), fault.code, fault.facts)
