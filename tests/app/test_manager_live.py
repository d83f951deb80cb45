"""The roster in force: seen, changed by hand, taken back, cut into a version, and replaced by a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.db import Database
from app.errors import RefusedError
from app.models import (
    Agent,
    AvailabilityException,
    CurrentDuty,
    Draft,
    ExceptionKind,
    LiveWeek,
    OfferKind,
    PublishedDuty,
    Role,
    RosterChange,
    RosterVersion,
    Site,
    SwapOffer,
    UserAccount,
    WeekState,
)
from app.problem_builder import build_problem
from app.services import absence, open_shifts, publishing, roster_editing, roster_history, swapping
from app.services.publishing import BreaksRulesError
from app.services.roster_guard import ChangedMeanwhileError, ShiftTakenError
from app.services.shift_booking import book_shift
from tests.app import booking_site, build
from tests.app.booking_site import MONDAY, NOW, BookingSite, at, book, duties, make
from tests.app.conftest import FrozenClock


def publish(session: Session, made: BookingSite) -> RosterVersion:
    """An empty first version, so that the week counts as published."""
    boss = session.get_one(UserAccount, made.manager.user_id)
    return build.version(session, session.get_one(Site, made.site_id), made.week(session), boss, duty_count=0)


@pytest.fixture
def made(database: Database) -> BookingSite:
    with database.transaction() as session:
        site = make(session, state=WeekState.PUBLISHED)
        publish(session, site)
        return site


@pytest.fixture
def boss(as_user: Callable[[int], FlaskClient], made: BookingSite) -> FlaskClient:
    assert made.manager.user_id is not None
    browser = as_user(made.manager.user_id)
    browser.post("/language", data={"language": "en"})
    return browser


def address(made: BookingSite, part: str = "") -> str:
    return f"/manager/weeks/{made.week_id}/roster{part}"


class TestPages:
    """On one database; what they call is tested on both below."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_what_happened_since_the_publication_is_shown(
        self, boss: FlaskClient, made: BookingSite, database: Database
    ) -> None:
        assert boss.get(address(made)).text.count("<g class=") == 0
        with database.transaction() as session:
            book(session, made, "a1", "08:00", "15:30", day=1, desk="02")
        shown = boss.get(address(made)).text
        assert shown.count('<g class="site">') == 1
        assert "Tue 31 Mar 08:00–15:30 on site 3-east-02" in shown
        assert "Changed since you looked: 1" in shown
        saved = boss.get(address(made, ".csv")).text
        assert "2020-03-31,08:00,15:30" in saved
        file = boss.get(address(made, ".json")).get_json()
        assert [duty["desk"] for duty in file["duties"]] == ["3-east-02"]
        assert file["tiers"]["site_presence"] == 450
        assert "08:00" in boss.get(address(made, "/table?day=1")).text
        floor = boss.get(f"/manager/floor?roster=live-{made.week_id}&day=1&at=600").text
        assert "Agent a1 until 15:30" in floor

    def test_news_stay_until_they_are_read(self, boss: FlaskClient, made: BookingSite, database: Database) -> None:
        with database.transaction() as session:
            duty = book(session, made, "a1", "08:00", "12:00", day=1)
        assert "▲" in boss.get(address(made)).text.split('id="bands"')[1]
        with database.reading() as session:
            newest = session.exec(select(RosterChange.id)).one()
        boss.post(address(made, "/seen"), data={"change_id": str(newest)})
        assert "Changed since you looked" not in boss.get(address(made)).text
        boss.post(f"/manager/roster/duties/{duty.id}/remove")
        assert "Changed since you looked" not in boss.get(address(made)).text, "what I did myself is no news"
        assert "▲" not in boss.get(address(made, "/changes")).text, "nor is it marked in the history"
        with database.transaction() as session:
            book(session, made, "a2", "08:00", "12:00", day=1)
        assert "Changed since you looked: 1" in boss.get(address(made)).text
        for garbage in ("", "x", "0", "99999999999"):
            boss.post(address(made, "/seen"), data={"change_id": garbage})
        assert "Changed since you looked: 1" in boss.get(address(made)).text, "nobody reads what they were not shown"

    def test_the_council_looks_and_changes_nothing(
        self, made: BookingSite, database: Database, as_user: Callable[[int], FlaskClient]
    ) -> None:
        with database.transaction() as session:
            duty = book(session, made, "a1", "08:00", "12:00", day=1)
            carl = build.account(session, "carl-muc", Role.COUNCIL, session.get_one(Site, made.site_id))
        browser = as_user(carl.id)
        browser.post("/language", data={"language": "en"})
        shown = browser.get(address(made)).text
        assert shown.count('<g class="site">') == 1
        assert "/roster/people/" not in shown
        assert "Changed since you looked" not in shown
        assert '<a href="/council/weeks" aria-current="page">' in shown, "the page belongs to one of theirs"
        assert address(made) in browser.get("/council/weeks").text
        for part in ("/changes", "/version", f"/people/{made.agents['a1']}", ".json", ".csv"):
            assert browser.get(address(made, part)).status_code == 403
        assert browser.get(f"/manager/roster/duties/{duty.id}").status_code == 403
        assert browser.post(f"/manager/roster/duties/{duty.id}/remove").status_code == 403
        assert browser.post(address(made, "/version")).status_code == 403

    def test_other_sites_and_unpublished_weeks_have_no_roster(
        self, boss: FlaskClient, made: BookingSite, database: Database
    ) -> None:
        with database.transaction() as session:
            other = make(session, state=WeekState.PUBLISHED, key="far")
            publish(session, other)
            duty = book(session, other, "a1", "08:00", "12:00", day=1)
            later = build.week(session, session.get_one(Site, made.site_id), MONDAY + timedelta(weeks=1))
        for part in ("", ".csv", ".json", "/table", "/changes", "/version", f"/people/{other.agents['a1']}"):
            assert boss.get(address(other, part)).status_code == 404, part
        assert boss.get(f"/manager/weeks/{later.id}/roster").status_code == 404
        assert boss.get(f"/manager/weeks/{later.id}/roster/people/{made.agents['a1']}").status_code == 404
        assert boss.get(address(made, f"/people/{other.agents['a1']}")).status_code == 404
        assert boss.get(f"/manager/roster/duties/{duty.id}").status_code == 404
        assert boss.post(f"/manager/roster/duties/{duty.id}/remove").status_code == 404

    def test_a_duty_is_moved_checked_and_refused_with_reasons(
        self, boss: FlaskClient, made: BookingSite, database: Database
    ) -> None:
        with database.transaction() as session:
            duty = book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
            book(session, made, "a2", "08:00", "12:00", day=2)
        form = {"day": "2020-03-31", "start": "13:00", "end": "17:00", "place": "site", "desk_id": ""}
        edit = f"/manager/roster/duties/{duty.id}"
        part = boss.get(edit, query_string={**form, "agent_id": str(made.agents["a1"])}, headers={"HX-Request": "true"})
        assert "Fits: no rule is broken. Desk: ▣ 3-east-01" in part.text
        assert "<html" not in part.text
        clash = {**form, "day": "2020-04-01", "start": "10:00", "end": "14:00", "agent_id": str(made.agents["a2"])}
        assert "two duties at once" in boss.get(edit, query_string=clash).text
        refused = boss.post(edit, data=clash)
        assert refused.status_code == 409
        assert "They hold for managers too." in refused.text
        assert 'value="10:00"' in refused.text, "what was typed stays"
        done = boss.post(edit, data={**form, "agent_id": str(made.agents["a3"])}, follow_redirects=True)
        assert "The duty has been changed." in done.text
        with database.reading() as session:
            assert duties(session, made)[0] == ("a3", "Tue 13:00", "Tue 17:00", "01")
            moved = session.exec(select(CurrentDuty).where(CurrentDuty.agent_id == made.agents["a3"])).one()
            assert [work.queue for work in moved.serves] == ["mobile"], "moved work still covers the requirement"
        gone = boss.post(edit, data={**form, "agent_id": str(made.agents["a1"])})
        assert (gone.status_code, "Changed meanwhile" in gone.text) == (409, True)
        assert boss.get(edit).status_code == 409

    @pytest.mark.parametrize(
        ("changed", "status", "said"),
        [
            ({"day": "2020-05-01"}, 422, "The duty does not begin in this week."),
            ({"start": "late"}, 422, "Please enter a time of day like 08:30."),
            ({"end": "08:05"}, 422, "Times begin and end every 15 minutes."),
            ({"end": "08:30"}, 409, "They hold for managers too."),
            ({"desk_id": "999"}, 404, ""),
            ({"agent_id": "999"}, 404, ""),
        ],
    )
    def test_what_cannot_be_is_told_and_changes_nothing(
        self, boss: FlaskClient, made: BookingSite, database: Database, changed: dict[str, str], status: int, said: str
    ) -> None:
        with database.transaction() as session:
            duty = book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
        form = {"day": "2020-03-31", "start": "08:00", "end": "12:00", "place": "site", "desk_id": ""}
        data = {**form, "agent_id": str(made.agents["a1"]), **changed}
        answer = boss.post(f"/manager/roster/duties/{duty.id}", data=data)
        assert answer.status_code == status
        assert said in answer.text
        with database.reading() as session:
            assert session.exec(select(CurrentDuty.id)).all() == [duty.id]

    def test_a_duty_is_given_and_taken_back(self, boss: FlaskClient, made: BookingSite, database: Database) -> None:
        person = address(made, f"/people/{made.agents['a2']}")
        form = {"day": "2020-03-31", "start": "08:00", "end": "15:30", "place": "site", "desk_id": ""}
        assert "Fits: no rule is broken." in boss.post(person, data={**form, "action": "check"}).text
        assert "The duty has been added." in boss.post(person, data=form, follow_redirects=True).text
        again = boss.post(person, data=form)
        assert again.status_code == 409
        assert "two duties at once" in again.text
        assert boss.post(person, data={**form, "start": ""}).status_code == 422
        history = boss.get(address(made, "/changes")).text
        assert "duty added" in history
        with database.reading() as session:
            change = session.exec(select(RosterChange)).one()
            duty = session.exec(select(CurrentDuty)).one()
            assert (len(duty.breaks), duty.serves[0].queue) == (1, "mobile")
        undone = boss.post(f"/manager/roster/changes/{change.id}/undo", follow_redirects=True).text
        assert "Taken back" in undone
        twice = boss.post(f"/manager/roster/changes/{change.id}/undo", follow_redirects=True).text
        assert "This cannot be taken back. This duty was changed meanwhile." in twice
        with database.reading() as session:
            assert duties(session, made) == []

    def test_history_says_who_and_what_and_when(self, boss: FlaskClient, made: BookingSite, database: Database) -> None:
        assert "Nothing changed yet" in boss.get(address(made, "/changes")).text
        with database.transaction() as session:
            book(session, made, "a1", "08:00", "12:00", day=1, desk="01")
        shown = boss.get(address(made, "/changes")).text
        for said in ("25 Mar 2020, 10:00", "booked", "Agent a1", "Tue 31 Mar 08:00–12:00", "3-east-01", ">a1<", "new"):
            assert said in shown.replace("a1</div>", ">a1<"), said
        saved = boss.get(address(made, "/changes?format=csv")).text
        assert "2020-03-25 10:00,booked,Agent a1,,Tue 31 Mar 08:00–12:00 on site 3-east-01,a1" in saved

    def test_a_version_is_cut_after_showing_what_it_holds(
        self, boss: FlaskClient, made: BookingSite, database: Database
    ) -> None:
        assert "No duty has changed since version 1." in boss.get(address(made, "/version")).text
        with database.transaction() as session:
            book(session, made, "a1", "08:00", "12:00", day=1)
            revision = session.get_one(LiveWeek, made.week_id).revision
        shown = boss.get(address(made, "/version")).text
        assert "Record version 2" in shown
        assert "No rule is broken." in boss.get(address(made, "/version/check")).text
        late = boss.post(address(made, "/version"), data={"revision": str(revision - 1)})
        assert late.status_code == 409
        assert "The roster has changed again meanwhile." in late.text
        for garbage in ("", "x", "-1", "99999999999"):
            assert boss.post(address(made, "/version"), data={"revision": garbage}).status_code == 409
        done = boss.post(address(made, "/version"), data={"revision": str(revision)}, follow_redirects=True)
        assert "Version 2 has been recorded." in done.text
        with database.reading() as session:
            version = session.exec(select(RosterVersion).where(RosterVersion.number == 2)).one()
        assert "duties added" in boss.get(f"/manager/weeks/versions/{version.id}/difference").text

    def test_a_file_becomes_a_version_only_when_the_manager_agrees(
        self, boss: FlaskClient, made: BookingSite, database: Database, clock: FrozenClock
    ) -> None:
        clock.at = NOW + timedelta(hours=1)
        content = roster_file(database, made)
        shown = send(boss, made, content)
        assert "The file is without fault." in shown.text
        assert "version 2" in shown.text.lower()
        with database.reading() as session:
            draft = session.exec(select(Draft)).one()
            week = made.week(session)
            assert session.exec(select(CurrentDuty)).all() == [], "not yet"
            assert draft.summary["duties"] == 1
        boss.post(f"/manager/weeks/drafts/{draft.id}/publish", data={"revision": str(week.revision)})
        with database.reading() as session:
            assert duties(session, made) == [("a1", "Tue 08:00", "Tue 12:00", "01")]

    def test_every_fault_of_a_file_is_listed_and_nothing_written(
        self, boss: FlaskClient, made: BookingSite, database: Database
    ) -> None:
        content = roster_file(database, made)
        content["duties"][0]["agent"] = "nobody"
        content["duties"][0]["desk"] = "nowhere"
        content["site"] = "ber"
        refused = send(boss, made, content)
        assert refused.status_code == 422
        assert "Faults: 3" in refused.text
        for wrong in ("nobody", "nowhere", "ber"):
            assert wrong in refused.text
        for sent in (b"", b"{", b"[]", b"\x1f\x8bxx", "{}".encode("utf-16")):
            answer = boss.post(f"/manager/weeks/{made.week_id}/import", data={"file": (io.BytesIO(sent), "r.json")})
            assert answer.status_code == 422, sent
        assert boss.post(f"/manager/weeks/{made.week_id}/import", data={}).status_code == 422
        with database.reading() as session:
            assert session.exec(select(Draft)).all() == []

    def test_a_file_that_breaks_rules_says_each(self, boss: FlaskClient, made: BookingSite, database: Database) -> None:
        content = roster_file(database, made)
        twin = {**content["duties"][0], "agent": "a2"}
        content["duties"].append(twin)
        refused = send(boss, made, content)
        assert refused.status_code == 422
        assert "Breaches: 1" in refused.text
        assert "Agent a1" in refused.text
        assert "Agent a2" in refused.text
        with database.reading() as session:
            assert session.exec(select(Draft)).all() == []

    @pytest.mark.parametrize("state", [WeekState.ARCHIVED, WeekState.IN_REVIEW])
    def test_a_week_that_is_over_takes_no_file(
        self, boss: FlaskClient, made: BookingSite, database: Database, state: WeekState
    ) -> None:
        content = roster_file(database, made)
        with database.transaction() as session:
            made.week(session).state = state
        assert send(boss, made, content).status_code == 409


def roster_file(database: Database, made: BookingSite) -> dict[str, Any]:
    """A roster with one duty, as another tool would write it."""
    with database.reading() as session:
        problem = build_problem(session, made.week(session))
    return {
        "format": "roster/1",
        "site": problem.site.id,
        "first_day": "2020-03-30",
        "released_desks": ["3-east-01", "3-east-02"],
        "duties": [
            {
                "agent": "a1",
                "start": "2020-03-31T08:00:00+02:00",
                "end": "2020-03-31T12:00:00+02:00",
                "place": "site",
                "desk": "3-east-01",
            }
        ],
        "tiers": dict.fromkeys(("shortfall", "changes", "site_presence", "contract_minutes", "wishes"), 0),
        "missing_agent_minutes": 0,
        "required_agent_minutes": 0,
    }


def send(boss: FlaskClient, made: BookingSite, content: dict[str, Any]) -> Any:
    file = io.BytesIO(json.dumps(content).encode())
    return boss.post(
        f"/manager/weeks/{made.week_id}/import", data={"file": (file, "roster.json")}, follow_redirects=True
    )


def test_undoing_restores_times_breaks_work_and_the_place_in_the_shift(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        span = (at("08:00", 1), at("15:30", 1))
        shift = open_shifts.add(session, made.manager, NOW, made.week_id, *span, made.queue_id)
        booked = book_shift(session, made.actors["a1"], NOW, shift.id, desk_id=made.desks["02"])
        before = (booked.starts_at, booked.ends_at, booked.breaks, booked.serves, booked.source, booked.open_shift_id)
        roster_editing.remove(session, made.manager, NOW, booked.id)
        change = session.exec(select(RosterChange).where(RosterChange.kind == "removed")).one()
        (back,) = roster_editing.undo(session, made.manager, NOW, change.id)
        after = (back.starts_at, back.ends_at, back.breaks, back.serves, back.source, back.open_shift_id)
        assert after == before
        session.refresh(shift)
        assert shift.taken == 1


def test_undoing_is_refused_where_somebody_has_the_place_by_now(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        shift = booking_site.shift(session, made, "08:00", "12:00", day=1)
        booked = book_shift(session, made.actors["a1"], NOW, shift.id)
        roster_editing.remove(session, made.manager, NOW, booked.id)
        book_shift(session, made.actors["a2"], NOW, shift.id, desk_id=made.desks["03"])
        change = session.exec(select(RosterChange).where(RosterChange.kind == "removed")).one()
        with pytest.raises(ShiftTakenError):
            roster_editing.undo(session, made.manager, NOW, change.id)
        assert [who for who, *_ in duties(session, made)] == ["a2"]


def test_only_a_managers_own_kind_of_change_is_undone_and_once(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        duty = book(session, made, "a1", "08:00", "12:00", day=1)
        booked = session.exec(select(RosterChange)).one()
        with pytest.raises(RefusedError) as caught:
            roster_editing.undo(session, made.manager, NOW, booked.id)
        assert caught.value.key == "manager_history.not_undoable"
        edited = roster_editing.edit(session, made.manager, NOW, duty.id, agent_id=made.agents["a2"])
        (first, second) = session.exec(select(RosterChange).order_by(RosterChange.id)).all()  # type: ignore[arg-type]
        assert (first.kind, second.kind) == ("booked", "edited")
        roster_editing.edit(session, made.manager, NOW, edited.id, agent_id=made.agents["a3"])
        with pytest.raises(ChangedMeanwhileError):
            roster_editing.undo(session, made.manager, NOW, second.id)


def test_what_is_over_is_not_changed(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        duty = book(session, made, "a1", "08:00", "12:00", day=1)
        over, running = at("12:00", 1), at("09:00", 1)
        for act in (
            lambda now: roster_editing.remove(session, made.manager, now, duty.id),
            lambda now: roster_editing.edit(session, made.manager, now, duty.id, agent_id=made.agents["a2"]),
        ):
            with pytest.raises(RefusedError) as caught:
                act(over)
            assert caught.value.key == "booking.past"
        with pytest.raises(RefusedError) as caught:
            roster_editing.edit(session, made.manager, running, duty.id, starts_at=at("08:30", 1))
        assert caught.value.key == "booking.past"
        longer = roster_editing.edit(session, made.manager, running, duty.id, ends_at=at("13:00", 1))
        assert longer.ends_at == at("13:00", 1), "who works may be asked to stay"


def test_while_a_week_is_planned_its_bookings_stay(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        duty = book(session, made, "a1", "08:00", "12:00", day=1)
        made.week(session).state = WeekState.PLANNING
        with pytest.raises(RefusedError) as caught:
            roster_editing.edit(session, made.manager, NOW, duty.id, agent_id=made.agents["a2"])
        assert caught.value.key == "booking.week_closed"


def test_a_cut_version_holds_what_is_in_force_and_touches_nobody(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        book(session, made, "a1", "08:00", "12:00", day=1, desk="02")
        duty = book(session, made, "a2", "08:00", "15:30", day=2, desk="01")
        offer = swapping.offer(session, made.actors["a2"], NOW, duty.id, OfferKind.GIVE_AWAY)
        ids = session.exec(select(CurrentDuty.id)).all()
        live = session.get_one(LiveWeek, made.week_id)
        version = publishing.cut(session, made.manager, NOW + timedelta(hours=1), made.week_id, live.revision)
        assert (version.number, version.duty_count, live.version_id) == (2, 2, version.id)
        assert session.exec(select(CurrentDuty.id)).all() == ids, "offers of these duties still stand"
        swapping.accept(session, made.actors["a3"], NOW + timedelta(hours=2), offer.id)
        assert session.get_one(SwapOffer, offer.id).state == "done"
        rows = session.exec(select(PublishedDuty).where(PublishedDuty.version_id == version.id)).all()
        assert {(row.agent_id, row.desk_id) for row in rows} == {
            (made.agents["a1"], made.desks["02"]),
            (made.agents["a2"], made.desks["01"]),
        }
    with database.transaction() as session:
        live = session.get_one(LiveWeek, made.week_id)
        publishing.cut(session, made.manager, NOW + timedelta(hours=3), made.week_id, live.revision)
        with pytest.raises(RefusedError) as caught:
            publishing.cut(session, made.manager, NOW + timedelta(hours=4), made.week_id, live.revision)
        assert caught.value.key == "manager_version.nothing_changed"


def test_a_cut_is_refused_for_what_it_adds_and_not_for_what_changed_around_it(
    database: Database, made: BookingSite
) -> None:
    with database.transaction() as session:
        span = (at("08:00", 1), at("12:00", 1))
        roster_editing.add(session, made.manager, NOW, made.week_id, made.agents["a1"], *span)
        revision = session.get_one(LiveWeek, made.week_id).revision
        publishing.cut(session, made.manager, NOW + timedelta(hours=1), made.week_id, revision)
        book(session, made, "a2", "08:00", "12:00", day=2)
        _block(session, made, "a1", 1)
        live = session.get_one(LiveWeek, made.week_id)
        third = publishing.cut(session, made.manager, NOW + timedelta(hours=2), made.week_id, live.revision)
        assert third.number == 3, "that duty was there before its window was blocked"
        span = (at("08:00", 3), at("12:00", 3))
        duty = roster_editing.add(session, made.manager, NOW, made.week_id, made.agents["a3"], *span)
        _block(session, made, "a3", 3)
        with pytest.raises(BreaksRulesError) as caught:
            publishing.cut(session, made.manager, NOW + timedelta(hours=3), made.week_id, live.revision)
        assert [(finding.rule, finding.agents) for finding in caught.value.findings] == [("availability", ("a3",))]
        assert duty.agent_id == made.agents["a3"]


def _block(session: Session, made: BookingSite, who: str, day: int) -> None:
    session.add(
        AvailabilityException(
            agent_id=made.agents[who],
            applies_on=MONDAY + timedelta(days=day),
            start_clock_minutes=0,
            end_clock_minutes=600,
            kind=ExceptionKind.BLOCKED,
        )
    )
    session.flush()


def test_a_cut_names_who_is_gone(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        book(session, made, "a1", "08:00", "12:00", day=1)
        session.get_one(Agent, made.agents["a1"]).active = False
        session.flush()
        revision = session.get_one(LiveWeek, made.week_id).revision
        with pytest.raises(RefusedError) as caught:
            publishing.cut(session, made.manager, NOW, made.week_id, revision)
        assert (caught.value.key, caught.value.facts["place"]) == ("manager_version.gone", "duties[0] (a1).agent")


def test_reading_never_goes_back_or_ahead(database: Database, made: BookingSite) -> None:
    with database.transaction() as session:
        for day in (1, 2):
            book(session, made, "a1", "08:00", "12:00", day=day)
        first, second = session.exec(select(RosterChange.id).order_by(RosterChange.id)).all()  # type: ignore[arg-type]
        user_id = made.manager.user_id or 0
        roster_history.note_seen(session, made.manager, NOW, made.week_id, second + 100)
        assert roster_history.last_seen(session, made.week_id, user_id) == second
        roster_history.note_seen(session, made.manager, NOW, made.week_id, first)
        assert roster_history.last_seen(session, made.week_id, user_id) == second


def test_every_page_answers_on_both_databases(
    database: Database, made: BookingSite, as_user: Callable[[int], FlaskClient]
) -> None:
    with database.transaction() as session:
        duty = book(session, made, "a1", "08:00", "12:00", day=1)
        kept = book(session, made, "a2", "08:00", "12:00", day=2)
        shift = absence.report(session, made.actors["a1"], NOW, duty.id)
        roster_editing.edit(session, made.manager, NOW, kept.id, agent_id=made.agents["a3"])
        moved = session.exec(select(CurrentDuty.id)).one()
    assert made.manager.user_id is not None
    browser = as_user(made.manager.user_id)
    week = f"/manager/weeks/{made.week_id}"
    for page in (
        "/manager/weeks",
        "/manager/absences",
        "/manager/swaps",
        "/manager/terms",
        f"{week}/booking",
        f"/manager/shifts/{shift.id}",
        f"/manager/shifts/{shift.id}/candidates",
        f"{week}/roster",
        f"{week}/roster/changes",
        f"{week}/roster/people/{made.agents['a3']}",
        f"/manager/roster/duties/{moved}",
        f"{week}/roster/version",
        f"{week}/roster/version/check",
        f"{week}/import",
        f"/manager/floor?roster=live-{made.week_id}",
        f"/manager/floor/desks/{made.desks['01']}/close",
    ):
        assert browser.get(page).status_code == 200, page
    posted = browser.post(f"/manager/shifts/{shift.id}/ask", data={"agent_id": str(made.agents["a4"])})
    assert posted.status_code == 303
    assert browser.post(f"/manager/floor/desks/{made.desks['01']}/close").status_code == 303
    assert browser.post(f"/manager/floor/desks/{made.desks['01']}/reopen").status_code == 303
