"""The calendar feed: right on the wall in every week, the same entries however they change, cheap to ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Timezone
from sqlmodel import select

from app.calendar_text import as_ical
from app.db import Database
from app.models import (
    Agent,
    BookingTerms,
    CurrentDuty,
    FeedToken,
    Language,
    OfferKind,
    Place,
    Role,
    UserAccount,
    WeekState,
)
from app.services import calendar_feed, closing, replacements, roster_editing, shift_booking, swapping
from app.services.audit import Actor
from app.services.calendar_feed import Feed, FeedEntry
from tests.app import booking_site, build
from tests.app.booking_site import MONDAY, NOW, BookingSite, at
from tests.app.conftest import FrozenClock

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def site(database: Database, app: Flask) -> BookingSite:  # noqa: ARG001  # both on one database
    with database.transaction() as session:
        return booking_site.make(session)


@pytest.fixture
def address(database: Database, site: BookingSite) -> str:
    with database.transaction() as session:
        return f"/calendar/{calendar_feed.make(session, site.actors['a1'], NOW)}.ics"


@pytest.fixture
def program(app: Flask, clock: FrozenClock) -> Callable[..., Any]:
    """A calendar program that asks with a minute between."""
    browser = app.test_client()

    def ask(address: str, **headers: str) -> Any:
        clock.at += timedelta(minutes=1)
        return browser.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return ask


def events(content: bytes | str) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_a_duty_is_an_entry_with_time_zone_desk_and_room(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any]
) -> None:
    with database.transaction() as session:
        booking_site.book(session, site, "a1", "08:00", "12:00", day=2, desk="02")
        booking_site.book(session, site, "a2", "08:00", "12:00", day=2, desk="03")
    answer = program(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    calendar = Calendar.from_ical(answer.data)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
    (event,) = events(answer.data)
    assert event.decoded("DTSTART") == at("08:00", 2)
    assert b"DTSTART;TZID=Europe/Berlin:20200401T080000" in answer.data
    assert (event["SUMMARY"], event["STATUS"]) == ("Dienst · Platz 3-east-02", "CONFIRMED")
    assert event["LOCATION"] == "Room 3-east, Platz 3-east-02, MUC"
    assert "3-east-03" not in answer.text
    for other in ("a2", "a3", "boss"):
        assert other not in answer.text.replace(str(event["UID"]), "")


def test_the_entry_stays_the_same_and_its_sequence_grows(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        duty = booking_site.book(session, site, "a1", "08:00", "12:00", day=2, desk="01")
    seen = [events(program(address).data)[0]]
    clock.at += timedelta(hours=1)
    with database.transaction() as session:
        site.week(session).state = WeekState.PUBLISHED
        duty = roster_editing.edit(
            session, site.manager, clock.at, duty.id, starts_at=at("09:00", 2), ends_at=at("13:00", 2)
        )
    seen.append(events(program(address).data)[0])
    clock.at += timedelta(hours=1)
    with database.transaction() as session:
        closing.close_desks(session, site.manager, clock.at, [site.desks["01"]])
    seen.append(events(program(address).data)[0])
    assert len({str(event["UID"]) for event in seen}) == 1
    assert seen[0]["SEQUENCE"] < seen[1]["SEQUENCE"] < seen[2]["SEQUENCE"]
    assert seen[0].decoded("LAST-MODIFIED") < seen[1].decoded("LAST-MODIFIED") < seen[2].decoded("LAST-MODIFIED")
    assert seen[1].decoded("DTSTART") == at("09:00", 2)
    assert str(seen[2]["SUMMARY"]) != str(seen[1]["SUMMARY"])


def test_the_sequence_grows_even_where_the_first_of_two_duties_goes(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        session.get_one(Agent, site.agents["a1"]).max_blocks_per_day = 2
        booking_site.book(session, site, "a1", "14:00", "18:00", day=2)
    clock.at += timedelta(minutes=10)
    with database.transaction() as session:
        wish = booking_site.wish("08:00", "12:00", 2)
        first = shift_booking.book_time(session, site.actors["a1"], clock.at, wish)
    before = events(program(address).data)
    assert [event.decoded("DTSTART") for event in before] == [at("08:00", 2), at("14:00", 2)]
    clock.at += timedelta(minutes=10)
    with database.transaction() as session:
        shift_booking.cancel(session, site.actors["a1"], clock.at, first.id)
    (after,) = events(program(address).data)
    assert after["UID"] == before[0]["UID"]
    assert after["SEQUENCE"] > before[0]["SEQUENCE"]


def test_nothing_new_is_a_304_for_both_kinds_of_question(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    first = program(address)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": etag}, {"If_Modified_Since": modified}):
        answer = program(address, **headers)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
    with database.transaction() as session:
        shift_booking.book_time(session, site.actors["a1"], clock.at, booking_site.wish("08:00", "12:00", 2))
    for headers in ({"If_None_Match": etag}, {"If_Modified_Since": modified}):
        assert program(address, **headers).status_code == 200
    assert program(address).headers["ETag"] != etag


def test_the_same_content_is_the_same_bytes(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        booking_site.book(session, site, "a1", "08:00", "12:00", day=2)
    first = program(address)
    clock.at += timedelta(hours=30)
    again = program(address)
    assert (again.headers["ETag"], again.data) == (first.headers["ETag"], first.data)


def test_others_changes_are_no_news(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any]
) -> None:
    etag = program(address).headers["ETag"]
    with database.transaction() as session:
        booking_site.book(session, site, "a2", "08:00", "12:00", day=2)
    assert program(address, If_None_Match=etag).status_code == 304


def test_a_program_that_asks_every_second_is_slowed_and_costs_no_database(
    app: Flask, address: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, codes, reads = app.test_client(), [], []
    etag = browser.get(address).headers["ETag"]
    looked = calendar_feed.opened

    def counted(*given: Any) -> Any:
        reads.append(1)
        return looked(*given)

    monkeypatch.setattr(calendar_feed, "opened", counted)
    for _ in range(60):
        clock.at += timedelta(seconds=1)
        answer = browser.get(address, headers={"If-None-Match": etag})
        codes.append(answer.status_code)
        if answer.status_code == 429:
            assert 1 <= int(answer.headers["Retry-After"]) <= 10
            assert "Alle 15 Minuten genügt" in answer.text
    assert set(codes) == {304, 429}
    assert codes.count(304) == len(reads)
    # Nine more at once, and one for each ten seconds that went by.
    assert 14 <= codes.count(304) <= 15
    clock.at += timedelta(minutes=15)
    assert browser.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_asking_again_and_again_writes_next_to_nothing(
    database: Database, address: str, program: Callable[..., Any]
) -> None:
    program(address)
    with database.reading() as session:
        first = session.exec(select(FeedToken)).one().fetched_at
    for _ in range(20):
        program(address)
    with database.reading() as session:
        assert session.exec(select(FeedToken)).one().fetched_at == first


def test_head_is_allowed_and_empty(app: Flask, address: str) -> None:
    answer = app.test_client().head(address)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"]


def test_only_the_hash_is_kept_and_a_new_address_ends_the_old(
    database: Database,
    site: BookingSite,
    address: str,
    program: Callable[..., Any],
    as_user: Callable[[int], FlaskClient],
) -> None:
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    with database.reading() as session:
        assert token not in repr(session.exec(select(FeedToken)).one().model_dump())
    browser = as_user(site.actors["a1"].user_id or 0)
    page = browser.post("/agent/more/calendar").text
    made = page.split("/calendar/")[1].split(".ics")[0]
    assert page.count(f"/calendar/{made}.ics") == 2
    assert made not in browser.get("/agent/more/calendar").text
    assert (program(address).status_code, program(f"/calendar/{made}.ics").status_code) == (404, 200)
    assert "Zuletzt abgerufen" in browser.get("/agent/more/calendar").text
    assert browser.post("/agent/more/calendar/revoke").status_code == 303
    assert program(f"/calendar/{made}.ics").status_code == 404
    assert "keinen Kalenderlink" in browser.get("/agent/more/calendar").text


def test_a_closed_account_shows_nothing(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any]
) -> None:
    with database.transaction() as session:
        session.get_one(UserAccount, site.actors["a1"].user_id).active = False
    assert program(address).status_code == 404


def test_what_is_held_or_asked_is_tentative_without_a_desk(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        session.get_one(UserAccount, site.actors["a1"].user_id).language = Language.ENGLISH
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        replacements.ask(session, site.manager, NOW, shift.id, [site.agents["a1"]])
    (event,) = events(program(address).data)
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert event["SUMMARY"] == "Not certain yet: duty · no desk yet"
    assert "Answer until Wed 25 Mar, 11:00" in event["DESCRIPTION"]
    clock.at = NOW + timedelta(hours=2)
    assert events(program(address).data) == []


def test_a_swap_that_waits_for_the_manager_is_tentative(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any]
) -> None:
    with database.transaction() as session:
        session.add(BookingTerms(site_id=site.site_id, swaps_need_approval=True))
        duty = booking_site.book(session, site, "a2", "08:00", "12:00", day=2)
        site.week(session).state = WeekState.PUBLISHED
        offer = swapping.offer(session, site.actors["a2"], NOW, duty.id, OfferKind.GIVE_AWAY)
        swapping.accept(session, site.actors["a1"], NOW, offer.id)
    (event,) = events(program(address).data)
    assert (event["STATUS"], event.decoded("DTSTART")) == ("TENTATIVE", at("08:00", 2))
    assert "Standortleitung muss noch zustimmen" in event["DESCRIPTION"]


def test_a_published_week_that_nobody_has_touched_is_there(database: Database, world: build.World, app: Flask) -> None:
    with database.transaction() as session:
        account = session.get_one(UserAccount, world.users[Role.AGENT])
        actor = Actor(account.id, account.role, account.site_id, account.agent_id)
        token = calendar_feed.make(session, actor, NOW)
    (event,) = events(app.test_client().get(f"/calendar/{token}.ics").data)
    assert event["SUMMARY"] == "Dienst zu Hause"
    assert event.decoded("DTSTART") == build.local(MONDAY - timedelta(days=7), "08:00")


def written(*spans: tuple[str, str]) -> bytes:
    """A feed of duties at home, from UTC to UTC."""
    entries = [
        FeedEntry(f"n{number}", 1, NOW, datetime.fromisoformat(start), datetime.fromisoformat(end), Place.HOME)
        for number, (start, end) in enumerate(spans)
    ]
    return as_ical(Feed(entries, "de", "Europe/Berlin", "MUC"), "")


@pytest.mark.parametrize(
    ("start", "end", "dtstart"),
    [
        # The night in which 02:00 becomes 03:00, before and behind the gap.
        ("2020-03-29T00:30+00:00", "2020-03-29T04:30+00:00", "DTSTART;TZID=Europe/Berlin:20200329T013000"),
        ("2020-03-29T01:00+00:00", "2020-03-29T05:00+00:00", "DTSTART;TZID=Europe/Berlin:20200329T030000"),
        # The hour that comes twice: only UTC says which of the two.
        ("2020-10-25T00:30+00:00", "2020-10-25T04:30+00:00", "DTSTART:20201025T003000Z"),
        ("2020-10-25T01:30+00:00", "2020-10-25T05:30+00:00", "DTSTART:20201025T013000Z"),
        ("2020-10-25T02:00+00:00", "2020-10-25T06:00+00:00", "DTSTART;TZID=Europe/Berlin:20201025T030000"),
        # Over midnight, the last week of a year with 53, and the day that comes every four years.
        ("2020-03-30T20:00+00:00", "2020-03-31T00:00+00:00", "DTSTART;TZID=Europe/Berlin:20200330T220000"),
        ("2021-01-03T17:00+00:00", "2021-01-03T23:00+00:00", "DTSTART;TZID=Europe/Berlin:20210103T180000"),
        ("2020-02-29T07:00+00:00", "2020-02-29T11:00+00:00", "DTSTART;TZID=Europe/Berlin:20200229T080000"),
    ],
)
def test_every_program_reads_the_instant_that_is_meant(start: str, end: str, dtstart: str) -> None:
    content = written((start, end))
    assert dtstart in content.decode()
    (event,) = events(content)
    meant = (datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert (event.decoded("DTSTART").astimezone(UTC), event.decoded("DTEND").astimezone(UTC)) == meant


def test_the_time_zone_written_out_has_the_offsets_of_its_changes() -> None:
    content = written(
        ("2020-03-28T08:00+00:00", "2020-03-28T12:00+00:00"), ("2020-10-26T08:00+00:00", "2020-10-26T12:00+00:00")
    )
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    read = cast("Timezone", zone).to_tz(lookup_tzid=False)
    for day in (date(2020, 3, 28), date(2020, 3, 29), date(2020, 10, 24), date(2020, 10, 26)):
        noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001  # the zone that was read gives the offset
        assert noon.replace(tzinfo=read).utcoffset() == noon.replace(tzinfo=BERLIN).utcoffset(), day


def test_duties_of_long_ago_are_gone(
    database: Database, site: BookingSite, address: str, program: Callable[..., Any], clock: FrozenClock
) -> None:
    with database.transaction() as session:
        booking_site.book(session, site, "a1", "08:00", "12:00", day=2)
    clock.at = at("12:00", 2) + timedelta(weeks=4) - timedelta(minutes=2)
    assert len(events(program(address).data)) == 1
    assert events(program(address).data) == []
    with database.reading() as session:
        assert len(session.exec(select(CurrentDuty)).all()) == 1
