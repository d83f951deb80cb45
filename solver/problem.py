"""The problem file, ``roster-problem/1``: one site and a run of days.

Field names and meaning are those of ``docs/formats.md``. Unknown fields are refused: a misspelt rule must not
be ignored. What only several fields together can break (ids, references, the slot grid) is in
:mod:`solver.problem_faults`.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from solver.timeline import Timeline, parse_clock

YEARS = range(1970, 2200)
LARGEST = 1_000_000_000.0


def _instant(text: object) -> datetime:
    """ISO 8601 with an offset; anything else is refused, a number too."""
    if isinstance(text, datetime):
        moment = text
    elif isinstance(text, str) and "T" in text:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise PydanticCustomError("not_an_instant", "not an instant") from error
    else:
        raise PydanticCustomError("not_an_instant", "not an instant")
    if moment.utcoffset() is None:
        raise PydanticCustomError("instant_without_offset", "an instant needs a UTC offset")
    if moment.year not in YEARS:
        raise PydanticCustomError("year_out_of_range", "outside the years that can be planned")
    return moment


def _date_of(text: object) -> date:
    if isinstance(text, date) and not isinstance(text, datetime):
        return text
    if isinstance(text, str) and len(text) == len("2020-03-30"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise PydanticCustomError("not_a_date", "not a date")


def _local_date(text: object) -> date:
    day = _date_of(text)
    if day.year not in YEARS:
        raise PydanticCustomError("year_out_of_range", "outside the years that can be planned")
    return day


def _clock(text: object) -> str:
    if isinstance(text, str):
        try:
            parse_clock(text)
        except ValueError:
            pass
        else:
            return text
    raise PydanticCustomError("not_a_clock_time", "not a clock time")


def _zone(text: object) -> str:
    if isinstance(text, str):
        try:
            ZoneInfo(text)
        except (ValueError, OSError, LookupError):
            pass
        else:
            return text
    raise PydanticCustomError("unknown_time_zone", "unknown time zone")


Instant = Annotated[datetime, BeforeValidator(_instant), PlainSerializer(datetime.isoformat, when_used="json")]
LocalDate = Annotated[date, BeforeValidator(_local_date)]
ClockTime = Annotated[str, BeforeValidator(_clock)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=0, le=1_000_000)]
Metres = Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)]
Coordinate = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
FreeDay = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday"]
Place = Literal["site", "home"]
Objective = Literal["shortfall", "changes", "site_presence", "contract_minutes", "wishes"]
OBJECTIVES: tuple[Objective, ...] = ("shortfall", "changes", "site_presence", "contract_minutes", "wishes")


class Strict(BaseModel):
    """Base of every part of the two files: immutable, no unknown fields, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SpanOfTime(Strict):
    """A half-open span between two instants."""

    start: Instant
    end: Instant


class Site(Strict):
    """The site; ``holidays`` are local dates."""

    id: Id
    name: str
    time_zone: Annotated[str, BeforeValidator(_zone)]
    holidays: list[LocalDate] = []


class Horizon(Strict):
    """The days planned and the length of a slot."""

    first_day: LocalDate
    days: Annotated[int, Field(ge=1, le=366)]
    slot_minutes: Literal[5, 10, 15, 30, 60]


class Desk(Strict):
    """A desk; the point is the chair's centre, in metres."""

    id: Id
    x_m: Coordinate
    y_m: Coordinate
    blocked: bool = False
    features: list[Id] = []


class Room(Strict):
    """A room with its desks; ``partitions`` are pairs of desk ids with a screen between them."""

    id: Id
    floor: str
    area_m2: Metres
    max_persons: Annotated[int, Field(ge=0)] | None = None
    partitions: list[Annotated[list[Id], Field(min_length=2, max_length=2)]] = []
    desks: list[Desk]


class Hygiene(Strict):
    """Distance, area, caps, cleaning and cohorts; None means no such limit."""

    min_distance_m: Metres | None = None
    min_area_per_person_m2: Metres | None = None
    max_persons_on_site: Annotated[int, Field(ge=0)] | None = None
    cleaning_gap_minutes: Minutes = 0
    max_arrivals_per_slot: Annotated[int, Field(ge=0)] | None = None
    cohort_rule: Literal["none", "same_room", "same_site", "same_day"] = "none"


class Queue(Strict):
    """A line of calls; ``weight`` is the worth of a covered minute."""

    id: Id
    home_allowed: bool = True
    weight: Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)] = 1.0


class Demand(Strict):
    """Required agents of one queue, one number a slot from ``start`` on."""

    queue: Id
    start: Instant
    required: list[Annotated[int, Field(ge=0, le=1_000_000)]]


class DutyRules(Strict):
    """The shapes a duty may have."""

    earliest_start: ClockTime
    latest_end: ClockTime
    start_step_minutes: Annotated[int, Field(ge=1, le=1440)]
    work_minutes: list[Annotated[int, Field(ge=1, le=1440)]]
    break_edge_minutes: Minutes
    max_break_minutes: Minutes


class BreakRule(Strict):
    """Work of more than ``work_over_minutes`` on a day needs ``break_minutes`` of pauses (§ 4 ArbZG)."""

    work_over_minutes: Minutes
    break_minutes: Minutes


class Labour(Strict):
    """Working-time law and collective agreement."""

    max_work_minutes_per_day: Minutes
    breaks: list[BreakRule]
    min_break_part_minutes: Minutes
    max_run_minutes: Minutes
    min_rest_minutes: Minutes
    max_consecutive_workdays: Annotated[int, Field(ge=0, le=1000)]
    free_days: list[FreeDay]


class WeeklyMinutes(Strict):
    """Contract time in each run of seven days: a wish at the lower end, a hard limit at the upper."""

    min: Minutes
    max: Minutes


class AgentLimits(Strict):
    """Limits of one person, by their effect only; None means no limit."""

    max_work_minutes_per_day: Minutes | None = None
    earliest_start: ClockTime | None = None
    latest_end: ClockTime | None = None
    free_days: list[FreeDay] = []


class Window(SpanOfTime):
    """A window of availability; there is no reason field."""

    kind: Literal["blocked", "undesired", "preferred"]


class NotTogether(Strict):
    """A care partner: presence of the two is never closer than ``handover_minutes``."""

    agent: Id
    handover_minutes: Minutes


class History(Strict):
    """What reaches in from before the horizon."""

    last_end: Instant | None = None
    consecutive_workdays: Annotated[int, Field(ge=0, le=10_000)] = 0


class FixedDuty(SpanOfTime):
    """A confirmed booking or a lock; ``breaks`` None leaves them to the solver, ``[]`` means none."""

    place: Place
    breaks: list[SpanOfTime] | None = None
    desk: Id | None = None


class Serves(SpanOfTime):
    """A span of work for one queue."""

    queue: Id


class Duty(SpanOfTime):
    """One block of presence of one agent, as in a roster."""

    agent: Id
    breaks: list[SpanOfTime] = []
    place: Place
    desk: Id | None = None
    serves: list[Serves] = []


class PreviousDuty(Duty):
    """A duty published before; the agent is known from where it stands, so it may be left empty."""

    agent: Annotated[str, Field(max_length=200)] = ""


class Agent(Strict):
    """One person, with what planning may know: never a reason."""

    id: Id
    cohort: Id | None = None
    queues: list[Id]
    weekly_minutes: WeeklyMinutes
    max_workdays: Annotated[int, Field(ge=0, le=1000)]
    max_blocks_per_day: Annotated[int, Field(ge=0, le=24)] = 1
    home: Literal["none", "allowed", "preferred", "only"] = "none"
    desk_needs: list[Id] = []
    usual_desk: Id | None = None
    limits: AgentLimits = AgentLimits()
    availability: list[Window] = []
    not_together_with: list[NotTogether] = []
    history: History | None = None
    fixed: list[FixedDuty] = []
    previous: list[PreviousDuty] = []


class Problem(Strict):
    """One site and a run of days to plan."""

    format: Literal["roster-problem/1"]
    site: Site
    horizon: Horizon
    rooms: list[Room]
    hygiene: Hygiene
    queues: list[Queue]
    demand: list[Demand]
    duties: DutyRules
    labour: Labour
    agents: list[Agent]
    objectives: list[Objective] = list(OBJECTIVES)

    @cached_property
    def timeline(self) -> Timeline:
        """The days and slots of this problem."""
        return Timeline(
            ZoneInfo(self.site.time_zone), self.horizon.first_day, self.horizon.days, self.horizon.slot_minutes
        )

    def as_json(self) -> dict[str, Any]:
        """The file's content, instants with the site's offset."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude_unset=True)
        return content
