"""A draft becomes a version once, by a person, and only while it keeps every rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.db import Database
from app.errors import NotFoundError, RefusedError
from app.models import (
    Agent,
    AuditEvent,
    AvailabilityException,
    Desk,
    Draft,
    ExceptionKind,
    PlanJob,
    PublishedDuty,
    RosterVersion,
    Site,
    Week,
    WeekState,
)
from app.problem_builder import build_problem, judged
from app.services import drafts, plan_runs, planning, publishing, weeks
from app.services.audit import Actor
from app.services.publishing import AlreadyPublishedError, BreaksRulesError, DraftOutdatedError
from solver.problem import Duty, Problem, Serves, SpanOfTime
from solver.roster import Roster
from tests.app import build, fake_solvers, planning_site
from tests.app.build import MONDAY, NOW
from tests.app.planning_site import PlanningSite
from tests.app.test_planning import in_threads


@pytest.fixture
def site(database: Database) -> PlanningSite:
    with database.transaction() as session:
        return planning_site.make(session)


def two_duties(problem: Problem) -> Roster:
    """One on site from 08:00 to 14:30 with a break, one at the next desk without."""
    east = problem.rooms[0].desks

    def at(clock: str) -> Any:
        return build.local(MONDAY, clock).astimezone(problem.timeline.zone)

    long = Duty(
        agent="a001",
        start=at("08:00"),
        end=at("14:30"),
        breaks=[SpanOfTime(start=at("11:00"), end=at("11:30"))],
        place="site",
        desk=east[0].id,
        serves=[Serves(queue="mobile", start=at("08:00"), end=at("11:00"))],
    )
    short = Duty(agent="a002", start=at("09:00"), end=at("13:00"), place="site", desk=east[1].id)
    roster = fake_solvers.roster_of(problem, [short, long])
    return roster.model_copy(update={"released_desks": [desk.id for desk in east]})


def drafted(database: Database, site: PlanningSite, solver: Any = two_duties, after: int = 0) -> int:
    """A draft as a worker makes it, so many minutes after the first."""
    made_at = NOW + timedelta(minutes=after)
    with database.transaction() as session:
        week = session.get_one(Week, site.week_id)
        if week.state is WeekState.COLLECTING:
            week.state = WeekState.PLANNING
        job: PlanJob = build.saved(session, PlanJob(week_id=week.id, requested_at=made_at))
        claim = plan_runs.claim(session, job.id, "w1", made_at)
        assert claim is not None
        problem = build_problem(session, week)
        draft = plan_runs.finish(session, claim, made_at, problem, judged(problem, solver(problem)))
        assert draft is not None, job.message_facts
        return draft.id


def publish(
    session: Session, site: PlanningSite, draft_id: int, revision: int = 1, actor: Actor | None = None, after: int = 1
) -> RosterVersion:
    now = NOW + timedelta(minutes=after)
    return publishing.publish(session, actor or site.mona, now, site.week_id, draft_id, revision)


def test_a_draft_becomes_a_numbered_version_with_its_duties(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        version = publish(session, site, draft_id)
    with database.reading() as session:
        week = session.get_one(Week, site.week_id)
        duties = session.exec(select(PublishedDuty).order_by(col(PublishedDuty.position))).all()
        keys = {agent.id: agent.key for agent in session.exec(select(Agent))}
        desks = {desk.id: desk.key for desk in session.exec(select(Desk))}
        event = session.exec(select(AuditEvent).where(AuditEvent.action == "week.published")).one()
    assert (version.number, version.author_id, version.draft_id) == (1, site.mona.user_id, draft_id)
    assert (week.state, week.revision) == (WeekState.PUBLISHED, 2)
    assert [(keys[duty.agent_id], duty.starts_at, duty.ends_at) for duty in duties] == [
        ("a001", build.local(MONDAY, "08:00"), build.local(MONDAY, "14:30")),
        ("a002", build.local(MONDAY, "09:00"), build.local(MONDAY, "13:00")),
    ]
    assert [desks[duty.desk_id] for duty in duties if duty.desk_id] == ["3-east-01", "3-east-02"]
    assert [(pause.starts_at, pause.ends_at) for pause in duties[0].breaks] == [
        (build.local(MONDAY, "11:00"), build.local(MONDAY, "11:30"))
    ]
    assert [served.queue for served in duties[0].serves] == ["mobile"]
    assert (event.user_id, event.facts["number"]) == (site.mona.user_id, 1)


def test_the_summary_of_a_draft_counts_what_is_in_it(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.reading() as session:
        draft = session.get_one(Draft, draft_id)
        figures = drafts.summary(draft)
        problem, roster = drafts.files(session, draft)
    # 6 calls of 240 s in half an hour are 0.8 Erlang. By Erlang C two agents make 22.9 % wait and answer 79.3 % within
    # 20 s, so three are required, and 3 / 0.88 is more than three on the roster.
    assert figures.required_agent_minutes == 4 * 8 * 60 * 5
    assert figures.missing_agent_minutes == figures.required_agent_minutes - 3 * 60
    assert (figures.on_site_peak, figures.duties, figures.changed_agents, figures.findings_count) == (2, 2, 0, 0)
    assert figures.bound_share == 0.0
    assert roster.as_json() == two_duties(problem).as_json()


def test_two_managers_at_once_make_one_version(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)

    def publishing_as(actor: Actor) -> Callable[[], int]:
        def run() -> int:
            with database.transaction() as session:
                return publish(session, site, draft_id, actor=actor).number

        return run

    answers = in_threads(*[publishing_as(actor) for actor in (site.mona, site.max)] * 3)
    refusals = [answer for answer in answers if isinstance(answer, AlreadyPublishedError)]
    assert [answer for answer in answers if answer == 1] == [1]
    assert len(refusals) == 5
    assert {refusal.facts["number"] for refusal in refusals} == {1}
    assert {refusal.facts["who"] for refusal in refusals} <= {"Mona", "Max"}
    with database.reading() as session:
        assert len(session.exec(select(RosterVersion)).all()) == 1
        assert len(session.exec(select(PublishedDuty)).all()) == 2


def test_the_next_version_has_the_next_number_and_counts_changes(database: Database, site: PlanningSite) -> None:
    first = drafted(database, site)
    with database.transaction() as session:
        publish(session, site, first)
    second = drafted(database, site, fake_solvers.at_once, after=2)
    with database.transaction() as session:
        figures = drafts.summary(session.get_one(Draft, second))
        version = publish(session, site, second, revision=2, after=3)
    assert version.number == 2
    assert (figures.changed_agents, figures.change_minutes) == (2, 390 + 240)


def test_a_draft_older_than_the_version_in_force_is_refused(database: Database, site: PlanningSite) -> None:
    first, other = drafted(database, site), drafted(database, site)
    with database.transaction() as session:
        publish(session, site, first)
    for draft_id in (first, other):
        with pytest.raises(DraftOutdatedError), database.transaction() as session:
            publish(session, site, draft_id, revision=2)


def test_rules_are_judged_by_what_holds_when_it_is_published(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        agent = session.exec(select(Agent).where(Agent.key == "a001")).one()
        clock = {"start_clock_minutes": 600, "end_clock_minutes": 660}
        blocked = ExceptionKind.BLOCKED
        session.add(AvailabilityException(agent_id=agent.id, applies_on=MONDAY, kind=blocked, **clock))
        session.exec(select(Desk).where(Desk.key == "3-east-02")).one().blocked = True
    with pytest.raises(BreaksRulesError) as refusal, database.transaction() as session:
        publish(session, site, draft_id)
    assert refusal.value.facts == {"count": 2, "rules": "availability, desk"}
    with database.reading() as session:
        assert session.get_one(Week, site.week_id).revision == 1
        assert session.exec(select(RosterVersion)).all() == []


def test_people_who_left_make_a_draft_useless(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        session.exec(select(Agent).where(Agent.key == "a002")).one().active = False
    with pytest.raises(DraftOutdatedError, match="gone"), database.transaction() as session:
        publish(session, site, draft_id)


def test_nothing_is_published_while_the_week_is_planned(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        planning.request_plan(session, site.max, NOW, site.week_id)
    with pytest.raises(planning.AlreadyPlanningError), database.transaction() as session:
        publish(session, site, draft_id)


@pytest.mark.parametrize("state", [WeekState.COLLECTING, WeekState.IN_REVIEW, WeekState.ARCHIVED])
def test_only_a_planned_or_published_week_is_published(
    database: Database, site: PlanningSite, state: WeekState
) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        session.get_one(Week, site.week_id).state = state
    with pytest.raises(RefusedError, match="wrong_state"), database.transaction() as session:
        publish(session, site, draft_id)


def test_drafts_of_other_weeks_and_sites_do_not_exist(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        home = session.get_one(Site, site.site_id)
        other_week = build.week(session, home, MONDAY + timedelta(weeks=1), WeekState.PLANNING)
        stranger = planning_site.manager(session, build.site(session, "ber"), "bela")
    with pytest.raises(NotFoundError), database.transaction() as session:
        publishing.publish(session, site.mona, NOW, other_week.id, draft_id, 1)
    with pytest.raises(NotFoundError), database.transaction() as session:
        publish(session, site, draft_id, actor=stranger)


def test_weeks_begin_on_a_monday_and_are_made_once(database: Database, site: PlanningSite) -> None:
    with pytest.raises(RefusedError, match="no_monday"), database.transaction() as session:
        weeks.create(session, site.mona, NOW, site.site_id, MONDAY + timedelta(days=1))
    with pytest.raises(RefusedError, match="exists"), database.transaction() as session:
        weeks.create(session, site.mona, NOW, site.site_id, MONDAY)
    with database.transaction() as session:
        made = weeks.create(session, site.mona, NOW, site.site_id, MONDAY + timedelta(weeks=1))
    assert made.entry_deadline_at == build.local(date(2020, 4, 1), "18:00")


def test_the_list_of_weeks_has_what_each_waits_for(database: Database, site: PlanningSite) -> None:
    draft_id = drafted(database, site)
    with database.transaction() as session:
        publish(session, site, draft_id)
        weeks.create(session, site.mona, NOW, site.site_id, MONDAY + timedelta(weeks=1))
    with database.reading() as session:
        later, earlier = weeks.listed(session, site.site_id)
        home = session.get_one(Site, site.site_id)
    assert (later.draft, later.version, later.agents, later.entered) == (None, None, 3, 0)
    assert earlier.draft is not None
    assert earlier.version is not None
    assert (earlier.draft.id, earlier.version.number) == (draft_id, 1)
    states = [weeks.shown_state(home, earlier.week, NOW + timedelta(days=days)) for days in (0, 5, 11, 12)]
    assert states == [WeekState.PUBLISHED, WeekState.RUNNING, WeekState.RUNNING, WeekState.ARCHIVED]
