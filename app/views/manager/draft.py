"""The draft of a week, and a published version, in three bands on one time axis."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from sqlmodel import Session

from app import permissions
from app.models import Role
from app.services import manager_rosters
from app.services.coverage import Gap
from app.services.manager_difference import RosterDifference, difference_of
from app.services.manager_names import SiteNames, names_of
from app.services.manager_rosters import StoredRoster
from app.services.roster_grid import GridFilter, filtered
from app.views.common import my_site_id, reading
from app.views.manager.bands import Bands, bands_of
from app.views.manager.routes import blueprint


@dataclass(frozen=True)
class RosterPage:
    """What the page of a draft or a version shows.

    :param difference: to the version in force before, None where there was none
    :param changed: keys of agents whose duties changed since the reader looked
    """

    stored: StoredRoster
    names: SiteNames
    wanted: GridFilter
    bands: Bands
    gaps: list[Gap]
    gap: Gap | None
    difference: RosterDifference | None
    changed: frozenset[str] = frozenset()


@blueprint.get("/weeks/drafts/<int:draft_id>")
@permissions.allow(Role.MANAGER)
def draft(draft_id: int) -> str:
    """A draft that nobody but managers and the works council sees."""
    with reading() as session:
        stored = manager_rosters.draft_of(session, draft_id, my_site_id())
        in_force = manager_rosters.last_version_of(session, stored.week.id)
        newest = manager_rosters.last_draft_of(session, stored.week.id)
        before = manager_rosters.version_of(session, in_force.id, my_site_id()) if in_force else None
        page = page_of(session, stored, before)
    outdated = newest is not None and newest.id != draft_id
    return render_template("manager/draft.html", page=page, outdated=outdated, newest=newest, in_force=in_force)


@blueprint.get("/weeks/versions/<int:version_id>")
@permissions.allow(Role.MANAGER, Role.COUNCIL)
def version(version_id: int) -> str:
    """A published version, which never changes."""
    with reading() as session:
        stored = manager_rosters.version_of(session, version_id, my_site_id())
        versions = manager_rosters.versions_of(session, stored.week.id)
        page = page_of(session, stored, None)
    return render_template("manager/version.html", page=page, versions=versions)


def page_of(session: Session, stored: StoredRoster, before: StoredRoster | None) -> RosterPage:
    """The bands of a roster as the address filters them; ``before`` is what it is compared with."""
    names = names_of(session, stored.week.site_id)
    picture = stored.picture
    wanted = grid_filter(picture.problem.horizon.days)
    rows = filtered(picture.rows, wanted, {key: agent.name for key, agent in names.agents.items()})
    gap = _chosen_gap(picture.gaps)
    return RosterPage(
        stored=stored,
        names=names,
        wanted=wanted,
        bands=bands_of(picture, rows, names, wanted.day_index, gap),
        gaps=picture.gaps,
        gap=gap,
        difference=difference_of(before.picture.rows, picture.rows) if before else None,
    )


def grid_filter(days: int) -> GridFilter:
    """What the address asks for; a day that the week does not have asks for nothing."""
    day = request.args.get("day", "")
    return GridFilter(
        search=request.args.get("search", "")[:80],
        queue=request.args.get("queue", ""),
        place=request.args.get("place", ""),
        day_index=int(day) if day.isdecimal() and int(day) < days else None,
    )


def _chosen_gap(gaps: list[Gap]) -> Gap | None:
    """The gap named like ``mobile~540``: its queue and its first minute."""
    queue, _, minute = request.args.get("gap", "").rpartition("~")
    return next((gap for gap in gaps if gap.queue == queue and str(gap.start_minute) == minute), None)
