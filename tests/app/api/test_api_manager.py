"""What a manager does by the JSON API: weeks, plans, rosters in and out, publishing, closing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import AuditEvent, Role, Site, WeekState
from app.services.audit import Actor
from solver.checks import judge
from solver.reading import parse_problem, parse_roster
from tests.app import booking_site, build, planning_site
from tests.app.api.conftest import Api, refused, token_for
from tests.app.booking_site import book
from tests.app.planning_site import PlanningSite
from tests.app.test_publishing import drafted

DAY = "2020-03-30T"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The services are tested on both databases, and so are bookings by the API."""
    return sqlite_url


@dataclass
class Planning:
    """A site that can be planned, its two managers and its works council."""

    client: FlaskClient
    site: PlanningSite
    tokens: dict[str, str]

    def __call__(
        self, who: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.tokens[who]}", "Accept-Language": "en", **(headers or {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)

    @property
    def week(self) -> str:
        return f"/weeks/{self.site.week_id}"


@pytest.fixture
def planning(app: Flask, database: Database) -> Planning:
    with database.transaction() as session:
        site = planning_site.make(session)
        council = build.account(session, "council", Role.COUNCIL, session.get_one(Site, site.site_id))
        people = {"mona": site.mona, "max": site.max, "council": Actor(user_id=council.id)}
        tokens = {name: token_for(session, actor) for name, actor in people.items()}
    return Planning(app.test_client(), site, tokens)


def roster_file(planning: Planning, **changes: Any) -> dict[str, Any]:
    """Two duties on the first day, as a program elsewhere would write them."""
    duties = [
        {
            "agent": "a001",
            "start": f"{DAY}08:00:00+02:00",
            "end": f"{DAY}14:30:00+02:00",
            "breaks": [{"start": f"{DAY}11:00:00+02:00", "end": f"{DAY}11:30:00+02:00"}],
            "place": "site",
            "desk": "3-east-01",
            "serves": [{"queue": "mobile", "start": f"{DAY}08:00:00+02:00", "end": f"{DAY}11:00:00+02:00"}],
        },
        {
            "agent": "a002",
            "start": f"{DAY}09:00:00+02:00",
            "end": f"{DAY}13:00:00+02:00",
            "place": "site",
            "desk": "3-east-02",
        },
    ]
    week = next(
        one for one in planning("mona", "GET", "/weeks").get_json()["weeks"] if one["id"] == planning.site.week_id
    )
    return {
        "format": "roster/1",
        "site": "muc",
        "first_day": week["first_day"],
        "released_desks": ["3-east-01", "3-east-02"],
        "duties": duties,
        "tiers": dict.fromkeys(("shortfall", "changes", "site_presence", "contract_minutes", "wishes"), 0),
        "missing_agent_minutes": 0,
        "required_agent_minutes": 0,
        **changes,
    }


def imported(planning: Planning) -> int:
    answer = planning("mona", "POST", f"{planning.week}/rosters", roster_file(planning))
    assert answer.status_code == 201, answer.text
    draft: int = answer.get_json()["id"]
    return draft


def seen(planning: Planning) -> dict[str, str]:
    return {"If-Match": planning("mona", "GET", planning.week).headers["ETag"]}


def test_a_file_becomes_a_draft_a_version_and_the_same_file_again(database: Database, planning: Planning) -> None:
    draft = imported(planning)
    figures = planning("mona", "GET", f"/drafts/{draft}").get_json()
    # Two agents for three hours of the 160 hours required: see the arithmetic beside the drafts' own test.
    assert (figures["duties"], figures["required_agent_minutes"]) == (2, 4 * 8 * 60 * 5)
    assert planning("mona", "GET", f"{planning.week}/draft").get_json()["id"] == draft
    answer = planning("mona", "POST", f"/drafts/{draft}/publish", headers=seen(planning))
    assert answer.status_code == 201, answer.text
    version = answer.get_json()
    assert (version["number"], version["author"], version["duties"]) == (1, "Mona", 2)
    for path in (f"/versions/{version['id']}", planning.week, f"/drafts/{draft}"):
        taken = planning("mona", "GET", f"{path}/roster").get_json()
        assert taken["duties"] == roster_file(planning)["duties"]
        problem_path = f"{path}/problem" if path != planning.week else f"/versions/{version['id']}/problem"
        problem = parse_problem(planning("mona", "GET", problem_path).data)
        assert not judge(problem, parse_roster(json.dumps(taken), problem)).findings
    listed = planning("mona", "GET", "/duties?first=2020-03-30&last=2020-03-30").get_json()["duties"]
    assert [(duty["agent"], duty["source"]) for duty in listed] == [("a001", "published"), ("a002", "published")]
    with database.reading() as session:
        read = session.exec(select(AuditEvent).where(AuditEvent.action == "file.read")).all()
    # Of what a plan was made from each reading is recorded: it tells when everybody can work.
    assert [event.facts["operation"] for event in read].count("show_draft_problem") == 1
    assert [event.facts["operation"] for event in read].count("show_version_problem") == 2
    assert planning("council", "GET", f"{planning.week}/versions").get_json()["versions"] == [version]
    assert planning("council", "GET", f"/versions/{version['id']}/roster").status_code == 200
    refused(planning("council", "GET", f"/versions/{version['id']}/problem"), 403, "api.token.role")


def test_two_managers_who_saw_one_state_publish_once(planning: Planning) -> None:
    draft, state = imported(planning), seen(planning)
    assert planning("mona", "POST", f"/drafts/{draft}/publish", headers=state).status_code == 201
    problem = refused(planning("max", "POST", f"/drafts/{draft}/publish", headers=state), 412, "api.revision.changed")
    assert (problem["present"]["version"], problem["present"]["revision"]) == (1, 2)
    refused(planning("max", "POST", f"/drafts/{draft}/publish"), 428)
    refused(planning("max", "POST", f"/drafts/{draft}/publish", headers={"If-Match": "*"}), 409)


def test_publishing_sent_again_with_its_key_is_one_version(planning: Planning) -> None:
    draft, headers = imported(planning), {**seen(planning), "Idempotency-Key": "publish"}
    first = planning("mona", "POST", f"/drafts/{draft}/publish", headers=headers)
    again = planning("mona", "POST", f"/drafts/{draft}/publish", headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()


def test_a_roster_that_breaks_rules_is_refused_with_each_of_them(planning: Planning) -> None:
    duties = roster_file(planning)["duties"]
    at_one_desk = roster_file(planning, duties=[duties[0], {**duties[1], "desk": "3-east-01"}])
    problem = refused(planning("mona", "POST", f"{planning.week}/rosters", at_one_desk), 409, "plan.publish.findings")
    assert problem["rule"] == "cleaning_gap"
    assert [(finding["rule"], finding["agents"]) for finding in problem["findings"]] == [
        ("cleaning_gap", ["a001", "a002"])
    ]
    refused(planning("mona", "GET", f"{planning.week}/draft"), 404)


FILES: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown field": ({"remark": "x"}, "#/remark"),
    "another site": ({"site": "ber"}, "#/site"),
    "another week": ({"first_day": "2020-04-06"}, "#/first_day"),
    "another format": ({"format": "roster/2"}, "#/format"),
    "no list": ({"released_desks": 7}, "#/released_desks"),
}


def test_a_file_that_cannot_be_read_is_refused_with_the_place(planning: Planning) -> None:
    for case, (changes, pointer) in FILES.items():
        answer = planning("mona", "POST", f"{planning.week}/rosters", roster_file(planning, **changes))
        problem = refused(answer, 422, "api.body.faults")
        assert pointer in [error["pointer"] for error in problem["errors"]], case
        assert all(error["detail"] for error in problem["errors"])


def test_places_inside_lists_are_pointers(planning: Planning) -> None:
    file = roster_file(planning)
    file["duties"][1]["desk"] = "4-west-01"
    file["duties"][0]["breaks"][0]["end"] = 7
    problem = refused(planning("mona", "POST", f"{planning.week}/rosters", file), 422)
    assert "#/duties/0/breaks/0/end" in [error["pointer"] for error in problem["errors"]]
    answer = planning("mona", "POST", f"{planning.week}/rosters", data=b"{", content_type="application/json")
    assert refused(answer, 422)["errors"][0]["pointer"].startswith("line 1")


def test_a_plan_is_asked_for_once_watched_and_stopped(planning: Planning) -> None:
    refused(planning("mona", "GET", f"{planning.week}/plan"), 404)
    answer = planning("mona", "POST", f"{planning.week}/plan", {"time_limit_seconds": 20, "seed": 3})
    assert answer.status_code == 202
    asked = answer.get_json()
    assert (asked["phase"], asked["active"], asked["requested_by"]) == ("waiting", True, "Mona")
    problem = refused(planning("max", "POST", f"{planning.week}/plan", {}), 409, "plan.already_planning")
    assert problem["facts"]["who"] == "Mona"
    refused(planning("mona", "POST", f"{planning.week}/rosters", roster_file(planning)), 409)
    assert planning("max", "POST", f"{planning.week}/plan/stop").get_json()["plan"] == asked["plan"]
    for body in ({"time_limit_seconds": 0}, {"time_limit_seconds": 3601}, {"time_limit_seconds": True}, {"seed": -1}):
        refused(planning("mona", "POST", f"{planning.week}/plan", body), 422)


def test_the_draft_of_a_plan_is_there_as_both_files(database: Database, planning: Planning) -> None:
    draft = drafted(database, planning.site)
    told = planning("mona", "GET", planning.week).get_json()
    assert (told["draft"], told["next_step"], told["agents"]) == (draft, "review", 3)
    problem = parse_problem(planning("mona", "GET", f"/drafts/{draft}/problem").data)
    assert parse_roster(planning("mona", "GET", f"/drafts/{draft}/roster").data, problem).duties


def test_weeks_are_made_and_listed(planning: Planning) -> None:
    made = planning("mona", "POST", "/weeks", {"first_day": "2020-10-26", "entry_deadline": "2020-10-24T18:00"})
    assert made.status_code == 201
    assert made.get_json()["entry_deadline"] == "2020-10-24T18:00:00+02:00"
    # The default is the Wednesday before at 18:00, here before the clock goes back.
    default = planning("mona", "POST", "/weeks", {"first_day": "2020-10-19"}).get_json()
    assert default["entry_deadline"] == "2020-10-14T18:00:00+02:00"
    listed = planning("council", "GET", "/weeks?limit=2").get_json()
    assert [week["first_day"] for week in listed["weeks"]] == ["2020-10-26", "2020-10-19"]
    assert (listed["total"], listed["next_offset"]) == (3, 2)
    refused(planning("mona", "POST", "/weeks", {"first_day": "2020-10-26"}), 409, "plan.week.exists")
    refused(planning("mona", "POST", "/weeks", {"first_day": "2020-10-27"}), 422, "plan.week.no_monday")
    twice = {"first_day": "2020-11-02", "entry_deadline": "2020-10-25T02:30"}
    problem = refused(planning("mona", "POST", "/weeks", twice), 422)
    assert problem["errors"][0]["facts"]["second"] == "2020-10-25T02:30:00+01:00"


def test_a_week_is_opened_and_shifts_added_and_closed(planning: Planning) -> None:
    opened = planning("mona", "POST", f"{planning.week}/opening", {"opens": "2020-03-26T08:00"}).get_json()
    assert opened["booking_opens"] == "2020-03-26T08:00:00+01:00"
    assert opened["open_shifts"] > 0
    listed = planning("mona", "GET", f"{planning.week}/open-shifts").get_json()["open_shifts"]
    assert len(listed) == opened["open_shifts"]
    assert {shift["queue"] for shift in listed} == {"mobile"}
    body = {"start": f"{DAY}08:00", "end": f"{DAY}12:00", "queue": "mobile", "places": 2}
    added = planning("mona", "POST", f"{planning.week}/open-shifts", body)
    assert added.status_code == 201
    assert (added.get_json()["places"], added.get_json()["taken"]) == (2, 0)
    assert planning("mona", "DELETE", f"/open-shifts/{added.get_json()['id']}").status_code == 204
    assert len(planning("mona", "GET", f"{planning.week}/open-shifts").get_json()["open_shifts"]) == len(listed)
    refused(planning("mona", "POST", f"{planning.week}/open-shifts", {**body, "queue": "dsl"}), 422)
    refused(planning("mona", "POST", f"{planning.week}/open-shifts", {**body, "end": f"{DAY}08:15"}), 422)
    refused(planning("mona", "POST", f"{planning.week}/open-shifts", {**body, "places": 0}), 422)
    refused(planning("mona", "POST", "/weeks/4711/opening", {}), 404)


def test_closing_a_desk_moves_who_sits_there_or_closes_nothing(database: Database, api: Api) -> None:
    with database.transaction() as session:
        booking_site.change(session, api.made.week(session), state=WeekState.PUBLISHED)
        book(session, api.made, "a1", "08:00", "12:00", desk="01")
    body = {"desks": ["3-east-01"], "preview": True}
    preview = api("boss", "POST", "/closures", body).get_json()
    assert (preview["closed"], [one["to_key"] for one in preview["moved"]]) == (False, ["3-east-02"])
    done = api("boss", "POST", "/closures", {"desks": [api.made.desks["01"]]}, {"Idempotency-Key": "c"}).get_json()
    assert (done["closed"], done["moved"]) == (True, preview["moved"])
    problem = refused(api("boss", "POST", "/closures", {"room": "3-east"}), 409, "booking.nowhere_to_sit")
    assert [one["name"] for one in problem["left"]] == ["Agent a1"]
    refused(api("boss", "POST", "/closures", {"desks": ["9"]}), 422)
    refused(api("boss", "POST", "/closures", {"room": "9"}), 422)
    refused(api("boss", "POST", "/closures", {"desks": []}), 422)
    assert api("boss", "GET", "/bookings").get_json()["duties"][0]["desk_key"] == "3-east-02"


def test_nothing_of_another_site_exists(database: Database, planning: Planning) -> None:
    draft = imported(planning)
    version = planning("mona", "POST", f"/drafts/{draft}/publish", headers=seen(planning)).get_json()["id"]
    assert planning("mona", "POST", f"{planning.week}/plan", {}).status_code == 202
    with database.transaction() as session:
        other = booking_site.make(session, key="ber")
        token = token_for(session, other.manager)
    strange = Planning(planning.client, planning.site, {"boss": token})
    for path in (
        planning.week,
        f"{planning.week}/plan",
        f"{planning.week}/draft",
        f"{planning.week}/versions",
        f"{planning.week}/roster",
        f"{planning.week}/open-shifts",
        f"/drafts/{draft}",
        f"/drafts/{draft}/problem",
        f"/drafts/{draft}/roster",
        f"/versions/{version}",
        f"/versions/{version}/roster",
        f"/versions/{version}/problem",
    ):
        refused(strange("boss", "GET", path), 404)
    for path, body in (
        (f"{planning.week}/plan", {}),
        (f"{planning.week}/opening", {}),
        (f"{planning.week}/rosters", roster_file(planning)),
        (f"/drafts/{draft}/publish", None),
    ):
        refused(strange("boss", "POST", path, body, {"If-Match": "*"}), 404)
