"""The site: its rules, rooms and desks, and the hygiene rules in force."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Table, enum_of, json_of
from solver.problem import DutyRules, Labour


class Site(Table, table=True):
    """A customer-service site.

    ``holidays`` are days off besides those of ``land`` (a German Land such as ``"BY"``, or None: only ``holidays``).
    """

    __tablename__ = "site"
    __table_args__ = (sa.CheckConstraint("slot_minutes IN (5, 10, 15, 30, 60)", name="slot_minutes"),)

    id: int = Field(default=None, primary_key=True)
    key: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=120)
    time_zone: str = Field(max_length=64)
    land: str | None = Field(default=None, max_length=2)
    holidays: list[date] = Field(default_factory=list, sa_type=json_of(list[date]))
    slot_minutes: int = 15
    duty_rules: DutyRules = Field(sa_type=json_of(DutyRules))
    labour: Labour = Field(sa_type=json_of(Labour))
    has_works_council: bool = False
    revision: int = 1


class CohortRule(StrEnum):
    """How far cohorts are kept apart."""

    NONE = "none"
    SAME_ROOM = "same_room"
    SAME_SITE = "same_site"
    SAME_DAY = "same_day"


class HygieneProfile(Table, table=True):
    """Hygiene rules of a site in force from one local date to another, both included; None: no such limit."""

    __tablename__ = "hygiene_profile"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "valid_from_on"),
        sa.CheckConstraint("valid_to_on IS NULL OR valid_to_on >= valid_from_on", name="dates_in_order"),
        sa.CheckConstraint("min_distance_m IS NULL OR min_distance_m >= 0", name="min_distance_m"),
        sa.CheckConstraint("min_area_per_person_m2 IS NULL OR min_area_per_person_m2 >= 0", name="min_area"),
        sa.CheckConstraint("max_persons_on_site IS NULL OR max_persons_on_site >= 0", name="max_persons_on_site"),
        sa.CheckConstraint("cleaning_gap_minutes >= 0", name="cleaning_gap_minutes"),
        sa.CheckConstraint("max_arrivals_per_slot IS NULL OR max_arrivals_per_slot >= 0", name="max_arrivals"),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    name: str = Field(max_length=120)
    source: str = Field(max_length=400)
    valid_from_on: date
    valid_to_on: date | None = None
    min_distance_m: float | None = None
    min_area_per_person_m2: float | None = None
    max_persons_on_site: int | None = None
    cleaning_gap_minutes: int = 0
    max_arrivals_per_slot: int | None = None
    cohort_rule: CohortRule = Field(default=CohortRule.NONE, sa_type=enum_of(CohortRule, "cohort_rule"))


class Room(Table, table=True):
    """A room; ``outline`` is the polygon of its walls in metres, in the coordinates of its desks."""

    __tablename__ = "room"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "key"),
        sa.UniqueConstraint("id", "site_id"),
        sa.CheckConstraint("area_m2 >= 0", name="area_m2"),
        sa.CheckConstraint("max_persons IS NULL OR max_persons >= 0", name="max_persons"),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(foreign_key="site.id", index=True)
    key: str = Field(max_length=40)
    name: str = Field(max_length=120)
    floor: str = Field(max_length=20)
    area_m2: float
    max_persons: int | None = None
    outline: list[tuple[float, float]] = Field(default_factory=list, sa_type=json_of(list[tuple[float, float]]))
    revision: int = 1


class Desk(Table, table=True):
    """A desk; the point is the chair's centre. Its key is unique on the whole site."""

    __tablename__ = "desk"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "key"),
        sa.UniqueConstraint("room_id", "x_m", "y_m"),
        sa.ForeignKeyConstraint(["room_id", "site_id"], ["room.id", "room.site_id"]),
    )

    id: int = Field(default=None, primary_key=True)
    site_id: int = Field(index=True)
    room_id: int = Field(index=True)
    key: str = Field(max_length=40)
    x_m: float
    y_m: float
    blocked: bool = False
    features: list[str] = Field(default_factory=list, sa_type=json_of(list[str]))


class Partition(Table, table=True):
    """A screen between two desks, which may therefore be closer than the distance."""

    __tablename__ = "partition"
    __table_args__ = (sa.CheckConstraint("first_desk_id < second_desk_id", name="desks_in_order"),)

    first_desk_id: int = Field(foreign_key="desk.id", primary_key=True)
    second_desk_id: int = Field(foreign_key="desk.id", primary_key=True)
