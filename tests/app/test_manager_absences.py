"""Absences, stand-ins, swaps to be decided and closing of desks, through the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.models import (
    Agent,
    BookingTerms,
    CurrentDuty,
    Desk,
    HomeClearance,
    HomeWish,
    OfferKind,
    OfferState,
    OpenShift,
    Place,
    ReleasedDesk,
    StandInRequest,
    SwapOffer,
    WeekState,
)
from app.services import absence, closing, replacements, roster_editing, swap_approvals, swapping
from app.services.roster_guard import BreaksRuleError
from tests.app import build
from tests.app.booking_site import NOW, BookingSite, book, change, duties, make


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on both databases; what they call is tested on both elsewhere."""
    return sqlite_url


@pytest.fixture
def made(database: Database) -> BookingSite:
    with database.transaction() as session:
        return make(session, state=WeekState.PUBLISHED)


@pytest.fixture
def boss(as_user: Callable[[int], FlaskClient], made: BookingSite) -> FlaskClient:
    assert made.manager.user_id is not None
    browser = as_user(made.manager.user_id)
    browser.post("/language", data={"language": "en"})
    return browser


def called_off(session: Session, made: BookingSite) -> OpenShift:
    duty = book(session, made, "a1", "08:00", "12:00", day=1)
    return absence.report(session, made.actors["a1"], NOW, duty.id)


def test_an_absence_is_the_next_thing_to_do(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    assert "No duty without a stand-in" in boss.get("/manager/absences").text
    with database.transaction() as session:
        called_off(session, made)
    weeks = boss.get("/manager/weeks").text
    assert "without a stand-in: 1" in weeks
    assert 'href="/manager/absences">Find a stand-in</a>' in weeks
    shown = boss.get("/manager/absences").text
    assert "Tue 31 Mar 08:00–12:00" in shown
    assert "Agent a1" not in shown, "who cannot come is not told where only the duty matters"


def test_candidates_are_ranked_with_each_reason(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        shift = called_off(session, made)
        book(session, made, "a2", "09:00", "13:00", day=1)
        change(session, session.get_one(Agent, made.agents["a4"]), weekly_min_minutes=1200)
    shown = boss.get(f"/manager/shifts/{shift.id}/candidates").text
    inside, outside = shown.split("Outside a limit (1)", 1)
    assert inside.index("Agent a4") < inside.index("Agent a3"), "who lacks most hours comes first"
    assert "20:00" in inside
    assert "Agent a2" in outside
    assert "two duties at once for 3 h" in outside
    assert "Agent a1" not in shown, "who called it off is not asked"


def test_several_are_asked_and_their_answers_seen(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        shift = called_off(session, made)
    address = f"/manager/shifts/{shift.id}"
    nobody = boss.post(f"{address}/ask", data={})
    assert nobody.status_code == 422
    assert "Please choose at least one person." in nobody.text
    asked = boss.post(
        f"{address}/ask", data={"agent_id": [str(made.agents["a2"]), str(made.agents["a3"])]}, follow_redirects=True
    ).text
    assert asked.count("no answer yet") == 2
    assert "See the answers" in boss.get("/manager/absences").text
    with database.transaction() as session:
        replacements.decline(session, made.actors["a2"], NOW, shift.id)
        replacements.accept(session, made.actors["a3"], NOW, shift.id)
    answered = boss.get(address).text
    assert "Agent a2: " in answered
    assert "declined" in answered
    assert "All places are taken." in answered
    late = boss.post(f"{address}/ask", data={"agent_id": str(made.agents["a4"])})
    assert late.status_code == 409
    assert "No duty without a stand-in" in boss.get("/manager/absences").text


def test_who_says_yes_on_the_phone_is_booked_at_once(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        shift = called_off(session, made)
        book(session, made, "a2", "09:00", "13:00", day=1)
        session.add(BookingTerms(site_id=made.site_id, most_bookings_per_week=0))
    address = f"/manager/shifts/{shift.id}/book"
    refused = boss.post(address, data={"book_agent_id": str(made.agents["a2"])})
    assert refused.status_code == 409
    assert "two duties at once" in refused.text
    assert boss.post(address, data={}).status_code == 422
    chosen = {"book_agent_id": str(made.agents["a3"]), "agent_id": str(made.agents["a4"])}
    assert "Agent a3 has the duty." in boss.post(address, data=chosen, follow_redirects=True).text
    with database.reading() as session:
        assert ("a3", "Tue 08:00", "Tue 12:00") in [line[:3] for line in duties(session, made)]
        assert session.exec(select(StandInRequest)).all() == []


def test_shifts_of_other_sites_do_not_exist(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        other = make(session, key="far", state=WeekState.PUBLISHED)
        shift = called_off(session, other)
    assert made.site_id != other.site_id
    for part in ("", "/candidates"):
        assert boss.get(f"/manager/shifts/{shift.id}{part}").status_code == 404
    for part in ("/ask", "/book", "/close"):
        data = {"agent_id": str(other.agents["a2"]), "book_agent_id": str(other.agents["a2"])}
        assert boss.post(f"/manager/shifts/{shift.id}{part}", data=data).status_code == 404


def agreed(session: Session, made: BookingSite) -> SwapOffer:
    session.add(BookingTerms(site_id=made.site_id, swaps_need_approval=True))
    mine = book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
    other = book(session, made, "a2", "13:00", "17:00", day=2, desk="02")
    offer = swapping.offer(
        session, made.actors["a1"], NOW, mine.id, OfferKind.SWAP, to_agent_id=made.agents["a2"], wanted_duty_id=other.id
    )
    return swapping.accept(session, made.actors["a2"], NOW, offer.id)


def test_a_swap_is_shown_with_both_duties_and_approved(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    assert "a swap happens as soon as two have agreed" in boss.get("/manager/swaps").text
    with database.transaction() as session:
        offer = agreed(session, made)
    assert "swaps to decide: 1" in boss.get("/manager/weeks").text
    shown = boss.get("/manager/swaps").text
    assert "Agent a1 and Agent a2 swap" in shown
    assert "Tue 31 Mar 08:00–12:00" in shown
    assert "Wed 1 Apr 13:00–17:00" in shown
    assert "Checked: working time" in shown
    done = boss.post(f"/manager/swaps/{offer.id}/approve", follow_redirects=True).text
    assert "The duties have changed hands." in done
    assert "No swap waits for you" in done
    with database.reading() as session:
        assert [line[:2] for line in duties(session, made)] == [("a2", "Tue 08:00"), ("a1", "Wed 13:00")]
    assert boss.post(f"/manager/swaps/{offer.id}/approve").status_code == 409


def test_a_swap_that_breaks_a_rule_by_now_says_which(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        offer = agreed(session, made)
        book(session, made, "a2", "10:00", "14:00", day=1)
    shown = boss.get("/manager/swaps").text
    assert "This would break rules:" in shown
    assert "Agent a2, Tue 31 Mar" in shown
    assert f"/manager/swaps/{offer.id}/approve" not in shown
    refused = boss.post(f"/manager/swaps/{offer.id}/approve")
    assert refused.status_code == 409
    assert "Nothing was changed." in refused.text
    declined = boss.post(f"/manager/swaps/{offer.id}/decline", follow_redirects=True).text
    assert "everything stays as it was" in declined
    with database.reading() as session:
        assert session.get_one(SwapOffer, offer.id).state is OfferState.DECLINED


def test_a_swap_of_a_duty_that_changed_cannot_happen(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        offer = agreed(session, made)
        roster_editing.remove(session, made.manager, NOW, offer.duty_id)
    shown = boss.get("/manager/swaps").text
    assert "One of the duties was changed meanwhile" in shown
    assert f"/manager/swaps/{offer.id}/approve" not in shown


def test_a_swap_of_somebody_elses_duty_by_now_cannot_happen(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED, key="third")
        offer = agreed(session, made)
        change(session, offer, from_agent_id=made.agents["a3"])
        (shown,) = swap_approvals.to_decide(session, made.site_id, NOW)
        assert (shown.possible, list(shown.hands)) == (False, [])


def test_closing_names_who_moves_and_moves_them(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
        book(session, made, "a1", "08:00", "12:00", day=2, desk="01")
    address = f"/manager/floor/desks/{made.desks['01']}"
    shown = boss.get(f"{address}/close").text
    assert "Moves 1 people (2 duties) and cancels none." in shown
    with database.reading() as session:
        assert session.get_one(Desk, made.desks["01"]).blocked is False, "looking changes nothing"
    closed = boss.post(f"{address}/close", follow_redirects=True).text
    assert "Closed. Moved: 1 people, 2 duties." in closed
    with database.reading() as session:
        assert session.get_one(Desk, made.desks["01"]).blocked
        assert {line[3] for line in duties(session, made)} == {"02"}
    assert "This is closed already." in boss.get(f"{address}/close").text
    opened = boss.post(f"{address}/reopen", follow_redirects=True).text
    assert "No longer closed: 1." in opened
    assert boss.post(f"{address}/reopen").status_code == 409
    with database.reading() as session:
        released = set(session.exec(select(ReleasedDesk.desk_id).where(ReleasedDesk.week_id == made.week_id)))
        assert made.desks["01"] in released, "it can be booked again in weeks that have begun"


def test_a_room_with_people_who_have_nowhere_to_sit_stays_open(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    with database.transaction() as session:
        duty = book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
        room_id = session.get_one(Desk, made.desks["01"]).room_id
    address = f"/manager/floor/rooms/{room_id}"
    shown = boss.get(f"{address}/close").text
    assert "There is no other desk for 1 duties. Nothing is closed:" in shown
    assert f"/manager/roster/duties/{duty.id}" in shown
    assert f'action="{address}/close"' not in shown
    refused = boss.post(f"{address}/close")
    assert refused.status_code == 409
    assert "so everything stays as it was" in refused.text
    with database.reading() as session:
        assert not any(desk.blocked for desk in session.exec(select(Desk)))


def test_an_empty_room_is_closed_and_opened_as_a_whole(
    boss: FlaskClient, made: BookingSite, database: Database
) -> None:
    with database.reading() as session:
        room_id = session.get_one(Desk, made.desks["01"]).room_id
    assert "Moves nobody and cancels nothing." in boss.get(f"/manager/floor/rooms/{room_id}/close").text
    floor = boss.post(f"/manager/floor/rooms/{room_id}/close", follow_redirects=True).text
    assert "Allow closed desks again (4)" in floor
    assert boss.post(f"/manager/floor/rooms/{room_id}/close").status_code == 409
    assert "No longer closed: 4." in boss.post(f"/manager/floor/rooms/{room_id}/reopen", follow_redirects=True).text
    assert boss.post(f"/manager/floor/rooms/{room_id}/reopen").status_code == 409


def test_desks_of_other_sites_do_not_exist(boss: FlaskClient, made: BookingSite, database: Database) -> None:
    with database.transaction() as session:
        other = make(session, key="far")
        room_id = session.get_one(Desk, other.desks["01"]).room_id
    for what in (f"desks/{other.desks['01']}", f"rooms/{room_id}"):
        assert boss.get(f"/manager/floor/{what}/close").status_code == 404
        for act in ("close", "reopen"):
            assert boss.post(f"/manager/floor/{what}/{act}").status_code == 404
    assert made.desks


def test_a_reopened_desk_too_close_to_a_released_one_waits_for_the_next_plan(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, desks=3, spacing_m=1.0, key="near")
        released = set(session.exec(select(ReleasedDesk.desk_id).where(ReleasedDesk.week_id == made.week_id)))
        assert released == {made.desks["01"], made.desks["03"]}
        change(session, session.get_one(Desk, made.desks["02"]), blocked=True)
        assert closing.reopen_desks(session, made.manager, NOW, [made.desks["02"]]) == 0
        after = set(session.exec(select(ReleasedDesk.desk_id).where(ReleasedDesk.week_id == made.week_id)))
        assert after == released


def test_absences_of_the_past_are_nothing_to_do(
    boss: FlaskClient, made: BookingSite, database: Database, clock: object
) -> None:
    with database.transaction() as session:
        shift = called_off(session, made)
    clock.at = shift.starts_at + timedelta(minutes=1)  # type: ignore[attr-defined]
    assert "No duty without a stand-in" in boss.get("/manager/absences").text
    with database.reading() as session:
        assert session.exec(select(CurrentDuty)).all() == []


def test_who_may_works_at_home_where_the_site_is_full(database: Database) -> None:
    with database.transaction() as session:
        made = make(session, state=WeekState.PUBLISHED, key="full", room={"max_persons": 1})
        shift = called_off(session, made)
        book(session, made, "a2", "08:00", "12:00", day=1)
        home = change(session, session.get_one(Agent, made.agents["a3"]), home_wish=HomeWish.ALLOWED)
        ranked = {one.agent.key: one for one in replacements.ranked(session, made.manager, shift.id)}
        assert (ranked["a3"].inside, ranked["a4"].inside) == (False, False), "without a clearance nobody stays at home"
        session.add(HomeClearance(agent_id=home.id, valid_from_on=build.MONDAY, valid_to_on=date(2020, 12, 31)))
        session.flush()
        ranked = {one.agent.key: one for one in replacements.ranked(session, made.manager, shift.id)}
        assert (ranked["a3"].inside, ranked["a3"].place, ranked["a3"].desk) == (True, Place.HOME, None)
        assert not ranked["a4"].inside
        replacements.ask(session, made.manager, NOW, shift.id, [home.id, made.agents["a4"]])
        with pytest.raises(BreaksRuleError) as caught:
            replacements.accept(session, made.actors["a4"], NOW, shift.id)
        assert caught.value.rule == "room_cap"
        replacements.accept(session, made.actors["a3"], NOW, shift.id)
        assert ("a3", "Tue 08:00", "Tue 12:00", "me") in duties(session, made)
