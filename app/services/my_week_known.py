"""What an agent knows of a week: what was there when the agent last looked, and what the agent has done since.

The roster in force keeps no past; it is told again from the version that was published and the record of changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import (
    Desk,
    Place,
    PublishedDuty,
    RosterChange,
    RosterSeen,
    RosterVersion,
    Site,
    StoredServes,
    StoredSpan,
    Week,
)
from app.services.audit import Actor


@dataclass(frozen=True)
class KnownDuty:
    """A duty as it was; the record of changes does not say its breaks, which are those of the same times elsewhere."""

    starts_at: datetime
    ends_at: datetime
    place: Place
    desk_id: int | None
    breaks: Sequence[StoredSpan] = ()
    serves: Sequence[StoredServes] = field(default=())

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Start and end, by which a duty of one agent is known."""
        return self.starts_at, self.ends_at


Duties = list[KnownDuty]


def known(session: Session, actor: Actor, site: Site, week: Week, seen: RosterSeen) -> Duties:
    """The actor's duties of a published week as the actor knows them.

    A day on which the actor has changed something is known as it was after that.
    """
    agent_id = actor.agent_id or 0
    first = session.get_one(RosterVersion, seen.version_id)
    events = _events(session, week, agent_id, first)
    desks = dict(iter(session.exec(select(Desk.key, Desk.id).where(Desk.site_id == site.id))))
    zone = ZoneInfo(site.time_zone)
    actual: Duties = []
    shown: Duties = []
    for event in events:
        actual = _after(event, actual, agent_id, desks)
        if _is_seen(event, first, seen):
            shown = actual
        elif isinstance(event, RosterChange) and event.user_id == actor.user_id:
            days = set(_days(event, agent_id, zone))
            shown = [duty for duty in shown if _day(duty.starts_at, zone) not in days]
            shown += [duty for duty in actual if _day(duty.starts_at, zone) in days]
    return sorted(shown, key=lambda duty: duty.starts_at)


@dataclass(frozen=True)
class _Published:
    """A version came into force."""

    version: RosterVersion
    duties: Sequence[PublishedDuty]


_Event = _Published | RosterChange


def _events(session: Session, week: Week, agent_id: int, first: RosterVersion) -> list[_Event]:
    """Publications from one on and the changes after it that concern an agent, in the order they happened."""
    versions = session.exec(
        select(RosterVersion)
        .where(RosterVersion.week_id == week.id, RosterVersion.number >= first.number)
        .order_by(col(RosterVersion.number))
    ).all()
    duties = session.exec(
        select(PublishedDuty).where(
            PublishedDuty.agent_id == agent_id, col(PublishedDuty.version_id).in_([one.id for one in versions])
        )
    ).all()
    changes = session.exec(
        select(RosterChange)
        .where(RosterChange.week_id == week.id, col(RosterChange.happened_at) >= first.published_at)
        .order_by(col(RosterChange.id))
    ).all()
    found: list[_Event] = [_Published(one, [duty for duty in duties if duty.version_id == one.id]) for one in versions]
    found += [change for change in changes if any(_own([*change.before, *change.after], agent_id))]
    return sorted(found, key=lambda event: (_at(event), isinstance(event, RosterChange)))


def _at(event: _Event) -> datetime:
    return event.happened_at if isinstance(event, RosterChange) else event.version.published_at


def _is_seen(event: _Event, first: RosterVersion, seen: RosterSeen) -> bool:
    if isinstance(event, RosterChange):
        return event.happened_at <= seen.seen_at
    return event.version.number <= first.number


def _own(duties: Iterable[Mapping[str, Any]], agent_id: int) -> Iterator[Mapping[str, Any]]:
    return (duty for duty in duties if duty["agent_id"] == agent_id)


def _after(event: _Event, before: Duties, agent_id: int, desks: Mapping[str, int]) -> Duties:
    if isinstance(event, _Published):
        return [KnownDuty(duty.starts_at, duty.ends_at, duty.place, duty.desk_id, duty.breaks) for duty in event.duties]
    breaks = {duty.times: duty.breaks for duty in before}
    # Nobody has two duties of the same time: one that comes takes the place of one that is told already.
    gone = {_times(facts) for facts in _own([*event.before, *event.after], agent_id)}
    kept = [duty for duty in before if duty.times not in gone]
    return kept + [_known_duty(facts, desks, breaks) for facts in _own(event.after, agent_id)]


def _times(facts: Mapping[str, Any]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(facts["starts_at"]), datetime.fromisoformat(facts["ends_at"])


def _known_duty(
    facts: Mapping[str, Any],
    desks: Mapping[str, int],
    breaks: Mapping[tuple[datetime, datetime], Sequence[StoredSpan]],
) -> KnownDuty:
    times = _times(facts)
    desk_id = None if facts["desk"] is None else desks.get(facts["desk"])
    return KnownDuty(*times, Place(facts["place"]), desk_id, breaks.get(times, ()))


def _days(change: RosterChange, agent_id: int, zone: ZoneInfo) -> Iterator[date]:
    for facts in _own([*change.before, *change.after], agent_id):
        yield _day(_times(facts)[0], zone)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def with_breaks(duties: Iterable[KnownDuty], others: Iterable[Any]) -> Duties:
    """The same; where no breaks are known, those that a duty of the same times has now."""
    breaks = {(duty.starts_at, duty.ends_at): tuple(duty.breaks) for duty in others}
    return [
        duty
        if duty.breaks
        else KnownDuty(duty.starts_at, duty.ends_at, duty.place, duty.desk_id, breaks.get(duty.times, ()), duty.serves)
        for duty in duties
    ]
