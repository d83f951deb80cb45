"""The demonstration site: all of it or nothing, the same again, and a week that can be planned."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app import clock, demo_site
from app.cli import main
from app.commands import demo_first_look, demo_steps
from app.db import Database
from app.demo_site.accounts import LOG_INS, PASSWORD
from app.models import (
    Agent,
    AgentQueue,
    AvailabilityEntry,
    AvailabilityPattern,
    CallHistory,
    CarePartner,
    CurrentDuty,
    Desk,
    Draft,
    HomeClearance,
    HomeWish,
    LiveWeek,
    OpenShift,
    PatternKind,
    PatternWeeks,
    PlanJob,
    Queue,
    RosterVersion,
    ShiftOrigin,
    Site,
    UserAccount,
    Week,
    WeekState,
)
from app.problem_builder import build_problem
from app.services import passwords, shift_booking
from app.services.shift_booking import Wish
from solver.layout import plan_layout
from solver.timeline import total
from tests.app import fake_solvers

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def made(database: Database) -> Database:
    with database.transaction() as session:
        demo_site.make(session, NOW)
    return database


def count(database: Database, kind: Any) -> int:
    with database.reading() as session:
        return session.exec(select(sa.func.count()).select_from(kind)).one()


def test_the_site_is_as_large_as_it_says(made: Database) -> None:
    assert [count(made, kind) for kind in (Site, Agent, Desk, Queue, CarePartner)] == [1, 120, 90, 3, 2]
    with made.reading() as session:
        agents = session.exec(select(Agent)).all()
        patterns = session.exec(select(AvailabilityPattern)).all()
        weeks = session.exec(select(Week).order_by(col(Week.first_day))).all()
    assert sum(agent.home_wish is not HomeWish.NONE for agent in agents) == 42
    assert {pattern.weeks for pattern in patterns} == set(PatternWeeks)
    assert [week.first_day.isoformat() for week in weeks] == ["2026-11-16", "2026-11-23"]
    assert {week.state for week in weeks} == {WeekState.COLLECTING}
    assert all(week.entry_deadline_at > NOW for week in weeks[1:])


def test_half_the_desks_are_released_and_the_floor_is_for_four_in_ten(made: Database) -> None:
    with made.reading() as session:
        demo = demo_site.find(session)
        assert demo is not None
        problem = build_problem(session, demo.first_week)
    layout = plan_layout(problem)
    seats = sum(min(room.cap or 0, len(room.released)) for room in layout.rooms)
    assert 0.38 * 120 <= seats <= 0.42 * 120
    required = sum(sum(entry.required) for entry in problem.demand) * 15
    on_offer = sum(agent.weekly_minutes.max for agent in problem.agents)
    assert 0.95 < required / on_offer < 1.01
    assert Counter(agent.home for agent in problem.agents)["none"] >= 78
    blocked = [
        total(
            [(problem.timeline.minute_of(one.start), problem.timeline.minute_of(one.end)) for one in agent.availability]
        )
        for agent in problem.agents
    ]
    assert sum(minutes > 600 for minutes in blocked) >= 36


def test_it_is_the_same_wherever_it_is_made(made: Database, sqlite_template: Any, tmp_path: Any) -> None:
    other_path = tmp_path / "other.db"
    other_path.write_bytes(sqlite_template.read_bytes())
    other = Database(f"sqlite:///{other_path}")
    with other.transaction() as session:
        demo_site.make(session, NOW)
    problems = []
    for database in (made, other):
        with database.reading() as session:
            demo = demo_site.find(session)
            assert demo is not None
            problems.append(build_problem(session, demo.first_week).as_json())
    other.dispose()
    assert problems[0] == problems[1]


def test_everybody_can_sign_in(made: Database) -> None:
    with made.reading() as session:
        accounts = session.exec(select(UserAccount)).all()
    assert {account.login_name: account.role for account in accounts} == {
        name: role for name, (role, _) in LOG_INS.items()
    }
    assert passwords.matches(accounts[0].password_hash, PASSWORD)
    assert not any(account.must_change_password for account in accounts)


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Run ``abstand demo`` on this database with a search that is over at once."""
    monkeypatch.setenv("ABSTAND_DATABASE_URL", database_url)
    monkeypatch.setenv("ABSTAND_SECRET_KEY", "s" * 40)
    monkeypatch.setattr(demo_steps, "SOLVE", fake_solvers.at_once)
    return monkeypatch


def test_the_command_plans_publishes_and_does_nothing_the_second_time(
    database: Database, command: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert main(["demo", "--language", "en"]) == 0
    assert "manager / abstand-demo" in capsys.readouterr().out
    kinds = (Site, Agent, CallHistory, PlanJob, Draft, RosterVersion)
    before = [count(database, kind) for kind in kinds]
    assert before[-3:] == [1, 1, 1]
    command.setattr(demo_steps, "SOLVE", fake_solvers.raising)
    assert main(["demo", "--language", "en"]) == 0
    assert "there already" in capsys.readouterr().out
    assert [count(database, kind) for kind in kinds] == before


def test_a_search_that_fails_publishes_nothing_and_the_next_run_goes_on(
    database: Database, command: pytest.MonkeyPatch, capsys: Any
) -> None:
    command.setattr(demo_steps, "SOLVE", fake_solvers.breaking_a_rule)
    assert main(["demo"]) == 1
    assert [count(database, kind) for kind in (Site, PlanJob, Draft, RosterVersion)] == [1, 0, 0, 0]
    command.setattr(demo_steps, "SOLVE", fake_solvers.at_once)
    assert main(["demo"]) == 0
    assert count(database, RosterVersion) == 1
    capsys.readouterr()


def test_a_search_without_an_answer_says_what_to_do(
    database: Database, command: pytest.MonkeyPatch, capsys: Any
) -> None:
    command.setattr(demo_steps, "SOLVE", fake_solvers.silent)
    command.setattr(demo_steps, "OVERTIME_SECONDS", -599.0)
    assert main(["demo", "--seconds", "600", "--language", "en"]) == 1
    said = capsys.readouterr()
    assert "0 s   no roster yet" in said.out
    assert "Planning gave no answer within 1 s; run “make run” again." in said.err
    assert count(database, RosterVersion) == 0


def test_an_interruption_while_it_is_made_leaves_nothing(database: Database, command: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with command.context() as broken:
        broken.setattr(demo_site, "make_accounts", interrupted)
        assert main(["demo"]) == 130
    assert [count(database, kind) for kind in (Site, Agent, CallHistory)] == [0, 0, 0]


def test_a_week_later_there_is_a_next_week_again(made: Database) -> None:
    with made.transaction() as session:
        site = session.exec(select(Site)).one()
        for _ in range(2):
            demo_site.add_next_week(session, site, NOW + timedelta(weeks=1))
    with made.reading() as session:
        days = [week.first_day.isoformat() for week in session.exec(select(Week).order_by(col(Week.first_day)))]
    assert days == ["2026-11-16", "2026-11-23", "2026-11-30"]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), date(2026, 11, 16)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), date(2026, 11, 23)),
    ],
)
def test_the_week_that_is_published_has_days_to_come(now: datetime, monday: date) -> None:
    assert demo_site.first_monday(now) == monday


def test_most_people_have_entered_their_availability_but_not_the_one_who_signs_in(made: Database) -> None:
    with made.reading() as session:
        account = session.exec(select(UserAccount).where(UserAccount.login_name == "agent")).one()
        entered = session.exec(select(AvailabilityEntry.agent_id)).all()
    assert account.agent_id not in entered
    assert len(entered) == 2 * (120 - 13)


def test_the_one_who_signs_in_has_everything_to_look_at(made: Database) -> None:
    with made.reading() as session:
        account = session.exec(select(UserAccount).where(UserAccount.login_name == "agent")).one()
        agent = session.get_one(Agent, account.agent_id)
        patterns = session.exec(select(AvailabilityPattern).where(AvailabilityPattern.agent_id == agent.id)).all()
        queues = select(Queue.home_allowed).join(AgentQueue, col(AgentQueue.queue_id) == col(Queue.id))
        served = set(session.exec(queues.where(AgentQueue.agent_id == agent.id)))
        clearance = session.exec(select(HomeClearance).where(HomeClearance.agent_id == agent.id)).one()
    assert account.display_name == agent.display_name
    assert agent.home_wish is HomeWish.ALLOWED
    assert served == {False, True}, "at home, and on some days at the site"
    assert clearance.valid_to_on > NOW.date() + timedelta(weeks=8)
    assert {pattern.kind for pattern in patterns} == set(PatternKind)


def test_both_weeks_are_open_for_booking_at_once(database: Database, command: pytest.MonkeyPatch, capsys: Any) -> None:
    command.setattr(clock, "now", lambda: NOW)
    assert main(["demo"]) == 0
    capsys.readouterr()
    with database.reading() as session:
        opened = session.exec(select(LiveWeek.booking_opens_at)).all()
        shifts = session.exec(select(OpenShift.week_id, OpenShift.starts_at)).all()
    assert opened == [NOW, NOW]
    assert len({week_id for week_id, _ in shifts}) == 2
    assert min(starts_at for _, starts_at in shifts) > NOW


def test_the_one_who_signs_in_has_a_desk_and_somebody_else_calls_off(
    database: Database, command: pytest.MonkeyPatch, capsys: Any
) -> None:
    command.setattr(clock, "now", lambda: NOW)
    command.setattr(demo_steps, "SOLVE", fake_solvers.desks_only)
    assert main(["demo"]) == 0
    capsys.readouterr()
    with database.transaction() as session:
        demo = demo_site.find(session)
        assert demo is not None
        entered = set(session.exec(select(AvailabilityEntry.agent_id)))
        agents = session.exec(select(Agent).where(Agent.home_wish == HomeWish.NONE).order_by(col(Agent.id))).all()
        new = next(agent.id for agent in agents if agent.id not in entered)
        other = next(agent.id for agent in agents if agent.id in entered)
        for agent_id in (other, new):
            wish = Wish(datetime(2026, 11, 19, 7, tzinfo=UTC), datetime(2026, 11, 19, 11, tzinfo=UTC))
            shift_booking.book_time(session, demo.manager, NOW, wish, agent_id=agent_id)
        demo_first_look.prepare(session, demo, NOW)
        account = session.exec(select(UserAccount).where(UserAccount.login_name == "agent")).one()
        absences = session.exec(select(OpenShift).where(OpenShift.origin == ShiftOrigin.ABSENCE)).all()
        left = session.exec(select(CurrentDuty.agent_id)).all()
        name = session.get_one(Agent, new).display_name
    assert (account.agent_id, account.display_name) == (new, name)
    assert [shift.starts_at.hour for shift in absences] == [7]
    assert left == [new]
