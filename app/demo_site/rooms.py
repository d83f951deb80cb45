"""Four rooms on two floors with desks in benches, and the hygiene rules in force there.

Desks of a bench are 1.4 m wide, so neighbours are too close at 1.5 m; people face each other across 2.2 m and sit
back to back 1.4 m apart. Some neighbours have a screen between them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.demo_site.since import SINCE
from app.models import Desk, HygieneProfile, Partition, Room, Site

DESK_WIDTH_M = 1.4
ROWS_Y_M = (1.2, 3.4, 4.8, 7.0)
MARGIN_M = 1.2


@dataclass(frozen=True)
class RoomPlan:
    """A room to make.

    :param key: its desks are called ``2A-01`` …
    :param rows: benches of ``desks_per_row`` desks
    :param screens: pairs of neighbours with a screen between them, by their numbers in the room
    :param quiet: whether its desks are away from the noise
    """

    key: str
    name: str
    floor: str
    width_m: float
    depth_m: float
    rows: int
    desks_per_row: int
    screens: tuple[tuple[int, int], ...] = ()
    quiet: bool = False


PLANS = (
    RoomPlan("2A", "2. OG Ost", "2", 12.2, 11.5, 4, 7),
    RoomPlan("2B", "2. OG West", "2", 10.8, 12.1, 4, 6, screens=((1, 2), (3, 4), (19, 20), (23, 24))),
    RoomPlan("3A", "3. OG Nord", "3", 10.8, 11.2, 4, 6, screens=((5, 6), (19, 20))),
    RoomPlan("3B", "3. OG Süd", "3", 12.2, 7.0, 2, 7, quiet=True),
)


def make_hygiene(session: Session, site: Site) -> None:
    """The strictest of the German rules of early 2021, as the site's own policy."""
    session.add(
        HygieneProfile(
            site_id=site.id,
            name="DE_ARBSCHV_2021_01",
            source="Regel des Standorts nach SARS-CoV-2-Arbeitsschutzverordnung vom 21.01.2021 (BAnz AT 22.01.2021 V1)",
            valid_from_on=SINCE,
            min_distance_m=1.5,
            min_area_per_person_m2=10.0,
            cleaning_gap_minutes=15,
        )
    )


def make_rooms(session: Session, site: Site) -> list[Desk]:
    """All rooms with their desks, which are returned in the order of their keys."""
    return [desk for plan in PLANS for desk in _make_room(session, site, plan)]


def _make_room(session: Session, site: Site, plan: RoomPlan) -> list[Desk]:
    corners = [(0.0, 0.0), (plan.width_m, 0.0), (plan.width_m, plan.depth_m), (0.0, plan.depth_m)]
    area_m2 = round(plan.width_m * plan.depth_m, 1)
    room = Room(site_id=site.id, key=plan.key, name=plan.name, floor=plan.floor, area_m2=area_m2, outline=corners)
    session.add(room)
    session.flush()
    desks = [
        Desk(
            site_id=site.id,
            room_id=room.id,
            key=f"{plan.key}-{row * plan.desks_per_row + place + 1:02d}",
            x_m=round(MARGIN_M + DESK_WIDTH_M * (place + 0.5), 2),
            y_m=ROWS_Y_M[row],
            features=_features(plan, row, place),
        )
        for row in range(plan.rows)
        for place in range(plan.desks_per_row)
    ]
    session.add_all(desks)
    session.flush()
    session.add_all(
        Partition(first_desk_id=desks[left - 1].id, second_desk_id=desks[right - 1].id) for left, right in plan.screens
    )
    return desks


def _features(plan: RoomPlan, row: int, place: int) -> list[str]:
    features = []
    if row % 2 == 0:
        features.append("adjustable")
    if (row + place) % 3 != 0:
        features.append("two_screens")
    if plan.quiet:
        features.append("quiet")
    return features
