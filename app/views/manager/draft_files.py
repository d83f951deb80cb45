"""Rosters to take away, as files and as tables: drafts and published versions alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from flask import Response, render_template, request

from app import permissions
from app.messages import formats
from app.models import Role
from app.services import manager_rosters
from app.services.manager_names import SiteNames, names_of
from app.services.manager_rosters import StoredRoster
from app.services.manager_slot_table import slot_rows
from app.services.roster_grid import Bar
from app.views.common import csv_response, language, my_site_id, reading, t
from app.views.manager.routes import blueprint

CSV_HEADS = ("agent", "name", "day", "start", "end", "place", "desk", "breaks", "queues", "work")


@blueprint.get("/weeks/drafts/<int:draft_id>/table")
@permissions.allow(Role.MANAGER)
def draft_table(draft_id: int) -> str:
    """The charts of a draft as a table, a day at a time."""
    stored, names = _draft(draft_id)
    return table_page(stored, names, "manager.draft_table", draft_id=draft_id)


@blueprint.get("/weeks/versions/<int:version_id>/table")
@permissions.allow(Role.MANAGER, Role.COUNCIL)
def version_table(version_id: int) -> str:
    """The charts of a version as a table, a day at a time."""
    stored, names = _version(version_id)
    return table_page(stored, names, "manager.version_table", version_id=version_id)


@blueprint.get("/weeks/drafts/<int:draft_id>.csv")
@permissions.allow(Role.MANAGER)
def draft_csv(draft_id: int) -> Response:
    """The duties of a draft for a spreadsheet."""
    return roster_csv(*_draft(draft_id))


@blueprint.get("/weeks/versions/<int:version_id>.csv")
@permissions.allow(Role.MANAGER)
def version_csv(version_id: int) -> Response:
    """The duties of a version for a spreadsheet."""
    return roster_csv(*_version(version_id))


@blueprint.get("/weeks/drafts/<int:draft_id>/roster.json")
@permissions.allow(Role.MANAGER)
def draft_roster(draft_id: int) -> Response:
    """A draft as a ``roster/1`` file."""
    stored, _names = _draft(draft_id)
    return roster_file(stored.picture.roster.as_json(), f"roster-{stored.week.first_day}-draft-{draft_id}")


@blueprint.get("/weeks/drafts/<int:draft_id>/problem.json")
@permissions.allow(Role.MANAGER)
def draft_problem(draft_id: int) -> Response:
    """What a draft was planned from, as a ``roster-problem/1`` file."""
    stored, _names = _draft(draft_id)
    return roster_file(stored.picture.problem.as_json(), f"problem-{stored.week.first_day}-draft-{draft_id}")


@blueprint.get("/weeks/versions/<int:version_id>/roster.json")
@permissions.allow(Role.MANAGER)
def version_roster(version_id: int) -> Response:
    """A version as a ``roster/1`` file."""
    stored, _names = _version(version_id)
    return roster_file(stored.picture.roster.as_json(), f"roster-{stored.week.first_day}-version-{version_id}")


def _draft(draft_id: int) -> tuple[StoredRoster, SiteNames]:
    with reading() as session:
        stored = manager_rosters.draft_of(session, draft_id, my_site_id())
        return stored, names_of(session, stored.week.site_id)


def _version(version_id: int) -> tuple[StoredRoster, SiteNames]:
    with reading() as session:
        stored = manager_rosters.version_of(session, version_id, my_site_id())
        return stored, names_of(session, stored.week.site_id)


def table_page(stored: StoredRoster, names: SiteNames, endpoint: str, **ids: int) -> str:
    """The charts of a roster as a table, of the day that the address asks for."""
    timeline = stored.picture.problem.timeline
    asked = request.args.get("day", "0")
    day_index = int(asked) if asked.isdecimal() and int(asked) < timeline.days else 0
    return render_template(
        "manager/slot_table.html",
        stored=stored,
        names=names,
        timeline=timeline,
        day_index=day_index,
        rows=slot_rows(stored.picture, day_index),
        endpoint=endpoint,
        ids=ids,
    )


def roster_file(content: object, name: str) -> Response:
    """A file of one of the two formats to save."""
    response = Response(json.dumps(content, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


def roster_csv(stored: StoredRoster, names: SiteNames) -> Response:
    """The duties of a roster for a spreadsheet."""
    written = io.StringIO()
    table = csv.writer(written, delimiter=";" if language() == "de" else ",", lineterminator="\r\n")
    table.writerow([t(f"manager_draft.csv.{head}") for head in CSV_HEADS])
    table.writerows(_csv_rows(stored, names))
    return csv_response(written.getvalue(), f"roster-{stored.week.first_day}")


def _csv_rows(stored: StoredRoster, names: SiteNames) -> Iterator[list[str]]:
    for row in stored.picture.rows:
        for bar in row.bars:
            yield [_safe(cell) for cell in _csv_row(stored, names, bar)]


def _csv_row(stored: StoredRoster, names: SiteNames, bar: Bar) -> list[str]:
    timeline = stored.picture.problem.timeline

    def clock(minute: int) -> str:
        return formats.clock_minutes(timeline.clock_of(minute))

    return [
        bar.agent,
        names.agent(bar.agent).name,
        timeline.day(bar.day_index).isoformat(),
        clock(bar.start_minute),
        clock(bar.end_minute),
        t(f"common.place.{bar.place}"),
        bar.desk or "",
        " ".join(f"{clock(start)}-{clock(end)}" for start, end in bar.breaks),
        " ".join(f"{work.queue} {clock(work.start_minute)}-{clock(work.end_minute)}" for work in bar.serves),
        formats.fixed_number(bar.work_minutes / 60, language(), 2),
    ]


def _safe(cell: str) -> str:
    """A spreadsheet takes these first characters for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell
