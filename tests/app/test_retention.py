"""Everything is deleted on the day its time is over, not a day before, and nothing else with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from app.config import PROJECT_ROOT
from app.db import Database
from app.models import (
    Agent,
    ApiToken,
    AuditEvent,
    AvailabilityEntry,
    AvailabilityException,
    AvailabilityPattern,
    AvailabilityUndo,
    CurrentDuty,
    Document,
    Draft,
    ExceptionKind,
    FeedToken,
    HomeClearance,
    IdempotencyKey,
    JobState,
    LoginAttempt,
    Mail,
    MailState,
    MailStep,
    MailWish,
    OfferKind,
    OutboxMessage,
    OwnMark,
    PatternKind,
    PlanJob,
    PublishedDuty,
    RetentionPass,
    Role,
    RosterChange,
    RosterVersion,
    Scope,
    Site,
    StatedWindows,
    UsedLink,
    UserAccount,
    Week,
    WeekState,
    WorkerHeartbeat,
)
from app.services import own_marks, retention, swapping
from app.services.audit import Actor
from tests.app import booking_site, build
from tests.app.build import MONDAY, NOW, World
from tests.app.mail_site import SECRET

SUNDAY = MONDAY + timedelta(days=6)
Make = Callable[[Session, World], Any]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def windows(session: Session, world: World) -> None:
    session.add(
        AvailabilityException(
            agent_id=world.agent_id,
            applies_on=SUNDAY,
            start_clock_minutes=0,
            end_clock_minutes=60,
            kind=ExceptionKind.BLOCKED,
        )
    )


def pattern(session: Session, world: World) -> None:
    for valid_to_on in (SUNDAY, None):
        session.add(
            AvailabilityPattern(
                agent_id=world.agent_id,
                weekday=0,
                start_clock_minutes=0,
                end_clock_minutes=60,
                kind=PatternKind.BLOCKED,
                valid_from_on=MONDAY,
                valid_to_on=valid_to_on,
            )
        )


def entry(session: Session, world: World) -> None:
    session.add(AvailabilityEntry(week_id=world.week_id, agent_id=world.agent_id, confirmed_at=NOW))


def undo(session: Session, world: World) -> None:
    session.add(
        AvailabilityUndo(agent_id=world.agent_id, fingerprint="x", before=StatedWindows(), saved_at=noon(MONDAY))
    )


def clearance(session: Session, world: World) -> None:
    session.add(HomeClearance(agent_id=world.agent_id, valid_from_on=MONDAY, valid_to_on=SUNDAY))


def absence(session: Session, world: World) -> None:
    for kind in ("absent", "edited"):
        session.add(RosterChange(site_id=world.site_id, week_id=world.week_id, kind=kind, happened_at=NOW))


def absence_in_audit(session: Session, world: World) -> None:
    for action in ("roster.absent", "roster.edited"):
        session.add(AuditEvent(happened_at=noon(MONDAY), action=action, object_kind="week", site_id=world.site_id))


def message(session: Session, world: World) -> None:
    user_id = world.users[Role.AGENT]
    session.add(OutboxMessage(recipient_user_id=user_id, kind="roster.booked", created_at=noon(MONDAY)))


def mail(session: Session, world: World) -> None:
    user_id = world.users[Role.AGENT]
    sent = Mail(
        recipient_user_id=user_id,
        address="a@b.example",
        state=MailState.SENT,
        created_at=NOW,
        next_try_at=NOW,
        tried_at=noon(MONDAY),
        sent_at=noon(MONDAY),
    )
    build.saved(session, sent)
    told: dict[str, Any] = {"kind": "roster.booked", "created_at": noon(MONDAY + timedelta(days=100))}
    session.add(OutboxMessage(recipient_user_id=user_id, mail_step=MailStep.MAILED, mail_id=sent.id, **told))


def key(session: Session, world: World) -> None:
    session.add(
        IdempotencyKey(user_id=world.users[Role.AGENT], key="k", request_hash="0" * 64, created_at=noon(MONDAY))
    )


def link(session: Session, world: World) -> None:
    session.add(UsedLink(token_hash="0" * 64, user_id=world.users[Role.AGENT], used_at=NOW, expires_at=noon(MONDAY)))


def api_token(session: Session, world: World) -> None:
    fields: dict[str, Any] = {
        "user_id": world.users[Role.AGENT],
        "name": "n",
        "token_hash": "0" * 64,
        "scopes": [Scope.BOOKINGS],
    }
    session.add(ApiToken(**fields, created_at=NOW, expires_at=noon(MONDAY)))


def attempt(session: Session, world: World) -> None:  # noqa: ARG001  # every maker is called alike
    session.add(LoginAttempt(login_name="x", address="y", attempted_at=noon(MONDAY)))


def heartbeat(session: Session, world: World) -> None:  # noqa: ARG001  # as above
    session.add(WorkerHeartbeat(worker_id="w", started_at=NOW, beat_at=noon(MONDAY)))


def event(session: Session, world: World) -> None:
    session.add(AuditEvent(happened_at=noon(MONDAY), action="x", object_kind="week", site_id=world.site_id))


@dataclass(frozen=True)
class Case:
    """Something made, the last day on which it is still there, and how many of its rows stay for ever."""

    make: Make
    kind: type[Any]
    last_on: date
    stay: int = 0


CASES = {
    # The week ends on 5 April; four weeks later is 3 May, and whole weeks are looked at.
    "windows": Case(windows, AvailabilityException, date(2020, 5, 3)),
    "patterns": Case(pattern, AvailabilityPattern, date(2020, 5, 3), stay=1),
    "entries": Case(entry, AvailabilityEntry, date(2020, 5, 3)),
    "undo": Case(undo, AvailabilityUndo, MONDAY + timedelta(days=7)),
    "clearance": Case(clearance, HomeClearance, SUNDAY + timedelta(days=92)),
    "absence": Case(absence, RosterChange, date(2020, 5, 3), stay=1),
    "messages": Case(message, OutboxMessage, MONDAY + timedelta(days=90)),
    "mails": Case(mail, Mail, MONDAY + timedelta(days=30)),
    "keys": Case(key, IdempotencyKey, MONDAY + timedelta(days=7)),
    "links": Case(link, UsedLink, MONDAY),
    "tokens": Case(api_token, ApiToken, MONDAY + timedelta(days=30)),
    "attempts": Case(attempt, LoginAttempt, MONDAY + timedelta(days=1)),
    "heartbeats": Case(heartbeat, WorkerHeartbeat, MONDAY + timedelta(days=1)),
}


def count(database: Database, kind: type[Any]) -> int:
    with database.reading() as session:
        return int(session.exec(select(sa.func.count()).select_from(kind)).one())


def delete(database: Database, now: datetime) -> dict[str, int]:
    with database.transaction() as session:
        return retention.delete_what_is_over(session, now, SECRET)


@pytest.mark.parametrize("name", CASES)
def test_it_is_there_on_its_last_day_and_gone_on_the_next(database: Database, world: World, name: str) -> None:
    case = CASES[name]
    with database.transaction() as session:
        case.make(session, world)
    made = count(database, case.kind)
    assert made > case.stay
    delete(database, noon(case.last_on))
    assert count(database, case.kind) == made
    delete(database, noon(case.last_on) + timedelta(days=1))
    assert count(database, case.kind) == case.stay


def test_audit_goes_after_a_year_and_absences_in_it_much_earlier(database: Database, world: World) -> None:
    with database.transaction() as session:
        session.connection().execute(sa.delete(AuditEvent))
        event(session, world)
        absence_in_audit(session, world)

    def left() -> list[str]:
        with database.reading() as session:
            found = session.exec(select(AuditEvent.action)).all()
        return sorted(action for action in found if action != "retention.done")

    delete(database, noon(MONDAY + timedelta(days=35)))
    assert left() == ["roster.absent", "roster.edited", "x"]
    delete(database, noon(MONDAY + timedelta(days=36)))
    assert left() == ["roster.edited", "x"]
    delete(database, noon(MONDAY + timedelta(days=365)))
    assert left() == ["roster.edited", "x"]
    delete(database, noon(MONDAY + timedelta(days=366)))
    assert left() == []


def test_ticks_go_with_their_windows_and_are_safe_from_a_wrong_key(database: Database, world: World) -> None:
    sealer = own_marks.Sealer(SECRET, world.agent_id)
    with database.transaction() as session:
        windows(session, world)
        session.flush()
        own_marks.tick_days(session, sealer, SUNDAY, SUNDAY)
    with database.transaction() as session:
        retention.delete_what_is_over(session, noon(date(2020, 5, 1)), "w" * 40)
    with database.reading() as session:
        assert own_marks.of_agent(session, sealer).ticked.dated
    delete(database, noon(date(2020, 5, 4)))
    with database.reading() as session:
        assert session.get_one(OwnMark, world.agent_id)
        assert own_marks.of_agent(session, sealer).ticked == StatedWindows()


def test_what_was_planned_and_not_published_goes_and_the_published_stays(database: Database, world: World) -> None:
    with database.transaction() as session:
        week = session.get_one(Week, world.published_week_id)
        session.add(PlanJob(week_id=week.id, state=JobState.DONE, requested_at=NOW))
    documents = count(database, Document)
    delete(database, noon(date(2020, 4, 20)))
    assert (count(database, Draft), count(database, PlanJob), count(database, Document)) == (1, 2, documents)
    delete(database, noon(date(2020, 5, 4)))
    assert (count(database, Draft), count(database, PlanJob), count(database, RosterVersion)) == (0, 0, 1)
    # The version's problem and roster; the draft's own two are gone.
    assert count(database, Document) == documents - 2


def test_a_week_goes_with_everything_after_two_years_and_its_neighbours_stay(database: Database) -> None:
    with database.transaction() as session:
        old = booking_site.make(session)
        new = booking_site.make(session, key="ham")
        for site in (old, new):
            booking_site.book(session, site, "a1", "08:00", "12:00", day=2, desk="01")
            shift = booking_site.shift(session, site, "14:00", "18:00", day=2)
            site.week(session).state = WeekState.PUBLISHED
            duty = session.exec(select(CurrentDuty).where(CurrentDuty.site_id == site.site_id)).one()
            swapping.offer(session, site.actors["a1"], NOW, duty.id, OfferKind.GIVE_AWAY)
            assert shift.id
            row = session.get_one(Site, site.site_id)
            author = session.get_one(UserAccount, site.manager.user_id)
            version = build.version(session, row, site.week(session), author)
            agent = session.get_one(Agent, site.agents["a1"])
            build.duty(session, version, agent, booking_site.at("08:00", 2), booking_site.at("12:00", 2))
        later = _next_week_at_the_same_desk(session, old)
        new.week(session).first_day = MONDAY + timedelta(weeks=5)
    # The week ended on 5 April 2020, so its two years end with April 2022.
    delete(database, noon(date(2022, 4, 30)))
    assert count(database, RosterVersion) == 2
    counts = delete(database, noon(date(2022, 5, 1)))
    assert counts["weeks"] == 2
    with database.reading() as session:
        assert [week.site_id for week in session.exec(select(Week))] == [new.site_id]
        assert {duty.site_id for duty in session.exec(select(CurrentDuty))} == {new.site_id}
    assert (count(database, RosterVersion), count(database, PublishedDuty)) == (1, 1)
    assert count(database, Document) == 2
    assert later


def _next_week_at_the_same_desk(session: Session, site: booking_site.BookingSite) -> int:
    row = session.get_one(Site, site.site_id)
    week = build.week(session, row, MONDAY + timedelta(weeks=1))
    booking_site.open_for_booking(session, week)
    return week.id


def test_a_desk_that_two_weeks_share_takes_nobody_along(database: Database) -> None:
    """A reference by two columns, week and desk, must not be read as one by desk alone."""
    with database.transaction() as session:
        site = booking_site.make(session, first_day=MONDAY)
        kept = build.week(session, session.get_one(Site, site.site_id), MONDAY + timedelta(weeks=5))
        booking_site.open_for_booking(session, kept)
        booking_site.book(session, site, "a1", "08:00", "12:00", day=2, desk="01")
        booking_site.book(session, site, "a2", "08:00", "12:00", day=37, desk="01")
    delete(database, noon(date(2022, 5, 1)))
    with database.reading() as session:
        assert [duty.week_id for duty in session.exec(select(CurrentDuty))] == [kept.id]


def test_a_site_made_today_from_a_file_of_years_ago_keeps_what_has_only_just_come(
    database: Database, world: World
) -> None:
    today = noon(date(2026, 5, 1))
    with database.transaction() as session:
        windows(session, world)
        made: dict[str, Any] = {"happened_at": today, "action": "site.created", "object_kind": "site"}
        session.add(AuditEvent(**made, site_id=world.site_id))
    assert delete(database, today + timedelta(days=1))["weeks"] == 1
    with database.reading() as session:
        assert {week.site_id for week in session.exec(select(Week))} == {world.site_id}
    assert (count(database, AvailabilityException), count(database, Draft)) == (1, 1)
    delete(database, today + timedelta(days=29))
    assert (count(database, AvailabilityException), count(database, Draft), count(database, Week)) == (0, 0, 2)


def test_versions_cannot_go_any_other_way(database: Database, world: World) -> None:
    with pytest.raises(IntegrityError, match="immutable"), database.transaction() as session:
        session.connection().execute(sa.delete(PublishedDuty))
    with pytest.raises(IntegrityError, match="immutable"), database.transaction() as session:
        _delete_by_a_pass_of_its_day(session)
    assert count(database, RetentionPass) == 0
    assert count(database, RosterVersion) == 1
    assert world.version_id


def _delete_by_a_pass_of_its_day(session: Session) -> None:
    session.add(RetentionPass(published_before=NOW))
    session.flush()
    session.connection().execute(sa.delete(PublishedDuty))


def test_a_closed_account_loses_its_address_and_its_calendar(database: Database, world: World) -> None:
    with database.transaction() as session:
        for user_id in (world.users[Role.AGENT], world.stranger_user_id):
            session.add(MailWish(user_id=user_id, address="a@b.example"))
            session.add(FeedToken(user_id=user_id, token_hash=f"{user_id:064}", created_at=NOW))
        session.get_one(UserAccount, world.stranger_user_id).active = False
    delete(database, NOW)
    with database.reading() as session:
        assert [wish.user_id for wish in session.exec(select(MailWish))] == [world.users[Role.AGENT]]
        assert [token.user_id for token in session.exec(select(FeedToken))] == [world.users[Role.AGENT]]


def test_what_was_deleted_is_noted_by_figures_only(database: Database, world: World) -> None:
    with database.transaction() as session:
        windows(session, world)
    delete(database, noon(date(2020, 5, 4)))
    with database.reading() as session:
        noted = session.exec(select(AuditEvent).where(AuditEvent.action == "retention.done")).one()
    assert noted.facts["availability"] == 1
    assert all(isinstance(figure, int) for figure in noted.facts.values())


def test_every_table_about_people_has_a_rule_or_a_reason() -> None:
    """Whoever adds a table says here how long it is kept."""
    from app.models import Table

    with_week = _below(Table.metadata.tables["week"])
    ruled = {
        *(case.kind.__tablename__ for case in CASES.values()),
        *("audit_event", "draft", "plan_job", "document", "mail_wish", "feed_token", "own_mark", "entry_reminder"),
        *("swap_offer", "offer_event", "waiting_entry", "stand_in_request"),
        *with_week,
    }
    kept = {
        "agent": "as long as somebody works here",
        "agent_queue": "as long as somebody works here",
        "care_partner": "until one of the two ends it",
        "user_account": "its name stands in the audit",
        "call_history": "nobody in it",
        "booking_terms": "nobody in it",
        "chore": "nobody in it",
        "retention_pass": "never seen outside its transaction",
        **dict.fromkeys(("site", "site_mark", "room", "desk", "partition", "hygiene_profile", "queue"), "nobody in it"),
    }
    assert set(Table.metadata.tables) - ruled - set(kept) == set()


def _below(top: sa.Table) -> set[str]:
    found = {top.name}
    for table in top.metadata.sorted_tables:
        if any(constraint.referred_table.name in found for constraint in table.foreign_key_constraints):
            found.add(table.name)
    return found


def command(*words: str, database_url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "retention", *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=PROJECT_ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8", "ABSTAND_DATABASE_URL": database_url, "ABSTAND_SECRET_KEY": SECRET},
    )
    return done.stdout


def test_the_command_says_first_and_does_then(database: Database, database_url: str, world: World) -> None:
    with database.transaction() as session:
        attempt(session, world)
        windows(session, world)
    shown = command("--dry-run", "--language", "en", database_url=database_url)
    assert shown.startswith("Dry run: nothing was deleted.")
    assert "tries to sign in, heartbeats: 1\n" in shown
    assert count(database, LoginAttempt) == 1
    assert "Rows deleted:" in command("--language", "en", database_url=database_url)
    assert (count(database, LoginAttempt), count(database, AvailabilityException)) == (0, 0)
    assert Actor(None) == retention.SYSTEM
