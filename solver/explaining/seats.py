"""Is there a desk for one duty more? If not, what stands in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from solver.checks.room_cap import cap_of
from solver.explaining.day_state import DayState, Stay
from solver.explaining.desk_times import DeskTimes
from solver.explaining.facts import Reason
from solver.problem import Desk, Room

Presence = list[tuple[int, int, str]]


@dataclass(frozen=True)
class Seat:
    """A desk for a duty.

    :param shifted: somebody's duty that makes room for it by changing to desk ``other_desk``
    """

    desk: str
    shifted: Stay | None = None
    other_desk: str | None = None


class Seats:
    """The desks of a site beside the duties that a state holds now; told of each change."""

    def __init__(self, state: DayState) -> None:
        self.state = state
        self.problem = state.problem
        self.hygiene = state.problem.hygiene
        slot_minutes = state.problem.horizon.slot_minutes
        self.gap_slots = -(-self.hygiene.cleaning_gap_minutes // slot_minutes)
        self._near_of: dict[tuple[int, int], list[Stay]] = {}
        self.known: dict[tuple[int, int, str | None, tuple[str, ...]], Reason | None] = {}

    @cached_property
    def _desks(self) -> list[tuple[Desk, Room]]:
        """Released desks that are not blocked, room by room."""
        released = self.state.released
        return [
            (desk, room)
            for room in self.problem.rooms
            for desk in room.desks
            if desk.id in released and not desk.blocked
        ]

    @cached_property
    def _room_of(self) -> dict[str, str]:
        return {desk.id: room.id for room in self.problem.rooms for desk in room.desks}

    @cached_property
    def _times(self) -> DeskTimes:
        return DeskTimes(self.state.window, self._room_of, self._on_site)

    @cached_property
    def _caps(self) -> dict[str, int]:
        caps = {room.id: cap_of(room, self.hygiene) for room in self.problem.rooms}
        return {room: cap for room, cap in caps.items() if cap is not None}

    @cached_property
    def _in_room(self) -> dict[str, list[Desk]]:
        desks: dict[str, list[Desk]] = defaultdict(list)
        for desk, room in self._desks:
            desks[room.id].append(desk)
        return desks

    def change(self, gone: Iterable[Stay], come: Iterable[Stay]) -> None:
        """Take over that some duties on site are no more and others are new."""
        # What has not been looked at yet is laid out when it is, from the state as it is then.
        if "_on_site" in self.__dict__:
            times, starting = self._times, self._starting
            for stay in gone:
                if stay.place == "site":
                    times.go(stay)
                    self._on_site.remove(stay)
                    starting[stay.start] -= 1
            for stay in come:
                if stay.place == "site":
                    times.come(stay)
                    self._on_site.append(stay)
                    starting[stay.start] += 1
        self._near_of.clear()
        self.known.clear()

    @cached_property
    def _starting(self) -> Counter[int]:
        return Counter(stay.start for stay in self._on_site)

    def _near(self, stay: Stay) -> list[Stay]:
        """Duties on site that are there at the same time or within a cleaning gap."""
        span = stay.start, stay.end
        if span not in self._near_of:
            self._near_of[span] = [other for other in self._on_site if self._meet(stay, other, self.gap_slots)]
        return self._near_of[span]

    @cached_property
    def _on_site(self) -> list[Stay]:
        window = self.state.window
        return [
            stay
            for stays in self.state.stays.values()
            for stay in stays
            if stay.place == "site" and stay.start < window.stop and window.start < stay.end
        ]

    def reason(self, stay: Stay, without: Stay | None = None) -> Reason | None:
        """Why there is no desk for a duty, None where there is one; alike for all who need alike."""
        own = (other for other in self.state.stays[stay.agent] if other.place == "site")
        if any(self._meet(stay, other, self.gap_slots) for other in own):
            return self.place(stay, without)[1]
        agent = self.state.agents[stay.agent]
        key = stay.start, stay.end, agent.cohort, tuple(agent.desk_needs)
        if key not in self.known:
            self.known[key] = self.place(stay)[1]
        return self.known[key]

    def place(self, stay: Stay, without: Stay | None = None) -> tuple[Seat | None, Reason | None]:
        """A desk for a duty on site, the usual one if it is free, or the reason why there is none.

        :param without: a duty that the new one takes the place of
        """
        reason = self._site_reason(stay, without)
        if reason is not None:
            return None, reason
        own = (other for other in self.state.stays[stay.agent] if other.place == "site" and other != without)
        mixing = self.hygiene.cohort_rule == "same_room" or any(
            self._meet(stay, other, self.gap_slots) for other in own
        )
        return self._place_carefully(stay, without) if mixing else self._place_quickly(stay, without)

    def _place_quickly(self, stay: Stay, without: Stay | None) -> tuple[Seat | None, Reason | None]:
        """Where it makes no difference whose the other duties are."""
        times, agent = self._times, self.state.agents[stay.agent]
        around = times.bits(stay.start - self.gap_slots, stay.end + self.gap_slots)
        full = {room for room, cap in self._caps.items() if times.most_in(room, stay, without) >= cap}
        suited = [(desk, room) for desk, room in self._desks if set(agent.desk_needs) <= set(desk.features)]
        shut = False
        found: str | None = None
        for desk, room in suited:
            if (found is None or desk.id == agent.usual_desk) and not times.busy_without(desk.id, without) & around:
                shut |= room.id in full
                found = found if room.id in full else desk.id
        if found is not None:
            return Seat(found), None
        if shut:
            return None, Reason.ROOM_CAP
        seat = self._by_shifting(stay, without, [(desk, room) for desk, room in suited if room.id not in full])
        return seat, None if seat else Reason.NO_DESK

    def _place_carefully(self, stay: Stay, without: Stay | None) -> tuple[Seat | None, Reason | None]:
        """Where it makes a difference whose the other duties are: a cohort's, or one's own."""
        near = [other for other in self._near(stay) if other != without]
        agent = self.state.agents[stay.agent]
        taken = {other.desk for other in near if self._disturbs(stay, other)}
        closed = self._closed_rooms(stay, near)
        suited = [(desk, room) for desk, room in self._desks if set(agent.desk_needs) <= set(desk.features)]
        free = [(desk, room) for desk, room in suited if desk.id not in taken]
        usable = [desk.id for desk, room in free if room.id not in closed]
        if usable:
            return Seat(agent.usual_desk if agent.usual_desk in usable else usable[0]), None
        if free:
            return None, closed[free[0][1].id]
        seat = self._by_shifting(stay, without, [(desk, room) for desk, room in suited if room.id not in closed])
        return seat, None if seat else Reason.NO_DESK

    def _disturbs(self, stay: Stay, other: Stay) -> bool:
        """Whether two duties cannot have one desk."""
        return self._meet(stay, other, self.gap_slots if other.agent != stay.agent else 0)

    def _by_shifting(self, stay: Stay, without: Stay | None, suited: list[tuple[Desk, Room]]) -> Seat | None:
        """A desk that one other person leaves for another one of the same room."""
        for desk, room in suited:
            there = [
                other for other in self._times.at_desk[desk.id] if other != without and self._disturbs(stay, other)
            ]
            if len(there) != 1 or (there[0].agent, there[0].start) in self._fixed:
                continue
            needs = set(self.state.agents[there[0].agent].desk_needs)
            for candidate in self._in_room[room.id]:
                if candidate.id == desk.id or not needs <= set(candidate.features):
                    continue
                others = (other for other in self._times.at_desk[candidate.id] if other != without)
                if not any(self._disturbs(there[0], other) for other in others):
                    return Seat(desk.id, there[0], candidate.id)
        return None

    @cached_property
    def _fixed(self) -> set[tuple[str, int]]:
        timeline = self.problem.timeline
        return {
            (agent.id, timeline.minute_of(duty.start) // timeline.slot_minutes)
            for agent in self.problem.agents
            for duty in agent.fixed
        }

    def _meet(self, stay: Stay, other: Stay, gap_slots: int) -> bool:
        return other.start < stay.end + gap_slots and stay.start < other.end + gap_slots

    def _site_reason(self, stay: Stay, without: Stay | None) -> Reason | None:
        most = self.hygiene.max_arrivals_per_slot
        left = without is not None and without.place == "site" and without.start == stay.start
        if most is not None and self._starting[stay.start] - left >= most:
            return Reason.ARRIVALS
        cap, rule = self.hygiene.max_persons_on_site, self.hygiene.cohort_rule
        if cap is None and rule not in {"same_site", "same_day"}:
            return None
        others = [other for other in self._on_site if other != without]
        present = [other for other in others if self._meet(stay, other, 0)]
        if cap is not None and _peak(present, stay) >= cap:
            return Reason.SITE_CAP
        if rule == "same_day":
            present = [other for other in others if self._one_day(stay, other)]
        return Reason.COHORT if rule in {"same_site", "same_day"} and self._mixed(stay, present) else None

    def _mixed(self, stay: Stay, others: Iterable[Stay]) -> bool:
        own = self.state.agents[stay.agent].cohort
        cohorts = {self.state.agents[other.agent].cohort for other in others if other.agent != stay.agent}
        return own is not None and bool(cohorts - {own, None})

    def _one_day(self, stay: Stay, other: Stay) -> bool:
        first, last = self._days(stay)
        other_first, other_last = self._days(other)
        return other_first <= last and first <= other_last

    def _days(self, stay: Stay) -> tuple[int, int]:
        timeline = self.problem.timeline
        minutes = timeline.slot_minutes
        return timeline.day_index_of(stay.start * minutes), timeline.day_index_of(stay.end * minutes - 1)

    def _closed_rooms(self, stay: Stay, near: list[Stay]) -> dict[str, Reason]:
        """Rooms that are full during a duty, or where people of another cohort are."""
        closed: dict[str, Reason] = {}
        present: dict[str, list[Stay]] = {}
        for other in near:
            if other.desk is not None and self._meet(stay, other, 0):
                present.setdefault(self._room_of[other.desk], []).append(other)
        for room in self.problem.rooms:
            there = present.get(room.id, [])
            if room.id in self._caps and _peak(there, stay) >= self._caps[room.id]:
                closed[room.id] = Reason.ROOM_CAP
            elif self.hygiene.cohort_rule == "same_room" and self._mixed(stay, there):
                closed[room.id] = Reason.COHORT
        return closed


def _peak(stays: list[Stay], during: Stay) -> int:
    """Most people present at once during a duty, the duty's own agent left out."""
    moments = {during.start, *(stay.start for stay in stays if stay.start > during.start)}
    return max(
        len({stay.agent for stay in stays if stay.start <= moment < stay.end and stay.agent != during.agent})
        for moment in moments
    )
