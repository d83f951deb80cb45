"""Mail by a server that accepts, refuses, hangs or puts off: nothing lost, nothing twice, everything told in time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.config import MailServer
from app.db import Database
from app.models import Language, Mail, MailDelivery, MailState, MailStep, MailWish, OutboxMessage, UserAccount
from app.services import mailing, roster_guard, shift_booking
from app.worker_mail import Postman
from tests.app import booking_site, mail_site
from tests.app.booking_site import BookingSite, at
from tests.app.build import NOW
from tests.app.conftest import FrozenClock
from tests.app.mail_site import Mailbox

MakePostman = Callable[..., Postman]


@pytest.fixture
def site(database: Database) -> BookingSite:
    with database.transaction() as session:
        return booking_site.make(session)


@pytest.fixture
def postman(database: Database, database_url: str, clock: FrozenClock) -> MakePostman:
    def make(server: MailServer | None, worker_id: str = "worker-1") -> Postman:
        return Postman(database, mail_site.settings(database_url, server, clock), worker_id)

    return make


def addressed(database: Database, site: BookingSite, *names: str, **wishes: Any) -> list[str]:
    with database.transaction() as session:
        return [mail_site.with_address(session, site.actors[name], **wishes) for name in names]


def tell(database: Database, site: BookingSite, *names: str, kind: str = "offer.declined", at: datetime = NOW) -> None:
    facts = {"offer_id": 0, "week_id": site.week_id, "starts_at": _iso("08:00"), "ends_at": _iso("12:00")}
    with database.transaction() as session:
        roster_guard.tell(session, at, kind, facts, agent_ids=[site.agents[name] for name in names])


def _iso(clock: str) -> str:
    return at(clock, 2).isoformat()


def mails(database: Database) -> list[Mail]:
    with database.reading() as session:
        return list(session.exec(select(Mail).order_by(Mail.id)))  # type: ignore[arg-type]


def states(database: Database) -> list[str]:
    return [mail.state.value for mail in mails(database)]


def messages(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.exec(select(OutboxMessage).order_by(OutboxMessage.id)))  # type: ignore[arg-type]


def test_a_booking_is_told_in_text_and_html_in_the_persons_language(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    (address,) = addressed(database, site, "a1")
    with database.transaction() as session:
        session.get_one(UserAccount, site.actors["a1"].user_id).language = Language.ENGLISH
        booking_site.book(session, site, "a1", "08:00", "14:00", day=2)
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        assert postman(server).round() == 1
        assert postman(server).round() == 0
    ((recipient, mail),) = mailbox.taken
    assert (recipient, mail["Subject"], mail["To"]) == (address, "Booked", f"a1 <{address}>")
    assert mail["Auto-Submitted"] == "auto-generated"
    for content in (mail_site.plain(mail), mail_site.html(mail)):
        assert "Wed 1 Apr 08:00–14:00 · desk 3-east-0" in content
        assert "Give the booking back" in content
        assert content.count(f"{mail_site.BASE_URL}/links/") >= 1
    assert states(database) == ["sent"]
    assert messages(database)[0].sent_at == NOW


def test_only_those_affected_are_told_and_those_without_an_address_find_it_on_their_page(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    addressed(database, site, "a1", "a2")
    addressed(database, site, "a3", address_confirmed_at=None)
    with database.transaction() as session:
        for name, desk in (("a1", "01"), ("a3", "02"), ("a4", "03")):
            booking_site.book(session, site, name, "08:00", "12:00", day=2, desk=desk)
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
    assert [address for address, _ in mailbox.taken] == [f"user{site.actors['a1'].user_id}@mail.example"]
    assert [message.mail_step for message in messages(database)] == [
        MailStep.MAILED,
        MailStep.NO_ADDRESS,
        MailStep.NO_ADDRESS,
    ]


def test_without_a_server_messages_wait_and_go_once_there_is_one(
    database: Database, site: BookingSite, postman: MakePostman, clock: FrozenClock
) -> None:
    addressed(database, site, "a1", "a2")
    tell(database, site, "a1")
    assert postman(None).round() == 0
    assert [message.mail_step for message in messages(database)] == [MailStep.OPEN]
    clock.at = NOW + mailing.TOO_OLD + timedelta(hours=1)
    tell(database, site, "a2", at=clock.at)
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
    assert len(mailbox.taken) == 1
    assert [message.mail_step for message in messages(database)] == [MailStep.TOO_OLD, MailStep.MAILED]


def test_a_server_that_cannot_be_reached_loses_nothing(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    addressed(database, site, "a1", "a2")
    tell(database, site, "a1", "a2")
    with mail_site.silent_port() as server:
        hanging = postman(server)
        assert hanging.round() == 0
        assert hanging.pause_seconds == 5.0
        # It is left in peace for a while, whatever comes.
        tell(database, site, "a1")
        assert hanging.round() == 0
        assert messages(database)[-1].mail_step is MailStep.OPEN
    assert states(database) == ["waiting", "waiting"]
    assert all("timed out" in (mail.last_error or "") for mail in mails(database))
    assert [mail.attempts for mail in mails(database)] == [0, 0]
    # The port is closed now: refused at once.
    assert postman(server).round() == 0
    assert "ConnectionRefused" in (mails(database)[0].last_error or "")
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        assert postman(server).round() == 3
    assert states(database) == ["sent", "sent", "sent"]
    assert [mail.last_error for mail in mails(database)] == [None, None, None]


def test_pauses_between_tries_of_a_dead_server_grow(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    addressed(database, site, "a1")
    tell(database, site, "a1")
    with mail_site.silent_port() as server:
        pass
    waiting, pauses = postman(server), []
    for _ in range(8):
        waiting.not_before = 0.0
        waiting.round()
        pauses.append(waiting.pause_seconds)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0]


def test_greylisting_is_tried_again_later_and_later(
    database: Database, site: BookingSite, postman: MakePostman, clock: FrozenClock
) -> None:
    addressed(database, site, "a1")
    tell(database, site, "a1")
    mailbox = Mailbox(recipient_answers=["450 4.2.0 greylisted", "451 4.3.0 later"])
    with mail_site.serving(mailbox) as server:
        postman(server).round()
        assert (states(database), mails(database)[0].last_error) == (["waiting"], "450 4.2.0 greylisted")
        clock.at = NOW + timedelta(seconds=59)
        postman(server).round()
        assert mailbox.asked == 1
        clock.at = NOW + timedelta(seconds=61)
        postman(server).round()
        assert (mailbox.asked, mails(database)[0].attempts) == (2, 2)
        clock.at += timedelta(seconds=119)
        postman(server).round()
        assert mailbox.asked == 2
        clock.at += timedelta(seconds=2)
        postman(server).round()
    assert (len(mailbox.taken), states(database)) == (1, ["sent"])


def test_delays_double_up_to_six_hours_and_end_after_five_days(
    database: Database, site: BookingSite, postman: MakePostman, clock: FrozenClock
) -> None:
    minutes = [mailing.delay_after(attempts) / timedelta(minutes=1) for attempts in (1, 2, 3, 9, 10, 500)]
    assert minutes == [1, 2, 4, 256, 360, 360]
    addressed(database, site, "a1")
    tell(database, site, "a1")
    mailbox = Mailbox(recipient_answers=["450 no"] * 100)
    with mail_site.serving(mailbox) as server:
        postman(server).round()
        while states(database) != ["failed"]:
            clock.at = mails(database)[0].next_try_at
            postman(server).round()
    assert timedelta(days=5) < clock.at - NOW < timedelta(days=5, hours=6, minutes=1)


def test_an_address_refused_for_good_fails_alone_and_its_owner_can_see_it(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    first, _ = addressed(database, site, "a1", "a2")
    tell(database, site, "a1", "a2")
    mailbox = Mailbox(refused={first: "550 5.1.1 no such user"})
    with mail_site.serving(mailbox) as server:
        postman(server).round()
    assert states(database) == ["failed", "sent"]
    assert mails(database)[0].last_error == "550 5.1.1 no such user"
    with database.reading() as session:
        wishes = {wish.address: wish.refused_at for wish in session.exec(select(MailWish))}
    assert wishes[first] == NOW
    assert list(wishes.values()).count(None) == 1


def test_a_text_refused_for_good_is_not_the_addresss_fault(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    addressed(database, site, "a1")
    tell(database, site, "a1")
    with mail_site.serving(Mailbox(text_answers=["554 5.7.1 looks like spam"])) as server:
        postman(server).round()
    assert states(database) == ["failed"]
    with database.reading() as session:
        assert session.exec(select(MailWish)).one().refused_at is None


def test_a_server_that_hangs_in_the_middle_gets_each_other_mail_first_next_time(
    database: Database, site: BookingSite, postman: MakePostman, clock: FrozenClock
) -> None:
    addressed(database, site, "a1", "a2")
    tell(database, site, "a1", "a2")
    with mail_site.serving(Mailbox(hang_seconds=1.6)) as server:
        postman(server).round()
    waiting = mails(database)
    assert states(database) == ["waiting", "waiting"]
    assert [mail.attempts for mail in waiting] == [1, 0]
    assert waiting[0].next_try_at > waiting[1].next_try_at
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
        clock.at += timedelta(minutes=2)
        postman(server).round()
    assert [address for address, _ in mailbox.taken] == [waiting[1].address, waiting[0].address]


def test_two_workers_at_once_send_each_mail_once(database: Database, site: BookingSite, postman: MakePostman) -> None:
    with database.transaction() as session:
        for name in site.actors:
            mail_site.with_address(session, site.actors[name])
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        for _ in range(3):
            tell(database, site, *site.agents)
            both = [threading.Thread(target=postman(server, f"worker-{number}").round) for number in range(2)]
            for one in both:
                one.start()
            for one in both:
                one.join()
    assert len(mailbox.taken) == 12
    assert len({mail["Message-ID"] for _, mail in mailbox.taken}) == 12
    assert states(database) == ["sent"] * 12


class KilledError(BaseException):
    """As if the process were gone at this line."""


@pytest.mark.parametrize("restarted", [True, False])
def test_a_worker_killed_before_it_could_write_down_sends_again_under_the_same_id(
    database: Database,
    site: BookingSite,
    postman: MakePostman,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    *,
    restarted: bool,
) -> None:
    addressed(database, site, "a1", "a2")
    tell(database, site, "a1", "a2")
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        killed = postman(server)
        monkeypatch.setattr(killed, "_note", lambda *_unused: (_ for _ in ()).throw(KilledError))
        with pytest.raises(KilledError):
            killed.round()
        assert (len(mailbox.taken), states(database)) == (1, ["sending", "sending"])
        if restarted:
            again = postman(server)
            again.start()
        else:
            again = postman(server, "worker-2")
            again.start()
            again.round()
            assert len(mailbox.taken) == 1
            clock.at += mailing.CLAIM_LASTS
        again.round()
    ids = [mail["Message-ID"] for _, mail in mailbox.taken]
    assert (len(ids), len(set(ids)), ids[0]) == (3, 2, ids[1])
    assert states(database) == ["sent", "sent"]


def test_a_worker_that_lost_its_claim_writes_nothing_down(
    database: Database, site: BookingSite, postman: MakePostman
) -> None:
    addressed(database, site, "a1")
    tell(database, site, "a1")

    def taken_over() -> None:
        with database.transaction() as session:
            session.exec(select(Mail)).one().claimed_by = "worker-2"

    with mail_site.serving(Mailbox(after_taking=taken_over)) as server:
        postman(server).round()
    assert [(mail.state, mail.claimed_by) for mail in mails(database)] == [(MailState.SENDING, "worker-2")]


def test_a_message_that_cannot_be_written_fails_alone(
    database: Database, site: BookingSite, postman: MakePostman, caplog: pytest.LogCaptureFixture
) -> None:
    addressed(database, site, "a1", "a2")
    tell(database, site, "a1", kind="nobody.knows")
    tell(database, site, "a2")
    with mail_site.serving(Mailbox()) as server:
        postman(server).round()
    assert states(database) == ["failed", "sent"]
    assert "told.title.nobody.knows" in (mails(database)[0].last_error or "")
    assert "cannot be written" in caplog.text


def test_what_waits_for_a_person_goes_in_one_mail(
    database: Database, site: BookingSite, postman: MakePostman, clock: FrozenClock
) -> None:
    addressed(database, site, "a1", delivery=MailDelivery.DAILY)
    for _ in range(3):
        tell(database, site, "a1")
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
        assert mailbox.taken == []
        # 17:00 in Munich, still in winter time.
        clock.at = datetime.fromisoformat("2020-03-25T16:00:00+00:00")
        postman(server).round()
    ((_, mail),) = mailbox.taken
    assert mail["Subject"] == "3 Neuigkeiten"
    assert mail_site.plain(mail).count("Angebot abgelehnt") == 3


def test_a_closed_account_gets_no_mail_that_waited(database: Database, site: BookingSite, postman: MakePostman) -> None:
    addressed(database, site, "a1")
    tell(database, site, "a1")
    with mail_site.silent_port() as server:
        postman(server).round()
    with database.transaction() as session:
        session.get_one(UserAccount, site.actors["a1"].user_id).active = False
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
    assert (mailbox.taken, states(database)) == ([], ["failed"])


def test_no_mail_names_anybody_else_or_a_reason(database: Database, site: BookingSite, postman: MakePostman) -> None:
    with database.transaction() as session:
        for actor in (*site.actors.values(), site.manager):
            mail_site.with_address(session, actor)
        booked = booking_site.book(session, site, "a1", "08:00", "12:00", day=2)
    booking_site.published(database)
    with database.transaction() as session:
        _call_off_and_ask(session, site, booked.id)
    mailbox = Mailbox()
    with mail_site.serving(mailbox) as server:
        postman(server).round()
    assert len(mailbox.taken) >= 3
    for _, mail in mailbox.taken:
        own = str(mail["To"]).split()[0]
        words = set(re.findall(r"\ba\d\b", mail_site.plain(mail) + mail_site.html(mail)))
        assert words <= {own}, mail_site.plain(mail)


def _call_off_and_ask(session: Session, site: BookingSite, duty_id: int) -> None:
    from app.services import absence, replacements

    shift = absence.report(session, site.actors["a1"], NOW, duty_id)
    replacements.ask(session, site.manager, NOW, shift.id, [site.agents["a2"]])
    assert shift_booking.terms_of(session, site.site_id).offer_minutes == 60
