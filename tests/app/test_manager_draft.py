"""The pages of drafts and versions, and the files they give away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Draft, RosterVersion, Week
from app.services import documents
from app.views.manager.draft_files import _safe
from solver.reading import parse_problem, parse_roster
from tests.app import build
from tests.app.filled_site import FilledSite, fill, publish

AGENTS = 40


@pytest.fixture
def filled(database: Database) -> FilledSite:
    with database.transaction() as session:
        return fill(session, AGENTS)


@pytest.fixture
def version(database: Database, filled: FilledSite) -> RosterVersion:
    with database.transaction() as session:
        return publish(session, filled, session.get_one(Week, filled.week_id), 1)


@pytest.fixture
def leni(as_user: Callable[[int], FlaskClient], filled: FilledSite) -> FlaskClient:
    browser = as_user(filled.manager_id)
    browser.post("/language", data={"language": "en"})
    return browser


def duties_of(database: Database, filled: FilledSite) -> int:
    with database.reading() as session:
        draft = session.get_one(Draft, filled.draft_id)
        return len(documents.load(session, draft.roster_document_id)["duties"])


def test_the_draft_shows_every_agent_queue_and_duty(leni: FlaskClient, filled: FilledSite, database: Database) -> None:
    page = leni.get(f"/manager/weeks/drafts/{filled.draft_id}").text
    assert page.count('class="band bars"') == AGENTS
    assert page.count('id="queue-') == 3
    assert page.count("<g class=") == duties_of(database, filled)
    assert page.count('id="hatch"') == 1
    assert " style=" not in page, "the content policy forbids inline styles"


@pytest.mark.parametrize(
    "query",
    ["day=x", "day=-1", "day=99", "gap=", "gap=~", "gap=nobody~1", "gap=mobile~x", "queue=%3Cb%3E", "place=moon"],
)
def test_garbage_in_the_address_is_shown_as_nothing(leni: FlaskClient, filled: FilledSite, query: str) -> None:
    answer = leni.get(f"/manager/weeks/drafts/{filled.draft_id}?{query}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text
    assert 'class="marked"' not in answer.text


def test_a_day_shows_only_its_bars(leni: FlaskClient, filled: FilledSite) -> None:
    whole = leni.get(f"/manager/weeks/drafts/{filled.draft_id}").text
    day = leni.get(f"/manager/weeks/drafts/{filled.draft_id}?day=0").text
    assert 0 < day.count("<g class=") < whole.count("<g class=")
    assert (whole.count('class="day-name"'), day.count('class="day-name"')) == (7, 1)


@pytest.mark.parametrize("part", ["", "/table", ".csv", "/roster.json", "/problem.json", "/publish"])
def test_drafts_of_other_sites_do_not_exist(leni: FlaskClient, database: Database, part: str) -> None:
    with database.transaction() as session:
        stranger = build.site(session, "far")
        other = build.draft(session, stranger, build.week(session, stranger))
    assert leni.get(f"/manager/weeks/drafts/{other.id}{part}").status_code == 404
    assert leni.get(f"/manager/weeks/drafts/999{part}").status_code == 404


@pytest.mark.parametrize("part", ["", "/table", ".csv", "/roster.json", "/difference"])
def test_versions_of_other_sites_do_not_exist(leni: FlaskClient, world: build.World, part: str) -> None:
    assert leni.get(f"/manager/weeks/versions/{world.version_id}{part}").status_code == 404


@pytest.mark.parametrize("kind", ["drafts", "versions"])
def test_the_spreadsheet_has_a_row_for_every_duty(
    leni: FlaskClient, filled: FilledSite, version: RosterVersion, database: Database, kind: str
) -> None:
    number = filled.draft_id if kind == "drafts" else version.id
    saved = leni.get(f"/manager/weeks/{kind}/{number}.csv")
    assert saved.mimetype == "text/csv"
    head, *rows = list(csv.reader(io.StringIO(saved.text.removeprefix("\ufeff"))))
    assert head[:5] == ["Staff number", "Name", "Day", "Start", "End"]
    assert len(rows) == duties_of(database, filled)
    assert all(len(row) == len(head) for row in rows)
    assert {row[9] for row in rows} == {"6.00"}, "six hours of work each, half an hour of break left out"


def test_in_german_the_spreadsheet_is_german(leni: FlaskClient, filled: FilledSite) -> None:
    leni.post("/language", data={"language": "de"})
    first = leni.get(f"/manager/weeks/drafts/{filled.draft_id}.csv").text.splitlines()[1]
    assert first.endswith(";6,00")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    assert _safe(f"{start}cmd()") == f"'{start}cmd()"
    assert _safe("Agent 7") == "Agent 7"


def test_the_files_given_away_are_the_files_stored(leni: FlaskClient, filled: FilledSite, database: Database) -> None:
    with database.reading() as session:
        draft = session.get_one(Draft, filled.draft_id)
        stored = [documents.load(session, of) for of in (draft.problem_document_id, draft.roster_document_id)]
    problem, roster = (
        leni.get(f"/manager/weeks/drafts/{filled.draft_id}/{part}.json").get_json() for part in ("problem", "roster")
    )
    assert parse_problem(problem) == parse_problem(stored[0])
    assert parse_roster(roster, parse_problem(problem)) == parse_roster(stored[1], parse_problem(stored[0]))


def test_every_chart_has_its_table(leni: FlaskClient, filled: FilledSite, version: RosterVersion) -> None:
    for address in (f"drafts/{filled.draft_id}/table", f"versions/{version.id}/table"):
        page = leni.get(f"/manager/weeks/{address}?day=1").text
        assert 'scope="row">10:00<' in page
        assert "missing:" in page
        sunday = leni.get(f"/manager/weeks/{address}?day=6").text
        assert "nobody is required and nobody works" in sunday
        assert leni.get(f"/manager/weeks/{address}?day=99").status_code == 200
