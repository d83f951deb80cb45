"""Links in mails: opening changes nothing, the button does one thing once, for one person, in time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from app.db import Database
from app.models import (
    AuditEvent,
    CurrentDuty,
    MailWish,
    OfferKind,
    OfferState,
    OpenShift,
    OutboxMessage,
    StandInRequest,
    StandInState,
    SwapOffer,
    UsedLink,
    UserAccount,
    WaitingEntry,
    WaitingState,
    WeekState,
)
from app.services import mail_wishes, replacements, shift_booking, signed_links, swapping, telling, waiting_list
from app.services.signed_links import Link, Purpose
from tests.app import booking_site
from tests.app.booking_site import NOW, BookingSite, at
from tests.app.conftest import FrozenClock
from tests.app.mail_site import SECRET


@pytest.fixture
def site(database: Database, app: Flask) -> BookingSite:  # noqa: ARG001  # both on one database
    with database.transaction() as session:
        return booking_site.make(session)


@pytest.fixture
def nobody(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


def tokens(database: Database, site: BookingSite, who: str, kind: str) -> dict[Purpose, str]:
    """The links that a mail about the latest message of a kind has."""
    with database.reading() as session:
        account = session.get_one(UserAccount, site.actors[who].user_id)
        message = session.exec(
            select(OutboxMessage)
            .where(OutboxMessage.recipient_user_id == account.id, OutboxMessage.kind == kind)
            .order_by(col(OutboxMessage.id).desc())
        ).first()
        assert message is not None
        return {
            act.purpose: signed_links.signed(
                SECRET, Link(account.id, account.session_epoch, act.purpose, act.object_id, act.expires_at, act.address)
            )
            for act in telling.notice_of(session, message).acts
        }


def rows(database: Database, kind: type) -> list[object]:
    with database.reading() as session:
        return list(session.exec(select(kind)))


def held_place(database: Database, site: BookingSite) -> int:
    """A shift whose one place is held for a2."""
    with database.transaction() as session:
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        duty = shift_booking.book_shift(session, site.actors["a1"], NOW, shift.id)
        waiting_list.join(session, site.actors["a2"], NOW, shift.id)
    with database.transaction() as session:
        shift_booking.cancel(session, site.actors["a1"], NOW, duty.id)
    return shift.id


def test_opening_a_link_however_often_changes_nothing(
    database: Database, site: BookingSite, nobody: FlaskClient
) -> None:
    held_place(database, site)
    found = tokens(database, site, "a2", "waiting.offered")
    assert set(found) == {Purpose.WAITING_ACCEPT, Purpose.WAITING_RELEASE}
    before = [rows(database, kind) for kind in (CurrentDuty, WaitingEntry, UsedLink, AuditEvent, OutboxMessage)]
    for token in found.values():
        for _ in range(3):
            page = nobody.get(f"/links/{token}")
            assert page.status_code == 200
            assert "Mi 1.4. 08:00–12:00 · noch kein Platz" in page.text
            assert "Bisher ist nichts geschehen" in page.text
            assert nobody.head(f"/links/{token}").status_code == 200
            assert page.headers["Referrer-Policy"] == "no-referrer"
    after = [rows(database, kind) for kind in (CurrentDuty, WaitingEntry, UsedLink, AuditEvent, OutboxMessage)]
    assert [list(map(repr, one)) for one in after] == [list(map(repr, one)) for one in before]


def test_a_held_place_is_accepted_once_by_somebody_signed_out(
    database: Database, site: BookingSite, nobody: FlaskClient
) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    done = nobody.post(f"/links/{token}")
    assert done.status_code == 200
    assert "Der Dienst gehört Ihnen." in done.text
    with database.reading() as session:
        assert [key for key, *_ in booking_site.duties(session, site)] == ["a2"]
    again = nobody.post(f"/links/{token}")
    assert again.status_code == 410
    assert "schon benutzt" in again.text
    assert "schon benutzt" in nobody.get(f"/links/{token}").text
    # It was good for that one thing only.
    assert nobody.get("/agent/week").headers["Location"].startswith("/sign-in")
    events = [event for event in rows(database, AuditEvent) if isinstance(event, AuditEvent)]
    assert [event.facts["purpose"] for event in events if event.action == "link.used"] == ["waiting_accept"]


def test_a_held_place_is_released_to_the_next(database: Database, site: BookingSite, nobody: FlaskClient) -> None:
    shift_id = held_place(database, site)
    with database.transaction() as session:
        waiting_list.join(session, site.actors["a3"], NOW, shift_id)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_RELEASE]
    assert nobody.post(f"/links/{token}").status_code == 200
    states = {entry.agent_id: entry.state for entry in rows(database, WaitingEntry) if isinstance(entry, WaitingEntry)}
    assert states == {site.agents["a2"]: WaitingState.LEFT, site.agents["a3"]: WaitingState.OFFERED}


@pytest.mark.parametrize("late_by_minutes", [-1, 0, 1])
def test_a_link_works_until_the_offer_ends(
    database: Database, site: BookingSite, nobody: FlaskClient, clock: FrozenClock, late_by_minutes: int
) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    clock.at = NOW + timedelta(minutes=60 + late_by_minutes)
    answer = nobody.post(f"/links/{token}")
    assert answer.status_code == (200 if late_by_minutes < 0 else 410)
    assert ("Die Frist dieses Links ist vorbei" in answer.text) == (late_by_minutes >= 0)
    assert len(rows(database, CurrentDuty)) == (late_by_minutes < 0)


def test_a_link_is_no_way_round_the_queue(database: Database, site: BookingSite, nobody: FlaskClient) -> None:
    """Given back by its owner, the place is not to be had by the old mail again."""
    shift_id = held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    with database.transaction() as session:
        waiting_list.leave(session, site.actors["a2"], NOW, shift_id)
    answer = nobody.post(f"/links/{token}")
    assert (answer.status_code, "Die Zeit für dieses Angebot ist vorbei" in answer.text) == (409, True)
    assert rows(database, UsedLink) == []


def test_somebody_else_who_is_signed_in_is_refused(
    database: Database, site: BookingSite, as_user: Callable[[int], FlaskClient]
) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    other = as_user(site.actors["a3"].user_id or 0)
    for answer in (other.get(f"/links/{token}"), other.post(f"/links/{token}")):
        assert answer.status_code == 403
        assert "Sie sind als a3 angemeldet" in answer.text
        assert "08:00" not in answer.text
    assert rows(database, CurrentDuty) == []
    assert as_user(site.actors["a2"].user_id or 0).post(f"/links/{token}").status_code == 200


@pytest.mark.parametrize("change", ["password", "closed"])
def test_a_new_password_or_a_closed_account_ends_all_links(
    database: Database, site: BookingSite, nobody: FlaskClient, change: str
) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    with database.transaction() as session:
        account = session.get_one(UserAccount, site.actors["a2"].user_id)
        if change == "password":
            account.session_epoch += 1
        else:
            account.active = False
    assert nobody.get(f"/links/{token}").status_code == 410
    assert nobody.post(f"/links/{token}").status_code == 410
    assert rows(database, CurrentDuty) == []


@pytest.mark.parametrize("spoilt", ["x", "{}x", "x{}", "a" * 2000, "{}.{}"])
def test_a_link_that_was_never_signed_here_is_not_found(
    database: Database, site: BookingSite, nobody: FlaskClient, spoilt: str
) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    for answer in (
        nobody.get(f"/links/{spoilt.replace('{}', token)}"),
        nobody.post(f"/links/{spoilt.replace('{}', token)}"),
    ):
        assert answer.status_code == 404
        assert "unvollständig" in answer.text
    other_key = signed_links.signed("t" * 40, Link(1, 0, Purpose.BOOKING_RELEASE, 1, NOW + timedelta(days=1)))
    assert nobody.post(f"/links/{other_key}").status_code == 404


def test_of_two_clicks_at_once_one_counts(app: Flask, database: Database, site: BookingSite) -> None:
    held_place(database, site)
    token = tokens(database, site, "a2", "waiting.offered")[Purpose.WAITING_ACCEPT]
    start, answers = threading.Barrier(4), []

    def click() -> None:
        browser = app.test_client()
        start.wait()
        answers.append(browser.post(f"/links/{token}").status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert sorted(answers) == [200, 410, 410, 410]
    assert len(rows(database, CurrentDuty)) == 1


def asked(database: Database, site: BookingSite, *names: str) -> int:
    with database.transaction() as session:
        shift = booking_site.shift(session, site, "08:00", "12:00", day=2)
        replacements.ask(session, site.manager, NOW, shift.id, [site.agents[name] for name in names])
        return shift.id


def test_the_first_to_stand_in_has_the_shift_and_the_second_is_told(
    database: Database, site: BookingSite, nobody: FlaskClient
) -> None:
    asked(database, site, "a1", "a2", "a3")
    first, second, third = (tokens(database, site, name, "stand_in.asked") for name in ("a1", "a2", "a3"))
    assert nobody.post(f"/links/{third[Purpose.STAND_IN_DECLINE]}").status_code == 200
    assert "Danke!" in nobody.post(f"/links/{first[Purpose.STAND_IN_ACCEPT]}").text
    late = nobody.post(f"/links/{second[Purpose.STAND_IN_ACCEPT]}")
    assert (late.status_code, "gerade vergeben" in late.text) == (409, True)
    found = [row for row in rows(database, StandInRequest) if isinstance(row, StandInRequest)]
    assert {row.agent_id: row.state for row in found} == {
        site.agents["a1"]: StandInState.ACCEPTED,
        site.agents["a2"]: StandInState.OVER,
        site.agents["a3"]: StandInState.DECLINED,
    }


def offered(database: Database, site: BookingSite, kind: OfferKind, *, wanted: bool = False) -> int:
    """An offer of a1 to a2; both have a duty on Wednesday and Thursday."""
    with database.transaction() as session:
        own = booking_site.book(session, site, "a1", "08:00", "12:00", day=2)
        other = booking_site.book(session, site, "a2", "08:00", "12:00", day=3)
        site.week(session).state = WeekState.PUBLISHED
        return swapping.offer(
            session,
            site.actors["a1"],
            NOW,
            own.id,
            kind,
            to_agent_id=site.agents["a2"],
            wanted_duty_id=other.id if wanted else None,
        ).id


def state_of(database: Database, offer_id: int) -> OfferState:
    with database.reading() as session:
        return session.get_one(SwapOffer, offer_id).state


@pytest.mark.parametrize(("kind", "wanted"), [(OfferKind.GIVE_AWAY, False), (OfferKind.SWAP, True)])
def test_an_offer_is_accepted_by_its_link(
    database: Database, site: BookingSite, nobody: FlaskClient, kind: OfferKind, *, wanted: bool
) -> None:
    offer_id = offered(database, site, kind, wanted=wanted)
    found = tokens(database, site, "a2", "offer.offered")
    page = nobody.get(f"/links/{found[Purpose.OFFER_ACCEPT]}").text
    assert "Sie bekommen" in page
    assert "Mi 1.4. 08:00–12:00" in page
    assert ("Do 2.4. 08:00–12:00" in page) == wanted
    assert nobody.post(f"/links/{found[Purpose.OFFER_ACCEPT]}").status_code == 200
    assert state_of(database, offer_id) is OfferState.DONE
    # The other link of the same mail finds the offer answered.
    late = nobody.post(f"/links/{found[Purpose.OFFER_DECLINE]}")
    assert late.status_code in {404, 409}
    assert state_of(database, offer_id) is OfferState.DONE


def test_an_answer_to_a_swap_is_agreed_to_by_its_link(
    database: Database, site: BookingSite, nobody: FlaskClient
) -> None:
    offer_id = offered(database, site, OfferKind.SWAP)
    # Which duty to give in return is chosen on the page, so this mail can only decline.
    assert set(tokens(database, site, "a2", "offer.offered")) == {Purpose.OFFER_DECLINE}
    with database.transaction() as session:
        own = session.exec(select(CurrentDuty.id).where(CurrentDuty.agent_id == site.agents["a2"])).one()
        swapping.accept(session, site.actors["a2"], NOW, offer_id, own_duty_id=own)
    found = tokens(database, site, "a1", "offer.answered")
    assert nobody.post(f"/links/{found[Purpose.OFFER_CONFIRM]}").status_code == 200
    assert state_of(database, offer_id) is OfferState.DONE


def test_a_duty_changed_a_second_ago_is_not_swapped(database: Database, site: BookingSite, nobody: FlaskClient) -> None:
    offer_id = offered(database, site, OfferKind.GIVE_AWAY)
    token = tokens(database, site, "a2", "offer.offered")[Purpose.OFFER_ACCEPT]
    with database.transaction() as session:
        duty = session.exec(select(CurrentDuty).where(CurrentDuty.agent_id == site.agents["a1"])).one()
        session.delete(duty)
    answer = nobody.post(f"/links/{token}")
    assert (answer.status_code, "inzwischen geändert" in answer.text) == (409, True)
    assert state_of(database, offer_id) is OfferState.OPEN
    assert rows(database, UsedLink) == []


def test_a_booking_is_given_back_until_its_deadline(
    database: Database, site: BookingSite, nobody: FlaskClient, clock: FrozenClock
) -> None:
    with database.transaction() as session:
        booking_site.book(session, site, "a1", "08:00", "12:00", day=2)
    token = tokens(database, site, "a1", "roster.booked")[Purpose.BOOKING_RELEASE]
    clock.at = at("08:00", 1) + timedelta(seconds=1)
    assert nobody.post(f"/links/{token}").status_code == 410
    clock.at = at("08:00", 1) - timedelta(seconds=1)
    page = nobody.get(f"/links/{token}").text
    assert re.search(r"Mi 1\.4\. 08:00–12:00 · Platz 3-east-0\d", page)
    assert nobody.post(f"/links/{token}").status_code == 200
    assert rows(database, CurrentDuty) == []


def test_an_address_counts_once_its_link_was_used(database: Database, site: BookingSite, nobody: FlaskClient) -> None:
    actor = site.actors["a1"]
    for address in ("first@mail.example", "second@mail.example"):
        with database.transaction() as session:
            mail_wishes.set_address(session, actor, NOW, address)
    with database.reading() as session:
        assert session.get_one(MailWish, actor.user_id).address_confirmed_at is None
    old = _address_link(database, actor.user_id or 0, "first@mail.example")
    assert nobody.post(f"/links/{old}").status_code == 409
    new = tokens(database, site, "a1", "address.confirm")[Purpose.ADDRESS_CONFIRM]
    assert "second@mail.example" in nobody.get(f"/links/{new}").text
    assert nobody.post(f"/links/{new}").status_code == 200
    with database.reading() as session:
        assert session.get_one(MailWish, actor.user_id).address_confirmed_at == NOW


def _address_link(database: Database, user_id: int, address: str) -> str:
    with database.reading() as session:
        epoch = session.get_one(UserAccount, user_id).session_epoch
    until: datetime = NOW + timedelta(days=1)
    return signed_links.signed(SECRET, Link(user_id, epoch, Purpose.ADDRESS_CONFIRM, user_id, until, address))


def test_a_refusal_names_its_rule_and_the_link_stays_good(
    database: Database, site: BookingSite, nobody: FlaskClient
) -> None:
    """Nobody may work from 06:00 after working until 22:00 the day before."""
    with database.transaction() as session:
        late = booking_site.book(session, site, "a1", "18:00", "22:00", day=1)
        shift = _early_shift(session, site)
        replacements.ask(session, site.manager, NOW, shift.id, [site.agents["a1"]])
    token = tokens(database, site, "a1", "stand_in.asked")[Purpose.STAND_IN_ACCEPT]
    refused = nobody.post(f"/links/{token}")
    assert refused.status_code == 409
    assert re.search(r"8:00\s*h", refused.text)
    with database.transaction() as session:
        shift_booking.cancel(session, site.actors["a1"], NOW, late.id)
    assert nobody.post(f"/links/{token}").status_code == 200


def _early_shift(session: Session, site: BookingSite) -> OpenShift:
    return booking_site.shift(session, site, "06:00", "10:00", day=2)
