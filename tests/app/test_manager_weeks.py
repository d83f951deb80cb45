"""Weeks, demand, planning and publishing through their pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from app import engine
from app.db import Database
from app.models import JobState, PlanJob, Role, RosterVersion, Site, Week, WorkerHeartbeat
from app.problem_builder import build_problem, judged
from app.services import plan_runs
from tests.app import build, planning_site
from tests.app.conftest import FrozenClock
from tests.app.fake_solvers import at_once
from tests.app.filled_site import FilledSite, fill, fill_calls, publish, running_job
from tests.app.planning_site import PlanningSite


@pytest.fixture
def made(database: Database) -> PlanningSite:
    """A site that can be planned, with the engine's tables beside its own."""
    engine.prepare(database.engine.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        return planning_site.make(session)


@pytest.fixture
def mona(as_user: Callable[[int], FlaskClient], made: PlanningSite) -> FlaskClient:
    assert made.mona.user_id is not None
    browser = as_user(made.mona.user_id)
    return in_english(browser)


@pytest.fixture
def max_(as_user: Callable[[int], FlaskClient], made: PlanningSite) -> FlaskClient:
    assert made.max.user_id is not None
    return in_english(as_user(made.max.user_id))


def in_english(browser: FlaskClient) -> FlaskClient:
    browser.post("/language", data={"language": "en"})
    return browser


def finish_plan(database: Database, clock: FrozenClock) -> int:
    """What a worker does, at once: the draft's id."""
    with database.transaction() as session:
        job = session.exec(select(PlanJob).where(PlanJob.state == JobState.QUEUED)).one()
        claim = plan_runs.claim(session, job.id, "w1", clock.at)
        assert claim is not None
    with database.transaction() as session:
        problem = build_problem(session, session.get_one(Week, claim.week_id))
        planned = judged(problem, at_once(problem))
        plan_runs.report(session, claim, clock.at, [(1.0, 60.0, 0.0)], planned.verdict.required_agent_minutes)
        draft = plan_runs.finish(session, claim, clock.at, problem, planned)
        assert draft is not None
        return draft.id


def test_a_site_without_weeks_says_what_to_do(
    database: Database, as_user: Callable[[int], FlaskClient], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        site = build.site(session)
        manager_id = build.account(session, "mona", Role.MANAGER, site).id
    browser = in_english(as_user(manager_id))
    page = browser.get("/manager/weeks").text
    assert "No week yet" in page
    assert 'value="2020-03-30"' in page, "today is Wednesday 25 March, so the next week begins on the 30th"
    browser.post("/manager/weeks", data={"first_day": "2020-03-30"})
    page = browser.get("/manager/weeks").text
    assert 'value="2020-04-06"' in page
    assert "Import calls" in page, "without calls the next step is to import them"
    clock.at += timedelta(weeks=8)
    assert 'value="2020-05-25"' in browser.get("/manager/weeks").text, "never a week that is over"


@pytest.mark.parametrize(
    ("first_day", "sentence"),
    [
        ("2020-03-31", "A week begins on a Monday."),
        ("2020-03-30", "This week exists already."),
        ("", "Please enter a date."),
        ("30.3.2020", "Please enter a date."),
        ("0001-01-01", "Please enter a date."),
    ],
)
def test_what_is_no_new_week_is_refused_and_kept(
    mona: FlaskClient, database: Database, first_day: str, sentence: str
) -> None:
    answer = mona.post("/manager/weeks", data={"first_day": first_day})
    assert answer.status_code in {409, 422}
    assert sentence in answer.text
    assert f'name="first_day" value="{first_day}"' in answer.text
    with database.reading() as session:
        assert len(session.exec(select(Week)).all()) == 1


def test_a_past_week_can_be_made_for_imported_calls(mona: FlaskClient) -> None:
    answer = mona.post("/manager/weeks", data={"first_day": "2003-08-25"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Week 35" in answer.text


def test_weeks_show_state_coverage_and_the_next_step(database: Database, as_user: Callable[[int], FlaskClient]) -> None:
    with database.transaction() as session:
        filled = fill(session)
        site, first = session.get_one(Site, filled.site_id), session.get_one(Week, filled.week_id)
        fill_calls(session, site, first.first_day)
        planned = build.week(session, site, first.first_day + timedelta(weeks=1))
        running_job(session, filled, planned)
        done = build.week(session, site, first.first_day - timedelta(weeks=1))
        publish(session, filled, done, 1)
        build.week(session, site, first.first_day + timedelta(weeks=2))
    page = in_english(as_user(filled.manager_id)).get("/manager/weeks").text
    rows = page.split("<tr>")[2:]
    steps = ["Plan<", "Watch the planning", "Review the draft", "nothing to do"]
    for row, step in zip(rows, steps, strict=True):
        assert step in row
    assert [row.count("btn-primary") for row in rows] == [1, 1, 1, 0]
    assert "40 of 40" in rows[0], "nobody has entered availability"
    assert "12 of 20" in rows[2], "the stored peak against the cap"
    assert "in the draft" in rows[2]


def test_who_is_awaited_is_listed_first(mona: FlaskClient, made: PlanningSite) -> None:
    page = mona.get(f"/manager/weeks/{made.week_id}/availability").text
    assert "3 of 3 people have not confirmed" in page
    saved = mona.get(f"/manager/weeks/{made.week_id}/availability?format=csv").text
    assert "not entered yet" in saved


def test_demand_rests_on_the_calls_of_four_weeks(mona: FlaskClient, made: PlanningSite) -> None:
    page = mona.get(f"/manager/weeks/{made.week_id}/demand").text
    # 6 calls each half hour from 8 to 16 on five days.
    assert "480 calls" in page
    assert "from 4 weeks" in page
    assert "Sunday 5 April is closed" in page
    day = mona.get(f"/manager/weeks/{made.week_id}/demand?day=0").text
    assert "3.0 / " in day, "half of the six calls in each of the two quarters"
    assert mona.get(f"/manager/weeks/{made.week_id}/demand?day=99").status_code == 200


def test_a_plan_is_asked_for_watched_and_becomes_a_draft(
    mona: FlaskClient, made: PlanningSite, database: Database, clock: FrozenClock
) -> None:
    address = f"/manager/weeks/{made.week_id}/plan"
    assert "Start planning" in mona.get(address).text
    mona.post(address, data={"time_limit_seconds": "20"})
    page = mona.get(address).text
    assert "No planning worker is running right now" in page
    assert 'hx-trigger="every 2s"' in page
    with database.transaction() as session:
        session.add(WorkerHeartbeat(worker_id="w1", started_at=clock.at, beat_at=clock.at))
    assert "No planning worker" not in mona.get(address).text
    draft_id = finish_plan(database, clock)
    fragment = mona.get(f"{address}/progress").text
    assert "<html" not in fragment
    assert "hx-get" not in fragment, "the poll ends with what has no trigger"
    assert f"/manager/weeks/drafts/{draft_id}" in fragment
    assert "Findings" in mona.get(f"/manager/weeks/drafts/{draft_id}").text


def test_a_silent_worker_is_told(mona: FlaskClient, made: PlanningSite, database: Database, clock: FrozenClock) -> None:
    address = f"/manager/weeks/{made.week_id}/plan"
    mona.post(address, data={"time_limit_seconds": "20"})
    with database.transaction() as session:
        job = session.exec(select(PlanJob)).one()
        plan_runs.claim(session, job.id, "w1", clock.at)
    assert "Planning: running" in mona.get(address).text
    clock.at += timedelta(seconds=30)
    assert "was interrupted and starts again by itself" in mona.get(address).text


def test_an_unproven_bound_is_called_so_and_overtime_is_finishing(
    mona: FlaskClient, made: PlanningSite, database: Database, clock: FrozenClock
) -> None:
    address = f"/manager/weeks/{made.week_id}/plan"
    mona.post(address, data={"time_limit_seconds": "20"})
    with database.transaction() as session:
        job = session.exec(select(PlanJob)).one()
        plan_runs.claim(session, job.id, "w1", clock.at)
        job.required_agent_minutes, job.progress = 1000.0, [(1.0, 100.0, None), (2.0, 40.0, None), (3.0, 70.0, None)]
    page = mona.get(address).text
    assert "not proven yet" in page
    assert "no roster" not in page.lower()
    assert "4.0\u00a0% of the required time is missing" in page, "the best so far, not the latest"
    assert "of 20 s" in page
    clock.at += timedelta(seconds=23)
    with database.transaction() as session:
        job = session.exec(select(PlanJob)).one()
        job.heartbeat_at = clock.at
        job.progress = [*job.progress, (22.0, 40.0, 10.0)]
    page = mona.get(address).text
    assert "finishing …" in page
    assert "of 20 s" not in page
    assert "Lower line: no roster can miss less." in page
    assert "not proven yet" not in page


def test_the_second_manager_gets_the_plan_of_the_first(
    mona: FlaskClient, max_: FlaskClient, made: PlanningSite, database: Database
) -> None:
    address = f"/manager/weeks/{made.week_id}/plan"
    mona.post(address, data={"time_limit_seconds": "20"})
    answer = max_.post(address, data={"time_limit_seconds": "60"}, follow_redirects=True)
    assert "is being planned already: Mona started it at 10:00" in answer.text
    assert "Good enough: stop and keep" in answer.text
    with database.reading() as session:
        assert len(session.exec(select(PlanJob)).all()) == 1
    assert "is being stopped" in max_.post(f"{address}/stop", follow_redirects=True).text
    with database.transaction() as session:
        session.add(WorkerHeartbeat(worker_id="w1", started_at=build.NOW, beat_at=build.NOW))
        assert plan_runs.claim(session, session.exec(select(PlanJob.id)).one(), "w1", build.NOW) is None
    assert "was stopped before it had begun" in mona.get(address).text


@pytest.mark.parametrize("typed", ["", "-1", "0", "999999", "abc", "1e9", "99999999999"])
def test_a_time_limit_that_is_none_starts_nothing(
    mona: FlaskClient, made: PlanningSite, database: Database, typed: str
) -> None:
    answer = mona.post(f"/manager/weeks/{made.week_id}/plan", data={"time_limit_seconds": typed})
    assert answer.status_code == 422
    assert "between 1 and 3,600 seconds" in answer.text
    with database.reading() as session:
        assert session.exec(select(PlanJob)).all() == []


def test_stopping_what_does_not_run_is_told(mona: FlaskClient, made: PlanningSite) -> None:
    answer = mona.post(f"/manager/weeks/{made.week_id}/plan/stop", follow_redirects=True)
    assert "not being planned right now" in answer.text


def test_publishing_says_first_what_it_does_and_happens_once(
    mona: FlaskClient, max_: FlaskClient, made: PlanningSite, database: Database, clock: FrozenClock
) -> None:
    mona.post(f"/manager/weeks/{made.week_id}/plan", data={"time_limit_seconds": "20"})
    draft_id = finish_plan(database, clock)
    address = f"/manager/weeks/drafts/{draft_id}/publish"
    page = mona.get(address).text
    assert "What version 1 will do" in page
    assert "who has a log-in (0)" in page
    revision = page.split('name="revision" value="')[1].split('"')[0]
    first = mona.post(address, data={"revision": revision}, follow_redirects=True)
    assert "Version 1 is published." in first.text
    second = max_.post(address, data={"revision": revision})
    assert second.status_code == 409
    assert "has been published in the meantime: version 1, by Mona" in second.text
    assert "Nothing was changed." in second.text
    with database.reading() as session:
        assert [version.number for version in session.exec(select(RosterVersion)).all()] == [1]
    listed = mona.get(f"/manager/weeks/{made.week_id}/versions").text
    assert "in force" in listed


@pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999"])
def test_publishing_without_the_revision_seen_is_refused(
    mona: FlaskClient, made: PlanningSite, database: Database, clock: FrozenClock, revision: str
) -> None:
    mona.post(f"/manager/weeks/{made.week_id}/plan", data={"time_limit_seconds": "20"})
    draft_id = finish_plan(database, clock)
    answer = mona.post(f"/manager/weeks/drafts/{draft_id}/publish", data={"revision": revision})
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text


def test_a_version_shows_what_it_changed(database: Database, as_user: Callable[[int], FlaskClient]) -> None:
    with database.transaction() as session:
        filled = fill(session)
        first = publish(session, filled, session.get_one(Week, filled.week_id), 1)
        second = publish(session, filled, session.get_one(Week, filled.week_id), 2)
    browser = in_english(as_user(filled.manager_id))
    removed = first.duty_count - second.duty_count
    page = browser.get(f"/manager/weeks/versions/{second.id}/difference").text
    assert "Against version 1." in page
    assert page.count("<td>1 duty removed</td>") == removed > 0
    assert "no longer in force" in browser.get(f"/manager/weeks/versions/{first.id}").text
    assert "no longer in force" not in browser.get(f"/manager/weeks/versions/{second.id}").text


def test_an_outdated_draft_is_not_offered_for_publishing(
    database: Database, as_user: Callable[[int], FlaskClient]
) -> None:
    with database.transaction() as session:
        filled: FilledSite = fill(session)
    browser = as_user(filled.manager_id)
    link = f"/manager/weeks/drafts/{filled.draft_id}/publish"
    assert link in browser.get(f"/manager/weeks/drafts/{filled.draft_id}").text
    with database.transaction() as session:
        publish(session, filled, session.get_one(Week, filled.week_id), 1)
    assert link not in browser.get(f"/manager/weeks/drafts/{filled.draft_id}").text
